"""How every reader stands up to bytes that nobody meant.

    python bench/fuzzing.py [MINUTES] [TARGET …]             try, and print the figures
    python bench/fuzzing.py [MINUTES] [TARGET …] --write     put them into docs/
    python bench/fuzzing.py [MINUTES] [TARGET …] --keep      and add what is new to the corpora

Strategy: `targets.py`, beside the tests, makes a call of any bytes. Each target has a process of
its own, in which atheris (`pip install --group fuzz`) changes the inputs of the corpus and goes on
from those that reach code that none reached before. What is no result and no `BargainingError`, or
takes more time or memory than the limits below, is a fault: the input is kept in the folder that is
printed. These inputs are short; `heaviest.py` tries the longest.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final, TypeAlias

import attrs
import pages

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import targets  # its place is known only now

Trace: TypeAlias = Callable[[FrameType, str, object], "Trace | None"]
PAGE: Final = pages.PAGE.with_name("reliability.md")
LIBRARY: Final = ("bargaining", "targets")
SECONDS: Final = 20  # that one input may take
MEMORY: Final = 1024  # MiB that a process may take
LONGEST: Final = {
    "docx": 6000,
    "journal": 6000,
    "bundle": 6000,
    "docx-zip": 12_000,
    "record": 20_000,
}
MOST: Final = 3000  # bytes of an input, where that is not said
_EVERY: Final = 200  # inputs from one note of the figures to the next


@attrs.define
class Tally:
    """What one target came to."""

    inputs: int = 0
    slowest: float = 0.0  # CPU seconds
    memory: int = 0  # MiB
    faults: int = 0

    def add(self, other: Tally) -> None:
        """Take in what another process came to."""
        self.inputs += other.inputs
        self.faults += other.faults
        self.slowest = max(self.slowest, other.slowest)
        self.memory = max(self.memory, other.memory)


# Inside of the process that tries.


def peak() -> int:
    """Return the most memory that this process held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def child(target: str, note: Path, options: list[str]) -> None:
    """Try until the time is over; never returns."""
    import atheris  # noqa: PLC0415 - only here, in a process of its own

    for name in [name for name in sys.modules if name.partition(".")[0] in LIBRARY]:
        del sys.modules[name]
    with atheris.instrument_imports(include=list(LIBRARY)):
        import targets  # noqa: PLC0415 - instrumented as it is imported again
    tally = Tally()

    def one(data: bytes) -> None:
        start = time.process_time()
        targets.refused(target, data)
        tally.inputs += 1
        tally.slowest = max(tally.slowest, time.process_time() - start)
        if tally.inputs % _EVERY == 1:
            tally.memory = peak()
            note.write_text(json.dumps(attrs.asdict(tally)))

    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


# Outside of it.


def tried(target: str, seconds: float, found: Path) -> Tally:
    """Try a target for some time, again where a fault ended it; what is kept lies in `found`."""
    whole = Tally()
    end = time.monotonic() + seconds
    found.mkdir(parents=True, exist_ok=True)
    while (left := int(end - time.monotonic())) > 0:
        note = found.with_suffix(".json")
        note.unlink(missing_ok=True)
        options = [
            *(f"-max_total_time={left}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY}"),
            *(f"-max_len={LONGEST.get(target, MOST)}", f"-artifact_prefix={found}.fault-"),
            *(str(found), str(targets.CORPORA / target)),
        ]
        done = run(target, note, options)
        if not note.exists():
            raise SystemExit(done.stderr.decode("utf-8", "replace"))  # it did not even begin
        tally = Tally(**json.loads(note.read_text()))
        tally.faults = int(done.returncode != 0)
        if tally.faults:
            print((done.stdout + done.stderr).decode("utf-8", "replace")[-3000:], file=sys.stderr)
        whole.add(tally)
    return whole


def run(target: str, note: Path, options: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, __file__, "--child", target, str(note), *options]
    return subprocess.run(command, capture_output=True, check=False)


def keep(target: str, found: Path) -> None:
    """Add to the corpus of a target what reaches lines that the corpus does not reach."""
    corpus = targets.CORPORA / target
    known: set[tuple[str, int]] = set()
    for path in sorted(corpus.iterdir()):
        known |= reached(target, path.read_bytes())
    for path in sorted(found.iterdir(), key=lambda path: path.stat().st_size):
        new = reached(target, path.read_bytes()) - known
        if new:
            known |= new
            shutil.copy(path, corpus / path.name[:12])


def reached(target: str, data: bytes) -> set[tuple[str, int]]:
    """Return the lines of the library that an input runs through."""
    lines: set[tuple[str, int]] = set()

    def note(frame: FrameType, event: str, held: object) -> Trace | None:
        del event, held
        name = frame.f_code.co_filename
        if "bargaining" not in Path(name).parts:
            return None
        lines.add((name, frame.f_lineno))
        return note

    sys.settrace(note)
    try:
        targets.refused(target, data)
    finally:
        sys.settrace(None)
    return lines


def report(tallies: dict[str, Tally]) -> str:
    head = ["target", "inputs tried", "faults", "slowest, CPU s", "peak memory, MiB"]
    rows = [
        [name, f"{t.inputs:,}", f"{t.faults:,}", f"{t.slowest:.2f}", f"{t.memory:,}"]
        for name, t in tallies.items()
    ]
    return f"{pages.machine()}\n\n{pages.table(head, rows)}"


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    minutes = next((float(word) for word in words if re.fullmatch(r"[\d.]+", word)), 1.0)
    names = [name for name in targets.TARGETS if name in words] or list(targets.TARGETS)
    folder = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    print(f"what is found lies in {folder}", flush=True)
    tallies: dict[str, Tally] = {}
    for name in names:
        tallies[name] = tried(name, 60 * minutes / len(names), folder / name)
        print(name, tallies[name], flush=True)
        if "--keep" in sys.argv:
            keep(name, folder / name)
    text = report(tallies)
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/fuzzing.py", text, PAGE)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        os.environ["BARGAIN_CACHE"] = ""
        child(sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
    main()
