"""Naming: what a paper is called by what it prints, and which document it belongs to.

Strategy: the last line of its ladder is its label; without a ladder, what its title block or the
subject of its e-mail says, where that identifies it: a kind with a date or a number. Nothing is put
together from a file's name. Where a part of the name comes from elsewhere than ladder and title,
the answer has that as a source, and a date of a header as a doubt.

This module knows papers and labels; it knows neither records nor what a person states.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

import attrs

from bargaining.errors import AskError
from bargaining.labels import Label, is_rung, read_dates, read_label
from bargaining.labels.dates import DATE
from bargaining.labels.kinds import (
    MOST_LINES,
    Title,
    read_title,
    sort_of,
    stamps_of,
    without_dates,
)
from bargaining.model import BASE_LABEL, Doubt, Paper
from bargaining.readers.layout import bare
from bargaining.readers.mail import Header, read_headers

_EXAMPLE: Final = "Union Counter 5-19-25"
_LONGEST: Final = 12  # words in the subject of an e-mail that names a document
_SIDES: Final = frozenset(
    "association board college company district employer management union university".split()
)
_CURRENT: Final = re.compile(  # in the name of a file
    r"\b(?:contract|c\.?b\.?a|base"
    r"|(?:current|existing)(?:[ -](?:language|text|contract|agreement))?)\b",
    re.IGNORECASE,
)
_STAMPED: Final = frozenset({"off the record", "non-binding"})
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


@attrs.frozen
class Named:
    """The label of a paper, and where it comes from.

    Attributes:
        label: the label.
        sources: what of it comes from elsewhere than a ladder.
        doubts: what is taken that may be meant otherwise.
    """

    label: Label
    sources: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@attrs.frozen
class _Face:
    """What a paper says of itself beside its ladder."""

    title: Title
    subject: str  # of its e-mail
    sender: str
    sent: str  # the one day on which its e-mail was sent, or empty
    answers: bool = False  # whether that subject is of the e-mail that it answers


def _face(paper: Paper) -> _Face:
    lines = [bare(part.text) for part in paper.parts if part.kind == "header"]
    headers = read_headers(lines)
    days = {header.date.split(" ")[0] for header in headers if header.date}
    sent = next((h.date for h in reversed(headers) if h.date), "") if len(days) == 1 else ""
    told = _telling(headers)
    return _Face(read_title(paper.title), told.subject, told.sender, sent, told.answers)


def _telling(headers: tuple[Header, ...]) -> Header:
    """Return the header nearest to the paper whose subject is a label, else that has a subject."""
    with_subject = [header for header in reversed(headers) if header.subject]
    labels = (header for header in with_subject if read_label(header.subject).kind)
    return next(labels, next(iter(with_subject), Header()))


def label_of(paper: Paper, file: str) -> Named:
    """Return what a paper that no label was stated for calls itself.

    Args:
        paper: what it says.
        file: the name of its file, from which only a suggestion is made.

    Raises:
        AskError: it does not say, or not certainly.
    """
    face = _face(paper)
    if paper.ladder:
        return _of_ladder(paper.ladder[-1], face)
    title, subject = face.title.label, _of_subject(face)
    for label, source in (
        (title, "label from its title"),
        (subject, "label from its subject line"),
    ):
        if label is None:
            continue
        if _identifies(label):
            if label is subject and face.answers:
                raise AskError(
                    f"Its e-mail answers “{label.text}”, so its own label is not known.",
                    hint=f'State it: --label "{_EXAMPLE}".',
                    asks="label",
                )
            return Named(label, (source,))
        if not label.dates and face.sent and label.kind:
            dated = read_label(f"{label.text} {face.sent}")
            return Named(dated, (source,), (_sent(face.sent),))
    raise _unnamed(face, title or subject, file)


def stamped_state(paper: Paper) -> str | None:
    """Return what the title of a paper says of its force, if it is stamped with nothing else.

    `OFF THE RECORD`, `NON-BINDING` and `SUPPOSAL` stand on papers whose ladder does not say it.
    """
    lines = paper.title[-MOST_LINES:]
    stamps = (one for line in lines if sort_of(line) == "stamp" for one in stamps_of(line))
    for read in map(read_label, (*lines, *stamps)):
        if read.party or read.dates or read.number or read.subject:
            continue
        if read.state in _STAMPED:
            return read.state
        if read.kind == "supposal":
            return "non-binding"
    return None


def _of_ladder(text: str, face: _Face) -> Named:
    label = read_label(text)
    if label.kind is None and label.party is None:
        raise AskError(
            f"The last line of the ladder, “{label.text}”, is not understood as a label.",
            hint=f'State it: --label "{_EXAMPLE}".',
            asks="label",
        )
    if label.dates or re.search(r"\d[-/.]\d", text):
        return Named(label)
    for day, source in ((face.title.date, "date from its title"), (face.sent, "")):
        dates = read_dates(day)
        if dates:
            dated = attrs.evolve(label, dates=dates, time=label.time or read_label(day).time)
            return Named(dated, (source,)) if source else Named(dated, doubts=(_sent(day),))
    return Named(label)


def _of_subject(face: _Face) -> Label | None:
    """Return the subject of an e-mail as a label, if it is one.

    Who sent it is its party only where that is a side by name: a person may speak for anybody.
    """
    label = read_label(face.subject)
    if label.kind in {None, "base"}:
        return None
    side = face.sender.removeprefix("The ").removeprefix("the ")
    if label.party is None and side.casefold() in _SIDES:
        with_side = read_label(f"{side} {label.text}")
        return with_side if with_side.party == side else label
    return label


def _identifies(label: Label) -> bool:
    return label.kind not in {None, "base"} and bool(label.dates or label.number)


def _sent(day: str) -> Doubt:
    message = f"Its label has no date: that of its header, {day}, is taken."
    return Doubt("sent-date", message)


def _unnamed(face: _Face, named: Label | None, file: str) -> AskError:
    """Return the question for the label, with what can be suggested."""
    stem = _words_of(file)
    if named is not None:
        why = f"and its title or subject line, “{named.text}”, has no date"
        suggested = f"{named.text} {face.title.date or face.sent or '6-3-25'}"
    elif read_label(stem).kind not in {None, "base"}:
        why, suggested = "so its label is not known; its file's name may say it", stem
    elif _CURRENT.search(stem):
        return AskError(
            "The paper prints no ladder; by its file's name it may be the current language.",
            hint=f'State it: --base, or --label "{_EXAMPLE}".',
            asks="label",
            suggested=BASE_LABEL,
        )
    elif face.title.date:
        why = f"and its title has a date, “{face.title.date}”, but no kind"
        suggested = f"Union Counter {face.title.date}"
    else:
        why, suggested = "so its label is not known", _EXAMPLE
    shown = suggested.replace('"', "'")
    return AskError(
        f"The paper prints no ladder, {why}.",
        hint=f'State it: --label "{shown}", or --base for the current language.',
        asks="label",
        suggested="" if suggested == _EXAMPLE else shown,
    )


def _words_of(file: str) -> str:
    """Return a file's name as words, without its ending."""
    return " ".join(PurePath(file).stem.replace("_", " ").split())


def document_of(paper: Paper, label: Label, file: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of the document that a paper belongs to, and the source if it is no title.

    Args:
        paper: what it says.
        label: the label that it is filed under.
        file: the name of its file.

    Raises:
        AskError: neither title, subject, label nor file name it.
    """
    face = _face(paper)
    if name := subject(paper, label):
        return name, ()
    subject_of_mail = read_label(face.subject)
    about = "" if subject_of_mail.kind else face.subject
    is_short = len(about.split()) <= _LONGEST and sort_of(about) == "subject"
    about = subject_of_mail.subject or (about if is_short else "") or _behind_date(face.subject)
    for name, source in ((about, "subject line"), (label.subject or "", "label")):
        if name:
            return name, (f"document from its {source}",)
    return _of_file(file)


def _behind_date(line: str) -> str:
    """Return what stands behind `District Counter 6-2-25`, where that may be a subject."""
    date = next(iter([*DATE.finditer(line)][-1:]), None)
    about = line[date.end() :].strip(" ,;:–—-|()") if date and read_label(line).kind else ""
    words = about.split()
    is_name = 0 < len(words) <= _LONGEST and words[0][:1].isupper()
    return about if is_name and sort_of(about) == "subject" else ""


def _of_file(file: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a file as that of a document, unless it says what paper it is."""
    stem, words = PurePath(file).stem, _words_of(file)
    if words and sort_of(words) == "subject":
        return stem, ("document from its file's name",)
    named = read_label(words).subject
    raise AskError(
        "The paper has no title, so it is not known which document it belongs to.",
        hint=f'State it: --chain "{named or "Class Size"}".'.replace('""', '"'),
        asks="chain",
        suggested=named or "",
    )


def subject(paper: Paper, label: Label | None = None) -> str:
    """Return what the title says the document is about, or an empty string.

    That is the last line of the title block that says so, without the kind of document and without
    the names of the parties. Lines with what kind of paper it is come last.

    Args:
        paper: the paper.
        label: its label, whose party is no subject.
    """
    known = {name.casefold() for name in _parties(paper, label)}
    lines = [line for line in paper.title[-MOST_LINES:] if not _names_two_rungs(line)]
    for line in reversed([line for line in lines if sort_of(line) in {"subject", "party"}]):
        rest = _without_parties(_DOCUMENT_KIND.sub("", line).strip(), paper.text)
        rest = without_dates(rest)
        if rest and rest.casefold() not in known and sort_of(rest) == "subject":
            return rest
    for line in reversed([line for line in lines if sort_of(line) == "name"]):
        read = read_label(line)
        rest = "" if read.party or read.dates else _DOCUMENT_KIND.sub("", line).strip()
        if name := read.subject or rest:
            return name
    return ""


def _parties(paper: Paper, label: Label | None) -> list[str]:
    labels = [*map(read_label, paper.ladder), *([label] if label else [])]
    return [label.party for label in labels if label.party]


def _names_two_rungs(line: str) -> bool:
    """True for the line of a redline that says what is compared: `A against B`."""
    newer, _, older = line.partition(" against ")
    return is_rung(newer) and (is_rung(older) or older == "current language")


def _without_parties(line: str, text: str) -> str:
    """Return a line without the names of the parties that the preamble spells out."""
    found = _PARTIES.search(" ".join(text[:2000].split()))
    names = found.groups() if found else ()
    pattern = r"(?:the )?{} and (?:the )?{}\W*"
    for pair in (names, names[::-1]):
        if pair:
            line = re.sub(pattern.format(*map(re.escape, pair)), "", line, flags=re.IGNORECASE)
    return "" if line in names else line
