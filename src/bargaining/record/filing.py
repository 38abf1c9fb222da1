"""Filing: what a paper is filed as, and how that is written in an entry.

Strategy: what the person states wins over what the paper says, and what neither says is asked for
or left unstated; nothing is made up.

This module knows papers and labels; it does not know the database.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePath
from typing import Any, Final

import attrs

from bargaining.errors import AskError, PaperError
from bargaining.labels import Label, is_rung, read_dates, read_label
from bargaining.model import BASE_LABEL, MadeOf, Paper
from bargaining.readers import read
from bargaining.readers.instructions import refuse_instructions

_DOCUMENT_KIND: Final = re.compile(
    r"^(?:memorand(?:um|a) of (?:understanding|agreement)|side ?letter|m\.?o\.?[ua]\.?|"
    r"tentative agreement|(?:counter[ -]?)?proposal)\W*(?=[A-Z]|$)",
    re.IGNORECASE,
)
_NAME: Final = r"(?:the\s+)?([A-Z][^,.;:()]{2,80}?)\s*(?:\([^)]{1,40}\))?"
_PARTIES: Final = re.compile(
    rf"\b(?:between|by)\s+{_NAME}\s*\band\s+{_NAME}"
    r"(?=\s+(?:regarding|concerning|on|for|and|to|that)\b|\s*[,.;:])"
)


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


@attrs.frozen
class Reading:
    """A submission that was read and has everything that filing needs.

    Attributes:
        submission: the submission.
        paper: what it says, or the whole that was made of it.
        label: what it is filed under.
        chain: the document that it belongs to.
        made_of: the texts of which it was made whole.
    """

    submission: Submission
    paper: Paper
    label: Label
    chain: str
    made_of: tuple[MadeOf, ...] = ()


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
    if submission.amends is None and not submission.whole:
        refuse_instructions(paper)
    return Reading(
        submission, paper, stated_label(submission, paper), chain_name(submission, paper)
    )


def _refuse_unclosed(paper: Paper, submission: Submission) -> None:
    unclosed = next((d for d in paper.doubts if d.kind == "unclosed-mark"), None)
    if unclosed is not None and not submission.keep_unclosed:
        raise PaperError(
            f"Line {unclosed.line}: {unclosed.message}",
            hint="Close it, or file the sign as text with --keep-unclosed.",
        )


def stated_label(submission: Submission, paper: Paper) -> Label:
    """Return the label: as stated, else the last rung of the paper's ladder.

    Raises:
        AskError: there is none, or a stated date is none.
    """
    if submission.base:
        label = read_label(submission.label or BASE_LABEL)
        return attrs.evolve(label, text=submission.label or BASE_LABEL, kind="base")
    text = submission.label or (paper.ladder[-1] if paper.ladder else None)
    if text is None or not text.strip():
        raise AskError(
            "The paper prints no ladder, so its label is not known.",
            hint='State it: --label "Union Counter 5-19-25", or --base for the current language.',
        )
    label = read_label(text)
    if submission.label is None and label.kind is None and label.party is None:
        raise AskError(
            f"The last line of the ladder, “{label.text}”, is not understood as a label.",
            hint='State it: --label "Union Counter 5-19-25".',
        )
    if text.strip().casefold() == BASE_LABEL:
        raise AskError("“base” is the current language.", hint="File it with --base.")
    return overridden(label, submission.party, submission.kind, submission.date)


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


def chain_name(submission: Submission, paper: Paper) -> str:
    """Return the name of the chain: as stated, else the title's subject, else the file's name.

    Raises:
        AskError: none of them is there.
    """
    name = submission.chain or subject(paper) or PurePath(submission.name).stem
    if not name.strip():
        raise AskError(
            "The paper has no title, so it is not known which document it belongs to.",
            hint='State it: --chain "Class Size".',
        )
    return " ".join(name.split())


def subject(paper: Paper) -> str:
    """Return what the title says the document is about, or an empty string.

    That is the last line of the title block, without the kind of document and without the names of
    the parties where the preamble spells them out.
    """
    for line in reversed([line for line in paper.title if not _names_two_rungs(line)]):
        rest = _without_parties(_DOCUMENT_KIND.sub("", line).strip(), paper.text)
        if rest:
            return rest
    return ""


def _names_two_rungs(line: str) -> bool:
    """True for the line of a redline that says what is compared: `A against B`."""
    newer, _, older = line.partition(" against ")
    return is_rung(newer) and (is_rung(older) or older == "current language")


def _without_parties(line: str, text: str) -> str:
    found = _PARTIES.search(" ".join(text[:2000].split()))
    names = found.groups() if found else ()
    pattern = r"(?:the )?{} and (?:the )?{}\W*"
    for pair in (names, names[::-1]):
        if pair:
            line = re.sub(pattern.format(*map(re.escape, pair)), "", line, flags=re.IGNORECASE)
    halves = line.split(" and ")
    is_parties = len(halves) == 2 and all(_PARTY_WORD.search(half) for half in halves)  # noqa: PLR2004
    return "" if is_parties else line


_PARTY_WORD: Final = re.compile(
    r"\b(?:district|union|teachers|association|university|federation|local \d+|board|college|"
    r"county|city|employees|faculty|schools)\b",
    re.IGNORECASE,
)
