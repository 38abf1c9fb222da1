"""The journal: entries, each with the hash of the one before.

Strategy: an entry is one JSON object in canonical form (keys sorted, no spacing, ASCII). Its hash
is the SHA-256 of the hash before it, a line feed, and that JSON; the first entry follows the format
marker. Whoever knows the last hash (the head) can tell that nothing before it was changed.

This module knows no database. See docs/record-format.md for what each kind of entry holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any, Final, Self

import attrs

from bargaining.errors import AskError, RecordError
from bargaining.record.shape import check

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
        """What was entered: a filing, a rung without a paper, an alias, or a new article."""
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
