"""Restated: a paper that restates only what changes, made whole from the paper before it.

Strategy: the paper is cut into its own clauses and its stand-ins (`standins`). A stand-in gives way
to the clause that it stands for, of the last paper or, where it speaks of the current language, of
the base. Everything that results has a place: that of its clause in the last paper, that of its
address where it is new. Where the paper says that the rest stays, or is marked as partial, those
places order what results; elsewhere the paper's own order does, and what it does not mention is
struck.

What is taken is kept text; the paper's own words keep their marks. All that is taken is told. This
module knows papers and texts, no record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

import attrs

from bargaining.errors import AskError
from bargaining.model import Doubt, Paper, Part
from bargaining.readers.addresses import Key, Outlined, is_below
from bargaining.readers.doubts import shorten
from bargaining.readers.layout import is_heading
from bargaining.readers.matching import Matching, Source, number_of, shown, words_of
from bargaining.readers.pieces import Piece, joined
from bargaining.readers.standins import ELISION, OMISSION, STAND_IN, StandIn, elisions, stand_ins
from bargaining.readers.taken import UNNUMBERED, Said, Taken, notes, nothing_before
from bargaining.text.clauses import PREAMBLE
from bargaining.text.words import cut

_HEADING_MOST: Final = 12  # words
_MOST_LOOKED_AT: Final = 5_000_000  # clauses, over all that is said of them


@attrs.frozen
class Whole:
    """A paper made whole, and the labels of the papers that it was made of."""

    paper: Paper
    of: tuple[str, ...]


@attrs.frozen
class _Stays:
    """Why a clause of the last paper stays."""

    says: str
    line: int
    current: bool = False


def stand_ins_of(paper: Paper) -> tuple[Said, ...]:
    """Return what stands for other text in a paper, each with its line, in reading order."""
    lines = {doubt.start: doubt.line for doubt in paper.doubts if doubt.kind == STAND_IN}
    found = [(one, lines.get(one.start, 0)) for one in stand_ins(paper.text)]
    found += [
        (StandIn(doubt.start, doubt.start, "* * *", "gap"), doubt.line)
        for doubt in paper.doubts
        if doubt.kind == OMISSION
    ]
    return tuple(sorted(found, key=lambda said: (said[0].start, said[0].end)))


def restate(
    paper: Paper, last: Source | None, base: Source | None = None, *, partial: bool = False
) -> Whole | None:
    """Make a paper whole that restates only what changes.

    Args:
        paper: the paper as it was read.
        last: the paper before it, if one is on file.
        base: the current language, where it is known and is not `last`.
        partial: whether what the paper does not mention stays, though it does not say so.

    Returns:
        The paper made whole; None where it is whole already.

    Raises:
        AskError: what a stand-in stands for is not there, or a clause has no place.
    """
    said = stand_ins_of(paper)
    if not said and not partial:
        return None
    if last is None:
        raise nothing_before(*said[:1])
    return _Making(paper, said, last, base, partial=partial).made()


def plain(paper: Paper) -> Paper:
    """Return a paper without the doubts about dots and asterisks, where nothing is left out."""
    told = {OMISSION, ELISION}
    return attrs.evolve(paper, doubts=tuple(d for d in paper.doubts if d.kind not in told))


def refuse_elided(paper: Paper, last: Source) -> None:
    """Refuse a paper in which a clause leaves words out that the one before it has.

    Raises:
        AskError: it does. Dots that stood in the paper before are text.
    """
    found = [doubt for doubt in paper.doubts if doubt.kind == ELISION]
    if len(found) <= len(list(elisions(last.text))):
        return
    where = f"Line {found[0].line}: " if found[0].line else ""
    raise AskError(
        f"{where}{found[0].message} Filed so, they would count as struck.",
        hint="Restate the clause; or file it with --whole, if the signs are text of the agreement.",
    )


class _Making(Matching):
    """One paper while it is made whole."""

    def __init__(
        self,
        paper: Paper,
        said: Sequence[Said],
        last: Source,
        base: Source | None,
        *,
        partial: bool,
    ) -> None:
        super().__init__(paper, said, last, base, partial=partial)
        self.stays: dict[int, _Stays] = {}  # clauses of the last paper, unmentioned
        self.looked_at = 0
        self.taken: list[Taken] = []
        self.doubts: list[Doubt] = []
        self.parts: list[Part] = []
        self.pieces: list[tuple[tuple[int, int, int], Piece]] = []

    # What stays.

    def _let_stay(self, clauses: Iterable[int], why: _Stays) -> bool:
        """Let clauses of the last paper stay that are not mentioned; say whether there were any."""
        rows = list(clauses)
        self.looked_at += len(rows)
        if self.looked_at > _MOST_LOOKED_AT:
            raise AskError(
                "It says of too many clauses that they stay, one by one.",
                hint="File the whole text.",
            )
        found = [n for n in rows if n not in self.mentioned and n not in self.stays]
        self.stays.update(dict.fromkeys(found, why))
        return bool(found)

    def _all_that_stays(self) -> None:
        for n, said in self.by_clause.items():
            for one, line in said:
                if one.scope == "rest":
                    self._let_stay(self._rest(n, one), _Stays(one.says, line, one.current))
                elif one.scope == "these":
                    self._these(n, one, line)
                elif one.scope == "gap":
                    self._gap(n, one, line)
                else:
                    self._below(n, one, line)
        if self.partial:
            self._let_stay(range(len(self.old)), _Stays("", 0))
        elif any(one.scope != "rest" for one, _ in self.said):
            edges = [n for n in (0, len(self.old) - 1) if n >= 0]
            self._let_stay([n for n in edges if self.old.keys[n] in UNNUMBERED], _Stays("", 0))

    def _rest(self, n: int, one: StandIn) -> Iterable[int]:
        """Return the clauses among which the rest is meant: of the article, the section, or all."""
        key = self.own.keys[n]
        article = self.own.clauses[n].address.casefold().startswith(("article", "art."))
        if "article" in one.part:
            above = key[:1] if article else ()
        elif re.search(r"section|paragraph|clause|item", one.part):
            above = key[: 1 + (article and len(key) > 1)]
        else:
            above = ()
        if not above or above in UNNUMBERED:
            return range(len(self.old))
        return [m for m, old in enumerate(self.old.keys) if is_below(old, above)]

    def _these(self, n: int, one: StandIn, line: int) -> None:
        for first, last in one.named:
            inside = self.own.keys[n] if self.own.keys[n] not in UNNUMBERED else ()
            inside = inside[: -len(first)] if inside[-len(first) :] == first else inside
            ends = [self.old.rows(key, inside) for key in (first, last)]
            if ends[0] is None or ends[1] is None:
                raise self.unknown(one, line, first if ends[0] is None else last)
            own = {m for m in (self.match[n],) if m is not None and self._is_all(n, one)}
            self.mentioned -= own
            rows = range(ends[0].start, ends[1].stop)
            self._let_stay(rows, _Stays(one.says, line, one.current))

    def _is_all(self, n: int, one: StandIn) -> bool:
        """True when a clause of the paper holds nothing but a stand-in."""
        clause = self.own.clauses[n]
        rest = self.paper.text[clause.start : one.start] + self.paper.text[one.end : clause.end]
        return not rest.strip()

    def _gap(self, n: int, one: StandIn, line: int) -> None:
        """What is left out between the clause before a gap and the clause behind it."""
        first = self._is_first(n, one)
        before = -1 if first else self._last_match(n)
        after = self._next_place(n if first else n + 1)
        rows = range(before + 1, max(after, before + 1))
        if (
            not self._let_stay(rows, _Stays(one.says, line, one.current))
            and one.says[:1] not in "*…."
        ):
            message = f"“{one.says}” stands where nothing is left out, and is no text."
            self.doubts.append(Doubt("nothing-left-out", message, line))

    def _is_first(self, n: int, one: StandIn) -> bool:
        clause = self.own.clauses[n]
        return n == 0 and not self.paper.text[clause.start : one.start].strip()

    def _last_match(self, n: int) -> int:
        return self._last_matches[n]

    @cached_property
    def _last_matches(self) -> list[int]:
        found: list[int] = []
        for match in self.match:
            found.append(match if match is not None else found[-1] if found else -1)
        return found

    def _next_place(self, n: int) -> int:
        """Return before which clause of the last paper the next clauses of this one stand."""
        if n >= len(self.own):
            return len(self.old)
        match = self.match[n]
        place = match if match is not None else self.old.place(self.own.keys[n])
        return len(self.old) if place is None else place

    def _below(self, n: int, one: StandIn, line: int) -> None:
        """What is inside of a clause that stays, and is not restated."""
        match = self.match[n]
        if match is not None and not self.is_current(one):
            rows = range(match + 1, self.old.end(match))
            if any(m in self.mentioned for m in rows):
                self._let_stay(rows, _Stays(one.says, line))

    # What results.

    def made(self) -> Whole | None:
        """Return the paper made whole, or None where it lacks nothing."""
        self._all_that_stays()
        replaced = any(one.scope != "gap" for one, _ in self.said)
        if not (self.partial or replaced or self.stays or self.doubts):
            return None
        before = -1
        for n in range(len(self.own)):
            before = self._place(n, before)
        for n, why in self.stays.items():
            self._keep(n, why)
        self.pieces.sort(key=lambda one: one[0])
        paper = joined(self.paper, [piece for _, piece in self.pieces], self._default_gap())
        self.doubts += self._by_ends()
        doubts = [d for d in paper.doubts if d.kind not in {STAND_IN, OMISSION}]
        paper = attrs.evolve(
            paper,
            parts=(*paper.parts, *self.parts),
            doubts=(*doubts, *self.doubts, *notes(self.taken)),
        )
        return Whole(paper, tuple(dict.fromkeys([self.last.label, *(t.label for t in self.taken)])))

    def _by_ends(self) -> Iterator[Doubt]:
        """Say which clauses of the paper were found by the end of their addresses alone."""
        for n, match in enumerate(self.match):
            key = self.own.keys[n]
            old = key if match is None else self.old.keys[match]
            if self.whole and len(old) > len(key) and old[-len(key) :] == key and key:
                meant = "" if match is None else self.old.clauses[match].address
                message = (
                    f"“{shorten(self.own.slice(n))}” is taken for {meant} of {self.last.label}."
                )
                yield Doubt("address-completed", message)

    def _default_gap(self) -> str:
        tight = len(self.old) > 1 and "\n\n" not in self.last.text
        return "\n" if tight and "\n\n" not in self.paper.text else "\n\n"

    def _place(self, n: int, before: int) -> int:
        """Put what a clause of the paper says, or stands for, in its place."""
        at, sub = self._at(n, before)
        clause, start = self.own.clauses[n], self.own.clauses[n].start
        own: list[tuple[int, int]] = []
        said = self.stand_in(n)
        for one, _ in self.by_clause.get(n, ()):
            if said is None or one is not said[0]:
                own.append((start, one.start))
            if one.says[:1] in "…." and one.scope == "gap" and one.says not in self._says:
                own.append((one.start, one.end))
            start = max(start, one.end)
        own.append((start, clause.end))
        if said is not None:
            self._take(n, said, (at, sub, n))
        elif self._is_context(n):
            self._let_stay_own(n)
            return max(before, at)
        for start, end in own:
            self._add_own(n, start, end, (at, sub, n))
        return max(before, at)

    @cached_property
    def _says(self) -> set[str]:
        """What is said of clauses that stay."""
        return {why.says for why in self.stays.values()}

    def _at(self, n: int, before: int) -> tuple[int, int]:
        """Return the place of a clause of the paper among those of the last one."""
        match = self.match[n]
        if match is not None and (self.whole or match > before):
            return match, 1
        if match is not None:
            return before, 2
        key = self.own.keys[n]
        place = self.old.place(key) if key not in UNNUMBERED else None
        if not self.whole:
            return max(before, -1 if place is None else place - 1), 2
        if place is None and key not in UNNUMBERED and self._haswords_of(n):
            raise self.no_place(n)
        return (before if place is None else place - 1), 2

    def _haswords_of(self, n: int) -> bool:
        """True when a clause of the paper holds more than stand-ins."""
        clause, text = self.own.clauses[n], self.paper.text
        start, rest = clause.start, ""
        for one, _ in self.by_clause.get(n, ()):
            rest += text[start : one.start]
            start = max(start, one.end)
        return bool((rest + text[start : clause.end]).strip())

    def _is_context(self, n: int) -> bool:
        """True for a number or heading that only says where the clauses under it belong."""
        match = self.match[n]
        inner = n + 1 < len(self.own) and is_below(self.own.keys[n + 1], self.own.keys[n])
        if not self.whole or match is None or not inner or self.own.keys[n] in UNNUMBERED:
            return False
        words, old = words_of(self.own.slice(n)), words_of(self.old.slice(match))
        opening = len(words) < len(old) and old[: len(words)] == words
        return opening and (not words or is_heading(shown(self.own.slice(n))))

    def _let_stay_own(self, n: int) -> None:
        match = self.match[n]
        if match is not None and match not in self.stays:
            self.stays[match] = _Stays("", 0)

    def _add_own(self, n: int, start: int, end: int, at: tuple[int, int, int]) -> None:
        """Add words of the paper itself."""
        text = self.paper.text[start:end]
        if not text.strip(" \t\n*_~|"):
            return
        if self.whole and self.own.keys[n] in {(), (PREAMBLE,)} and not self._is_preamble(n):
            self._leave_out(text)
            return
        match = self.match[n]
        gap = None if match is None else _gap_after(self.old.slice(match))
        self.pieces.append((at, Piece(text, start=start, gap=gap)))

    def _is_preamble(self, n: int) -> bool:
        """True for the opening of the agreement, restated."""
        match = self.match[n]
        if match is None:
            return False
        words, old = set(words_of(self.own.slice(n))), set(words_of(self.old.slice(match)))
        return 2 * len(words & old) >= len(words)

    def _leave_out(self, text: str) -> None:
        if self.own.keys[0] == ():
            raise AskError(
                f"“{shorten(text)}” bears no number that tells where it belongs in "
                f"“{self.last.label}”.",
                hint="Number it as that paper does, or file the whole text.",
            )
        self.mentioned.discard(0)
        if self.old.keys and self.old.keys[0] == (PREAMBLE,):
            self.stays.setdefault(0, _Stays("", 0))
        self.parts.append(Part("note", text.strip(), 0))
        message = f"“{shorten(text)}” stands before the first clause, and is no text of one."
        self.doubts.append(Doubt("left-out", message))

    def _take(self, n: int, said: Said, at: tuple[int, int, int]) -> None:
        """Add the clause that a stand-in of the paper stands for."""
        one, line = said
        source, match = self._source(n, one, line)
        text_of = self.current if source is self.base and self.current is not self.old else self.old
        rows = range(match, text_of.end(match))
        apart = {m for m in rows if m != match and text_of.keys[m] in self._mentioned_keys}
        rows = range(match, match + 1) if apart and text_of is self.old else rows
        text = "".join(text_of.slice(m) for m in rows if m not in apart)
        text = self._renumbered(n, text, text_of.keys[match])
        address = text_of.clauses[match].address
        differs = self._differs(n, text, text_of)
        self.pieces.append((at, Piece(text, label=source.label)))
        self.taken.append(
            Taken(address, text_of.keys[match], source.label, one.says, line, differs)
        )
        old = self.match[n]
        for m in (
            rows if text_of is self.old else () if old is None else range(old, self.old.end(old))
        ):
            self.stays.pop(m, None)  # it stands in this piece

    def _source(self, n: int, one: StandIn, line: int) -> tuple[Source, int]:
        """Return the text that a clause is taken from, and which clause of that it is.

        Raises:
            AskError: there is no such clause.
        """
        match = self.match[n]
        if not self.is_current(one):
            if match is None:
                raise self.missing(n, (one, line))
            return self.last, match
        key = self.own.keys[n] if match is None else self.old.keys[match]
        found = self.current.find(key)
        if len(found) != 1:
            raise self.missing(n, (one, line))
        return self.base, found[0]

    @cached_property
    def _mentioned_keys(self) -> set[Key]:
        """The rows of all that the paper mentions, as it and as the last paper writes them."""
        return {*self.own.keys, *(self.old.keys[n] for n in self.mentioned)}

    def _renumbered(self, n: int, text: str, key: Key) -> str:
        """Give a clause that was found by its heading the number that the paper gives it."""
        if not self.own.keys[n] or self.own.keys[n][-1:] == key[-1:]:
            return text
        ours, theirs = number_of(self.own.slice(n)), number_of(text)
        if not ours or not theirs:
            return text
        said = self.stand_in(n)
        message = (
            f"{self.own.clauses[n].address} is the clause that “{self.last.label}” has under "
            f"another number, by its first words."
        )
        self.doubts.append(Doubt("renumbered", message, said[1] if said else 0))
        return ours + text[len(theirs) :]

    def _differs(self, n: int, text: str, text_of: Outlined) -> str:
        """Name the other paper where that has the clause in other words."""
        other = self.current if text_of is self.old else self.old
        if other is text_of:
            return ""
        found = other.find(self.own.keys[n])
        if len(found) != 1:
            return (self.base if other is self.current else self.last).label
        own = "".join(other.slice(m) for m in range(found[0], other.end(found[0])))
        whole = cut(text.strip()).keys == cut(own.strip()).keys
        return "" if whole else (self.base if other is self.current else self.last).label

    def _keep(self, n: int, why: _Stays) -> None:
        """Add a clause of the last paper that stays, or that of the base in its place."""
        key, address = self.old.keys[n], self.old.clauses[n].address
        text, label = self.old.slice(n), self.last.label
        if why.current and self.current is not self.old:
            found = self.current.find(key)
            differs = self.base.label
            if len(found) == 1:
                same = cut(self.current.slice(found[0]).strip()).keys == cut(text.strip()).keys
                differs = "" if same else self.last.label
                text, label = self.current.slice(found[0]), self.base.label
            self.taken.append(Taken(address, key, label, why.says, why.line, differs))
        else:
            self.taken.append(Taken(address, key, label, why.says, why.line))
        self.pieces.append(((n, 0, n), Piece(text, label=label)))


def _gap_after(text: str) -> str:
    return text[len(text.rstrip()) :]
