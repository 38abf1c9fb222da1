"""Runs: the text of one paragraph's XML, to be cut, wrapped and added to.

Strategy: a paragraph's text is its atoms in order. A run can be cut in two wherever a mark begins
or ends, so that every run stands under one mark; what a run looks like goes with both halves.

This module knows no redlines.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from itertools import accumulate, islice, pairwise
from typing import Final

import attrs
from lxml import etree

from bargaining.model import Event
from bargaining.word.file.names import Element, allowed, make, w
from bargaining.word.file.story import BREAK, Atom
from bargaining.writers.authors import author

_ELEMENTS: Final = {"\t": "tab", BREAK: "br", "\u2011": "noBreakHyphen", "\u00ad": "softHyphen"}
_PIECES: Final = re.compile(f"([{''.join(_ELEMENTS)}])")
_UNNAMED: Final = "?"
_PARTABLE: Final = tuple(map(w, ("hyperlink", "smartTag", "dir", "bdo")))
_SCRIPT: Final = tuple(map(w, ("fldChar", "instrText", "delInstrText")))


@attrs.define(eq=False)
class Piece:
    """Text of one element of a run; `more` are the runs of a field behind its first."""

    text: str
    run: Element
    node: Element
    more: tuple[Element, ...] = ()


class UnfitError(Exception):
    """The document cannot carry the redline; another form of it can."""


def pieces(atoms: Sequence[Atom]) -> list[Piece]:
    """Return the pieces of a paragraph's text, to be changed."""
    return [Piece(atom.text, atom.run, atom.node) for atom in atoms]


def cut(row: list[Piece], offsets: Collection[int]) -> dict[int, int]:
    """Cut runs so that one ends at each of these offsets into the text.

    From the last to the first, so that each run is moved once.

    Returns:
        For each offset the index of the piece that starts there.
    """
    starts = [0, *accumulate(len(piece.text) for piece in row)]
    for at in sorted(set(offsets), reverse=True):
        n = bisect_right(starts, at) - 1
        if n < len(row) and starts[n] < at:
            _cut_text(row, n, at - starts[n])
            starts.insert(n + 1, at)
            n += 1
        if n < len(row):
            _cut_before(row, n)
    index = {start: n for n, start in reversed(list(enumerate(starts)))}
    return {at: index.get(at, len(row)) for at in offsets}


def _cut_text(row: list[Piece], n: int, at: int) -> None:
    """Cut one text element in two, in one run."""
    piece = row[n]
    if piece.node.tag != w("t"):
        raise UnfitError
    rest = make("t", text=piece.text[at:])
    piece.node.addnext(rest)
    fresh = make("t", text=piece.text[:at])
    piece.node.getparent().replace(piece.node, fresh)  # type: ignore[union-attr]
    row[n] = Piece(piece.text[:at], piece.run, fresh)
    row.insert(n + 1, Piece(piece.text[at:], piece.run, rest))


def _cut_before(row: list[Piece], n: int) -> None:
    """Cut a run in two before piece `n`, where both sides are in one run."""
    if n == 0 or row[n - 1].run is not row[n].run:
        return
    piece = row[n]
    run = piece.run
    if run.tag != w("r") or piece.node.getparent() is not run:
        raise UnfitError
    second = make("r")
    properties = run.find(w("rPr"))
    if properties is not None:
        second.append(deepcopy(properties))
    for element in [piece.node, *piece.node.itersiblings()]:
        second.append(element)
    run.addnext(second)
    for other in islice(row, n, None):
        if other.run is not run:
            break
        other.run = second


def new_run(text: str, properties: Element | None, *, struck: bool = False) -> Element:
    """Return a run of its own, with tabs, breaks and hard hyphens as elements.

    Characters that XML does not allow are left out: no document can hold them.
    """
    run = make("r")
    if properties is not None:
        run.append(deepcopy(properties))
    name = "delText" if struck else "t"
    for piece in filter(None, _PIECES.split(holdable(text))):
        run.append(make(_ELEMENTS[piece]) if piece in _ELEMENTS else make(name, text=piece))
    return run


def holdable(text: str) -> str:
    """Return a text without the characters that a document cannot hold; line breaks stay."""
    return BREAK.join(map(allowed, text.split(BREAK)))


def author_of(event: Event | None) -> str:
    """Return who made a mark as a document can hold it: never nothing, whatever a label holds."""
    return allowed(author(event)).strip() or _UNNAMED


def anchor(run: Element) -> Element:
    """Return where something stands that is to come before a run: before the field it is in."""
    at = run
    before = at.getprevious()
    while before is not None and before.tag == w("r") and _is_script(before):
        at, before = before, before.getprevious()
    return at


def _is_script(run: Element) -> bool:
    """True for a run that is a part of a field's code, and neither its result nor its end."""
    for child in run:
        if child.tag == w("fldChar") and child.get(w("fldCharType")) == "end":
            return False
    return any(child.tag in _SCRIPT for child in run)


def with_fields(runs: Sequence[Element]) -> list[Element]:
    """Return runs, and the codes of the fields whose whole result is among them.

    A field whose code stays when its result is rejected would show that result again.
    """
    found: list[Element] = []
    own = set(map(id, runs))
    for run in runs:
        field = _field(anchor(run), run)
        texts = [one for one in field if one.find(w("t")) is not None]
        whole = bool(field) and all(id(one) in own for one in texts)
        found += [one for one in (field if whole else [run]) if one not in found]
    return found


def _field(first: Element, run: Element) -> list[Element]:
    """Return the runs of the field whose result starts with a run; none where none does."""
    if first is run:
        return []
    found, depth = [first], 1
    for element in first.itersiblings():
        if element.tag != w("r"):
            return []
        found.append(element)
        for sign in element.iter(w("fldChar")):
            depth += {"begin": 1, "end": -1}.get(sign.get(w("fldCharType"), ""), 0)
        if depth == 0:
            return found
    return []


def wrap(runs: Sequence[Element], wrapper: Callable[[], Element]) -> list[Element]:
    """Put a wrapper around runs; where they are no neighbours, around each row of them."""
    rows: list[list[Element]] = [list(runs[:1])]
    for before, run in pairwise(runs):
        if run.getprevious() is before and run.getparent() is before.getparent():
            rows[-1].append(run)
        else:
            rows.append([run])
    wrappers = []
    for row in filter(None, rows):
        around = wrapper()
        row[0].addprevious(around)
        around.extend(row)
        wrappers.append(around)
    return wrappers


def part(paragraph: Element, run: Element) -> Element:
    """Return the child of a paragraph that starts with a run; links around it are cut in two."""
    at = run
    while (parent := at.getparent()) is not None and parent is not paragraph:
        if at.getprevious() is not None:
            if parent.tag not in _PARTABLE:
                raise UnfitError
            second = make(str(etree.QName(parent).localname))
            second.attrib.update(parent.attrib)
            rest = [at, *at.itersiblings()]
            second.extend(rest)
            parent.addnext(second)
            parent = second
        at = parent
    return at
