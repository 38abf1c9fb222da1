"""Status: where each clause stands, how each side moved, what came back and what is gone.

Strategy: a clause is agreed where the last papers of both sides have the same words there, and that
is all that is needed to say so: nobody's intention is guessed at. How a side moved is read off the
history of every word that was ever on the table. Papers that bind nobody (supposals, withdrawn
ones, a mediator's) are not what a side says last; their words count as words that they put forward.

Facts with their sources, never a verdict. This module knows no record and no format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from bargaining.labels.parties import side_of
from bargaining.model import (
    ClauseStatus,
    Event,
    Gone,
    Movement,
    Origin,
    Raised,
    Revision,
    Span,
    Standing,
    Status,
    Turn,
)
from bargaining.text.words import cut, is_tellable
from bargaining.views.blame import annotate
from bargaining.weave.woven import State, Woven

_UNBINDING: Final = frozenset({"supposal", "mediator's proposal"})
_AGREED: Final = "tentative agreement"
_TWO: Final = 2
_FEW: Final = 4  # words

Clauses = Mapping[str, tuple[str, ...]]


def status(
    chain: str,
    woven: Woven,
    revisions: Sequence[Revision],
    order_doubts: Sequence[Raised] = (),
) -> Status:
    """Say where a chain stands.

    Args:
        chain: the name of the document.
        woven: the chain; at least one paper is in it.
        revisions: every rung of its ladder, in bargaining order.
        order_doubts: the doubts about the order of its papers.
    """
    states = woven.states
    texts = [_clauses(state) for state in states]
    last = len(states) - 1
    papers = [state.revision for state in states[woven.first_rung :]]
    spoke = last_of_sides(papers)
    sides = [n for n in range(last + 1) if states[n].revision in spoke]
    ends = [papers[-1]] if _is_agreement(papers[-1]) else spoke
    unknown = tuple(said_since(revisions, ends))
    shown_by = (last,) if _is_agreement(states[last].revision) else tuple(sides)
    clauses = tuple(
        _clause_status(woven, texts, address, shown_by, known=not unknown)
        for address in merged(texts[n] for n in reversed(shown_by or (last,)))
    )
    spans = [span for span in annotate(woven, last, struck=True) if _counts(span)]
    agreed = {one.clause for one in clauses if one.standing == "agreed"}
    return Status(
        chain=chain,
        last=states[last].revision,
        sides=tuple(states[n].revision for n in sides),
        lies_with=_lies_with(revisions, spoke, clauses),
        clauses=clauses,
        movements=tuple(_movements(spans, agreed)),
        turns=tuple(_all_turns(woven, spans)),
        gone=tuple(_gone(spans)),
        order_doubts=tuple(order_doubts),
        not_on_file=unknown,
        taken_for_one=tuple(_taken_for_one(woven)),
    )


def _counts(span: Span) -> bool:
    """True for words, but for those that are gone at one place and stand at another."""
    came_back = span.struck and span.history[-1].kind != "struck"
    return bool(_words(span.text)) and not came_back


def _is_agreement(revision: Revision) -> bool:
    return _AGREED in {revision.kind, revision.state}


def _binds(revision: Revision) -> bool:
    return revision.kind not in _UNBINDING and revision.state != "withdrawn"


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
        if revision.on_file and revision.party is not None and _binds(revision):
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
        if r.rung > own.rung and not r.on_file and _binds(r)
        if len(sides) == 1 or side_named(r) in {None, side_named(own)}
    }
    return [found[rung] for rung in sorted(found)]


def side_named(revision: Revision) -> str | None:
    """Return which side's a revision is: an employer's, a union's, or of whom its party names."""
    return revision.party and (side_of(revision.party) or revision.party)


def _taken_for_one(woven: Woven) -> Iterator[tuple[str, ...]]:
    """Yield the names that are taken for one side: what two of its names say is no agreement."""
    names: dict[str, dict[str, None]] = {}
    for state in woven.states[woven.first_rung :]:
        party = state.revision.party
        if party is not None:
            names.setdefault(side_named(state.revision) or party, {})[party] = None
    yield from (tuple(one) for one in names.values() if len(one) > 1)


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
    is_shown = known and (len(said) == _TWO or (said and _is_agreement(revisions[-1])))
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
    spoke = [r for r in revisions if r.party is not None and _binds(r)][-1]
    others = [r.party for r in sides if side_named(r) != side_named(spoke)]
    return others[0] if len(others) == 1 else None


# How each side moved.


def _words(text: str) -> int:
    return sum(map(is_tellable, cut(text).keys))


def _movements(spans: Iterable[Span], agreed: set[str]) -> Iterator[Movement]:
    """Yield what each revision offered, struck and brought back, in bargaining order."""
    found: dict[tuple[int, ...], Movement] = {}

    def add(revisions: tuple[Revision, ...], **counts: int) -> None:
        key = tuple(revision.rung for revision in reversed(revisions))  # where it was first seen
        one = found.get(key, Movement(revisions))
        more = {name: getattr(one, name) + count for name, count in counts.items()}
        found[key] = attrs.evolve(one, **more)

    for span in spans:
        count, first = _words(span.text), span.origin.candidates
        if not first[0].is_base:
            became = "accepted" if span.clause in agreed else "open"
            if span.struck:
                became = "dropped" if _is_own(span.origin, span.history[-1]) else "struck"
            add(first, **{"offered": count, became: count})
        for event in span.history:
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
    for event in span.history:
        if event.kind == "struck" and since is not None:
            before = _let_stand(woven, since, event)
            if _is_own(span.origin, event):
                yield Turn("own wording struck", event.clause, text, event, span.origin.first_seen)
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
    own = [r for r in papers if since.rung <= r.rung < rung and side_named(r) == side]
    return own[-1] if own and side is not None else None


def _gone(spans: Iterable[Span]) -> Iterator[Gone]:
    """Yield what was proposed on the way, and stands no more."""
    for span in spans:
        if span.struck and not span.origin.candidates[0].is_base:
            struck = span.history[-1]
            yield Gone(struck.clause or span.clause, span.text.strip(), span.origin, struck)
