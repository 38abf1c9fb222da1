"""How a record stands up to kills, to disks that fail, to losses of power and to changed bytes.

    python bench/reliability.py [KILLS]            print the figures
    python bench/reliability.py [KILLS] --write    put them into docs/reliability.md

Strategy: `crashes.py`, `faults.py`, `power.py` and `flips.py`, beside the tests, stop processes
that file papers, let their disks fail and change what they left; here they do so many times. Needs
Linux and a C compiler.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pages

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import crashes  # their place is known only now
import faults
import flips
import power

PAGE = pages.PAGE.with_name("reliability.md")
KILLS = 5000
STEP = 500  # bytes from one limit of a file's size to the next
MOST = 250_000
DRAWN = 40  # states of a disk, at each moment, beside the extremes
SETTINGS = {"": "as the record sets it (EXTRA)", "FULL": "FULL", "OFF": "OFF"}


def kills(folder: Path, times: int) -> Counter[str]:
    chance = random.Random(7)  # noqa: S311 - the same moments are sought each time
    found: Counter[str] = Counter()
    for _ in range(times):
        path = folder / "killed.db"
        crash = crashes.killed(path, chance)
        found["times"] += crash.killed
        found["amid"] += 0 < crash.acknowledged < crashes.PAPERS
        found["acknowledged"] += crash.acknowledged
        found.update(_left(path, crash))
        path.unlink()
    return found


def starved(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for most in range(0, MOST, STEP):
        path = folder / "starved.db"
        crash = crashes.starved(path, most)
        found["times"] += 1
        found["amid"] += crash.told
        found["acknowledged"] += crash.acknowledged
        found.update(_left(path, crash))
        path.unlink(missing_ok=True)
    return found


def _left(path: Path, crash: crashes.Crash) -> list[str]:
    """Name what is wrong with what a crash left behind."""
    said = crashes.left_behind(path, crash)
    if said:
        print(said, file=sys.stderr)
    found = ["half" if "half" in said else "lost"] if said else []
    return found if crashes.goes_on(path) else [*found, "lost"]


def failing(library: Path, folder: Path, name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for start in ("new", "old"):
        watched = _made(folder / name / start)
        for one in faults.run(library, "sweep", watched, name, start):
            seen = faults.Seen(*one)
            found["times"] += seen.reached
            found["amid"] += bool(seen.said)
            found["acknowledged"] += len(seen.acknowledged)
            found.update("half" if "half" in wrong else "lost" for wrong in seen.wrong)
            _complain(seen.wrong)
    return found


def crashed(library: Path, folder: Path, times: int) -> str:
    rows = [("kill -9 at a random moment", kills(folder, times))]
    rows.append((f"writes fail beyond 0, {STEP}, … {MOST:,} bytes", starved(folder)))
    rows.extend((f"each call to the disk: {n}", failing(library, folder, n)) for n in faults.FAULTS)
    head = ["what", "times", "amid filing", "papers acknowledged", "lost", "half filed seen"]
    keys = ("times", "amid", "acknowledged", "lost", "half")
    return pages.table(head, [[name, *(f"{found[key]:,}" for key in keys)] for name, found in rows])


def commanded(library: Path, folder: Path) -> str:
    """Let every call of some commands fail in turn, and count how they end."""
    lines = []
    for which in faults.COMMANDS:
        ended: Counter[int] = Counter()
        times = 0
        for n, name in enumerate(faults.FAULTS):
            watched = _made(folder / f"{which} {n}" / "watched")
            for one in faults.run(library, "commands", watched, name, which):
                said = faults.Said(*one)
                times += said.reached
                ended[said.code if said.said.count("\n") <= 1 else -1] += said.reached
        other = times - ended[0] - ended[6] - ended[7]
        figures = times, ended[0], ended[7], ended[6], other
        lines.append([f"`{which}`", *(f"{figure:,}" for figure in figures)])
    head = ["command", "calls that failed", "done all the same", "code 7", "code 6", "other"]
    return pages.table(head, lines)


def unpowered(library: Path, folder: Path) -> str:
    lines = []
    for synchronous, shown in SETTINGS.items():
        for start in ("new", "old"):
            watched = _made(folder / f"{synchronous} {start}")
            lost = power.tried(
                library, watched, start, seed=7, drawn=DRAWN, synchronous=synchronous
            )
            lines.append([f"{shown}, {start} record", *(f"{figure:,}" for figure in lost[:-1])])
    lost = power.tried_again(library, _made(folder / "again"), seed=7, drawn=DRAWN)
    lines.append(["again, amid rolling back", *(f"{figure:,}" for figure in lost[:-1])])
    head = ["synchronous", "moments", "losses of power", "different disks", "with a journal"]
    return pages.table([*head, "a paper lost", "not whole"], lines)


def changed(folder: Path) -> str:
    path, other = folder / "record.db", folder / "other.db"
    data = flips.small(path)
    rows = {
        "each bit of each byte flipped": flips.held_against(
            other, data, flips.with_bits_flipped(data, 8)
        ),
        "cut or longer, every 512 bytes": flips.held_against(
            other, data, flips.of_other_length(data)
        ),
        "each byte of each value, through SQL": flips.by_value(other, data),
    }
    head = ["what", "tried", "refused", "all is as before", "another, unnoticed"]
    return pages.table(head, list(_figures(rows.items())))


def _figures(rows: Iterable[tuple[str, flips.Found]]) -> Iterator[list[str]]:
    for name, found in rows:
        _complain(found.wrong)
        figures = found.tried, found.refused, found.same, len(found.wrong)
        yield [name, *(f"{figure:,}" for figure in figures)]


def _complain(wrong: Iterable[str]) -> None:
    for line in wrong:
        print(line, file=sys.stderr)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def report(times: int) -> dict[str, str]:
    """Return what was found, by the name of the place where it is written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = faults.compiled(folder)
        return {
            "changes": changed(folder),
            "power": unpowered(library, folder),
            "commands": commanded(library, folder),
            "crashes": f"{pages.machine()}\n\n{crashed(library, folder, times)}",
        }


def main() -> None:
    stated = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    for name, text in report(stated[0] if stated else KILLS).items():
        print(f"{name}\n\n{text}\n")
        if "--write" in sys.argv:
            pages.write(f"bench/reliability.py {name}", text, PAGE)


if __name__ == "__main__":
    main()
