"""Columns as a Word document: one table on a landscape page, to be laid on the table.

Strategy: a plain document, its head repeated on each page; words that the column before does not
have are underlined, which is formatting and no tracked change. What was written is read back.

This module knows no chains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bargaining.errors import BargainingError
from bargaining.word.file.names import Element, make, w
from bargaining.word.file.package import Package
from bargaining.word.file.story import read_story, tables
from bargaining.word.writer.clean import clean
from bargaining.word.writer.runs import holdable, new_run
from bargaining.writers.columns import NAMELESS, OPEN, Cell, Columns, Words, paragraphs

_WIDE: Final = 13_400  # twentieths of a point that the table has on a landscape page
_ADDRESS: Final = 1_100  # of these for the addresses
_SIZE: Final = "17"  # half-points


def columns_docx(table: Columns) -> bytes:
    """Return columns as a Word document.

    Raises:
        BargainingError: what was written does not read as the table.
    """
    package, _ = clean([], [("Title", line) for line in table.title or (table.chain,)])
    body = package.tree(package.main).find(w("body"))
    if body is None:
        raise BargainingError("The document has no body.")  # of our own making
    said = f"{table.summary()} Underlined words are not in the column before."
    last = body[-1]
    last.addprevious(make("p", new_run(holdable(said), None)))
    heads = [*(one.label for one in table.revisions), *["agreed"] * bool(table.sides)]
    first: list[Cell] = [(Words(head),) for head in heads]
    rows = [("Clause", first), *_rows(table)]
    last.addprevious(_table(rows, len(heads)))
    size = last.find(w("pgSz"))
    if size is not None:
        size.attrib.update({w("w"): "15840", w("h"): "12240", w("orient"): "landscape"})
    data = package.to_bytes()
    _check(data, rows)
    return data


def _rows(table: Columns) -> Iterator[tuple[str, list[Cell]]]:
    for n, (name, cells) in enumerate(table.rows):
        address = name or NAMELESS
        if not table.sides:
            yield address, list(cells)
            continue
        agreed = table.agreed[n]
        plain = tuple(Words(words.text) for words in cells[-1])
        yield address, [*cells, plain if agreed else () if agreed is None else (Words(OPEN),)]


def _table(rows: Sequence[tuple[str, Sequence[Cell]]], count: int) -> Element:
    each = (_WIDE - _ADDRESS) // max(count, 1)
    widths = [_ADDRESS, *[each] * count]
    borders = [make(side, val="single", sz="4", space="0", color="808080") for side in
               ("top", "left", "bottom", "right", "insideH", "insideV")]  # fmt: skip
    properties = make(
        "tblPr",
        make("tblW", w=str(sum(widths)), type="dxa"),
        make("tblBorders", *borders),
        make("tblLayout", type="fixed"),
    )
    grid = make("tblGrid", *(make("gridCol", w=str(width)) for width in widths))
    held = [_row(address, cells, widths, head=n == 0) for n, (address, cells) in enumerate(rows)]
    return make("tbl", properties, grid, *held)


def _row(address: str, cells: Sequence[Cell], widths: Sequence[int], *, head: bool) -> Element:
    every = [(Words(address),), *cells]
    made = [_cell(cell, width, bold=head or n == 0) for n, (cell, width) in
            enumerate(zip(every, widths, strict=True))]  # fmt: skip
    properties = [make("trPr", make("tblHeader"))] if head else []
    return make("tr", *properties, *made)


def _cell(cell: Cell, width: int, *, bold: bool) -> Element:
    held = [make("p", *(_run(one, bold=bold) for one in row)) for row in paragraphs(cell)]
    properties = make("tcPr", make("tcW", w=str(width), type="dxa"))
    return make("tc", properties, *(held or [make("p")]))


def _run(words: Words, *, bold: bool) -> Element:
    line = [make("u", val="single")] if words.changed else []
    weight = [make("b")] if bold else []
    return new_run(holdable(words.text), make("rPr", *weight, make("sz", val=_SIZE), *line))


def _check(data: bytes, rows: Sequence[tuple[str, Sequence[Cell]]]) -> None:
    """See that the table reads as it should.

    Raises:
        BargainingError: it does not.
    """
    wanted = [["".join(holdable(a).split()), *map(_text, cells)] for a, cells in rows]
    found = next(iter(tables(read_story(Package.open(data)))), ())
    if [["".join(cell.split()) for cell in row] for row in found] != wanted:
        raise BargainingError("The table would not read as it should.", hint="Write it as .html.")


def _text(cell: Cell) -> str:
    return "".join("".join(holdable(words.text) for words in cell).split())
