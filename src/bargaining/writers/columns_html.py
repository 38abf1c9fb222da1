"""Columns as one HTML page that needs nothing else.

Strategy: a table with a head for each column and each clause; words that the column before does not
have are underlined. The page has no script and may load nothing.

This module knows neither chains nor files.
"""

from __future__ import annotations

from typing import Final

from bargaining.writers.columns import NAMELESS, OPEN, Cell, Columns, Words, paragraphs
from bargaining.writers.hypertext import (
    attributes,
    dates_of,
    isolated,
    label,
    safe,
)
from bargaining.writers.pages import heading, page

_STYLE: Final = """
.columns main{max-width:90rem}
.columns table{width:100%;table-layout:fixed}
.columns th,.columns td{vertical-align:top;border-inline-end:1px solid #c4c4c4;padding:.4em .7em}
.columns thead th{white-space:normal;font-weight:700;color:var(--ink)}
.columns .address{width:5.5rem}
.columns ins{text-decoration:underline .08em;text-underline-offset:.16em}
.columns .open{color:var(--quiet);font-style:italic}
.columns tr{break-inside:auto}
@media screen and (max-width:44rem){
.columns table,.columns tbody,.columns tr,.columns td,.columns tbody th{display:block;width:auto}
.columns thead{display:none}.columns td{border-inline-end:0}
.columns td::before{content:attr(data-head);display:block;font-weight:700}}
@media print{@page{size:landscape}.columns table{font-size:8.5pt}}
"""


def html(table: Columns) -> str:
    """Write columns as one HTML page without script, which is well-formed XML as well."""
    heads = "".join(
        f'<th scope="col">{label(one.label)}<br/>{dates_of(one)}</th>' for one in table.revisions
    )
    heads += '<th scope="col">agreed</th>' * bool(table.sides)
    rows = "".join(_row(table, n) for n in range(len(table.rows)))
    body = (
        f"<header>\n{heading(table.title or (table.chain,))}"
        f"<p>{isolated(table.summary())} Underlined words are not in the column before.</p>\n"
        '</header>\n<table>\n<thead><tr><th scope="col" class="address">Clause</th>'
        f"{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
    return page(f"{table.chain} · {table.heading}", body, style=_STYLE, kind="columns")


def _row(table: Columns, n: int) -> str:
    address, cells = table.rows[n]
    heads = [attributes(data_head=one.label) for one in table.revisions]
    inner = "".join(
        f"<td{head}>{_cell(cell)}</td>" for head, cell in zip(heads, cells, strict=True)
    )
    if table.sides:
        agreed = table.agreed[n]
        text = _cell(_plain(cells[-1])) if agreed else "" if agreed is None else OPEN
        mark = attributes(class_="open" if agreed is False else None, data_head="agreed")
        inner += f"<td{mark}>{text}</td>"
    return f'<tr><th scope="row" class="address">{isolated(address or NAMELESS)}</th>{inner}</tr>\n'


def _plain(cell: Cell) -> Cell:
    return tuple(Words(words.text) for words in cell)


def _cell(cell: Cell) -> str:
    return "".join(f'<p dir="auto">{"".join(map(_words, row))}</p>' for row in paragraphs(cell))


def _words(words: Words) -> str:
    text = safe(words.text.replace("\v", "\n"))
    return f"<ins>{text}</ins>" if words.changed and words.text.strip() else text
