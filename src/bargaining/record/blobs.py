"""The blobs: texts and originals, each under its digest.

Strategy: an original is compressed and kept whole; a text is an exact patch against another text.
Whatever is put in is taken out again and compared before anyone relies on it, and every digest is
checked each time that something is taken out.

This module does not know what the texts are: the journal does. Where they lie is for the store.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from hashlib import sha256
from typing import Final

import attrs

from bargaining import patch
from bargaining.errors import DigestError, RecordError
from bargaining.model import MAX_BYTES
from bargaining.record.stores.protocol import PatchRow, Store, Table

_EMPTY: Final = patch.digest("")
_DICTIONARY: Final = 32_768  # bytes: as far back as zlib looks
_MOST_DELTA: Final = 3 * MAX_BYTES  # no byte of a text takes more than three in a delta
_MOST_STEPS: Final = 10_000  # patches from the empty text to any other
_MOST_KEPT: Final = 64 * 1024 * 1024  # code points of texts that are at hand


class Blobs:
    """The patches and originals of one store."""

    def __init__(self, store: Store) -> None:
        """Use an open store."""
        self.store = store
        self._rows: dict[str, _Row] = {}
        self._texts: dict[str, str] = {}
        self._kept = 0

    def forget(self) -> None:
        """Drop what was read already, so that it is read and checked anew."""
        self._rows.clear()
        self._texts.clear()
        self._kept = 0

    def fetch(self, digests: Collection[str]) -> None:
        """Read the patches of many texts at once; what is missing is found when it is needed."""
        wanted = {digest for digest in digests if digest not in self._rows}
        for row in self.store.patches(wanted):
            self._keep(row)

    def put_text(self, text: str, against: str | None) -> None:
        """Store a text as an exact patch against one that is stored, and rebuild it at once.

        Args:
            text: the text.
            against: the digest of a stored text; None for the empty one.

        Raises:
            DigestError: the patch does not give back the text.
        """
        new = patch.digest(text)
        if next(iter(self.store.patches([new])), None) is not None:
            self._refuse_another(new, text)
            return
        old = against or _EMPTY
        made = patch.make(self.text(old), text)
        delta: str | bytes = made.delta
        if self.store.squeezes:
            root = [row.new for row in self.load(old)][-1:]
            delta = _squeezed(made.delta, _tail(self.text(root[0])) if root else b"")
        self.store.add_patch((made.new, made.old, delta))
        self._refuse_another(new, text)

    def _refuse_another(self, new: str, text: str) -> None:
        if self.text(new) != text:
            raise DigestError("A patch did not give back its text; nothing was filed.")

    def put_original(self, digest: str, data: bytes) -> None:
        """Store the bytes of a paper, and read them back at once.

        Raises:
            DigestError: they do not come back.
        """
        self.store.add_original((digest, len(data), zlib.compress(data, 9)))
        if self.original(digest) != data:
            raise DigestError("An original did not come back as it was; nothing was filed.")

    def text(self, digest: str) -> str:
        """Rebuild the text with this digest, from its patch and those before it.

        Raises:
            RecordError: a patch is missing, was altered, or leads nowhere.
        """
        if digest == _EMPTY:
            return ""
        if digest not in self._texts:
            way = self.load(digest)
            root = way[-1].new
            if root not in self._texts:
                self._texts[root] = patch.rebuild([way[-1].patch(b"")], "")
            known = next(n for n, row in enumerate(way) if row.new in self._texts)
            dictionary = _tail(self._texts[root])
            patches = (row.patch(dictionary) for row in reversed(way[:known]))
            text = patch.rebuild(patches, self._texts[way[known].new])
            self._make_room(len(text))
            self._texts[digest] = text
        return self._texts[digest]

    def _make_room(self, more: int) -> None:
        """Let go of the texts at hand when they are too much; they are rebuilt when needed."""
        self._kept += more
        if self._kept > _MOST_KEPT:
            self._texts.clear()
            self._kept = more

    def load(self, digest: str) -> list[_Row]:
        """Read the patches that lead to a text, from the last back to the first.

        They are then at hand even after the database is closed.

        Raises:
            RecordError: a patch is missing, they lead back to themselves, or are too many.
        """
        way: list[_Row] = []
        seen: set[str] = set()
        while digest != _EMPTY:
            if digest in seen or len(seen) == _MOST_STEPS:
                raise RecordError(
                    "Patches lead back to themselves, or nowhere.", hint="Do not trust this file."
                )
            seen.add(digest)
            way.append(self._rows.get(digest) or self._row(digest))
            digest = way[-1].old
        return way

    def _row(self, digest: str) -> _Row:
        self.fetch([digest])
        if digest not in self._rows:
            raise DigestError("A patch is missing.", hint="Restore the record from a copy.")
        return self._rows[digest]

    def _keep(self, row: PatchRow) -> None:
        new, old, delta = row
        if isinstance(new, str) and isinstance(old, str) and isinstance(delta, str | bytes):
            self._rows[new] = _Row(old, new, delta)

    def original(self, digest: str) -> bytes:
        """Return the bytes with this digest.

        Raises:
            DigestError: they are missing or were altered.
        """
        row = self.store.original(digest)
        data = _unpack(*row) if row else None
        if data is None or sha256(data).hexdigest() != digest:
            raise DigestError(
                "The original of a paper is missing or was altered.",
                hint="Restore the record from a copy.",
            )
        return data

    def refuse_strays(self, table: Table, known: set[str]) -> None:
        """See that nothing lies in a table that no entry speaks of.

        Raises:
            RecordError: something does.
        """
        strays = [digest for digest in self.store.digests(table) if digest not in known]
        if strays:
            raise RecordError(
                f"{len(strays)} rows of the table “{table}” belong to no entry.",
                hint="The journal itself is whole. Do not trust those rows.",
            )


@attrs.frozen
class _Row:
    """A patch as it is stored: its delta as it is (format 1), or squeezed."""

    old: str
    new: str
    delta: str | bytes

    def patch(self, dictionary: bytes) -> patch.Patch:
        """Return the patch.

        Raises:
            DigestError: its delta is damaged.
        """
        delta = self.delta
        return patch.Patch(
            self.old, self.new, delta if isinstance(delta, str) else _unsqueezed(delta, dictionary)
        )


def _tail(text: str) -> bytes:
    return text[-_DICTIONARY:].encode()[-_DICTIONARY:]


def _squeezed(delta: str, dictionary: bytes) -> bytes:
    """Compress a delta, beside the end of the first text (RFC 1950, with a preset dictionary)."""
    machine = zlib.compressobj(9, zdict=dictionary) if dictionary else zlib.compressobj(9)
    return machine.compress(delta.encode("ascii")) + machine.flush()


def _unsqueezed(data: bytes, dictionary: bytes) -> str:
    machine = zlib.decompressobj(zdict=dictionary) if dictionary else zlib.decompressobj()
    try:
        found = machine.decompress(data, _MOST_DELTA)
        if not machine.eof or machine.unused_data:
            raise DigestError("The patch is damaged.", hint="Run `bargain verify`.")
        return found.decode("ascii")
    except (zlib.error, UnicodeError) as error:
        raise DigestError("The patch is damaged.", hint="Run `bargain verify`.") from error


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
