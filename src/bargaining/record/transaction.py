"""A transaction: the journal while it is added to, inside of one transaction.

Strategy: of a record of thousands of documents only the entries of those that are added to are
read, by the entry index; the names of all are known. What is added is seen by what is added after
it. Nothing of it outlives the transaction of the store.

This module knows no file and no server; the clock is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from bargaining import patch
from bargaining.chain import Chain
from bargaining.errors import ConflictError, DigestError, NotFoundError
from bargaining.model import Paper
from bargaining.record.blobs import Blobs
from bargaining.record.catalogue import Catalogue, Filing, known_name, label_json, paper_json
from bargaining.record.chains import build, joined, paper_of
from bargaining.record.entry_index import EntryIndex
from bargaining.record.journal import Entry, canonical, link, write_body
from bargaining.record.wordings import key_of, threes_of_papers

if TYPE_CHECKING:
    from bargaining.record.filing import Reading, Submission

# What an entry of a kind is about, where a later one may say something else of the same.
_ANEW: Final = {"alias": "name", "side": "party"}

Done = Literal["filed", "corrected", "already on file"]


@attrs.define
class Transaction:
    """The journal while it is written to.

    Attributes:
        blobs: where texts and originals go; its store is where the journal is.
        entry_index: what it held before.
        clock: tells the time of entry, where the store has no clock of its own.
        catalogue: what its entries say, of the documents that were opened.
        added: the entries that were added.
    """

    blobs: Blobs
    entry_index: EntryIndex
    clock: Callable[[], datetime]
    catalogue: Catalogue = attrs.Factory(Catalogue)
    added: list[Entry] = attrs.Factory(list)
    _opened: dict[int, Entry] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        for name in self.entry_index.names:
            self.catalogue.names.setdefault(name)
        self._take(self.entry_index.entries(self.blobs.store, ()))

    @property
    def count(self) -> int:
        """How many entries the journal has."""
        return len(self.entry_index.hashes) + len(self.added)

    def name(self, chain: str, *, stated: bool, part: bool = False) -> str:
        """Return the name of a document as it was first entered, and read what is said of it.

        Args:
            chain: the name.
            stated: whether a person gave it.
            part: whether a part of the name of one document will do.

        Raises:
            AskError: it is new, and so like another's that they may be one.
        """
        names = tuple(self.catalogue.names)
        fitting = [name for name in names if part and chain.casefold() in name.casefold()]
        exact = any(name.casefold() == chain.casefold() for name in names)
        if len(fitting) == 1 and not exact:
            chain = fitting[0]
        name = known_name(names, chain, stated=stated)
        self._take(self.entry_index.entries(self.blobs.store, [name]))
        return name

    def _take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.seq not in self._opened:
                self._opened[entry.seq] = entry
                if entry.seq not in self.entry_index.withdrawals.retracted:
                    self.catalogue.take(entry)

    def add(self, kind: str, body: dict[str, Any], by: str) -> Entry:
        """Append an entry, with the time of entry and who enters it."""
        entered = (self.blobs.store.now() or self.clock()).isoformat(timespec="seconds")
        body = {**body, "kind": kind, "by": self._named(by), "entered": entered}
        text = write_body(body)
        before = self.added[-1].hash if self.added else self.entry_index.head
        entry = Entry(self.count + 1, body, link(before, text))
        self.append(entry)
        return entry

    def _named(self, by: str) -> str:
        """Return who enters something: on a server, with the role that it knows them by."""
        role = self.blobs.store.role()
        return by if role in {"", by} else f"{by} (role {role})".strip()

    def append(self, entry: Entry) -> None:
        """Append an entry as it is."""
        self.blobs.store.add_entry((entry.seq, canonical(entry.body), entry.hash))
        self.added.append(entry)
        self.catalogue.take(entry)

    def entry(self, number: int) -> Entry:
        """Return an entry, and read what is said of its document.

        Raises:
            NotFoundError: there is none.
        """
        if not 1 <= number <= len(self.entry_index.hashes):
            raise NotFoundError(
                f"There is no entry {number}.", hint="`bargain log --journal` lists them."
            )
        if number not in self._opened:
            speaking = self.entry_index.speaking.items()
            name = next(name for name, numbers in speaking if number in numbers)
            self._take(self.entry_index.entries(self.blobs.store, [name]))
        return self._opened[number]

    def retract(self, number: int, because: str, by: str) -> Entry:
        """Append that an entry was a mistake.

        Raises:
            NotFoundError: there is no such entry.
            ConflictError: it does not count any more, is a retraction, or others need it.
        """
        self._refuse_retraction(number)
        chain = self.entry(number).body.get("chain")
        if chain is None:  # an alias or a side, which may mean something in every document
            self._take(self.entry_index.entries(self.blobs.store, self.entry_index.speaking))
        entry = self.add("retraction", {"retracts": number, "because": because}, by)
        self.refuse_contradiction(self.catalogue.names if chain is None else [chain])
        return entry

    def _refuse_retraction(self, number: int) -> None:
        """Refuse to retract what is not there, or what other entries build on.

        Raises:
            NotFoundError: there is no such entry.
            ConflictError: it does not count any more, or is a retraction.
        """
        if self.entry(number).kind == "retraction":
            raise ConflictError(f"Entry {number} is a retraction.", hint="File the paper again.")
        for entry in self._opened.values():
            counts = entry.seq not in self.entry_index.withdrawals.retracted
            corrects = entry.body.get("corrects") if counts else None
            if number in {entry.body.get("retracts"), corrects}:
                raise ConflictError(
                    f"Entry {number} does not count any more, because of entry {entry.seq}.",
                    hint="See `bargain log --journal`.",
                )

    def _same(self, kind: str, body: dict[str, Any]) -> Entry | None:
        """Return an entry of the opened documents that counts and says the same.

        Of what can be stated anew (what a name means, whose side a party is on) the last counts.
        """
        counting = [
            entry
            for number, entry in self._opened.items()
            if entry.kind == kind and number not in self.entry_index.withdrawals.retracted
        ]
        anew = _ANEW.get(kind)
        if anew is not None:
            about = [e for e in counting if e.body[anew].casefold() == body[anew].casefold()]
            counting = sorted(about, key=lambda entry: entry.seq)[-1:]
        same = (e for e in counting if {key: e.body.get(key) for key in body} == body)
        return next(same, None)

    def file(self, reading: Reading, by: str) -> tuple[Done, Filing]:
        """Enter one paper; say what became of it.

        Raises:
            AskError: its document is new, and may be one on file.
            ConflictError: another text is on file under its label.
        """
        catalogue, submission = self.catalogue, reading.submission
        chain = self.name(reading.chain, stated=bool(submission.chain))
        before = catalogue.filing_under(chain, reading.label, base=submission.base)
        label = reading.label
        if before is not None and submission.correct:
            from bargaining.record.filing import restated  # noqa: PLC0415 - needs the readers

            label = restated(label, before.label)
        body: dict[str, Any] = {
            "chain": chain,
            "base": submission.base,
            "label": label_json(label),
            "after": self._place(chain, submission.after),
            "original": sha256(submission.data).hexdigest(),
            "name": submission.name,
            "inserted_by": submission.inserted_by and sorted(submission.inserted_by),
            "text": patch.digest(reading.paper.text),
            "paper": paper_json(reading.paper),
            "corrects": before.entry if before else None,
        }
        if reading.made_of:
            body["made_of"] = [attrs.asdict(one) for one in reading.made_of]
        if submission.because.strip():
            body["because"] = submission.because.strip()
        if before is not None:
            if _says_the_same(before, body, whole=submission.correct):
                return "already on file", before
            _refuse_silent_change(submission, before, body["text"])
        self.blobs.put_text(reading.paper.text, catalogue.last_text(chain))
        self.blobs.put_original(body["original"], submission.data)
        entry = self.add("filing", body, by)
        self._index(chain, [reading.paper])
        return ("corrected" if before else "filed"), Filing.from_entry(entry)

    def once(self, kind: str, body: dict[str, Any], by: str) -> Entry:
        """Append an entry, unless one says the same already; return the one that says it.

        Raises:
            AskError: its document is new, and may be one on file.
            ConflictError: it contradicts what is on file.
        """
        said = dict(body)
        if "chain" in said:
            said["chain"] = self.name(said["chain"], stated=True, part=True)
        if said.get("after"):
            said["after"] = self._place(said["chain"], said["after"])
        same = self._same(kind, said)
        if same is not None:
            return same
        if kind == "new" and self.catalogue.base(said["chain"]):
            raise ConflictError(
                f"The base of “{said['chain']}” is on file, so the article is not new.",
                hint="If that filing was a mistake, retract it first.",
            )
        if kind == "alias":
            return self._alias(said, by)
        if kind == "side":
            return self.add(kind, said, by)
        entry = self.add(kind, said, by)
        self.refuse_contradiction([said["chain"]])
        return entry

    def _alias(self, said: dict[str, Any], by: str) -> Entry:
        """Append an alias, which may mean something in every document."""
        self._take(self.entry_index.entries(self.blobs.store, self.entry_index.speaking))
        _refuse_circle(self.catalogue, said)
        chains = tuple(self.catalogue.mentioning(said["name"]))
        before = tuple(joined(self.catalogue, chains))
        entry = self.add("alias", said, by)
        _refuse_joined(joined(self.catalogue, chains), before)
        self.refuse_contradiction(chains)
        return entry

    def with_filings(self, filings: Iterable[Filing]) -> Catalogue:
        """Return the catalogue as it would be with papers that are not entered yet."""
        catalogue = Catalogue.read((*self._opened.values(), *self.added))
        for filing in filings:
            catalogue.take_filing(filing)
        return catalogue

    def refuse_contradiction(self, chains: Iterable[str]) -> None:
        """See that documents can be asked with what was added.

        Raises:
            ConflictError: what is added contradicts what is on file.
        """
        catalogue = Catalogue.read((*self._opened.values(), *self.added))
        for chain in chains:
            if chain in catalogue.names:
                build(catalogue, chain, self.blobs.text)

    def take_paper(self, filing: Filing, held: Callable[[Filing], tuple[bytes, str]]) -> None:
        """Put in the blobs what a filing of another record speaks of.

        Args:
            filing: the filing.
            held: returns its original and its text.

        Raises:
            DigestError: they are others.
        """
        data, text = held(filing)
        if (sha256(data).hexdigest(), patch.digest(text)) != (filing.original, filing.text):
            raise DigestError(f"The paper of entry {filing.entry} is another one.")
        self.blobs.put_text(text, self.catalogue.last_text(filing.chain))
        self.blobs.put_original(filing.original, data)
        self._index(filing.chain, [paper_of(filing, text)])

    def _index(self, chain: str, papers: Iterable[Paper]) -> None:
        """Keep what can be found of papers, where the index lies beside the rows."""
        if self.blobs.store.finder is not None:
            self.blobs.store.finder.keep(key_of(chain), threes_of_papers(papers))

    def _place(self, chain: str, after: str | None) -> str | None:
        """Return the whole label of the rung that a paper is stated to follow.

        Raises:
            NotFoundError: there is no such rung.
            AskError: several fit.
        """
        if after is None:
            return None
        if chain not in self.catalogue.names:
            raise NotFoundError(
                f"There is nothing in “{chain}” yet that a paper could follow.",
                hint="Leave --after out.",
            )
        return self._chain(chain).revision(after).label

    def _chain(self, name: str) -> Chain:
        return build(self.catalogue, name, self.blobs.text)


def _says_the_same(before: Filing, body: dict[str, Any], *, whole: bool) -> bool:
    """True when a filing adds nothing: the same bytes under the same label.

    A correction (`whole`) may also be of how the same bytes are read, or where the paper stands.
    """
    said = label_json(before.label)
    # Records that are older than the time of day in labels do not state it.
    now = {key: value for key, value in body["label"].items() if key != "time" or key in said}
    same = before.original == body["original"] and said == now
    stated = before.paper, before.after, before.because
    return same and (not whole or stated == (body["paper"], body["after"], body.get("because", "")))


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


def _refuse_joined(
    now: Iterable[tuple[Filing, Filing]], before: Collection[tuple[Filing, Filing]]
) -> None:
    """Refuse that an alias makes one rung of two papers: one of them would count no more.

    A record may hold such an alias already (`before`); then a doubt tells of it.
    """
    for one, other in now:
        if (one, other) in before:
            continue
        raise ConflictError(
            f"“{one.label.text}” (entry {one.entry}) and “{other.label.text}” "
            f"(entry {other.entry}) would be one rung, and both are on file.",
            hint="If they are one paper, take one back first: --retract NUMBER --because TEXT",
        )


def _refuse_circle(catalogue: Catalogue, body: dict[str, Any]) -> None:
    """Refuse that two names mean each other."""
    if (catalogue.party(body["means"]) or "").casefold() == body["name"].casefold():
        raise ConflictError(
            f"“{body['means']}” means “{body['name']}” already; the two cannot mean each other.",
            hint="If that was a mistake, retract it first.",
        )
