"""Exact patches: one text as a delta against another, with the digests of both.

Strategy: the delta is diff-match-patch's own compact form, made from a word alignment so that it
costs what changed and not the square of the text. diff-match-patch checks no base (its fuzzy apply
reports success on a wrong one, and its delta decoder only counts), so a patch carries the SHA-256
of both texts in UTF-8 and `apply` checks both.

This module does not know what the texts are or where patches are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import attrs

from bargaining.errors import DigestError, PaperError
from bargaining.model import MAX_BYTES
from bargaining.text.align import Block, anchors, match
from bargaining.text.words import Row, Words, cut

_ANOTHER: Final = "The patch was made against another text."
_TOKEN: Final = re.compile(r"[^\t]+")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNITS: Final = "utf-16-le"  # what the delta's counts are of
_BLANK_LINE: Final = "\n\n"


@attrs.frozen
class Patch:
    """How to turn one text into another.

    Attributes:
        old: SHA-256 of the old text in UTF-8, in lower-case hex.
        new: SHA-256 of the new text.
        delta: diff-match-patch delta, in ASCII. Its counts are UTF-16 code units, as there.
    """

    old: str
    new: str
    delta: str


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, in lower-case hex.

    Raises:
        PaperError: `text` holds a lone surrogate, which no encoding can carry.
    """
    try:
        return sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise PaperError(
            f"The text holds a lone surrogate (U+{ord(text[error.start]):04X}) at code point "
            f"{error.start}, which is half a character and cannot be stored.",
            hint="Save the text again as UTF-8.",
        ) from error


def make(old: str, new: str) -> Patch:
    """Return the exact patch from `old` to `new`.

    Raises:
        PaperError: either text holds a lone surrogate.
    """
    digests = digest(old), digest(new)
    return Patch(*digests, delta=_machine().diff_toDelta(list(_joined(_edits(old, new)))))


def apply(patch: Patch, old: str) -> str:
    """Return the text that `patch` makes of `old`.

    Raises:
        DigestError: `old` is not the text that the patch was made against, or the delta does not
            lead to the text that it was made for.
    """
    return rebuild([patch], old)


def rebuild(patches: Iterable[Patch], old: str) -> str:
    """Return the text that patches make of `old`, one after the other.

    Patches are taken one at a time, so that no more than one need be at hand.

    Raises:
        DigestError: a patch is not against the text before it, or does not lead to its own.
    """
    at = digest(old)
    try:
        units = old.encode(_UNITS)
        for patch in patches:
            if patch.old != at:
                raise DigestError(_ANOTHER, hint="Run `bargain verify`.")
            units = b"".join(_applied(patch.delta, units))
            at = patch.new
        new = units.decode(_UNITS)
    except (ValueError, UnicodeError) as error:
        raise DigestError("The patch is damaged.", hint="Run `bargain verify`.") from error
    except MemoryError as error:
        raise DigestError("A patch asks for more memory than there is.") from error
    # Whatever went wrong on the way, the last text would be another.
    if digest(new) != at:
        raise DigestError("The patch leads to another text.", hint="Run `bargain verify`.")
    return new


def _applied(delta: str, old: bytes) -> Iterator[bytes]:
    """Yield the pieces of the new text, all in UTF-16.

    As diff-match-patch's own decoder, but for what is struck, which is not looked at, and for edits
    of nothing and two of one kind in a row, which are refused.

    Raises:
        ValueError: the delta is damaged or does not fit the length of the text.
    """
    at = grown = 0
    before = ""
    for found in _TOKEN.finditer(delta):
        token = found[0]
        if token[0] == "+":
            new = _PERCENT.sub(_percent, token[1:]) if "%" in token else token[1:]
            piece = new.encode(_UNITS)
            size = 0
        else:
            size = 2 * int(token[1:])
            piece = old[at : at + size] if token[0] == "=" else b""
        if token[0] not in "+=-" or token[0] == before or size < 0 or not (piece or size):
            raise ValueError(token[:1])
        before = token[0]
        at += size
        grown += len(piece)
        if grown > 2 * MAX_BYTES or at > len(old):
            raise ValueError("no text that was read is so long")
        yield piece
    if at != len(old):
        raise ValueError("the delta is for a text of another length")


def _percent(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode()


@cache
def _machine() -> Any:  # noqa: ANN401 - diff-match-patch has no types
    # Imported where it is used: asking for help needs no patches.
    from diff_match_patch import diff_match_patch  # noqa: PLC0415

    return diff_match_patch()


_Edit = tuple[int, str]  # diff-match-patch's: -1 strike, 0 keep, 1 insert; and what


def _edits(old: str, new: str) -> Iterator[_Edit]:
    """Yield edits over exact characters: by paragraphs first, and by words where those differ."""
    ours, theirs = _paragraphs(old), _paragraphs(new)
    at = Block(0, 0, 0)
    for block in (*anchors(ours, theirs), Block(len(ours), len(theirs), 0)):
        struck = "".join(ours[at.old + at.size : block.old])
        inserted = "".join(theirs[at.new + at.size : block.new])
        yield from _words_edited(cut(struck), cut(inserted))
        yield 0, "".join(ours[block.old : block.old + block.size])
        at = block


def _joined(edits: Iterable[_Edit]) -> Iterator[_Edit]:
    """Join edits of one kind that follow each other, and leave out what is empty."""
    for op, group in groupby(filter(itemgetter(1), edits), key=itemgetter(0)):
        yield op, "".join(text for _, text in group)


def _paragraphs(text: str) -> list[str]:
    *parts, last = text.split(_BLANK_LINE)
    return [*(part + _BLANK_LINE for part in parts), last]


def _words_edited(old: Words, new: Words) -> Iterator[_Edit]:
    at = Block(0, 0, 0)
    blocks = match(_exact(old), _exact(new)) if old.text and new.text else ()
    for block in (*blocks, Block(len(old), len(new), 0)):
        yield -1, old.slice(at.old + at.size, block.old)
        yield 1, new.slice(at.new + at.size, block.new)
        yield 0, old.slice(block.old, block.old + block.size)
        at = block


def _exact(words: Words) -> Row:
    keys = [words.slice(i, i + 1) for i in range(len(words))]
    return Row(tuple(keys), words.row.starts)
