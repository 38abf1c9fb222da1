"""Titles: which lines of a title block name the paper, and which say what it is about.

Strategy: every line has one sort. A line with kind words names the paper; lines that hold nothing
but its date, time, number or version complete that name, in whatever order they stand. Names of
parties, stamps ("DRAFT"), codes and terms are neither name nor subject. What is left is the
subject. Two kinds or two dates do not say which is the paper's, so then there is no name.

This module knows lines without markup; where a title block starts and ends is for the readers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

import attrs

from bargaining.labels.dates import DATE, MONTH_ALONE, read_dates
from bargaining.labels.grammar import NOT_A_PAPER, read_details, split_last_date
from bargaining.labels.label import Label, read_label
from bargaining.labels.parties import read_party, shape_of, values_of

Sort = Literal["name", "detail", "party", "stamp", "subject"]

MOST_LINES: Final = 40  # of a title block that are read
_LONGEST: Final = 200  # code points of a line that is read
_CAPTION: Final = re.compile(  # what may stand before the date of a paper, and says only that
    r"(?:(?:date|time|dated|presented|submitted|exchanged|passed|delivered|received|given|sent"
    r"|offered|issued|served|proposed|session|meeting|of|and|on|/)[\s/]{0,2}){1,4}(?::|–|—|-|$)\s?"
    r"|(?:dated|presented|submitted|exchanged|passed|delivered|received|given|sent|on)\s"
    r"(?:on\s)?(?=[0-9A-Z]|(?:to|by)\s)",
    re.IGNORECASE,
)
_STAMP: Final = re.compile(
    r"(?:(?:working\s|rough\s|final\s|first\s|second\s|1st\s|2nd\s)?draft(?:\s#?[0-9]{1,2})?"
    r"|(?:(?:bargaining|negotiations?|mediation)\s)?session\s(?:#|no\.\s?)?[0-9]{1,3}|(?:strictly\s)?confidential|privileged"
    r"|(?:made\s|offered\s)?without\sprejudice(?:\sor\sprecedent)?|off[-\s]the[-\s]record|final|clean"
    r"|(?:clean|redlined?|marked|signed|working)\s(?:copy|version)|tracked\schanges|redlined?"
    r"|non-?binding|memo(?:randum)?|for\s(?:\w+\s){0,2}purposes(?:\sonly)?|not\sfor\s\w+(?:\sor\s\w+)?|do\snot\s\w+(?:\sor\s\w+)?"
    r"|subject\sto\s(?:\w+\s?){1,6}|embargoed|original|copy|non-?precedent(?:ial)?(?:\ssetting)?"
    r"|(?:current|existing|present)\s(?:(?:contract|agreement|cba|mou)\s)?(?:language|text|contract|agreement|mou)"
    r"|(?:all\s)?rights\sreserved|e\.?&\.?o\.?e\.?|page\s[0-9]{1,4}(?:\sof\s[0-9]{1,4})?)",
    re.IGNORECASE,
)
_STAMPS: Final = re.compile(r"\s?[-–—/|,;&]\s?|\sand\s")
_ANSWERS: Final = re.compile(r"(?:in\s)?(?:response|reply|answer)(?=\sto\b)", re.IGNORECASE)
_PARTIES: Final = re.compile(
    r"(?:by\sand\s)?between\b|(?:and|of|by|the|&|to|with)\Z", re.IGNORECASE
)
_FOREIGN: Final = re.compile(
    r"(?:posted|uploaded|updated|entered|effective|expires|expiring|through|until|as\sof|revised"
    r"|printed|last\s\w+|term|ratified|adopted|approved)\b",
    re.IGNORECASE,
)
# A file's name, or a code with figures such as "RUSD-2025/0114.2"; "COVID-19" is neither.
_CODE: Final = re.compile(
    r".{1,80}\.(?:docx?|pdf|rtf|txt|md|odt|pages)(?:;[0-9]+)?|(?=(?:\D*[0-9]){4})(?=\S*[-/_.;])"
    r"[A-Z0-9][-A-Z0-9/_.;:]{3,60}(?:,?\s?v\.?\s?[0-9.]{1,6})?|doc(?:ument)?\.?\s?(?:no\.?|#|id:?)\s?\S{1,60}",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(
    r"(?:fy\s?|sy\s?)?(?:19|20)[0-9]{2}(?:\s?[-–/]\s?[0-9]{2,4})?", re.IGNORECASE
)
_BETWEEN: Final = re.compile(
    r"[\s,;:()./–—-]|\b(?:to|through|from|and|the|term|of)\b", re.IGNORECASE
)
_PARTY_WORD: Final = re.compile(
    r"\b(?:district|union|teachers|association|university|federation|local \d+|board|college|"
    r"county|city|employees|faculty|schools)\b",
    re.IGNORECASE,
)
# "Adjunct Faculty" and "Calendar Committee" may be what a paper is about; these are sides.
_SIDE: Final = re.compile(
    r"\b(?:district|union|association|university|federation|board|college|county|city|guild"
    r"|local|management|employer|company|corporation|authority|alliance|teamsters)\b"
    r"(?!.*\b(?:committee|commission|council|department|library)\b)",
    re.IGNORECASE,
)


@attrs.frozen
class Title:
    """What a title block says.

    Attributes:
        label: what names the paper, read as a label; None where no line, or more than one kind,
            names it, or where it has two dates.
        date: its one date as written, with what stands on the lines of the date; or empty.
        subjects: the lines that say what it is about.
    """

    label: Label | None = None
    date: str = ""
    subjects: tuple[str, ...] = ()


def read_title(lines: Sequence[str]) -> Title:
    """Read the lines of a title block."""
    sorts = [(sort_of(line), line) for line in lines[:MOST_LINES]]
    subjects = tuple(line for sort, line in sorts if sort == "subject")
    names = [line for sort, line in sorts if sort == "name"]
    details = [detail(line) for sort, line in sorts if sort == "detail"]
    own = {read_label(name).dates for name in names}  # not that of a paper which it answers
    dates = (own | {read_dates(text) for text in details}) - {()}
    if len(dates) > 1:
        return Title(subjects=subjects)
    details = list(dict.fromkeys(details))
    date = " ".join(text for text in details if read_dates(text))
    if len({read_label(name).kind for name in names}) != 1:
        return Title(date=date, subjects=subjects)
    parties = [line for sort, line in sorts if sort == "party"]
    name = _with_party(names[0], parties, sorts)
    if read_label(name).dates:
        details = [text for text in details if not read_dates(text)]
    return Title(_completed(name, details), date, subjects)


def _completed(name: str, details: Sequence[str]) -> Label:
    """Read a name with what stands beside it; behind a paper that it answers that is no date."""
    label = read_label(name)
    if not (label.answers and details):
        return read_label(" ".join([name, *details]))
    beside = read_label(" ".join(["Proposal", *details]))
    return attrs.evolve(
        label,
        text=" ".join([f"{name},", *details]),
        dates=label.dates or beside.dates,
        time=label.time or beside.time,
        number=label.number or beside.number,
    )


def _with_party(name: str, parties: Sequence[str], sorts: Sequence[tuple[Sort, str]]) -> str:
    """Put the one party that stands right above the name of a paper before it."""
    above = sorts[max([line for _, line in sorts].index(name) - 1, 0)]
    if len(parties) != 1 or above != ("party", parties[0]) or read_label(name).party:
        return name
    whole = f"{parties[0]} {name}"
    return whole if read_label(whole).party == parties[0] else name


@lru_cache(1 << 12)
def sort_of(line: str) -> Sort:
    """Return what a line of a title block is."""
    text = _plain(line)
    if len(line) > _LONGEST or NOT_A_PAPER.search(text):
        return "subject"
    if detail(text):
        return "detail"
    if is_stamp(text):
        return "stamp"
    if read_label(text).kind not in {None, "base"}:
        return "name"
    return "party" if is_party(text) else "subject"


@lru_cache(1 << 12)
def detail(line: str) -> str:
    """Return what a line says of date, time, number or version, if it says nothing else."""
    text = _plain(line)
    caption = _CAPTION.match(text)
    rest = text[caption.end() :] if caption else text
    if caption and rest[:3].casefold() == "to " and (day := DATE.search(rest)):
        rest = rest[day.start() :]  # "Passed to RTA on 5-19-25"
    return rest if values_of(read_details(rest), "date", "time", "number", "sequel") else ""


def is_stamp(text: str) -> bool:
    """True for a line that is neither name nor subject: a stamp, a code, a term, a caption."""
    text = _plain(text)
    caption = _CAPTION.match(text)
    if not text or names_another(text) or _CODE.fullmatch(text) or _YEARS.fullmatch(text):
        return True
    rest = text[caption.end() :].strip("_ .") if caption else text
    if caption and (not rest or DATE.search(rest)):
        return True
    left = re.sub(MONTH_ALONE, " ", DATE.sub(" ", _FOREIGN.sub("", text, 1)), flags=re.IGNORECASE)
    if left != text and not _BETWEEN.sub("", left):
        return True
    return all(map(_STAMP.fullmatch, stamps_of(text)))


def stamps_of(text: str) -> list[str]:
    """Cut a line into stamps: `CONFIDENTIAL - OFF THE RECORD`."""
    whole = _STAMP.fullmatch(text) is not None  # "non-binding" is one
    return [text] if whole else [part for part in _STAMPS.split(text) if part]


def without_dates(subject: str) -> str:
    """Return a subject without the date of the paper at its start or end."""
    first = DATE.match(subject)
    rest = subject[first.end() :].strip(" ,;:–—-|") if first else subject
    return split_last_date(rest)[0] if rest else subject


def names_another(text: str) -> bool:
    """True for a line that only says what the paper answers."""
    text = text.strip("() ")
    return bool(_ANSWERS.match(text)) and bool(read_label(_ANSWERS.sub("Response", text)).answers)


def is_party(text: str) -> bool:
    """True for a line that names parties and nothing else; a bare acronym may be anything."""
    text = _plain(text)
    if _PARTIES.match(text):
        return True
    halves = text.split(" and ")
    if len(halves) == 2 and all(_PARTY_WORD.search(half) for half in halves):  # noqa: PLR2004
        return True
    words = text.split()
    if len(words) > 2 and re.fullmatch("A(?:C+A)+", shape_of(words)):  # noqa: PLR2004
        return True
    found = read_party(words) or ()
    return {name for name, _ in found} == {"party"} and _SIDE.search(text) is not None


def _plain(line: str) -> str:
    """A line without the brackets, quotes, rules and full stop that may stand around it."""
    text = " ".join(line.split()).strip("*_~[]{}<>|•·\"“”'’")
    return text if text.endswith(".m.") else text.rstrip(".").strip()
