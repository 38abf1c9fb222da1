"""Ladders: the bargaining order that several papers, each with its own ladder, agree on.

Strategy: every ladder says which rung follows which. The rungs are sorted so that all of these
hold; what no ladder settles goes by stated date, then by number. Where ladders contradict each
other the order is still the same whatever was filed first, and the contradiction is reported,
never smoothed over: a rung whose date differs between two ladders stays two rungs.

This module sees keys and labels only; it does not know texts or records.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any, TypeVar

from bargaining.labels import Label

Key = TypeVar("Key", bound=Hashable)


def merge(ladders: Sequence[Sequence[Key]], sort_key: Callable[[Key], Any]) -> tuple[Key, ...]:
    """Return every rung once, in an order that agrees with all ladders where they agree.

    Args:
        ladders: the rungs of each ladder, oldest first.
        sort_key: what decides between rungs that no ladder orders, and between rungs whose order
            is contradictory.
    """
    rungs = sorted(dict.fromkeys(key for ladder in ladders for key in ladder), key=sort_key)
    place = {key: n for n, key in enumerate(rungs)}
    steps = {(place[a], place[b]) for ladder in ladders for a, b in pairwise(ladder) if a != b}
    follow: list[list[int]] = [[] for _ in rungs]
    waits = [0] * len(rungs)  # how many rungs each one still waits for
    for before, after in steps:
        follow[before].append(after)
        waits[after] += 1
    order: dict[int, None] = {}
    ready = [n for n, count in enumerate(waits) if not count]  # rising, and so a heap
    left = iter(range(len(rungs)))
    while len(order) < len(rungs):
        # None is ready when ladders contradict each other: the earliest that is left goes first.
        at = heappop(ready) if ready else next(n for n in left if n not in order)
        if at in order:
            continue  # it went before those that it waited for
        order[at] = None
        for n in follow[at]:
            waits[n] -= 1
            if not waits[n]:
                heappush(ready, n)
    return tuple(rungs[n] for n in order)


def contradictions(
    ladder: Sequence[Key], other: Sequence[Key], labels: Mapping[Key, Label]
) -> Iterator[str]:
    """Say how `ladder` contradicts `other`, the longer one: a date, a label, the order.

    Rungs of `other` after the last one of `ladder` are later exchanges, and no contradiction.

    Args:
        ladder: the rungs of the one, each once.
        other: the rungs of the other, each once.
        labels: the label of each rung.
    """
    place = {key: n for n, key in enumerate(other)}
    shared = [(n, place[key]) for n, key in enumerate(ladder) if key in place]
    if any(there > after for (_, there), (_, after) in pairwise(shared)):
        yield "lists the rungs in another order"
        return
    # What stands between rungs that both list, one such gap after the other.
    for (a, c), (b, d) in pairwise([(-1, -1), *shared, (len(ladder), len(other))]):
        mine, theirs = ladder[a + 1 : b], other[c + 1 : d]
        paired = min(len(mine), len(theirs))
        for key, instead in zip(mine, theirs, strict=False):
            yield _changed(labels[key], labels[instead])
        for key in mine[paired:]:
            yield f"lists “{labels[key].text}”, which the other leaves out"
        for key in theirs[paired:] if b < len(ladder) else ():
            yield f"leaves out “{labels[key].text}”"


def _changed(mine: Label, theirs: Label) -> str:
    same = (mine.party, mine.kind) == (theirs.party, theirs.kind)
    what = "another date" if same and mine.dates != theirs.dates else "another label"
    return f"gives “{mine.text}” {what}: “{theirs.text}”"


def backwards(labels: Sequence[Label]) -> Iterator[tuple[int, Label]]:
    """Yield each rung that is dated before the dated rung it follows, with that rung's label."""
    before: Label | None = None
    for n, label in enumerate(labels):
        if label.date is None:
            continue
        if before is not None and before.date is not None and label.date < before.date:
            yield n, before
        before = label
