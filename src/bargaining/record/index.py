"""The index: the threes of every document of a record in a file, kept by SQLite's FTS5.

Strategy: it lies in a folder of the user's own, readable by its owner only, and never in the
record: whoever sends a record could leave out of an index what is in the texts. It names the entry
up to which it goes, by its hash, and is brought up to date before it is asked. When it is of
another journal it is made anew. Where it cannot be used, every document is asked.

This module knows rows; what is in a document is handed in. Source: SQLite's page on FTS5, 4.4
(contentless tables) and 4.6 (detail).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import attrs

from bargaining.record.register import Register
from bargaining.record.wordings import key_of

_WAIT: Final = 30.0  # seconds, for another that brings it up to date
_SCHEMA: Final = (
    "DROP TABLE IF EXISTS threes",
    "DROP TABLE IF EXISTS document",
    "DROP TABLE IF EXISTS upto",
    """CREATE VIRTUAL TABLE threes USING
        fts5(held, content='', detail=none, columnsize=0, tokenize='ascii')""",
    "CREATE TABLE document (id INTEGER PRIMARY KEY, key TEXT NOT NULL)",
    "CREATE TABLE upto (entries INTEGER NOT NULL, hash TEXT NOT NULL)",
    "INSERT INTO upto VALUES (0, '')",
)


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

    def catch_up(self, register: Register, threes: Callable[[str], Collection[str]]) -> None:
        """Take in what a journal says beyond what is in the index.

        Args:
            register: the journal.
            threes: returns what a document holds, by its name.
        """
        ask = self._connection.execute
        with self._writing():
            if not ask("SELECT 1 FROM sqlite_schema WHERE name = 'upto'").fetchone():
                self._start()
            entries, hashed = ask("SELECT entries, hash FROM upto").fetchone()
            if entries and register.hashes[entries - 1 : entries] != [hashed]:
                self._start()
                entries = 0
            for name, numbers in register.speaking.items():
                if numbers[-1] > entries:
                    self.keep(key_of(name), threes(name))
            ask("UPDATE upto SET entries = ?, hash = ?", (len(register.hashes), register.head))

    def _start(self) -> None:
        for statement in _SCHEMA:
            self._connection.execute(statement)

    @contextmanager
    def _writing(self) -> Iterator[None]:
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
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_WAIT)) as connection:
        try:
            yield Index(connection)
        except sqlite3.OperationalError:  # no FTS5, no room, or locked
            raise
        except sqlite3.DatabaseError:  # damaged: the next who asks makes it anew
            path.unlink()
            raise
