"""Dates, and times of day, as labels write them.

Strategy: one pattern finds every written date; each has all the calendar days that it may mean.
Hyphens and slashes are American, so month-first where that is possible; dots are anybody's. A time
of day is told only where it is certain: `4:15` may be morning or afternoon.

This module knows no labels. It reads no clock and no locale: month names stand in a table.
"""

import datetime as dt
import re
from collections.abc import Iterable

_MONTHS = {
    "jan": "1", "feb": "2", "mar": "3", "apr": "4", "may": "5", "jun": "6",
    "jul": "7", "aug": "8", "sep": "9", "oct": "10", "nov": "11", "dec": "12",
}  # fmt: skip
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_YEAR_FIRST = r"[0-9]{4}(?P<sep>[-/.])[0-9]{1,2}(?P=sep)[0-9]{1,2}"
_NUMERIC = r"[0-9]{1,2}(?P<mark>[-/.‐‑–])[0-9]{1,2}(?P=mark)(?:[0-9]{4}|[0-9]{2})"
_NAMED = (
    rf"{MONTH}\s{_DAY},?\s[0-9]{{4}}|{_DAY}[\s-](?:of\s)?{MONTH},?[\s-][0-9]{{4}}"
    rf"|{_DAY}-{MONTH}-[0-9]{{2}}"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s"
DATE = re.compile(
    r"(?<![^\W_])(?<![0-9][-/.])"
    rf"(?:{_WEEKDAY})?(?:(?P<iso>{_YEAR_FIRST})|(?P<numeric>{_NUMERIC})|(?P<named>{_NAMED}))"
    r"(?:(?=T[0-9]{2}:)|(?![^\W_]))(?![-/.][0-9])",
    re.IGNORECASE,
)
# "June 2025" is no day on which a paper was exchanged.
MONTH_ALONE = rf"{MONTH},?\s(?:of\s)?[0-9]{{4}}(?![^\W_])"
# A time has minutes, or says which half of the day it is in.
_HALF = r"\s?(?P<{}>[ap])\.?m\b\.?"
_ZONE = r"(?:\s?(?:\(?(?-i:[ECMP][SD]?T|UTC|GMT|Z)\b\)?|[-+][0-9]{2}:?[0-9]{2}(?![0-9])))*"
TIME = re.compile(
    r"(?:\bat\s|(?<![^\W\d_])T(?=[0-9]{2}:)|(?<![^\W_])(?<![:.]))(?P<hour>[0-9]{1,2})"
    rf"(?:(?P<minute>:[0-5][0-9])(?::[0-5][0-9])?(?:{_HALF.format('half')})?|{_HALF.format('late')})"
    rf"(?![^\W_]|:[0-9]){_ZONE}",
    re.IGNORECASE,
)
_NOON, _MIDNIGHT = 12, 24  # hours
# Beside a date only: which half of the day it is.
HALF_DAY = re.compile(
    r"(?P<early>\(?(?-i:AM|A\.M\.|a\.m\.|am)\)?|(?:in\sthe\s)?morning)(?![\w.])"
    r"|(?:\(?(?-i:PM|P\.M\.|p\.m\.|pm)\)?|(?:in\sthe\s)?(?:afternoon|evening))(?![\w.])",
    re.IGNORECASE,
)
# "5 - 19 - 25": no other row of numbers is set so.
_SPACED = re.compile(
    r"(?<![\w-])([0-9]{1,2})\s([-–])\s([0-9]{1,2})\s\2\s([0-9]{4}|[0-9]{2})(?![\w-])"
)
# "Section 4.2.10" is an address, though it has the form of a date.
_ADDRESS_BEFORE = re.compile(
    r"(?:\b(?:article|art|section|sec|clause|paragraph)\b\.?|[§¶])\s?\Z", re.IGNORECASE
)


def read_dates(text: str) -> tuple[str, ...]:
    """Every date in the text as ISO, in order; a date that can be read in two ways gives both."""
    line = tightened(text)
    readings = (reading for found in dates_in(line) for reading in _readings(found))
    return tuple(dict.fromkeys(readings))


def tightened(text: str) -> str:
    """The text on one line, with single spaces, and none inside of dates."""
    return _SPACED.sub(r"\1\2\3\2\4", " ".join(text.split()))


def read_time(written: str) -> str | None:
    """A time of day as `15:30`, or the half of the day as `AM` or `PM`; None where it may be two.

    Args:
        written: what `TIME` or `HALF_DAY` matched.
    """
    found = TIME.match(written)
    if found is None:
        day = HALF_DAY.match(written)
        return None if day is None else "AM" if day["early"] else "PM"
    hour, minute = int(found["hour"]), found["minute"] or ":00"
    half = (found["half"] or found["late"] or "").casefold()
    if half:
        clock = hour % _NOON + (_NOON if half == "p" else 0)
        return f"{clock:02}{minute}" if 0 < hour <= _NOON else None
    # Thirteen and more, and a zero in front, are of a clock of 24 hours.
    is_full = hour > _NOON or found["hour"][0] == "0" or written[0] in "Tt"
    return f"{hour:02}{minute}" if is_full and hour < _MIDNIGHT else None


def dates_in(text: str) -> Iterable[re.Match[str]]:
    """Yield every written date; the address of a clause is none, though it has the form."""
    for found in DATE.finditer(text):
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


# The day on which a page was posted or a clause takes effect is not that of the exchange.
ELSEWHEN = r"posted|uploaded|updated|entered|effective|expires|expiring|through|until|as\sof"
FOREIGN_DATE = re.compile(rf"\b(?:{ELSEWHEN})\s(?:on\s)?{DATE.pattern}", re.IGNORECASE)
