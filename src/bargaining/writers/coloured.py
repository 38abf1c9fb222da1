"""Coloured: a revision with the proposer of every word, as bargaining teams mark a copy by hand.

Strategy: the text is the newer side of a redline, so it has the same paragraphs as every redline,
and what was changed since the last paper is what that redline inserts. A second redline, against
the last paper of the other side, tells which words stand in both sides' last papers. One value
for all who write it.

This module knows no formats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import attrs

from bargaining.model import Origin, Redline, RedlineRun, Revision
from bargaining.text.spelling import MARKER
from bargaining.views.status import last_of_sides, said_since, side_named, unclear_sides
from bargaining.writers.letters import PartyLetters
from bargaining.writers.sentences import origin_words

if TYPE_CHECKING:
    from bargaining.chain import Chain

_NUMBER: Final = re.compile(rf"\s*(?:{MARKER}|•)\s*")
_ENDS: Final = re.compile(r"(?<=\n)(?!\Z)")  # where a paragraph starts
_WORD: Final = re.compile(r"[^\W_]+(?:[.,'’][^\W_]+)*")
AGREED: Final = "✓"  # behind a sign: the words stand in both sides' last papers


@attrs.frozen
class Stretch:
    r"""Words of one origin that are shown alike.

    Attributes:
        text: the words with their spacing; a line feed ends a paragraph.
        clause: their address.
        origin: who could have proposed them; None for signs that are only written otherwise.
        changed: True for words that the last paper on file before this one does not have there.
        agreed: True for proposed words that stand in the last papers of both sides.
        struck: True for words that were dropped by then.
    """

    text: str
    clause: str
    origin: Origin | None
    changed: bool = False
    agreed: bool = False
    struck: bool = False

    @property
    def is_plain(self) -> bool:
        """True for words that are certainly of the base and stand, and for what is no word."""
        origin = self.origin
        base = origin is None or (origin.certain and origin.candidates[0].is_base)
        return (base or not self.words) and not self.struck

    @property
    def words(self) -> int:
        """How many words and figures it has."""
        return len(_WORD.findall(self.text))


@attrs.frozen
class Coloured:
    """A revision, coloured by proposer.

    Attributes:
        revision: the revision.
        chain: the name of its document.
        title: the title lines of its paper.
        stretches: its words, in reading order.
        hands: the letters of the parties.
        since: the last paper on file before it, or the base; None where there is none.
        other: the last paper of another side, on file before it, if there is one.
        notes: for each origin that is not certain, the sentence that says what it may be.
        papers: the revisions that a sign names, by rung.
        struck: whether dropped words are shown.
    """

    revision: Revision
    chain: str
    title: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    letters: PartyLetters
    since: Revision | None
    other: Revision | None
    notes: tuple[tuple[Origin, str], ...]
    papers: tuple[Revision, ...]
    struck: bool

    @property
    def text(self) -> str:
        """Its text without dropped words, as a redline sets it."""
        return "".join(one.text for one in self.stretches if not one.struck)

    @property
    def heading(self) -> str:
        """What it is, in a few words."""
        return f"{self.revision.label}: who proposed which words"

    def sign(self, stretch: Stretch) -> str:
        """Return the few characters behind words: `R3`, `D4✓`, `R3/D4?1`; empty for the base."""
        origin = stretch.origin
        if stretch.is_plain or origin is None:
            return ""
        sign = self.letters.signs(origin.candidates)
        if not origin.certain:
            sign += f"?{[one for one, _ in self.notes].index(origin) + 1}"
        return sign + AGREED * stretch.agreed

    def summary(self) -> str:
        """Say in one sentence whose words they are."""
        counts: Counter[str] = Counter()
        for one in self.stretches:
            counts[_whose(one)] += one.words if not one.struck else 0
        every = sum(counts.values())
        told = [f"{n:,} {whose}" for whose, n in counts.most_common() if n]
        agreed = sum(one.words for one in self.stretches if one.agreed)
        also = f" {agreed:,} of them stand in the last papers of both sides." if agreed else ""
        return f"Of {every:,} words, {_listed(told)}.{also}" if told else "It has no words."


def _whose(stretch: Stretch) -> str:
    origin = stretch.origin
    if stretch.is_plain or origin is None:
        return "are of the base"
    if len({revision.party for revision in origin.candidates}) > 1:
        return "may be of several"
    party = origin.candidates[0].party
    return f"were proposed by {party}" if party else "were proposed by a party not stated"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _last_of_other(chain: Chain, revision: Revision) -> Revision | None:
    """Return the last paper of the other side before a revision, if that is its last word."""
    earlier = [r for r in chain if r.rung < revision.rung and r.party is not None]
    others = [r for r in earlier if side_named(r) != side_named(revision)]
    found = last_of_sides(others)[-1:]
    if not found or said_since(earlier, [*found, revision]) or any(unclear_sides(chain)):
        return None
    return found[0]


def coloured(chain: Chain, which: Revision | str | int, *, struck: bool = False) -> Coloured:
    """Return a revision with the proposer of every word.

    Args:
        chain: the document.
        which: the revision.
        struck: also show, in their place, the words that were dropped by then.

    Raises:
        NotFoundError: there is no such revision.
        NotOnFileError: its text is not on file.
    """
    revision = chain.revision(which)
    before = [] if revision.is_base else [r for r in chain if r.on_file and r.rung < revision.rung]
    known = chain.base_known != "unknown" and not revision.is_base
    since = before[-1] if before else chain.base if known else None
    other = _last_of_other(chain, revision)
    first = chain.base if known else before[0] if before else None
    start = (first if struck else since) or revision
    redline = chain.redline(start, revision, all_rounds=struck)
    standing = _standing(chain.redline(other, revision)) if other and revision.party else ()
    stretches = tuple(_joined(_stretches(redline, revision, standing, struck=struck)))
    named = {r.rung: r for one in stretches if (o := one.origin) for r in o.candidates}
    return Coloured(
        revision=revision,
        chain=chain.name,
        title=redline.title,
        stretches=stretches,
        letters=PartyLetters.of(dict.fromkeys(r.party for r in chain if r.party is not None)),
        since=since,
        other=other if standing else None,
        notes=tuple(_notes(chain, stretches)),
        papers=tuple(named[rung] for rung in sorted(named) if not named[rung].is_base),
        struck=struck,
    )


def _standing(redline: Redline) -> tuple[tuple[int, int], ...]:
    """Return where words of the newer text stand in the older one, too, wherever that is."""
    found: list[tuple[int, int]] = []
    at = 0
    for run in redline:
        if run.in_new:
            if run.kind == "kept" or run.moved is not None:
                found.append((at, at + len(run.text)))
            at += len(run.text)
    return tuple(found)


def _stretches(
    redline: Redline,
    revision: Revision,
    standing: Sequence[tuple[int, int]],
    *,
    struck: bool,
) -> Iterator[Stretch]:
    at, starts = 0, True  # whether a paragraph starts here
    for run in redline:
        if run.in_new:
            changed = _is_changed(run, revision)
            for start, end, agreed in _parted(at, at + len(run.text), standing):
                for text in _ENDS.split(run.text[start - at : end - at]):
                    origin = None if starts and _NUMBER.fullmatch(f"{text} ") else run.origin
                    one = Stretch(text, run.clause, origin, changed and origin is not None)
                    yield attrs.evolve(one, agreed=agreed and not one.is_plain)
                    starts = text.endswith("\n") or (starts and not text.strip())
            at += len(run.text)
        elif struck and run.origin is not None and run.moved is None and run.text.strip():
            whole = starts and run.text.endswith("\n")
            text = run.text if whole else run.text.replace("\n", " ")
            if not (starts and _NUMBER.fullmatch(f"{text} ")):  # the number of a clause is nobody's
                yield Stretch(text, run.clause, run.origin, struck=True)


def _is_changed(run: RedlineRun, revision: Revision) -> bool:
    """True for words that came in this very revision."""
    if run.kind != "inserted" or run.origin is None:
        return False
    return run.inserted is None or run.inserted.revision.rung == revision.rung


def _parted(
    start: int, end: int, standing: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, bool]]:
    """Cut a range where words begin or cease to stand in another text."""
    at = start
    for first, last in standing:
        if last <= at or first >= end:
            continue
        if first > at:
            yield at, first, False
        yield max(first, at), min(last, end), True
        at = min(last, end)
    if at < end:
        yield at, end, False


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    for _, alike in groupby(stretches, key=lambda one: attrs.evolve(one, text="")):
        row = list(alike)
        yield attrs.evolve(row[0], text="".join(one.text for one in row))


def _notes(chain: Chain, stretches: Sequence[Stretch]) -> Iterator[tuple[Origin, str]]:
    """Yield what is said of each origin that is not certain, in reading order."""
    missing = tuple(revision for revision in chain if not revision.on_file)
    found: dict[Origin, str] = {}
    for one in stretches:
        if one.origin is not None and not one.origin.certain:
            found.setdefault(one.origin, origin_words(one.origin, "", missing))
    for origin, said in found.items():
        yield origin, f"{said[0].upper()}{said[1:]}."


def lines(stretches: Iterable[Stretch]) -> Iterator[list[Stretch]]:
    """Cut words into paragraphs, without the line feeds; empty ones are left out."""
    row: list[Stretch] = []
    for one in stretches:
        first, *rest = one.text.split("\n")
        row.append(attrs.evolve(one, text=first))
        for text in rest:
            yield from [row] if any(each.text.strip() for each in row) else []
            row = [attrs.evolve(one, text=text)]
    if any(each.text.strip() for each in row):
        yield row


def legend(copy: Coloured) -> Iterator[tuple[str, str]]:
    """Yield how the words of a copy are shown, and what that means: only what it has."""
    stretches = copy.stretches
    if any(one.is_plain and one.text.strip() for one in stretches):
        yield "plain", "language of the base"
    if any(one.changed for one in stretches):
        yield "changed", f"changed since {copy.since.label if copy.since else 'before'}"
    if any(one.agreed for one in stretches) and copy.other:
        yield "agreed", f"stands in {copy.revision.label} and in {copy.other.label}"
    if any(one.struck for one in stretches):
        yield "struck", "dropped by then, in the colour of whoever proposed it"
    if copy.notes:
        yield "open", "not certain: see the notes at the end"
