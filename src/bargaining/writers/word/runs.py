"""Runs: the text of one paragraph's XML, to be cut, wrapped and added to.

Strategy: a paragraph's text is its atoms in order. A run can be cut in two wherever a mark begins
or ends, so that every run stands under one mark; what a run looks like goes with both halves.

This module knows no redlines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import pairwise
from typing import Final

import attrs
from lxml import etree

from bargaining.docx.names import Element, make, w
from bargaining.docx.story import BREAK, Atom

_NOT_ALLOWED: Final = re.compile("[^\t\n\v\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS: Final = {"\t": "tab", BREAK: "br", "\u2011": "noBreakHyphen", "\u00ad": "softHyphen"}
_PIECES: Final = re.compile(f"([{''.join(_ELEMENTS)}])")
_PARTABLE: Final = tuple(map(w, ("hyperlink", "smartTag", "dir", "bdo")))
_SCRIPT: Final = tuple(map(w, ("fldChar", "instrText", "delInstrText")))


@attrs.define(eq=False)
class Piece:
    """Text of one element of a run."""

    text: str
    run: Element
    node: Element


class UnfitError(Exception):
    """The document cannot carry the redline; another form of it can."""


def pieces(atoms: Sequence[Atom]) -> list[Piece]:
    """Return the pieces of a paragraph's text, to be changed."""
    return [Piece(atom.text, atom.run, atom.node) for atom in atoms]


def cut(row: list[Piece], at: int) -> int:
    """Cut runs so that one ends at this offset of the text; return the index of what follows."""
    start = 0
    for n, piece in enumerate(row):
        if start == at:
            _cut_before(row, n)
            return n
        if start < at < start + len(piece.text):
            _cut_text(row, n, at - start)
            _cut_before(row, n + 1)
            return n + 1
        start += len(piece.text)
    return len(row)


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
    for other in row[n:]:
        if other.run is run:
            other.run = second


def new_run(text: str, properties: Element | None, *, struck: bool = False) -> Element:
    """Return a run of its own, with tabs, breaks and hard hyphens as elements.

    Characters that XML does not allow are left out: no document can hold them.
    """
    run = make("r")
    if properties is not None:
        run.append(deepcopy(properties))
    name = "delText" if struck else "t"
    for piece in filter(None, _PIECES.split(allowed(text))):
        run.append(make(_ELEMENTS[piece]) if piece in _ELEMENTS else make(name, text=piece))
    return run


def allowed(text: str) -> str:
    """Return what of a text a document can hold: XML 1.0 (section 2.2), and breaks as elements."""
    return _NOT_ALLOWED.sub("", text)


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
