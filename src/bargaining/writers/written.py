"""Written otherwise: the places where two texts differ, and no reader would say that they do.

Strategy: diffs and redlines are exact, and so is every file that is handed on. Whoever reads on a
screen wants to know what was changed; there, a quote or a dash in another form is counted and not
marked, unless that is asked for. On a page, spacing is so, too; a terminal shows no marks on it.

This module knows no terminal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

import attrs

from bargaining.model import DiffRun, Redline, RedlineRun
from bargaining.text.words import cut

_IN_OLD: Final = attrgetter("in_old")
_IN_NEW: Final = attrgetter("in_new")


def counted(runs: Iterable[DiffRun]) -> int:
    """Return in how many places kept words are written otherwise.

    Args:
        runs: the runs of a diff.
    """
    return sum(_places(run.before, run.after) for run in runs if run.kind == "kept")


def _places(before: str, after: str, *, spacing: bool = False) -> int:
    """Return how many of the same words are written otherwise, or spaced so."""
    if before == after:
        return 0
    seen: Callable[[str], object] = str if spacing else str.split
    ours, theirs = cut(before), cut(after)
    if ours.keys != theirs.keys:  # cut off from the line that they start
        return int(seen(before) != seen(after))
    pairs = ((ours.slice(n, n + 1), theirs.slice(n, n + 1)) for n in range(len(ours)))
    return sum(seen(one) != seen(other) for one, other in pairs)


def said(count: int, *, exact: bool) -> Iterator[str]:
    """Yield the sentence that tells of such places, where there are any.

    Args:
        count: how many they are.
        exact: whether they are marked.
    """
    if count:
        many = count > 1
        places = f"{count} places differ" if many else "1 place differs"
        hint = "" if exact else f" (--exact marks {'them' if many else 'it'})"
        yield f"{places} only in the way {'they are' if many else 'it is'} written{hint}."


def marked(runs: Iterable[DiffRun]) -> Iterator[DiffRun]:
    """Yield the runs of a diff with kept words that are written otherwise struck and inserted.

    Args:
        runs: the runs of a diff.
    """
    for run in runs:
        ours, theirs = cut(run.before), cut(run.after)
        if run.kind != "kept" or run.before == run.after or ours.keys != theirs.keys:
            yield run
            continue
        pairs = [(ours.slice(n, n + 1), theirs.slice(n, n + 1)) for n in range(len(ours))]
        for is_same, group in groupby(pairs, key=lambda pair: pair[0].split() == pair[1].split()):
            before, after = map("".join, zip(*group, strict=True))
            if is_same:
                yield attrs.evolve(run, before=before, after=after)
            else:
                yield attrs.evolve(run, kind="struck", before=before, after="")
                yield attrs.evolve(run, kind="inserted", before="", after=after)


def unmarked(redline: Redline, *, spacing: bool = False) -> tuple[Redline, int]:
    """Return a redline without the marks on what is only written otherwise, and their count.

    Args:
        redline: the redline.
        spacing: whether marks on spacing alone are of these.
    """
    runs: list[RedlineRun] = []
    count = 0
    for folds, group in groupby(_told_apart(redline.runs, spacing=spacing), key=lambda one: one[1]):
        row = [run for run, _ in group]
        if folds and any(map(_is_form, row)):
            texts = ("".join(run.text for run in row if end(run)) for end in (_IN_OLD, _IN_NEW))
            count += _places(*texts, spacing=spacing)
            row = [_as_kept(run) for run in row if run.in_new]
        runs += row
    return attrs.evolve(redline, runs=tuple(runs)), count


def _told_apart(runs: Sequence[RedlineRun], *, spacing: bool) -> Iterator[tuple[RedlineRun, bool]]:
    """Yield each run, and whether it is kept, or may be folded.

    Spacing beside a mark that stays would be missed there: two words could become one.
    """
    for n, run in enumerate(runs):
        folds = run.kind == "kept" or _is_form(run)
        if folds and run.kind != "kept" and not run.text.strip():
            beside = (*runs[max(n - 1, 0) : n], *runs[n + 1 : n + 2])
            folds = spacing and all(one.kind == "kept" or _is_form(one) for one in beside)
        yield run, folds


def _is_form(run: RedlineRun) -> bool:
    """True for a mark on signs that only changed their form, and on no end of a paragraph."""
    is_mark = run.kind in {"struck", "inserted"} and run.origin is None and run.moved is None
    return is_mark and "\n" not in run.text


def _as_kept(run: RedlineRun) -> RedlineRun:
    return attrs.evolve(run, kind="kept", inserted=None, struck=None)
