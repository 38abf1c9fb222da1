"""Rungs: which lines are rungs, which labels are of one rung, and which came first on a day.

Strategy: two papers taken for one would be certain and wrong, one paper taken for two is only less
certain; so every word that may tell two papers apart counts.

This module knows labels one by one, or two of them; the order of many is for `ladders`.
"""

import re

from bargaining.labels.grammar import KIND_ORDER, SENTENCE, SOME_KIND, findings
from bargaining.labels.label import Label, first_of, written_dates
from bargaining.labels.parties import ORDINALS, only, values_of

_LONGEST_RUNG = 100
_KIND_RANK = {"proposal": 0, "sunshine proposal": 0, "tentative agreement": 2}
_HALVES = {"AM": ("00:00", "11:59"), "PM": ("12:00", "23:59")}


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
    kind = first_of(KIND_ORDER, values_of(found, "kind"))
    dates = written_dates(found)
    named = dates if only(found, "unread") else only(found, "party")
    others = values_of(found, "party") if only(found, "unread") else values_of(found, "unread")
    if values_of(found, "topic", "against") or others or not named:
        return False
    return kind not in {None, "base"} and len(dates) <= 1 and bool(dates or only(found, "number"))


def _is_sentence(text: str) -> bool:
    stopped = text.endswith((".", ";", "?")) and not text.casefold().endswith((" a.m.", " p.m."))
    return stopped or SENTENCE.search(text) is not None


def same_rung_key(label: Label, party: str | None) -> tuple[object, ...]:
    """What identifies a rung inside one chain, however it is spelt.

    Times of day, and words such as "revised" or "second" count: two papers taken for one would be
    certain and wrong, one paper taken for two is only less certain.

    Args:
        label: the label of the rung.
        party: whose paper it is, with the aliases of parties resolved.
    """
    if not (party or label.kind or label.dates or label.number):
        return (" ".join(label.text.casefold().split()),)
    found = findings(label.text)
    written = () if label.time else values_of(found, "time")
    return (
        party.casefold() if party else None,
        label.kind,
        label.medium == "verbal",
        label.number.casefold() if label.number else None,
        label.dates,
        tuple(sorted(values_of(found, "sequel"))),
        label.time or " ".join(written).casefold(),
    )


def without_time(key: tuple[object, ...]) -> tuple[object, ...]:
    """What identifies the rung, as `same_rung_key` has it, where a label leaves out the time."""
    return (*key[:-1], "") if len(key) > 1 else key


def is_before(one: Label, other: Label) -> bool:
    """Whether two labels of one day say that the first paper came before the other.

    The time of day says it, and of two papers of one party and kind the number, or words such as
    "(2)", "second", "v2". A name without such a word is the first of its name.
    """
    if one.time and other.time:
        return _span(one.time)[1] < _span(other.time)[0]
    if (one.party, one.kind) != (other.party, other.kind) or not one.party:
        return False
    if one.number != other.number:
        return _counts(one.number) < _counts(other.number) if one.number and other.number else False
    first, second = (_place_of_name(label) for label in (one, other))
    if not first or len(first) != 1 or len(second) != 1:
        return not first and bool(second)
    return first[0][0] == second[0][0] and first < second


def day_order(label: Label) -> tuple[object, ...]:
    """What sorts the labels of one day so that those come in order of which `is_before` tells."""
    return (
        _span(label.time)[0] if label.time else "",
        _KIND_RANK.get(label.kind or "", 1),
        _counts(label.number or ""),
        _place_of_name(label),
        label.text,
    )


def _span(time: str) -> tuple[str, str]:
    return _HALVES.get(time, (time, time))


def _counts(number: str) -> tuple[tuple[int, str], ...]:
    """A number so that #2 sorts before #10, and #1 before #1A."""
    parts = re.findall(r"([0-9]+)([^0-9]*)", number)
    return tuple((int(figures), rest.casefold()) for figures, rest in parts)


def _place_of_name(label: Label) -> tuple[tuple[str, int], ...]:
    """Which of its name a label is, in words of one sort; empty for one that has no such word."""
    words = values_of(findings(label.text), "sequel")
    return tuple(sorted(_sequel(word) for word in set(words) - {"1", "v1"}))


def _sequel(word: str) -> tuple[str, int]:
    if word in ORDINALS:
        return "ordinal", ORDINALS.index(word)
    figures = word.lstrip("v")
    return (word.rstrip("0123456789"), int(figures)) if figures.isdigit() else (word, 0)
