"""Views: a document with all marks accepted, and with all marks rejected.

Strategy: a mark that is resolved away takes its text with it, and a paragraph whose own mark goes
is merged into the next one, which keeps its properties (ECMA-376, part 1, 17.13.5.4, 17.13.5.20).
Each view has paragraphs of its own, and its own numbers: what is struck is not counted. Both views
are read off at once, so that it is known of each stretch of text in which of them it stands.

This module knows no titles and no ladders.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import attrs

from bargaining.word.file.numbering import Counter
from bargaining.word.file.story import Atom, Paragraph, Stamp, Story
from bargaining.word.file.styles import STRIKE

_UNDERLINES: Final = frozenset({"underline", "double-underline"})


@attrs.frozen
class Formatting:
    """Which formatting is read as a mark, beside what is tracked."""

    struck: frozenset[str] = frozenset()
    inserted: frozenset[str] = frozenset()

    def strikes(self, atom: Atom) -> bool:
        """True when the formatting of a text says that it is struck."""
        return bool(atom.formats & self.struck)

    def inserts(self, atom: Atom) -> bool:
        """True when it says that the text is inserted.

        Struck text may keep the bold, the colour or the highlight that it had before; an underline
        under struck text was there to insert it.
        """
        marks = atom.formats & self.inserted
        return bool(marks & _UNDERLINES if self.strikes(atom) else marks)


TRACKED: Final = Formatting()  # only what is tracked counts
BY_HAND: Final = frozenset({STRIKE})


@attrs.frozen(eq=False)
class Side:
    """One paragraph in one view.

    Attributes:
        starts: True when a paragraph of the view starts with it.
        label: the number of that paragraph, with the space after it.
        level: the level of its list, from 0; None where it has no number.
        blank: True when that paragraph holds no text in this view.
    """

    starts: bool
    label: str
    blank: bool
    level: int | None = None


@attrs.frozen(eq=False)
class Both:
    """One paragraph of the document in both views, and where each of its atoms stands."""

    paragraph: Paragraph
    accepted: Side
    rejected: Side
    stands: tuple[tuple[bool, bool], ...]


def both(story: Story, by: Formatting = TRACKED) -> tuple[Both, ...]:
    """Return every paragraph in both views, in reading order."""
    rows = [
        [(_accepted(atom, by), _rejected(atom, by)) for atom in paragraph.atoms]
        for paragraph in story.paragraphs
    ]
    accepted = _sides(story, [[a for a, _ in row] for row in rows], by, accept=True)
    rejected = accepted
    if not (_is_settled(story) and all(a and r for row in rows for a, r in row)):
        rejected = _sides(story, [[r for _, r in row] for row in rows], by, accept=False)
    return tuple(
        Both(*four)
        for four in zip(story.paragraphs, accepted, rejected, map(tuple, rows), strict=True)
    )


def _is_settled(story: Story) -> bool:
    """True when no paragraph has a mark or a place in a list that only one view knows."""
    return not any(
        p.inserted or p.struck or p.gone_if or p.place != p.old_place for p in story.paragraphs
    )


def _accepted(atom: Atom, by: Formatting) -> bool:
    return atom.struck is None and not by.strikes(atom)


def _rejected(atom: Atom, by: Formatting) -> bool:
    return atom.inserted is None and not by.inserts(atom)


def _sides(
    story: Story, rows: Sequence[Sequence[bool]], by: Formatting, *, accept: bool
) -> list[Side]:
    """Work one view out: its paragraphs, which of them are blank, and their numbers."""
    groups: dict[int, list[int]] = {}
    at = {id(paragraph): n for n, paragraph in enumerate(story.paragraphs)}
    head_of = list(range(len(rows)))
    for n, paragraph in enumerate(story.paragraphs):
        groups.setdefault(head_of[n], []).append(n)
        if _mark_goes(paragraph, accept=accept) and paragraph.following is not None:
            head_of[at[id(paragraph.following)]] = head_of[n]
    counter = Counter(story.numbering)
    sides: list[Side | None] = [None] * len(rows)
    for head, members in groups.items():
        texts = (
            atom.text
            for n in members
            for atom, stands in zip(story.paragraphs[n].atoms, rows[n], strict=True)
            if stands
        )
        blank = not any(text.strip() for text in texts)
        last = story.paragraphs[members[-1]]
        place = last.place if accept else last.old_place
        by_hand = any(_goes_by_hand(a, by, accept=accept) for a in last.atoms)
        gone = blank and (by_hand or _mark_goes(last, accept=accept))
        label = counter.label(place) if place is not None and not gone else ""
        for n in members:
            own = n == head and bool(label)
            level = place.level if own and place is not None else None
            sides[n] = Side(n == head, label if own else "", blank, level)
    return [side for side in sides if side is not None]


def _goes_by_hand(atom: Atom, by: Formatting, *, accept: bool) -> bool:
    """True for text that goes by its formatting; a paragraph of nothing else goes with it."""
    return by.strikes(atom) if accept else by.inserts(atom)


def _mark_goes(paragraph: Paragraph, *, accept: bool) -> bool:
    if ("accepted" if accept else "rejected") in paragraph.gone_if:
        return True
    return (paragraph.struck if accept else paragraph.inserted) is not None


def view(
    story: Story, *, accept: bool, by: Formatting = TRACKED, leave_out: Collection[int] = ()
) -> tuple[str, ...]:
    """Return the paragraphs of one view with their numbers, as `texts` does."""
    return texts(both(story, by), accept=accept, leave_out=leave_out)


def texts(
    rows: Sequence[Both], *, accept: bool, leave_out: Collection[int] = ()
) -> tuple[str, ...]:
    """Return the paragraphs of one view with their numbers; blank ones are left out.

    Args:
        rows: the paragraphs of the document in both views.
        accept: whether its marks are accepted, or rejected.
        leave_out: the `id` of the elements of paragraphs that are not wanted.
    """
    found: list[_Row] = []
    at: dict[int, _Row] = {}
    for one in rows:
        side = one.accepted if accept else one.rejected
        paragraph = one.paragraph
        if side.starts:
            anchor = at.get(id(paragraph.anchor)) if paragraph.anchor is not None else None
            row = _Row([side.label])
            (found if anchor is None else anchor.beside).append(row)
        else:
            row = at[id(paragraph)]
        at[id(paragraph)] = row
        if paragraph.following is not None:
            at[id(paragraph.following)] = row
        row.blank = side.blank or id(paragraph.element) in leave_out
        row.texts += _texts(one, accept=accept)
    return tuple(text for row in found for text in row.lines())


@attrs.define(eq=False)
class _Row:
    """A paragraph of one view, and the notes and boxes that stand beside it."""

    texts: list[str]
    beside: list[_Row] = attrs.Factory(list)
    blank: bool = False

    def lines(self) -> Iterator[str]:
        """Yield its text, then what stands beside it."""
        if not self.blank:
            yield "".join(self.texts)
        for row in self.beside:
            yield from row.lines()


def _texts(one: Both, *, accept: bool) -> Iterator[str]:
    for atom, stands in zip(one.paragraph.atoms, one.stands, strict=True):
        if stands[0 if accept else 1]:
            yield atom.text


def stamps(story: Story) -> Iterator[tuple[str, Stamp]]:
    """Yield who inserted and who struck what is tracked in the text, mark by mark."""
    for paragraph in story.paragraphs:
        marks = [(atom.inserted, atom.struck) for atom in paragraph.atoms]
        for inserted, struck in (*marks, (paragraph.inserted, paragraph.struck)):
            if inserted is not None:
                yield "inserted", inserted
            if struck is not None:
                yield "struck", struck
