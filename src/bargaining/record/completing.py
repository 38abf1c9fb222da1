"""Making: papers made whole before they are filed, which restate only what changes.

Strategy: all papers of one filing are put into the bargaining order first, with those on file, as
if they were entered already. Then each that is no whole text is made whole, in that order, of the
paper before it, which may be one of them. A whole paper that is far shorter than the one before it
is asked about. Nothing is written here: what cannot be made whole is told, and nothing hangs on it.

This module knows the catalogue and papers; what is made of them is for the readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from bargaining.chain import EXACT_FORMATS, Chain
from bargaining.errors import AskError, BargainingError, NotFoundError
from bargaining.labels import read_label, same_rung_key
from bargaining.model import BASE_LABEL, Doubt, MadeHow, MadeOf, Paper
from bargaining.patch import digest
from bargaining.readers.addresses import key_of
from bargaining.readers.amending import amend
from bargaining.readers.instructions import gives_instructions
from bargaining.readers.matching import Source
from bargaining.readers.pages import words_of
from bargaining.readers.restated import plain, refuse_elided, restate, stand_ins_of
from bargaining.record.catalogue import Catalogue, Filing
from bargaining.record.chains import in_order, paper_of
from bargaining.record.filing import Reading, prepare
from bargaining.text.clauses import clauses
from bargaining.text.words import cut
from bargaining.views.redline import set_text

if TYPE_CHECKING:
    from bargaining.record.transaction import Transaction


@attrs.frozen
class OnTable:
    """A paper that another can be made of, by its label."""

    label: str
    paper: Paper


Made: TypeAlias = "Reading | BargainingError"
DIVIDED: Final = "divided-word"  # the doubt that words of other papers may settle
_SHARE: Final = 3  # a paper with less than one word in three of the one before is far shorter
_GONE: Final = 3  # clauses that it lacks, at least


def told_of_words(transaction: Transaction, readings: Sequence[Reading]) -> list[Reading]:
    """Read papers again in which divided words are in doubt, with the words of their document."""
    found: list[Reading] = []
    for reading in readings:
        if not any(doubt.kind == DIVIDED for doubt in reading.paper.doubts):
            found.append(reading)
            continue
        beside = [other.paper for other in readings if other is not reading]
        words = frozenset[str]().union(
            *(words_of(_undoubted(paper)) for paper in beside),
            *(words_of(text) for text in _texts(transaction, reading)),
        )
        found.append(prepare(reading.submission, words))
    return found


def _undoubted(paper: Paper) -> str:
    """Return the text of a paper without the words that are divided in it, and in doubt."""
    text, at = [], 0
    for doubt in paper.doubts:
        if doubt.kind == DIVIDED and doubt.start >= at:
            text.append(paper.text[at : doubt.start])
            at = doubt.end
    return " ".join([*text, paper.text[at:]])


def _texts(transaction: Transaction, reading: Reading) -> list[str]:
    """Return what is on file of the document of a paper."""
    try:
        name = transaction.name(reading.chain, stated=bool(reading.submission.chain))
    except AskError:
        return []  # said when it is filed
    return [transaction.blobs.text(filing.text) for filing in transaction.catalogue.filings(name)]


def whole(transaction: Transaction, readings: Sequence[Reading]) -> list[Made]:
    """Make papers whole, in bargaining order; what cannot be is an error in its place.

    Args:
        transaction: the journal that they are to be entered in.
        readings: the papers.
    """
    made: list[Made] = list(readings)
    pending: dict[int, int] = {}  # by the number that its entry would have
    names: dict[str, None] = {}
    filings: list[Filing] = []
    for n, reading in enumerate(readings):
        try:
            name = transaction.name(reading.chain, stated=bool(reading.submission.chain))
        except AskError:
            continue  # said when it is filed
        names[name] = None
        known = transaction.catalogue.filing_under(
            name, reading.label, base=reading.submission.base
        )
        if known is None or reading.submission.correct or known.original != _digest(reading):
            filing = _as_if_filed(transaction.count + 1 + n, name, reading, known)
            filings.append(filing)
            pending[filing.entry] = n
    if filings:
        catalogue = transaction.with_filings(filings)
        for name in names:
            _Table(transaction, catalogue, name, made, pending).make()
    return made


def _digest(reading: Reading) -> str:
    return sha256(reading.submission.data).hexdigest()


def _as_if_filed(entry: int, chain: str, reading: Reading, known: Filing | None) -> Filing:
    """Return what the catalogue would have of a paper, as far as its place goes."""
    submission = reading.submission
    return Filing(
        entry=entry,
        entered="",
        by="",
        chain=chain,
        base=submission.base,
        label=reading.label,
        after=submission.after,
        original="",
        name=submission.name,
        text="",
        paper={"ladder": list(reading.paper.ladder)},
        corrects=known.entry if known is not None else None,
        inserted_by=None,
    )


class _Table:
    """One document, with the papers that are to be filed in it."""

    def __init__(
        self,
        transaction: Transaction,
        catalogue: Catalogue,
        name: str,
        made: list[Made],
        pending: Mapping[int, int],
    ) -> None:
        self.transaction, self.made, self.pending = transaction, made, pending
        self.base = catalogue.base(name)
        self.is_new = catalogue.is_new(name)
        self.order = in_order(catalogue, name)

    def make(self) -> None:
        """Make whole what is to be filed, one after the other."""
        for n, filing in enumerate(self.order):
            number = self.pending.get(filing.entry)
            reading = None if number is None else self.made[number]
            if number is None or not isinstance(reading, Reading):
                continue
            try:
                self.made[number] = self._made(reading, self.order[:n])
            except BargainingError as error:
                self.made[number] = error

    def _made(self, reading: Reading, before: Sequence[Filing]) -> Reading:
        submission, paper = reading.submission, reading.paper
        if submission.whole or submission.base:
            return attrs.evolve(reading, paper=plain(paper))
        last = self._named(reading) if submission.amends else self._last(before)
        if submission.amends is not None and gives_instructions(paper):
            return _amended(reading, last)
        if last is not None:
            refuse_elided(paper, _source(last, paper))
        said = stand_ins_of(paper)
        speaks = any(one.current for one, _ in said) and not submission.amends
        base = self._base(reading) if said and not submission.amends else None
        if base is not None and last is not None and last.label == base.label:
            base = None
        sources = [None if one is None else _source(one, paper) for one in (last, base)]
        found = restate(paper, *sources, partial=submission.partial)
        if found is None and submission.amends is not None:
            raise _amends_nothing()
        if found is None:
            if last is not None:
                refuse_far_shorter(reading, last)
            return attrs.evolve(reading, paper=plain(paper))
        if speaks and base is None and last is not None and last.label != BASE_LABEL:
            found = attrs.evolve(found, paper=_with_unknown_base(found.paper, last.label))
        return _with_made(reading, found.paper, "partial", found.of, (last, base))

    def _last(self, before: Sequence[Filing]) -> OnTable | None:
        """Return the last paper on file before one, else the base."""
        for filing in reversed(before):
            paper = self._paper(filing)
            if paper is not None:
                return OnTable(filing.label.text, paper)
        return self._base(None)

    def _paper(self, filing: Filing) -> Paper | None:
        """Return what a paper says; None for one that is not filed."""
        number = self.pending.get(filing.entry)
        if number is None:
            return paper_of(filing, self.transaction.blobs.text(filing.text))
        made = self.made[number]
        return made.paper if isinstance(made, Reading) else None

    def _base(self, without: Reading | None) -> OnTable | None:
        """Return the current language: filed, or declared by the marks of a paper."""
        if self.base is not None:
            paper = self._paper(self.base)
            return None if paper is None else OnTable(BASE_LABEL, paper)
        if self.is_new:
            return OnTable(BASE_LABEL, Paper("text", ()))
        others = [f for f in self.order if without is None or not self._is(f, without)]
        others = [f for f in others if f.entry not in self.pending or self._is_made(f)]
        papers = [(f.label.text, self._paper(f)) for f in others]
        chain = Chain.from_papers(papers)
        if chain.base_known != "declared":
            return None
        return OnTable(BASE_LABEL, chain.paper(BASE_LABEL))

    def _is(self, filing: Filing, reading: Reading) -> bool:
        number = self.pending.get(filing.entry)
        return number is not None and self.made[number] is reading

    def _is_made(self, filing: Filing) -> bool:
        """True for a paper that is whole, or was made whole."""
        made = self.made[self.pending[filing.entry]]
        if not isinstance(made, Reading):
            return False
        submission = made.submission
        stated = submission.partial or submission.amends is not None
        return bool(made.made_of) or not (stated or stand_ins_of(made.paper))

    def _named(self, reading: Reading) -> OnTable:
        """Return the paper that is stated to be amended.

        Raises:
            NotFoundError: there is none.
            AskError: several fit.
        """
        name = reading.submission.amends or ""
        if name.casefold() == BASE_LABEL:
            base = self._base(reading)
            if base is None:
                raise NotFoundError(
                    "The base is not on file, and no paper's marks declare it.",
                    hint="File the current language with --base.",
                )
            return base
        rest = [f for f in self.order if not self._is(f, reading)]
        found = next(filter(None, (_fitting(rest, name, way) for way in _WAYS)), [])
        labels = ", ".join(f"“{f.label.text}”" for f in found or rest)
        if len(found) > 1:
            raise AskError(f"“{name}” may be {labels}.", hint="Give more of the label.")
        paper = self._paper(found[0]) if found else None
        if paper is None:
            raise NotFoundError(
                f"There is no paper “{name}” that could be amended.", hint=f"There are {labels}."
            )
        return OnTable(found[0].label.text, paper)


_WAYS: Final[tuple[Callable[[str, str], bool], ...]] = (
    lambda label, name: label.casefold() == name.casefold(),
    lambda label, name: _key(label) == _key(name),
    lambda label, name: name.casefold() in label.casefold(),
)


def _key(label: str) -> tuple[object, ...]:
    read = read_label(label)
    return same_rung_key(read, read.party)


def _fitting(filings: Sequence[Filing], name: str, way: Callable[[str, str], bool]) -> list[Filing]:
    return [filing for filing in filings if way(filing.label.text, name)]


def _source(one: OnTable, paper: Paper) -> Source:
    """Return a text as one that the clauses of a paper can be held against."""
    return Source(one.label, like(one.paper, paper.format), one.paper.title)


def like(paper: Paper, format_: str) -> str:
    """Return the text of a paper with the paragraphs of another format.

    Args:
        paper: the paper.
        format_: the format.
    """
    exact = paper.format in EXACT_FORMATS
    if exact == (format_ in EXACT_FORMATS):
        return paper.text
    if exact:
        return paper.text.replace("\v", "\n")
    return set_text(paper.text, exact=False).removesuffix("\n").replace("\n", "\n\n")


def _with_made(
    reading: Reading,
    paper: Paper,
    how: MadeHow,
    labels: Sequence[str],
    of: Sequence[OnTable | None],
) -> Reading:
    """Return a reading with the paper that was made whole, and what it was made of."""
    texts = {one.label: one.paper.text for one in of if one is not None}
    made_of = tuple(MadeOf(label, how, digest(texts[label])) for label in labels)
    return attrs.evolve(reading, paper=paper, made_of=made_of)


def _amended(reading: Reading, last: OnTable | None) -> Reading:
    """Apply the instructions of a paper.

    Raises:
        AskError: there is no paper before it, or an instruction does not fit it.
    """
    if last is None:
        raise AskError(
            "It gives instructions, and no paper that they could be for is on file.",
            hint="File that paper first; the current language with --base.",
        )
    paper = amend(reading.paper, _source(last, reading.paper))
    return _with_made(reading, paper, "amends", (last.label,), (last,))


def made_whole(paper: Paper, label: str, before: Paper) -> tuple[Paper, tuple[MadeOf, ...]]:
    """Make a paper whole of another, by what it says alone.

    Args:
        paper: the paper.
        label: what to call the other.
        before: the other.

    Raises:
        AskError: it cannot be made whole of that.
    """
    source = Source(label, like(before, paper.format), before.title)
    how: MadeHow = "amends" if gives_instructions(paper) else "partial"
    if how == "amends":
        found: Paper | None = amend(paper, source)
    else:
        whole_ = restate(paper, source)
        found = None if whole_ is None else whole_.paper
    made_of = (MadeOf(label, how, digest(before.text)),)
    return (plain(paper), ()) if found is None else (found, made_of)


def _amends_nothing() -> AskError:
    return AskError(
        "No instruction in it is understood, and nothing stands for text of an earlier paper.",
        hint="Instructions quote the words that go and come: in 1.0, strike “eight” and insert "
        "“nine”. If it restates only what changes, say --partial; if it is the whole text, leave "
        "--amends out.",
    )


def _with_unknown_base(paper: Paper, label: str) -> Paper:
    message = f"The current language is not on file: that of {label} is taken for it."
    return attrs.evolve(paper, doubts=(*paper.doubts, Doubt("base-unknown", message)))


def refuse_far_shorter(reading: Reading, last: OnTable) -> None:
    """Refuse to take a paper for the whole text that is far shorter than the one before it.

    Raises:
        AskError: it is, and shows nothing of the rest as struck.
    """
    paper, label = reading.paper, reading.label
    if label.state == "withdrawn":
        return
    shown = [paper.text, paper.base_text or ""]
    words, before = max(len(text.split()) for text in shown), len(last.paper.text.split())
    if words * _SHARE >= before:
        return
    cut_ = _addresses if len(_addresses(last.paper.text)) > _GONE else _paragraphs
    there = {one for text in shown for one in cut_(text)}
    gone = [one for one in cut_(last.paper.text) if one not in there]
    if len(gone) >= _GONE:
        raise AskError(
            f"It has {words} words and lacks {len(gone)} clauses of “{last.label}”, which has "
            f"{before} words; nothing shows them as struck.",
            hint="If it restates only what changes, say --partial; if it is the whole text and "
            "strikes the rest, say --whole.",
        )


def _addresses(text: str) -> tuple[object, ...]:
    return tuple(dict.fromkeys(key_of(clause.address) for clause in clauses(text)))


def _paragraphs(text: str) -> tuple[object, ...]:
    return tuple(dict.fromkeys(cut(part.strip()).keys for part in text.split("\n\n")))
