"""Filing: what a paper is filed as, and how that is written in an entry.

Strategy: what the person states wins over what the paper says, and what neither says is asked for
or left unstated; nothing is made up.

This module knows papers and labels; it does not know the database.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final

import attrs

from bargaining.errors import AskError, PaperError
from bargaining.labels import Label, read_dates, read_label
from bargaining.model import BASE_LABEL, Doubt, MadeOf, Paper, Run
from bargaining.readers import read
from bargaining.readers.instructions import refuse_instructions
from bargaining.record.naming import Named, document_of, label_of, stamped_state
from bargaining.text.clauses import clauses

_HEAD: Final = re.compile(r"[^\n]+\n\s*(?=\S)")


@attrs.frozen(kw_only=True)
class Submission:
    """One paper to be filed, and what the person says of it.

    Attributes:
        data: the bytes of the document.
        name: its file name, kept with it; the ending tells the format.
        label: the label, where the paper's ladder does not end with it.
        party: who proposed it.
        kind: proposal, counter, …
        date: the date of exchange, in any form that labels have.
        chain: the document it belongs to; the title otherwise, then the file name.
        base: True for the current language, before rung 1.
        after: the label of the rung that it follows, where neither ladder nor date tells.
        format: the name of a reader.
        inserted_by: which marks mean inserted; None as in `bargaining.read`.
        keep_unclosed: file it even if a mark does not close; the sign is then text.
        correct: put it in the place of what is on file under its label.
        amends: the label of the paper that it amends, or of which it restates only what changes;
            empty for the paper before it. Instructions are applied only where this is stated.
        partial: what it does not mention stays, though it does not say so.
        whole: it is the whole text, and nothing in it stands for other text.
        part: the article of it that is this document's, where it is a package over several.
        because: why its party proposes what it does, such as what it struck.
    """

    data: bytes
    name: str = ""
    label: str | None = None
    party: str | None = None
    kind: str | None = None
    date: str | None = None
    chain: str | None = None
    base: bool = False
    after: str | None = None
    format: str | None = None
    inserted_by: Collection[str] | None = None
    keep_unclosed: bool = False
    correct: bool = False
    amends: str | None = None
    partial: bool = False
    whole: bool = False
    part: str | None = None
    because: str = ""


@attrs.frozen
class Reading:
    """A submission that was read and has everything that filing needs.

    Attributes:
        submission: the submission.
        paper: what it says, or the whole that was made of it.
        label: what it is filed under.
        chain: the document that it belongs to.
        made_of: the texts of which it was made whole.
        sources: what of these was taken from elsewhere than a ladder, a title's subject or what the
            person stated, such as `"label from its title"`.
    """

    submission: Submission
    paper: Paper
    label: Label
    chain: str
    made_of: tuple[MadeOf, ...] = ()
    sources: tuple[str, ...] = ()


def prepare(submission: Submission, known: Collection[str] = ()) -> Reading:
    """Read a submission and settle what it is filed as.

    Args:
        submission: the paper, and what a person says of it.
        known: as in `bargaining.read`.

    Raises:
        PaperError: it cannot be read, a mark in it does not close, or it gives instructions, and it
            is not stated what they are for.
        AskError: it has no label or no chain, or its date cannot be read.
    """
    paper = read(
        submission.data,
        name=submission.name,
        format=submission.format,
        inserted_by=submission.inserted_by,
        known=known,
    )
    _refuse_unclosed(paper, submission)
    if submission.part is not None:
        paper = part_of(paper, submission.part)
    if submission.amends is None and not submission.whole:
        refuse_instructions(paper)
    named = _named(submission, paper)
    chain, sources = chain_name(submission, paper, named.label)
    paper = attrs.evolve(paper, doubts=(*paper.doubts, *named.doubts))
    said = _said_once(*named.sources, *sources)
    return Reading(submission, paper, named.label, chain, sources=said)


def part_of(paper: Paper, article: str) -> Paper:
    """Return what a paper says in one article, which is a document of its own.

    What is struck where the article begins or ends goes with the words before it. The heading of
    the article, where nothing in it is marked, is of the title, as on a paper of that article.

    Args:
        paper: the paper.
        article: the address of the article, such as `Article 5`.

    Raises:
        AskError: there is no such article.
    """
    found = [c for c in clauses(paper.text, dict(paper.levels)) if _is_in(c.address, article)]
    if not found:
        raise AskError(f"The paper has no “{article}”.", hint="Correct it under “part”.")
    start, end = found[0].start, found[-1].end
    title = _heading(paper, start, end)
    start += len(title)
    runs: list[Run] = []
    at = 0
    for run in paper.runs:
        if run.kind in {"kept", "inserted"}:
            inner = run.text[max(start - at, 0) : max(end - at, 0)]
            runs += [attrs.evolve(run, text=inner)] if inner else []
            at += len(run.text)
        elif start < at <= end:
            runs.append(run)
    own = (d for d in paper.doubts if d.start == d.end or start <= d.start < end)
    package = Doubt(
        "package-part",
        f"It is {article} of a package: what it offers may hold for all of that only.",
    )
    doubts = [package, *own]
    return attrs.evolve(
        paper,
        title=(*paper.title, *filter(None, [title.strip()])),
        runs=tuple(_stripped(runs)),
        doubts=tuple(_moved(doubt, start) for doubt in doubts),
        levels=tuple((at - start, level) for at, level in paper.levels if start <= at < end),
    )


def _heading(paper: Paper, start: int, end: int) -> str:
    """Return the line that heads an article, with the spacing behind it, if it is kept as it was.

    It is empty where something in the line is marked, or nothing stands behind it.
    """
    head = _HEAD.match(paper.text, start, end)
    if head is None:
        return ""
    at = 0
    for run in paper.runs:
        if run.kind in {"struck", "dropped"}:
            touches = start < at < head.end()
        else:
            at, before = at + len(run.text), at
            touches = run.kind == "inserted" and before < head.end() and at > start
        if touches:
            return ""
    return head[0]


def _is_in(address: str, article: str) -> bool:
    return address == article or address.startswith(f"{article}, ")


def _stripped(runs: Sequence[Run]) -> Sequence[Run]:
    """Leave out the spacing behind the last words."""
    kept = list(runs)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[-1] = attrs.evolve(kept[-1], text=kept[-1].text.rstrip())
    return kept


def _moved(doubt: Doubt, start: int) -> Doubt:
    if doubt.start == doubt.end:
        return doubt
    return attrs.evolve(doubt, start=doubt.start - start, end=doubt.end - start)


def _said_once(*sources: str) -> tuple[str, ...]:
    """Join what is from one place: `label from its title`, `document from its title`."""
    places: dict[str, list[str]] = {}
    for source in sources:
        what, _, place = source.partition(" from ")
        places.setdefault(place, []).append(what)
    return tuple(f"{' and '.join(what)} from {place}" for place, what in places.items())


def _refuse_unclosed(paper: Paper, submission: Submission) -> None:
    unclosed = next((d for d in paper.doubts if d.kind == "unclosed-mark"), None)
    if unclosed is not None and not submission.keep_unclosed:
        raise PaperError(
            f"Line {unclosed.line}: {unclosed.message}",
            hint="Close it, or file the sign as text with --keep-unclosed.",
        )


def _named(submission: Submission, paper: Paper) -> Named:
    """Return the label: as stated, else as the paper says.

    Raises:
        AskError: there is none, or a stated date is none.
    """
    if submission.base:
        text = submission.label or BASE_LABEL
        return Named(attrs.evolve(read_label(text), text=text, kind="base"))
    stated = submission.label if submission.label and submission.label.strip() else None
    named = Named(read_label(stated)) if stated else label_of(paper, submission.name)
    if named.label.text.casefold() == BASE_LABEL:
        raise AskError("“base” is the current language.", hint="File it with --base.")
    label = overridden(named.label, submission.party, submission.kind, submission.date)
    if label.state is None and label.kind != "supposal":
        label = attrs.evolve(label, state=stamped_state(paper))
    return attrs.evolve(named, label=label, doubts=() if submission.date else named.doubts)


def overridden(label: Label, party: str | None, kind: str | None, date: str | None) -> Label:
    """Return the label with what the person states in the place of what it says.

    Raises:
        AskError: the stated date cannot be read, or is ambiguous.
    """
    stated: dict[str, Any] = {}
    if party:
        stated["party"] = party
    if kind:
        stated["kind"] = kind
    if date:
        dates = read_dates(date)
        if len(dates) != 1:
            raise AskError(f"“{date}” is not one date.", hint="Write it as 2025-05-19.")
        stated["dates"] = dates
    return attrs.evolve(label, **stated)


def restated(label: Label, before: Label) -> Label:
    """Return a corrected label, with what was stated before where nothing is stated now."""
    old = {key: value for key, value in attrs.asdict(before).items() if value}
    new = {key: value for key, value in attrs.asdict(label).items() if value}
    return Label(**{**old, **new})


def chain_name(submission: Submission, paper: Paper, label: Label) -> tuple[str, tuple[str, ...]]:
    """Return the name of the chain, as stated or as the paper says, and what the latter is from.

    Raises:
        AskError: nothing says it.
    """
    if submission.chain and submission.chain.strip():
        return " ".join(submission.chain.split()), ()
    name, sources = document_of(paper, label, submission.name)
    return " ".join(name.split()), sources
