"""Clauses: which address every word of a text has.

Strategy: a clause begins at a line that starts with a number or letter (`1.0`, `6.2`, `a.`, `(2)`,
`iv.`, `Article 5`). Dotted numbers such as `6.2` are addresses by themselves; everything else nests
by its style, in the order in which the styles first appear, and a list that starts again at its
first letter under another item is a level deeper. What is ambiguous (`i.` after `h.`) is settled by
what would come next. Text before the first clause is the preamble; a paragraph after the last one
that speaks of the term of the agreement is the term clause.

This module sees one text at a time and knows no marks and no revisions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

PREAMBLE: Final = "preamble"
TERM: Final = "term"

_HEAD: Final = re.compile(
    r"^[^\S\n]*(?:[-*+•][^\S\n]+)?(?:"
    r"(?:(?:section|sec\.|§)\s*)?(?P<dotted>\d{1,3}(?:\.\d{1,3})+(?:\([a-z\d]{1,4}\))*)\.?(?=\s)"
    r"|(?P<article>(?:article|section|appendix|art\.|sec\.|§)\s+(?:\d+[a-z]?|[ivxlc]+|[a-z])\b)"
    r"|(?P<open>\()?(?P<value>\d{1,3}|[a-z]|[ivx]{2,5})(?P<close>\.|\))(?=\s)"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_TERM_WORDS: Final = re.compile(
    r"\b(?:in effect|non-precedent|precedent.setting|expires?|sunset|effective (?:from|through|"
    r"until)|shall remain in force|full force)\b",
    re.IGNORECASE,
)
_DEEPEST: Final = 8  # levels of lists in lists
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*\n(?=\S)")
_NUMERALS: Final = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMAN: Final = {numeral: n for n, numeral in enumerate(_NUMERALS.split(), start=1)}


@attrs.frozen
class Clause:
    """A stretch of text under one address: `text[start:end]`, half-open code points."""

    address: str
    start: int
    end: int


@attrs.frozen
class Clauses:
    """All clauses of a text, in reading order, leaving no gap."""

    clauses: tuple[Clause, ...]
    starts: tuple[int, ...]

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses)

    def at(self, offset: int) -> str:
        """Return the address of the code point at `offset`; empty for an empty text."""
        n = bisect_right(self.starts, offset) - 1
        return self.clauses[n].address if n >= 0 else ""


@attrs.frozen
class Outline:
    """The clauses of a text by words: clause `n` starts at word `starts[n]`.

    Attributes:
        starts: the index of the first word of each clause, rising.
        addresses: the addresses.
    """

    starts: tuple[int, ...]
    addresses: tuple[str, ...]

    def at(self, word: int) -> str:
        """Return the address of the word with this index; empty for an empty text."""
        n = bisect_right(self.starts, word) - 1
        return self.addresses[max(n, 0)] if self.addresses else ""

    def end(self, word: int, size: int) -> int:
        """Return the index of the first word after the clause of a word, of `size` words in all."""
        n = bisect_right(self.starts, word)
        return self.starts[n] if n < len(self.starts) else size


@attrs.frozen
class _Level:
    style: str
    value: int
    shown: str


def clauses(text: str) -> Clauses:
    """Cut `text` into clauses.

    Returns:
        Clauses that cover the text without gap or overlap; none for an empty text.
    """
    heads = list(_heads(text))
    if text and (not heads or heads[0][0] > 0):
        heads.insert(0, (0, PREAMBLE if heads else ""))
    ends = [*(start for start, _ in heads[1:]), len(text)]
    found = tuple(Clause(address, s, e) for (s, address), e in zip(heads, ends, strict=False))
    return Clauses(found, tuple(clause.start for clause in found))


def outline(text: str, ends: Sequence[int]) -> Outline:
    """Cut a text into clauses, by its words.

    Args:
        text: the text.
        ends: where each of its words ends, without the spacing that follows it.
    """
    found = clauses(text)
    # A clause may start with the spacing before its first word, which belongs to that word.
    return Outline(
        tuple(bisect_left(ends, start + 1) for start in found.starts),
        tuple(clause.address for clause in found),
    )


def _heads(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each clause starts, with its address; the term clause comes last."""
    stack: tuple[_Level, ...] = ()
    last = 0
    for head in _HEAD.finditer(text):
        after = _nested(stack, head, _starts_block(text, head.start()))
        if after is not None:
            stack, last = after, head.start()
            yield last, _address(stack)
    term = _term_start(text, last) if stack else None
    if term is not None:
        yield term, TERM


def _starts_block(text: str, at: int) -> bool:
    """Tell a line that follows a blank line, or nothing, from one inside a paragraph."""
    return at == 0 or not text[text.rfind("\n", 0, at - 1) + 1 : at - 1].strip()


def _nested(
    stack: tuple[_Level, ...], head: re.Match[str], starts_block: bool
) -> tuple[_Level, ...] | None:
    """Return the levels after `head`, or None when the line only looks like a clause."""
    if head["article"]:
        if not starts_block:  # "… as stated in\nArticle 5 of the Agreement"
            return None
        return (_Level("article", 0, " ".join(head["article"].split()).rstrip(".")),)
    if head["dotted"]:
        above = tuple(level for level in stack[:1] if level.style == "article")
        number, *items = head["dotted"].replace(")", "").split("(")
        levels = [
            _Level(f"({style})", value, item) for item in items for style, value in _one(item)
        ]
        return (*above, _Level("dotted", 0, number), *levels)
    shape = f"{head['open'] or ''}{{}}{head['close']}"
    readings = [_Level(shape.format(s), v, head["value"]) for s, v in _readings(head["value"])]
    return (
        _continued(stack, readings)
        or _deeper(stack, readings)
        or (_same_style(stack, readings) if starts_block or len(stack) == _DEEPEST else None)
    )


def _one(value: str) -> Iterator[tuple[str, int]]:
    """Yield the first way in which a number or letter can be read, if there is one."""
    yield from list(_readings(value))[:1]


def _readings(value: str) -> Iterator[tuple[str, int]]:
    """Yield every style and place in its row that a number or letter can have."""
    case = "upper" if value.isupper() else "lower"
    if value.isdigit():
        yield "number", int(value)
        return
    if len(value) == 1:
        yield case, ord(value.lower()) - ord("a") + 1
    if value.lower() in _ROMAN:
        yield f"roman {case}", _ROMAN[value.lower()]


def _continued(stack: tuple[_Level, ...], readings: list[_Level]) -> tuple[_Level, ...] | None:
    """The next item of a list that is open, the innermost first."""
    for depth in range(len(stack) - 1, -1, -1):
        for level in readings:
            if stack[depth].style == level.style and stack[depth].value + 1 == level.value:
                return (*stack[:depth], level)
    return None


def _deeper(stack: tuple[_Level, ...], readings: list[_Level]) -> tuple[_Level, ...] | None:
    """The first item of a new list, one level down. A lone `i` is then a numeral.

    A first item straight after a first item (`1.` on every line) is its neighbour.
    """
    first = [level for level in readings if level.value == 1]
    if stack and stack[-1] in first:
        return stack
    return (*stack, first[-1]) if first and len(stack) < _DEEPEST else None


def _same_style(stack: tuple[_Level, ...], readings: list[_Level]) -> tuple[_Level, ...] | None:
    """An item out of its row (a number left out or struck): at the level of its style."""
    for depth in range(len(stack) - 1, -1, -1):
        for level in readings:
            if stack[depth].style == level.style:
                return (*stack[:depth], level)
    return (*stack[:1], readings[0])


def _address(stack: tuple[_Level, ...]) -> str:
    """Write levels as people do: `1.0(c)(2)`, `Article 5, 6.2(a)`."""
    names = [level.shown for level in stack]
    head = names[:1]
    if stack[0].style == "article" and len(stack) > 1:
        head = [f"{names[0]}, {names[1]}"]
    return head[0] + "".join(f"({name})" for name in names[2 if ", " in head[0] else 1 :])


def _term_start(text: str, after: int) -> int | None:
    """Where the term clause starts: the first such paragraph of the last clause but its first."""
    breaks = [*_PARAGRAPH.finditer(text, after)]
    ends = [*(found.start() for found in breaks[1:]), len(text)]
    for found, end in zip(breaks, ends, strict=False):
        if _TERM_WORDS.search(text, found.end(), end):
            return found.end()
    return None
