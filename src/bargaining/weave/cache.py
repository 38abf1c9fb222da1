"""The cache: what was worked out once, kept for the next question.

Strategy: the weave of a chain, its clauses and the doubts about its base follow from its papers
alone, so they are kept under a digest of what tells those papers from all others, in their order.
Whatever is on a cache can be thrown away, and is worked out again. What cannot be read, or was
written by another edition of the algorithms, counts as not there.

This module does not know where a cache stands. Whoever hands one in must trust what is on it: a
record from another hand brings none.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, Protocol
from unicodedata import unidata_version

import attrs

from bargaining.text.clauses import Outline
from bargaining.text.spelling import edition
from bargaining.weave.odds import Kind
from bargaining.weave.strands import Source, Strand, Struck, Weave

# To be raised whenever spelling, words, align, strands, recall, weave or clauses answer otherwise.
EDITION: Final = 5
_HOW: Final[tuple[Source, ...]] = ("", "moved", "restored", "perhaps")


class Cache(Protocol):
    """Where bytes are kept under names made of letters and digits."""

    def get(self, key: str) -> bytes | None:
        """Return what was put there, or None."""

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`; a cache that cannot does nothing."""

    def drop(self, key: str) -> None:
        """Forget what was put there, if anything was."""


@attrs.frozen(eq=False)
class Kept:
    """What is kept of a chain.

    Attributes:
        weave: its weave.
        outlines: the clauses of each state.
        doubts: half-open ranges of words of the declared base, each with the number of the doubt
            of the declaring paper that it is in.
    """

    weave: Weave
    outlines: tuple[Outline, ...]
    doubts: tuple[tuple[int, int, int], ...] = ()


def key_of(names: Iterable[str]) -> str:
    """Return the key for what follows from papers that are told by these names, in this order."""
    # Which characters are letters depends on Python's Unicode tables, and so do words.
    head = f"bargaining shelf {EDITION}, Unicode {unidata_version}"
    return sha256("\n".join([head, *names]).encode()).hexdigest()


def pack(key: str, kept: Kept) -> bytes:
    """Write what is to be kept under a key, with the key and a digest in front."""
    weave = kept.weave
    addresses: dict[str, int] = {}
    outlines = [
        [
            [b - a for a, b in pairwise((0, *outline.starts))],
            [addresses.setdefault(address, len(addresses)) for address in outline.addresses],
        ]
        for outline in kept.outlines
    ]
    keys = "\n".join(weave.keys)
    values = {
        "keys": keys,
        "visible": edition(
            keys
        ),  # which characters are one depends on the library, and so do words
        "words": len(weave.keys),
        "states": weave.states,
        "strands": [_strand_row(strand) for strand in weave.strands],
        "like": [
            [strand.first, *attrs.astuple(strand.like)]
            for strand in weave.strands
            if strand.like is not None
        ],
        "struck": [[row.state, row.left, row.right, _ranges(row.numbers)] for row in weave.struck],
        "addresses": list(addresses),
        "outlines": outlines,
        "doubts": kept.doubts,
    }
    data = zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)
    return _head(key, data) + data


def _head(key: str, data: bytes) -> bytes:
    return f"{key} {sha256(data).hexdigest()}\n".encode()


def _strand_row(strand: Strand) -> list[int]:
    turns = [value for turn in strand.life for value in turn]
    how = _HOW.index(strand.how)
    return [strand.first, strand.size, how, len(strand.life), *turns, *strand.sources]


def _ranges(numbers: Sequence[int]) -> list[int]:
    """Write numbers as the first and the size of each row of them."""
    ends = [n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1] + 1]
    rows = pairwise([0, *ends, len(numbers)])
    return [value for start, end in rows for value in (numbers[start], end - start)]


def unpack(key: str, packed: bytes | None) -> Kept | None:
    """Read what was kept under a key; None when there is nothing, or not that, or it is damaged."""
    head, _, data = (packed or b"").partition(b"\n")
    if head + b"\n" != _head(key, data):
        return None
    try:
        values = json.loads(zlib.decompress(data))
        if values["visible"] != edition(values["keys"]):
            return None
        return Kept(
            _weave(values),
            tuple(_outlines(values)),
            tuple((start, end, n) for start, end, n in values["doubts"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None


def _weave(values: dict[str, Any]) -> Weave:
    keys = values["keys"].split("\n") if values["words"] else []
    if len(keys) != values["words"]:
        raise ValueError("words are missing")
    like = {first: Kind(*kind) for first, *kind in values["like"]}
    strands = [
        Strand(
            first,
            size,
            [(rest[n], rest[n + 1]) for n in range(0, 2 * turns, 2)],
            tuple(rest[2 * turns :]),
            _HOW[how],
            like.get(first),
        )
        for first, size, how, turns, *rest in values["strands"]
    ]
    struck = [
        Struck(state, tuple(_numbers(ranges)), left, right)
        for state, left, right, ranges in values["struck"]
    ]
    return Weave(keys, strands, struck, values["states"])


def _numbers(ranges: Sequence[int]) -> Iterable[int]:
    for n in range(0, len(ranges), 2):
        yield from range(ranges[n], ranges[n] + ranges[n + 1])


def _outlines(values: dict[str, Any]) -> Iterable[Outline]:
    addresses = values["addresses"]
    for steps, names in values["outlines"]:
        at = 0
        starts = [at := at + step for step in steps]
        yield Outline(tuple(starts), tuple(addresses[n] for n in names))
