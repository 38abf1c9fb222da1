"""Diff: the way from one revision to another, in words kept, struck and inserted.

Strategy: walk the weave and take the strands that are alive at either end. Between two kept words
everything struck comes first, then everything inserted; words on both sides of such a gap that read
alike are kept (they were struck and brought back in between). Each run carries the origin and the
history of its words, and the event that made it: who struck them, who inserted them.

This module does not know formats: it says what changed, never how that looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, Literal

import attrs

from bargaining.model import Diff, DiffRun, Event, EventKind, Hunk
from bargaining.text.align import Block, match
from bargaining.text.words import Row, is_tellable
from bargaining.views.blame import moved_away, told
from bargaining.weave.strands import Strand
from bargaining.weave.woven import Woven

Kind = Literal["kept", "struck", "inserted", "dropped"]
_STRUCK_BY: Final = ("struck", "moved")
_INSERTED_BY: Final = ("proposed", "restored", "moved")


@attrs.frozen(eq=False)
class Stretch:
    """Words in a row of one strand.

    Attributes:
        strand: the strand.
        offset: the first word, counted in the strand.
        index: the first word, counted in the text that they are taken from.
        size: how many words.
        state: the state of that text.
    """

    strand: Strand
    offset: int
    index: int
    size: int
    state: int

    @property
    def number(self) -> int:
        """The number for life of the first word."""
        return self.strand.first + self.offset

    def part(self, start: int, end: int) -> Stretch:
        """Return words `start` to `end` of it, half-open."""
        at = self.offset + start, self.index + start
        return Stretch(self.strand, *at, end - start, self.state)


@attrs.frozen(eq=False)
class Step:
    """Words that were kept, struck, inserted or dropped, in reading order.

    `ours` are those of the old text, `theirs` those of the new; dropped words stand in `ours`, with
    the state in which they last stood. Both have as many words where they are kept.
    """

    kind: Kind
    ours: Sequence[Stretch] = ()
    theirs: Sequence[Stretch] = ()


@attrs.frozen
class Move:
    """Where moved words stand at the other end: their address, and a number for the pair."""

    clause: str
    pair: int


def diff(woven: Woven, old: int, new: int) -> Diff:
    """Return the way from state `old` to state `new`."""
    a, b = woven.states[old], woven.states[new]
    moves = find_moves(woven, old, new)
    runs = _joined(_runs(woven, step, moves, old, new) for step in steps(woven, old, new))
    return Diff(a.revision, b.revision, runs, tuple(_hunks(runs)))


def find_moves(woven: Woven, old: int, new: int) -> dict[int, Move]:
    """Map the number of each word that stands elsewhere at the other end to where that is."""
    there: dict[int, tuple[str, int]] = {}
    moves: dict[int, Move] = {}
    for state, other in ((old, new), (new, old)):
        index = 0
        for strand in woven.weave.alive(state):
            for n in range(len(strand)) if not strand.alive(other) else ():
                root = woven.weave.roots(strand.first + n)[0]
                clause = woven.states[state].clause(index + n)
                if state == new and root in there:
                    moves[strand.first + n] = Move(there[root][0], root)
                    moves[there[root][1]] = Move(clause, root)
                elif state == old:
                    there[root] = (clause, strand.first + n)
            index += len(strand)
    return moves


def steps(woven: Woven, old: int, new: int, *, all_rounds: bool = False) -> Iterator[Step]:
    """Yield the way from state `old` to state `new`, step by step.

    Args:
        woven: the chain.
        old: the state at one end.
        new: the state at the other.
        all_rounds: also yield what stood only in between, as dropped.
    """
    moved = moved_away(woven, new) if all_rounds else frozenset()
    struck: list[Stretch] = []
    later: list[Stretch] = []  # what is inserted, and among it what was dropped
    at_old = at_new = 0
    for strand in woven.weave.strands:
        in_old, in_new = strand.alive(old), strand.alive(new)
        size = len(strand)
        ours = Stretch(strand, 0, at_old, size, old)
        theirs = Stretch(strand, 0, at_new, size, new)
        if in_old and in_new:
            yield from _gap(woven, struck, later, new)
            struck, later = [], []
            yield Step("kept", [ours], [theirs])
        elif in_old:
            struck.append(ours)
        elif in_new:
            later.append(theirs)
        elif all_rounds and strand.first not in moved:
            later += _in_between(strand, old, new)
        at_old, at_new = at_old + in_old * size, at_new + in_new * size
    yield from _gap(woven, struck, later, new)


def _in_between(strand: Strand, old: int, new: int) -> Iterator[Stretch]:
    """Yield a strand that came after `old` and was gone by `new`, as it last stood."""
    ends = [(state, at) for state, at in strand.life[1::2] if old < state <= new]
    if ends and strand.life[0][0] > old:
        state, at = ends[-1]
        yield Stretch(strand, 0, at, len(strand), state - 1)


def _gap(
    woven: Woven, struck: Sequence[Stretch], later: Sequence[Stretch], new: int
) -> Iterator[Step]:
    """Settle what stands between two kept words."""
    inserted = [stretch for stretch in later if stretch.state == new]
    blocks: tuple[Block, ...] = ()
    if struck and inserted:
        rows = (Row.of(_keys(woven, stretches)) for stretches in (struck, inserted))
        blocks = match(*rows)
    at = Block(0, 0, 0)
    dropped = list(_dropped_at(later, new))
    for block in (*blocks, Block(_size(struck), _size(inserted), 0)):
        end_old, end_new = block.old + block.size, block.new + block.size
        yield Step("struck", ours=_cut(struck, at.old + at.size, block.old))
        yield from _later(inserted, dropped, at.new + at.size, block.new)
        kept = _cut(struck, block.old, end_old), _cut(inserted, block.new, end_new)
        yield Step("kept", *kept)
        at = block


def _dropped_at(later: Sequence[Stretch], new: int) -> Iterator[tuple[int, Stretch]]:
    """Yield what was dropped, each with the count of inserted words before it."""
    at = 0
    for stretch in later:
        if stretch.state == new:
            at += stretch.size
        else:
            yield at, stretch


def _later(
    inserted: Sequence[Stretch], dropped: list[tuple[int, Stretch]], start: int, end: int
) -> Iterator[Step]:
    """Yield inserted words `start` to `end`, and what was dropped up to there, in reading order."""
    while dropped and dropped[0][0] <= end:
        at, stretch = dropped.pop(0)
        yield Step("inserted", theirs=_cut(inserted, start, max(at, start)))
        yield Step("dropped", ours=[stretch])
        start = max(at, start)
    yield Step("inserted", theirs=_cut(inserted, start, end))


def _keys(woven: Woven, stretches: Sequence[Stretch]) -> list[str]:
    keys = woven.weave.keys
    return list(chain.from_iterable(keys[s.number : s.number + s.size] for s in stretches))


def _size(stretches: Sequence[Stretch]) -> int:
    return sum(stretch.size for stretch in stretches)


def _cut(stretches: Sequence[Stretch], start: int, end: int) -> list[Stretch]:
    """Return words `start` to `end` of a row of stretches."""
    found: list[Stretch] = []
    at = 0
    for stretch in stretches:
        first, last = max(start - at, 0), min(end - at, stretch.size)
        if first < last:
            found.append(stretch.part(first, last))
        at += stretch.size
    return found


def paired(step: Step) -> Iterator[tuple[Stretch | None, Stretch | None]]:
    """Yield the stretches of a step, those of kept words cut so that both sides go together."""
    if step.kind != "kept":
        yield from ((stretch, None) for stretch in step.ours)
        yield from ((None, stretch) for stretch in step.theirs)
        return
    ours, theirs = list(step.ours), list(step.theirs)
    while ours and theirs:
        size = min(ours[0].size, theirs[0].size)
        yield ours[0].part(0, size), theirs[0].part(0, size)
        for side in (ours, theirs):
            rest = side.pop(0)
            if rest.size > size:
                side.insert(0, rest.part(size, rest.size))


def pieces(woven: Woven, stretch: Stretch, moves: dict[int, Move]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a stretch within which neither its clause nor its move changes."""
    state = woven.states[stretch.state]
    start = 0
    while start < stretch.size:
        last = state.outline.end(stretch.index + start, stretch.index + stretch.size)
        end = min(max(last - stretch.index, start + 1), stretch.size)
        if moves:
            end = _same_move(moves, stretch.number, start, end)
        yield start, end
        start = end


def _same_move(moves: dict[int, Move], number: int, start: int, end: int) -> int:
    first = moves.get(number + start)
    for n in range(start + 1, end):
        move = moves.get(number + n)
        if (move is None) != (first is None):
            return n
        if move and first and (move.clause, move.pair - n) != (first.clause, first.pair - start):
            return n
    return end


def _runs(
    woven: Woven, step: Step, moves: dict[int, Move], old: int, new: int
) -> Iterator[DiffRun]:
    """Write a step as runs, one for each strand and clause that it passes through."""
    kind = step.kind
    if kind == "dropped":
        return
    for ours, theirs in paired(step):
        shown = theirs or ours
        if shown is None:
            continue
        for start, end in pieces(woven, shown, moves if kind != "kept" else {}):
            part = shown.part(start, end)
            origin, history = told(woven, part.strand, part.offset)
            move = move_of(woven, part, moves) if kind != "kept" else None
            yield DiffRun(
                kind=kind,
                before=_text(woven, ours and ours.part(start, end)),
                after=_text(woven, theirs and theirs.part(start, end)),
                clause=woven.states[part.state].clause(part.index),
                origin=origin,
                history=history,
                moved=None if move is None else move.clause,
                made=None if kind == "kept" else made(woven, part, kind, old, new),
            )


def move_of(woven: Woven, part: Stretch, moves: dict[int, Move]) -> Move | None:
    """Return where words stand at the other end; a number or a sign alone is no move."""
    move = moves.get(part.number)
    keys = woven.weave.keys[part.number : part.number + part.size]
    return move if move is not None and any(map(is_tellable, keys)) else None


def made(woven: Woven, part: Stretch, kind: Kind, old: int, new: int) -> Event | None:
    """Return what struck or inserted words on the way; None on the way back.

    Args:
        woven: the chain.
        part: the words; the first of them is asked for.
        kind: struck or inserted.
        old: the state at the old end.
        new: the state at the new end.
    """
    turns = part.strand.life[1::2] if kind == "struck" else part.strand.life[::2]
    turned = [state for state, _ in turns if old < state <= new]
    if not turned:
        return None
    state = woven.states[turned[-1]]
    rungs = woven.states[old].revision.rung, woven.states[new].revision.rung
    found = _event(woven, part, _STRUCK_BY if kind == "struck" else _INSERTED_BY, rungs)
    if found is None:
        clause = woven.states[part.state].clause(part.index)
        found = Event(_STRUCK_BY[0] if kind == "struck" else _INSERTED_BY[0], state.revision,
                      state.candidates, clause)  # fmt: skip
    later = tuple(revision for revision in found.candidates if revision.rung > rungs[0])
    return attrs.evolve(found, candidates=later or found.candidates)


def _event(
    woven: Woven, part: Stretch, kinds: Sequence[EventKind], rungs: tuple[int, int]
) -> Event | None:
    """Return the last event of some kinds in the history of words, between two rungs.

    Whoever moved words that came on the way neither proposed nor struck them: a move counts only
    where nothing else does.
    """
    _, events = told(woven, part.strand, part.offset)
    there = [e for e in events if e.kind in kinds and rungs[0] < e.revision.rung <= rungs[1]]
    other = [event for event in there if event.kind != "moved"]
    return next(reversed(other or there), None)


def _text(woven: Woven, stretch: Stretch | None) -> str:
    if stretch is None:
        return ""
    return woven.states[stretch.state].words.slice(stretch.index, stretch.index + stretch.size)


def _joined(rows: Iterator[Iterator[DiffRun]]) -> tuple[DiffRun, ...]:
    """Join neighbouring runs that nothing tells apart."""
    runs: list[DiffRun] = []
    for run in (run for row in rows for run in row):
        last = runs[-1] if runs else None
        if last is not None and _told_apart(last) == _told_apart(run):
            runs[-1] = attrs.evolve(
                last, before=last.before + run.before, after=last.after + run.after
            )
        else:
            runs.append(run)
    return tuple(runs)


def _told_apart(run: DiffRun) -> Sequence[object]:
    return run.kind, run.clause, run.origin, run.history, run.moved, run.made


def _hunks(runs: Sequence[DiffRun]) -> Iterator[Hunk]:
    old = new = 0
    row: list[DiffRun] = []
    for run in runs:
        if run.kind != "kept":
            row.append(run)
            continue
        if row:
            yield _hunk(row, old, new)
        old += sum(len(r.before) for r in (*row, run))
        new += sum(len(r.after) for r in (*row, run))
        row = []
    if row:
        yield _hunk(row, old, new)


def _hunk(row: Sequence[DiffRun], old: int, new: int) -> Hunk:
    struck = "".join(run.before for run in row)
    inserted = "".join(run.after for run in row)
    clause = next((run.clause for run in row if run.after), row[0].clause)
    return Hunk(clause, old, old + len(struck), new, new + len(inserted), struck, inserted)
