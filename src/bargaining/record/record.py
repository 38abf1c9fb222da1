"""The record: papers of many chains in one place, to which things are only ever added.

Strategy: every change is one transaction that appends entries to the journal and, before it
commits, rebuilds each new text from its patch and compares digests. What stands in the chains is
derived from the journal each time: labels after aliases, the bargaining order from all ladders,
what contradicts what. Texts are rebuilt from patches with their digests checked, always.

This module knows no terminal and no environment; the clock is handed in.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias, TypeVar

import attrs

from bargaining.chain import Chain
from bargaining.errors import (
    AskError,
    BargainingError,
    ConflictError,
    NotFoundError,
    PaperError,
    RecordError,
)
from bargaining.labels import read_label
from bargaining.model import Answer, Revision
from bargaining.record.blobs import Blobs
from bargaining.record.catalogue import Catalogue, Filing, label_json
from bargaining.record.chains import build, labels, paper_of
from bargaining.record.entry_index import EntryIndex, indexed_entries
from bargaining.record.journal import Entry, Head, read_journal
from bargaining.record.stores import is_server, open_store
from bargaining.record.stores.protocol import STEP, CollisionError, Progress, Store
from bargaining.record.stores.sqlite import SqliteStore
from bargaining.record.transaction import Done, Transaction
from bargaining.record.verification import Verification, verify
from bargaining.record.wordings import threes_of_papers
from bargaining.weave.cache import Cache

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from bargaining.record.filing import Reading, Submission

T = TypeVar("T")
_TRIES: Final = 8  # of a transaction that collides with others
_PAUSE: Final = 0.05  # seconds at most before the second; each time twice as long


_REFUSED: Final = (AskError, ConflictError, NotFoundError, PaperError)  # one paper, and no other
_Entered: TypeAlias = "tuple[Reading, Done, Filing]"


def utc_now() -> datetime:
    """Return the present time, with its zone."""
    return datetime.now(UTC)


@attrs.frozen
class Filed:
    """What became of one submission.

    Attributes:
        done: filed, corrected, or already on file (then nothing was added).
        chain: the name of its chain.
        revision: the revision, at the rung where it stands now.
        entry: the number of its entry in the journal.
        name: the file name that it was submitted under.
        sources: what of its name was taken from elsewhere than a ladder, a title's subject or what
            the person stated, such as `"label from its title"`.
    """

    done: Done
    chain: str
    revision: Revision
    entry: int
    name: str
    sources: tuple[str, ...] = ()


class Record:
    """A record that is open. Use it as a context manager, or close it."""

    def __init__(
        self,
        store: Store,
        *,
        location: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        cache: Cache | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Wrap an open store; use `Record.open` or `Record.in_memory`."""
        self._store = store
        self._location = location  # where others can open it, too
        self._cache = cache
        self._progress = progress
        self._clock = clock
        self._entry_index: EntryIndex | None = None
        self._blobs = Blobs(store)

    @classmethod
    def open(
        cls,
        location: str | Path,
        *,
        write: bool = False,
        clock: Callable[[], datetime] = utc_now,
        cache: Cache | None = None,
        progress: Progress | None = None,
        shelf: Cache | None = None,
    ) -> Self:
        """Open a record; with `write`, it is created when the first paper is filed.

        Args:
            location: the path of its file, or the URL of a PostgreSQL database
                (`postgresql://USER@HOST/DATABASE`, as libpq reads it).
            write: whether something is to be filed.
            clock: tells the time of entry; on a server its own clock does.
            cache: where what answers are read off is kept from one time to the next; see
                `bargaining.record.FolderCache`. Never one that came with the record.
            progress: told how far it is with what takes long in a large record.
            shelf: what `cache` was called before.

        Raises:
            NotFoundError: there is no record, and it is only to be read.
            AskError: the URL is of no kind that is known.
            RecordError: the file is no record, or one of another format.
            StorageError: it cannot be opened.
        """
        # Other processes, which may be elsewhere, open it by the same name.
        place = str(location) if is_server(location) else str(Path(location).absolute())
        store = open_store(location, write=write)
        kept = shelf if cache is None else cache
        return cls(store, location=place, clock=clock, cache=kept, progress=progress)

    @classmethod
    def in_memory(cls, *, clock: Callable[[], datetime] = utc_now) -> Self:
        """Open an empty record that is gone when it is closed."""
        return cls(SqliteStore.in_memory(), clock=clock)

    @property
    def path(self) -> str:
        """Where the record is, as it can be shown: without a password."""
        return self._store.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it. Everything that was filed is in it already."""
        self._store.close()

    # Asking.

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal, every link checked.

        Raises:
            RecordError: an entry is missing or was altered.
        """
        return tuple(read_journal(self._store.entries()))

    def journal(self) -> tuple[Entry, ...]:
        """Return the entries, each of a kind and with the contents that this format has.

        Raises:
            RecordError: one is missing, was altered, or is not as it must be.
        """
        entries = self.entries
        Catalogue.read(entries)
        return entries

    @property
    def chains(self) -> tuple[str, ...]:
        """The names of all chains, in the order in which they were first entered."""
        return tuple(self._registered().names)

    def chain(self, name: str | None = None) -> Chain:
        """Return one chain: the only one, or the one whose name this is or is a part of.

        Raises:
            NotFoundError: there is none.
            AskError: several fit.
            RecordError: a text cannot be rebuilt as it was filed.
        """
        name = _one_chain(self.chains, name)
        return self._build(self._catalogue([name]), name)

    def every_chain(self, names: Iterable[str] | None = None) -> Iterator[Chain]:
        """Yield all chains, in the order of `chains`; or those with these names."""
        entry_index = self._registered()
        for name in entry_index.names if names is None else names:
            yield self._build(Catalogue.read(entry_index.entries(self._store, [name])), name)

    def who(
        self, wording: str, *, executor: Executor | None = None, at_once: int = 16
    ) -> Iterator[Answer]:
        """Say who proposed a wording, in every chain that holds it.

        Of many chains only those are asked that an index names; see `FolderCache`. An answer of a
        chain that was asked and does not hold it is false; it has near misses, if any. Where no
        chain of many holds it, the few are asked that share most of its words.

        Args:
            wording: what to look for.
            executor: asks chains side by side: any `concurrent.futures.Executor`, of which `submit`
                and the futures' `result` are used. Without one, or for a record in
                memory, they are asked one after the other.
            at_once: how many chains it is handed at a time; so few or fewer are asked without it.

        Yields:
            An answer for each chain that was asked, in the order of `chains`.

        Raises:
            AskError: the wording is empty.
            RecordError: a text cannot be rebuilt as it was filed.
        """
        from bargaining.record.finding import Finding, side_by_side  # noqa: PLC0415 - no other needs it

        if at_once < 1:
            raise AskError("At least one chain is asked at once.", hint="Leave at_once out.")
        finding = Finding(self._registered(), self._store, self._cache, self._told_threes())
        holding = finding.holding(wording)
        names = self.chains if holding is None else holding
        found = False
        if executor is None or self._location is None or len(names) <= at_once:
            answers = self._ask_each(wording, names)
        else:
            ask = partial(_ask, self._location, self._cache, wording)
            answers = side_by_side(ask, names, executor, at_once)
        for answer in answers:
            found = found or bool(answer)
            yield answer
        if not found and holding is not None:
            yield from self._ask_each(wording, finding.nearest(wording) or ())

    def _ask_each(self, wording: str, names: Iterable[str]) -> Iterator[Answer]:
        return (chain.who(wording) for chain in self.every_chain(names))

    def _told_threes(self) -> Callable[[str], set[str]]:
        """Return `_threes`, which tells how many documents it was asked for."""
        count = itertools.count(1)

        def threes(name: str) -> set[str]:
            done = next(count)
            if self._progress is not None and done % STEP == 0:
                self._progress("documents indexed", done)
            return self._threes(name)

        return threes

    def _threes(self, name: str) -> set[str]:
        """Return what is to be indexed of a chain: all that was ever filed in it."""
        filings = self._catalogue([name]).every_filing(name)
        self._blobs.fetch([filing.text for filing in filings])
        papers = (paper_of(filing, self._blobs.text(filing.text)) for filing in filings)
        return threes_of_papers(papers)

    def filings(self, chain: str) -> tuple[Filing, ...]:
        """Return what is on file in a chain, in the order of entry, corrected filings left out."""
        return tuple(self._catalogue([chain]).filings(chain))

    def taken_back(self) -> tuple[int, ...]:
        """Return the numbers of the papers and rungs that were entered and retracted."""
        entry_index = self._registered()
        return tuple(sorted(set(entry_index.withdrawals.retracted) - set(entry_index.general)))

    def entries_of(self, chain: str) -> tuple[Entry, ...]:
        """Return the entries that speak of a chain, and those that speak of all.

        Raises:
            RecordError: one is missing, or was altered.
        """
        return tuple(self._registered().entries(self._store, [chain]))

    def labels(self, chain: str) -> dict[int, str]:
        """Return the label of the revision that each entry about a rung of a chain now is of.

        By the number of the entry: filings that count, rungs without a paper, and the entry that
        says that the chain is new (`"base"`).
        """
        return labels(self._catalogue([chain]), chain)

    def filing_of(self, data: bytes) -> Filing | None:
        """Return the filing of exactly these bytes that counts, if there is one."""
        digest = sha256(data).hexdigest()
        if self._store.original(digest) is None:
            return None
        catalogue = self._catalogue(self.chains)
        every = (filing for name in catalogue.names for filing in catalogue.filings(name))
        return next((filing for filing in every if filing.original == digest), None)

    def original(self, filing: Filing) -> bytes:
        """Return the bytes of a paper as they were filed.

        Raises:
            DigestError: they are no longer those bytes.
        """
        return self._blobs.original(filing.original)

    def text(self, filing: Filing) -> str:
        """Return the text of a filing, rebuilt from its patches.

        Raises:
            RecordError: it cannot be rebuilt as it was filed.
        """
        return self._blobs.text(filing.text)

    def verify(self, against: Head | str | None = None) -> Verification:
        """Rebuild everything: every link, every text from its patches, every original.

        Args:
            against: a head that was noted down before; the record must extend it.

        Raises:
            AskError: that is no head.
            RecordError: something is not as it was filed; says what, and what still stands.
        """
        known = Head.read(against) if isinstance(against, str) else against
        with self._store.reading():
            return verify(self._store, self._blobs, known, self._progress)

    # Filing.

    def file(self, submission: Submission, *, by: str = "") -> Filed:
        """File one paper. See `file_all`."""
        return self.file_all([submission], by=by)[0]

    def file_all(self, submissions: Iterable[Submission], *, by: str = "") -> tuple[Filed, ...]:
        """Read and file papers, all of them or none.

        Filing is idempotent: the same bytes under the same label add nothing.

        Args:
            submissions: the papers.
            by: who enters them.

        Raises:
            PaperError: one cannot be read.
            AskError: one has no label or no chain.
            ConflictError: another text is on file under the label of one.
        """
        from bargaining.record.filing import prepare  # noqa: PLC0415 - needs the readers

        return self.file_readings([prepare(submission) for submission in submissions], by=by)

    def file_readings(
        self,
        readings: Sequence[Reading],
        *,
        by: str = "",
        refused: list[tuple[Reading, BargainingError]] | None = None,
        skip: bool = False,
        sides: Mapping[str, str] | None = None,
    ) -> tuple[Filed, ...]:
        """File papers that were read already (by `prepare`), all of them or none.

        A paper that restates only what changes, or gives instructions, is made whole first, of the
        paper before it, which may be one of them.

        Args:
            readings: the papers.
            by: who enters them.
            refused: takes every paper that is refused, with the error; the first is raised.
            skip: file the others, and raise nothing, where `refused` takes what is refused.
            sides: whose side parties are on, as in `side`; entered with the papers.

        Raises:
            AskError: one is far shorter than the paper before it, what it leaves out cannot be
                taken from that, or an instruction does not fit it.
            ConflictError: another text is on file under the label of one.
        """
        if not readings:
            return ()
        from bargaining.record.completing import told_of_words, whole  # noqa: PLC0415 - needs the readers

        told: list[tuple[Reading, BargainingError]] = [] if refused is None else refused

        def action(transaction: Transaction) -> tuple[list[_Entered], dict[str, Chain]]:
            told.clear()
            done: list[_Entered] = []
            read = told_of_words(transaction, readings)
            for reading, made in zip(read, whole(transaction, read), strict=True):
                try:
                    done.append((reading, *transaction.file(_made(made), by)))
                except _REFUSED as error:
                    told.append((reading, error))
            if told and not (skip and refused is not None):
                raise told[0][1]
            for party, side in (sides or {}).items():
                transaction.once("side", {"party": party, "side": side}, by)
            names = dict.fromkeys(filing.chain for _, _, filing in done)
            return done, {name: self._build(transaction.catalogue, name) for name in names}

        done, chains = self._write(action)
        for chain in chains.values() if self._cache is not None else ():
            with suppress(Exception):  # it is filed; what fails here fails when it is asked, too
                chain.prepare()
        return tuple(
            Filed(
                what,
                f.chain,
                chains[f.chain].revision(f.shown),
                f.entry,
                reading.submission.name,
                reading.sources,
            )
            for reading, what, f in done
        )

    def no_paper(
        self,
        label: str,
        *,
        chain: str,
        party: str | None = None,
        kind: str | None = None,
        date: str | None = None,
        after: str | None = None,
        reported_by: str = "",
        by: str = "",
    ) -> Entry:
        """Enter a rung that has no paper, such as a verbal offer; no text is made up for it.

        Raises:
            AskError: the label is empty, or the date cannot be read.
        """
        if not label.strip():
            raise AskError("The rung has no label.", hint="State it with --label.")
        from bargaining.record.filing import overridden  # noqa: PLC0415 - needs the readers

        read = overridden(read_label(label), party, kind, date)
        body = {
            "chain": chain,
            "label": label_json(read),
            "after": after,
            "reported_by": reported_by,
        }
        return self._once("rung", body, by)

    def alias(self, name: str, means: str, *, by: str = "") -> Entry:
        """Enter that two names mean one party, or that two labels mean one rung.

        Raises:
            AskError: one of them is empty, or both are the same.
            ConflictError: the second means the first already, or two papers on file would be one
                rung.
        """
        if not name.strip() or not means.strip() or name.strip() == means.strip():
            raise AskError("An alias needs two names.", hint="Write it as --alias RUSD=District.")
        return self._once("alias", {"name": name.strip(), "means": means.strip()}, by)

    def side(self, party: str, side: str, *, by: str = "") -> Entry:
        """Enter whose side a party is on; what was stated of it last counts.

        Args:
            party: the party, as papers name it.
            side: `"employer"`, `"union"` or `"third"`, or another party of that side.
            by: who enters it.

        Raises:
            AskError: one of them is empty, or both are the same.
        """
        party, side = party.strip(), side.strip()
        if not party or not side or party.casefold() == side.casefold():
            raise AskError("A side needs two names.", hint="Write it as --side Board=District.")
        return self._once("side", {"party": party, "side": side}, by)

    def new_article(self, chain: str, *, by: str = "") -> Entry:
        """Enter that there was no language before rung 1: the base is known, and empty.

        Raises:
            ConflictError: the base is on file.
        """
        return self._once("new", {"chain": chain}, by)

    def retract(self, entry: int, *, because: str, by: str = "") -> Entry:
        """Enter that an entry was a mistake. It stays in the journal, and counts no more.

        Raises:
            NotFoundError: there is no such entry.
            AskError: no reason is given.
            ConflictError: it is retracted already, is a retraction, or was corrected since.
        """
        if not because.strip():
            raise AskError("A retraction needs a reason.", hint='Say --because "wrong chain".')

        def action(transaction: Transaction) -> Entry:
            return transaction.retract(entry, because.strip(), by)

        return self._write(action)

    def replay(
        self,
        rows: Iterable[tuple[int, str, str]],
        held: Callable[[Filing], tuple[bytes, str]],
        known: Head,
    ) -> Verification:
        """Enter the journal of another record as it is, with all that it speaks of.

        Args:
            rows: number, JSON text and hash of each entry; gone through anew where the
                transaction is tried again.
            held: returns the original and the text of a filing.
            known: the head that must come out.

        Returns:
            What was rebuilt, before any of it was committed.

        Raises:
            ConflictError: this record holds something.
            RecordError: the journal, an original or a text is not what its digest says.
        """

        def action(transaction: Transaction) -> Verification:
            if transaction.count:
                raise ConflictError("The record holds entries.", hint="Import into a new one.")
            for entry in read_journal(rows):
                if entry.kind == "filing":
                    transaction.take_paper(Filing.from_entry(entry), held)
                transaction.append(entry)
            self._blobs.forget()
            found = verify(self._store, self._blobs, known)
            if found.line != str(known):
                raise RecordError("The journal goes on behind its head.", hint="Do not trust it.")
            return found

        return self._write(action)

    # Below: how it is done.

    def _registered(self) -> EntryIndex:
        """Return the entry index, brought up to what is on file now."""
        self._entry_index = indexed_entries(
            self._store, self._cache, self._entry_index, self._progress
        )
        return self._entry_index

    def _catalogue(self, names: Iterable[str]) -> Catalogue:
        return Catalogue.read(self._registered().entries(self._store, names))

    def _build(self, catalogue: Catalogue, name: str) -> Chain:
        self._blobs.fetch([filing.text for filing in catalogue.every_filing(name)])
        for filing in catalogue.filings(name):
            self._blobs.load(filing.text)  # so that it is at hand when the record is closed
        return build(catalogue, name, self._blobs.text, self._cache)

    def _once(self, kind: str, body: dict[str, Any], by: str) -> Entry:
        return self._write(lambda transaction: transaction.once(kind, body, by))

    def _write(self, action: Callable[[Transaction], T]) -> T:
        """Run an action on the journal as one transaction: all of it or nothing."""
        pause = _PAUSE
        for left in reversed(range(_TRIES)):
            try:
                return self._store.write(
                    lambda: action(Transaction(self._blobs, self._registered(), self._clock))
                )
            except BaseException as error:
                self._forget()
                if not (isinstance(error, CollisionError) and left):
                    raise
            from random import uniform  # noqa: PLC0415 - only after a collision

            time.sleep(uniform(0, pause))  # noqa: S311 - nothing is secret
            pause *= 2
        raise AssertionError  # the last try returned or raised

    def _forget(self) -> None:
        """Forget what was read and made in a transaction that is undone."""
        self._blobs.forget()
        self._entry_index = None


def _made(made: Reading | BargainingError) -> Reading:
    if isinstance(made, BargainingError):
        raise made
    return made


def _ask(location: str, cache: Cache | None, wording: str, names: Sequence[str]) -> list[Answer]:
    """Ask some chains of a record, perhaps in another process."""
    with Record.open(location, cache=cache) as record:
        return [chain.who(wording) for chain in record.every_chain(names)]


def _one_chain(names: Sequence[str], name: str | None) -> str:
    fitting = [n for n in names if name is None or n.casefold() == name.casefold()]
    if not fitting and name is not None:
        fitting = [n for n in names if name.casefold() in n.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"“{n}”" for n in fitting or names)
    if fitting:
        raise AskError(f"Several chains fit: {listed}.", hint="Name one with --chain.")
    if not names:
        raise NotFoundError("The record is empty.", hint="File a paper: bargain add FILE")
    raise NotFoundError(f"There is no chain “{name}”.", hint=f"There are {listed}.")
