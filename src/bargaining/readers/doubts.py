"""Doubts: what a careful reader of one paper would not take for granted.

Strategy: marks are evidence, not truth. Struck text that is followed at once by unmarked words, and
has no inserted words beside it, may have its replacement there, unmarked: those words are in doubt
up to the next mark or the end of their sentence. A word that stands twice across the edge of a mark
shows a mark that is off by a word. Doubts say what and where; they change no text.

This module does not know files or ladders on file; it sees the pieces of one paper.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from bargaining.model import Doubt
from bargaining.readers.layout import Source, is_item
from bargaining.readers.marks import Piece, Unclosed

_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|cf|no|nos|sec|art|mr|mrs|ms|dr|st|vs|[a-z]|u\.s)\.$",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.?!;](?=[\s\"'”’)]|$)|\n\s*\n|\n(?=\s*\S)")
_FIRST_WORD: Final = re.compile(r"\s*([^\W_]+)(?!\S*[^\W_]\S*[-–])")
_LAST_WORD: Final = re.compile(r"(?:^|\s)([^\W_]+)\s*$")
_SHOWN: Final = 40  # code points of a paper that a message quotes at most


def shorten(text: str) -> str:
    """Return `text` on one line and short enough for a message."""
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"


def line_at(source: Source, at: int) -> int:
    """Return the paper's line of the code point at `at` in the clause source."""
    return source.lines[max(bisect_right(source.starts, at) - 1, 0)] if source.lines else 0


def piece_doubts(pieces: Sequence[Piece], source: Source) -> Iterator[Doubt]:
    """Yield the doubts that the marks of a paper raise, in reading order."""
    sizes = [len(p.text) if p.kind in {"kept", "inserted"} else 0 for p in pieces]
    starts = [0, *accumulate(sizes)]
    for n, piece in enumerate(pieces):
        line = line_at(source, piece.start)
        if piece.kind == "struck":
            yield from _unmarked_replacement(pieces, n, starts, line)
        if piece.kind in {"struck", "inserted"}:
            yield from _doubled_word(pieces, n, starts, line)


def _unmarked_replacement(
    pieces: Sequence[Piece], n: int, starts: Sequence[int], line: int
) -> Iterator[Doubt]:
    if _is_replaced(pieces, n):
        return
    follower = next((m for m in range(n + 1, len(pieces)) if pieces[m].text.strip()), None)
    if follower is None or pieces[follower].kind != "kept" or pieces[n].text.endswith("\n"):
        return
    size = _sentence_rest(pieces[follower].text)
    words = pieces[follower].text[:size]
    if not re.match(r"\s*[\w(\"'“‘]", words):
        return
    skip = len(words) - len(words.lstrip())
    yield Doubt(
        "unmarked-replacement",
        f"“{shorten(pieces[n].text)}” is struck and nothing beside it is marked as inserted: "
        f"“{shorten(words)}” may be its unmarked replacement.",
        line,
        starts[follower] + skip,
        starts[follower] + size,
    )


def _is_replaced(pieces: Sequence[Piece], n: int) -> bool:
    """True when inserted words stand beside the struck ones, spacing and punctuation apart."""
    for step in (1, -1):
        m = n + step
        while 0 <= m < len(pieces) and not re.search(r"\w", pieces[m].text):
            m += step
        if 0 <= m < len(pieces) and pieces[m].kind == "inserted":
            return True
    return False


def _sentence_rest(text: str) -> int:
    """Return how much of `text` belongs to the sentence that it starts in."""
    for end in _SENTENCE_END.finditer(text):
        if end.group() == "\n" and not is_item(text[end.end() :].split("\n", 1)[0]):
            continue
        if end.group() == "." and _ABBREVIATION.search(text[max(end.end() - 8, 0) : end.end()]):
            continue
        return end.start()
    return len(text)


def _doubled_word(
    pieces: Sequence[Piece], n: int, starts: Sequence[int], line: int
) -> Iterator[Doubt]:
    """A word that stands twice in a row once the struck (or inserted) text is left out."""
    left_out = {"struck", "dropped"} if pieces[n].kind == "struck" else {"inserted", "dropped"}
    before = next((p for p in reversed(pieces[:n]) if p.kind not in left_out), None)
    after = next((m for m in range(n + 1, len(pieces)) if pieces[m].kind not in left_out), None)
    if before is None or after is None:
        return
    last, first = _LAST_WORD.search(before.text), _FIRST_WORD.match(pieces[after].text)
    if not last or not first or last[1].casefold() != first[1].casefold() or first[1].isdigit():
        return
    counted = pieces[after].kind == "kept"
    yield Doubt(
        "doubled-word",
        f"“{first[1]}” stands twice across the edge of “{shorten(pieces[n].text)}”: "
        "the mark may be off by a word.",
        line,
        starts[after] + first.start(1) if counted else starts[n],
        starts[after] + first.end(1) if counted else starts[n],
    )


def unclosed_doubts(unclosed: Sequence[Unclosed], source: Source) -> Iterator[Doubt]:
    """Yield a doubt for each mark that does not close."""
    for mark in unclosed:
        line = line_at(source, mark.at)
        rest = source.text[mark.at : mark.at + _SHOWN].split("\n", 1)[0]
        message = f"The mark “{mark.sign}” opens at “{shorten(rest)}” and does not close."
        yield Doubt("unclosed-mark", message, line)
