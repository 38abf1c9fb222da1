"""The chain: one document's revisions in bargaining order, and every question to them.

Strategy: a chain is made of rungs (a revision, with its text if that is on file) and what is known
of the base. Its weave is built once, when a question needs it; every answer is read off that weave.
The base is on file, declared by the marks of a paper, or unknown, and answers say which.

This module knows neither records nor files: whoever has texts can make a chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final

import attrs

from bargaining import redline, search
from bargaining.align import Block
from bargaining.blame import BaseKnown, Fabric, State, Witness, annotate
from bargaining.clauses import clauses
from bargaining.errors import AskError, ConflictError, NotFoundError, NotOnFileError
from bargaining.labels import Label, read_label, same_rung_key
from bargaining.model import (
    BASE_LABEL,
    Annotation,
    Answer,
    Diff,
    Doubt,
    Paper,
    Raised,
    Revision,
    Run,
)
from bargaining.patch import digest
from bargaining.weave import weave
from bargaining.words import Words, cut

# Doubts about which paper came before which. With them, even one candidate may be the wrong one.
ORDER_DOUBTS: Final = frozenset({"ladder-contradicts", "place-unknown"})


@attrs.frozen
class Rung:
    """A revision and what is on file of it.

    Attributes:
        revision: the revision.
        text: its text, or None when that is not on file.
        paper: what its paper says, where it was read from one.
    """

    revision: Revision
    text: str | None = None
    paper: Paper | None = None


def revision_of(
    label: Label,
    rung: int,
    *,
    on_file: bool,
    party: str | None = None,
    reported_by: str | None = None,
) -> Revision:
    """Make the revision at a rung from its label; `party` wins over the label's."""
    return Revision(
        label=label.text,
        rung=rung,
        party=party if party is not None else label.party,
        kind=label.kind,
        number=label.number,
        dates=label.dates,
        subject=label.subject,
        medium=label.medium,
        state=label.state,
        on_file=on_file,
        reported_by=reported_by,
    )


class Chain:
    """The revisions of one document, in bargaining order.

    Iterating yields every revision, on file or not, without the base. Revisions are named by
    their label, their rung, the `Revision` itself, or as much of the label as is unmistakable.
    """

    def __init__(
        self,
        rungs: Iterable[Rung],
        *,
        base: Rung | None = None,
        name: str = "",
        doubts: Iterable[Raised] = (),
    ) -> None:
        """Make a chain of rungs that are in bargaining order.

        Raises:
            ConflictError: two rungs have one label.
            PaperError: a text holds a lone surrogate.
        """
        self.name = name
        self._rungs = tuple(rungs)
        self._filed_base = base
        self._doubts = tuple(doubts)
        self._annotations: dict[int, Annotation] = {}
        _refuse_labels(rung.revision.label for rung in self._rungs)
        for rung in (*self._rungs, *([base] if base else [])):
            digest(rung.text or "")

    @classmethod
    def from_texts(
        cls, texts: Iterable[tuple[str, str | None]], *, base: str | None = None, name: str = ""
    ) -> Chain:
        """Make a chain of texts as they are; marks in them are words like any other.

        Args:
            texts: label and text of each revision, in bargaining order; a text of None is a rung
                that is not on file.
            base: the language before the first revision; None when it is unknown, and `""` when
                there was none.
            name: what to call the chain.

        Raises:
            ConflictError: two revisions have one label.
            PaperError: a text holds a lone surrogate.
        """
        return cls.from_papers(
            [(label, None if text is None else _plain(text)) for label, text in texts],
            base=None if base is None else _plain(base),
            name=name,
        )

    @classmethod
    def from_papers(
        cls,
        papers: Iterable[tuple[str, Paper | None]],
        *,
        base: Paper | None = None,
        name: str = "",
    ) -> Chain:
        """Make a chain of papers as `bargaining.read` returns them; their marks count.

        The marks of the earliest marked paper declare the base, unless `base` is given.
        """
        rungs = [
            Rung(
                revision_of(read_label(label), n, on_file=paper is not None),
                None if paper is None else paper.text,
                paper,
            )
            for n, (label, paper) in enumerate(papers, start=1)
        ]
        return cls(
            rungs,
            base=None if base is None else Rung(_base(on_file=True), base.text, base),
            name=name,
        )

    def __iter__(self) -> Iterator[Revision]:
        return iter(self.revisions)

    def __len__(self) -> int:
        return len(self._rungs)

    def __repr__(self) -> str:
        on_file = sum(revision.on_file for revision in self)
        return (
            f"<Chain {self.name!r}: {len(self)} rungs, {on_file} on file, base {self.base_known}>"
        )

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """Every rung in bargaining order, whether its text is on file or not."""
        return tuple(rung.revision for rung in self._rungs)

    @property
    def base(self) -> Revision:
        """The base, as a revision at rung 0; `on_file` is True when its text was filed."""
        return self._filed_base.revision if self._filed_base else _base(on_file=False)

    @property
    def base_known(self) -> BaseKnown:
        """How the base is known: `"filed"`, `"declared"` by a paper's marks, or `"unknown"`."""
        if self._filed_base is not None:
            return "filed"
        return "unknown" if self._declaring is None else "declared"

    @property
    def declared_by(self) -> Revision | None:
        """The revision whose marks declare the base, when nothing else is known of it."""
        declared = self.base_known == "declared" and self._declaring
        return declared.revision if declared else None

    @property
    def last(self) -> Revision | None:
        """The last revision whose text is on file, or None."""
        return next((r.revision for r in reversed(self._rungs) if r.text is not None), None)

    @property
    def doubts(self) -> tuple[Raised, ...]:
        """What a careful reader would not take for granted, with the paper that raises it.

        Doubts about words whose origin the texts on file settle are left out; `paper(…).doubts`
        has them all.
        """
        read = [Raised(r.revision, d) for r in self._rungs if r.paper for d in r.paper.doubts]
        return (*(raised for raised in read if not self._is_settled(*raised)), *self._doubts)

    def _is_settled(self, revision: Revision, doubt: Doubt) -> bool:
        """True when the words in doubt have a certain origin all the same."""
        if doubt.start == doubt.end:
            return False
        spans = self._annotation(revision.rung)
        return all(
            span.origin.certain
            for span in spans
            if span.start < doubt.end and doubt.start < span.end
        )

    def _annotation(self, rung: int) -> Annotation:
        if rung not in self._annotations:
            self._annotations[rung] = self.blame(rung)
        return self._annotations[rung]

    def revision(self, which: Revision | str | int) -> Revision:
        """Return one revision: by label, rung, or an unmistakable part of the label.

        Raises:
            NotFoundError: there is none.
            AskError: several fit.
        """
        return self._rung(which).revision

    def paper(self, which: Revision | str | int) -> Paper:
        """Return what the paper of a revision says, its marks included.

        Raises:
            NotFoundError: there is no such revision.
            NotOnFileError: its text is not on file.
        """
        rung = self._rung(which)
        return rung.paper or _plain(self._text(rung))

    def text(self, which: Revision | str | int) -> str:
        """Return the text of a revision exactly; `"base"` gives the base, filed or declared.

        Raises:
            NotFoundError: there is no such revision.
            NotOnFileError: its text is not on file.
        """
        return self._text(self._rung(which))

    def diff(self, old: Revision | str | int, new: Revision | str | int) -> Diff:
        """Return the way from one revision to another.

        Raises:
            NotFoundError: there is no such revision.
            NotOnFileError: the text of one of them is not on file.
        """
        return redline.diff(self._fabric, self._state(old), self._state(new))

    def blame(self, which: Revision | str | int, *, struck: bool = False) -> Annotation:
        """Say for every word of a revision who could have proposed it, in spans.

        Args:
            which: the revision.
            struck: also show, in their place, the words that were struck by then.

        Raises:
            NotFoundError: there is no such revision.
            NotOnFileError: its text is not on file.
        """
        return annotate(self._fabric, self._state(which), struck=struck)

    def who(self, wording: str) -> Answer:
        """Say who proposed a wording, whether it stands or is gone.

        Raises:
            AskError: the wording is empty.
        """
        papers = [(rung.revision, rung.paper) for rung in self._on_file if rung.paper]
        marked = [(revision, paper) for revision, paper in papers if paper.is_marked]
        every = (self.base, *self.revisions)
        answer = search.who(self._fabric, wording, every, papers=marked, chain=self.name)
        return attrs.evolve(answer, order_doubts=self.order_doubts)

    @property
    def order_doubts(self) -> tuple[Raised, ...]:
        """The doubts about the order of the papers, on which every answer rests."""
        return tuple(raised for raised in self._doubts if raised.doubt.kind in ORDER_DOUBTS)

    # How questions are settled.

    def _rung(self, which: Revision | str | int) -> Rung:
        every = (self._base_rung, *self._rungs)
        if isinstance(which, Revision):
            which = which.label
        found = _named(every, which)
        if len(found) == 1:
            return found[0]
        labels = ", ".join(f"“{rung.revision.label}”" for rung in found or every)
        if found:
            raise AskError(f"“{which}” may be {labels}.", hint="Give more of the label.")
        raise NotFoundError(f"There is no revision “{which}”.", hint=f"There are {labels}.")

    @cached_property
    def _base_rung(self) -> Rung:
        if self._filed_base is not None:
            return self._filed_base
        declaring = self._declaring
        text = declaring.paper.base_text if declaring and declaring.paper else None
        return Rung(_base(on_file=False), text)

    def _text(self, rung: Rung) -> str:
        if rung.text is not None:
            return rung.text
        if rung.revision.is_base:
            raise NotOnFileError(
                "The base is not on file, and no paper's marks declare it.",
                hint="File the current language with --base.",
            )
        raise NotOnFileError(
            f"“{rung.revision.label}” is known, but its text is not on file.",
            hint="File its paper, if there is one; a verbal exchange has none.",
        )

    def _state(self, which: Revision | str | int) -> int:
        rung = self._rung(which)
        self._text(rung)
        states = self._fabric.states
        return next(n for n, s in enumerate(states) if s.revision.rung == rung.revision.rung)

    @cached_property
    def _on_file(self) -> tuple[Rung, ...]:
        return tuple(rung for rung in self._rungs if rung.text is not None)

    @cached_property
    def _declaring(self) -> Rung | None:
        """The earliest marked paper, unless its marks are against a text on file before it.

        That is so when what it rejects is that text, with or without the words that it leaves in
        doubt, which may be unmarked insertions.
        """
        if self._filed_base is not None:
            return None
        before: list[tuple[str, ...]] = []
        for rung in self._on_file:
            if rung.paper is not None and rung.paper.is_marked:
                return None if any(keys in before for keys in _declared(rung.paper)) else rung
            before.append(cut(rung.text or "").keys)
        return None

    @cached_property
    def _fabric(self) -> Fabric:
        """Weave the chain. Built once, when the first question needs it."""
        known = self.base_known != "unknown"
        woven = [self._base_rung, *self._on_file] if known else list(self._on_file)
        words = [cut(rung.text or "") for rung in woven]
        declaring = woven.index(self._declaring) if self._declaring else 0
        first, doubts = self._declaration(words, declaring)
        return Fabric(
            states=tuple(self._states(woven, words)),
            weave=weave(
                [w.row for w in words],
                cuts=sorted({edge for start, end, _ in doubts for edge in (start, end)}),
                first=first,
            ),
            base=self.base_known,
            declaring=declaring,
            doubts=doubts,
            witnesses=tuple(self._witnesses()),
        )

    def _witnesses(self) -> Iterator[Witness]:
        """What marked papers strike, where texts before them are not on file."""
        for rung in self._on_file:
            before = (self.base, *self.revisions[: rung.revision.rung - 1])
            earlier = tuple(r for r in before if not r.on_file)
            for run in rung.paper.runs if rung.paper and earlier else ():
                if run.kind in {"struck", "dropped"}:
                    yield Witness(rung.revision.rung, cut(run.text.strip()).keys, earlier)

    def _states(self, woven: Sequence[Rung], words: Sequence[Words]) -> Iterator[State]:
        by_rung = (self.base, *self.revisions)
        before = [-1, *(rung.revision.rung for rung in woven)]
        for (earlier, rung), text, one in zip(pairwise(before), words, woven, strict=True):
            yield State(one.revision, text, clauses(text.text), by_rung[earlier + 1 : rung + 1])

    def _declaration(
        self, words: Sequence[Words], declaring: int
    ) -> tuple[tuple[Block, ...] | None, tuple[tuple[int, int, Doubt], ...]]:
        """What the marks of the first paper say: how it follows from the base, and its doubts."""
        paper = self._declaring.paper if self._declaring else None
        if declaring != 1 or paper is None:
            return None, ()
        blocks = marked_blocks(paper.runs, words[0], words[1])
        return blocks, tuple(doubted_words(paper.doubts, blocks, words[1]))


def _refuse_labels(labels: Iterable[str]) -> None:
    """Refuse labels by which a revision could not be told from another, or from the base."""
    seen = {BASE_LABEL}
    for label in labels:
        if label in seen:
            what = "is the name of the base" if label == BASE_LABEL else "stands twice"
            raise ConflictError(
                f"The label “{label}” {what}.", hint="Each rung needs a label of its own."
            )
        seen.add(label)


def _base(*, on_file: bool) -> Revision:
    return Revision(BASE_LABEL, 0, kind="base", on_file=on_file)


def _plain(text: str) -> Paper:
    return Paper("text", (Run("kept", text),) if text else ())


def _named(rungs: Sequence[Rung], which: str | int) -> list[Rung]:
    """Rungs that a name can mean: the first way of reading it that fits any."""
    ways = (
        lambda rung: rung.revision.label == which,
        lambda rung: str(rung.revision.rung) == str(which).lstrip("#"),
        lambda rung: _key(rung.revision.label) == _key(str(which)),
        lambda rung: str(which).casefold() in rung.revision.label.casefold() and bool(which),
    )
    for fits in ways:
        found = [rung for rung in rungs if fits(rung)]
        if found:
            return found
    return []


def _key(label: str) -> tuple[object, ...]:
    read = read_label(label)
    return same_rung_key(read, read.party)


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
) -> Iterator[tuple[int, int, Doubt]]:
    """Yield the words of the declared base that a paper leaves in doubt, rising and apart."""
    base_of = {b.new + n: b.old + n for b in blocks for n in range(b.size)}
    by_word: dict[int, Doubt] = {}
    for doubt in doubts:
        if doubt.start < doubt.end:
            for word in range(new.index_at(doubt.start), new.index_at(doubt.end - 1) + 1):
                if word in base_of:
                    by_word.setdefault(base_of[word], doubt)
    for word in sorted(by_word):
        yield word, word + 1, by_word[word]
