"""Odds: how often words that no rule recognises were new, though they are like struck ones.

Strategy: `bench/odds.py` weaves invented negotiations of known truth, sorts every such row of words
into a kind by what it shares with struck words, and counts how often the words were new indeed. The
counts stand here as they were measured. A kind that was right too seldom answers with both: the
words are perhaps new, and perhaps the struck ones.

This module knows no words and no strands.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final, Literal

import attrs

When = Literal["here", "now", "before"]
Place = Literal["all", "edge", "inside"]

CERTAIN: Final = 0.98  # new at least so often, to be called new
LEAST: Final = 2  # words in a row that is looked at
_MOST_RARE: Final = 2
_SIZES: Final = (2, 3, 4, 9)  # words: where a larger size begins to count as another kind


@attrs.frozen
class Kind:
    """What a row of new words shares with struck ones.

    Attributes:
        when: the struck words were struck from the same place in the same step, or elsewhere in
            it, or in an earlier one.
        words: how many words both have in a row, rounded down to a size that is counted.
        rare: how many short rows of them stand nowhere else, 2 for more.
        place: they are all of the new words of their place, or at an edge of these, or inside.
        struck: they are all of the words that were struck there.
    """

    when: When
    words: int
    rare: int
    place: Place
    struck: bool


@attrs.frozen
class Measured:
    """How many words of a kind were seen, and how many of those were new."""

    seen: int
    new: int

    @property
    def odds(self) -> float:
        """The share that is new, from 0 to 1; what was seen seldom is trusted less."""
        return (self.new + 1) / (self.seen + 2)


def kind(words: int, *, when: When, rare: int, place: Place, struck: bool) -> Kind:
    """Return the kind of a row of at least `LEAST` words."""
    size = _SIZES[bisect_right(_SIZES, words) - 1]
    return Kind(when, size, min(rare, _MOST_RARE), place, struck)


def measured(found: Kind) -> Measured:
    """Return what was measured of a kind; nothing seen, where it never came up."""
    return Measured(*_TABLE.get(attrs.astuple(found), (0, 0)))


def are_new(found: Kind) -> bool | None:
    """True for words of a kind that is new often enough to be called so; None when in doubt.

    False where they are the struck ones just as often.
    """
    share = measured(found).odds
    return None if 1 - CERTAIN < share < CERTAIN else share >= CERTAIN


# (when struck, words, rare, place, all of the struck ones): words seen, of them new.
_TABLE: Final[dict[tuple[Any, ...], tuple[int, int]]] = {
    # bench/odds.py
    ("before", 2, 0, "all", False): (146, 120),
    ("before", 2, 0, "all", True): (346, 346),
    ("before", 2, 0, "edge", False): (5482, 5456),
    ("before", 2, 0, "edge", True): (123, 122),
    ("before", 2, 0, "inside", False): (13022, 13000),
    ("before", 2, 0, "inside", True): (966, 960),
    ("before", 3, 0, "all", False): (117, 96),
    ("before", 3, 0, "all", True): (13, 13),
    ("before", 3, 0, "edge", False): (2002, 1979),
    ("before", 3, 0, "edge", True): (89, 89),
    ("before", 3, 0, "inside", False): (3449, 3446),
    ("before", 3, 0, "inside", True): (655, 655),
    ("before", 4, 0, "all", False): (743, 734),
    ("before", 4, 0, "all", True): (545, 545),
    ("before", 4, 0, "edge", False): (2548, 2540),
    ("before", 4, 0, "edge", True): (275, 269),
    ("before", 4, 0, "inside", False): (2315, 2306),
    ("before", 4, 0, "inside", True): (1278, 1275),
    ("before", 4, 1, "all", False): (16, 0),
    ("before", 4, 1, "all", True): (10, 4),
    ("before", 4, 1, "edge", False): (138, 127),
    ("before", 4, 1, "edge", True): (6, 2),
    ("before", 4, 1, "inside", False): (185, 185),
    ("before", 4, 1, "inside", True): (25, 25),
    ("before", 4, 2, "edge", False): (18, 9),
    ("before", 4, 2, "inside", False): (20, 20),
    ("before", 4, 2, "inside", True): (13, 5),
    ("before", 9, 0, "all", False): (338, 330),
    ("before", 9, 0, "all", True): (276, 276),
    ("before", 9, 0, "edge", False): (583, 583),
    ("before", 9, 0, "inside", False): (228, 228),
    ("before", 9, 0, "inside", True): (134, 134),
    ("before", 9, 1, "inside", False): (9, 0),
    ("before", 9, 2, "edge", False): (10, 10),
    ("here", 2, 0, "all", False): (16, 0),
    ("here", 2, 0, "all", True): (3, 0),
    ("here", 2, 0, "edge", False): (84, 13),
    ("here", 2, 0, "edge", True): (8, 0),
    ("here", 2, 0, "inside", False): (81, 59),
    ("here", 2, 0, "inside", True): (3, 0),
    ("here", 3, 0, "all", False): (3, 0),
    ("here", 3, 0, "edge", False): (55, 0),
    ("here", 3, 0, "inside", False): (5, 2),
    ("here", 4, 0, "all", False): (4, 0),
    ("here", 4, 0, "edge", False): (61, 0),
    ("here", 4, 0, "inside", False): (4, 0),
    ("here", 4, 1, "all", False): (4, 0),
    ("here", 4, 1, "edge", False): (16, 0),
    ("now", 2, 0, "all", False): (35, 20),
    ("now", 2, 0, "all", True): (23, 21),
    ("now", 2, 0, "edge", False): (1905, 1884),
    ("now", 2, 0, "edge", True): (16, 16),
    ("now", 2, 0, "inside", False): (10043, 10030),
    ("now", 2, 0, "inside", True): (274, 274),
    ("now", 3, 0, "all", False): (38, 33),
    ("now", 3, 0, "all", True): (4, 1),
    ("now", 3, 0, "edge", False): (365, 349),
    ("now", 3, 0, "edge", True): (8, 8),
    ("now", 3, 0, "inside", False): (735, 732),
    ("now", 3, 0, "inside", True): (115, 115),
    ("now", 4, 0, "all", False): (237, 216),
    ("now", 4, 0, "all", True): (49, 19),
    ("now", 4, 0, "edge", False): (684, 678),
    ("now", 4, 0, "edge", True): (18, 13),
    ("now", 4, 0, "inside", False): (348, 347),
    ("now", 4, 0, "inside", True): (110, 110),
    ("now", 4, 1, "all", False): (16, 0),
    ("now", 4, 1, "edge", False): (41, 17),
    ("now", 4, 1, "inside", False): (16, 13),
    ("now", 4, 1, "inside", True): (4, 4),
    ("now", 9, 0, "all", False): (91, 91),
    ("now", 9, 0, "all", True): (25, 16),
    ("now", 9, 0, "edge", False): (167, 167),
    ("now", 9, 0, "inside", False): (89, 89),
    ("now", 9, 0, "inside", True): (24, 24),
    ("now", 9, 1, "edge", False): (15, 7),
    # end of bench/odds.py
}
