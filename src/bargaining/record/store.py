"""The record: papers of many chains in one file, to which things are only ever added.

Strategy: every change is one transaction that appends entries to the journal and, before it
commits, rebuilds each new text from its patch and compares digests. What stands in the chains is
derived from the journal each time: labels after aliases, the bargaining order from all ladders,
what contradicts what. Texts are rebuilt from patches with their digests checked, always.

This module knows no terminal and no environment; the clock is handed in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import attrs

from bargaining import patch
from bargaining.chain import Chain
from bargaining.errors import (
    AskError,
    BargainingError,
    ConflictError,
    DigestError,
    NotFoundError,
    RecordError,
)
from bargaining.labels import read_label
from bargaining.model import Revision
from bargaining.record import database
from bargaining.record.chains import Book, Filing, build, paper_of
from bargaining.record.journal import Entry, Head, canonical, head, link, read_journal, write_body
from bargaining.record.values import label_json, paper_json
from bargaining.record.vault import Vault
from bargaining.shelf import Shelf

if TYPE_CHECKING:
    from bargaining.record.filing import Reading, Submission

Done = Literal["filed", "corrected", "already on file"]


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
    """

    done: Done
    chain: str
    revision: Revision
    entry: int
    name: str


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
    """

    head: str
    entries: int
    texts: int
    originals: int
    last_entered: str | None
    line: str
    extends: Head | None = None


@attrs.frozen
class _Session:
    """The journal while it is written to: its entries so far, and what they say."""

    entries: list[Entry]
    book: Book


class Record:
    """A record that is open. Use it as a context manager, or close it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        shelf: Shelf | None = None,
    ) -> None:
        """Wrap an open database; use `Record.open` or `Record.in_memory`."""
        self._connection = connection
        self._shelf = shelf
        self._clock = clock
        self.path = path
        self._to_create: Path | None = None  # made when there is something to put in it
        self._vault = Vault(connection, path)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        write: bool = False,
        clock: Callable[[], datetime] = utc_now,
        shelf: Shelf | None = None,
    ) -> Self:
        """Open the record at `path`; with `write`, it is created when the first paper is filed.

        Args:
            path: where the file is.
            write: whether something is to be filed.
            clock: tells the time of entry.
            shelf: where what answers are read off is kept from one time to the next; see
                `bargaining.record.FolderShelf`. Never one that came with the record.

        Raises:
            NotFoundError: there is no record, and it is only to be read.
            RecordError: the file is no record, or one of another format.
            StorageError: the file cannot be opened.
        """
        path = Path(path)
        database.roll_back(path)
        if not database.is_new(path):
            connection = database.open_file(path, write=write)
            return cls(connection, str(path), clock=clock, shelf=shelf)
        if not write:
            raise NotFoundError(
                f"There is no record at {path}.", hint="File a paper: bargain add FILE"
            )
        record = cls(database.open_empty(), str(path), clock=clock, shelf=shelf)
        record._to_create = path
        return record

    @classmethod
    def in_memory(cls, *, clock: Callable[[], datetime] = utc_now) -> Self:
        """Open an empty record that is gone when it is closed."""
        return cls(database.open_memory(), "the record in memory", clock=clock)

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
        """Close the file. Everything that was filed is in it already."""
        self._connection.close()

    # Asking.

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal, every link checked.

        Raises:
            RecordError: an entry is missing or was altered.
        """
        with database.told(self.path):
            if database.is_empty(self._connection):
                return ()
            rows = self._connection.execute("SELECT seq, body, hash FROM entry ORDER BY seq")
            return tuple(read_journal(rows))

    def journal(self) -> tuple[Entry, ...]:
        """Return the entries, each of a kind and with the contents that this format has.

        Raises:
            RecordError: one is missing, was altered, or is not as it must be.
        """
        entries = self.entries
        Book.read(entries)
        return entries

    @property
    def chains(self) -> tuple[str, ...]:
        """The names of all chains, in the order in which they were first entered."""
        return tuple(self._book().names)

    def chain(self, name: str | None = None) -> Chain:
        """Return one chain: the only one, or the one whose name this is or is a part of.

        Raises:
            NotFoundError: there is none.
            AskError: several fit.
            RecordError: a text cannot be rebuilt as it was filed.
        """
        book = self._book()
        return self._build(book, _one_chain(book.names, name))

    def every_chain(self) -> Iterator[Chain]:
        """Yield all chains, in the order of `chains`."""
        book = self._book()
        for name in book.names:
            yield self._build(book, name)

    def filings(self, chain: str) -> tuple[Filing, ...]:
        """Return what is on file in a chain, in the order of entry, corrected filings left out."""
        return tuple(self._book().filings(chain))

    def filing_of(self, data: bytes) -> Filing | None:
        """Return the filing of exactly these bytes that counts, if there is one."""
        digest = sha256(data).hexdigest()
        book = self._book()
        every = (filing for name in book.names for filing in book.filings(name))
        return next((filing for filing in every if filing.original == digest), None)

    def original(self, filing: Filing) -> bytes:
        """Return the bytes of a paper as they were filed.

        Raises:
            DigestError: they are no longer those bytes.
        """
        return self._vault.original(filing.original)

    def text(self, filing: Filing) -> str:
        """Return the text of a filing, rebuilt from its patches.

        Raises:
            RecordError: it cannot be rebuilt as it was filed.
        """
        return self._vault.text(filing.text)

    def verify(self, against: Head | str | None = None) -> Verification:
        """Rebuild everything: every link, every text from its patches, every original.

        Args:
            against: a head that was noted down before; the record must extend it.

        Raises:
            AskError: that is no head.
            RecordError: something is not as it was filed; says what, and what still stands.
        """
        known = Head.read(against) if isinstance(against, str) else against
        with database.one_state(self._connection, self.path):
            return self._verified(known)

    def _verified(self, known: Head | None) -> Verification:
        entries = self.entries
        if known is not None:
            known.refuse_other(entries)
        filings = [entry for entry in entries if entry.kind == "filing"]
        texts: set[str] = set()
        originals: set[str] = set()
        self._vault.forget()
        for entry in filings:
            with _in_entry(entry):
                filing = Filing.from_entry(entry)
                paper_of(filing, self._vault.text(filing.text))
                self._vault.original(filing.original)
            texts.add(filing.text)
            originals.add(filing.original)
        self._vault.refuse_strays("patch", "new", texts)
        self._vault.refuse_strays("original", "digest", originals)
        database.refuse_damage(self._connection, self.path)
        for name in (book := self._book()).names:
            self._build(book, name)
        now = Head.of(entries)
        counts = now.entries, len(texts), len(originals)
        return Verification(head(entries), *counts, now.entered or None, str(now), known)

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

    def file_readings(self, readings: Sequence[Reading], *, by: str = "") -> tuple[Filed, ...]:
        """File papers that were read already (by `prepare`), all of them or none.

        Raises:
            ConflictError: another text is on file under the label of one.
        """
        with self._writing() as session:
            done = [self._file(session, reading, by) for reading in readings]
            chains = {f.chain: self._build(session.book, f.chain) for _, f in done}
        for chain in chains.values() if self._shelf is not None else ():
            chain.prepare()
        return tuple(
            Filed(
                what, f.chain, chains[f.chain].revision(f.shown), f.entry, reading.submission.name
            )
            for (what, f), reading in zip(done, readings, strict=True)
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
        return self._append_once("rung", body, by)

    def alias(self, name: str, means: str, *, by: str = "") -> Entry:
        """Enter that two names mean one party, or that two labels mean one rung.

        Raises:
            AskError: one of them is empty, or both are the same.
            ConflictError: the second means the first already.
        """
        if not name.strip() or not means.strip() or name.strip() == means.strip():
            raise AskError("An alias needs two names.", hint="Write it as --alias RUSD=District.")
        return self._append_once("alias", {"name": name.strip(), "means": means.strip()}, by)

    def new_article(self, chain: str, *, by: str = "") -> Entry:
        """Enter that there was no language before rung 1: the base is known, and empty.

        Raises:
            ConflictError: the base is on file.
        """
        return self._append_once("new", {"chain": chain}, by)

    def retract(self, entry: int, *, because: str, by: str = "") -> Entry:
        """Enter that an entry was a mistake. It stays in the journal, and counts no more.

        Raises:
            NotFoundError: there is no such entry.
            AskError: no reason is given.
            ConflictError: it is retracted already, is a retraction, or was corrected since.
        """
        if not because.strip():
            raise AskError("A retraction needs a reason.", hint='Say --because "wrong chain".')
        with self._writing() as session:
            _refuse_retraction(session.entries, entry)
            body = {"retracts": entry, "because": because.strip()}
            return self._append(session, "retraction", body, by)

    def replay(
        self,
        rows: Iterable[tuple[int, str, str]],
        held: Callable[[Filing], tuple[bytes, str]],
        known: Head,
    ) -> Verification:
        """Enter the journal of another record as it is, with all that it speaks of.

        Args:
            rows: number, JSON text and hash of each entry.
            held: returns the original and the text of a filing.
            known: the head that must come out.

        Returns:
            What was rebuilt, before any of it was committed.

        Raises:
            ConflictError: this record holds something.
            RecordError: the journal, an original or a text is not what its digest says.
        """
        with self._writing() as session:
            if session.entries:
                raise ConflictError("The record holds entries.", hint="Import into a new one.")
            for entry in read_journal(rows):
                if entry.kind == "filing":
                    self._take_filing(session, Filing.from_entry(entry), held)
                row = entry.seq, canonical(entry.body), entry.hash
                self._connection.execute("INSERT INTO entry VALUES (?, ?, ?)", row)
                session.entries.append(entry)
                session.book.take(entry)
            found = self.verify(known)
            if found.line != str(known):
                raise RecordError("The journal goes on behind its head.", hint="Do not trust it.")
            return found

    def _take_filing(
        self, session: _Session, filing: Filing, held: Callable[[Filing], tuple[bytes, str]]
    ) -> None:
        data, text = held(filing)
        if (sha256(data).hexdigest(), patch.digest(text)) != (filing.original, filing.text):
            raise DigestError(f"The paper of entry {filing.entry} is another one.")
        self._vault.put_text(text, session.book.last_text(filing.chain))
        self._vault.put_original(filing.original, data)

    # Below: how it is done.

    def _book(self) -> Book:
        return Book.read(self.entries)

    def _build(self, book: Book, name: str) -> Chain:
        for filing in book.filings(name):
            self._vault.load(filing.text)
        return build(book, name, self._vault.text, self._shelf)

    def _file(self, session: _Session, reading: Reading, by: str) -> tuple[Done, Filing]:
        book, submission = session.book, reading.submission
        chain = book.known_name(reading.chain, stated=bool(submission.chain))
        before = book.filing_under(chain, reading.label, base=submission.base)
        label = reading.label
        if before is not None and submission.correct:
            from bargaining.record.filing import restated  # noqa: PLC0415 - needs the readers

            label = restated(label, before.label)
        body: dict[str, Any] = {
            "chain": chain,
            "base": submission.base,
            "label": label_json(label),
            "after": self._place(book, chain, submission.after),
            "original": sha256(submission.data).hexdigest(),
            "name": submission.name,
            "inserted_by": submission.inserted_by and sorted(submission.inserted_by),
            "text": patch.digest(reading.paper.text),
            "paper": paper_json(reading.paper),
            "corrects": before.entry if before else None,
        }
        if before is not None:
            if _says_the_same(before, body, whole=submission.correct):
                return "already on file", before
            _refuse_silent_change(submission, before, body["text"])
        self._vault.put_text(reading.paper.text, book.last_text(chain))
        self._vault.put_original(body["original"], submission.data)
        entry = self._append(session, "filing", body, by)
        return ("corrected" if before else "filed"), Filing.from_entry(entry)

    def _place(self, book: Book, chain: str, after: str | None) -> str | None:
        """Return the whole label of the rung that a paper is stated to follow.

        Raises:
            NotFoundError: there is no such rung.
            AskError: several fit.
        """
        if after is None:
            return None
        if chain not in book.names:
            raise NotFoundError(
                f"There is nothing in “{chain}” yet that a paper could follow.",
                hint="Leave --after out.",
            )
        return self._build(book, chain).revision(after).label

    def _append_once(self, kind: str, body: dict[str, Any], by: str) -> Entry:
        """Append an entry, unless one says the same already; return the one that says it."""
        with self._writing() as session:
            if "chain" in body:
                body = {**body, "chain": session.book.known_name(body["chain"], stated=True)}
            if body.get("after"):
                body["after"] = self._place(session.book, body["chain"], body["after"])
            retracted = {entry.body.get("retracts") for entry in session.entries}
            for entry in session.entries:
                same = entry.kind == kind and {k: entry.body.get(k) for k in body} == body
                if same and entry.seq not in retracted:
                    return entry
            if kind == "alias":
                _refuse_circle(session.book, body)
            if kind == "new" and session.book.base(body["chain"]):
                raise ConflictError(
                    f"The base of “{body['chain']}” is on file, so the article is not new.",
                    hint="If that filing was a mistake, retract it first.",
                )
            return self._append(session, kind, body, by)

    def _append(self, session: _Session, kind: str, body: dict[str, Any], by: str) -> Entry:
        entered = self._clock().isoformat(timespec="seconds")
        body = {**body, "kind": kind, "by": by, "entered": entered}
        text = write_body(body)
        entry = Entry(len(session.entries) + 1, body, link(head(session.entries), text))
        self._connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?)", (entry.seq, text, entry.hash)
        )
        session.entries.append(entry)
        session.book.take(entry)
        return entry

    @contextmanager
    def _writing(self) -> Iterator[_Session]:
        """One transaction: all of it or nothing."""
        if self._to_create is not None:
            self._connection.close()
            self._connection = database.open_file(self._to_create, write=True)
            self._vault = Vault(self._connection, self.path)
            self._to_create = None
        with database.told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                if database.is_empty(self._connection):
                    database.create(self._connection)
                entries = list(self.entries)
                yield _Session(entries, Book.read(entries))
                self._connection.execute("COMMIT")
            except BaseException:
                self._vault.forget()
                self._connection.rollback()
                raise


def _says_the_same(before: Filing, body: dict[str, Any], *, whole: bool) -> bool:
    """True when a filing adds nothing: the same bytes under the same label.

    A correction (`whole`) may also be of how the same bytes are read, or where the paper stands.
    """
    same = before.original == body["original"] and label_json(before.label) == body["label"]
    return same and (not whole or (before.paper, before.after) == (body["paper"], body["after"]))


def _refuse_silent_change(submission: Submission, before: Filing, text: str) -> None:
    if submission.correct:
        return
    what = "Another text" if before.text != text else "This text"
    raise ConflictError(
        f"{what} is on file as “{before.label.text}” (entry {before.entry}), "
        "with other bytes or other statements.",
        hint="If it is of another document, name that with --chain; if it is another paper, give "
        "it a label of its own with --label. If it is this one put right, file it with --correct: "
        "both stay in the journal.",
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


def _refuse_circle(book: Book, body: dict[str, Any]) -> None:
    """Refuse that two names mean each other."""
    if (book.party(body["means"]) or "").casefold() == body["name"].casefold():
        raise ConflictError(
            f"“{body['means']}” means “{body['name']}” already; the two cannot mean each other.",
            hint="If that was a mistake, retract it first.",
        )


def _refuse_retraction(entries: Sequence[Entry], number: int) -> None:
    """Refuse to retract what is not there, or what other entries build on."""
    if not 1 <= number <= len(entries):
        raise NotFoundError(
            f"There is no entry {number}.", hint="`bargain log --journal` lists them."
        )
    retracted = {entry.body.get("retracts") for entry in entries}
    for entry in entries:
        corrects = None if entry.seq in retracted else entry.body.get("corrects")
        if number in {entry.body.get("retracts"), corrects}:
            raise ConflictError(
                f"Entry {number} does not count any more, because of entry {entry.seq}.",
                hint="See `bargain log --journal`.",
            )
    if entries[number - 1].kind == "retraction":
        raise ConflictError(f"Entry {number} is a retraction.", hint="File the paper again.")


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
