"""Taken: what is said of clauses that were taken from another paper, or could not be.

This module has words only; what is taken from where is for `restated`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, TypeAlias

import attrs

from bargaining.errors import AskError
from bargaining.model import BASE_LABEL, Doubt
from bargaining.readers.addresses import Key, is_below, listed
from bargaining.readers.standins import StandIn
from bargaining.text.clauses import PREAMBLE, TERM

UNNUMBERED: Final = {(), (PREAMBLE,), (TERM,)}
_NAMED: Final = {"": "the text", PREAMBLE: "the preamble", TERM: "the term clause"}
Said: TypeAlias = tuple[StandIn, int]  # with its line


@attrs.frozen
class Taken:
    """A clause that was taken: whose, from which paper, and what says so."""

    address: str
    key: Key
    label: str
    says: str
    line: int
    differs: str = ""


def notes(taken: Sequence[Taken]) -> Iterator[Doubt]:
    """Say which clauses were taken from which paper, and why; those of one reason in one doubt."""
    ordered = sorted(enumerate(taken), key=lambda one: (one[1].label, one[1].says, one[0]))
    for (label, says), row in groupby(ordered, key=lambda one: (one[1].label, one[1].says)):
        group = [one for _, one in row]
        names, line = listed(list(_tops(group))), min(one.line for one in group)
        verb = "is" if len(list(_tops(group))) == 1 else "are"
        because = f"as the paper says “{says}”" if says else "which the paper does not restate"
        yield Doubt("taken", f"{names} {verb} taken from {_of(label)}, {because}.", line)
    for label in dict.fromkeys(one.label for one in taken if one.differs):
        group = [one for one in taken if one.differs and one.label == label]
        names, other = listed(list(_tops(group))), group[0].differs
        message = f"{names} in {_of(other)} is not the same: that of {_of(label)} is taken."
        yield Doubt("taken-differs", message, group[0].line)


def _of(label: str) -> str:
    return "the base" if label == BASE_LABEL else label


def _tops(group: Sequence[Taken]) -> Iterator[str]:
    """Yield the addresses of clauses, but for those inside of one that is named already."""
    last: Key = ()
    for one in group:
        if not (last and is_below(one.key, last)):
            last = one.key if one.key not in UNNUMBERED else ()
            yield _NAMED.get(one.address, one.address)


def nothing_before(said: Said | None = None) -> AskError:
    """Refuse what stands for other text, where there is none."""
    what = f"{at_line(said[1])}“{said[0].says}” stands for" if said else "It leaves out"
    return AskError(
        f"{what} text of an earlier paper, and none is on file.",
        hint="File that paper first (the current language with --base), or file the words as "
        "they stand with --whole.",
    )


def at_line(number: int) -> str:
    """Name a line of the paper before a message; nothing where it has none."""
    return f"Line {number}: " if number else ""
