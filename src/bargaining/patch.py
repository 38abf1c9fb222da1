"""Exact patches: one text as a delta against another, with the digests of both.

Strategy: the delta is diff-match-patch's own compact form, made from a word alignment so that it
costs what changed and not the square of the text. diff-match-patch checks no base (its fuzzy apply
reports success on a wrong one, and its delta decoder only counts), so a patch carries the SHA-256
of both texts in UTF-8 and `apply` checks both.

This module does not know what the texts are or where patches are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import Any

import attrs

from bargaining.align import Block, match
from bargaining.errors import DigestError, PaperError
from bargaining.words import Row, Words, cut


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
    return Patch(*digests, delta=_machine().diff_toDelta(list(_edits(cut(old), cut(new)))))


def apply(patch: Patch, old: str) -> str:
    """Return the text that `patch` makes of `old`.

    Raises:
        DigestError: `old` is not the text that the patch was made against, or the delta does not
            lead to the text that it was made for.
    """
    if digest(old) != patch.old:
        raise DigestError("The patch was made against another text.", hint="Run `bargain verify`.")
    try:
        edits = _machine().diff_fromDelta(old, patch.delta)
        new: str = "".join(data for op, data in edits if op >= 0)
    except (ValueError, UnicodeError) as error:
        raise DigestError("The patch is damaged.", hint="Run `bargain verify`.") from error
    if digest(new) != patch.new:
        raise DigestError("The patch leads to another text.", hint="Run `bargain verify`.")
    return new


@cache
def _machine() -> Any:  # noqa: ANN401 - diff-match-patch has no types
    # Imported where it is used: asking for help needs no patches.
    from diff_match_patch import diff_match_patch  # noqa: PLC0415

    return diff_match_patch()


def _edits(old: Words, new: Words) -> Iterator[tuple[int, str]]:
    """Yield diff-match-patch edits (-1 strike, 0 keep, 1 insert) over exact characters."""
    at = Block(0, 0, 0)
    for block in (*match(_exact(old), _exact(new)), Block(len(old), len(new), 0)):
        struck = old.slice(at.old + at.size, block.old)
        inserted = new.slice(at.new + at.size, block.new)
        kept = old.slice(block.old, block.old + block.size)
        yield from ((op, data) for op, data in ((-1, struck), (1, inserted), (0, kept)) if data)
        at = block


def _exact(words: Words) -> Row:
    keys = [words.slice(i, i + 1) for i in range(len(words))]
    return Row(tuple(keys), words.row.starts)
