"""A small record changed on purpose: byte by byte, cut short, made longer, value by value.

Strategy: most bytes of a database file are never read. Where all rows are what they were, nothing
is lost, and that is quick to see in memory. What is left must be refused by `Record.verify`; or
everything that the record says must be the same (some bits of a zlib stream mean nothing). Used by
the tests, and by `bench/reliability.py`.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bargaining.errors import BargainingError
from bargaining.record import Record, Submission
from bargaining.record.catalogue import Filing

_TABLES = {
    "entry": ("seq", "body", "hash"),
    "original": ("digest", "size", "data"),
    "patch": ("new", "old", "delta"),
}
_STEP = 512  # bytes, where a file is cut or grows
_HEADER = 100  # bytes, of an SQLite file
_SEEN = 50  # of so many changes that change no row, one is verified all the same
Value = int | str | bytes
Rows = dict[str, list[tuple[Value, ...]]]


class Found(NamedTuple):
    """What came of changes.

    Attributes:
        tried: how many there were.
        refused: those that `Record.verify` refused.
        same: those after which everything that the record says is what it was.
        wrong: those after which it says something else, unnoticed.
    """

    tried: int
    refused: int
    same: int
    wrong: list[str]


def small(path: Path) -> bytes:
    """Make a record of two short papers, of which one is a patch against the other."""
    with Record.open(path, write=True) as record:
        for n, word in enumerate(("once", "twice"), start=1):
            data = f"1.0 The bell shall ring {word}.\n".encode()
            record.file(Submission(data=data, name="a.md", label=f"Proposal #{n}", chain="Bells"))
    return path.read_bytes()


def with_bits_flipped(data: bytes, bits: int) -> Iterator[tuple[str, bytes]]:
    """Yield the file with one bit of one byte flipped: of every byte, so many of its bits."""
    for at, byte in enumerate(data):
        for bit in range(at, at + bits):
            yield f"byte {at}", data[:at] + bytes([byte ^ (1 << bit % 8)]) + data[at + 1 :]


def of_other_length(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the file cut short, with a byte more, a byte less, and more of it, every 512 bytes."""
    for at in range(0, len(data) + 1, _STEP):
        yield f"cut at {at}", data[:at]
        yield f"a byte more at {at}", data[:at] + b"\0" + data[at:]
        yield f"a byte less at {at}", data[:at] + data[at + 1 :]
        yield f"512 bytes twice at {at}", data[: at + _STEP] + data[at:]


def held_against(path: Path, data: bytes, changed: Iterable[tuple[str, bytes]]) -> Found:
    """Open each changed file at `path`, and compare what it says with what it said."""
    path.write_bytes(data)
    before, said = _rows(data), _said(path)
    refused = same = 0
    wrong = []
    for n, (name, other) in enumerate(changed):
        as_before = other and _rows(other) == before
        if as_before and n % _SEEN and n > _HEADER:
            same += 1
            continue
        path.write_bytes(other)
        try:
            if _said(path) == said:
                same += 1
            else:
                wrong.append(name)
        except BargainingError:
            refused += 1
    return Found(refused + same + len(wrong), refused, same, wrong)


def _said(path: Path) -> list[object]:
    """Return everything that a record says, once it is verified."""
    with Record.open(path) as record:
        record.verify()
        entries = record.journal()
        filings = [Filing.from_entry(entry) for entry in entries]
        return [entries, *((record.text(one), record.original(one)) for one in filings)]


def _rows(data: bytes) -> Rows | None:
    """Read the tables themselves, past their indexes; None if that cannot be done."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data)
        return {
            table: connection.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()  # noqa: S608 - the names are ours
            for table in _TABLES
        }
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def by_value(path: Path, data: bytes) -> Found:
    """Change each byte of each value through SQL, one at a time."""
    path.write_bytes(data)
    said = _said(path)
    tried = refused = 0
    wrong = []
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    for name, set_to, row, value, other in _values(connection):
        tried += 1
        connection.execute(set_to, (other, row))
        try:
            if _said(path) != said:
                wrong.append(name)
            elif not _means_nothing(value, other):
                wrong.append(f"{name}, which is believed")
        except BargainingError:
            refused += 1
        connection.execute(set_to, (value, row))
    connection.close()
    assert _said(path) == said
    return Found(tried, refused, tried - refused - len(wrong), wrong)


def _values(connection: sqlite3.Connection) -> Iterator[tuple[str, str, int, Value, Value]]:
    """Yield a name, how to set it, its row, the value that it has, and one that it is to have."""
    for table, columns in _TABLES.items():
        for column in columns:
            query = f"SELECT rowid, {column} FROM {table}"  # noqa: S608 - the names are ours
            set_to = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 - as above
            if column == "seq":  # it is the rowid itself, which is found again by being large
                set_to = "UPDATE entry SET seq = ?1 WHERE seq = ?2 OR seq > 2"
            for row, value in connection.execute(query).fetchall():
                for at, other in _changed(value):
                    yield f"{table}.{column}, row {row}, at {at}", set_to, row, value, other


def _changed(value: Value) -> Iterator[tuple[int, Value]]:
    if isinstance(value, int):
        yield from ((bit, value ^ (1 << bit)) for bit in range(2, 31))
        yield 0, value + 3
        return
    for at in range(len(value)):
        if isinstance(value, str):
            yield at, value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
        else:
            yield at, value[:at] + bytes([value[at] ^ (1 << at % 8)]) + value[at + 1 :]


def _means_nothing(value: Value, other: Value) -> bool:
    """True for bits behind the last block of a zlib stream, before its checksum (RFC 1951)."""
    assert isinstance(value, bytes)
    assert isinstance(other, bytes)
    return value[:-5] == other[:-5] and value[-4:] == other[-4:]
