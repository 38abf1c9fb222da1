"""How often an origin is right, beside `git blame` and WikiWho, on negotiations of known truth.

    pip install --group bench
    python bench/attribution.py            print the tables
    python bench/attribution.py --write    put them into docs/benchmarks.md
    python bench/attribution.py --quick    the small ones only

Every figure is over words with a letter or digit, on seeds that nothing was tuned on. A word is
right when the one revision named is the one that proposed it; *certain and wrong* when one is
named and it is another; *in doubt* when several are named. Each method runs in a process of its
own, in turn with the others.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pages
from methods import METHODS, Found
from negotiations import Negotiation, Shape, Text

SEEDS: Final = (101, 102, 103)  # 1 to 3 are for tuning
SHAPES: Final = {
    "1,000 × 10": Shape(words=1_000, revisions=10, edits=8),
    "10,000 × 50": Shape(),
    "10,000 × 50, varied": Shape(boilerplate=0.0),
    "10,000 × 50, re-wrapped": Shape(rewrap=True),
    "10,000 × 50, renumbered": Shape(renumber=True),
    "50,000 × 200": Shape(words=50_000, revisions=200, edits=40),
}
GAPS: Final = {
    "every 3rd rung": 3,
    "every 2nd rung": 2,
}
KINDS: Final = ("first", "new", "moved", "restored", "swapped")
_SHORT: Final = 3  # letters: "the", "of", "and"
_LARGE: Final = 20_000  # words: one seed is enough, and the slowest peer is patient


def scored(found: Found, truth: Sequence[tuple[int, int, int, str]]) -> Counter[str]:
    """Count words by kind and by what became of them."""
    counts: Counter[str] = Counter()
    spans = iter(found)
    start, end, candidates = next(spans)
    for at, end_of, born, kind in truth:
        while end <= at:
            start, end, candidates = next(spans)
        assert start <= at, "a word that no span holds"  # noqa: S101 - a fault of the benchmark
        counts[f"{kind} all"] += 1
        counts[f"{kind} right"] += candidates == (born,)
        counts[f"{kind} held"] += born in candidates
        counts[f"{kind} open"] += len(candidates) > 1
        is_wrong = len(candidates) == 1 and candidates != (born,)
        counts[f"{kind} wrong"] += is_wrong
        counts["wrong and short"] += is_wrong and end_of - at <= _SHORT
        counts["candidates"] += len(candidates)
    return counts


def peak() -> int:
    """Return the most memory that this process, or one that it started, ever had, in MB."""
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(ours, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024


def one(method: str, path: str) -> dict[str, Any]:
    """Run one method on the texts in a file, in this process."""
    texts: list[str | None] = json.loads(Path(path).read_text(encoding="utf-8"))
    found, took = METHODS[method](texts)
    return {"seconds": took, "memory": peak(), "found": found}


def make(shape: str, seed: int, gap: int, path: str) -> Text:
    """Write the texts of a negotiation, some withheld, and return the last with its truth."""
    texts = list(Negotiation(SHAPES[shape], seed).texts())
    shown: list[str | None] = [text.text for text in texts]
    for n in range(gap - 1, len(texts) - 1, gap) if gap else ():
        shown[n] = None
    Path(path).write_text(json.dumps(shown), encoding="utf-8")
    return texts[-1]


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a part of this script in a process of its own.

    What starts it must be small: Linux counts the memory of whoever starts a process as its own.
    """
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def apart(method: str, shape: str, seed: int, gap: int = 0) -> Counter[str] | None:
    """Measure in a process of its own, which only sees texts; None when it is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "texts.json")
        truth = json.loads(started("--make", shape, str(seed), str(gap), path).stdout)
        done = started("--one", method, path)
    if done.returncode:
        if "ModuleNotFoundError" in done.stderr:
            return None
        raise SystemExit(done.stderr)
    answer = json.loads(done.stdout)
    found = [(start, end, tuple(candidates)) for start, end, candidates in answer["found"]]
    measured = {"seconds": answer["seconds"], "memory": answer["memory"]}
    return scored(found, truth) + Counter(measured)


def share(counts: Counter[str], what: str, kinds: Sequence[str] = KINDS) -> str:
    words = sum(counts[f"{kind} all"] for kind in kinds)
    hits = sum(counts[f"{kind} {what}"] for kind in kinds)
    return f"{100 * hits / words:.2f}" if words else "–"


def total(method: str, shape: str, gap: int = 0) -> tuple[Counter[str], int] | None:
    """Add up the seeds."""
    seeds = SEEDS[:1] if SHAPES[shape].words > _LARGE else SEEDS
    every: Counter[str] = Counter()
    for seed in seeds:
        counts = apart(method, shape, seed, gap)
        if counts is None:
            return None
        every["most memory"] = max(every["most memory"], counts["memory"])
        every.update(counts)
    return every, len(seeds)


def short_share(shape: str) -> str:
    """Say how many of our wrong words are short ones."""
    measured = total("bargaining", shape)
    if measured is None:
        return ""
    counts, _ = measured
    wrong = sum(counts[f"{kind} wrong"] for kind in KINDS)
    return f"{counts['wrong and short']} of {wrong} wrong words have at most {_SHORT} letters."


def rows(shape: str) -> Iterator[list[str]]:
    for method in METHODS:
        measured = total(method, shape)
        if measured is None:
            yield [method, "not installed", *[""] * 10]
            continue
        counts, seeds = measured
        yield [
            method,
            f"{counts['seconds'] / seeds:.2f}",
            str(counts["most memory"]),
            share(counts, "right"),
            share(counts, "right", KINDS[1:]),
            share(counts, "wrong"),
            share(counts, "open"),
            *(share(counts, "right", [kind]) for kind in KINDS),
        ]


HEAD: Final = ["method", "s", "MB", "right %", "contested", "certain, wrong", "in doubt", *KINDS]
GAP_HEAD: Final = ["withheld", "truth among candidates %", "certain, wrong", "candidates a word"]


def gap_rows() -> Iterator[list[str]]:
    for name, gap in GAPS.items():
        for shape in ("10,000 × 50", "10,000 × 50, varied"):
            measured = total("bargaining", shape, gap)
            if measured is not None:
                counts, _ = measured
                words = sum(counts[f"{kind} all"] for kind in KINDS)
                yield [
                    f"{name}, {shape}",
                    share(counts, "held"),
                    share(counts, "wrong"),
                    f"{counts['candidates'] / words:.2f}",
                ]


def report(shapes: Sequence[str]) -> str:
    parts = [f"{pages.machine()} Seeds {', '.join(map(str, SEEDS))}; the largest has one."]
    for shape in shapes:
        parts += [f"### {shape}", pages.table(HEAD, list(rows(shape)))]
    parts.append(f"In 10,000 × 50, of `bargaining`: {short_share('10,000 × 50')}")
    parts += ["### With rungs withheld", pages.table(GAP_HEAD, list(gap_rows()))]
    return "\n\n".join(parts)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(*sys.argv[2:])))
        return
    if sys.argv[1:2] == ["--make"]:
        shape, seed, gap, path = sys.argv[2:]
        print(json.dumps(make(shape, int(seed), int(gap), path).words))
        return
    shapes = [s for s in SHAPES if "--quick" not in sys.argv or SHAPES[s].words <= _LARGE]
    text = report(shapes)
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/attribution.py", text)


if __name__ == "__main__":
    main()
