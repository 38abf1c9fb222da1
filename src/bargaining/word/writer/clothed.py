"""Dress: the marks of a redline, written into a clean document as tracked changes.

Strategy: the clean document holds the new text. What is inserted is wrapped where it stands, what
is struck is put back in beside it, in the clothes of its neighbours; a struck paragraph is a
paragraph whose mark is struck, and keeps a number where the list that it stands in gives it the one
it had (ECMA-376, part 1, 17.13.5). Each mark bears the party and the date of the revision that made
it.

This module knows nothing of how a redline came about, and does not judge its own work: `gate` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Final, Literal

import attrs

from bargaining.model import Event, Redline, RedlineRun
from bargaining.word.file.names import Element, make, value, w
from bargaining.word.file.numbering import Numbering, Place
from bargaining.word.file.package import Package
from bargaining.word.file.resolve import remove
from bargaining.word.file.styles import Styles
from bargaining.word.writer.comments import Comments
from bargaining.word.writer.counting import Old, counted
from bargaining.word.writer.marks import Marks, end_of, mark_row, properties_of
from bargaining.word.writer.paragraphs import Line, apart, homes, label, shape, without_labels
from bargaining.word.writer.runs import (
    Piece,
    UnfitError,
    anchor,
    cut,
    new_run,
    part,
    with_fields,
    wrap,
)
from bargaining.writers.authors import UNDATED, labels, uncertain

Numbers = Literal["lists", "kept", "typed"]
_NEAR: Final = 12  # paragraphs on each side among which a struck one looks for its like
_NOT_TAKEN: Final = tuple(
    map(w, ("sectPr", "pageBreakBefore", "keepNext", "pPrChange", "framePr", "rPr"))
)
_NOT_WORN: Final = tuple(
    map(w, ("strike", "dstrike", "u", "highlight", "shd", "vanish", "rStyle", "ins", "del"))
)


@attrs.define(eq=False)
class Home:
    """One paragraph of the new text in the document.

    Attributes:
        element: the `w:p`.
        row: its text, piece by piece, without its number.
        label: the number that the document gives it, with the space after it; empty for none.
        place: its place in a list.
        following: the `w:p` that it would be merged into; None for the last in a body, cell or
            note.
        passed: the places of the paragraphs between the one before and it that hold no clause text.
    """

    element: Element
    row: list[Piece]
    label: str = ""
    place: Place | None = None
    following: Element | None = None
    passed: tuple[Place, ...] = ()


@attrs.frozen
class Ways:
    """How the marks are written.

    Attributes:
        numbers: whether numbers are those of lists; `kept` types those of struck paragraphs only,
            and `typed` all of them.
        flat: say in a comment what was dropped in between, where weak readers fail on nested marks.
        moves: write moved words as moves.
        undated: the date of marks where no date is known.
    """

    numbers: Numbers = "lists"
    flat: bool = False
    moves: bool = False
    undated: str = UNDATED


class Dresser:
    """Writes one redline into one document."""

    def __init__(
        self, package: Package, found: Sequence[Home], redline: Redline, ways: Ways
    ) -> None:
        """Take a clean document, and its paragraphs that hold the new text."""
        self.runs: tuple[RedlineRun, ...] = ()  # as they are written: see `lines.apart`
        self._homes = found
        self._main = package.tree(package.main)
        paragraphs = [*package.tree(package.main).iter(w("p"))]
        if not paragraphs:
            raise UnfitError  # nothing to stand behind
        self._end = paragraphs[-1]
        self._redline = redline
        self._ways = ways
        self._marks = Marks(package, redline, ways.undated)
        self._comments = Comments(package)
        self._explained: set[str] = set()
        self._may_comment = True  # not in a note: no comment can stand there (17.13.4)
        self._whole: dict[int, RedlineRun] = {}  # paragraphs that are inserted as a whole
        self._old: dict[int, Old] = {}  # the number of each paragraph in the older reading
        self._numbering = _lists_of(package)
        self._moved = _moves(redline) if ways.moves else frozenset()

    def dress(self) -> None:
        """Write every mark.

        Raises:
            UnfitError: the document does not hold the new text as the redline has it.
        """
        flat = self._ways.flat
        runs = [r for r in self._redline.runs if not (flat and r.kind == "dropped")]
        self.runs = tuple(apart(runs, self._is_closed))
        *own, after = homes(self.runs)
        if self._ways.numbers == "lists":
            self._old = counted(self._homes, [*own, after], self._numbering)
        if len(own) != len(self._homes):
            raise UnfitError
        for n, (home, lines) in enumerate(zip(self._homes, own, strict=True)):
            self._part(n, own)
            self._explained = set()
            self._may_comment = home.element.getroottree().getroot() is self._main
            self._fill(n, home, lines)
        if after:
            self._append(after)
        self._mark_rows()
        self._mark_references()
        for at, texts in _dropped(self._redline).items() if flat else ():
            self._say(self._homes[min(at, len(self._homes) - 1)], texts)
        self._comments.finish()

    def _part(self, n: int, own: Sequence[Sequence[Line]]) -> None:
        """Part an inserted paragraph from words inserted at the end of the one before it.

        LibreOffice takes neighbouring insertions of one author within a minute for one, with the
        end of the paragraph between them, which stands in both texts.
        """
        before = own[n - 1][-1] if n else None
        at_end = before is not None and before.end.kind == "kept" and bool(before.bits)
        if at_end and before is not None and before.bits[-1].kind == "inserted":
            self._marks.turn()

    def _is_closed(self, n: int) -> bool:
        """True when paragraph `n` of the new text can never be merged into the next."""
        return (
            n + 1 >= len(self._homes) or self._homes[n].following is not self._homes[n + 1].element
        )

    # Paragraphs.

    def _fill(self, n: int, home: Home, lines: Sequence[Line]) -> None:
        """Write the lines of one paragraph of the new text."""
        typed = home.label if self._ways.numbers == "typed" else ""
        if typed:
            _type_number(home, typed)
        auto = "" if typed else home.label
        first = next((line for line in lines if line.new), lines[-1])
        rows = [self._bits(line, auto if line is first else "") for line in lines]
        if "".join(bit.text for row in rows for bit in row if bit.in_new) != _text(home.row):
            raise UnfitError
        taken = self._struck_rows(n, lines[:-1], rows[:-1])
        for line, bits in zip(lines[taken:-1], rows[taken:-1], strict=True):
            self._before(n, home, line, bits)
        self._mark_text(home.element, home.row, rows[-1])
        self._mark_place(home, lines[-1])
        end = lines[-1].end
        if end.kind == "inserted" and not any(line.old for line in lines):
            first_bit = next((bit for bit in lines[-1].bits if bit.kind == "inserted"), end)
            end = attrs.evolve(end, inserted=first_bit.inserted)  # whose number it is
            self._whole[id(home.element)] = end
        if end.kind == "inserted" and home.following is not None:
            self._mark_end(home.element, end)

    def _bits(self, line: Line, auto: str) -> list[RedlineRun]:
        """Return the bits of a line, without the numbers that the document shows by itself."""
        old = len(label(line.old)) if auto and line.starts_old else 0
        if id(line) in self._old:
            old = self._old[id(line)].size if line.starts_old else 0
        return without_labels(line, old, len(auto))

    def _mark_place(self, home: Home, line: Line) -> None:
        """Say in a tracked change of a paragraph what place in a list it had (17.13.5.29)."""
        old = self._old.get(id(line))
        if old is None or not line.end.in_old or not home.label or old.place == home.place:
            return
        marks = [bit.struck or bit.inserted for bit in (*line.bits, line.end)]
        event = next(filter(None, marks), None)
        _set_before(home.element, old.place, self._marks.make("pPrChange", event))

    def _before(self, n: int, home: Home, line: Line, bits: Sequence[RedlineRun]) -> None:
        """Write a line that is merged into the next one when the marks are accepted."""
        if any(bit.in_new for bit in bits):
            paragraph = self._split(home, line, bits)
        elif bits:
            paragraph = self._struck(n, line, bits)
            _place(home.element, self._homes[n - 1].element if n else None, paragraph)
        else:
            return
        self._mark_end(paragraph, line.end)

    def _split(self, home: Home, line: Line, bits: Sequence[RedlineRun]) -> Element:
        """Cut a paragraph in two: the first part takes its marks and goes before it."""
        size = sum(len(bit.text) for bit in bits if bit.in_new)
        at = cut(home.row, {size})[size]
        row, home.row[:] = home.row[:at], home.row[at:]
        paragraph = make("p")
        properties = home.element.find(w("pPr"))
        if properties is not None:
            paragraph.append(_worn(properties))
        old = self._old.get(id(line))
        if old is not None and line.end.in_old and home.label and old.place != home.place:
            _set_place(paragraph, old.place)
        stays = part(home.element, anchor(home.row[0].run)) if home.row else None
        for child in list(home.element):
            if child is stays:
                break
            if child.tag != w("pPr") and row:
                paragraph.append(child)
        home.element.addprevious(paragraph)
        self._mark_text(paragraph, row, bits)
        return paragraph

    def _struck(self, n: int, line: Line, bits: Sequence[RedlineRun]) -> Element:
        """Make a paragraph that is struck as a whole, in the clothes of one like it."""
        old = self._old.get(id(line), Old())
        number = label(line.old)
        like = self._at(n, old.place) or self._like(n, number) or self._at(n, None)
        paragraph = make("p")
        row = list(bits)
        if like is not None:
            properties = like.element.find(w("pPr"))
            if properties is not None:
                paragraph.append(_worn(properties))
        if old.place != (like.place if like is not None else None):
            _set_place(paragraph, old.place)
        worn = _properties_of(like.row[0].run) if like is not None and like.row else None
        for bit in row:
            paragraph.extend(self._gone(bit, worn))
        return paragraph

    def _struck_rows(
        self, n: int, lines: Sequence[Line], rows: Sequence[Sequence[RedlineRun]]
    ) -> int:
        """Put struck paragraphs behind a table's row back in as rows, where they fill whole ones.

        Returns:
            How many of the lines were put there.
        """
        row = _row_of(self._homes[n - 1].element) if n else None
        if row is None or row is _row_of(self._homes[n].element):
            return 0
        cells = row.findall(w("tc"))
        whole = [line.end.kind == "struck" and not line.new and bool(line.old) for line in lines]
        size = whole.index(False) if False in whole else len(whole)
        if not size or size % len(cells) or any(c.find(w("tbl")) is not None for c in cells):
            return 0
        for start in range(0, size, len(cells)):
            fresh = make("tr", make("trPr", self._marks.make("del", lines[start].end.struck)))
            for cell, line, bits in zip(cells, lines[start:], rows[start:], strict=False):
                paragraph = self._struck(n - 1, line, bits)
                self._mark_end(paragraph, line.end)
                fresh.append(make("tc", *map(deepcopy, cell.findall(w("tcPr"))), paragraph))
            row.addnext(fresh)
            row = fresh
        return size

    def _like(self, n: int, number: str) -> Home | None:
        """Return the paragraph nearby that a struck one looks like: of its list, or plain as it."""
        around = sorted(
            range(max(n - _NEAR, 0), min(n + _NEAR, len(self._homes))),
            key=lambda at: (abs(at - n + 0.5), at),
        )
        wanted = shape(number) if number else ""
        for at in around:
            home = self._homes[at]
            own = home.label or label(_text(home.row))
            if (shape(own) if own else "") == wanted:
                return home
        return None

    def _at(self, n: int, place: Place | None) -> Home | None:
        """Return the nearest paragraph at a place in a list; for none, any that is in a list."""
        around = range(max(n - _NEAR, 0), min(n + _NEAR, len(self._homes)))
        for at in sorted(around, key=lambda at: (abs(at - n + 0.5), at)):
            if self._homes[at].place is not None and place in {None, self._homes[at].place}:
                return self._homes[at]
        return None

    def _append(self, lines: Sequence[Line]) -> None:
        """Write what stands after the last paragraph of the new text."""
        last = self._homes[-1] if self._homes else None
        at = last.element if last is not None else self._end
        final: tuple[Element, Line] | None = None
        for line in lines:
            bits = self._bits(line, "")
            if not bits:
                continue
            paragraph = self._struck(len(self._homes), line, bits)
            at.addnext(paragraph)
            if last is not None and last.following is None:
                self._mark_end(at, line.end)  # the last mark of a body or cell cannot go itself
                final = paragraph, line
            else:
                self._mark_end(paragraph, line.end)
            at = paragraph
        if final is not None and last is not None:
            self._take_over(*final, last.place)

    def _take_over(self, paragraph: Element, line: Line, place: Place | None) -> None:
        """Let the paragraph that stays behind take the place of the one whose mark it keeps."""
        was = self._old.get(id(line), Old()).place
        if was != place:
            _set_place(paragraph, place)
            _set_before(paragraph, was, self._marks.make("pPrChange", line.end.struck))

    def _mark_references(self) -> None:
        """Mark the references of notes that are inserted as a whole: rejected, they go as well."""
        notes: dict[tuple[str, str], list[Home]] = {}
        for home in self._homes:
            for kind in ("footnote", "endnote"):
                note = next(home.element.iterancestors(w(kind)), None)
                if note is not None:
                    notes.setdefault((kind, value(note, "id") or ""), []).append(home)
        for (kind, number), inside in notes.items():
            made = [self._whole.get(id(home.element)) for home in inside]
            if all(made) and made[0] is not None:
                for reference in list(self._main.iter(w(f"{kind}Reference"))):
                    if value(reference, "id") == number:
                        self._insert_run(reference.getparent(), made[0].inserted)

    def _insert_run(self, run: Element | None, event: Event | None) -> None:
        """Wrap a run in the mark of what inserted it, where it stands in none."""
        if run is None or next(run.iterancestors(w("ins")), None) is not None:
            return
        mark = self._marks.make("ins", event)
        run.addprevious(mark)
        mark.append(run)

    def _mark_rows(self) -> None:
        """Mark the rows of tables that are inserted as a whole, with their paragraphs (17.4.79)."""
        rows: dict[int, tuple[Element, list[Element]]] = {}
        for home in self._homes:
            row = _row_of(home.element)
            if row is not None:
                rows.setdefault(id(row), (row, []))[1].append(home.element)
        for row, held in rows.values():
            ends = [self._whole.get(id(element)) for element in held]
            if ends[0] is None or None in ends:
                continue
            mark_row(row, self._marks.make("ins", ends[0].inserted))
            for paragraph in row.iter(w("p")):
                if paragraph.find(f"{w('pPr')}/{w('rPr')}/{w('ins')}") is None:
                    self._mark_end(paragraph, ends[0])

    def _mark_end(self, paragraph: Element, end: RedlineRun) -> None:
        """Mark the end of a paragraph as inserted, struck, or both."""
        inner = end_of(paragraph)
        at = 0
        for name, event, on in self._names(end):
            if on:
                inner.insert(at, self._marks.make(name, event))
                at += 1

    def _names(self, run: RedlineRun) -> Iterator[tuple[str, Event | None, bool]]:
        yield "ins", run.inserted, run.kind in {"inserted", "dropped"}
        yield "del", run.struck, run.kind in {"struck", "dropped"}

    # Text.

    def _mark_text(self, paragraph: Element, row: list[Piece], bits: Sequence[RedlineRun]) -> None:
        """Wrap what is inserted in a paragraph, and put back in what is struck."""
        if all(bit.kind == "kept" for bit in bits):
            return
        at = 0
        ranges: list[tuple[RedlineRun, int, int]] = []
        for bit in bits:
            size = len(bit.text) if bit.in_new else 0
            ranges.append((bit, at, at + size))
            at += size
        index = cut(row, {offset for _, start, end in ranges for offset in (start, end)})
        for bit, start, end in ranges:
            n = index[start]
            if not bit.in_new:
                self._put(paragraph, row, n, bit)
            elif bit.kind == "inserted":
                runs = list(dict.fromkeys(piece.run for piece in row[n : index[end]]))
                self._wrap(bit, runs)

    def _wrap(self, bit: RedlineRun, runs: Sequence[Element]) -> None:
        moved = bit.move in self._moved
        name = "moveTo" if moved else "ins"
        around = wrap(with_fields(runs), lambda: self._marks.make(name, bit.inserted))
        if moved:
            self._range(around[0], around[-1], "moveTo", bit)
        self._explain(bit, around[0], around[-1])

    def _put(self, paragraph: Element, row: Sequence[Piece], n: int, bit: RedlineRun) -> None:
        """Put struck text back in before piece `n`, looking like what stands beside it."""
        beside = row[n - 1].run if n else row[0].run if row else None
        elements = self._gone(bit, _properties_of(beside))
        if n < len(row):
            before = anchor(row[n].run)
            around = before.getparent()
            if around is not None and around.tag in {w("ins"), w("moveTo")}:
                before = around
            for element in elements:
                before.addprevious(element)
        else:
            paragraph.extend(elements)

    def _gone(self, bit: RedlineRun, properties: Element | None) -> list[Element]:
        """Return struck or dropped text as elements, its comment and its move's range included."""
        moved = bit.move in self._moved and bit.kind == "struck"
        worn = _worn_run(properties)
        run = new_run(bit.text, worn, struck=not moved)
        mark = self._marks.make("moveFrom" if moved else "del", bit.struck)
        mark.append(run)
        if bit.kind == "dropped":
            around = self._marks.make("ins", bit.inserted)
            around.append(mark)
            mark = around
        holder = make("p")
        holder.append(mark)
        if moved:
            self._range(mark, mark, "moveFrom", bit)
        self._explain(bit, mark, mark)
        return list(holder)

    def _range(
        self, first: Element | None, last: Element | None, name: str, bit: RedlineRun
    ) -> None:
        """Put the range of a move around its ends (17.13.5.21-28)."""
        if first is None or last is None:
            return
        number = self._marks.number()
        event = bit.struck if name == "moveFrom" else bit.inserted
        start = self._marks.make(f"{name}RangeStart", event)
        start.set(w("id"), number)
        start.set(w("name"), f"move{bit.move}")
        first.addprevious(start)
        last.addnext(make(f"{name}RangeEnd", id=number))

    def _explain(self, bit: RedlineRun, first: Element | None, last: Element | None) -> None:
        """Say beside a mark that is not certain who may have made it; once in a paragraph."""
        text = uncertain(bit)
        if first is None or last is None or not text or text in self._explained:
            return
        if self._may_comment:
            self._explained.add(text)
            self._comments.add(text, first, last)

    def _say(self, home: Home, texts: Sequence[str]) -> None:
        """Say in a comment on a paragraph what was dropped in it."""
        inside = [child for child in home.element if child.tag != w("pPr")]
        if inside and home.element.getroottree().getroot() is self._main:
            self._comments.add(" ".join(texts), inside[0], inside[-1])


def _row_of(element: Element) -> Element | None:
    """Return the row of a table that a paragraph stands in."""
    return next(element.iterancestors(w("tr")), None)


def _moves(redline: Redline) -> frozenset[int]:
    """Return the moves whose two ends read alike, and each stand in one paragraph."""
    ends: dict[int, dict[str, list[str]]] = {}
    for run in redline.runs:
        if run.move is not None:
            ends.setdefault(run.move, {}).setdefault(run.kind, []).append(run.text)
    return frozenset(
        move
        for move, by_kind in ends.items()
        if len(by_kind.get("struck", ())) == 1
        and by_kind.get("struck") == by_kind.get("inserted")
        and "\n" not in by_kind["struck"][0]
    )


def _dropped(redline: Redline) -> dict[int, list[str]]:
    """Say what was dropped on the way, by the paragraph of the new text that it would stand in."""
    found: dict[int, list[str]] = {}
    at = 0
    for run in redline.runs:
        if run.kind == "dropped" and run.text.strip():
            words = " ".join(run.text.split())
            who = f"inserted by {labels(run.inserted)}, struck by {labels(run.struck)}"
            found.setdefault(at, []).append(f"“{words}”: {who}.")
        at += run.text.count("\n") if run.in_new else 0
    return found


def _text(row: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in row)


def _type_number(home: Home, text: str) -> None:
    """Type the number of a paragraph as text, in the place of that of its list."""
    _without_list(home.element)
    run = new_run(text, _properties_of(home.row[0].run if home.row else None))
    properties = home.element.find(w("pPr"))
    if properties is None:
        home.element.insert(0, run)
    else:
        properties.addnext(run)
    home.row.insert(0, Piece(text, run, run[-1]))


def _without_list(paragraph: Element) -> None:
    """Take a paragraph out of its list, also out of that of its style (17.9.18)."""
    _set_place(paragraph, None)


def _set_place(paragraph: Element, to: Place | None) -> None:
    """Put a paragraph at a place in a list, or out of its list."""
    properties = properties_of(paragraph)
    place = properties.find(w("numPr"))
    if place is not None:
        remove(place)
    level, number = (str(to.level), to.list) if to is not None else ("0", "0")
    fresh = make("numPr", make("ilvl", val=level), make("numId", val=number))
    before = [w(name) for name in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr",
                                   "widowControl")]  # fmt: skip
    at = sum(1 for child in properties if child.tag in before)
    properties.insert(at, fresh)


def _set_before(paragraph: Element, was: Place | None, change: Element) -> None:
    """Let a tracked change hold the properties of a paragraph, with the place that it had."""
    holder = make("p", _worn(properties_of(paragraph)))
    _set_place(holder, was)
    change.append(holder[0])
    properties_of(paragraph).append(change)


def _lists_of(package: Package) -> Numbering:
    """Read the lists of a document."""
    styles = Styles.read(package.related_tree("styles"))
    return Numbering.read(package.related_tree("numbering"), styles.numbering_lists())


def _worn(properties: Element) -> Element:
    """Return paragraph properties as another paragraph may wear them."""
    worn = deepcopy(properties)
    for child in list(worn):
        if child.tag in _NOT_TAKEN:
            worn.remove(child)
    return worn


def _properties_of(run: Element | None) -> Element | None:
    return None if run is None else run.find(w("rPr"))


def _worn_run(properties: Element | None) -> Element | None:
    """Return run properties without what would look like a mark."""
    if properties is None:
        return None
    worn = deepcopy(properties)
    for child in list(worn):
        if child.tag in _NOT_WORN:
            worn.remove(child)
    return worn if len(worn) else None


def _place(element: Element, before: Element | None, paragraph: Element) -> None:
    """Put a struck paragraph before the next one, or behind the last where that is in a cell."""
    if before is not None and element.getparent() is not before.getparent():
        nested = element.getparent()
        while nested is not None and nested is not before.getparent():
            nested = nested.getparent()
        after = before.getnext()
        if nested is not None and after is not None and after.tag == w("p"):
            before.addnext(paragraph)
            return
    element.addprevious(paragraph)
