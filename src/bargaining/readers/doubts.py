"""Doubts: what a careful reader of one paper would not take for granted.

Strategy: marks are evidence, not truth. Struck text that is followed at once by unmarked words, and
has no inserted words beside it, may have its replacement there, unmarked: those words are in doubt
up to the next mark or the end of their sentence. A word that stands twice across the edge of a mark
shows a mark that is off by a word. Doubts say what and where; they change no text.

This module does not know files or ladders on file; it sees the pieces of one paper.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, TypeAlias

import attrs

from bargaining.labels import read_label, same_rung_key, without_time
from bargaining.model import Doubt
from bargaining.readers.layout import Line, Source, is_item, rungs
from bargaining.readers.marks import Piece, Unclosed
from bargaining.text.clauses import Clauses
from bargaining.text.spelling import cut_at

_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|cf|no|nos|sec|art|mr|mrs|ms|dr|st|vs|[a-z]|u\.s)\.$",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.?!;](?=[\s\"'”’)]|$)|\n\s*\n|\n(?=\s*\S)")
_FIRST_WORD: Final = re.compile(r"\s*([^\W_]++)(?![-–'’]\w)")
_LAST_WORD: Final = re.compile(r"(?:^|\s)([^\W_]++)\s*$")
_LAST_NUMBER: Final = re.compile(r"(?<![a-z])(\d{1,6}|[a-z])(?:\.0)?\)?$")  # of an address
_LONGEST_WORD: Final = 200  # code points at the edge of a mark in which its last word is sought
_Around: TypeAlias = tuple[int | None, int | None]  # the nearest piece of a kind on either side
_SHOWN: Final = 40  # code points of a paper that a message quotes at most


def shorten(text: str) -> str:
    """Return `text` on one line and short enough for a message."""
    text = " ".join(text.split(maxsplit=_SHOWN))
    return text if len(text) <= _SHOWN else text[: cut_at(text, _SHOWN - 1)].rstrip() + "…"


def line_at(source: Source, at: int) -> int:
    """Return the paper's line of the code point at `at` in the clause source."""
    return source.lines[max(bisect_right(source.starts, at) - 1, 0)] if source.lines else 0


@attrs.frozen
class TextLines:
    """Where the lines of a paper's text start, and which lines of the paper they are."""

    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece], source: Source) -> TextLines:
        """Follow the lines of the clause source into the text that its marks leave."""
        starts: list[int] = []
        numbers: list[int] = []
        at, opens = 0, True
        for piece in pieces:
            if piece.kind not in {"kept", "inserted"}:
                continue
            n = bisect_right(source.starts, piece.start) - 1  # of the line of its first word
            for m, line in enumerate(piece.text.split("\n")):
                opens = opens or m > 0
                if line.strip() and opens:
                    opens = False
                    starts.append(at)
                    numbers.append(source.lines[min(max(n, 0), len(source.lines) - 1)])
                n += bool(line.strip())
                at += len(line) + 1
            at -= 1
        return cls(tuple(starts), tuple(numbers))

    def at(self, offset: int) -> int:
        """Return the line of the code point at `offset` of the text; 0 where none is known."""
        n = bisect_right(self.starts, offset) - 1
        return self.numbers[n] if n >= 0 else 0

    def start_after(self, number: int, size: int) -> int:
        """Return where the first line behind a line of the paper starts in a text of `size`."""
        n = bisect_right(self.numbers, number)
        return self.starts[n] if n < len(self.starts) else size


NO_LINES: Final = TextLines((), ())  # of a document that has none


def piece_doubts(pieces: Sequence[Piece], source: Source) -> Iterator[Doubt]:
    """Yield the doubts that the marks of a paper raise, in reading order."""
    sizes = [len(p.text) if p.kind in {"kept", "inserted"} else 0 for p in pieces]
    starts = [0, *accumulate(sizes)]
    worded = _neighbours([re.search(r"\w", piece.text) is not None for piece in pieces])
    written = _neighbours([bool(piece.text.strip()) for piece in pieces])
    doubled = [_doubled_words(pieces, reading) for reading in ("inserted", "struck")]
    for n, piece in enumerate(pieces):
        line = line_at(source, piece.start)
        beside = {pieces[m].kind for m in worded[n] if m is not None}
        if piece.kind == "struck" and piece.text.strip() and "inserted" not in beside:
            yield from _unmarked_replacement(pieces, n, written[n][1], starts, line)
        for word, after, at in (*doubled[0].get(n, ()), *doubled[1].get(n, ())):
            stands = pieces[after].kind in {"kept", "inserted"}
            start = starts[after] + at if stands else starts[n]
            yield Doubt(
                "doubled-word",
                f"“{word}” stands twice across the edge of “{shorten(piece.text)}”: "
                "the mark may be off by a word.",
                line,
                start,
                start + len(word) if stands else start,
            )


def _neighbours(wanted: Sequence[bool]) -> list[_Around]:
    """Return, for each place, the nearest wanted places before and after it."""
    before = _last_wanted(wanted)
    after = [None if m is None else len(wanted) - 1 - m for m in _last_wanted(wanted[::-1])]
    return list(zip(before, reversed(after), strict=True))


def _last_wanted(wanted: Sequence[bool]) -> list[int | None]:
    found: list[int | None] = []
    last: int | None = None
    for n, here in enumerate(wanted):
        found.append(last)
        last = n if here else last
    return found


def _unmarked_replacement(
    pieces: Sequence[Piece], n: int, follower: int | None, starts: Sequence[int], line: int
) -> Iterator[Doubt]:
    if follower is None or pieces[follower].kind != "kept":
        return
    struck, text = pieces[n].text, pieces[follower].text
    gap = struck[len(struck.rstrip()) :] + text[: len(text) - len(text.lstrip())]
    size = _sentence_rest(text)
    words = text[:size].strip()
    if not re.match(r"[\w(\"'“‘]", words) or _parts(struck.rstrip(), gap, text.lstrip()):
        return
    start = starts[follower] + text.index(words)
    yield Doubt(
        "unmarked-replacement",
        f"“{shorten(struck)}” is struck and nothing beside it is marked as inserted: "
        f"“{shorten(words)}” may be its unmarked replacement.",
        line,
        start,
        start + len(words),
    )


def _parts(struck: str, gap: str, follower: str) -> bool:
    """True when the struck words end their paragraph, their list item or their sentence."""
    if gap.count("\n") > 1 or ("\n" in gap and is_item(_first_line(follower, 0))):
        return True
    closed = re.search(r"[.?!][\"'”’)]*\Z", struck[-8:])
    return bool(closed) and not _ABBREVIATION.search(struck[-8:]) and not follower[0].islower()


def _first_line(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[at : end if end >= 0 else len(text)]


def _sentence_rest(text: str) -> int:
    """Return how much of `text` belongs to the sentence that it starts in."""
    for end in _SENTENCE_END.finditer(text):
        if end.group() == "\n" and not is_item(_first_line(text, end.end())):
            continue
        if end.group() == "." and _ABBREVIATION.search(text[max(end.end() - 8, 0) : end.end()]):
            continue
        return end.start()
    return len(text)


def _doubled_words(pieces: Sequence[Piece], marked: str) -> dict[int, list[tuple[str, int, int]]]:
    """Find words that stand twice in a row where a mark begins or ends, in one reading.

    Args:
        pieces: the pieces of the paper.
        marked: the marked pieces that the reading holds, beside the kept ones.

    Returns:
        For each mark the words, and for each word its piece and its start in that.
    """
    found: dict[int, list[tuple[str, int, int]]] = {}
    before: int | None = None
    for n, piece in enumerate(pieces):
        if piece.kind not in {"kept", marked}:
            continue
        at = None if before is None else _same_word(pieces[before].text, piece.text)
        if before is not None and at is not None:
            mark = next(m for m in range(before, n + 1) if pieces[m].kind != "kept")
            found.setdefault(mark, []).append((piece.text[slice(*at)], n, at[0]))
        before = n
    return found


def _same_word(before: str, after: str) -> tuple[int, int] | None:
    """Return where the word stands in `after` that is also the last of `before`, if it is."""
    last, first = _LAST_WORD.search(before[-_LONGEST_WORD:]), _FIRST_WORD.match(after)
    if not last or not first or last[1].casefold() != first[1].casefold() or first[1].isdigit():
        return None
    gap = before[len(before.rstrip()) :] + after[: first.start(1)]
    return first.span(1) if gap and "\n\n" not in gap else None


def clause_doubts(found: Clauses, text: str, lines: TextLines) -> Iterator[Doubt]:
    """Yield a doubt for each line that may begin another clause than it is taken to begin.

    Args:
        found: the clauses of the text.
        text: the text that the paper proposes.
        lines: which lines of the paper those of the text are.
    """
    for one in found.unsure:
        begins = f"begins {one.address}" if one.address else "begins no clause"
        other = f"begin {one.other}" if one.other else "belong to the clause before"
        message = f"“{shorten(_first_line(text, one.start))}” {begins}, and may {other}."
        yield Doubt("clause-address", message, lines.at(one.start), one.start, one.start)
    yield from _order_doubts(found, text, lines)


def _order_doubts(found: Clauses, text: str, lines: TextLines) -> Iterator[Doubt]:
    """Yield a doubt for each clause that stands behind a later one, as where pages were mixed up.

    A number that stands there again is no doubt: lists start again.
    """
    seen: dict[str, dict[int, str]] = {}
    for clause in found:
        last = _LAST_NUMBER.search(clause.address)
        if last is None:
            continue
        value = int(last[1]) if last[1].isdigit() else ord(last[1])
        beside = seen.setdefault(clause.address[: last.start()], {})
        later = max(beside, default=value)
        if value < later and value not in beside:
            begin = f"“{shorten(_first_line(text, clause.start))}”"
            message = f"{begin} stands behind {beside[later]}: parts of the paper may be mixed up."
            yield Doubt("clause-order", message, lines.at(clause.start), clause.start, clause.start)
        beside[value] = clause.address


def divided_doubts(source: Source, pieces: Sequence[Piece]) -> Iterator[Doubt]:
    """Yield a doubt for each divided word of which nothing shows how it is written."""
    sizes = [len(p.text) if p.kind in {"kept", "inserted"} else 0 for p in pieces]
    before = [0, *accumulate(sizes)]
    begins = [piece.start for piece in pieces]
    for at, word in source.divided:
        if word.other:
            n = max(bisect_right(begins, at) - 1, 0)
            start = before[n] + min(max(at - pieces[n].start, 0), sizes[n])
            read = f"is read as “{word.word}”, and may be “{word.other}”"
            message = f"“{shorten(word.as_printed)}” at the end of a line {read}."
            end = min(start + len(word.word), before[-1])
            yield Doubt("divided-word", message, line_at(source, at), start, end)


def struck_in_bold_doubts(inside: Sequence[int], source: Source) -> Iterator[Doubt]:
    """Yield a doubt for each text struck within a longer stretch that is inserted by bold."""
    for at in inside:
        text = shorten(source.text[at : at + _SHOWN].split("~~")[0].split("<")[0])
        message = f"“{text}” is struck within bold words: it is read as struck, and may be new."
        yield Doubt("struck-in-bold", message, line_at(source, at))


def unclosed_doubts(unclosed: Sequence[Unclosed], source: Source) -> Iterator[Doubt]:
    """Yield a doubt for each mark that does not close."""
    for mark in unclosed:
        line = line_at(source, mark.at)
        rest = source.text[mark.at : mark.at + _SHOWN].split("\n", 1)[0]
        message = f"The mark “{mark.sign}” opens at “{shorten(rest)}” and does not close."
        yield Doubt("unclosed-mark", message, line)


def ladder_doubts(
    printed: Sequence[Sequence[Line]], ladder: Sequence[tuple[str, Line]]
) -> Iterator[Doubt]:
    """A paper that prints several ladders (a footer on each page) should print one."""
    written = {text.casefold() for text, _ in ladder}
    apart = [one for other in printed for one in rungs(other) if one[0].casefold() not in written]
    known = {key for text, _ in ladder for key in _shorter(text)} if apart else set()
    whole = {_shorter(text)[0] for text, _ in ladder} if apart else set()
    for text, line in apart:
        keys = _shorter(text)
        if keys[0] not in known and whole.isdisjoint(keys):
            message = f"“{shorten(text)}” stands apart from the ladder and is not in it."
            yield Doubt("two-ladders", message, line.number)
    seen: set[str] = set()
    for rung, line in ladder:
        if rung.casefold() in seen:
            yield Doubt("repeated-rung", f"The ladder lists “{shorten(rung)}” twice.", line.number)
        seen.add(rung.casefold())


def _shorter(text: str) -> tuple[tuple[object, ...], ...]:
    """Return what a label is known by: whole, without its time, and without its date."""
    label = read_label(text)
    key = same_rung_key(label, label.party)
    bare = same_rung_key(attrs.evolve(label, dates=()), label.party)
    return key, without_time(key), without_time(bare)
