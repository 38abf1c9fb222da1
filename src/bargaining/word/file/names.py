"""Names of WordprocessingML, and the way to make its elements.

Strategy: the one place that spells out namespaces (ECMA-376, parts 1 and 4, annex A).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from lxml import etree

MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT: Final = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
COMPATIBILITY: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
MATH: Final = "http://schemas.openxmlformats.org/officeDocument/2006/math"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

Element = etree._Element  # noqa: SLF001 - lxml's class has no public name


@cache
def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{MAIN}}}{name}"


_NOT_ALLOWED: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def allowed(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold (section 2.2)."""
    return text if text.isascii() and text.isprintable() else _NOT_ALLOWED.sub("", text)


def make(name: str, /, *children: Element, text: str | None = None, **values: str) -> Element:
    """Make an element of WordprocessingML; `values` are its attributes."""
    element = etree.Element(w(name))
    for key, value in values.items():
        element.set(w(key), allowed(value))
    if text is not None:
        text = allowed(text)
        element.text = text
        if text != text.strip() or "  " in text:
            element.set(XML_SPACE, "preserve")
    element.extend(children)
    return element


def value(element: Element | None, name: str = "val") -> str | None:
    """Return an attribute of an element that may be missing."""
    return None if element is None else element.get(w(name))


def is_on(element: Element | None) -> bool:
    """Return what a toggle says: present means on, unless its value says off (17.17.4)."""
    return element is not None and value(element) not in {"0", "false", "off", "none"}


def number_of(text: str | None) -> int | None:
    """Return an id as a number; None for one that is none, or beyond 31 bits."""
    plain = text is not None and text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004
    return int(text) if text is not None and plain else None
