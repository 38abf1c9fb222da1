"""The weave: every word ever on file, interleaved once, with its life.

Strategy: the texts of a chain are woven in bargaining order into one flat list of strands. A strand
is a row of words that have lived alike; at each step it may be cut, struck or restored, and new
strands go in after what was struck in the same place. Every word has a number for life, so that a
restored word is the word that was struck, and a moved word points to the one that it was.

A restoration needs evidence of place: the words come back between the same neighbours, or a long
row of them (or a whole sentence) that is struck comes back elsewhere. Where two struck rows fit
equally well, both are kept as possible sources.

This module knows states by number only: no revisions, no labels, no clauses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal

import attrs

from bargaining.align import Block, match, sentences, starts_sentence

Source = Literal["", "moved", "restored"]

_GRAM: Final = 4  # the fewest words that can be recognised away from their place
_WHOLE: Final = 5  # so many words are recognised if they are a whole sentence
_LONG: Final = 8  # a row of so many words is recognised wherever it stands
_IN_PLACE: Final = 3  # so many words are recognised anywhere in the gap they were struck from
_MOST_PLACES: Final = 64  # the latest places of one row that are looked at


@attrs.define(eq=False)
class Strand:
    """A row of words with one life.

    Attributes:
        first: the number of its first word; the others follow.
        keys: the words' keys.
        life: where its life turned, as (state, index): alive from the first turn, gone from the
            second, and so on. The index is that of its first word, in the text of that state, or
            (where the words went) in the text of the state before.
        sources: the numbers of the words that its first word may have been before.
        how: whether it was moved or restored from its sources; empty without sources.
    """

    first: int
    keys: tuple[str, ...]
    life: list[tuple[int, int]]
    sources: tuple[int, ...] = ()
    how: Source = ""

    def __len__(self) -> int:
        return len(self.keys)

    def alive(self, state: int) -> bool:
        """True when its words stand in the text of `state`."""
        turns = len(self.life)
        while turns and self.life[turns - 1][0] > state:
            turns -= 1
        return turns % 2 == 1

    def split(self, size: int) -> Strand:
        """Keep the first `size` words and return the rest, which has lived alike."""
        rest = Strand(
            self.first + size,
            self.keys[size:],
            [(state, at + size) for state, at in self.life],
            tuple(number + size for number in self.sources),
            self.how,
        )
        self.keys = self.keys[:size]
        return rest


@attrs.frozen(eq=False)
class _Struck:
    """Words struck from one gap, kept so that they can be recognised elsewhere."""

    state: int
    numbers: tuple[int, ...]
    keys: tuple[str, ...]


_Hit = tuple[_Struck, int]  # a row of struck words, and where in it


class Weave:
    """All strands of a chain, in reading order. Build it with `weave`."""

    def __init__(self) -> None:
        self.strands: list[Strand] = []
        self._owner: list[Strand] = []
        self._roots: dict[int, tuple[int, ...]] = {}

    def owner(self, number: int) -> Strand:
        """Return the strand that holds the word with this number."""
        return self._owner[number]

    def alive(self, state: int) -> Iterator[Strand]:
        """Yield the strands of a state's text, in order."""
        return (strand for strand in self.strands if strand.alive(state))

    def roots(self, number: int) -> tuple[int, ...]:
        """Return the words that this one first was: itself, or what it was moved or restored from.

        Several when its source is ambiguous, in rising order. To be asked when all is woven.
        """
        if number not in self._roots:
            strand = self.owner(number)
            offset = number - strand.first
            found = {root for source in strand.sources for root in self.roots(source + offset)}
            self._roots[number] = tuple(sorted(found)) or (number,)
        return self._roots[number]

    def begin(self, keys: Sequence[str], turn: tuple[int, int]) -> Strand:
        """Make a strand of new words. Used while weaving."""
        strand = Strand(len(self._owner), tuple(keys), [turn])
        self._owner += [strand] * len(keys)
        return strand

    def cut(self, strand: Strand, size: int) -> Strand:
        """Cut a strand after `size` words and return the rest. Used while weaving."""
        rest = strand.split(size)
        self._owner[rest.first : rest.first + len(rest)] = [rest] * len(rest)
        return rest


def weave(
    states: Sequence[Sequence[str]],
    *,
    cuts: Sequence[int] = (),
    first: Sequence[Block] | None = None,
) -> Weave:
    """Weave texts, given as word keys, in bargaining order.

    Args:
        states: the word keys of each text.
        cuts: word indices of the first text where a strand shall end, rising.
        first: the alignment of the first two texts, where it is known from elsewhere.
    """
    woven = Weave()
    if states:
        pairs = pairwise([0, *cuts, len(states[0])])
        woven.strands = [woven.begin(states[0][a:b], (0, a)) for a, b in pairs if a < b]
    memory = _Memory(woven)
    for state in range(1, len(states)):
        old, new = states[state - 1], states[state]
        blocks = first if state == 1 and first is not None else match(old, new)
        step = _Step(woven, state, new)
        step.take(blocks, len(old))
        memory.add(step.struck)
        woven.strands = [part for s in step.out for part in memory.recognise(s, state)]
    return woven


class _Step:
    """Take the weave from one state to the next, gap by gap."""

    def __init__(self, woven: Weave, state: int, keys: Sequence[str]) -> None:
        self.woven = woven
        self.state = state
        self.keys = keys
        self.left = woven.strands[::-1]
        self.out: list[Strand] = []
        self.gap = 0  # where in `out` the present gap starts
        self.struck: list[_Struck] = []

    def take(self, blocks: Sequence[Block], old_size: int) -> None:
        """Strike and insert between the blocks, and keep the blocks."""
        old = new = 0
        for block in (*blocks, Block(old_size, len(self.keys), 0)):
            self._strike(old, block.old)
            self._insert(new, block.new)
            self._keep(block.size)
            old, new = block.old + block.size, block.new + block.size

    def _living(self, size: int) -> Iterator[Strand]:
        """Move strands from `left` to `out`, yielding the next `size` living words of them."""
        while self.left and (size or not self.left[-1].alive(self.state - 1)):
            strand = self.left.pop()
            self.out.append(strand)
            if strand.alive(self.state - 1):
                if len(strand) > size:
                    self.left.append(self.woven.cut(strand, size))
                size -= len(strand)
                yield strand

    def _strike(self, at: int, end: int) -> None:
        parts = []
        for part in self._living(end - at):
            part.life.append((self.state, at))
            at += len(part)
            parts.append(part)
        if parts:
            numbers = tuple(part.first + n for part in parts for n in range(len(part)))
            keys = tuple(key for part in parts for key in part.keys)
            self.struck.append(_Struck(self.state, numbers, keys))

    def _keep(self, size: int) -> None:
        while size:
            size -= len(next(self._living(size)))
        self.gap = len(self.out)

    def _insert(self, start: int, end: int) -> None:
        """Insert words `start` to `end` of the new text, restoring what was struck from here.

        What is new goes right after what was struck or restored in this very step, so that older
        struck words keep their place beside the words that they stood next to.
        """
        gap, self.out[self.gap :] = self.out[self.gap :], []
        back = self._restored(gap, start, end)
        place = None
        for strand in (part for whole in gap for part in self._parts(whole, back)):
            index = back.get(strand.first)
            if index is not None:
                self._begin(start, index, len(self.out))
                strand.life.append((self.state, index))
                start = index + len(strand)
            self.out.append(strand)
            place = len(self.out) if strand.life[-1][0] == self.state else place
        self._begin(start, end, len(self.out) if place is None else place)
        self.gap = len(self.out)

    def _begin(self, start: int, end: int, place: int) -> None:
        if start < end:
            self.out.insert(place, self.woven.begin(self.keys[start:end], (self.state, start)))

    def _parts(self, strand: Strand, back: dict[int, int]) -> Iterator[Strand]:
        """Cut a strand where restored words start, end, or leave room for new ones."""
        size = 1
        while size < len(strand):
            before, after = back.get(strand.first + size - 1), back.get(strand.first + size)
            together = before is after is None or (
                before is not None and after is not None and before + 1 == after
            )
            if together:
                size += 1
                continue
            rest = self.woven.cut(strand, size)
            yield strand
            strand, size = rest, 1
        yield strand

    def _restored(self, gap: Sequence[Strand], start: int, end: int) -> dict[int, int]:
        """Map the number of each word restored in this gap to its index in the new text."""
        dead = [s for s in gap if s.life[-1][0] < self.state] if start < end else []
        if not dead:
            return {}
        numbers = [strand.first + n for strand in dead for n in range(len(strand))]
        keys = [key for strand in dead for key in strand.keys]
        back: dict[int, int] = {}
        for block in match(keys, self.keys[start:end]):
            row = numbers[block.old : block.old + block.size]
            if self._is_sentence(start + block.new, block.size) or self._is_in_place(
                gap, row, block, end - start
            ):
                back.update((number, start + block.new + n) for n, number in enumerate(row))
        return back

    def _is_sentence(self, at: int, size: int) -> bool:
        """True when the words are whole sentences of the new text, and not mere signs."""
        ends = starts_sentence(self.keys, at) and starts_sentence(self.keys, at + size)
        return ends and any(key[:1].isalnum() for key in self.keys[at : at + size])

    def _is_in_place(
        self, gap: Sequence[Strand], row: Sequence[int], block: Block, size: int
    ) -> bool:
        """Enough words, or the same neighbour as before on a side where the new words end."""
        left = block.new == 0 and self._was_at_edge(gap, row[0])
        right = block.new + block.size == size and self._was_at_edge(gap[::-1], row[-1])
        return block.size >= _IN_PLACE or left or right

    def _was_at_edge(self, gap: Sequence[Strand], number: int) -> bool:
        """True when nothing in `gap`, read from its edge, stood before the word in its time."""
        owner = self.woven.owner(number)
        time = owner.life[-1][0] - 1
        first = next(strand for strand in gap if strand.alive(time))
        return first is owner and number in {owner.first, owner.first + len(owner) - 1}


class _Memory:
    """All struck words, indexed by their short rows, to recognise what comes back elsewhere."""

    def __init__(self, woven: Weave) -> None:
        self.woven = woven
        self.struck: list[_Struck] = []
        self.places: dict[tuple[str, ...], list[tuple[int, int]]] = {}

    def add(self, struck: Sequence[_Struck]) -> None:
        for row in struck:
            for at in range(len(row.keys) - _GRAM + 1):
                gram = row.keys[at : at + _GRAM]
                self.places.setdefault(gram, []).append((len(self.struck), at))
            self.struck.append(row)

    def recognise(self, strand: Strand, state: int) -> Iterator[Strand]:
        """Cut a strand that is new in `state` into what is new indeed and what was known."""
        if strand.life[0][0] != state:
            yield strand
            return
        ends = {end for _, end in sentences(strand.keys, (0, len(strand)))}
        first, at = strand.first, 0
        while at + _GRAM <= len(strand):
            size, hits = self._longest(strand.keys, at, state)
            done = strand.first - first
            whole = {0, len(strand.keys) + done, *ends} >= {at + done, at + size + done}
            moved = bool(hits) and hits[0][0].state == state
            if size < _LONG and not (whole and size >= (_GRAM if moved else _WHOLE)):
                at += 1
                continue
            known, rest = self._cut_out(strand, at, size)
            if at:
                yield strand
            yield from self._linked(known, hits, state)
            if rest is None:
                return
            strand, at = rest, 0
        yield strand

    def _cut_out(self, strand: Strand, at: int, size: int) -> tuple[Strand, Strand | None]:
        """Cut words `at` to `at + size` out of a strand; return them, and what follows them."""
        known = self.woven.cut(strand, at) if at else strand
        return known, self.woven.cut(known, size) if size < len(known) else None

    def _linked(self, strand: Strand, hits: Sequence[_Hit], state: int) -> Iterator[Strand]:
        """Point known words at what they were, cut where those did not follow each other."""
        at, size = 0, 1
        while strand is not None:
            rows = [row.numbers[start + at : start + at + size + 1] for row, start in hits]
            if size < len(strand) and all(r[-1] == r[-2] + 1 for r in rows):
                size += 1
                continue
            rest = self.woven.cut(strand, size) if size < len(strand) else None
            strand.sources = tuple(sorted({row[0] for row in rows}))
            strand.how = "moved" if hits[0][0].state == state else "restored"
            yield strand
            at, size = at + size, 1
            if rest is None:
                return
            strand = rest

    def _longest(self, keys: Sequence[str], at: int, state: int) -> tuple[int, list[_Hit]]:
        """Return the longest struck row that starts at `keys[at]`, and everywhere it was struck.

        Of equally long ones, those struck in this very state are the better evidence: a move.
        """
        found: dict[tuple[int, bool], list[_Hit]] = {}
        for n, start in self.places.get(tuple(keys[at : at + _GRAM]), ())[-_MOST_PLACES:]:
            row = self.struck[n]
            size = self._dead_alike(row, start, keys[at:])
            found.setdefault((size, row.state == state), []).append((row, start))
        (size, _), hits = max(found.items(), key=lambda item: item[0], default=((0, False), []))
        return size, hits

    def _dead_alike(self, row: _Struck, start: int, keys: Sequence[str]) -> int:
        """Count the words of `row` from `start` that are still struck and equal `keys`."""
        size = 0
        for number, key, wanted in zip(row.numbers[start:], row.keys[start:], keys, strict=False):
            if key != wanted or self._lives(number):
                break
            size += 1
        return size if size >= _GRAM else 0

    def _lives(self, number: int) -> bool:
        return len(self.woven.owner(number).life) % 2 == 1
