"""How often words that no rule recognises were new indeed, by what they share with struck ones.

    python bench/odds.py            print the counts
    python bench/odds.py --write    put them into src/bargaining/weave/odds.py

Strategy: negotiations of known truth are woven with every such row taken as new, and each is
noted with its kind. In the last text, each word of them is new indeed when the revision in which
it came is the one that proposed it. The seeds are none of those that `bench/attribution.py`
measures on.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from unittest import mock

import attrs
from methods import label
from negotiations import Negotiation, Shape

from bargaining import Chain
from bargaining.views.blame import origin
from bargaining.weave import odds
from bargaining.weave.recall import Alike, Memory
from bargaining.weave.strands import Struck

SEEDS: Final = range(1, 25)
SHAPES: Final = (Shape(), Shape(boilerplate=0.0), Shape(words=1_000, revisions=10, edits=8))
PAGE: Final = Path(__file__).parents[1] / "src" / "bargaining" / "weave" / "odds.py"
_START: Final = "    # bench/odds.py\n"
_END: Final = "    # end of bench/odds.py\n"

Key = tuple[Any, ...]


def noted(shape: Shape, seed: int) -> Iterator[tuple[Key, bool]]:
    """Yield the kind of each word that is like a struck one, and whether it was new."""
    kinds: dict[int, odds.Kind] = {}
    real = Memory.alike

    def alike(
        memory: Memory, first: int, size: int, state: int, gone: Struck | None
    ) -> Iterator[Alike]:
        for found in real(memory, first, size, state, gone):
            at = first + found.start
            kinds.update(dict.fromkeys(range(at, at + found.size), found.kind))
            yield found

    texts = list(Negotiation(shape, seed).texts())
    rungs = [(label(n), text.text) for n, text in enumerate(texts) if n]
    with (
        mock.patch.object(Memory, "alike", alike),
        mock.patch.object(odds, "are_new", return_value=True),
    ):
        woven = Chain.from_texts(rungs, base=texts[0].text)._woven  # noqa: SLF001 - the words by number
    last = len(texts) - 1
    numbers = [s.first + n for s in woven.weave.alive(last) for n in range(s.size)]
    words = woven.states[last].words
    for at, _, born, _ in texts[last].words:
        (root, *others) = woven.weave.roots(numbers[words.index_at(at)])
        if not others and root in kinds:
            (named, *_) = origin(woven, root).candidates
            yield attrs.astuple(kinds[root]), named.rung == born


def counted() -> Iterator[str]:
    """Yield the rows of the table."""
    seen: Counter[Key] = Counter()
    new: Counter[Key] = Counter()
    for shape in SHAPES:
        for seed in SEEDS:
            for key, is_new in noted(shape, seed):
                seen[key] += 1
                new[key] += is_new
    for key in sorted(seen):
        yield f"    {key!r}: ({seen[key]}, {new[key]}),\n"


def main() -> None:
    rows = "".join(counted())
    print(rows, end="")
    if "--write" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        head, rest = page.split(_START)
        _, tail = rest.split(_END)
        PAGE.write_text(f"{head}{_START}{rows}{_END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
