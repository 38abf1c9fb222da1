"""Losses of power, simulated: what a disk could hold after one, and what a record makes of it.

Strategy: a process files papers while `faults.c` writes down every change of its folder in order,
and the process itself each paper that it acknowledges. A `Disk` plays that back. What was synced
(fsync(2), of a file its bytes and length, of a folder its names) is there after a loss of power;
of what was changed since, each sector of each write, each length and each name may be there or not,
whatever came first. POSIX lets a disk do that, and most do less. Each state that comes out is
opened as a record, verified, compared with what was acknowledged, and added to.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import faults
from bargaining.errors import BargainingError
from bargaining.record import Record

PAPERS = (1, 2)
_SECTORS = (512, 4096)  # bytes


class Step(NamedTuple):
    """One change, as `faults.c` writes it down: its kind, file, place or length, and bytes."""

    kind: str
    name: str
    at: int
    data: bytes


class Change(NamedTuple):
    """What can be on the disk by itself: bytes at a place, or (None) that the file ends there."""

    at: int
    data: bytes | None


Pick = Callable[[int, int], bool]  # whether the nth of so many changes is on the disk


def everything(_n: int, _of: int) -> bool:
    """Pick every change."""
    return True


def nothing(_n: int, _of: int) -> bool:
    """Pick no change."""
    return False


def steps(trace: bytes, folder: Path) -> Iterator[Step]:
    """Read a trace; the folder itself has the empty name."""
    at = 0
    while at < len(trace):
        end = trace.index(b"\n", at)
        kind, place, size, path = trace[at:end].decode().split(" ", 3)
        at = end + 1 + int(size)
        name = path.removeprefix(str(folder)).removeprefix("/")
        yield Step(kind, name, int(place), trace[end + 1 : at])


class File:
    """A file as the disk has it for sure, and what was changed since."""

    def __init__(self, sure: bytes = b"") -> None:
        self._sure = sure
        self._since: list[Change] = []

    def sync(self) -> None:
        self._sure, self._since = self.picked(everything, _SECTORS[0]), []

    def end_at(self, length: int) -> None:
        self._since.append(Change(length, None))

    def write(self, at: int, data: bytes) -> None:
        self._since.append(Change(at, data))

    def picked(self, pick: Pick, sector: int) -> bytes:
        """Return what is in it when only these changes reached the disk."""
        found = bytearray(self._sure)
        changes = [piece for change in self._since for piece in _pieces(change, sector)]
        for n, (at, data) in enumerate(changes):
            if pick(n, len(changes)):
                if data is None:
                    del found[at:]
                found.extend(bytes(max(0, at - len(found))))
                found[at : at + len(data or b"")] = data or b""
        return bytes(found)


def _pieces(change: Change, sector: int) -> Iterator[Change]:
    """Yield the sectors of a write, after the length that it may give the file."""
    if change.data is None:
        yield change
        return
    start, end = change.at, change.at + len(change.data)
    yield Change(end, b"")
    while start < end:
        stop = min(end, start - start % sector + sector)
        yield Change(start, change.data[start - change.at : stop - change.at])
        start = stop


class Disk:
    """One folder: its names for sure, what was done to names since, and its files."""

    def __init__(self, start: Mapping[str, bytes]) -> None:
        self._sure = {name: File(data) for name, data in start.items()}
        self._since: list[tuple[str, File | None]] = []  # a name, and the file that it has then

    def take(self, step: Step) -> None:
        """Play back one change."""
        if step.kind == "s" and not step.name:
            self._sure, self._since = self._names(everything), []
        elif step.kind == "c":
            self._since.append((step.name, File()))
        elif step.kind == "u":
            self._since.append((step.name, None))
        elif step.kind == "s":
            self._file(step.name).sync()
        elif step.kind == "t":
            self._file(step.name).end_at(step.at)
        elif step.kind == "w":
            self._file(step.name).write(step.at, step.data)
        else:
            raise ValueError(f"a record is not known to do this: {step}")

    def _file(self, name: str) -> File:
        return self._names(everything)[name]

    def _names(self, pick: Pick) -> dict[str, File]:
        found: dict[str, File | None] = {**self._sure}
        found.update(one for n, one in enumerate(self._since) if pick(n, len(self._since)))
        return {name: file for name, file in found.items() if file is not None}

    def state(self, names: Pick, data: Pick, sector: int) -> dict[str, bytes]:
        """Return the files that are there when only these names and bytes reached the disk."""
        return {name: file.picked(data, sector) for name, file in self._names(names).items()}


def _every_pick(chance: random.Random, drawn: int) -> Iterator[tuple[Pick, Pick]]:
    """Yield what of names and bytes reaches the disk: the extremes, then as chance has it."""
    extremes: tuple[Pick, ...] = (
        nothing,
        everything,
        lambda n, of: n >= of // 2,  # the later half without the earlier
    )
    yield from ((names, data) for names in extremes for data in extremes)
    for _ in range(drawn):
        yield _some(chance), _some(chance)


def _some(chance: random.Random) -> Pick:
    share = chance.choice((0.1, 0.5, 0.9))
    return lambda _n, _of: chance.random() < share


class Lost(NamedTuple):
    """What came of every loss of power that was tried.

    Attributes:
        moments: how often the power went: after every change.
        tried: how many states of the disk were drawn, of all moments together.
        different: how many of them differ.
        journals: how many of those have a journal, so that something is rolled back.
        lost: in how many of those tried a paper is missing that was acknowledged at that moment.
        broken: in how many the record is not whole, or cannot be added to.
        wrong: what was seen of these two, one line each.
    """

    moments: int
    tried: int
    different: int
    journals: int
    lost: int
    broken: int
    wrong: list[str]


def traced(
    library: Path, folder: Path, synchronous: str = "", papers: Sequence[int] = PAPERS
) -> bytes:
    """File papers into the record in a folder, or a new one; return what was written down."""
    numbers = ",".join(str(n) for n in papers)
    return Path(faults.run(library, "trace", folder, synchronous, numbers)).read_bytes()


def tried(
    library: Path, folder: Path, start: str, *, seed: int, drawn: int, synchronous: str = ""
) -> Lost:
    """File papers into a new or an old record, and cut the power after every change.

    Args:
        library: `faults.c`, compiled.
        folder: an empty folder for it.
        start: `new` or `old`.
        seed: of what is left to chance.
        drawn: how many states are drawn by chance at each moment, beside the extremes.
        synchronous: SQLite's setting of that name; empty for what the record sets.
    """
    folder = folder.resolve()
    before = {faults.RECORD: faults.old_record(folder, 0)} if start == "old" else {}
    trace = traced(library, folder, synchronous)
    return _losses([*steps(trace, folder)], folder, before, random.Random(seed), drawn)  # noqa: S311 - the same states are tried each time


def tried_again(library: Path, folder: Path, *, seed: int, drawn: int) -> Lost:
    """Cut the power before a commit, and again while what is left of it is undone.

    The arguments are those of `tried`.
    """
    folder = folder.resolve()
    disk = Disk({faults.RECORD: faults.old_record(folder, 0)})
    for step in steps(traced(library, folder), folder):
        if step.kind == "u":  # the journal, whose end is the commit
            break
        if step.name != faults.SAID:
            disk.take(step)
    files = disk.state(everything, everything, _SECTORS[0])
    _lay(folder, files)
    trace = traced(library, folder, papers=())
    return _losses([*steps(trace, folder)], folder, files, random.Random(seed), drawn)  # noqa: S311 - as above


def _losses(
    changes: Sequence[Step],
    folder: Path,
    start: Mapping[str, bytes],
    chance: random.Random,
    drawn: int,
) -> Lost:
    disk, acknowledged = Disk(start), 0
    before = faults.labels(0) if start else set()
    opened: dict[tuple[tuple[str, bytes], ...], int | str] = {}
    tried: list[tuple[int, int | str]] = []
    moments = 0
    for step in changes:
        if step.name == faults.SAID:
            acknowledged += step.kind == "w"
        else:
            disk.take(step)
        moments += 1
        for names, data in _every_pick(chance, drawn):
            files = disk.state(names, data, chance.choice(_SECTORS))
            key = tuple(sorted(files.items()))
            if key not in opened:
                opened[key] = _opened(folder, files, before)
            tried.append((acknowledged, opened[key]))
    lost = [(n, found) for n, found in tried if isinstance(found, int) and found < n]
    broken = [(n, found) for n, found in tried if isinstance(found, str) or found > n + 1]
    wrong = [f"{found}, {n} acknowledged" for n, found in (*lost, *broken)]
    journals = sum(any(name.endswith("-journal") for name, _ in key) for key in opened)
    return Lost(moments, len(tried), len(opened), journals, len(lost), len(broken), wrong)


def _opened(folder: Path, files: Mapping[str, bytes], before: set[str]) -> int | str:
    """Return how many of the papers are on file, the first of them; or what is wrong.

    Args:
        folder: where to put the files.
        files: what the disk holds.
        before: the labels of what was on file before the first of the papers.
    """
    path = folder / faults.RECORD
    _lay(folder, files)
    try:
        found = faults.filed_in(path)
        new = found - before
        if not before <= found or new != faults.labels(*PAPERS[: len(new)]):
            return f"on file is {found}"
        with Record.open(path, write=True) as record:
            record.file(faults.paper(99))
        faults.filed_in(path)
    except BargainingError as error:
        return str(error)
    return len(new)


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for one in folder.iterdir():
        one.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
