"""What crafted records come to: whether each is refused, and what that takes.

    python bench/hostile.py             print the figures, and what was said of each file
    python bench/hostile.py --write     put the figures into docs/reliability.md

Strategy: `crafted.py`, beside the tests, makes the files and asks each in a process of its own that
is stopped where it wants more than a second of processor time or 256 megabytes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pages

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import crafted  # its place is known only now

PAGE = pages.PAGE.with_name("reliability.md")
HEAD = ["what is done to it", "files", "refused", "answered", "stopped", "most seconds", "most MB"]


def outcomes(group: dict[str, crafted.Craft]) -> list[crafted.Outcome]:
    found = []
    for name, craft in group.items():
        with tempfile.TemporaryDirectory() as folder:
            (one,) = crafted.ask_all([crafted.make(craft, Path(folder) / "made")])
        print(f"{one.seconds:4.2f} s {one.megabytes:3.0f} MB {one.stage:8} {name}: {one.said}")
        found.append(one)
    return found


def row(name: str, found: list[crafted.Outcome]) -> list[str]:
    stages = [one.stage for one in found]
    refused = sum(stages.count(stage) for stage in ("open", "ask", "verify"))
    answered = stages.count("answered")
    return [
        name,
        *(f"{n:,}" for n in (len(found), refused, answered, len(found) - refused - answered)),
        f"{max(one.seconds for one in found):.2f}",
        f"{max(one.megabytes for one in found):.0f}",
    ]


def report() -> str:
    groups = {**crafted.GROUPS, "nothing, or what may be done": crafted.HONEST}
    groups["nothing, and it is hard to answer"] = crafted.HARD
    lines = [row(name, outcomes(group)) for name, group in groups.items()]
    return f"{pages.machine()}\n\n{pages.table(HEAD, lines)}"


def main() -> None:
    text = report()
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/hostile.py", text, PAGE)


if __name__ == "__main__":
    main()
