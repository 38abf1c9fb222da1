"""The label: what the findings of the grammar agree on.

Strategy: findings that contradict each other (two parties, two dates) leave the field unstated.
Saying too little is cheap, because a person can add it; a wrong party or date is the error that
must not happen.

This module knows findings by their names, and no words.
"""

from functools import lru_cache

import attrs

from bargaining.labels.dates import read_dates
from bargaining.labels.grammar import KIND_ORDER, SENTENCE, SOME_KIND, STATE_ORDER, findings
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


_LONGEST_RUNG = 100


@lru_cache(maxsize=4_096)  # a chain reads the same ladders again and again
def read_label(text: str) -> Label:
    """Read a label as a careful person would; what is not understood stays unstated."""
    found = findings(text.strip())
    return Label(
        text=text.strip(),
        party=only(found, "party"),
        kind=_first(KIND_ORDER, values_of(found, "kind")),
        number=only(found, "number"),
        dates=_stated_dates(found),
        subject=" ".join(values_of(found, "subject") or values_of(found, "topic")) or None,
        medium=only(found, "medium"),
        state=_stated_state(found),
        answers=values_of(found, "answers"),
        against=only(found, "against"),
    )


def _first(order: tuple[str, ...], values: tuple[str, ...]) -> str | None:
    return next((name for name in order if name in values), None)


def _written_dates(found: Found) -> set[tuple[str, ...]]:
    """The readings of each date written; one date spelt twice is one."""
    return {read_dates(written) for written in values_of(found, "date")}


def _stated_dates(found: Found) -> tuple[str, ...]:
    """The readings of the one date; two different dates do not say which is the paper's."""
    written = _written_dates(found)
    return written.pop() if len(written) == 1 else ()


def _stated_state(found: Found) -> str | None:
    agreed = ("tentative agreement",) if "tentative agreement" in values_of(found, "kind") else ()
    return _first(STATE_ORDER, values_of(found, "state") + agreed)


def is_rung(line: str) -> bool:
    """Whether the whole line is one rung of a printed ladder: party, kind, and date or number.

    With a date, a name that is not known to be a party's will do: `Lakeside Counter 5-1-25` is a
    rung of the ladder, whoever or whatever Lakeside is.

    A date that is written but impossible counts: a rung overlooked would make the words of the
    papers around it look more certainly proposed than they are.
    """
    text = line.strip()
    if len(text) > _LONGEST_RUNG or len(text.splitlines()) != 1 or not SOME_KIND.search(text):
        return False
    if _is_sentence(text):
        return False
    found = findings(text)
    kind = _first(KIND_ORDER, values_of(found, "kind"))
    dates = _written_dates(found)
    named = dates if only(found, "unread") else only(found, "party")
    others = values_of(found, "party") if only(found, "unread") else values_of(found, "unread")
    if values_of(found, "topic", "against") or others or not named:
        return False
    return kind not in {None, "base"} and len(dates) <= 1 and bool(dates or only(found, "number"))


def _is_sentence(text: str) -> bool:
    return text.endswith((".", ";", "?")) or SENTENCE.search(text) is not None


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
        tuple(sorted(values_of(findings(label.text), "sequel"))),
    )
