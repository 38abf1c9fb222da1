"""Addresses as papers name them: which clauses of a text are meant, and where a new one belongs.

Strategy: an address is a row of numbers and letters, the outermost first; words such as *Section*
say nothing that the row does not, and the nought of `2.0` is no level of its own. A clause is meant
by its whole row, or by the end of it where only one clause ends so.

This module knows the clauses of one text; what is said of them is for others.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Final, TypeAlias

import attrs

from bargaining.text.clauses import PREAMBLE, TERM, Clause, clauses

Key: TypeAlias = tuple[str, ...]

_KIND: Final = (
    r"(?:articles?|sections?|secs?\.?|arts?\.|sub-?sections?|paragraphs?|paras?\.?|clauses?"
    r"|sub-?paragraphs?|items?|provisions?|appendix|appendices|§§?)"
)
_NUMBER: Final = r"\d{1,3}(?:\.\d{1,3}){0,6}"
_LEVEL: Final = r"[ ]?\([A-Za-z0-9]{1,4}\)"
_BARE: Final = rf"(?:{_NUMBER}(?:\.?[a-z](?![\w.]))?|(?-i:[A-Z])(?!\w)|(?-i:[IVXLC]{{1,6}})(?!\w))"
_LETTER: Final = r"(?:a(?!\s+(?!and\b|shall\b)[a-z]{3})|[b-z]|[ivx]{2,5})(?!\w)"
ONE: Final = (  # Section 3(b), 3(b)(1), 4.2, (b), Article XII, paragraph b
    rf"(?:{_KIND}\s+(?:{_BARE}|{_LETTER})(?:{_LEVEL}){{0,6}}|{_KIND}{_LEVEL}(?:{_LEVEL}){{0,5}}"
    rf"|§§?\s?{_BARE}(?:{_LEVEL}){{0,6}}|{_NUMBER}(?:\.?[a-z](?![\w.]))?(?:{_LEVEL}){{0,6}}"
    rf"|\([A-Za-z0-9]{{1,4}}\)(?:{_LEVEL}){{0,5}})"
)
ADDRESS: Final = (
    rf"(?:(?:the\s+)?(?:(?:article|art\.)\s+{_BARE},?\s+(?=\d+\.\d))?{ONE}"
    rf"(?:(?:,?\s+(?={_KIND}\b|\()|\s+of\s+(?:the\s+)?){ONE}){{0,3}})"
)
LEAD: Final = rf"(?:the\s+)?(?:{_KIND}|\d|\()"  # how one begins, told at little cost
_TOKEN: Final = re.compile(
    rf"(?P<of>\bof\b)|(?P<kind>\b{_KIND}(?![\w])|§§?)|(?P<value>\d+|[A-Za-z]+)", re.IGNORECASE
)
_TITLED: Final = re.compile(r"\W{0,9}(?:article|art\.)\s+(\d{1,3}[a-z]?|[ivxlc]+)\b", re.IGNORECASE)
_FIRST: Final = (-1, 0, "")
_LAST: Final = (2, 0, "")
_SHOWN: Final = 6  # addresses in a message
_DEEPEST: Final = 12  # levels of an address; below that none are told apart


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern when it is first used; case does not matter in it.

    Those with an address in them take longer to compile than most papers to read.
    """
    return re.compile(text, re.IGNORECASE)


def key_of(address: str) -> Key:
    """Return the row of numbers and letters of an address; empty for text without one."""
    if address in {PREAMBLE, TERM}:
        return (address,)
    parts: list[list[str]] = [[]]
    for token in _TOKEN.finditer(address):
        if token["of"]:
            parts.append([])  # `(b) of Section 3`: the outer one comes last
        elif token["value"] and token["value"].casefold() != "the":
            parts[-1].append(token["value"].casefold())
    row = [value.lstrip("0") or "0" for part in reversed(parts) for value in part]
    return tuple(value for n, value in enumerate(row) if value != "0" or n == 0)[:_DEEPEST]


def _is_article(address: str) -> bool:
    return address.casefold().startswith("art")


def is_below(key: Key, above: Key) -> bool:
    """True for a clause inside of another, and for that one itself."""
    return bool(above) and key[: len(above)] == above


@attrs.frozen(eq=False, slots=False)
class Outlined:
    """A text and its clauses.

    Attributes:
        text: the text.
        clauses: its clauses, in reading order, leaving no gap.
        keys: the row of each.
        titled: how many of the first ones stand in the article that the title names.
    """

    text: str
    clauses: tuple[Clause, ...]
    keys: tuple[Key, ...]
    titled: int = 0

    @classmethod
    def of(cls, text: str, title: Sequence[str] = ()) -> Outlined:
        """Cut a text into clauses; in the article that its title names, where it names one."""
        found = tuple(clauses(text))
        keys = [key_of(clause.address) for clause in found]
        article = next(filter(None, map(_TITLED.match, reversed(title))), None)
        if article is None:
            return cls(text, found, tuple(keys))
        own = next((n for n, one in enumerate(found) if _is_article(one.address)), len(found))
        for n in range(own):
            if keys[n] not in {(), (PREAMBLE,), (TERM,)}:
                keys[n] = (article[1].casefold(), *keys[n])
        return cls(text, found, tuple(keys), own)

    def untitled(self) -> Outlined:
        """Return it without the article that its title names."""
        keys = (key[1:] if n < self.titled else key for n, key in enumerate(self.keys))
        plain = (key or old for key, old in zip(keys, self.keys, strict=True))
        return Outlined(self.text, self.clauses, tuple(plain))

    def __len__(self) -> int:
        return len(self.clauses)

    @cached_property
    def whole(self) -> dict[Key, list[int]]:
        """The clauses by their rows."""
        found: dict[Key, list[int]] = {}
        for n, key in enumerate(self.keys):
            found.setdefault(key, []).append(n)
        return found

    @cached_property
    def _by_end(self) -> dict[Key, list[int]]:
        """The clauses by the ends of their rows that may be said alone.

        That is what stands in an article, and a letter: `Section 3`, `(b)`. A number says nothing
        without the one before it.
        """
        found: dict[Key, list[int]] = {}
        for n, key in enumerate(self.keys):
            for start in range(1, len(key)):
                if key[start].isalpha() or (start == 1 and self._in_article(n)):
                    found.setdefault(key[start:], []).append(n)
        return found

    def _in_article(self, n: int) -> bool:
        return n < self.titled or _is_article(self.clauses[n].address)

    @cached_property
    def has_articles(self) -> bool:
        """True when any clause stands in an article."""
        return self.titled > 0 or any(_is_article(one.address) for one in self.clauses)

    @cached_property
    def _groups(self) -> dict[Key, list[int]]:
        """For each row that others start with: the first of those, the last, and how many."""
        found: dict[Key, list[int]] = {}
        for n, key in enumerate(self.keys):
            for size in range(1, len(key) + 1):
                group = found.setdefault(key[:size], [n, n, 0])
                group[1:] = [n, group[2] + 1]
        return found

    def rows(self, asked: Key, inside: Key = ()) -> range | None:
        """Return the clauses that an address means with all inside of it; None if that is unknown.

        Args:
            asked: the row; of an article, too, that has no clause of its own.
            inside: as in `find`.
        """
        found = self.find(asked, inside)
        if len(found) == 1:
            return range(found[0], self.end(found[0]))
        first, last, count = self._groups.get(asked, (0, 0, 0))
        return range(first, last + 1) if not found and count and last + 1 - first == count else None

    @cached_property
    def _beside(self) -> dict[Key, list[tuple[tuple[int, int, str], int]]]:
        """The numbered clauses inside of each, in the order of their addresses."""
        found: dict[Key, list[tuple[tuple[int, int, str], int]]] = {}
        for n, key in enumerate(self.keys):
            if key and key[0] not in {PREAMBLE, TERM}:
                found.setdefault(key[:-1], []).append((order(key)[-1], n))
        return {above: sorted(row) for above, row in found.items()}

    def find(self, asked: Key, inside: Key = ()) -> Sequence[int]:
        """Return the clauses that an address can mean; one where it is unmistakable.

        Args:
            asked: the row.
            inside: the clause in which it is said, where that may give what is left out.
        """
        longer = (inside[:size] + asked for size in range(len(inside), 0, -1))
        same = (self.whole[row] for row in (*longer, asked) if row in self.whole)
        return next(same, self._by_end.get(asked, ()))

    def end(self, n: int) -> int:
        """Return the number of the first clause behind a clause and all that is inside of it."""
        last = n + 1
        while last < len(self) and is_below(self.keys[last], self.keys[n]):
            last += 1
        return last

    def slice(self, n: int) -> str:
        """Return the text of a clause, without those inside of it."""
        return self.text[self.clauses[n].start : self.clauses[n].end]

    def place(self, key: Key) -> int | None:
        """Return before which clause a new one belongs, by the order of addresses.

        None where its numbers cannot be held against those of its neighbours.
        """
        if not key or key[0] in {PREAMBLE, TERM}:
            return None
        beside = self._beside.get(key[:-1])
        if not beside:
            above = self.find(key[:-1]) if len(key) > 1 else ()
            return self.end(above[0]) if len(above) == 1 else self._at_end(key)
        at = order(key)[-1]
        kinds = {beside[0][0][0], beside[-1][0][0]}
        if kinds != {at[0]}:  # `2.5` beside `2.0(a)`: behind all of 2.0
            above = self.find(key[:-1]) if len(key) > 1 and at[0] == 0 else ()
            return self.end(above[0]) if len(above) == 1 else None
        before = bisect_left(beside, (at, 0))
        return self.end(beside[before - 1][1]) if before else beside[0][1]

    def _at_end(self, key: Key) -> int | None:
        """The place of a first numbered clause, in a text that has none."""
        numbered = any(own and own[0] not in {PREAMBLE, TERM} for own in self.keys)
        return None if numbered or len(key) > 1 else len(self)

    def known(self) -> str:
        """Name the clauses that there are, for a hint."""
        return listed([clause.address for clause in self.clauses if clause.address])


def order(key: Key) -> tuple[tuple[int, int, str], ...]:
    """Return what puts rows into their order: numbers by value, letters by the alphabet."""
    named = {PREAMBLE: _FIRST, TERM: _LAST}
    return tuple(
        named.get(value) or ((0, int(value), "") if value.isdecimal() else (1, len(value), value))
        for value in key
    )


def listed(names: Sequence[str], most: int = _SHOWN) -> str:
    """Name addresses in one row: `1.0, 2.0 and 3.0`, or the first few of many."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
