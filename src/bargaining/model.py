"""The frozen values that everything else hands around.

Strategy: plain attrs classes without behaviour beyond what their own fields say, so that a result
can be kept, compared, printed and turned into JSON under the same names. All offsets are half-open
code points into the text that is named beside them.

This module does not know files, records, readers, or how any of these values came about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

import attrs

from bargaining.display import html_of

RunKind = Literal["kept", "struck", "inserted", "dropped"]
EventKind = Literal["proposed", "struck", "restored", "moved"]
EvidenceKind = Literal[
    "first seen", "struck", "back in its place", "back elsewhere", "moved", "perhaps", "open"
]
FindingCode = Literal[
    "unmarked-insertion",
    "unmarked-strike",
    "unmarked-replacement",
    "unmarked-move",
    "renumbered",
    "marked-though-there",
    "struck-though-absent",
    "mark-changes-nothing",
    "mark-of-another",
    "mark-of-another-day",
    "written-otherwise",
]
Standing = Literal["agreed", "open", "untouched"]
TurnKind = Literal[
    "own wording struck", "let stand, then struck", "brought back", "nearly as before"
]
Became = Literal["accepted", "open", "struck", "dropped"]
RestsOn = Literal["texts", "filed", "declared", "unknown"]
MadeHow = Literal["partial", "amends"]
PartKind = Literal["title", "ladder", "signature", "furniture", "joined", "note", "header"]

BASE_LABEL = "base"
LADDER = "ladder"  # what stands for the address of words that are on one
_ABOVE: Final[frozenset[PartKind]] = frozenset({"title", "ladder"})  # what stands before the text
_UNBINDING: Final = frozenset(  # kinds and states of papers that are nobody's last word
    {
        *("supposal", "mediator's proposal", "fact-finder's recommendation", "final print"),
        *("withdrawn", "non-binding", "off the record"),
    }
)
MAX_BYTES = 16 * 1024 * 1024  # the most that a paper may have


@attrs.frozen
class MadeOf:
    """A text of which that of a revision was made, whose paper restates only what changes.

    Attributes:
        label: the label of the paper that has that text; `"base"` for the base.
        how: `"partial"` where the paper restates only what changes, `"amends"` where it gives
            instructions.
        text: the SHA-256 of that text in UTF-8, as it was then.
    """

    label: str
    how: MadeHow
    text: str = attrs.field(default="", repr=False)


@attrs.frozen
class Revision:
    """One rung of a chain: one side's paper, spoken offer, or the base before rung 1.

    Attributes:
        label: the label as stated on the paper or its ladder; `"base"` for the base.
        rung: 1 for the first exchange, counted in bargaining order; 0 for the base.
        party: who proposed it, after the record's aliases; None when not stated.
        kind: proposal, counter, tentative agreement, …; None when not stated.
        number: the number or letter of the proposal as stated, without the `#`.
        dates: ISO dates; empty when not stated, several when the stated date is ambiguous.
        subject: what the label says it is about.
        medium: `"verbal"` or `"written"` where it is stated, else None.
        state: a state named by the label, such as `"withdrawn"`; None when not stated.
        on_file: True when its text is held.
        reported_by: who reported a rung that has no paper; None when nobody is named.
        made_of: the texts of which its text was made, where its paper restates only what changes.
        side: whose side its party is on: as stated in the record, else `"employer"`, `"union"` or
            `"third"` where its name says it, else the party itself; None without a party.
        because: why its party proposed what it does, as stated when it was filed; None otherwise.
    """

    label: str
    rung: int
    party: str | None = None
    kind: str | None = None
    number: str | None = None
    dates: tuple[str, ...] = ()
    subject: str | None = None
    medium: str | None = None
    state: str | None = None
    on_file: bool = True
    reported_by: str | None = None
    made_of: tuple[MadeOf, ...] = ()
    side: str | None = attrs.field(default=None, repr=False)
    because: str | None = attrs.field(default=None, repr=False)

    @property
    def date(self) -> str | None:
        """The stated ISO date, or None when it is not stated or ambiguous."""
        return self.dates[0] if len(self.dates) == 1 else None

    @property
    def is_base(self) -> bool:
        """True for the current language before rung 1."""
        return self.rung == 0

    @property
    def binds(self) -> bool:
        """False for what is not what a side says last: a supposal, a withdrawn or a third's."""
        return self.kind not in _UNBINDING and self.state not in _UNBINDING and self.side != "third"


@attrs.frozen
class Run:
    """A stretch of a paper's clause text under one mark.

    `dropped` is text both inserted and struck on the same paper: it stands neither in the base
    that the paper declares nor in the paper's own text. Who made the mark, and when (ISO 8601), is
    known where the document tracks it, and says nothing of who proposed the words. Of dropped text
    that is who inserted it; who struck it stands in `struck_by` and `struck_date`.
    """

    kind: RunKind
    text: str
    author: str | None = attrs.field(default=None, repr=False)
    date: str | None = attrs.field(default=None, repr=False)
    struck_by: str | None = attrs.field(default=None, repr=False)
    struck_date: str | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Doubt:
    """Something about a paper that a careful reader would not take for granted.

    Attributes:
        kind: a short name, such as `"unmarked-replacement"`.
        message: one sentence for the person.
        line: the line of the original paper, counted from 1; 0 when it has no one line.
        start: start in the paper's text of the words that are in doubt.
        end: end of those words; equal to `start` when no words are in doubt.
    """

    kind: str
    message: str
    line: int = 0
    start: int = 0
    end: int = 0


class Raised(NamedTuple):
    """A doubt, and the revision whose paper raises it."""

    revision: Revision
    doubt: Doubt


@attrs.frozen
class Part:
    """A piece of the paper that is no clause text: told apart, and never dropped in silence."""

    kind: PartKind
    text: str
    line: int


@attrs.frozen
class Paper:
    """What one document says.

    Attributes:
        format: the name of the reader that read it.
        runs: the clause text in reading order, title, ladder, signatures and furniture left out.
        title: the lines of the title block.
        ladder: the labels it prints, oldest first; the last one is usually this paper.
        parts: everything that was left out of the clause text.
        doubts: what a careful reader would not take for granted.
        levels: where the text alone would give another address: the code points at which items of
            a list start in it, each with the level of the list, from 0, that the document tells.
    """

    format: str
    runs: tuple[Run, ...]
    title: tuple[str, ...] = ()
    ladder: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    levels: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """The clause text with every mark accepted: what this paper proposes."""
        return "".join(run.text for run in self.runs if run.kind in {"kept", "inserted"})

    @property
    def is_marked(self) -> bool:
        """True when any text is struck or inserted."""
        return any(run.kind != "kept" for run in self.runs)

    @property
    def base_text(self) -> str | None:
        """The clause text with every mark rejected, or None for a paper without marks."""
        if not self.is_marked:
            return None
        return "".join(run.text for run in self.runs if run.kind in {"kept", "struck"})


@attrs.frozen
class Origin:
    """Who could have proposed some words. Never a guess.

    Attributes:
        candidates: every revision that could have proposed the words, in bargaining order.
        first_seen: the revision on file (or the base) where the words are first seen.
        rests_on: what the answer rests on: `"texts"` on file alone; the base as `"filed"`; the
            base as `"declared"` by a paper's marks; or the base is `"unknown"`.
        declared_by: the paper whose marks declare the base, when `rests_on` is `"declared"`.
        doubt: the doubt that keeps the answer from being certain, where a paper raises one.
        perhaps_new: the revision in which the words are new, unless they are like words that were
            struck because they are these; None where that is no question.
    """

    candidates: tuple[Revision, ...]
    first_seen: Revision
    rests_on: RestsOn = "texts"
    declared_by: Revision | None = None
    doubt: Doubt | None = None
    perhaps_new: Revision | None = None

    @property
    def certain(self) -> bool:
        """True when there is one candidate."""
        return len(self.candidates) == 1


@attrs.frozen
class Event:
    """One thing that happened to some words.

    Attributes:
        kind: proposed, struck, restored or moved.
        revision: the revision on file in which it is first seen.
        candidates: every revision in which it could have happened, ending with `revision`.
        clause: the address of the words in `revision`; for struck words their last address.
        from_clause: for moved words, the address that they left.
    """

    kind: EventKind
    revision: Revision
    candidates: tuple[Revision, ...]
    clause: str = ""
    from_clause: str | None = None

    @property
    def certain(self) -> bool:
        """True when it can have happened in one revision only."""
        return len(self.candidates) == 1


@attrs.frozen
class Span:
    """Neighbouring words of one revision that share an origin, a history and a clause.

    Attributes:
        start: start in the text of the annotated revision.
        end: end in it; equal to `start` for struck words, which stand at that place no more.
        text: the words with their spacing.
        clause: the address, such as `"2.0(c)(1)"`.
        origin: who could have proposed the words.
        history: what happened to them, over all revisions on file, oldest first.
        struck: True for words that are gone in the annotated revision.
    """

    start: int
    end: int
    text: str
    clause: str
    origin: Origin
    history: tuple[Event, ...]
    struck: bool = False


@attrs.frozen
class Evidence:
    """One step of the evidence on which an origin rests.

    Attributes:
        kind: words were first seen, struck, back in the place that they were struck from, back
            elsewhere, or moved; or the origin is left open, and why.
        revision: the revision on file in which that is seen.
        clause: their address in it; for struck words their last address.
        from_clause: where they stood before they were moved or brought back elsewhere; None when
            they may have stood in several places.
        words: how many words in a row were recognised, where they came back or were moved.
        whole: True when those are whole sentences.
        before: the words before them.
        after: the words after them.
        places: how many struck rows they may be; more than one leaves the origin open.
        candidates: the revisions between which it is open.
        measured: of words that are perhaps new: how many words like these were measured.
        were_new: how many of those were new.
    """

    kind: EvidenceKind
    revision: Revision
    clause: str = ""
    from_clause: str | None = None
    words: int = 0
    whole: bool = False
    before: str = ""
    after: str = ""
    places: int = 0
    candidates: tuple[Revision, ...] = ()
    measured: int = 0
    were_new: int = 0


@attrs.frozen
class Explanation:
    """Why some words have the origin that they have: the evidence, oldest first."""

    span: Span
    evidence: tuple[Evidence, ...]


@attrs.frozen
class Annotation:
    """The result of blaming one revision: its text in spans, in reading order."""

    revision: Revision
    spans: tuple[Span, ...]

    def _repr_html_(self) -> str | None:
        return html_of(self)

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    @property
    def text(self) -> str:
        """The text of the revision, exactly."""
        return "".join(span.text for span in self.spans if not span.struck)


@attrs.frozen
class DiffRun:
    """A stretch of the way from one revision to another.

    Attributes:
        kind: kept, struck or inserted.
        before: its text in the old revision; empty when inserted.
        after: its text in the new revision; empty when struck. Kept words may differ from
            `before` in spacing and in the way they are written (quotes, dashes, ligatures), never
            in letters, digits or case.
        clause: its address, in the new revision unless it is struck.
        origin: who could have proposed the words.
        history: what happened to them over all revisions on file.
        moved: for words that stand in both texts, at different places: the address at the other
            end. They are struck at the one place and inserted at the other.
        made: what struck or inserted them on the way, and in which revision; None for kept words,
            and on the way back to an older revision, which nobody went.
    """

    kind: Literal["kept", "struck", "inserted"]
    before: str
    after: str
    clause: str
    origin: Origin
    history: tuple[Event, ...]
    moved: str | None = None
    made: Event | None = None


@attrs.frozen
class Hunk:
    """Neighbouring struck and inserted runs, with their offsets in both texts."""

    clause: str
    old_start: int
    old_end: int
    new_start: int
    new_end: int
    struck: str
    inserted: str


@attrs.frozen
class Diff:
    """The way from one revision to another, in reading order: struck, then inserted.

    Iterating yields the hunks. The `before` texts of all runs joined are the old text exactly,
    the `after` texts the new.
    """

    old: Revision
    new: Revision
    runs: tuple[DiffRun, ...]
    hunks: tuple[Hunk, ...]

    def __iter__(self) -> Iterator[Hunk]:
        return iter(self.hunks)

    def __len__(self) -> int:
        return len(self.hunks)


@attrs.frozen
class Finding:
    """One thing that a paper does without saying so, or says without doing it.

    Attributes:
        code: what it is, one of `FindingCode`; these names stay.
        clause: its address, in the paper unless it is gone there.
        before: the words in the text that the marks are against; empty where it lacks them.
        after: the words in the paper with all its marks rejected; empty where they are gone.
        old_start: where `before` starts in that text.
        old_end: where it ends.
        new_start: where `after` starts in the paper with all its marks rejected.
        new_end: where it ends.
        author: who made the mark, as the document has it, where that is the finding.
        date: when, ISO 8601, where that is the finding.
    """

    code: FindingCode
    clause: str
    before: str = ""
    after: str = ""
    old_start: int = 0
    old_end: int = 0
    new_start: int = 0
    new_end: int = 0
    author: str | None = None
    date: str | None = None


@attrs.frozen
class Check:
    """What a paper leaves unmarked, held against the text that its marks are against.

    Attributes:
        revision: the paper.
        against: the text that it was held against.
        stated: True when that was asked for; else it is the text that fits best.
        is_marked: True when the paper has marks; else its own text was held against the other.
        findings: what was found, in the order of the text.
        words: how many words stand in one of the two only, without a mark.
        missing: revisions between the two that are not on file: one of these may be the text that
            the marks are against; empty where that was stated, or nothing was found.
        ladder: what does not fit about its place: a counter before its proposal, a ladder that says
            otherwise, a second paper of the day, an impossible date, a late entry.
    """

    revision: Revision
    against: Revision
    stated: bool
    is_marked: bool
    findings: tuple[Finding, ...]
    words: int = 0
    missing: tuple[Revision, ...] = ()
    ladder: tuple[Doubt, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)


@attrs.frozen
class ClauseStatus:
    """Where one clause stands.

    Attributes:
        clause: its address.
        standing: `"agreed"` where the last papers of both sides have the same words there, or a
            tentative agreement is the last paper; `"untouched"` where no paper on file changed it;
            else `"open"`.
        shown_by: the papers that show it: both sides' last ones, or the tentative agreement.
        moved_by: the revisions of which one last changed its words; empty for an untouched one.
        rounds: how many papers on file came since, and left it as it was.
        missing: True when one side's last paper does not have the clause.
    """

    clause: str
    standing: Standing
    shown_by: tuple[Revision, ...] = ()
    moved_by: tuple[Revision, ...] = ()
    rounds: int = 0
    missing: bool = False


@attrs.frozen
class Offer:
    """Neighbouring words that a revision was the first to have, and what became of them.

    Attributes:
        clause: their address; of words that are gone, where they last stood.
        text: the words.
        became: `"accepted"` where they stand in an agreed clause, `"open"` where in another,
            `"struck"`, or `"dropped"` where their own side struck them.
    """

    clause: str
    text: str
    became: Became


@attrs.frozen
class Movement:
    """What one revision put on the table, in words, and what became of it.

    `offered` is `accepted` + `open` + `struck` + `dropped`: each word that it was the first to have
    is one of these.

    Attributes:
        revisions: the revision; several where one of them did it, and which is not known.
        offered: how many words it was the first to have.
        accepted: of these, how many stand in agreed clauses.
        open: how many stand in open ones.
        struck: how many were struck, by another side or by one that is not known.
        dropped: how many were struck by its own side.
        struck_here: how many words of others it struck.
        restored_here: how many words that were struck before it brought back.
        offers: the words that it was the first to have, as one reads the document.
    """

    revisions: tuple[Revision, ...]
    offered: int = 0
    accepted: int = 0
    open: int = 0
    struck: int = 0
    dropped: int = 0
    struck_here: int = 0
    restored_here: int = 0
    offers: tuple[Offer, ...] = ()


@attrs.frozen
class Turn:
    """Wording on which a side turned round, or which came back.

    Attributes:
        kind: a side struck what it had proposed itself; or what it had let stand in a paper of its
            own; or words that were struck were brought back; or a clause nearly is again as it was.
        clause: their address when that happened.
        text: the words.
        event: what happened, and in which revision.
        before: the revision before, in which the side had proposed them, or let them stand; or
            which had struck them; or in which the clause was nearly so.
        otherwise: for a clause that nearly is as it was: each place where it is not, as it was and
            as it is.
    """

    kind: TurnKind
    clause: str
    text: str
    event: Event
    before: Revision
    otherwise: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Gone:
    """Wording that was proposed, and does not stand in the last paper.

    Attributes:
        clause: where it last stood.
        text: the words.
        origin: who could have proposed it.
        struck: by whom it was struck, and when.
    """

    clause: str
    text: str
    origin: Origin
    struck: Event


@attrs.frozen
class Status:
    """Where one document stands, and how each side moved. Facts with their sources, no verdict.

    Attributes:
        chain: the name of the document.
        last: the last paper on file that binds, if any does.
        sides: the last papers of the two sides that spoke last; one where only one has any.
        lies_with: the side whose turn it is: not the one that spoke last, on file or not; None
            where all is agreed, or only one side is known.
        clauses: the clauses of the last papers, in their order.
        movements: a row for each revision that put words on the table or took some off it.
        turns: where a side turned round, and what came back.
        gone: what was proposed and stands no more.
        order_doubts: the doubts about the order of the papers, on which all of it rests.
        not_on_file: what a side said after its last paper, and is not on file: with any, nothing
            is said to be agreed.
        taken_for_one: names that are taken for one side, because both are an employer's or a
            union's; what is agreed rests on that until it is stated (`--side`).
        unclear_sides: the parties that speak, where they are of more than two sides as far as it is
            known: then nothing is said to be agreed until it is stated who is with whom.
        unbinding: the papers on file that bind nobody, and so are not what a side says last.
    """

    chain: str
    last: Revision
    sides: tuple[Revision, ...]
    lies_with: str | None
    clauses: tuple[ClauseStatus, ...]
    movements: tuple[Movement, ...]
    turns: tuple[Turn, ...]
    gone: tuple[Gone, ...]
    order_doubts: tuple[Raised, ...] = ()
    not_on_file: tuple[Revision, ...] = ()
    taken_for_one: tuple[tuple[str, ...], ...] = ()
    unclear_sides: tuple[str, ...] = ()
    unbinding: tuple[Revision, ...] = ()

    def count(self, standing: Standing) -> int:
        """Return how many clauses stand so."""
        return sum(one.standing == standing for one in self.clauses)


@attrs.frozen
class RedlineRun:
    r"""A stretch of a redline under the same marks.

    Attributes:
        kind: kept, struck, inserted, or dropped (inserted and struck again on the way).
        text: its text. A line feed ends a paragraph, and is marked like any other character; `"\v"`
            is a line break inside of one.
        clause: its address, in the new revision unless it is struck.
        origin: who could have proposed the words; None for signs that only changed their form.
        inserted: what inserted it; None for kept and struck text, and where nobody on file did.
        struck: what struck it; None for kept and inserted text, and where nobody on file did.
        moved: for words that stand in both texts at different places, the address at the other end.
        move: a number that the two ends of one move share; None for what was not moved.
    """

    kind: RunKind
    text: str
    clause: str
    origin: Origin | None = None
    inserted: Event | None = None
    struck: Event | None = None
    moved: str | None = None
    move: int | None = None

    @property
    def in_old(self) -> bool:
        """True when it stands in the old text."""
        return self.kind in {"kept", "struck"}

    @property
    def in_new(self) -> bool:
        """True when it stands in the new text."""
        return self.kind in {"kept", "inserted"}


@attrs.frozen
class RedlinePart:
    """What is no clause text on two papers, as the redline of a text of its own.

    Attributes:
        kind: `"title"`, `"ladder"`, `"signature"`, or `"furniture"` (headers, footers, page marks).
        runs: its lines; each is a paragraph, and in the place of an address stands what it is.
    """

    kind: PartKind
    runs: tuple[RedlineRun, ...]

    @property
    def differs(self) -> bool:
        """True when it is not the same on both papers."""
        return any(run.kind != "kept" for run in self.runs)


@attrs.frozen
class Redline:
    """Both revisions in one text, each mark with who made it: what every redline is written from.

    Iterating yields the runs. Every paragraph ends with a line feed, the last one as well. Line
    ends inside the paragraphs of a plain text are spaces here, and empty lines are left out: these
    are how that text is laid out, and no words of the agreement.

    Attributes:
        old: the revision that it is against.
        new: the revision that it leads to.
        runs: the text in reading order: what is struck, then what is inserted.
        chain: the name of the document.
        title: the title lines of the new revision's paper.
        revisions: the ladder, every rung in bargaining order.
        declared_by: the paper on whose marks the base rests, where the base is one of the two.
        order_doubts: the doubts about the order of the papers, on which the marks rest.
        all_rounds: True when it shows what was inserted and struck again in between, too.
        parts: what is no clause text, in reading order: title, ladder, signatures, page marks.
    """

    old: Revision
    new: Revision
    runs: tuple[RedlineRun, ...]
    chain: str = ""
    title: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()
    declared_by: Revision | None = None
    order_doubts: tuple[Raised, ...] = ()
    all_rounds: bool = False
    parts: tuple[RedlinePart, ...] = ()

    def _repr_html_(self) -> str | None:
        return html_of(self)

    def __iter__(self) -> Iterator[RedlineRun]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def differs(self) -> tuple[PartKind, ...]:
        """What is no clause text, and not the same on both papers."""
        return tuple(part.kind for part in self.parts if part.differs)

    @property
    def whole(self) -> Redline:
        """The same with the parts that differ among its runs, as one reads the papers."""
        marked = [part for part in self.parts if part.differs]
        above = (run for part in marked if part.kind in _ABOVE for run in part.runs)
        below = (run for part in marked if part.kind not in _ABOVE for run in part.runs)
        return attrs.evolve(self, runs=(*above, *self.runs, *below), parts=())

    @property
    def old_text(self) -> str:
        """The old text, every mark rejected, as paragraphs that end with a line feed."""
        return "".join(run.text for run in self.runs if run.in_old)

    @property
    def new_text(self) -> str:
        """The new text, every mark accepted, as paragraphs that end with a line feed."""
        return "".join(run.text for run in self.runs if run.in_new)

    @property
    def is_backwards(self) -> bool:
        """True when it leads to an older revision: nobody made its marks."""
        return self.old.rung > self.new.rung

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties on the ladder, in the order in which they first proposed something."""
        return tuple(dict.fromkeys(r.party for r in self.revisions if r.party is not None))


@attrs.frozen
class Place:
    """Where a wording stands in one revision: half-open offsets into that revision's text."""

    revision: Revision
    start: int
    end: int
    clause: str
    text: str


@attrs.frozen
class Passage:
    """One wording followed through the chain: the same words wherever they stand.

    Attributes:
        text: the words as they stand in the last place.
        exact: True when they are the wording asked for to the letter.
        places: where they stand, in bargaining order; the base comes first.
        spans: the words of the last place, split where origin or history differ.
        stands: True when they stand in the last revision on file.
        marked_only: True when they stand in no text on file and are known only as text struck on
            a paper; `places` then names that paper, with empty offsets.
    """

    text: str
    exact: bool
    places: tuple[Place, ...]
    spans: tuple[Span, ...]
    stands: bool
    marked_only: bool = False


@attrs.frozen
class Near:
    """A sentence that comes close to a wording that was not found.

    Attributes:
        place: the sentence, where it stands last.
        likeness: the share of the wording's words that it holds, above 0 and at most 1.
    """

    place: Place
    likeness: float


@attrs.frozen
class Answer:
    """The answer to "who proposed this wording?".

    Attributes:
        wording: what was asked for.
        passages: what was found, exact matches first, then those that stand, then the oldest.
        present_in: the revisions on file (and the base) that hold the wording.
        absent_from: the other revisions whose text is known.
        not_on_file: the rungs whose text is not on file.
        near: sentences that come close, the closest first, offered when nothing was found.
        last: the last revision on file; None when no text is on file.
        chain: the name of the chain.
        order_doubts: the doubts about the order of the papers, on which the answer rests.
    """

    wording: str
    passages: tuple[Passage, ...]
    present_in: tuple[Revision, ...]
    absent_from: tuple[Revision, ...]
    not_on_file: tuple[Revision, ...]
    near: tuple[Near, ...]
    last: Revision | None
    chain: str = ""
    order_doubts: tuple[Raised, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.passages)
