"""The vault: texts and originals, each under its digest.

Strategy: an original is compressed and kept whole; a text is an exact patch against another text.
Whatever is put in is taken out again and compared before anyone relies on it, and every digest is
checked each time that something is taken out.

This module does not know what the texts are: the journal does.
"""

from __future__ import annotations

import sqlite3
import zlib
from hashlib import sha256
from typing import Final

from bargaining import patch
from bargaining.errors import DigestError, RecordError
from bargaining.readers import MAX_BYTES
from bargaining.record import database

_EMPTY: Final = patch.digest("")


class Vault:
    """The tables of patches and originals of one open database."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        """Use an open database; `path` is its name in errors."""
        self._connection = connection
        self._path = path
        self._texts: dict[str, str] = {}

    def forget(self) -> None:
        """Drop the texts that were rebuilt already, so that they are rebuilt and checked anew."""
        self._texts.clear()

    def put_text(self, text: str, against: str | None) -> None:
        """Store a text as an exact patch against one that is stored, and rebuild it at once.

        Args:
            text: the text.
            against: the digest of a stored text; None for the empty one.

        Raises:
            DigestError: the patch does not give back the text.
        """
        new = patch.digest(text)
        if self._connection.execute("SELECT 1 FROM patch WHERE new = ?", (new,)).fetchone():
            return
        made = patch.make(self.text(against) if against else "", text)
        row = (made.new, made.old, made.delta)
        self._connection.execute("INSERT INTO patch VALUES (?, ?, ?)", row)
        if self.text(new) != text:
            raise DigestError("A patch did not give back its text; nothing was filed.")

    def put_original(self, digest: str, data: bytes) -> None:
        """Store the bytes of a paper, and read them back at once.

        Raises:
            DigestError: they do not come back.
        """
        row = (digest, len(data), zlib.compress(data, 9))
        self._connection.execute("INSERT OR IGNORE INTO original VALUES (?, ?, ?)", row)
        if self.original(digest) != data:
            raise DigestError("An original did not come back as it was; nothing was filed.")

    def text(self, digest: str) -> str:
        """Rebuild the text with this digest, from its patch and those before it.

        Raises:
            RecordError: a patch is missing, was altered, or leads nowhere.
        """
        pending: list[patch.Patch] = []
        seen: set[str] = set()
        at = digest
        while at not in self._texts and at != _EMPTY:
            if at in seen:
                raise RecordError(
                    "Patches lead back to themselves.", hint="Do not trust this file."
                )
            seen.add(at)
            pending.append(self._patch(at))
            at = pending[-1].old
        text = self._texts.get(at, "")
        for made in reversed(pending):
            text = self._texts[made.new] = patch.apply(made, text)
        return text

    def _patch(self, digest: str) -> patch.Patch:
        with database.told(self._path):
            query = "SELECT old, delta FROM patch WHERE new = ?"
            row = self._connection.execute(query, (digest,)).fetchone()
        if row is None or not all(isinstance(value, str) for value in row):
            raise DigestError("A patch is missing.", hint="Restore the record from a copy.")
        return patch.Patch(row[0], digest, row[1])

    def original(self, digest: str) -> bytes:
        """Return the bytes with this digest.

        Raises:
            DigestError: they are missing or were altered.
        """
        with database.told(self._path):
            query = "SELECT size, data FROM original WHERE digest = ?"
            row = self._connection.execute(query, (digest,)).fetchone()
        data = _unpack(*row) if row else None
        if data is None or sha256(data).hexdigest() != digest:
            raise DigestError(
                "The original of a paper is missing or was altered.",
                hint="Restore the record from a copy.",
            )
        return data

    def refuse_strays(self, table: str, column: str, known: set[str]) -> None:
        """See that nothing lies in a table that no entry speaks of.

        Raises:
            RecordError: something does.
        """
        with database.told(self._path):
            if database.is_empty(self._connection):
                return
            rows = self._connection.execute(f"SELECT {column} FROM {table}").fetchall()  # noqa: S608
        strays = [value for (value,) in rows if value not in known]
        if strays:
            raise RecordError(
                f"{len(strays)} rows of the table “{table}” belong to no entry.",
                hint="The journal itself is whole. Do not trust those rows.",
            )


def _unpack(size: object, data: object) -> bytes | None:
    """Decompress an original, never to more than a paper may have."""
    if not isinstance(size, int) or not isinstance(data, bytes) or not 0 <= size <= MAX_BYTES:
        return None
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(data, size + 1)
    except zlib.error:
        return None
    return found if len(found) == size and machine.eof and not machine.unused_data else None
