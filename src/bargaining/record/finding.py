"""Finding: which of many documents to ask for a wording, and asking them side by side.

Strategy: of few documents every one is asked. Of many the index names those that can hold the
wording, and each of these is asked itself, so that the index decides nothing but what is left out.
Where none holds it, near misses are sought in those that share the most of its words. Whoever has
more than one processor, or a cluster, hands in an executor.

This module knows no command line.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Self
from unicodedata import unidata_version

import attrs

from bargaining.model import Answer
from bargaining.record.cache_folder import FolderCache
from bargaining.record.entry_index import EntryIndex
from bargaining.record.stores.protocol import Store
from bargaining.record.wordings import EDITION, Finder, key_of, keys_of, nearest, wanted
from bargaining.weave.cache import Cache

if TYPE_CHECKING:
    from concurrent.futures import Executor

MANY: Final = 64  # documents; fewer are all asked


@attrs.frozen
class Finding:
    """Where a wording can stand.

    Attributes:
        entry_index: the journal of the record.
        store: its rows.
        cache: where an index can be kept, if anywhere.
        threes: returns what is to be indexed of a document, by its name.
    """

    entry_index: EntryIndex
    store: Store
    cache: Cache | None
    threes: Callable[[str], Collection[str]]

    def holding(self, wording: str) -> list[str] | None:
        """Return the documents that can hold a wording: all that do, and perhaps others.

        None where every one is to be asked: there are few, the wording is too short, or no index.
        """
        sought = wanted(wording)
        return self._named(lambda finder: finder.find(sought)) if sought else None

    def nearest(self, wording: str) -> list[str] | None:
        """Return the documents that hold the most words of a wording; None as above."""
        return self._named(lambda finder: nearest(wording, finder))

    def _named(self, seek: Callable[[Finder], Collection[str]]) -> list[str] | None:
        if len(self.entry_index.names) < MANY:
            return None
        with suppress(OSError, sqlite3.Error), self._finder() as finder:
            if finder is not None:
                keys = set(seek(finder))
                return [n for n in self.entry_index.names if not keys.isdisjoint(keys_of(n))]
        return None

    @contextmanager
    def _finder(self) -> Iterator[Finder | None]:
        """Yield the index, brought up to date."""
        if self.store.finder is not None or not isinstance(self.cache, FolderCache):
            yield self.store.finder
            return
        # Which characters are letters depends on Python's Unicode tables.
        path = self.cache.place(f"{self.entry_index.key}-{EDITION}-{unidata_version}.index")
        with opened(path) as index, index.up_to_date(self.entry_index, self.threes):
            yield index


# Asking.


def side_by_side(
    ask: Callable[[Sequence[str]], list[Answer]],
    names: Sequence[str],
    executor: Executor,
    at_once: int,
) -> Iterator[Answer]:
    """Ask documents through an executor; yield the answers in their order.

    Only `submit` and `result` are used, which every executor has.

    Args:
        ask: asks some documents; it must be possible to send it to another process.
        names: the documents.
        executor: runs it.
        at_once: how many documents it is handed at a time.
    """
    parts = [names[n : n + at_once] for n in range(0, len(names), at_once)]
    for future in [executor.submit(ask, part) for part in parts]:
        yield from future.result()


# The index of a record in a file.

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
        self, entry_index: EntryIndex, threes: Callable[[str], Collection[str]]
    ) -> Iterator[Self]:
        """Yield the index with all in it that a journal says, so that it can be asked.

        Args:
            entry_index: the journal; what it says beyond when this begins need not be in the index.
            threes: returns what a document holds, by its name.
        """
        count, head = len(entry_index.hashes), entry_index.head
        last = {name: numbers[-1] for name, numbers in entry_index.speaking.items()}
        with self._transaction():
            if not self._has_tables():
                for statement in _SCHEMA:
                    self._connection.execute(statement)
            known = self._known(entry_index)
            if known < count:
                for name, number in last.items():
                    if number > known:
                        self.keep(key_of(name), threes(name))
                self._connection.execute("INSERT INTO upto VALUES (?, ?)", (count, head))
            yield self

    def _has_tables(self) -> bool:
        query = "SELECT 1 FROM sqlite_schema WHERE name = 'upto'"
        return self._connection.execute(query).fetchone() is not None

    def _known(self, entry_index: EntryIndex) -> int:
        """Return up to which entry of a journal everything is in the index."""
        noted = self._connection.execute("SELECT entries, hash FROM upto").fetchall()
        return max(
            (n for n, hashed in noted if entry_index.hashes[n - 1 : n] == [hashed]), default=0
        )

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
