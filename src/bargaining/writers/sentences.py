"""Sentences: answers in plain words.

Strategy: each value has one way of being said, built from small phrases; whoever shows it wraps and
escapes it. What is not certain is said with every candidate, and what an answer rests on is named.

This module does not know where its sentences are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from bargaining.model import (
    BASE_LABEL,
    Answer,
    Event,
    Evidence,
    EvidenceKind,
    Explanation,
    Origin,
    Passage,
    Place,
    Raised,
    Revision,
    Span,
)
from bargaining.text.clauses import PREAMBLE, TERM

_NAMED = {PREAMBLE: "the preamble", TERM: "the term clause"}
_LISTED = 3  # so many revisions are named one by one; more by their rungs


def quoted(text: str) -> str:
    """Return a piece of a paper in quotes, on one line."""
    return f"“{' '.join(text.split())}”"


def named(revision: Revision) -> str:
    """Return how a sentence names a revision."""
    return "the base" if revision.is_base else revision.label


def made_words(revision: Revision) -> str:
    """Say of which texts that of a revision was made; empty where its paper is the whole text."""
    if not revision.made_of:
        return ""
    labels = ["the base" if one.label == BASE_LABEL else one.label for one in revision.made_of]
    of = _listed(list(dict.fromkeys(labels)), "and")
    if revision.made_of[0].how == "amends":
        return f"{revision.label} gives instructions: its text is what they make of {of}."
    return f"{revision.label} restates only what changes: the rest of its text is that of {of}."


def one_of(revisions: Sequence[Revision], *, some: str = "any") -> str:
    """Name the revisions of which it was one."""
    rungs = [r for r in revisions if not r.is_base]
    base = ["the base"] if len(rungs) < len(revisions) else []
    if len(rungs) <= _LISTED:
        return _either([*base, *(r.label for r in rungs)])
    first, last = rungs[0].rung, rungs[-1].rung
    in_a_row = all(b.rung == a.rung + 1 for a, b in pairwise(rungs))
    listed = f"{first} to {last}" if in_a_row else ", ".join(str(r.rung) for r in rungs)
    whole = f"{some} of the rungs {listed} ({rungs[0].label} to {rungs[-1].label})"
    return _either([*base, whole])


def _either(names: Sequence[str]) -> str:
    return _listed(names, "or")


def _listed(names: Sequence[str], joint: str) -> str:
    return f" {joint} ".join([", ".join(names[:-1]), names[-1]] if names[:-1] else names)


def gap_before(origin: Origin, not_on_file: Sequence[Revision]) -> str:
    """Say which papers are missing between the candidates, or an empty string."""
    missing = [r for r in origin.candidates if r in not_on_file]
    if origin.rests_on == "unknown":
        return "no earlier paper is on file"
    if not missing:
        return ""
    if len(missing) > _LISTED:
        return f"{len(missing)} rungs before it are not on file"
    verb = "is" if len(missing) == 1 else "are"
    return f"{_listed([r.label for r in missing], 'and')} {verb} not on file"


def origin_words(origin: Origin, clause: str, not_on_file: Sequence[Revision]) -> str:
    """Say who could have proposed some words, as what follows the words themselves.

    Args:
        origin: their origin.
        clause: the address at which they are first seen.
        not_on_file: the rungs of the chain that are not on file.
    """
    where = in_clause(clause)
    if origin.certain:
        return _certain(origin, where)
    if origin.perhaps_new is not None:
        return (
            f"may be new in {named(origin.perhaps_new)}, or words that were struck and are used "
            f"again; so it may come from {one_of(origin.candidates)}"
        )
    if origin.doubt is not None:
        return f"may come from {one_of(origin.candidates)}: it is in doubt"
    gap = gap_before(origin, not_on_file)
    because = f"; {gap}, so it" if gap else "; it"
    if origin.rests_on == "declared" and origin.candidates[0].is_base and origin.declared_by:
        because = f"; only the marks of {origin.declared_by.label} speak of the base, so it"
    return (
        f"is first seen in {named(origin.first_seen)}{where}{because} may come from "
        f"{one_of(origin.candidates)}{_on_word(origin)}"
    )


def _certain(origin: Origin, where: str) -> str:
    one = origin.candidates[0]
    if one.is_base:
        return f"stood in the base{where}{_on_word(origin)}"
    by = f"by {one.party} ({one.label}{where})" if one.party else f"in {one.label}{where}"
    return f"was proposed {by}{_on_word(origin)}"


def _on_word(origin: Origin) -> str:
    """Say that an answer rests on marks alone."""
    if origin.rests_on != "declared" or origin.declared_by is None:
        return ""
    return f", on the word of the marks of {origin.declared_by.label}"


def event_words(event: Event) -> str:
    """Say one event: `struck by District Counter 5-19-25`."""
    what: str = event.kind
    if event.kind == "moved" and event.from_clause and event.clause != event.from_clause:
        what = f"moved from {event.from_clause} to {event.clause}"
    elif event.kind == "restored" and event.from_clause and event.clause != event.from_clause:
        what = f"restored in {event.clause}"
    if event.certain:
        return f"{what} by {event.revision.label}"
    return f"{what} in {one_of(event.candidates, some='one')}"


def evidence_words(evidence: Evidence) -> str:
    """Say one step of the evidence, as a sentence."""
    if evidence.kind == "open":
        return f"Not certain: it may come from {one_of(evidence.candidates)}."
    where = f"{named(evidence.revision)}{in_clause(evidence.clause)}"
    what, left, between = _recognised_words(evidence), _left(evidence), _between(evidence)
    if evidence.places > 1:
        return f"Back in {where}: {what}, which {evidence.places} struck ones fit equally well."
    told: dict[EvidenceKind, str] = {
        "first seen": f"First seen in {where}.",
        "perhaps": f"New in {where}, or {what} that stood in {left} and were struck"
        f"{_measured(evidence)}.",
        "struck": f"Struck by {where}.",
        "moved": f"Moved by {where}: {what}, struck in {left} and inserted here.",
        "back in its place": f"Back in {where}: {what}, where it was struck from{between}.",
        "back elsewhere": f"Back in {where}: {what}, struck before in {left}{between}.",
    }
    return told[evidence.kind]


def _measured(evidence: Evidence) -> str:
    """Say how often words like these were new."""
    if not evidence.measured:
        return "; words like these never came up in what was measured"
    seen, new = evidence.measured, evidence.were_new
    if new == seen:
        return f"; all {seen} words like these that were measured were new, but they are few"
    return f"; of {seen} words like these that were measured, {new} were new"


def _left(evidence: Evidence) -> str:
    """Say where words stood before."""
    return in_clause(evidence.from_clause or "").removeprefix(", ") or "the same text"


def _recognised_words(evidence: Evidence) -> str:
    """Say how much was recognised: `a whole sentence (12 words)`, `9 words in a row`."""
    words = "1 word" if evidence.words == 1 else f"{evidence.words} words in a row"
    return f"a whole sentence ({words})" if evidence.whole else words


def _between(evidence: Evidence) -> str:
    """Say what words stand between."""
    sides = [quoted(side) for side in (evidence.before, evidence.after) if side]
    return f", between {' and '.join(sides)}" if len(sides) > 1 else ""


def explanation_words(
    found: Explanation, not_on_file: Sequence[Revision], *, here: bool = False
) -> Iterator[str]:
    """Yield sentences on why some words have their origin: the answer first.

    Args:
        found: the explanation.
        not_on_file: the rungs of the chain that are not on file.
        here: say where the words stand in the revision asked about, as one of several places.
    """
    span = found.span
    clause = next((e.clause for e in found.evidence if e.kind == "first seen"), span.clause)
    stands = in_clause(span.clause).removeprefix(", ") if here else ""
    place = f" (here in {stands})" if stands else ""
    yield f"{quoted(span.text)}{place} {origin_words(span.origin, clause, not_on_file)}."
    yield from map(evidence_words, found.evidence)
    if span.origin.doubt is not None:
        yield f"Doubt: {span.origin.doubt.message}"
    gap = gap_before(span.origin, not_on_file)
    if gap and not span.origin.certain:
        yield f"Why it is not certain: {gap}."


def fate(passage: Passage, answer: Answer) -> str:
    """Say whether a passage stands, and where it was last seen."""
    last = passage.places[-1]
    if passage.stands:
        return f"stands in {named(last.revision)}, the last paper on file{_in_clause(last)}"
    if last.revision.is_base and answer.last is None:
        return f"stands in the base{_in_clause(last)}; no paper is on file"
    return f"is gone; it was last seen in {named(last.revision)}{_in_clause(last)}"


def _in_clause(place: Place) -> str:
    return in_clause(place.clause)


def in_clause(address: str) -> str:
    """Say an address after a comma: `, clause 1.0(b)`, `, the term clause`, `, Article 5`."""
    if address in _NAMED:
        return f", {_NAMED[address]}"
    return f", clause {address}" if address[:1].isdigit() else f", {address}" if address else ""


def passage_words(passage: Passage, answer: Answer) -> Iterator[str]:
    """Yield sentences on a passage: the answer first, then its parts and the doubts."""
    missing = answer.not_on_file
    spans = passage.spans
    text = quoted(passage.text)
    if passage.marked_only:
        yield _marked_words(passage, missing)
    elif len(spans) == 1:
        yield f"{text} {_span_words(spans[0], passage, missing)}, and {fate(passage, answer)}."
    elif len({span.origin for span in spans}) == 1 and spans:
        first = origin_words(spans[0].origin, _first_clause(spans[0], passage), missing)
        yield f"{text} {first}, and {fate(passage, answer)}; its words have {len(spans)} histories."
        yield from (f"{quoted(s.text)} {_span_words(s, passage, missing)}." for s in spans)
    else:
        yield f"{text} has {len(spans)} parts of different origin, and {fate(passage, answer)}."
        yield from (f"{quoted(s.text)} {_span_words(s, passage, missing)}." for s in spans)
    for doubt in dict.fromkeys(s.origin.doubt for s in spans if s.origin.doubt is not None):
        yield f"Doubt: {doubt.message}"


def _marked_words(passage: Passage, missing: Sequence[Revision]) -> str:
    """Say what is known of words that only the marks of a paper show."""
    place, span = passage.places[0], passage.spans[0]
    gap = gap_before(span.origin, missing)
    because = f"; {gap}, so it" if gap else "; it"
    return (
        f"{quoted(passage.text)} stands in no text on file: it is struck on {place.revision.label}"
        f"{_in_clause(place)}, whose marks are against a text that is not on file{because} may "
        f"come from {one_of(span.origin.candidates)}, and is gone."
    )


def _span_words(span: Span, passage: Passage, missing: Sequence[Revision]) -> str:
    events = [event_words(e) for e in span.history if e.kind != "proposed"]
    by_someone = span.origin.certain and not span.origin.candidates[0].is_base
    events[:1] = [one if by_someone else f"was {one}" for one in events[:1]]
    return ", ".join([origin_words(span.origin, _first_clause(span, passage), missing), *events])


def _first_clause(span: Span, passage: Passage) -> str:
    proposed = next((e.clause for e in span.history if e.kind == "proposed" and e.clause), None)
    return proposed if proposed is not None else passage.places[0].clause


def order_words(doubts: Sequence[Raised]) -> Iterator[str]:
    """Say in one short sentence at which papers the order is in doubt, and where to read on."""
    names = list(dict.fromkeys(raised.revision.label for raised in doubts))
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield f"The order of the papers is in doubt at {names[0]}{more}: see bargain log."


def unbinding_words(revisions: Iterable[Revision]) -> Iterator[str]:
    """Say which papers bind nobody, in one sentence, where any of these do not."""
    names = list(dict.fromkeys(one.label for one in revisions if not one.binds))
    if names:
        yield f"{_listed(names, 'and')} {'binds' if len(names) == 1 else 'bind'} nobody."


def _named_in(answer: Answer) -> Iterator[Revision]:
    """Yield the revisions that an answer names, but for those that it only lists."""
    for passage in answer.passages:
        yield from (place.revision for place in passage.places)
        for span in passage.spans:
            yield from span.origin.candidates
            yield from (one for event in span.history for one in event.candidates)


def not_known(answer: Answer) -> Iterator[str]:
    """Yield what an answer rests on beside papers, and cannot say where they are not on file."""
    seen = [place.revision for passage in answer.passages for place in passage.places]
    yield from (made_words(revision) for revision in dict.fromkeys(seen) if revision.made_of)
    yield from unbinding_words(_named_in(answer))
    if answer.not_on_file:
        listed = ", ".join(f"{r.label} (rung {r.rung})" for r in answer.not_on_file)
        yield f"Not on file, so what they said is not known: {listed}."
    last = answer.last.rung if answer.last else 0
    if any(r.rung > last for r in answer.not_on_file):
        yield "The ladder goes on after the last paper on file: whether it stands now is not known."
