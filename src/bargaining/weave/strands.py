"""Strands: every word ever on file, interleaved once, with its life.

Strategy: a strand is a row of words that have lived alike; strands stand in one flat list in
reading order, the struck ones where they last stood. Every word has a number for life, so that a
restored word is the word that was struck, and a moved word points to the one that it was.

This module holds what was woven; it does not know how that came about, and it knows states by
number only: no revisions, no labels, no clauses.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import attrs

from bargaining.weave.odds import Kind

Source = Literal["", "moved", "restored", "perhaps"]


@attrs.define(eq=False)
class Strand:
    """A row of words with one life.

    Attributes:
        first: the number of its first word; the others follow.
        size: how many words it has.
        life: where its life turned, as (state, index): alive from the first turn, gone from the
            second, and so on. The index is that of its first word, in the text of that state, or
            (where the words went) in the text of the state before.
        sources: the numbers of the words that its first word may have been before.
        how: whether it was moved or restored from its sources, or perhaps was one of them and
            perhaps is new; empty without sources.
        like: what those that are perhaps new share with struck words; None for all others.
    """

    first: int
    size: int
    life: list[tuple[int, int]]
    sources: tuple[int, ...] = ()
    how: Source = ""
    like: Kind | None = None

    def __len__(self) -> int:
        return self.size

    def alive(self, state: int) -> bool:
        """True when its words stand in the text of `state`."""
        turns = len(self.life)
        while turns and self.life[turns - 1][0] > state:
            turns -= 1
        return turns % 2 == 1

    def stands(self) -> bool:
        """True when its words stand in the text that was woven last."""
        return len(self.life) % 2 == 1


@attrs.frozen(eq=False)
class Struck:
    """Words struck from one gap, kept so that they are recognised when they come back.

    Attributes:
        state: the state in which they are gone.
        numbers: their numbers, in the order in which they stood.
        left: the number of the word that they stood after; None at the start of the text.
        right: the number of the word that they stood before; None at its end.
    """

    state: int
    numbers: tuple[int, ...]
    left: int | None
    right: int | None


class Weave:
    """All strands of a chain, in reading order. Woven by `bargaining.weave.Weaver`.

    Attributes:
        keys: the key of every word ever on file, by its number.
        strands: the strands in reading order.
        struck: what was struck, step by step.
        states: how many texts are woven.
    """

    def __init__(
        self,
        keys: Iterable[str] = (),
        strands: Iterable[Strand] = (),
        struck: Iterable[Struck] = (),
        states: int = 0,
    ) -> None:
        """Take what was woven before, or start empty."""
        self.keys = list(keys)
        self.strands = list(strands)
        self.struck = list(struck)
        self.states = states
        self._by_first = {strand.first: strand for strand in self.strands}
        self._firsts = sorted(self._by_first)
        self._roots: dict[int, tuple[int, ...]] = {}

    def owner(self, number: int) -> Strand:
        """Return the strand that holds the word with this number."""
        return self._by_first[self._firsts[bisect_right(self._firsts, number) - 1]]

    def alive(self, state: int) -> Iterator[Strand]:
        """Yield the strands of a state's text, in order."""
        return (strand for strand in self.strands if strand.alive(state))

    def keys_of(self, strand: Strand) -> list[str]:
        """Return the keys of a strand's words."""
        return self.keys[strand.first : strand.first + strand.size]

    def roots(self, number: int) -> tuple[int, ...]:
        """Return the words that this one first was: itself, or what it was moved or restored from.

        Several when its source is ambiguous, or when it may be new, in rising order. To be asked of
        a state that is woven.
        """
        if number not in self._roots:
            strand = self.owner(number)
            offset = number - strand.first
            found = {root for source in strand.sources for root in self.roots(source + offset)}
            found |= {number} if strand.how == "perhaps" else set()
            self._roots[number] = tuple(sorted(found)) or (number,)
        return self._roots[number]

    def begin(self, keys: Sequence[str], turn: tuple[int, int]) -> Strand:
        """Make a strand of new words. Used while weaving."""
        strand = Strand(len(self.keys), len(keys), [turn])
        self.keys += keys
        self._firsts.append(strand.first)
        self._by_first[strand.first] = strand
        return strand

    def part(self, number: int) -> None:
        """See that a strand in the list starts with the word with this number."""
        strand = self.owner(number) if number < len(self.keys) else None
        if strand is not None and strand.first < number:
            rest = self.cut(strand, number - strand.first)
            self.strands.insert(self.strands.index(strand) + 1, rest)

    def cut(self, strand: Strand, size: int) -> Strand:
        """Keep the first `size` words of a strand and return the rest, which has lived alike."""
        rest = Strand(
            strand.first + size,
            strand.size - size,
            [(state, at + size) for state, at in strand.life],
            tuple(number + size for number in strand.sources),
            strand.how,
            strand.like,
        )
        strand.size = size
        insort(self._firsts, rest.first)
        self._by_first[rest.first] = rest
        return rest
