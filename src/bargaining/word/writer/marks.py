"""Marks: the elements of tracked changes, and where the schema wants them.

Strategy: each mark has a number of its own, an author and a date (ECMA-376, part 1, 17.13.5). The
properties that hold the mark of a paragraph's end, or of a row, are made where there are none.

This module decides nothing: what is marked, and for whom, is for those who write.
"""

from __future__ import annotations

from typing import Final

from bargaining.model import Event, Redline
from bargaining.word.file.names import Element, make, number_of, value, w
from bargaining.word.file.package import Package
from bargaining.word.writer.runs import author_of
from bargaining.writers.authors import date_of

_APART: Final = 5  # minutes
_NOON: Final = "T12:0{}:00Z"  # keeps a date on its calendar day in most time zones


class Marks:
    """Makes the elements of the marks of one document."""

    def __init__(self, package: Package, redline: Redline, undated: str) -> None:
        """Take the document that they are for, and the redline that they are of."""
        ids = (
            number_of(value(element, "id")) or 0
            for root in package.trees.values()
            for element in root.iter("{*}*")
        )
        self._last = max(ids, default=0)
        self._redline = redline
        self._undated = undated
        self._minute = 0

    def number(self) -> str:
        """Return a number that nothing in the document has."""
        self._last += 1
        return str(self._last)

    def make(self, name: str, event: Event | None) -> Element:
        """Make a mark that bears who made a change, and the day."""
        date = date_of(event, self._redline, self._undated) + _NOON.format(self._minute)
        return make(name, id=self.number(), author=author_of(event), date=date)

    def turn(self) -> None:
        """Let the marks that follow be of another minute.

        LibreOffice takes neighbouring insertions of one author within a minute for one, with the
        end of the paragraph between them, which stands in both texts.
        """
        self._minute = _APART - self._minute


def properties_of(paragraph: Element) -> Element:
    """Return the properties of a paragraph; they are made where it has none."""
    properties = paragraph.find(w("pPr"))
    if properties is None:
        properties = make("pPr")
        paragraph.insert(0, properties)
    return properties


def end_of(paragraph: Element) -> Element:
    """Return the properties of a paragraph's end, before sectPr and pPrChange (17.3.1.26)."""
    properties = properties_of(paragraph)
    inner = properties.find(w("rPr"))
    if inner is None:
        inner = make("rPr")
        last = [c for c in properties if c.tag in {w("sectPr"), w("pPrChange")}]
        properties.insert(properties.index(last[0]) if last else len(properties), inner)
    return inner


def mark_row(row: Element, mark: Element) -> None:
    """Mark a row of a table as a whole (17.4.79)."""
    properties = row.find(w("trPr"))
    if properties is None:
        properties = make("trPr")
        row.insert(sum(1 for child in row if child.tag == w("tblPrEx")), properties)
    properties.append(mark)
