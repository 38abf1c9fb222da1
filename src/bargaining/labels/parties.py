"""Parties: which words of a label name a side, and which only qualify or say what it is about.

Strategy: every word has a class, one letter (a role, an acronym, a topic, …), and a name is a row
of words whose letters have one of a few shapes. What fits none is left unread.

This module knows words only: no kinds, no dates, no labels.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

# The name is a field of Label, or "topic" (a subject not set off), "sequel" or "unread".
Finding = tuple[str, str]
Found = tuple[Finding, ...]

_LONGEST_NAME = 10  # words


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ORDINALS = {
    "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth",
    "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
}  # fmt: skip
ARTICLES = ("the", "a", "an")
ORDINALS = tuple(dict.fromkeys(_ORDINALS.values()))  # from the second on
_SEQUELS = ("revised", "amended", "updated", "corrected", "supplemental", *ORDINALS)
# What a word beside the kind words says. None: understood, and says nothing that is kept. A sequel
# tells two papers of one day apart; "Initial" does not, since a first paper often has no such word.
QUALIFIERS: dict[str, Finding | None] = {
    "verbal": ("medium", "verbal"),
    "oral": ("medium", "verbal"),
    "written": ("medium", "written"),
    "withdrawn": ("state", "withdrawn"),
    "rejected": ("state", "rejected"),
    "signed": ("state", "signed"),
    "nonbinding": ("state", "non-binding"),
    "non-binding": ("state", "non-binding"),
    "hypothetical": ("state", "non-binding"),
    "off-the-record": ("state", "off the record"),
    "joint": ("state", "joint"),
    **{word: ("sequel", word) for word in _SEQUELS},
    **{numeral: ("sequel", word) for numeral, word in _ORDINALS.items()},
    **dict.fromkeys(ARTICLES),
    **dict.fromkeys(("new", "initial", "first", "1st", "opening", "original")),
    **dict.fromkeys(
        ("final", "last", "latest", "full", "comprehensive", "formal", "conceptual", "draft")
    ),
}
# Qualifiers that may begin a name too ("New Haven", "Joint Committee"): they are qualifiers only
# before words of these classes.
_MAY_BEGIN_NAME = {"new": "AR", "first": "AR", "joint": "A", "off-the-record": "AR"}

_ROLES = _set(
    """administration agency alliance association authority board chapter city coalition college
    commission committee company corporation council county department district educators employees
    employer faculty federation foundation guild hospital library local lodge management mediator
    museum nurses parties port regents school schools state superintendent system teachers teamsters
    trustees union unit university workers"""
)
# Roles that, alone in a segment ("District | Counter | 5-19-25"), can only be the side that speaks.
SIDES = _set("association board college company district employer management union university")
# Of whom a name with such a word is; the first that fits, so that a faculty association is a union.
_SIDE_WORDS = (
    (
        "third",
        _set("arbitrator conciliator fact-finder fact-finding factfinder mediator neutral"),
    ),
    ("union", _set("association federation guild local lodge teamsters union unit chapter")),
    (
        "employer",
        _set(
            """administration agency authority board city college company corporation county
            department district employer hospital management museum port regents school schools
            state superintendent system trustees university"""
        ),
    ),
    ("union", _set("educators employees faculty nurses teachers workers")),
)
_OTHER = {"employer": "union", "union": "employer"}
_EMPLOYER = re.compile(r"[A-Z]{1,4}(?:USD|ISD|UHSD|CSD|ESD|UESD|CCD)")  # of school districts
# "District Council 37", "AFSCME Council 57": what a union numbers, and an employer does not.
_NUMBERED = re.compile(r"\b(?:council|local|lodge)\s(?:no\.?\s?|#)?[0-9]", re.IGNORECASE)
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
_POSSESSIVE = re.compile(r"['’][sS]?\Z")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&.]{1,5}(?:[-–][A-Za-z0-9]{1,12})?|[A-Z][-–][A-Z]{2,6}")
# "TA" is a state or a teaching assistant; then Roman numerals and initials.
# Words in capitals that are no acronyms, where the whole label is in capitals.
_WORDS = _set(
    """art arts aide aides bell bells bus book books break breaks care cell class clerk coach code
    camp copy costs data day days desk desks door doors dress drug duty fees field fund funds gym
    home hour key keys lab labs lamps late life list load lock locks loss lunch mail main meal meals
    media mental music night nurse off open panel paid parent peer phone plan plans pool post prep
    radio rate rates rest room rooms rule rules shift shoes shop sick site sites space sport sports
    staff stress study summer team tech test tests time tools tour trip trips travel van visit
    voter water web week work year years"""
)
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
    if any(_is_acronym(part) for part in parts):
        return "A"
    if any(part.casefold() in _ROLES for part in parts):
        return "R"
    if not bare[:1].isupper():
        return "X"
    # "Riverbend's Proposal": the possessive says what the bare word cannot, that this is a party.
    return "A" if owner else "T"


def _is_acronym(part: str) -> bool:
    if part.casefold() in _WORDS or part.casefold() in _ROLES:
        return False
    return bool(_ACRONYM.fullmatch(part)) and not _NOT_ACRONYM.fullmatch(part)


def shape_of(words: list[str]) -> str:
    """The classes of a row of words; empty, which no name is, when there are too many of them."""
    if len(words) > _LONGEST_NAME:
        return ""
    return "".join(_classify(word, last=word is words[-1]) for word in words)


_PARTY_SHAPE = re.compile(
    r"(?P<before>(?:[TKC]*K)?)(?P<party>(?:[TAR][TARNC]*)?[AR]N?(?:O[TARC]+)?)(?P<after>[TKC]*)"
)
_TOPIC_SHAPE = re.compile(r"[TKC]*K")
_UNKNOWN_SHAPE = re.compile(r"[TKCN]+")
MARKED_PARTY_SHAPE = re.compile(r"[TAR][TARNOC]*")  # after "by": any name will do


def read_party(words: list[str]) -> Found | None:
    """Party and topic; None when the words are neither."""
    if not words:
        return ()
    shape = shape_of(words)
    if found := _PARTY_SHAPE.fullmatch(shape):
        return _read_party_shape(words, found)
    if _TOPIC_SHAPE.fullmatch(shape):
        return (("topic", " ".join(words)),)
    # "Kitchen Proposal", "Lakeside Proposal": subject or party? The label does not say.
    return (("unread", " ".join(words)),) if _UNKNOWN_SHAPE.fullmatch(shape) else None


def _read_party_shape(words: list[str], found: re.Match[str]) -> Found:
    if found["after"] and not found["party"].endswith("A"):
        # "District Compensation" is a party and a topic, "Management Rights" is one topic.
        return (("unread", " ".join(words)),)
    spans = (slice(*found.span(part)) for part in ("before", "party", "after"))
    before, party, after = (" ".join(words[span]) for span in spans)
    return (
        *given("topic", before),
        ("party", unbracketed(_POSSESSIVE.sub("", party))),
        *given("topic" if "K" in found["after"] else "unread", after),
    )


def unbracketed(name: str) -> str:
    """A name without brackets around the whole of it; those around a part of it stay."""
    inner = name[1:-1]
    whole = name[:1] + name[-1:] in {"()", "[]"} and not set(inner) & set(_BRACKETS)
    return inner.strip() if whole else name


def given(name: str, value: str | None) -> Found:
    """One finding, or none where there is no value."""
    return ((name, value),) if value else ()


def peel(words: list[str]) -> tuple[Found, list[str]]:
    """Take the qualifiers off both ends: what they say, and the words left."""
    start, end = 0, len(words)
    plain = [word.strip(_BRACKETS).casefold() for word in words]
    while end > start and plain[end - 1] in QUALIFIERS:
        end -= 1
    while start < end and _qualifies(plain[start], words[start + 1 : end]):
        start += 1
    said = (QUALIFIERS[word] for word in plain[:start] + plain[end:])
    return tuple(finding for finding in said if finding is not None), words[start:end]


def _qualifies(word: str, following: list[str]) -> bool:
    """Whether the word is a qualifier of what follows, and not the beginning of a name."""
    if word in _MAY_BEGIN_NAME:
        return shape_of(following)[:1] in _MAY_BEGIN_NAME[word]
    return word in QUALIFIERS


def values_of(found: Found, *names: str) -> tuple[str, ...]:
    """The values under these names, in order."""
    return tuple(value for name, value in found if name in names)


def only(found: Found, name: str) -> str | None:
    """The one value under a name; None when there is none, or several."""
    values = set(values_of(found, name))
    return values.pop() if len(values) == 1 else None


def side_of(name: str) -> str | None:
    """Return `"employer"`, `"union"` or `"third"` where a party's name says it; else None.

    A third is of neither side: a mediator, a fact-finder.
    """
    if name.casefold() == "third":  # as a person states it; third graders are none
        return "third"
    if _EMPLOYER.fullmatch(name):
        return "employer"
    if _NUMBERED.search(name):
        return "union"
    words = {word.strip(_BRACKETS).casefold() for word in name.split()}
    return next((side for side, table in _SIDE_WORDS if words & table), None)


def alternating(parties: Sequence[str]) -> dict[str, str]:
    """Suggest whose side parties are on that names do not tell, because sides answer each other.

    A party whose neighbours are all of one side is of the other.

    Args:
        parties: who proposed each paper of a document, in bargaining order.
    """
    rows = [name for name in parties if side_of(name) != "third"]
    known = {name: side for name in rows if (side := side_of(name))}
    found: dict[str, str] = {}
    beside: dict[str, set[str]] = {}
    for one, other in pairwise(rows):
        if one != other:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    for _ in beside:  # each may tell of the next
        for name, others in beside.items():
            sides = {(known | found).get(other) for other in others}
            if name not in known and len(sides) == 1 and (side := sides.pop()):
                found[name] = _OTHER[side]
    return found
