"""Chains from the journal: what the entries, taken together, say of each document.

Strategy: entries are read once into a `Book`: aliases, filings (the latest correction of each),
rungs without a paper, articles declared new. A chain's order comes from all its ladders together.
Nothing here depends on the order of entry, but for which correction is the latest, and for papers
that state neither ladder nor date nor place, which stand where they were entered and are doubted.

This module knows entries and texts' digests; where the texts come from is handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Self

import attrs

from bargaining.chain import Chain, revision_of
from bargaining.errors import AskError, RecordError
from bargaining.fabric import Rung
from bargaining.labels import Label, read_label, same_rung_key
from bargaining.ladders import backwards, contradictions, merge
from bargaining.model import BASE_LABEL, Doubt, Paper, Raised, Revision
from bargaining.patch import digest
from bargaining.record.journal import Entry, canonical
from bargaining.record.values import label_from, paper_from
from bargaining.shelf import Shelf
from bargaining.words import fold

_KIND_RANK: Final = {"proposal": 0, "sunshine proposal": 0, "tentative agreement": 2}
_DATE_LIKE: Final = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b")
_ALIAS: Final = "Where two labels are one rung: --alias LABEL=LABEL."
_LIKE: Final = 0.85  # of 1: how alike two titles are that may be one
_NAMES_KEPT: Final = 1 << 16
_FAR: Final = 100  # names, each meaning the next: followed so far
_LATE: Final = "9999-99-99"  # sorts a rung without a date after those that have one


@attrs.frozen
class Filing:
    """One paper as it was entered.

    Attributes:
        entry: the number of its entry.
        entered: the time of entry, ISO 8601.
        by: who entered it.
        chain: the name of its chain.
        base: True when it is the current language.
        label: its label.
        after: the label of the rung that it was stated to follow.
        original: SHA-256 of its bytes.
        name: its file name.
        text: SHA-256 of its text in UTF-8.
        paper: what the paper says, as JSON values.
        corrects: the entry that it corrects.
        inserted_by: which marks mean inserted, as it was stated; None for what the reader takes.
    """

    entry: int
    entered: str
    by: str
    chain: str
    base: bool
    label: Label
    after: str | None
    original: str
    name: str
    text: str
    paper: dict[str, Any]
    corrects: int | None
    inserted_by: tuple[str, ...] | None

    @classmethod
    def from_entry(cls, entry: Entry) -> Self:
        """Read an entry of kind `filing`.

        Raises:
            RecordError: it does not have what a filing has.
        """
        body = entry.body
        try:
            return cls(
                entry=entry.seq,
                entered=body["entered"],
                by=body["by"],
                chain=body["chain"],
                base=body["base"],
                label=label_from(body["label"]),
                after=body["after"],
                original=body["original"],
                name=body["name"],
                text=body["text"],
                paper=body["paper"],
                corrects=body["corrects"],
                inserted_by=None if body["inserted_by"] is None else tuple(body["inserted_by"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"Entry {entry.seq} is no filing as this format has it.") from error

    @property
    def shown(self) -> str:
        """The label that its revision has in the chain."""
        return BASE_LABEL if self.base else self.label.text


@attrs.frozen
class NoPaper:
    """A rung that was entered without a paper."""

    entry: int
    chain: str
    label: Label
    after: str | None
    reported_by: str


class Book:
    """Everything that the journal, or a part of it, says, sorted by chain."""

    def __init__(self) -> None:
        """Start empty; use `Book.read`."""
        self.names: dict[str, None] = {}  # in the order in which entries first spoke of them
        self._aliases: dict[str, str] = {}
        self._filings: dict[str, list[Filing]] = {}
        self._no_paper: dict[str, list[NoPaper]] = {}
        self._new: dict[str, int] = {}
        self._corrected: set[int | None] = set()

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> Self:
        """Read a journal.

        Raises:
            RecordError: an entry is of a kind that this format does not have.
        """
        book = cls()
        journal = tuple(entries)
        retracted = {e.body.get("retracts") for e in journal if e.kind == "retraction"}
        for entry in journal:
            if entry.seq not in retracted:
                book.take(entry)
        return book

    def take(self, entry: Entry) -> None:
        """Take in one more entry.

        Raises:
            RecordError: it is of a kind that this format does not have, or lacks something.
        """
        body = entry.body
        try:
            if entry.kind == "retraction":
                return
            if entry.kind == "alias":
                self._aliases[body["name"].casefold()] = body["means"]
                return
            if entry.kind == "filing":
                filing = Filing.from_entry(entry)
                self._filings.setdefault(filing.chain, []).append(filing)
                self._corrected.add(filing.corrects)
            elif entry.kind == "rung":
                label = label_from(body["label"])
                rung = NoPaper(entry.seq, body["chain"], label, body["after"], body["reported_by"])
                self._no_paper.setdefault(rung.chain, []).append(rung)
            elif entry.kind == "new":
                self._new.setdefault(body["chain"], entry.seq)
            else:
                raise RecordError(f"Entry {entry.seq} is of an unknown kind.")
            self.names.setdefault(body["chain"])
        except (KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"Entry {entry.seq} lacks something that it needs.") from error

    def filings(self, chain: str) -> Iterator[Filing]:
        """Yield what is on file in a chain, in the order of entry, without what was corrected."""
        for filing in self._filings.get(chain, ()):
            if filing.entry not in self._corrected:
                yield filing

    def every_filing(self, chain: str) -> Sequence[Filing]:
        """Return what was ever filed in a chain, in the order of entry, with what was corrected."""
        return self._filings.get(chain, ())

    def no_paper(self, chain: str) -> Iterator[NoPaper]:
        """Yield the rungs of a chain that were entered without a paper."""
        return iter(self._no_paper.get(chain, ()))

    def base(self, chain: str) -> Filing | None:
        """Return what is filed as the base of a chain."""
        return next((filing for filing in self.filings(chain) if filing.base), None)

    def is_new(self, chain: str) -> bool:
        """True when it was entered that there was no language before rung 1."""
        return chain in self._new

    def labels(self, chain: str) -> dict[int, str]:
        """Return the label of the revision that each entry about a rung of a chain now is of.

        By the number of the entry, in the order of entry. It is the label of the base for a chain
        entered as new. After an alias it may be another label than the entry has.
        """
        table = _table(self, chain, [filing for filing in self.filings(chain) if not filing.base])
        labels = {self._new[chain]: BASE_LABEL} if chain in self._new else {}
        for rung in self.no_paper(chain):
            labels[rung.entry] = table.shown(rung.label)
        for filing in self.filings(chain):
            labels[filing.entry] = BASE_LABEL if filing.base else table.shown(filing.label)
        return dict(sorted(labels.items()))

    def mentioning(self, name: str) -> Iterator[str]:
        """Yield the chains in which a party or a label could be meant by a name."""
        wanted = name.casefold()
        for chain in self.names:
            entered: list[Filing | NoPaper] = [*self.filings(chain), *self.no_paper(chain)]
            said = [text for one in entered for text in (one.label.text, one.label.party or "")]
            ladders = [rung for filing in self.filings(chain) for rung in filing.paper["ladder"]]
            if any(wanted in text.casefold() for text in (*said, *ladders)):
                yield chain

    def joined(self, chains: Iterable[str]) -> Iterator[tuple[Filing, Filing]]:
        """Yield the filings that count and are of one rung, which only an alias can make."""
        for chain in chains:
            filings = [filing for filing in self.filings(chain) if not filing.base]
            table = _table(self, chain, filings)
            for filing in filings:
                other = table.known[table.key(filing.label)].filing
                if other is not None and other is not filing:
                    yield filing, other

    def last_text(self, chain: str) -> str | None:
        """Return the digest of the text that was last entered in a chain."""
        filings = self._filings.get(chain)
        return filings[-1].text if filings else None

    def filing_under(self, chain: str, label: Label, *, base: bool) -> Filing | None:
        """Return what is on file in a chain under a label, however that is spelled."""
        for filing in self.filings(chain):
            if base and filing.base:
                return filing
            if not base and not filing.base and self._same_rung(filing.label, label):
                return filing
        return None

    def is_same_rung(self, one: Filing, other: Filing) -> bool:
        """True when two filings are of one rung of their chain, or both of its base."""
        return one.base == other.base and (one.base or self._same_rung(one.label, other.label))

    def _same_rung(self, one: Label, other: Label) -> bool:
        """True when the labels say the same, or are the same but for what a person stated."""
        return canonical_key(self, one) == canonical_key(self, other) or canonical_key(
            self, read_label(one.text)
        ) == canonical_key(self, read_label(other.text))

    def meant(self, label: Label) -> Label:
        """Return the label that a label means in the end, after aliases of labels.

        Of labels that mean each other in a circle it is the same one for all of them.
        """
        seen: dict[str, str] = {}
        text = label.text
        while text.casefold() in self._aliases:
            if text.casefold() in seen:
                text = min(seen.values())
                break
            seen[text.casefold()] = text = self._aliases[text.casefold()]
        return label if text == label.text else read_label(text)

    def party(self, name: str | None) -> str | None:
        """Return the name that a party goes by, after aliases."""
        for _ in range(_FAR):
            if name is None or name.casefold() not in self._aliases:
                break
            name = self._aliases[name.casefold()]
        return name


def known_name(names: Iterable[str], name: str, *, stated: bool = False) -> str:
    """Return a chain's name as it was first entered; case and signs do not tell chains apart.

    Args:
        names: the names of the chains that there are.
        name: the name, perhaps of a new chain.
        stated: whether a person gave it, rather than a title.

    Raises:
        AskError: it is new, and so like the name of a chain on file that they may be one.
    """
    names = tuple(names)
    known = next((n for n in names if _folded(n) == _folded(name)), None)
    if known is not None:
        return known
    like = next((n for n in names if _may_be_one(name, n, stated=stated)), None)
    if like is not None:
        raise AskError(
            f"“{name}” is new, and may be “{like}”, which is in the record.",
            hint="Say which with --chain: that whole name, or another for a new document.",
        )
    return name


@lru_cache(_NAMES_KEPT)
def _folded(name: str) -> str:
    return fold(name)


@lru_cache(_NAMES_KEPT)
def _figures(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def _may_be_one(name: str, known: str, *, stated: bool) -> bool:
    """True when a new name may be meant for a known one.

    A stated name may be a part of it. A title may be the same in other words, where the figures in
    both are the same.
    """
    ours, theirs = _folded(name), _folded(known)
    if stated:
        return ours in theirs
    if _figures(name) != _figures(known):
        return False
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where a chain may be new

    shorter, longer = sorted((ours, theirs), key=len)
    if longer.startswith(shorter):
        return True
    match = SequenceMatcher(None, ours, theirs)
    # The first two are upper bounds, and quick: there may be thousands of names.
    bounds = (match.real_quick_ratio, match.quick_ratio, match.ratio)
    return all(bound() >= _LIKE for bound in bounds)


def canonical_key(book: Book, label: Label) -> Hashable:
    """Return the identity of a rung: two spellings of one label have the same."""
    label = book.meant(label)
    return same_rung_key(label, book.party(label.party))


@attrs.define
class _Known:
    """What is known of one rung, gathered from everything entered."""

    label: Label
    entry: int
    filing: Filing | None = None
    no_paper: NoPaper | None = None


@attrs.frozen
class _Table:
    """All rungs of a chain by their key, and how a printed label leads to one.

    `own` leads from the key of a label as printed to the key with what a person stated beside it
    (a date, a party), so that a later ladder's bare line means the same rung.
    """

    book: Book
    known: dict[Hashable, _Known]
    own: dict[Hashable, Hashable]

    def key(self, label: Label) -> Hashable:
        """Return the rung of a label."""
        key = canonical_key(self.book, label)
        return self.own.get(key, key)

    def shown(self, label: Label) -> str:
        """Return the label that the rung of a label has in the chain."""
        return self.known[self.key(label)].label.text

    def printed(self, filing: Filing) -> tuple[Hashable, ...]:
        """Return the rungs of a paper's ladder."""
        return tuple(self.key(read_label(text)) for text in filing.paper["ladder"])

    def ladder(self, filing: Filing) -> tuple[Hashable, ...]:
        """Return the same, with the paper itself added as the last where it is not among them."""
        return tuple(dict.fromkeys([*self.printed(filing), self.key(filing.label)]))


def build(
    book: Book, name: str, text_of: Callable[[str], str], shelf: Shelf | None = None
) -> Chain:
    """Build the chain of this name.

    Args:
        book: the journal, read.
        name: the chain's name, as in `book.names`.
        text_of: rebuilds the text with a digest.
        shelf: where what is worked out is kept, if anywhere.
    """
    filings = [filing for filing in book.filings(name) if not filing.base]
    table = _table(book, name, filings)
    known = table.known
    order = merge(
        [*(table.ladder(f) for f in filings), *_stated_places(table, name, filings)],
        _ranks(table).__getitem__,
    )
    rungs = tuple(_rung(book, known[key], n, text_of) for n, key in enumerate(order, start=1))
    at = {key: rung.revision for key, rung in zip(order, rungs, strict=True)}
    base = _base(book, name, text_of)
    doubts = (*_base_doubts(book, name, base), *_doubts(filings, table, at))
    return Chain(rungs, base=base, name=name, doubts=doubts, shelf=shelf)


def _base_doubts(book: Book, name: str, base: Rung | None) -> Iterator[Raised]:
    """What is entered of the base that cannot all be so."""
    filed = [filing.entry for filing in book.filings(name) if filing.base]
    if base is not None and len(filed) + book.is_new(name) > 1:
        said = " and ".join(map(str, filed))
        new = ", and that there was none" if book.is_new(name) else ""
        message = f"Its text is filed in entry {said}{new}; entry {filed[0]} is taken for it."
        yield Raised(base.revision, Doubt("two-bases", message))


def _ranks(table: _Table) -> dict[Hashable, int]:
    """Number the rungs by stated date; without one right after the rung that each is to follow.

    Without that either, in order of entry, after all that have a date.
    """
    by_entry = sorted(table.known, key=lambda key: _by_entry(table, key))
    followers: dict[Hashable, list[Hashable]] = {}
    for key in by_entry:
        followers.setdefault(_followed(table, key), []).append(key)
    firsts = sorted(followers.get(None, ()), key=lambda key: _by_date(table, key))
    ranks: dict[Hashable, int] = {}
    for first in (*firsts, *by_entry):  # the latter for those that follow each other in a circle
        waiting = [first]
        while waiting:
            key = waiting.pop()
            if key not in ranks:
                ranks[key] = len(ranks)
                waiting += reversed(followers.get(key, ()))
    return ranks


def _followed(table: _Table, key: Hashable) -> Hashable:
    """Return the rung after which one without a date is stated to stand, or None."""
    known = table.known[key]
    stated = known.filing or known.no_paper
    if known.label.dates or stated is None or not stated.after:
        return None
    before = table.key(read_label(stated.after))
    return before if before in table.known else None


def _by_entry(table: _Table, key: Hashable) -> tuple[int, str]:
    return table.known[key].entry, table.known[key].label.text


def _by_date(table: _Table, key: Hashable) -> tuple[str, int, str]:
    label = table.known[key].label
    if not label.dates:
        return _LATE, *_by_entry(table, key)
    return min(label.dates), _KIND_RANK.get(label.kind or "", 1), label.text


def _table(book: Book, name: str, filings: Sequence[Filing]) -> _Table:
    entered: list[Filing | NoPaper] = [*filings, *book.no_paper(name)]
    own = {
        canonical_key(book, read_label(one.label.text)): canonical_key(book, one.label)
        for one in entered
    }
    table = _Table(book, {}, own)
    for filing in filings:
        table.known[table.key(filing.label)] = _Known(filing.label, filing.entry, filing)
    for rung in book.no_paper(name):
        what = table.known.setdefault(table.key(rung.label), _Known(rung.label, rung.entry))
        what.no_paper = rung
    # Sorted, so that the spelling shown does not depend on the order of entry.
    for text, entry in sorted((text, f.entry) for f in filings for text in f.paper["ladder"]):
        label = book.meant(read_label(text))
        table.known.setdefault(table.key(label), _Known(label, entry))
    return table


def _stated_places(
    table: _Table, name: str, filings: Sequence[Filing]
) -> Iterator[tuple[Hashable, ...]]:
    """Rungs entered without a ladder: alone, or after the one that was stated."""
    placed: list[Filing | NoPaper] = [*filings, *table.book.no_paper(name)]
    for one in placed:
        before = table.key(read_label(one.after)) if one.after else None
        key = table.key(one.label)
        yield (before, key) if before in table.known else (key,)


def _rung(book: Book, known: _Known, n: int, text_of: Callable[[str], str]) -> Rung:
    reported_by = known.no_paper.reported_by if known.no_paper else ""
    revision = revision_of(
        known.label,
        n,
        on_file=known.filing is not None,
        party=book.party(known.label.party),
        reported_by=reported_by or None,
    )
    if known.filing is None:
        return Rung(revision)
    return _filed(revision, known.filing, text_of)


def _filed(revision: Revision, filing: Filing, text_of: Callable[[str], str]) -> Rung:
    """Return a rung whose text is rebuilt when something needs it."""
    said = filing.paper
    return Rung(
        revision,
        lambda: paper_of(filing, text_of(filing.text)),
        is_marked=any(kind != "kept" for kind, _ in said["runs"]),
        stated=f"{filing.text} {_marks(filing)}",
        raised=tuple(Doubt(*doubt) for doubt in said["doubts"]),
    )


def _marks(filing: Filing) -> str:
    """What tells papers of one text apart: their marks, and what those leave in doubt."""
    return digest(canonical({"runs": filing.paper["runs"], "doubts": filing.paper["doubts"]}))


def paper_of(filing: Filing, text: str) -> Paper:
    """Return what a filed paper says.

    Raises:
        RecordError: what was entered of it does not fit its text.
    """
    try:
        paper = paper_from(filing.paper, text)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"Entry {filing.entry}: its paper cannot be read.") from error
    if paper.text != text:
        raise RecordError(f"Entry {filing.entry}: its marks do not fit its text.")
    return paper


def _base(book: Book, name: str, text_of: Callable[[str], str]) -> Rung | None:
    filing = book.base(name)
    revision = Revision(BASE_LABEL, 0, kind="base", on_file=True)
    if filing is not None:
        stated = None if filing.label.text == BASE_LABEL else filing.label.text
        return _filed(attrs.evolve(revision, subject=stated), filing, text_of)
    return Rung.of(revision, Paper("text", ())) if book.is_new(name) else None


def _doubts(
    filings: Sequence[Filing], table: _Table, at: dict[Hashable, Revision]
) -> Iterator[Raised]:
    """What the papers of a chain, held beside each other, leave in doubt."""
    labels = {key: what.label for key, what in table.known.items()}
    by_rung = sorted(filings, key=lambda f: at[table.key(f.label)].rung)
    first = {filing.original: filing for filing in reversed(filings)}
    for filing in by_rung:
        revision = at[table.key(filing.label)]
        for message in _left_out(filing, table):
            yield Raised(revision, Doubt("two-papers", message))
        for message in _own_line(filing, table):
            yield Raised(revision, Doubt("ladder-end", message))
        for message in _against_longest(filing, by_rung, table, labels):
            yield Raised(revision, Doubt("ladder-contradicts", f"{message} {_ALIAS}"))
        for message in _place(filing, list(labels.values())):
            yield Raised(revision, Doubt("place-unknown", message))
        for other in _same_paper(filing, first):
            message = f"Its file is the same as that of “{other.label.text}”, byte for byte."
            yield Raised(revision, Doubt("same-paper", message))
    order = sorted(at, key=lambda key: at[key].rung)
    for key in order:
        if _DATE_LIKE.search(labels[key].text) and not labels[key].dates:
            message = "Its date is none that the calendar has, so it counts as not stated."
            yield Raised(at[key], Doubt("date-impossible", message))
    for n, before in backwards([labels[key] for key in order]):
        message = f"It is dated before “{before.text}”, which it follows."
        yield Raised(at[order[n]], Doubt("dated-backwards", message))


def _place(filing: Filing, labels: Sequence[Label]) -> Iterator[str]:
    """Why the place of a paper without a ladder is not known, if it is not."""
    if filing.paper["ladder"] or filing.after:
        return
    date = filing.label.date
    if len(filing.label.dates) > 1:
        yield f"Its date may be {' or '.join(filing.label.dates)}, and no ladder tells its place."
    elif date is None:
        yield "Neither ladder nor date tells its place; it stands in order of entry (see --after)."
    elif sum(label.date == date for label in labels) > 1:
        yield "It prints no ladder, and another rung has its date: which came first is not known."


def _same_paper(filing: Filing, first: Mapping[str, Filing]) -> Iterator[Filing]:
    """The paper that was first filed with the same bytes, under another label."""
    other = first[filing.original]
    if other is not filing:
        yield other


def _left_out(filing: Filing, table: _Table) -> Iterator[str]:
    """Why a filing is not in the chain, if another one has its rung."""
    other = table.known[table.key(filing.label)].filing
    if other is not None and other is not filing:
        yield (
            f"“{filing.label.text}” (entry {filing.entry}) is on file for this rung, too, by an "
            f"alias; only entry {other.entry} counts."
        )


def _own_line(filing: Filing, table: _Table) -> Iterator[str]:
    printed = table.printed(filing)
    if printed and printed[-1] != table.key(filing.label):
        yield f"Its ladder ends with “{filing.paper['ladder'][-1]}”, not with itself."


def _against_longest(
    filing: Filing, filings: Sequence[Filing], table: _Table, labels: dict[Hashable, Label]
) -> Iterator[str]:
    """How a paper's ladder contradicts the longest ladder on file."""
    if not filing.paper["ladder"]:
        return
    longest = max(filings, key=lambda f: len(f.paper["ladder"]))
    if longest is not filing:
        for what in contradictions(table.ladder(filing), table.ladder(longest), labels):
            yield f"Its ladder {what} (on “{longest.label.text}”)."
