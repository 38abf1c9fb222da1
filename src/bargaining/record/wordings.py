"""Wordings: in which of thousands of documents a wording can stand, without reading them.

Strategy: every text is taken as its letters and digits, as `search` compares them, and these as all
rows of three. A text that holds a wording holds all its threes, so that nothing is missed; what
holds them all is then asked itself. An index of threes is kept for every document, by SQLite's FTS5
in a folder of the user's own, or on the server beside the record.

This module knows texts and sets; who keeps them is for a `Finder`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from typing import Final, Protocol

from bargaining.model import Paper
from bargaining.text.words import fold

EDITION: Final = "2"  # to be raised whenever letters are told otherwise
_SIZE: Final = 3  # letters
_ASKED: Final = 48  # threes of one wording; more do not tell more
_PARAGRAPH: Final = "\n\n"
_WORD: Final = 4  # letters of a word by which near misses are sought
_NEAR: Final = 12  # documents in which near misses are sought


class Finder(Protocol):
    """An index of documents by the threes in them."""

    def find(self, threes: Collection[str]) -> set[str]:
        """Return the keys of the documents that hold all of these."""


class SharedFinder(Finder, Protocol):
    """An index that lies beside the rows, for all who ask; what it was once given stays in it."""

    def keep(self, key: str, threes: Collection[str]) -> None:
        """Keep what a document holds, beside what was kept of it before."""

    def lacks(self, key: str, threes: Collection[str]) -> bool:
        """True when not all of what a document holds was kept."""

    def documents(self) -> Iterator[str]:
        """Yield the key of every document of which something was kept."""


def key_of(name: str) -> str:
    """Return the key of a document: plain, however its name is written."""
    return keys_of(name)[0]


def keys_of(name: str) -> tuple[str, str]:
    """Return the keys of a document in this edition and in the first."""
    first = sha256(name.encode()).hexdigest()
    return f"{EDITION}:{first}", first


def readings(paper: Paper) -> Iterator[str]:
    """Yield every text in which a wording of a paper is looked for.

    These are its text, the text that its marks are against, and all that is not inserted.
    """
    yield paper.text
    if any(run.kind != "kept" for run in paper.runs):
        yield "".join(run.text for run in paper.runs if run.kind in {"kept", "struck"})
        yield "".join(run.text for run in paper.runs if run.kind != "inserted")


def threes_of_papers(papers: Iterable[Paper]) -> set[str]:
    """Return the threes of all texts in which a wording of some papers is looked for."""
    return threes_of(text for paper in papers for text in readings(paper))


def threes_of(texts: Iterable[str]) -> set[str]:
    """Return the threes of texts that have most paragraphs in common, as words of an index."""
    folded: dict[str, str] = {}
    edges: set[str] = set()
    for text in texts:
        paragraphs = text.split(_PARAGRAPH)
        for paragraph in paragraphs:
            if paragraph not in folded:
                folded[paragraph] = fold(paragraph)
        edges |= _edges([folded[one] for one in paragraphs if folded[one]])
    rows = {*folded.values(), *edges}
    return {_word(row[n : n + _SIZE]) for row in rows for n in range(len(row) - _SIZE + 1)}


def _edges(folded: list[str]) -> set[str]:
    """Return the letters on both sides of where each paragraph ends."""
    found: set[str] = set()
    before = ""
    for one in folded:
        found.add(before + one[: _SIZE - 1])
        before = (before + one)[1 - _SIZE :]
    return found


def _word(three: str) -> str:
    """Return a three as letters and digits of ASCII, which every index takes as one word."""
    return three.encode().hex()


def wanted(wording: str) -> list[str]:
    """Return the threes by which a wording is sought; none where it is too short to be."""
    found = sorted(threes_of([wording]))
    return found[:: -(-len(found) // _ASKED)] if found else []


def nearest(wording: str, finder: Finder) -> list[str]:
    """Return the keys of the documents that hold the most words of a wording, the best first."""
    held: Counter[str] = Counter()
    for word in dict.fromkeys(fold(one) for one in wording.split()):
        if len(word) >= _WORD:
            held.update(finder.find(wanted(word)))
    ranked = sorted(held, key=lambda key: (-held[key], key))
    return ranked[:_NEAR]
