r"""The grammar of instructions: what a sentence tells to do with another text.

Strategy: a small table of forms, each a pattern with the names of what it gives: the words that go,
the words that come, where. A sentence is read from left to right, form after form, until nothing is
left; a form has quoted words, an address, or *the following* for its object, and no subject before
its verb. So `delete records after three years` is none, and neither is `the District may replace`.

This module sees one sentence at a time, and knows neither papers nor the text that is told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal

import attrs

from bargaining.readers.addresses import ADDRESS, LEAD, Key, key_of, pattern
from bargaining.text.spelling import BULLETS

Does = Literal["words", "insert", "strike", "delete", "rewrite", "add", "unknown"]
Where = Literal["", "after", "before", "end", "start"]

MOST_TOLD: Final = 1000  # instructions of one paper
OPENS, CLOSES = "\x02", "\x03"  # around words that a paper marks, where it quotes none
_MOST: Final = 2000  # code points of quoted words
_ADDRESS_MOST: Final = 200  # of an address
_QUOTE: Final = re.compile(rf"[“\"„«‹‘{OPENS}]|(?<!\w)'")


def _quoted(name: str) -> str:
    """Return a pattern of quoted words; the group `name` and a number has what is inside."""
    pairs = (
        (r"“", rf"[^“”]{{1,{_MOST}}}", r"”"),
        (r"\"", rf"[^\"]{{1,{_MOST}}}", r"\""),
        (r"„", rf"[^„“”]{{1,{_MOST}}}", r"[“”]"),
        (r"[«‹]\s?", rf"[^«»‹›]{{1,{_MOST}}}?", r"\s?[»›]"),
        (r"‘", rf"(?:[^‘’]|’(?=\w)|(?<=s)’(?=\s[^‘’]{{1,200}}’)){{1,{_MOST}}}", r"’(?!\w)"),
        (r"(?<!\w)'", rf"(?:[^']|(?<=\w)'(?=\w)){{1,{_MOST}}}", r"'(?!\w)"),
        (OPENS, rf"[^{OPENS}{CLOSES}]{{1,{_MOST}}}", CLOSES),
    )
    ways = (f"{a}(?P<{name}{n}>{inner}){z}" for n, (a, inner, z) in enumerate(pairs))
    return rf"{OPENS}?(?:{'|'.join(ways)}){CLOSES}?"


_OLD: Final = _quoted("old")
_NEW: Final = _quoted("new")
_MEW: Final = _quoted("mew")  # the new words, where both stand in one pattern twice
_STRIKE: Final = r"(?:strik(?:e|ing)|delet(?:e|ing)|remov(?:e|ing)|omit(?:ting)?)(?:\s+out)?"
_INSERT: Final = r"(?:insert(?:ing)?|add(?:ing)?|append(?:ing)?)"
_CHANGE: Final = (
    r"(?:replac(?:e|ing)|chang(?:e|ing)|revis(?:e|ing)|amend(?:ing)?|modify(?:ing)?"
    r"|correct(?:ing)?)"
)
_SUBSTITUTE: Final = r"substitut(?:e|ing)"
_THE: Final = (
    r"(?:the\s+)?(?:(?:existing|current|new)\s+)?"
    r"(?:(?:words?|phrases?|terms?|figures?|numbers?|numerals?|language|text|sentences?|titles?|dates?"
    r"|amounts?)\s*[:,]?\s+)?"
)
_NTH: Final = r"(?P<{}>first|second|third|fourth|fifth|last|final)\s+sentence"
_AT_LINE: Final = (
    r"(?:\s*,?\s*(?:(?:on|at|in)\s+)?(?:the\s+)?(?:(?:first|second|third|last)\s+)?"
    r"lines?(?:\s+\d+)?)?"
)


def _place(name: str) -> str:
    """Return a pattern of where words stand: `in 3.0`, `of the second sentence of Section 3(b)`."""
    nth = _NTH.format(f"nth_{name}")
    return (
        rf"(?:(?:in|from|of|under|within|at|to)\s+(?:line\s+\d+\s+of\s+)?"
        rf"(?:the\s+{nth}(?:\s+(?:of|in)\s+(?P<of_{name}>{ADDRESS}))?|(?P<in_{name}>{ADDRESS}))"
        rf"{_AT_LINE}|(?:in|on|at)\s+line\s+\d+)"
    )


def _maybe(name: str) -> str:
    return rf"(?:\s*,?\s*{_place(name)})?"


_INSTEAD: Final = (
    r"(?:\s+(?:in\s+(?:its|their)\s+(?:place|stead)|in\s+lieu\s+(?:thereof|of\s+it)|therefor|instead"
    r"|thereof))?"
)
_ENTIRELY: Final = (
    r"(?:\s*,?\s*(?P<entirely>in\s+(?:its|their)\s+entirety|entirely|completely|altogether))"
)
_BE: Final = r"(?:is|are|shall\s+be|be|will\s+be)\s+(?:hereby\s+)?"
_KINDS: Final = (
    r"(?:sections?|paragraphs?|clauses?|articles?|sub-?sections?|items?|sentences?|provisions?"
    r"|language|text|wording|words|terms?)"
)
_READS: Final = r"(?:\s+(?:to\s+read|which\s+reads?|reading))?(?:\s+as\s+follows)?"
_FOLLOWING: Final = (
    rf"(?:the\s+following(?:\s+(?:as\s+)?(?:an?\s+)?(?:new\s+)?(?:{_KINDS}))?|an?\s+new\s+{_KINDS}"
    rf"|new\s+{_KINDS}|an?\s+{_KINDS})"
)
_BODY: Final = r"\s*(?:(?P<colon>:)\s*(?P<body>.*)|,?\s*$)"
_SIDE: Final = r"(?:immediately\s+|directly\s+)?(?P<side>after|before|following|preceding|behind)"
_STOPS: Final = r"(?=\s*(?:$|[.;,:]|and\b|then\b))"
_LIST: Final = rf"(?P<list>{ADDRESS}(?:\s*(?:,\s*(?:and\s+)?|and\s+|&\s*){ADDRESS}){{0,30}})"


@attrs.frozen
class _Form:
    """One way to tell something.

    Attributes:
        does: what it tells to do.
        lead: how it begins, told at little cost.
        text: its pattern.
        quotes: True where quoted words stand in it.
    """

    does: Does
    lead: str
    text: str
    quotes: bool

    def match(self, text: str, at: int) -> re.Match[str] | None:
        """Find it at a place of a sentence."""
        if self.quotes and not _QUOTE.search(text, at):
            return None
        if pattern(self.lead).match(text, at) is None:
            return None
        return pattern(self.text).match(text, at)


def _form(does: Does, lead: str, text: str) -> _Form:
    return _Form(does, lead, text, "(?P<old0>" in text or "(?P<new0>" in text)


_FORMS: Final[tuple[_Form, ...]] = (
    _form(
        "words",
        _STRIKE,
        rf"{_STRIKE}\s+{_THE}{_OLD}{_maybe('a')}\s*[,;]?\s*(?:and\s+)?(?:then\s+)?"
        rf"(?:{_INSERT}|{_SUBSTITUTE}|replac(?:e|ing)(?:\s+(?:it|them))?\s+(?:with|by))"
        rf"{_INSTEAD}\s*,?\s+{_THE}{_NEW}{_INSTEAD}{_maybe('b')}",
    ),
    _form(
        "words",
        rf"(?:{_CHANGE}|{_SUBSTITUTE})",
        rf"(?:{_CHANGE}|{_SUBSTITUTE})\s+{_THE}{_OLD}{_maybe('a')}\s*,?\s*"
        rf"(?:with|to(?:\s+read)?|by)\s*:?\s+{_THE}{_NEW}{_maybe('b')}",
    ),
    _form(
        "words",
        rf"(?:{_SUBSTITUTE}|{_INSERT})",
        rf"(?:{_SUBSTITUTE}\s+{_THE}{_NEW}\s+for|{_INSERT}\s+{_THE}{_MEW}\s+"
        rf"(?:in\s+(?:place|lieu|stead)|instead)\s+of)\s+{_THE}{_OLD}{_maybe('a')}",
    ),
    _form("insert", _INSERT, rf"{_INSERT}\s+{_THE}{_NEW}\s+{_SIDE}\s+{_THE}{_OLD}{_maybe('a')}"),
    _form(
        "insert",
        _SIDE,
        rf"{_SIDE}\s+{_THE}{_OLD}{_maybe('a')}\s*,?\s*{_INSERT}(?:\s+the\s+following"
        rf"(?:\s+{_KINDS})?)?\s*[:,]?\s+{_THE}{_NEW}{_maybe('b')}",
    ),
    _form(
        "insert",
        _INSERT,
        rf"{_INSERT}\s+{_THE}{_NEW}\s+(?:at|to)\s+the\s+(?P<edge>end|beginning|start)"
        rf"(?:\s+of\s+(?:the\s+{_NTH.format('nth_a')}(?:\s+(?:of|in)\s+(?P<of_a>{ADDRESS}))?"
        rf"|(?P<in_a>{ADDRESS})))?",
    ),
    _form(
        "insert",
        r"at\s",
        rf"at\s+the\s+(?P<edge>end|beginning|start)(?:\s+of\s+(?:the\s+{_NTH.format('nth_a')}"
        rf"(?:\s+(?:of|in)\s+(?P<of_a>{ADDRESS}))?|(?P<in_a>{ADDRESS}))|\s+thereof)?\s*,?\s*"
        rf"{_INSERT}(?:\s+the\s+following(?:\s+{_KINDS})?)?\s*[:,]?\s+{_THE}{_NEW}",
    ),
    _form(
        "insert",
        _INSERT,
        rf"{_INSERT}(?:\s+the\s+following(?:\s+(?:{_KINDS}))?)?\s+(?:at|to)\s+the\s+"
        rf"(?P<edge>end|beginning|start)\s+of\s+(?P<in_a>{ADDRESS})\s*[:,]?\s+{_NEW}",
    ),
    _form(
        "insert",
        _INSERT,
        rf"{_INSERT}\s+(?:the\s+following|this|an?)\s+(?:(?:new|final|last|additional)\s+)?"
        rf"(?P<sentence>sentences?)(?:\s+(?:to|in)\s+(?P<in_a>{ADDRESS}))?\s*[:,]?\s+{_NEW}",
    ),
    _form(
        "words",
        _CHANGE,
        rf"{_CHANGE}\s+the\s+{_NTH.format('nth_a')}(?:\s+(?:of|in)\s+(?P<of_a>{ADDRESS}))?\s*,?\s*"
        rf"(?:with|to\s+read|by)(?:\s+(?:as\s+follows|the\s+following))?\s*:?\s+{_THE}{_NEW}",
    ),
    _form("strike", _STRIKE, rf"{_STRIKE}\s+{_THE}{_OLD}{_maybe('a')}"),
    _form(
        "strike",
        _STRIKE,
        rf"{_STRIKE}\s+the\s+{_NTH.format('nth_a')}(?:\s+(?:of|in|from)\s+(?P<of_a>{ADDRESS}))?"
        rf"{_ENTIRELY}?{_STOPS}",
    ),
    _form(
        "rewrite",
        _STRIKE,
        rf"{_STRIKE}\s+(?P<in_a>{ADDRESS}){_ENTIRELY}?\s*,?\s*and\s+(?:replace|substitute|insert)"
        rf"(?:\s+(?:it|them))?(?:\s+(?:with|by))?(?:\s+the\s+following)?{_INSTEAD}{_BODY}",
    ),
    _form(
        "rewrite",
        _CHANGE,
        rf"{_CHANGE}\s+(?P<in_a>{ADDRESS}){_ENTIRELY}?\s+(?:so\s+that\s+it\s+reads|to\s+read"
        rf"|with\s+the\s+following|with(?=\s*:)|to\s+be)(?:\s+as\s+follows)?{_BODY}",
    ),
    _form(
        "rewrite",
        LEAD,
        rf"(?P<in_a>{ADDRESS})\s+{_BE}(?:amended|revised|changed|replaced|modified){_ENTIRELY}?"
        rf"\s+(?:to\s+read|with\s+the\s+following|by\s+the\s+following)(?:\s+as\s+follows)?{_BODY}",
    ),
    _form("delete", _STRIKE, rf"{_STRIKE}\s+{_LIST}{_ENTIRELY}?{_STOPS}"),
    _form(
        "delete",
        LEAD,
        rf"{_LIST}\s+{_BE}(?:deleted|struck|stricken|removed|repealed)(?:\s+out)?{_ENTIRELY}?{_STOPS}",
    ),
    _form(
        "add",
        _SIDE,
        rf"{_SIDE}\s+(?P<in_a>{ADDRESS})\s*,?\s*{_INSERT}\s+{_FOLLOWING}"
        rf"(?:\s+(?P<number>{ADDRESS}))?{_READS}{_BODY}",
    ),
    _form(
        "add",
        _INSERT,
        rf"{_INSERT}\s+{_FOLLOWING}(?:\s+(?P<number>{ADDRESS}))?\s*,?\s*{_SIDE}\s+"
        rf"(?P<in_a>{ADDRESS}){_READS}{_BODY}",
    ),
    _form(
        "add",
        _INSERT,
        rf"{_INSERT}\s+{_FOLLOWING}\s+(?:at\s+the\s+(?P<edge>end|beginning)\s+of|to)\s+"
        rf"(?P<in_a>{ADDRESS}){_READS}{_BODY}",
    ),
    _form("add", _INSERT, rf"{_INSERT}\s+(?:an?\s+)?new\s+(?P<number>{ADDRESS}){_READS}{_BODY}"),
    _form(
        "add",
        _INSERT,
        rf"{_INSERT}\s+(?:an?\s+)?(?:new\s+)?(?P<number>{ADDRESS})\s*,?\s*(?:{_SIDE}"
        rf"|(?:at\s+the\s+end\s+of|to))\s+(?P<in_a>{ADDRESS}){_READS}{_BODY}",
    ),
    _form("delete", _STRIKE, rf"{_STRIKE}{_ENTIRELY}?{_STOPS}"),  # of what is named before it
    _form(
        "add",
        _INSERT,
        rf"{_INSERT}\s+{_FOLLOWING}(?:\s+(?P<number>{ADDRESS}))?{_READS}\s*:\s*(?P<body>.*)",
    ),
    _form(
        "unknown",
        "re",
        r"(?:re-?number|re-?letter|re-?designate)(?:ing)?(?:\s+(?:the\s+)?(?:all\s+)?(?:remaining"
        r"|subsequent|following|succeeding|other|accordingly|as\s+(?:necessary|needed|appropriate)"
        rf"|{_KINDS}|{ADDRESS})\b.*|\s*$|(?=[.;,]))",
    ),
    _form(
        "unknown",
        "mak",
        r"mak(?:e|ing)\s+(?:(?:any|all|the|such|other)\s+)*(?:(?:necessary|appropriate|other)\s+)*"
        r"conforming\s+(?:changes|edits|amendments).*",
    ),
    _form(
        "unknown",
        "update|correct|conform",
        r"(?:update|correct|conform)\s+(?:all\s+|the\s+)*cross[\s-]references.*",
    ),
    _form(
        "unknown",
        r"(?:wherever|everywhere|throughout|each\s+time|in\s+all\s+(?:places|instances))",
        r"(?:wherever|everywhere|throughout|each\s+time|in\s+all\s+(?:places|instances))\b.*",
    ),
    _form("unknown", "mov", rf"mov(?:e|ing)\s+{ADDRESS}\s+(?:to|after|before|behind|into)\b.*"),
)
_VERBS: Final = r"(?:strike|delete|remove|insert|add|replace|change|substitute|revise)"
_CONTEXTS: Final = (
    _form(
        "unknown",
        rf"{LEAD}.{{0,{_ADDRESS_MOST}}}?\b(?:amend|revis|chang|modif)",
        rf"(?P<in_a>{ADDRESS})\s+{_BE}(?:further\s+)?(?:amended|revised|changed|modified)"
        r"(?:\s+as\s+follows)?(?:\s+by)?\s*[:,]?\s*",
    ),
    _form(
        "unknown",
        _CHANGE,
        rf"{_CHANGE}\s+(?P<in_a>{ADDRESS})\s*,?\s*(?:as\s+follows|by)\s*[:,]?\s*",
    ),
    _form(
        "unknown",
        rf"(?:with\s+respect\s+to|for|on|as\s+to)\s+{LEAD}",
        rf"(?:with\s+respect\s+to|for|on|as\s+to)\s+(?P<in_a>{ADDRESS})\s*[,:]\s*",
    ),
    _form(
        "unknown",
        rf"(?:in|from|of|under|within|at|to|on)\s+(?:line\s|(?:the\s+)?\w+\s+sentence|{LEAD})",
        rf"{_place('a')}\s*[,:]?\s*",
    ),
    _form(
        "unknown",
        LEAD,
        rf"(?P<in_a>{ADDRESS})\s*(?:[:,\u2013\u2014-]\s*|\.?\s+(?={_VERBS}\b))",
    ),
)
_JOINT: Final = re.compile(
    r"(?:[\s,;.\u2013\u2014-]|and\b|then\b|also\b|further\b|please\b|by\b|or\b(?!\w))*",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    rf"\s*(?:[-*+{BULLETS}]\s+)?"
    r"(?:(?P<number>\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,5})[.)])\s+)?"
)
_NTHS: Final = {
    "first": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "last": -1,
    "final": -1,
}
_BARE: Final = re.compile(r"(?:the\s+)?\d{1,3}|\([A-Za-z\d]{1,4}\)", re.IGNORECASE)


@attrs.frozen
class Told:
    """One thing that a sentence tells to do.

    Attributes:
        does: strike words, replace them, insert some, delete clauses, rewrite one, add text.
        says: the words that say so.
        clause: the row of the address in which it is to be done; empty where none is named.
        address: that address as it stands there.
        clauses: of what is deleted: all rows.
        sentence: which sentence of the clause; None for all of it.
        old: the words that go, or beside which others come.
        new: the words that come.
        where: on which side of those, or of the clause, or at which edge of it.
        number: the number of a new clause, where it is stated.
        body: the text that comes, where it stands in the same sentence; None where it follows.
        takes_body: True where whole paragraphs come.
    """

    does: Does
    says: str
    clause: Key = ()
    address: str = ""
    clauses: tuple[tuple[Key, str], ...] = ()
    sentence: int | None = None
    old: str = ""
    new: str = ""
    where: Where = ""
    number: Key = ()
    number_shown: str = ""
    body: str | None = None
    takes_body: bool = False


@attrs.frozen
class Sentence:
    """What a paragraph tells to do.

    Attributes:
        told: the instructions, in order.
        rest: what is left of it that was not understood.
        context: the address in which all of it is to be done, if there is one.
        number: its number in a list, such as `1.`; empty without one.
    """

    told: tuple[Told, ...]
    rest: str
    context: tuple[Key, str] | None = None
    number: str = ""

    @property
    def is_plain(self) -> bool:
        """True where it can be nothing but instructions."""
        placed = self.context is not None or any(one.clause or one.number for one in self.told)
        return bool(self.told) and (not self.rest or placed)


_OPENING: Final = re.compile(  # how a sentence starts that may give instructions
    rf"(?:strik|delet|remov|omit|insert|add|append|replac|chang|revis|amend|modif|correct|substitut"
    r"|re-?number|re-?letter|re-?designat|mak|updat|conform|mov|in|from|of|under|within|at|to|for|on"
    r"|with|as|after|before|following|preceding|behind|immediately|directly)(?:e|ing)?\b"
    rf"|{LEAD}",
    re.IGNORECASE,
)
_STEMS: Final = (
    *("strik", "delet", "remov", "omit", "insert", "add", "append", "replac", "chang", "revis"),
    *("amend", "modif", "correct", "substitut", "number", "letter", "designat", "struck"),
    *("stricken", "repeal", "conform", "cross", "mov"),
)
_LEADS_MOST: Final = 120  # code points of a paragraph that leads to the next ones
_LOOKED_AT: Final = 8000  # code points of a paragraph in which its first verb stands


def _may_tell(text: str, at: int) -> bool:
    """False for nearly every paragraph of clause text, told at once."""
    if text.endswith(":") and len(text) <= _LEADS_MOST:
        return True  # perhaps where what follows is to be done
    if _OPENING.match(text, _skipped(text, at)) is None:
        return False
    start = text[at : at + _LOOKED_AT].lower()
    return any(stem in start for stem in _STEMS)


def parse(text: str) -> Sentence:
    """Read a paragraph as instructions."""
    lead = _NUMBERED.match(text)
    number = "" if lead is None else lead["number"] or ""
    at = lead.end() if lead is not None else 0
    if not _may_tell(text, at):
        return Sentence((), text, None, number)
    told: list[Told] = []
    context: tuple[Key, str] | None = None
    nth: int | None = None
    while len(told) < MOST_TOLD:
        at = _skipped(text, at)
        found = _told(text, at, context, nth)
        if found is not None:
            one, at = found
            told.append(one)
            continue
        placed = _context(text, at)
        if placed is None:
            break
        context, nth, at = placed
    return Sentence(tuple(told), text[at:].strip(" .;,"), context, number)


def _skipped(text: str, at: int) -> int:
    joint = _JOINT.match(text, at)
    return at if joint is None else joint.end()


def _context(text: str, at: int) -> tuple[tuple[Key, str] | None, int | None, int] | None:
    """Read where all that follows is to be done."""
    for form in _CONTEXTS:
        found = form.match(text, at)
        if found is not None and found.end() > at:
            groups = found.groupdict()
            address = groups.get("in_a") or groups.get("of_a") or ""
            nth = _NTHS.get((groups.get("nth_a") or "").casefold())
            if address or nth is not None or "line" in found.group():
                return ((key_of(address), address) if address else None), nth, found.end()
    return None


def _told(
    text: str, at: int, context: tuple[Key, str] | None, nth: int | None
) -> tuple[Told, int] | None:
    for form in _FORMS:
        found = form.match(text, at)
        if found is None:
            continue
        one = _read(form.does, found, context, nth)
        if one is not None:
            return one, found.end()
    return None


def _read(
    does: Does, found: re.Match[str], context: tuple[Key, str] | None, nth: int | None
) -> Told | None:
    groups = found.groupdict()
    address = next((groups[n] for n in ("in_a", "of_a", "in_b", "of_b") if groups.get(n)), "")
    sentence = next((groups[n] for n in ("nth_a", "nth_b") if groups.get(n)), None)
    key = key_of(address)
    if not key and context is not None:
        key, address = context
    clauses = tuple(_addresses(groups.get("list") or ""))
    if does == "delete" and "list" not in groups:
        clauses = () if context is None else (context,)
    elif does == "delete" and not groups.get("entirely") and _is_bare(groups["list"] or ""):
        return None
    if does == "delete" and not clauses:
        return None
    body = groups.get("body")
    return Told(
        does=does,
        says=" ".join(found.group().translate(_UNMARKED).split()),
        clause=key,
        address=address.removeprefix("the "),
        clauses=clauses,
        sentence=nth if sentence is None else _NTHS[sentence.casefold()],
        old=_inside(groups, "old"),
        new=_inside(groups, "new") or _inside(groups, "mew"),
        where=_where(groups),
        number=key_of(groups.get("number") or ""),
        number_shown=groups.get("number") or "",
        body=body.strip() or None if body else None,
        takes_body=does in {"rewrite", "add"},
    )


_UNMARKED: Final = {ord(OPENS): None, ord(CLOSES): None}


def _inside(groups: Mapping[str, str | None], name: str) -> str:
    """Return what stands between quotes."""
    text = next((text for n in range(7) if (text := groups.get(f"{name}{n}"))), "")
    return " ".join(text.translate(_UNMARKED).split())


def _where(groups: Mapping[str, str | None]) -> Where:
    if groups.get("sentence"):
        return "end"  # of the clause that it is added to
    side = (groups.get("side") or "").casefold()
    if side:
        return "before" if side in {"before", "preceding"} else "after"
    edge = (groups.get("edge") or "").casefold()
    return "end" if edge == "end" else "start" if edge else ""


def _addresses(text: str) -> Iterator[tuple[Key, str]]:
    for found in pattern(ADDRESS).finditer(text):
        yield key_of(found.group()), found.group()


def _is_bare(text: str) -> bool:
    """True for a number or letter that may be anything: `remove 5`."""
    return _BARE.fullmatch(text.strip()) is not None


def unquoted(text: str) -> str:
    """Return a text without the quotes that it wholly stands in."""
    found = pattern(rf"(?s:\s*{_NEW}\s*\.?\s*)").fullmatch(text)
    return text if found is None else _whole(found)


def _whole(found: re.Match[str]) -> str:
    text = next((text for n in range(7) if (text := found.groupdict().get(f"new{n}"))), "")
    return text.translate(_UNMARKED)
