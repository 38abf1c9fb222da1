"""Search: find a wording in every text, and follow it through the chain.

Strategy: a text is folded to its letters and digits, each remembering where it stood; a wording is
found where its folded form stands and starts and ends at a word's edge, so that case, spacing,
spelling, punctuation and line breaks do not hide it. A place where it stands to the letter
is an exact match. Places in several revisions that hold the same words of the weave are one
passage. When nothing is found, sentences that share the most words are offered as near misses.

This module answers; how the answer is told is for the writers.
"""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, islice, pairwise, takewhile
from typing import Final

import attrs

from bargaining.errors import AskError
from bargaining.model import (
    Annotation,
    Answer,
    Event,
    Near,
    Origin,
    Paper,
    Passage,
    Place,
    Revision,
    Span,
)
from bargaining.text.clauses import clauses
from bargaining.text.spelling import clusters, is_upon, letters
from bargaining.text.words import Words, cut, fold
from bargaining.views.blame import annotate
from bargaining.weave.strands import Strand
from bargaining.weave.woven import Woven

_NEAR_MOST: Final = 3
_NEAR_SCORE: Final = 0.5  # of 1: the share of words in common that is worth offering
_SAME_SENTENCE: Final = 0.6  # of 1: the share of words by which two sentences are one
_BLANK_LINE: Final = "\n\n"  # where a text is cut to be folded; it decides nothing else
_PARAGRAPHS_KEPT: Final = 256  # only those that hold the letters looked for
_SPELLING: Final = 0.75  # of 1: how alike two words must be to offer one for the other


@attrs.frozen(eq=False)
class _Letters:
    """A text folded paragraph by paragraph, most of which were folded before.

    Attributes:
        paragraphs: the paragraphs; joined by blank lines they are the text.
        folded: their folded forms.
        starts: where each paragraph starts in the text.
        letters: where each folded form starts among all of them.
    """

    paragraphs: tuple[str, ...]
    folded: tuple[str, ...]
    starts: tuple[int, ...]
    letters: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Letters:
        paragraphs = tuple(text.split(_BLANK_LINE))
        folded = tuple(map(fold, paragraphs))
        sizes = (len(paragraph) + len(_BLANK_LINE) for paragraph in paragraphs)
        starts, letters = accumulate(sizes, initial=0), accumulate(map(len, folded), initial=0)
        return cls(paragraphs, folded, tuple(starts), tuple(letters))

    def place(self, letter: int) -> int:
        """Return where in the text a letter of the folded form stands."""
        n = bisect_right(self.letters, letter) - 1
        return self.starts[n] + _offsets(self.paragraphs[n])[letter - self.letters[n]]


@lru_cache(_PARAGRAPHS_KEPT)
def _offsets(paragraph: str) -> tuple[int, ...]:
    """Return where in a paragraph each letter of its folded form stands."""
    return tuple(at for at, found in enumerate(letters(paragraph)) for _ in found)


@attrs.frozen(eq=False)
class _Hit:
    """Words `first` to `last` (half-open) of state `state` are the wording."""

    state: int
    first: int
    last: int
    start: int
    end: int
    exact: bool


def who(
    woven: Woven,
    wording: str,
    revisions: Sequence[Revision],
    *,
    papers: Iterable[tuple[Revision, Paper]] = (),
    chain: str = "",
) -> Answer:
    """Say who proposed a wording, wherever in the chain it stands or stood.

    Args:
        woven: the chain.
        wording: what to look for.
        revisions: every revision of the chain, the base first.
        papers: the papers on file, to look through what they strike where no text has the wording.
        chain: the name of the chain, to put on the answer.

    Raises:
        AskError: the wording is empty.
    """
    wording = wording.strip()
    if not wording:
        raise AskError("There is no wording to look for.", hint='Try: bargain who "mutual consent"')
    hits = [hit for n in range(len(woven.states)) for hit in _hits(woven, n, wording)]
    passages = sorted(_passages(woven, hits), key=_rank)
    if not passages:
        passages = [p for r, paper in papers for p in _marked(woven, wording, r, paper, revisions)]
    present = {hit.state for hit in hits}
    states = woven.states
    return Answer(
        wording=wording,
        passages=tuple(passages),
        present_in=tuple(s.revision for n, s in enumerate(states) if n in present),
        absent_from=tuple(s.revision for n, s in enumerate(states) if n not in present),
        not_on_file=tuple(r for r in revisions if not r.on_file and not r.is_base),
        near=() if passages else tuple(_near(woven, wording)),
        last=_last(woven),
        chain=chain,
    )


def _marked(
    woven: Woven,
    wording: str,
    revision: Revision,
    paper: Paper,
    revisions: Sequence[Revision],
) -> Iterator[Passage]:
    """Find a wording that a paper strikes, and that stands in no text on file.

    It stood in the text that the paper's marks are against, or was inserted and struck on the
    paper itself. Who proposed it is not certain: any paper before that is not on file, or the base
    if that is not, or this paper.
    """
    words = cut("".join(run.text for run in paper.runs if run.kind != "inserted"))
    state = next(s for s in woven.states if s.revision == revision)
    before = [r for r in revisions if not r.on_file and r.rung < revision.rung]
    origin = Origin((*before, revision), revision, "texts")
    where = clauses(words.text)
    for start, end in find(words.text, lambda: words, wording):
        text, clause = words.text[start:end], where.at(start)
        event = Event("struck", revision, state.candidates, clause)
        yield Passage(
            text=text,
            exact=text == wording,
            places=(Place(revision, 0, 0, clause, text),),
            spans=(Span(0, 0, text, clause, origin, (event,), struck=True),),
            stands=False,
            marked_only=True,
        )


def _last(woven: Woven) -> Revision | None:
    last = woven.states[-1].revision if woven.states else None
    return None if last is None or last.is_base else last


def _hits(woven: Woven, number: int, wording: str) -> Iterator[_Hit]:
    state = woven.states[number]
    text = state.text()
    for start, end in find(text, lambda: state.words, wording):
        first, last = state.words.index_at(start), state.words.index_at(end - 1) + 1
        yield _Hit(number, first, last, start, end, exact=text[start:end] == wording)


def find(text: str, words: Callable[[], Words], wording: str) -> Iterator[tuple[int, int]]:
    """Yield where the wording stands, as half-open code points that start and end at words.

    Args:
        text: where to look.
        words: returns the text cut into words; asked for only where the letters are found.
        wording: what to look for.
    """
    wanted = fold(wording)
    if not wanted:
        yield from _signs(words(), wording)
        return
    found = _Letters.of(text)
    for first, last in _each("".join(found.folded), wanted):
        place = _place_of(found, words(), first, last)
        if place is not None:
            yield _widened(text, *place, wording)


def _signs(words: Words, wording: str) -> Iterator[tuple[int, int]]:
    """Yield where signs stand: as words in any spelling, else to the letter."""
    wanted = cut(wording).keys
    size = len(wanted)
    spans = [
        (words.bounds[n], words.ends[n + size - 1])
        for n in range(len(words) - size + 1)
        if words.keys[n : n + size] == wanted
    ]
    text = words.text
    yield from ((end - len(text[start:end].lstrip()), end) for start, end in spans)
    if not spans:
        whole = {*accumulate(map(len, clusters(text)), initial=0)}
        yield from (place for place in _each(text, wording) if whole.issuperset(place))


def _each(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + 1)


def _place_of(found: _Letters, words: Words, first: int, last: int) -> tuple[int, int] | None:
    """Return where some letters stand, with what is written upon the last of them.

    None where they stand within a word: a letter of it stands right beside them. In scripts without
    spaces every visible character is a word.
    """
    text = words.text
    start, end = found.place(first), found.place(last - 1) + 1
    while end < len(text) and is_upon(text[end]) and not fold(text[end]):
        end += 1
    before = found.place(first - 1) if first else None
    after = found.place(last) if last < found.letters[-1] else None
    if before is not None and _is_one_word(words, before, start):
        return None
    if after is not None and _is_one_word(words, end - 1, after):
        return None
    return None if is_upon(text[start]) else (start, end)


def _is_one_word(words: Words, before: int, after: int) -> bool:
    """True where nothing that is seen stands between two letters of one word."""
    if words.index_at(before) != words.index_at(after):
        return False
    return all(map(is_upon, words.text[before + 1 : after]))


def _widened(text: str, start: int, end: int, wording: str) -> tuple[int, int]:
    """Take in the signs that the wording itself starts and ends with, where they stand there."""
    head = next(n for n, c in enumerate(wording) if fold(c))
    tail = next(n for n, c in enumerate(reversed(wording)) if fold(c))
    if head and text[max(start - head, 0) : start] == wording[:head]:
        start -= head
    if tail and text[end : end + tail] == wording[len(wording) - tail :]:
        end += tail if not is_upon(text[end + tail : end + tail + 1]) else 0
    return start, end


def _passages(woven: Woven, hits: Sequence[_Hit]) -> Iterator[Passage]:
    """Group the places that hold the same words of the weave."""
    grouped: dict[tuple[int, ...], list[_Hit]] = {}
    for state, found in groupby(hits, key=lambda hit: hit.state):
        living = list(woven.weave.alive(state))
        at = list(accumulate((strand.size for strand in living), initial=0))
        for hit in found:
            row = _numbers(living, at, hit)
            grouped.setdefault(tuple(woven.weave.roots(n)[0] for n in row), []).append(hit)
    annotations: dict[int, Annotation] = {}
    for group in grouped.values():
        state = group[-1].state
        if state not in annotations:
            annotations[state] = annotate(woven, state)
        yield _passage(woven, group, annotations[state])


def _numbers(living: Sequence[Strand], at: Sequence[int], hit: _Hit) -> Iterator[int]:
    """Yield the numbers of the words of a hit; `at` is where in the text each strand starts."""
    n = bisect_right(at, hit.first) - 1
    while n < len(living) and at[n] < hit.last:
        first = living[n].first - at[n]
        yield from range(first + max(hit.first, at[n]), first + min(hit.last, at[n + 1]))
        n += 1


def _passage(woven: Woven, group: Sequence[_Hit], annotation: Annotation) -> Passage:
    last = group[-1]
    text = woven.states[last.state].words.text[last.start : last.end]
    return Passage(
        text=text,
        exact=any(hit.exact for hit in group),
        places=tuple(_place(woven, hit) for hit in group),
        spans=tuple(clipped(annotation, last.start, last.end)),
        stands=last.state == len(woven.states) - 1 and not annotation.revision.is_base,
    )


def _place(woven: Woven, hit: _Hit) -> Place:
    state = woven.states[hit.state]
    clause = state.clause(hit.first)
    return Place(state.revision, hit.start, hit.end, clause, state.words.text[hit.start : hit.end])


def clipped(annotation: Annotation, start: int, end: int) -> Iterator[Span]:
    """Yield the spans within half-open code points, cut at both ends."""
    first = max(bisect_right(annotation.spans, start, key=lambda span: span.start) - 1, 0)
    for span in takewhile(lambda span: span.start < end, islice(annotation.spans, first, None)):
        a, b = max(span.start, start), min(span.end, end)
        if a < b:
            text = span.text[a - span.start : b - span.start]
            yield attrs.evolve(span, start=a, end=b, text=text)


def _rank(passage: Passage) -> tuple[bool, bool, int]:
    return not passage.exact, not passage.stands, passage.places[0].revision.rung


def _near(woven: Woven, wording: str) -> Iterator[Near]:
    """Offer the sentences that share the most words with the wording; of two alike, the shorter."""
    wanted = _spelled(woven, [key.casefold() for key in cut(wording).keys])
    found: dict[str, Near] = {}
    seen: set[str] = set()
    for number in range(len(woven.states) - 1, -1, -1):
        for near in _scored(woven, number, wanted, seen):
            found.setdefault(near.place.text, near)
    shown: list[Near] = []
    for near in sorted(found.values(), key=near_first):
        if len(shown) < _NEAR_MOST and not any(_alike(near, other) for other in shown):
            shown.append(near)
    yield from shown


def near_first(near: Near) -> tuple[float, int, int]:
    """Sort the closest first; of two alike, the later one, then the shorter."""
    return -near.likeness, -near.place.revision.rung, len(near.place.text)


def _alike(near: Near, other: Near) -> bool:
    """True for two wordings of one sentence, such as it was and as it is now."""
    ours, theirs = ({*cut(one.place.text).keys} for one in (near, other))
    return len(ours & theirs) >= _SAME_SENTENCE * max(len(ours), len(theirs))


def _spelled(woven: Woven, words: Iterable[str]) -> Counter[str]:
    """The words to look for, each misspelt one as the most alike word of the chain."""
    known = {key.casefold() for key in {*woven.weave.keys}}
    counted: Counter[str] = Counter()
    for word in words:
        alike = (
            [word]
            if word in known
            else difflib.get_close_matches(word, sorted(known), 1, _SPELLING)
        )
        counted[alike[0] if alike else word] += 1
    return counted


def _scored(woven: Woven, number: int, wanted: Counter[str], seen: set[str]) -> Iterator[Near]:
    """Score the sentences of the paragraphs of a state that were not seen in another."""
    state = woven.states[number]
    at = 0
    for paragraph in state.text().split(_BLANK_LINE):
        if paragraph not in seen:
            seen.add(paragraph)
            for start, end, likeness in _sentences(paragraph, wanted):
                text = paragraph[start:end]
                clause = state.clause(state.words.index_at(at + start))
                yield Near(Place(state.revision, at + start, at + end, clause, text), likeness)
        at += len(paragraph) + len(_BLANK_LINE)


def _sentences(paragraph: str, wanted: Counter[str]) -> Iterator[tuple[int, int, float]]:
    """Yield where the sentences are that share enough words with the wording, and their share."""
    words = cut(paragraph)
    for first, last in pairwise([*words.row.starts, len(words)]):
        shared = wanted & Counter(key.casefold() for key in words.keys[first:last])
        likeness = shared.total() / wanted.total()
        if likeness >= _NEAR_SCORE:
            end = words.ends[last - 1]
            text = paragraph[words.bounds[first] : end]
            yield end - len(text.lstrip()), end, likeness
