"""The weave: texts woven in bargaining order into one flat list of strands.

Strategy: each step aligns a text with the one before and looks only at the gaps that changed. What
is gone is struck where it stands. What is new is, first, what was struck from the same place and
comes back there; then what `recall` recognises from elsewhere; and else new strands, which go in
after what was struck in the same step.

A restoration needs evidence of place: a whole sentence, three words in a row, or fewer beside the
same neighbour as before.

This module knows states by number only: no revisions, no labels, no clauses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

import attrs

from bargaining.text.align import Block, match
from bargaining.text.words import Row, counted, is_tellable, starts_sentence
from bargaining.weave.recall import GRAM, Memory
from bargaining.weave.strands import Strand, Struck, Weave

_IN_PLACE: Final = 3  # so many words are recognised anywhere in the gap they were struck from


class Weaver:
    """A weave that grows, text by text.

    Attributes:
        woven: what is woven so far.
    """

    def __init__(self, woven: Weave | None = None) -> None:
        """Go on from what was woven before, or start anew."""
        self.woven = Weave() if woven is None else woven
        self._memory: Memory | None = None

    def add(
        self,
        old: Row,
        new: Row,
        *,
        cuts: Sequence[int] = (),
        blocks: Sequence[Block] | None = None,
    ) -> None:
        """Weave one more text.

        Args:
            old: the words of the text that was woven last; none for the first.
            new: the words of the text.
            cuts: word indices of the new text where a strand shall end, rising; used for the first.
            blocks: which words of the two are the same, where that is known from elsewhere.
        """
        woven = self.woven
        state, woven.states = woven.states, woven.states + 1
        if state == 0:
            pairs = pairwise([0, *cuts, len(new.keys)])
            woven.strands = [woven.begin(new.keys[a:b], (0, a)) for a, b in pairs if a < b]
            return
        if self._memory is None:
            self._memory = Memory(woven, old.keys)
        step = _Step(woven, self._memory, state, old, new)
        step.take(match(old, new) if blocks is None else blocks)


@attrs.frozen
class _Gap:
    """What changed between two kept rows: half-open word indices of both texts."""

    old: int
    old_end: int
    new: int
    new_end: int


def _gaps(blocks: Iterable[Block], old: int, new: int) -> Iterator[_Gap]:
    a = b = 0
    for block in (*blocks, Block(old, new, 0)):
        if block.old > a or block.new > b:
            yield _Gap(a, block.old, b, block.new)
        a, b = block.old + block.size, block.new + block.size


@attrs.frozen(eq=False)
class _New:
    """Words that are new in a state, the words that they stand between, and what went there."""

    strand: Strand
    left: int | None
    right: int | None
    gone: Struck | None


class _Step:
    """Take the weave from one state to the next, gap by gap."""

    def __init__(self, woven: Weave, memory: Memory, state: int, old: Row, new: Row) -> None:
        self.woven = woven
        self.memory = memory
        self.state = state
        self.old: Sequence[str] = old.keys
        self.keys: Sequence[str] = new.keys
        self.begun: list[_New] = []

    def take(self, blocks: Sequence[Block]) -> None:
        """Strike and insert between the blocks."""
        strands = self.woven.strands
        # Living words before each strand. From the last gap to the first, so that these hold.
        at = list(accumulate((s.size if s.stands() else 0 for s in strands), initial=0))
        gaps = list(_gaps(blocks, len(self.old), len(self.keys)))
        for gap in reversed(gaps):
            start, end = self._region(at, gap)
            left = strands[start - 1].first + strands[start - 1].size - 1 if start else None
            right = strands[end].first if end < len(strands) else None
            gone = self._strike(strands[start:end], gap.old, left, right)
            strands[start:end] = self._inserted(strands[start:end], gap, left, right, gone)
        known = {new.strand.first: [*self._known(new)] for new in self.begun}
        if any(len(parts) > 1 for parts in known.values()):
            strands[:] = [part for s in strands for part in known.get(s.first, (s,))]
        self._turn(gaps)

    def _turn(self, gaps: Sequence[_Gap]) -> None:
        """Tell the memory what changed, gaps that are near each other together."""
        reach = GRAM - 1
        at = 0
        while at < len(gaps):
            first = last = gaps[at]
            at += 1
            while at < len(gaps) and gaps[at].old - last.old_end < 2 * reach:
                last = gaps[at]
                at += 1
            gone = self.old[max(first.old - reach, 0) : last.old_end + reach]
            self.memory.turn(gone, self.keys[max(first.new - reach, 0) : last.new_end + reach])

    def _known(self, new: _New) -> Iterator[Strand]:
        """Cut new words into what is new indeed, and what was known elsewhere or between these."""
        parts = list(self.memory.recognise(new.strand, self.state, new.left, new.right))
        lefts = [new.left, *(part.first + part.size - 1 for part in parts)]
        rights = [*(part.first for part in parts[1:]), new.right]
        for part, left, right in zip(parts, lefts, rights, strict=False):
            for one in [part] if part.how else self.memory.recall(part, left, right):
                yield from [one] if one.how else self.memory.doubt(one, self.state, new.gone)

    def _region(self, at: Sequence[int], gap: _Gap) -> tuple[int, int]:
        """Return where in the strands a gap is, the dead around it included; cut them there."""
        strands = self.woven.strands
        end = bisect_right(at, gap.old_end) - 1
        if at[end] < gap.old_end:
            strands.insert(end + 1, self.woven.cut(strands[end], gap.old_end - at[end]))
            end += 1
        start = bisect_left(at, gap.old)
        size = gap.old - at[start - 1] if at[start] > gap.old else 0
        if 0 < size < strands[start - 1].size:
            strands.insert(start, self.woven.cut(strands[start - 1], size))
            end += 1
        return start, end

    def _strike(
        self, region: Sequence[Strand], at: int, left: int | None, right: int | None
    ) -> Struck | None:
        parts = [strand for strand in region if strand.stands()]
        for part in parts:
            part.life.append((self.state, at))
            at += part.size
        if not parts:
            return None
        numbers = tuple(part.first + n for part in parts for n in range(part.size))
        gone = Struck(self.state, numbers, left, right)
        self.woven.struck.append(gone)
        self.memory.add(gone)
        return gone

    def _inserted(
        self,
        region: list[Strand],
        gap: _Gap,
        left: int | None,
        right: int | None,
        gone: Struck | None,
    ) -> list[Strand]:
        """Insert the new words of a gap, restoring what was struck from here.

        What is new goes right after what was struck or restored in this very step, so that older
        struck words keep their place beside the words that they stood next to.
        """
        start, end = gap.new, gap.new_end
        if start == end:
            return region
        back = self._restored(region, start, end)
        out: list[Strand] = []
        place = None
        for strand in (part for whole in region for part in self._parts(whole, back)):
            index = back.get(strand.first)
            if index is not None:
                self._begin(out, start, index, len(out))
                strand.life.append((self.state, index))
                start = index + strand.size
            out.append(strand)
            place = len(out) if strand.life[-1][0] == self.state else place
        self._begin(out, start, end, len(out) if place is None else place)
        living = [strand for strand in out if strand.stands()]
        lefts = [left, *(strand.first + strand.size - 1 for strand in living)]
        rights = [*(strand.first for strand in living[1:]), right]
        for strand, before, after in zip(living, lefts, rights, strict=False):
            if strand.life[0][0] == self.state:
                self.begun.append(_New(strand, before, after, gone))
        return out

    def _begin(self, out: list[Strand], start: int, end: int, place: int) -> None:
        if start < end:
            out.insert(place, self.woven.begin(self.keys[start:end], (self.state, start)))

    def _parts(self, strand: Strand, back: dict[int, int]) -> Iterator[Strand]:
        """Cut a strand where restored words start, end, or leave room for new ones."""
        size = 1
        while back and size < strand.size:
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
        dead = [strand for strand in gap if strand.life[-1][0] < self.state]
        if not dead:
            return {}
        every = [strand.first + n for strand in dead for n in range(strand.size)]
        numbers = self.memory.free(every)
        keys = [self.woven.keys[number] for number in numbers]
        back: dict[int, int] = {}
        for block in match(Row.of(keys), Row.of(self.keys[start:end])):
            row = numbers[block.old : block.old + block.size]
            known = self._is_sentence(start + block.new, block.size) or self._is_in_place(
                gap, row, block, end - start
            )
            if known and not self._has_a_double(numbers, keys, block):
                back.update((number, start + block.new + n) for n, number in enumerate(row))
        return back

    def _has_a_double(self, numbers: Sequence[int], keys: Sequence[str], block: Block) -> bool:
        """True when other words that were struck here say the same, and were proposed otherwise.

        Nothing tells then which of the two came back.
        """
        row = list(keys[block.old : block.old + block.size])
        if block.size < GRAM:
            return False
        born = self._born(numbers[block.old])
        first = row[0]
        return any(
            self._born(numbers[at]) != born
            for at in range(len(keys) - block.size + 1)
            if keys[at] == first and at != block.old and keys[at : at + block.size] == row
        )

    def _born(self, number: int) -> int:
        return self.woven.owner(self.woven.roots(number)[0]).life[0][0]

    def _is_sentence(self, at: int, size: int) -> bool:
        """True when the words are whole sentences of the new text, and not mere signs."""
        ends = starts_sentence(self.keys, at) and starts_sentence(self.keys, at + size)
        return ends and any(map(is_tellable, self.keys[at : at + size]))

    def _is_in_place(
        self, gap: Sequence[Strand], row: Sequence[int], block: Block, size: int
    ) -> bool:
        """Enough words, or the same neighbour as before on a side where the new words end."""
        first, last = self.woven.owner(row[0]), self.woven.owner(row[-1])
        left = block.new == 0 and row[0] == first.first and self._was_at_edge(gap, first)
        ends = row[-1] == last.first + last.size - 1 and block.new + block.size == size
        right = ends and self._was_at_edge(gap[::-1], last)
        many = counted([self.woven.keys[number] for number in row]) >= _IN_PLACE
        return many or left or right

    def _was_at_edge(self, gap: Sequence[Strand], strand: Strand) -> bool:
        """True when nothing in `gap`, read from its edge, stood before the strand in its time."""
        time = strand.life[-1][0] - 1
        return next(other for other in gap if other.alive(time)) is strand
