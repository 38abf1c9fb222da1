"""Explain: the evidence on which an origin rests, step by step.

Strategy: a word is followed from where it is first seen to the text that is asked about. Each step
of its life (kept, struck, back in its place, moved, recognised elsewhere) is told with what it was
recognised by: how many words in a row, whether they are whole sentences, and what they stand
between. Nothing is weighed anew here: the steps are those of the weave.

This module answers in frozen values; how they are told is for the writers.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from bargaining import search
from bargaining.blame import Stay, annotate, origin, stays
from bargaining.fabric import Fabric, State
from bargaining.model import Evidence, EvidenceKind, Explanation, Span
from bargaining.strands import Strand
from bargaining.words import starts_sentence

_BESIDE = 3  # words shown on each side


def explain(fabric: Fabric, number: int, wording: str) -> tuple[Explanation, ...]:
    """Explain every place of a wording in the text of state `number`.

    Returns:
        One explanation for each stretch of words with one life, in reading order; none when the
        wording does not stand there.
    """
    state = fabric.states[number]
    annotation = annotate(fabric, number)
    found = []
    for start, end in search.find(state.text(), lambda: state.words, wording):
        for span in search.clipped(annotation, start, end):
            strand, offset = _strand_at(fabric, number, span)
            word = strand.first + offset
            steps = (*_steps(fabric, word, number), *_open(fabric, word))
            found.append(Explanation(span, steps))
    return tuple(found)


def _strand_at(fabric: Fabric, number: int, span: Span) -> tuple[Strand, int]:
    """Return the strand that holds the first word of a span, and which of its words that is."""
    word = fabric.states[number].words.index_at(span.start)
    at = 0
    for strand in fabric.weave.alive(number):
        if word < at + strand.size:
            return strand, word - at
        at += strand.size
    raise AssertionError("a span holds words of the text")


def _steps(fabric: Fabric, number: int, until: int) -> Iterator[Evidence]:
    """Yield what happened to a word up to a state, with what it is known by."""
    first, *later = stays(fabric, number)
    if fabric.weave.owner(first.number).how:
        yield _back(fabric, "back elsewhere", first, None)
    else:
        clause = fabric.states[first.start].clause(first.at)
        yield Evidence("first seen", origin(fabric, number).first_seen, clause)
    last = first
    for stay in later:
        if stay.start > until or last.end is None:
            return
        left = fabric.states[last.end - 1].clause(last.last)
        if stay.start == last.end:
            yield _back(fabric, "moved", stay, left)
        else:
            yield Evidence("struck", fabric.states[last.end].revision, left)
            new = fabric.weave.owner(stay.number).life[0][0] == stay.start
            yield _back(fabric, "back elsewhere" if new else "back in its place", stay, left)
        last = stay


def _back(fabric: Fabric, kind: EvidenceKind, stay: Stay, left: str | None) -> Evidence:
    """Words that came back or were moved, with those that came with them."""
    state = fabric.states[stay.start]
    places = len(fabric.weave.owner(stay.number).sources)
    found = _evidence(kind, state, *_row(fabric, stay))
    if kind == "back in its place":
        return found
    return attrs.evolve(found, from_clause=left, places=places)


def _row(fabric: Fabric, stay: Stay) -> tuple[int, int]:
    """Return the words around one that came back in the same way, in one row with it."""
    at = 0
    first = None
    how = _came(fabric.weave.owner(stay.number), stay.start)
    for strand in fabric.weave.alive(stay.start):
        alike = _came(strand, stay.start) == how
        if not alike:
            if at > stay.at:
                break
            first = None
        elif first is None:
            first = at
        at += strand.size
    return (stay.at if first is None else first), at if first is not None else stay.at + 1


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


def _open(fabric: Fabric, number: int) -> Iterator[Evidence]:
    """Yield why the origin is not certain, if it is not."""
    found = origin(fabric, number)
    if not found.certain:
        yield Evidence("open", found.first_seen, candidates=found.candidates)
