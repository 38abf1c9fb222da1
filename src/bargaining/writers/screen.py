"""The screen: text as lines of so many cells, coloured where wanted, safe always.

Strategy: what is shown is a row of (text, style) pieces; one wrapper measures them by the cells
that they take. Struck and inserted words carry signs (`[-…-]`, `{+…+}`), so that colour only adds.
Whatever comes from a paper or a file name passes `safe` first.

This module prints nothing: the command line does. It knows no answers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from bargaining.text.spelling import MARKER, compiled, cut_up
from bargaining.writers.safety import JOINER, acts

_HANDS: Final = ("36", "35", "34", "32")  # the colours of the parties on a redline

HANDS: Final = len(_HANDS)

_CODES: Final[Mapping[str, str]] = {
    "plain": "",
    "struck": "31;9",
    "inserted": "32;4",
    "bold": "1",
    "dim": "2",
    "warning": "33",
    "struck ?": "33;9",  # of one party or another
    "inserted ?": "33;4",
    "dropped ?": "33;4;9",
    "dropped": "4;9",
    **{f"party {n}": code for n, code in enumerate(_HANDS)},
    **{f"struck {n}": f"{code};9" for n, code in enumerate(_HANDS)},
    **{f"inserted {n}": f"{code};4" for n, code in enumerate(_HANDS)},
    **{f"dropped {n}": f"{code};4;9" for n, code in enumerate(_HANDS)},
}

_SOFT_BREAK: Final = re.compile(
    rf"(?<!\n)\n(?![^\S\n]*(?:\n|[-*+•]\s|(?:\[-|{{\+)?{MARKER}))[^\S\n]*"
)

_RARE: Final = rf"(?P<joiner>{JOINER})|[^ -~]"

_CONTEXT: Final = 12  # words shown on each side of a change

_WORD_MOST: Final = 60  # code points of a word that are kept together

_KEPT_MOST: Final = 30  # kept words in a row that are shown whole

_JOINED: Final = re.compile("[\u1160-\u11ff\U0001f3fb-\U0001f3ff]")  # in the cells of others

Piece = tuple[str, str]  # text, and its style


def safe(text: str) -> str:
    """Return text in which nothing can act on a terminal.

    Control, format (bidirectional, zero-width), surrogate and private-use characters and line
    separators are written as their code point; a line feed stays, a tab becomes a space. A
    joiner within a picture, or between letters that it shapes, stays, too.
    """
    if text.replace("\n", "").isprintable():  # the most frequent case, told at once
        return text
    return compiled(_RARE).sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    one = found[0]
    if one == "\t":
        return " "
    is_harmless = found["joiner"] or one == "\n" or not acts(one)
    return one if is_harmless else f"<U+{ord(one):04X}>"


def cells(text: str) -> int:
    """Return how many terminal cells a text takes."""
    return len(text) if text.isascii() else sum(_cell(c) for c in text)


def _cell(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"} or _JOINED.match(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


@attrs.frozen
class Screen:
    """How wide the terminal is, in cells, and whether colour is wanted."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """Return safe text in a style."""
        code = _CODES[style] if self.colour else ""
        return f"\x1b[{code}m{text}\x1b[0m" if code and text else text

    def wrap(self, pieces: Iterable[Piece], *, first: str = "", rest: str = "") -> Iterator[str]:
        """Wrap pieces at the width, behind `first` on the first line and `rest` on the others."""
        line, used, head = "", 0, first
        room = max(self.width - max(cells(first), cells(rest)), 10)
        for text, style in _words(pieces):
            size = cells(text.rstrip())
            if text == "\n" or (used and used + size > room):
                yield (head + line).rstrip()
                line, used, head = "", 0, rest
            if text != "\n" and (used or text.strip()):
                shown = text if used else text.lstrip()
                line += self.paint(shown, style)
                used += cells(shown)
        if line:
            yield (head + line).rstrip()

    def lines(self, text: str, *, indent: str = "") -> Iterator[str]:
        """Wrap plain text."""
        yield from self.wrap([(text, "plain")], first=indent, rest=indent)


def _words(row: Iterable[Piece]) -> Iterator[Piece]:
    """Cut pieces at spaces; words too long for any line are cut as well."""
    for text, style in row:
        for word in re.findall(r"\n|[^\S\n]*\S+|[^\S\n]+", safe(text)):
            yield from ((part, style) for part in cut_up(word, _WORD_MOST))


def person(message: str) -> str:
    """Return a message on one safe line."""
    return " ".join(safe(message).split())


def marked(text: str, kind: str, note: str = "") -> Iterator[Piece]:
    """Put signs around struck or inserted words, inside of the spacing around them.

    Args:
        text: the words.
        kind: struck or inserted.
        note: what stands right behind the signs.
    """
    opens, closes = ("[-", "-]") if kind == "struck" else ("{+", "+}")
    core = text.strip()
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if core:
        yield head, "plain"
        yield f"{opens}{core}{closes}", kind
        yield note + tail, "plain"


def shortened(text: str) -> str:
    """Leave the middle of a long kept stretch out, and say so.

    Args:
        text: the words.
    """
    words = re.findall(r"\s*\S+\s*?(?=\s|$)", text)
    if len(words) <= _KEPT_MOST:
        return text
    tail = text[len(text.rstrip()) :]
    return "".join(words[:_CONTEXT]) + " […]" + "".join(words[-_CONTEXT:]) + tail


def reflowed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Turn line ends inside paragraphs into spaces; those before an item or a blank line stay."""
    pieces = list(pieces)
    whole = "".join(text for text, _ in pieces)
    breaks = [*_SOFT_BREAK.finditer(whole, 0, len(whole.rstrip()))]
    soft = {at: "" for found in breaks for at in range(found.start(), found.end())}
    soft |= {found.start(): " " for found in breaks}
    at = 0
    for text, style in pieces:
        yield "".join(soft.get(at + n, c) for n, c in enumerate(text)), style
        at += len(text)
