"""Carried: what is taken from the older document into the newer one, with all that it needs.

Strategy: struck words, rows and pictures come from the older document. The styles, lists, parts
and addresses that they name are found again in the newer one where they are alike, and brought
over where they are not, each once and under a number of its own. So they look as they did when the
marks are rejected.

This module knows packages, and no redlines.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import count
from typing import Final

from lxml import etree

from bargaining.word.file.names import (
    CONTENT_TYPES,
    PACKAGE_RELATIONS,
    RELATIONS,
    Element,
    make,
    number_of,
    value,
    w,
)
from bargaining.word.file.package import Package
from bargaining.word.writer.runs import UnfitError

_RELATION: Final = f"{{{RELATIONS}}}"
_STYLED: Final = tuple(map(w, ("pStyle", "rStyle", "tblStyle")))
_STYLE_NAMES: Final = tuple(map(w, ("basedOn", "link", "next")))
_LEFT: Final = tuple(  # what has numbers that must be unique, and is no text
    map(
        w,
        ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference",
         "permStart", "permEnd", "proofErr"),
    )
)  # fmt: skip
_NORMAL: Final = frozenset({None, "normal"})  # kinds of notes that are notes (17.18.33)
_FOLDER: Final = "word/media"
_MOST_PAIRS: Final = 40_000  # of paragraphs in lists that are held against each other
_NEARLY: Final = 0.5  # of 1: how many words two paragraphs share that are one, changed


class Carrier:
    """Brings elements of an older document into a newer one."""

    def __init__(self, old: Package, new: Package, *, by_text: bool = True) -> None:
        """Take both documents; the newer one is added to.

        Args:
            old: the older document.
            new: the newer one.
            by_text: tell which lists are the same by what stands in them, and not by their looks.
        """
        self._old, self._new = old, new
        self._styles = _by(new.related_tree("styles"), "style", "styleId")
        self._old_styles = _by(old.related_tree("styles"), "style", "styleId")
        self._lists: dict[str, str] = {}
        self._by_text = by_text
        self._met = _met(old, new) if by_text else {}
        self._used = {value(own) for own in new.tree(new.main).iter(w("numId"))}
        self._relations: dict[tuple[str, str, str], str] = {}
        self._parts: dict[str, str] = {}
        self._drawings = 10_000_000

    def bring(self, element: Element, source: str, target: str) -> Element:
        """Return a copy of an element of a part of the older document, for a part of the newer.

        Args:
            element: the element.
            source: the name of the part that it stands in.
            target: the name of the part that it will stand in.
        """
        copy = deepcopy(element)
        for left in list(copy.iter(*_LEFT)):
            parent = left.getparent()
            if parent is not None:
                parent.remove(left)
        for one in copy.iter("{*}*"):
            for name in one.attrib:
                if str(name).startswith(_RELATION):
                    one.set(str(name), self._relation(one.get(str(name)) or "", source, target))
            if etree.QName(one).localname == "docPr":
                self._drawings += 1
                one.set("id", str(self._drawings))
        for one in copy.iter(*_STYLED):
            self._style(value(one))
        for one in copy.iter(w("numId")):
            one.set(w("val"), self.list_of(value(one) or "0"))
        return copy

    def notes_for(self, kind: str) -> Element:
        """Return the root of the newer document's notes; they are made where it has none."""
        root = self._new.related_tree(f"{kind}s")
        if root is None:
            name = next(iter(self._old.related(f"{kind}s")), None)
            if name is None:
                raise UnfitError  # a reference to no note
            held = self._old.tree(name)
            root = etree.Element(held.tag, nsmap=held.nsmap)
            root.extend(deepcopy(one) for one in held if value(one, "type") not in _NORMAL)
            kept = f"word/{kind}s.xml"
            self._new.add_part(kept, root, f"{kind}s", self._old.content_type(name) or "")
        return root

    def list_of(self, number: str) -> str:
        """Return the number that a list of the older document has in the newer one."""
        if number not in self._lists:
            self._lists[number] = self._list(number)
        return self._lists[number]

    def _list(self, number: str) -> str:
        old, new = self._old.related_tree("numbering"), self._new.related_tree("numbering")
        if number == "0" or old is None:
            return number
        wanted = _meaning(old, number)
        if wanted is None:
            return number
        if new is None:
            raise UnfitError  # a newer document without any list
        numbers = [value(num, "numId") or "" for num in new.iter(w("num"))]
        met = self._met.get(number)
        taken = {*self._used, *self._lists.values()} if self._by_text else set()
        free = [other for other in [number, *numbers] if other not in taken]
        for other in [met, *free]:
            if other in numbers and _meaning(new, other) == wanted:
                return other or number
        return self._new_list(old, new, number)

    def _new_list(self, old: Element, new: Element, number: str) -> str:
        num = next(n for n in old.iter(w("num")) if value(n, "numId") == number)
        abstract_number = value(num.find(w("abstractNumId"))) or ""
        abstract = next(
            (a for a in old.iter(w("abstractNum")) if value(a, "abstractNumId") == abstract_number),
            None,
        )
        if abstract is None:
            return "0"
        free = str(_highest(new, "abstractNum", "abstractNumId") + 1)
        copy = deepcopy(abstract)
        copy.set(w("abstractNumId"), free)
        for one in copy.findall(w("nsid")):
            copy.remove(one)
        first = next(new.iter(w("num")), None)
        if first is not None:
            first.addprevious(copy)
        else:
            new.append(copy)
        fresh = deepcopy(num)
        number = str(_highest(new, "num", "numId") + 1)
        fresh.set(w("numId"), number)
        fresh.find(w("abstractNumId")).set(w("val"), free)  # type: ignore[union-attr]
        last = [*new.iter(w("num"))][-1:] or [copy]
        last[0].addnext(fresh)
        return number

    def _style(self, name: str | None) -> None:
        """Bring a style over that the newer document lacks, and those that it rests on."""
        root = self._new.related_tree("styles")
        waiting = [name]
        while waiting and root is not None:
            name = waiting.pop()
            found = self._old_styles.get(name or "")
            if name is None or name in self._styles or found is None:
                continue
            copy = deepcopy(found)
            copy.attrib.pop(w("default"), None)
            root.append(copy)
            self._styles[name] = copy
            waiting += [value(one) for one in copy if one.tag in _STYLE_NAMES]
            for one in copy.iter(w("numId")):
                one.set(w("val"), self.list_of(value(one) or "0"))

    def _relation(self, number: str, source: str, target: str) -> str:
        """Return the number of a relationship of the newer part that leads where an old one did."""
        key = number, source, target
        if key not in self._relations:
            found = next((r for r in self._old.relations(source) if r.get("Id") == number), None)
            self._relations[key] = number if found is None else self._led(found, source, target)
        return self._relations[key]

    def _led(self, old: Element, source: str, target: str) -> str:
        outside = old.get("TargetMode") == "External"
        leads = old.get("Target") or ""
        if not outside:
            leads = self._part(path_of(source, leads), target)
        return relate(self._new, target, old.get("Type") or "", leads, outside=outside)

    def _part(self, name: str, target: str) -> str:
        """Bring a part over, with the parts of its own; return its target, seen from another."""
        if name not in self._parts:
            self._parts[name] = self._same(name) or self._new_part(name)
        return posixpath.relpath(self._parts[name], posixpath.dirname(target) or ".")

    def _same(self, name: str) -> str | None:
        """Return the part of the newer document that is this one, byte for byte, and has none."""
        data = self._old.parts.get(name)
        if data is None:
            raise UnfitError
        ending = name.rpartition(".")[2]
        alone = not len(self._old.relations(name))
        like = (n for n, held in self._new.parts.items() if held == data and n.endswith(ending))
        return next(like, None) if alone else None

    def _new_part(self, name: str) -> str:
        ending = name.rpartition(".")[2].lower()
        names = (f"{_FOLDER}/old{n}.{ending}" for n in count(len(self._new.parts)))
        fresh = self._parts[name] = next(n for n in names if n not in self._new.parts)
        self._new.parts[fresh] = self._old.parts[name]
        types = self._new.tree("[Content_Types].xml")
        override = etree.SubElement(types, f"{{{CONTENT_TYPES}}}Override")
        override.set("PartName", f"/{fresh}")
        kind = self._old.content_type(name)
        override.set("ContentType", kind or "application/octet-stream")
        for relation in self._old.relations(name):
            copy = deepcopy(relation)
            if relation.get("TargetMode") != "External":
                copy.set("Target", self._part(path_of(name, relation.get("Target") or ""), fresh))
            self._new.relations(fresh).append(copy)
        return fresh


def relate(package: Package, source: str, kind: str, leads: str, *, outside: bool) -> str:
    """Add a relationship to a part, unless it is there; return its number."""
    relations = package.relations(source)
    for one in relations:
        same_kind = one.get("Type") == kind and one.get("Target") == leads
        if same_kind and (one.get("TargetMode") == "External") == outside:
            return one.get("Id") or ""
    taken = {one.get("Id") for one in relations}
    number = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
    fresh = etree.SubElement(relations, f"{{{PACKAGE_RELATIONS}}}Relationship")
    fresh.set("Id", number)
    fresh.set("Type", kind)
    fresh.set("Target", leads)
    if outside:
        fresh.set("TargetMode", "External")
    return number


def path_of(source: str, target: str) -> str:
    """Return the name of the part that a relationship of another one leads to."""
    found = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target))
    return found.lstrip("/")


def _by(root: Element | None, tag: str, name: str) -> dict[str, Element]:
    if root is None:
        return {}
    return {value(one, name) or "": one for one in root.iter(w(tag))}


def _highest(root: Element, tag: str, name: str) -> int:
    return max((number_of(value(one, name)) or 0 for one in root.iter(w(tag))), default=0)


def _met(old: Package, new: Package) -> dict[str, str]:
    """Return which list of the newer document each list of the older one is, by what stands in it.

    That is told by paragraphs of the same words, or nearly the same; most of them decide, for one
    may have been moved. Two lists may be alike, as those of two clauses are, and count apart.
    """
    olds, news = (_in_lists(package) for package in (old, new))
    same = [(olds[text], news[text]) for text in olds.keys() & news.keys()]
    votes = Counter([*same, *_nearly(olds, news)])
    found: dict[str, str] = {}
    for (number, other), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if number not in found and other not in found.values():
            found[number] = other
    return found


def _nearly(olds: Mapping[str, str], news: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the lists of paragraphs that were changed, and share most of their words."""
    left = [text for text in olds if text not in news]
    there = [(set(text.split()), text) for text in news if text not in olds]
    if len(left) * len(there) > _MOST_PAIRS:
        return
    for text in left:
        words = set(text.split())
        shares = [
            (2 * len(words & others) / (len(words) + len(others) or 1), other)
            for others, other in there
        ]
        share, other = max(shares, default=(0.0, ""))
        if share >= _NEARLY:
            yield olds[text], news[other]


def _in_lists(package: Package) -> dict[str, str]:
    """Return the list of each paragraph in one by its text; without a text that stands twice."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for own in package.tree(package.main).iter(w("numId")):
        paragraph = next(own.iterancestors(w("p")), None)
        if paragraph is not None:
            text = "".join(one.text or "" for one in paragraph.iter(w("t")))
            twice.update({text} & found.keys())
            found[text] = value(own) or "0"
    return {text: number for text, number in found.items() if text not in twice}


def _meaning(root: Element, number: str) -> bytes | None:
    """Return what a list is, but for its numbers: equal for the same list in two documents."""
    num = next((one for one in root.iter(w("num")) if value(one, "numId") == number), None)
    if num is None:
        return None
    named = value(num.find(w("abstractNumId")))
    abstract = next(
        (a for a in root.iter(w("abstractNum")) if value(a, "abstractNumId") == named), None
    )
    holder = make("holder", *(deepcopy(one) for one in (num, abstract) if one is not None))
    for one in list(holder.iter("{*}*")):
        for name in ("abstractNumId", "numId", "rsid", "durableId", "restartNumberingAfterBreak"):
            for key in [key for key in one.attrib if str(key).endswith(f"}}{name}")]:
                del one.attrib[key]
        if one.tag in {w("nsid"), w("tmpl"), w("abstractNumId"), w("rsid")}:
            parent = one.getparent()
            if parent is not None:
                parent.remove(one)
    return bytes(etree.tostring(holder, method="c14n", exclusive=True))


def notes(package: Package, kind: str) -> dict[str, Element]:
    """Return the footnotes or endnotes of a document by their numbers."""
    root = package.related_tree(f"{kind}s")
    found = _by(root, kind, "id")
    return {key: note for key, note in found.items() if value(note, "type") in _NORMAL}


def sections(package: Package) -> Iterator[Element]:
    """Yield the properties of each section of a document, in order."""
    return package.tree(package.main).iter(w("sectPr"))


def margins(package: Package) -> Iterator[dict[tuple[str, str], str]]:
    """Yield for each section the parts of its headers and footers, by kind and type."""
    held: dict[tuple[str, str], str] = {}
    targets = {relation.get("Id"): relation for relation in package.relations(package.main)}
    for section in sections(package):
        held = dict(held)
        for kind in ("header", "footer"):
            for reference in section.findall(w(f"{kind}Reference")):
                relation = targets.get(reference.get(f"{_RELATION}id"))
                if relation is not None:
                    name = path_of(package.main, relation.get("Target") or "")
                    held[kind, value(reference, "type") or "default"] = name
        yield held
