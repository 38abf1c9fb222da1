"""The woven chain: the weave of a chain, and what its states mean.

Strategy: a state is a text of the chain in bargaining order, the base first where it is known. Each
knows its revision, the candidates for what is new in it (itself, and every rung before it back to
the last text on file), and its clauses. What the marks of the first paper declare of the base is
worked out here as well. Texts are loaded when something needs them; what was worked out once may be
kept on a cache.

This module knows papers and texts, but no questions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal

import attrs

from bargaining.model import Doubt, Event, Origin, Paper, Revision, Run
from bargaining.patch import digest
from bargaining.text.align import Block
from bargaining.text.clauses import Outline, outline
from bargaining.text.words import Row, Words, cut
from bargaining.weave.cache import Cache, Kept, key_of, pack, unpack
from bargaining.weave.strands import Weave
from bargaining.weave.weaver import Weaver

BaseKnown = Literal["filed", "declared", "unknown"]


@attrs.frozen(eq=False, slots=False)
class Rung:
    """A revision and what is on file of it.

    Attributes:
        revision: the revision.
        load: returns what its paper says; None when its text is not on file.
        is_marked: whether its paper is marked; None to find out by loading it.
        stated: what tells its paper from every other (a digest); None to work it out.
        raised: the doubts of its paper; None to find out by loading it.
    """

    revision: Revision
    load: Callable[[], Paper] | None = None
    is_marked: bool | None = None
    stated: str | None = None
    raised: tuple[Doubt, ...] | None = None

    @classmethod
    def of(cls, revision: Revision, paper: Paper | None) -> Rung:
        """Make a rung of a paper that is at hand, or of none."""
        return cls(revision) if paper is None else cls(revision, lambda: paper)

    @property
    def on_file(self) -> bool:
        """True when its text is on file."""
        return self.load is not None

    @cached_property
    def paper(self) -> Paper | None:
        """What its paper says, or None when that is not on file."""
        return None if self.load is None else self.load()

    @cached_property
    def text(self) -> str | None:
        """Its text, or None when that is not on file."""
        return None if self.paper is None else self.paper.text

    @cached_property
    def marked(self) -> Paper | None:
        """Its paper, if that is marked."""
        paper = self.paper if self.is_marked is not False else None
        return paper if paper is not None and paper.is_marked else None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What its paper leaves in doubt."""
        if self.raised is not None:
            return self.raised
        return () if self.paper is None else self.paper.doubts

    @cached_property
    def known_by(self) -> str:
        """What tells its paper from every other."""
        return digest(repr(self.paper)) if self.stated is None else self.stated


@attrs.frozen(eq=False, slots=False)
class State:
    """One text of the chain.

    Attributes:
        revision: whose text it is.
        candidates: the revisions that could have brought what is new here, ending with `revision`.
        paper: returns what its paper says.
        kept: its clauses, where they were worked out before.
    """

    revision: Revision
    candidates: tuple[Revision, ...]
    paper: Callable[[], Paper]
    kept: Outline | None = None

    def text(self) -> str:
        """Return the text."""
        return self.paper().text

    @cached_property
    def words(self) -> Words:
        """The text, cut into words."""
        return cut(self.text())

    @cached_property
    def outline(self) -> Outline:
        """Its clauses, by words."""
        if self.kept is not None:
            return self.kept
        return outline(self.words.text, self.words.ends, dict(self.paper().levels))

    def clause(self, word: int) -> str:
        """Return the address of the word with this index."""
        return self.outline.at(word)


@attrs.frozen(eq=False)
class Witness:
    """Words that a paper strikes: they were on the table before it.

    Attributes:
        rung: the rung of that paper.
        keys: the words' keys.
        earlier: the rungs before it whose texts are not on file, and the base if that is not.
    """

    rung: int
    keys: tuple[str, ...]
    earlier: tuple[Revision, ...]


@attrs.frozen(eq=False, slots=False)
class Woven:
    """The weave of a chain and what its states mean.

    Attributes:
        states: the texts in bargaining order; the first is the base, unless that is unknown.
        weave: the strands of those texts.
        base: how the base is known.
        declaring: the state of the paper whose marks declare the base; 0 when none does.
        doubts: half-open ranges of words of the declared base that are in doubt, rising.
        witnesses: what papers strike that may have stood in texts that are not on file.
        origins: the origins worked out so far, by state, for states whose words all have the same.
        told: the origins and histories told so far, by the number of the word.
    """

    states: tuple[State, ...]
    weave: Weave
    base: BaseKnown
    declaring: int = 0
    doubts: tuple[tuple[int, int, Doubt], ...] = ()
    witnesses: tuple[Witness, ...] = ()
    origins: dict[int, Origin] = attrs.field(factory=dict, repr=False)
    told: dict[int, tuple[Origin, tuple[Event, ...]]] = attrs.field(factory=dict, repr=False)

    @property
    def first_rung(self) -> int:
        """The number of the first state that is a rung."""
        return 0 if self.base == "unknown" else 1

    @cached_property
    def same(self) -> dict[int, list[int]]:
        """The words that are certainly one word, moved or brought back: the others by the first."""
        found: dict[int, list[int]] = {}
        for strand in self.weave.strands:
            for number in range(strand.first, strand.first + strand.size) if strand.how else ():
                roots = self.weave.roots(number)
                if len(roots) == 1:
                    found.setdefault(roots[0], []).append(number)
        return found

    def doubt(self, number: int) -> Doubt | None:
        """Return the doubt about a word of the declared base, if there is one."""
        n = bisect_right(self.doubts, number, key=lambda doubt: doubt[0]) - 1
        return self.doubts[n][2] if n >= 0 and number < self.doubts[n][1] else None


def declaring(rungs: Iterable[Rung]) -> Rung | None:
    """Return the earliest marked paper, unless its marks are against a text on file before it.

    That is so when what it rejects is that text, with or without the words that it leaves in
    doubt, which may be unmarked insertions.
    """
    before: list[Rung] = []
    for rung in rungs:
        if rung.marked is not None:
            texts = {cut(earlier.text or "").keys for earlier in before}
            against = texts and any(keys in texts for keys in _declared(rung.marked))
            return None if against else rung
        before.append(rung)
    return None


def build(
    revisions: Sequence[Revision],
    woven: Sequence[Rung],
    *,
    base: BaseKnown,
    declaring: Rung | None,
    cache: Cache | None = None,
) -> Woven:
    """Weave a chain, or take from the cache what was woven before.

    Args:
        revisions: every revision of the chain, by rung; the base first.
        woven: those whose texts are known, in order; the base first, unless it is unknown.
        base: how the base is known.
        declaring: whose marks declare the base, if that is how it is known.
        cache: where what was worked out is kept, if anywhere.
    """
    at = woven.index(declaring) if declaring is not None else 0
    paper = declaring.marked if declaring is not None and at == 1 else None
    states = tuple(_states(revisions, woven))
    kept = (
        _woven(states, paper, None)
        if cache is None
        else _kept(states, paper, [f"{base} {at}", *_names(woven, declaring)], cache)
    )
    return Woven(
        states=tuple(
            attrs.evolve(state, kept=own) for state, own in zip(states, kept.outlines, strict=True)
        ),
        weave=kept.weave,
        base=base,
        declaring=at,
        doubts=tuple((a, b, paper.doubts[n]) for a, b, n in kept.doubts) if paper else (),
        witnesses=tuple(_witnesses(revisions, woven)),
    )


def _names(woven: Sequence[Rung], declaring: Rung | None) -> Iterator[str]:
    """What tells the papers from all others; a declared base follows from the paper's name."""
    return (rung.known_by for rung in (woven if declaring is None else woven[1:]))


def _kept(states: Sequence[State], paper: Paper | None, names: Sequence[str], cache: Cache) -> Kept:
    """Take the weave from the cache, or weave what is missing there."""
    key, before = key_of(names), key_of(names[:-1])
    kept = _of_length(unpack(key, cache.get(key)), len(states))
    if kept is None:
        # Filing adds one paper at a time: what was before it is there, most often.
        earlier = _of_length(unpack(before, cache.get(before)), len(states) - 1)
        kept = _woven(states, paper, earlier)
        cache.put(key, pack(key, kept))
        cache.drop(before)
    return kept


def _of_length(kept: Kept | None, states: int) -> Kept | None:
    """Return what was kept if it is of so many states, as it should be."""
    fits = kept is not None and kept.weave.states == len(kept.outlines) == states
    return kept if fits else None


def _woven(states: Sequence[State], paper: Paper | None, before: Kept | None) -> Kept:
    """Weave all states, or go on from what was woven before."""
    blocks, doubts = _declaration(states, paper) if paper is not None else (None, ())
    cuts = sorted({edge for start, end, _ in doubts for edge in (start, end)})
    weaver = Weaver(before.weave if before is not None else None)
    for n in range(weaver.woven.states, len(states)):
        old = states[n - 1].words.row if n else Row((), ())
        weaver.add(old, states[n].words.row, cuts=cuts, blocks=blocks if n == 1 else None)
    outlines = before.outlines if before is not None else ()
    return Kept(
        weaver.woven,
        (*outlines, *(state.outline for state in states[len(outlines) :])),
        doubts,
    )


def _states(revisions: Sequence[Revision], woven: Sequence[Rung]) -> Iterator[State]:
    before = [-1, *(rung.revision.rung for rung in woven)]
    for (earlier, at), rung in zip(pairwise(before), woven, strict=True):
        yield State(rung.revision, tuple(revisions[earlier + 1 : at + 1]), _paper_of(rung))


def _paper_of(rung: Rung) -> Callable[[], Paper]:
    return lambda: rung.paper or Paper("text", ())


def _witnesses(revisions: Sequence[Revision], woven: Sequence[Rung]) -> Iterator[Witness]:
    """What marked papers strike, where texts before them are not on file."""
    for rung in woven:
        earlier = tuple(r for r in revisions[: rung.revision.rung] if not r.on_file)
        paper = rung.marked if earlier else None
        for run in paper.runs if paper is not None else ():
            if run.kind in {"struck", "dropped"}:
                yield Witness(rung.revision.rung, cut(run.text.strip()).keys, earlier)


def _declaration(
    states: Sequence[State], paper: Paper
) -> tuple[tuple[Block, ...], tuple[tuple[int, int, int], ...]]:
    """What the marks of the first paper say: how it follows from the base, and its doubts."""
    old, new = states[0].words, states[1].words
    blocks = marked_blocks(paper.runs, old, new)
    return blocks, tuple(doubted_words(paper.doubts, blocks, new))


def _declared(paper: Paper) -> Iterator[tuple[str, ...]]:
    """Yield the words that a paper rejects to, with and without those that it leaves in doubt."""
    old, new = cut(paper.base_text or ""), cut(paper.text)
    doubted = doubted_words(paper.doubts, marked_blocks(paper.runs, old, new), new)
    left_out = {word for start, end, _ in doubted for word in range(start, end)}
    yield old.keys
    yield tuple(key for n, key in enumerate(old.keys) if n not in left_out)


def marked_blocks(runs: Iterable[Run], old: Words, new: Words) -> tuple[Block, ...]:
    """Return which words of the declared base stand in the paper's text, as its marks say.

    A word that a mark cuts through is kept only when it is whole on both sides.
    """
    blocks: list[Block] = []
    at_old = at_new = 0
    for run in runs:
        if run.kind == "kept":
            blocks += _kept_words(old, new, at_old, at_new, len(run.text))
        at_old += len(run.text) if run.kind in {"kept", "struck"} else 0
        at_new += len(run.text) if run.kind in {"kept", "inserted"} else 0
    return tuple(blocks)


def _kept_words(old: Words, new: Words, at_old: int, at_new: int, size: int) -> Iterator[Block]:
    """Yield the words that lie whole in a kept run of `size` code points, one block each row."""
    starts = {_start(old, i) - at_old: i for i in _within(old, at_old, size)}
    row: Block | None = None
    for j in _within(new, at_new, size):
        i = starts.get(_start(new, j) - at_new)
        if i is None or old.keys[i] != new.keys[j]:
            continue
        if row is not None and (row.old + row.size, row.new + row.size) == (i, j):
            row = Block(row.old, row.new, row.size + 1)
            continue
        if row is not None:
            yield row
        row = Block(i, j, 1)
    if row is not None:
        yield row


def _start(words: Words, index: int) -> int:
    """Where a word starts, its leading spacing (at the start of the text) left out."""
    start = words.bounds[index]
    return (
        start
        + len(words.text[start : words.ends[index]])
        - len(words.text[start : words.ends[index]].lstrip())
    )


def _within(words: Words, at: int, size: int) -> Iterator[int]:
    """Yield the words that lie whole within `size` code points from `at`, spacing apart."""
    for i in range(words.index_at(at), len(words)):
        if words.ends[i] > at + size:
            return
        if _start(words, i) >= at:
            yield i


def doubted_words(
    doubts: Iterable[Doubt], blocks: Sequence[Block], new: Words
) -> Iterator[tuple[int, int, int]]:
    """Yield the words of the declared base that a paper leaves in doubt, rising and apart.

    Each with the number of the doubt.
    """
    base_of = {b.new + n: b.old + n for b in blocks for n in range(b.size)}
    by_word: dict[int, int] = {}
    for n, doubt in enumerate(doubts):
        if doubt.start < doubt.end:
            for word in range(new.index_at(doubt.start), new.index_at(doubt.end - 1) + 1):
                if word in base_of:
                    by_word.setdefault(base_of[word], n)
    for word in sorted(by_word):
        yield word, word + 1, by_word[word]
