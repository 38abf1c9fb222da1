"""Comments: what is said beside a mark.

Strategy: the comments part is made, or added to, when there is something to say (ECMA-376, part 1,
17.13.4). They are written by this software, and say so.

This module knows no redlines.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from bargaining.word.file.names import MAIN, Element, make, number_of, value, w
from bargaining.word.file.package import Package
from bargaining.writers.authors import OURS

_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


class Comments:
    """The comments of one document, while they are written."""

    def __init__(self, package: Package) -> None:
        """Look at those that are there."""
        self._package = package
        self._root = package.related_tree("comments")
        numbers = [value(c, "id") or "" for c in self._root] if self._root is not None else []
        self._next = max((number_of(n) or 0 for n in numbers), default=-1) + 1
        self._added: list[Element] = []

    def add(self, text: str, first: Element, last: Element) -> None:
        """Say something beside the elements from `first` to `last`."""
        number = str(self._next)
        self._next += 1
        first.addprevious(make("commentRangeStart", id=number))
        end = make("commentRangeEnd", id=number)
        last.addnext(end)
        end.addnext(make("r", make("commentReference", id=number)))
        self._added.append(
            make(
                "comment",
                make("p", make("r", make("t", text=text))),
                id=number,
                author=OURS,
                initials="b",
            )
        )

    def finish(self) -> None:
        """Write them into the package."""
        if not self._added:
            return
        if self._root is None:
            self._root = etree.Element(w("comments"), nsmap={"w": MAIN})
            self._package.add_part("word/comments.xml", self._root, "comments", _TYPE)
        self._root.extend(self._added)
