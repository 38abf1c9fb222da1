"""The layers look one way: a room may use only the rooms before it."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import bargaining

# Ground floor first. A room is a module or a package of `bargaining`.
ROOMS = (
    "errors",
    "display",
    "model",
    "labels",
    "text",
    "patch",
    "word.file",
    "readers",
    "word.reader",
    "weave",
    "views",
    "chain",
    "writers",
    "word.writer",
    "record",
    "cli",
)
SOURCE = Path(bargaining.__file__).parent
# Whoever stands before the record must not read the clock, the environment or the terminal.
OUTER = {"datetime", "getpass", "locale", "os", "shutil", "sys", "time"}
ALLOWED = {("labels", "datetime"), ("writers", "datetime")}  # calendar arithmetic, no clock


# A table of formats names what each is read, or written, by; it is imported when it is asked for.
TABLES = {("readers/__init__.py", "word.reader"), ("writers/formats.py", "word.writer")}


def room_of(path: Path) -> str:
    """The folder or file of the first floor; of Word, what reads and what writes are apart."""
    first, *rest = path.relative_to(SOURCE).with_suffix("").parts
    return f"{first}.{rest[0]}" if first == "word" else first


def room_named(name: str) -> str:
    """The room of a module, by its dotted name; empty for what is none of ours."""
    first, *rest = name.split(".")[1:] if name.startswith("bargaining.") else [""]
    return f"{first}.{rest[0]}" if first == "word" and rest else first


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "bargaining":
                yield from (f"bargaining.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def modules() -> list[Path]:
    doors = {SOURCE / "__init__.py", SOURCE / "__main__.py", SOURCE / "word" / "__init__.py"}
    return [path for path in sorted(SOURCE.rglob("*.py")) if path not in doors]


def test_every_room_is_in_the_plan() -> None:
    assert {room_of(path) for path in modules()} == set(ROOMS)


def test_rooms_use_only_rooms_before_them() -> None:
    wrong = []
    for path in modules():
        own = ROOMS.index(room_of(path))
        where = path.relative_to(SOURCE).as_posix()
        for name in imported(path):
            room = room_named(name)
            if room in ROOMS[own + 1 :] and (where, room) not in TABLES:
                wrong.append(f"{where} uses {name}")
    assert wrong == []


def test_the_core_knows_no_clock_environment_or_terminal() -> None:
    outer = {"record", "cli"}
    wrong = [
        f"{path.relative_to(SOURCE)} uses {name}"
        for path in modules()
        if room_of(path) not in outer
        for name in imported(path)
        if name.split(".")[0] in OUTER and (room_of(path), name) not in ALLOWED
    ]
    assert wrong == []


def test_only_the_record_knows_sqlite() -> None:
    users = {room_of(path) for path in modules() if "sqlite3" in set(imported(path))}
    assert users == {"record"}


def test_asking_for_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom bargaining.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('sqlite3', 'diff_match_patch', 'lxml', 'docx') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
