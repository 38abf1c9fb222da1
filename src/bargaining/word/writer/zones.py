"""Zones: neighbouring paragraphs of two documents, set side by side as one text each.

Strategy: every paragraph of a zone is a stretch of its text and ends with a line feed. What the
redline keeps is kept; what it says nothing of is compared here, paragraph by paragraph, then word
by word. The last ends of both zones are one: behind them stands a table, or the end of a cell, a
note or the body, and no mark there could ever go (ECMA-376, part 1, 17.13.5.15).

This module knows texts, and no XML but whose text it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
from typing import Final, Literal, NamedTuple

import attrs

from bargaining.word.writer.inline import END, Inline
from bargaining.word.writer.told import UNTOLD, Side

_TOKEN: Final = re.compile(
    r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[^\S\n]+|.|\n", re.DOTALL
)
_TELLS: Final = re.compile("[^\\W_]|[\U000f0000-\U0010fffd]")  # a word, or a sign of something
_ALIKE: Final = 0.4  # how much of two paragraphs must be the same words for one to be the other
_MOST_PAIRS: Final = 10_000  # pairs of paragraphs that are compared with each other
_MOST_WORDS: Final = 4_000_000  # products of the words of two paragraphs that are compared


class Kept(NamedTuple):
    """A stretch that both texts hold: where it starts in each, and its size."""

    old: int
    new: int
    size: int


class Change(NamedTuple):
    """A stretch of a zone, in both texts: kept, struck or inserted; half-open code points."""

    kind: Literal["kept", "struck", "inserted"]
    old: tuple[int, int]
    new: tuple[int, int]


class Stretch(NamedTuple):
    """Characters of a zone that stand in one row in the redline's text, too."""

    at: int
    told: int
    size: int


class Zone:
    """Neighbouring paragraphs of one document, as one text.

    Attributes:
        paragraphs: the paragraphs.
        text: their text; each ends with a line feed.
        starts: where each paragraph starts in `text`.
        side: what the redline says of the document, if anything.
        stretches: what it says something of, rising.
    """

    def __init__(self, paragraphs: Sequence[Inline], side: Side | None) -> None:
        """Set the paragraphs in a row."""
        self.paragraphs = paragraphs
        texts = [f"{paragraph.text}{END}" for paragraph in paragraphs]
        self.text = "".join(texts)
        self.starts = list(accumulate(map(len, texts), initial=0))[:-1]
        self.side = side
        self.stretches = list(_joined(self._tell(side))) if side is not None else []
        self._at = [stretch.at for stretch in self.stretches]

    def _tell(self, side: Side) -> Iterator[Stretch]:
        for start, paragraph in zip(self.starts, self.paragraphs, strict=True):
            at = start
            for piece in paragraph.row:
                known = side.nodes.get(id(piece.node), ())
                if isinstance(known, range) and len(known) == len(piece.text):
                    yield Stretch(at, known.start, len(known))
                elif len(known) == len(piece.text):
                    rows = enumerate(known, start=at)
                    yield from (Stretch(n, told, 1) for n, told in rows if told != UNTOLD)
                at += len(piece.text)
            told = side.ends.get(id(paragraph.element), UNTOLD)
            if told != UNTOLD:
                yield Stretch(at, told, 1)

    def index(self, at: int) -> int:
        """Return which paragraph holds the character at an offset."""
        return bisect_right(self.starts, at) - 1

    def told(self, at: int) -> int:
        """Return the offset of a character in the redline's text; `UNTOLD` where it has none."""
        n = bisect_right(self._at, at) - 1
        if n < 0 or at >= self.stretches[n].at + self.stretches[n].size:
            return UNTOLD
        return self.stretches[n].told + at - self.stretches[n].at


def _joined(found: Iterator[Stretch]) -> Iterator[Stretch]:
    """Join stretches that go on in the next."""
    last = next(found, None)
    for one in found:
        if last is not None and last.at + last.size == one.at and last.told + last.size == one.told:
            last = Stretch(last.at, last.told, last.size + one.size)
        else:
            if last is not None:
                yield last
            last = one
    if last is not None:
        yield last


def changes(old: Zone, new: Zone) -> list[Change]:
    """Set two zones side by side."""
    kept = [one for one in _told(old, new) if one.size]
    kept = list(_with_last(old, new, kept)) if old.text and new.text else []
    found: list[Change] = []
    ends = Kept(len(old.text), len(new.text), 0)
    for last, one in pairwise([Kept(0, 0, 0), *kept, ends]):
        gap = (last.old + last.size, one.old), (last.new + last.size, one.new)
        found += _gap(old, new, *gap)
        if one.size:
            found.append(
                Change("kept", (one.old, one.old + one.size), (one.new, one.new + one.size))
            )
    return found


def _told(old: Zone, new: Zone) -> Iterator[Kept]:
    """Yield what the redline keeps, as far as it stands in both zones in one order."""
    if old.side is None or new.side is None:
        return
    theirs = sorted(old.stretches, key=lambda one: one.told)
    starts = [one.told for one in theirs]
    after = 0
    for mine in new.stretches:
        for at, told, size in _kept(new.side, mine):
            n = max(bisect_right(starts, told) - 1, 0)
            while n < len(theirs) and theirs[n].told < told + size:
                found = _shared(theirs[n], Stretch(at, told, size))
                is_same = old.text.startswith(
                    new.text[found.new : found.new + found.size], found.old
                )
                if found.size > 0 and found.old >= after and is_same:
                    yield found
                    after = found.old + found.size
                n += 1


def _kept(side: Side, one: Stretch) -> Iterator[Stretch]:
    """Yield the parts of a stretch that the redline keeps, with their offsets in the older text."""
    n = max(side.at(one.told), 0)
    end = one.told + one.size
    while n < len(side.starts) and side.starts[n] < end:
        run = side.runs[n]
        start = max(side.starts[n], one.told)
        stop = min(side.starts[n] + len(run.text), end)
        if run.kind == "kept" and start < stop:
            yield Stretch(one.at + start - one.told, start - side.shift[n], stop - start)
        n += 1


def _shared(old: Stretch, new: Stretch) -> Kept:
    """Return what two stretches share of the older text."""
    start = max(old.told, new.told)
    size = min(old.told + old.size, new.told + new.size) - start
    return Kept(old.at + start - old.told, new.at + start - new.told, size)


def _with_last(old: Zone, new: Zone, kept: Sequence[Kept]) -> Iterator[Kept]:
    """Yield what is kept, and the last ends of both as one."""
    last = Kept(len(old.text) - 1, len(new.text) - 1, 1)
    for one in kept:
        size = min(one.size, last.old - one.old, last.new - one.new)
        if size > 0:
            yield one._replace(size=size)
    yield last


def _gap(
    old: Zone, new: Zone, old_range: tuple[int, int], new_range: tuple[int, int]
) -> Iterator[Change]:
    """Yield the changes between two kept stretches; what is untold may be kept there."""
    at_old, at_new = old_range[0], new_range[0]
    for one in _alike(old, new, old_range, new_range):
        yield from _changed((at_old, one.old), (at_new, one.new))
        yield Change("kept", (one.old, one.old + one.size), (one.new, one.new + one.size))
        at_old, at_new = one.old + one.size, one.new + one.size
    yield from _changed((at_old, old_range[1]), (at_new, new_range[1]))


def _changed(old: tuple[int, int], new: tuple[int, int]) -> Iterator[Change]:
    if old[0] < old[1]:
        yield Change("struck", old, (new[0], new[0]))
    if new[0] < new[1]:
        yield Change("inserted", (old[1], old[1]), new)


def _alike(
    old: Zone, new: Zone, old_range: tuple[int, int], new_range: tuple[int, int]
) -> Iterator[Kept]:
    """Yield what stands in both of what the redline says nothing of."""
    mine = [n for n in range(*old_range) if old.told(n) == UNTOLD]
    theirs = [n for n in range(*new_range) if new.told(n) == UNTOLD]
    if not mine or not theirs:
        return
    one, other = "".join(old.text[n] for n in mine), "".join(new.text[n] for n in theirs)
    for found in same(one, other):
        last: Kept | None = None
        for n in range(found.size):
            at = Kept(mine[found.old + n], theirs[found.new + n], 1)
            if (
                last is not None
                and at.old == last.old + last.size
                and at.new == last.new + last.size
            ):
                last = last._replace(size=last.size + 1)
            else:
                if last is not None:
                    yield last
                last = at
        if last is not None:
            yield last


def same(old: str, new: str) -> Iterator[Kept]:
    """Yield what two texts of paragraphs have in common, in one order."""
    one, other = _rows(old), _rows(new)
    starts = [list(accumulate(map(len, rows), initial=0)) for rows in (one, other)]
    for i, j in alike(one, other):
        for kept in _words(one[i], other[j]):
            yield Kept(starts[0][i] + kept.old, starts[1][j] + kept.new, kept.size)


def alike(
    old: Sequence[str], new: Sequence[str], least: float = _ALIKE
) -> Iterator[tuple[int, int]]:
    """Yield which of some texts became which of others, in one order: the same, and those alike."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(i, i_end), range(j, j_end), strict=True)
        elif tag == "replace":
            yield from ((i + a, j + b) for a, b in pairs(old[i:i_end], new[j:j_end], least))


def _rows(text: str) -> list[str]:
    rows = text.split(END)
    return [f"{row}{END}" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])


def pairs(old: Sequence[str], new: Sequence[str], least: float = _ALIKE) -> list[tuple[int, int]]:
    """Return which of some texts became which of others, in one order: those most alike.

    Where there are too many to compare, the first become the first.
    """
    if len(old) * len(new) > _MOST_PAIRS:
        return [(n, n) for n in range(min(len(old), len(new)))]
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            score = likeness[i][j]
            paired = best[i + 1][j + 1] + score if score >= least else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        score = likeness[i][j]
        if score >= least and best[i][j] == best[i + 1][j + 1] + score:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: str, other: str) -> float:
    """Return how much of two texts is the same words, from 0 to 1; two without words are alike."""
    a, b = _TOKEN.findall(one), _TOKEN.findall(other)
    a, b = [t for t in a if not t.isspace()], [t for t in b if not t.isspace()]
    if not a and not b:
        return 1.0
    left = list(b)
    common = 0
    counted: dict[str, int] = {}
    for token in left:
        counted[token] = counted.get(token, 0) + 1
    for token in a:
        if counted.get(token, 0):
            counted[token] -= 1
            common += 1
    return 2 * common / (len(a) + len(b))


def _words(old: str, new: str) -> Iterator[Kept]:
    """Yield the words that two paragraphs have in common."""
    if old == new:
        yield Kept(0, 0, len(old))
        return
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    starts = [list(accumulate(map(len, tokens), initial=0)) for tokens in (one, other)]
    if len(one) * len(other) > _MOST_WORDS:
        yield Kept(len(old) - 1, len(new) - 1, 1)
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for i, j, size in matcher.get_matching_blocks():
        text = "".join(one[i : i + size])
        if _TELLS.search(text):
            yield Kept(starts[0][i], starts[1][j], len(text))
        elif text.endswith(END):  # signs alone tie no words together
            yield Kept(starts[0][i] + len(text) - 1, starts[1][j] + len(text) - 1, 1)


@attrs.define
class Ops:
    """The changes inside one paragraph, and the end of the old one that it keeps, if any."""

    inside: list[Change] = attrs.Factory(list)
    end: int | None = None


def by_paragraph(old: Zone, new: Zone, found: Iterable[Change]) -> list[Ops]:
    """Cut the changes of a zone at the ends of paragraphs.

    A struck end is a change of its own: there the newer paragraph is cut in two.
    """
    ops = [Ops() for _ in new.paragraphs]
    for change in found:
        if change.kind == "struck":
            for piece, is_end in _pieces(old.text, *change.old):
                op = Change("kept" if is_end else "struck", piece, change.new)
                ops[new.index(change.new[0])].inside.append(op)
            continue
        for piece, is_end in _pieces(new.text, *change.new):
            at = new.index(piece[0])
            if is_end and change.kind == "kept":
                ops[at].end = change.old[0] + piece[0] - change.new[0]
            elif not is_end and change.kind == "inserted":
                ops[at].inside.append(Change("inserted", change.old, piece))
    return ops


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[tuple[int, int], bool]]:
    """Yield the stretches between line feeds, and the line feeds."""
    at = start
    while at < end:
        feed = text.find(END, at, end)
        if feed < 0:
            yield (at, end), False
            return
        if feed > at:
            yield (at, feed), False
        yield (feed, feed + 1), True
        at = feed + 1
