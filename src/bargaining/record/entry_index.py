"""The entry index: which entries of a journal speak of which document, and their hashes.

Strategy: it is made by reading the whole journal once, every link checked, and then keeps up with
what is added. With it a question about one document of ten thousand reads the entries of that
document only, each held against a hash that was found in the whole chain of them. It is kept on the
cache, never in the record: there, whoever sends a record could leave entries out of it.

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
from bargaining.record.catalogue import Catalogue, Filing
from bargaining.record.journal import FORMAT, Entry, Withdrawals, read_entry, read_journal
from bargaining.record.stores.protocol import STEP, EntryRow, Progress, Store
from bargaining.weave.cache import Cache

_EDITION: Final = "bargaining register 2"
_HINT: Final = "Run `bargain verify`, and restore the record from a copy."
_WORTH_KEEPING: Final = 200  # entries; reading fewer anew takes no time
_PART: Final = 20  # kept anew when a 20th of it is new


@attrs.define
class EntryIndex:
    """The entries of a journal up to the last that was read.

    Attributes:
        hashes: the hash of each entry.
        speaking: the numbers of the entries that speak of each document, by its name.
        general: the numbers of those that speak of no one document: aliases and retractions.
        withdrawals: which of them count no more.
    """

    hashes: list[str] = attrs.Factory(list)
    speaking: dict[str, list[int]] = attrs.Factory(dict)
    general: list[int] = attrs.Factory(list)
    withdrawals: Withdrawals = attrs.Factory(Withdrawals)
    _read: dict[int, Entry] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    @property
    def head(self) -> str:
        """The hash of the last entry, or the marker that is hashed before the first."""
        return self.hashes[-1] if self.hashes else FORMAT

    @property
    def names(self) -> list[str]:
        """The documents, in the order in which entries that count first spoke of them."""
        first = {
            name: next((n for n in numbers if n not in self.withdrawals.retracted), 0)
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
        self.withdrawals.take(entry)

    def catch_up(self, store: Store, progress: Progress | None = None) -> int:
        """Read what a store holds beyond what was read before; return how many entries that is.

        Args:
            store: the store.
            progress: told how far it is, if anything.

        Raises:
            RecordError: the entries do not follow, one of them was altered or is missing, or one
                takes back or corrects what it cannot.
        """
        known = len(self.hashes)
        for entry in read_journal(store.entries(known), after=known, before=self.head):
            self._refuse_false(store, entry)
            self.take(entry)
            if progress is not None and entry.seq % STEP == 0:
                progress("entries read", entry.seq)
        return len(self.hashes) - known

    def _refuse_false(self, store: Store, entry: Entry) -> None:
        """Refuse an entry that would have another count no more, and cannot.

        This program takes back an earlier entry that counts and is no retraction, and corrects an
        earlier filing that counts, of the same document and rung.
        """
        target = entry.body.get("retracts", entry.body.get("corrects"))
        if target is None:
            return
        can = 1 <= target < entry.seq and self.withdrawals.counts(target)
        if can and entry.kind == "retraction":
            can = target not in self.withdrawals.retracted.values()
        elif can:
            can = self._is_of_same_rung(store, self.entry(store, target), entry)
        if not can:
            raise RecordError(
                f"Entry {entry.seq} takes entry {target} back, or corrects it, and cannot.",
                hint="Do not trust this record.",
            )

    def _is_of_same_rung(self, store: Store, one: Entry, other: Entry) -> bool:
        """True for two filings of one rung, by the aliases that counted until now."""
        if one.kind != "filing" or one.body["chain"] != other.body["chain"]:
            return False
        catalogue = Catalogue.read(
            entry for entry in self.entries(store, ()) if self.withdrawals.counts(entry.seq)
        )
        return catalogue.is_same_rung(Filing.from_entry(one), Filing.from_entry(other))

    def entry(self, store: Store, number: int) -> Entry:
        """Return one entry.

        Raises:
            RecordError: it is missing, or was altered.
        """
        return self._checked(number, next(store.some([number]), None))

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
        about = {n for name in names for n in self.speaking.get(name, ())}
        wanted = [n for n in (*about, *self.general) if n not in self._read]
        rows = {row[0]: row for row in store.some(wanted)}
        found = {number: self._checked(number, rows.get(number)) for number in wanted}
        self._read |= {number: found[number] for number in wanted if number not in about}
        for number in sorted({*self.general, *about}):
            yield self._read.get(number) or found[number]

    def _checked(self, number: int, row: EntryRow | None) -> Entry:
        if row is None or row[2] != self.hashes[number - 1] or not isinstance(row[1], str):
            raise RecordError(f"Entry {number} of the journal was altered.", hint=_HINT)
        before = self.hashes[number - 2] if number > 1 else FORMAT
        return read_entry(number, row[1], row[2], before, _HINT)

    # On the cache.

    def is_worth_keeping(self, new: int) -> bool:
        """True when so many new entries are worth to be kept for the next time."""
        return new > max(_WORTH_KEEPING, len(self.hashes) // _PART)

    def pack(self) -> bytes:
        """Write the entry index as bytes, with its key and a digest in front."""
        values = {
            "speaking": self.speaking,
            "general": self.general,
            "retracted": list(self.withdrawals.retracted.items()),
            "corrected": list(self.withdrawals.corrected.items()),
        }
        data = zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)
        hashes = b"".join(map(bytes.fromhex, self.hashes))
        return _sealed(self.key, b"%d %d\n" % (len(data), len(self.hashes)) + data + hashes)

    @classmethod
    def unpack(cls, key: str, packed: bytes | None) -> Self:
        """Read an index; an empty one when there is none, or it is damaged or of another key."""
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
            Withdrawals(dict(values["retracted"]), dict(values["corrected"])),
        )


def indexed_entries(
    store: Store,
    cache: Cache | None,
    known: EntryIndex | None = None,
    progress: Progress | None = None,
) -> EntryIndex:
    """Return the entry index of a store, brought up to what is on file now.

    Args:
        store: the store.
        cache: where a entry index is kept from one time to the next, if anywhere.
        known: what was returned before, if anything was.
        progress: told how far it is, if anything.

    Raises:
        RecordError: the journal is damaged.
    """
    entry_index = known if known is not None and known.is_of(store) else _kept(store, cache)
    new = entry_index.catch_up(store, progress)
    if cache is not None and entry_index.is_worth_keeping(new):
        cache.put(entry_index.key, entry_index.pack())
    return entry_index


def _kept(store: Store, cache: Cache | None) -> EntryIndex:
    """Return the entry index from the cache, where it is of this journal; else an empty one."""
    first = next((hashed for _, _, hashed in store.some([1])), None)
    if cache is None or not isinstance(first, str):
        return EntryIndex()
    key = _key_of(first)
    entry_index = EntryIndex.unpack(key, cache.get(key))
    return entry_index if entry_index.is_of(store) else EntryIndex()


def _key_of(first: str) -> str:
    return sha256(f"{_EDITION} {first}".encode()).hexdigest()


def _sealed(key: str, data: bytes) -> bytes:
    return f"{key} {sha256(data).hexdigest()}\n".encode() + data
