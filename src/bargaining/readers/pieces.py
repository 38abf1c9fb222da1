"""Pieces: a paper put together anew, of its own words and of those of other texts.

Strategy: what results is a row of pieces. A piece of the paper itself keeps its marks, with what is
struck between its words; a piece of another text is kept. The paper's doubts move with its words.

This module does not know why a piece stands where it does.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

import attrs

from bargaining.model import Doubt, Paper, Run
from bargaining.readers.doubts import shorten

_STANDS: Final = {"kept", "inserted"}
_BLANK_LINES: Final = re.compile(r"(?:[^\S\n]*+\n)*+")


@attrs.frozen
class Piece:
    """A stretch of what results.

    Attributes:
        text: its text.
        label: the paper that it is taken from; None for words of the paper itself.
        start: where those start in the paper's text.
        gap: the spacing behind it, unless it comes last; None for what stands behind it.
    """

    text: str
    label: str | None = None
    start: int = 0
    gap: str | None = None

    def trimmed(self) -> tuple[int, str, str]:
        """Return where its words start in it, the words, and the spacing behind them."""
        lead = _BLANK_LINES.match(self.text)
        at = lead.end() if lead is not None else 0
        text = self.text[at:].rstrip()
        return at, text, self.text[at + len(text) :]


def joined(paper: Paper, pieces: Sequence[Piece], gap: str) -> Paper:
    """Return a paper of these pieces, in this order.

    Args:
        paper: the paper whose own words some of the pieces are.
        pieces: what it is to hold.
        gap: what parts two pieces where neither text tells.
    """
    row = [piece for piece in pieces if piece.text.strip()]
    slices = _Slices.of(paper)
    opens = {piece.start for piece in row if piece.label is None}
    runs: list[Run] = []
    moved: list[tuple[int, int, int]] = []  # start and size of own words, and where they are now
    at = 0
    for n, piece in enumerate(row):
        lead, text, behind = piece.trimmed()
        if piece.label is None:
            moved.append((piece.start + lead, len(text), at))
            closes = piece.start + len(piece.text) not in opens
            size = len(piece.text) + closes  # what is struck right behind it is struck there
            runs += slices.between(piece.start, size, lead, len(text))
        else:
            runs.append(Run("kept", text))
        behind = behind if piece.gap is None else piece.gap
        behind = "" if n == len(row) - 1 else behind if "\n" in behind else gap
        runs.append(Run("kept", behind))
        at += len(text) + len(behind)
    moved.sort()
    doubts = [*(_moved(doubt, moved) for doubt in paper.doubts), *slices.left_out()]
    return attrs.evolve(paper, runs=tuple(_merged(runs)), doubts=tuple(doubts))


@attrs.frozen
class _Slices:
    """The runs of a paper, with where each starts in its text, and which were used."""

    runs: tuple[Run, ...]
    starts: tuple[int, ...]
    size: int
    used: set[int] = attrs.Factory(set)

    @classmethod
    def of(cls, paper: Paper) -> _Slices:
        sizes = [len(run.text) if run.kind in _STANDS else 0 for run in paper.runs]
        return cls(paper.runs, tuple(accumulate(sizes, initial=0))[:-1], sum(sizes))

    def between(self, start: int, size: int, lead: int, words: int) -> Iterator[Run]:
        """Yield the runs of a stretch of the text, and all that is struck in it.

        Args:
            start: where the stretch starts.
            size: up to where what is struck is taken.
            lead: how much spacing stands before its words, and is left out.
            words: the size of the words.
        """
        first, last = start + lead, start + lead + words
        for n in range(max(bisect_left(self.starts, start) - 1, 0), len(self.runs)):
            run, at = self.runs[n], self.starts[n]
            if at >= start + size and (at > start + size or at < self.size):
                return
            if run.kind in _STANDS:
                text = run.text[max(first - at, 0) : max(last - at, 0)]
                if text:
                    yield attrs.evolve(run, text=text)
            elif at >= start and n not in self.used:
                self.used.add(n)
                yield run

    def left_out(self) -> Iterator[Doubt]:
        """Say what is struck in the place of which other text was taken."""
        for n, run in enumerate(self.runs):
            if run.kind not in _STANDS and n not in self.used and run.text.strip():
                message = f"“{shorten(run.text)}” is struck where text of another paper is taken."
                yield Doubt("struck-left-out", message)


def _merged(runs: Sequence[Run]) -> Iterator[Run]:
    """Join neighbours under one mark."""
    last: Run | None = None
    row: list[str] = []
    for run in runs:
        if not run.text:
            continue
        same = last is not None and attrs.evolve(last, text="") == attrs.evolve(run, text="")
        if last is not None and not same:
            yield attrs.evolve(last, text="".join(row))
            row = []
        row.append(run.text)
        last = run
    if last is not None:
        yield attrs.evolve(last, text="".join(row))


def _moved(doubt: Doubt, moved: Sequence[tuple[int, int, int]]) -> Doubt:
    """Return a doubt where its words are now; without them, where they are gone."""
    n = bisect_right(moved, (doubt.start, float("inf"), 0)) - 1
    if n >= 0:
        start, size, now = moved[n]
        if doubt.start <= start + size:
            end = min(doubt.end, start + size)
            return attrs.evolve(doubt, start=doubt.start - start + now, end=end - start + now)
    return attrs.evolve(doubt, start=0, end=0)
