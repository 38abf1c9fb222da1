"""Blame: who could have proposed each word, and what happened to it since.

Strategy: origins and histories are read off the strands of a `Fabric`. An origin never names fewer
candidates than the texts on file allow: where the base is only declared by a paper's marks, words
that the paper leaves in doubt may be of the base or of any rung up to where they are first seen.

This module does not know where texts come from and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from bargaining.fabric import Fabric, State
from bargaining.model import (
    Annotation,
    Doubt,
    Event,
    EventKind,
    Origin,
    RestsOn,
    Revision,
    Span,
)
from bargaining.strands import Strand

_ROW: Final = 3  # words in a row by which struck text is recognised
_TURNS: Final[tuple[EventKind, EventKind]] = ("restored", "struck")


def origin(fabric: Fabric, number: int) -> Origin:
    """Return who could have proposed the word with this number."""
    found = [_root_origin(fabric, root) for root in fabric.weave.roots(number)]
    if len(found) == 1:
        return found[0]
    candidates = {revision.rung: revision for o in found for revision in o.candidates}
    first = min(found, key=lambda o: o.first_seen.rung)
    return attrs.evolve(first, candidates=tuple(candidates[rung] for rung in sorted(candidates)))


def _root_origin(fabric: Fabric, number: int) -> Origin:
    born = fabric.weave.owner(number).life[0][0]
    found = fabric.origins.get(born)
    if found is None:
        found = _worked_out(fabric, number, born)
        if not fabric.witnesses and (born >= fabric.first_rung or fabric.base == "filed"):
            fabric.origins[born] = found
    return found


def _worked_out(fabric: Fabric, number: int, born: int) -> Origin:
    state = fabric.states[born]
    if born >= fabric.first_rung:
        rests_on: RestsOn = fabric.base if born == fabric.first_rung else "texts"
        candidates = _with_witnesses(fabric, number, state)
        return Origin(candidates, state.revision, rests_on, _declarer(fabric, rests_on))
    if fabric.base == "filed":
        return Origin((state.revision,), state.revision, "filed")
    doubt = fabric.doubt(number)
    first_seen, candidates = _declared(fabric, number, doubt)
    return Origin(candidates, first_seen, "declared", _declarer(fabric, "declared"), doubt)


def _with_witnesses(fabric: Fabric, number: int, state: State) -> tuple[Revision, ...]:
    """Add the rungs that may have proposed words which an earlier paper is seen to strike."""
    strand = fabric.weave.owner(number)
    found = {revision.rung: revision for revision in state.candidates}
    for witness in fabric.witnesses:
        if witness.rung < state.revision.rung and _share_a_row(
            fabric.weave.keys_of(strand), witness.keys
        ):
            found |= {revision.rung: revision for revision in witness.earlier}
    return tuple(found[rung] for rung in sorted(found))


def _share_a_row(keys: Sequence[str], struck: Sequence[str]) -> bool:
    """True when some words in a row, or all of the fewer, stand in both."""
    size = min(_ROW, len(keys), len(struck))
    rows = {tuple(struck[n : n + size]) for n in range(len(struck) - size + 1)}
    return any(tuple(keys[n : n + size]) in rows for n in range(len(keys) - size + 1))


def _declarer(fabric: Fabric, rests_on: RestsOn) -> Revision | None:
    return fabric.states[fabric.declaring].revision if rests_on == "declared" else None


def _declared(
    fabric: Fabric, number: int, doubt: Doubt | None
) -> tuple[Revision, tuple[Revision, ...]]:
    """First seen and candidates of a word that a paper's marks say is of the base.

    The marks of the first paper on file are taken at their word. Those of a later one may be
    against any text before it, so they cannot tell the base from the rungs before the words are
    first seen on file.
    """
    base = fabric.states[0].revision
    if fabric.declaring == 1 and doubt is None:
        return base, (base,)
    life = fabric.weave.owner(number).life
    seen = 1 if len(life) == 1 or life[1][0] > 1 else (life[2][0] if len(life) > 2 else 0)  # noqa: PLR2004
    if not seen or seen > fabric.declaring:  # struck on that paper: it stood in some text before
        return base, (base, *_rungs_between(fabric, 0, fabric.declaring))
    return fabric.states[seen].revision, (base, *fabric.states[seen].candidates)


def _rungs_between(fabric: Fabric, start: int, end: int) -> Iterator[Revision]:
    for state in fabric.states[start + 1 : end + 1]:
        yield from state.candidates


def history(fabric: Fabric, strand: Strand, offset: int = 0) -> tuple[Event, ...]:
    """Return what happened to word `offset` of a strand, over all states, oldest first.

    Words that are certainly of the base were not proposed by anyone on the ladder: their history
    starts with what happened to them first.
    """
    return tuple(_events(fabric, strand, offset))


def _events(fabric: Fabric, strand: Strand, offset: int) -> Iterator[Event]:
    (born, at), *turns = strand.life
    if strand.how:
        yield from _before(fabric, strand, offset)
        left = left_clause(fabric, strand, offset)
        yield _event(fabric, strand.how, born, at + offset, from_clause=left)
    else:
        found = origin(fabric, strand.first + offset)
        if not (found.certain and found.candidates[0].is_base):
            state = fabric.states[max(born, fabric.first_rung)]
            clause = fabric.states[born].clause(at + offset)
            yield Event("proposed", state.revision, found.candidates, clause)
    for n, (number, index) in enumerate(turns, start=1):
        event = _event(fabric, _TURNS[n % 2], number, index + offset)
        if born < fabric.first_rung and number <= fabric.declaring > 1:
            # A later paper's marks show the words, and not from which text before it they went.
            every = tuple(_rungs_between(fabric, 0, fabric.declaring))
            event = attrs.evolve(event, candidates=every)
        yield event


def _before(fabric: Fabric, strand: Strand, offset: int) -> Iterator[Event]:
    """What happened to the words that these were, until they came back as these."""
    if len(strand.sources) > 1:
        found = origin(fabric, strand.first + offset)
        yield Event("proposed", found.first_seen, found.candidates)
        return
    number = strand.sources[0] + offset
    source = fabric.weave.owner(number)
    limit = fabric.states[strand.life[0][0]].revision.rung
    for event in _events(fabric, source, number - source.first):
        same_step = event.revision.rung == limit
        if event.revision.rung < limit or (same_step and event.kind == "proposed"):
            yield event


def left_clause(fabric: Fabric, strand: Strand, offset: int) -> str | None:
    """The address from which words were struck before they were moved or restored elsewhere."""
    number = strand.sources[0] + offset
    source = fabric.weave.owner(number)
    gone = [turn for turn in source.life[1::2] if turn[0] <= strand.life[0][0]]
    if len(strand.sources) > 1 or not gone:
        return None
    state, at = gone[-1]
    return fabric.states[state - 1].clause(at + number - source.first)


def _event(
    fabric: Fabric, kind: EventKind, state: int, index: int, from_clause: str | None = None
) -> Event:
    """An event at `state`; the index of struck words is that in the text before."""
    where = fabric.states[state - 1 if kind == "struck" else state]
    there = fabric.states[state]
    return Event(kind, there.revision, there.candidates, where.clause(index), from_clause)


@attrs.frozen(eq=False)
class Piece:
    """Words of one strand within one clause of one text.

    Attributes:
        strand: the strand.
        offset: the first word, counted in the strand.
        index: the first word, counted in the text.
        size: how many words.
        clause: their address.
    """

    strand: Strand
    offset: int
    index: int
    size: int
    clause: str


def pieces(state: State, strand: Strand, index: int) -> Iterator[Piece]:
    """Cut a strand, whose first word has this index in the text of `state`, at the clauses."""
    offset = 0
    while offset < len(strand):
        clause = state.clause(index + offset)
        end = state.outline.end(index + offset, index + len(strand))
        size = min(len(strand) - offset, end - index - offset)
        yield Piece(strand, offset, index + offset, size, clause)
        offset += size


def annotate(fabric: Fabric, number: int, *, struck: bool = False) -> Annotation:
    """Blame the text of state `number`, word by word, compacted into spans.

    Args:
        fabric: the chain.
        number: the state.
        struck: also show, in their place, the words that were struck by then.
    """
    state = fabric.states[number]
    moved = _moved_away(fabric, number)
    spans: list[Span] = []
    index = 0
    for strand in fabric.weave.strands:
        if strand.alive(number):
            for piece in pieces(state, strand, index):
                _append(spans, _span(fabric, state, piece))
            index += len(strand)
        elif struck and strand.life[0][0] <= number and strand.first not in moved:
            for span in _gone(fabric, strand, number, index):
                _append(spans, span)
    return Annotation(state.revision, tuple(spans))


def _span(fabric: Fabric, state: State, piece: Piece) -> Span:
    bounds = state.words.bounds
    start, end = bounds[piece.index], bounds[piece.index + piece.size]
    origin, history = told(fabric, piece.strand, piece.offset)
    return Span(start, end, state.words.text[start:end], piece.clause, origin, history)


def told(fabric: Fabric, strand: Strand, offset: int) -> tuple[Origin, tuple[Event, ...]]:
    """Return the origin and the history of a word of a strand; each is worked out once."""
    number = strand.first + offset
    if number not in fabric.told:
        fabric.told[number] = origin(fabric, number), history(fabric, strand, offset)
    return fabric.told[number]


def _moved_away(fabric: Fabric, number: int) -> frozenset[int]:
    """The numbers of words that stand elsewhere in the text of state `number`."""
    return frozenset(
        source + n
        for strand in fabric.weave.alive(number)
        if strand.how == "moved"
        for source in strand.sources
        for n in range(len(strand))
    )


def _gone(fabric: Fabric, strand: Strand, number: int, index: int) -> Iterator[Span]:
    """Spans of words that stood until some state up to `number`, shown as they last stood.

    Their clause is that of the words which they follow in the text of `number`, at `index`.
    """
    state = fabric.states[number]
    at = state.words.bounds[index]
    clause = state.clause(max(index - 1, 0))
    last, turn = [turn for turn in strand.life[1::2] if turn[0] <= number][-1]
    for piece in pieces(fabric.states[last - 1], strand, turn):
        span = _span(fabric, fabric.states[last - 1], piece)
        yield attrs.evolve(span, start=at, end=at, clause=clause, struck=True)


def _append(spans: list[Span], span: Span) -> None:
    """Add a span, joined to the one before where nothing tells them apart."""
    last = spans[-1] if spans else None
    if last is not None and _told_apart(last) == _told_apart(span):
        spans[-1] = attrs.evolve(last, end=span.end, text=last.text + span.text)
    else:
        spans.append(span)


def _told_apart(span: Span) -> Sequence[object]:
    return span.struck, span.clause, span.origin, span.history
