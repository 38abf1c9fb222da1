"""Bits: the words of one paragraph under one mark each, and the spacing between them.

Strategy: a redline's runs hold their spacing, as the texts need it. A reader wants the marks around
words, and the spacing between the marks: what was struck set apart from what stands in its place.

This module knows no formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from bargaining.model import RunKind


@attrs.frozen
class MarkedWords:
    """Neighbouring words under one mark.

    Attributes:
        kind: kept, struck, inserted or dropped.
        text: the words, with the spacing around them or without.
        note: what is said of them behind the mark.
        style: how they are shown, where that is not told by their kind.
    """

    kind: RunKind
    text: str
    note: str = ""
    style: str = "plain"


_NOTHING = MarkedWords("kept", "")


def parted(bits: Iterable[MarkedWords], *, loose: bool = True) -> Iterator[tuple[str, MarkedWords]]:
    """Yield the words of each bit without the spacing around them, behind the gap before them.

    Args:
        bits: the bits of a paragraph.
        loose: also part struck words from those in their place, where spacing stands before both.
    """
    before, lead = _NOTHING, True  # the words before these, and whether a gap is before the marks
    for gap, bit in _trimmed(bits):
        if before.kind == "kept":
            lead = bool(gap or not before.text)
        yield gap or (" " if loose and _is_apart(before, bit, lead=lead) else ""), bit
        before = bit


def _trimmed(bits: Iterable[MarkedWords]) -> Iterator[tuple[str, MarkedWords]]:
    gap = ""
    for bit in bits:
        core = bit.text.strip()
        head = bit.text[: len(bit.text) - len(bit.text.lstrip())]
        gap = head if not gap or "\n" in head else gap
        if core:
            yield gap, attrs.evolve(bit, text=core)
            gap = bit.text[len(bit.text.rstrip()) :]


def _is_apart(before: MarkedWords, bit: MarkedWords, *, lead: bool) -> bool:
    """True for words in the place of others, and for words of neither text, which have no gap."""
    if bit.kind != "kept" != before.kind != bit.kind and lead:
        return any(map(str.isalnum, bit.text))
    is_glued = before.text[-1:].isalnum() and bit.text[0].isalnum()
    return is_glued and "dropped" in {before.kind, bit.kind}
