"""How long filing and asking take, how large a record is, and how both grow.

    python bench/speed.py            print the tables
    python bench/speed.py --write    put them, and the plot, into docs/

Whole processes are timed from outside, each in turn with its peer (`git blame`, one word a line) so
that drift of the machine falls on both alike; the least and the median are quoted.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pages
from methods import git_repository
from negotiations import Negotiation, Shape

from bargaining import patch
from bargaining.chain import Chain
from bargaining.record import FolderCache, Record, Submission, prepare
from bargaining.text.words import Row, cut
from bargaining.weave.weaver import Weaver

SEED: Final = 101
RUNS: Final = 11
SHAPES: Final = {
    "10,000 × 50": Shape(),
    "50,000 × 200": Shape(words=50_000, revisions=200, edits=40),
}
AGREEMENT: Final = Shape(words=150_000, revisions=40, edits=40)  # 300 pages
PLOT: Final = pages.PAGE.with_name("growth.svg")


def texts_of(shape: Shape) -> list[str]:
    return [text.text for text in Negotiation(shape, SEED).texts()]


def row_of(text: str) -> Row:
    return cut(text).row


def label(number: int) -> str:
    day = dt.date(2020, 1, 1) + dt.timedelta(days=7 * number)
    return f"{'Union' if number % 2 else 'District'} Counter {day.month}-{day.day}-{day.year}"


def submission(number: int, text: str) -> Submission:
    return Submission(
        data=text.encode(),
        name=f"{number}.txt",
        label=None if number == 0 else label(number),
        chain="Agreement",
        base=number == 0,
    )


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f}" if seconds < 0.1 else f"{1000 * seconds:,.0f}"  # noqa: PLR2004


def timed(action: Callable[..., object], *given: object) -> float:
    start = time.perf_counter()
    action(*given)
    return time.perf_counter() - start


# Within one process.


def inside(name: str, texts: Sequence[str]) -> Iterator[list[str]]:
    """Filing one more revision, part by part, and asking a chain that is open."""
    parts: dict[str, list[float]] = {}
    weaver, old = Weaver(), Row((), ())
    for number, text in enumerate(texts):
        cutting = timed(row_of, text)
        new = cut(text).row
        weaving = timed(weaver.add, old, new)
        if number > len(texts) // 2:
            parts.setdefault("cutting it into words", []).append(cutting)
            parts.setdefault("aligning and weaving it", []).append(weaving)
            last = texts[number - 1]
            made = timed(patch.make, last, text)
            parts.setdefault("making its patch", []).append(made)
        old = new
    for part, times in parts.items():
        yield [name, f"one more revision: {part}", ms(statistics.median(times))]
    chain = Chain.from_texts([(label(n), t) for n, t in enumerate(texts) if n], base=texts[0])
    yield [name, "weaving all of it, nothing on the shelf", ms(timed(chain.prepare))]
    asked = [timed(chain.blame, n) for n in range(len(texts) - 1, 0, -1)]
    yield [name, "blame of the first revision asked for", ms(asked[0])]
    yield [name, "blame of each other revision", ms(statistics.median(asked[1:]))]


# Whole processes, with a record.


def filed(texts: Sequence[str], folder: Path) -> tuple[Path, dict[str, float]]:
    """File all texts, the last one by itself, and time that."""
    path = folder / "agreement.db"
    cache = FolderCache(folder / "shelf")
    with Record.open(path, write=True, cache=cache) as record:
        every = [prepare(submission(n, text)) for n, text in enumerate(texts)]
        record.file_readings(every[:-2])
        record.file_readings([every[-2]])
        took = timed(record.file_readings, [every[-1]])
    reading = timed(prepare, submission(len(texts), texts[-1]))
    return path, {"filing one more (record open)": took, "reading its file": reading}


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "BARGAIN_CACHE": str(folder / "shelf"), "NO_COLOR": "1"}


def run(command: Sequence[str], env: dict[str, str]) -> None:
    quiet = subprocess.DEVNULL
    done = subprocess.run(command, check=False, stdout=quiet, stderr=quiet, env=env)
    if done.returncode > 1:  # 1 is an answer: nothing was found
        raise SystemExit(f"failed: {' '.join(command)}")


def in_turn(commands: dict[str, list[str]], env: dict[str, str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS + 1):
        for name, command in commands.items():
            times[name].append(timed(run, command, env))
    return {name: taken[1:] for name, taken in times.items()}  # the first is a warm-up


def bargain(*words: str) -> list[str]:
    return [sys.executable, "-m", "bargaining", *words]


def processes(name: str, texts: Sequence[str], folder: Path) -> Iterator[list[str]]:
    path, took = filed(texts, folder)
    repository = folder / "words"
    git_repository(texts, str(repository))
    blame = {
        "bargain blame": bargain("blame", "--record", str(path)),
        "git blame, one word a line": ["git", "-C", str(repository), "blame", "main", "--", "text"],
        "python -c 'import click, attrs' (the floor)": [
            sys.executable,
            "-c",
            "import click, attrs",
        ],
    }
    for what, times in in_turn(blame, environment(folder)).items():
        yield [name, what, ms(min(times)), ms(statistics.median(times))]
    for what, seconds in took.items():
        yield [name, what, "", ms(seconds)]


def agreement(folder: Path) -> Iterator[list[str]]:
    texts = texts_of(AGREEMENT)
    path, took = filed(texts, folder)
    record = ["--record", str(path)]
    wording = " ".join(texts[-1][len(texts[-1]) // 2 :].split()[3:12])
    more = folder / "more.txt"
    more.write_text(texts[-1].replace("shall", "may", 40), encoding="utf-8")
    add = ["add", str(more), "--chain", "Agreement", "--label", "Union Counter 1-5-2099"]
    found = {
        "bargain log": bargain("log", *record),
        "bargain show": bargain("show", *record),
        "bargain diff": bargain("diff", *record),
        "bargain blame": bargain("blame", *record),
        "bargain who, found": bargain("who", wording, *record),
        "bargain who, not found": bargain("who", "no such wording at all", *record),
        "bargain verify": bargain("verify", *record),
    }
    for what, times in in_turn(found, environment(folder)).items():
        yield [what, ms(min(times)), ms(statistics.median(times))]
    took["bargain add, one more paper"] = timed(run, bargain(*add, *record), environment(folder))
    for what, seconds in took.items():
        yield [what, "", ms(seconds)]


# Size.


def sizes(name: str, texts: Sequence[str], folder: Path) -> Iterator[list[str]]:
    """The patches in a record, and git's pack of the same texts as they are."""
    path, _ = filed(texts, folder)
    with closing(sqlite3.connect(path)) as connection:
        patches = connection.execute("SELECT sum(length(delta)) FROM patch").fetchone()[0]
    repository = folder / "whole"
    git_repository(texts, str(repository), words=False)
    subprocess.run(["git", "-C", str(repository), "gc", "-q", "--aggressive"], check=True)
    pack = sum(p.stat().st_size for p in (repository / ".git/objects/pack").glob("*.pack"))
    every = sum(len(text.encode()) for text in texts)
    yield [name, *(f"{size / 1000:,.0f}" for size in (every, patches, pack))]


def chain_text(path: Path, rung: int) -> str:
    with Record.open(path) as record:
        return record.chain().text(rung)


def access(name: str, texts: Sequence[str], folder: Path) -> Iterator[list[str]]:
    """Rebuild one text from the file, from nothing."""
    path, _ = filed(texts, folder)
    for what, rung in (("first", 1), ("middle", len(texts) // 2), ("last", len(texts) - 1)):
        times = [timed(chain_text, path, rung) for _ in range(RUNS)]
        yield [name, what, ms(statistics.median(times))]


# Growth.


def growth() -> dict[str, list[tuple[float, float]]]:
    """Milliseconds to weave one more revision: by length, by revisions, and by what changed."""
    lines: dict[str, list[tuple[float, float]]] = {}
    grid = {
        "length (10,000 to 80,000 words, 20 edits)": [
            (words / 10_000, Shape(words=words, revisions=12))
            for words in (10_000, 20_000, 40_000, 80_000)
        ],
        "revisions (25 to 200, 10,000 words, 20 edits)": [
            (revisions / 25, Shape(revisions=revisions)) for revisions in (25, 50, 100, 200)
        ],
        "edits (20 to 160, 10,000 words)": [
            (edits / 20, Shape(revisions=12, edits=edits)) for edits in (20, 40, 80, 160)
        ],
    }
    for name, shapes in grid.items():
        lines[name] = [(factor, last_step(shape)) for factor, shape in shapes]
    return lines


def last_step(shape: Shape) -> float:
    rows = [cut(text).row for text in texts_of(shape)]
    weaver, old, took = Weaver(), Row((), ()), []
    for new in rows:
        took.append(timed(lambda old=old, new=new: weaver.add(old, new)))
        old = new
    return 1000 * statistics.median(took[-6:])


def plot(lines: dict[str, list[tuple[float, float]]]) -> str:
    """Draw lines as an SVG picture, both axes by factors from the first point."""
    width, height, left, low = 640, 360, 60, 300
    most = max(y for points in lines.values() for _, y in points)
    strokes = ("", "6 3", "2 3")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
    parts = [
        f'{head} font-family="sans-serif" font-size="12">',
        "<title>Milliseconds to weave one more revision</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<path d="M{left} 20V{low}H{width - 20}" fill="none" stroke="black"/>',
        f'<text x="{left}" y="14">ms to weave one more revision</text>',
    ]
    for factor in (1, 2, 4, 8):
        x = left + 70 * factor
        parts.append(f'<text x="{x}" y="{low + 16}" text-anchor="middle">× {factor}</text>')
    for tick in range(5):
        y = low - 270 * tick / 4 + 4
        text = f"{most * tick / 4:.0f}"
        parts.append(f'<text x="{left - 8}" y="{y:.0f}" text-anchor="end">{text}</text>')
    for n, (name, points) in enumerate(lines.items()):
        path = " ".join(f"{left + 70 * x:.0f},{low - 270 * y / most:.1f}" for x, y in points)
        style = f'fill="none" stroke="black" stroke-width="2" stroke-dasharray="{strokes[n]}"'
        parts.append(f'<polyline points="{path}" {style}/>')
        parts.append(f'<path d="M{left + 20} {34 + 18 * n}h40" {style}/>')
        parts.append(f'<text x="{left + 68}" y="{38 + 18 * n}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


# The report.


def in_folder(measure: Callable[..., Iterator[list[str]]], *given: object) -> list[list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        return list(measure(*given, Path(folder)))


def report(lines: dict[str, list[tuple[float, float]]]) -> str:
    texts = {name: texts_of(shape) for name, shape in SHAPES.items()}
    each = list(texts.items())
    parts = [
        f"{pages.machine()} Seed {SEED}; {RUNS} runs of whole processes.",
        "### In one process",
        pages.table(["negotiation", "what", "median ms"], [r for t in each for r in inside(*t)]),
        "### Whole processes, side by side",
        pages.table(
            ["negotiation", "what", "least ms", "median ms"],
            [row for pair in each for row in in_folder(processes, *pair)],
        ),
        "### An agreement of 300 pages, 40 revisions",
        pages.table(["command", "least ms", "median ms"], in_folder(agreement)),
        "### Size, in kB",
        pages.table(
            ["negotiation", "all texts", "patches in the record", "git's pack"],
            [row for pair in each for row in in_folder(sizes, *pair)],
        ),
        "### One text out of the file, from nothing",
        pages.table(
            ["negotiation", "revision", "median ms"],
            [row for pair in each for row in in_folder(access, *pair)],
        ),
        "### Growth",
        pages.table(
            ["one more revision, in ms, by", "× 1", "× 2", "× 4", "× 8"],
            [[name, *(f"{y:.1f}" for _, y in points)] for name, points in lines.items()],
        ),
    ]
    return "\n\n".join(parts)


def main() -> None:
    lines = growth()
    text = report(lines)
    print(text)
    if "--write" in sys.argv:
        PLOT.write_text(plot(lines), encoding="utf-8")
        pages.write("bench/speed.py", text)


if __name__ == "__main__":
    main()
