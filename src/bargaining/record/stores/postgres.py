"""PostgreSQL: a record that a team shares, on a server of its own.

Strategy: the same rows as in a file, in a schema of their own, in plain ASCII, so that no encoding
of a database can change them. Who files locks the one row of the head first, so that writers queue
and the journal stays one line; who asks never waits. A role that may only read can ask everything.
What goes wrong on the way to the server is one line for the person, and nothing is half done.

This module needs psycopg 3 (the extra `postgres`). It knows rows, not what they mean. Sources:
PostgreSQL's manual, 13.2 (isolation), 13.3 (row locks) and appendix A (error codes).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import get_ident
from typing import Any, Final, LiteralString, Self, cast

import attrs

from bargaining.errors import NotFoundError, RecordError, StorageError
from bargaining.record.stores.protocol import (
    PAGE,
    CollisionError,
    EntryRow,
    PatchRow,
    T,
    Table,
    Witnessed,
)
from bargaining.record.wordings import EDITION

try:
    import psycopg
    from psycopg import conninfo, errors
except ImportError as error:  # also where psycopg is there, and libpq is not
    raise StorageError(
        "A record on a server needs psycopg 3.",
        hint="Install it: pip install 'psycopg[binary]'",
    ) from error

FORMAT: Final = 2
SCHEMA: Final[tuple[LiteralString, ...]] = (
    "CREATE SCHEMA IF NOT EXISTS bargaining",
    """CREATE TABLE bargaining.entry (
        seq BIGINT PRIMARY KEY CHECK (seq > 0), body TEXT NOT NULL, hash TEXT NOT NULL,
        role TEXT NOT NULL DEFAULT session_user,
        began TIMESTAMPTZ NOT NULL DEFAULT transaction_timestamp())""",
    """CREATE TABLE bargaining.original (
        digest TEXT PRIMARY KEY, size BIGINT NOT NULL, data BYTEA NOT NULL)""",
    """CREATE TABLE bargaining.patch (
        new TEXT PRIMARY KEY, old TEXT NOT NULL, delta BYTEA NOT NULL)""",
    """CREATE TABLE bargaining.head (
        one BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (one),
        format INTEGER NOT NULL, seq BIGINT NOT NULL, hash TEXT NOT NULL)""",
    "CREATE TABLE bargaining.wording (document TEXT PRIMARY KEY, threes TSVECTOR)",
    "CREATE INDEX ON bargaining.wording USING gin (threes)",
    # What is indexed can only grow, so that a role that files can hide nothing. Beyond what a text
    # search vector holds, a document is in every answer.
    """CREATE FUNCTION bargaining.index_wording(own TEXT, added TEXT[]) RETURNS VOID
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            INSERT INTO bargaining.wording AS kept VALUES (own, array_to_tsvector(added))
            ON CONFLICT (document) DO UPDATE SET threes =
                CASE WHEN length(kept.threes) + length(EXCLUDED.threes) <= 40000
                THEN kept.threes || EXCLUDED.threes END
        $$""",
    "REVOKE ALL ON FUNCTION bargaining.index_wording FROM PUBLIC",
)
_SECONDS: Final = 10  # to wait for a connection
_LOCK: Final = "30s"  # to wait for another who files
_IDLE: Final = "300s"  # until the server gives up on one who files and does nothing
_KEYS: Final[dict[Table, LiteralString]] = {
    "patch": "SELECT new FROM bargaining.patch",
    "original": "SELECT digest FROM bargaining.original",
}
_MOST_THREES: Final = 20_000  # of a paper; a text search vector holds 1 MiB
_RELATIONS: Final[LiteralString] = """
    SELECT c.relname, c.relkind IN ('r', 'i', 't')
        AND NOT (c.relhasrules OR c.relhastriggers OR c.relrowsecurity)
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = 'bargaining'"""
# Columns of the tables that are made since servers note who files.
_WITNESSES: Final[LiteralString] = """
    SELECT 1 FROM pg_catalog.pg_attribute
    WHERE attrelid = 'bargaining.entry'::regclass AND attname = 'began' AND NOT attisdropped"""
_COLLISIONS: Final = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,  # two made the schema, or one filed without the lock
    errors.DuplicateSchema,
    errors.DuplicateTable,
)
_ROLES: Final = "Ask for a role that may; see docs/shared-record.md."


@attrs.define
class PostgresStore:
    """The rows of a record on a server. A lost connection is made anew for the next question."""

    name: str
    squeezes: bool
    _url: str = attrs.field(repr=False)
    _write: bool
    _thread: int = attrs.field(factory=get_ident)
    _closed: bool = False
    _connection: psycopg.Connection[Any] | None = None
    _there: bool = False
    _inside: bool = False
    _last: tuple[int, str] | None = None

    @classmethod
    def open(cls, url: str, *, write: bool) -> Self:
        """Connect to a server; with `write`, tables are made when there is something to put there.

        Raises:
            NotFoundError: there is no record, and it is only to be read.
            RecordError: it is one of another format.
            StorageError: the server cannot be reached, or does not let this role in.
        """
        store = cls(_shown(url), squeezes=True, url=url, write=write)
        try:
            found = store._is_there() or write
        except BaseException:
            store.close()
            raise
        if not found:
            store.close()
            raise NotFoundError(
                f"There is no record at {store.name}.", hint="File a paper: bargain add FILE"
            )
        return store

    def _is_there(self) -> bool:
        """True when the tables are there, of the format that this program reads.

        Raises:
            RecordError: they are of another format.
        """
        if self._there:
            return True
        relations = self._ask(_RELATIONS)
        if not any(name == "head" for name, _ in relations):
            return False
        if not all(plain for _, plain in relations):  # what is asked could run what they hold
            raise RecordError(
                f"{self.name} holds other tables than a record's.", hint="Do not trust it."
            )
        found = self._ask("SELECT format FROM bargaining.head")
        if found != [(FORMAT,)]:
            raise RecordError(
                f"{self.name} has a record of another format.",
                hint="Install a newer version of bargaining.",
            )
        self._there = not self._inside  # inside, what was made can be undone
        return True

    @property
    def _server(self) -> psycopg.Connection[Any]:
        if self._closed or self._thread != get_ident():
            raise StorageError(
                f"{self.name} is closed, or was opened by another thread.",
                hint="A record is for the thread that opened it: open it in each.",
            )
        if self._inside and self._connection is not None and self._connection.closed:
            # What follows must not be done outside of the transaction, on a new connection.
            raise psycopg.OperationalError("it was lost while something was done")
        if self._connection is None or self._connection.closed:
            self._connection = self._connected()
            if not self._write:
                self._connection.execute("SET default_transaction_read_only = on")
        return self._connection

    def _connected(self) -> psycopg.Connection[Any]:
        try:
            wait = conninfo.conninfo_to_dict(self._url).get("connect_timeout", _SECONDS)
            return psycopg.connect(
                conninfo.make_conninfo(self._url, connect_timeout=wait),
                autocommit=True,
                application_name="bargain",
                client_encoding="utf8",
            )
        except psycopg.Error as error:
            raise StorageError(
                f"{self.name} cannot be reached: {_said(error)}.",
                hint="See whether the server runs, and check user, database and settings.",
            ) from error

    def now(self) -> datetime:
        """Return the time by the server's clock, which is one for all who file."""
        ((time,),) = self._ask("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return cast(datetime, time).replace(tzinfo=UTC)

    def role(self) -> str:
        """Return the role under which the server let this person in."""
        with _told(self.name):
            return self._server.info.user

    @property
    def finder(self) -> Self:
        """Itself: the index of wordings is a table beside the others."""
        return self

    def keep(self, key: str, threes: Collection[str]) -> None:
        """Keep what a document holds, beside what was kept of it before.

        Where that is more than the server can index, the document is in every answer.
        """
        given = sorted(threes) if len(threes) <= _MOST_THREES else None
        self._put("SELECT bargaining.index_wording(%s, %s::text[])", (key, given))

    def find(self, threes: Collection[str]) -> set[str]:
        """Return the keys of the documents that hold all of these.

        What an earlier edition kept may lack some; such a document is in every answer.
        """
        query: LiteralString = (
            "SELECT document FROM bargaining.wording WHERE threes @@ %s::tsquery "
            "UNION ALL SELECT document FROM bargaining.wording "
            "WHERE threes IS NULL OR NOT starts_with(document, %s)"
        )
        return {key for (key,) in self._rows(query, (" & ".join(threes), f"{EDITION}:"))}

    def lacks(self, key: str, threes: Collection[str]) -> bool:
        """True when not all of what a document holds was kept."""
        query: LiteralString = (
            "SELECT tsvector_to_array(threes) FROM bargaining.wording WHERE document = %s"
        )
        if self._rows(query, (key.partition(":")[2],)):
            return False  # of an earlier edition: in every answer
        kept = self._rows(query, (key,))
        return not kept or (kept[0][0] is not None and not set(threes) <= set(kept[0][0]))

    def documents(self) -> Iterator[str]:
        """Yield the key of every document of which something was kept."""
        return (key for (key,) in self._rows("SELECT document FROM bargaining.wording"))

    def entries(self, after: int = 0) -> Iterator[EntryRow]:
        """Yield the entries behind a number, in their order."""
        query: LiteralString = (
            "SELECT seq, body, hash FROM bargaining.entry WHERE seq > %s ORDER BY seq LIMIT %s"
        )
        while rows := self._rows(query, (after, PAGE)):
            yield from rows
            after = rows[-1][0]

    def some(self, numbers: Collection[int]) -> Iterator[EntryRow]:
        """Yield the entries with these numbers, in their order, as far as they are there."""
        query: LiteralString = (
            "SELECT seq, body, hash FROM bargaining.entry WHERE seq = ANY(%s) ORDER BY seq"
        )
        yield from self._rows(query, (sorted(numbers),))

    def patches(self, digests: Collection[str]) -> Iterator[PatchRow]:
        """Yield the patches that lead to these texts, as far as they are there."""
        query: LiteralString = "SELECT new, old, delta FROM bargaining.patch WHERE new = ANY(%s)"
        yield from self._rows(query, (sorted(digests),))

    def original(self, digest: str) -> tuple[object, object] | None:
        """Return the size and the compressed bytes of a paper, or None."""
        query: LiteralString = "SELECT size, data FROM bargaining.original WHERE digest = %s"
        return next(iter(self._rows(query, (digest,))), None)

    def digests(self, table: Table) -> list[str]:
        """Return the digest of every row of a table."""
        return [one for (one,) in self._rows(_KEYS[table])]

    def witness(self) -> Iterator[Witnessed]:
        """Yield the role and the time of each entry, which whoever files cannot state."""
        query: LiteralString = (
            "SELECT seq, role, began AT TIME ZONE 'UTC' FROM bargaining.entry ORDER BY seq"
        )
        if self._rows(_WITNESSES):
            for seq, role, began in self._ask(query):
                yield seq, role, began.replace(tzinfo=UTC)

    def examine(self) -> None:
        """Leave it to the server: it holds its tables and indexes together."""

    def noted_head(self) -> tuple[int, str] | None:
        """Return what the row of the head says, or will say."""
        return self._last or next(iter(self._rows("SELECT seq, hash FROM bargaining.head")), None)

    def _rows(self, query: LiteralString, values: Sequence[object] = ()) -> list[Any]:
        """Ask the tables; where there are none yet, they hold nothing."""
        return self._ask(query, values) if self._is_there() else []

    def _ask(self, query: LiteralString, values: Sequence[object] = ()) -> list[Any]:
        with _told(self.name):
            return self._server.execute(query, values).fetchall()

    def add_entry(self, row: EntryRow) -> None:
        """Append an entry."""
        self._put("INSERT INTO bargaining.entry (seq, body, hash) VALUES (%s, %s, %s)", row)
        self._last = (row[0], row[2])

    def add_patch(self, row: PatchRow) -> None:
        """Add a patch."""
        self._put("INSERT INTO bargaining.patch VALUES (%s, %s, %s)", row)

    def add_original(self, row: tuple[str, int, bytes]) -> None:
        """Add a paper, unless it is there."""
        self._put("INSERT INTO bargaining.original VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", row)

    def _put(self, statement: LiteralString, row: Sequence[object] = ()) -> str | None:
        with _told(self.name):
            return self._server.execute(statement, row).statusmessage

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let everything that is asked inside be asked of one state."""
        if self._inside:  # it is that transaction's state
            yield
            return
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"):
            yield

    def write(self, action: Callable[[], T]) -> T:
        """Run `action` as one transaction; others who file wait for it, or it for them."""
        if self._inside:
            raise StorageError(f"{self.name}: one transaction is open.", hint="End it first.")
        # Each statement sees what was committed while the first waited for the lock.
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED"):
            self._lock()
            done = action()
            if self._last is not None:
                self._put("UPDATE bargaining.head SET seq = %s, hash = %s", self._last)
            self._commit()
        return done

    @contextmanager
    def _transaction(self, begin: LiteralString) -> Iterator[None]:
        """Begin, and undo at the end what was not committed."""
        self._put(begin)
        self._inside = True
        try:
            yield
        finally:
            self._inside, self._last = False, None
            with suppress(psycopg.Error):
                if self._connection is not None and not self._connection.closed:
                    self._connection.rollback()

    def _lock(self) -> None:
        """Make the tables where there are none, and wait for the row of the head."""
        self._put(f"SET LOCAL lock_timeout = '{_LOCK}'")
        self._put(f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE}'")
        if not self._is_there():
            for statement in SCHEMA:
                self._put(statement)
            self._put("INSERT INTO bargaining.head VALUES (TRUE, %s, 0, '')", (FORMAT,))
        noted = self._ask("SELECT seq, hash FROM bargaining.head FOR UPDATE")
        last = self._ask("SELECT seq, hash FROM bargaining.entry ORDER BY seq DESC LIMIT 1")
        if noted != (last or [(0, "")]):
            raise RecordError(
                f"{self.name}: the journal does not end as its noted head says.",
                hint="Nothing can be filed. Run `bargain verify`, and restore it from a copy.",
            )

    def _commit(self) -> None:
        try:
            said = self._put("COMMIT")
        except CollisionError:
            raise
        except StorageError as error:
            raise StorageError(
                f"{error} Whether this was filed is not known.",
                hint="File it again: what is on file already is not filed twice.",
            ) from error
        if said != "COMMIT":  # the server undid it
            raise CollisionError(f"{self.name} is busy.", hint="Try again in a moment.")

    def close(self) -> None:
        """Let go of the server."""
        self._closed = True
        if self._connection is not None:
            self._connection.close()


_UNREADABLE: Final = "The URL of the record cannot be read."
_WRITTEN: Final = (
    "Write it as postgresql://USER@HOST/DATABASE, with the password in ~/.pgpass. Signs such as @ "
    "and / in it are written as %40 and %2F."
)


def _shown(url: str) -> str:
    """Return a URL without what is secret in it.

    Raises:
        StorageError: libpq cannot read it.
    """
    try:
        known = conninfo.conninfo_to_dict(url)
    except psycopg.Error as error:
        raise StorageError(_UNREADABLE, hint=_WRITTEN) from error
    if any("@" in str(known.get(part, "")) for part in ("host", "hostaddr", "port", "dbname")):
        raise StorageError(_UNREADABLE, hint=_WRITTEN)  # and part of a password could be shown
    user = f"{known['user']}@" if known.get("user") else ""
    host, base = str(known.get("host", "")), known.get("dbname", "")
    port = f":{known['port']}" if known.get("port") else ""
    if host.startswith("/"):  # the folder of a socket
        return f"postgresql://{user}{port}/{base}?host={host}"
    return f"postgresql://{user}{host}{port}/{base}"


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what the server says into errors for the person.

    Raises:
        CollisionError: the transaction was undone because of another one.
        StorageError: the server cannot be reached, refuses, or is busy.
        RecordError: what is there is no record.
    """
    try:
        yield
    except _COLLISIONS as error:
        raise CollisionError(f"{name} is busy.", hint="Try again in a moment.") from error
    except errors.InsufficientPrivilege as error:
        raise StorageError(f"{name}: {_said(error)}.", hint=_ROLES) from error
    except errors.ReadOnlySqlTransaction as error:
        raise StorageError(f"{name} can only be read: {_said(error)}.", hint=_ROLES) from error
    except errors.LockNotAvailable as error:
        raise StorageError(
            f"{name}: somebody else is filing there, and does not come to an end.",
            hint="Try again in a moment. Nothing was changed.",
        ) from error
    except psycopg.OperationalError as error:
        raise StorageError(
            f"The connection to {name} was lost: {_said(error)}.",
            hint="What was filed is safe. Try again; nothing is filed twice.",
        ) from error
    except psycopg.Error as error:
        raise RecordError(f"{name}: {_said(error)}.", hint="Ask who looks after it.") from error


def _said(error: psycopg.Error) -> str:
    """Return the first line of what a server, or the way to it, says."""
    lines = (error.diag.message_primary or str(error)).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
