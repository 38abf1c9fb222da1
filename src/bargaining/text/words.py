"""Words: a text cut into words, each with the spacing that follows it.

Strategy: a text is cut into paragraphs and each paragraph into words, so that a paragraph that was
seen before costs nothing again. Joined, the words are the text exactly. Words are compared by their
key, in which all spellings have one form, and so has the punctuation around a clause number;
spacing takes no part. A dash is a word of its own, so that it is one however it is typed and
spaced. Sentences are told by keys alone: they end with a sign, and a clause's number is a sentence
of its own, so that a renumbered clause keeps its sentences.

This module sees one text at a time. Nothing here depends on time, locale or hash order.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise
from typing import Final
from unicodedata import normalize

import attrs

from bargaining.text.spelling import (
    BULLETS,
    DASH,
    LOWERED,
    MARKER,
    RAISED,
    Spelling,
    as_digits,
    compiled,
    letters,
    spell,
)

# Scripts written without spaces: each visible character is a word.
_IDEOGRAPH: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3040-\u312f\u31f0-\u31ff"
    "\u3400-\u9fff\ua980-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\U00020000-\U000323af"
)
_LETTER: Final = rf"[^\W_{RAISED}{LOWERED}{_IDEOGRAPH}]"
_PLAIN: Final = (
    r"(?=[$€£(\d])(?:[$€£]?\d+(?:[.,:]\d+)+(?!\w)|[$€£](?!\d{1,2}/\d{1,2}(?![\d/]))\d+"
    r"|\d+%"  # $1,250.00, 4:00, 50%
    r"|(?<!/)\d{1,2}/\d{1,2}(?![\d/])"  # 1/2, but no date
    r"|\(\w{1,5}\))"  # three (3): the figure is one word with its brackets
    rf"|{_LETTER}+(?:['.]{_LETTER}+|(?<=\d),(?=\d)\d+)*|_+"
)
_SIGN: Final = (  # rows of signs that are one to the reader, and all other signs
    rf"[{RAISED}]{{1,2}}/[{LOWERED}]{{1,2}}|[{RAISED}]+|[{LOWERED}]+"
    rf"|[-{DASH}]+|''|(?:\.[ \n]?)*…(?:[ \n]?[.…])*|\.(?:[ \n]?\.){{2,}}|\S"
)
_WORD: Final = re.compile(
    rf"(?P<marker>^[^\S\n]*(?:[-*+{BULLETS}{DASH}][^\S\n]+)?{MARKER}"
    r"(?!\s\.\s\.(?!\s?\.)))"  # x. . .
    rf"|(?P<bullet>^[^\S\n]*[-*+{BULLETS}](?=\s)|\A[^\S\n]*[-{DASH}]{{1,3}}(?=[^\S\n]))|{_PLAIN}|{_SIGN}",
    re.MULTILINE,
)
_LISTED: Final = re.compile(rf"^[^\S\n]*(?:[-*+{BULLETS}](?=\s)|{MARKER})", re.MULTILINE)
_SPACED: Final = rf"({_PLAIN}|\S)(\s*)"  # where no row of signs is one
_SPACED_ASCII: Final = re.compile(  # the same for ASCII text, where a letter is told at once
    _SPACED.replace(_LETTER, "[A-Za-z0-9]"), re.ASCII
)
_DOTS: Final = re.compile(r"\.\s?\.")
_ROWS: Final = re.compile(
    rf"[-{DASH}]{{2}}|''|[.…]\s?[.…]|[{RAISED}{LOWERED}]|^[^\S\n]*{DASH}", re.MULTILINE
)
_NUMBER: Final = re.compile(rf"\s*{MARKER}\s(?=[\w!-\-/-~“”‘’])")  # no mark upon the space
_ELLIPSIS: Final = 3  # dots
_SENTENCE_END: Final = frozenset([*".?!;:", "…."])
_CLAUSE: Final = frozenset("§•")  # what the key of a clause's number or bullet starts with
_BLANK_LINE: Final = "\n\n"  # where a text is cut for the cache; it decides nothing else
_PARAGRAPHS_KEPT: Final = 1 << 16


@attrs.frozen(eq=False, slots=False)
class Row:
    """Words as they are matched: one key each, and where their sentences start.

    Attributes:
        keys: one key a word; equal keys are the same word.
        starts: the index of each sentence's first word, rising from 0; empty without words.
    """

    keys: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, keys: Sequence[str]) -> Row:
        """Make a row of keys, its sentences told by them alone."""
        starts = [i for i, last in enumerate(keys[:-1], start=1) if last in _SENTENCE_END]
        if any(sign in "".join(keys) for sign in _CLAUSE):
            starts = [i for i in range(1, len(keys)) if starts_sentence(keys, i)]
        return cls(tuple(keys), (0, *starts) if keys else ())

    @cached_property
    def often(self) -> Counter[str]:
        """How often each word stands."""
        return Counter(self.keys)

    @cached_property
    def sentences(self) -> list[tuple[str, ...]]:
        """Return the keys of each sentence."""
        return [self.keys[s:e] for s, e in pairwise((*self.starts, len(self.keys)))]


def ends_sentence(key: str) -> bool:
    """True for a sign that ends a sentence."""
    return key in _SENTENCE_END


def is_marker(key: str) -> bool:
    """True for the number or the bullet of a clause."""
    return key == "•" or (key[:1] == "§" and len(key) > 1)  # a lone § cites a section


def is_tellable(key: str) -> bool:
    """True for a word that is more than a sign or a clause's number."""
    return key[:1].isalnum() or key[:1] in "($€£"


def counted(keys: Sequence[str]) -> int:
    """Return how many words these are as evidence: a dash joins two, and is none itself."""
    return len(keys) - keys.count("-")


def starts_sentence(keys: Sequence[str], at: int) -> bool:
    """True when a sentence starts at index `at`, or the words end there."""
    if at in {0, len(keys)} or keys[at - 1] in _SENTENCE_END:
        return True
    return is_marker(keys[at - 1]) or is_marker(keys[at])


@attrs.frozen(eq=False)
class _Paragraph:
    """A stretch of text cut into words; offsets are its own."""

    size: int
    keys: tuple[str, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]
    row: Row


@lru_cache(_PARAGRAPHS_KEPT)
def _paragraph(text: str, start: int) -> _Paragraph:
    """Cut a stretch of text from `start`; what stands before shows that no line starts there."""
    read = spell(text)
    if start and read.is_even and _is_plain(read.skeleton, start):
        begins, ends, keys = _plain(read.skeleton.replace(DASH, "-"), start)
    else:
        at = read.at
        found = [
            (at[m.start()] - start, at[m.end()] - start, _key(m, read))
            for m in _WORD.finditer(read.skeleton, start)
        ]
        begins, ends, keys = zip(*found, strict=True) if found else ((), (), ())
    return _Paragraph(len(text) - start, keys, begins, ends, Row.of(keys))


def _is_plain(text: str, start: int) -> bool:
    """True where no row of signs is one, and no line starts with a number or a bullet."""
    if text.isascii():
        rows = "--" in text or "''" in text or _DOTS.search(text)
    else:
        rows = _ROWS.search(text)
    return not rows and not _LISTED.search(text, start)


def _plain(text: str, start: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[str, ...]]:
    """Cut text without numbers of clauses in which every word is its own key.

    Nine words in ten are in such text, and here no word costs a call of its own.
    """
    found = (_SPACED_ASCII if text.isascii() else compiled(_SPACED)).findall(text, start)
    if not found:
        return (), (), ()
    keys, spacing = zip(*found, strict=True)
    sizes = [0] * (2 * len(keys))
    sizes[::2], sizes[1::2] = map(len, keys), map(len, spacing)
    at = tuple(accumulate(sizes, initial=len(text) - start - sum(sizes)))
    return at[:-1:2], at[1::2], keys


def _key(match: re.Match[str], read: Spelling) -> str:
    if match.lastgroup == "bullet":
        return "•"
    text = read.form(*match.span())
    if match.lastgroup == "marker":
        return "§" + text.strip(f"-*+{BULLETS}()., \t").strip("()")
    return _row_key(text) if text[0] in "-'.…⁰¹²³⁴⁵⁶⁷⁸⁹" else text


def _row_key(text: str) -> str:
    """Return the key of a row of signs."""
    if text[0] == "-":
        return "-"
    if text == "''":
        return '"'
    dots = text.count(".") + _ELLIPSIS * text.count("…")
    if dots >= _ELLIPSIS:  # dots that lead to a page number are any number of them
        return "…" if dots == _ELLIPSIS else "…." if dots == _ELLIPSIS + 1 else "……"
    return as_digits(text) if "/" in text else text


@attrs.frozen(eq=False, slots=False)
class Words:
    """A text cut into words. Make it with `cut`.

    Attributes:
        text: the text.
    """

    text: str
    _paragraphs: tuple[_Paragraph, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """One key a word; a text of nothing but spacing is one word with an empty key."""
        keys = tuple(chain.from_iterable(part.keys for part in self._paragraphs))
        return keys or (("",) if self.text else ())

    @cached_property
    def bounds(self) -> tuple[int, ...]:
        """Word `i` with its spacing is `text[bounds[i]:bounds[i + 1]]`; one more than `keys`."""
        begins = [at + n for at, part in self._placed() for n in part.begins]
        return (0, *begins[1:], len(self.text)) if self.text else (0,)

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where word `i` ends without the spacing that follows it."""
        ends = tuple(at + n for at, part in self._placed() for n in part.ends)
        return ends or ((len(self.text),) if self.text else ())

    @cached_property
    def row(self) -> Row:
        """The words as they are matched."""
        starts: list[int] = []
        at, last = 0, None
        for part in self._paragraphs:
            if not part.keys:
                continue
            goes_on = last is not None and not starts_sentence((last, part.keys[0]), 1)
            starts += [at + n for n in part.row.starts[goes_on:]]
            at, last = at + len(part.keys), part.keys[-1]
        return Row(self.keys, tuple(starts) if at else tuple(range(len(self.keys))))

    def _placed(self) -> Iterator[tuple[int, _Paragraph]]:
        return zip(self._starts, self._paragraphs, strict=False)

    def __len__(self) -> int:
        return len(self.keys)

    def slice(self, first: int, last: int) -> str:
        """Return words `first` to `last` (half-open) with their spacing, exactly."""
        return self.text[self.bounds[first] : self.bounds[last]]

    def index_at(self, offset: int) -> int:
        """Return the index of the word that holds the code point at `offset`."""
        n = max(bisect_right(self._starts, offset) - 1, 0)
        if n >= len(self._paragraphs):
            return max(len(self) - 1, 0)
        inner = bisect_right(self._paragraphs[n].begins, offset - self._starts[n])
        return max(self._counts[n] + inner - 1, 0)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each paragraph starts, and the text ends."""
        return list(accumulate((part.size for part in self._paragraphs), initial=0))

    @cached_property
    def _counts(self) -> list[int]:
        """How many words stand before each paragraph."""
        return list(accumulate((len(part.keys) for part in self._paragraphs), initial=0))


def cut(text: str) -> Words:
    """Cut `text` into words."""
    parts = text.split(_BLANK_LINE)
    last = parts.pop()
    paragraphs = [half for part in parts for half in _halves(part + _BLANK_LINE)]
    return Words(text, (*paragraphs, *(_halves(last) if last else ())))


@lru_cache(_PARAGRAPHS_KEPT)
def _halves(text: str) -> tuple[_Paragraph, ...]:
    """Cut a paragraph behind its number, so that what was only renumbered was seen before."""
    number = _NUMBER.match(text)
    if number is None:
        return (_paragraph(text, 0),)
    return _paragraph(number[0], 0), _paragraph(f" {text[number.end() :]}", 1)


@lru_cache(_PARAGRAPHS_KEPT)
def fold(text: str) -> str:
    """Return the letters and digits of `text` in one case."""
    return normalize("NFD", "".join(letters(text)))
