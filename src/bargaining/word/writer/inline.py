"""Inline: what stands in one paragraph of a document, as a text in which nothing is left out.

Strategy: words are themselves, and whatever holds no words that can be marked inside (a picture, a
formula, a chart, a field, the reference of a note) is one sign. Signs are alike where the things
are: the same picture, the same formula, whatever numbers a program gave them. So two paragraphs
can be compared as texts, and each stretch of the text can be cut out of the XML again.

This module knows one document at a time, and no redlines.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Final

import attrs
from lxml import etree

from bargaining.word.file.names import COMPATIBILITY, MATH, RELATIONS, Element, make, value, w
from bargaining.word.file.package import Package
from bargaining.word.writer.runs import Piece

END: Final = "\n"
_FIRST_SIGN: Final = 0xF0000  # of a private plane: no text has it, but for one that is made to
_LAST_SIGN: Final = 0x10FFFD
_TEXTS: Final = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("cr"): "\v",
    w("noBreakHyphen"): "\u2011",
    w("softHyphen"): "\u00ad",
}
_PAGES: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_WHOLE: Final = frozenset(  # what is marked whole, inside of a run
    map(w, ("drawing", "pict", "object", "sym", "footnoteReference", "endnoteReference", "ruby"))
) | {f"{{{COMPATIBILITY}}}AlternateContent"}
_FORMULAS: Final = frozenset((f"{{{MATH}}}oMath", f"{{{MATH}}}oMathPara"))
_AROUND: Final = frozenset(
    map(w, ("hyperlink", "smartTag", "customXml", "dir", "bdo", "sdtContent", "sdt"))
)
_BESIDE: Final = frozenset(  # what says nothing
    map(w, ("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd"))
)
_IN_FIELDS: Final = _BESIDE | {w("r")}
_COMMENT: Final = w("commentReference")
_BOX: Final = w("txbxContent")
_NUMBERED: Final = re.compile(
    r"\}(?:rsid\w*|paraId|textId|anchorId|editId|spid|gfxdata|shapeid|ObjectID|bookmarkId)$|^ObjectID$"
)
_NAMED: Final = ("docPr", "cNvPr", "shape", "shapetype", "rect", "OLEObject", "oval", "roundrect")
_RELATION: Final = f"{{{RELATIONS}}}"


class Signs:
    """The signs of whatever is marked whole, one for all that is alike, in both documents."""

    def __init__(self) -> None:
        """Start with none."""
        self._signs: dict[str, str] = {}

    def of(self, key: str) -> str:
        """Return the sign of what has this key."""
        return self._signs.setdefault(key, chr(_FIRST_SIGN + len(self._signs)))


@attrs.define(eq=False)
class Inline:
    """One paragraph.

    Attributes:
        element: the `w:p`.
        row: its text, piece by piece; what is marked whole is a piece of one sign.
    """

    element: Element
    row: list[Piece] = attrs.Factory(list)

    @property
    def text(self) -> str:
        """Its text, with signs."""
        return "".join(piece.text for piece in self.row)


class Reader:
    """Reads the paragraphs of one part of a document."""

    def __init__(self, package: Package, part: str, signs: Signs) -> None:
        """Take a part of a document without marks, and the signs that both documents share."""
        self._package = package
        self._part = part
        self._signs = signs
        self._targets = {
            relation.get("Id"): relation for relation in package.relations(part)
        } if part else {}  # fmt: skip

    def read(self, paragraph: Element) -> Inline:
        """Read one paragraph; its simple fields become others, which can be marked as runs."""
        for simple in list(paragraph.iter(w("fldSimple"))):
            _as_runs(simple)
        found = Inline(paragraph)
        fields = _fields(paragraph)
        self._walk(paragraph, found, fields)
        return found

    def _walk(self, parent: Element, found: Inline, fields: dict[int, list[Element]]) -> None:
        inside: set[int] = set()
        for child in parent:
            if id(child) in inside:
                continue
            if id(child) in fields:
                runs = fields[id(child)]
                inside = set(map(id, runs))
                sign = (
                    self._signs.of(counts) if (counts := _counted(runs)) else self._sign_of(*runs)
                )
                found.row.append(Piece(sign, runs[0], runs[0], tuple(runs[1:])))
            elif child.tag == w("r"):
                self._run(child, found)
            elif child.tag in _FORMULAS:
                found.row.append(Piece(self._sign_of(child), child, child))
            elif child.tag in _AROUND:
                self._walk(child, found, fields)

    def _run(self, run: Element, found: Inline) -> None:
        for node in run:
            text = self._text(node)
            if text:
                found.row.append(Piece(text, run, node))

    def _text(self, node: Element) -> str:
        if node.tag == w("t"):
            return node.text or ""
        if node.tag == w("br"):
            kind = value(node, "type")
            return "\v" if kind in {None, "textWrapping"} else self._signs.of(f"break:{kind}")
        if node.tag in {w("footnoteReference"), w("endnoteReference")}:
            return self._signs.of(str(node.tag))
        return self._sign_of(node) if node.tag in _WHOLE else _TEXTS.get(str(node.tag), "")

    def _sign_of(self, *elements: Element) -> str:
        told = [e for e in elements if e.tag not in _BESIDE and e.find(_COMMENT) is None]
        return self._signs.of("".join(map(self.key, told)))

    def key(self, element: Element) -> str:
        """Return what an element is compared by: its XML, without numbers that programs give.

        What a text box says is not part of it: that is compared by itself.
        """
        bare = deepcopy(element)
        for box in list(bare.iter(_BOX)):
            for child in list(box):
                box.remove(child)
        for one in bare.iter("{*}*"):
            local = etree.QName(one).localname
            for name in list(one.attrib):
                text = str(name)
                if text.startswith(_RELATION):
                    one.set(text, self._digest(one.get(text) or ""))
                elif _NUMBERED.search(text) or (local in _NAMED and text in {"id", "name", "alt"}):
                    del one.attrib[text]
        return str(etree.tostring(bare, method="c14n", exclusive=True), "utf-8")

    def _digest(self, number: str) -> str:
        """Return what a relationship leads to: an address, or the digest of a part."""
        relation = self._targets.get(number)
        if relation is None:
            return ""
        target = relation.get("Target") or ""
        if relation.get("TargetMode") == "External":
            return target
        name = posixpath.normpath(posixpath.join("/", posixpath.dirname(self._part), target))
        data = self._package.parts.get(name.lstrip("/"), b"")
        return hashlib.sha256(data).hexdigest()


def _as_runs(simple: Element) -> None:
    """Write a simple field as runs (17.16.19, 17.16.18): no mark can stand around it otherwise."""
    signs = [make("r", make("fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end")]
    code = make("r", make("instrText", text=value(simple, "instr") or ""))
    inner = [child for child in simple if child.tag != w("fldData")]
    for element in (signs[0], code, signs[1], *inner, signs[2]):
        simple.addprevious(element)
    parent = simple.getparent()
    if parent is not None:
        parent.remove(simple)


def _fields(paragraph: Element) -> dict[int, list[Element]]:
    """Return the fields that begin and end among the same runs, by the `id` of their first run."""
    found: dict[int, list[Element]] = {}
    if next(paragraph.iter(w("fldChar")), None) is None:
        return found
    for holder in [paragraph, *paragraph.iter(*_AROUND)]:
        opened: list[Element] = []
        depth = 0
        for child in holder:
            turns = [value(sign, "fldCharType") for sign in child.iter(w("fldChar"))]
            if depth == 0 and turns[:1] == ["begin"] and child.tag == w("r"):
                opened = []
            depth += turns.count("begin") - turns.count("end")
            if turns or depth > 0:
                opened.append(child)
            if depth <= 0:
                if opened and {one.tag for one in opened} <= _IN_FIELDS:
                    found[id(opened[0])] = opened
                opened, depth = [], 0
    return found


def _counted(runs: Sequence[Element]) -> str:
    """Return the instruction of a field that numbers pages, else an empty text.

    Word works such a number out whenever it shows the page (17.16.5.42 and others): which one the
    file holds is of no document.
    """
    code = "".join(node.text or "" for run in runs for node in run.iter(w("instrText"))).split()
    return " ".join(code).upper() if code and code[0].upper() in _PAGES else ""


def boxes(elements: Iterator[Element] | tuple[Element, ...]) -> list[Element]:
    """Return the contents of the text boxes in elements, in document order."""
    return [box for element in elements for box in element.iter(_BOX)]
