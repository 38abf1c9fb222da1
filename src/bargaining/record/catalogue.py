"""The catalogue: what the entries of a journal say, sorted by document.

Strategy: entries are read once: aliases, sides, filings (the latest correction of each), rungs
without a paper, articles declared new. What was retracted is left out. Names are told apart here:
of parties and labels by aliases, of documents by their letters.

This module knows entries, and no texts; the order of bargaining is for `chains`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, Self

import attrs

from bargaining.errors import AskError, RecordError
from bargaining.labels import Label, read_label, same_rung_key
from bargaining.labels.parties import side_of
from bargaining.model import BASE_LABEL, Doubt, MadeOf, Paper, Part, Run
from bargaining.record.journal import Entry, Withdrawals
from bargaining.text.words import fold

_LIKE: Final = 0.85  # of 1: how alike two titles are that may be one
_NAMES_KEPT: Final = 1 << 16
_FAR: Final = 100  # names, each meaning the next: followed so far


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
        made_of: the texts of which its text was made, where its paper restates only what changes.
        because: why its party proposed what it does, as it was stated; or empty.
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
    made_of: tuple[MadeOf, ...] = ()
    because: str = ""

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
                made_of=tuple(MadeOf(**one) for one in body.get("made_of", ())),
                because=body.get("because", ""),
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


class Catalogue:
    """Everything that the journal, or a part of it, says, sorted by chain."""

    def __init__(self) -> None:
        """Start empty; use `Catalogue.read`."""
        self.names: dict[str, None] = {}  # in the order in which entries first spoke of them
        self._aliases: dict[str, str] = {}
        self._sides: dict[str, str] = {}
        self._filings: dict[str, list[Filing]] = {}
        self._no_paper: dict[str, list[NoPaper]] = {}
        self.new: dict[str, int] = {}  # by which entry each was declared new
        self._corrected: set[int | None] = set()

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> Self:
        """Read a journal.

        Raises:
            RecordError: an entry is of a kind that this format does not have.
        """
        catalogue = cls()
        journal = tuple(entries)
        retracted = Withdrawals.of(journal).retracted
        for entry in journal:
            if entry.seq not in retracted:
                catalogue.take(entry)
        return catalogue

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
            if entry.kind == "side":
                self._sides[body["party"].casefold()] = body["side"]
                return
            if entry.kind == "filing":
                self.take_filing(Filing.from_entry(entry))
            elif entry.kind == "rung":
                label = label_from(body["label"])
                rung = NoPaper(entry.seq, body["chain"], label, body["after"], body["reported_by"])
                self._no_paper.setdefault(rung.chain, []).append(rung)
            elif entry.kind == "new":
                self.new.setdefault(body["chain"], entry.seq)
            else:
                raise RecordError(f"Entry {entry.seq} is of an unknown kind.")
            self.names.setdefault(body["chain"])
        except (KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"Entry {entry.seq} lacks something that it needs.") from error

    def take_filing(self, filing: Filing) -> None:
        """Take in one more paper."""
        self._filings.setdefault(filing.chain, []).append(filing)
        self._corrected.add(filing.corrects)
        self.names.setdefault(filing.chain)

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
        return chain in self.new

    def mentioning(self, name: str) -> Iterator[str]:
        """Yield the chains in which a party or a label could be meant by a name."""
        wanted = name.casefold()
        for chain in self.names:
            entered: list[Filing | NoPaper] = [*self.filings(chain), *self.no_paper(chain)]
            said = [text for one in entered for text in (one.label.text, one.label.party or "")]
            ladders = [rung for filing in self.filings(chain) for rung in filing.paper["ladder"]]
            if any(wanted in text.casefold() for text in (*said, *ladders)):
                yield chain

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

    def states_side(self, party: str) -> bool:
        """True where it was entered whose side a party is on."""
        return party.casefold() in self._sides

    def side(self, party: str | None) -> str | None:
        """Return whose side a party is on, as it was stated; else as its name says, else itself.

        It may be stated by another party, whose side is then asked for; not in a circle.
        """
        seen: set[str] = set()
        while party is not None and party.casefold() in self._sides.keys() - seen:
            seen.add(party.casefold())
            party = self.party(self._sides[party.casefold()])
        return party and (side_of(party) or party)


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
            asks="chain",
            suggested=like,
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


def canonical_key(catalogue: Catalogue, label: Label) -> Hashable:
    """Return the identity of a rung: two spellings of one label have the same."""
    label = catalogue.meant(label)
    return same_rung_key(label, catalogue.party(label.party))


# Labels and papers as the plain JSON of an entry, and back.


def label_json(label: Label) -> dict[str, Any]:
    """Return the label as JSON values, unstated fields left out."""
    values = attrs.asdict(label)
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items() if v}


def label_from(values: dict[str, Any]) -> Label:
    """Return the label that `label_json` wrote."""
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return Label(**fields)


def paper_json(paper: Paper) -> dict[str, Any]:
    """Return what a paper says beside its text, as JSON values.

    Runs that stand in the text are written as their size, the others as their text.
    """
    in_text = {"kept", "inserted"}
    return {
        "format": paper.format,
        "title": list(paper.title),
        "ladder": list(paper.ladder),
        "runs": [[r.kind, len(r.text) if r.kind in in_text else r.text] for r in paper.runs],
        "parts": [list(attrs.astuple(part)) for part in paper.parts],
        "doubts": [list(attrs.astuple(doubt)) for doubt in paper.doubts],
        **({"levels": [list(level) for level in paper.levels]} if paper.levels else {}),
    }


def paper_from(values: dict[str, Any], text: str) -> Paper:
    """Return the paper that `paper_json` wrote, around its text.

    Raises:
        ValueError: a run goes beyond the text.
    """
    runs: list[Run] = []
    at = 0
    for kind, content in values["runs"]:
        if isinstance(content, int):
            if content > len(text) - at:
                raise ValueError("a run goes beyond the text")
            runs.append(Run(kind, text[at : at + content]))
            at += content
        else:
            runs.append(Run(kind, content))
    return Paper(
        format=values["format"],
        runs=tuple(runs),
        title=tuple(values["title"]),
        ladder=tuple(values["ladder"]),
        parts=tuple(Part(*part) for part in values["parts"]),
        doubts=tuple(Doubt(*doubt) for doubt in values["doubts"]),
        levels=tuple((at, level) for at, level in values.get("levels", ())),
    )
