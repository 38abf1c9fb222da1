"""Clean: a plain document of a text: title, ladder, legend, and clauses with real numbers.

Strategy: every part is written here from nothing, so that the document depends on no template. A
paragraph that starts with a number stands in a list that counts to that number by itself; where no
list does, the number is typed.

This module knows no marks; they are written into what it makes by `dress`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import attrs
from lxml import etree

from bargaining.word.file.names import (
    CONTENT_TYPES,
    MAIN,
    PACKAGE_RELATIONS,
    RELATIONS,
    Element,
    make,
    w,
)
from bargaining.word.file.numbering import shown
from bargaining.word.file.package import Package
from bargaining.word.writer.paragraphs import label
from bargaining.word.writer.runs import new_run

_FORMATS: Final = ("decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman")
_NUMBER: Final = re.compile(r"(\()?([0-9]{1,5}|[A-Za-z]{1,8})((?:\.\d+)*)([.)]{0,2}) ")
_DOTTED: Final = re.compile(r"((?:[0-9]{1,5}\.)+)([0-9]{1,5})([.)]{0,2}) ")
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STEP: Final = 360  # twentieths of a point that a list is indented for each level
_DEEPEST: Final = 6


@attrs.frozen
class _Style:
    """A paragraph style: its size in half-points, the space behind it in twentieths of a point."""

    name: str
    size: int
    after: int
    bold: bool = False
    based: str = "Normal"


_STYLES: Final = (
    _Style("Normal", 22, 120),
    _Style("Title", 30, 60, bold=True),
    _Style("Subtitle", 24, 160),
    _Style("Ladder", 18, 20),
    _Style("Legend", 18, 120, based="Subtitle"),
    _Style("Clause", 22, 120),
)


@attrs.define
class _List:
    """A list that is open: how its numbers look, and what it counts to next."""

    number: int
    form: tuple[str, str, str]  # before the number, its format, behind it
    depth: int
    next: int


class _Lists:
    """Gives each numbered paragraph its place in a list."""

    def __init__(self) -> None:
        self.open: list[_List] = []
        self.forms: dict[tuple[tuple[str, str, str], int], int] = {}
        self.starts: list[tuple[int, int]] = []  # for each list: its form, its first number

    def place(self, text: str) -> tuple[int, int, int] | None:
        """Return the list, its depth, and how much of the text is its number; None for none."""
        readings = list(_readings(text))
        for depth in range(len(self.open) - 1, -1, -1):
            for form, number, size in readings:
                found = self.open[depth]
                if found.form == form and found.next == number:
                    del self.open[depth + 1 :]
                    found.next += 1
                    return found.number, found.depth, size
        if not readings:
            return None
        return self._begin(readings)

    def _begin(
        self, readings: Sequence[tuple[tuple[str, str, str], int, int]]
    ) -> tuple[int, int, int]:
        """Open a list: deeper than those that are open, or in the place of one that looks alike."""
        form, number, size = next((r for r in readings if r[1] == 1), readings[0])
        alike = next((n for n, one in enumerate(self.open) if one.form[1:] == form[1:]), None)
        depth = len(self.open) if alike is None else alike
        depth = min(depth, _DEEPEST)
        del self.open[depth:]
        kind = self.forms.setdefault((form, depth), len(self.forms))
        self.starts.append((kind, number))
        self.open.append(_List(len(self.starts), form, depth, number + 1))
        return len(self.starts), depth, size


def _readings(text: str) -> Iterable[tuple[tuple[str, str, str], int, int]]:
    """Yield the ways in which the start of a paragraph can be a list's number."""
    dotted = _DOTTED.match(text)
    if dotted and int(dotted[2]) > 0 and dotted[2] == str(int(dotted[2])):
        yield (dotted[1], "decimal", dotted[3]), int(dotted[2]), dotted.end()
        return
    found = _NUMBER.match(text)
    if found is None or not label(text) or (found[1] and found[4] != ")"):
        return
    for style in _FORMATS:
        number = _value(found[2], style)
        if number is not None:
            behind = f"{found[3]}{found[4]}"
            yield (found[1] or "", style, behind), number, found.end()


def _value(text: str, style: str) -> int | None:
    """Return the number that is written so in a format, if there is one."""
    if style == "decimal":
        return int(text) if text.isdigit() and str(int(text)) == text and len(text) < 6 else None  # noqa: PLR2004
    return next((n for n in range(1, 100) if shown(n, style) == text), None)


def clean(
    lines: Sequence[str],
    front: Sequence[tuple[str, str]],
    typed: Collection[int] = (),
    *,
    title: int = 0,
    ladder: Sequence[tuple[str, str]] = (),
) -> tuple[Package, list[Element]]:
    r"""Make a document of paragraphs.

    Args:
        lines: the paragraphs of the text; a `"\v"` is a line break.
        front: what stands before them: lines, each with the style that it has.
        typed: which of the paragraphs have their number typed, counted from 0.
        title: how many of them, from the first, are the title.
        ladder: what stands between the title and the others, as `front`.

    Returns:
        The document, and the paragraphs in it that hold the text.
    """
    body = make("body")
    for style, text in front:
        body.append(_paragraph(style, text))
    lists = _Lists()
    held = [_paragraph("Title", line) for line in lines[:title]]
    held += [
        _paragraph("Clause", line) if n in typed else _clause(line, lists)
        for n, line in enumerate(lines[title:], start=title)
    ]
    body.extend(held[:title])
    body.extend(_paragraph(style, text) for style, text in ladder)
    body.extend(held[title:])
    body.append(
        make(
            "sectPr",
            make("pgSz", w="12240", h="15840"),
            make("pgMar", top="1440", right="1440", bottom="1440", left="1440", header="720",
                 footer="720", gutter="0"),
        )
    )  # fmt: skip
    document = etree.Element(w("document"), nsmap={"w": MAIN, "r": RELATIONS})
    document.append(body)
    return _package(document, lists), held


def _paragraph(style: str, text: str) -> Element:
    return make("p", make("pPr", make("pStyle", val=style)), new_run(text, None))


def _clause(text: str, lists: _Lists) -> Element:
    place = lists.place(text)
    if place is None:
        return _paragraph("Clause", text)
    number, depth, size = place
    left = str((depth + 1) * _STEP + (180 if depth == 0 else 0))
    properties = make(
        "pPr",
        make("pStyle", val="Clause"),
        make("numPr", make("ilvl", val="0"), make("numId", val=str(number))),
        make("ind", left=left, hanging=str(_STEP + (180 if depth == 0 else 0))),
    )
    return make("p", properties, new_run(text[size:], None))


def _package(document: Element, lists: _Lists) -> Package:
    """Put the parts of a document together."""
    types = etree.Element(f"{{{CONTENT_TYPES}}}Types", nsmap={None: CONTENT_TYPES})
    for ending, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        default = etree.SubElement(types, f"{{{CONTENT_TYPES}}}Default")
        default.set("Extension", ending)
        default.set("ContentType", kind)
    override = etree.SubElement(types, f"{{{CONTENT_TYPES}}}Override")
    override.set("PartName", "/word/document.xml")
    override.set("ContentType", f"{_OFFICE}.document.main+xml")
    relations = etree.Element(
        f"{{{PACKAGE_RELATIONS}}}Relationships", nsmap={None: PACKAGE_RELATIONS}
    )
    relation = etree.SubElement(relations, f"{{{PACKAGE_RELATIONS}}}Relationship")
    relation.set("Id", "rId1")
    relation.set("Type", f"{RELATIONS}/officeDocument")
    relation.set("Target", "word/document.xml")
    trees = {"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": document}
    package = Package(dict.fromkeys(trees, b""), trees)
    for name, root in (
        ("styles", _styles()),
        ("numbering", _numbering(lists)),
        ("settings", _settings()),
    ):
        package.add_part(f"word/{name}.xml", root, name, f"{_OFFICE}.{name}+xml")
    return package


def _root(name: str, *children: Element) -> Element:
    root = etree.Element(w(name), nsmap={"w": MAIN})
    root.extend(children)
    return root


def _styles() -> Element:
    fonts = make("rFonts", ascii="Arial", hAnsi="Arial", cs="Arial", eastAsia="Arial")
    defaults = make(
        "docDefaults", make("rPrDefault", make("rPr", fonts, make("lang", val="en-US")))
    )
    return _root("styles", defaults, *(_style(style) for style in _STYLES))


def _style(style: _Style) -> Element:
    element = make("style", make("name", val=style.name), type="paragraph", styleId=style.name)
    if style is _STYLES[0]:
        element.set(w("default"), "1")
    else:
        element.append(make("basedOn", val=style.based))
    spacing = make("spacing", before="0", after=str(style.after), line="264", lineRule="auto")
    element.append(make("qFormat"))
    element.append(make("pPr", spacing))
    weight = [make("b")] if style.bold else []
    element.append(make("rPr", *weight, make("sz", val=str(style.size))))
    return element


def _numbering(lists: _Lists) -> Element:
    abstracts = []
    for ((before, style, behind), depth), number in lists.forms.items():
        left = str((depth + 1) * _STEP + (180 if depth == 0 else 0))
        level = make(
            "lvl",
            make("start", val="1"),
            make("numFmt", val=style),
            make("lvlText", val=f"{before}%1{behind}"),
            make("lvlJc", val="left"),
            make("pPr", make("ind", left=left, hanging=str(_STEP + (180 if depth == 0 else 0)))),
            ilvl="0",
        )
        abstracts.append(
            make("abstractNum", make("multiLevelType", val="singleLevel"), level,
                 abstractNumId=str(number))
        )  # fmt: skip
    nums = [
        make(
            "num",
            make("abstractNumId", val=str(kind)),
            make("lvlOverride", make("startOverride", val=str(start)), ilvl="0"),
            numId=str(n),
        )
        for n, (kind, start) in enumerate(lists.starts, start=1)
    ]
    return _root("numbering", *abstracts, *nums)


def _settings() -> Element:
    setting = make("compatSetting", name="compatibilityMode",
                   uri="http://schemas.microsoft.com/office/word", val="15")  # fmt: skip
    return _root("settings", make("compat", setting))
