"""The protocol: what is asked of a store, and what it answers.

Strategy: one small set of questions and additions that both kinds answer alike. A store hands out
rows as they lie there and believes none of them: hashes and digests are checked by whoever asks.

This module knows rows, not what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Literal, Protocol, TypeVar

from bargaining.errors import StorageError
from bargaining.record.wordings import SharedFinder

EntryRow = tuple[int, str, str]
"""Number, JSON text and hash of an entry."""

PatchRow = tuple[str, str, str | bytes]
"""Digest of the new text and of the old one, and the delta."""

Progress = Callable[[str, int], None]
"""Told what takes long, such as “entries read”, and how many there are by now."""

STEP: Final = 500
"""How many are done between one time that progress is told and the next."""

Witnessed = tuple[int, str, datetime]
"""The number of an entry, who put it in, and when the transaction began: not by whoever filed."""

Table = Literal["patch", "original"]
T = TypeVar("T")
PAGE: Final = 200
"""How many rows are asked for at once: SQLite takes 999 values or more in one question."""


class CollisionError(StorageError):
    """The server undid a transaction because of another one; the same may succeed now."""


class Store(Protocol):
    """The rows of one record.

    Attributes:
        name: what the store is called in errors; holds no password.
        squeezes: whether deltas are compressed; not so in the first format.
    """

    name: str

    @property
    def finder(self) -> SharedFinder | None:
        """The index of wordings that is kept beside the rows, where one is."""

    @property
    def squeezes(self) -> bool:
        """Whether deltas are compressed."""

    def entries(self, after: int = 0) -> Iterator[EntryRow]:
        """Yield the entries behind a number, in their order; all that there are behind 0."""

    def some(self, numbers: Collection[int]) -> Iterator[EntryRow]:
        """Yield the entries with these numbers, in their order, as far as they are there."""

    def patches(self, digests: Collection[str]) -> Iterator[PatchRow]:
        """Yield the patches that lead to these texts, as far as they are there."""

    def original(self, digest: str) -> tuple[object, object] | None:
        """Return the size and the compressed bytes of a paper, or None."""

    def digests(self, table: Table) -> list[str]:
        """Return the digest of every row of a table."""

    def now(self) -> datetime | None:
        """Return the time by the clock of a server; None where there is none."""

    def role(self) -> str:
        """Return under what name a server let this person in; empty where nobody is asked."""

    def witness(self) -> Iterator[Witnessed]:
        """Yield what a server itself noted of each entry when it came in, in their order.

        Of a file, and of entries from before servers noted it, nothing.
        """

    def examine(self) -> None:
        """See that rows lie as they must, where a file could have them lie otherwise.

        Raises:
            RecordError: they do not.
        """

    def noted_head(self) -> tuple[int, str] | None:
        """Return the number and hash of the last entry, where a store notes them apart from it."""

    def add_entry(self, row: EntryRow) -> None:
        """Append an entry; inside of `write` only, as all additions."""

    def add_patch(self, row: PatchRow) -> None:
        """Add a patch."""

    def add_original(self, row: tuple[str, int, bytes]) -> None:
        """Add a paper's digest, size and compressed bytes, unless it is there."""

    def reading(self) -> AbstractContextManager[None]:
        """Let everything that is asked inside be asked of one state."""

    def write(self, action: Callable[[], T]) -> T:
        """Run `action` as one transaction, all of it or nothing, with no other writer beside it.

        Raises:
            CollisionError: it collided with another, and was undone.
            StorageError: the store cannot be written.
        """

    def close(self) -> None:
        """Let go of the store."""
