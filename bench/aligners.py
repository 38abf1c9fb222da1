"""Which aligner of words inside a gap: diff-match-patch, its C++ twin, or rapidfuzz.

    pip install --group bench
    python bench/aligners.py            print the table
    python bench/aligners.py --write    put it into docs/benchmarks.md

Only the innermost step is exchanged (the shortest edit script between two rows of words that no
whole sentence anchors); everything around it is the same. One seeded negotiation, in one process.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final
from unittest import mock

import pages
from attribution import scored, share
from methods import bargaining as blamed
from negotiations import Negotiation, Shape

from bargaining.text import align
from bargaining.text.words import Row, cut

Step = Callable[[Sequence[str], Sequence[str]], Iterator[tuple[int, int, int]]]
SEED: Final = 101
RUNS: Final = 5


def twin(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    from fast_diff_match_patch import diff  # noqa: PLC0415 - a peer, installed for this only

    letters: dict[str, str] = {}
    left, right = align._as_letters(a, letters), align._as_letters(b, letters)  # noqa: SLF001
    i = j = 0
    for op, size in diff(left, right, timelimit=0, checklines=False, cleanup="No"):
        if op == "=":
            yield i, j, size
        i += size if op != "+" else 0
        j += size if op != "-" else 0


def fuzz(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - a peer, installed for this only

    for step in LCSseq.opcodes(a, b):
        if step.tag == "equal":
            yield step.src_start, step.dest_start, step.src_end - step.src_start


ALIGNERS: Final[dict[str, Step]] = {
    "diff-match-patch": align._shortest_edit,  # noqa: SLF001 - what is exchanged
    "fast-diff-match-patch (C++)": twin,
    "rapidfuzz LCSseq (C++)": fuzz,
}


def rows() -> Iterator[list[str]]:
    texts = list(Negotiation(Shape(), SEED).texts())
    shown = [text.text for text in texts]
    pairs = [(cut(old).row, cut(new).row) for old, new in pairwise(shown)]
    for name, step in ALIGNERS.items():
        with mock.patch.object(align, "_shortest_edit", step):
            try:
                took = [matched(pairs) for _ in range(RUNS)]
                found, _ = blamed(shown)
            except ModuleNotFoundError:
                yield [name, "not installed", "", ""]
                continue
        counts = scored(found, texts[-1].words)
        each = 1000 * statistics.median(took) / len(pairs)
        yield [name, f"{each:.2f}", share(counts, "right"), share(counts, "wrong")]


def matched(pairs: Sequence[tuple[Row, Row]]) -> float:
    start = time.perf_counter()
    for old, new in pairs:
        align.match(old, new)
    return time.perf_counter() - start


def main() -> None:
    head = ["aligner inside gaps", "ms to match one more revision", "right %", "certain, wrong"]
    text = f"{pages.machine()} Seed {SEED}.\n\n{pages.table(head, list(rows()))}"
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/aligners.py", text)


if __name__ == "__main__":
    main()
