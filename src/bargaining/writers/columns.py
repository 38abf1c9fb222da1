"""Columns: a row for each clause, and a column for each chosen revision, as negotiators lay it out.

Strategy: each column is the newer side of a redline against the column before, so that it has the
text of its paper, cut at the clauses, and knows which of its words that one has not. Rows are the
clauses of all columns by their addresses, in the order of the papers. Where the last papers of two
sides say the same, that is agreed; else the clause is open.

This module knows no formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import attrs

from bargaining.errors import AskError
from bargaining.model import Revision
from bargaining.text.words import cut
from bargaining.views.status import last_of_sides, merged, said_since, unclear_sides

if TYPE_CHECKING:
    from bargaining.chain import Chain

SIDES: Final = "sides"  # asks for the base, the last paper of each side, and what is agreed
OPEN: Final = "open"
NAMELESS: Final = "text"  # the head of a row without an address


@attrs.frozen
class Words:
    """Words of a cell; `changed` where the column before does not have them there."""

    text: str
    changed: bool = False


Cell = tuple[Words, ...]


@attrs.frozen
class Columns:
    """A table of clauses.

    Attributes:
        chain: the name of the document.
        title: the title lines of its last paper.
        revisions: the revision of each column.
        rows: the address of each clause, and its words in each column; nothing where it lacks it.
        sides: the two papers that `agreed` is about; empty without that column.
        agreed: for each row whether both sides' last papers say the same; None where both lack it.
        since: what a side said after its last paper, and is not on file; then nothing is agreed.
    """

    chain: str
    title: tuple[str, ...]
    revisions: tuple[Revision, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    sides: tuple[Revision, ...] = ()
    agreed: tuple[bool | None, ...] = ()
    since: tuple[Revision, ...] = ()

    @property
    def heading(self) -> str:
        """What it is, in a few words."""
        return " | ".join([*(r.label for r in self.revisions), *["agreed"] * bool(self.sides)])

    def summary(self) -> str:
        """Say in one sentence how much is agreed, or how much differs."""
        if self.sides:
            names = " and ".join(one.label for one in self.sides)
            count = sum(one is True for one in self.agreed)
            every = sum(one is not None for one in self.agreed)
            return f"{count} of {every} clauses are alike in {names}; {every - count} are open."
        alike = sum(not any(w.changed for cell in cells for w in cell) for _, cells in self.rows)
        said = f"{alike} of {len(self.rows)} clauses are alike in all columns."
        if self.since:
            names = " and ".join(one.label for one in self.since)
            said += f" {names} came later and is not on file: nothing is said to be agreed."
        return said


def columns(chain: Chain, asked: str) -> Columns:
    """Return the chosen revisions, clause by clause.

    Args:
        chain: the document.
        asked: the revisions by rung, label or `base`, with commas between them; or `SIDES`.

    Raises:
        AskError: it names fewer than two, or a side has no paper on file.
        NotFoundError: there is no such revision.
        NotOnFileError: a text is not on file.
    """
    if asked.strip().casefold() == SIDES:
        sides = _last_of_sides(chain)
        chosen = [*([chain.base] if chain.base_known != "unknown" else []), *sides]
        since = said_since(chain, sides)
    else:
        sides, since = (), []
        chosen = [_revision(chain, one.strip()) for one in asked.split(",") if one.strip()]
    if len(chosen) < 2:  # noqa: PLR2004 - a table compares
        raise AskError("A table needs two revisions.", hint="Name them: --columns base,4,8.")
    cells = [
        _cells(chain, one, before) for one, before in zip(chosen, [None, *chosen], strict=False)
    ]
    order = merged(cells)
    rows = tuple((address, tuple(one.get(address, ()) for one in cells)) for address in order)
    agreed = tuple(_agreed([one.get(a, ()) for one in cells[-2:]]) for a in order) if sides else ()
    if since:  # what they say last is not known
        sides, agreed = (), ()
    title, since_then = chain.paper(chosen[-1]).title, tuple(since)
    return Columns(chain.name, title, tuple(chosen), rows, sides, agreed, since_then)


def _revision(chain: Chain, name: str) -> Revision:
    return chain.revision(int(name) if name.isdecimal() else name)


def _last_of_sides(chain: Chain) -> tuple[Revision, ...]:
    """Return the last papers of the two parties that spoke last, in bargaining order.

    Raises:
        AskError: only one side has a paper on file, or names may be of more than two.
    """
    if unclear := list(unclear_sides(chain)):
        raise AskError(
            f"{', '.join(unclear[:-1])} and {unclear[-1]} may be more than two sides.",
            hint=f'State who is with whom: bargain add --side "{unclear[-1]}={unclear[0]}".',
        )
    found = last_of_sides(chain)
    if len(found) < 2:  # noqa: PLR2004 - sides
        raise AskError(
            "Papers of two sides are not on file.", hint="Name the columns: --columns base,1."
        )
    return tuple(found)


def _cells(chain: Chain, revision: Revision, before: Revision | None) -> dict[str, Cell]:
    """Return the words of each clause of a revision, and which of them the column before lacks."""
    redline = chain.redline(before or revision, revision)
    runs = [run for run in redline if run.in_new and run.text]
    found: dict[str, Cell] = {}
    for clause, group in groupby(runs, key=lambda run: run.clause):
        words = tuple(Words(run.text, run.kind == "inserted") for run in group)
        found[clause] = found.get(clause, ()) + words
    return found


def _agreed(cells: Sequence[Cell]) -> bool | None:
    texts = ["".join(words.text for words in cell).strip() for cell in cells]
    if not any(texts):
        return None
    return cut(texts[0]).keys == cut(texts[1]).keys


def paragraphs(cell: Cell) -> Iterator[list[Words]]:
    """Cut a cell into paragraphs, without the line feeds; empty ones are left out."""
    row: list[Words] = []
    for words in cell:
        first, *rest = words.text.split("\n")
        row.append(attrs.evolve(words, text=first))
        for text in rest:
            yield from [row] if any(one.text.strip() for one in row) else []
            row = [attrs.evolve(words, text=text)]
    if any(one.text.strip() for one in row):
        yield row
