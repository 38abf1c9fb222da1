"""Instructions: which paragraphs of a paper say what to change in another text.

Strategy: a paper is cut into paragraphs and list items. Each is read by the grammar (`grammar`);
what follows a paragraph that ends with *the following* is the text that comes, up to the next
instruction or heading. A paper that mostly gives instructions is no whole text, and is refused as
one; a paragraph of another paper that reads like one is doubted.

This module knows one paper; `amending` does what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, Protocol

import attrs

from bargaining.errors import PaperError
from bargaining.model import Doubt, Paper, RunKind
from bargaining.readers.addresses import key_of
from bargaining.readers.doubts import TextLines, shorten
from bargaining.readers.grammar import (
    CLOSES,
    OPENS,
    Sentence,
    parse,
)
from bargaining.readers.layout import is_heading, is_item

_SHOWN: Final = 200  # code points of the paper that a message is made of
INSTRUCTION: Final = "instruction"  # the kind of doubt that a reader raises for one
_SHARE: Final = 3  # one word in so many makes a paper one of instructions
_MARKED_MOST: Final = 300  # code points of marked words that may stand for quoted ones
HEADING_MOST: Final = 12  # words
_QUOTES: Final = "“”\"'‘’«»„‹›"


class Marked(Protocol):
    """Text under one mark, of a paper or of what it is read from."""

    @property
    def kind(self) -> RunKind:
        """The mark."""

    @property
    def text(self) -> str:
        """The text."""


@attrs.frozen
class Block:
    """A paragraph or list item of a paper, and what it tells to do.

    Attributes:
        start: where it starts in the paper's text.
        end: where it ends.
        text: its text on one line.
        sentence: what it tells; without instructions where it tells nothing.
    """

    start: int
    end: int
    text: str
    sentence: Sentence

    @property
    def tells(self) -> bool:
        """True where it gives instructions."""
        return self.sentence.is_plain


def blocks_of(text: str, runs: Iterable[Marked]) -> tuple[Block, ...]:
    """Cut a paper into its paragraphs and list items, each read as instructions.

    Args:
        text: its text.
        runs: the same with its marks: words that it marks may be meant, where it quotes none.
    """
    plain, marked = text.split("\n"), _with_signs(runs).split("\n")
    starts = list(accumulate((len(line) + 1 for line in plain), initial=0))
    found: list[Block] = []
    for first, last in _paragraphs(plain):
        one = " ".join(" ".join(plain[first:last]).split())
        sentence = parse(one)
        signed = " ".join(" ".join(marked[first:last]).split())
        if signed != one and (not sentence.is_plain or sentence.rest):
            other = parse(signed)
            better = other.is_plain and (not sentence.is_plain or not other.rest)
            sentence = other if better else sentence
        found.append(Block(starts[first], starts[last] - 1, one, sentence))
    return tuple(found)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of lines that are one paragraph or list item."""
    first: int | None = None
    for n, line in enumerate([*lines, ""]):
        if first is not None and (not line.strip() or is_item(line)):
            yield first, n
            first = None
        if line.strip() and first is None:
            first = n


def _with_signs(runs: Iterable[Marked]) -> str:
    """Return a paper with its marked words between signs; its lines are those of its text."""
    text: list[str] = []
    for run in runs:
        own = run.text.replace(OPENS, " ").replace(CLOSES, " ")
        stands = run.kind in {"kept", "inserted"}
        words = own.strip()
        quoted = words[:1] in _QUOTES and words[-1:] in _QUOTES if words else True
        if run.kind == "kept" or not words or "\n" in words or len(words) > _MARKED_MOST or quoted:
            text.append(own if stands else "")
        else:
            at = own.index(words)
            before, after = own[:at], own[at + len(words) :]
            if not stands:
                before, after = before.replace("\n", " "), after.replace("\n", " ")
            text += (before, OPENS, words, CLOSES, after)
    return "".join(text)


def instruction_doubts(text: str, runs: Iterable[Marked], lines: TextLines) -> Iterator[Doubt]:
    """Say which paragraphs of a paper read as instructions."""
    for block in blocks_of(text, runs):
        if block.tells:
            message = f"“{shorten(block.text)}” reads as an instruction to change another text."
            yield Doubt("instruction", message, lines.at(block.start), block.start, block.start)


def gives_instructions(paper: Paper) -> Doubt | None:
    """Return the first instruction of a paper that mostly gives instructions, if it does."""
    found = [doubt for doubt in paper.doubts if doubt.kind == INSTRUCTION]
    if not found:
        return None
    blocks = blocks_of(paper.text, paper.runs)
    words = [len(block.text.split()) for block in blocks]
    theirs = sum(
        size for block, size, body in zip(blocks, words, bodies(blocks), strict=True)
        if block.tells or body is not None
    )  # fmt: skip
    return found[0] if theirs * _SHARE >= sum(words) else None


def refuse_instructions(paper: Paper) -> None:
    """Refuse a paper that gives instructions as a whole text.

    Raises:
        PaperError: it does.
    """
    found = gives_instructions(paper)
    if found is not None:
        where = f"Line {found.line} gives" if found.line else "It gives"
        says = shorten(paper.text[found.start : found.start + _SHOWN])
        raise PaperError(
            f"{where} instructions (“{says}”): the paper is no whole text.",
            hint="File it with --amends, or --amends LABEL for another paper than the one before "
            "it. If it is text of the agreement, file it with --whole.",
        )


def bodies(blocks: Sequence[Block]) -> list[int | None]:
    """For each paragraph, which one's instruction it is the text of, if it is of any."""
    found: list[int | None] = []
    of: int | None = None
    for n, block in enumerate(blocks):
        if block.tells:
            found.append(None)
            last = block.sentence.told[-1]
            of = n if last.takes_body and last.body is None and not block.sentence.rest else None
        elif of is not None and (heads(blocks, n) or _goes_on(blocks[of], block)):
            found.append(None)
            of = None
        else:
            found.append(of)
    return found


def _goes_on(of: Block, block: Block) -> bool:
    """True for the next item of the list in which an instruction stands."""
    own, next_ = of.sentence.number, block.sentence.number
    if not own or not next_ or of.sentence.told[-1].number == key_of(next_):
        return False
    one, other = key_of(own)[-1], key_of(next_)[-1]
    if one.isdecimal() and other.isdecimal():
        return int(other) == int(one) + 1
    return len(one) == len(other) == 1 and ord(other) == ord(one) + 1


def heads(blocks: Sequence[Block], n: int) -> bool:
    """True for a heading over an instruction: it is no text that another one brings."""
    if n + 1 >= len(blocks) or not blocks[n + 1].tells:
        return False
    block, behind = blocks[n], blocks[n + 1].sentence
    if block.sentence.context is not None and not block.sentence.rest:
        return True
    short = len(block.text.split()) <= HEADING_MOST and block.text[-1:] not in {".", ";"}
    placed = behind.context is not None or any(one.clause or one.clauses for one in behind.told)
    return short and (block.text.endswith(":") or (not placed and is_heading(block.text)))
