"""The file: one SQLite database, and nothing in it but our three tables.

Strategy: a record may come from the other side, so each step trusts only what the one before saw.
The first bytes of the file must be a record's, before SQLite reads any; its schema must be exactly
ours, before a table is used; the trees of its tables must be trees, before a row is. What SQLite
would read beside it (a write-ahead log, a journal) must be a record's, or is refused. Asking opens
it read-only. Filing takes the write lock first, so that two writers queue. SQLite's own errors
become ours, in plain words.

This module knows rows, not what they mean.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from bargaining.errors import RecordError, StorageError
from bargaining.model import MAX_BYTES
from bargaining.record.stores.locks import first_bytes

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
# How a rollback journal begins, and how one ends that is one of several; ours never are. (This and
# what is read below of files: "Database File Format" of SQLite, sections 1.3, 1.6 and 3.)
_JOURNAL: Final = bytes.fromhex("d9d505f920a163d7")
_SECTORS: Final = range(32, 65_537)  # bytes
_ROLLBACK: Final = 1  # the version of a file that has a rollback journal; 2 has a write-ahead log
_UTF_8: Final = 1
_LEAF: Final = 13  # the kind of a page of rows that has no page below it
_INDEXES: Final = tuple(
    ("index", f"sqlite_autoindex_{table}_1", table, None) for table in ("original", "patch")
)
_LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: 4 * MAX_BYTES,  # a paper wholly struck takes three times its size
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 20,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 20,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_STEPS: Final = 1_000  # of SQLite's machine, between two looks at how many there were
_TREES: Final = {
    "entry": ("SELECT 1 FROM entry",),
    "patch": ("SELECT 1 FROM patch NOT INDEXED", "SELECT 1 FROM patch ORDER BY new"),
    "original": ("SELECT 1 FROM original NOT INDEXED", "SELECT 1 FROM original ORDER BY digest"),
}
_DISTRUST: Final = "Do not trust this file."


class _Start(NamedTuple):
    """What the first bytes of a database say."""

    magic: bytes
    page: int
    writes: int
    reads: int
    encoding: int
    version: int
    application: int
    kind: int
    rows: int


_START: Final = struct.Struct(">16s H B B 36x I I 4x I 28x B 2x H")


def is_new(path: Path) -> bool:
    """True when there is no file yet, or an empty one.

    Raises:
        RecordError: there is a file, and it is no database.
        StorageError: the file cannot be read.
    """
    return not _start(path)


def _start(path: Path) -> bytes:
    """Return the first bytes of a database; none where there is no file yet, or an empty one."""
    try:
        if path.exists() and not path.is_file():
            raise StorageError(f"{path} is no file.", hint="Name another with --record.")
        start = first_bytes(path, _START.size)
    except FileNotFoundError:
        if path.is_symlink():
            raise StorageError(f"{path} is a link that leads nowhere.") from None
        return b""
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}.") from error
    if start and not start.startswith(_MAGIC):
        raise RecordError(f"{path} is no record.", hint="Name another file with --record.")
    return start


def open_file(path: Path, *, write: bool) -> sqlite3.Connection:
    """Open the database at `path`; with `write`, SQLite creates it if it is not there.

    Raises:
        RecordError: the file is no record, or one of another format.
        StorageError: the file cannot be opened.
    """
    start = _start(path)
    if start:
        _refuse_start(start, path)
    _refuse_log(path)
    with told(path):
        connection = _connect(path, "rwc" if write else "ro")
    try:
        with told(path):
            _harden(connection)
            if start:
                _refuse_schema(connection, path)
        if start:
            examine(connection, path, ("entry", "patch"))
    except BaseException:
        connection.close()
        raise
    return connection


def _place(path: Path) -> Path:
    """Return where SQLite looks for what lies beside a file: where that really is.

    On Windows it follows no links, and takes no name of another computer, as a drive may have.
    """
    return path.absolute() if os.name == "nt" else Path(os.path.realpath(path))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{_place(path).as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)


def roll_back(path: Path) -> None:
    """Undo what a writer left half done when it was stopped; only a writer may.

    SQLite rolls back on the next access, and a file that is open to be read cannot be: who asks
    would be refused until somebody files. A record that was being made is an empty file then.

    Raises:
        RecordError: what lies beside the record is no journal of it. SQLite would delete it, or
            a file that it names, or make the record as large as it says.
    """
    with suppress(sqlite3.Error, OSError):
        place = _place(path)
        journal = place.with_name(f"{place.name}-journal")
        if os.path.lexists(journal) and _is_left_behind(journal, place):
            with closing(_connect(path, "rw")) as connection:
                _harden(connection)
                connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()


def _is_left_behind(journal: Path, record: Path) -> bool:
    """True when SQLite would roll back what is in a journal; refuses one that is none of a record.

    A journal that begins with zero was not yet needed, or not any more.
    """
    found = journal.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise RecordError(f"{journal} is no file.", hint=_TAKE_AWAY)
    with journal.open("rb") as file:
        start = file.read(28)
        file.seek(max(0, found.st_size - len(_JOURNAL)))
        end = file.read(len(_JOURNAL))
    if end == _JOURNAL and found.st_size > len(_JOURNAL):
        raise RecordError(f"{journal} is not of a record: it names another file.", hint=_TAKE_AWAY)
    if start[:1] in {b"", b"\0"}:
        return False
    if not start.startswith(_JOURNAL) or not _fits(start, found.st_size, record):
        raise RecordError(f"{journal} is no journal of this record.", hint=_TAKE_AWAY)
    return True


_TAKE_AWAY: Final = "Do not trust it. Take it away and verify the record."


def _fits(start: bytes, size: int, record: Path) -> bool:
    """True when a journal can be of a record: no page is in it twice, and none that is not there.

    Args:
        start: its first 28 bytes: magic, records, nonce, pages that the record had, sector, page.
        size: how many bytes it has.
        record: the record. Only ever added to, it has at least the pages that it had.

    Raises:
        RecordError: that is none.
    """
    pages, sector, page = (int.from_bytes(start[at : at + 4]) for at in (16, 20, 24))
    first = first_bytes(record, _START.size)
    if first.startswith(_MAGIC):
        if int.from_bytes(first[68:72]) != APPLICATION_ID:  # whose it is, let that roll it back
            raise RecordError(f"{record} is no record.", hint="Name another file with --record.")
        known, changes = int.from_bytes(first[16:18]), int.from_bytes(first[24:28])
        if not (pages or changes <= 1) or page != (65_536 if known == 1 else known):
            return False
    elif any(first):
        raise RecordError(f"{record} is no record.", hint="Name another file with --record.")
    elif pages:  # only in its first transaction is a record without its first page
        return False
    most = (pages + 2) * (page + 8 + sector)
    there = record.stat().st_size
    return sector in _SECTORS and pages * page <= there and size <= most


def _refuse_log(path: Path) -> None:
    """Refuse a write-ahead log beside the record: SQLite would take it for newer than the record.

    Raises:
        RecordError: there is one.
    """
    for ending in ("-wal", "-shm"):
        beside = f"{_place(path)}{ending}"
        if os.path.lexists(beside):
            raise RecordError(f"{beside} is not of a record.", hint=_TAKE_AWAY)


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


@contextmanager
def one_state(connection: sqlite3.Connection, path: Path | str) -> Iterator[None]:
    """Let everything that is asked inside be asked of one state, whatever is filed meanwhile.

    A writer waits with its commit until it is over. Inside of a transaction it is that one's state.
    """
    with told(path):
        inside = connection.in_transaction
        if not inside:
            connection.execute("BEGIN")
    if inside:
        yield
        return
    try:
        yield
    finally:
        if connection.in_transaction:  # a damaged file may have ended it
            connection.rollback()


@contextmanager
def told(path: Path | str) -> Iterator[None]:
    """Turn what SQLite and the operating system say into errors for the person.

    Raises:
        RecordError: the file is damaged or no database, or asks for too much.
        StorageError: it cannot be read or written.
    """
    try:
        yield
    except MemoryError as error:
        raise StorageError(
            f"{path} asks for more memory than there is.",
            hint="Free some and try again. If it came from somebody else, do not trust it.",
        ) from error
    except sqlite3.ProgrammingError as error:
        raise StorageError(
            f"{path} is closed, or was opened by another thread.",
            hint="A record is for the thread that opened it: open it in each.",
        ) from error
    except sqlite3.DataError as error:
        raise RecordError(
            f"{path}: something is larger than a record can hold.", hint=_DISTRUST
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())[:_MOST_SAID]
        if isinstance(error, UnicodeDecodeError) or said.startswith("Could not decode"):
            said = "it holds no text where text must be"
        elif isinstance(error, sqlite3.OperationalError):
            raise StorageError(f"{path}: {said}.", hint=_hint(error)) from error
        raise RecordError(f"{path} is damaged: {said}.", hint="Restore it from a copy.") from error
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}.") from error


_MOST_SAID: Final = 120  # characters of an error of SQLite's, which may quote a hostile name


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
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    connection.set_authorizer(_allowed)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    # FULL does not sync the folder when the journal is deleted, which is what commits: after a loss
    # of power the journal could be there again, and would undo what was acknowledged.
    connection.execute("PRAGMA synchronous = EXTRA")


def _allowed(_action: int, _one: object, _two: object, _base: object, inside: object) -> int:
    """Deny whatever a trigger or a view would do: a record has none (sqlite3_set_authorizer).

    The schema has none when it is read; this holds also if the file is changed later.
    """
    return sqlite3.SQLITE_OK if inside is None else sqlite3.SQLITE_DENY


def _refuse_start(start: bytes, path: Path) -> None:
    """See that the first bytes are those of a record, before SQLite reads what they lead to."""
    if len(start) < _START.size:
        raise RecordError(f"{path} is damaged: it ends too soon.", hint="Restore it from a copy.")
    known = _Start(*_START.unpack(start))
    if known.application != APPLICATION_ID:
        raise RecordError(f"{path} is no record.", hint="Name another file with --record.")
    if known.version not in _SCHEMAS:
        raise RecordError(
            f"{path} has record format {known.version}; this program reads formats 1 to {VERSION}.",
            hint="Install a newer version of bargaining.",
        )
    if (known.writes, known.reads, known.encoding) != (_ROLLBACK, _ROLLBACK, _UTF_8):
        raise RecordError(
            f"{path} is not as this program writes records: it has a write-ahead log, or texts in "
            "another encoding.",
            hint=_DISTRUST,
        )
    if (known.kind, known.rows) != (_LEAF, len(_SCHEMAS[known.version]) + len(_INDEXES)):
        raise RecordError(f"{path} holds other tables than a record's.", hint=_DISTRUST)


def _refuse_schema(connection: sqlite3.Connection, path: Path) -> None:
    """See that the schema is exactly ours, row by row, each table and index in a place of its own.

    Raises:
        RecordError: it is another.
    """
    columns = "type, name, tbl_name, sql, rootpage"
    rows = connection.execute(f"SELECT {columns} FROM sqlite_schema").fetchall()  # noqa: S608 - ours
    tables = ((sql.split()[2], sql) for sql in _SCHEMAS.get(version_of(connection), ()))
    wanted = {*(("table", name, name, sql) for name, sql in tables), *_INDEXES}
    roots = {root for *_, root in rows if isinstance(root, int) and root > 1}
    if {tuple(row) for *row, _ in rows} != wanted or not len(rows) == len(roots) == len(wanted):
        raise RecordError(f"{path} holds other tables than a record's.", hint=_DISTRUST)


def examine(
    connection: sqlite3.Connection, path: Path | str, tables: Sequence[str] | None = None
) -> None:
    """See that tables are stored as they must be: each page once, each row in its place.

    Args:
        connection: a record, its schema seen to be ours, or an empty database.
        path: its name in errors.
        tables: which; None for all of the file, with indexes held against their tables, which
            reads every page of it.

    Raises:
        RecordError: they are not.
    """
    with told(path):
        if is_empty(connection):
            return
        for table in tables or _TREES:
            _walk(connection, table, path)
        checks = [f"quick_check({table})" for table in tables or ()] or ["integrity_check(1)"]
        for check in checks:
            said = connection.execute(f"PRAGMA {check}").fetchone()[0]
            if said != "ok":
                raise RecordError(
                    f"{path} is damaged: {' '.join(said.split())[:_MOST_SAID]}.",
                    hint="Restore it from a copy.",
                )


def _walk(connection: sqlite3.Connection, table: str, path: Path | str) -> None:
    """Walk through the trees of a table once, within as many steps as the file has bytes.

    SQLite's own check goes down a tree without a limit, and crashes in one that is deep enough; a
    query does not. A tree that shares pages has more rows than the file has bytes for.

    Raises:
        RecordError: a tree is too deep, or endless.
    """
    pages, page = (
        connection.execute(f"PRAGMA {p}").fetchone()[0] for p in ("page_count", "page_size")
    )
    left = iter(range(pages * page // _STEPS + 1))
    connection.set_progress_handler(lambda: next(left, None) is None, _STEPS)
    try:
        for query in _TREES[table]:
            for _ in connection.execute(query):
                pass
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise RecordError(
            f"{path} is damaged: its table “{table}” has no end.", hint=_DISTRUST
        ) from error
    finally:
        connection.set_progress_handler(None, 0)
