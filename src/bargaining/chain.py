"""The chain: one document's revisions in bargaining order, and every question to them.

Strategy: a chain is made of rungs (a revision, with its text if that is on file) and what is known
of the base. Its weave is built once, when a question needs it; every answer is read off that weave.
The base is on file, declared by the marks of a paper, or unknown, and answers say which.

This module knows neither records nor files: whoever has texts can make a chain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs

from bargaining.display import html_of
from bargaining.errors import AskError, ConflictError, NotFoundError, NotOnFileError
from bargaining.labels import Label, read_label, same_rung_key
from bargaining.labels.parties import side_of
from bargaining.model import (
    BASE_LABEL,
    Annotation,
    Answer,
    Check,
    Diff,
    Doubt,
    Explanation,
    MadeOf,
    Paper,
    Raised,
    Redline,
    RedlinePart,
    Revision,
    Run,
    Status,
)
from bargaining.patch import digest
from bargaining.views.blame import annotate
from bargaining.weave.cache import Cache
from bargaining.weave.woven import BaseKnown, Rung, Woven, build, declaring

EXACT_FORMATS: Final = frozenset({"docx"})  # their texts have paragraphs and spacing of their own

# Doubts about which paper came before which. With them, even one candidate may be the wrong one.
ORDER_DOUBTS: Final = frozenset({"ladder-contradicts", "place-unknown"})


def revision_of(
    label: Label,
    rung: int,
    *,
    on_file: bool,
    party: str | None = None,
    reported_by: str | None = None,
    made_of: tuple[MadeOf, ...] = (),
    side: str | None = None,
    because: str | None = None,
) -> Revision:
    """Make the revision at a rung from its label; `party` and `side` win over what it says."""
    party = party if party is not None else label.party
    return Revision(
        label=label.text,
        rung=rung,
        party=party,
        kind=label.kind,
        number=label.number,
        dates=label.dates,
        subject=label.subject,
        medium=label.medium,
        state=label.state,
        on_file=on_file,
        reported_by=reported_by,
        made_of=made_of,
        side=side or (party and (side_of(party) or party)),
        because=because,
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
        cache: Cache | None = None,
        stated_sides: Collection[str] = (),
    ) -> None:
        """Make a chain of rungs that are in bargaining order.

        What answers are read off is worked out when the first question needs it, and kept on the
        cache, if one is handed in. `stated_sides` are the parties whose side was stated.

        Raises:
            ConflictError: two rungs have one label.
            PaperError: a text holds a lone surrogate.
        """
        self.name = name
        self._rungs = tuple(rungs)
        self._filed_base = base
        self._doubts = tuple(doubts)
        self._cache = cache
        self._stated_sides = frozenset(stated_sides)
        self._annotations: dict[tuple[int, bool], Annotation] = {}
        _refuse_labels(rung.revision.label for rung in self._rungs)
        for rung in (*self._rungs, *([base] if base else [])):
            if rung.stated is None:
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
        made_of: Mapping[str, tuple[MadeOf, ...]] | None = None,
    ) -> Chain:
        """Make a chain of papers as `bargaining.read` returns them; their marks count.

        The marks of the earliest marked paper declare the base, unless `base` is given. `made_of`
        has by their labels of which texts papers were made whole.
        """
        made = made_of or {}
        rungs = [
            Rung.of(
                revision_of(
                    read_label(label), n, on_file=paper is not None, made_of=made.get(label, ())
                ),
                paper,
            )
            for n, (label, paper) in enumerate(papers, start=1)
        ]
        return cls(
            rungs,
            base=None if base is None else Rung.of(_base(on_file=True), base),
            name=name,
        )

    def __iter__(self) -> Iterator[Revision]:
        return iter(self.revisions)

    def __len__(self) -> int:
        return len(self._rungs)

    def _repr_html_(self) -> str | None:
        return html_of(self)

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
        return next((r.revision for r in reversed(self._rungs) if r.on_file), None)

    @property
    def doubts(self) -> tuple[Raised, ...]:
        """What a careful reader would not take for granted, with the paper that raises it.

        Doubts about words whose origin the texts on file settle are left out; `paper(…).doubts`
        has them all.
        """
        read = [Raised(r.revision, d) for r in self._rungs for d in r.doubts]
        return (*(raised for raised in read if not self._is_settled(*raised)), *self._doubts)

    def _is_settled(self, revision: Revision, doubt: Doubt) -> bool:
        """True when the words in doubt have a certain origin all the same."""
        if doubt.start == doubt.end:
            return False
        spans = self.blame(revision.rung)
        return all(
            span.origin.certain
            for span in spans
            if span.start < doubt.end and doubt.start < span.end
        )

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
        self._text(rung)
        return rung.paper or _plain("")

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
        from bargaining.views import diff  # noqa: PLC0415 - each question needs its own view only

        return diff.diff(self._woven, self._state(old), self._state(new))

    def redline(
        self, old: Revision | str | int, new: Revision | str | int, *, all_rounds: bool = False
    ) -> Redline:
        """Return both revisions in one text, each mark with the revision that made it.

        Args:
            old: the revision that the redline is against.
            new: the revision that it leads to.
            all_rounds: also show what was inserted and struck again in between.

        Raises:
            NotFoundError: there is no such revision.
            NotOnFileError: the text of one of them is not on file.
        """
        from bargaining.views import redline  # noqa: PLC0415 - as in `diff`

        ends = self._rung(old), self._rung(new)
        found = redline.redline(
            self._woven,
            *(self._state(rung.revision) for rung in ends),
            exact=(_is_exact(ends[0]), _is_exact(ends[1])),
            all_rounds=all_rounds,
        )
        is_base = any(rung.revision.is_base for rung in ends)
        return attrs.evolve(
            found,
            chain=self.name,
            title=ends[1].paper.title if ends[1].paper else (),
            revisions=self.revisions,
            declared_by=self.declared_by if is_base else None,
            order_doubts=self.order_doubts,
            parts=self._parts(*ends),
        )

    def _parts(self, old: Rung, new: Rung) -> tuple[RedlinePart, ...]:
        """Compare what is no clause text; of a base that only marks declare, nothing is known."""
        from bargaining.views.parts import parts  # noqa: PLC0415 - as in `diff`

        if self._declaring is not None and (old.revision.is_base or new.revision.is_base):
            return ()
        first, last = sorted((old.revision.rung, new.revision.rung))
        every = (self._base_rung, *self._on_file)
        between = [rung for rung in every if first <= rung.revision.rung <= last]
        back = new.revision.rung < old.revision.rung
        return tuple(parts((self.base, *self.revisions), between, back=back))

    def blame(self, which: Revision | str | int, *, struck: bool = False) -> Annotation:
        """Say for every word of a revision who could have proposed it, in spans.

        Args:
            which: the revision.
            struck: also show, in their place, the words that were struck by then.

        Raises:
            NotFoundError: there is no such revision.
            NotOnFileError: its text is not on file.
        """
        state = self._state(which)
        if (state, struck) not in self._annotations:
            self._annotations[state, struck] = annotate(self._woven, state, struck=struck)
        return self._annotations[state, struck]

    def explain(self, which: Revision | str | int, wording: str) -> tuple[Explanation, ...]:
        """Say on what evidence the origins of a wording rest, wherever it stands in a revision.

        Returns:
            One explanation for each stretch of words with one life, in reading order.

        Raises:
            AskError: the wording is empty.
            NotFoundError: there is no such revision, or the wording does not stand in it.
            NotOnFileError: the text of the revision is not on file.
        """
        from bargaining.views import explain  # noqa: PLC0415 - as in `diff`

        state = self._state(which)
        if not wording.strip():
            raise AskError("There is no wording to explain.", hint="Name some words of it.")
        found = explain.explain(self._woven, state, wording.strip())
        if not found:
            label = self.revision(which).label
            raise NotFoundError(
                f"“{wording}” does not stand in “{label}”.",
                hint="`bargain who` says which papers hold it; explain it there.",
            )
        return found

    def who(self, wording: str) -> Answer:
        """Say who proposed a wording, whether it stands or is gone.

        Raises:
            AskError: the wording is empty.
        """
        from bargaining.views import search  # noqa: PLC0415 - as in `diff`

        marked = ((r.revision, r.marked) for r in self._on_file)
        papers = ((revision, paper) for revision, paper in marked if paper is not None)
        every = (self.base, *self.revisions)
        answer = search.who(self._woven, wording, every, papers=papers, chain=self.name)
        return attrs.evolve(answer, order_doubts=self.order_doubts)

    def check(
        self,
        which: Revision | str | int,
        *,
        against: Revision | str | int | None = None,
        paper: Paper | None = None,
    ) -> Check:
        """Say what a paper leaves unmarked, and what its marks say that is not so.

        Args:
            which: the revision; of a paper that is not in the chain, a `Revision` for it.
            against: the text that its marks are against; None for the one that fits best among the
                base and the papers before it.
            paper: the paper, where it is not in the chain, or is read with its authors.

        Raises:
            NotFoundError: there is no such revision, or no text to hold it against.
            NotOnFileError: a text is not on file.
        """
        from bargaining.views import check, ladder  # noqa: PLC0415 - as in `diff`

        own = which if isinstance(which, Revision) and paper is not None else self.revision(which)
        if against is not None:
            texts = [(self.revision(against), self.paper(against))]
        else:
            rungs = [self._filed_base, *self._on_file]
            before = (r for r in rungs if r is not None and r.revision.rung < own.rung)
            texts = [(r.revision, r.paper) for r in before if r.paper is not None]
        if not texts:
            raise NotFoundError(
                f"No text before “{own.label}” is on file, so there is nothing to hold it against.",
                hint="File the base with --base, or name a text: --against LABEL.",
            )
        held = self.paper(which) if paper is None else paper
        stated = against is not None
        found = check.check(own, held, texts, stated=stated, others=self.revisions)
        place = ladder.ladder_findings(own, held.ladder, self.revisions, self._doubts)
        return attrs.evolve(found, ladder=tuple(place))

    def status(self) -> Status:
        """Say where each clause stands, how each side moved, what came back and what is gone.

        Raises:
            NotFoundError: no paper is on file.
        """
        from bargaining.views import status  # noqa: PLC0415 - as in `diff`

        if not self._on_file:
            raise NotFoundError(
                "No paper of this chain is on file.", hint="File one: bargain add FILE"
            )
        return status.status(
            self.name,
            self._woven,
            self.revisions,
            self.order_doubts,
            stated_sides=self._stated_sides,
        )

    def prepare(self) -> None:
        """Work out now what answers are read off, so that the first question need not wait.

        With a cache, it is kept there.
        """
        _ = self._woven

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
        declarer = self._declaring
        if declarer is None:
            return Rung(_base(on_file=False))
        return Rung(
            _base(on_file=False),
            lambda: _declared(declarer),
            is_marked=False,
        )

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
        states = self._woven.states
        return next(n for n, s in enumerate(states) if s.revision.rung == rung.revision.rung)

    @cached_property
    def _on_file(self) -> tuple[Rung, ...]:
        return tuple(rung for rung in self._rungs if rung.on_file)

    @cached_property
    def _declaring(self) -> Rung | None:
        return None if self._filed_base is not None else declaring(self._on_file)

    @cached_property
    def _woven(self) -> Woven:
        """Weave the chain. Built once, when the first question needs it."""
        known = self.base_known != "unknown"
        return build(
            (self.base, *self.revisions),
            [self._base_rung, *self._on_file] if known else self._on_file,
            base=self.base_known,
            declaring=self._declaring,
            cache=self._cache,
        )


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


def _declared(declarer: Rung) -> Paper:
    """Return the base as a paper's marks declare it."""
    paper = declarer.marked or _plain("")
    return attrs.evolve(_plain(paper.base_text or ""), format=paper.format)


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


def _is_exact(rung: Rung) -> bool:
    """True when a text has paragraphs and spacing of its own."""
    return rung.paper is not None and rung.paper.format in EXACT_FORMATS


def _key(label: str) -> tuple[object, ...]:
    read = read_label(label)
    return same_rung_key(read, read.party)
