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
from bargaining.weave.strands import Strand
from bargaining.weave.woven import State, Woven

_ROW: Final = 3  # words in a row by which struck text is recognised


def origin(woven: Woven, number: int) -> Origin:
    """Return who could have proposed the word with this number."""
    found = [_root_origin(woven, root) for root in woven.weave.roots(number)]
    if len(found) == 1:
        return found[0]
    candidates = {revision.rung: revision for o in found for revision in o.candidates}
    first = min(found, key=lambda o: o.first_seen.rung)
    return attrs.evolve(
        first,
        candidates=tuple(candidates[rung] for rung in sorted(candidates)),
        perhaps_new=_perhaps_new(woven, number) if len(candidates) > 1 else None,
    )


def _perhaps_new(woven: Woven, number: int) -> Revision | None:
    """Return the revision in which words are new, unless they are ones that were struck before."""
    owners = (woven.weave.owner(root) for root in woven.weave.roots(number))
    born = next((strand.life[0][0] for strand in owners if strand.how == "perhaps"), None)
    return None if born is None else woven.states[born].revision


def _root_origin(woven: Woven, number: int) -> Origin:
    born = woven.weave.owner(number).life[0][0]
    found = woven.origins.get(born)
    if found is None:
        found = _worked_out(woven, number, born)
        if not woven.witnesses and (born >= woven.first_rung or woven.base == "filed"):
            woven.origins[born] = found
    return found


def _worked_out(woven: Woven, number: int, born: int) -> Origin:
    state = woven.states[born]
    if born >= woven.first_rung:
        rests_on: RestsOn = woven.base if born == woven.first_rung else "texts"
        candidates = _with_witnesses(woven, number, state)
        return Origin(candidates, state.revision, rests_on, _declarer(woven, rests_on))
    if woven.base == "filed":
        return Origin((state.revision,), state.revision, "filed")
    doubt = woven.doubt(number)
    first_seen, candidates = _declared(woven, number, doubt)
    return Origin(candidates, first_seen, "declared", _declarer(woven, "declared"), doubt)


def _with_witnesses(woven: Woven, number: int, state: State) -> tuple[Revision, ...]:
    """Add the rungs that may have proposed words which an earlier paper is seen to strike."""
    if not woven.witnesses:
        return state.candidates
    keys = _born_with(woven, number)
    found = {revision.rung: revision for revision in state.candidates}
    for witness in woven.witnesses:
        if witness.rung < state.revision.rung and _share_a_row(keys, witness.keys):
            found |= {revision.rung: revision for revision in witness.earlier}
    return tuple(found[rung] for rung in sorted(found))


def _born_with(woven: Woven, number: int) -> list[str]:
    """Return the keys of the new words that a word came in with, however they were cut since."""
    weave = woven.weave
    state, at = _birth(woven, number)
    start = end = number
    while start and _birth(woven, start - 1) == (state, at - (number - start) - 1):
        start -= 1
    while end + 1 < len(weave.keys) and _birth(woven, end + 1) == (state, at + end + 1 - number):
        end += 1
    return weave.keys[start : end + 1]


def _birth(woven: Woven, number: int) -> tuple[int, int]:
    """Return the state in which a word is new, and its index there."""
    strand = woven.weave.owner(number)
    state, at = strand.life[0]
    return state, at + number - strand.first


def _share_a_row(keys: Sequence[str], struck: Sequence[str]) -> bool:
    """True when some words in a row, or all of the fewer, stand in both."""
    size = min(_ROW, len(keys), len(struck))
    rows = {tuple(struck[n : n + size]) for n in range(len(struck) - size + 1)}
    return any(tuple(keys[n : n + size]) in rows for n in range(len(keys) - size + 1))


def _declarer(woven: Woven, rests_on: RestsOn) -> Revision | None:
    return woven.states[woven.declaring].revision if rests_on == "declared" else None


def _declared(
    woven: Woven, number: int, doubt: Doubt | None
) -> tuple[Revision, tuple[Revision, ...]]:
    """First seen and candidates of a word that a paper's marks say is of the base.

    The marks of the first paper on file are taken at their word. Those of a later one may be
    against any text before it, so they cannot tell the base from the rungs before the words are
    first seen on file.
    """
    base = woven.states[0].revision
    if woven.declaring == 1 and doubt is None:
        return base, (base,)
    life = woven.weave.owner(number).life
    seen = 1 if len(life) == 1 or life[1][0] > 1 else (life[2][0] if len(life) > 2 else 0)  # noqa: PLR2004
    if not seen or seen > woven.declaring:  # struck on that paper: it stood in some text before
        return base, (base, *_rungs_between(woven, 0, woven.declaring))
    return woven.states[seen].revision, (base, *woven.states[seen].candidates)


def _rungs_between(woven: Woven, start: int, end: int) -> Iterator[Revision]:
    for state in woven.states[start + 1 : end + 1]:
        yield from state.candidates


def history(woven: Woven, strand: Strand, offset: int = 0) -> tuple[Event, ...]:
    """Return what happened to word `offset` of a strand, over all states, oldest first.

    Words that are certainly of the base were not proposed by anyone on the ladder: their history
    starts with what happened to them first.
    """
    return tuple(_events(woven, strand, offset))


@attrs.frozen
class Stay:
    """The time from when a word came into the texts until it went.

    Attributes:
        number: the number that it had.
        start: the state in which it came.
        at: its index there.
        end: the state in which it was gone; None while it stands.
        last: its index in the text before that.
    """

    number: int
    start: int
    at: int
    end: int | None
    last: int


def stays(woven: Woven, number: int) -> list[Stay]:
    """Return when a word stood, under whatever numbers, oldest first.

    A word that may have been several before is followed under its own number only.
    """
    root, *others = woven.weave.roots(number)
    every = [number] if others else [root, *woven.same.get(root, ())]
    found = (stay for one in every for stay in _own_stays(woven, one))
    return sorted(found, key=lambda stay: stay.start)


def _own_stays(woven: Woven, number: int) -> Iterator[Stay]:
    strand = woven.weave.owner(number)
    offset = number - strand.first
    for n, (start, at) in enumerate(strand.life[::2]):
        end, last = strand.life[2 * n + 1] if 2 * n + 1 < len(strand.life) else (None, 0)
        yield Stay(number, start, at + offset, end, last + offset)


def _events(woven: Woven, strand: Strand, offset: int) -> Iterator[Event]:
    number = strand.first + offset
    found = origin(woven, number)
    first, *later = stays(woven, number)
    how = woven.weave.owner(first.number).how
    if how and how != "perhaps":  # it may have been several words before
        yield Event("proposed", found.first_seen, found.candidates)
        yield _event(woven, "moved" if strand.how == "moved" else "restored", first.start, first.at)
    elif not (found.certain and found.candidates[0].is_base):
        clause = woven.states[first.start].clause(first.at)
        revision = woven.states[max(first.start, woven.first_rung)].revision
        yield Event("proposed", revision, found.candidates, clause)
    last = first
    for stay in later:
        if last.end is None or stay.start < last.end:  # it never went: nothing came back
            continue
        left = woven.states[last.end - 1].clause(last.last)
        if last.end == stay.start:
            yield _event(woven, "moved", stay.start, stay.at, left)
        else:
            yield _event(woven, "struck", last.end, last.last)
            yield _event(
                woven,
                "restored",
                stay.start,
                stay.at,
                left if stay.number != last.number else None,
            )
        last = stay
    if last.end is not None:
        yield _event(woven, "struck", last.end, last.last)


def _event(
    woven: Woven, kind: EventKind, state: int, index: int, from_clause: str | None = None
) -> Event:
    """An event at `state`; the index of struck words is that in the text before."""
    where = woven.states[state - 1 if kind == "struck" else state]
    there = woven.states[state]
    candidates = there.candidates
    if state <= woven.declaring > 1:
        # A later paper's marks show the words, and not from which text before it they went.
        candidates = tuple(_rungs_between(woven, 0, woven.declaring))
    return Event(kind, there.revision, candidates, where.clause(index), from_clause)


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


def annotate(woven: Woven, number: int, *, struck: bool = False) -> Annotation:
    """Blame the text of state `number`, word by word, compacted into spans.

    Args:
        woven: the chain.
        number: the state.
        struck: also show, in their place, the words that were struck by then.
    """
    state = woven.states[number]
    moved = moved_away(woven, number)
    spans: list[Span] = []
    index = 0
    for strand in woven.weave.strands:
        if strand.alive(number):
            for piece in pieces(state, strand, index):
                _append(spans, _span(woven, state, piece))
            index += len(strand)
        elif struck and strand.life[0][0] <= number and strand.first not in moved:
            for span in _gone(woven, strand, number, index):
                _append(spans, span)
    return Annotation(state.revision, tuple(spans))


def _span(woven: Woven, state: State, piece: Piece) -> Span:
    bounds = state.words.bounds
    start, end = bounds[piece.index], bounds[piece.index + piece.size]
    origin, history = told(woven, piece.strand, piece.offset)
    return Span(start, end, state.words.text[start:end], piece.clause, origin, history)


def told(woven: Woven, strand: Strand, offset: int) -> tuple[Origin, tuple[Event, ...]]:
    """Return the origin and the history of a word of a strand; each is worked out once."""
    number = strand.first + offset
    if number not in woven.told:
        woven.told[number] = origin(woven, number), history(woven, strand, offset)
    return woven.told[number]


def moved_away(woven: Woven, number: int) -> frozenset[int]:
    """The numbers of words that stand elsewhere in the text of state `number`."""
    return frozenset(
        source + n
        for strand in woven.weave.alive(number)
        if strand.how == "moved"
        for source in strand.sources
        for n in range(len(strand))
    )


def _gone(woven: Woven, strand: Strand, number: int, index: int) -> Iterator[Span]:
    """Spans of words that stood until some state up to `number`, shown as they last stood.

    Their clause is that of the words which they follow in the text of `number`, at `index`.
    """
    state = woven.states[number]
    at = state.words.bounds[index]
    clause = state.clause(max(index - 1, 0))
    last, turn = [turn for turn in strand.life[1::2] if turn[0] <= number][-1]
    for piece in pieces(woven.states[last - 1], strand, turn):
        span = _span(woven, woven.states[last - 1], piece)
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
