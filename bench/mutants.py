"""Which small faults the tests would miss: mutants of the rooms that answers rest on.

    python bench/mutants.py              60 mutants, in a copy of the repository
    python bench/mutants.py 10           ten
    python bench/mutants.py --write      put the table into docs/benchmarks.md

Strategy: a mutant is the code with one thing turned: a comparison, a sign, a number, an `and`, a
`not`, a `continue`. Which ones is drawn from a seed, the same share of every room. Of each the
tests of its room are run until one fails; a mutant that none fails for survives, and is printed.
Mutants that change nothing that can be told (they exist) count as survivors, too.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import pages

ROOT: Final = Path(__file__).parents[1]
SOURCE: Final = "src/bargaining"
SEED: Final = 101
MANY: Final = 60
SECONDS: Final = 600  # for the tests of one mutant; whatever takes longer hangs, and is caught
ROOMS: Final[dict[str, tuple[str, ...]]] = {  # and the tests that are to tell
    "weave/weaver.py": ("test_weave", "test_chain", "test_tricky", "test_cache"),
    "weave/recall.py": ("test_weave", "test_chain", "test_tricky", "test_cache"),
    "views/blame.py": ("test_chain", "test_tricky", "test_explain"),
    "views/search.py": ("test_chain", "test_archive", "test_cli", "test_tricky"),
    "views/redline.py": ("test_redline", "test_redline_text", "test_redline_html"),
    "record/journal.py": ("test_record", "test_false_entries", "test_bundle"),
    "record/verification.py": ("test_record", "test_false_entries", "test_heads", "test_archive"),
    "word/writer/gate.py": ("test_word",),
}
_OTHER: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@attrs.frozen
class Mutant:
    """One thing turned: in which room, on which line, and what the code is then."""

    room: str
    line: int
    what: str
    code: str


def mutants(room: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a room."""
    places = sum(1 for _ in _turns(ast.parse(source)))
    for n in range(places):
        tree = ast.parse(source)
        line, what, turn = next(one for k, one in enumerate(_turns(tree)) if k == n)
        turn()
        yield Mutant(room, line, what, ast.unparse(ast.fix_missing_locations(tree)))


def _turns(tree: ast.AST) -> Iterator[tuple[int, str, Turn]]:
    """Yield the places at which something can be turned, and what turns it."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
            yield line, ast.unparse(node), Turn(node.ops, 0, _OTHER[type(node.ops[0])]())
        elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _OTHER:
            yield line, ast.unparse(node), Turn(node, "op", _OTHER[type(node.op)]())
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield line, ast.unparse(node), Turn(node, "op", ast.UAdd())
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield line, ast.unparse(node), Turn(node, "value", node.value + 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield line, ast.unparse(node), Turn(node, "value", not node.value)


@attrs.frozen
class Turn:
    """One change of a tree, made when it is called."""

    of: object
    at: int | str
    to: object

    def __call__(self) -> None:
        """Make it."""
        if isinstance(self.of, list):
            self.of[int(self.at)] = self.to
        else:
            setattr(self.of, str(self.at), self.to)


def chosen(many: int) -> list[Mutant]:
    """Return so many mutants, the same share of every room, the same ones each time."""
    draw = random.Random(SEED)  # noqa: S311 - not for secrets
    found: list[Mutant] = []
    for n, room in enumerate(ROOMS):
        every = list(mutants(room, (ROOT / SOURCE / room).read_text(encoding="utf-8")))
        share = many // len(ROOMS) + (n < many % len(ROOMS))
        found += sorted(draw.sample(every, min(share, len(every))), key=lambda one: one.line)
    return found


def survives(mutant: Mutant, copy: Path) -> bool:
    """True when all tests of its room pass with it."""
    path = copy / SOURCE / mutant.room
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.code, encoding="utf-8")
    try:
        return passes(mutant.room, copy)
    finally:
        path.write_text(before, encoding="utf-8")


def passes(room: str, copy: Path) -> bool:
    """True when the tests of a room pass in a copy of the repository."""
    tests = [f"tests/{name}.py" for name in ROOMS[room]]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "-p", "no:cacheprovider"]
    skipped = [
        "--deselect",
        "tests/test_cache.py::test_the_edition_is_raised_when_answers_may_change",
    ]
    try:
        done = subprocess.run(
            [*command, *skipped, *tests], cwd=copy, capture_output=True, timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": str(copy / "src")}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def report(many: int) -> str:
    """Try so many mutants, and return the table."""
    rows: Counter[tuple[str, bool]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", "__pycache__"))
        broken = [room for room in ROOMS if not passes(room, copy)]
        if broken:
            raise SystemExit(f"Without any mutant the tests of {', '.join(broken)} fail already.")
        for mutant in chosen(many):
            lives = survives(mutant, copy)
            rows.update([(mutant.room, lives)])
            print(
                f"{'SURVIVES' if lives else 'caught'} {mutant.room}:{mutant.line}: {mutant.what}",
                flush=True,
            )
    lines = ["| room | mutants | survivors |", "|---|---:|---:|"]
    for room in ROOMS:
        survivors = rows[room, True]
        lines.append(f"| `{room}` | {survivors + rows[room, False]} | {survivors} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table; with `--write`, keep it."""
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    text = report(numbers[0] if numbers else MANY)
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/mutants.py", text)


if __name__ == "__main__":
    main()
