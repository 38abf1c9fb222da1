"""How a record stands up to kills and to writes that fail, by the thousand.

    python bench/reliability.py [KILLS]            print the figures
    python bench/reliability.py [KILLS] --write    put them into docs/reliability.md

Strategy: `crashes.py`, beside the tests, stops processes that file papers; here it does so many
times, and what is left behind is opened, verified and added to.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pages

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import crashes  # its place is known only now

PAGE = pages.PAGE.with_name("reliability.md")
KILLS = 5000
STEP = 500  # bytes from one limit of a file's size to the next
MOST = 250_000


def kills(folder: Path, times: int) -> Counter[str]:
    chance = random.Random(7)  # noqa: S311 - the same moments are sought each time
    found: Counter[str] = Counter(
        dict.fromkeys(("killed", "in the middle", "acknowledged", "lost", "half"), 0)
    )
    for _ in range(times):
        path = folder / "killed.db"
        crash = crashes.killed(path, chance)
        found["killed"] += crash.killed
        found["in the middle"] += 0 < crash.acknowledged < crashes.PAPERS
        found["acknowledged"] += crash.acknowledged
        found.update(_left(path, crash))
        path.unlink()
    return found


def starved(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter(
        dict.fromkeys(("tried", "told", "acknowledged", "lost", "half"), 0)
    )
    for most in range(0, MOST, STEP):
        path = folder / "starved.db"
        crash = crashes.starved(path, most)
        found["tried"] += 1
        found["told"] += crash.told
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


def report(times: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        rows = [("kill -9 at a random moment", kills(Path(folder), times))]
        rows.append((f"writes fail beyond 0, {STEP}, … {MOST:,} bytes", starved(Path(folder))))
    head = ["what", "times", "amid filing", "papers acknowledged", "lost", "half filed seen"]
    lines = [
        [
            name,
            f"{found['killed'] or found['tried']:,}",
            f"{found['in the middle'] or found['told']:,}",
            *(f"{found[key]:,}" for key in ("acknowledged", "lost", "half")),
        ]
        for name, found in rows
    ]
    return f"{pages.machine()}\n\n{pages.table(head, lines)}"


def main() -> None:
    stated = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    text = report(stated[0] if stated else KILLS)
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/reliability.py", text, PAGE)


if __name__ == "__main__":
    main()
