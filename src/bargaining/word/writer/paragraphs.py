"""Lines: a redline as the paragraphs of a document.

Strategy: the runs of a redline are cut at its line feeds. A line whose end is struck is a paragraph
that is merged into the next one when the marks are accepted, one whose end is inserted is merged
when they are rejected. Each paragraph of the new text is home to the lines that it is made of:
struck ones, then the one that stays.

This module knows no XML.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import attrs

from bargaining.model import Redline, RedlineRun, RunKind
from bargaining.text.spelling import MARKER
from bargaining.writers.redlines.blocks import END, atoms, parted, up_to_end

_LABEL: Final = re.compile(rf"{MARKER}[ ]?|•[ ]?")
_SHAPES: Final = (
    ("0", re.compile(r"\d+")),
    ("i", re.compile(r"[ivx]+$")),
    ("I", re.compile(r"[IVX]+$")),
    ("a", re.compile(r"[a-z]$")),
    ("A", re.compile(r"[A-Z]$")),
)


@attrs.define(eq=False)
class Line:
    """One paragraph of the written document.

    Attributes:
        bits: its text, under one mark each; no line feeds.
        end: the run that its line feed is of.
        starts_old: True when a paragraph of the old text starts with it.
    """

    bits: list[RedlineRun]
    end: RedlineRun
    starts_old: bool

    @property
    def new(self) -> str:
        """What it holds of the new text."""
        return "".join(bit.text for bit in self.bits if bit.in_new)

    @property
    def old(self) -> str:
        """What it holds of the old text."""
        return "".join(bit.text for bit in self.bits if bit.in_old)


def lines(runs: Iterable[RedlineRun]) -> Iterator[Line]:
    """Cut the runs of a redline at their line feeds."""
    bits: list[RedlineRun] = []
    starts_old = True
    for run in atoms(runs):
        if run.text != END:
            bits.append(run)
            continue
        yield Line(bits, run, starts_old)
        starts_old = run.in_old or (starts_old and not any(bit.in_old for bit in bits))
        bits = []
    if bits:  # dropped words without a line feed of their own, after the end of both texts
        yield Line(bits, attrs.evolve(bits[-1], text="\n"), starts_old)


def apart(runs: Iterable[RedlineRun], closed: Callable[[int], bool]) -> Iterator[RedlineRun]:
    """Say a split with words where two paragraphs can never be merged.

    Args:
        runs: the runs of a redline.
        closed: tells of a paragraph of the new text, counted from 0, that it cannot be merged into
            the next one: the one ends a cell, or something else stands between the two.
    """
    left = deque(atoms(runs))
    ended = 0  # paragraphs of the new text
    inside = False  # of a paragraph of the old text
    while left:
        run = left.popleft()
        if run.text == END and run.kind == "inserted" and inside and closed(ended):
            after = up_to_end(left, "inserted")
            here, there = parted(after, run)
            yield from here
            run = attrs.evolve(run, kind="kept", inserted=None)
            for _ in after:
                left.popleft()
            left.extendleft(reversed(there))
        if run.in_old:
            inside = run.text != END
        ended += run.text == END and run.in_new
        yield run


def homes(runs: Iterable[RedlineRun]) -> list[list[Line]]:
    """Return the lines of each paragraph of the new text; the last list stands after all."""
    found: list[list[Line]] = [[]]
    for line in lines(runs):
        found[-1].append(line)
        if line.end.in_new:
            found.append([])
    return found


def renumbered(redline: Redline) -> set[int]:
    """Return which paragraphs of the new text have a number of another form than in the old one.

    No list can give them both; counted from 0.
    """
    found = set()
    for n, lines in enumerate(homes(redline.runs)):
        first = next((line for line in lines if line.new), None)
        whole = first is not None and first.starts_old and first.old
        if first and whole and shape(label(first.old)) != shape(label(first.new)):
            found.add(n)
    return found


def label(text: str) -> str:
    """Return the number that a paragraph starts with and the space after it; empty for none."""
    found = _LABEL.match(text)
    return found.group() if found else ""


def shape(text: str) -> str:
    """Return the form of a number: `(a)`, `0.0`, `i.`; equal for numbers of one list."""
    core = text.strip()
    inner = core.strip("().")
    for sign, pattern in _SHAPES:
        if pattern.match(inner):
            return core.replace(inner, re.sub(r"\d+", "0", inner) if sign == "0" else sign)
    return core


def without_labels(line: Line, old: int, new: int) -> list[RedlineRun]:
    """Return the bits of a line without so many characters of the old and of the new text.

    A kept character of which only one side goes stays as a mark of the other.
    """
    found: list[RedlineRun] = []
    for bit in line.bits:
        cut_old = min(old, len(bit.text)) if bit.in_old else 0
        cut_new = min(new, len(bit.text)) if bit.in_new else 0
        old, new = old - cut_old, new - cut_new
        if bit.kind == "kept" and cut_old != cut_new:
            both, more = sorted((cut_old, cut_new))
            kind: RunKind = "struck" if cut_new > cut_old else "inserted"
            found.append(attrs.evolve(bit, kind=kind, text=bit.text[both:more]))
            found.append(attrs.evolve(bit, text=bit.text[more:]))
        elif cut_old or cut_new:
            found.append(attrs.evolve(bit, text=bit.text[max(cut_old, cut_new) :]))
        else:
            found.append(bit)
    return [bit for bit in found if bit.text]
