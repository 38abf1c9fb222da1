r"""Stand-ins: the lines of a paper that stand for text which it does not restate.

Strategy: a line is a stand-in when nothing stands on it but a clause's number, perhaps its heading,
and one of a few phrases: `2.0 [No change]`, `Sections 4-7: unchanged`, `Keys. CCL.`, `* * *`. The
phrase is sought at the end of the line, and everything before it must be accounted for. The same
words inside of a sentence are clause text, so a line that continues a sentence, or is continued by
the next line, is none.

This module knows the text of one paper; what a stand-in stands for is for `restated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

import attrs

from bargaining.model import Doubt
from bargaining.readers.addresses import ADDRESS, Key, key_of, pattern
from bargaining.readers.doubts import TextLines, shorten
from bargaining.readers.layout import Line, is_heading, is_item, is_numbered
from bargaining.text.spelling import BULLETS

Scope = Literal["clause", "these", "rest", "gap"]

_LANGUAGE: Final = (
    r"(?:current|existing|present)\s+(?:(?:contract(?:ual)?|agreement|cba|mou|article)\s+)?"
    r"(?:language|text|wording|provisions?|contract|agreement)"
)
_CURRENT: Final = (
    r"(?:(?:maintain|retain|keep|remains?(?:\s+at)?|no\s+changes?\s+(?:to|from|in))\s+(?:the\s+)?)?"
    rf"(?:{_LANGUAGE}|status\s+quo|(?-i:CCL|SQ|S\.Q\.))"
)
_PAPER: Final = (
    r"(?:the\s+|this\s+|that\s+)?(?:[\w.]+(?:[’']s)?\s+){0,2}"
    r"(?:section|article|clause|paragraph|item|proposal|counter(?:-?proposal)?|paper|language)"
)
_SAME: Final = (
    rf"no\s+changes?(?:\s+(?:is\s+|are\s+)?proposed)?(?:\s+(?:to|from|in)\s+{_PAPER})?|unchanged|n/c|(?-i:NC)|as\s+is|(?:the\s+)?same(?:\s+language)?"
    rf"|same\s+as\s+(?:in\s+)?{_PAPER}"
    r"|(?<=[\[(])(?:(?:tentatively\s+)?agreed(?:\s+(?:to|upon))?|(?-i:TA)(?:['’]?d)?)"
    r"(?:\s+(?:on\s+)?\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})?"
)
_DOTS: Final = r"(?<![.…*])(?:\*(?:[ ]?\*){2,6}|…(?:[ ]?…){0,3}|\.(?:[ ]?\.){2,4})(?![.…*])"
_REST: Final = (
    r"(?:(?:the\s+)?(?:remainder|rest|balance)"
    r"(?:\s+of\s+(?:the\s+|this\s+)?(?P<part>[\w .]{1,40}?))?"
    r"|(?:all|any)\s+(?:of\s+the\s+)?(?:other|remaining)\s+"
    r"(?:provisions?|terms?(?:\s+and\s+conditions)?|sections?|articles?|language|clauses?|paragraphs?"
    r"|subsections?|items?|text)(?:\s+(?:of|in)\s+(?:the\s+|this\s+)?(?P<other>[\w .]{1,40}?))?)"
)
_STATE: Final = (
    r"(?:\s*[:,\u2013\u2014-]?\s*(?:(?P<modal>shall|will|to|must)\s+)?"
    r"(?:(?:remains?|stays?|is|are|be)\s+)?)"
)
_PHRASE: Final = rf"(?:(?P<current>{_CURRENT})|(?P<same>{_SAME})|(?P<dots>{_DOTS}))"
_OPEN: Final = r"[\[({<\"“‘'*_~|]"
_CLOSE: Final = r"[\])}>\"”’'*_~|.;]"
_AT_END: Final = (  # searched for in the last part of a line only
    rf"(?:^|(?<=[\s:,.;\u2013\u2014\-\[(|]))(?P<open>(?:{_OPEN}\s?){{0,4}}){_PHRASE}"
    rf"(?P<close>(?:\s?{_CLOSE}){{0,5}})\s*$"
)
_REST_LINE: Final = (
    rf"(?P<open>(?:{_OPEN}\s?){{0,4}}){_REST}{_STATE}{_PHRASE}(?:\s?{_CLOSE}){{0,5}}"
)
_REMAIN: Final = re.compile(
    r"\s+(?P<modal>shall\s+|will\s+)?(?:to\s+)?(?:remains?|is|are|be)\s*$", re.IGNORECASE
)
_CAPITAL: Final = r"(?-i:[A-Z]|[IVXLC]{1,5})(?!\w)"
_LISTED: Final = rf"(?:{ADDRESS}|{_CAPITAL})[.)]?"
_LIST: Final = (
    rf"{_LISTED}(?:\s*(?:,\s*(?:and\s+)?|;|&|\band\b|\b(?:to|through|thru)\b|[\u2013\u2014-])\s*"
    rf"{_LISTED}){{0,60}}"
)
_ITEM: Final = (
    rf"(?P<first>{ADDRESS}|{_CAPITAL})[.)]?(?:\s*(?:\b(?:to|through|thru)\b|[\u2013\u2014-])\s*"
    rf"(?P<last>{ADDRESS}|{_CAPITAL}))?"
)
_REVERSED: Final = (
    rf"(?:{_OPEN}\s?){{0,4}}{_PHRASE}\s*(?:\s(?:to|in|for|on)\s|[:\u2013\u2014-])\s*"
    rf"(?P<list>{_LIST})(?:\s?{_CLOSE}){{0,5}}"
)
_ONLY: Final = (  # of the whole paper: what it does not name stays
    rf"(?:{_OPEN}\s?){{0,4}}(?:(?:proposals?|counters?|changes?|amendments?|revisions?)\s+"
    rf"(?:to|on|for|in)\s+)?(?P<list>{_LIST})\s+only\s*[:.]?(?:\s?{_CLOSE}){{0,5}}"
)
_ITEM_SIGN: Final = r"(?:\([A-Za-z\d]{1,4}\)|(?:[A-Za-z]|[ivxlcIVXLC]{2,6})[.)])"
_KIND: Final = r"(?:articles?|sections?|sec\.|art\.|§|paragraph|clause|item)"
NUMBER: Final = re.compile(  # of a clause, at its start
    rf"[\s|*_~]*(?:[-*+{BULLETS}]\s+)?(?:{_KIND}\s*(?:\d{{1,3}}(?:\.\d{{1,3}}){{0,6}}|[A-Za-z]|[ivxlc]{{1,6}})"
    rf"|\d{{1,3}}(?:\.\d{{1,3}}){{0,6}}|{_ITEM_SIGN})(?:\([A-Za-z\d]{{1,4}}\)){{0,6}}[.):]?"
    r"(?=[\s:|\u2013\u2014-]|$)[:.]?",
    re.IGNORECASE,
)
_SET_OFF: Final = re.compile(r"(?:[.:;,|\u2013\u2014-]|\s{2}|\t)\s*$")
_PROPOSES: Final = re.compile(
    r"(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,4}(?:\s+proposes?(?:\s+to)?|\s+position)?\s*:?\s*$"
)
_ASTERISKS: Final = re.compile(r"\s*\*(?:[^\S\n]?\*){2,6}\s*")
STAND_IN: Final = "stand-in"  # the kind of doubt about what stands for other text
_ELIDED: Final = re.compile(  # words left out inside of a clause; longer rows lead to a figure
    r"(?<![.…*])(?:…(?:[ ]?…){0,3}|\.(?:[ ]?\.){2,3}|\*(?:[ ]\*){2,6})(?![ ]?[.…*])"
)
ELISION: Final = "elision"  # the kind of doubt about words that a clause leaves out
_BESIDE: Final = 4  # words shown beside a sign
OMISSION: Final = "omission"  # the same, of a row of asterisks, which is no text
_KEYWORDS: Final = (
    *("chang", "quo", "ccl", "sq", "s.q", "same", "as is", "n/c", "nc", "language", "text"),
    "only",
    *("agreed", "[ta", "(ta"),
    *("wording", "provision", "contract", "agreement", "…", "..", ". .", "**", "* *"),
)
_EDGES: Final = f" \t*_~|-+>{BULLETS}"
_MOST: Final = 300  # code points of a line that is no clause text
_PHRASE_MOST: Final = 60  # code points at the end of a long line, in which a phrase stands
_HEADING_MOST: Final = 12  # words
_PROPOSED: Final = re.compile(
    r"^\W{0,9}(?:proposed|new)\s+(?:contract\s+)?(?:language|text|wording)\W{0,9}$",
    re.IGNORECASE | re.MULTILINE,
)


@attrs.frozen
class StandIn:
    """A stretch of a paper that stands for text of an earlier one.

    Attributes:
        start: start of the stretch in the paper's text; for one clause behind its number and
            heading.
        end: its end.
        says: the words that say so, as they stand there.
        scope: one clause, these that it names, the rest, or what is left out at its place.
        current: True when it is said of the current language, not of the last paper.
        named: the first and the last of each row of clauses that it names.
        part: of what the rest is meant, such as `article`; empty for everything.
    """

    start: int
    end: int
    says: str
    scope: Scope
    current: bool = False
    named: tuple[tuple[Key, Key], ...] = ()
    part: str = ""


def stand_ins(text: str) -> tuple[StandIn, ...]:
    """Return what stands for other text in a paper, in reading order."""
    lines = text.split("\n")
    proposed = _PROPOSED.search(text) is not None
    found: list[StandIn] = []
    at = 0
    for n, line in enumerate(lines):
        one = _read(line)
        if one is not None and not (proposed and one.current and one.scope == "gap"):
            before, after = lines[n - 1] if n else "", lines[n + 1] if n + 1 < len(lines) else ""
            if _stands_alone(line, one, before, after):
                found.append(attrs.evolve(one, start=at + one.start, end=at + one.end))
        at += len(line) + 1
    return tuple(found)


def says_unchanged(line: str) -> bool:
    """True for a line that can be nothing but a stand-in: `Current Language` may be a title."""
    one = _read(line)
    if one is None or one.scope == "clause":
        return False
    several = len(one.named) > 1 or any(first != last for first, last in one.named)
    return several or one.scope == "rest" or not re.search(_LANGUAGE, one.says, re.IGNORECASE)


def stand_in_doubts(text: str, lines: TextLines, laid_out: Sequence[Line]) -> Iterator[Doubt]:
    """Say what stands for text of an earlier paper, and where."""
    for one in stand_ins(text):
        message = f"“{shorten(one.says)}” stands for text of an earlier paper."
        yield Doubt("stand-in", message, lines.at(one.start), one.start, one.start)
    for start, end in elisions(text):
        message = f"“{_around(text, start, end)}” may leave words of its clause out."
        yield Doubt(ELISION, message, lines.at(start), start, end)
    for line in asterisks(laid_out):
        yield omission(line.text, line.number, lines.start_after(line.number, len(text)))


def elisions(text: str) -> Iterator[tuple[int, int]]:
    """Yield where dots or asterisks inside of a clause stand for words that it leaves out."""
    if not any(sign in text for sign in ("…", "..", ". .", "* *")):
        return
    taken = [(one.start, one.end) for one in stand_ins(text)]
    for found in _ELIDED.finditer(text):
        start, end = found.span()
        line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
        alone = _ASTERISKS.fullmatch(line) or not line.strip(" .…*[]()")
        if not alone and not any(a <= start < b for a, b in taken):
            yield start, end


def _around(text: str, start: int, end: int) -> str:
    """Return a sign with some words on each side."""
    before = text[text.rfind("\n", 0, start) + 1 : start].split()[-_BESIDE:]
    after = text[end:].partition("\n")[0].split()[:_BESIDE]
    return " ".join([*before, text[start:end], *after])


def omission(text: str, line: int, at: int) -> Doubt:
    """Say that a row of asterisks may stand for text at a place of the paper's own."""
    message = f"“{shorten(text)}” may stand for text of an earlier paper."
    return Doubt("omission", message, line, at, at)


def asterisks(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the rows of asterisks that may stand for text; elsewhere they are rules.

    They stand between two lines of clause text, right below the last, or above a first clause
    whose number is none to begin with.
    """
    rows: list[tuple[Line, bool]] = []  # since the last clause text; with nothing in between?
    seen = beside = False
    for line in lines:
        if line.role == "clause":
            yield from (row for row, _ in rows if seen or _goes_on(line.text))
            rows, seen, beside = [], True, True
        elif _ASTERISKS.fullmatch(line.text):
            rows.append((line, beside))
        elif line.role != "blank":
            beside = False
    yield from (row for row, below in rows if below)


def _goes_on(line: str) -> bool:
    """True for a clause whose number is none that a text begins with."""
    number = NUMBER.match(line)
    key = key_of(number.group()) if number is not None else ()
    return bool(key) and key[-1] not in {"1", "a", "i"} and key[0].isdecimal()


def _stands_alone(line: str, one: StandIn, before: str, after: str) -> bool:
    """False for a line that continues a sentence, or is continued by the next."""
    if one.says[:1] in "[({.…*":
        return True
    starts = not before.strip() or _is_clause(line) or before.rstrip()[-1:] in ".:;?!]|)"
    if not starts and not is_heading(before.strip()) and _read(before) is None:
        return False
    over = not after.strip() or _is_clause(after) or line.rstrip()[-1:] in ".];|)"
    return over or _read(after) is not None


def _is_clause(line: str) -> bool:
    """True for a line that starts a clause or an item: `2.0 Keys`, `Section 4: Keys`, `5 Keys`."""
    return is_item(line) or NUMBER.match(line) is not None


def _read(line: str) -> StandIn | None:
    """Read one line as a stand-in; offsets are those of the line."""
    size = len(line.rstrip())
    tail = max(size - _MOST, 0)
    end = line[max(size - (_PHRASE_MOST if tail else _MOST), 0) : size].lower()
    if not any(word in end for word in _KEYWORDS):
        return None  # as nearly every line of clause text, told at once
    found = pattern(_AT_END).search(line[:size], tail)
    short = line.strip(_EDGES) if size - tail == size else ""
    rest = _rest(line, short) or _reversed(line, short) or _only(line, short)
    if rest is not None or found is None:
        return rest
    return _lead(line, found)


def _at(line: str, short: str) -> tuple[int, int]:
    start = line.find(short)
    return start, start + len(short)


def _rest(line: str, short: str) -> StandIn | None:
    """`[Remainder of article unchanged]`, `All other provisions status quo`."""
    found = pattern(_REST_LINE).fullmatch(short) if short else None
    if found is None:
        return None
    bracketed = "[" in found["open"] or "(" in found["open"]
    if found["modal"] in {"shall", "will", "must"} and not bracketed:
        return None  # an agreement says that of itself
    part = (found["part"] or found["other"] or "").casefold()
    return StandIn(*_at(line, short), short, "rest", found["current"] is not None, (), part)


def _reversed(line: str, short: str) -> StandIn | None:
    """`No change to Sections 4-7`, `CCL: 4, 5 and 7`."""
    found = pattern(_REVERSED).fullmatch(short) if short else None
    if found is None:
        return None
    named = tuple(_named(found["list"]))
    says = short
    return StandIn(*_at(line, short), says, "these", found["current"] is not None, named)


def _only(line: str, short: str) -> StandIn | None:
    """`Section 3.0 only:`: all the rest stays."""
    if "only" not in short.lower() or pattern(_ONLY).fullmatch(short) is None:
        return None
    return StandIn(*_at(line, short), short, "rest")


def _named(text: str) -> Iterator[tuple[Key, Key]]:
    """Yield the first and the last of each row of clauses in a list."""
    for item in pattern(_ITEM).finditer(text):
        first = key_of(item["first"])
        last = key_of(item["last"]) if item["last"] else first
        yield first, _completed(first, last)


def _completed(first: Key, last: Key) -> Key:
    """`3(a)-(c)` ends with 3(c)."""
    return first[: len(first) - len(last)] + last if len(last) < len(first) else last


def _lead(line: str, found: re.Match[str]) -> StandIn | None:
    """Account for what stands before the phrase: nothing, clauses, or one with its heading."""
    start = found.start()
    says = found["dots"] or _quoted(found)
    bare, current = line[:start].strip(_EDGES), found["current"] is not None
    if not bare:
        return StandIn(*_at(line, line.strip()), says, "gap", current)
    named = _named_before(bare, found)
    if named and (len(named) > 1 or named[0][0] != named[0][1] or not is_numbered(line)):
        return StandIn(*_at(line, line.strip()), says, "these", current, named)
    one = StandIn(*found.span(), says, "clause", current, named)
    number = NUMBER.match(line)
    if named:
        return one
    if number is None:
        return _unnumbered(line, bare, one, bracketed="[" in found["open"])
    heading = line[number.end() : start].strip(_EDGES)
    if found["dots"] and heading:
        return None  # a sentence that trails off
    return one if not heading or _is_heading(line[:start], heading, found) else None


def _named_before(bare: str, found: re.Match[str]) -> tuple[tuple[Key, Key], ...]:
    """Return the clauses that stand before the phrase, where nothing else does."""
    plain = bare if found["dots"] else _REMAIN.sub("", bare)
    list_ = plain.rstrip(" :,;.\u2013\u2014-|")
    if plain.isalpha():
        return ()  # a word
    return tuple(_named(list_)) if len(list_) <= _MOST and pattern(_LIST).fullmatch(list_) else ()


def _quoted(found: re.Match[str]) -> str:
    """Return the phrase with the brackets that it stands in."""
    says = found.group().strip("*_~|\"“”‘’'.;> \t")
    return says if says[:1] in "[({" else says.rstrip("])}")


def _unnumbered(line: str, bare: str, one: StandIn, *, bracketed: bool) -> StandIn | None:
    """A side that says so of what the line stands under, or a bracket behind a clause's words."""
    if bracketed:
        return attrs.evolve(one, start=line.rindex(one.says))
    if _PROPOSES.fullmatch(bare) and ("propose" in bare or "position" in bare):
        start, end = _at(line, line.strip())
        return attrs.evolve(one, start=start, end=end, scope="gap")
    return None


def _is_heading(lead: str, heading: str, found: re.Match[str]) -> bool:
    """True for words that may be a clause's heading, set off from the phrase behind them."""
    if "[" in found["open"]:
        return True
    words = heading.rstrip(" .:;,\u2013\u2014-")
    short = 0 < len(words.split()) <= _HEADING_MOST and not re.search(r"[.;?!]\s", words)
    upper = (found["current"] or "").isupper()
    set_off = "(" in found["open"] or upper or _SET_OFF.search(lead) is not None
    return short and set_off and is_heading(words)
