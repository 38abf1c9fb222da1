"""Counting: which paragraph of the older text a list of the document numbers by itself.

Strategy: the newer text stands in the document with the numbers of its lists. The older one is gone
through as a reader would who rejects all marks: each of its paragraphs gets the place in a list
that shows its number there, first the one that it has, then one nearby, then any of the document. A
number that no place shows is typed, in that paragraph only.

This module changes no XML.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import attrs

from bargaining.word.file.numbering import Counter, Numbering, Place
from bargaining.word.writer.paragraphs import Line, label, shape

_NEAR: Final = 24  # paragraphs on each side whose places are tried
_MOST: Final = 48  # places that are tried for one paragraph


class Numbered(Protocol):
    """A paragraph of the new text, as far as its number goes."""

    label: str
    place: Place | None
    passed: tuple[Place, ...]


@attrs.frozen
class Old:
    """The number of a paragraph in the older reading.

    Attributes:
        place: its place in a list there.
        size: how many characters of its text the list shows by itself; 0 where it is typed.
    """

    place: Place | None = None
    size: int = 0


def counted(
    homes: Sequence[Numbered], own: Sequence[Sequence[Line]], numbering: Numbering
) -> dict[int, Old]:
    """Return how each paragraph of the old text is numbered, by the `id` of each of its lines.

    Args:
        homes: the paragraphs of the new text.
        own: the lines of each, and at the end those after all.
        numbering: the lists of the document.
    """
    counter = Counter(numbering)
    found: dict[int, Old] = {}
    group: list[Line] = []
    for n, lines in enumerate(own):
        home = homes[n] if n < len(homes) else None
        for place in home.passed if home else ():
            counter.label(place)
        for line in lines:
            group.append(line)
            if line.end.in_old:
                stays = home if line is lines[-1] else None
                old = _old("".join(one.old for one in group), stays, _places(homes, n), counter)
                if old.place is not None:
                    counter.label(old.place)
                found.update((id(one), old) for one in group)
                group = []
    return found


def _places(homes: Sequence[Numbered], n: int) -> Iterator[tuple[str, Place]]:
    """Yield the places of the paragraphs around one, the nearest first, with their numbers."""
    for by in range(_NEAR):
        for at in (n - 1 - by, n + by):
            if 0 <= at < len(homes) and (place := homes[at].place) is not None:
                yield homes[at].label, place


def _old(
    text: str, stays: Numbered | None, near: Iterator[tuple[str, Place]], counter: Counter
) -> Old:
    """Find a place that shows the number that a text starts with."""
    if stays is not None and not stays.label:
        return Old(stays.place)  # its number, if it has one, is typed in both readings
    if stays is not None and stays.place is not None:
        size = _shown(counter.peek(stays.place), text)
        if size:
            return Old(stays.place, size)
    number = label(text)
    for place in _tried(number, near, counter) if number or stays else ():
        size = _shown(counter.peek(place), text)
        if size:
            return Old(place, size)
    return Old()


def _tried(number: str, near: Iterator[tuple[str, Place]], counter: Counter) -> Iterator[Place]:
    """Yield places to be tried: those of numbers of this form, their lists, the other lists."""
    around = list(near)
    like = [place for own, place in around if own and shape(own) == shape(number)]
    lists = [*(place.list for _, place in around), *counter.lists]
    levels = [Place(one, level) for one in dict.fromkeys(lists) for level in range(9)]
    yield from list(dict.fromkeys([*like, *levels]))[:_MOST]


def _shown(shown: str, text: str) -> int:
    """Return how many characters of a text are the number that a list shows; 0 for none."""
    own = label(text)
    is_it = shown == own if own else bool(shown.strip()) and text.startswith(shown)
    return len(shown) if is_it else 0
