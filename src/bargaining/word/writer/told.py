"""Told: which characters of a document the redline speaks of, and what it says of them.

Strategy: the redline's texts are those of the clause text of both documents. Each of their
characters stands in one node of a document, or is a number that a list shows. What the redline
keeps ties a character of the older document to one of the newer; what it marks bears the event of
its run. Of all else in the documents (titles, ladders, headers, empty paragraphs, pictures) it
says nothing.

This module marks nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import attrs

from bargaining.model import Redline, RedlineRun
from bargaining.word.file.names import Element
from bargaining.word.writer.runs import UnfitError

UNTOLD = -1


@attrs.frozen(eq=False)
class Line:
    """A paragraph that holds clause text: its element, the nodes of its text, and its number."""

    element: Element
    nodes: Sequence[tuple[str, Element]]
    label: str


@attrs.frozen(eq=False)
class Side:
    """One text of a redline in its document.

    Attributes:
        nodes: for the `id` of a node, the offset in the text of each of its characters.
        ends: for the `id` of a paragraph, the offset of the line feed that ends it.
        starts: where the runs of the redline start in this text, rising.
        runs: those runs.
        shift: for each run, how far before it the same run starts in the other text; for kept ones.
    """

    nodes: dict[int, Sequence[int]]
    ends: dict[int, int]
    starts: tuple[int, ...]
    runs: tuple[RedlineRun, ...]
    shift: tuple[int, ...]

    def at(self, offset: int) -> int:
        """Return the index of the run that holds the character at an offset of the text."""
        return bisect_right(self.starts, offset) - 1


def side(redline: Redline, lines: Iterable[Line], *, new: bool) -> Side:
    """Find one text of a redline in a document.

    Args:
        redline: the redline.
        lines: the paragraphs that hold clause text, in reading order.
        new: whether it is the newer text.

    Raises:
        UnfitError: the document holds another text.
    """
    text = redline.new_text if new else redline.old_text
    nodes: dict[int, Sequence[int]] = {}
    ends: dict[int, int] = {}
    left = iter(lines)
    at = 0
    for row in text.split("\n"):
        if row.strip():
            line = next(left, None)
            if line is None or not row.startswith(line.label):
                raise UnfitError
            _place(line, row[len(line.label) :], at + len(line.label), nodes)
            ends[id(line.element)] = at + len(row)
        at += len(row) + 1
    if next(left, None) is not None:
        raise UnfitError
    return Side(nodes, ends, *_runs(redline, new=new))


def _place(line: Line, wanted: str, start: int, nodes: dict[int, Sequence[int]]) -> None:
    """Find the characters of one paragraph; spacing that is in one of both only is untold."""
    at = 0
    if "".join(text for text, _ in line.nodes) == wanted:
        for text, node in line.nodes:
            nodes[id(node)] = range(start + at, start + at + len(text))
            at += len(text)
        return
    for text, node in line.nodes:
        found = []
        for character in text:
            while at < len(wanted) and wanted[at] != character and wanted[at].isspace():
                at += 1
            if at < len(wanted) and wanted[at] == character:
                found.append(start + at)
                at += 1
            elif character.isspace():
                found.append(UNTOLD)
            else:
                raise UnfitError
        nodes[id(node)] = found
    if wanted[at:].strip():
        raise UnfitError


def _runs(
    redline: Redline, *, new: bool
) -> tuple[tuple[int, ...], tuple[RedlineRun, ...], tuple[int, ...]]:
    starts: list[int] = []
    runs: list[RedlineRun] = []
    shift: list[int] = []
    own = other = 0
    for run in redline.runs:
        in_own, in_other = (run.in_new, run.in_old) if new else (run.in_old, run.in_new)
        if in_own:
            starts.append(own)
            runs.append(run)
            shift.append(own - other)
            own += len(run.text)
        other += len(run.text) if in_other else 0
    return tuple(starts), tuple(runs), tuple(shift)
