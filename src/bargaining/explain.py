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
from bargaining.blame import annotate, left_clause, origin
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
            steps = (*_steps(fabric, strand, offset, number), *_open(fabric, strand, offset))
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


def _steps(fabric: Fabric, strand: Strand, offset: int, until: int) -> Iterator[Evidence]:
    """Yield what happened to a word of a strand up to a state, with what it is known by."""
    (born, at), *turns = strand.life
    if strand.how:
        if len(strand.sources) == 1:
            source = fabric.weave.owner(strand.sources[0] + offset)
            within = strand.sources[0] + offset - source.first
            yield from _steps(fabric, source, within, born)
        yield _recognised(fabric, strand, offset)
    else:
        first = origin(fabric, strand.first + offset).first_seen
        yield Evidence("first seen", first, fabric.states[born].clause(at + offset))
    for n, (number, index) in enumerate(turns):
        if number > until or (number == until and n % 2 == 0):  # struck there: moved from here
            break
        if n % 2 == 0:
            before = fabric.states[number - 1]
            where = before.clause(index + offset)
            yield Evidence("struck", fabric.states[number].revision, where)
        else:
            yield _back(fabric, strand, number, index)


def _back(fabric: Fabric, strand: Strand, number: int, index: int) -> Evidence:
    """Words that came back to the place that they were struck from."""
    state = fabric.states[number]
    first, last = index, index + strand.size
    return _evidence("back in its place", state, first, last)


def _recognised(fabric: Fabric, strand: Strand, offset: int) -> Evidence:
    """Words that were recognised away from their place, with those that came with them."""
    number, index = strand.life[0]
    state = fabric.states[number]
    first, last = _row(fabric, strand, number, index)
    found = _evidence("moved" if strand.how == "moved" else "back elsewhere", state, first, last)
    left = left_clause(fabric, strand, offset)
    return attrs.evolve(found, from_clause=left, places=len(strand.sources))


def _row(fabric: Fabric, strand: Strand, number: int, index: int) -> tuple[int, int]:
    """Return the words around a strand that were recognised in the same way in one row."""
    at = 0
    first = last = None
    for other in fabric.weave.alive(number):
        alike = other.life[0][0] == number and other.how == strand.how
        if alike and last == at:
            last = at + other.size
        elif alike and (last is None or last <= index):
            first, last = at, at + other.size
        at += other.size
    return (index, index + strand.size) if first is None or last is None else (first, last)


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


def _open(fabric: Fabric, strand: Strand, offset: int) -> Iterator[Evidence]:
    """Yield why the origin is not certain, if it is not."""
    found = origin(fabric, strand.first + offset)
    if not found.certain:
        yield Evidence("open", found.first_seen, candidates=found.candidates)
