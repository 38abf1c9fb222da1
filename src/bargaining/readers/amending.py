"""Amending: what results when a text is changed as a paper tells.

Strategy: every instruction is held against the one text that it is for, and none against what
another made of it. Words are found by their keys, clauses by their addresses, in exactly one place,
or the paper is refused with its line. What results is the old text with struck and inserted runs.

This module knows a paper of instructions and one text, no record.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

import attrs

from bargaining.errors import AskError
from bargaining.model import Doubt, Paper, Part, Run, RunKind
from bargaining.readers.addresses import Key, Outlined, key_of, listed
from bargaining.readers.doubts import shorten
from bargaining.readers.grammar import MOST_TOLD, Told, unquoted
from bargaining.readers.instructions import (
    HEADING_MOST,
    INSTRUCTION,
    Block,
    blocks_of,
    bodies,
    heads,
)
from bargaining.readers.layout import is_numbered
from bargaining.readers.matching import Source
from bargaining.readers.standins import NUMBER, stand_ins
from bargaining.readers.taken import at_line
from bargaining.text.words import Words, cut

_LEFT_OUT_MOST: Final = 60  # words of a paragraph beside instructions that is left out
_IN_ARTICLE: Final = re.compile(r"(?:the\s+)?art(?:icle|\.)\s+\w+,?\s+\S", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.?!][\"'”’)]*(?=\s+[^\s\W_a-z]|\s+[\"'“‘(]|\s*$)")
_SHORTENED: Final = re.compile(  # whose stop ends a sentence or not
    r"\b(?:[ap]\.m|e\.g|i\.e|etc|cf|nos?|secs?|arts?|paras?|mrs?|ms|dr|st|jr|sr|inc|vs|u\.s|[a-z])\.$",
    re.IGNORECASE,
)
_SHORT_MOST: Final = 8  # code points of such a word
_HINT: Final = (
    "Name the paper that it is for with --amends LABEL, or file the whole text that results."
)


@attrs.frozen
class _Step:
    """One instruction, where it stands, and the text that it brings."""

    told: Told
    line: int
    body: str = ""


@attrs.frozen
class _Edit:
    """A change of the old text: `text[start:end]` gives way to `new`."""

    start: int
    end: int
    new: str
    step: _Step


def amend(paper: Paper, source: Source) -> Paper:
    """Do with a text what a paper says, and return the paper with the text that results.

    Args:
        paper: the paper that gives the instructions.
        source: the text that they are for.

    Raises:
        AskError: one does not fit exactly once, or cannot be done as it is written.
    """
    return _Amending(paper, source).amended()


class _Amending:
    """One paper of instructions, and the text that they are for."""

    def __init__(self, paper: Paper, source: Source) -> None:
        self.paper, self.source = paper, source
        self.old = Outlined.of(source.text, source.title)
        self.lines = {d.start: d.line for d in paper.doubts if d.kind == INSTRUCTION}
        self.blocks = blocks_of(paper.text, paper.runs)
        self.sentences: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.parts: list[Part] = []
        self.doubts: list[Doubt] = []

    def amended(self) -> Paper:
        edits = sorted(
            (edit for step in self._steps() for edit in self._edits(step)),
            key=lambda edit: (edit.start, edit.end),
        )
        self._refuse_overlaps(edits)
        own = [d for d in self.paper.doubts if d.kind not in _READ_AS_TEXT]
        return attrs.evolve(
            self.paper,
            runs=tuple(self._runs(edits)),
            parts=(*self.paper.parts, *self.parts),
            doubts=(*(attrs.evolve(d, start=0, end=0) for d in own), *self.doubts),
        )

    # What is told.

    def _steps(self) -> Iterator[_Step]:
        of_block = bodies(self.blocks)
        texts: dict[int, list[Block]] = {}
        for n, of in enumerate(of_block):
            if of is not None:
                texts.setdefault(of, []).append(self.blocks[n])
        context: tuple[Key, str] | None = None
        count = 0
        for n, block in enumerate(self.blocks):
            if of_block[n] is not None:
                continue
            if not block.tells:
                context = block.sentence.context or self._heading(n) or None
                self._left_out(n, block)
                continue
            line = self._line_of(block)
            self.parts.append(Part("note", block.text, line))
            if block.sentence.rest:
                raise self._refused(
                    line, block.text, f"“{shorten(block.sentence.rest)}” is not understood"
                )
            count += len(block.sentence.told)
            if count > MOST_TOLD:
                raise self._refused(line, block.text, f"more than {MOST_TOLD:,} are not read")
            for one in block.sentence.told:
                last = one is block.sentence.told[-1]
                body = self._body(texts.get(n, ())) if last and one.body is None else one.body or ""
                if context is None or one.clause or one.clauses:
                    yield _Step(one, line, body)
                else:
                    told = attrs.evolve(one, clause=context[0], address=context[1])
                    yield _Step(told, line, body)

    def _body(self, blocks: Sequence[Block]) -> str:
        return self.paper.text[blocks[0].start : blocks[-1].end].strip() if blocks else ""

    def _heading(self, n: int) -> tuple[Key, str] | None:
        """Return the clause that a heading over instructions names."""
        block = self.blocks[n]
        number = NUMBER.match(block.text)
        if number is None or not heads(self.blocks, n):
            return None
        return key_of(number.group()), number.group().strip(" .:")

    def _left_out(self, n: int, block: Block) -> None:
        """Leave a paragraph out that stands beside instructions, and say so.

        Raises:
            AskError: it looks like text that is to come, and nothing says where.
        """
        behind = self.blocks[n + 1 :][:1]
        introduces = bool(behind) and behind[0].tells
        stands = bool(stand_ins(block.text))
        heading = len(block.text.split()) <= HEADING_MOST and block.text[-1:] not in {".", ";"}
        if is_numbered(block.text) and not (stands or (introduces and heading)):
            raise self._refused(
                self._line_of(block),
                block.text,
                "it is no instruction, and none says where it goes",
            )
        if len(block.text.split()) > _LEFT_OUT_MOST:
            raise self._refused(self._line_of(block), block.text, "it is no instruction")
        self.parts.append(Part("note", block.text, self._line_of(block)))
        if not (introduces and (heading or block.text.endswith(":"))) and not stands:
            message = f"“{shorten(block.text)}” is no instruction, and is left out."
            self.doubts.append(Doubt("left-out", message, self._line_of(block)))

    def _line_of(self, block: Block) -> int:
        """Return the line of an instruction; of other text the line is not known."""
        return self.lines.get(block.start, 0)

    # Where it is to be done.

    def _edits(self, step: _Step) -> Iterator[_Edit]:
        told = step.told
        if told.does == "unknown":
            raise self._refused(step.line, told.says, "it cannot be done without guessing")
        if told.does == "delete":
            for key, address in told.clauses:
                n = self._clause(step, key, address)
                yield _Edit(*self._span(n, whole=True), "", step)
        elif told.does == "rewrite":
            yield self._rewritten(step)
        elif told.does == "add":
            yield self._added(step)
        elif told.does == "insert" and not told.old:
            yield self._at_edge(step)
        else:
            yield self._with_words(step)

    def _clause(self, step: _Step, key: Key, address: str) -> int:
        found = self.old.find(key)
        if not found and _IN_ARTICLE.match(address) and not self.old.has_articles:
            found = self.old.find(key[1:])
            if len(found) == 1:
                message = f"{address} is taken for {self.old.clauses[found[0]].address}."
                self.doubts.append(Doubt("address-completed", message, step.line))
        if len(found) == 1:
            return found[0]
        if found:
            names = listed([self.old.clauses[n].address for n in found])
            raise self._refused(step.line, step.told.says, f"{address} may be {names}")
        known = self.old.known() or "no numbered clauses"
        what = f"“{self.source.label}” has no {address}; it has {known}"
        raise self._refused(step.line, step.told.says, what)

    def _span(self, n: int, *, whole: bool = False) -> tuple[int, int]:
        """Return where a clause stands with all that is inside of it; `whole` with its spacing."""
        text = self.source.text
        start, end = self.old.clauses[n].start, self.old.clauses[self.old.end(n) - 1].end
        if not whole:
            return start, start + len(text[start:end].rstrip())
        return start, end

    def _range(self, step: _Step) -> tuple[int, int]:
        """Return where the words of an instruction are sought."""
        told = step.told
        if not told.clause:
            start, end = 0, len(self.source.text)
        else:
            start, end = self._span(self._clause(step, told.clause, told.address))
        return (start, end) if told.sentence is None else self._nth(step, start, end)

    def _nth(self, step: _Step, start: int, end: int) -> tuple[int, int]:
        text, sentences = self.source.text, self._sentences(start, end)
        n = step.told.sentence or 0
        for _, last in sentences[:-1]:
            word = text[max(last - _SHORT_MOST, 0) : last]
            if _SHORTENED.search(word):
                what = f"it is not certain that a sentence ends with “{word.split()[-1]}”"
                raise self._refused(step.line, step.told.says, what)
        if not -len(sentences) <= n < len(sentences):
            raise self._refused(step.line, step.told.says, f"there are {len(sentences)} sentences")
        first, last = sentences[n]
        return first + len(text[first:last]) - len(text[first:last].lstrip()), last

    def _sentences(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where each sentence of a clause stands, with the spacing before it."""
        if (start, end) not in self.sentences:
            text = self.source.text
            number = NUMBER.match(text, start, end)
            at = start if number is None else number.end()
            ends = [found.end() for found in _SENTENCE_END.finditer(text, at, end)]
            rows = pairwise([at, *ends, *([] if ends and ends[-1] == end else [end])])
            self.sentences[start, end] = [(a, b) for a, b in rows if text[a:b].strip()]
        return self.sentences[start, end]

    def _with_words(self, step: _Step) -> _Edit:
        told = step.told
        start, end = self._range(step)
        if told.does == "strike" and told.sentence is not None and not told.old:
            return _Edit(*self._spaced(start, end), "", step)
        if told.does == "words" and told.sentence is not None and not told.old:
            return _Edit(start, end, told.new, step)
        (first, last), trimmed = self._place(step, told.old, start, end)
        new = self._new(step, told.new, told.old, last, trimmed=trimmed)
        if told.does == "strike":
            return _Edit(*self._spaced(first, last), "", step)
        if told.does == "words":
            return _Edit(first, last, new, step)
        if told.where == "before":
            return _Edit(first, first, f"{new} ", step)
        glue = "" if new[:1] in ",.;:)" else " "
        return _Edit(last, last, f"{glue}{new}", step)

    def _place(self, step: _Step, words: str, start: int, end: int) -> tuple[tuple[int, int], bool]:
        """Return the one place of some words, and whether a sign behind them was left out."""
        for quoted, trimmed in ((words, False), (words.rstrip(".,;"), True)):
            found = self._found.places(quoted, start, end) if quoted else []
            if len(found) == 1:
                return found[0], trimmed
            if found:
                break
        where = step.told.address or "the text"
        if found:
            what = f"“{shorten(words)}” stands {len(found)} times in {where}"
        else:
            what = f"“{shorten(words)}” does not stand in {where}"
        raise self._refused(step.line, step.told.says, f"{what} of “{self.source.label}”")

    @cached_property
    def _found(self) -> _Finding:
        return _Finding.of(self.source.text)

    def _new(self, step: _Step, new: str, old: str, at: int, *, trimmed: bool) -> str:
        """Return the words that come, without a sign that only closes the quoting sentence."""
        sign = new[-1:]
        if sign not in {".", ",", ";"} or (old.endswith(sign) and not trimmed):
            return new
        behind = self.source.text[at : at + 2]
        goes_on = behind[:1] in ".,;" or (behind[:1].isspace() and bool(behind.strip()))
        if not (goes_on or trimmed) or len(new) == 1:
            return new
        if step.told.does == "insert" and " " in new and behind[:1].isspace():
            return new  # a sentence of its own
        message = f"“{shorten(new)}” is read without its last sign, which closes the instruction."
        self.doubts.append(Doubt("quote-sign", message, step.line))
        return new[:-1]

    def _spaced(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch that goes with one of the two gaps around it."""
        text = self.source.text
        behind = text[end : end + 1]
        if start and text[start - 1] == " " and (behind in {"", "\n"} or behind in ".,;:)?!"):
            return start - 1, end
        return start, end + (behind == " ")

    def _at_edge(self, step: _Step) -> _Edit:
        told = step.told
        if not told.clause:
            raise self._refused(step.line, told.says, "no clause is named")
        n = self._clause(step, told.clause, told.address)
        start = self.old.clauses[n].start
        end = start + len(self.old.slice(n).rstrip())
        if told.sentence is not None:
            start, end = self._nth(step, start, end)
        elif told.where == "start":
            number = NUMBER.match(self.source.text, start, end)
            start = start if number is None else number.end()
            start += len(self.source.text[start:end]) - len(self.source.text[start:end].lstrip())
        if told.where == "start":
            return _Edit(start, start, f"{told.new} ", step)
        if told.sentence is not None and self.source.text[end - 1 : end] in {".", "?", "!"}:
            end -= told.new[-1:] not in {".", "?", "!"}
        return _Edit(end, end, f" {told.new}", step)

    def _rewritten(self, step: _Step) -> _Edit:
        n = self._clause(step, step.told.clause, step.told.address)
        start, end = self._span(n)
        body = self._text(step)
        old, new = NUMBER.match(self.source.text, start, end), NUMBER.match(body)
        if old is not None and new is None:
            start = old.end()
            start += len(self.source.text[start:end]) - len(self.source.text[start:end].lstrip())
        return _Edit(start, end, body, step)

    def _text(self, step: _Step) -> str:
        """Return the text that an instruction brings.

        Raises:
            AskError: there is none.
        """
        body = unquoted(step.body).strip()
        if not body:
            raise self._refused(
                step.line, step.told.says, "the text that is to come does not follow"
            )
        return body

    def _added(self, step: _Step) -> _Edit:
        told, body = step.told, self._text(step)
        outlined = Outlined.of(body)
        key = outlined.keys[0] if outlined.keys else ()
        if told.number and not is_numbered(body) and not NUMBER.match(body):
            body, key = f"{_as_number(told.number_shown)} {body}", told.number
        at = self._place_of_text(step, key)
        text = self.source.text
        gap = "\n" if len(self.old) > 1 and "\n\n" not in text and "\n\n" not in body else "\n\n"
        if at >= len(text.rstrip()):
            end = len(text.rstrip())
            return _Edit(end, end, f"{gap}{body}" if end else body, step)
        return _Edit(at, at, f"{body}{gap}", step)

    def _place_of_text(self, step: _Step, key: Key) -> int:
        """Return where a new clause or paragraph is to start."""
        told = step.told
        if told.clause:
            n = self._clause(step, told.clause, told.address)
            if told.where == "before":
                return self.old.clauses[n].start
            return self.old.clauses[self.old.end(n) - 1].end
        place = self.old.place(told.number or key)
        if place is None:
            raise self._refused(step.line, told.says, "nothing says where it goes")
        if self.old.find(told.number or key):
            what = f"“{self.source.label}” has that clause already"
            raise self._refused(step.line, told.says, what)
        return self.old.clauses[place].start if place < len(self.old) else len(self.source.text)

    # What results.

    def _refuse_overlaps(self, edits: Sequence[_Edit]) -> None:
        for one, other in pairwise(edits):
            if other.start < one.end:
                what = f"it changes words that “{shorten(one.step.told.says)}” changes, too"
                raise self._refused(other.step.line, other.step.told.says, what)

    def _runs(self, edits: Sequence[_Edit]) -> list[Run]:
        text, at = self.source.text, 0
        runs: list[Run] = []
        for edit in edits:
            _add(runs, "kept", text[at : edit.start])
            _add(runs, "struck", text[edit.start : edit.end])
            _add(runs, "inserted", edit.new)
            at = edit.end
        _add(runs, "kept", text[at:])
        return _without_spacing_at_end(runs) if text == text.rstrip() else runs

    def _refused(self, line: int, says: str, why: str) -> AskError:
        return AskError(f"{at_line(line)}“{shorten(says)}”: {why}.", hint=_HINT)


_READ_AS_TEXT: Final = {
    INSTRUCTION,
    "stand-in",
    "omission",
    "unmarked-replacement",
    "doubled-word",
    "bold-only",
    "bold-heading",
    "guessed-mark",
}


def _add(runs: list[Run], kind: RunKind, text: str) -> None:
    """Add a run; lines that come part from what stands before them once."""
    last = next((run.text for run in reversed(runs) if run.kind != "struck"), "\n")
    text = text.lstrip("\n") if kind == "inserted" and last.endswith("\n") else text
    if text:
        runs.append(Run(kind, text))


def _without_spacing_at_end(runs: list[Run]) -> list[Run]:
    """Strike the spacing that would be left behind the last words that stand."""
    last = next((n for n in reversed(range(len(runs))) if runs[n].kind != "struck"), None)
    if last is None:
        return runs
    if runs[last].kind == "inserted":
        return [*runs[:last], Run("inserted", runs[last].text.rstrip()), *runs[last + 1 :]]
    words = runs[last].text.rstrip()
    spacing = runs[last].text[len(words) :]
    end = [Run("kept", words)] if words else []
    struck = "".join([spacing, *(run.text for run in runs[last + 1 :])])
    return [*runs[:last], *end, *([Run("struck", struck)] if struck else [])]


def _as_number(shown: str) -> str:
    """Return a stated number as a clause starts: `Section 5.`, `5.0`, `(b)`."""
    return f"{shown}." if re.search(r"[A-Za-z]\s+\S+$|^\d+$", shown) else shown


@attrs.frozen
class _Finding:
    """The words of a text as one row of keys, in which rows of words are found."""

    words: Words
    joined: str
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Finding:
        words = cut(text)
        keys = [_key(key) for key in words.keys]
        starts = tuple(accumulate((len(key) + 1 for key in keys), initial=0))
        return cls(words, "\0" + "".join(f"{key}\0" for key in keys), starts)

    def places(self, wanted: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return where a row of words stands in a stretch of the text: two places at most."""
        keys = [_key(key) for key in cut(wanted).keys if key]
        row = "\0" + "".join(f"{key}\0" for key in keys)
        found: list[tuple[int, int]] = []
        if not keys or not self.words.keys:
            return found
        at = self.starts[self.words.index_at(start)]
        while len(found) < 2 and (at := self.joined.find(row, at)) >= 0:  # noqa: PLR2004
            n = bisect_left(self.starts, at)
            first, last = self._begin(n), self.words.ends[n + len(keys) - 1]
            if last > end:
                break
            if first >= start:
                found.append((first, last))
            at += 1
        return found

    def _begin(self, n: int) -> int:
        start, end = self.words.bounds[n], self.words.ends[n]
        return end - len(self.words.text[start:end].lstrip())


def _key(key: str) -> str:
    return key.removeprefix("§") or key
