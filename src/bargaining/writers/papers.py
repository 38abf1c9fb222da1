"""Papers: one paper on a terminal, with its own marks, and what was left out of its text.

Strategy: struck and inserted words carry the signs of a redline; behind the last of marks that one
author made side by side stands who that is, where the paper says so. Paragraphs stay apart in every
reading: one that came or went whole has its own lines, and where one was split or joined the end of
a paragraph is a sign of its own.

This module prints nothing. Whatever comes from a paper is made safe where it is folded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from bargaining.model import Paper, Part, Run, RunKind
from bargaining.writers.screen import Piece, Screen, person, reflowed

_SIGNS: Final[dict[RunKind, tuple[str, str]]] = {
    "struck": ("[-", "-]"),
    "inserted": ("{+", "+}"),
    "dropped": ("{+[-", "-]+}"),
}
_STYLES: Final[dict[RunKind, str]] = {"dropped": "struck"}
_PILCROW: Final = "¶"
_JOINT: Final = re.compile(r"(\s*\n\s*)")
_LEFT_OUT: Final = ("furniture", "joined")
_TAKEN_OFF: Final = (  # what a line that is left out is, by how it looks; the first that fits
    (re.compile(r"\d+"), "number", "numbers"),
    (re.compile(r"[> ]+"), "quotation sign", "quotation signs"),
    (re.compile(r".*", re.DOTALL), "line of a page", "lines of pages"),
)


def marks(paper: Paper, screen: Screen) -> Iterator[str]:
    """Show a paper with its own marks, and who made them."""
    yield from screen.wrap(reflowed(_pieces(list(_whole(paper.runs)))))
    margins = [doubt.message for doubt in paper.doubts if doubt.kind == "margin-mark"]
    yield from [""] * bool(margins)
    for message in margins:
        yield from screen.lines(person(message))


def _whole(runs: Sequence[Run]) -> Iterator[Run]:
    """Join the gap before marked words to them, where it has the same mark."""
    gap = ""
    for n, run in enumerate(runs):
        following = runs[n + 1] if n + 1 < len(runs) else None
        is_gap = run.kind != "kept" and not run.text.strip()
        if is_gap and following is not None and following.kind == run.kind:
            gap += run.text
        else:
            yield attrs.evolve(run, text=gap + run.text)
            gap = ""


def _pieces(runs: Sequence[Run]) -> Iterator[Piece]:
    for n, run in enumerate(runs):
        text = run.text.replace("\v", "\n")
        if run.kind == "kept":
            yield text, "plain"
        elif not text.strip():
            yield from _end(text, run.kind, alone=not _is_beside(runs, n))
        else:
            text = text.lstrip() if _takes_its_place(runs, n) else text
            yield from _words(text, run.kind, _note(runs, n))


def _takes_its_place(runs: Sequence[Run], n: int) -> bool:
    """True where the start of a paragraph is marked in the place of another, on one line."""
    before = runs[n - 1] if n else None
    if before is None or before.kind in {"kept", runs[n].kind} or n + 1 == len(runs):
        return False
    both = (one.text[: len(one.text) - len(one.text.lstrip())] for one in (before, runs[n]))
    in_place = all("\n" in gap for gap in both) and "\n" not in before.text.strip()
    return in_place and runs[n + 1].kind == "kept" and not runs[n + 1].text[:1].isspace()


def _note(runs: Sequence[Run], n: int) -> str:
    """Say who made a mark, behind the last of neighbouring ones of one author."""
    who = _author(runs[n])
    after = runs[n + 1] if n + 1 < len(runs) else None
    goes_on = after is not None and after.kind != "kept" and _author(after) == who
    return f"({who})" if who and not goes_on else ""


def _is_beside(runs: Sequence[Run], n: int) -> bool:
    """True where words of the same kind stand on either side: the whole paragraph has the mark."""
    return any(one.kind == runs[n].kind and one.text.strip() for one in runs[max(n - 1, 0) : n + 2])


def _end(text: str, kind: RunKind, *, alone: bool) -> Iterator[Piece]:
    """Show spacing under a mark: the end of a paragraph that was split or joined, or just a gap."""
    if "\n" not in text or not alone:
        yield text, "plain"
        return
    opens, closes = _SIGNS[kind]
    yield f"{opens}{_PILCROW}{closes}", _STYLES.get(kind, kind)
    yield text if kind == "inserted" else " ", "plain"  # a joint that is struck joins


def _words(text: str, kind: RunKind, note: str) -> Iterator[Piece]:
    """Put signs around the words of each paragraph, and a note behind the last."""
    opens, closes = _SIGNS[kind]
    parts = _JOINT.split(text)
    last = max(n for n, part in enumerate(parts) if part.strip())
    for n, part in enumerate(parts):
        core = part.strip()
        at = part.find(core) if core else len(part)
        yield part[:at], "plain"
        if core:
            yield f"{opens}{core}{closes}", _STYLES.get(kind, kind)
            yield note * (n == last), "dim"
            yield part[at + len(core) :], "plain"


def _author(run: Run) -> str:
    """Say who made a mark, and on which day; both who inserted and who struck dropped words."""
    made = filter(None, [_named(run.author, run.date), _named(run.struck_by, run.struck_date)])
    return ", struck by ".join(made)


def _named(author: str | None, date: str | None) -> str:
    if not author:
        return ""
    return person(f"{author} {date[:10]}" if date else author)


def left_out(paper: Paper, screen: Screen) -> Iterator[str]:
    """Show what was left out of the text, or joined, line by line."""
    for part in sorted(paper.parts, key=lambda part: part.line):
        where = f"line {part.line}" if part.line else "no line"
        text = person(" ".join(part.text.split()))
        yield from screen.wrap([(f"{where}, {part.kind}: {text}", "plain")], rest="    ")


def counted(parts: Iterable[Part]) -> str:
    """Say in a few words what was left out of a paper's text, and joined in it."""
    kinds = Counter(_kind(part) for part in parts if part.kind in _LEFT_OUT)
    joined = kinds.pop(("divided word", "divided words"), 0)
    out = ", ".join(f"{n} {one if n == 1 else many}" for (one, many), n in sorted(kinds.items()))
    words = f"joined: {joined} divided {'word' if joined == 1 else 'words'}" if joined else ""
    return "; ".join(filter(None, [f"left out: {out}" if out else "", words]))


def _kind(part: Part) -> tuple[str, str]:
    if part.kind == "joined":
        return "divided word", "divided words"
    text = part.text.strip()
    return next((one, many) for shape, one, many in _TAKEN_OFF if shape.fullmatch(text))
