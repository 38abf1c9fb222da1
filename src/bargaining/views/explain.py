"""Explain: the evidence on which an origin rests, step by step.

Strategy: a word is followed from where it is first seen to the text that is asked about. Each step
of its life (kept, struck, back in its place, moved, recognised elsewhere) is told with what it was
recognised by: how many words in a row, whether they are whole sentences, and what they stand
between. Nothing is weighed anew here: the steps are those of the weave.

This module answers in frozen values; how they are told is for the writers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, groupby

import attrs

from bargaining.model import Evidence, EvidenceKind, Explanation
from bargaining.text.words import starts_sentence
from bargaining.views import search
from bargaining.views.blame import Stay, annotate, origin, stays
from bargaining.weave.odds import Measured, measured
from bargaining.weave.strands import Strand
from bargaining.weave.woven import State, Woven

_Rows = dict[int, list[tuple[int, int]]]  # by state: the rows of words that came in one way
_BESIDE = 3  # words shown on each side


def explain(woven: Woven, number: int, wording: str) -> tuple[Explanation, ...]:
    """Explain every place of a wording in the text of state `number`.

    Returns:
        One explanation for each stretch of words with one life, in reading order; none when the
        wording does not stand there.
    """
    state = woven.states[number]
    annotation = annotate(woven, number)
    living = list(woven.weave.alive(number))
    at = list(accumulate((strand.size for strand in living), initial=0))
    rows: _Rows = {}
    found = []
    for start, end in search.find(state.text(), lambda: state.words, wording):
        for span in search.clipped(annotation, start, end):
            index = state.words.index_at(span.start)
            n = bisect_right(at, index) - 1
            word = living[n].first + index - at[n]
            steps = (*_steps(woven, word, number, rows), *_open(woven, word))
            found.append(Explanation(span, steps))
    return tuple(found)


def _steps(woven: Woven, number: int, until: int, rows: _Rows) -> Iterator[Evidence]:
    """Yield what happened to a word up to a state, with what it is known by."""
    first, *later = stays(woven, number)
    if woven.weave.owner(first.number).how == "perhaps":
        yield _perhaps(woven, first, rows)
    elif woven.weave.owner(first.number).how:
        yield _back(woven, "back elsewhere", first, None, rows)
    else:
        clause = woven.states[first.start].clause(first.at)
        yield Evidence("first seen", origin(woven, number).first_seen, clause)
    last = first
    for stay in later:
        if stay.start > until or last.end is None:
            return
        left = woven.states[last.end - 1].clause(last.last)
        if stay.start == last.end:
            yield _back(woven, "moved", stay, left, rows)
        else:
            yield Evidence("struck", woven.states[last.end].revision, left)
            new = woven.weave.owner(stay.number).life[0][0] == stay.start
            yield _back(woven, "back elsewhere" if new else "back in its place", stay, left, rows)
        last = stay


def _perhaps(woven: Woven, stay: Stay, rows: _Rows) -> Evidence:
    """Words that are new, or were struck before: with where the struck ones stood last."""
    state = woven.states[stay.start]
    strand = woven.weave.owner(stay.number)
    source = strand.sources[0] + stay.number - strand.first
    last = next(iter(stays(woven, source)[-1:]), None)
    left = (
        None if last is None or last.end is None else woven.states[last.end - 1].clause(last.last)
    )
    found = _evidence("perhaps", state, *_row(woven, stay, rows))
    seen = Measured(0, 0) if strand.like is None else measured(strand.like)
    return attrs.evolve(
        found,
        from_clause=left,
        places=len(strand.sources),
        measured=seen.seen,
        were_new=seen.new,
    )


def _back(woven: Woven, kind: EvidenceKind, stay: Stay, left: str | None, rows: _Rows) -> Evidence:
    """Words that came back or were moved, with those that came with them."""
    state = woven.states[stay.start]
    places = len(woven.weave.owner(stay.number).sources)
    found = _evidence(kind, state, *_row(woven, stay, rows))
    if kind == "back in its place":
        return found
    return attrs.evolve(found, from_clause=left, places=places)


def _row(woven: Woven, stay: Stay, rows: _Rows) -> tuple[int, int]:
    """Return the words around one that came in the same way, in one row with it."""
    if stay.start not in rows:
        rows[stay.start] = list(_rows(woven, stay.start))
    found = rows[stay.start]
    return found[bisect_right(found, stay.at, key=lambda row: row[0]) - 1]


def _rows(woven: Woven, state: int) -> Iterator[tuple[int, int]]:
    """Cut the words of a state where the way changes in which they came into it."""
    at = 0
    for _, row in groupby(woven.weave.alive(state), key=lambda strand: _came(strand, state)):
        start, at = at, at + sum(strand.size for strand in row)
        yield start, at


def _came(strand: Strand, state: int) -> str | None:
    """Return how a strand came into the text of a state, if it came in it."""
    if strand.life[0][0] == state:
        return strand.how
    return "in place" if any(turn == state for turn, _ in strand.life[2::2]) else None


def _evidence(kind: EvidenceKind, state: State, first: int, last: int) -> Evidence:
    words = state.words
    return Evidence(
        kind,
        state.revision,
        state.clause(first),
        words=last - first,
        whole=starts_sentence(words.keys, first) and starts_sentence(words.keys, last),
        before=words.slice(max(first - _BESIDE, 0), first).strip(),
        after=words.slice(last, min(last + _BESIDE, len(words))).strip(),
    )


def _open(woven: Woven, number: int) -> Iterator[Evidence]:
    """Yield why the origin is not certain, if it is not."""
    found = origin(woven, number)
    if not found.certain:
        yield Evidence("open", found.first_seen, candidates=found.candidates)
