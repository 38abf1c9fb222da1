"""Elements: the text of a redline as markup, for a page and for a fragment of one.

Strategy: runs are cut into paragraphs, paragraphs are put together by clause, and neighbouring runs
of which the same is said are one `<ins>` or `<del>`. A paragraph's end is a sign of its own, seen
only where its words do not share its mark. Space behind marked words is marked and not drawn, so
that the sign of who made the mark stands right behind the words.

This module knows no page: whoever asks for links answers for the ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import attrs

from bargaining.model import Event, Redline, RedlineRun, RunKind
from bargaining.writers import authors
from bargaining.writers.hypertext import attributes, beside, isolated, safe, tint
from bargaining.writers.letters import PartyLetters

_SPACES: Final = " \t\u00a0"
_DEEPEST: Final = 4  # levels of lists that are set in
_CHIEF: Final[tuple[RunKind, ...]] = ("kept", "inserted", "struck", "dropped")
_DONE: Final = {
    "inserted": "end of insertion",
    "struck": "end of deletion",
    "dropped": "end of struck insertion",
}


@attrs.frozen
class Marked:
    """A redline as markup: its text, its notes, and who is which letter.

    Attributes:
        text: the text, in sections by clause.
        notes: the list of notes on uncertain marks; empty when every mark is certain.
        hands: the parties.
    """

    text: str
    notes: str
    letters: PartyLetters


def mark_up(redline: Redline, *, linked: bool) -> Marked:
    """Write the text of a redline and its notes.

    Args:
        redline: the redline.
        linked: whether notes, moves and clauses have ids and links; they cannot where several
            fragments share a page.
    """
    writer = _Writer(redline, linked=linked)
    sections = "".join(writer.sections())
    text = f'<div class="text">\n<h2 class="said">Text</h2>\n{sections}</div>\n'
    return Marked(text, writer.written_notes(), writer.letters)


@attrs.frozen
class _Piece:
    """A stretch of a run inside of one paragraph, and whether that ends with it."""

    run: RedlineRun
    text: str
    ends: bool


def _paragraphs(runs: Iterable[RedlineRun]) -> Iterator[list[_Piece]]:
    row: list[_Piece] = []
    for run in runs:
        *ended, rest = run.text.split("\n")
        for text in ended:
            yield [*row, _Piece(run, text, ends=True)]
            row = []
        if rest:
            row.append(_Piece(run, rest, ends=False))
    if row:
        yield row


def _clause(row: Sequence[_Piece]) -> str:
    """Return the address of a paragraph: of what stays in it, if anything does."""
    pieces = (p.run.clause for kind in _CHIEF for p in row if p.run.kind == kind and p.text.strip())
    return next(filter(None, pieces), row[0].run.clause)


@attrs.frozen
class _Mark:
    """All that is said of a mark; neighbouring runs with the same are one."""

    kind: RunKind
    inserted: Event | None
    struck: Event | None
    moved: str | None
    move: int | None
    title: str

    @classmethod
    def of(cls, run: RedlineRun, redline: Redline) -> _Mark | None:
        if run.kind == "kept":
            return None
        title = _title(run, redline)
        return cls(run.kind, run.inserted, run.struck, run.moved, run.move, title)


def _title(run: RedlineRun, redline: Redline) -> str:
    """Say what a mark is, in a sentence, with the labels as they are on the ladder."""
    if run.inserted is None and run.struck is None:
        end = redline.new if run.kind == "inserted" else redline.old
        return f"Only in {authors.named(end)}."
    said = []
    if run.inserted is not None:
        what = "Restored" if run.inserted.kind == "restored" else "Inserted"
        what = "Moved here" if run.moved is not None else what
        said.append(f"{what} by {authors.labels(run.inserted)}")
    if run.struck is not None:
        what = "Moved from here" if run.moved is not None else "Struck"
        said.append(f"{what} by {authors.labels(run.struck)}")
    if run.inserted is not None and run.inserted.kind == "restored" and run.origin is not None:
        first = " or ".join(authors.named(r) for r in run.origin.candidates)
        said.append(f"first proposed in {first}")
    return "; ".join([said[0], *(s[0].lower() + s[1:] for s in said[1:])]) + "."


class _Writer:
    """Writes the paragraphs of a redline, and keeps its notes and ids."""

    def __init__(self, redline: Redline, *, linked: bool) -> None:
        self.letters = PartyLetters.of(redline.parties)
        self._redline = redline
        self._linked = linked
        self._notes: dict[str, list[tuple[str, str]]] = {}  # by explanation: mark ids and clauses
        self._here = ""  # the clause that is written
        self._clauses: dict[str, int] = {}
        self._placed: set[tuple[int | None, RunKind]] = set()  # ends of moves that have their id
        self._ends = {(run.move, run.kind) for run in redline if run.move is not None}

    def sections(self) -> Iterator[str]:
        """Yield neighbouring paragraphs of one clause as a section."""
        for clause, rows in groupby(_paragraphs(self._redline), key=_clause):
            deep = min(clause.count("("), _DEEPEST)
            self._here = clause
            inner = "".join(self._paragraph(row) for row in rows)
            head = f'<h3 class="address">{isolated(clause)}</h3>\n' if clause else ""
            yield (
                f'<section class="deep-{deep}"{self._clause_id(clause)}>\n{head}'
                f'<div class="paragraphs">{inner}</div>\n</section>\n'
            )

    def _clause_id(self, clause: str) -> str:
        if not self._linked or not clause:
            return ""
        name = re.sub(r"[^0-9A-Za-z.]+", "-", clause).strip("-.") or "other"
        self._clauses[name] = self._clauses.get(name, 0) + 1
        again = f"--{self._clauses[name]}" if self._clauses[name] > 1 else ""
        return attributes(id=f"clause-{name}{again}")

    def _paragraph(self, row: Sequence[_Piece]) -> str:
        last = row[-1]
        alike = all(p.run.kind in {last.run.kind, "dropped"} for p in row if p.text)
        is_seen = not alike or not any(p.text for p in row)
        inner = "".join(
            self._marked(mark, list(pieces), is_seen=is_seen)
            for mark, pieces in groupby(row, key=lambda p: _Mark.of(p.run, self._redline))
        )
        open_ = "" if last.ends else ' class="open"'
        return f'<p dir="auto"{open_}>{inner}</p>'

    def _marked(self, mark: _Mark | None, pieces: Sequence[_Piece], *, is_seen: bool) -> str:
        text = "".join(piece.text for piece in pieces)
        if mark is None:
            return _lines(text)
        end = _end(is_seen=is_seen) if pieces[-1].ends else ""
        # The sign stands behind the last word, not behind the space after it.
        core = text if end else text.rstrip(_SPACES) or text
        tail = self._tail(mark, pieces[0].run)
        first, last = beside(core, end + tail if is_seen else tail + end)
        only = "" if text.strip() else "spacing " if text else "end of paragraph "
        said = f'<span class="said" dir="ltr">{safe(only + _said(mark, self._redline))}: </span>'
        gap = text[len(core) :]
        return self._element(mark, said + _lines(first) + last) + (
            _gap(mark.kind, gap) if gap else ""
        )

    def _element(self, mark: _Mark, inner: str) -> str:
        """Write the elements of a mark around its words."""
        if mark.kind == "dropped":
            inner = f"<del{self._told(mark.struck)}>{inner}</del>"
        name = "del" if mark.kind == "struck" else "ins"
        event = mark.struck if mark.kind == "struck" else mark.inserted
        classes = "dropped" if mark.kind == "dropped" else "moved" if mark.moved is not None else ""
        own = attributes(id=self._move_id(mark), title=mark.title)
        return f"<{name}{own}{self._told(event, classes)}>{inner}</{name}>"

    def _told(self, event: Event | None, classes: str = "") -> str:
        """Tell programs who made a mark and when, as far as that is certain."""
        tinted = tint(self.letters, event.candidates) if event else ""
        date = _date(event)
        parties = [r.party for r in event.candidates if r.party is not None] if event else []
        return attributes(
            class_=" ".join(filter(None, [classes, tinted])) or None,
            datetime=date,
            data_date=date,
            data_party=" or ".join(dict.fromkeys(parties)) or None,
            data_revision=authors.labels(event) if event else None,
        )

    def _tail(self, mark: _Mark, run: RedlineRun) -> str:
        """Write what stands behind the words of a mark: its end, its sign, its links."""
        signs = [self.letters.signs(e.candidates) for e in (mark.inserted, mark.struck) if e]
        if mark.kind == "dropped" and len(signs) > 1:
            signs = [f"+{signs[0]} −{signs[1]}"]
        by = " ".join(signs) or None
        done = f'<span class="said"> {_done(mark)} </span>'
        links = self._way(mark) + self._doubt(run)
        return f'<span class="tail" dir="ltr"{attributes(data_by=by)}>{done}{links}</span>'

    def _way(self, mark: _Mark) -> str:
        """Say where moved words were, or went, with a link to them."""
        if mark.moved is None:
            return ""
        words = isolated(_moved(mark))
        other = "struck" if mark.kind == "inserted" else "inserted"
        if not self._linked or (mark.move, other) not in self._ends:
            return f"<b>{words}</b>"
        return f'<a href="#move-{mark.move}-{other}">{words}</a>'

    def _move_id(self, mark: _Mark) -> str | None:
        end = mark.move, mark.kind
        if not self._linked or mark.move is None or end in self._placed:
            return None
        self._placed.add(end)
        return f"move-{mark.move}-{mark.kind}"

    def _doubt(self, run: RedlineRun) -> str:
        """Write the sign of a mark that is not certain, with a link to the note that says why."""
        why = authors.uncertain(run)
        if not why:
            return ""
        marks = self._notes.setdefault(why, [])
        note = list(self._notes).index(why) + 1
        mark = f"mark-{note}-{len(marks) + 1}"
        marks.append((mark, self._here or run.clause))
        words = f'?<span class="said"> not certain, note </span>{note}'
        if not self._linked:
            return f'<b class="doubt"{attributes(title=why)}>{words}</b>'
        return f'<a class="doubt" id="{mark}" href="#note-{note}">{words}</a>'

    def written_notes(self) -> str:
        """Return the notes on marks that are not certain, with links back to them."""
        items = "".join(
            f"<li{attributes(id=f'note-{n}') if self._linked else ''}>{isolated(why)}"
            f"{self._back(marks)}</li>\n"
            for n, (why, marks) in enumerate(self._notes.items(), start=1)
        )
        if not items:
            return ""
        head = "<h2>Marks that are not certain</h2>"
        return f'<section class="notes">\n{head}\n<ol>\n{items}</ol>\n</section>\n'

    def _back(self, marks: Sequence[tuple[str, str]]) -> str:
        if not self._linked:
            return ""
        links = (f'<a href="#{mark}">{isolated(clause or "here")}</a>' for mark, clause in marks)
        return " In " + ", ".join(links) + "."


def _lines(text: str) -> str:
    return "<br/>".join(map(safe, text.split("\v")))


def _gap(kind: RunKind, text: str) -> str:
    """Write the space behind marked words: marked as they are, and not drawn."""
    if kind == "dropped":
        return f'<ins class="gap"><del class="gap">{safe(text)}</del></ins>'
    name = "del" if kind == "struck" else "ins"
    return f'<{name} class="gap">{safe(text)}</{name}>'


def _end(*, is_seen: bool) -> str:
    """Write the end of a paragraph that is marked; unseen where the whole paragraph is."""
    hidden = "" if is_seen else ' hidden="hidden"'
    return f'<span class="end"{hidden}>¶</span>'


def _said(mark: _Mark, redline: Redline) -> str:
    """Say who made a mark to those who hear the page."""
    if mark.kind == "dropped":
        return f"inserted{_by(mark.inserted)}, struck again{_by(mark.struck)}"
    event = mark.struck if mark.kind == "struck" else mark.inserted
    if event is None:
        end = redline.new if mark.kind == "inserted" else redline.old
        return f"only in {authors.named(end)}"
    return f"{mark.kind if mark.moved is None else f'moved {_moved(mark)}'}{_by(event)}"


def _moved(mark: _Mark) -> str:
    word = "from" if mark.kind == "inserted" else "to"
    return f"{word} {mark.moved or 'elsewhere'}"


def _done(mark: _Mark) -> str:
    return "end of move" if mark.moved is not None else _DONE[mark.kind]


def _by(event: Event | None) -> str:
    if event is None:
        return ""
    date = _date(event)
    return f" by {authors.author(event)}" + (f", {authors.short_date(date)}" if date else "")


def _date(event: Event | None) -> str | None:
    """Return the stated date of a mark, where one revision made it: a page states no other."""
    return event.candidates[0].date if event is not None and event.certain else None
