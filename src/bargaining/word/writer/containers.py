"""Containers: what holds paragraphs and tables, and what its blocks are.

Strategy: the body, a cell, a note, a text box, a header hold blocks: paragraphs, tables, and
content controls around others. Tables and rows are told apart by their words, and by how cells
span.

This module knows no redlines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bargaining.word.file.names import Element, value, w

HOLDERS: Final = frozenset(map(w, ("sdt", "customXml")))
BLOCKS: Final = frozenset(map(w, ("p", "tbl"))) | HOLDERS


def blocks(container: Element) -> list[Element]:
    """Return the blocks of a container."""
    return [child for child in container if child.tag in BLOCKS]


def content(holder: Element) -> Element:
    """Return what holds the blocks of a content control."""
    content = holder.find(w("sdtContent"))
    return holder if content is None else content


def words_of(element: Element) -> str:
    """Return the text of a table, a row or a control, to be compared with others."""
    return " ".join(node.text or "" for node in element.iter(w("t")))


def shape(row: Element) -> tuple[tuple[str, str], ...]:
    """Return how the cells of a row span columns and rows."""
    found = []
    for cell in row.findall(w("tc")):
        properties = cell.find(w("tcPr"))
        span = value(properties.find(w("gridSpan"))) if properties is not None else None
        merge = properties.find(w("vMerge")) if properties is not None else None
        found.append((span or "1", "" if merge is None else value(merge) or "continue"))
    return tuple(found)


def in_order(cuts: Sequence[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Let cuts never go back in either row."""
    found: list[tuple[int, int, bool]] = []
    at_old = at_new = 0
    for i, j, is_old in cuts:
        i, j = max(i, at_old), max(j, at_new)  # noqa: PLW2901 - never back
        found.append((i, j, is_old))
        at_old, at_new = i + is_old, j + (not is_old)
    return found


def put(block: Element, before: Element | None, container: Element) -> None:
    """Put a block before another, or at the end of its container."""
    if before is not None:
        before.addprevious(block)
    elif (last := container.find(w("sectPr"))) is not None:
        last.addprevious(block)
    else:
        container.append(block)
