"""The story: everything that a document says, paragraph by paragraph.

Strategy: body, tables, content controls, text boxes and notes are walked in reading order; nothing
that holds text is skipped. Each stretch of text knows its run, its formatting, and who inserted or
struck it (ECMA-376, part 1, 17.13.5): by a mark around the run, on the row, or by a move. Each
paragraph knows the same of its mark, and which paragraph would take it in if that mark went.

This module decides nothing: which readings there are is said in `views`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, Literal

import attrs

from bargaining.errors import PaperError
from bargaining.word.file.names import COMPATIBILITY, MATH, XML_SPACE, Element, is_on, value, w
from bargaining.word.file.numbering import Numbering, Place, place_in
from bargaining.word.file.package import Package
from bargaining.word.file.styles import Styles

Where = Literal["body", "cell", "note", "box", "header", "footer"]

BREAK: Final = "\v"  # a manual line break inside a paragraph
_MOST_ELEMENTS: Final = 250_000  # paragraphs, runs, and what stands in them
_MOST_TEXT: Final = 4_000_000  # characters
_MOST_NAMES: Final = 250  # namespaces that are known in one place; Word names some forty
_DEEPEST: Final = 100  # tables, controls and boxes inside each other
_MARKS: Final = {w("ins"): "in", w("moveTo"): "in", w("del"): "out", w("moveFrom"): "out"}
_SHOWN: Final = 40  # code points of a placeholder that are told
_FIELDS_TOLD: Final = 20  # empty fields
_INSIDE: Final = frozenset(  # what may stand around runs
    w(name)
    for name in (
        "hyperlink",
        "smartTag",
        "sdtContent",
        "customXml",
        "fldSimple",
        "dir",
        "bdo",
        "ruby",
        "rubyBase",
        "rt",
    )
) | {f"{{{MATH}}}{name}" for name in ("oMath", "oMathPara")}
_KNOWN: Final = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")
_NO_TEXT: Final = frozenset({w("pPr"), w("sdtPr"), w("rPr")})
_BLOCKS: Final = frozenset({w("p"), w("tbl"), w("altChunk"), w("sectPr")})
_SIGNS: Final = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("cr"): BREAK,
    w("noBreakHyphen"): "\u2011",
    w("softHyphen"): "\u00ad",
}
_UNKNOWN: Final = "\ufffd"
_CONTROLS: Final = {0xF0B7: "•", 0xF0A7: "▪", 0xF0FC: "✓", 0xF0A8: "☐", 0xF0FE: "☒"}


@attrs.frozen
class Stamp:
    """Who made a mark, and when, as the document says: ISO 8601, or empty."""

    author: str
    date: str


@attrs.frozen(eq=False)
class Atom:
    """A stretch of text under the same marks.

    Attributes:
        text: the text; a tab is a tab, a manual line break is `BREAK`.
        run: the run that holds it.
        node: the element in the run that it is.
        inserted: who inserted it, where that is tracked.
        struck: who struck it, where that is tracked.
        formats: the formatting of its run, as `Styles.formats` names it.
    """

    text: str
    run: Element
    node: Element
    inserted: Stamp | None
    struck: Stamp | None
    formats: frozenset[str]


@attrs.define(eq=False)
class Paragraph:
    """One paragraph.

    Attributes:
        element: the `w:p`.
        where: what it stands in.
        atoms: its text.
        style: the id of its style.
        place: its place in a list.
        old_place: its place before a tracked change of it.
        inserted: who inserted its mark, where that is tracked.
        struck: who struck its mark.
        gone_if: `"accepted"` or `"rejected"` when its whole row goes then.
        following: the paragraph that takes it in when its mark goes.
        anchor: for the paragraphs of a note or a box, the paragraph that it belongs to.
    """

    element: Element
    where: Where
    atoms: list[Atom] = attrs.Factory(list)
    style: str | None = None
    place: Place | None = None
    old_place: Place | None = None
    inserted: Stamp | None = None
    struck: Stamp | None = None
    gone_if: frozenset[str] = frozenset()
    following: Paragraph | None = None
    anchor: Paragraph | None = None

    @property
    def text(self) -> str:
        """All its text, struck text included."""
        return "".join(atom.text for atom in self.atoms)


@attrs.frozen(eq=False)
class Story:
    """What a document says.

    Attributes:
        paragraphs: body, tables, boxes and notes, in reading order.
        margins: headers and footers, each part once.
        comments: author, date and text of each comment.
        numbering: its lists.
        styles: its styles.
        unread: what holds content that is not read, such as a picture, each kind once.
    """

    paragraphs: tuple[Paragraph, ...]
    margins: tuple[Paragraph, ...]
    comments: tuple[tuple[Stamp, str], ...]
    numbering: Numbering
    styles: Styles
    unread: tuple[str, ...]

    @property
    def is_tracked(self) -> bool:
        """True when anything in the text is a tracked insertion or deletion."""
        return any(
            paragraph.inserted
            or paragraph.struck
            or paragraph.gone_if
            or any(atom.inserted or atom.struck for atom in paragraph.atoms)
            for paragraph in self.paragraphs
        )


@attrs.frozen(eq=False)
class _Around:
    """What stands around the element that is walked."""

    where: Where
    inserted: Stamp | None = None
    struck: Stamp | None = None
    gone_if: frozenset[str] = frozenset()
    depth: int = 0

    def within(self, element: Element) -> _Around:
        """Step into an element; a mark around others counts for all in it."""
        if self.depth >= _DEEPEST:
            raise PaperError(
                f"The document nests deeper than {_DEEPEST} levels.",
                hint="Save it as text, and file that.",
            )
        mark = _MARKS.get(str(element.tag))
        return attrs.evolve(
            self,
            depth=self.depth + 1,
            inserted=stamp(element) if mark == "in" else self.inserted,
            struck=stamp(element) if mark == "out" else self.struck,
        )


class _Walker:
    """One walk over a document; it holds what was found so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.styles = Styles.read(package.related_tree("styles"))
        self.numbering = Numbering.read(
            package.related_tree("numbering"), self.styles.numbering_lists()
        )
        self.paragraphs: list[Paragraph] = []
        self.unread: dict[str, None] = {}
        self.notes = {
            kind: _by_id(package.related_tree(f"{kind}s")) for kind in ("footnote", "endnote")
        }
        self._left = _MOST_ELEMENTS
        self._text_left = _MOST_TEXT
        self._held: list[tuple[int, Atom]] = []  # text in the code of a field, and its place
        self._beside: list[tuple[Element, _Around]] = []  # boxes and notes of the open paragraphs
        self._anchors: list[Paragraph] = []  # beside these

    def blocks(self, container: Element, around: _Around) -> None:
        """Walk the paragraphs, tables and controls of a container."""
        last: Paragraph | None = None
        for element in _flat(container):
            if element.tag == w("tbl"):
                self._table(element, around.within(element))
                last = None
            elif element.tag == w("p"):
                paragraph = self._paragraph(element, around)
                if last is not None:
                    last.following = paragraph
                last = paragraph
                if not (paragraph.inserted or paragraph.struck):
                    self._flush(around)
            elif element.tag == w("altChunk"):
                self.unread["an imported part"] = None
            elif element.tag not in _BLOCKS and next(element.iter(w("t")), None) is not None:
                self.unread["text in an unknown place"] = None
        self._flush(around)

    def _flush(self, around: _Around) -> None:
        """Walk the boxes and notes that stand beside what was walked."""
        beside, self._beside = list(zip(self._beside, self._anchors, strict=True)), []
        self._anchors = []
        for (element, marked), anchor in beside:
            start = len(self.paragraphs)
            self.blocks(element, attrs.evolve(marked, depth=around.within(element).depth))
            for paragraph in self.paragraphs[start:]:
                paragraph.anchor = paragraph.anchor or anchor

    def _table(self, table: Element, around: _Around) -> None:
        for row in _flat(table):
            if row.tag != w("tr"):
                continue
            marks = row.find(w("trPr"))
            inside = _marked(around.within(row), marks, ("ins", "del"))
            for cell in _flat(row):
                if cell.tag == w("tc"):
                    marks = cell.find(w("tcPr"))
                    within = _marked(inside.within(cell), marks, ("cellIns", "cellDel"))
                    self.blocks(cell, attrs.evolve(within, where="cell"))

    def _paragraph(self, element: Element, around: _Around) -> Paragraph:
        properties = _children(next(element.iterchildren(w("pPr")), None))
        paragraph = Paragraph(element, around.where, gone_if=around.gone_if)
        self._read_properties(paragraph, properties)
        self.paragraphs.append(paragraph)
        self._count()
        self._held = []
        self._inline(element, paragraph, around, [])
        for at, atom in reversed(self._held):  # a field that never came to its result is none
            paragraph.atoms.insert(at, atom)
        _without_outer_breaks(paragraph.atoms)
        return paragraph

    def _read_properties(self, paragraph: Paragraph, properties: Mapping[str, Element]) -> None:
        style = value(properties.get(w("pStyle")))
        paragraph.style = style
        paragraph.place = paragraph.old_place = self._place(properties, style)
        before = _children(properties.get(w("pPrChange"))).get(w("pPr"))
        if before is not None:
            old = _children(before)
            paragraph.old_place = self._place(old, value(old.get(w("pStyle"))))
        for mark in properties.get(w("rPr"), ()):
            if _MARKS.get(str(mark.tag)) == "in":
                paragraph.inserted = stamp(mark)
            elif _MARKS.get(str(mark.tag)) == "out":
                paragraph.struck = stamp(mark)

    def _place(self, properties: Mapping[str, Element], style: str | None) -> Place | None:
        own = _children(properties.get(w("numPr")))
        number, level = value(own.get(w("numId"))), value(own.get(w("ilvl")))
        if number is not None:
            return place_in(number, level)
        of_style = self.styles.list_of(style)
        if of_style is None or of_style[0] in {None, "0"}:
            return None
        if level is None and of_style[1] is None:
            return self.numbering.place_of_style(of_style[0] or "", of_style[2])
        return place_in(of_style[0], level or of_style[1])

    def _inline(
        self, parent: Element, paragraph: Paragraph, around: _Around, fields: list[bool]
    ) -> None:
        """Walk a paragraph; `fields` says for each open field whether its result has begun."""
        for child in _chosen(parent):
            if child.tag == w("r"):
                self._run(child, paragraph, around, fields)
            elif child.tag in _MARKS or child.tag in _INSIDE:
                self._inline(child, paragraph, around.within(child), fields)
            elif child.tag == w("sdt"):
                content = _content(child)
                if content is not None:
                    self._inline(content, paragraph, around.within(content), fields)
            elif _is_math(child):
                self._math(child, paragraph, around)
            elif len(child) and child.tag not in _NO_TEXT:
                self._inline(child, paragraph, around.within(child), fields)

    def _math(self, element: Element, paragraph: Paragraph, around: _Around) -> None:
        """Take the text of a formula as it stands there."""
        for node in element.iter(f"{{{MATH}}}t"):
            self._count(node.text or "")
            atom = Atom(node.text or "", node, node, around.inserted, around.struck, frozenset())
            paragraph.atoms.append(atom)

    def _run(self, run: Element, paragraph: Paragraph, around: _Around, fields: list[bool]) -> None:
        self._count()
        formats = self.styles.formats(next(run.iterchildren(w("rPr")), None), paragraph.style)
        for node in _chosen(run):
            text = _text(node)
            if text is not None:
                self._count(text)
                atom = Atom(text, run, node, around.inserted, around.struck, formats)
                if text and all(fields):
                    paragraph.atoms.append(atom)
                elif text:
                    self._held.append((len(paragraph.atoms), atom))
            elif node.tag == w("fldChar"):
                self._turn(fields, value(node, "fldCharType"), around)
            elif node.tag in {w("footnoteReference"), w("endnoteReference")}:
                self._note(node, around)
            elif node.tag in _INSIDE:
                self._inline(node, paragraph, around.within(node), fields)
            elif len(node):
                self._other(node, around)

    def _turn(self, fields: list[bool], kind: str | None, around: _Around) -> None:
        """Follow a field: its code is no text, its result is (17.16.18)."""
        if around.struck is not None and not fields:
            return
        if kind == "begin":
            fields.append(False)
        elif kind == "separate" and fields:
            fields[-1] = True
            self._held.clear()
        elif kind == "end" and fields:
            fields.pop()
            self._held.clear()

    def _count(self, text: str = "") -> None:
        """Count an element and its text against what is read at most."""
        self._left -= 1
        self._text_left -= len(text)
        if self._left < 0 or self._text_left < 0:
            raise PaperError(
                f"The document holds more than {_MOST_TEXT // 1_000_000} million characters or "
                f"{_MOST_ELEMENTS:,} pieces, the most that is read.",
                hint="File it in parts.",
            )

    def _note(self, reference: Element, around: _Around) -> None:
        """Put a note beside the paragraph that first refers to it; it shares its marks."""
        kind = "footnote" if reference.tag == w("footnoteReference") else "endnote"
        note = self.notes[kind].pop(value(reference, "id") or "", None)
        if note is not None:
            self._beside.append((note, attrs.evolve(around, where="note", gone_if=frozenset())))
            self._anchors.append(self.paragraphs[-1])

    def _other(self, node: Element, around: _Around) -> None:
        """Look into what a run holds beside text: boxes are read, pictures are said to be there."""
        inside = attrs.evolve(around, where="box", gone_if=frozenset())
        boxes = [box for box in node.iter(w("txbxContent")) if not _is_fallback(box)]
        self._beside += [(box, inside) for box in boxes]
        self._anchors += [self.paragraphs[-1]] * len(boxes)
        if not boxes and node.tag in {w("drawing"), w("pict")}:
            self.unread["a picture"] = None
        elif not boxes and node.tag == w("object"):
            self.unread["an embedded object"] = None


def read_story(package: Package) -> Story:
    """Walk a document.

    Raises:
        PaperError: a part is missing or broken, or it nests too deep.
    """
    walker = _Walker(package)
    body = package.tree(package.main).find(w("body"))
    if body is not None:
        walker.blocks(body, _Around("body"))
        walker.unread.update(dict.fromkeys(islice(_empty_fields(body), _FIELDS_TOLD)))
    text = tuple(walker.paragraphs)
    walker.paragraphs = []
    for where in ("header", "footer"):
        for name in package.related(where):
            walker.blocks(package.tree(name), _Around(where))
    return Story(
        text,
        tuple(walker.paragraphs),
        tuple(_comments(package.related_tree("comments"))),
        walker.numbering,
        walker.styles,
        tuple(walker.unread),
    )


def tables(story: Story) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield the tables, each as the texts of its cells by rows; struck text is left out."""
    found: dict[Element, dict[Element, dict[Element, list[str]]]] = {}
    for paragraph in story.paragraphs if any(p.where == "cell" for p in story.paragraphs) else ():
        cell = next(paragraph.element.iterancestors(w("tc")), None)
        row = None if cell is None else next(cell.iterancestors(w("tr")), None)
        table = None if row is None else next(row.iterancestors(w("tbl")), None)
        if cell is not None and row is not None and table is not None:
            text = "".join(atom.text for atom in paragraph.atoms if atom.struck is None)
            found.setdefault(table, {}).setdefault(row, {}).setdefault(cell, []).append(text)
    for rows in found.values():
        yield tuple(
            tuple(" ".join(texts).strip() for texts in cells.values()) for cells in rows.values()
        )


def stamp(mark: Element) -> Stamp:
    """Return who made a mark, and when."""
    return Stamp(value(mark, "author") or "", value(mark, "date") or "")


def _marked(around: _Around, marks: Element | None, names: tuple[str, str]) -> _Around:
    """Return what holds inside a row or cell that was inserted or struck itself."""
    inserted = None if marks is None else marks.find(w(names[0]))
    struck = None if marks is None else marks.find(w(names[1]))
    gone = {"rejected"} if inserted is not None else set()
    gone |= {"accepted"} if struck is not None else set()
    return attrs.evolve(
        around,
        inserted=around.inserted if inserted is None else stamp(inserted),
        struck=around.struck if struck is None else stamp(struck),
        gone_if=around.gone_if | gone,
    )


def _content(control: Element) -> Element | None:
    """Return what a content control holds; what it shows while it is empty is none of it."""
    return None if _is_empty(control) else control.find(w("sdtContent"))


def _is_empty(control: Element) -> bool:
    """True for a control that shows its placeholder (17.5.2.39)."""
    shows = control.find(f"{w('sdtPr')}/{w('showingPlcHdr')}")
    return shows is not None and is_on(shows)


def _empty_fields(root: Element) -> Iterator[str]:
    """Name the empty controls of a part, by the placeholders that they show."""
    for control in root.iter(w("sdt")):
        if _is_empty(control):
            shown = " ".join("".join(node.text or "" for node in control.iter(w("t"))).split())
            yield f"an empty field (“{shown[:_SHOWN]}”)"


def _flat(container: Element) -> Iterator[Element]:
    """Yield the blocks of a container; controls and custom markup around them do not count."""
    waiting = [iter(_chosen(container))]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
        elif element.tag == w("sdt"):
            content = _content(element)
            waiting.append(iter(() if content is None else _chosen(content)))
        elif element.tag in {w("customXml"), w("smartTag")}:
            waiting.append(iter(_chosen(element)))
        else:
            yield element


def _children(element: Element | None) -> dict[str, Element]:
    """Return the children of an element that may be missing, by their tags; the first of each."""
    if element is None:
        return {}
    return {str(child.tag): child for child in element.iterchildren(reversed=True)}


def _chosen(parent: Element) -> Iterator[Element]:
    """Yield children, alternatives resolved to the first choice (ECMA-376, part 3, 9.3)."""
    for child in parent:
        if _is_alternative(child):
            chosen = _choice(child)
            if chosen is not None:
                yield from _chosen(chosen)
        else:
            yield child


def _is_alternative(element: Element) -> bool:
    return element.tag == f"{{{COMPATIBILITY}}}AlternateContent"


def _choice(alternatives: Element) -> Element | None:
    """Return the first choice whose namespaces are known, else the fallback."""
    for choice in alternatives.iterchildren(f"{{{COMPATIBILITY}}}Choice"):
        wanted = (choice.get("Requires") or "").split()
        names = choice.nsmap  # gathered anew each time, of all that is around
        if len(names) > _MOST_NAMES:
            raise PaperError(
                f"The document names more than {_MOST_NAMES} namespaces at once.",
                hint="Save it in Word again, and file that.",
            )
        if all((names.get(prefix) or "").startswith(_KNOWN) for prefix in wanted):
            return choice
    return alternatives.find(f"{{{COMPATIBILITY}}}Fallback")


def _is_fallback(element: Element) -> bool:
    """True for what stands in an alternative that is not chosen, or in another box."""
    above = element.getparent()
    while above is not None:
        if above.tag == w("txbxContent"):
            return True
        beside = above.getparent()
        chosen = _choice(beside) if beside is not None and _is_alternative(beside) else above
        if chosen is not above:
            return True
        above = beside
    return False


def _is_math(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{MATH}}}")


def _without_outer_breaks(atoms: list[Atom]) -> None:
    """Leave out the page breaks at both ends of a paragraph: they part pages, not words."""
    for end in (0, -1):
        while atoms and value(atoms[end].node, "type") in {"page", "column"}:
            del atoms[end]


def _text(node: Element) -> str | None:
    """Return the text that an element in a run stands for; None for one that stands for none."""
    if node.tag == w("t") or node.tag == w("delText"):
        text = "".join(node.itertext()) if len(node) else node.text or ""
        return text if text[:1] + text[-1:] == (text[:1] + text[-1:]).strip() else _spaced(node)
    if node.tag in _SIGNS:
        return _SIGNS[str(node.tag)]
    if node.tag == w("br"):
        return BREAK
    return _symbol(node) if node.tag == w("sym") else None


def _spaced(node: Element) -> str:
    """Return text with spaces at its ends, which count only where they are preserved (XML 2.10)."""
    text = "".join(node.itertext())
    for element in (node, *node.iterancestors()):
        said = element.get(XML_SPACE)
        if said is not None:
            return text if said == "preserve" else text.strip(" \t\r\n")
    return text.strip(" \t\r\n")


def _symbol(node: Element) -> str:
    """Return the character of a symbol font, as a Unicode character where that is known."""
    try:
        character = chr(int(value(node, "char") or "", 16))
    except (ValueError, OverflowError):
        return _UNKNOWN
    is_text = unicodedata.category(character) not in {"Cc", "Cs"}
    return _CONTROLS.get(ord(character), character) if is_text else _UNKNOWN


def _by_id(root: Element | None) -> dict[str, Element]:
    """Return the notes of a part; separators are no notes."""
    if root is None:
        return {}
    return {
        value(note, "id") or "": note for note in root if value(note, "type") in {None, "normal"}
    }


def _comments(root: Element | None) -> Iterator[tuple[Stamp, str]]:
    for comment in root if root is not None else ():
        texts = ["".join(t.text or "" for t in p.iter(w("t"))) for p in comment.iter(w("p"))]
        yield stamp(comment), " ".join(filter(None, texts))
