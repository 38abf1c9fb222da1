"""Verification: everything that a record holds, rebuilt and held against its digests.

Strategy: first every link of the journal, and the head that it is held against; then entry by entry
what each speaks of, so that the first that fails is named; then that nothing is there of which no
entry speaks; and every chain is built. Nothing that was worked out before is used.

This module knows no shelf and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from bargaining.errors import BargainingError, RecordError
from bargaining.record.book import Book, Filing
from bargaining.record.chains import build, paper_of
from bargaining.record.journal import Entry, Head, read_journal
from bargaining.record.register import Register
from bargaining.record.stores import STEP, Progress, Store
from bargaining.record.vault import Vault
from bargaining.record.wordings import key_of, threes_of_papers


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
    """

    head: str
    entries: int
    texts: int
    originals: int
    last_entered: str | None
    line: str
    extends: Head | None = None
    withdrawn: tuple[Withdrawn, ...] = ()


def verify(
    store: Store, vault: Vault, known: Head | None = None, progress: Progress | None = None
) -> Verification:
    """Rebuild everything that a store holds.

    Args:
        store: the store; it must not change meanwhile.
        vault: its texts and originals.
        known: a head that was noted before; the journal must extend it.
        progress: told how far it is, if anything.

    Raises:
        RecordError: something is not as it was filed; says what, and what still stands.
    """
    store.examine()
    register = Register()
    register.catch_up(store, progress)
    last = _head_at(register, store, len(register.hashes))
    if known is not None:
        known.refuse_other(len(register.hashes), _head_at(register, store, known.entries))
    ends = (len(register.hashes), register.head) if register.hashes else (0, "")
    if store.noted_head() not in {None, ends}:
        raise RecordError(
            f"The journal ends with entry {len(register.hashes)}, and its noted head is another.",
            hint="Entries were lost or added behind its back. Restore it from a copy.",
        )
    vault.forget()
    texts, originals = _contents(store, vault, progress)
    vault.refuse_strays("patch", texts)
    vault.refuse_strays("original", originals)
    for name in register.names:
        book = Book.read(register.entries(store, [name]))
        build(book, name, vault.text)
        _refuse_lack(store, vault, book, name)
    counts = last.entries, len(texts), len(originals)
    gone = tuple(_withdrawn(register, known.entries)) if known else ()
    return Verification(register.head, *counts, last.entered or None, str(last), known, gone)


def _withdrawn(register: Register, entries: int) -> Iterator[Withdrawn]:
    """Yield the entries up to a head that were taken back or corrected since."""
    found = register.withdrawals
    for number, by in sorted((found.corrected | found.retracted).items()):
        if number <= entries < by and not found.counts(number):
            yield Withdrawn(number, by)


def _head_at(register: Register, store: Store, number: int) -> Head:
    """Return the head that a journal had at an entry; of an empty one, where it has none such."""
    there = 0 < number <= len(register.hashes)
    return Head.at(register.entry(store, number) if there else None)


def _contents(store: Store, vault: Vault, progress: Progress | None) -> tuple[set[str], set[str]]:
    """Rebuild what every filing speaks of; return the digests of all texts and originals."""
    texts: set[str] = set()
    originals: set[str] = set()
    for entry in read_journal(store.entries()):
        if entry.kind == "filing":
            with _in_entry(entry):
                filing = Filing.from_entry(entry)
                paper_of(filing, vault.text(filing.text))
                vault.original(filing.original)
            texts.add(filing.text)
            originals.add(filing.original)
        if progress is not None and entry.seq % STEP == 0:
            progress("entries verified", entry.seq)
    return texts, originals


def _refuse_lack(store: Store, vault: Vault, book: Book, name: str) -> None:
    """See that an index beside the rows knows all that is in a document.

    Raises:
        RecordError: something that is there would not be found.
    """
    if store.finder is None:
        return
    filings = book.every_filing(name)
    papers = (paper_of(filing, vault.text(filing.text)) for filing in filings)
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
