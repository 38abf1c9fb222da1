"""Findings: what a check found, as lines on a screen.

Strategy: the first sentence is the answer. Each finding is one line with its address, what it is,
and the words of both texts; what is only written otherwise is counted.

This module prints nothing, and knows no record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bargaining.model import Check, Finding, FindingCode
from bargaining.writers.authors import named
from bargaining.writers.screen import Screen, person
from bargaining.writers.sentences import quoted

_MOST: Final = 160  # code points of a text that are shown
_UNMARKED: Final = ("change is not marked", "changes are not marked")
_SAID: Final[dict[FindingCode, str]] = {
    "unmarked-insertion": "inserted without a mark: {after}",
    "unmarked-strike": "gone without a mark: {before}",
    "unmarked-replacement": "replaced without a mark: {before} by {after}",
    "unmarked-move": "moved without a mark: {either}",
    "renumbered": "renumbered without a mark: {before} is {after}",
    "marked-though-there": "marked as new, but it stood there before: {before}",
    "struck-though-absent": "struck, but it did not stand there: {after}",
    "mark-changes-nothing": "struck and inserted again, which changes nothing: {before}",
    "mark-of-another": "marked by {author}, whose paper this is not: {either}",
    "mark-of-another-day": "marked on {date}, after the day of the paper: {either}",
    "written-otherwise": "only written otherwise: {before} is {after}",
}


def lines(
    found: Check, screen: Screen, *, final: bool = False, exact: bool = False
) -> Iterator[str]:
    """Show what a check found, the answer first.

    Args:
        found: the check.
        screen: the terminal.
        final: whether the paper is to be the other text, word for word.
        exact: also show what is only written otherwise; a final paper's is shown always.
    """
    yield from screen.lines(person(summary(found, final=final)))
    shown = [one for one in found if final or exact or one.code != "written-otherwise"]
    for doubt in () if final else found.ladder:
        yield from screen.wrap([(person(doubt.message), "warning")], first="? ", rest="  ")
    if shown:
        yield ""
    wide = max((len(one.clause) for one in shown), default=0) + 2
    for one in shown:
        head = person(one.clause).ljust(wide)
        yield from screen.wrap([(person(said(one)), "plain")], first=head, rest=" " * wide)


def summary(found: Check, *, final: bool = False) -> str:
    """Say in one sentence what was found.

    Args:
        found: the check.
        final: as in `lines`.
    """
    own, other = found.revision.label, named(found.against)
    fits = "" if found.stated else ", the text that fits best"
    kinds = [one.code for one in found]
    counted = _counted(kinds, differ=final or not found.is_marked)
    if final or not found.is_marked:
        what = "" if final or found.is_marked else "has no marks, and "
        if not kinds:
            return f"{own} {what}is word for word what {other} says{fits}."
        return f"{own} {what}is not {other} word for word{fits}: {counted}."
    if not kinds:
        return f"Every change is marked: without its marks, {own} is {other}{fits}, word for word."
    return f"{own} is marked against {other}{fits}: {counted}.{_missing(found)}"


def _missing(found: Check) -> str:
    """Say which texts it may be marked against are not on file."""
    if not found.missing:
        return ""
    names = " or ".join(revision.label for revision in found.missing)
    return f" It may be marked against {names}, not on file."


def said(one: Finding) -> str:
    """Say what a finding is."""
    texts = {name: _quoted(text) for name, text in (("before", one.before), ("after", one.after))}
    either = texts["after"] if one.after else texts["before"]
    day = (one.date or "")[:10]
    return _SAID[one.code].format(**texts, either=either, author=one.author, date=day)


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return quoted(plain if len(plain) <= _MOST else f"{plain[:_MOST].rstrip()} …")


def _counted(codes: Sequence[FindingCode], *, differ: bool) -> str:
    """Say how many findings there are, those without a mark first."""
    unmarked = sum(code.startswith("unmarked") for code in codes)
    change = ("place differs", "places differ") if differ else _UNMARKED
    written = codes.count("written-otherwise")
    numbered = codes.count("renumbered")
    marks = len(codes) - unmarked - written - numbered
    parts = [
        (unmarked, *change),
        (marks, "mark says what is not so", "marks say what is not so"),
        (numbered, "number changed without a mark", "numbers changed without a mark"),
        (written, "place is only written otherwise", "places are only written otherwise"),
    ]
    return "; ".join(f"{n} {one if n == 1 else many}" for n, one, many in parts if n)
