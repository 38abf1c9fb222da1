"""The gate: no redline is written unless it reads back as it must.

Strategy: the bytes are opened as any other document would be, and read with all marks accepted and
with all rejected. The paragraphs that hold the text must be the newer and the older one, character
by character, numbers included; every mark must have a number of its own, an author and a date, and
these must be those of the redline.

This module shares with the writer only what reads documents; it knows no way to mend anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from bargaining.errors import BargainingError
from bargaining.model import Redline
from bargaining.text.spelling import cut_at
from bargaining.word.file.names import Element, value, w
from bargaining.word.file.package import Package
from bargaining.word.file.readings import both, stamps, texts
from bargaining.word.file.story import Stamp, Story, read_story
from bargaining.word.writer.runs import author_of, holdable
from bargaining.writers.authors import UNDATED, date_of

TIMES: Final = ("T12:00:00Z", "T12:05:00Z")  # noon of the stated day; see `Dresser`
MARKS: Final = tuple(map(w, ("ins", "del", "moveFrom", "moveTo")))
_NUMBERED: Final = (*MARKS, w("moveFromRangeStart"), w("moveToRangeStart"), w("bookmarkStart"))
_QUOTED: Final = 60  # code points of a paragraph
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class GateError(BargainingError):
    """What was written does not read back as it must, so it is not handed out."""


def check(
    data: bytes,
    beside: Collection[int],
    redline: Redline,
    written: Redline,
    undated: str = UNDATED,
) -> None:
    """Let a document pass, or raise.

    Args:
        data: the document, as it would be written.
        beside: which of its paragraphs, counted from 0 as `text_paragraphs` does, hold no clause
            text.
        redline: what it must read back as.
        written: the same, with what had to be said in other marks (`lines.apart`).
        undated: the date of marks where no date is known.

    Raises:
        GateError: it does not.
        PaperError: it cannot even be read.
    """
    package = Package.open(data)
    story = read_story(package)
    out = {id(p) for n, p in enumerate(text_paragraphs(package)) if n in beside}
    rows = both(story)
    for accept, text in ((True, redline.new_text), (False, redline.old_text)):
        found = texts(rows, accept=accept, leave_out=out)
        wanted = shown_lines(text)
        if list(found) != wanted:
            raise GateError(_difference(found, wanted, accept=accept))
    _check_marks(package, set(stamps(story)), _stamps(written, undated))
    _check_words(story, written, undated)


def text_paragraphs(package: Package) -> Iterator[Element]:
    """Yield every paragraph of the parts that can hold clause text, in one fixed order."""
    yield from package.tree(package.main).iter(w("p"))
    for kind in ("footnotes", "endnotes"):
        for name in package.related(kind):
            yield from package.tree(name).iter(w("p"))


def shown_lines(text: str) -> list[str]:
    """Return the paragraphs of a redline's text as a document can hold them."""
    held = holdable(text)
    return [line for line in held.split("\n") if line.strip()]


def _difference(found: Sequence[str], wanted: Sequence[str], *, accept: bool) -> str:
    what = "accepted" if accept else "rejected"
    pairs = zip(found, wanted, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(found), len(wanted)))
    return (
        f"With all marks {what}, paragraph {at + 1} of the Word document would read "
        f"{_quoted(found, at)} and not {_quoted(wanted, at)}, so it was not written."
    )


def _quoted(lines: Sequence[str], at: int) -> str:
    return f"“{lines[at][: cut_at(lines[at], _QUOTED)]}”" if at < len(lines) else "nothing"


def _stamps(redline: Redline, undated: str) -> set[tuple[str, Stamp]]:
    """Return what the marks of a redline must bear."""
    return {
        (kind, Stamp(author_of(event), f"{date_of(event, redline, undated)}{time}"))
        for run in redline.runs
        for kind, event in (("inserted", run.inserted), ("struck", run.struck))
        for time in TIMES
        if run.kind != "kept"
    }


def _check_marks(
    package: Package, found: set[tuple[str, Stamp]], expected: set[tuple[str, Stamp]]
) -> None:
    numbers = [value(e, "id") for root in package.trees.values() for e in root.iter(*_NUMBERED)]
    if len(set(numbers)) != len(numbers):
        raise GateError("Two marks of the Word document would have one number.")
    for kind, stamp in sorted(found - expected, key=repr):
        raise GateError(f"A mark ({kind}) would bear {stamp.author!r} and {stamp.date!r}.")
    if any(not stamp.author or not _DATE.fullmatch(stamp.date) for _, stamp in found):
        raise GateError("A mark would bear no author or no date.")


def _check_words(story: Story, redline: Redline, undated: str) -> None:
    """See that whoever marked words in the document marked them in the redline.

    Words that a list shows as a number are not in the document, and are passed over.
    """
    for kind in ("inserted", "struck"):
        wanted: dict[Stamp, list[str]] = {}
        for run in redline.runs:
            event = run.inserted if kind == "inserted" else run.struck
            if run.kind in {kind, "dropped"}:
                stamp = Stamp(author_of(event), date_of(event, redline, undated))
                wanted.setdefault(stamp, []).append(run.text)
        for stamp, words in _marked(story, kind).items():
            every = iter("".join(wanted.get(stamp, ())))
            if not all(character in every for character in "".join(words)):
                raise GateError(f"{stamp.author!r} would have {kind} words that are another's.")


def _marked(story: Story, kind: str) -> dict[Stamp, list[str]]:
    """Return the words of each author and day, in reading order."""
    found: dict[Stamp, list[str]] = {}
    for paragraph in story.paragraphs:
        for atom in paragraph.atoms:
            stamp = atom.inserted if kind == "inserted" else atom.struck
            if stamp is not None:
                found.setdefault(Stamp(stamp.author, stamp.date[:10]), []).append(atom.text)
    return found
