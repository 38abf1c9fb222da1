r"""Blocks: a redline as rows of runs, each with one end that both texts have, or one text whole.

Strategy: where one paragraph became two, or two became one, the end between them is struck or
inserted amid words that are kept. A format that marks words only cannot say that. It is said there
with the words instead: the kept words behind that end, up to the next end of the other text, are
struck at the one place and inserted at the other. Paragraphs that are struck or inserted whole need
none of this, and where it takes no words the end is moved to where it marks a whole paragraph.

Whatever is rewritten, both texts stay what they are. This module knows no format.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from bargaining.model import RedlineRun, RunKind

END: Final = "\n"  # what ends a paragraph

Row: TypeAlias = tuple[RedlineRun, ...]
Must: TypeAlias = Callable[[Sequence[RedlineRun], RedlineRun, Sequence[RedlineRun]], bool]


def always(before: Sequence[RedlineRun], end: RedlineRun, after: Sequence[RedlineRun]) -> bool:
    """Say that every split and every join is written with words: for formats that mark words only.

    Args:
        before: what stands in the paragraph before the end, kept words among it.
        end: the paragraph's end, which is struck or inserted.
        after: what stands behind it, up to and with the next end that the other text has.
    """
    del before, end, after
    return True


def never(before: Sequence[RedlineRun], end: RedlineRun, after: Sequence[RedlineRun]) -> bool:
    """Say that no split and no join is: for formats that can mark the end of a paragraph."""
    del before, end, after
    return False


def rows(runs: Iterable[RedlineRun], must: Must = always) -> Iterator[Row]:
    r"""Yield a redline row by row.

    A row ends with a `"\n"` that is kept; or that is struck, inserted or dropped, and then all that
    stands in the row is so too, but for dropped words. With `must` saying no, a row that ends with
    a kept `"\n"` may have struck and inserted ones inside of it.

    Args:
        runs: the runs of a redline.
        must: which struck and inserted ends amid kept words are to be written with words.
    """
    left = deque(atoms(runs))
    row: list[RedlineRun] = []
    while left:
        run = left.popleft()
        if run.text != END:
            row.append(run)
        elif run.kind == "kept":
            yield (*row, run)
            row = []
        elif not any(one.kind == "kept" for one in row):
            yield (*(one for one in row if one.kind in {run.kind, "dropped"}), run)
            row = [one for one in row if one.kind not in {run.kind, "dropped"}]
        elif run.kind == "dropped":  # no text has it: what was two paragraphs in between is one row
            row.append(attrs.evolve(run, text=" "))
        else:
            after = up_to_end(left, run.kind)
            if not after or not (_is_free(after) or must(row, run, after)):
                row.append(run)
                continue
            here, there = parted(after, run)
            yield (*row, *here, RedlineRun("kept", END, run.clause, run.origin))
            row = []
            for _ in after:
                left.popleft()
            left.extendleft(reversed(there))
    if row:
        yield tuple(row)


def atoms(runs: Iterable[RedlineRun]) -> Iterator[RedlineRun]:
    """Cut runs so that every end of a paragraph is a run by itself."""
    for run in runs:
        texts = re.findall(r"\n|[^\n]+", run.text)
        yield from (attrs.evolve(run, text=text) for text in texts) if texts[1:] else (run,)


def up_to_end(left: Iterable[RedlineRun], kind: RunKind) -> list[RedlineRun]:
    """Return what is left up to and with the next end of the text that lacks this one.

    Empty when there is none, which no redline has.
    """
    found: list[RedlineRun] = []
    for run in left:
        found.append(run)
        if run.text == END and run.kind not in {kind, "dropped"}:
            return found
    return []


def _is_free(after: Sequence[RedlineRun]) -> bool:
    """True when no kept word stands before the end: only the end itself is moved."""
    return not any(run.kind == "kept" and run.text != END for run in after)


def parted(
    after: Sequence[RedlineRun], end: RedlineRun
) -> tuple[list[RedlineRun], list[RedlineRun]]:
    """Part what stands behind an end: what goes before the end that both texts then share.

    A struck end is shared with the new text's next one, whose words go before it, inserted; those
    of the old text stay behind, struck. For an inserted end it is the other way about.
    """
    ours: RunKind = end.kind
    theirs: RunKind = "inserted" if ours == "struck" else "struck"
    here = [_as(theirs, run, end) for run in after[:-1] if run.kind in {"kept", theirs}]
    there = [_as(ours, run, end) for run in after if run.kind != theirs]
    return here, there


def _as(kind: RunKind, run: RedlineRun, end: RedlineRun) -> RedlineRun:
    """Return a kept run as struck or inserted by whatever made the end."""
    event = end.struck or end.inserted
    if run.kind != "kept":
        return run
    if kind == "struck":
        return attrs.evolve(run, kind=kind, struck=event)
    return attrs.evolve(run, kind=kind, inserted=event)
