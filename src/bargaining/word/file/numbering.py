"""Numbering: the number that Word shows before a paragraph.

Strategy: levels and their formats are read from the numbering part once (ECMA-376, part 1, 17.9); a
`Counter` is then told of each numbered paragraph in reading order and answers with its label. Lists
that share an abstract definition share their counts, unless one of them restarts.

This module sees definitions and positions, no texts and no marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import Final, NamedTuple

import attrs

from bargaining.word.file.names import Element, is_on, value, w

BULLET: Final = "•"  # whatever picture or symbol the list has
_LEVELS: Final = 9
_LONGEST: Final = 255  # characters of a number's text
_COUNTED: Final = re.compile(r"%([1-9])")  # the count of a level, in the text of one
_DEEPEST_LINK: Final = 8  # definitions that only name another
_MOST: Final = 10**6  # a number that counts higher is shown in figures
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class Place(NamedTuple):
    """Where a paragraph stands in a list: the id of the list, and the level from 0."""

    list: str
    level: int


@attrs.frozen
class Level:
    """How one level of a list is counted and shown."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    follows: str = "tab"  # what stands between the number and the text: tab, space, nothing
    restart: int | None = None  # the level (from 1) whose numbers restart this one; 0: none
    legal: bool = False
    style: str | None = None


@attrs.frozen
class Definition:
    """An abstract list: its identity and its levels."""

    id: str
    levels: tuple[Level, ...]


@attrs.frozen(eq=False)
class Numbering:
    """All lists of a document.

    Attributes:
        lists: the definition of each list id, its overrides applied.
        restarts: for each list id, the levels that restart there, with their first number.
    """

    lists: dict[str, Definition] = attrs.Factory(dict)
    restarts: dict[str, dict[int, int]] = attrs.Factory(dict)

    @classmethod
    def read(cls, root: Element | None, style_lists: dict[str, str] | None = None) -> Numbering:
        """Read a numbering part; None is a document without one.

        Args:
            root: the part.
            style_lists: the list id of each numbering style, by its name.
        """
        if root is None:
            return cls()
        abstracts = {value(a, "abstractNumId") or "": a for a in root.findall(w("abstractNum"))}
        named = {value(num, "numId") or "": num for num in root.findall(w("num"))}
        lists: dict[str, Definition] = {}
        restarts: dict[str, dict[int, int]] = {}
        read: dict[str, Definition] = {}
        for number, num in named.items():
            identity = _identity(num, abstracts, named, style_lists or {})
            if identity not in read:
                read[identity] = _definition(identity, abstracts.get(identity))
            definition = read[identity]
            levels = list(definition.levels)
            for override in num.findall(w("lvlOverride")):
                at = _level(value(override, "ilvl"))
                own = override.find(w("lvl"))
                if own is not None:
                    levels[at] = _read_level(own)
                first = value(override.find(w("startOverride")))
                if first is not None:
                    restarts.setdefault(number, {})[at] = _integer(first, 1)
            lists[number] = attrs.evolve(definition, levels=tuple(levels))
        return cls(lists, restarts)

    def place_of_style(self, number: str, style: str) -> Place:
        """Return the place of a paragraph whose style names a list: the level tied to the style."""
        definition = self.lists.get(number)
        levels = definition.levels if definition else ()
        return Place(number, next((n for n, lv in enumerate(levels) if lv.style == style), 0))


class Counter:
    """Counts the numbered paragraphs of one reading of a document."""

    def __init__(self, numbering: Numbering) -> None:
        """Start before the first paragraph."""
        self._numbering = numbering
        self._counts: dict[str, list[int | None]] = {}
        self._seen: set[Place] = set()

    @property
    def lists(self) -> tuple[str, ...]:
        """The ids of the lists that can be counted."""
        return tuple(self._numbering.lists)

    def peek(self, place: Place) -> str:
        """Return the label that a paragraph would get here, without counting it."""
        definition = self._numbering.lists.get(place.list)
        if definition is None:
            return ""
        counts, known = self._counts.get(definition.id), place in self._seen
        if counts is not None:
            self._counts[definition.id] = list(counts)
        shown = self.label(place)
        self._counts.pop(definition.id)
        if counts is not None:
            self._counts[definition.id] = counts
        if not known:
            self._seen.discard(place)
        return shown

    def label(self, place: Place) -> str:
        """Count one paragraph and return its label, with the space that follows; may be empty."""
        definition = self._numbering.lists.get(place.list)
        if definition is None:
            return ""
        counts = self._counts.setdefault(definition.id, [None] * _LEVELS)
        level = definition.levels[place.level]
        first = self._numbering.restarts.get(place.list, {}).get(place.level)
        if first is not None and place not in self._seen:
            counts[place.level] = first - 1
        self._seen.add(place)
        before = counts[place.level]
        counts[place.level] = level.start if before is None else before + 1
        for deeper in range(place.level + 1, _LEVELS):
            restart = definition.levels[deeper].restart
            if restart is None or place.level < restart:
                counts[deeper] = None
        return self._shown(definition, place.level, counts)

    def _shown(self, definition: Definition, at: int, counts: list[int | None]) -> str:
        level = definition.levels[at]
        if level.format == "none" and "%" not in level.text:
            return level.text and f"{level.text} "
        if level.format == "bullet":
            return f"{BULLET} "

        def figure(found: re.Match[str]) -> str:
            n = int(found[1]) - 1
            one, number = definition.levels[n], counts[n]
            style = "decimal" if level.legal and one.format != "none" else one.format
            return shown((one.start if number is None else number) or 0, style)

        text = _COUNTED.sub(figure, level.text)
        return f"{text}{'' if level.follows == 'nothing' else ' '}" if text.strip() else ""


def _identity(
    num: Element, abstracts: dict[str, Element], named: dict[str, Element], styles: dict[str, str]
) -> str:
    """Return the id of a list's definition, followed over numbering styles (17.9.21)."""
    identity = ""
    for _ in range(_DEEPEST_LINK):
        identity = value(num.find(w("abstractNumId"))) or ""
        abstract = abstracts.get(identity)
        link = None if abstract is None else value(abstract.find(w("numStyleLink")))
        target = named.get(styles.get(link or "", ""))
        if link is None or target is None or target is num:
            break
        num = target
    return identity


def _definition(identity: str, abstract: Element | None) -> Definition:
    levels = [Level()] * _LEVELS
    for level in islice(abstract.iterchildren(w("lvl")), _LEVELS) if abstract is not None else ():
        levels[_level(value(level, "ilvl"))] = _read_level(level)
    return Definition(identity, tuple(levels))


def _read_level(element: Element) -> Level:
    restart = value(element.find(w("lvlRestart")))
    return Level(
        start=_integer(value(element.find(w("start"))), 0),
        format=value(element.find(w("numFmt"))) or "decimal",
        text=(value(element.find(w("lvlText"))) or "")[:_LONGEST],
        follows=value(element.find(w("suff"))) or "tab",
        restart=None if restart is None else _integer(restart, 0),
        legal=is_on(element.find(w("isLgl"))),
        style=value(element.find(w("pStyle"))),
    )


def _level(text: str | None) -> int:
    return min(max(_integer(text, 0), 0), _LEVELS - 1)


def place_in(number: str | None, level: str | None) -> Place | None:
    """Return the place that `w:numId` and `w:ilvl` name; list 0 is no list."""
    return None if number in {None, "0"} else Place(number or "", _level(level))


def _integer(text: str | None, otherwise: int) -> int:
    try:
        return min(max(int(text or ""), -_MOST), _MOST)
    except ValueError:
        return otherwise


def shown(number: int, style: str) -> str:
    """Return a number in a format of 17.18.59; one that is not known is shown in figures."""
    return _FORMATS.get(style, str)(number)


def _letters(number: int) -> str:
    """Return a, b, … z, aa, bb, as Word counts."""
    if not 0 < number < _MOST // 1000:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 0 < number < 5000:  # noqa: PLR2004 - numerals end there
        return str(number)
    text = ""
    for size, sign in _ROMAN:
        text += sign * (number // size)
        number %= size
    return text


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 14  # noqa: PLR2004 - 11th, 12th, 13th
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": _ordinal,
    "none": lambda _: "",
    "numberInDash": lambda number: f"- {number} -",
}
