"""Columns: pieces of text folded to a width in cells, one column or two side by side.

Strategy: words are whatever stands between spacing, over all pieces, so that a sign is never parted
from its words; only a word wider than the column is cut. A line stays a row of pieces until it is
painted, so that its width is known without the colours. What is folded here is made safe here.

This module knows no redlines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Final, TypeAlias

from bargaining.text.spelling import clusters
from bargaining.writers.screen import Piece, Screen, cells, safe

Line: TypeAlias = list[Piece]

_CHUNK: Final = re.compile(r"\n|[^\S\n]+|\S+")
_NEW_LINE: Final[Line] = [("\n", "plain")]
_NARROWEST: Final = 2  # cells: the widest character has to fit


def fold(pieces: Iterable[Piece], width: int) -> Iterator[Line]:
    """Yield pieces as lines that are at most `width` cells wide; a line feed starts a new one."""
    line: Line = []
    used = 0
    width = max(width, _NARROWEST)
    for gap, word in _words(pieces):
        size = _cells(word)
        if word == _NEW_LINE or (used and used + _cells(gap) + size > width):
            yield line
            line, used = [], 0
        if word == _NEW_LINE:
            continue
        *whole, last = _cut(word, width) if size > width else [word]
        yield from whole
        line += [*(gap if used else []), *last]
        used = _cells(line)
    if line:
        yield line


def _words(pieces: Iterable[Piece]) -> Iterator[tuple[Line, Line]]:
    """Yield each word with the gap before it, both as pieces; a line end is a word by itself."""
    gap: Line = []
    word: Line = []
    for text, style in pieces:
        for chunk in _CHUNK.findall(safe(text)):
            if not chunk.isspace():
                word.append((chunk, style))
                continue
            if word:
                yield gap, word
                gap, word = [], []
            if chunk == "\n":
                yield [], _NEW_LINE
                gap = []
            else:
                gap = [(" ", style)]
    if word:
        yield gap, word


def _cut(word: Line, width: int) -> Iterator[Line]:
    """Cut a word that is wider than a column."""
    part: Line = []
    used = 0
    for text, style in word:
        for character in clusters(text):
            size = cells(character)
            if used + size > width:
                yield part
                part, used = [], 0
            part.append((character, style))
            used += size
    yield part


def _cells(line: Iterable[Piece]) -> int:
    return sum(cells(text) for text, _ in line)


def painted(line: Sequence[Piece], screen: Screen, width: int = 0) -> str:
    """Return a line in its colours, filled up with spaces to a width."""
    groups = groupby(line, key=lambda piece: piece[1])
    text = "".join(
        screen.paint("".join(text for text, _ in group), style) for style, group in groups
    )
    return text + " " * max(width - _cells(line), 0)


def beside(
    columns: Sequence[tuple[Iterable[Piece], int]], joints: Sequence[str], screen: Screen
) -> Iterator[str]:
    """Yield lines with columns side by side.

    Args:
        columns: for each its pieces and its width in cells.
        joints: what stands between one column and the next.
        screen: the terminal.
    """
    folded = [list(fold(pieces, width)) for pieces, width in columns]
    for row in zip_longest(*folded, fillvalue=()):
        parts = [
            painted(line, screen, width) for line, (_, width) in zip(row, columns, strict=True)
        ]
        yield "".join(map("".join, zip_longest(parts, joints, fillvalue=""))).rstrip()
