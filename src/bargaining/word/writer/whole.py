"""Whole: two Word documents as one, in the newer one's clothes, with every difference marked.

Strategy: both documents are walked side by side: body, tables row by row and cell by cell, text
boxes, notes, headers and footers. Neighbouring paragraphs are set side by side as texts (`zones`);
what is inserted is wrapped where it stands, what is struck is brought over from the older document
(`carried`), and the end of a paragraph is marked as any other character (ECMA-376, part 1,
17.13.5). Where the redline speaks of the words, their marks bear its events; of all else they name
the papers that may have changed it.

This module does not judge its own work: `bothways` does.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import count, groupby
from typing import Final

import attrs
from lxml import etree

from bargaining.model import Event, Redline, RedlineRun
from bargaining.word.file.names import RELATIONS, Element, make, number_of, value, w
from bargaining.word.file.package import Package
from bargaining.word.file.resolve import remove
from bargaining.word.writer.carried import Carrier, margins, notes, relate, sections
from bargaining.word.writer.comments import Comments
from bargaining.word.writer.containers import (
    BLOCKS,
    HOLDERS,
    blocks,
    content,
    in_order,
    put,
    shape,
    words_of,
)
from bargaining.word.writer.inline import Inline, Reader, Signs, boxes
from bargaining.word.writer.marks import Marks, end_of, mark_row, properties_of
from bargaining.word.writer.runs import Piece, UnfitError, cut, part, wrap
from bargaining.word.writer.told import UNTOLD, Side
from bargaining.word.writer.zones import Change, Ops, Zone, alike, by_paragraph, changes, pairs
from bargaining.writers.authors import UNDATED, uncertain

_SPLIT: Final = "{urn:bargaining}split"  # where a paragraph will be cut in two
_NOT_TAKEN: Final = frozenset(map(w, ("sectPr", "pPrChange", "rPr")))
_NOTES: Final = ("footnote", "endnote")
_LIKE_TABLES: Final = 0.1  # how much of two tables must be the same words
_LIKE_ROWS: Final = 0.25
_SIGN: Final = re.compile("[\U000f0000-\U0010fffd]")
_Event = Event | None


@attrs.frozen(eq=False)
class Document:
    """One of the two documents: its package, without marks, and what the redline says of it."""

    package: Package
    side: Side | None


def _anyone(redline: Redline) -> _Event:
    """Return what is known of a change that the redline does not tell: some paper made it."""
    if redline.is_backwards:
        return None
    rungs = (r for r in redline.revisions if redline.old.rung < r.rung <= redline.new.rung)
    candidates = tuple(rungs) or (redline.new,)
    return Event("proposed", redline.new, candidates)


def compare(
    old: Document,
    new: Document,
    redline: Redline,
    undated: str = UNDATED,
    *,
    by_text: bool = True,
) -> Package:
    """Write all differences of two documents into the newer one.

    Args:
        old: the older document.
        new: the newer one; its package is changed, and returned.
        redline: who made which change.
        undated: the ISO date of marks by revisions of which no date is known.
        by_text: as in `Carrier`.

    Raises:
        UnfitError: it cannot be done.
    """
    marks = Marks(new.package, redline, undated)
    carrier = Carrier(old.package, new.package, by_text=by_text)
    writer = _Comparison(old, new, marks, carrier, _anyone(redline))
    writer.body()
    writer.notes()
    writer.margins()
    writer.comments.finish()
    return new.package


class _Comparison:
    """One comparison of two documents."""

    def __init__(
        self, old: Document, new: Document, marks: Marks, carrier: Carrier, anyone: _Event
    ) -> None:
        self._old, self._new, self._marks, self._carrier = old, new, marks, carrier
        self._anyone = anyone  # of a change that the redline does not tell
        self._signs = Signs()
        self._part_old, self._part_new = old.package.main, new.package.main
        self._enter(self._part_old, self._part_new)
        self._kept_notes: list[tuple[str, str, str]] = []  # kind, number in the old, in the new
        self._new_notes: list[tuple[str, str]] = []
        self._old_notes: dict[tuple[str, str], str] = {}  # brought over: their new numbers
        self.comments = Comments(new.package)
        self._said: set[str] = set()

    def _enter(self, old: str, new: str) -> None:
        """Go on in other parts of the documents."""
        self._part_old, self._part_new = old, new
        self._read_old = Reader(self._old.package, old, self._signs)
        self._read_new = Reader(self._new.package, new, self._signs)

    # Parts.

    def body(self) -> None:
        """Compare the bodies."""
        bodies = (d.package.tree(d.package.main).find(w("body")) for d in (self._old, self._new))
        old, new = bodies
        if old is None or new is None:
            raise UnfitError
        self._compare(old, new)

    def notes(self) -> None:
        """Compare the notes whose references stand in both, and mark those of one only."""
        for kind in _NOTES:
            self._enter(*(self._note_part(d.package, kind) for d in (self._old, self._new)))
            olds, news = notes(self._old.package, kind), notes(self._new.package, kind)
            for name, old, new in self._kept_notes:
                if name == kind and old in olds and new in news:
                    self._compare(olds[old], news[new])
            for name, new in self._new_notes:
                if name == kind and new in news:
                    self._insert(news[new])
            for (name, old), number in self._old_notes.items():
                if name == kind and old in olds:
                    self._add_note(kind, olds[old], number)

    def _note_part(self, package: Package, kind: str) -> str:
        return next(iter(package.related(f"{kind}s")), "")

    def _add_note(self, kind: str, note: Element, number: str) -> None:
        """Bring a note over, struck as a whole."""
        root = self._new.package.related_tree(f"{kind}s")
        if root is None:
            raise UnfitError
        root.append(self._struck_copy(note, {"id": number}))

    def margins(self) -> None:
        """Compare headers and footers, section by section, each pair of parts once.

        A section without one of its own has that of the section before it (17.10.1), so one that
        is changed here and not there gets a part of its own.
        """
        olds = [*margins(self._old.package)] or [{}]
        news = [*margins(self._new.package)]
        clean = {
            name: deepcopy(self._new.package.tree(name)) for row in news for name in row.values()
        }
        made: dict[tuple[str | None, str | None], str] = {}
        held: dict[tuple[str, str], str] = {}
        for n, (new, section) in enumerate(zip(news, [*sections(self._new.package)], strict=True)):
            old = olds[min(n, len(olds) - 1)]
            own = {(k, value(r, "type") or "default") for k in ("header", "footer")
                   for r in section.findall(w(f"{k}Reference"))}  # fmt: skip
            for place in sorted({*old, *new}):
                pair = old.get(place), new.get(place)
                if pair not in made:
                    made[pair] = self._margin(place, *pair, made.values(), clean)
                if made[pair] != (new.get(place) if place in own else held.get(place)):
                    self._refer(section, place, made[pair])
                held[place] = made[pair]

    def _margin(
        self,
        place: tuple[str, str],
        old: str | None,
        new: str | None,
        made: Collection[str],
        clean: Mapping[str, Element],
    ) -> str:
        """Mark what a header or footer is in one document and the other; return its part."""
        if new is None:
            return self._lost_margin(place, old or "")
        name = new if new not in made else self._another(place, new, clean[new])
        root = self._new.package.tree(name)
        self._enter(old or "", name)
        if old is None:
            self._insert(root)
        else:
            self._compare(self._old.package.tree(old), root)
        return name

    def _another(self, place: tuple[str, str], name: str, root: Element) -> str:
        """Make a part of its own of one that is marked already; pictures and links are not taken.

        Raises:
            UnfitError: it has some.
        """
        if len(self._new.package.relations(name)):
            raise UnfitError
        content_type = self._new.package.content_type(name) or ""
        return self._new_margin(place, deepcopy(root), content_type)

    def _lost_margin(self, place: tuple[str, str], name: str) -> str:
        """Bring a header or footer over that the newer document has no more, struck."""
        root = self._old.package.tree(name)
        holder = etree.Element(root.tag, nsmap=root.nsmap)
        fresh = self._new_margin(place, holder, self._old.package.content_type(name) or "")
        self._enter(name, fresh)
        holder.extend(list(self._struck_copy(root, {})))
        return fresh

    def _new_margin(self, place: tuple[str, str], root: Element, content_type: str) -> str:
        names = (f"word/old_{place[0]}_{place[1]}{n or ''}.xml" for n in count())
        fresh = next(name for name in names if name not in self._new.package.parts)
        self._new.package.add_part(fresh, root, place[0], content_type)
        return fresh

    def _refer(self, section: Element, place: tuple[str, str], name: str) -> None:
        """Let a section have a header or footer."""
        kind, which = place
        for reference in section.findall(w(f"{kind}Reference")):
            if (value(reference, "type") or "default") == which:
                section.remove(reference)
        main = self._new.package.main
        leads = posixpath.relpath(name, posixpath.dirname(main) or ".")
        number = relate(self._new.package, main, f"{RELATIONS}/{kind}", leads, outside=False)
        reference = make(f"{kind}Reference", type=which)
        reference.set(f"{{{RELATIONS}}}id", number)
        section.insert(0, reference)

    # Containers.

    def _compare(self, old: Element, new: Element) -> None:
        """Compare two containers of paragraphs and tables."""
        mine, theirs = blocks(old), blocks(new)
        hard_old = [n for n, block in enumerate(mine) if block.tag != w("p")]
        hard_new = [n for n, block in enumerate(theirs) if block.tag != w("p")]
        paired = pairs(
            [words_of(mine[n]) for n in hard_old],
            [words_of(theirs[n]) for n in hard_new],
            _LIKE_TABLES,
        )
        at_old = at_new = 0
        for a, b in paired:
            one, other = mine[hard_old[a]], theirs[hard_new[b]]
            if one.tag != other.tag:
                continue
            self._stretch(mine[at_old : hard_old[a]], theirs[at_new : hard_new[b]], other, new)
            at_old, at_new = hard_old[a] + 1, hard_new[b] + 1
            if one.tag == w("tbl"):
                self._table(one, other)
            else:
                self._compare(content(one), content(other))
        self._stretch(mine[at_old:], theirs[at_new:], None, new)

    def _stretch(
        self,
        old: Sequence[Element],
        new: Sequence[Element],
        before: Element | None,
        container: Element,
    ) -> None:
        """Compare what stands between two tables; a table of one side only parts it further."""
        at_old = at_new = 0
        for i, j, is_old in self._cuts(old, new):
            following = new[j] if j < len(new) else before
            self._zone(old[at_old:i], new[at_new:j], following, container)
            if is_old:
                for block in self._struck_blocks(old[i]):
                    put(block, following, container)
            else:
                self._insert_block(new[j])
            at_old, at_new = i + is_old, j + (not is_old)
        self._zone(old[at_old:], new[at_new:], before, container)

    def _cuts(self, old: Sequence[Element], new: Sequence[Element]) -> list[tuple[int, int, bool]]:
        """Return where tables that only one side has stand in both rows of blocks."""
        cuts = [(n, True) for n, b in enumerate(old) if b.tag != w("p")]
        cuts += [(n, False) for n, b in enumerate(new) if b.tag != w("p")]
        if not cuts:
            return []
        texts = [
            [reader.read(b).text if b.tag == w("p") else "\t" for b in row]
            for reader, row in ((self._read_old, old), (self._read_new, new))
        ]
        same = [
            one for one in alike(texts[0], texts[1]) if old[one[0]].tag == new[one[1]].tag == w("p")
        ]
        found = []
        for n, is_old in cuts:
            beside = [one[is_old] for one in same if one[not is_old] < n]
            other = max(beside, default=-1) + 1
            found.append((n, other, True) if is_old else (other, n, False))
        return in_order(sorted(found))

    # Tables.

    def _table(self, old: Element, new: Element) -> None:
        """Compare two tables row by row."""
        mine, theirs = old.findall(w("tr")), new.findall(w("tr"))
        paired = dict(self._rows(mine, theirs))
        back = {b: a for a, b in paired.items()}
        at = 0
        for b, row in enumerate(theirs):
            if b not in back:
                self._insert_row(row)
                continue
            for lost in mine[at : back[b]]:
                row.addprevious(self._struck_copy(lost, {}))
            for one, other in zip(
                mine[back[b]].findall(w("tc")), row.findall(w("tc")), strict=True
            ):
                self._compare(one, other)
            at = back[b] + 1
        for lost in mine[at:]:
            new.append(self._struck_copy(lost, {}))

    def _rows(self, old: Sequence[Element], new: Sequence[Element]) -> Iterator[tuple[int, int]]:
        """Yield which rows became which: the same, else those most alike with as many cells."""
        shapes = [[shape(row) for row in rows] for rows in (old, new)]
        texts = [[words_of(row) for row in rows] for rows in (old, new)]
        if len(old) == len(new) and shapes[0] == shapes[1] and set(texts[0]).isdisjoint(texts[1]):
            yield from ((n, n) for n in range(len(old)))
            return
        for a, b in alike(texts[0], texts[1], _LIKE_ROWS):
            if shapes[0][a] == shapes[1][b]:
                yield a, b

    # Paragraphs.

    def _zone(
        self,
        old: Sequence[Element],
        new: Sequence[Element],
        before: Element | None,
        container: Element,
    ) -> None:
        """Compare neighbouring paragraphs, and write what is found."""
        if not old and not new:
            return
        mine = Zone([self._read_old.read(p) for p in old], self._old.side)
        theirs = Zone([self._read_new.read(p) for p in new], self._new.side)
        found = changes(mine, theirs)
        if not new:
            for paragraph in mine.paragraphs:
                put(self._struck_paragraph(paragraph), before, container)
            return
        self._note_kept(mine, theirs, found)
        for n, ops in enumerate(by_paragraph(mine, theirs, found)):
            self._said = set()
            self._write(theirs.paragraphs[n], mine, theirs, ops, theirs.starts[n])
            end = theirs.starts[n] + len(theirs.paragraphs[n].text)
            at_end = any(op.kind == "inserted" and op.new[1] == end for op in ops.inside[-1:])
            if at_end and ops.end is not None:
                self._marks.turn()

    def _note_kept(self, old: Zone, new: Zone, found: Sequence[Change]) -> None:
        """Compare what stands in kept pictures and notes."""
        where_old, where_new = _pieces_at(old), _pieces_at(new)
        for change in found:
            for sign in _SIGN.finditer(new.text, *change.new):
                if change.kind == "struck":
                    continue
                after = where_new[sign.start()]
                kind = _note_kind(after.node)
                number = value(after.node, "id") or ""
                if change.kind == "inserted" and kind:
                    self._new_notes.append((kind, number))
                if change.kind != "kept":
                    continue
                before = where_old[change.old[0] + sign.start() - change.new[0]]
                if kind:
                    self._kept_notes.append((kind, value(before.node, "id") or "", number))
                for one, other in zip(
                    boxes((before.node, *before.more)),
                    boxes((after.node, *after.more)),
                    strict=True,
                ):
                    self._compare(one, other)

    def _write(self, paragraph: Inline, old: Zone, new: Zone, ops: Ops, start: int) -> None:
        """Write the changes of one paragraph of the newer document."""
        row = paragraph.row
        offsets = {at for op in ops.inside for at in op.new}
        for op in ops.inside:
            if op.kind == "inserted":
                offsets |= self._turns(new, *op.new, "inserted")
        index = cut(row, {at - start for at in offsets}) if offsets else {}
        for op in ops.inside:
            n = index[op.new[0] - start]
            if op.kind == "inserted":
                self._wrap(row[n : index[op.new[1] - start]], new, op.new[0])
            elif op.kind == "struck":
                self._place(paragraph.element, row, n, self._gone(old, *op.old))
            else:
                marker = etree.Element(_SPLIT)
                self._place(paragraph.element, row, n, [marker], top=True)
                self._splits(marker, old, op.old[0])
        self._cut_all(paragraph.element)
        if ops.end is None:
            event = self._event(new, start + len(paragraph.text), "inserted")[0]
            self._mark_end(paragraph.element, "ins", event)
        else:
            before = _paragraph_at(old, ops.end)
            self._mark_properties(before.element, paragraph.element)

    def _splits(self, marker: Element, old: Zone, at: int) -> None:
        before = _paragraph_at(old, at)
        fresh = make("p", *self._properties(before.element))
        self._mark_end(fresh, "del", self._event(old, at, "struck")[0])
        marker.append(fresh)

    def _cut_all(self, paragraph: Element) -> None:
        """Cut a paragraph in two at each of the signs that were put there."""
        for marker in paragraph.findall(_SPLIT):
            fresh = marker[0]
            for child in list(paragraph):
                if child is marker:
                    break
                if child.tag != w("pPr"):
                    fresh.append(child)
            remove(marker)
            paragraph.addprevious(fresh)

    def _wrap(self, row: Sequence[Piece], new: Zone, at: int) -> None:
        """Wrap inserted text where it stands, each stretch of one event in a mark."""
        for (event, run), group in groupby(
            _with_events(row, at, lambda at: self._event(new, at, "inserted")),
            key=lambda one: one[0],
        ):
            elements = dict.fromkeys(e for _, piece in group for e in (piece.run, *piece.more))
            marks = wrap(list(elements), lambda event=event: self._marks.make("ins", event))  # type: ignore[misc]
            self._explain(run, marks[0], marks[-1])

    def _event(self, zone: Zone, at: int, kind: str) -> tuple[_Event, RedlineRun | None]:
        """Return who made the change of a character, and the run of the redline that says so."""
        offset = zone.told(at)
        if offset == UNTOLD or zone.side is None:
            return self._anyone, None
        n = zone.side.at(offset)
        run = zone.side.runs[n] if n >= 0 else None
        if run is None or run.kind != kind:
            return self._anyone, None
        return (run.inserted if kind == "inserted" else run.struck), run

    def _explain(self, run: RedlineRun | None, first: Element, last: Element) -> None:
        """Say beside a mark that is not certain who may have made it; once in a paragraph."""
        text = uncertain(run) if run is not None else ""
        if text and text not in self._said and self._part_new == self._new.package.main:
            self._said.add(text)
            self.comments.add(text, first, last)

    def _place(
        self,
        paragraph: Element,
        row: Sequence[Piece],
        n: int,
        elements: Sequence[Element],
        *,
        top: bool = False,
    ) -> None:
        """Put elements before piece `n` of a paragraph, or at its end."""
        if n >= len(row):
            paragraph.extend(elements)
            return
        at = row[n].run
        around = at.getparent()
        while around is not None and around is not paragraph and around.tag == w("ins"):
            at, around = around, around.getparent()
        if top:
            at = part(paragraph, at)
        for element in elements:
            at.addprevious(element)

    def _gone(self, old: Zone, start: int, end: int) -> list[Element]:
        """Return struck text of one paragraph as elements."""
        n = old.index(start)
        row, first = old.paragraphs[n].row, old.starts[n]
        turns = self._turns(old, start, end, "struck")
        index = cut(row, {at - first for at in (start, end, *turns)})
        gone = row[index[start - first] : index[end - first]]
        found = make("p")
        for (event, run), group in groupby(
            _with_events(gone, start, lambda at: self._event(old, at, "struck")),
            key=lambda one: one[0],
        ):
            mark = self._marks.make("del", event)
            mark.extend(self._taken([piece for _, piece in group]))
            found.append(mark)
            self._explain(run, mark, mark)
        return list(found)

    def _turns(self, zone: Zone, start: int, end: int, kind: str) -> set[int]:
        """Return where in a stretch the event changes."""
        events = [self._event(zone, at, kind) for at in range(start, end)]
        return {start + n for n in range(1, len(events)) if events[n] != events[n - 1]}

    def _taken(self, row: Sequence[Piece]) -> Iterator[Element]:
        """Yield copies of the runs that hold these pieces, as struck."""
        for run, group in groupby(row, key=lambda piece: piece.run):
            held = list(group)
            if run.tag != w("r"):
                yield self._bring(run)
                continue
            if held[0].node is run:  # a field: all of its runs
                for each in (run, *held[0].more):
                    yield _as_struck(self._bring(each))
                continue
            fresh = make("r")
            properties = run.find(w("rPr"))
            if properties is not None:
                fresh.append(deepcopy(properties))
            for piece in held:
                fresh.append(deepcopy(piece.node))
            copy = _as_struck(self._bring(fresh))
            self._renumber(copy)
            yield copy

    def _bring(self, element: Element) -> Element:
        return self._carrier.bring(element, self._part_old, self._part_new)

    def _renumber(self, run: Element) -> None:
        """Give the references of notes in a struck run the numbers that those will have."""
        for kind in _NOTES:
            for reference in run.iter(w(f"{kind}Reference")):
                key = kind, value(reference, "id") or ""
                if key not in self._old_notes:
                    root = self._carrier.notes_for(kind)
                    taken = [number_of(value(n, "id")) or 0 for n in root.iter(w(kind))]
                    taken += [int(n) for (k, _), n in self._old_notes.items() if k == kind]
                    self._old_notes[key] = str(max(taken, default=0) + 1)
                reference.set(w("id"), self._old_notes[key])

    def _properties(self, paragraph: Element) -> list[Element]:
        """Return the properties of an old paragraph, as another one may have them."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            return []
        copy = self._bring(properties)
        for child in list(copy):
            if child.tag in _NOT_TAKEN:
                copy.remove(child)
        return [copy]

    def _mark_properties(self, old: Element, new: Element) -> None:
        """Mark that a paragraph has other properties, another place in a list among them."""
        if self._is_same(old.find(w("pPr")), new.find(w("pPr"))):
            return
        before = self._properties(old) or [make("pPr")]
        after = new.find(w("pPr"))
        now = deepcopy(after) if after is not None else make("pPr")
        for child in list(now):
            if child.tag in _NOT_TAKEN:
                now.remove(child)
        if _plain(before[0]) == _plain(now):
            return
        change = self._marks.make("pPrChange", self._anyone)
        change.append(before[0])
        properties_of(new).append(change)

    def _is_same(self, old: Element | None, new: Element | None) -> bool:
        """True where properties are the same at first sight, and name the same lists."""
        if old is None or new is None:
            return old is new
        numbers = [value(one) or "0" for one in old.iter(w("numId"))]
        same = all(self._carrier.list_of(number) == number for number in numbers)
        return same and etree.tostring(old, with_tail=False) == etree.tostring(new, with_tail=False)

    def _mark_end(self, paragraph: Element, name: str, event: _Event) -> None:
        """Mark the end of a paragraph."""
        end_of(paragraph).insert(0, self._marks.make(name, event))

    # What only one document has.

    def _insert_block(self, block: Element) -> None:
        if block.tag == w("tbl"):
            for row in block.findall(w("tr")):
                self._insert_row(row)
        else:
            self._insert(content(block))

    def _insert_row(self, row: Element) -> None:
        mark_row(row, self._marks.make("ins", self._row_event(row)))
        for cell in row.findall(w("tc")):
            self._insert(cell)

    def _row_event(self, row: Element) -> _Event:
        for paragraph in row.iter(w("p")):
            zone = Zone([self._read_new.read(paragraph)], self._new.side)
            event, run = self._event(zone, 0, "inserted")
            if run is not None:
                return event
        return self._anyone

    def _insert(self, container: Element) -> None:
        """Mark all that a container holds as inserted."""
        for block in blocks(container):
            if block.tag != w("p"):
                self._insert_block(block)
                continue
            paragraph = self._read_new.read(block)
            zone = Zone([paragraph], self._new.side)
            self._note_kept(Zone([], None), zone, [Change("inserted", (0, 0), (0, len(zone.text)))])
            if paragraph.row:
                turns = self._turns(zone, 0, len(zone.text) - 1, "inserted")
                cut(paragraph.row, turns)
                self._wrap(paragraph.row, zone, 0)
            event = self._event(zone, len(zone.text) - 1, "inserted")[0]
            self._mark_end(block, "ins", event)

    def _struck_blocks(self, block: Element) -> Iterator[Element]:
        """Yield a block as struck; of a content control what it holds: that is all one sees."""
        if block.tag in HOLDERS:
            for inner in blocks(content(block)):
                yield from self._struck_blocks(inner)
        else:
            yield self._struck_copy(block, {})

    def _struck_copy(self, block: Element, numbers: dict[str, str]) -> Element:
        """Return a copy of a block of the older document in which everything is struck."""
        if block.tag == w("p"):
            return self._struck_paragraph(self._read_old.read(block))
        copy = etree.Element(block.tag, nsmap=block.nsmap)
        for name, text in block.attrib.items():
            copy.set(str(name), str(text))
        for name, text in numbers.items():
            copy.set(w(name), text)
        for child in block:
            if child.tag in BLOCKS:
                copy.extend(self._struck_blocks(child))
            elif child.tag in {w("tr"), w("tc")}:
                copy.append(self._struck_copy(child, {}))
            elif str(child.tag).endswith("Pr") or child.tag == w("tblGrid"):
                copy.append(self._bring(child))
        if block.tag == w("tr"):
            mark_row(copy, self._marks.make("del", self._anyone))
        return copy

    def _struck_paragraph(self, paragraph: Inline) -> Element:
        fresh = make("p", *self._properties(paragraph.element))
        zone = Zone([paragraph], self._old.side)
        if paragraph.row:
            fresh.extend(self._gone(zone, 0, len(zone.text) - 1))
        self._mark_end(fresh, "del", self._event(zone, len(zone.text) - 1, "struck")[0])
        return fresh


def _with_events(
    row: Iterable[Piece], at: int, event: Callable[[int], tuple[_Event, RedlineRun | None]]
) -> Iterator[tuple[tuple[_Event, RedlineRun | None], Piece]]:
    """Yield pieces, the first of which stands at an offset, each with who changed it."""
    for piece in row:
        yield event(at), piece
        at += len(piece.text)


def _paragraph_at(zone: Zone, at: int) -> Inline:
    return zone.paragraphs[zone.index(at)]


def _pieces_at(zone: Zone) -> dict[int, Piece]:
    """Return the pieces that are signs, by their offset in the zone."""
    found = {}
    for start, paragraph in zip(zone.starts, zone.paragraphs, strict=True):
        at = start
        for piece in paragraph.row:
            if _SIGN.match(piece.text):
                found[at] = piece
            at += len(piece.text)
    return found


def _note_kind(node: Element) -> str:
    return next((kind for kind in _NOTES if node.tag == w(f"{kind}Reference")), "")


def _as_struck(run: Element) -> Element:
    """Let the text of a run be struck text (17.3.3.7)."""
    for node in run.iter(w("t"), w("instrText")):
        inside = next(node.iterancestors(w("txbxContent")), None)
        if inside is None:
            node.tag = w("delText") if node.tag == w("t") else w("delInstrText")
            if node.text and node.text != node.text.strip():
                node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _plain(properties: Element) -> bytes:
    """Return properties to be compared: in one order, without the numbers of editing sessions."""
    copy = deepcopy(properties)
    for one in copy.iter("{*}*"):
        for name in [n for n in one.attrib if "rsid" in str(n)]:
            del one.attrib[name]
    return b"".join(sorted(etree.tostring(child, method="c14n", exclusive=True) for child in copy))
