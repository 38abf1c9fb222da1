"""Recall: what was struck, recognised when it comes back elsewhere.

Strategy: struck words are remembered by their short rows (four words) and by the words that they
stood beside. Words that are new in a text are looked up there. A whole sentence, or a long row of
words, that is struck and comes back is the same words; a sentence of which most comes back is that
sentence, changed; and a few words are, where they come back beside a word that they stood beside
before. A stock phrase that stands elsewhere as well is no evidence. Where several struck rows fit
equally well, all are kept as possible sources.

This module changes nothing of the past: it only cuts new strands, and says what they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise
from typing import Final, Literal

import attrs

from bargaining.text.align import match
from bargaining.text.words import (
    Row,
    counted,
    ends_sentence,
    is_marker,
    is_tellable,
    starts_sentence,
)
from bargaining.weave import odds
from bargaining.weave.strands import Source, Strand, Struck, Weave

GRAM: Final = 4  # the fewest words that can be recognised away from their place
_WHOLE: Final = 5  # so many words are recognised if they are a whole sentence
_LONG: Final = 8  # a row of so many words is recognised wherever it stands
_RARE: Final = 4  # if so many of its short rows stand nowhere else
_RARE_HERE: Final = 2  # if it was struck in the same step
_CHANGED: Final = (
    0.75  # of 1: the share of the shorter sentence that makes two of them one, changed
)
_LONGEST: Final = 1_000  # words in a struck sentence that is looked at for what was changed in it
_MOST_PLACES: Final = 16  # the latest places of one row that are looked at
_MOST_PAIRS: Final = 40  # of two words

_Hit = tuple[Struck, int]  # a row of struck words, and where in it


@attrs.frozen(eq=False)
class _Known:
    """Words `start` to `end` of a new strand that were known, and the rows that they may be."""

    start: int
    end: int
    sources: tuple[tuple[int, ...], ...]
    how: Source
    like: odds.Kind | None = None


@attrs.frozen(eq=False)
class Alike:
    """Words `start` to `start + size` of a new strand that are as struck ones, and which kind."""

    start: int
    size: int
    numbers: tuple[int, ...]
    kind: odds.Kind


def grams(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield each row of four words."""
    return zip(keys, keys[1:], keys[2:], keys[3:], strict=False)


class Memory:
    """All struck words of a weave, and which short rows stand now."""

    def __init__(self, woven: Weave, keys: Sequence[str]) -> None:
        """Remember what was struck so far, and that `keys` stand now."""
        self._woven = woven
        self._places: dict[tuple[str, ...], list[_Hit]] = {}
        self._pairs: dict[tuple[str, str], list[_Hit]] = {}
        self._after: dict[int, list[Struck]] = {}  # struck after each word, by its root
        self._before: dict[int, list[Struck]] = {}
        self._standing = Counter(grams(keys))
        self._same: dict[int, list[int]] = {}  # words that came back as others, by their root
        self._free_seen: dict[int, bool] = {}  # while words are looked for, nothing changes
        self._folded: list[str] = []  # the keys of the weave, whatever their case
        for row in woven.struck:
            self.add(row)
        for strand in woven.strands:
            self._note(strand)

    def add(self, row: Struck) -> None:
        """Remember a row of struck words."""
        keys = self._keys(row.numbers)
        for at, gram in enumerate(grams(keys)):
            self._places.setdefault(gram, []).append((row, at))
        for at, pair in enumerate(pairwise(map(str.casefold, keys))):
            self._pairs.setdefault(pair, []).append((row, at))
        for beside, number in ((self._after, row.left), (self._before, row.right)):
            for root in () if number is None else self._woven.roots(number):
                beside.setdefault(root, []).append(row)

    def turn(self, gone: Sequence[str], come: Sequence[str]) -> None:
        """Take note that one stretch of the text, with its surroundings, gave way to another."""
        self._standing.subtract(grams(gone))
        self._standing.update(grams(come))

    def _note(self, strand: Strand) -> None:
        for number in range(strand.first, strand.first + strand.size) if strand.how else ():
            roots = self._woven.roots(number)
            if len(roots) == 1:
                self._same.setdefault(roots[0], []).append(number)

    def _is_free(self, number: int) -> bool:
        """True for a word that is struck, and that no other word is taken for."""
        return not self._woven.owner(number).stands() and not self._lives_on(number)

    def _is_free_now(self, number: int) -> bool:
        """Return the same, remembered: for while words are looked for, and none is taken."""
        found = self._free_seen.get(number)
        if found is None:
            found = self._free_seen[number] = self._is_free(number)
        return found

    def _fold(self) -> None:
        """Fold the keys that came since, and forget which words were free."""
        self._free_seen.clear()
        self._folded += map(str.casefold, self._woven.keys[len(self._folded) :])

    def _lives_on(self, number: int) -> bool:
        """True for a struck word that came back elsewhere, as another word that stands now."""
        root, *others = self._woven.roots(number)
        same = self._same.get(root)
        if others or same is None:
            return False
        return any(self._woven.owner(other).stands() for other in (root, *same) if other != number)

    def free(self, numbers: Sequence[int]) -> list[int]:
        """Return the struck words that can come back, of several that were one only the latest."""
        latest: dict[tuple[int, ...], int] = {}
        for number in numbers:
            roots = self._woven.roots(number)
            other = latest.setdefault(roots, number)
            if self._gone(other) < self._gone(number):
                latest[roots] = number
        return [n for n in numbers if latest[self._woven.roots(n)] == n and self._is_free(n)]

    def _gone(self, number: int) -> int:
        return self._woven.owner(number).life[-1][0]

    def _keys(self, numbers: Iterable[int]) -> list[str]:
        return [self._woven.keys[number] for number in numbers]

    # Away from their place.

    def recognise(
        self, strand: Strand, state: int, left: int | None, right: int | None
    ) -> Iterator[Strand]:
        """Cut a strand that is new in `state` into what is new indeed and what was known.

        Args:
            strand: the strand.
            state: the state.
            left: the number of the word that it stands after; None at the start of the text.
            right: the number of the word that it stands before; None at its end.
        """
        if strand.size < GRAM:
            yield strand
            return
        self._fold()
        keys = self._woven.keys_of(strand)
        found: list[_Known] = []
        for start, end in pairwise([*Row.of(keys).starts, len(keys)]):
            # A row may reach into the next sentence.
            at = max(start, found[-1].end if found else 0)
            rows = list(self._rows(keys, at, end, state))
            if end - at >= _WHOLE and _size(rows) < end - at:
                whole = at == start and self._is_whole(keys, at, end, left, right)
                changed = self._changed(keys, at, end, state, whole=whole)
                rows = changed if _size(changed) > _size(rows) else rows
            found += rows
        yield from self._cut_out(strand, found)

    def _rows(self, keys: Sequence[str], start: int, end: int, state: int) -> Iterator[_Known]:
        """Find long rows that start in one sentence; they may go on into the next."""
        at = start
        while at < end and at + GRAM <= len(keys):
            size, hits = self._longest(keys, at, state)
            if hits and self._is_evidence(keys, at, at + size, hits, state):
                rows = tuple(row.numbers[n : n + size] for row, n in hits)
                yield _Known(at, at + size, rows, _how(hits[0][0], state))
                at += size
            else:
                # A long row that is no evidence (a stock phrase) has none within.
                at += max(size - 2 * GRAM, 1)

    def _is_evidence(
        self, keys: Sequence[str], start: int, end: int, hits: Sequence[_Hit], state: int
    ) -> bool:
        """True when so many words, or so rare ones, come back that it is no chance.

        A stock phrase stands elsewhere, too: that it was struck somewhere says nothing.
        """
        moved = hits[0][0].state == state
        whole = starts_sentence(keys, start) and starts_sentence(keys, end)
        words = counted(keys[start:end])
        rare = self._rare(keys[start:end], moved=moved)
        if moved and rare >= _RARE_HERE:
            return True
        if whole and words >= (GRAM if moved else _WHOLE):
            return rare > 0
        return words >= _LONG and rare >= _RARE

    def _rare(self, keys: Sequence[str], *, moved: bool) -> int:
        """Count the short rows that stand nowhere else."""
        return sum(self._standing[gram] <= moved for gram in grams(keys))

    def _changed(
        self, keys: Sequence[str], start: int, end: int, state: int, *, whole: bool
    ) -> list[_Known]:
        """Find the struck sentence that a new one is, changed, by a short row of both.

        Enough of the shorter must be in both. Half a sentence is no measure: it may be shorter by
        chance.
        """
        sentence = keys[start:end]
        most = 0
        best: list[_Known] = []
        for row, at in islice(self._hits(sentence, state), _MOST_PLACES):
            numbers, old_is_whole = self._sentence(row, at)
            sizes = [_tellable(sentence)] * whole
            sizes += [_tellable(self._keys(numbers))] * old_is_whole
            if not sizes or len(numbers) > _LONGEST:
                continue
            found = self._shared(numbers, sentence, start, _how(row, state))
            words = sum(_tellable(keys[known.start : known.end]) for known in found)
            if words >= max(_CHANGED * min(sizes), GRAM, most):
                best = found if words > most else _either(best, found)
                most = words
        return best

    def _hits(self, sentence: Sequence[str], state: int) -> Iterator[_Hit]:
        """Yield the places of short rows of a sentence that stand nowhere else, each row once."""
        seen: set[int] = set()
        for gram in grams(sentence):
            for row, at in self._places.get(gram, ())[-_MOST_PLACES:]:
                if id(row) not in seen and self._standing[gram] <= (row.state == state):
                    seen.add(id(row))
                    yield row, at

    def _is_whole(
        self, keys: Sequence[str], start: int, end: int, left: int | None, right: int | None
    ) -> bool:
        """True when a sentence within `keys` was not cut off by the words on either side."""
        before, after = self._key(left), self._key(right)
        opens = start > 0 or is_marker(keys[0]) or ends_sentence(before) or is_marker(before)
        closes = end < len(keys) or ends_sentence(keys[-1]) or is_marker(after)
        return opens and closes

    def _key(self, number: int | None) -> str:
        """Return the key of a word; at the ends of a text, the sign that would stand there."""
        return "." if number is None else self._woven.keys[number]

    def _sentence(self, row: Struck, at: int) -> tuple[tuple[int, ...], bool]:
        """Return the numbers of the sentence that holds word `at` of a row, and if it is whole."""
        start, end = at, at + 1
        while start and not self._starts(row, start):
            start -= 1
        while end < len(row.numbers) and not self._starts(row, end):
            end += 1
        numbers = row.numbers[start:end]
        left = row.numbers[start - 1] if start else row.left
        right = row.numbers[end] if end < len(row.numbers) else row.right
        return numbers, self._is_whole(self._keys(numbers), 0, end - start, left, right)

    def _starts(self, row: Struck, at: int) -> bool:
        """True when a sentence starts at word `at` of a row, which is not its first."""
        return starts_sentence(self._keys(row.numbers[at - 1 : at + 1]), 1)

    def _shared(
        self, numbers: Sequence[int], sentence: Sequence[str], start: int, how: Source
    ) -> list[_Known]:
        """Return the words of a sentence, which starts at `start`, that are still struck ones."""
        dead = [number for number in numbers if self._is_free_now(number)]
        blocks = match(Row.of(self._keys(dead)), Row.of(sentence))
        return [
            _Known(
                start + b.new, start + b.new + b.size, (tuple(dead[b.old : b.old + b.size]),), how
            )
            for b in blocks
        ]

    def _longest(self, keys: Sequence[str], at: int, state: int) -> tuple[int, list[_Hit]]:
        """Return the longest struck row that starts at `keys[at]`, and everywhere it was struck.

        Of equally long ones, those struck in this very state are the better evidence: a move.
        """
        found: dict[tuple[int, bool], list[_Hit]] = {}
        for row, start in self._places.get(tuple(keys[at : at + GRAM]), ())[-_MOST_PLACES:]:
            size = self._dead_alike(row, start, keys, at)
            if size >= GRAM:
                found.setdefault((size, row.state == state), []).append((row, start))
        (size, _), hits = max(found.items(), key=lambda item: item[0], default=((0, False), []))
        return size, hits

    def _dead_alike(self, row: Struck, start: int, keys: Sequence[str], at: int) -> int:
        """Count the words of `row` from `start` that are still struck, and as `keys` from `at`."""
        size = 0
        for n in range(min(len(row.numbers) - start, len(keys) - at)):
            if not self._is(row.numbers[start + n], keys[at + n]):
                break
            size += 1
        return size

    def _is(self, number: int, key: str) -> bool:
        """True for a word with this key that is struck and can come back."""
        return self._woven.keys[number] == key and self._is_free_now(number)

    # Beside their old neighbours.

    def recall(self, strand: Strand, left: int | None, right: int | None) -> Iterator[Strand]:
        """Recognise words that come back beside a word that they stood beside before.

        That word may have moved since, and these with it.
        """
        self._fold()
        keys = self._woven.keys_of(strand)
        head = self._beside(self._after, left, keys, 1)
        if head:
            known = [_Known(0, len(head), (head,), "restored")]
        else:
            tail = self._beside(self._before, right, keys, -1)
            start = len(keys) - len(tail)
            known = [_Known(start, len(keys), (tail,), "restored")] if tail else []
        yield from self._cut_out(strand, known)

    def _beside(
        self,
        beside: dict[int, list[Struck]],
        number: int | None,
        keys: Sequence[str],
        step: Literal[1, -1],
    ) -> tuple[int, ...]:
        """Return the struck words beside a word that equal `keys`, read from it; the latest first.

        All the struck words come back, or all of `keys` were struck.
        """
        for root in () if number is None else self._woven.roots(number):
            for row in beside.get(root, [])[: -_MOST_PLACES - 1 : -1]:
                most = min(len(row.numbers), len(keys))
                places = range(most) if step > 0 else range(-1, -most - 1, -1)
                if all(self._is(row.numbers[n], keys[n]) for n in places):
                    return row.numbers[:most] if step > 0 else row.numbers[-most:]
        return ()

    # Perhaps known.

    def doubt(self, strand: Strand, state: int, gone: Struck | None) -> Iterator[Strand]:
        """Cut words that are new in `state` into new ones and ones that were perhaps struck before.

        The rules above do not recognise them. Where such words were measured to be new too seldom,
        they are perhaps new, and perhaps the struck ones.
        """
        found = []
        for like in self.alike(strand.first, strand.size, state, gone):
            new = odds.are_new(like.kind)
            how: Source = (
                "perhaps" if new is None else "restored" if like.kind.when == "before" else "moved"
            )
            if not new:
                end, kind = like.start + like.size, None if new is not None else like.kind
                found.append(_Known(like.start, end, (like.numbers,), how, kind))
        yield from self._cut_out(strand, found)

    def alike(self, first: int, size: int, state: int, gone: Struck | None) -> Iterator[Alike]:
        """Yield the rows of words that are as struck ones, the longest from each word on.

        Args:
            first: the number of the first word, new in `state`.
            size: how many words follow each other from there.
            state: the state.
            gone: what was struck from the same place in that state.
        """
        self._fold()
        keys = self._woven.keys[first : first + size]
        folded = self._folded[first : first + size]
        at = 0
        while at + odds.LEAST <= size:
            words, row, start = self._longest_pair(folded, at, gone)
            if row is not None:
                now = row.state == state
                kind = odds.kind(
                    words,
                    when="here" if row is gone else "now" if now else "before",
                    rare=self._rare(keys[at : at + words], moved=now),
                    place=_place(at, at + words, size),
                    struck=words == len(row.numbers),
                )
                yield Alike(at, words, row.numbers[start : start + words], kind)
            at += max(words, 1)

    def _longest_pair(
        self, keys: Sequence[str], at: int, gone: Struck | None
    ) -> tuple[int, Struck | None, int]:
        """Return how many words from `at` are as struck ones, and the best place of the most.

        Whatever their case, for a sentence may begin with them: `keys` are folded.
        """
        best: tuple[int, Struck | None, int] = (0, None, 0)
        for row, start in self._pairs.get((keys[at], keys[at + 1]), ())[: -_MOST_PAIRS - 1 : -1]:
            size = self._dead_folded(row, start, keys, at)
            if size >= odds.LEAST and (size, row is gone) > (best[0], best[1] is gone):
                best = size, row, start
        return best

    def _dead_folded(self, row: Struck, start: int, keys: Sequence[str], at: int) -> int:
        """Count as `_dead_alike` does, whatever the case of the words."""
        size = 0
        for n in range(min(len(row.numbers) - start, len(keys) - at)):
            number = row.numbers[start + n]
            if self._folded[number] != keys[at + n] or not self._is_free_now(number):
                break
            size += 1
        return size

    # Cutting.

    def _cut_out(self, strand: Strand, found: Sequence[_Known]) -> Iterator[Strand]:
        """Cut a strand into new words and known ones, and point these at what they were."""
        at = 0
        for known in (part for one in found for part in self._still_free(one)):
            if known.start > at:
                rest = self._woven.cut(strand, known.start - at)
                yield strand
                strand = rest
            size = known.end - known.start
            following = self._woven.cut(strand, size) if size < strand.size else None
            yield from self._linked(strand, known)
            if following is None:
                return
            strand, at = following, known.end
        yield strand

    def _still_free(self, known: _Known) -> Iterator[_Known]:
        """Leave out what was taken for the same words just before, in this very strand."""
        free = tuple(row for row in known.sources if all(map(self._is_free, row)))
        if free:
            yield attrs.evolve(known, sources=free)
        elif len(known.sources) == 1:
            at = known.start
            for is_free, group in groupby(known.sources[0], self._is_free):
                row = tuple(group)
                if is_free:
                    yield _Known(at, at + len(row), (row,), known.how, known.like)
                at += len(row)

    def _linked(self, strand: Strand, known: _Known) -> Iterator[Strand]:
        """Point known words at what they were, cut where those did not live alike."""
        ends = [
            n
            for n in range(1, strand.size)
            if not all(self._lived_alike(numbers[n - 1], numbers[n]) for numbers in known.sources)
        ]
        for start, end in pairwise([0, *ends, strand.size]):
            rest = self._woven.cut(strand, end - start) if end - start < strand.size else strand
            strand.sources = tuple(sorted({numbers[start] for numbers in known.sources}))
            for source in strand.sources:  # what went on lived otherwise than what stayed
                self._woven.part(source)
                self._woven.part(source + end - start)
            strand.how, strand.like = known.how, known.like
            self._note(strand)
            yield strand
            strand = rest

    def _lived_alike(self, number: int, after: int) -> bool:
        return after == number + 1 and self._woven.owner(after) is self._woven.owner(number)


def _place(start: int, end: int, size: int) -> odds.Place:
    if (start, end) == (0, size):
        return "all"
    return "edge" if start == 0 or end == size else "inside"


def _how(row: Struck, state: int) -> Source:
    return "moved" if row.state == state else "restored"


def _tellable(keys: Iterable[str]) -> int:
    return sum(map(is_tellable, keys))


def _either(one: list[_Known], other: list[_Known]) -> list[_Known]:
    """Two sentences that a new one is like as well: it may be either, where both have its words."""
    if [(known.start, known.end) for known in one] != [(known.start, known.end) for known in other]:
        return one
    return [
        attrs.evolve(known, sources=known.sources + like.sources)
        for known, like in zip(one, other, strict=True)
    ]


def _size(found: Iterable[_Known]) -> int:
    return sum(known.end - known.start for known in found)
