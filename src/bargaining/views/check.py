"""Check: what a paper does without a mark, and what its marks say that is not so.

Strategy: a paper with all its marks rejected must be the text that it is marked against. Whatever
the two do not share is a finding: words that came or went without a mark, words that are marked as
new and stood there before, words that are struck and never stood there. Where nobody says which
text that is, it is the one that differs least, and the answer names it.

A finding is a fact with its place, and never says why. This module knows no record and no format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

import attrs

from bargaining.model import (
    Check,
    DiffRun,
    Finding,
    FindingCode,
    Paper,
    Revision,
    Run,
    RunKind,
)
from bargaining.text.clauses import clauses
from bargaining.text.words import cut, is_marker
from bargaining.views.diff import diff
from bargaining.weave.woven import Rung, build

_NEAREST: Final = 3  # so many texts are compared word by word, those with the most words in common


def check(
    revision: Revision,
    paper: Paper,
    texts: Sequence[tuple[Revision, Paper]],
    *,
    stated: bool = False,
    others: Sequence[Revision] = (),
) -> Check:
    """Hold a paper against the text that its marks are against.

    Args:
        revision: whose paper it is.
        paper: the paper, with its marks; without any, its own text is held against the other.
        texts: what it may be marked against, at least one, in bargaining order.
        stated: whether that was asked for.
        others: every revision of the chain, those without a text among them.
    """
    own = paper.text if paper.base_text is None else paper.base_text
    plain = attrs.evolve(paper, runs=(Run("kept", own),) if own else (), levels=())
    ways = [(_way(against, plain), against) for against in _nearest(own, texts)]
    runs, (against, _) = min(ways, key=lambda way: (_many(way[0]), -way[1][0].rung))
    found = [*_differences(runs, _Marks(paper.runs))]
    found += _addressed([*_idle(paper.runs), *_of_others(revision, paper.runs, others)], plain)
    found.sort(key=lambda one: (one.new_start, one.old_start))
    missing = tuple(
        one for one in others if not one.on_file and against.rung < one.rung < revision.rung
    )
    return Check(
        revision,
        against,
        stated,
        paper.is_marked,
        tuple(found),
        _many(runs),
        () if stated or not paper.is_marked or not found else missing,
    )


def _nearest(own: str, texts: Sequence[tuple[Revision, Paper]]) -> Sequence[tuple[Revision, Paper]]:
    """Return the texts that share the most words with another, the last of equal ones first."""
    words = Counter(cut(own).keys)

    def apart(one: tuple[Revision, Paper]) -> tuple[int, int]:
        others = Counter(cut(one[1].text).keys)
        return sum(((words - others) + (others - words)).values()), -one[0].rung

    return sorted(texts, key=apart)[:_NEAREST]


def _way(against: tuple[Revision, Paper], plain: Paper) -> tuple[DiffRun, ...]:
    """Return the way from a text to a paper with its marks rejected."""
    ends = attrs.evolve(against[0], rung=0), Revision("", 1)
    rungs = [Rung.of(ends[0], against[1]), Rung.of(ends[1], plain)]
    return diff(build(ends, rungs, base="filed", declaring=None), 0, 1).runs


def _many(runs: Iterable[DiffRun]) -> int:
    """Return how many words stand in one of two texts only."""
    return sum(len(cut(run.before + run.after)) for run in runs if run.kind != "kept")


class _Marks:
    """The marks of a paper, by their place in its text with all marks rejected."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = [run for run in runs if run.kind in {"kept", "struck"}]
        self._starts = [0, *accumulate(len(run.text) for run in self._runs)]
        self._inserted: dict[int, str] = {}
        at = 0
        for run in runs:
            if run.kind == "inserted":
                self._inserted[at] = self._inserted.get(at, "") + run.text
            elif run.kind != "dropped":
                at += len(run.text)

    def kind(self, at: int) -> RunKind:
        """Return whether a character is kept or struck on the paper."""
        n = bisect_right(self._starts, at) - 1
        return self._runs[n].kind if n < len(self._runs) else "kept"

    def inserted(self, start: int, end: int) -> str:
        """Return what the paper inserts between two places, and at them."""
        return " ".join(text for at, text in self._inserted.items() if start <= at <= end)


def _differences(runs: Sequence[DiffRun], marks: _Marks) -> Iterator[Finding]:
    """Yield what differs between a text and a paper with its marks rejected."""
    old = new = 0
    waiting: list[tuple[DiffRun, int, int]] = []
    for run in runs:
        if run.kind == "kept":
            yield from _place(waiting, marks)
            waiting = []
            yield from _otherwise(run, old, new)
        else:
            waiting.append((run, old, new))
        old += len(run.before)
        new += len(run.after)
    yield from _place(waiting, marks)


def _place(waiting: Sequence[tuple[DiffRun, int, int]], marks: _Marks) -> Iterator[Finding]:
    """Yield the findings of one place: what is gone there, and what stands there."""
    if not waiting:
        return
    gone, come = _side(waiting, "struck"), _side(waiting, "inserted")
    moved = any(run.moved is not None for run, _, _ in waiting)
    yield from (_finding(_code(gone, come, marks, moved=moved), gone, come),)


@attrs.frozen
class _Side:
    """Words that one of two texts has at a place, where they start and end, and their clause."""

    text: str
    start: int
    end: int
    clause: str


def _side(waiting: Sequence[tuple[DiffRun, int, int]], kind: str) -> _Side:
    own = [one for one in waiting if one[0].kind == kind]
    run, old, new = own[0] if own else waiting[0]
    start = old if kind == "struck" else new
    texts = [run.before if kind == "struck" else run.after for run, _, _ in own]
    text = "".join(texts)
    return _Side(text, start, start + len(text), run.clause)


def _code(gone: _Side, come: _Side, marks: _Marks, *, moved: bool) -> FindingCode:
    """Return what kind of finding a place is."""
    words = [key for side in (gone, come) for key in cut(side.text).keys]
    if words and all(map(is_marker, words)):
        return "renumbered"
    inserted = set(cut(marks.inserted(come.start, come.end)).keys)
    if gone.text.strip() and not come.text.strip() and set(cut(gone.text).keys) <= inserted:
        return "marked-though-there"
    core = range(come.start, come.start + len(come.text.rstrip()))
    if core and all(marks.kind(at) == "struck" for at in core):
        return "struck-though-absent"
    if moved and not (gone.text.strip() and come.text.strip()):
        return "unmarked-move"
    if not come.text.strip():
        return "unmarked-strike"
    return "unmarked-replacement" if gone.text.strip() else "unmarked-insertion"


def _finding(code: FindingCode, gone: _Side, come: _Side) -> Finding:
    clause = come.clause if come.text else gone.clause
    texts = gone.text.strip(), come.text.strip()
    return Finding(code, clause, *texts, gone.start, gone.end, come.start, come.end)


def _otherwise(run: DiffRun, old: int, new: int) -> Iterator[Finding]:
    """Yield each place of kept words that is only written otherwise; spacing is none."""
    if run.before.split() == run.after.split():
        return
    ours, theirs = cut(run.before), cut(run.after)
    if ours.keys != theirs.keys:  # cut off from the line that they start
        yield Finding("written-otherwise", run.clause, run.before.strip(), run.after.strip(),
                      old, old + len(run.before), new, new + len(run.after))  # fmt: skip
        return
    for n in range(len(ours)):
        texts = ours.slice(n, n + 1), theirs.slice(n, n + 1)
        if texts[0].split() != texts[1].split():
            at = old + ours.bounds[n], new + theirs.bounds[n]
            yield Finding("written-otherwise", run.clause, texts[0].strip(), texts[1].strip(),
                          at[0], at[0] + len(texts[0]), at[1], at[1] + len(texts[1]))  # fmt: skip


def _marks(runs: Sequence[Run]) -> Iterator[tuple[int, Run]]:
    """Yield every run with its place in the text with all marks rejected."""
    at = 0
    for run in runs:
        yield at, run
        at += len(run.text) if run.kind in {"kept", "struck"} else 0


def _addressed(found: Iterable[Finding], plain: Paper) -> Iterator[Finding]:
    """Give findings about marks the address at which they stand."""
    where = clauses(plain.text, dict(plain.levels))
    return (attrs.evolve(one, clause=where.at(one.new_start)) for one in found)


def _idle(runs: Sequence[Run]) -> Iterator[Finding]:
    """Yield the marks that strike words and insert the same ones in their place."""
    for (at, one), (_, other) in pairwise(_marks(runs)):
        kinds = {one.kind, other.kind}
        alike = one.text.split() == other.text.split() != []
        if kinds == {"struck", "inserted"} and alike:
            text = one.text.strip()
            yield Finding("mark-changes-nothing", "", text, text, at, at + len(one.text),
                          at, at + len(one.text))  # fmt: skip


def _of_others(
    revision: Revision, runs: Sequence[Run], every: Sequence[Revision]
) -> Iterator[Finding]:
    """Yield the marks that bear the name of another party, or a day after the paper's."""
    others = {r.party.casefold() for r in every if r.party and r.party != revision.party}
    for at, run in _marks(runs):
        if run.kind == "kept" or not run.text.strip():
            continue
        place = run.text.strip(), at, at + len(run.text) * (run.kind == "struck")
        if revision.party and run.author and run.author.casefold() in others:
            yield _marked_by("mark-of-another", run, *place)
        day = (run.date or "")[:10]
        if day and revision.date is not None and day > revision.date:
            yield _marked_by("mark-of-another-day", run, *place)


def _marked_by(code: FindingCode, run: Run, text: str, start: int, end: int) -> Finding:
    before, after = (text, "") if run.kind == "struck" else ("", text)
    return Finding(code, "", before, after, start, end, start, end, run.author, run.date)
