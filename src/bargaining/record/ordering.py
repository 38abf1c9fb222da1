"""Places: what tells where a paper stands that no ladder lists, and where nothing does.

Strategy: such a paper stands by its date among the rungs. That tells its place unless another rung
has the same date and neither label says which came first, or the rungs beside it have no date, or
dates that do not run in order. All is read off the order in one pass each way.

This module knows labels in their order; it does not know ladders, entries or texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import attrs

from bargaining.labels import Label, is_before

Told = Literal["ladder", "person", "nothing"]


@attrs.frozen
class Standing:
    """One rung in the order.

    Attributes:
        label: its label.
        on_file: its paper is on file.
        told: what tells its place beside its label: a ladder that lists it with others, a person
            who stated which rung it follows, or nothing.
    """

    label: Label
    on_file: bool
    told: Told


@attrs.frozen
class _Side:
    """What stands on one side of a rung: before it, or after it.

    Attributes:
        of_day: the nearest rung of the same date.
        outlier: the rung whose date is farthest towards the other side, and that date.
        undated: a rung without a date, with no dated one between.
    """

    of_day: Label | None
    outlier: tuple[str, Label] | None
    undated: Label | None


def unknown(order: Sequence[Standing]) -> Iterator[tuple[int, str]]:
    """Yield each paper whose place nothing tells, and why."""
    before = list(_sides(order, back=False))
    after = list(_sides(order[::-1], back=True))[::-1]
    for n, one in enumerate(order):
        if one.on_file and one.told == "nothing":
            why = _by_itself(one.label) or _by_others(one.label, before[n], after[n])
            if why is not None:
                yield n, why


def misdated(order: Sequence[Standing]) -> Iterator[tuple[int, str]]:
    """Yield each paper that no ladder lists, and that a listed rung beside it may be."""
    for n, one in enumerate(order):
        if one.on_file and one.told == "nothing" and one.label.party:
            for other in (*order[max(n - 1, 0) : n], *order[n + 1 : n + 2]):
                is_listed = other.told == "ladder" and not other.on_file
                if is_listed and _name(one.label) == _name(other.label):
                    yield n, f"A ladder lists “{other.label.text}”, which may be this paper."


def _name(label: Label) -> tuple[object, ...]:
    return label.party, label.kind, label.number, label.medium == "verbal"


def _sides(order: Iterable[Standing], *, back: bool) -> Iterator[_Side]:
    """Yield for each rung what comes ahead of it in `order`, which runs on, or back."""
    days: dict[str, Label] = {}
    outlier: tuple[str, Label] | None = None
    undated: Label | None = None
    for one in order:
        label = one.label
        yield _Side(days.get(label.date or ""), outlier, undated)
        if not label.dates:
            # What a person stated is settled, and a paper that nothing tells of says so itself.
            open_ = one.told == "ladder" or (one.told == "nothing" and not one.on_file)
            undated = label if open_ else undated
            continue
        undated = None
        days[label.date or ""] = label
        if one.told == "ladder" or len(label.dates) == 1:
            last = min(label.dates) if back else max(label.dates)
            if outlier is None or (last < outlier[0] if back else last > outlier[0]):
                outlier = last, label


def _by_itself(label: Label) -> str | None:
    """Why its own label does not tell the place of a paper, if it does not."""
    if len(label.dates) > 1:
        return f"Its date may be {' or '.join(label.dates)}, and no ladder tells its place."
    if not label.dates:
        return "Neither ladder nor date tells its place; it stands in order of entry (see --after)."
    return None


def _by_others(label: Label, before: _Side, after: _Side) -> str | None:
    """Why its date does not tell the place of a paper, if it does not."""
    date = label.date or ""
    for first, second in ((before.of_day, label), (label, after.of_day)):
        if first is not None and second is not None and not is_before(first, second):
            return (
                "No ladder lists it, and another rung has its date: which came first is not known."
            )
    if before.outlier and before.outlier[0] > date:
        return f"Dates do not tell its place: “{before.outlier[1].text}” stands before it."
    if after.outlier and after.outlier[0] < date:
        return f"Dates do not tell its place: “{after.outlier[1].text}” stands after it."
    undated = before.undated or after.undated
    if undated is not None:
        return f"Dates do not tell its place: “{undated.text}” beside it has none."
    return None
