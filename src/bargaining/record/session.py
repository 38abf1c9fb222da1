"""A session: the journal while it is added to, inside of one transaction.

Strategy: of a record of thousands of documents only the entries of those that are added to are
read, by the register; the names of all are known. What is added is seen by what is added after it.
Nothing of a session outlives its transaction.

This module knows the journal; papers and their texts are for the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import attrs

from bargaining.errors import ConflictError, NotFoundError
from bargaining.record.chains import Book, known_name
from bargaining.record.journal import Entry, canonical, link, write_body
from bargaining.record.register import Register
from bargaining.record.stores import Store


@attrs.define
class Session:
    """The journal while it is written to.

    Attributes:
        store: where it is.
        register: what it held before.
        clock: tells the time of entry.
        book: what its entries say, of the documents that were opened.
        added: the entries that were added.
    """

    store: Store
    register: Register
    clock: Callable[[], datetime]
    book: Book = attrs.Factory(Book)
    added: list[Entry] = attrs.Factory(list)
    _opened: dict[int, Entry] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        for name in self.register.names:
            self.book.names.setdefault(name)
        self._take(self.register.entries(self.store, ()))

    @property
    def count(self) -> int:
        """How many entries the journal has."""
        return len(self.register.hashes) + len(self.added)

    def name(self, chain: str, *, stated: bool) -> str:
        """Return the name of a document as it was first entered, and read what is said of it.

        Raises:
            AskError: it is new, and so like another's that they may be one.
        """
        name = known_name(self.book.names, chain, stated=stated)
        self._take(self.register.entries(self.store, [name]))
        return name

    def _take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.seq not in self._opened:
                self._opened[entry.seq] = entry
                if entry.seq not in self.register.retracted:
                    self.book.take(entry)

    def add(self, kind: str, body: dict[str, Any], by: str) -> Entry:
        """Append an entry, with the time of entry and who enters it."""
        entered = self.clock().isoformat(timespec="seconds")
        body = {**body, "kind": kind, "by": by, "entered": entered}
        text = write_body(body)
        before = self.added[-1].hash if self.added else self.register.head
        entry = Entry(self.count + 1, body, link(before, text))
        self.append(entry)
        return entry

    def append(self, entry: Entry) -> None:
        """Append an entry as it is."""
        self.store.add_entry((entry.seq, canonical(entry.body), entry.hash))
        self.added.append(entry)
        self.book.take(entry)

    def entry(self, number: int) -> Entry:
        """Return an entry, and read what is said of its document.

        Raises:
            NotFoundError: there is none.
        """
        if not 1 <= number <= len(self.register.hashes):
            raise NotFoundError(
                f"There is no entry {number}.", hint="`bargain log --journal` lists them."
            )
        if number not in self._opened:
            speaking = self.register.speaking.items()
            name = next(name for name, numbers in speaking if number in numbers)
            self._take(self.register.entries(self.store, [name]))
        return self._opened[number]

    def refuse_retraction(self, number: int) -> None:
        """Refuse to retract what is not there, or what other entries build on.

        Raises:
            NotFoundError: there is no such entry.
            ConflictError: it does not count any more, or is a retraction.
        """
        if self.entry(number).kind == "retraction":
            raise ConflictError(f"Entry {number} is a retraction.", hint="File the paper again.")
        for entry in self._opened.values():
            counts = entry.seq not in self.register.retracted
            corrects = entry.body.get("corrects") if counts else None
            if number in {entry.body.get("retracts"), corrects}:
                raise ConflictError(
                    f"Entry {number} does not count any more, because of entry {entry.seq}.",
                    hint="See `bargain log --journal`.",
                )

    def same(self, kind: str, body: dict[str, Any]) -> Entry | None:
        """Return an entry of the opened documents that counts and says the same."""
        for number, entry in self._opened.items():
            said = {key: entry.body.get(key) for key in body}
            if entry.kind == kind and said == body and number not in self.register.retracted:
                return entry
        return None
