"""Places: where a redline has marks, who made them, and how many words they are.

Strategy: neighbouring marks are one place. Everything that a text says of marks beside the marks
themselves (a list of them, a comment, the sums) is worked out here, once for all formats.

This module knows no formats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

import attrs

from bargaining.model import Event, RedlineRun
from bargaining.writers import authors
from bargaining.writers.screen import person
from bargaining.writers.sentences import quoted

_QUOTED_MOST: Final = 12  # words of a mark that are quoted
_DONE: Final = {
    "struck": "struck",
    "inserted": "inserted",
    "dropped": "stood in between",
}


@attrs.frozen
class Sums:
    """How many words were struck, inserted, moved, and inserted and struck again."""

    struck: int = 0
    inserted: int = 0
    moved: int = 0
    dropped: int = 0


def places(runs: Iterable[RedlineRun]) -> Iterator[tuple[RedlineRun, ...]]:
    """Yield the marks of each place: of a row without kept words between them.

    Paragraphs struck or inserted whole are a place each.
    """
    place: list[RedlineRun] = []
    for run in runs:
        if run.kind != "kept":
            place.append(run)
        if place and (run.text.endswith("\n") or (run.kind == "kept" and run.text.strip())):
            yield tuple(place)
            place = []
    if place:
        yield tuple(place)


def made_by(event: Event | None) -> str:
    """Say who made a mark and when: the date that is stated, else the label."""
    said = authors.author(event)
    if event is None or not event.certain:
        return said
    date = event.revision.date
    label = event.revision.label
    return f"{said}, {authors.short_date(date) if date else label}" if said != label else said


def note(run: RedlineRun) -> str:
    """Say of a mark who made it, and where it was moved; empty where nobody made it."""
    told = {"inserted": run.inserted, "struck": run.struck}
    said = [f"{kind} by {made_by(event)}" for kind, event in told.items() if event is not None]
    if len(said) == 1:
        said = [made_by(run.inserted or run.struck)]
    return ", ".join([*said, *filter(None, [moved(run)])])


def moved(run: RedlineRun) -> str:
    """Say where moved words went, or came from; empty for others."""
    if run.moved is None:
        return ""
    if run.moved == run.clause:
        return f"moved within {run.clause}"
    way = "to" if run.kind == "struck" else "from"
    return f"moved {way} {run.moved or 'elsewhere'}"


def list_of(runs: Iterable[RedlineRun]) -> Iterator[str]:
    """Yield a sentence for each place: its address, who made its marks, and what they are."""
    for every in places(runs):
        place = [run for run in every if run.text.strip(" ")] or every  # words before spacing
        clause = next((run.clause for run in place if run.in_new), place[0].clause)
        groups = [(by, list(group)) for by, group in groupby(place, key=_by)]
        said = (", ".join(filter(None, [by, _listed(group)])) for by, group in groups)
        yield person(f"{clause or '(no clause)'}: {'; '.join(said)}.")


def _by(run: RedlineRun) -> str:
    return note(attrs.evolve(run, moved=None))


def _listed(marks: list[RedlineRun]) -> str:
    kinds = groupby(marks, key=lambda run: moved(run) or _DONE[run.kind])
    return " and ".join(f"{done} {_quoted(list(group))}" for done, group in kinds)


def _quoted(runs: list[RedlineRun]) -> str:
    """Quote marked words, the middle of many left out; name what is no words."""
    text = "".join(run.text for run in runs)
    words = text.split()
    if len(words) > _QUOTED_MOST:
        half = _QUOTED_MOST // 2
        return quoted(" ".join([*words[:half], "…", *words[-half:]]))
    if words:
        return quoted(text)
    return "the end of a paragraph" if "\n" in text else "spacing"


def sums(runs: Iterable[RedlineRun]) -> dict[str, Sums]:
    """Return the sums for each author, in the order of their first marks."""
    found: dict[str, Counter[str]] = {}
    for run in runs:
        if run.kind == "kept":
            continue
        kind = run.kind if run.moved is None else "moved" if run.kind == "inserted" else ""
        who = _names(run.struck if run.kind == "struck" else run.inserted)
        found.setdefault(who, Counter())[kind] += len(run.text.split())
    return {who: _sums(counts) for who, counts in found.items()}


def total(found: Iterable[Sums]) -> Sums:
    """Return the sum of sums."""
    counts: Counter[str] = Counter()
    for one in found:
        counts.update(attrs.asdict(one))
    return _sums(counts)


def _sums(counts: Counter[str]) -> Sums:
    return Sums(counts["struck"], counts["inserted"], counts["moved"], counts["dropped"])


def _names(event: Event | None) -> str:
    """Name the parties that a mark may be of, in whatever order they made their offers."""
    if event is None:
        return authors.NOBODY
    each = (attrs.evolve(event, candidates=(revision,)) for revision in event.candidates)
    return " or ".join(sorted(set(map(authors.author, each))))
