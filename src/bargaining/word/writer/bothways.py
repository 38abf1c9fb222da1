"""Both ways: a document whose marks are all accepted, or all rejected, and what it then says.

Strategy: the marks of every part are resolved in the XML, as any program would that knows only
what ECMA-376 says of them (part 1, 17.13.5), and what is left is read paragraph by paragraph, with
a sign for each picture, formula and field: body with tables and boxes, the notes in the order of
their references, headers and footers section by section. Nothing is taken for clause text or left
out.

This module shares with the writer only what reads a paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import attrs

from bargaining.text.spelling import cut_at
from bargaining.word.file.names import MATH, Element, value, w
from bargaining.word.file.package import Package
from bargaining.word.file.readings import Both, both, texts
from bargaining.word.file.resolve import remove, unwrap
from bargaining.word.file.story import read_story
from bargaining.word.writer.carried import margins, notes
from bargaining.word.writer.gate import GateError
from bargaining.word.writer.inline import Reader, Signs

_GONE = {True: (w("del"), w("moveFrom")), False: (w("ins"), w("moveTo"))}
_STAYS = {True: (w("ins"), w("moveTo")), False: (w("del"), w("moveFrom"))}
_RANGES = tuple(
    w(f"{name}Range{end}") for name in ("moveFrom", "moveTo") for end in ("Start", "End")
)
_HOLDERS = frozenset(map(w, ("sdt", "customXml")))
_BLOCKS = frozenset(map(w, ("p", "tbl")))
_FORMULA = f"{{{MATH}}}oMath"
_NOTES = ("footnote", "endnote")
_QUOTED = 60  # code points of a paragraph


@attrs.frozen
class Said:
    """What a document says.

    Attributes:
        parts: the name of each zone, and its paragraphs; empty ones, too.
        shown: the paragraphs of the text with the numbers that lists show.
    """

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    shown: tuple[str, ...]


def said(package: Package, rows: Sequence[Both], signs: Signs, *, accept: bool = True) -> Said:
    """Return what a document says with all marks accepted, or all rejected.

    Args:
        package: the document; it is not changed.
        rows: its paragraphs in both views.
        signs: the signs of what is no text, for all documents that are to be compared.
        accept: which of the two.
    """
    trees = _Trees(package, signs, accept=accept)
    body = trees.of(package.main)
    parts = [("the body", trees.paragraphs(package.main, body))]
    for kind in _NOTES:
        name = next(iter(package.related(f"{kind}s")), "")
        held = notes(package, kind) if name else {}
        own = {value(one, "id"): one for one in trees.of(name).iter(w(kind))} if name else {}
        references = [value(one, "id") for one in body.iter(w(f"{kind}Reference"))]
        found = [own[number] for number in references if number in held]
        notes_rows = (row for one in found for row in trees.paragraphs(name, one))
        parts.append((f"the {kind}s", tuple(notes_rows)))
    for places in margins(package):
        for (kind, which), name in sorted(places.items()):
            margin = trees.paragraphs(name, trees.of(name))
            if any(row.strip() for row in margin):
                parts.append((f"a {kind} ({which})", margin))
    return Said(tuple(parts), texts(rows, accept=accept))


def check_both(data: bytes, old: Said, new: Said, signs: Signs) -> None:
    """Let a document pass that says the one with all marks rejected, the other with all accepted.

    Args:
        data: the document, as it would be written.
        old: what the older document says.
        new: what the newer one says.
        signs: the signs that they were read with.

    Raises:
        GateError: it says something else.
    """
    package = Package.open(data)
    both_views = both(read_story(package))
    for accept, wanted in ((True, new), (False, old)):
        found = said(package, both_views, signs, accept=accept)
        what = "accepted" if accept else "rejected"
        for (name, rows), (_, others) in zip(found.parts, wanted.parts, strict=False):
            _same(rows, others, f"With all marks {what}, {name} of the Word document")
        _same(found.shown, wanted.shown, f"With all marks {what}, the Word document")
        if [name for name, _ in found.parts] != [name for name, _ in wanted.parts]:
            raise GateError(f"With all marks {what}, headers or footers would come or go.")


def _same(found: Sequence[str], wanted: Sequence[str], where: str) -> None:
    if tuple(found) == tuple(wanted):
        return
    pairs = zip(found, wanted, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(found), len(wanted)))
    raise GateError(
        f"{where} would read {_quoted(found, at)} and not {_quoted(wanted, at)} "
        f"(paragraph {at + 1}), so it was not written."
    )


def _quoted(rows: Sequence[str], at: int) -> str:
    return f"“{rows[at][: cut_at(rows[at], _QUOTED)]}”" if at < len(rows) else "nothing"


class _Trees:
    """The parts of a document with their marks resolved."""

    def __init__(self, package: Package, signs: Signs, *, accept: bool) -> None:
        self._package, self._signs, self._accept = package, signs, accept
        self._held: dict[str, Element] = {}

    def of(self, name: str) -> Element:
        if name not in self._held:
            root = deepcopy(self._package.tree(name))
            settle(root, accept=self._accept)
            self._held[name] = root
        return self._held[name]

    def paragraphs(self, name: str, root: Element) -> tuple[str, ...]:
        reader = Reader(self._package, name, self._signs)
        return tuple(reader.read(paragraph).text for paragraph in root.iter(w("p")))


def settle(root: Element, *, accept: bool) -> None:
    """Resolve every mark in a tree."""
    if next(root.iter(*_GONE[True], *_GONE[False], w("pPrChange")), None) is None:
        return
    for row in list(root.iter(w("tr"))):
        properties = row.find(w("trPr"))
        if properties is not None and any(properties.find(g) is not None for g in _GONE[accept]):
            remove(row)
    for change in list(root.iter(w("pPrChange"))):
        _settle_properties(change, accept=accept)
    marked = [p for p in root.iter(w("p")) if _mark_goes(p, accept=accept)]
    for element in list(root.iter(*_GONE[accept])):
        remove(element)
    for element in list(root.iter(*_STAYS[accept], *_RANGES)):
        if element.getparent() is not None and len(element):
            unwrap(element)
        else:
            remove(element)
    for paragraph in marked:
        _merge(paragraph)
    for node in root.iter(w("delText"), w("delInstrText")):
        node.tag = w("t") if node.tag == w("delText") else w("instrText")


def _settle_properties(change: Element, *, accept: bool) -> None:
    properties = change.getparent()
    before = change.find(w("pPr"))
    remove(change)
    if accept or properties is None:
        return
    for child in list(properties):
        if child.tag not in {w("rPr"), w("sectPr")}:
            remove(child)
    for n, child in enumerate(list(before if before is not None else ())):
        properties.insert(n, child)


def _mark_goes(paragraph: Element, *, accept: bool) -> bool:
    inner = paragraph.find(f"{w('pPr')}/{w('rPr')}")
    return inner is not None and any(inner.find(gone) is not None for gone in _GONE[accept])


def _merge(paragraph: Element) -> None:
    """Let the next paragraph take in one whose mark goes; before anything else it goes if empty."""
    content = [child for child in paragraph if child.tag != w("pPr")]
    following = _next(paragraph)
    if following is not None and following.tag == w("p"):
        at = 1 if following.find(w("pPr")) is not None else 0
        for n, child in enumerate(content):
            following.insert(at + n, child)
        remove(paragraph)
        return
    is_empty = next(paragraph.iter(w("r"), _FORMULA), None) is None
    if is_empty and (following is not None or paragraph.getprevious() is not None):
        remove(paragraph)


def _next(block: Element) -> Element | None:
    """Return the block behind another one; the borders of content controls do not count."""
    at: Element | None = block
    while at is not None:
        after = at.getnext()
        if after is not None and after.tag in _HOLDERS:
            inner = after.find(w("sdtContent"))
            after = next((c for c in (after if inner is None else inner) if c.tag in _BLOCKS), None)
        if after is not None and after.tag in _BLOCKS:
            return after
        parent = at.getparent() if after is None else None
        at = after if after is not None else parent
        if after is None and (parent is None or parent.tag not in {*_HOLDERS, w("sdtContent")}):
            return None
    return None
