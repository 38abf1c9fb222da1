"""Status: where each clause stands, how each side moved, what came back and what is gone.

Strategy: a clause is agreed where the last papers of both sides have the same words there, and that
is all that is needed to say so: nobody's intention is guessed at. How a side moved is read off the
history of every word that was ever on the table. Papers that bind nobody (supposals, withdrawn
ones, a mediator's) are not what a side says last, and are named apart; their words count as words
that they put forward. Where more than two names speak and it is not known who is with whom, nothing
is said to be agreed.

Facts with their sources, never a verdict. This module knows no record and no format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from bargaining.labels.parties import side_of
from bargaining.model import (
    Became,
    ClauseStatus,
    Event,
    Gone,
    Movement,
    Offer,
    Origin,
    Raised,
    Revision,
    Span,
    Standing,
    Status,
    Turn,
)
from bargaining.text.align import Block, match
from bargaining.text.words import Row, cut, is_tellable
from bargaining.views.blame import annotate
from bargaining.weave.woven import State, Woven

_AGREED: Final = "tentative agreement"
_PARTIES: Final = re.compile(r"\s*(?:[/&,]|\band\b)\s*")
_TWO: Final = 2
_FEW: Final = 4  # words
_LEAST: Final = 10  # words of a clause that can nearly be as it was
_MOST: Final = 2_000  # of one that is held against what it was: more are no clause
_NEARLY: Final = 0.85  # of 1: how alike it then is

Clauses = Mapping[str, tuple[str, ...]]


def status(
    chain: str,
    woven: Woven,
    revisions: Sequence[Revision],
    order_doubts: Sequence[Raised] = (),
    *,
    stated_sides: Collection[str] = (),
) -> Status:
    """Say where a chain stands.

    Args:
        chain: the name of the document.
        woven: the chain; at least one paper is in it.
        revisions: every rung of its ladder, in bargaining order.
        order_doubts: the doubts about the order of its papers.
        stated_sides: the parties whose side a person stated.
    """
    states = woven.states
    texts = [_clauses(state) for state in states]
    last = _last_binding(woven)
    papers = [state.revision for state in states[woven.first_rung :]]
    spoke = last_of_sides(papers)
    sides = [n for n in range(last + 1) if states[n].revision in spoke]
    of_both = is_of_both(states[last].revision)
    ends = [states[last].revision] if of_both else spoke
    unknown = tuple(said_since(revisions, ends))
    unclear = () if of_both else tuple(unclear_sides(revisions))
    shown_by = (last,) if of_both else tuple(sides)
    clauses = tuple(
        _clause_status(woven, texts[: last + 1], address, shown_by, known=not (unknown or unclear))
        for address in merged(texts[n] for n in reversed(shown_by or (last,)))
    )
    every = (span for span in annotate(woven, last, struck=True) if _counts(span))
    spans = [_bound(woven, span) for span in every]
    agreed = {one.clause for one in clauses if one.standing == "agreed"}
    return Status(
        chain=chain,
        last=states[last].revision,
        sides=tuple(states[n].revision for n in sides),
        lies_with=None if unclear else _lies_with(revisions, spoke, clauses),
        clauses=clauses,
        movements=tuple(_movements(spans, agreed)),
        turns=(*_all_turns(woven, spans), *_nearly(woven, last)),
        gone=tuple(_gone(spans)),
        order_doubts=tuple(order_doubts),
        not_on_file=unknown,
        taken_for_one=tuple(_taken_for_one(woven, {name.casefold() for name in stated_sides})),
        unclear_sides=unclear,
        unbinding=tuple(paper for paper in papers if not paper.binds),
    )


def _last_binding(woven: Woven) -> int:
    """Return the number of the last text that is what a side says; of any, where none is."""
    papers = range(woven.first_rung, len(woven.states))
    binding = [n for n in papers if woven.states[n].revision.binds]
    return binding[-1] if binding else papers[-1]


def _bound(woven: Woven, span: Span) -> Span:
    """Return words with what happened to them in papers that bind, as far as anything did.

    What a paper that binds nobody did without is struck by the next paper that does without it, and
    by nobody where that has it. Who proposed the words stays what it is.
    """
    binding = [state for state in woven.states if state.revision.binds]
    events: list[Event] = []
    for event in span.history:
        state = next((s for s in binding if s.revision.rung >= event.revision.rung), None)
        if state is None:
            continue  # of a paper behind the last one that binds
        if event.revision.binds:
            events.append(event)
            continue
        candidates = (*event.candidates, *state.candidates)
        bound = tuple(dict.fromkeys(one for one in candidates if one.binds))
        events.append(attrs.evolve(event, revision=state.revision, candidates=bound))
    return attrs.evolve(span, history=tuple(_without_detours(events)))


def _without_detours(events: Iterable[Event]) -> Sequence[Event]:
    """Leave out what was struck and is back in one and the same paper."""
    kept: list[Event] = []
    for event in events:
        same = bool(kept) and kept[-1].revision == event.revision
        if same and (kept[-1].kind, event.kind) == ("struck", "restored"):
            kept.pop()
        else:
            kept.append(event)
    return kept


def _came_to_bind(span: Span) -> bool:
    """False for words that were gone before any paper that binds had them."""
    first = [(event.kind, event.revision.rung) for event in span.history[:2]]
    if len(first) < _TWO:
        return True
    return first[0][0] != "proposed" or first[1] != ("struck", first[0][1])


def _counts(span: Span) -> bool:
    """True for words, but for those that are gone at one place and stand at another."""
    came_back = span.struck and span.history[-1].kind != "struck"
    return bool(_words(span.text)) and not came_back


def is_of_both(revision: Revision) -> bool:
    """True for what both sides say: a tentative agreement, or a joint proposal.

    Two unions may propose something jointly, so the parties that a joint proposal names must be of
    both sides.
    """
    if _AGREED in {revision.kind, revision.state}:
        return True
    if revision.state != "joint" or revision.party is None:
        return revision.state == "joint"
    # An acronym may be a union's; "Parks" of "Parks and Recreation District" is no party.
    names = _PARTIES.split(revision.party)
    sides = {side_of(name) or ("union" if name.isupper() else None) for name in names}
    return {"employer", "union"} <= sides


def _clauses(state: State) -> Clauses:
    """Return the words of each clause of a text, by its address."""
    outline, keys = state.outline, state.words.keys
    ends = [*outline.starts, len(keys)][1:]  # none for a text without words
    found: dict[str, tuple[str, ...]] = {}
    for start, end, address in zip(outline.starts, ends, outline.addresses, strict=True):
        found[address] = found.get(address, ()) + tuple(keys[start:end])
    return found


def last_of_sides(revisions: Iterable[Revision]) -> list[Revision]:
    """Return the last papers on file of the two sides that spoke last, in bargaining order.

    Args:
        revisions: the rungs of a ladder, in bargaining order.
    """
    last: dict[str, Revision] = {}
    for revision in revisions:
        if not (revision.on_file and revision.binds):
            continue
        if revision.state == "joint" and is_of_both(revision):
            last = {revision.label: revision}  # what both sides said until they speak again
        elif revision.party is not None:
            last[side_named(revision) or revision.party] = revision
    return sorted(last.values(), key=lambda revision: revision.rung)[-_TWO:]


def said_since(revisions: Iterable[Revision], sides: Sequence[Revision]) -> list[Revision]:
    """Return what sides said after these papers of theirs, and is not on file.

    Args:
        revisions: the rungs of a ladder.
        sides: their last papers; one alone is one of both, a tentative agreement.
    """
    found = {
        r.rung: r
        for own in sides
        for r in revisions
        if r.rung > own.rung and not r.on_file and r.binds
        if len(sides) == 1 or side_named(r) in {None, side_named(own)}
    }
    return [found[rung] for rung in sorted(found)]


def side_named(revision: Revision) -> str | None:
    """Return which side's a revision is: an employer's, a union's, or of whom its party names."""
    return revision.side or (revision.party and (side_of(revision.party) or revision.party))


def unclear_sides(revisions: Iterable[Revision]) -> Iterator[str]:
    """Yield the parties that speak, one of each side, where these are more than two sides.

    Names that do not tell whose they are may be names of one side, so nothing follows from them.
    """
    speaking = [r for r in revisions if r.binds and r.party and not is_of_both(r)]
    first: dict[str | None, str] = {}
    for revision in speaking:
        first.setdefault(side_named(revision), revision.party or "")
    yield from first.values() if len(first) > _TWO else ()


def _taken_for_one(woven: Woven, stated: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Yield the names that are taken for one side: what two of its names say is no agreement.

    Not where it is stated of all but one of them.
    """
    names: dict[str, dict[str, None]] = {}
    for state in woven.states[woven.first_rung :]:
        party = state.revision.party
        if party is not None and state.revision.side != "third":
            names.setdefault(side_named(state.revision) or party, {})[party] = None
    for one in names.values():
        if sum(name.casefold() not in stated for name in one) > 1:
            yield tuple(one)


def merged(orders: Iterable[Iterable[str]]) -> list[str]:
    """Merge the clauses of several papers; one that is new goes behind the one before it.

    Args:
        orders: the addresses of each paper; those of the first keep their order.
    """
    found: list[str] = []
    for order in orders:
        at = 0
        for address in order:
            if address in found:
                at = found.index(address) + 1
            else:
                found.insert(at, address)
                at += 1
    return found


def _clause_status(
    woven: Woven,
    texts: Sequence[Clauses],
    address: str,
    shown_by: Sequence[int],
    *,
    known: bool,
) -> ClauseStatus:
    """Say where one clause stands."""
    own = [text.get(address) for text in texts]
    changed = [n for n in range(1, len(own)) if own[n] != own[n - 1]]
    revisions = tuple(woven.states[n].revision for n in shown_by)
    said = [own[n] for n in shown_by]
    if not changed and own[0] is not None and woven.first_rung:
        return ClauseStatus(address, "untouched", revisions)
    alike = len(set(said)) == 1 and said[0] is not None
    is_shown = known and (len(said) == _TWO or (said and is_of_both(revisions[-1])))
    standing: Standing = "agreed" if alike and is_shown else "open"
    moved = changed[-1] if changed else 0
    papers = range(max(moved + 1, woven.first_rung), len(own))
    candidates = woven.states[moved].candidates  # of a first text, whoever came before it, too
    return ClauseStatus(address, standing, revisions, candidates, len(papers), missing=None in said)


def _lies_with(
    revisions: Sequence[Revision], sides: Sequence[Revision], clauses: Iterable[ClauseStatus]
) -> str | None:
    """Return the side that has to answer: of the two, the one that did not speak last."""
    if len(sides) < _TWO or all(one.standing != "open" for one in clauses):
        return None
    spoke = [r for r in revisions if r.party is not None and r.binds][-1]
    others = [r.party for r in sides if r.party and side_named(r) != side_named(spoke)]
    return others[0] if len(others) == 1 else None


# How each side moved.


def _words(text: str) -> int:
    return sum(map(is_tellable, cut(text).keys))


def _movements(spans: Iterable[Span], agreed: set[str]) -> Iterator[Movement]:
    """Yield what each revision offered, struck and brought back, in bargaining order."""
    found: dict[tuple[int, ...], Movement] = {}

    def add(revisions: tuple[Revision, ...], offers: tuple[Offer, ...] = (), **counts: int) -> None:
        key = tuple(revision.rung for revision in reversed(revisions))  # where it was first seen
        one = found.get(key, Movement(revisions))
        more = {name: getattr(one, name) + count for name, count in counts.items()}
        found[key] = attrs.evolve(one, offers=(*one.offers, *offers), **more)

    for span in spans:
        count, first = _words(span.text), span.origin.candidates
        if not first[0].is_base:
            became: Became = "accepted" if span.clause in agreed else "open"
            if span.struck:
                became = "dropped" if _is_own(span.origin, span.history[-1]) else "struck"
            offer = Offer(span.clause, span.text.strip(), became)
            add(first, (offer,), **{"offered": count, became: count})
        for event in span.history if _came_to_bind(span) else ():
            if event.kind == "struck" and not _is_own(span.origin, event):
                add(event.candidates, struck_here=count)
            elif event.kind == "restored":
                add(event.candidates, restored_here=count)
    yield from (found[key] for key in sorted(found))


def _one_side(revisions: Iterable[Revision]) -> str | None:
    """Return the side of revisions that are all of one; None where that is not known."""
    sides = set(map(side_named, revisions))
    return sides.pop() if len(sides) == 1 else None


def _is_own(origin: Origin, event: Event) -> bool:
    """True where words were certainly struck by the side that proposed them."""
    side = _one_side(origin.candidates)
    return side is not None and side == _one_side(event.candidates)


def _all_turns(woven: Woven, spans: Iterable[Span]) -> Iterator[Turn]:
    """Yield every turn; those of neighbouring words that are one turn are joined."""
    before: list[Turn] = []
    for span in spans:
        here = list(_turns(woven, span))
        if not here:  # between words that were neighbours before it came in
            since = _came_in(span).rung
            yield from (one for one in before if one.event.revision.rung >= since)
            before = [one for one in before if one.event.revision.rung < since]
            continue
        for n, turn in enumerate(here):
            same = next((one for one in before if _is_one(one, turn)), None)
            if same is not None:
                before.remove(same)
                here[n] = attrs.evolve(turn, text=f"{same.text} {turn.text}")
        yield from before
        before = here
    yield from before


def _is_one(one: Turn, other: Turn) -> bool:
    """True for the same turn, on other words."""
    return attrs.evolve(one, text="") == attrs.evolve(other, text="")


def _turns(woven: Woven, span: Span) -> Iterator[Turn]:
    """Yield where a side turned round on some words, and where they came back."""
    since: Revision | None = _came_in(span)
    gone: Event | None = None
    text = span.text.strip()
    for event in span.history if _came_to_bind(span) else ():
        if event.kind == "struck" and since is not None:
            before = _let_stand(woven, since, event)
            if _is_own(span.origin, event):
                yield Turn("own wording struck", event.clause, text, event, _came_in(span))
            elif before is not None and not _strayed(span, event):
                yield Turn("let stand, then struck", event.clause, text, event, before)
            since, gone = None, event
        elif event.kind == "restored":
            if gone is not None:
                yield Turn("brought back", event.clause, text, event, gone.revision)
            since = event.revision


def _came_in(span: Span) -> Revision:
    """Return the revision in which words are seen first where they stand.

    Words that may be others, used again, stood nowhere before for certain.
    """
    first = next((event for event in span.history if event.kind == "proposed"), None)
    return span.origin.first_seen if first is None else first.revision


def _strayed(span: Span, struck: Event) -> bool:
    """True for a few words that were struck elsewhere than where they came in.

    Few words are soon in another clause by chance: nobody let these stand there for certain.
    """
    came = next((event.clause for event in span.history if event.kind == "proposed"), None)
    return came not in {None, struck.clause} and _words(span.text) < _FEW


def _let_stand(woven: Woven, since: Revision, struck: Event) -> Revision | None:
    """Return the last paper of whoever struck words in which these stood; None without one."""
    side, rung = _one_side(struck.candidates), struck.candidates[0].rung
    papers = (state.revision for state in woven.states[woven.first_rung :])
    binding = (paper for paper in papers if paper.binds)
    own = [r for r in binding if since.rung <= r.rung < rung and side_named(r) == side]
    return own[-1] if own and side is not None else None


def _gone(spans: Iterable[Span]) -> Iterator[Gone]:
    """Yield what was proposed on the way, and stands no more."""
    for span in spans:
        if span.struck and not span.origin.candidates[0].is_base:
            struck = span.history[-1]
            yield Gone(struck.clause or span.clause, span.text.strip(), span.origin, struck)


def _nearly(woven: Woven, last: int) -> Iterator[Turn]:
    """Yield the clauses that were changed, and then nearly were again what they had been.

    Those that are so word for word are told by the words that were brought back.
    """
    states = [state for state in woven.states[: last + 1] if state.revision.binds]
    rows = list(map(_places, states))
    for address in merged(reversed(rows)):
        own = [_keys(*one) for one in zip(states, (row.get(address) for row in rows), strict=True)]
        for n in range(2, len(own)):
            near = _last_near(own[: n + 1])
            if near is not None and own[near] != own[n]:
                event = Event("restored", states[n].revision, states[n].candidates, address)
                before, now = ((states[k], rows[k][address]) for k in (near, n))
                text = " ".join(now[0].words.slice(*now[1]).split())
                changes = tuple(_changes(before, now))
                yield Turn("nearly as before", address, text, event, before[0].revision, changes)


def _last_near(own: Sequence[tuple[str, ...]]) -> int | None:
    """Return the last state of a clause that it nearly has again, and did not have since."""
    *before, between, now = own
    if now == between or not _LEAST <= len(now) <= _MOST:
        return None
    versions = {keys: k for k, keys in enumerate(before)}  # each with where it stood last
    near = [k for keys, k in versions.items() if _likeness(now, keys) >= _NEARLY]
    apart = (k for k in sorted(near, reverse=True) if _likeness(between, before[k]) < _NEARLY)
    return next(apart, None)


def _places(state: State) -> dict[str, tuple[int, int]]:
    """Return the words of each clause of a text, half-open, by address; of several the first."""
    outline = state.outline
    ends = [*outline.starts, len(state.words)][1:]
    rows = zip(outline.addresses, zip(outline.starts, ends, strict=True), strict=True)
    return dict(reversed(list(rows)))


def _keys(state: State, place: tuple[int, int] | None) -> tuple[str, ...]:
    return () if place is None else tuple(state.words.keys[slice(*place)])


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return which share of the words of two clauses they have in common, in their order."""
    shared = (Counter(one) & Counter(other)).total()
    if 2 * shared < _NEARLY * (len(one) + len(other)):  # in no order can they be so alike
        return 0.0
    blocks = match(Row.of(one), Row.of(other))
    return 2 * sum(block.size for block in blocks) / (len(one) + len(other))


_Placed = tuple[State, tuple[int, int]]


def _changes(before: _Placed, now: _Placed) -> Iterator[tuple[str, str]]:
    """Yield each place where two clauses differ, as it was and as it is."""
    ours, theirs = (_keys(*one) for one in (before, now))
    (old, start), (new, first) = ((state, place[0]) for state, place in (before, now))
    a = b = 0
    for block in (*match(Row.of(ours), Row.of(theirs)), Block(len(ours), len(theirs), 0)):
        if block.old > a or block.new > b:
            was = old.words.slice(start + a, start + block.old)
            yield was.strip(), new.words.slice(first + b, first + block.new).strip()
        a, b = block.old + block.size, block.new + block.size
