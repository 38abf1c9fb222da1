"""Parts: what is no clause text on two papers, compared as the clause text is.

Strategy: title, ladder, signatures and page marks are short texts of their own. Each is woven by
itself, over the papers from the one to the other, and gives a redline of its own; so a mark on a
title names whoever may have made it, as any mark does. A ladder grows by a rung with every paper:
of that, only both ends are compared, and its marks name nobody.

What the head of an e-mail says is of the message, and comments are of whoever reads: neither is
compared. This module knows no format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from bargaining.model import LADDER, Paper, PartKind, RedlinePart, RedlineRun, Revision, Run
from bargaining.readers.layout import bare
from bargaining.views.redline import redline
from bargaining.weave.woven import BaseKnown, Rung, build

_NAMES: Final[dict[PartKind, str]] = {  # in reading order; what stands as their address
    "title": "title",
    "ladder": LADDER,
    "signature": "signed",
    "furniture": "pages",
}
_DIGITS: Final = re.compile(r"\d+")
_PAGE: Final = re.compile(r"\W*(?:page|p\.?)?\W*#?\W*(?:(?:of|/)?\W*#)?\W*", re.IGNORECASE)
_WORD: Final = re.compile(r"\w")
_JOINT: Final = "\n\n"


def parts(
    every: Sequence[Revision], between: Sequence[Rung], *, back: bool
) -> Iterator[RedlinePart]:
    """Yield what is no clause text on two papers, in reading order, with its marks.

    Args:
        every: every revision of the chain, by rung; the base first.
        between: what is on file of the older one, of the newer one, and of those between them.
        back: whether the marks lead from the newer to the older one.
    """
    for kind, name in _NAMES.items():
        ends = between[0], between[-1]
        texts = [_text(rung.paper, kind) for rung in ends]
        if not any(texts):
            continue
        among = ends if kind == "ladder" or texts[0] == texts[1] else between
        rungs = [_rung_of(rung, kind) for rung in among]
        # Of the words that the first of them has, only a base on file says whose they are.
        known: BaseKnown = "filed" if among[0].revision.is_base else "unknown"
        woven = build(every, rungs, base=known, declaring=None)
        way = (len(rungs) - 1, 0) if back else (0, len(rungs) - 1)
        found = redline(woven, *way, exact=(True, True))
        yield RedlinePart(kind, tuple(_named(run, name) for run in found))


def _named(run: RedlineRun, name: str) -> RedlineRun:
    """Return a run with what it is of for an address; whoever files a paper adds its rung."""
    made = (run.inserted, run.struck) if name != LADDER else (None, None)
    inserted, struck = (event and attrs.evolve(event, clause=name) for event in made)
    return attrs.evolve(run, clause=name, moved=None, move=None, inserted=inserted, struck=struck)


def _rung_of(rung: Rung, kind: PartKind) -> Rung:
    text = _text(rung.paper, kind)
    return Rung.of(rung.revision, Paper("docx", (Run("kept", text),) if text else ()))


def _text(paper: Paper | None, kind: PartKind) -> str:
    """Return the lines of one kind on a paper, each as a paragraph."""
    if paper is None:
        return ""
    if kind == "title":
        lines: Iterator[str] = iter(paper.title)
    elif kind == "ladder":
        lines = iter(paper.ladder)
    else:
        lines = (bare(part.text) for part in paper.parts if part.kind == kind)
    shown = [" ".join(line.split()) for line in lines]
    return _JOINT.join(filter(None, shown if kind != "furniture" else _once(shown)))


def _once(lines: Sequence[str]) -> Iterator[str]:
    """Yield what stands on every page once, and no page numbers."""
    seen: set[str] = set()
    for line in lines:
        form = _DIGITS.sub("#", line)
        if form not in seen and not _PAGE.fullmatch(form) and _WORD.search(form):
            yield line
        seen.add(form)
