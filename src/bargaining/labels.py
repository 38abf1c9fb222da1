"""Labels: what a proposal calls itself, read as a careful person would read it.

Strategy: a label is cut into segments ("subject | event | date", "event: subject"), and each is
read by a small grammar, *wholly or not at all*: party and qualifiers, then kind words, then a tail
of dates, numbers, states and phrases ("by UO", "to UTD Proposals #7 and #9"). Every rule yields
findings, (name, value) pairs; the label is what the findings agree on. A segment that the grammar
cannot read is the subject of one that it can, or nothing. Findings that contradict each other (two
parties, two dates) leave the field unstated. Saying too little is cheap, because a person can add
it; a wrong party or date is the error that must not happen.

This module must not know papers, chains or the record. It does no I/O and reads no clock, locale or
environment: month names and all other words stand in tables below.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import attrs

KINDS: tuple[str, ...] = (
    "base",
    "proposal",
    "counter",
    "tentative agreement",
    "mediator's proposal",
    "supposal",
    "package",
    "last, best and final offer",
    "sunshine proposal",
)


@attrs.frozen
class Label:
    """What a label says; a field that it does not state, or not understandably, is None or empty.

    Attributes:
        text: the label as written, without outer whitespace.
        party: whose paper it is, as written.
        kind: one of `KINDS`.
        number: as written, without "#".
        dates: ISO; two when day and month cannot be told apart, the month-first reading first.
        subject: what the paper is about.
        medium: "verbal" or "written".
        state: such as "tentative agreement" or "withdrawn".
        answers: the papers that it says it answers.
        against: the base that a redline names.
    """

    text: str
    party: str | None = None
    kind: str | None = None
    number: str | None = None
    dates: tuple[str, ...] = ()
    subject: str | None = None
    medium: str | None = None
    state: str | None = None
    answers: tuple[str, ...] = ()
    against: str | None = None

    @property
    def date(self) -> str | None:
        """The one date; None when none is stated, or when it can be read in two ways."""
        return self.dates[0] if len(self.dates) == 1 else None


# The name is a field of Label, or "topic" (a subject not set off), "sequel" or "unread".
_Finding = tuple[str, str]
_Found = tuple[_Finding, ...]

_LONGEST_LABEL = 500  # longer text is a paragraph
_LONGEST_RUNG = 100
_LONGEST_NAME = 10  # words


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Dates

_MONTHS = {
    "jan": "1", "feb": "2", "mar": "3", "apr": "4", "may": "5", "jun": "6",
    "jul": "7", "aug": "8", "sep": "9", "oct": "10", "nov": "11", "dec": "12",
}  # fmt: skip
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_YEAR_FIRST = r"[0-9]{4}(?P<sep>[-/.])[0-9]{1,2}(?P=sep)[0-9]{1,2}"
_NUMERIC = r"[0-9]{1,2}(?P<mark>[-/.‐‑–])[0-9]{1,2}(?P=mark)(?:[0-9]{4}|[0-9]{2})"
_NAMED = rf"{_MONTH}\s{_DAY},?\s[0-9]{{4}}|{_DAY}[\s-](?:of\s)?{_MONTH},?[\s-][0-9]{{4}}"
_DATE = re.compile(
    r"(?<![^\W_])(?<![0-9][-/.])"
    rf"(?:(?P<iso>{_YEAR_FIRST})|(?P<numeric>{_NUMERIC})|(?P<named>{_NAMED}))"
    r"(?![^\W_])(?![-/.][0-9])",
    re.IGNORECASE,
)
# "Section 4.2.10" is an address, though it has the form of a date.
_ADDRESS_BEFORE = re.compile(
    r"(?:\b(?:article|art|section|sec|clause|paragraph)\b\.?|[§¶])\s?\Z", re.IGNORECASE
)


def read_dates(text: str) -> tuple[str, ...]:
    """Every date in the text as ISO, in order; a date that can be read in two ways gives both."""
    line = " ".join(text.split())
    readings = (reading for found in _dates_in(line) for reading in _readings(found))
    return tuple(dict.fromkeys(readings))


def _dates_in(text: str) -> Iterable[re.Match[str]]:
    for found in _DATE.finditer(text):
        if not _ADDRESS_BEFORE.search(text[max(0, found.start() - 12) : found.start()]):
            yield found


def _readings(found: re.Match[str]) -> tuple[str, ...]:
    """The calendar days that one written date may mean; none when it is impossible."""
    numbers = re.findall(r"[0-9]+", found[0])
    if found["iso"]:
        return _possible((numbers[0], numbers[1], numbers[2]))
    if found["named"]:
        return _possible((numbers[1], _month_number(found["named"]), numbers[0]))
    month_first = (numbers[2], numbers[0], numbers[1])
    day_first = (numbers[2], numbers[1], numbers[0])
    days = _possible(month_first, day_first)
    # Hyphens and slashes are American, so month-first where that is possible; dots are anybody's.
    return days if found["mark"] == "." else days[:1]


def _month_number(named: str) -> str:
    words = (word[:3].casefold() for word in re.findall(r"[^\W\d_]+", named))
    return next((_MONTHS[word] for word in words if word in _MONTHS), "0")


def _possible(*candidates: tuple[str, str, str]) -> tuple[str, ...]:
    days = (_iso(*candidate) for candidate in candidates)
    return tuple(dict.fromkeys(day for day in days if day is not None))


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        return dt.date(int(f"20{year}"[-4:]), int(month), int(day)).isoformat()  # "25" is 2025
    except ValueError:
        return None


# Words that may stand before the kind words

_ORDINALS = {
    "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth",
    "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
}  # fmt: skip
_ARTICLES = ("the", "a", "an")
_SEQUELS = ("revised", "amended", "updated", "corrected", "supplemental", *_ORDINALS.values())
# What a word beside the kind words says. None: understood, and says nothing that is kept. A sequel
# tells two papers of one day apart; "Initial" does not, since a first paper often has no such word.
_QUALIFIERS: dict[str, _Finding | None] = {
    "verbal": ("medium", "verbal"),
    "oral": ("medium", "verbal"),
    "written": ("medium", "written"),
    "withdrawn": ("state", "withdrawn"),
    "rejected": ("state", "rejected"),
    "signed": ("state", "signed"),
    "nonbinding": ("state", "non-binding"),
    "non-binding": ("state", "non-binding"),
    **{word: ("sequel", word) for word in _SEQUELS},
    **{numeral: ("sequel", word) for numeral, word in _ORDINALS.items()},
    **dict.fromkeys(_ARTICLES),
    **dict.fromkeys(("new", "initial", "first", "1st", "opening", "original")),
    **dict.fromkeys(
        ("final", "last", "latest", "full", "comprehensive", "formal", "joint", "draft")
    ),
}
# Qualifiers that may begin a name too ("New Haven", "Joint Committee"): they are qualifiers only
# before words of these classes.
_MAY_BEGIN_NAME = {"new": "AR", "first": "AR", "joint": "A"}

_ROLES = _set(
    """administration agency alliance association authority board chapter city coalition college
    commission committee company corporation council county department district educators employees
    employer faculty federation foundation guild hospital library local lodge management mediator
    museum nurses parties port regents school schools state superintendent system teachers teamsters
    trustees union unit university workers"""
)
# Roles that, alone in a segment ("District | Counter | 5-19-25"), can only be the side that speaks.
_SIDES = _set("association board college company district employer management union university")
_TOPICS = _set(
    """absenteeism accommodation ai assignment assignments benefits bumping calendar cola
    compensation discipline discrimination dues duration duties economic economics evaluation
    evaluations fmla furlough grievance grievances health healthcare holidays hours insurance
    language layoff layoffs leave leaves loa lou mileage moa mou mous overtime parking pay pension
    personnel premiums pto raises recall recognition reopener reopeners resignations retirement rif
    rights safety salaries salary schedule scheduling security seniority size staffing steps
    stipends strikes term training transfer transfers transportation tuition uniforms vacancies
    vacation wage wages workday workload"""
)
# Words that belong to no party's name: with them the words are *about* a proposal, or no label.
_NEVER = _set(
    """accept accepted add against agenda all answer answers any at both cba comments compare copy
    costing date day decline delete description discuss each explanation faq for from in item lbfo
    list meeting minutes no not notes on our page pdf per question questions re read redline reject
    rejection replace response review see session sign slides status strike summary t/a text their
    this today tomorrow tracker update updates version vote week will with withdraw withdrawal
    yesterday your"""
)
_BRACKETS = "()[]"
_CONNECTORS = _set("and & / + the")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&.]{1,5}(?:[-–][A-Za-z0-9]{1,12})?|[A-Z][-–][A-Z]{2,6}")
# "TA" is a state or a teaching assistant; then Roman numerals and initials.
_NOT_ACRONYM = re.compile(r"TA|L?X{0,3}(?:IX|IV|V?I{0,3})|[A-Z][.]")
_LOCAL_NUMBER = re.compile(r"#?[0-9]{1,4}")


def _classify(word: str, *, last: bool) -> str:
    """The class of a word, as one letter, so that a regular expression can match a row of words.

    A acronym, R role, K topic, T other capitalised word, N number, O "of", C connector, X no word
    of a name.
    """
    plain = word.strip(_BRACKETS)
    bare = _POSSESSIVE.sub("", plain)
    low = bare.casefold()
    tables = (("X", _NEVER), ("K", _TOPICS), ("C", _CONNECTORS), ("O", {"of"}))
    for letter, table in tables:
        if low in table:
            return letter
    if _LOCAL_NUMBER.fullmatch(bare):
        return "N"
    return _classify_name(bare, owner=last and bare != plain)


def _classify_name(bare: str, *, owner: bool) -> str:
    parts = bare.split("/")
    if any(_ACRONYM.fullmatch(part) and not _NOT_ACRONYM.fullmatch(part) for part in parts):
        return "A"
    if any(part.casefold() in _ROLES for part in parts):
        return "R"
    if not bare[:1].isupper():
        return "X"
    # "Riverbend's Proposal": the possessive says what the bare word cannot, that this is a party.
    return "A" if owner else "T"


def _shape(words: list[str]) -> str:
    """The classes of a row of words; empty, which no name is, when there are too many of them."""
    if len(words) > _LONGEST_NAME:
        return ""
    return "".join(_classify(word, last=word is words[-1]) for word in words)


_PARTY_SHAPE = re.compile(
    r"(?P<before>(?:[TKC]*K)?)(?P<party>(?:[TAR][TARNC]*)?[AR]N?(?:O[TARC]+)?)(?P<after>[TKC]*)"
)
_TOPIC_SHAPE = re.compile(r"[TKC]*K")
_UNKNOWN_SHAPE = re.compile(r"[TKCN]+")
_MARKED_PARTY_SHAPE = re.compile(r"[TAR][TARNOC]*")  # after "by": any name will do


def _read_party(words: list[str]) -> _Found | None:
    """Party and topic; None when the words are neither."""
    if not words:
        return ()
    shape = _shape(words)
    if found := _PARTY_SHAPE.fullmatch(shape):
        return _read_party_shape(words, found)
    if _TOPIC_SHAPE.fullmatch(shape):
        return (("topic", " ".join(words)),)
    # "Kitchen Proposal", "Lakeside Proposal": subject or party? The label does not say.
    return (("unread", " ".join(words)),) if _UNKNOWN_SHAPE.fullmatch(shape) else None


def _read_party_shape(words: list[str], found: re.Match[str]) -> _Found:
    if found["after"] and not found["party"].endswith("A"):
        # "District Compensation" is a party and a topic, "Management Rights" is one topic.
        return (("unread", " ".join(words)),)
    spans = (slice(*found.span(part)) for part in ("before", "party", "after"))
    before, party, after = (" ".join(words[span]) for span in spans)
    return (
        *_given("topic", before),
        ("party", _POSSESSIVE.sub("", party)),
        *_given("topic" if "K" in found["after"] else "unread", after),
    )


def _given(name: str, value: str | None) -> _Found:
    return ((name, value),) if value else ()


def _peel(words: list[str]) -> tuple[_Found, list[str]]:
    """Take the qualifiers off both ends: what they say, and the words left."""
    start, end = 0, len(words)
    plain = [word.strip(_BRACKETS).casefold() for word in words]
    while end > start and plain[end - 1] in _QUALIFIERS:
        end -= 1
    while start < end and _qualifies(plain[start], words[start + 1 : end]):
        start += 1
    said = (_QUALIFIERS[word] for word in plain[:start] + plain[end:])
    return tuple(finding for finding in said if finding is not None), words[start:end]


def _qualifies(word: str, following: list[str]) -> bool:
    """Whether the word is a qualifier of what follows, and not the beginning of a name."""
    if word in _MAY_BEGIN_NAME:
        return _shape(following)[:1] in _MAY_BEGIN_NAME[word]
    return word in _QUALIFIERS


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
# The day on which a page was posted or a clause takes effect is not that of the exchange.
_ELSEWHEN = r"posted|uploaded|updated|entered|effective|expires|expiring|through|until|as\sof"
_FOREIGN_DATE = re.compile(rf"\b(?:{_ELSEWHEN})\s(?:on\s)?{_DATE.pattern}", re.IGNORECASE)


def _read_front(text: str) -> _Found | None:
    """Party, qualifiers, dates, numbers and addresses; None when anything else is there."""
    rest = _FOREIGN_DATE.sub(" ", text)
    dates, rest = _take_out(_dates_in(rest), "date", rest)
    numbers, rest = _take_out(_NUMBER.finditer(rest), "number", rest)
    addresses, rest = _take_out(_ADDRESS.finditer(rest), "topic", rest)
    said, words = _peel(_words(rest))
    party = _read_party(words)
    return None if party is None else (*dates, *numbers, *addresses, *said, *party)


def _words(text: str) -> list[str]:
    return [word for word in (part.strip(",;!*") for part in text.split()) if word]


def _take_out(matches: Iterable[re.Match[str]], name: str, text: str) -> tuple[_Found, str]:
    """The matches as findings, and the text without them."""
    found: list[_Finding] = []
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
    rf"|{_MONTH}|(?:on|for|re|dated|article|section|appendix)\b))"
)
# "Emergency Response Team" is no counter, and a response to questions is none either.
_RESPONSE = (
    r"response(?=\s?(?:\Z|[#0-9(,;]|(?:by|from|on|dated)\b"
    r"|to\b.*(?:proposal|counter|package|supposal|offer)))"
)
_CURRENT = r"(?:current|existing)\s(?:(?:contract|agreement|cba)\slanguage|language|contract|cba)"
# In order of precedence: of several kind words in a label, the first of this table is the kind.
_KIND_WORDS: tuple[tuple[str, str], ...] = (
    (
        "tentative agreement",  # a proposed one is none
        rf"(?<!proposed )(?:tentative\sagreement{_END}|(?-i:TA)(?:['’]?d|ed){_END}|{_TA})",
    ),
    (
        "last, best and final offer",
        rf"(?:last,?\sbest,?\s(?:and|&)\sfinal\soffer|(?-i:LBFO)){_END}",
    ),
    ("mediator's proposal", rf"(?:mediator(?:['’]s|s['’])?|mediation)\sproposal{_END}"),
    ("sunshine proposal", rf"sunshine\sproposal{_END}"),
    ("supposal", rf"(?:supposal|what[-\s]if){_END}"),
    ("package", rf"package{_END}"),
    ("counter", rf"counter(?:[-\s]?(?:proposal|offer))?{_END}|{_RESPONSE}"),
    ("proposal", rf"(?:proposal|offer){_END}"),
    ("base", rf"{_CURRENT}{_END}"),
)
_KIND_ORDER = tuple(kind for kind, _ in _KIND_WORDS)
# "Counter 2": a bare number counts only right after a kind word, with no noun or month after it.
_BARE_NUMBER = (
    r"(?:\s(?P<number>[0-9]{1,3}[A-Z]?)"
    rf"(?=\s?(?:\Z|[,;(#])|\s[0-9]|\s{_MONTH}\s[0-9]{{1,2}}(?![0-9])))?"
)


def _named_groups(table: tuple[tuple[str, str], ...]) -> str:
    return "|".join(f"(?P<g{place}>{words})" for place, (_, words) in enumerate(table))


def _matched_name(table: tuple[tuple[str, str], ...], found: re.Match[str]) -> str:
    return next(name for place, (name, _) in enumerate(table) if found[f"g{place}"])


_KIND = re.compile(rf"(?<![\w-])(?:{_named_groups(_KIND_WORDS)}){_BARE_NUMBER}", re.IGNORECASE)

_STATE_WORDS: tuple[tuple[str, str], ...] = (
    ("withdrawn", "withdrawn"),
    ("rejected", "rejected"),
    ("held", r"held(?:\sin\sabeyance)?|on\shold|in\sabeyance"),
    ("signed", "signed"),
    ("tentative agreement", r"tentatively\sagreed(?:\sto)?"),
    ("non-binding", "non-?binding"),
)
_STATE_ORDER = tuple(state for state, _ in _STATE_WORDS)
_STATE = re.compile(rf"(?:{_named_groups(_STATE_WORDS)}){_END}", re.IGNORECASE)
_MEDIUM = re.compile(
    rf"(?:(?P<verbal>verbal(?:ly)?|oral(?:ly)?)|written|in\swriting){_END}", re.IGNORECASE
)
# Understood, and saying nothing that is kept: web flags, verbs of exchange, words before a date.
_SILENT = re.compile(
    r"(?:(?:and\s)?proposed\s(?:tentative\sagreement|(?-i:TA))"
    r"|new\sarticle|(?-i:NEW|UPDATED)|re|and|&"
    r"|(?:was\s)?(?:exchanged|presented|passed|submitted|received|delivered|given)"
    rf"|(?:dated|on|of|from)(?=\s(?:[0-9]|{_MONTH})))(?![\w-])!?",
    re.IGNORECASE,
)
# "Proposal #2 (revised)", "Counter 5-19-25, final": a qualifier may come last too.
_LATE_QUALIFIER = re.compile(
    rf"(?:{'|'.join(word for word in _QUALIFIERS if word not in _ARTICLES)}){_END}", re.IGNORECASE
)
_BY = re.compile(r"(?:by|from|on\sbehalf\sof)\s(?P<phrase>.+)", re.IGNORECASE)
_TO = re.compile(r"(?:in\s(?:response|reply)\s)?to\s(?P<phrase>.+)", re.IGNORECASE)
_ANOTHER_TO = re.compile(r"\bto\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:for|on|re|regarding|concerning|about)\s(?:(?:an?|the)\s)?(?P<phrase>.+)", re.IGNORECASE
)
# "for discussion purposes", "on Tuesday": no subject.
_NO_SUBJECT = re.compile(
    r"(?:discussion|review|ratification|settlement|signature|behalf|\w+day)\b", re.IGNORECASE
)
_SOME_KIND = re.compile("|".join(pattern for _, pattern in _KIND_WORDS), re.IGNORECASE)
_PLURAL_KIND = re.compile(r"\b(proposal|counter|package|supposal|offer)s\b", re.IGNORECASE)
_SET_OFF = re.compile(r"\(|to\b", re.IGNORECASE)
# Verbs that make a sentence; capitals do not count, for May is a month.
_SENTENCE = re.compile(r"\b(?:is|are|was|were|be|been|has|have|had|shall|will|must|may|agrees?)\b")


def _read_tail(text: str) -> _Found | None:
    """Kind words and all that follows them; None where what follows may change their sense."""
    found: _Found = ()
    rest = text.strip(" ,;")
    while rest:
        item = _next_item(rest)
        if item is None:
            return _leave(found, rest)
        found, rest = (*found, *item[0]), rest[item[1] :].lstrip(" ,;")
    return found


def _next_item(text: str) -> tuple[_Found, int] | None:
    """What the next words say, and where they end."""
    for pattern, read in _ITEMS:
        match = pattern.match(text)
        found = read(match) if match else None
        if match and found is not None:
            return found, match.end()
    return None


def _read_kind(found: re.Match[str]) -> _Found:
    return (("kind", _matched_name(_KIND_WORDS, found)), *_given("number", found["number"]))


def _read_late_qualifier(found: re.Match[str]) -> _Found:
    said = _QUALIFIERS.get(found[0].casefold())
    return () if said is None else (said,)


def _read_by(found: re.Match[str]) -> _Found | None:
    dates, rest = _take_out(_dates_in(found["phrase"]), "date", found["phrase"])
    numbers, rest = _take_out(_NUMBER.finditer(rest), "number", rest)
    said, words = _peel(_words(rest))
    if not _MARKED_PARTY_SHAPE.fullmatch(_shape(words)):
        return None
    return (*said, ("party", " ".join(words)), *dates, *numbers)


def _read_to(found: re.Match[str]) -> _Found | None:
    """What is answered; a date in there is not this paper's, unless a mere party is named."""
    phrase = _PLURAL_KIND.sub(r"\1", found["phrase"])
    if _ANOTHER_TO.search(phrase):
        return None  # "to X in response to Y": too deep for a label, and nested without end
    read = _read_segment(phrase) or _read_front(phrase) or ()
    if _values(read, "unread") or not _values(read, "party", "number", "kind"):
        return None
    if not _values(read, "number", "kind"):
        return tuple(finding for finding in read if finding[0] == "date")
    named = _answered(read) or (found["phrase"],)
    topics = tuple(finding for finding in read if finding[0] == "topic")
    return (*(("answers", name) for name in named), *topics)


def _answered(read: _Found) -> tuple[str, ...]:
    party = _only(read, "party") or ""
    return tuple(f"{party} #{number}".strip() for number in _values(read, "number"))


def _read_about(found: re.Match[str]) -> _Found | None:
    topic, date = _split_last_date(found["phrase"])
    name = "unread" if _NO_SUBJECT.match(topic) else "topic"
    return ((name, topic), *date) if topic else None


# In this order: "on hold" is a state, "on 5-19-25" a date, "on Wages" a topic.
_ITEMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Found | None]], ...] = (
    (_KIND, _read_kind),
    (_STATE, lambda found: (("state", _matched_name(_STATE_WORDS, found)),)),
    (_FOREIGN_DATE, lambda _: ()),
    (_DATE, lambda found: (("date", found[0]),)),
    (_NUMBER, lambda found: (("number", found["number"]),)),
    (_ADDRESS, lambda found: (("topic", found[0]),)),
    (_MEDIUM, lambda found: (("medium", "verbal" if found["verbal"] else "written"),)),
    (_SILENT, lambda _: ()),
    (_LATE_QUALIFIER, _read_late_qualifier),
    (_BY, _read_by),
    (_TO, _read_to),
    (_ABOUT, _read_about),
)


def _leave(found: _Found, rest: str) -> _Found | None:
    """Words at the end that are not understood, if they cannot change what was read before them.

    "Proposal Summary" is no proposal, so nothing unknown may follow the kind words directly; a
    second kind word or a sentence means that this is not the label of one paper.
    """
    if not found or (found[-1][0] == "kind" and not _SET_OFF.match(rest)):
        return None
    if _SENTENCE.search(rest) or _KIND.search(rest):
        return None
    own = _FOREIGN_DATE.sub(" ", rest)
    dates, _ = _take_out(_dates_in(own), "date", own)
    return (*found, ("unread", rest), *dates)


# Segments

_QUOTES = str.maketrans(dict.fromkeys('"“”«»', " "))
_SEPARATOR = re.compile(r"(\n|\s?\|\s?|\s?—\s?|\s–\s?|–\s|\s-\s|(?<=\))-\s|\s?:\s|\s?:\Z)")
_BRACKETED = re.compile(r"\(([^()]*)\)")
# The label of something else that is about a proposal.
_NOT_A_PAPER = re.compile(
    r"\b(?:tracker|joint\sstatement|newsletter|press\srelease|explainer|faq|bargaining\supdate"
    r"|side-by-side|talking\spoints|meeting\sminutes|summary(?!\s(?:plan|discipline|dismissal)))\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\s(?:redlined\s)?(?:against|compared\s(?:to|with))\s", re.IGNORECASE)
# "Extend MOU of 7-1-24": the date belongs to the subject.
_TIES_DATE = re.compile(
    rf"\b(?:{_ELSEWHEN}|of|from|to|since|by|dated|and|on|before|after)\W*\Z", re.IGNORECASE
)
_OWNER = re.compile(r"\w['’]s?\s")


def _values(found: _Found, *names: str) -> tuple[str, ...]:
    return tuple(value for name, value in found if name in names)


def _only(found: _Found, name: str) -> str | None:
    """The one value under a name; None when there is none, or several."""
    values = set(_values(found, name))
    return values.pop() if len(values) == 1 else None


def _read_segment(segment: str) -> _Found | None:
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
    exchanged = _values(tail, "date") and "response" not in kind[0].casefold()
    noun = set(_values(tail, "kind")) <= {"counter", "package"}
    if _values(front, "unread") and noun and not exchanged:
        return None
    return front + tail


def _read_kindless(text: str) -> _Found | None:
    """Date, number or state alone; or what is surely a party, with a date or number ("BEA #1")."""
    alone = _read_tail(text)
    if alone is not None and not _values(alone, "unread", "topic", "party", "answers"):
        return alone
    front = _read_front(text) or ()
    if _values(front, "unread") or not _values(front, "date", "number"):
        return None
    party = _only(front, "party")
    return front if party and ("A" in _shape(party.split()) or _OWNER.search(text)) else None


def _pieces(line: str) -> list[tuple[str, str]]:
    """The segments of a label, each with the separator written before it."""
    opened = _BRACKETED.sub(_open_bracket, line)
    parts = ["", *_SEPARATOR.split(opened)]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [(separator, segment.strip()) for separator, segment in pairs if segment.strip()]


def _open_bracket(bracketed: re.Match[str]) -> str:
    """An event in brackets ("(Counter #2)") is a segment of its own; other brackets stay."""
    found = _read_segment(bracketed[1])
    is_event = bracketed[1].strip() and found is not None and not _values(found, "unread", "topic")
    return f"\n{bracketed[1]}\n" if is_event else bracketed[0]


def _split_last_date(text: str) -> tuple[str, _Found]:
    """A subject without the paper's date written after it, and that date."""
    last = next(iter([*_dates_in(text)][-1:]), None)
    if last is None or text[last.end() :].strip(" ).") or _TIES_DATE.search(text[: last.start()]):
        return text.strip(" ,;"), ()
    return text[: last.start()].strip(" ,;("), (("date", last[0]),)


# The label

_ORNAMENT = "•·▪*_ "  # bullets, and the emphasis of markup


@lru_cache(maxsize=4_096)  # as `read_label`
def _findings(text: str) -> _Found:
    """All that a label says; nothing when it is not the label of one paper."""
    line = " ".join(text.split()).strip(_ORNAMENT) if len(text) <= _LONGEST_LABEL else ""
    if _NOT_A_PAPER.search(line):
        return ()
    line, found = _cut_base(line)
    subjects: list[tuple[str, str]] = []
    for separator, segment in _pieces(line):
        read = _read_segment(segment)
        if read is None or (_values(read, "unread") and _values(found, "kind")):
            subjects.append((separator, segment))
        else:
            found += read
    return _with_subject(found, subjects) if subjects else found


def _cut_base(line: str) -> tuple[str, _Found]:
    """Cut off the base that a redline names: its party and date are not this paper's."""
    own, *base = _AGAINST.split(line, maxsplit=1)
    if base and (_DATE.search(base[0]) or _NUMBER.search(base[0]) or _KIND.search(base[0])):
        return own, (("against", base[0]),)
    return line, ()


def _with_subject(found: _Found, subjects: list[tuple[str, str]]) -> _Found:
    """Add the segments that are no events as the subject of the event, if there is one."""
    if not _values(found, "kind", "party", "state"):
        return ()
    written = "".join(map("".join, subjects))[len(subjects[0][0]) :]
    subject = " ".join(written.split())
    if not _values(found, "party") and (side := _side_alone(subject)):
        return (*found, side)
    if _values(found, "date"):
        return (*found, ("subject", subject))
    subject, date = _split_last_date(subject)
    return (*found, *_given("subject", subject), *date)


def _side_alone(segment: str) -> _Finding | None:
    """A bare name where no other party is named: a side, or an acronym that may be anything."""
    if segment.casefold() in _SIDES:
        return ("party", segment)
    return ("unread", segment) if _shape(segment.split()) == "A" else None


@lru_cache(maxsize=4_096)  # a chain reads the same ladders again and again
def read_label(text: str) -> Label:
    """Read a label as a careful person would; what is not understood stays unstated."""
    found = _findings(text.strip())
    return Label(
        text=text.strip(),
        party=_only(found, "party"),
        kind=_first(_KIND_ORDER, _values(found, "kind")),
        number=_only(found, "number"),
        dates=_stated_dates(found),
        subject=" ".join(_values(found, "subject") or _values(found, "topic")) or None,
        medium=_only(found, "medium"),
        state=_stated_state(found),
        answers=_values(found, "answers"),
        against=_only(found, "against"),
    )


def _first(order: tuple[str, ...], values: tuple[str, ...]) -> str | None:
    return next((name for name in order if name in values), None)


def _written_dates(found: _Found) -> set[tuple[str, ...]]:
    """The readings of each date written; one date spelt twice is one."""
    return {read_dates(written) for written in _values(found, "date")}


def _stated_dates(found: _Found) -> tuple[str, ...]:
    """The readings of the one date; two different dates do not say which is the paper's."""
    written = _written_dates(found)
    return written.pop() if len(written) == 1 else ()


def _stated_state(found: _Found) -> str | None:
    agreed = ("tentative agreement",) if "tentative agreement" in _values(found, "kind") else ()
    return _first(_STATE_ORDER, _values(found, "state") + agreed)


def is_rung(line: str) -> bool:
    """Whether the whole line is one rung of a printed ladder: party, kind, and date or number.

    With a date, a name that is not known to be a party's will do: `Lakeside Counter 5-1-25` is a
    rung of the ladder, whoever or whatever Lakeside is.

    A date that is written but impossible counts: a rung overlooked would make the words of the
    papers around it look more certainly proposed than they are.
    """
    text = line.strip()
    if len(text) > _LONGEST_RUNG or len(text.splitlines()) != 1 or not _SOME_KIND.search(text):
        return False
    if _is_sentence(text):
        return False
    found = _findings(text)
    kind = _first(_KIND_ORDER, _values(found, "kind"))
    dates = _written_dates(found)
    named = dates if _only(found, "unread") else _only(found, "party")
    others = _values(found, "party") if _only(found, "unread") else _values(found, "unread")
    if _values(found, "topic", "against") or others or not named:
        return False
    return kind not in {None, "base"} and len(dates) <= 1 and bool(dates or _only(found, "number"))


def _is_sentence(text: str) -> bool:
    return text.endswith((".", ";", "?")) or _SENTENCE.search(text) is not None


def same_rung_key(label: Label, party: str | None) -> tuple[object, ...]:
    """What identifies a rung inside one chain, however it is spelt.

    Words such as "revised" or "second" count: two papers taken for one would be certain and wrong,
    one paper taken for two is only less certain.

    Args:
        label: the label of the rung.
        party: whose paper it is, with the aliases of parties resolved.
    """
    if not (party or label.kind or label.dates or label.number):
        return (" ".join(label.text.casefold().split()),)
    return (
        party.casefold() if party else None,
        label.kind,
        label.medium == "verbal",
        label.number.casefold() if label.number else None,
        label.dates,
        tuple(sorted(_values(_findings(label.text), "sequel"))),
    )
