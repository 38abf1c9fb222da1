"""Resolve: make a document clean, every mark accepted.

Strategy: what `views` reads, done to the XML: struck text and rows go, insertions lose their mark,
a paragraph whose mark is struck is merged into the next one, old properties are forgotten
(ECMA-376, part 1, 17.13.5). Formatting that was read as a mark goes with them, so that nothing in
the document still looks marked.

This module knows no papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Final

from bargaining.word.file.names import Element, make, w
from bargaining.word.file.package import Package
from bargaining.word.file.readings import Formatting
from bargaining.word.file.story import Paragraph, Story
from bargaining.word.file.styles import Styles

_GONE: Final = tuple(map(w, ("del", "moveFrom", "cellDel")))
_UNWRAPPED: Final = tuple(map(w, ("ins", "moveTo")))
_FORGOTTEN: Final = tuple(
    w(name)
    for name in (
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
        *("rPrChange", "pPrChange", "sectPrChange", "numberingChange", "cellIns", "cellMerge"),
        *("tblPrChange", "tblPrExChange", "tblGridChange", "trPrChange", "tcPrChange"),
    )
)
_MARKED: Final = (*_GONE, *_UNWRAPPED, *_FORGOTTEN)
_KEPT_INSIDE: Final = tuple(
    map(w, ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd"))
)
_HELD: Final = tuple(
    map(w, ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "sectPr"))
)
_PROPERTIES: Final = {  # the elements that give each formatting
    "strike": ("strike", "dstrike"),
    "underline": ("u",),
    "double-underline": ("u",),
    "bold": ("b", "bCs"),
    "colour": ("color",),
    "highlight": ("highlight", "shd"),
}


def accept_all(package: Package, story: Story, by: Formatting, marked: Iterable[Paragraph]) -> bool:
    """Accept every mark in the trees of a package.

    Args:
        package: the document; it is changed.
        story: what was read of it.
        by: the formatting that was read as a mark.
        marked: the paragraphs in which it was.

    Returns:
        True when there was any.
    """
    changed = sum(_accept_formatting(paragraph, by, story.styles) for paragraph in marked)
    changed += _merge_all(story)
    return bool(changed + sum(map(_accept, package.trees.values())))


def _accept_formatting(paragraph: Paragraph, by: Formatting, styles: Styles) -> bool:
    marks = by.struck | by.inserted
    marked = [atom for atom in paragraph.atoms if atom.formats & marks]
    if not marked:
        return False
    names = {w(name) for mark in marks for name in _PROPERTIES[mark]}
    holds_more = next(paragraph.element.iter(*_HELD), None) is not None
    if not holds_more and all(by.strikes(a) or not a.text.strip() for a in paragraph.atoms):
        _remove_block(paragraph.element)
    for atom in marked:
        if by.strikes(atom) and atom.struck is None:
            remove(atom.node)
            if all(child.tag == w("rPr") for child in atom.run):
                remove(atom.run)
        else:
            properties = atom.run.find(w("rPr"))
            for child in list(properties if properties is not None else ()):
                by_style = child.tag == w("rStyle") and styles.formats(make("rPr", deepcopy(child)))
                if child.tag in names or (by_style and by_style & marks):
                    remove(child)
    return True


def _remove_block(paragraph: Element) -> None:
    """Take a paragraph out, unless a body, cell or note would be left without any."""
    beside = (*paragraph.itersiblings(w("p")), *paragraph.itersiblings(w("p"), preceding=True))
    if beside and paragraph.find(f"{w('pPr')}/{w('sectPr')}") is None:
        remove(paragraph)


def _merge_all(story: Story) -> int:
    """Merge each paragraph whose mark is struck into the next one that stays; return how many."""
    waiting: list[Element] = []
    merged = 0
    for paragraph in story.paragraphs:
        if paragraph.struck is not None and paragraph.following is not None:
            waiting.append(paragraph.element)
            last = paragraph.following
            if last.struck is None or last.following is None:
                _merge(waiting, last.element)
                merged += len(waiting)
                waiting = []
    return merged


def _merge(elements: Sequence[Element], into: Element) -> None:
    """Put the content of paragraphs before that of another, which keeps its properties."""
    content = [child for element in elements for child in element if child.tag != w("pPr")]
    own = [child for child in into if child.tag != w("pPr")]
    for child in content:
        if own:
            own[0].addprevious(child)
        else:
            into.append(child)
    for element in elements:
        remove(element)


def _accept(root: Element) -> bool:
    if next(root.iter(*_MARKED), None) is None:
        return False
    for row in list(root.iter(w("tr"))):
        if row.find(f"{w('trPr')}/{w('del')}") is not None:
            remove(row)
    for cell in list(root.iter(w("tc"))):
        if cell.find(f"{w('tcPr')}/{w('cellDel')}") is not None:
            remove(cell)
    for element in list(root.iter(*_FORGOTTEN)):
        remove(element)
    for element in list(root.iter(*_GONE)):
        for inner in list(element.iter(*_KEPT_INSIDE)):
            element.addprevious(inner)
        remove(element)
    for element in list(root.iter(*_UNWRAPPED)):
        unwrap(element)
    return True


def remove(element: Element) -> None:
    """Take an element out of its parent; there is no text between elements to be lost."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: Element) -> None:
    """Put the children of an element in its place."""
    move_before(element, list(element))
    remove(element)


def move_before(element: Element, others: Iterable[Element]) -> None:
    """Put elements before another one, in their order."""
    for other in others:
        element.addprevious(other)
