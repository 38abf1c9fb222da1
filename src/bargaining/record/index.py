"""The index: the threes of every document of a record in a file, kept by SQLite's FTS5.

Strategy: it lies in a folder of the user's own, readable by its owner only, and never in the
record: whoever sends a record could leave out of an index what is in the texts. It notes each entry
up to which it was brought, by its hash, so that it knows how much of a journal is in it; what is of
another journal with the same beginning does no harm, because all that it names is asked. It is
asked in the transaction in which it was seen to be up to date. Where it cannot be used, every
document is asked.

This module knows rows; what is in a document is handed in. Source: SQLite's page on FTS5, 4.4
(contentless tables) and 4.6 (detail).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final, Self

import attrs

from bargaining.record.register import Register
from bargaining.record.wordings import key_of

_WAIT: Final = 30.0  # seconds, for another that brings it up to date
_SCHEMA: Final = (
    """CREATE VIRTUAL TABLE threes USING
        fts5(held, content='', detail=none, columnsize=0, tokenize='ascii')""",
    "CREATE TABLE document (id INTEGER PRIMARY KEY, key TEXT NOT NULL)",
    "CREATE TABLE upto (entries INTEGER NOT NULL, hash TEXT NOT NULL)",
)
_MAKING: Final = Lock()  # to close a new file takes away all locks on it: see `holding`


@attrs.frozen
class Index:
    """A `Finder` in a file of its own."""

    _connection: sqlite3.Connection

    def keep(self, key: str, threes: Collection[str]) -> None:
        """Keep what a document holds; what was kept of it before was a part of that."""
        added = self._connection.execute("INSERT INTO document (key) VALUES (?)", (key,))
        row = added.lastrowid, " ".join(threes)
        self._connection.execute("INSERT INTO threes (rowid, held) VALUES (?, ?)", row)

    def find(self, threes: Collection[str]) -> set[str]:
        """Return the keys of the documents that hold all of these."""
        query = (
            "SELECT key FROM document WHERE id IN (SELECT rowid FROM threes WHERE threes MATCH ?)"
        )
        return {key for (key,) in self._connection.execute(query, (" ".join(threes),))}

    @contextmanager
    def up_to_date(
        self, register: Register, threes: Callable[[str], Collection[str]]
    ) -> Iterator[Self]:
        """Yield the index with all in it that a journal says, so that it can be asked.

        Args:
            register: the journal; what it says beyond when this begins need not be in the index.
            threes: returns what a document holds, by its name.
        """
        count, head = len(register.hashes), register.head
        last = {name: numbers[-1] for name, numbers in register.speaking.items()}
        with self._transaction():
            if not self._has_tables():
                for statement in _SCHEMA:
                    self._connection.execute(statement)
            known = self._known(register)
            if known < count:
                for name, number in last.items():
                    if number > known:
                        self.keep(key_of(name), threes(name))
                self._connection.execute("INSERT INTO upto VALUES (?, ?)", (count, head))
            yield self

    def _has_tables(self) -> bool:
        query = "SELECT 1 FROM sqlite_schema WHERE name = 'upto'"
        return self._connection.execute(query).fetchone() is not None

    def _known(self, register: Register) -> int:
        """Return up to which entry of a journal everything is in the index."""
        noted = self._connection.execute("SELECT entries, hash FROM upto").fetchall()
        return max((n for n, hashed in noted if register.hashes[n - 1 : n] == [hashed]), default=0)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            self._connection.rollback()


@contextmanager
def opened(path: Path) -> Iterator[Index]:
    """Open an index, or one that is empty yet.

    Raises:
        OSError: the file cannot be opened.
        sqlite3.Error: it is no index, or cannot be asked.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _MAKING, suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_WAIT)) as connection:
        try:
            yield Index(connection)
        except sqlite3.OperationalError:  # no FTS5, no room, or locked
            raise
        except sqlite3.DatabaseError:  # damaged: the next who asks makes it anew
            path.unlink()
            raise
