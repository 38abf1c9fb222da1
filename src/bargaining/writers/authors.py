"""Authors: who made a mark of a redline, and when, as people say it.

Strategy: one party and one date where the record knows them. Where a mark may be of several
revisions, the author says so ("UTLA or District, 2-18-25 to 6-17-25") and `uncertain` explains.
Every writer of redlines names them here, so that none says more than another.

This module knows no formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import attrs

from bargaining.model import Event, Redline, RedlineRun, Revision
from bargaining.writers.sentences import made_words, unbinding_words

_BESIDE: Final = {
    "title": "the title block",
    "signature": "the signature block",
    "furniture": "headers, footers and page marks",
}
INSTEAD: Final = "A plain document: the one that was filed cannot carry these marks exactly"
OURS: Final = "bargaining"  # who says in a comment what a mark does not
NOBODY: Final = "Comparison"  # the way back to an older revision: nobody made these marks
UNDATED: Final = "1900-01-01"  # a date that is none, for formats that need one


def author(event: Event | None) -> str:
    """Name who made a mark: the party, or the label where no party is stated.

    Several candidates are all named, with the time that they span.
    """
    if event is None:
        return NOBODY
    names = " or ".join(dict.fromkeys(map(_name, event.candidates)))
    if event.certain:
        return names
    dates = [date for revision in event.candidates for date in revision.dates]
    span = list(dict.fromkeys(map(short_date, (min(dates), max(dates)) if dates else ())))
    if not span:
        return f"{names}, dates not stated"
    open_ = "" if all(r.dates or r.is_base for r in event.candidates) else " or a date not stated"
    return f"{names}, {' to '.join(span)}{open_}"


def _name(revision: Revision) -> str:
    return "current language" if revision.is_base else revision.party or revision.label


def short_date(date: str) -> str:
    """Return an ISO date as labels print it: `2-18-25`."""
    year, month, day = date.split("-")
    return f"{int(month)}-{int(day)}-{year[2:]}"


def date_of(event: Event | None, redline: Redline, undated: str = UNDATED) -> str:
    """Return the ISO date of a mark: that of the revision that made it.

    For several candidates it is that of the last one, where the mark is first seen. A revision
    without one stated date has the last one before it on the ladder, else the first after it; for
    marks that nobody made it is that of the newer revision. Where no date is known at all it is
    `undated`.
    """
    newer = max((redline.old, redline.new), key=lambda revision: revision.rung)
    revision = newer if event is None else event.candidates[-1]
    if revision.date is not None:
        return revision.date
    dated = [(r.rung, r.date) for r in redline.revisions if r.date is not None]
    before = [date for rung, date in dated if rung <= revision.rung]
    after = [date for rung, date in dated if rung > revision.rung]
    return before[-1] if before else after[0] if after else undated


def labels(event: Event | None) -> str:
    """Name the revisions that may have made a mark, by their labels."""
    if event is None:
        return NOBODY
    return " or ".join(revision.label for revision in event.candidates)


def uncertain(run: RedlineRun) -> str:
    """Explain a mark that is not certain, in one or two sentences; empty for one that is."""
    said = []
    for event, what in ((run.inserted, "Inserted"), (run.struck, "Struck")):
        if event is None:
            continue
        if not event.certain:
            missing = [r.label for r in event.candidates if not r.on_file]
            why = f", because {_listed(missing)} not on file" if missing else ""
            said.append(f"{what} by one of these: {labels(event)}{why}.")
        undated = [r.label for r in event.candidates if r.date is None and not r.is_base]
        if undated and event.certain:
            said.append(f"{what} by {labels(event)}, whose date is not stated.")
    return " ".join(said)


def _listed(names: list[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} are"


def _joined(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def heading(redline: Redline) -> str:
    """Return the line that names both revisions: `A against B`."""
    return f"{named(redline.new)} against {named(redline.old)}"


def named(revision: Revision) -> str:
    """Name a revision; the base is the current language."""
    return "current language" if revision.is_base else revision.label


def cautions(redline: Redline) -> list[str]:
    """Return what whoever reads a redline must know of it, in sentences."""
    said = []
    if redline.is_backwards:
        new = named(redline.new)
        said.append(
            f"{new[0].upper()}{new[1:]} is the older of the two: nobody made these marks, they "
            "show what it has and lacks."
        )
    if redline.declared_by is not None:
        said.append(
            f"The current language is not on file: it is what the marks of "
            f"{redline.declared_by.label} say."
        )
    said += [made_words(revision) for revision in (redline.old, redline.new) if revision.made_of]
    said += unbinding_words((redline.old, redline.new))
    for revision, doubt in redline.order_doubts:
        said.append(f"The order of the papers is in doubt: {revision.label}: {doubt.message}")
    missing = [
        r.label
        for r in redline.revisions
        if not r.on_file
        and min(redline.old.rung, redline.new.rung) < r.rung
        and r.rung < max(redline.old.rung, redline.new.rung)
    ]
    if missing:
        said.append(f"Between the two, {_listed(missing)} not on file.")
    return said


def not_marked(redline: Redline) -> str:
    """Say of a file that has marks for the clause text alone what else differs, as far as known."""
    names = [name for kind in redline.differs if (name := _BESIDE.get(kind))]
    said = f"; not the same on both papers, and not marked: {_joined(names)}" if names else ""
    return f"Only the clause text is compared and marked{said}."


@attrs.frozen
class Reveals:
    """What a file tells whoever gets it. `str` says it in a few sentences.

    Attributes:
        marks: how many marks it has; None for a file that has none by its nature.
        authors: who made them, as the file names them.
        shows: what it holds beside the text that stands.
        comments: how many comments of a filed document it holds.
        commenters: who made those.
        left_out: what the filed document holds that did not go out with it.
        not_marked: what the file has no marks for, in a sentence.
    """

    marks: int | None = None
    authors: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    comments: int = 0
    commenters: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    not_marked: str = ""

    def __str__(self) -> str:
        """Say it in a few sentences."""
        return " ".join(self._sentences())

    def _sentences(self) -> Iterator[str]:
        by = f", by {'; '.join(self.authors)}" if self.authors else ""
        if self.marks is not None:
            marks = "1 mark" if self.marks == 1 else f"{self.marks} marks"
            same = "no marks." if self.not_marked else "no marks: the two texts are the same."
            yield f"{marks}{by}." if self.marks else same
        if self.not_marked:
            yield self.not_marked
        if self.marks is None and not self.shows:
            yield "no marks, names or dates beside its text."
        if self.shows:
            shown = _joined(list(self.shows)).replace("struck words, dropped", "struck and dropped")
            yield f"It shows {shown}."
        if self.comments:
            many = "1 comment" if self.comments == 1 else f"{self.comments} comments"
            names = f", by {'; '.join(self.commenters)}" if self.commenters else ""
            yield f"It holds {many} of the filed document{names}."
        if self.left_out:
            yield f"Left out: {', '.join(self.left_out)}."


def reveals(redline: Redline, written: Sequence[str] | None = None) -> Reveals:
    """Return what a written redline shows whoever gets it.

    Args:
        redline: the redline.
        written: the author of each mark in the file, where it has its own.
    """
    runs = [run for run in redline.whole if run.kind != "kept"]
    events = [event for run in runs for event in (run.inserted, run.struck)]
    told = [author(event) for event in events if event is not None]
    marks, names = (len(runs), told) if written is None else (len(written), list(written))
    struck = ["struck words"] if marks else []
    dropped = ["dropped words"] if any(run.kind == "dropped" for run in runs) else []
    shows = (*struck, *dropped, "parties", "dates")
    return Reveals(marks, tuple(dict.fromkeys(names)), shows)


def standing(redline: Redline) -> Redline:
    """Return the newer text of a redline alone: nothing of the older one, of rungs or of dates."""
    stands = groupby((run for run in redline if run.in_new), key=lambda run: run.clause)
    return Redline(
        old=redline.new,
        new=redline.new,
        runs=tuple(
            RedlineRun("kept", "".join(run.text for run in runs), clause) for clause, runs in stands
        ),
        chain=redline.chain,
        title=redline.title,
    )


def is_standing(redline: Redline) -> bool:
    """True for what `standing` made."""
    return not redline.revisions and redline.old == redline.new
