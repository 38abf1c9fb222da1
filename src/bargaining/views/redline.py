r"""Redline: both revisions in one text, each mark with the party and the date that made it.

Strategy: the steps of a diff are written out as marked text, character by character exact: what is
kept and struck is the old text, what is kept and inserted the new one. Between two kept words the
spacing at both ends is kept where both texts have it, so that a mark holds words and not the gap
beside them, and a paragraph's end is a character that is marked like any other.

Texts are set as paragraphs first, each ended by a line feed. In a paper that is plain text a line
end inside a paragraph is a space; a Word document has its own paragraphs, and exact spacing.

This module does not know formats: every writer gets the same redline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from bargaining.model import Event, EventKind, Redline, RedlineRun
from bargaining.text.spelling import alike, alike_at_end
from bargaining.text.words import Words, cut, is_marker
from bargaining.views.blame import origin as origin_of
from bargaining.views.blame import told
from bargaining.views.diff import (
    Kind,
    Step,
    Stretch,
    find_moves,
    made,
    move_of,
    paired,
    pieces,
    steps,
)
from bargaining.weave.woven import Woven

_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_LINE_END: Final = re.compile(r"[^\S\n]*\n[^\S\n]*")
_FORMED: Final[EventKind] = "proposed"  # whoever gave words another form proposed that form
_JOINT: Final = "\n\n"  # between the paragraphs of a text that is exact


def redline(
    woven: Woven,
    old: int,
    new: int,
    *,
    exact: tuple[bool, bool] = (False, False),
    all_rounds: bool = False,
) -> Redline:
    """Return the redline from state `old` to state `new`.

    Args:
        woven: the chain.
        old: the state that it is against.
        new: the state that it leads to.
        exact: for each of the two, whether its text has paragraphs and spacing of its own, as that
            of a Word document; otherwise it is set.
        all_rounds: also show what stood only in between.
    """
    writer = _Writer(
        woven,
        _Setting.of(woven.states[old].words, exact=exact[0]),
        _Setting.of(woven.states[new].words, exact=exact[1]),
        (old, new),
    )
    for step in steps(woven, old, new, all_rounds=all_rounds):
        writer.take(step)
    writer.finish()
    ends = woven.states[old].revision, woven.states[new].revision
    return Redline(*ends, tuple(_joined(writer.runs)), all_rounds=all_rounds)


def set_text(text: str, *, exact: bool) -> str:
    """Return a text as paragraphs, each ended by a line feed, as a redline shows it.

    Args:
        text: the text of a revision.
        exact: whether it has paragraphs and spacing of its own, as that of a Word document.
    """
    words = cut(text)
    setting = _Setting.of(words, exact=exact)
    return setting.rows(0, len(words)) + setting.gap(len(words) - 1) if len(words) else ""


@attrs.frozen(eq=False)
class _Setting:
    """How the words of a text are set: each without, and with, the gap behind it."""

    text: str
    bounds: Sequence[int]
    ends: Sequence[int]
    keys: Sequence[str]
    exact: bool

    @classmethod
    def of(cls, words: Words, *, exact: bool) -> _Setting:
        """Set the words of a text."""
        return cls(words.text, words.bounds, words.ends, words.keys, exact)

    def core(self, n: int) -> str:
        """Return word `n` without the gap behind it."""
        word = self.text[self.bounds[n] : self.ends[n]]
        starts = not self.exact and (n == 0 or self.gap(n - 1) == "\n")
        return word.lstrip() if starts else word

    def gap(self, n: int) -> str:
        """Return the gap behind word `n`; a line feed where its paragraph ends."""
        gap = self.text[self.ends[n] : self.bounds[n + 1]]
        last = n + 1 == len(self.keys)
        if self.exact:
            return gap.replace(_JOINT, "\n") + "\n" * last
        if last or _BLANK_LINE.search(gap):
            return "\n"
        if "\n" not in gap:
            return gap
        return "\n" if is_marker(self.keys[n + 1]) else _LINE_END.sub(" ", gap)

    def rows(self, first: int, end: int) -> str:
        """Return words `first` to `end`, without the gap behind the last."""
        text = self.text[self.bounds[first] : self.ends[end - 1]]
        if self.exact:
            return text.replace(_JOINT, "\n")
        if "\n" not in text:
            return self.core(first) + self.text[self.ends[first] : self.ends[end - 1]]
        inner = (self.core(n) + self.gap(n) for n in range(first, end - 1))
        return "".join((*inner, self.core(end - 1)))


@attrs.frozen(eq=False)
class _Kept:
    """The last kept word: where it stands in both texts, and the run that it is part of."""

    old: int
    new: int
    number: int
    run: RedlineRun


class _Writer:
    """Writes steps as runs; what stands between two kept words is held until it is settled."""

    def __init__(self, woven: Woven, a: _Setting, b: _Setting, between: tuple[int, int]) -> None:
        self.runs: list[RedlineRun] = []
        self._woven, self._a, self._b = woven, a, b
        self._old, self._new = between
        self._moves = find_moves(woven, *between)
        self._places: dict[int, dict[int, int]] = {}
        self._lead, self._lead_run = "", RedlineRun("kept", "", "")
        self._begin()

    def _begin(self) -> None:
        self._struck: list[RedlineRun] = []
        self._later: list[RedlineRun] = []  # what is inserted, and among it what was dropped
        self._last: _Kept | None = None

    def take(self, step: Step) -> None:
        """Write one step."""
        for ours, theirs in paired(step):
            shown = theirs or ours
            if shown is None:
                continue
            moves = self._moves if step.kind in {"struck", "inserted"} else {}
            for start, end in pieces(self._woven, shown, moves):
                if ours is not None and theirs is not None:
                    self._keep(ours.part(start, end), theirs.part(start, end))
                else:
                    self._hold(step.kind, shown.part(start, end))

    def finish(self) -> None:
        """Write what is left after the last kept word."""
        self._settle()
        self._write("kept", self._lead, self._lead_run)

    def _hold(self, kind: Kind, part: Stretch) -> None:
        """Hold words until it is known what stands after them."""
        held = self._struck if kind == "struck" else self._later
        setting = {"struck": self._a, "inserted": self._b}.get(kind)
        state = self._woven.states[part.state]
        setting = setting or _Setting.of(state.words, exact=False)
        last = part.index + part.size - 1
        text = setting.rows(part.index, last + 1) + setting.gap(last)
        if kind == "dropped" and part.index and not self._is_spaced():
            text = setting.gap(part.index - 1) + text
        move = move_of(self._woven, part, self._moves) if kind != "dropped" else None
        held.append(
            RedlineRun(
                kind=kind,
                text=text,
                clause=state.clause(part.index),
                origin=told(self._woven, part.strand, part.offset)[0],
                inserted=self._made(part, "inserted") if kind != "struck" else None,
                struck=self._made(part, "struck") if kind != "inserted" else None,
                moved=move.clause if move else None,
                move=move.pair if move else None,
            )
        )

    def _is_spaced(self) -> bool:
        """True when what is held next stands behind a gap, or first of all."""
        if self._later:
            return self._later[-1].text[-1:].isspace()
        return self._last is None or bool(self._b.gap(self._last.new))

    def _made(self, part: Stretch, kind: Kind) -> Event | None:
        return made(self._woven, part, kind, self._old, self._new)

    def _keep(self, ours: Stretch, theirs: Stretch) -> None:
        """Write kept words, but for the gap behind the last of them."""
        self._settle()
        clause = self._woven.states[self._new].clause(theirs.index)
        origin = origin_of(self._woven, theirs.number)
        run = RedlineRun("kept", "", clause, origin)
        self._write("kept", self._lead, run)
        self._lead = ""
        size = theirs.size
        text = self._b.rows(theirs.index, theirs.index + size)
        if text == self._a.rows(ours.index, ours.index + size):
            self._write("kept", text, run)
        else:
            self._keep_each(ours, theirs, run)
        end = ours.index + size - 1, theirs.index + size - 1, theirs.number + size - 1
        self._last = _Kept(*end, run)

    def _keep_each(self, ours: Stretch, theirs: Stretch, run: RedlineRun) -> None:
        """Write kept words one by one: a quote, a hyphen or a gap in them has another form."""
        for n in range(theirs.size):
            old, new = ours.index + n, theirs.index + n
            at = _Kept(old, new, theirs.number + n, run)
            self._form(self._a.core(old), self._b.core(new), at)
            if n + 1 < theirs.size:
                self._form(self._a.gap(old), self._b.gap(new), at)

    def _form(self, before: str, after: str, at: _Kept) -> None:
        """Write what changed its form only, what is alike at both ends kept."""
        start = alike(before, after)
        self._write("kept", after[:start], at.run)
        if before != after:
            before, after = before[start:], after[start:]
            end = alike_at_end(before, after)
            event = self._form_event(at)
            self._write("struck", before[: len(before) - end], at.run, event)
            self._write("inserted", after[: len(after) - end], at.run, event)
            self._write("kept", after[len(after) - end :], at.run)

    def _settle(self) -> None:
        """Write what stands between two kept words, the gaps beside it included."""
        last = self._last
        before = self._a.gap(last.old) if last else ""
        after = self._b.gap(last.new) if last else ""
        if last is not None and not (self._struck or any(run.in_new for run in self._later)):
            self._form(before, after, last)
            self._write_all(self._later)
        else:
            self._settle_marks(before, after, last)
        self._begin()

    def _settle_marks(self, before: str, after: str, last: _Kept | None) -> None:
        beside = last.run if last else RedlineRun("kept", "", "")
        start = alike(before, after)
        self._write("kept", after[:start], beside)
        struck = _with_gap(before[start:], self._struck, self._later, "struck")
        inserted = _with_gap(after[start:], self._later, self._struck, "inserted")
        ours, theirs = _lines(struck), _lines(inserted)
        starts = not self.runs or self.runs[-1].text.endswith("\n")
        if not starts and len(ours) > 1 and len(theirs) > 1:
            self._pair(ours.pop(0), theirs.pop(0))
            starts = True
        if starts:
            self._paragraphs(ours[:-1], theirs[:-1])
            ours, theirs = ours[-1:], theirs[-1:]
        tail = [run for line in ours for run in line], [run for line in theirs for run in line]
        self._tail(*tail)

    def _paragraphs(
        self, ours: Sequence[Sequence[RedlineRun]], theirs: Sequence[Sequence[RedlineRun]]
    ) -> None:
        """Write whole paragraphs: one in the place of another, or all struck, then all inserted."""
        if len(ours) == len(theirs):
            for struck, inserted in zip(ours, theirs, strict=True):
                self._pair(struck, inserted)
            return
        for line in ours:
            self._write_all(line)
        for line in theirs:
            self._write_all(line)

    def _pair(self, struck: Sequence[RedlineRun], inserted: Sequence[RedlineRun]) -> None:
        """Write one paragraph's end in the place of another's; both have the line feed."""
        self._write_all(_without_end(struck, 1))
        self._write_all(_without_end(inserted, 1))
        self._write("kept", "\n", _as_kept(inserted[-1]))

    def _tail(self, struck: Sequence[RedlineRun], inserted: Sequence[RedlineRun]) -> None:
        """Write the words before the next kept ones; the gap behind both is kept with those."""
        last = next((run for run in reversed(inserted) if run.in_new), None)
        size = _common_end(struck, last)
        if last is not None and size:
            self._lead = last.text[len(last.text) - size :]
            self._lead_run = _as_kept(last)
        self._write_all(_without_end(struck, size))
        self._write_all(_without_end(inserted, size))

    def _write(self, kind: Kind, text: str, like: RedlineRun, event: Event | None = None) -> None:
        if text and kind == "kept":
            self.runs.append(attrs.evolve(like, text=text))
        elif text:
            self.runs.append(_mark(kind, text, like.clause, event))

    def _write_all(self, runs: Iterable[RedlineRun]) -> None:
        self.runs += (run for run in runs if run.text)

    def _form_event(self, at: _Kept) -> Event | None:
        """Return in which revision a kept word, or the gap behind it, got its present form."""
        if self._new < self._old:
            return None
        first = self._new
        here = self._b.core(at.new), self._b.gap(at.new)
        while first - 1 > self._old and self._formed(first - 1, at.number) == here:
            first -= 1
        state = self._woven.states[first]
        return Event(_FORMED, state.revision, state.candidates, at.run.clause)

    def _formed(self, number: int, word: int) -> tuple[str, str] | None:
        """Return a word of a state between and the gap behind it; None where it does not stand."""
        woven = self._woven
        if number not in self._places:
            at, places = 0, {}
            for strand in woven.weave.alive(number):
                places[strand.first] = at
                at += len(strand)
            self._places[number] = places
        strand = woven.weave.owner(word)
        start = self._places[number].get(strand.first)
        if start is None:
            return None
        setting = _Setting.of(woven.states[number].words, exact=self._b.exact)
        index = start + word - strand.first
        return setting.core(index), setting.gap(index)


def _with_gap(
    gap: str, runs: Sequence[RedlineRun], others: Sequence[RedlineRun], kind: Kind
) -> list[RedlineRun]:
    """Put the gap before words to them, or where there are none to the event of the other side."""
    if not gap:
        return list(runs)
    if runs and runs[0].move is None and runs[0].kind == kind:
        return [attrs.evolve(runs[0], text=gap + runs[0].text), *runs[1:]]
    beside = next(iter((*runs, *others)))
    return [_mark(kind, gap, beside.clause, beside.inserted or beside.struck), *runs]


def _mark(kind: Kind, text: str, clause: str, event: Event | None) -> RedlineRun:
    """Return a run of spacing or signs that only changed their form."""
    if kind == "struck":
        return RedlineRun(kind, text, clause, struck=event)
    return RedlineRun(kind, text, clause, inserted=event)


def _lines(runs: Sequence[RedlineRun]) -> list[list[RedlineRun]]:
    """Cut runs behind each line feed that ends a paragraph; the last line may be empty."""
    lines: list[list[RedlineRun]] = [[]]
    for run in runs:
        if run.kind == "dropped":
            lines[-1].append(run)
            continue
        first, *others = run.text.split("\n")
        for text in others:
            lines[-1].append(attrs.evolve(run, text=f"{first}\n"))
            lines.append([])
            first = text
        if first:
            lines[-1].append(attrs.evolve(run, text=first))
    return lines


def _as_kept(run: RedlineRun) -> RedlineRun:
    """Return a kept run where another stands."""
    return RedlineRun("kept", "", run.clause)


def _common_end(struck: Sequence[RedlineRun], inserted: RedlineRun | None) -> int:
    """Return how much spacing the last words on both sides have behind them in common."""
    if not struck or inserted is None:
        return 0
    before, after = struck[-1].text, inserted.text
    gap = after[len(after.rstrip()) :]
    return alike_at_end(before[-len(gap) :], gap) if gap else 0


def _without_end(runs: Sequence[RedlineRun], size: int) -> list[RedlineRun]:
    """Take so many characters off the last run that is not dropped."""
    shorter = list(runs)
    at = next((n for n in range(len(runs) - 1, -1, -1) if runs[n].kind != "dropped"), None)
    if at is not None and size:
        shorter[at] = attrs.evolve(runs[at], text=runs[at].text[:-size])
    return shorter


def _joined(runs: Iterable[RedlineRun]) -> Iterator[RedlineRun]:
    """Join neighbouring runs that nothing tells apart."""
    waiting: RedlineRun | None = None
    row: list[str] = []
    for run in runs:
        if waiting is not None and _told_apart(run) != _told_apart(waiting):
            yield attrs.evolve(waiting, text="".join(row)) if row[1:] else waiting
            row = []
        if not row:
            waiting = run
        row.append(run.text)
    if waiting is not None:
        yield attrs.evolve(waiting, text="".join(row)) if row[1:] else waiting


def _told_apart(run: RedlineRun) -> Sequence[object]:
    return run.kind, run.clause, run.origin, run.inserted, run.struck, run.moved
