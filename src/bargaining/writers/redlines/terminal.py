"""The terminal: a redline as lines, one column, or the old text beside the new.

Strategy: every paragraph is a row, its address in the margin. Struck and inserted words carry signs
and, behind the last of neighbouring marks, who made them in a few characters (`R5`: the letter of
the party, and the rung); colour only adds. Where the terminal is wide, the old text stands on the
left with what was struck, the new one on the right with what was inserted, row beside row.

This module prints nothing. Whatever comes from a paper is made safe where it is folded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import attrs

from bargaining.model import LADDER, Event, Redline, RedlineRun, Revision, RunKind
from bargaining.text.spelling import cut_at
from bargaining.writers import authors, written
from bargaining.writers.answers import no_mark
from bargaining.writers.letters import PartyLetters
from bargaining.writers.redlines import blocks, marked_places
from bargaining.writers.redlines.side_by_side import beside, fold, painted
from bargaining.writers.redlines.stretches import MarkedWords, parted
from bargaining.writers.screen import HANDS, Piece, Screen, cells, person, shortened

_SIGNS: Final[dict[RunKind, tuple[str, str]]] = {
    "kept": ("", ""),
    "struck": ("[-", "-]"),
    "inserted": ("{+", "+}"),
    "dropped": ("{+[-", "-]+}"),
}
_MEANINGS: Final[dict[RunKind, str]] = {
    "struck": "[-struck-]",
    "inserted": "{+inserted+}",
    "dropped": "{+[-inserted and struck again-]+}",
}
_LIKE_SIGNS: Final = re.compile(r"\[-|-\]|\{\+|\+\}")
_BEHIND: Final = r"\\\g<0>"
_ALL: Final[Collection[RunKind]] = ("kept", "struck", "inserted", "dropped")
_OLD: Final[Collection[RunKind]] = ("kept", "struck")
_NEW: Final[Collection[RunKind]] = ("kept", "inserted", "dropped")
_WIDE: Final = 120  # cells, from which on both texts stand side by side
_MARGIN_MOST: Final = 14  # cells
_PILCROW: Final = "¶"


def lines(
    redline: Redline,
    screen: Screen,
    *,
    whole: bool = False,
    side_by_side: bool | None = None,
    exact: bool = False,
) -> Iterator[str]:
    """Show a redline: paragraphs with marks, who made them, and the sums.

    Args:
        redline: the redline.
        screen: the terminal.
        whole: show paragraphs without marks, and long kept stretches, too.
        side_by_side: the old text beside the new; None means where the terminal is wide enough.
        exact: mark what is only written otherwise, too.
    """
    redline, more = _without_growth(redline)
    unmarked, otherwise = written.unmarked(redline.whole)
    view = _View.of(redline.whole if exact else unmarked, screen, whole=whole)
    rows = list(blocks.rows(view.redline.runs, blocks.never))
    yield from view.wrapped(authors.heading(redline), "bold")
    for caution in authors.cautions(redline):
        yield from view.wrapped(caution, "warning")
    yield from view.legend(rows)
    if side_by_side is None:
        side_by_side = screen.width >= _WIDE
    yield from view.beside(rows) if side_by_side else view.below(rows)
    yield ""
    same = redline.old_text == redline.new_text
    none = no_mark(same=same, is_written_alike=not otherwise)
    yield from view.wrapped(_sums(unmarked) or none, "plain")
    for sentence in (*written.said(otherwise, exact=exact), *more):
        yield from view.wrapped(sentence, "plain")


@attrs.frozen
class _View:
    """A redline as it is shown on a terminal."""

    redline: Redline
    screen: Screen
    letters: PartyLetters
    whole: bool

    @classmethod
    def of(cls, redline: Redline, screen: Screen, *, whole: bool) -> _View:
        """Give every party its letter."""
        return cls(redline, screen, PartyLetters.of(redline.parties), whole)

    def wrapped(self, text: str, style: str) -> Iterator[str]:
        """Yield a message as lines."""
        for line in fold([(person(text), style)], self.screen.width):
            yield painted(line, self.screen)

    # What the signs mean.

    def legend(self, rows: Iterable[blocks.Row]) -> Iterator[str]:
        """Say what the signs mean, and which party each letter is."""
        marks = [run for run in self.redline if run.kind != "kept" and _is_seen(run.text)]
        if not marks:
            return
        kinds = [words for kind, words in _MEANINGS.items() if kind in {m.kind for m in marks}]
        is_inside = any(run.text == blocks.END for row in rows for run in row[:-1])
        ends = [f"{_PILCROW} the end of a paragraph"] * is_inside
        events = [event for run in marks for event in (run.inserted, run.struck) if event]
        by = "; behind a mark, who made it:" if events else ""
        yield ""
        yield from self.wrapped(", ".join([*kinds, *ends]) + by, "dim")
        yield from self._letters(events)
        if any(_LIKE_SIGNS.search(run.text) for run in self.redline):
            yield from self.wrapped("A sign of the text itself stands behind a backslash.", "dim")

    def _letters(self, events: Iterable[Event]) -> Iterator[str]:
        """Name the parties that made marks, and the rungs at which they did."""
        rungs = {self._sign(e.candidates): e.candidates for e in events}
        wide = max(map(cells, rungs), default=0)
        for sign, revisions in sorted(rungs.items(), key=lambda one: one[1][-1].rung):
            said = " or ".join(map(_named, revisions))
            style = self._style("party", revisions)
            columns = [([(sign, style)], wide), ([(person(said), "plain")], self._rest(wide + 4))]
            for line in beside(columns, ["  "], self.screen):
                yield f"  {line}"

    def _rest(self, taken: int) -> int:
        return max(self.screen.width - taken, 1)

    def _sign(self, revisions: Sequence[Revision]) -> str:
        return person(self.letters.signs(revisions))

    def _style(self, kind: str, revisions: Sequence[Revision]) -> str:
        """Return the style of what a party did; of what one or another did, that of a doubt."""
        parties = {revision.party for revision in revisions}
        if len(parties) > 1:
            return "warning" if kind == "party" else f"{kind} ?"
        known = [n for n, party in enumerate(self.letters.letters) if party in parties]
        if not known:
            return "plain" if kind == "party" else kind
        return f"{kind} {known[0] % HANDS}"

    # Paragraphs.

    def below(self, rows: Sequence[blocks.Row]) -> Iterator[str]:
        """Yield the rows in one column."""
        margin = self._margin(rows)
        room = self._rest(margin + 2)
        for address, row in self._shown(rows):
            yield ""
            columns = [(_address(address, margin), margin), (self._pieces(row, _ALL), room)]
            yield from beside(columns, ["  "], self.screen)

    def beside(self, rows: Sequence[blocks.Row]) -> Iterator[str]:
        """Yield the rows in two columns: the old text, and the new."""
        margin = self._margin(rows)
        room = self._rest(margin + 5) // 2
        gap = " " * (margin + 2 + room) + " |"

        def columns(left: Iterable[Piece], right: Iterable[Piece], at: str) -> Iterator[str]:
            three = [(_address(at, margin), margin), (left, room), (right, room)]
            return beside(three, ["  ", " | "], self.screen)

        yield ""
        old, new = (authors.named(r) for r in (self.redline.old, self.redline.new))
        yield from columns([(person(old), "bold")], [(person(new), "bold")], "")
        for address, row in self._shown(rows):
            yield gap
            left = self._pieces(row, _OLD)
            yield from columns(left, self._pieces(row, _NEW), address)

    def _margin(self, rows: Sequence[blocks.Row]) -> int:
        """Return how wide the margin has to be for the addresses of the rows."""
        widest = max((cells(address) for address, _ in self._shown(rows)), default=0)
        return min(widest, _MARGIN_MOST, max(self.screen.width // 5, 1))

    def _shown(self, rows: Sequence[blocks.Row]) -> Iterator[tuple[str, blocks.Row]]:
        """Yield the rows that are shown, each with its address; say how many are left out."""
        skipped = 0
        for row in rows:
            if not (self.whole or _is_marked(row)):
                skipped += row[0].clause != LADDER
                continue
            if skipped:
                yield "", _left_out(skipped)
            skipped = 0
            yield person(_clause(row)), row if self.whole else tuple(_shortened(row))
        if skipped:
            yield "", _left_out(skipped)

    def _pieces(self, row: blocks.Row, kinds: Collection[RunKind]) -> Iterator[Piece]:
        """Yield a row with its signs, of the kinds that stand in a column."""
        bits = list(parted(self._bits(row, kinds)))
        followers = [*(bit.note for _, bit in bits[1:]), ""]
        for (gap, bit), follower in zip(bits, followers, strict=False):
            opens, closes = _SIGNS[bit.kind]
            yield gap, "plain"
            yield f"{opens}{_LIKE_SIGNS.sub(_BEHIND, bit.text)}{closes}", bit.style
            if bit.note and bit.note != follower:
                yield f"({bit.note})", "dim"

    def _bits(self, row: blocks.Row, kinds: Collection[RunKind]) -> Iterator[MarkedWords]:
        """Join neighbours of one kind and one author; a marked end inside of a row is a sign."""
        inside = row[:-1] if row[-1].text == blocks.END else row
        runs = [run for run in inside if run.kind in kinds]
        for (kind, tag, style, is_end), group in groupby(runs, key=self._told_apart):
            text = "".join(run.text for run in group).replace("\v", "\n")
            breaks = is_end and (kind == "inserted" or kinds == _OLD)
            yield MarkedWords(kind, _PILCROW if is_end else text, tag, style)
            if is_end:
                yield MarkedWords("kept", "\n" if breaks else " ")

    def _told_apart(self, run: RedlineRun) -> tuple[RunKind, str, str, bool]:
        if run.kind == "kept":
            return "kept", "", "plain", False
        event = run.struck if run.kind == "struck" else run.inserted
        style = self._style(run.kind, event.candidates) if event else run.kind
        return run.kind, self._tag(run), style, run.text == blocks.END

    def _tag(self, run: RedlineRun) -> str:
        """Say in a few characters who made a mark; empty where nobody did and nothing was moved."""
        signs = [self._sign(e.candidates) for e in (run.inserted, run.struck) if e is not None]
        return ", ".join(filter(None, [", struck ".join(signs), marked_places.moved(run)]))


def _without_growth(redline: Redline) -> tuple[Redline, list[str]]:
    """Return a redline without a ladder that only has more rungs, and a sentence that says so."""
    ladder = next((part for part in redline.parts if part.kind == LADDER and part.differs), None)
    if ladder is None or any(
        run.kind == "struck" or (run.kind == "inserted" and not run.text.endswith("\n"))
        for run in ladder.runs
    ):
        return redline, []
    rungs = sum(run.text.count("\n") for run in ladder.runs if run.kind == "inserted")
    parts = tuple(part for part in redline.parts if part is not ladder)
    return attrs.evolve(redline, parts=parts), [f"The ladder has {_many(rungs, 'rung')} more."]


def _shortened(row: blocks.Row) -> Iterator[RedlineRun]:
    """Shorten the long kept stretches between the marks of a row."""
    for kind, group in groupby(row, key=lambda run: run.kind):
        runs = list(group)
        if kind != "kept":
            yield from runs
            continue
        text = "".join(run.text for run in runs).removesuffix(blocks.END)
        yield attrs.evolve(runs[0], text=shortened(text))
        yield from runs[-1:] if runs[-1].text == blocks.END else ()


def _address(address: str, margin: int) -> list[Piece]:
    """Return an address as it stands in the margin."""
    is_short = cells(address) <= margin
    text = address if is_short else f"{address[: cut_at(address, margin - 1)]}…"
    return [(text, "bold")]


def _clause(row: blocks.Row) -> str:
    """Return the address of a row: in the new text, or in the old one where it is struck."""
    new = next((run.clause for run in row if run.in_new), None)
    return f"[-{row[0].clause}-]" if new is None else new


def _is_marked(row: blocks.Row) -> bool:
    return any(run.kind != "kept" and _is_seen(run.text) for run in row)


def _is_seen(text: str) -> bool:
    """True for words, and for the end of a paragraph: spacing alone is not shown as a mark."""
    return bool(text.strip()) or blocks.END in text


def _left_out(count: int) -> blocks.Row:
    """Return the row that says how many paragraphs are left out."""
    words = "1 paragraph" if count == 1 else f"{count} paragraphs"
    return (RedlineRun("kept", f"[… {words} without marks]", ""),)


def _named(revision: Revision) -> str:
    label, party = authors.named(revision), revision.party
    missing = "" if revision.on_file else " (not on file)"
    return f"{label}{missing}" if party is None or party in label else f"{party}: {label}{missing}"


def _sums(redline: Redline) -> str:
    """Say how many places have marks, how many words those are, and of whom; empty without."""
    runs = [run for run in redline if run.clause != LADDER]  # a rung more is no change of words
    found = [place for place in marked_places.places(runs) if any(_is_seen(r.text) for r in place)]
    if not found:
        return ""
    by_author = marked_places.sums(runs)
    total = _counted(marked_places.total(by_author.values()), always=True)
    each = ((who, _counted(one)) for who, one in by_author.items() if who != authors.NOBODY)
    named = "; ".join(f"{who}: {counts}" for who, counts in each if counts)
    return f"{_many(len(found), 'place')}: {total}." + (f" {named}." if named else "")


def _counted(one: marked_places.Sums, *, always: bool = False) -> str:
    """Say how many words were struck and so on; with `always`, also that none were."""
    struck = _many(one.struck, "word") if always else str(one.struck)
    parts = [f"{struck} struck"] * bool(one.struck or always)
    parts += [f"{one.inserted} inserted"] * bool(one.inserted or always)
    parts += [f"{one.moved} moved"] * bool(one.moved)
    parts += [f"{one.dropped} inserted and struck again"] * bool(one.dropped)
    return ", ".join(parts)


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
