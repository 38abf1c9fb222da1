"""The label: what the findings of the grammar agree on.

Strategy: findings that contradict each other (two parties, two dates) leave the field unstated.
Saying too little is cheap, because a person can add it; a wrong party or date is the error that
must not happen.

This module knows findings by their names, and no words.
"""

from functools import lru_cache

import attrs

from bargaining.labels.dates import read_dates, read_time
from bargaining.labels.grammar import KIND_ORDER, STATE_ORDER, findings
from bargaining.labels.parties import Found, only, values_of

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
    "fact-finder's recommendation",
    "final print",
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
        time: the time of day as `15:30`, or `AM` or `PM`.
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
    time: str | None = None

    @property
    def date(self) -> str | None:
        """The one date; None when none is stated, or when it can be read in two ways."""
        return self.dates[0] if len(self.dates) == 1 else None


@lru_cache(maxsize=4_096)  # a chain reads the same ladders again and again
def read_label(text: str) -> Label:
    """Read a label as a careful person would; what is not understood stays unstated."""
    found = findings(text.strip())
    return Label(
        text=text.strip(),
        party=only(found, "party"),
        kind=first_of(KIND_ORDER, values_of(found, "kind")),
        number=only(found, "number"),
        dates=_stated_dates(found),
        subject=" ".join(values_of(found, "subject") or values_of(found, "topic")) or None,
        medium=only(found, "medium"),
        state=_stated_state(found),
        answers=values_of(found, "answers"),
        against=only(found, "against"),
        time=_stated_time(found),
    )


def first_of(order: tuple[str, ...], values: tuple[str, ...]) -> str | None:
    """The first name of the order that is among the values."""
    return next((name for name in order if name in values), None)


def written_dates(found: Found) -> set[tuple[str, ...]]:
    """The readings of each date written; one date spelt twice is one."""
    return {read_dates(written) for written in values_of(found, "date")}


def _stated_dates(found: Found) -> tuple[str, ...]:
    """The readings of the one date; two different dates do not say which is the paper's."""
    written = written_dates(found)
    return written.pop() if len(written) == 1 else ()


def _stated_time(found: Found) -> str | None:
    """The one time of day; one date has one, and the half of the day may stand beside it."""
    times = {read_time(written) for written in values_of(found, "time")}
    exact = times - {"AM", "PM"}
    return (exact or times).pop() if len(exact or times) == 1 else None


def _stated_state(found: Found) -> str | None:
    agreed = ("tentative agreement",) if "tentative agreement" in values_of(found, "kind") else ()
    return first_of(STATE_ORDER, values_of(found, "state") + agreed)
