"""Answers: what the views found, as lines on a screen.

Strategy: every view is a list of lines made of (text, style) pieces, which the screen wraps. The
answer comes first, in one sentence where it can.

This module prints nothing: the command line does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import attrs

from bargaining.model import (
    Annotation,
    Answer,
    Diff,
    DiffRun,
    Explanation,
    Near,
    Origin,
    Raised,
    Revision,
    Span,
)
from bargaining.text.spelling import MARKER, cut_at
from bargaining.views.ladder import PLACE_DOUBTS
from bargaining.writers import written
from bargaining.writers.redlines.side_by_side import fold
from bargaining.writers.screen import Piece, Screen, cells, marked, person, reflowed, shortened
from bargaining.writers.sentences import (
    explanation_words,
    made_words,
    not_known,
    order_words,
    passage_words,
    quoted,
)

if TYPE_CHECKING:
    from bargaining.chain import Chain

_GUTTER_MOST: Final = 18  # cells
_ALIKE_MOST: Final = 6  # doubts of one kind about one paper that are shown
_NEAR_SHOWN: Final = 200  # code points of a near miss that are shown
_PASSAGES_MOST: Final = 8  # passages that an answer shows in full


# Views.


@attrs.frozen
class Entered:
    """How a rung came into a record.

    Attributes:
        day: the day of entry in UTC, ISO 8601; the stated date is the chain's to tell.
        by: who entered it.
        corrects: the number of the entry that it takes the place of, if there is one.
    """

    day: str
    by: str = ""
    corrects: int | None = None


def log(
    chain: Chain,
    screen: Screen,
    entered: Mapping[int, Entered] | None = None,
    past: Iterable[str] = (),
) -> Iterator[str]:
    """Show the ladder of a chain, what is on file, who entered it, and how much is in doubt.

    Args:
        chain: the chain.
        screen: the terminal.
        entered: how each rung was entered, where there is a record.
        past: what became of each entry that counts no more, a sentence for each.
    """
    entered = entered or {}
    yield screen.paint(person(chain.name) or "(no name)", "bold")
    labels = [_base_words(chain), *(person(r.label) for r in chain)]
    wide = min(max(map(cells, labels)), max(screen.width - 49, 20))
    yield screen.paint(
        f"rung  {'revision':{wide}}  {'stated date':11}  {'text':13}  entered (UTC)", "dim"
    )
    for rung, label, *rest in _log_rows(chain, entered):
        if not rung:  # what is said of the row above
            yield from screen.wrap([(label, "plain")], first="      ", rest="      ")
            continue
        lines = fold([(label, "plain")], wide)
        first, *more = ("".join(text for text, _ in line) for line in lines)
        pad = " " * max(wide - cells(first), 0)
        yield f"{rung:>4}  {first}{pad}  {rest[0]:11}  {rest[1]:13}  {rest[2]}".rstrip()
        yield from (f"      {line}" for line in more)
    who = _who_entered(entered)
    if who:
        yield from screen.wrap([(person(f"entered by {who}"), "dim")], rest="    ")
    if sides := _sides(chain):
        yield from screen.wrap([(person(f"sides: {sides}"), "dim")], rest="    ")
    for sentence in past:
        yield from screen.wrap([(person(sentence), "plain")], rest="    ")
    doubts = chain.doubts
    of_place = [raised for raised in doubts if raised.doubt.kind in PLACE_DOUBTS]
    yield from doubt_lines(of_place, screen)
    others = len(doubts) - len(of_place)
    if others:
        many = "1 doubt" if others == 1 else f"{others} doubts"
        yield f"{many} about the words of its papers: bargain log --doubts"


def _sides(chain: Chain) -> str:
    """Name the parties side by side: `District and Management; RTA; third: Mediator`."""
    names: dict[str, dict[str, None]] = {}
    for revision in chain:
        if revision.party is not None:
            names.setdefault(revision.side or revision.party, {})[revision.party] = None
    third = names.pop("third", None)
    if not third and len(names) <= 2 and all(len(one) == 1 for one in names.values()):  # noqa: PLR2004
        return ""  # two parties are two sides
    rows = [" and ".join(one) for one in names.values()]
    return "; ".join([*rows, *([f"third: {' and '.join(third)}"] if third else [])])


def doubts(
    chain: Chain, raised: Sequence[Raised], settled: Sequence[Raised], screen: Screen
) -> Iterator[str]:
    """Show every doubt about the papers of a chain, those last that its texts settle.

    Args:
        chain: the chain.
        raised: the doubts.
        settled: those about words whose origin is certain all the same.
        screen: the terminal.
    """
    yield screen.paint(person(chain.name) or "(no name)", "bold")
    if not raised and not settled:
        yield "nothing is in doubt"
    yield from doubt_lines(raised, screen)
    if settled:
        yield from doubt_lines(
            settled, screen, head="who proposed these words is certain all the same"
        )


def _who_entered(entered: Mapping[int, Entered]) -> str:
    """Who entered the rungs; where they are several, each with theirs."""
    rungs: dict[str, list[int]] = {}
    for rung, one in sorted(entered.items()):
        rungs.setdefault(one.by, []).append(rung)
    if len(rungs) == 1:
        return next(iter(rungs))
    named = ((by or "nobody named", of) for by, of in rungs.items())
    return "; ".join(f"{by} ({_rungs_words(of)})" for by, of in named)


def _rungs_words(rungs: Sequence[int]) -> str:
    """Name rungs, so that nobody takes them for numbers of papers: `base, rungs 1, 2`."""
    numbers = [str(rung) for rung in rungs if rung]
    if not numbers:
        return "base"
    words = f"{'rung' if len(numbers) == 1 else 'rungs'} {', '.join(numbers)}"
    return f"base, {words}" if 0 in rungs else words


def _log_rows(chain: Chain, entered: Mapping[int, Entered]) -> Iterator[tuple[str, ...]]:
    """Rung, label, stated date, what is held of it, and the day of entry."""
    unknown = Entered("")
    base = entered.get(0, unknown)
    yield "base", _base_words(chain), "", _base_text(chain), base.day
    yield from _corrects_row(base)
    for revision in chain:
        held = "on file" if revision.on_file else revision.medium == "verbal" and "verbal"
        when = " or ".join(revision.dates) or "not stated"
        one = entered.get(revision.rung, unknown)
        yield str(revision.rung), person(revision.label), when, held or "not on file", one.day
        yield from _corrects_row(one)
        if revision.made_of:
            labels = dict.fromkeys(made.label for made in revision.made_of)
            yield "", person(f"made of {' and '.join(labels)}"), "", "", ""
        if not revision.binds:
            yield "", "binds nobody", "", "", ""
        if revision.because:
            yield "", person(f"because: {revision.because}"), "", "", ""
        if revision.reported_by:
            yield "", person(f"reported by {revision.reported_by}"), "", "", ""


def _corrects_row(one: Entered) -> Iterator[tuple[str, ...]]:
    if one.corrects is not None:
        yield "", f"corrects entry {one.corrects}", "", "", ""


def _base_words(chain: Chain) -> str:
    return person(chain.base.subject or "current language")


def _base_text(chain: Chain) -> str:
    table = {"filed": "on file", "declared": "by marks only", "unknown": "not on file"}
    if chain.base_known == "filed" and not chain.text("base"):
        return "none: new"
    return table[chain.base_known]


def doubt_lines(
    doubts: Sequence[Raised],
    screen: Screen,
    *,
    head: str = "what a careful reader would not take for granted",
) -> Iterator[str]:
    """Show doubts under the papers that raise them."""
    if doubts:
        yield ""
        many = "1 doubt" if len(doubts) == 1 else f"{len(doubts)} doubts"
        yield screen.paint(f"{many}: {head}", "warning")
    for (label, _), group in groupby(doubts, key=lambda one: (one[0].label, one[1].kind)):
        alike = [doubt for _, doubt in group]
        for doubt in alike[:_ALIKE_MOST]:
            where = f", line {doubt.line}" if doubt.line else ""
            text = person(f"{label}{where}: {doubt.message}")
            yield from screen.wrap([(text, "plain")], first="  ? ", rest="    ")
        if len(alike) > _ALIKE_MOST:
            yield f"    … and {len(alike) - _ALIKE_MOST} more like these (--json lists all)"


def blame(annotation: Annotation, chain: Chain, screen: Screen) -> Iterator[str]:
    """Show a revision's words with who could have proposed them in the margin."""
    yield screen.paint(f"{person(annotation.revision.label)}: who proposed what", "bold")
    yield from screen.lines(person(made_words(annotation.revision)))
    marks = {id(span): margin(span.origin) for span in annotation}
    wide = min(max([4, *(cells(mark) for mark in marks.values())]), _GUTTER_MOST)
    for clause, group in groupby(annotation, key=lambda span: span.clause):
        yield ""
        yield screen.paint(person(clause) or "(no clause)", "bold")
        for (mark, _), alike in groupby(group, key=lambda s: (marks[id(s)], s.struck)):
            yield from _blamed(list(alike), mark, wide, screen)
    yield ""
    yield from _legend(annotation, chain, screen)


def _blamed(spans: Sequence[Span], mark: str, wide: int, screen: Screen) -> Iterator[str]:
    """Show neighbouring words of one origin behind its mark."""
    certain, struck = spans[0].origin.certain, spans[0].struck
    style = "struck" if struck else "plain" if certain else "warning"
    text = " ".join("".join(span.text for span in spans).split())
    shown = f"[-{text}-]" if struck else text
    pad = " " * max(wide - cells(mark), 0)
    first = screen.paint(mark, "plain" if certain else "warning") + f"{pad} | "
    room = Screen(screen.width - wide - 3, screen.colour)
    for n, line in enumerate(room.wrap([(shown, style)])):
        yield (first if n == 0 else " " * wide + " | ") + line


def explained(found: Sequence[Explanation], chain: Chain, screen: Screen) -> Iterator[str]:
    """Show why words have their origin: the answer, then the evidence, step by step."""
    missing = tuple(revision for revision in chain if not revision.on_file)
    for n, explanation in enumerate(found):
        if n:
            yield ""
        first, *steps = explanation_words(explanation, missing, here=len(found) > 1)
        yield from screen.wrap([(person(first), "bold" if screen.colour else "plain")])
        for step in steps:
            yield from screen.wrap([(person(step), "plain")], first="  - ", rest="    ")


def margin(origin: Origin) -> str:
    """Name an origin in a few cells: `2 District`, `base`, `? 1-4`, `? base, 1-6`."""
    base = any(revision.is_base for revision in origin.candidates)
    rungs = [revision.rung for revision in origin.candidates if not revision.is_base]
    if origin.certain:
        one = origin.candidates[0]
        star = "*" if origin.rests_on == "declared" else ""
        text = f"base{star}" if base else f"{one.rung} {person(one.party or '')}{star}".rstrip()
        return text if cells(text) <= _GUTTER_MOST else text[: cut_at(text, _GUTTER_MOST - 1)] + "…"
    listed = ", ".join(["base"] * base + list(_ranges(rungs)))
    return (
        f"? {listed}" if cells(listed) <= _GUTTER_MOST - 2 else f"? {len(origin.candidates)} papers"
    )


def _ranges(rungs: Sequence[int]) -> Iterator[str]:
    start = 0
    for n in range(1, len(rungs) + 1):
        if n == len(rungs) or rungs[n] != rungs[n - 1] + 1:
            yield f"{rungs[start]}" if n - start == 1 else f"{rungs[start]}-{rungs[n - 1]}"
            start = n


def _legend(annotation: Annotation, chain: Chain, screen: Screen) -> Iterator[str]:
    """Explain the margin: the rungs that it names, and its signs."""
    named = {r.rung: r for span in annotation for r in span.origin.candidates if not r.is_base}
    for rung in sorted(named):
        note = "" if named[rung].on_file else " (not on file)"
        note += "" if named[rung].binds else " (binds nobody)"
        yield f"{rung:>4}  {person(named[rung].label)}{note}"
    declarer = chain.declared_by
    if declarer is not None:
        yield from screen.wrap(
            [(f"on the word of the marks of {person(declarer.label)}", "plain")],
            first="   *  ",
            rest="      ",
        )
    for text in order_words(chain.order_doubts):
        yield from screen.wrap([(person(text), "warning")], first="   ?  ", rest="      ")
    if not all(span.origin.certain for span in annotation):
        yield "   ?  not certain: any one of these; --explain says why"


def diff(
    found: Diff,
    screen: Screen,
    *,
    declared_by: Revision | None = None,
    whole: bool = False,
    exact: bool = False,
) -> Iterator[str]:
    """Show the way from one revision to another, clause by clause.

    Args:
        found: the diff.
        screen: the terminal.
        declared_by: the paper whose marks declare the base, where that is how it is known.
        whole: show clauses without changes, and long kept stretches, too.
        exact: mark what is only written otherwise, too.
    """
    yield screen.paint(f"{person(found.old.label)} -> {person(found.new.label)}", "bold")
    if declared_by is not None and (found.old.is_base or found.new.is_base):
        text = f"The base is not on file: it is what the marks of {declared_by.label} say."
        yield from screen.lines(person(text))
    for revision in (found.old, found.new):
        yield from screen.lines(person(made_words(revision)))
    for clause, runs in _by_clause([*written.marked(found.runs)] if exact else found.runs):
        if whole or any(run.kind != "kept" for run in runs):
            yield ""
            yield screen.paint(person(clause) or "(no clause)", "bold")
            lines = list(screen.wrap(reflowed(_diffed(runs, whole=whole)), first="  ", rest="  "))
            yield from lines[: -1 if not lines[-1] else None]
    yield ""
    otherwise = written.counted(found.runs)
    yield _summary(found, is_written_alike=not otherwise)
    for sentence in written.said(otherwise, exact=exact):
        yield from screen.lines(sentence)


def _by_clause(runs: Sequence[DiffRun]) -> Iterator[tuple[str, list[DiffRun]]]:
    """Put runs under the clause of the new text that they are read in."""
    placed: list[tuple[str, DiffRun]] = []
    struck: list[DiffRun] = []
    for run in runs:
        if run.kind == "struck":
            struck.append(run)
            continue
        placed += [(_struck_clause(struck, run, placed), one) for one in struck]
        placed.append((run.clause, run))
        struck = []
    placed += [(_struck_clause(struck, None, placed), one) for one in struck]
    for clause, group in groupby(placed, key=lambda pair: pair[0]):
        yield clause, [run for _, run in group]


def _struck_clause(
    struck: Sequence[DiffRun], after: DiffRun | None, placed: Sequence[tuple[str, DiffRun]]
) -> str:
    """Struck words stay with what replaces them, else with what they follow.

    A clause that is struck whole stands apart, under the address that it had.
    """
    whole = _starts_clause(struck[0].before) if struck else False
    if after is not None and after.kind == "inserted" and _starts_clause(after.after) == whole:
        return after.clause
    if whole or not placed:
        return f"{struck[0].clause} (struck)" if struck else ""
    return placed[-1][0]


def _starts_clause(text: str) -> bool:
    return re.match(rf"\s*{MARKER}", text) is not None


def _diffed(runs: Sequence[DiffRun], *, whole: bool) -> Iterator[Piece]:
    spaced = False  # whether only the old text has spacing at the end of what was kept
    for (kind, moved), group in groupby(runs, key=lambda run: (run.kind, run.moved)):
        row = list(group)
        before, after = "".join(r.before for r in row), "".join(r.after for r in row)
        if kind == "kept":
            yield (after if whole else shortened(after)), "plain"
            spaced = before[-1:].isspace() and not after[-1:].isspace()
        else:
            yield (" " if kind == "struck" and spaced else ""), "plain"
            way = "moved to" if kind == "struck" else "moved from"
            note = "" if moved is None else f" ({way} {moved})"
            yield from marked(before or after, kind, note)
            spaced = False


def _summary(found: Diff, *, is_written_alike: bool) -> str:
    if not found.hunks:
        same = all(run.before == run.after for run in found.runs)
        return no_mark(same=same, is_written_alike=is_written_alike)
    places = "1 place" if len(found.hunks) == 1 else f"{len(found.hunks)} places"
    changed = [run for run in found.runs if run.kind != "kept" and run.moved is None]
    struck = sum(len(run.before.split()) for run in changed)
    inserted = sum(len(run.after.split()) for run in changed)
    moved = sum(len(run.after.split()) for run in found.runs if run.moved is not None)
    words = "1 word" if struck == 1 else f"{struck} words"
    return f"{places}: {words} struck, {inserted} inserted" + (f", {moved} moved" if moved else "")


def no_mark(*, same: bool, is_written_alike: bool) -> str:
    """Say that two texts have the same words.

    Args:
        same: whether nothing else differs either.
        is_written_alike: whether the words are written alike.
    """
    if same:
        return "The two texts are the same."
    spacing = "; spacing differs" if is_written_alike else ""
    return f"The words are the same{spacing}."


def who(answer: Answer, screen: Screen) -> Iterator[str]:
    """Answer in sentences: one for each passage first, then its parts, then what is not known."""
    shown = answer.passages[:_PASSAGES_MOST]
    for n, passage in enumerate(shown):
        if n:
            yield ""
        first, *details = passage_words(passage, answer)
        yield from screen.wrap([(person(first), "bold" if screen.colour else "plain")])
        for detail in details:
            yield from screen.wrap([(person(detail), "plain")], first="  - ", rest="    ")
        stood = ", ".join(_place(place.revision, place.clause) for place in passage.places)
        where = "Struck on" if passage.marked_only else "In"
        yield from screen.wrap([(person(f"{where}: {stood}"), "dim")], first="  ", rest="    ")
    if len(answer.passages) > len(shown):
        more = len(answer.passages) - len(shown)
        yield ""
        yield f"… and {more} more places (give more of the wording, or --json)"
    for text in order_words(answer.order_doubts):
        yield from screen.wrap([(person(text), "warning")], first="  ? ", rest="    ")
    for sentence in not_known(answer):
        yield from screen.wrap([(person(sentence), "dim")], first="  ", rest="    ")


def _place(revision: Revision, clause: str) -> str:
    return f"{revision.label} ({clause})" if clause else revision.label


def nothing_found(wording: str, near: Sequence[tuple[str, Near]], screen: Screen) -> Iterator[str]:
    """Say that a wording was not found, and what comes close, each with the name of its chain."""
    yield from screen.lines(person(f"{quoted(wording)} stands in no text on file."))
    if near:
        yield "Close to it:"
    for chain, one in near:
        where = ", ".join(filter(None, [chain, _place(one.place.revision, one.place.clause)]))
        text = quoted(one.place.text)
        if len(text) > _NEAR_SHOWN:
            text = text[: cut_at(text, _NEAR_SHOWN)].rstrip() + "…”"
        yield from screen.wrap([(person(f"{where}: {text}"), "plain")], first="  - ", rest="    ")
