"""Clauses: which address every word of a text has.

Strategy: every line that starts with a number or a letter (`1.0`, `6.2`, `a.`, `(2)`, `iv.`,
`Article 5`, `12.3.a(iv)`) may begin a clause; which of them do, and under which address, is settled
by the `structure` of them all. How a line stands in the text counts: behind a blank line or not,
after a line that goes on, before a word that it may count; and so does the level of a list, where a
document tells it. Text before the first clause is the preamble; a paragraph after the last one that
speaks of the term of the agreement is the term clause.

This module sees one text at a time and knows no marks and no revisions.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from unicodedata import normalize

import attrs

from bargaining.text.spelling import BULLETS
from bargaining.text.structure import COUNTED, Head, structure

PREAMBLE: Final = "preamble"
TERM: Final = "term"

_DOTTED: Final = (
    r"(?P<figures>(?:\d{1,3}|(?-i:[A-Z]))(?:\.\d{1,3}){1,8})"
    r"(?P<below>(?:\.[a-z](?![a-z]))?(?:\([a-z\d]{1,4}\))*)"
)
_UNSEEN: Final = "\u200b-\u200f\u2060\ufeff"  # that may stand before a number
_HEAD: Final = re.compile(
    rf"^[{_UNSEEN}]*[^\S\n]*[{_UNSEEN}]*(?:[-*+{BULLETS}][^\S\n]+)?(?:"
    rf"(?:(?:section|sec\.|§)\s*)?(?P<dotted>{_DOTTED})[.):]?(?=\s|$)"
    r"|(?P<name>article|section|appendix|part|chapter|art\.|sec\.|§)\s*"
    r"(?P<number>(?<=[\s§])(?:\d{1,3}[a-z]?|[ivxlc]{1,7}|[a-z]|"
    rf"{'|'.join(COUNTED)}))(?!\w)"
    r"(?P<items>(?:\([a-z\d]{1,4}\))*)"
    r"(?!\.\d)(?!\s+(?-i:[a-z]))(?!\s+(?:of|and|or|is|are|shall|will|above|below|hereof|to|through|applies)\b)"
    r"|(?P<open>[(（])?(?P<value>\d{1,3}[a-z]?|[a-z]|[ivxl]{2,6}|(?P<letter>[a-z])(?P=letter))"
    r"(?P<close>[.．)）])(?P<more>(?:\([a-z\d]{1,4}\))*)(?=\s|$|(?<=．)(?!\d))"
    r"|(?P<bare>\d{1,3})(?=[^\S\n]+(?-i:[A-Z“\"]))"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_TERM_WORDS: Final = re.compile(
    r"\b(?:in effect|non-precedent|precedent.setting|expires?|sunset|effective (?:from|through|"
    r"until)|shall remain in force|full force)\b",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(  # what a figure that is no clause's number may count
    r"\s+(?:per\s?cent|hours?|days?|weeks?|months?|years?|minutes?|dollars?|cents?|miles?|times|"
    r"steps?|points?|credits?|units?|periods?|students?|employees?|teachers?|positions?|million|"
    r"billion|a\.m\.|p\.m\.|[ap]m|per|FTEs?)\b"
)
_INNER_FIRST: Final = re.compile(r"^[^\S\n]*1\.1[.\s]", re.MULTILINE)
_TEXTS: Final = 8  # so many texts keep their clauses
_ROW: Final = 3  # so many bare numbers are a row
_PARAGRAPH: Final = re.compile(
    r"\n[^\S\n]*\n(?=\S)"  # and what speaks of the whole paper, where pages lose an empty line
    r"|(?<=[.!?])[”\"]?\n(?=This (?:MOU|Memorandum|Agreement|Article|(?:Side )?Letter|Contract)\b)"
)
_WRAPPED: Final = 40  # code points from which a line without a stop may go on in the next
_STOPS: Final = ".:;,?!—–"
_LETTER: Final = re.compile(r"\w")
_PERSON: Final = re.compile(r"\b(?:Mrs?|Ms|Mx|Dr|Prof|Hon|Rev)\.$")  # whose initial comes next


@attrs.frozen
class Clause:
    """A stretch of text under one address: `text[start:end]`, half-open code points."""

    address: str
    start: int
    end: int


@attrs.frozen
class Unsure:
    """A line that may begin another clause than it is taken to begin, or none.

    Attributes:
        start: where its number starts.
        end: where its number ends.
        address: the address that it is given; empty where it is taken for no clause.
        other: the other that fits as well; empty where it may be no clause.
    """

    start: int
    end: int
    address: str
    other: str


@attrs.frozen
class Clauses:
    """All clauses of a text, in reading order, leaving no gap."""

    clauses: tuple[Clause, ...]
    starts: tuple[int, ...]
    unsure: tuple[Unsure, ...] = ()

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


def clauses(text: str, levels: Mapping[int, int] | None = None) -> Clauses:
    """Cut `text` into clauses.

    Args:
        text: the text.
        levels: the level of the list, counted from 0, of the paragraphs that are items of one, by
            the code point at which they start; where the document tells.

    Returns:
        Clauses that cover the text without gap or overlap; none for an empty text.
    """
    return _clauses(text, tuple(sorted((levels or {}).items())))


@lru_cache(_TEXTS)  # a text is asked for its clauses while it is read, woven and written
def _clauses(text: str, levels: tuple[tuple[int, int], ...]) -> Clauses:
    lines = list(_heads(text, dict(levels)))
    addresses, unsure = structure(tuple(head for _, head in lines))
    heads = [(at[0], address) for (at, _), address in zip(lines, addresses, strict=True) if address]
    term = _term_start(text, heads[-1][0]) if heads else None
    if term is not None:
        heads.append((term, TERM))
    if text and (not heads or heads[0][0] > 0):
        heads.insert(0, (0, PREAMBLE if heads else ""))
    ends = [*(start for start, _ in heads[1:]), len(text)]
    cut = tuple(Clause(address, s, e) for (s, address), e in zip(heads, ends, strict=False))
    return Clauses(
        cut,
        tuple(clause.start for clause in cut),
        tuple(
            Unsure(*_trimmed(text, lines[line][0]), address, other)
            for line, address, other in unsure
        ),
    )


def outline(text: str, ends: Sequence[int], levels: Mapping[int, int] | None = None) -> Outline:
    """Cut a text into clauses, by its words.

    Args:
        text: the text.
        ends: where each of its words ends, without the spacing that follows it.
        levels: as in `clauses`.
    """
    found = clauses(text, levels)
    # A clause may start with the spacing before its first word, which belongs to that word.
    return Outline(
        tuple(bisect_left(ends, start + 1) for start in found.starts),
        tuple(clause.address for clause in found),
    )


def _trimmed(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """Leave out the spacing before a number."""
    start, end = place
    return end - len(text[start:end].lstrip()), end


def _heads(text: str, levels: Mapping[int, int]) -> Iterator[tuple[tuple[int, int], Head]]:
    """Yield the lines that may begin a clause, each with where its number starts and ends."""
    matches = list(_HEAD.finditer(text))
    before = [_line_before(text, found.start()) for found in matches]
    bare = _bare_row(text, matches, before)
    for found, line in zip(matches, before, strict=True):
        start, end = found.span()
        leads = not line
        if (found["bare"] and start not in bare) or (found["name"] and not leads):
            continue  # a figure; "… as stated in\nArticle 5 of the Agreement"
        stops = leads or not _LETTER.search(line) or _is_stopped(line)
        wraps = not stops and len(line) >= _WRAPPED
        counts = found["dotted"] is not None and _UNIT.match(text, end) is not None
        parts: Iterator[Any] = map(_plain, found.groups())  # as `Head` has them
        yield (start, end), Head(leads, stops, wraps, counts, levels.get(start), *parts)


def _plain(part: str | None) -> str | None:
    """Write the wide digits and signs of East Asian text as others do."""
    return part if part is None or part.isascii() else normalize("NFKC", part)


def _is_stopped(line: str) -> bool:
    return line[-1] in _STOPS and not _PERSON.search(line)


def _line_before(text: str, at: int) -> str:
    """Return the line before the one that starts at `at`, without outer spacing."""
    return text[text.rfind("\n", 0, at - 1) + 1 : at - 1].strip() if at else ""


def _bare_row(text: str, matches: Sequence[re.Match[str]], before: Sequence[str]) -> frozenset[int]:
    """Return where bare numbers (`1 Keys`) begin paragraphs as 1, 2, 3, and nothing breaks the row.

    Only then are they numbers of clauses: with dotted ones below them, or three and more.
    """
    leading = [m for m, line in zip(matches, before, strict=True) if m["bare"] and not line]
    in_row = [int(m["bare"]) for m in leading] == list(range(1, len(leading) + 1))
    if not leading or not in_row:
        return frozenset()
    enough = len(leading) >= _ROW or _INNER_FIRST.search(text) is not None
    return frozenset(m.start() for m in leading) if enough else frozenset()


def _term_start(text: str, after: int) -> int | None:
    """Where the term clause starts: the first such paragraph of the last clause but its first."""
    breaks = [*_PARAGRAPH.finditer(text, after)]
    ends = [*(found.start() for found in breaks[1:]), len(text)]
    for found, end in zip(breaks, ends, strict=False):
        if _TERM_WORDS.search(text, found.end(), end):
            return found.end()
    return None
