"""The journal: entries, each with the hash of the one before.

Strategy: an entry is one JSON object in canonical form (keys sorted, no spacing, ASCII). Its hash
is the SHA-256 of the hash before it, a line feed, and that JSON; the first entry follows the format
marker. Whoever knows the last hash (the head) can tell that nothing before it was changed.

This module knows no database. See docs/record-format.md for what each kind of entry holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, Self, get_args

import attrs

from bargaining.errors import AskError, RecordError
from bargaining.model import PartKind

FORMAT: Final = "bargaining record 1"
_LINE: Final = re.compile(
    r"(?:head: ?)?(?P<entries>[0-9]{1,9}) (?P<hash>[0-9A-Fa-f]{64})"
    r"(?: (?P<entered>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{8,40}))?"
)
_HINT: Final = "What stands before it is whole. Restore the record from a copy."
_OTHER: Final = (
    "Compare it with the copy that the head was noted from. Do not trust this one until then."
)


@attrs.frozen
class Entry:
    """One entry of the journal.

    Attributes:
        seq: its number, from 1.
        body: what it says: `kind`, `entered`, `by`, and more by kind.
        hash: the hash that covers it and all before it, in lower-case hex.
    """

    seq: int
    body: dict[str, Any]
    hash: str

    @property
    def kind(self) -> str:
        """What was entered: a filing, a rung without a paper, an alias, a side, a new article."""
        return str(self.body["kind"])


@attrs.define
class Withdrawals:
    """Which entries count no more, as far as a journal was read.

    Attributes:
        retracted: the entries that were taken back, each with the one that says so.
        corrected: the filings that were corrected, each with the one that took its place last.
    """

    retracted: dict[int, int] = attrs.Factory(dict)
    corrected: dict[int, int] = attrs.Factory(dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Read a journal."""
        found = cls()
        for entry in entries:
            found.take(entry)
        return found

    def take(self, entry: Entry) -> None:
        """Take in the next entry."""
        if entry.kind == "retraction":
            self.retracted[entry.body["retracts"]] = entry.seq
        elif entry.body.get("corrects"):
            self.corrected[entry.body["corrects"]] = entry.seq

    def corrected_by(self, number: int) -> int | None:
        """Return the filing that took the place of one, and counts; None where there is none."""
        by = self.corrected.get(number)
        return None if by in self.retracted else by

    def counts(self, number: int) -> bool:
        """True for an entry that was neither taken back nor corrected."""
        return number not in self.retracted and self.corrected_by(number) is None


@attrs.frozen
class Head:
    """The state of a journal in one short line: exchange it, and hold later states against it.

    It proves that nothing up to its entry was altered since it was noted down; it proves no date.

    Attributes:
        entries: how many entries the journal has.
        hash: the hash of the last of them, which covers all before it.
        entered: when that was entered, ISO 8601; empty for an empty journal.
    """

    entries: int
    hash: str
    entered: str = ""

    @classmethod
    def at(cls, last: Entry | None) -> Head:
        """Return the head of a journal that ends with an entry; of an empty one, with None."""
        if last is None:
            return cls(0, sha256(FORMAT.encode()).hexdigest())
        return cls(last.seq, last.hash, str(last.body["entered"]))

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Head:
        """Return the head of a journal."""
        return cls.at(entries[-1] if entries else None)

    @classmethod
    def read(cls, line: str) -> Head:
        """Read a head as `str` writes it, also after `head:`, as `bargain verify` prints it.

        Raises:
            AskError: the line is none.
        """
        found = _LINE.fullmatch(" ".join(line.split()))
        if found is None:
            raise AskError(
                "That is no head of a record.",
                hint="A head is the line that `bargain verify` prints: number, hash, time.",
            )
        return cls(int(found["entries"]), found["hash"].lower(), found["entered"] or "")

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.entries), self.hash, self.entered)))

    def refuse_other(self, entries: int, there: Head) -> None:
        """See that a journal extends this state, or is in it still.

        Args:
            entries: how many entries the journal has, their links checked.
            there: the state that it was in at the entry that this head names.

        Raises:
            RecordError: it does not: entries are missing, or were made anew.
        """
        if entries < self.entries:
            raise RecordError(
                f"The record has {entries} entries, and the head is of {self.entries}: "
                "entries are missing, or it is of another record.",
                hint=_OTHER,
            )
        if (there.hash, there.entered) != (self.hash, self.entered or there.entered):
            raise RecordError(
                f"The record does not extend that head: up to entry {self.entries} it is another "
                "one, or was altered since.",
                hint=_OTHER,
            )


def canonical(body: dict[str, Any]) -> str:
    """Return the one JSON text of `body`."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def link(before: str, text: str) -> str:
    """Return the hash of an entry from the hash before it and its JSON text."""
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def read_journal(
    rows: Iterable[tuple[int, str, str]], *, after: int = 0, before: str = FORMAT
) -> Iterator[Entry]:
    """Yield the entries of stored rows (number, JSON text, hash), checking every link.

    Args:
        rows: the rows, in their order.
        after: the number of the entry that they follow; 0 for the whole journal.
        before: the hash of that entry.

    Raises:
        RecordError: an entry is missing, altered, out of order, or not in canonical form.
    """
    for expected, (seq, text, stored) in enumerate(rows, start=after + 1):
        if not (isinstance(text, str) and isinstance(stored, str) and seq == expected):
            raise RecordError(f"Entry {expected} of the journal is missing.", hint=_HINT)
        yield read_entry(seq, text, stored, before)
        before = stored


def read_entry(seq: int, text: str, stored: str, before: str, hint: str = _HINT) -> Entry:
    """Return one entry, its link to the one before checked.

    Args:
        seq: its number.
        text: its JSON text.
        stored: its hash, as it is stored.
        before: the hash of the entry before it.
        hint: what is told of those before it, where it was altered.

    Raises:
        RecordError: it was altered, or is not in canonical form.
    """
    if link(before, text) != stored:
        raise RecordError(f"Entry {seq} of the journal was altered.", hint=hint)
    return Entry(seq, _body(seq, text), stored)


_DISTRUST: Final = "Do not trust this file."
_MOST_VALUES: Final = 250_000  # commas: each is before a value, and values take memory


def write_body(body: dict[str, Any]) -> str:
    """Return the JSON text of a new entry, which `read_journal` is sure to accept.

    Raises:
        AskError: a label or name in it cannot be stored, or it goes beyond a limit.
    """
    text = canonical(body)
    try:
        _body(0, text)
    except RecordError as error:
        raise AskError(
            "A label or name holds half a character, or the paper more marks or rungs than an "
            "entry can hold.",
            hint="Type it anew, or file the paper in parts.",
        ) from error
    return text


def _body(seq: int, text: str) -> dict[str, Any]:
    if text.count(",") > _MOST_VALUES:
        raise RecordError(f"Entry {seq} of the journal says more than any does.", hint=_DISTRUST)
    try:
        body = json.loads(text)
        if canonical(body) != text:
            raise RecordError(f"Entry {seq} of the journal is not in its one form.", hint=_HINT)
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()  # no half characters, no NaN
    except (ValueError, RecursionError) as error:
        raise RecordError(f"Entry {seq} of the journal is no JSON.", hint=_HINT) from error
    return check(seq, body)


def moment(entered: str) -> datetime | None:
    """Return a time of entry in UTC; None where its figures are no time, as in a crafted record."""
    try:
        return datetime.fromisoformat(entered).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter at the ends of the calendar
        return None


def utc_day(entered: str) -> str:
    """Return the day of a time of entry in UTC, ISO 8601, whatever its zone."""
    time = moment(entered)
    return entered[:10] if time is None else time.date().isoformat()


# The shape of an entry.

Check = Callable[[object], bool]

_MOST: Final = 2**53  # every JSON reader can hold integers up to here
_MOST_RUNGS: Final = 2_000  # of a ladder
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(  # with no more digits of a second than a head can hold
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:[+-][0-9]{2}:[0-9]{2}|Z)"
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def _text(value: object) -> bool:
    return isinstance(value, str)


def _bool(value: object) -> bool:
    return isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST


def _like(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _day(value: object) -> bool:
    """True for a day that the calendar has, in ISO 8601."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def _moment(value: object) -> bool:
    """True for a time that the calendar and the clock have, in ISO 8601 with its zone."""
    if not isinstance(value, str) or _TIME.fullmatch(value) is None:
        return False
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def _list(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _at_most(most: int, check: Check) -> Check:
    return lambda value: isinstance(value, list) and len(value) <= most and check(value)


def _row(*checks: Check) -> Check:
    return lambda value: (
        isinstance(value, list)
        and len(value) == len(checks)
        and all(check(item) for check, item in zip(checks, value, strict=True))
    )


def _object(needed: Mapping[str, Check], allowed: Mapping[str, Check] | None = None) -> Check:
    every = {**needed, **(allowed or {})}
    return lambda value: (
        isinstance(value, dict)
        and needed.keys() <= value.keys() <= every.keys()
        and all(every[key](item) for key, item in value.items())
    )


_LABEL: Final = _object(
    {"text": _text},
    {
        **dict.fromkeys(
            ("party", "kind", "number", "subject", "medium", "state", "against", "time"), _text
        ),
        "dates": _list(_day),
        "answers": _list(_text),
    },
)
_PAPER: Final = _object(
    {
        "format": _text,
        "title": _list(_text),
        "ladder": _at_most(_MOST_RUNGS, _list(_text)),
        "runs": _list(
            _either(
                _row(_one_of("kept", "inserted"), _number),
                _row(_one_of("struck", "dropped"), _text),
            )
        ),
        "parts": _list(_row(_one_of(*get_args(PartKind)), _text, _number)),
        "doubts": _list(_row(_text, _text, _number, _number, _number)),
    },
    {"levels": _list(_row(_number, _number))},
)
_MADE_OF: Final = _object(
    {"label": _text, "how": _one_of("partial", "amends"), "text": _like(_DIGEST)}
)
_ALWAYS: Final[Mapping[str, Check]] = {"kind": _text, "entered": _moment, "by": _text}
_KINDS: Final[Mapping[str, Check]] = {
    "filing": _object(
        {
            **_ALWAYS,
            "chain": _text,
            "base": _bool,
            "label": _LABEL,
            "after": _maybe(_text),
            "original": _like(_DIGEST),
            "name": _text,
            "inserted_by": _maybe(_list(_text)),
            "text": _like(_DIGEST),
            "paper": _PAPER,
            "corrects": _maybe(_number),
        },
        {"made_of": _list(_MADE_OF), "because": _text},
    ),
    "rung": _object(
        {
            **_ALWAYS,
            "chain": _text,
            "label": _LABEL,
            "after": _maybe(_text),
            "reported_by": _text,
        }
    ),
    "alias": _object({**_ALWAYS, "name": _text, "means": _text}),
    "side": _object({**_ALWAYS, "party": _text, "side": _text}),
    "new": _object({**_ALWAYS, "chain": _text}),
    "retraction": _object({**_ALWAYS, "retracts": _number, "because": _text}),
}


def check(seq: int, body: object) -> dict[str, Any]:
    """Return the body of entry `seq` if it is of the shape that its kind has.

    Raises:
        RecordError: it is not, or its kind is none that this format has.
    """
    kind = body.get("kind") if isinstance(body, dict) else None
    shape = _KINDS.get(kind) if isinstance(kind, str) else None
    if not isinstance(body, dict) or shape is None or not shape(body):
        raise RecordError(
            f"Entry {seq} of the journal is not of a shape that this format has.",
            hint="Do not trust this file, or install a newer version of bargaining.",
        )
    return body
