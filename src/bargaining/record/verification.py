"""Verification: everything that a record holds, rebuilt and held against its digests.

Strategy: first every link of the journal, and the head that it is held against; then entry by entry
what each speaks of, so that the first that fails is named; then that nothing is there of which no
entry speaks; and every chain is built. Nothing that was worked out before is used.

This module knows no cache and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

import attrs

from bargaining.errors import BargainingError, RecordError
from bargaining.record.blobs import Blobs
from bargaining.record.catalogue import Catalogue, Filing
from bargaining.record.chains import build, paper_of
from bargaining.record.entry_index import EntryIndex
from bargaining.record.journal import Entry, Head, read_journal
from bargaining.record.stores.protocol import STEP, Progress, Store
from bargaining.record.wordings import key_of, keys_of, threes_of_papers

_SKEW: Final = timedelta(seconds=1)
_LONGEST: Final = timedelta(days=1)  # that one filing may take, waiting included


@attrs.frozen
class Withdrawn:
    """An entry that counted when a head was noted, and counts no more.

    Attributes:
        entry: its number.
        by: the number of the entry that took it back, or corrected it.
    """

    entry: int
    by: int


@attrs.frozen
class Verification:
    """What `Record.verify` rebuilt and found whole.

    Attributes:
        head: the hash of the last entry; exchange it to prove later that nothing was changed.
        entries: how many entries the journal has.
        texts: how many texts were rebuilt from their patches.
        originals: how many originals were unpacked and compared.
        last_entered: when the last entry was made, ISO 8601; None in an empty record.
        line: the head as one line, to be exchanged: number of entries, hash, time of the last.
        extends: the head that it was held against and extends; None when it was held against none,
            and so is not anchored.
        withdrawn: which entries up to that head count no more, by entries made since.
        witnessed: how many entries a server itself noted, who put them in and when; 0 in a file.
        taken_over: how many of these, the first ones, came in together as a bundle: who entered
            them, and when, is what the bundle says.
    """

    head: str
    entries: int
    texts: int
    originals: int
    last_entered: str | None
    line: str
    extends: Head | None = None
    withdrawn: tuple[Withdrawn, ...] = ()
    witnessed: int = attrs.field(default=0, eq=False)  # what a server adds is not of the record
    taken_over: int = attrs.field(default=0, eq=False)


def verify(
    store: Store, blobs: Blobs, known: Head | None = None, progress: Progress | None = None
) -> Verification:
    """Rebuild everything that a store holds.

    Args:
        store: the store; it must not change meanwhile.
        blobs: its texts and originals.
        known: a head that was noted before; the journal must extend it.
        progress: told how far it is, if anything.

    Raises:
        RecordError: something is not as it was filed; says what, and what still stands.
    """
    store.examine()
    entry_index = EntryIndex()
    entry_index.catch_up(store, progress)
    last = _head_at(entry_index, store, len(entry_index.hashes))
    if known is not None:
        known.refuse_other(len(entry_index.hashes), _head_at(entry_index, store, known.entries))
    ends = (len(entry_index.hashes), entry_index.head) if entry_index.hashes else (0, "")
    if store.noted_head() not in {None, ends}:
        raise RecordError(
            f"The journal ends with entry {len(entry_index.hashes)}, "
            "and its noted head is another.",
            hint="Entries were lost or added behind its back. Restore it from a copy.",
        )
    blobs.forget()
    texts, originals = _contents(store, blobs, progress)
    blobs.refuse_strays("patch", texts)
    blobs.refuse_strays("original", originals)
    for name in entry_index.names:
        catalogue = Catalogue.read(entry_index.entries(store, [name]))
        build(catalogue, name, blobs.text)
        _refuse_lack(store, blobs, catalogue, name)
    _refuse_more(store, entry_index)
    witnessed, taken_over = _witnessed(store)
    counts = last.entries, len(texts), len(originals)
    gone = tuple(_withdrawn(entry_index, known.entries)) if known else ()
    return Verification(
        entry_index.head,
        *counts,
        last.entered or None,
        str(last),
        known,
        gone,
        witnessed,
        taken_over,
    )


def _witnessed(store: Store) -> tuple[int, int]:
    """Hold who entered what, and when, against what a server noted of it.

    What the first transaction brought may be a bundle, which speaks of other roles and times.

    Returns:
        How many entries the server noted, and how many of them came in as a bundle.

    Raises:
        RecordError: an entry names another role than the one that put it in, or another time.
    """
    noted = {seq: (role, began) for seq, role, began in store.witness()}
    if not noted:
        return 0, 0
    first = noted[min(noted)]
    others: list[int] = []
    for entry in read_journal(store.entries()):
        role, began = noted[entry.seq]
        if _fits(entry, role, began):
            continue
        if (role, began) != first:
            raise RecordError(
                f"Entry {entry.seq} was put in by the role “{role}” at {began.isoformat()}, and "
                "says otherwise.",
                hint="It was not made by this program. Ask whoever has that role.",
            )
        others.append(entry.seq)
    together = sum(one == first for one in noted.values())
    return len(noted), together if others else 0


def _fits(entry: Entry, role: str, began: datetime) -> bool:
    """True for an entry that names the role that put it in, and a time of that transaction."""
    by = str(entry.body.get("by") or "")
    said = datetime.fromisoformat(str(entry.body["entered"]))
    is_then = began - _SKEW <= said <= began + _LONGEST
    return is_then and (by == role or by.endswith(f"(role {role})"))


def _refuse_more(store: Store, entry_index: EntryIndex) -> None:
    """See that an index beside the rows speaks of no document that is not there.

    Raises:
        RecordError: it does.
    """
    if store.finder is None:
        return
    known = {keys_of(name)[1] for name in entry_index.speaking}
    if any(key.rpartition(":")[2] not in known for key in store.finder.documents()):
        raise RecordError(
            "The index of wordings speaks of a document that the record does not hold.",
            hint="The journal itself is whole. Export it, and import it anew.",
        )


def _withdrawn(entry_index: EntryIndex, entries: int) -> Iterator[Withdrawn]:
    """Yield the entries up to a head that were taken back or corrected since."""
    found = entry_index.withdrawals
    for number, by in sorted((found.corrected | found.retracted).items()):
        if number <= entries < by and not found.counts(number):
            yield Withdrawn(number, by)


def _head_at(entry_index: EntryIndex, store: Store, number: int) -> Head:
    """Return the head that a journal had at an entry; of an empty one, where it has none such."""
    there = 0 < number <= len(entry_index.hashes)
    return Head.at(entry_index.entry(store, number) if there else None)


def _contents(store: Store, blobs: Blobs, progress: Progress | None) -> tuple[set[str], set[str]]:
    """Rebuild what every filing speaks of; return the digests of all texts and originals."""
    texts: set[str] = set()
    originals: set[str] = set()
    for entry in read_journal(store.entries()):
        if entry.kind == "filing":
            with _in_entry(entry):
                filing = Filing.from_entry(entry)
                paper_of(filing, blobs.text(filing.text))
                blobs.original(filing.original)
            texts.add(filing.text)
            originals.add(filing.original)
        if progress is not None and entry.seq % STEP == 0:
            progress("entries verified", entry.seq)
    return texts, originals


def _refuse_lack(store: Store, blobs: Blobs, catalogue: Catalogue, name: str) -> None:
    """See that an index beside the rows knows all that is in a document.

    Raises:
        RecordError: something that is there would not be found.
    """
    if store.finder is None:
        return
    filings = catalogue.every_filing(name)
    papers = (paper_of(filing, blobs.text(filing.text)) for filing in filings)
    if filings and store.finder.lacks(key_of(name), threes_of_papers(papers)):
        raise RecordError(
            f"The index of wordings does not know all that is in “{name}”.",
            hint="The journal itself is whole. Export it, and import it anew.",
        )


@contextmanager
def _in_entry(entry: Entry) -> Iterator[None]:
    """Name the entry in which something fails, and what still stands."""
    try:
        yield
    except BargainingError as error:
        raise RecordError(
            f"Entry {entry.seq}: {error}",
            hint=f"Entries 1 to {entry.seq - 1} stand. Restore the record from a copy."
            if entry.seq > 1
            else "Restore the record from a copy.",
        ) from error
