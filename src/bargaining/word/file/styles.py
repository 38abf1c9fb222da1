"""Styles: what a paragraph or run has by its style.

Strategy: each style is read with those that it is based on (ECMA-376, part 1, 17.7), and only for
what this project asks of it: its list, whether it is a heading, and formatting that papers mark
with.

This module knows no texts.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from bargaining.word.file.names import Element, is_on, value, w

STRIKE: Final = "strike"
HIDDEN: Final = "hidden"  # text that Word does not show (17.3.2.41)
FORMATS: Final = ("underline", "double-underline", "bold", "colour", "highlight")
_LINES: Final = frozenset({STRIKE, "underline", "double-underline"})
_PLAIN_COLOURS: Final = frozenset({"auto", "000000"})
_DEEPEST: Final = 32  # styles based on styles
_HEADINGS: Final = ("heading", "title", "subtitle")
_LINK: Final = "hyperlink"  # underlined and blue, and no mark

ListOf: TypeAlias = tuple[str | None, str | None, str]


@attrs.frozen(eq=False)
class Styles:
    """All styles of a document, by their ids."""

    by_id: dict[str, Element] = attrs.Factory(dict)
    default: str = ""
    _formats: dict[str, frozenset[str]] = attrs.field(factory=dict, init=False)
    _lists: dict[str, ListOf | None] = attrs.field(factory=dict, init=False)
    _headings: dict[str, bool] = attrs.field(factory=dict, init=False)

    @classmethod
    def read(cls, root: Element | None) -> Styles:
        """Read a styles part; None is a document without one."""
        found = (
            {} if root is None else {value(s, "styleId") or "": s for s in root.iter(w("style"))}
        )
        paragraphs = (s for s in found.values() if value(s, "type") == "paragraph")
        default = next((s for s in paragraphs if value(s, "default") in {"1", "true"}), None)
        return cls(found, value(default, "styleId") or "")

    def chain(self, style: str | None) -> list[Element]:
        """Return a style and those that it is based on, nearest first."""
        found: list[Element] = []
        while style in self.by_id and len(found) < _DEEPEST:
            found.append(self.by_id[style])
            style = value(found[-1].find(w("basedOn")))
        return found

    def list_of(self, style: str | None) -> ListOf | None:
        """Return `numId`, `ilvl` and the style that names them, or None for no list."""
        name = style or self.default
        if name not in self._lists:
            self._lists[name] = self._find_list(name)
        return self._lists[name]

    def _find_list(self, style: str) -> ListOf | None:
        for one in self.chain(style):
            place = one.find(f"{w('pPr')}/{w('numPr')}")
            if place is not None and place.find(w("numId")) is not None:
                level = value(place.find(w("ilvl")))
                return value(place.find(w("numId"))), level, value(one, "styleId") or ""
        return None

    def numbering_lists(self) -> dict[str, str]:
        """Return the list id of each numbering style (17.9.21)."""
        return {
            name: value(style.find(f"{w('pPr')}/{w('numPr')}/{w('numId')}")) or ""
            for name, style in self.by_id.items()
            if value(style, "type") == "numbering"
        }

    def is_heading(self, style: str | None) -> bool:
        """True for a style that is a title, a heading, or stands in the outline."""
        if style is None:
            return False
        if style not in self._headings:
            self._headings[style] = self._find_heading(style)
        return self._headings[style]

    def _find_heading(self, style: str) -> bool:
        for one in self.chain(style):
            name = (value(one.find(w("name"))) or "").lower()
            if name.startswith(_HEADINGS) or one.find(f"{w('pPr')}/{w('outlineLvl')}") is not None:
                return True
        return False

    def formats(self, properties: Element | None, paragraph: str | None = None) -> frozenset[str]:
        """Return the formatting, of that which papers mark with, that a run has.

        Strikes and underlines may come from a paragraph's style, where it is no heading. Bold or
        colour by such a style is how the paper looks, and no mark. What a paragraph style strikes
        and a character style strikes as well is not struck (17.7.3).

        Args:
            properties: the properties of the run.
            paragraph: the style of its paragraph.
        """
        lines = {STRIKE} if self.is_heading(paragraph) else _LINES
        above = self._by_style(paragraph) & lines if paragraph != self.default else frozenset()
        if properties is None:
            return above
        by_style = self._by_style(value(properties.find(w("rStyle"))))
        struck = (above ^ by_style) & {STRIKE}
        inherited = ((above | by_style) - {STRIKE}) | struck
        return own_formats(properties, inherited) if len(properties) else inherited

    def _by_style(self, style: str | None) -> frozenset[str]:
        if style is None:
            return frozenset()
        if style not in self._formats:
            found: frozenset[str] = frozenset()
            for one in reversed(self.chain(style)):
                if _LINK in (value(one.find(w("name"))) or "").lower():
                    found = frozenset()
                    break
                properties = one.find(w("rPr"))
                found = found if properties is None else own_formats(properties, found)
            self._formats[style] = found
        return self._formats[style]


def own_formats(properties: Element, inherited: frozenset[str]) -> frozenset[str]:
    """Return the formatting that run properties give, over what is inherited."""
    found = set(inherited)

    def turn(name: str, on: bool) -> None:
        (found.add if on else found.discard)(name)

    for child in properties:
        if child.tag in {w("strike"), w("dstrike")}:
            turn(STRIKE, is_on(child) or (STRIKE in found and child.tag == w("dstrike")))
        elif child.tag == w("b"):
            turn("bold", is_on(child))
        elif child.tag == w("vanish"):
            turn(HIDDEN, is_on(child))
        elif child.tag == w("u"):
            kind = value(child) or "single"
            turn("underline", kind not in {"none", "double"})
            turn("double-underline", kind == "double")
        elif child.tag == w("color"):
            turn("colour", (value(child) or "auto").lower() not in _PLAIN_COLOURS)
        elif child.tag == w("highlight"):
            turn("highlight", (value(child) or "none") != "none")
        elif child.tag == w("shd"):
            fill = (value(child, "fill") or "auto").lower()
            turn("highlight", "highlight" in found or fill not in {"auto", "ffffff"})
    return frozenset(found)
