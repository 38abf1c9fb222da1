"""The file: one SQLite database, and nothing in it but our three tables.

Strategy: a record is recognised by its application id, its format by `user_version`, and its schema
must be exactly ours, so that a file made to look like a record (with triggers, views or other
columns) is refused before anything in it is used. Asking opens it read-only. Filing takes the
write lock first, so that two writers queue. SQLite's own errors become ours, in plain words.

This module knows rows, not what they mean.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from bargaining.errors import RecordError, StorageError

APPLICATION_ID: Final = 0x62617267  # "barg"
VERSION: Final = 2  # written in new files; both are read and added to
_BUSY_SECONDS: Final = 30.0
_TABLES: Final = (
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE TABLE original (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, data BLOB NOT NULL)",
)
_PATCH: Final = "CREATE TABLE patch (new TEXT PRIMARY KEY, old TEXT NOT NULL, delta {} NOT NULL)"
_SCHEMAS: Final = {
    1: (*_TABLES, _PATCH.format("TEXT")),
    2: (*_TABLES, _PATCH.format("BLOB")),
}
_MAGIC: Final = b"SQLite format 3\0"
# How a rollback journal ends that is one of several (file format, 3.1); ours never are.
_NAMES_ANOTHER: Final = bytes.fromhex("d9d505f920a163d7")


def is_new(path: Path) -> bool:
    """True when there is no file yet, or an empty one.

    Raises:
        RecordError: there is a file, and it is no database.
        StorageError: the file cannot be read.
    """
    try:
        if path.exists() and not path.is_file():
            raise StorageError(f"{path} is no file.", hint="Name another with --record.")
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}.") from error
    if start and start != _MAGIC:
        raise RecordError(f"{path} is no record.", hint="Name another file with --record.")
    return not start


def open_file(path: Path, *, write: bool) -> sqlite3.Connection:
    """Open the database at `path`; with `write`, SQLite creates it if it is not there.

    Raises:
        RecordError: the file is no record, or one of another format.
        StorageError: the file cannot be opened.
    """
    new = is_new(path)
    with told(path):
        uri = f"{path.absolute().as_uri()}?mode={'rwc' if write else 'ro'}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        with told(path):
            _harden(connection)
            if not new:
                _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def roll_back(path: Path) -> None:
    """Undo what a writer left half done when it was stopped; only a writer may.

    SQLite rolls back on the next access, and a file that is open to be read cannot be: who asks
    would be refused until somebody files. A record that was being made is an empty file then.

    Raises:
        RecordError: what lies beside the record names another file, which SQLite might delete.
    """
    journal = path.with_name(f"{path.name}-journal")
    with suppress(sqlite3.Error, OSError):
        if journal.exists() and journal.stat().st_size:
            if journal.read_bytes()[-len(_NAMES_ANOTHER) :] == _NAMES_ANOTHER:
                raise RecordError(
                    f"{journal} is not of a record: it names another file.",
                    hint="Do not trust it. Take it away and verify the record.",
                )
            uri = f"{path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
            with closing(connection):
                _harden(connection)
                connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()


def open_empty() -> sqlite3.Connection:
    """Open a database that holds nothing and goes nowhere."""
    return sqlite3.connect(":memory:", isolation_level=None)


def open_memory() -> sqlite3.Connection:
    """Open an empty record in memory."""
    connection = open_empty()
    create(connection)
    return connection


def create(connection: sqlite3.Connection) -> None:
    """Write the schema into an empty database."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    for statement in _SCHEMAS[VERSION]:
        connection.execute(statement)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the format of an open record."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_empty(connection: sqlite3.Connection) -> bool:
    """True when nothing was ever written to the database."""
    return not connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()


def refuse_damage(connection: sqlite3.Connection, path: Path | str) -> None:
    """See that pages and indexes are whole, and that indexes say what their tables say.

    What is looked up by a digest is found in an index; the digest beside it is never read.

    Raises:
        RecordError: they are not.
    """
    with told(path):
        said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise RecordError(f"{path} is damaged: {said}.", hint="Restore it from a copy.")


@contextmanager
def one_state(connection: sqlite3.Connection, path: Path | str) -> Iterator[None]:
    """Let everything that is asked inside be asked of one state, whatever is filed meanwhile.

    A writer waits with its commit until it is over. Inside of a transaction it is that one's state.
    """
    if connection.in_transaction:
        yield
        return
    with told(path):
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:  # a damaged file may have ended it
            connection.rollback()


@contextmanager
def told(path: Path | str) -> Iterator[None]:
    """Turn what SQLite and the operating system say into errors for the person.

    Raises:
        RecordError: the file is damaged or no database.
        StorageError: it cannot be read or written.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(f"{path}: {error}.", hint=_hint(error)) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter of a damaged schema
        said = error if isinstance(error, sqlite3.Error) else "it holds no text where text must be"
        raise RecordError(f"{path} is damaged: {said}.", hint="Restore it from a copy.") from error
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}.") from error


def _hint(error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return "Another program is writing to it. Try again in a moment."
    name = getattr(error, "sqlite_errorname", "")  # Python's own errors have none
    return _HINTS.get(
        name, "Check the folder, its permissions and the space on the disk. Nothing was changed."
    )


# By SQLite's extended result codes (https://sqlite.org/rescode.html).
_HINTS: Final = {
    "SQLITE_IOERR_DIR_FSYNC": "It may be filed all the same. File it again: nothing is entered "
    "twice.",
    "SQLITE_READONLY_ROLLBACK": "Somebody was stopped while they filed, and you may not undo it. "
    "Let whoever may write there open the record, or copy all of the folder.",
}


def _harden(connection: sqlite3.Connection) -> None:
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    # FULL does not sync the folder when the journal is deleted, which is what commits: after a loss
    # of power the journal could be there again, and would undo what was acknowledged.
    connection.execute("PRAGMA synchronous = EXTRA")


def _check(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise RecordError(f"{path} is no record.", hint="Name another file with --record.")
    version = version_of(connection)
    if version not in _SCHEMAS:
        raise RecordError(
            f"{path} has record format {version}; this program reads formats 1 to {VERSION}.",
            hint="Install a newer version of bargaining.",
        )
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    if sorted(sql for (sql,) in rows) != sorted(_SCHEMAS[version]):
        raise RecordError(
            f"{path} holds other tables than a record's.", hint="Do not trust this file."
        )
