"""An exhibit as a Word document: plain paragraphs, struck and underlined as one reads them.

Strategy: strike and underline are formatting here, and no tracked changes, which whoever opens the
document could accept away. What was written is read back.

This module knows no chains.
"""

from __future__ import annotations

from collections.abc import Iterator

from bargaining.errors import BargainingError
from bargaining.model import RedlineRun
from bargaining.word.file.names import Element, make, w
from bargaining.word.file.package import Package
from bargaining.word.writer.clean import clean
from bargaining.word.writer.runs import holdable, new_run
from bargaining.writers import authors
from bargaining.writers.exhibit import Exhibit, Round, told

_SMALL = "18"  # half-points
_QUIET = "595959"


def exhibit_docx(found: Exhibit) -> bytes:
    """Return an exhibit as a Word document.

    Raises:
        BargainingError: what was written does not read as the exhibit.
    """
    package, _ = clean([], [("Title", holdable(found.title))])
    body = package.tree(package.main).find(w("body"))
    if body is None:
        raise BargainingError("The document has no body.")  # of our own making
    last = body[-1]
    for paragraph in _paragraphs(found):
        last.addprevious(paragraph)
    data = package.to_bytes()
    _check(data, found)
    return data


def _paragraphs(found: Exhibit) -> Iterator[Element]:
    for said in found.cautions():
        yield _line(said)
    for one in found.rounds:
        yield _line(authors.named(one.revision), make("b"), heading=True)
        yield _line(told(one), make("color", val=_QUIET), make("sz", val=_SMALL))
        if one.said():
            yield _line(one.said(), make("i"))
        yield from _words(one)
    head = f"Head of the record: {found.head}"
    yield _line(head, make("color", val=_QUIET), make("sz", val=_SMALL))


def _line(text: str, *properties: Element, heading: bool = False) -> Element:
    kept = [make("pPr", make("keepNext"), make("spacing", before="240"))] if heading else []
    return make("p", *kept, new_run(holdable(text), make("rPr", *properties)))


def _words(one: Round) -> Iterator[Element]:
    """Yield the paragraphs of a clause; a struck end of one is written as an end."""
    row: list[Element] = []
    for run in one.runs:
        first, *rest = holdable(run.text).split("\n")
        row += [_run(run, first)] if first else []
        for text in rest:
            yield make("p", *row)
            row = [_run(run, text)] if text else []
    if row:
        yield make("p", *row)


def _run(run: RedlineRun, text: str) -> Element:
    line = {"struck": [make("strike")], "inserted": [make("u", val="single")]}
    return new_run(text, make("rPr", *line.get(run.kind, [])))


def _check(data: bytes, found: Exhibit) -> None:
    """See that every word of every round is there, under its line.

    Raises:
        BargainingError: it is not.
    """
    package = Package.open(data)
    texts = package.tree(package.main).iter(w("t"))
    said = "".join("".join(node.text or "" for node in texts).split())
    for one in found.rounds:
        wanted = "".join(holdable("".join(run.text for run in one.runs)).split())
        if wanted not in said:
            raise BargainingError(
                "The exhibit would not read as it should.", hint="Write it as .html."
            )
