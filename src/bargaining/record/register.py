"""The register: which entries of a journal speak of which document, and their hashes.

Strategy: it is made by reading the whole journal once, every link checked, and then keeps up with
what is added. With it a question about one document of ten thousand reads the entries of that
document only, each held against a hash that was found in the whole chain of them. It is kept on the
shelf, never in the record: there, whoever sends a record could leave entries out of it.

This module knows entries; where their rows lie is for the store.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final, Self

import attrs

from bargaining.errors import RecordError
from bargaining.record.journal import FORMAT, Entry, read_entry, read_journal
from bargaining.record.stores import EntryRow, Store
from bargaining.shelf import Shelf

_EDITION: Final = "bargaining register 1"
_WORTH_KEEPING: Final = 200  # entries; reading fewer anew takes no time
_PART: Final = 20  # kept anew when a 20th of it is new


@attrs.define
class Register:
    """The entries of a journal up to the last that was read.

    Attributes:
        hashes: the hash of each entry.
        speaking: the numbers of the entries that speak of each document, by its name.
        general: the numbers of those that speak of no one document: aliases and retractions.
        retracted: the numbers of the entries that count no more.
    """

    hashes: list[str] = attrs.Factory(list)
    speaking: dict[str, list[int]] = attrs.Factory(dict)
    general: list[int] = attrs.Factory(list)
    retracted: set[int] = attrs.Factory(set)

    @property
    def head(self) -> str:
        """The hash of the last entry, or the marker that is hashed before the first."""
        return self.hashes[-1] if self.hashes else FORMAT

    @property
    def names(self) -> list[str]:
        """The documents, in the order in which entries that count first spoke of them."""
        first = {
            name: next((n for n in numbers if n not in self.retracted), 0)
            for name, numbers in self.speaking.items()
        }
        return sorted((name for name, n in first.items() if n), key=lambda name: first[name])

    @property
    def key(self) -> str:
        """What tells this journal from others: worked out from its first entry."""
        return _key_of(self.hashes[0] if self.hashes else FORMAT)

    def take(self, entry: Entry) -> None:
        """Take in the next entry."""
        self.hashes.append(entry.hash)
        chain = entry.body.get("chain")
        if isinstance(chain, str):
            self.speaking.setdefault(chain, []).append(entry.seq)
        else:
            self.general.append(entry.seq)
        if entry.kind == "retraction":
            self.retracted.add(entry.body["retracts"])

    def catch_up(self, store: Store) -> int:
        """Read what a store holds beyond what was read before; return how many entries that is.

        Raises:
            RecordError: the entries do not follow, one of them was altered or is missing.
        """
        known = len(self.hashes)
        for entry in read_journal(store.entries(known), after=known, before=self.head):
            self.take(entry)
        return len(self.hashes) - known

    def is_of(self, store: Store) -> bool:
        """True when the last entry that was read is still in its place."""
        if not self.hashes:
            return True
        found = [hashed for _, _, hashed in store.some([len(self.hashes)])]
        return found == self.hashes[-1:]

    def entries(self, store: Store, names: Iterable[str]) -> Iterator[Entry]:
        """Yield the entries that speak of some documents, and of all, in their order.

        Raises:
            RecordError: one of them is missing, or was altered.
        """
        about = (n for name in names for n in self.speaking.get(name, ()))
        numbers = sorted({*self.general, *about})
        rows = {row[0]: row for row in store.some(numbers)}
        for number in numbers:
            yield self._checked(number, rows.get(number))

    def _checked(self, number: int, row: EntryRow | None) -> Entry:
        if row is None or row[2] != self.hashes[number - 1] or not isinstance(row[1], str):
            raise RecordError(
                f"Entry {number} of the journal was altered.",
                hint="Run `bargain verify`, and restore the record from a copy.",
            )
        before = self.hashes[number - 2] if number > 1 else FORMAT
        return read_entry(number, row[1], row[2], before)

    # On the shelf.

    def is_worth_keeping(self, new: int) -> bool:
        """True when so many new entries are worth to be kept for the next time."""
        return new > max(_WORTH_KEEPING, len(self.hashes) // _PART)

    def pack(self) -> bytes:
        """Write the register as bytes, with its key and a digest in front."""
        values = {
            "speaking": self.speaking,
            "general": self.general,
            "retracted": sorted(self.retracted),
        }
        data = zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)
        hashes = b"".join(map(bytes.fromhex, self.hashes))
        return _sealed(self.key, b"%d %d\n" % (len(data), len(self.hashes)) + data + hashes)

    @classmethod
    def unpack(cls, key: str, packed: bytes | None) -> Self:
        """Read a register; an empty one when there is none, or it is damaged or of another key."""
        seal, _, rest = (packed or b"").partition(b"\n")
        if seal + b"\n" + rest != _sealed(key, rest):
            return cls()
        sizes, _, both = rest.partition(b"\n")
        size, count = map(int, sizes.split())
        values, hashes = json.loads(zlib.decompress(both[:size])), both[size:].hex()
        return cls(
            [hashes[64 * n : 64 * n + 64] for n in range(count)],
            values["speaking"],
            values["general"],
            set(values["retracted"]),
        )


def registered(store: Store, shelf: Shelf | None, known: Register | None = None) -> Register:
    """Return the register of a store, brought up to what is on file now.

    Args:
        store: the store.
        shelf: where a register is kept from one time to the next, if anywhere.
        known: what was returned before, if anything was.

    Raises:
        RecordError: the journal is damaged.
    """
    register = known if known is not None and known.is_of(store) else _kept(store, shelf)
    new = register.catch_up(store)
    if shelf is not None and register.is_worth_keeping(new):
        shelf.put(register.key, register.pack())
    return register


def _kept(store: Store, shelf: Shelf | None) -> Register:
    """Return the register from the shelf, where it is of this journal; else an empty one."""
    first = next((hashed for _, _, hashed in store.some([1])), None)
    if shelf is None or not isinstance(first, str):
        return Register()
    key = _key_of(first)
    register = Register.unpack(key, shelf.get(key))
    return register if register.is_of(store) else Register()


def _key_of(first: str) -> str:
    return sha256(f"{_EDITION} {first}".encode()).hexdigest()


def _sealed(key: str, data: bytes) -> bytes:
    return f"{key} {sha256(data).hexdigest()}\n".encode() + data
