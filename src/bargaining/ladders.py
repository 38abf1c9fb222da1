"""Ladders: the bargaining order that several papers, each with its own ladder, agree on.

Strategy: every ladder says which rung follows which. The rungs are sorted so that all of these
hold; what no ladder settles goes by stated date, then by number. Where ladders contradict each
other the order is still the same whatever was filed first, and the contradiction is reported,
never smoothed over: a rung whose date differs between two ladders stays two rungs.

This module sees keys and labels only; it does not know texts or records.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from heapq import heappop, heappush
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
    waits: dict[Key, set[Key]] = {key: set() for ladder in ladders for key in ladder}
    for ladder in ladders:
        for n, key in enumerate(ladder[1:], start=1):
            waits[key].update(k for k in ladder[n - 1 : n] if k != key)
    follow: dict[Key, list[Key]] = {key: [] for key in waits}
    for key, before in waits.items():
        for one in before:
            follow[one].append(key)
    line = sorted(waits, key=sort_key)
    place = {key: n for n, key in enumerate(line)}
    ready = [n for n, key in enumerate(line) if not waits[key]]  # a heap, being sorted
    left = iter(line)
    order: dict[Key, None] = {}
    while len(order) < len(line):
        # None is ready when ladders contradict each other: the earliest goes first.
        key = line[heappop(ready)] if ready else next(k for k in left if k not in order)
        order[key] = None
        for one in follow[key]:
            waits[one].discard(key)
            if not waits[one] and one not in order:
                heappush(ready, place[one])
    return tuple(order)


def contradictions(
    ladder: Sequence[Key], other: Sequence[Key], labels: Mapping[Key, Label]
) -> Iterator[str]:
    """Say how `ladder` contradicts `other`, the longer one: a date, a label, the order.

    Rungs of `other` after the last one of `ladder` are later exchanges, and no contradiction.
    """
    place = {key: n for n, key in reversed(list(enumerate(other)))}
    shared = [key for key in ladder if key in place]
    if shared != sorted(shared, key=place.__getitem__):
        yield "lists the rungs in another order"
        return
    steps = SequenceMatcher(None, list(ladder), list(other), autojunk=False).get_opcodes()
    for kind, a, b, c, d in steps:
        mine, theirs = ladder[a:b], other[c:d]
        paired = min(len(mine), len(theirs))
        if kind == "equal":
            continue
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
