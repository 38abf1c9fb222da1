"""The grammar of labels: a label cut into segments, and each read wholly or not at all.

Strategy: party and qualifiers, then kind words, then a tail of dates, numbers, states and phrases
("by UO", "to UTD Proposals #7 and #9"). Every rule yields findings, (name, value) pairs. A segment
that the grammar cannot read is the subject of one that it can, or nothing.

This module yields what is found; what a label says, where findings agree, is for `label`.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from bargaining.labels.dates import (
    DATE,
    ELSEWHEN,
    FOREIGN_DATE,
    HALF_DAY,
    MONTH,
    MONTH_ALONE,
    TIME,
    dates_in,
    tightened,
)
from bargaining.labels.parties import (
    ARTICLES,
    MARKED_PARTY_SHAPE,
    QUALIFIERS,
    SIDES,
    Finding,
    Found,
    given,
    only,
    peel,
    read_party,
    shape_of,
    values_of,
)

# What stands before the kind words

# A name's own number ("Local #521") is no number of a paper.
_NUMBER = re.compile(
    r"(?<!local )(?<!lodge )(?<!unit )(?:#\s?|\bNo\.\s?)"
    r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,2})?(?:-?[A-Z])?)(?![^\W_])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:\b(?:article|art\.|section|sec\.|appendix|exhibit)|§)\s?"
    r"(?:[0-9]{1,3}(?:\.[0-9]{1,3})?(?:\.[0-9]{1,3})?[A-Z]?|[IVXL]{1,7}|[A-Z])(?![^\W_])",
    re.IGNORECASE,
)


def _read_front(text: str) -> Found | None:
    """Party, qualifiers, dates, numbers and addresses; None when anything else is there."""
    rest = _OFF_RECORD_WORDS.sub("off-the-record", FOREIGN_DATE.sub(" ", text))
    dates, rest = _take_out(dates_in(rest), "date", rest)
    times, rest = _take_out(TIME.finditer(rest), "time", rest) if dates else ((), rest)
    numbers, rest = _take_out(_NUMBER.finditer(rest), "number", rest)
    addresses, rest = _take_out(_ADDRESS.finditer(rest), "topic", rest)
    said, words = peel(_words(rest))
    party = read_party(words)
    return None if party is None else (*dates, *times, *numbers, *addresses, *said, *party)


def _words(text: str) -> list[str]:
    return [word for word in (part.strip(",;!*") for part in text.split()) if word]


def _take_out(matches: Iterable[re.Match[str]], name: str, text: str) -> tuple[Found, str]:
    """The matches as findings, and the text without them."""
    found: list[Finding] = []
    left, place = [], 0
    for match in matches:
        found.append((name, match["number"] if name == "number" else match[0]))
        left.append(text[place : match.start()])
        place = match.end()
    return tuple(found), " ".join([*left, text[place:]])


# Kind words, and what follows them

_END = r"(?![\w-])"
# "TA" may be a teaching assistant: it is an agreement only where no other noun follows.
_TA = (
    r"(?-i:T/?A)(?=\s?(?:\Z|[#0-9(,;]"
    rf"|{MONTH}|(?:on|for|re|dated|article|section|appendix)\b))"
)
# "Emergency Response Team" is no counter, and a response to questions is none either.
_RESPONSE = (
    r"response(?=\s?(?:\Z|[#0-9(,;]|(?:by|from|on|dated)\b"
    r"|to\b.*(?:proposal|counter|package|supposal|offer)))"
)
_CURRENT = r"(?:current|existing)\s(?:(?:contract|agreement|cba)\slanguage|language|contract|cba)"
_FINDER = r"fact[-\s]?find(?:er(?:['’]s|s['’])?|ing)"
# In order of precedence: of several kind words in a label, the first of this table is the kind.
_KIND_WORDS: tuple[tuple[str, str], ...] = (
    (
        "tentative agreement",  # a proposed one is none
        rf"(?<!proposed )(?:tentative\sagreement{_END}|(?-i:TA)(?:['’]?d|ed){_END}|{_TA})",
    ),
    (
        "last, best and final offer",
        rf"(?:last,?\sbest,?\s(?:(?:and|&)\s)?final\soffer|(?-i:LBFO|L\.B\.F\.O\.)){_END}",
    ),
    (
        "mediator's proposal",
        rf"(?:mediator(?:['’]s|s['’])?|mediation)\s(?:settlement\s|package\s)?proposal{_END}",
    ),
    (
        "fact-finder's recommendation",
        rf"{_FINDER}\s(?:panel(?:['’]s)?\s)?(?:report|recommendations?|proposal){_END}",
    ),
    ("sunshine proposal", rf"(?:sunshined?\s(?:initial\s)?proposal|sunshined){_END}"),
    ("supposal", rf"(?:supposal|what[-\s]if|hypothetical){_END}"),
    ("package", rf"package{_END}"),
    ("counter", rf"counter(?:[-\s]?(?:proposal|offer))?{_END}|{_RESPONSE}"),
    ("proposal", rf"(?:proposal|offer){_END}"),
    ("final print", rf"final\sprint{_END}"),
    ("base", rf"{_CURRENT}{_END}"),
)
KIND_ORDER = tuple(kind for kind, _ in _KIND_WORDS)
# "Counter 2": a bare number counts only right after a kind word, with no noun or month after it.
_BARE_NUMBER = (
    r"(?:\s(?P<number>[0-9]{1,3}[A-Z]?)"
    rf"(?=\s?(?:\Z|[,;(#])|\s[0-9]|\s{MONTH}\s[0-9]{{1,2}}(?![0-9])))?"
)


def _named_groups(table: tuple[tuple[str, str], ...]) -> str:
    return "|".join(f"(?P<g{place}>{words})" for place, (_, words) in enumerate(table))


def _matched_name(table: tuple[tuple[str, str], ...], found: re.Match[str]) -> str:
    return next(name for place, (name, _) in enumerate(table) if found[f"g{place}"])


_KIND = re.compile(rf"(?<![\w-])(?:{_named_groups(_KIND_WORDS)}){_BARE_NUMBER}", re.IGNORECASE)

# "Hold" and "Joint" say what a paper is only where no noun follows: "Hold Harmless", "Joint Use".
_ALONE = r"(?=\s?(?:\Z|[0-9#(),;]))"
_OFF_RECORD = r"off[-\s]the[-\s]record"
_OFF_RECORD_WORDS = re.compile(_OFF_RECORD, re.IGNORECASE)
_STATE_WORDS: tuple[tuple[str, str], ...] = (
    ("withdrawn", "withdrawn"),
    ("rejected", "rejected"),
    ("held", rf"held(?:\sin\sabeyance)?|(?:on\s)?hold{_ALONE}|in\sabeyance"),
    ("off the record", rf"{_OFF_RECORD}{_ALONE}"),
    ("signed", "signed"),
    ("tentative agreement", r"tentatively\sagreed(?:\sto)?"),
    ("non-binding", "non-?binding"),
    ("joint", rf"joint{_ALONE}"),
)
STATE_ORDER = tuple(state for state, _ in _STATE_WORDS)
_STATE = re.compile(rf"(?:{_named_groups(_STATE_WORDS)}){_END}", re.IGNORECASE)
_MEDIUM = re.compile(
    rf"(?:(?P<verbal>verbal(?:ly)?|oral(?:ly)?)|written|in\swriting){_END}", re.IGNORECASE
)
# Understood, and saying nothing that is kept: web flags, verbs of exchange, words before a date.
_SILENT = re.compile(
    r"(?:(?:and\s)?proposed\s(?:tentative\sagreement|(?-i:TA))"
    r"|new\sarticle|(?-i:NEW|UPDATED)|re|and|&"
    r"|(?:was\s)?(?:exchanged|presented|passed|submitted|received|delivered|given)"
    rf"|(?:dated|on|of|from)(?=\s(?:[0-9]|{MONTH})))(?![\w-])!?",
    re.IGNORECASE,
)
# Which paper of its day, or of its name, it is: "5-19-25 (2)", "v2", "rev. 2".
_SEQUENCE = re.compile(
    r"\((?P<of_day>[1-9][0-9]?)\)"
    rf"|\(?(?:v|ver|version|rev|revision|draft)\s?[.#]?\s?(?P<version>[1-9][0-9]?)\)?{_END}",
    re.IGNORECASE,
)
_NOT_LATE = {"joint", "off-the-record"}  # as states
# "Proposal #2 (revised)", "Counter 5-19-25, final": a qualifier may come last too.
_LATE_QUALIFIER = re.compile(
    rf"(?:{'|'.join(word for word in QUALIFIERS if word not in {*ARTICLES, *_NOT_LATE})}){_END}",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(MONTH_ALONE, re.IGNORECASE)
_BY = re.compile(r"(?:by|from|on\sbehalf\sof)\s(?P<phrase>.+)", re.IGNORECASE)
_TO = re.compile(r"(?:in\s(?:response|reply|answer)\s)?to\s(?P<phrase>.+)", re.IGNORECASE)
_IN_BRACKETS = re.compile(  # "District Counter 4-1-25 (in response to RTA Proposal 3-3-25)"
    r"\s?\((?:(?:in\s)?(?:response|reply|answer)\s|responding\s|responsive\s)?to\s"
    r"(?P<phrase>[^()]+)\)",
    re.IGNORECASE,
)
_ANOTHER_TO = re.compile(r"\bto\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:for|on|re|regarding|concerning|about)\s(?:(?:an?|the)\s)?(?P<phrase>.+)", re.IGNORECASE
)
# "for discussion purposes", "on Tuesday": no subject.
_NO_SUBJECT = re.compile(
    r"(?:discussion|review|ratification|settlement|signature|behalf|\w+day)\b", re.IGNORECASE
)
SOME_KIND = re.compile("|".join(pattern for _, pattern in _KIND_WORDS), re.IGNORECASE)
_PLURAL_KIND = re.compile(r"\b(proposal|counter|package|supposal|offer)s\b", re.IGNORECASE)
_SET_OFF = re.compile(r"\(|to\b", re.IGNORECASE)
# Verbs that make a sentence; capitals do not count, for May is a month.
SENTENCE = re.compile(r"\b(?:is|are|was|were|be|been|has|have|had|shall|will|must|may|agrees?)\b")


def _read_tail(text: str) -> Found | None:
    """Kind words and all that follows them; None where what follows may change their sense."""
    found: Found = ()
    rest = text.strip(" ,;")
    while rest:
        item = _next_item(rest)
        if item is None:
            return _leave(found, rest)
        found, rest = (*found, *item[0]), rest[item[1] :].lstrip(" ,;")
    return found


def _next_item(text: str) -> tuple[Found, int] | None:
    """What the next words say, and where they end."""
    for pattern, read in _ITEMS:
        match = pattern.match(text)
        found = read(match) if match else None
        if match and found is not None:
            return found, match.end()
    return None


def _read_kind(found: re.Match[str]) -> Found:
    return (("kind", _matched_name(_KIND_WORDS, found)), *given("number", found["number"]))


def _read_sequence(found: re.Match[str]) -> Found:
    return (("sequel", found["of_day"] or f"v{found['version']}"),)


def _read_late_qualifier(found: re.Match[str]) -> Found:
    said = QUALIFIERS.get(found[0].casefold())
    return () if said is None else (said,)


def _read_by(found: re.Match[str]) -> Found | None:
    dates, rest = _take_out(dates_in(found["phrase"]), "date", found["phrase"])
    numbers, rest = _take_out(_NUMBER.finditer(rest), "number", rest)
    said, words = peel(_words(rest))
    if not MARKED_PARTY_SHAPE.fullmatch(shape_of(words)):
        return None
    return (*said, ("party", " ".join(words)), *dates, *numbers)


def _read_to(found: re.Match[str]) -> Found | None:
    """What is answered; a date in there is not this paper's, unless a mere party is named."""
    phrase = _PLURAL_KIND.sub(r"\1", found["phrase"])
    if _ANOTHER_TO.search(phrase):
        return None  # "to X in response to Y": too deep for a label, and nested without end
    read = _read_segment(phrase) or _read_front(phrase) or ()
    if values_of(read, "unread") or not values_of(read, "party", "number", "kind"):
        return None
    if not values_of(read, "number", "kind"):
        return tuple(finding for finding in read if finding[0] == "date")
    named = _answered(read) or (found["phrase"],)
    topics = tuple(finding for finding in read if finding[0] == "topic")
    return (*(("answers", name) for name in named), *topics)


def _cut_answers(line: str) -> tuple[str, Found]:
    """Take out what is answered, where that stands in brackets."""
    found: list[Finding] = []

    def cut(match: re.Match[str]) -> str:
        read = _read_to(match)
        if read is None or not values_of(read, "answers"):
            return match[0]
        found.extend(finding for finding in read if finding[0] == "answers")
        return " "

    return _IN_BRACKETS.sub(cut, line).strip(), tuple(found)


def _answered(read: Found) -> tuple[str, ...]:
    party = only(read, "party") or ""
    return tuple(f"{party} #{number}".strip() for number in values_of(read, "number"))


def _read_about(found: re.Match[str]) -> Found | None:
    topic, date = split_last_date(found["phrase"])
    name = "unread" if _NO_SUBJECT.match(topic) else "topic"
    return ((name, topic), *date) if topic else None


# In this order: "on hold" is a state, "on 5-19-25" a date, "on Wages" a topic.
_ITEMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Found | None]], ...] = (
    (_KIND, _read_kind),
    (_STATE, lambda found: (("state", _matched_name(_STATE_WORDS, found)),)),
    (FOREIGN_DATE, lambda _: ()),
    (DATE, lambda found: (("date", found[0]),)),
    (TIME, lambda found: (("time", found[0]),)),
    (HALF_DAY, lambda found: (("time", found[0]),)),
    (_MONTH_ALONE, lambda _: ()),
    (_SEQUENCE, _read_sequence),
    (_NUMBER, lambda found: (("number", found["number"]),)),
    (_ADDRESS, lambda found: (("topic", found[0]),)),
    (_MEDIUM, lambda found: (("medium", "verbal" if found["verbal"] else "written"),)),
    (_SILENT, lambda _: ()),
    (_LATE_QUALIFIER, _read_late_qualifier),
    (_BY, _read_by),
    (_TO, _read_to),
    (_ABOUT, _read_about),
)


def _leave(found: Found, rest: str) -> Found | None:
    """Words at the end that are not understood, if they cannot change what was read before them.

    "Proposal Summary" is no proposal, so nothing unknown may follow the kind words directly; a
    second kind word or a sentence means that this is not the label of one paper.
    """
    if not found or (found[-1][0] == "kind" and not _SET_OFF.match(rest)):
        return None
    if SENTENCE.search(rest) or _KIND.search(rest):
        return None
    own = FOREIGN_DATE.sub(" ", rest)
    dates, _ = _take_out(dates_in(own), "date", own)
    return (*found, ("unread", rest), *dates)


# Segments

_QUOTES = str.maketrans(dict.fromkeys('"“”«»', " "))
_SEPARATOR = re.compile(r"(\n|\s?\|\s?|\s?—\s?|\s–\s?|–\s|\s-\s|(?<=\))-\s|\s?:\s|\s?:\Z)")
_BRACKETED = re.compile(r"\(([^()]*)\)")
# The label of something else that is about a proposal.
NOT_A_PAPER = re.compile(
    r"\b(?:tracker|joint\sstatement|newsletter|press\srelease|explainer|faq|bargaining\supdate"
    r"|side-by-side|talking\spoints|meeting\sminutes|summary(?!\s(?:plan|discipline|dismissal)))\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\s(?:redlined\s)?(?:against|compared\s(?:to|with))\s", re.IGNORECASE)
# "Extend MOU of 7-1-24": the date belongs to the subject.
_TIES_DATE = re.compile(
    rf"\b(?:{ELSEWHEN}|of|from|to|since|by|dated|and|on|before|after)\W*\Z", re.IGNORECASE
)
_OWNER = re.compile(r"\w['’][sS]?\s")


def _read_segment(segment: str) -> Found | None:
    """A segment as an event (who, what, when), wholly understood; None when it is none."""
    text = " ".join(segment.translate(_QUOTES).split())
    kind = _KIND.search(text)
    if kind is None:
        return _read_kindless(text)
    front, tail = _read_front(text[: kind.start()]), _read_tail(text[kind.start() :])
    if front is None or tail is None:
        return None
    # "Lunch Counter", "Emergency Response": an unknown word may make one noun with these kinds,
    # unless a date shows that a counter or package was exchanged.
    exchanged = values_of(tail, "date") and "response" not in kind[0].casefold()
    noun = set(values_of(tail, "kind")) <= {"counter", "package"}
    if values_of(front, "unread") and noun and not exchanged:
        return None
    return front + tail


def _read_kindless(text: str) -> Found | None:
    """Date, number or state alone; or what is surely a party, with a date or number ("BEA #1")."""
    alone = _read_tail(text)
    if alone is not None and not values_of(alone, "unread", "topic", "party", "answers"):
        return alone
    front = _read_front(text) or ()
    if values_of(front, "unread") or not values_of(front, "date", "number"):
        return None
    party = only(front, "party")
    return front if party and ("A" in shape_of(party.split()) or _OWNER.search(text)) else None


def read_details(text: str) -> Found:
    """What a line says of dates, times, numbers, versions; nothing where it says anything else.

    By whom is one of them, where that is certainly a party.
    """
    line = tightened(text)
    found = _read_tail(line) if 0 < len(line) <= _LONGEST_LABEL else None
    others = values_of(found or (), "unread", "topic", "answers", "kind")
    names = (shape_of(name.split()) for name in values_of(found or (), "party"))
    if found is None or others or not all(re.search("[AR]", shape) for shape in names):
        return ()
    return found


def _pieces(line: str) -> list[tuple[str, str]]:
    """The segments of a label, each with the separator written before it."""
    opened = _BRACKETED.sub(_open_bracket, line)
    parts = ["", *_SEPARATOR.split(opened)]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [(separator, segment.strip()) for separator, segment in pairs if segment.strip()]


def _open_bracket(bracketed: re.Match[str]) -> str:
    """An event in brackets ("(Counter #2)") is a segment of its own; other brackets stay."""
    found = _read_segment(bracketed[1])
    is_event = (
        bracketed[1].strip() and found is not None and not values_of(found, "unread", "topic")
    )
    return f"\n{bracketed[1]}\n" if is_event else bracketed[0]


def split_last_date(text: str) -> tuple[str, Found]:
    """A subject without the paper's date written after it, and that date, with its time."""
    last = next(iter([*dates_in(text)][-1:]), None)
    if last is None or _TIES_DATE.search(text[: last.start()]):
        return text.strip(" ,;"), ()
    rest = text[last.end() :].strip(" ,).")
    times = (("time", rest),) if TIME.fullmatch(rest) else ()
    if rest and not times:
        return text.strip(" ,;"), ()
    return text[: last.start()].strip(" ,;("), (("date", last[0]), *times)


# The label

_LONGEST_LABEL = 500  # longer text is a paragraph
_ORNAMENT = "•·▪*_ "  # bullets, and the emphasis of markup


@lru_cache(maxsize=4_096)  # as `read_label`
def findings(text: str) -> Found:
    """All that a label says; nothing when it is not the label of one paper."""
    line = tightened(text).strip(_ORNAMENT) if len(text) <= _LONGEST_LABEL else ""
    if NOT_A_PAPER.search(line):
        return ()
    line, found = _cut_base(line)
    line, answered = _cut_answers(line)
    found = (*found, *answered)
    subjects: list[tuple[str, str]] = []
    for separator, segment in _pieces(line):
        read = _read_segment(segment)
        if read is None or (values_of(read, "unread") and values_of(found, "kind")):
            subjects.append((separator, segment))
        else:
            found += read
    return _with_subject(found, subjects) if subjects else found


def _cut_base(line: str) -> tuple[str, Found]:
    """Cut off the base that a redline names: its party and date are not this paper's."""
    own, *base = _AGAINST.split(line, maxsplit=1)
    if base and (DATE.search(base[0]) or _NUMBER.search(base[0]) or _KIND.search(base[0])):
        return own, (("against", base[0]),)
    return line, ()


def _with_subject(found: Found, subjects: list[tuple[str, str]]) -> Found:
    """Add the segments that are no events as the subject of the event, if there is one."""
    if not values_of(found, "kind", "party", "state"):
        return ()
    written = "".join(map("".join, subjects))[len(subjects[0][0]) :]
    subject = " ".join(written.split())
    if not values_of(found, "party") and (side := _side_alone(subject)):
        return (*found, side)
    if values_of(found, "date"):
        return (*found, ("subject", subject))
    subject, date = split_last_date(subject)
    return (*found, *given("subject", subject), *date)


def _side_alone(segment: str) -> Finding | None:
    """A bare name where no other party is named: a side, or an acronym that may be anything."""
    if segment.casefold() in SIDES:
        return ("party", segment)
    return ("unread", segment) if shape_of(segment.split()) == "A" else None
