"""Records made to do harm: SQLite files that somebody crafted, each with a name.

Strategy: a small honest record is made once; each crafted file is that record with one thing done
to it, through SQLite with its guards off, through the journal with every hash made anew, or byte by
byte. Each is asked in a process of its own that may use so much time and memory and no more. Used
by the tests, and by `bench/hostile.py`, which measures what that takes.
"""

# ruff: noqa: S608, T201 - statements are put together from what stands here; what a process found is printed

import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import crashes
from bargaining.errors import BargainingError
from bargaining.record import Record, Submission
from bargaining.record.journal import FORMAT, canonical, link
from bargaining.record.stores import sqlite_file

SECONDS = 1  # of processor time that a process may use
MEGABYTES = 256  # of memory
NAME = "Bell Schedules"
PAGE = 4096

Craft = Callable[[Path], object]


class Outcome(NamedTuple):
    """What came of asking a file: where it ended, what was said, and what that took."""

    stage: str
    said: str
    seconds: float
    megabytes: float


# The honest record that each is made of.


def paper(n: int) -> Submission:
    ladder = "\n".join(f"Guild Proposal {m}-1-25" for m in range(1, n + 1))
    words = " ".join(f"word{(n * 31 + i * 7) % 97}" for i in range(120))
    text = f"{NAME}\n\n1.0 The bell shall ring {n} times. {words}.\n\n2.0 Noon.\n\n{ladder}\n"
    return Submission(data=text.encode(), name=f"{n}.txt")


@cache
def honest() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.db"
        with Record.open(path, write=True, clock=lambda: datetime(2025, 3, 4, tzinfo=UTC)) as one:
            one.file_all([paper(n) for n in range(1, 7)])
            one.alias("Teachers", "Guild")
            one.no_paper("District Verbal Counter 2-2-25", chain=NAME)
        return path.read_bytes()


def lay(path: Path) -> None:
    path.write_bytes(honest())


@cache
def bomb() -> bytes:
    """A gigabyte of zeros, compressed."""
    machine = zlib.compressobj(9)
    zeros = bytes(10_000_000)
    return b"".join(machine.compress(zeros) for _ in range(100)) + machine.flush()


# Through SQLite, its guards off.


def sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def stated(*statements: str) -> Craft:
    return lambda path: sql(path, *statements)


def schema_row(sql_text: str, kind: str = "table", name: str = "x", of: str = "x") -> Craft:
    """A row of the schema as it stands, whether or not this SQLite could have made it."""
    row = f"'{kind}', '{name}', '{of}', 0, '{sql_text.replace(chr(39), chr(39) * 2)}'"
    return stated(f"INSERT INTO sqlite_schema VALUES ({row})")


def reworded(table: str, old: str, new: str) -> Craft:
    """The SQL of a table with other words."""
    change = f"replace(sql, '{old.replace(chr(39), chr(39) * 2)}', '{new}')"
    return stated(f"UPDATE sqlite_schema SET sql = {change} WHERE name = '{table}'")


ENDLESS = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT max(x) FROM t"
ENTRY = "CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL)"
SCHEMAS: dict[str, Craft] = {
    "trigger that rewrites the row before": stated(
        "CREATE TRIGGER t AFTER INSERT ON entry BEGIN UPDATE entry SET body = '{}' "
        "WHERE seq = new.seq - 1; END"
    ),
    "trigger before an insert": stated(
        "CREATE TRIGGER t BEFORE INSERT ON patch BEGIN SELECT raise(IGNORE); END"
    ),
    "trigger on update": stated("CREATE TRIGGER t UPDATE ON entry BEGIN DELETE FROM entry; END"),
    "trigger on delete": stated("CREATE TRIGGER t DELETE ON original BEGIN DELETE FROM entry; END"),
    "trigger that is endless": stated(
        f"CREATE TRIGGER t AFTER INSERT ON entry BEGIN {ENDLESS}; END"
    ),
    "trigger on the schema": schema_row(
        "CREATE TRIGGER x AFTER INSERT ON sqlite_schema BEGIN SELECT 1; END", "trigger"
    ),
    "trigger on a temporary table": schema_row(
        "CREATE TEMP TRIGGER x AFTER INSERT ON entry BEGIN SELECT 1; END", "trigger", of="entry"
    ),
    "trigger in the place of an index": stated(
        "UPDATE sqlite_schema SET type = 'trigger', name = 't', sql = 'CREATE TRIGGER t INSERT ON "
        "entry BEGIN SELECT 1; END' WHERE name = 'sqlite_autoindex_patch_1'"
    ),
    "endless view beside": stated(f"CREATE VIEW v AS {ENDLESS}"),
    "endless view for the journal": stated(
        "ALTER TABLE entry RENAME TO other", f"CREATE VIEW entry AS {ENDLESS}"
    ),
    "endless view of the right number of rows": stated(
        "DROP TABLE entry", f"CREATE VIEW entry(seq, body, hash) AS SELECT x, x, x FROM ({ENDLESS})"
    ),
    "endless view and nothing else": stated(
        "DROP TABLE entry", "DROP TABLE patch", "DROP TABLE original", f"CREATE VIEW v AS {ENDLESS}"
    ),
    "view that says it is a table": stated(
        f"UPDATE sqlite_schema SET sql = 'CREATE VIEW entry AS {ENDLESS}' WHERE name = 'entry'"
    ),
    "table that says it is a view": stated(
        "UPDATE sqlite_schema SET type = 'view', rootpage = 0 WHERE name = 'entry'"
    ),
    "right words under another name": stated(
        "UPDATE sqlite_schema SET name = 'Entry' WHERE name = 'entry'"
    ),
    "right words of another table": stated(
        "UPDATE sqlite_schema SET tbl_name = 'patch' WHERE name = 'entry'"
    ),
    "two tables in one place": stated(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema "
        "WHERE name = 'patch') WHERE name = 'entry'"
    ),
    "table in the place of the schema": stated(
        "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'entry'"
    ),
    "table beyond the file": stated(
        "UPDATE sqlite_schema SET rootpage = 1000000 WHERE name = 'entry'"
    ),
    "table before the file": stated("UPDATE sqlite_schema SET rootpage = -2 WHERE name = 'entry'"),
    "place of a table as text": stated(
        "UPDATE sqlite_schema SET rootpage = 'two' WHERE name = 'entry'"
    ),
    "index in the place of its table": stated(
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema "
        "WHERE name = 'patch') WHERE name = 'sqlite_autoindex_patch_1'"
    ),
    "index that is missing": stated(
        "DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_patch_1'"
    ),
    "schema of bytes": stated(
        "UPDATE sqlite_schema SET sql = CAST(sql AS BLOB) WHERE name = 'entry'"
    ),
    "schema that is not UTF-8": stated(
        "UPDATE sqlite_schema SET sql = CAST(x'80ff' || sql AS TEXT) WHERE name = 'entry'"
    ),
    "schema with NUL": stated(
        "UPDATE sqlite_schema SET sql = sql || char(0) || 'x' WHERE name = 'entry'"
    ),
    "schema of nothing": stated("DELETE FROM sqlite_schema"),
    "schema of 60 megabytes": stated(
        "UPDATE sqlite_schema SET sql = replace(sql, 'seq', hex(zeroblob(30000000))) "
        "WHERE name = 'entry'"
    ),
    "schema of 20,000 tables": lambda path: many_tables(path, 20_000),
    "comment in the schema": reworded("entry", "(seq", "(/* */ seq"),
    "column more": stated("ALTER TABLE entry ADD COLUMN more TEXT"),
    "column that is computed": reworded(
        "entry", "hash TEXT NOT NULL", "hash TEXT NOT NULL, g AS (hash || body)"
    ),
    "column with a default": reworded(
        "entry", "body TEXT NOT NULL", "body TEXT DEFAULT (random())"
    ),
    "column of another type": reworded("patch", "BLOB", "TEXT"),
    "column with a collation": reworded("patch", "old TEXT", "old TEXT COLLATE nocase"),
    "column of an unknown collation": reworded("patch", "new TEXT", "new TEXT COLLATE mine"),
    "check that calls a function": reworded(
        "entry", "hash TEXT NOT NULL", "hash TEXT CHECK (load_extension(hash))"
    ),
    "foreign key": reworded("entry", "hash TEXT NOT NULL", "hash TEXT REFERENCES patch"),
    "table without row numbers": reworded("patch", "NOT NULL)", "NOT NULL) WITHOUT ROWID"),
    "strict table": reworded("patch", "NOT NULL)", "NOT NULL) STRICT"),
    "index of an expression": stated("CREATE INDEX i ON entry (abs(length(body)))"),
    "partial index": stated("CREATE INDEX i ON entry (hash) WHERE length(body) > 3"),
    "index that is unique": stated("CREATE UNIQUE INDEX i ON entry (hash)"),
    "statistics": stated("ANALYZE"),
    "table of sequences": stated("CREATE TABLE x (y INTEGER PRIMARY KEY AUTOINCREMENT)"),
    "table more": stated("CREATE TABLE more (x)"),
    **{
        f"virtual table {module}": schema_row(f"CREATE VIRTUAL TABLE x USING {module}")
        for module in (
            "fts3(a)",
            "fts5(a)",
            "rtree(i, a, b)",
            "dbstat",
            "csv(filename='/etc/hosts')",
        )
    },
    "virtual table for the journal": stated(
        "UPDATE sqlite_schema SET rootpage = 0, sql = 'CREATE VIRTUAL TABLE entry USING "
        "fts5(seq, body, hash)' WHERE name = 'entry'"
    ),
    "tables of format 1 in format 2": reworded("patch", "delta BLOB", "delta TEXT"),
    "format 3": stated("PRAGMA user_version = 3"),
    "format below zero": stated("PRAGMA user_version = -2"),
    "another application": stated("PRAGMA application_id = 1"),
    "write-ahead log": stated("PRAGMA journal_mode = WAL"),
}


def many_tables(path: Path, times: int) -> None:
    sql(
        path,
        "BEGIN",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n "
        f"LIMIT {times}) INSERT INTO sqlite_schema SELECT 'table', 't' || x, 't' || x, 2, "
        "'CREATE TABLE t' || x || ' (a, b, c)' FROM n",
        "COMMIT",
    )


# Rows that are not as they must be, the schema being right.


def giant(table: str, column: str, size: int) -> Craft:
    return stated(f"UPDATE {table} SET {column} = zeroblob({size}) WHERE rowid = 1")


ROWS: dict[str, Craft] = {
    "number of an entry left out": stated("UPDATE entry SET seq = 99 WHERE seq = 8"),
    "number of an entry below zero": stated("UPDATE entry SET seq = -1 WHERE seq = 1"),
    "number of an entry zero": stated("UPDATE entry SET seq = 0 WHERE seq = 1"),
    "number of an entry the last there is": stated(
        "UPDATE entry SET seq = 9223372036854775807 WHERE seq = 8"
    ),
    "entry of bytes": stated("UPDATE entry SET body = CAST(body AS BLOB) WHERE seq = 1"),
    "entry of nothing": stated("UPDATE entry SET body = '' WHERE seq = 1"),
    "entry with NUL": stated("UPDATE entry SET body = body || char(0) || 'x' WHERE seq = 8"),
    "entry that is not UTF-8": stated("UPDATE entry SET body = CAST(x'c328' AS TEXT)"),
    "entry of a lone surrogate": stated("UPDATE entry SET body = CAST(x'eda080' AS TEXT)"),
    "entry of zeros, 60 megabytes": giant("entry", "body", 60_000_000),
    "entry of 100 megabytes": stated(
        "UPDATE entry SET body = hex(zeroblob(50000000)) WHERE seq = 1"
    ),
    "entry of zeros, 100 megabytes": giant("entry", "body", 100_000_000),
    "hash of bytes": stated("UPDATE entry SET hash = CAST(hash AS BLOB) WHERE seq = 1"),
    "hash of a number": stated("UPDATE entry SET hash = 1e300"),
    "hash of 60 megabytes": stated("UPDATE entry SET hash = hex(zeroblob(30000000)) WHERE seq = 1"),
    "rows without number, by the 200,000": lambda path: sql(
        path,
        "BEGIN",
        "WITH RECURSIVE n(x) AS (SELECT 100 UNION ALL SELECT x + 1 FROM n LIMIT 200000) "
        "INSERT INTO entry SELECT x, '{}', '' FROM n",
        "COMMIT",
    ),
    "patch of a number": stated("UPDATE patch SET delta = 7"),
    "patch of text in format 2": stated("UPDATE patch SET delta = '=1'"),
    "patch of nothing": stated("UPDATE patch SET delta = x''"),
    "patch of 60 megabytes": giant("patch", "delta", 60_000_000),
    "patch of 100 megabytes": giant("patch", "delta", 100_000_000),
    "patch against itself": stated("UPDATE patch SET old = new"),
    "patches in a circle": stated(
        "UPDATE patch SET old = (SELECT new FROM patch ORDER BY rowid DESC LIMIT 1) WHERE rowid = 1"
    ),
    "patch that leads nowhere": stated(f"UPDATE patch SET old = '{'0' * 64}' WHERE rowid = 1"),
    "patch against bytes": stated("UPDATE patch SET old = CAST(old AS BLOB) WHERE rowid = 1"),
    "patch that no entry speaks of": stated("INSERT INTO patch VALUES ('x', 'y', x'00')"),
    "100,000 patches, one against the other": lambda path: long_chain(path, 100_000),
    "original of text": stated("UPDATE original SET data = 'text' WHERE rowid = 1"),
    "original of a size below zero": stated("UPDATE original SET size = -1 WHERE rowid = 1"),
    "original of a size beyond numbers": stated(
        "UPDATE original SET size = 9223372036854775807 WHERE rowid = 1"
    ),
    "original of a size in words": stated("UPDATE original SET size = 'many' WHERE rowid = 1"),
    "original that is larger than it says": stated(
        "UPDATE original SET size = size - 1 WHERE rowid = 1"
    ),
    "original of 100 megabytes": giant("original", "data", 100_000_000),
    "original that no entry speaks of": stated("INSERT INTO original VALUES ('x', 0, x'')"),
    "original that unpacks to a gigabyte": lambda path: put(
        path, "UPDATE original SET size = 1000000000, data = ? WHERE rowid = 1", bomb()
    ),
    "original that unpacks to more than it says": lambda path: put(
        path, "UPDATE original SET data = ? WHERE rowid = 1", bomb()
    ),
}


def put(path: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement, values)
    connection.close()


def long_chain(path: Path, times: int) -> None:
    """Patches that the text of the first entry leads to, one by one."""
    with sqlite3.connect(path) as connection:
        query = "SELECT new, old FROM patch ORDER BY rowid LIMIT 1"
        last, first = connection.execute(query).fetchone()
        names = [last, *(sha256(b"%d" % n).hexdigest() for n in range(times)), first]
        delta = zlib.compress(b"=0")
        connection.execute("DELETE FROM patch WHERE new = ?", (last,))
        rows = ((new, old, delta) for new, old in pairwise(names))
        connection.executemany("INSERT INTO patch VALUES (?, ?, ?)", rows)
    connection.close()


# Deltas that do not lead to their text.

DELTAS: dict[str, Callable[[], bytes]] = {
    "keeps more than there is": lambda: b"=999999999999999999",
    "keeps a number of 5,000 figures": lambda: b"=" + b"9" * 5_000,
    "strikes less than nothing": lambda: b"--5\t+x",
    "keeps less than nothing": lambda: b"=-5",
    "keeps nothing": lambda: b"=0",
    "inserts a lone surrogate": lambda: b"+%ED%A0%80",
    "inserts half a character": lambda: b"+%C3",
    "is of another kind": lambda: b"*5",
    "holds only tabs": lambda: b"\t" * 20_000_000,
    "keeps one, ten million times": lambda: b"=1\t" * 10_000_000,
    "inserts one, ten million times": lambda: b"+a\t" * 10_000_000,
    "inserts 40 megabytes": lambda: b"+" + b"a" * 40_000_000,
    "inserts 40 megabytes, each as three": lambda: b"+" + b"%41" * 13_000_000,
    "is longer than any": lambda: b"+" + b"a" * 200_000_000,
}


def packed(data: Callable[[], bytes]) -> Craft:
    """The first text with another patch: these bytes."""
    return lambda path: put(path, "UPDATE patch SET delta = ? WHERE rowid = 1", data())


def delta(data: Callable[[], bytes]) -> Craft:
    """The first text with another patch: these bytes compressed."""
    return packed(lambda: zlib.compress(data(), 9))


# Entries of another shape, every hash made anew.


def forge(path: Path, change: Callable[[int, dict[str, Any]], object]) -> None:
    """Change the bodies, and make the hashes fit."""
    connection = sqlite3.connect(path, isolation_level=None)
    before = FORMAT
    rows = connection.execute("SELECT seq, body FROM entry ORDER BY seq").fetchall()
    connection.execute("DELETE FROM entry")
    for seq, text in rows:
        body = json.loads(text)
        changed = change(seq, body)
        forged = changed if isinstance(changed, str) else canonical(body)
        before = link(before, forged)
        connection.execute("INSERT INTO entry VALUES (?, ?, ?)", (seq, forged, before))
    connection.close()


def body(change: Callable[[dict[str, Any]], object]) -> Craft:
    """The first entry changed."""
    return lambda path: forge(path, lambda seq, said: change(said) if seq == 1 else None)


def added(bodies: Callable[[dict[str, Any]], Iterator[dict[str, Any]]]) -> Craft:
    """Entries of the right shape behind the others, made of the first, every hash right."""

    def craft(path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        first = json.loads(connection.execute("SELECT body FROM entry").fetchone()[0])
        query = "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
        seq, before = connection.execute(query).fetchone()
        connection.execute("BEGIN")
        for n, one in enumerate(bodies(first), start=seq + 1):
            text = canonical(one)
            before = link(before, text)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?)", (n, text, before))
        connection.execute("COMMIT")
        connection.close()

    return craft


BODIES: dict[str, Craft] = {
    "entry: nested 100,000 deep": body(lambda _: "[" * 100_000),
    "entry: nested 100,000 deep, in objects": body(lambda _: '{"a":' * 100_000),
    "entry: nested 900 deep": body(lambda said: said.update(more=nested(900))),
    "entry: 10,000,000 empty lists": body(lambda _: "[" + "[]," * 10_000_000 + "[]]"),
    "entry: 10,000,000 numbers": body(lambda _: "[" + "1," * 10_000_000 + "1]"),
    "entry: key twice": body(lambda said: canonical(said)[:-1] + ',"by":"x"}'),
    "entry: key more": body(lambda said: said.update(more=1)),
    "entry: key less": body(lambda said: said.pop("chain") and None),
    "entry: number of 5,000 figures": body(
        lambda said: canonical(said)[:-1] + f',"z":{"9" * 5_000}}}'
    ),
    "entry: number beyond numbers": body(lambda said: canonical(said)[:-1] + ',"z":1e999}'),
    "entry: no number": body(lambda said: said.update(corrects=float("nan"))),
    "entry: half a character": body(lambda said: said.update(name="\ud800")),
    "entry: spaces between": body(lambda said: canonical(said).replace(":", ": ", 1)),
    "entry: unknown kind": body(lambda said: said.update(kind="payment")),
    "entry: time that is none": body(lambda said: said.update(entered="\x1b[31m")),
    "entry: runs below zero": body(lambda said: said["paper"].update(runs=[["kept", -1]])),
    "entry: runs beyond the text": body(lambda said: said["paper"].update(runs=[["kept", 2**52]])),
    "entry: 400,000 runs": body(lambda said: said["paper"].update(runs=[["kept", 1]] * 400_000)),
    "entry: ladder of 100,000 rungs": body(
        lambda said: said["paper"].update(ladder=[f"Guild {n}" for n in range(100_000)])
    ),
    "entry: text that is not on file": body(lambda said: said.update(text="0" * 64)),
    "entry: original that is not on file": body(lambda said: said.update(original="0" * 64)),
}


def nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


# Bytes.


def at(offset: int, data: bytes) -> Craft:
    def craft(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(data)

    return craft


def root_of(path: Path, name: str) -> int:
    """The offset of the first page of a table or index."""
    connection = sqlite3.connect(path)
    query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    root = connection.execute(query, (name,)).fetchone()[0]
    connection.close()
    return int(root - 1) * PAGE


def in_page(name: str, offset: int, data: bytes) -> Craft:
    """Bytes of the first page of a table or index changed."""
    return lambda path: at(root_of(path, name) + offset, data)(path)


def interior(children: list[int], *, cell: bytes) -> bytes:
    """A page that leads to others; `cell` is what a cell has behind the number of its page."""
    page = bytearray(PAGE)
    page[0] = 2 if len(cell) > 1 else 5
    page[3:5] = struct.pack(">H", len(children) - 1)
    page[8:12] = struct.pack(">I", children[-1])
    start = PAGE
    for n, child in enumerate(children[:-1]):
        start -= 4 + len(cell)
        page[start : start + 4 + len(cell)] = struct.pack(">I", child) + cell
        page[12 + 2 * n : 14 + 2 * n] = struct.pack(">H", start)
    page[5:7] = struct.pack(">H", start)
    return bytes(page)


ROW_KEY = b"\x01"
INDEX_KEY = b"\x05\x03\x0f\x01a\x01"  # a record of a text and a row number


def pages(path: Path, name: str, more: Callable[[int, bytes], list[bytes]]) -> None:
    """Put pages at the end of the file and the first of them in the place of a table's first.

    Args:
        path: the record.
        name: of a table or index.
        more: makes them, of the number of the next page and of what the first page was.
    """
    offset = root_of(path, name)
    data = bytearray(path.read_bytes())
    there = len(data) // PAGE
    made = more(there + 1, bytes(data[offset : offset + PAGE]))
    data[offset : offset + PAGE] = made[0]
    data += b"".join(made[1:])
    data[28:32] = struct.pack(">I", len(data) // PAGE)
    path.write_bytes(data)


def deep(levels: int) -> Callable[[int, bytes], list[bytes]]:
    """A tree that never branches."""
    return lambda free, old: [*(interior([free + n], cell=ROW_KEY) for n in range(levels)), old]


def wide(cell: bytes, levels: int = 12, children: int = 100) -> Callable[..., list[bytes]]:
    """A tree of a few pages, each of which all that lead to it lead to many times over."""
    return lambda free, old: [
        *(interior([free + n] * children, cell=cell) for n in range(levels)),
        old,
    ]


def overflowing(path: Path) -> None:
    """Give the first two entries long bodies, which go on in pages of their own."""
    for seq in (1, 2):
        put(path, "UPDATE entry SET body = ? WHERE seq = ?", "[" * 40_000, seq)


def overflow_loop(path: Path) -> None:
    overflowing(path)
    data = path.read_bytes()
    for start in range(0, len(data), PAGE):
        if data[start + 4 : start + 12] == b"[" * 8 and data[start : start + 4] != bytes(4):
            at(start, struct.pack(">I", start // PAGE + 1))(path)


def overflow_shared(path: Path) -> None:
    """Let every row that goes on in pages of its own go on in the same."""
    overflowing(path)
    data = path.read_bytes()
    chains = [
        start
        for start in range(0, len(data), PAGE)
        if data[start + 4 : start + 12] == b"[" * 8 and data[start : start + 4] != bytes(4)
    ]
    for start in chains[1:]:
        at(start, data[chains[0] : chains[0] + 4])(path)


def freed(path: Path, first: bytes = b"", count: bytes = b"") -> None:
    """Give the file free pages, then say something else of them."""
    sql(path, "CREATE TABLE x (y)", "INSERT INTO x VALUES (zeroblob(100000))", "DROP TABLE x")
    data = path.read_bytes()
    trunk = int.from_bytes(data[32:36])
    at((trunk - 1) * PAGE, first or struct.pack(">I", trunk))(path)
    at(36, count or struct.pack(">I", 2**31))(path)


def swapped_keys(path: Path) -> None:
    """Let the index of the patches name other rows."""
    offset = root_of(path, "sqlite_autoindex_patch_1")
    page = bytearray(path.read_bytes()[offset : offset + PAGE])
    first, second = page[8:10], page[10:12]
    page[8:12] = second + first
    at(offset, bytes(page))(path)


def doubled(path: Path) -> None:
    """Put every patch in twice: in the table, but not in the index."""
    name = "sqlite_autoindex_patch_1"
    sql(
        path,
        "CREATE TABLE keep AS SELECT * FROM sqlite_schema",
        f"DELETE FROM sqlite_schema WHERE name = '{name}'",
        "UPDATE sqlite_schema SET sql = replace(sql, ' PRIMARY KEY', '') WHERE name = 'patch'",
    )
    sql(
        path,
        "INSERT INTO patch SELECT * FROM patch",
        "DELETE FROM sqlite_schema WHERE name <> 'keep'",
        "INSERT INTO sqlite_schema SELECT * FROM keep WHERE name <> 'keep'",
    )
    sql(path, "DROP TABLE keep")


def sparse(path: Path, size: int, *, claimed: bool) -> None:
    os.truncate(path, size)
    if claimed:
        at(28, struct.pack(">I", size // PAGE))(path)


def cut(size: int) -> Craft:
    return lambda path: os.truncate(path, size)


PAGES: dict[str, Craft] = {
    "nothing but its first words": cut(16),
    "cut inside the head": cut(60),
    "cut after the head": cut(104),
    "cut after the first page": cut(PAGE),
    "cut in the middle of a page": lambda path: cut(path.stat().st_size - 2_000)(path),
    "only its application is right": lambda path: path.write_bytes(
        honest()[:100] + bytes(len(honest()) - 100)
    ),
    "only its first 105 bytes are right": lambda path: path.write_bytes(
        honest()[:105] + bytes(len(honest()) - 105)
    ),
    "noise behind the head": lambda path: path.write_bytes(
        honest()[:100] + b"\xa5" * (len(honest()) - 100)
    ),
    "page size 0": at(16, b"\0\0"),
    "page size 513": at(16, b"\x02\x01"),
    "page size 65,536": at(16, b"\0\1"),
    "page size 512": at(16, b"\2\0"),
    "reserved bytes 255": at(20, b"\xff"),
    "fractions of pages": at(21, b"\xff\xff\xff"),
    "written by a later SQLite": at(18, b"\3"),
    "read by a later SQLite": at(19, b"\3"),
    "schema of a later SQLite": at(44, b"\0\0\0\x09"),
    "texts in UTF-16": at(56, b"\0\0\0\2"),
    "texts in no encoding": at(56, b"\0\0\0\x09"),
    "says that it has 2^32 pages": at(28, b"\xff\xff\xff\xff"),
    "says that it has one page": at(28, b"\0\0\0\1"),
    "vacuumed by and by": at(52, b"\0\0\0\3"),
    "10 gigabytes of nothing behind it": lambda path: sparse(path, 10**10, claimed=True),
    "free pages in a circle": freed,
    "free pages that are in use": lambda path: freed(path, bytes(4) + b"\0\0\0\2" + b"\0\0\0\2"),
    "free pages that are not there": at(32, b"\x7f\xff\xff\xff\0\0\0\x09"),
    "rows out of the page": in_page("patch", 8, b"\xff\xff"),
    "rows in the head of the page": in_page("patch", 8, b"\0\1"),
    "more rows than a page has": in_page("patch", 3, b"\xff\xff"),
    "page of an unknown kind": in_page("patch", 0, b"\x07"),
    "page of an index for a table": in_page("entry", 0, b"\x02"),
    "page that leads to itself": lambda path: pages(
        path,
        "entry",
        lambda *_: [interior([root_of(path, "entry") // PAGE + 1] * 3, cell=b"1")],
    ),
    "tree of the journal 10,000 deep": lambda path: pages(path, "entry", deep(10_000)),
    "tree of the originals 10,000 deep": lambda path: pages(path, "original", deep(10_000)),
    "tree of the journal 40,000 deep": lambda path: pages(path, "entry", deep(40_000)),
    "journal without end in 14 pages": lambda path: pages(path, "entry", wide(ROW_KEY)),
    "patches without end in 14 pages": lambda path: pages(path, "patch", wide(ROW_KEY)),
    "originals without end in 14 pages": lambda path: pages(path, "original", wide(ROW_KEY)),
    "index of the patches without end": lambda path: pages(
        path, "sqlite_autoindex_patch_1", wide(INDEX_KEY)
    ),
    "index of the originals without end": lambda path: pages(
        path, "sqlite_autoindex_original_1", wide(INDEX_KEY)
    ),
    "row that goes on in a circle": overflow_loop,
    "two rows that go on in one": overflow_shared,
    "index in another order than its table": swapped_keys,
    "patches twice, and once in their index": doubled,
}


# What lies beside a record, or in its place.


def beside(ending: str, data: bytes) -> Craft:
    return lambda path: Path(f"{path}{ending}").write_bytes(data)


MAGIC = bytes.fromhex("d9d505f920a163d7")


def journal(*, pages: int = 1, sector: int = 512, page: int = PAGE, records: int = 1) -> bytes:
    """A journal of the old text of the first page, as far as its head says."""
    head = MAGIC + struct.pack(">5I", records, 7, pages, sector, page)
    first = honest()[:PAGE]
    check = (7 + sum(first[n] for n in range(PAGE - 200, 0, -200))) % 2**32
    return head.ljust(512, b"\0") + struct.pack(">I", 1) + first + struct.pack(">I", check)


def journal_of_ten_gigabytes(path: Path) -> None:
    beside("-journal", journal())(path)
    os.truncate(f"{path}-journal", 10**10)


def linked(target: str) -> Craft:
    def craft(path: Path) -> None:
        path.unlink()
        path.symlink_to(target)

    return craft


def piped(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def foldered(path: Path) -> None:
    path.unlink()
    path.mkdir()


def log_beside(path: Path) -> None:
    """A real log that takes the journal away, its record said to have none."""
    other = path.with_name("other.db")
    shutil.copy(path, other)
    connection = sqlite3.connect(other, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("DELETE FROM entry WHERE seq > 1")
    shutil.copy(f"{other}-wal", f"{path}-wal")
    connection.close()
    other.unlink()


BESIDE: dict[str, Craft] = {
    "journal that names another file": beside(
        "-journal", journal() + b"\0\0\0\0/etc/hosts\0\0\0\x0a\0\0\0\0" + MAGIC
    ),
    "journal of 10 gigabytes": journal_of_ten_gigabytes,
    "journal of a record of 2^32 pages": beside("-journal", journal(pages=2**32 - 1)),
    "journal of a record of no pages": beside("-journal", journal(pages=0)),
    "journal of pages of another size": beside("-journal", journal(page=512)),
    "journal of sectors of another size": beside("-journal", journal(sector=2**30)),
    "journal that is a letter": beside("-journal", b"Dear Sir or Madam,\n"),
    "journal that is a pipe": lambda path: piped(Path(f"{path}-journal")),
    "journal that is a folder": lambda path: Path(f"{path}-journal").mkdir(),
    "journal that is a link": lambda path: Path(f"{path}-journal").symlink_to("/dev/zero"),
    "write-ahead log beside it": log_beside,
    "empty write-ahead log beside it": beside("-wal", b""),
    "memory of a write-ahead log beside it": beside("-shm", bytes(32_768)),
    "link to a device that never ends": linked("/dev/zero"),
    "link to a device that is empty": linked("/dev/null"),
    "link to itself": linked("record.db"),
    "link to nothing": linked("nothing.db"),
    "pipe": piped,
    "folder": foldered,
}


DELTAS_PACKED: dict[str, Craft] = {
    **{f"delta that {name}": delta(data) for name, data in DELTAS.items()},
    "delta that goes on behind its end": packed(lambda: zlib.compress(b"=1") + b"more"),
    "delta that has no end": packed(lambda: zlib.compress(b"=1" * 50)[:-4]),
}
GROUPS: dict[str, dict[str, Craft]] = {
    "the schema is another": SCHEMAS,
    "rows are not as they must be": ROWS,
    "deltas lead elsewhere": DELTAS_PACKED,
    "entries are of another shape": BODIES,
    "pages and their trees are damaged": PAGES,
    "something else lies beside it or in its place": BESIDE,
}
CRAFTED: dict[str, Craft] = {
    name: craft for group in GROUPS.values() for name, craft in group.items()
}


# What is legitimate, and must be answered.


def of_format_1(path: Path) -> None:
    path.unlink()
    with (
        mock.patch.object(sqlite_file, "VERSION", 1),
        Record.open(path, write=True) as record,
    ):
        record.file_all([paper(n) for n in range(1, 4)])


def through_a_link(path: Path) -> None:
    path.rename(path.with_name("there.db"))
    path.symlink_to("there.db")


def left_behind(path: Path) -> None:
    """A transaction that was half written when its writer was killed."""
    other = path.with_name("other.db")
    shutil.copy(path, other)
    connection = crashes.half_written(other)
    shutil.copy(other, path)
    shutil.copy(f"{other}-journal", f"{path}-journal")
    connection.close()
    other.unlink()


HONEST: dict[str, Craft] = {
    "as it was filed": stated(),
    "of format 1": of_format_1,
    "vacuumed": stated("VACUUM"),
    "vacuumed to other pages": stated("PRAGMA page_size = 8192", "VACUUM"),
    "with free pages": stated("CREATE TABLE x AS SELECT * FROM entry", "DROP TABLE x"),
    "that cannot be written": lambda path: path.chmod(0o400),
    "through a link": through_a_link,
    "left behind by a killed writer": left_behind,
    "beside a journal that is done with": beside("-journal", bytes(1024)),
}


# What is of the right form, and made to be hard: an answer or one line, and no fault.


def rungs(times: int, *, after: bool) -> Craft:
    def bodies(first: dict[str, Any]) -> Iterator[dict[str, Any]]:
        same = {"kind": "rung", "chain": NAME, "by": "", "entered": first["entered"]}
        for n in range(times):
            label = {"text": f"Guild #{n}", "party": "Guild", "number": str(n)}
            before = f"Guild #{n + 1}" if after else None
            yield {**same, "label": label, "after": before, "reported_by": ""}

    return added(bodies)


def aliases(times: int) -> Craft:
    def bodies(first: dict[str, Any]) -> Iterator[dict[str, Any]]:
        same = {"kind": "alias", "by": "", "entered": first["entered"]}
        yield {**same, "name": "Guild", "means": "0"}
        for n in range(times):
            yield {**same, "name": str(n), "means": str((n + 1) % times)}

    return added(bodies)


def chains(times: int) -> Craft:
    def bodies(first: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for n in range(times):
            yield {"kind": "new", "by": "", "entered": first["entered"], "chain": f"Article {n}"}

    return added(bodies)


def long_ladder(times: int) -> Craft:
    lines = [f"Guild Counter 1-1-{2000 + n}" for n in range(times, 0, -1)]
    return body(lambda said: said["paper"].update(ladder=lines))


HARD: dict[str, Craft] = {
    "1,000 rungs, each after the next": rungs(1_000, after=True),
    "3,000 rungs": rungs(3_000, after=False),
    "10,000 aliases in a circle": aliases(10_000),
    "1,000 chains": chains(1_000),
    "ladder of 1,000 rungs, dated backwards": long_ladder(1_000),
}


# Asking.


def ask(path: Path) -> tuple[str, str]:
    """Ask a record everything; return where that ended, and what was said."""
    stage = "open"
    try:
        with Record.open(path) as record:
            assert record.chains
            stage = "ask"
            for chain in record.every_chain():
                assert not chain.last or chain.who("bell").passages
            stage = "verify"
            record.verify()
    except BargainingError as error:
        return stage, f"{type(error).__name__}: {error}"
    return "answered", ""


def ask_within(path: Path, seconds: int, megabytes: int) -> Outcome:
    """Ask in a process of its own, which is stopped where it wants more."""
    import resource  # noqa: PLC0415 - where there are processes that fork

    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            found = ask(path)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
            found = "fault", f"{type(error).__name__}: {error}"
        os.write(write, json.dumps(found).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    _, status, used = os.wait4(child, 0)
    stage, message = json.loads(said) if said else ("killed", f"signal {os.WTERMSIG(status)}")
    return Outcome(stage, message, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def ask_all(paths: list[Path], seconds: int = SECONDS, megabytes: int = MEGABYTES) -> list[Outcome]:
    """Ask each file, from a small process that does nothing else."""
    asked = [sys.executable, __file__, str(seconds), str(megabytes), *map(str, paths)]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "BARGAIN_CACHE": ""}
    said = subprocess.run(asked, capture_output=True, check=True, env=known).stdout
    return [Outcome(*json.loads(line)) for line in said.splitlines()]


def make(craft: Craft, folder: Path) -> Path:
    """Make one file in a folder of its own."""
    folder.mkdir(parents=True)
    path = folder / "record.db"
    lay(path)
    craft(path)
    return path


if __name__ == "__main__":
    seconds, megabytes, *asked = sys.argv[1:]
    for path in asked:
        print(json.dumps(ask_within(Path(path), int(seconds), int(megabytes))))
