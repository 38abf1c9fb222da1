r"""Spelling: one form for all the ways in which the same words are written.

Strategy: a text is read as visible characters (extended grapheme clusters, UAX #29), and each has a
*form*: canonically equal characters have one, and so have quotes, dashes, spaces, ligatures, width
forms, raised letters and fractions; what cannot be seen has none. Words are cut in the *skeleton*
of a text, which has one sign for each visible character: so no word ever starts or ends inside of
one, and what is written otherwise is cut alike. Letters, digits and case always count.

Most paragraphs are ASCII or hold characters that are known to stand alone; the library that knows
the others is loaded where one is met. This module knows no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final
from unicodedata import category, combining, decomposition, normalize

import attrs

if TYPE_CHECKING:
    import regex

DASH: Final = "\u2010"  # in a skeleton: a dash that opens no item within a paragraph
FRACTION: Final = "\u2044"  # in a skeleton: a fraction in one character
BULLETS: Final = (  # as in a class of a pattern; the last are those of Word's fonts of signs
    "•‣⁃▪▫■□●○◦◆➢➤✓\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc\uf06f\uf076"
)
# The number or letter that a clause or an item starts with.
MARKER: Final = (
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)]{1,2}|\d{1,3}(?:\.\d{1,3})+)(?=\s)"
)
RAISED: Final = "⁰¹²³⁴-⁹"  # digits, as in a class of a pattern
LOWERED: Final = "₀-₉"
_SINGLE: Final = "‘’‚‛‹›′‵`´ʹʻʼ"
_DOUBLE: Final = "“”„‟«»″‶〝〞〟"
_DASHES: Final = "‐‑‒—―−⸺⸻"
# What no reader sees: soft hyphens, joiners, direction marks, variation selectors. Overrides of
# direction are not among them, because they change the order in which letters are read.
_UNSEEN: Final = (
    "\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202c\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
_IS_UNSEEN: Final = re.compile(f"[{_UNSEEN}]")
_WRITTEN: Final = frozenset(  # kinds of decompositions that are the same letters, written otherwise
    ("<wide>", "<narrow>", "<small>", "<noBreak>", "<font>", "<compat>", "<super>",
     "<initial>", "<medial>", "<final>", "<isolated>")
)  # fmt: skip
_JAMO: Final = range(0x3131, 0x318F)  # letters of Hangul by themselves, which are no syllable

# Characters that are visible characters by themselves, and whose form is one character.
_ALONE: Final = (
    r"\n\t -~\xa0-\xac\xae-\xbb\xbf-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u01c3\u01cd-\u01f0"
    r"\u01f4-\u02ff\u0370-\u0373\u0376-\u0377\u037b-\u037d\u0388-\u03d2\u03d5-\u03ff\u0400-\u0482\u048a-\u052f\u1e00-\u1e99"
    r"\u1e9c-\u1eff\u2000-\u200a\u2010-\u2027\u2030-\u2031\u20a0-\u20bf\u2190-\u21ff\u3000-\u3029"
    r"\u3041-\u3096\u309d\u309e\u30a0-\u30fe\u3400-\u9fff\uac00-\ud7a3\uff01-\uff60"
)
_USUAL: Final = dict.fromkeys(map(ord, "§•“”‘’–—…\xa0"))  # of these, those in most papers
_PLAIN: Final = f"[{_ALONE}]*+"
# Characters that are visible characters by themselves, with any form.
_SEPARATE: Final = (
    rf"[{_ALONE}\xad\xbc-\xbe\u0132-\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\u200b\u200e\u200f"
    r"\u202a-\u202e\u2032-\u205f\u2060-\u206f\u2070-\u2071\u2074-\u208e\u2150-\u2189\ufb00-\ufb06"
    r"\ufeff]*+"
)
_RAISED_FRACTION: Final = re.compile(rf"[{RAISED}]{{1,2}}[/⁄∕][{LOWERED}]{{1,2}}")
_AS_DIGITS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_KEPT: Final = 1 << 14
_POINTS: Final = range(10, 37)  # combining classes of Hebrew and Arabic points, often left out


class _Forms(dict[int, str]):
    """The form of each code point that no other decomposes canonically; empty for the unseen."""

    def __missing__(self, code: int) -> str:
        self[code] = form = self._form(chr(code))
        return form

    def _form(self, character: str) -> str:
        if _IS_UNSEEN.match(character):
            return ""
        if character.isspace():
            return character if character == "\n" else " "
        kind, *codes = decomposition(character).split() or [""]
        whole = "".join(self[int(code, 16)] for code in codes) if kind[:1] == "<" else ""
        if kind == "<fraction>":
            return whole
        if kind not in _WRITTEN or ord(character) in _JAMO:
            return character
        # A sign of several letters (™, ㏂) is a sign; raised digits are exponents and notes.
        is_lettered = character.isalnum() and whole.isalpha()
        is_shaped = len(whole) == 1 and kind not in {"<compat>", "<super>"}
        return whole if is_lettered or is_shaped else character


_FORMS: Final = _Forms(
    {
        **dict.fromkeys(map(ord, _SINGLE), "'"),
        **dict.fromkeys(map(ord, _DOUBLE), '"'),
        **dict.fromkeys(map(ord, _DASHES), DASH),
        ord("–"): "-",
        ord("…"): "…",
        **dict.fromkeys(map(ord, "⁄∕"), "/"),
    }
)


@attrs.frozen(eq=False)
class Spelling:
    """A text as it is read.

    Attributes:
        skeleton: one sign for each visible character.
        at: where in the text each of them starts, what is unseen behind it included; and where the
            text ends.
        forms: the forms of those that are more than their sign.
    """

    skeleton: str
    at: Sequence[int]
    forms: Mapping[int, str]

    @property
    def is_even(self) -> bool:
        """True where each visible character is one code point, and its sign is its form."""
        return type(self.at) is range

    def form(self, start: int, end: int) -> str:
        """Return characters `start` to `end` in their one form."""
        row = self.skeleton[start:end]
        if self.forms:
            row = "".join(self.forms.get(start + n, sign) for n, sign in enumerate(row))
        return row if row.isascii() else row.replace(DASH, "-")


def spell(text: str) -> Spelling:
    """Read a text."""
    if text.isascii() and "`" not in text:
        return Spelling(text, range(len(text) + 1), {})
    if _is_plain(text):
        return Spelling(text.translate(_FORMS), range(len(text) + 1), {})
    return _read(text)


def _read(text: str) -> Spelling:
    """Read visible character by visible character."""
    skeleton: list[str] = []
    at: list[int] = []
    forms: dict[int, str] = {}
    end = 0
    for cluster in clusters(text):
        form = form_of(cluster)
        if form:
            if len(form) > 1:
                forms[len(skeleton)] = form
            skeleton.append(_sign(form))
            at.append(end)
        end += len(cluster)
    return Spelling("".join(skeleton), (*([0] if at else []), *at[1:], end), forms)


@lru_cache(_KEPT)
def form_of(cluster: str) -> str:
    """Return the form of one visible character; empty where nothing is seen."""
    if cluster == "\r\n":
        return "\n"
    return normalize("NFC", normalize("NFD", cluster).translate(_FORMS))


def _sign(form: str) -> str:
    """Return the sign of a form, by which it is known for a letter, a digit, a sign or a space."""
    if len(form) > 1 and form[0].isdigit() and "/" in form:
        return FRACTION
    return form[1] if len(form) > 1 and form[0].isspace() else form[0]


# Visible characters.


def clusters(text: str) -> Iterable[str]:
    """Return the visible characters of a text: its extended grapheme clusters."""
    return text if _is_separate(text) else _cluster().findall(text)


def _is_plain(text: str) -> bool:
    """True where every character stands alone, and has a form of one character."""
    return text.translate(_USUAL).isascii() or bool(compiled(_PLAIN).fullmatch(text))


def _is_separate(text: str) -> bool:
    """True where every character stands alone."""
    is_usual = "\r" not in text and text.translate(_USUAL).isascii()
    return is_usual or bool(compiled(_SEPARATE).fullmatch(text))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that not every paper needs: large classes take long to make."""
    return re.compile(pattern)


@cache
def _cluster() -> regex.Pattern[str]:
    # Imported here: most papers hold no character that needs it.
    import regex  # noqa: PLC0415

    # Flags by themselves: for each of a row, \X would look back to where the row starts.
    return regex.compile(r"\p{RI}{2}(?![\p{GCB=EX}\p{GCB=ZWJ}\p{GCB=SM}])|\X")


def edition(text: str) -> str:
    """Return the edition of the library that cut a text; empty where none was needed."""
    if _is_plain(text) or _is_separate(text):
        return ""
    import regex  # noqa: PLC0415

    return regex.__version__


def cut_at(text: str, at: int) -> int:
    """Return the last place up to `at` where a text can be cut without cutting a character."""
    at = min(max(at, 0), len(text))
    if text.isascii():
        return at
    end = 0
    for cluster in clusters(text):
        if end + len(cluster) > at:
            break
        end += len(cluster)
    return end


def cut_up(text: str, most: int) -> Iterator[str]:
    """Yield a text in pieces of whole characters, each of so many code points or a single one."""
    if len(text) <= most:
        yield text
        return
    piece = ""
    for cluster in clusters(text):
        if piece and len(piece) + len(cluster) > most:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def alike(before: str, after: str) -> int:
    """Return how many code points two texts have in common at their start, whole characters."""
    if before == after:
        return len(before)
    size = 0
    for one, other in zip(clusters(before), clusters(after), strict=False):
        if one != other:
            break
        size += len(one)
    return size


def alike_at_end(before: str, after: str) -> int:
    """Return how many code points two texts have in common at their end, whole characters."""
    size = 0
    pairs = zip(reversed(list(clusters(before))), reversed(list(clusters(after))), strict=False)
    for one, other in pairs:
        if one != other:
            break
        size += len(one)
    return size


def is_upon(character: str) -> bool:
    """True for what is no visible character of its own: marks upon another, and the unseen."""
    return category(character or " ")[0] == "M" or _IS_UNSEEN.match(character) is not None


# Letters.


class _Letters(dict[str, str]):
    """What each code point is for searching: its letters and digits in one case, or nothing."""

    def __missing__(self, character: str) -> str:
        form = normalize("NFD", character).translate(_FORMS)
        self[character] = "".join(filter(_counts, normalize("NFD", form.casefold())))
        return self[character]


def _counts(character: str) -> bool:
    """True for letters, digits and the marks on them, but for points that many leave out."""
    is_mark = category(character)[0] == "M"
    return character.isalnum() or (is_mark and combining(character) not in _POINTS)


_LETTERS: Final = _Letters()


def letters(text: str) -> Iterator[str]:
    """Yield for each code point its letters and digits, in one case and one form, or nothing."""
    if not text.isascii():
        text = _RAISED_FRACTION.sub(lambda found: as_digits(found[0]), text)
    return map(_LETTERS.__getitem__, text)


def as_digits(text: str) -> str:
    """Return raised and lowered digits as digits."""
    return text.translate(_AS_DIGITS)
