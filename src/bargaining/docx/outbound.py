"""Outbound: what a document would carry to the other side unseen, and a package without it.

Strategy: a link to a template or to anything that Word would fetch, embedded objects (a workbook
behind a table, a mail) and controls are taken out with the parts that hold them; what a reader sees
of them, their picture, stays. Hyperlinks stay: they are text. A link that shows something cannot be
taken out without a loss, and is left for the caller to refuse.

This module knows no text.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bargaining.docx.names import RELATIONS, Element, w
from bargaining.docx.package import Package, is_fetched, relations_name

_OFFICE: Final = "urn:schemas-microsoft-com:office:office"
_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_ID: Final = f"{{{RELATIONS}}}id"
_LINK: Final = f"{{{RELATIONS}}}link"
_EMBED: Final = f"{{{RELATIONS}}}embed"
_TAKEN: Final = {  # elements that hold what is not seen, and what it is called
    w("attachedTemplate"): "the link to its template",
    w("mailMerge"): "the data of a mail merge",
    w("control"): "a control",
    f"{{{_OFFICE}}}OLEObject": "an embedded object (its picture stays)",
    f"{{{_CHART}}}externalData": "the workbook behind a chart",
}


def carried(package: Package) -> tuple[str, ...]:
    """Name what a document would carry unseen, each kind once, with how often it is there."""
    found = Counter(
        _TAKEN[str(element.tag)] for name in _xml(package) for element in _unseen(package, name)
    )
    return tuple(what if n == 1 else f"{what}, {n} times" for what, n in found.items())


def clear(package: Package) -> None:
    """Take out of a document what it would carry unseen; its parts are changed."""
    for name in _xml(package):
        gone: set[str] = set()
        for element in list(_unseen(package, name)):
            gone |= {value for key, value in element.attrib.items() if str(key) == _ID}
            gone |= {str(one.get(_ID)) for one in element.iter() if one.get(_ID)}
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
        gone |= set(_seen_otherwise(package, name))
        gone |= set(_idle(package, name))
        _cut(package, name, gone)
    kept = {target for name in _xml(package) for target in _targets(package, name)}
    for part in [part for part in package.parts if _is_embedded(part) and part not in kept]:
        package.drop(part)


def _xml(package: Package) -> list[str]:
    """Return the parts of XML that have relationships of their own."""
    return [name for name in package.parts if relations_name(name) in package.parts]


def _unseen(package: Package, name: str) -> Iterator[Element]:
    return package.tree(name).iter(*_TAKEN)


def _seen_otherwise(package: Package, name: str) -> Iterator[str]:
    """Take links to pictures off that are in the document as well; yield their relationships."""
    for element in package.tree(name).iter():
        if element.get(_LINK) and element.get(_EMBED):
            yield str(element.attrib.pop(_LINK))


def _idle(package: Package, name: str) -> Iterator[str]:
    """Yield relationships to elsewhere that nothing in the part is tied to."""
    tied = {
        value
        for element in package.tree(name).iter()
        for key, value in element.attrib.items()
        if str(key).startswith(f"{{{RELATIONS}}}")
    }
    for relation in package.relations(name):
        if is_fetched(relation) and relation.get("Id") not in tied:
            yield str(relation.get("Id"))


def _cut(package: Package, name: str, gone: set[str]) -> None:
    relations = package.relations(name)
    for relation in list(relations):
        if relation.get("Id") in gone:
            relations.remove(relation)


def _targets(package: Package, name: str) -> Iterator[str]:
    """Yield the parts that a part leads to."""
    for relation in package.relations(name):
        if relation.get("TargetMode") != "External":
            target = posixpath.join("/", posixpath.dirname(name), relation.get("Target") or "")
            yield posixpath.normpath(target).lstrip("/")


def _is_embedded(part: str) -> bool:
    """True for a part that holds an object, and is in nobody's sight by itself."""
    return any(f"/{folder}/" in f"/{part}" for folder in ("embeddings", "activeX", "controls"))
