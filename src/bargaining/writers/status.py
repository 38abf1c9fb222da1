"""Status: where documents stand, as lines, as a page, and as a table for a spreadsheet.

Strategy: the first sentence is the answer; then what is open, clause by clause, with who moved it
last; what is agreed is one line. Movement, turns and what is gone come behind, each with the paper
that shows it. Facts only: nothing says who is right.

This module opens no file. In a table for a spreadsheet no cell starts a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bargaining.model import ClauseStatus, Gone, Movement, Offer, Revision, Status, Turn
from bargaining.writers.hypertext import attributes, isolated, label
from bargaining.writers.pages import heading, page
from bargaining.writers.redlines.side_by_side import beside
from bargaining.writers.safety import plain_cell
from bargaining.writers.screen import Screen, cells, person
from bargaining.writers.sentences import order_words, quoted

_TWO: Final = 2
_NAMED: Final = 3  # revisions, or places, that are all named
_MOST: Final = 40  # open clauses of several documents
_LEAST: Final = 12  # cells of a column that is made narrower
_SHORT: Final = 4  # words from which a turn is shown without being asked for
_QUOTED: Final = 90  # code points of words that are shown
_HEADS: Final = ("document", "clause", "standing", "lies with", "last moved by", "papers since")
_COUNTS: Final = {  # how each column is headed
    **{name: name for name in ("offered", "accepted", "open", "struck", "dropped")},
    "struck_here": "strikes",
    "restored_here": "restores",
}
_STYLE: Final = """
.status td,.status th{vertical-align:top;padding:.3em .7em;text-align:start}
.status td:first-child{min-width:5.5rem}
.status td.number{text-align:end;font-variant-numeric:tabular-nums}
.status h2{font-size:1.3rem;margin-top:2rem}.status h3{font-size:1rem}
.status li,.status h2,.status h3{overflow-wrap:anywhere}
@media screen and (max-width:44rem){
.status table,.status tbody,.status tr,.status td{display:block;width:auto;min-width:0}
.status thead{display:none}.status td.number{text-align:start}
.status tr{padding:.5em 0}.status td{border:0;padding:0}
.status td::before{content:attr(data-head) ": ";color:var(--quiet)}}
"""


def summary(found: Status) -> str:
    """Say in one sentence where a document stands."""
    number = len(found.clauses)
    still = [f"{found.count(standing)} {standing}" for standing in ("agreed", "open", "untouched")
             if found.count(standing)]  # fmt: skip
    clauses = "1 clause" if number == 1 else f"{number} clauses"
    head = f"{found.chain}: {', '.join(still)} of {clauses}"
    if found.lies_with is not None:
        spoke = next((r for r in reversed(found.not_on_file)), found.sides[-1])
        return f"{head}; it lies with {found.lies_with} since {spoke.label}."
    if found.count("open"):
        one = "papers of one side only are on file, " if len(found.sides) < _TWO else ""
        return f"{head}; {one}the last is {found.last.label}."
    shown = _named(found.clauses[0].shown_by, " and ") if found.clauses else found.last.label
    return f"{head}, by {shown}."


def lines(found: Sequence[Status], screen: Screen, *, whole: bool = False) -> Iterator[str]:
    """Show where documents stand: one in full, several as a table.

    Args:
        found: the documents.
        screen: the terminal.
        whole: show every clause, every turn and all that is gone.
    """
    if len(found) > 1:
        yield from _documents(found, screen, whole=whole)
        return
    for one in found:
        yield from _document(one, screen, whole=whole)


def _documents(found: Sequence[Status], screen: Screen, *, whole: bool) -> Iterator[str]:
    """Show a sentence for each document, the most open first, and a table of what is open."""
    order = sorted(found, key=lambda one: -one.count("open"))
    for one in order:
        yield from screen.lines(person(summary(one)))
    rows = [
        (one.chain, clause.clause or "text", one.lies_with or "", *_clause_row(clause)[2:])
        for one in order
        for clause in one.clauses
        if clause.standing == "open"
    ]
    shown = rows if whole else rows[:_MOST]
    heads = ["document", "clause", "lies with", "last moved by", "papers since"]
    yield from _table(screen, heads, shown)
    if len(shown) < len(rows):
        yield ""
        yield f"--all shows {len(rows) - len(shown)} more open clauses."


def _document(found: Status, screen: Screen, *, whole: bool) -> Iterator[str]:
    yield from screen.lines(person(summary(found)))
    yield from (line for said in rests_words(found) for line in screen.lines(person(said)))
    rows = [one for one in found.clauses if whole or one.standing == "open"]
    yield from _table(
        screen,
        ["clause", "standing", "last moved by", "papers since"],
        [_clause_row(one) for one in rows],
    )
    for standing in () if whole else ("agreed", "untouched"):
        names = ", ".join(c.clause or "text" for c in found.clauses if c.standing == standing)
        if names:
            yield ""
            yield from screen.wrap([(person(f"{standing}: {names}"), "plain")], rest="  ")
    yield from _table(
        screen,
        ["words of", *_COUNTS.values()],
        list(map(_movement_row, found.movements)),
    )
    for movement in found.movements if whole else ():
        head = f"what {_named(movement.revisions)} offered"
        yield from _list(screen, person(head), map(offer_words, movement.offers))
    turns = [one for one in found.turns if whole or len(one.text.split()) >= _SHORT]
    yield from _list(screen, "turned round, or came back", map(turn_words, turns))
    if whole:
        yield from _list(screen, "proposed, and gone", map(gone_words, found.gone))
    else:
        left = [
            (len(found.turns) - len(turns), "short turn", "short turns"),
            (len(found.gone), "wording that is gone", "wordings that are gone"),
        ]
        said = " and ".join(f"{n} {one if n == 1 else many}" for n, one, many in left if n)
        if said:
            yield ""
            yield from screen.lines(f"--all shows {said}, too.")


def rests_words(found: Status) -> Iterator[str]:
    """Say what the standing rests on: what is not on file, whose side names are on, and kinds."""
    yield from order_words(found.order_doubts)
    if found.not_on_file:
        names = _named(dict.fromkeys(found.not_on_file), " and ")
        yield f"{names} came later and is not on file: nothing is said to be agreed."
    yield from _sides_words(found)
    shown = {r.rung: r for one in found.clauses if one.standing == "agreed" for r in one.shown_by}
    for revision in shown.values():
        if revision.kind == "package":
            yield f"{revision.label} is a package: what it agrees to may hold for all of it only."
    for revision in found.sides:
        if revision.state == "held":
            yield f"{revision.label} is on hold."
    if found.unbinding:
        names = ", ".join(revision.label for revision in found.unbinding)
        yield f"Not counted, for it binds nobody: {names}."


def _sides_words(found: Status) -> Iterator[str]:
    """Say which names are taken for one side, or for more than two, and how to state it."""
    for first, *others in found.taken_for_one:
        stated = " ".join(f'--side "{other}={first}"' for other in others)
        names = _listed([first, *others])
        yield f"{names} are taken for one side; to state it: bargain add {stated}."
    if found.unclear_sides:
        first, *_, last = found.unclear_sides
        yield (
            f"{_listed(found.unclear_sides)} may be more than two sides, so nothing is said to be "
            f'agreed; state who is with whom: bargain add --side "{last}={first}".'
        )


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _movement_row(one: Movement) -> tuple[str, ...]:
    """Return a row of what a revision moved."""
    return _named(one.revisions), *(str(getattr(one, name)) for name in _COUNTS)


def _clause_row(one: ClauseStatus) -> tuple[str, ...]:
    lacks = "open, one side lacks it" if one.missing and one.standing == "open" else one.standing
    since = "" if not one.moved_by else str(one.rounds)
    return one.clause or "text", lacks, _named(one.moved_by), since


def _named(revisions: Iterable[Revision], joint: str = " or ") -> str:
    names = ["current language" if r.is_base else r.label for r in revisions]
    if len(names) > _NAMED:
        return f"{names[0]} … {names[-1]}, one of {len(names)}"
    return joint.join(names)


def turn_words(one: Turn) -> str:
    """Say of some words who turned round on them, or brought them back."""
    by, before = _named(one.event.candidates), one.before.label
    before = "current language" if one.before.is_base else before
    where, words = one.clause or "text", quoted(_short(one.text))
    said = {
        "own wording struck": f"{by} struck its own side's wording of {before}: {words}",
        "let stand, then struck": f"{by} struck what its side had let stand in {before}: {words}",
        "brought back": f"{by} brought back what {before} had struck: {words}",
        "nearly as before": f"{by} nearly has what {before} had, but {_changes(one)}",
    }
    return f"{where}: {said[one.kind]}"


def _changes(turn: Turn) -> str:
    """Say where a clause is not as it was."""
    words = [[quoted(_short(one)) if one else "nothing" for one in pair] for pair in turn.otherwise]
    places = [f"{now} for {was}" for was, now in words[:_NAMED]]
    more = len(turn.otherwise) - len(places)
    return ", ".join([*places, *([f"and {more} places more"] if more else [])])


def gone_words(one: Gone) -> str:
    """Say of some words who proposed and who struck them, and why, where that was stated."""
    by, struck = _named(one.origin.candidates), _named(one.struck.candidates)
    because = one.struck.revision.because if one.struck.certain else None
    why = f", because: {because}" if because else ""
    return f"{one.clause or 'text'}: {quoted(_short(one.text))}, by {by}, struck by {struck}{why}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED].rstrip()} …"


def _list(screen: Screen, head: str, said: Iterable[str]) -> Iterator[str]:
    rows = list(said)
    if rows:
        yield ""
        yield screen.paint(head, "bold")
    for row in rows:
        yield from screen.wrap([(person(row), "plain")], first="  ", rest="    ")


def _table(screen: Screen, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Show a table; a column is as wide as what is in it, the widest ones as wide as is left."""
    if not rows:
        return
    shown = [list(heads), *([person(cell) for cell in row] for row in rows)]
    wide = [max(cells(row[n]) for row in shown) for n in range(len(heads))]
    most = screen.width - 2 * (len(wide) - 1)
    while sum(wide) > most and max(wide) > _LEAST:
        wide[wide.index(max(wide))] -= 1
    yield ""
    for n, row in enumerate(shown):
        columns = [([(cell, "dim" if n == 0 else "plain")], wide[k]) for k, cell in enumerate(row)]
        yield from beside(columns, ["  "] * (len(row) - 1), screen)


# As a page, and as a table for a spreadsheet.


def html(found: Sequence[Status]) -> str:
    """Write where documents stand as one HTML page without script."""
    body = "".join(map(_section, found))
    said = "Where it stands"
    return page(said, f"<header>\n{heading([said])}</header>\n{body}", style=_STYLE, kind="status")


def _section(found: Status) -> str:
    clauses = _html_table(
        ["Clause", "Standing", "Last moved by", "Papers since"], map(_clause_row, found.clauses)
    )
    moves = _html_table(
        ["Words of", *(name.capitalize() for name in _COUNTS.values())],
        map(_movement_row, found.movements),
    )
    offers = "".join(map(_offers, found.movements))
    lists = "".join(
        f"<h3>{head}</h3>\n<ul>\n{''.join(f'<li>{isolated(one)}</li>' for one in rows)}</ul>\n"
        for head, rows in (
            ("Turned round, or came back", list(map(turn_words, found.turns))),
            ("Proposed, and gone", list(map(gone_words, found.gone))),
        )
        if rows
    )
    taken = "".join(f"<p>{isolated(said)}</p>\n" for said in rests_words(found))
    return (
        f"<section>\n<h2>{label(found.chain)}</h2>\n<p>{isolated(summary(found))}</p>\n{taken}"
        f"{clauses}<h3>Movement, in words</h3>\n{moves}{offers}{lists}</section>\n"
    )


def _offers(one: Movement) -> str:
    """Return the words that a revision was the first to have, folded."""
    if not one.offers:
        return ""
    rows = "".join(f"<li>{isolated(offer_words(offer))}</li>" for offer in one.offers)
    head = isolated(f"What {_named(one.revisions)} offered")
    return f"<details><summary>{head}</summary>\n<ul>\n{rows}</ul>\n</details>\n"


def offer_words(one: Offer) -> str:
    """Say what was offered, and what became of it."""
    return f"{one.clause or 'text'}: {quoted(_short(one.text))}, {one.became}"


def _html_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{isolated(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(map(_html_cell, row, heads))}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _html_cell(text: str, head: str) -> str:
    told = attributes(class_="number" if text.isdecimal() else None, data_head=head)
    return f"<td{told}>{isolated(text)}</td>"


def table(found: Sequence[Status]) -> str:
    """Write where documents stand as CSV: a row for each clause."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(_HEADS)
    for one in found:
        for clause in one.clauses:
            address, standing, moved, since = _clause_row(clause)
            lies = (one.lies_with or "") if clause.standing == "open" else ""
            row = (one.chain, address, standing, lies, moved, since)
            writer.writerow(list(map(plain_cell, row)))
    return out.getvalue()
