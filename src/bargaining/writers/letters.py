"""Hands: the parties of a document, each with a letter by which marks name them.

Strategy: the letters are worked out once from the parties, in their order on the ladder, so that
the terminal and the page give the same party the same letter.

This module knows no formats.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from bargaining.model import Revision


@attrs.frozen
class PartyLetters:
    """The parties of a document, each with a letter."""

    letters: Mapping[str, str]

    @classmethod
    def of(cls, parties: Iterable[str]) -> PartyLetters:
        """Give every party a letter: the first of its name that is free, else any."""
        letters: dict[str, str] = {}
        for party in dict.fromkeys(parties):
            taken = set(letters.values())
            letters[party] = next(one for one in _letters(party) if one not in taken)
        return cls(letters)

    def sign(self, revision: Revision) -> str:
        """Name a revision in a few characters: the letter of its party, and its rung."""
        if revision.is_base:
            return "base"
        return f"{self.letters.get(revision.party or '', '')}{revision.rung}"

    def signs(self, revisions: Sequence[Revision]) -> str:
        """Name the revisions of which it was one."""
        if len(revisions) > 2:  # noqa: PLR2004 - two fit beside a word
            return f"{self.sign(revisions[0])}…{self.sign(revisions[-1])}"
        return "/".join(map(self.sign, revisions))


def _letters(party: str) -> Iterator[str]:
    yield from (one.upper()[0] for one in party if one.isalpha())
    yield from string.ascii_uppercase
    n = 0
    while True:
        n += 1
        yield f"X{n}."
