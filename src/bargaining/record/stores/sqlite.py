"""SQLite: a record in one file of one's own.

Strategy: `database` opens the file and holds its door; here are the questions asked of its rows. A
file that is to be written is made when there is something to put in it.

This module knows rows, not what they mean.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self

import attrs

from bargaining.errors import NotFoundError
from bargaining.record.stores import sqlite_file
from bargaining.record.stores.locks import Key, hold, let_go
from bargaining.record.stores.protocol import PAGE, EntryRow, PatchRow, T, Table, Witnessed

_KEYS: Final[dict[Table, str]] = {"patch": "new", "original": "digest"}


def _hold(path: Path) -> Key | None:
    with sqlite_file.told(path):
        return hold(path)


@attrs.define
class SqliteStore:
    """The rows of a record in a file; no file while nothing was ever put in it."""

    name: str
    _connection: sqlite3.Connection | None
    _to_create: Path | None = None
    _held: Key | None = None

    @classmethod
    def open(cls, path: Path, *, write: bool) -> Self:
        """Open a file; with `write`, it is made when there is something to put in it.

        Raises:
            NotFoundError: there is none, and it is only to be read.
            RecordError: it is no record, or one of another format.
            StorageError: it cannot be opened.
        """
        held = _hold(path)
        try:
            sqlite_file.roll_back(path)
            if not sqlite_file.is_new(path):
                return cls(str(path), sqlite_file.open_file(path, write=write), held=held)
        except BaseException:
            let_go(held)
            raise
        let_go(held)
        if not write:
            raise NotFoundError(
                f"There is no record at {path}.", hint="File a paper: bargain add FILE"
            )
        return cls(str(path), None, path)

    @classmethod
    def in_memory(cls) -> Self:
        """Open an empty record that is gone when it is closed."""
        return cls("the record in memory", sqlite_file.open_memory())

    @property
    def finder(self) -> None:
        """None: a file could come from somebody else, and with it a false index."""

    @property
    def squeezes(self) -> bool:
        """Whether deltas are compressed; not so in format 1."""
        return self._connection is None or sqlite_file.version_of(self._connection) > 1

    def entries(self, after: int = 0) -> Iterator[EntryRow]:
        """Yield the entries behind a number, in their order; all that there are behind 0."""
        query = "SELECT seq, body, hash FROM entry {} ORDER BY seq LIMIT ?"
        # A journal that was tampered with may have numbers below 1, which must be seen.
        behind = ("WHERE seq > ?", (after,)) if after else ("", ())
        while rows := self._ask(query.format(behind[0]), (*behind[1], PAGE)):
            yield from rows
            behind = ("WHERE seq > ?", (rows[-1][0],))

    def some(self, numbers: Collection[int]) -> Iterator[EntryRow]:
        """Yield the entries with these numbers, in their order, as far as they are there."""
        query = "SELECT seq, body, hash FROM entry WHERE seq IN ({}) ORDER BY seq"
        return self._ask_of(query, sorted(numbers))

    def patches(self, digests: Collection[str]) -> Iterator[PatchRow]:
        """Yield the patches that lead to these texts, as far as they are there."""
        return self._ask_of("SELECT new, old, delta FROM patch WHERE new IN ({})", sorted(digests))

    def original(self, digest: str) -> tuple[object, object] | None:
        """Return the size and the compressed bytes of a paper, or None."""
        query = "SELECT size, data FROM original WHERE digest = ?"
        return next(iter(self._ask(query, (digest,))), None)

    def digests(self, table: Table) -> list[str]:
        """Return the digest of every row of a table."""
        return [one for (one,) in self._ask(f"SELECT {_KEYS[table]} FROM {table}")]  # noqa: S608 - names from the table above

    def now(self) -> None:
        """Return None: a file has no clock."""

    def role(self) -> str:
        """Return nothing: a file asks nobody who they are."""
        return ""

    def witness(self) -> Iterator[Witnessed]:
        """Yield nothing: a file sees nobody."""
        yield from ()

    def examine(self) -> None:
        """Look at every page, and hold the indexes against their tables."""
        if self._connection is not None:
            sqlite_file.examine(self._connection, self.name)

    def noted_head(self) -> tuple[int, str] | None:
        """Return None: a file has no place for it."""
        return None

    def _ask_of(self, query: str, values: Iterable[Any]) -> Iterator[Any]:
        """Ask about many values, so many at once."""
        left = iter(values)
        while part := tuple(islice(left, PAGE)):
            yield from self._ask(query.format(",".join("?" * len(part))), part)

    def _ask(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        if self._connection is None:
            return []
        with sqlite_file.told(self.name):
            return self._connection.execute(query, values).fetchall()

    def add_entry(self, row: EntryRow) -> None:
        """Append an entry."""
        self._put("INSERT INTO entry VALUES (?, ?, ?)", row)

    def add_patch(self, row: PatchRow) -> None:
        """Add a patch."""
        self._put("INSERT INTO patch VALUES (?, ?, ?)", row)

    def add_original(self, row: tuple[str, int, bytes]) -> None:
        """Add a paper, unless it is there."""
        self._put("INSERT OR IGNORE INTO original VALUES (?, ?, ?)", row)

    def _put(self, statement: str, row: tuple[object, ...]) -> None:
        assert self._connection is not None  # noqa: S101 - only inside of `write`
        with sqlite_file.told(self.name):
            self._connection.execute(statement, row)

    def reading(self) -> AbstractContextManager[None]:
        """Let everything that is asked inside be asked of one state."""
        if self._connection is None:
            return nullcontext()
        return sqlite_file.one_state(self._connection, self.name)

    def write(self, action: Callable[[], T]) -> T:
        """Run `action` as one transaction; other writers wait for it, or it for them."""
        if self._connection is None:
            assert self._to_create is not None  # noqa: S101 - as `open` makes it
            self._connection = sqlite_file.open_file(self._to_create, write=True)
            self._held = _hold(self._to_create)
        connection = self._connection
        with sqlite_file.told(self.name):
            connection.execute("BEGIN IMMEDIATE")
            try:
                if sqlite_file.is_empty(connection):
                    sqlite_file.create(connection)
                done = action()
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
        return done

    def close(self) -> None:
        """Close the file. Everything that was filed is in it already."""
        if self._connection is not None:
            self._connection.close()
            let_go(self._held)
            self._held = None
