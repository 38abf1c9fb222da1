"""Redline: the way from one revision to another, in words kept, struck and inserted.

Strategy: walk the weave and take the strands that are alive at either end. Between two kept words
everything struck comes first, then everything inserted; words on both sides of such a gap that read
alike are kept (they were struck and brought back in between). Each run carries the origin and the
history of its words, so that any writer can say who struck and who inserted.

This module does not know formats: it says what changed, never how that looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import attrs

from bargaining.align import Block, match
from bargaining.blame import history, origin
from bargaining.fabric import Fabric, State
from bargaining.model import Diff, DiffRun, Hunk
from bargaining.strands import Strand
from bargaining.words import Row

Kind = Literal["kept", "struck", "inserted"]


@attrs.frozen(eq=False)
class _Word:
    """One word: its strand, its place there, and its index in the text that it is taken from."""

    strand: Strand
    offset: int
    index: int

    @property
    def number(self) -> int:
        """Its number for life."""
        return self.strand.first + self.offset


def diff(fabric: Fabric, old: int, new: int) -> Diff:
    """Return the way from state `old` to state `new`."""
    a, b = fabric.states[old], fabric.states[new]
    moves = _moves(fabric, old, new)
    runs = _joined(_run(fabric, a, b, step, moves) for step in _steps(fabric, old, new))
    return Diff(a.revision, b.revision, runs, tuple(_hunks(runs)))


def _moves(fabric: Fabric, old: int, new: int) -> dict[int, str]:
    """Map the number of each word that stands elsewhere at the other end to its address there."""
    there: dict[int, tuple[str, int]] = {}
    moves: dict[int, str] = {}
    for state, other in ((old, new), (new, old)):
        index = 0
        for strand in fabric.weave.alive(state):
            for n in range(len(strand)) if not strand.alive(other) else ():
                root = fabric.weave.roots(strand.first + n)[0]
                clause = fabric.states[state].clause(index + n)
                if state == new and root in there:
                    moves[strand.first + n] = there[root][0]
                    moves[there[root][1]] = clause
                elif state == old:
                    there[root] = (clause, strand.first + n)
            index += len(strand)
    return moves


_Step = tuple[Kind, Sequence[_Word], Sequence[_Word]]


def _steps(fabric: Fabric, old: int, new: int) -> Iterator[_Step]:
    """Yield rows of words that were kept, struck or inserted, in reading order."""
    struck: list[_Word] = []
    inserted: list[_Word] = []
    at_old = at_new = 0
    for strand in fabric.weave.strands:
        in_old, in_new = strand.alive(old), strand.alive(new)
        ours = [_Word(strand, n, at_old + n) for n in range(len(strand))] if in_old else []
        theirs = [_Word(strand, n, at_new + n) for n in range(len(strand))] if in_new else []
        at_old, at_new = at_old + len(ours), at_new + len(theirs)
        if in_old and in_new:
            yield from _gap(fabric, struck, inserted)
            struck, inserted = [], []
            yield "kept", ours, theirs
        else:
            struck += ours
            inserted += theirs
    yield from _gap(fabric, struck, inserted)


def _gap(fabric: Fabric, struck: Sequence[_Word], inserted: Sequence[_Word]) -> Iterator[_Step]:
    """Settle what stands between two kept words."""
    at = Block(0, 0, 0)
    keys = fabric.weave.keys
    rows = (Row.of([keys[word.number] for word in words]) for words in (struck, inserted))
    blocks = match(*rows)
    for block in (*blocks, Block(len(struck), len(inserted), 0)):
        yield "struck", struck[at.old + at.size : block.old], ()
        yield "inserted", (), inserted[at.new + at.size : block.new]
        end_old, end_new = block.old + block.size, block.new + block.size
        yield "kept", struck[block.old : end_old], inserted[block.new : end_new]
        at = block


def _run(
    fabric: Fabric, a: State, b: State, step: _Step, moves: dict[int, str]
) -> Iterator[DiffRun]:
    """Write a row of words as runs, one for each strand and clause that it passes through."""
    kind, ours, theirs = step
    shown, state = (ours, a) if kind == "struck" else (theirs, b)
    start = 0
    for n in range(1, len(shown) + 1):
        if n < len(shown) and _alike(state, shown[n - 1], shown[n], moves):
            continue
        first = shown[start]
        yield DiffRun(
            kind=kind,
            before=_text(a, ours[start:n]),
            after=_text(b, theirs[start:n]),
            clause=state.clause(first.index),
            origin=origin(fabric, first.strand.first + first.offset),
            history=history(fabric, first.strand, first.offset),
            moved=moves.get(first.number) if kind != "kept" else None,
        )
        start = n


def _alike(state: State, word: _Word, after: _Word, moves: dict[int, str]) -> bool:
    same_clause = state.clause(word.index) == state.clause(after.index)
    same_move = moves.get(word.number) == moves.get(after.number)
    return word.strand is after.strand and same_clause and same_move


def _text(state: State, words: Sequence[_Word]) -> str:
    return state.words.slice(words[0].index, words[-1].index + 1) if words else ""


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
    return run.kind, run.clause, run.origin, run.history, run.moved


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
