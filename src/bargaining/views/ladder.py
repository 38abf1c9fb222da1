"""Ladder findings: what a paper's label and ladder say that does not fit the papers around it.

Strategy: what the record doubts about the place of a paper is taken over; of a paper that is not on
file, its ladder is held against that of the chain. A counter needs a proposal before it, and a side
seldom hands over two papers of a day. This module knows revisions and labels, and no texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bargaining.labels import Label, read_label, same_rung_key
from bargaining.labels.ladders import contradictions
from bargaining.model import Doubt, Raised, Revision

# Doubts about where papers stand, and of what they were made; the others are about their words.
PLACE_DOUBTS: Final = frozenset(
    {
        *("ladder-contradicts", "ladder-end", "title-contradicts", "same-paper", "two-papers"),
        *("place-unknown", "date-impossible", "dated-backwards", "late-entry"),
        *("two-bases", "made-of-gone", "filed-between"),
    }
)


def ladder_findings(
    own: Revision, ladder: Sequence[str], every: Sequence[Revision], raised: Sequence[Raised]
) -> Iterator[Doubt]:
    """Yield what does not fit about the place of a paper.

    Args:
        own: its revision; one that is not in the chain was just received.
        ladder: the labels that it prints.
        every: the rungs of the chain, in bargaining order.
        raised: the doubts about the chain.
    """
    if own in every:
        yield from (d for revision, d in raised if revision == own and d.kind in PLACE_DOUBTS)
    else:
        yield from _received(own, ladder, every)
    yield from _first(own, every)
    yield from _of_day(own, every)


def _received(own: Revision, ladder: Sequence[str], every: Sequence[Revision]) -> Iterator[Doubt]:
    """Hold the ladder and the date of a paper that is not on file against the chain."""
    goes_by = _names(every)
    others = [text for text in ladder if text != own.label]
    mine = {_key(label, goes_by): label for label in map(read_label, others)}
    theirs = {_key(label, goes_by): label for label in (read_label(r.label) for r in every)}
    if mine:
        for what in contradictions(tuple(mine), tuple(theirs), {**theirs, **mine}):
            yield Doubt("ladder-contradicts", f"Its ladder {what}, against the one on file.")
    dated = [r for r in every if r.rung < own.rung and r.date is not None]
    if own.date and dated and own.date < (dated[-1].date or ""):
        message = f"It is dated before “{dated[-1].label}”, which it follows."
        yield Doubt("dated-backwards", message)


def _first(own: Revision, every: Sequence[Revision]) -> Iterator[Doubt]:
    """Say of a counter that nothing stands before it, or that what it answers stands behind it."""
    before = [one for one in every if one.rung < own.rung]
    if own.kind == "counter" and not before:
        yield Doubt("counter-first", "It is a counter, and no paper before it is on the ladder.")
    goes_by = _names(every)
    for answered in read_label(own.label).answers:
        key = _key(read_label(answered), goes_by)
        later = [one for one in every if _key(read_label(one.label), goes_by) == key]
        if later and later[0].rung > own.rung:
            message = f"It answers “{later[0].label}”, which stands behind it."
            yield Doubt("counter-first", message)


def _names(every: Sequence[Revision]) -> dict[str | None, str | None]:
    """Return the name that each party goes by, by how its papers name it."""
    return {read_label(one.label).party: one.party for one in every}


def _key(label: Label, goes_by: Mapping[str | None, str | None]) -> tuple[object, ...]:
    return same_rung_key(label, goes_by.get(label.party, label.party))


def _of_day(own: Revision, every: Sequence[Revision]) -> Iterator[Doubt]:
    """Name the other papers that its side dates to the same day."""
    same = [
        one.label
        for one in every
        if one.rung != own.rung and own.date and (one.date, one.side) == (own.date, own.side)
    ]
    if same and own.side is not None:
        names = " and ".join(f"“{label}”" for label in same)
        yield Doubt("same-day", f"Its side has another paper of that day: {names}.")
