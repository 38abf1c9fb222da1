"""Alignment: which word of one text is which word of another.

Strategy: two rows of words are matched from the large to the small: sentences that are alike at
both ends, sentences that stand once on both sides (of two orders, the one that keeps more words),
and inside each gap that is left the shortest edit script over words (diff-match-patch), where the
gap is small enough to afford it, else words that stand once. What is matched only by a stray common
word between two larger changes is let go, and what is left of a change slides to where a person
would mark it. Every step is bounded, so that two large texts with nothing in common cost little
more than reading them.

This module does not know revisions or chains, and nothing here depends on time, locale or hash
order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, Final

import attrs

from bargaining.text.words import Row, ends_sentence, is_marker, is_tellable, starts_sentence

_LEAF_AREA: Final = 400_000  # old words x new words that an exact edit script may look at
_FIRST_LETTER: Final = 0x4E00
_TO_SURROGATES: Final = 0xD800 - _FIRST_LETTER
_AT_SENTENCE: Final = 2  # how well a change starts, beside 1 at a word and 0 at a sign
_AT_CLAUSE: Final = 3
_SHARED: Final = 0.35  # of 1: the share of the lighter sentence that makes two of them one, changed
_IN_A_ROW: Final = 3  # so many words in a row count twice
_RAREST: Final = 5040  # the weight of a word that does not stand in the old text
_STRAY: Final = 2  # a match of so few words between two larger changes is let go
_SHORT: Final = 3  # letters
_COMMON: Final = 2  # a word that stands more often than this is a common one


@attrs.frozen
class Block:
    """`size` words from `old` in the one text are the words from `new` in the other."""

    old: int
    new: int
    size: int


Range = tuple[int, int]


def match(old: Row, new: Row) -> tuple[Block, ...]:
    """Match two rows of words.

    Returns:
        Blocks in rising order of both sides, never touching on both sides at once.
    """
    found = _joined(_matched(old, new))
    grown = _joined(_grown(found, old.keys, new.keys))
    kept = _joined(_without_strays(grown, old, new))
    return tuple(_joined(_slid(old.keys, new.keys, kept)))


def _matched(old: Row, new: Row) -> Iterator[Block]:
    """Match by sentences, then by words inside each gap that is left."""
    a, b = 0, 0
    weigh = partial(_weight_of, old.often)
    for block in (*_anchored(old, new), Block(len(old.keys), len(new.keys), 0)):
        if block.old > a and block.new > b:
            ours, theirs = old.keys[a : block.old], new.keys[b : block.new]
            found = _joined(_matched_words(ours, theirs, (0, len(ours)), (0, len(theirs))))
            for part in _by_sentence(found, ours, theirs, weigh):
                yield Block(a + part.old, b + part.new, part.size)
        yield block
        a, b = block.old + block.size, block.new + block.size


def _anchored(old: Row, new: Row) -> Iterator[Block]:
    """Match whole sentences, as blocks of words."""
    ours, theirs = (*old.starts, len(old.keys)), (*new.starts, len(new.keys))
    for block in anchors(old.sentences, new.sentences):
        i, j = ours[block.old], theirs[block.new]
        yield Block(i, j, ours[block.old + block.size] - i)


def anchors(old: Sequence[Any], new: Sequence[Any]) -> list[Block]:
    """Match items that are equal: those at both ends, and those that stand once on both sides.

    Args:
        old: strings, or tuples of them. The longer an item, the more it counts where the order
            differs; one of length 1 does not anchor others.
        new: the same.
    """
    start, size = _common_ends(old, new)
    inner = _unique(old[start : len(old) - size], new[start : len(new) - size])
    ends = ((len(old) - n, len(new) - n) for n in range(size, 0, -1))
    found = [*((n, n) for n in range(start)), *((start + i, start + j) for i, j in inner), *ends]
    pairs = list(_followed(found, old, new))
    return [Block(*pairs[first], last - first) for first, last in _rows(pairs)]


def _followed(
    pairs: Iterable[tuple[int, int]], a: Sequence[Hashable], b: Sequence[Hashable]
) -> Iterator[tuple[int, int]]:
    """Yield each pair, and the equal ones that directly follow it."""
    i = j = 0
    for pair in (*pairs, (len(a), len(b))):
        while i and i < pair[0] and j < pair[1] and a[i] == b[j]:
            yield i, j
            i, j = i + 1, j + 1
        if pair[0] < len(a):
            yield pair
        i, j = pair[0] + 1, pair[1] + 1


def _common_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    left = shorter - start
    size = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
    return start, size


def _rows(pairs: Sequence[tuple[int, int]]) -> list[Range]:
    """Cut pairs where one does not directly follow the one before on both sides."""
    cuts = [
        n for n in range(1, len(pairs)) if (pairs[n - 1][0] + 1, pairs[n - 1][1] + 1) != pairs[n]
    ]
    return list(zip([0, *cuts], [*cuts, len(pairs)], strict=True)) if pairs else []


def _unique(a: Sequence[Any], b: Sequence[Any]) -> list[tuple[int, int]]:
    """Pair what stands once on both sides, in the rising order that keeps the most.

    Sentences weigh by their words, words by their letters. A sentence of one word (a clause's
    number) and a word of one letter pair nothing.
    """
    count_a, count_b = Counter(a), Counter(b)
    where = {key: j for j, key in enumerate(b) if len(key) > 1 and count_b[key] == 1}
    pairs = [(i, where[k]) for i, k in enumerate(a) if count_a[k] == 1 and k in where]
    rows = _rows(pairs)
    weights = [sum(len(a[i]) for i, _ in pairs[s:e]) for s, e in rows]
    best = _heaviest_rising(
        [(pairs[s][1], weight) for (s, _), weight in zip(rows, weights, strict=True)]
    )
    return [pair for n in best for pair in pairs[slice(*rows[n])]]


def _heaviest_rising(rows: Sequence[tuple[int, int]]) -> list[int]:
    """Choose rows, given as (place, weight), so that places rise and the weight is the most.

    Returns:
        The numbers of the chosen rows, rising.
    """
    places: list[int] = []  # rising; no place is reached with less weight than an earlier one
    reached: list[tuple[int, int]] = []  # the weight at each of them, and the row that ends there
    before: list[int] = []
    for n, (place, weight) in enumerate(rows):
        k = bisect_left(places, place)
        total = weight + (reached[k - 1][0] if k else 0)
        before.append(reached[k - 1][1] if k else -1)
        end = k
        while end < len(places) and reached[end][0] <= total:
            end += 1
        places[k:end], reached[k:end] = [place], [(total, n)]
    chosen: list[int] = []
    n = reached[-1][1] if reached else -1
    while n >= 0:
        chosen.append(n)
        n = before[n]
    return chosen[::-1]


def _matched_words(old: Sequence[str], new: Sequence[str], a: Range, b: Range) -> Iterator[Block]:
    """Match inside a gap: exactly when it is small, else between words that stand once."""
    start, size = _common_ends(old[slice(*a)], new[slice(*b)])
    yield Block(a[0], b[0], start)
    inner_a, inner_b = (a[0] + start, a[1] - size), (b[0] + start, b[1] - size)
    yield from _inner_words(old, new, inner_a, inner_b)
    yield Block(inner_a[1], inner_b[1], size)


def _inner_words(old: Sequence[str], new: Sequence[str], a: Range, b: Range) -> Iterator[Block]:
    ours, theirs = old[slice(*a)], new[slice(*b)]
    if not ours or not theirs:
        return
    if len(ours) * len(theirs) <= _LEAF_AREA:
        yield from (Block(a[0] + i, b[0] + j, n) for i, j, n in _shortest_edit(ours, theirs))
        return
    at_a, at_b = a[0], b[0]
    pairs = _unique(ours, theirs)
    if not pairs:  # large and nothing to hold on to: a rewrite
        return
    for i, j in (*pairs, (len(ours), len(theirs))):
        yield from _matched_words(old, new, (at_a, a[0] + i), (at_b, b[0] + j))
        if i < len(ours):
            yield Block(a[0] + i, b[0] + j, 1)
        at_a, at_b = a[0] + i + 1, b[0] + j + 1


def _shortest_edit(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Match by the shortest edit script over words written as single characters."""
    # Imported here: most questions never reach a gap that needs it.
    from diff_match_patch import diff_match_patch  # noqa: PLC0415

    machine = diff_match_patch()
    machine.Diff_Timeout = 0  # the answer never depends on the clock
    letters: dict[str, str] = {}
    left, right = _as_letters(a, letters), _as_letters(b, letters)
    i = j = 0
    for op, data in machine.diff_main(left, right, checklines=False):
        if op == machine.DIFF_EQUAL:
            yield i, j, len(data)
        i += len(data) if op != machine.DIFF_INSERT else 0
        j += len(data) if op != machine.DIFF_DELETE else 0


def _as_letters(keys: Sequence[str], letters: dict[str, str]) -> str:
    # From the CJK block upwards: below the surrogates there is room for 34,000 words, which is
    # more than most gaps hold (see _LEAF_AREA); the rest follows above them.
    for key in keys:
        n = len(letters)
        letters.setdefault(key, chr(_FIRST_LETTER + n if n < _TO_SURROGATES else 0x10000 + n))
    return "".join(letters[key] for key in keys)


def _joined(blocks: Iterable[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if block.size == 0:
            continue
        if last and (last.old + last.size, last.new + last.size) == (block.old, block.new):
            joined[-1] = Block(last.old, last.new, last.size + block.size)
        else:
            joined.append(block)
    return joined


def _by_sentence(
    blocks: Sequence[Block], old: Sequence[str], new: Sequence[str], weigh: _Weigh
) -> Iterator[Block]:
    """Let go of a few words that two sentences share by chance, here and there.

    A sentence is the old one, changed, when enough of the lighter of the two is in both; words that
    stand all over the text weigh little. Otherwise it is another sentence, all of it.
    """
    ours, theirs = _sentence_of(old), _sentence_of(new)
    parts = [part for block in blocks for part in _cut_at_sentences(block, ours, theirs)]
    weights = [sum(map(weigh, old[part.old : part.old + part.size])) for part in parts]
    shared: Counter[tuple[int, int]] = Counter()
    for part, weight in zip(parts, weights, strict=True):
        in_a_row = sum(map(is_tellable, old[part.old : part.old + part.size])) >= _IN_A_ROW
        shared[ours[part.old], theirs[part.new]] += weight * (2 if in_a_row else 1)
    whole_a, whole_b = _sums(map(weigh, old), ours), _sums(map(weigh, new), theirs)
    for part, weight in zip(parts, weights, strict=True):
        a, b = ours[part.old], theirs[part.new]
        if not weight or shared[a, b] >= _SHARED * min(whole_a[a], whole_b[b]):
            yield part


_Weigh = Callable[[str], int]


def _weight_of(often: Counter[str], key: str) -> int:
    """Weigh a word by how seldom it stands, in whole numbers; signs and numbers weigh nothing."""
    return _RAREST // (1 + often[key]) if is_tellable(key) else 0


def _sentence_of(keys: Sequence[str]) -> list[int]:
    """Return for each word the number of its sentence."""
    starts = set(Row.of(keys).starts)
    return [n - 1 for n in accumulate(i in starts for i in range(len(keys)))]


def _sums(weights: Iterable[int], sentence_of: Sequence[int]) -> Counter[int]:
    """Add up the weights of the words of each sentence."""
    sums: Counter[int] = Counter()
    for weight, sentence in zip(weights, sentence_of, strict=True):
        sums[sentence] += weight
    return sums


def _cut_at_sentences(block: Block, ours: Sequence[int], theirs: Sequence[int]) -> Iterator[Block]:
    """Cut a block where a sentence starts on either side."""
    start = 0
    for n in range(1, block.size + 1):
        if n == block.size or (ours[block.old + n], theirs[block.new + n]) != (
            ours[block.old + start],
            theirs[block.new + start],
        ):
            yield Block(block.old + start, block.new + start, n - start)
            start = n


def _grown(blocks: Sequence[Block], old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """Take in the equal words on either side of a block, up to the ends of its sentence.

    The shortest edit script may have matched them to a like word of another sentence, and what
    crosses sentences was let go.
    """
    end_old = end_new = 0
    for n, block in enumerate(blocks):
        after = blocks[n + 1] if n + 1 < len(blocks) else Block(len(old), len(new), 0)
        i, j = block.old, block.new
        while (
            i > end_old
            and j > end_new
            and old[i - 1] == new[j - 1]
            and not _at_start(old, new, i, j)
        ):
            i, j = i - 1, j - 1
        end_old, end_new = block.old + block.size, block.new + block.size
        while (
            end_old < after.old
            and end_new < after.new
            and old[end_old] == new[end_new]
            and not _at_start(old, new, end_old, end_new)
        ):
            end_old, end_new = end_old + 1, end_new + 1
        yield Block(i, j, end_old - i)


def _at_start(old: Sequence[str], new: Sequence[str], i: int, j: int) -> bool:
    return starts_sentence(old, i) or starts_sentence(new, j)


def _without_strays(blocks: Sequence[Block], a: Row, b: Row) -> Iterator[Block]:
    """Let go of one or two common words that hold two larger changes together by chance."""
    old, new = a.keys, b.keys
    end_old = end_new = 0  # of the last block that was kept
    for n, block in enumerate(blocks):
        after = blocks[n + 1] if n + 1 < len(blocks) else Block(len(old), len(new), 0)
        before = block.old - end_old, block.new - end_new
        behind = after.old - block.old - block.size, after.new - block.new - block.size
        if block.size <= _STRAY and _is_stray(before, behind) and not _is_edge(block, old, new):
            words = old[block.old : block.old + block.size]
            if all(_is_common(key, a, b) for key in words):
                continue
        end_old, end_new = block.old + block.size, block.new + block.size
        yield block


def _is_edge(block: Block, old: Sequence[str], new: Sequence[str]) -> bool:
    """True for the first or the last words of a sentence that is in both texts."""
    ends = block.old + block.size, block.new + block.size
    return all(
        starts_sentence(keys, at) for keys, at in ((old, block.old), (new, block.new))
    ) or all(starts_sentence(keys, at) for keys, at in zip((old, new), ends, strict=True))


def _is_common(key: str, old: Row, new: Row) -> bool:
    return not is_tellable(key) or not _is_full(key) or old.often[key] + new.often[key] > _COMMON


def _is_stray(before: Range, behind: Range) -> bool:
    """True between two changes that are more than one word for another, or an insertion each.

    Of mere insertions (or strikes) on both sides, each must be of some words.
    """
    lesser, greater = sorted((max(before), max(behind)))
    if min(before) or min(behind):
        return lesser > 0 and lesser + greater > _STRAY
    return lesser >= _STRAY and greater > _STRAY


def _slid(old: Sequence[str], new: Sequence[str], blocks: Sequence[Block]) -> Iterator[Block]:
    """Slide each pure strike or insertion to where a person would mark it: at a sentence's start.

    `A. [B. A.]` and `A[. B. A].` are the same change; the first is what was done.
    """
    last = Block(0, 0, 0)
    for block in (*blocks, Block(len(old), len(new), 0)):
        *done, last = _slid_gap(old, new, last, block)
        yield from done
    yield last


def _slid_gap(
    old: Sequence[str], new: Sequence[str], last: Block, block: Block
) -> tuple[Block, ...]:
    """Return the blocks around one gap, with its strike or its insertion slid.

    Where words are both struck and inserted, one of them slides away from the other only to reach
    the start of a sentence; the words that it slides over then stand between the two.
    """
    struck = last.old + last.size, block.old
    inserted = last.new + last.size, block.new
    for keys, (start, end), own in ((old, struck, True), (new, inserted, False)):
        other = inserted if own else struck
        if start == end:
            continue
        alone = other[0] == other[1]
        if alone and last.size and _is_number(keys[start - 1]) and _is_number(keys[end - 1]):
            # Between two numbers stands the rest of a clause and the number of the next: the
            # clause came (or went) whole, and the next one was renumbered.
            return Block(last.old, last.new, last.size - 1), block
        inner = _inner_end(keys, start, end) if alone and block.size else None
        if inner is not None:
            return _split_at(last, block, inner, over_old=own)
        shift = _best_shift(keys, start, end, last.size, block.size)
        if shift and (alone or _start_quality(keys, start + shift) >= _AT_SENTENCE):
            return _around(last, block, shift, over_old=own)
    return last, block


def _inner_end(keys: Sequence[str], start: int, end: int) -> int | None:
    """Where the sentence that a change starts in ends inside of it, if its own end comes after.

    `A[ more. B]. C` is the same change as `A[ more]. [B. ]C`, which is what was done. Nothing is
    gained where the change starts with a sentence.
    """
    sign = keys[end] if end < len(keys) else ""
    if not ends_sentence(sign) or _start_quality(keys, start) >= _AT_SENTENCE:
        return None
    return next((n for n in range(start, end - 1) if keys[n] == sign), None)


def _split_at(last: Block, block: Block, inner: int, *, over_old: bool) -> tuple[Block, ...]:
    """Keep the sign at `inner` of the changed side instead of the one after the change."""
    sign = Block(inner, block.new, 1) if over_old else Block(block.old, inner, 1)
    return last, sign, Block(block.old + 1, block.new + 1, block.size - 1)


def _is_number(key: str) -> bool:
    return is_marker(key) and key != "•"


def _around(last: Block, block: Block, shift: int, *, over_old: bool) -> tuple[Block, ...]:
    """Shift the strike (or the insertion) of a gap; what it passes is kept on its other side."""
    size = abs(shift)
    if shift > 0:
        old = last.old + last.size if over_old else block.old
        new = block.new if over_old else last.new + last.size
        rest = Block(block.old + size, block.new + size, block.size - size)
        return last, Block(old, new, size), rest
    old = block.old - size if over_old else last.old + last.size - size
    new = last.new + last.size - size if over_old else block.new - size
    return Block(last.old, last.new, last.size - size), Block(old, new, size), block


def _best_shift(keys: Sequence[str], start: int, end: int, before: int, behind: int) -> int:
    """Return how far the words `start` to `end` slide so as to start best; 0 to stay.

    They can slide back over at most `before` words that are alike, and forward over `behind`.
    """
    back = forth = 0
    while back < before and keys[start - back - 1] == keys[end - back - 1]:
        back += 1
    while forth < behind and keys[start + forth] == keys[end + forth]:
        forth += 1
    places = range(-back, forth + 1)
    return max(
        places,
        key=lambda n: (_start_quality(keys, start + n), _is_full(keys[end + n - 1]), -abs(n), n),
    )


def _is_full(key: str) -> bool:
    """False for a short word such as "the" or "of", which seldom ends what is inserted."""
    return len(key) > _SHORT or not key.islower()


def _start_quality(keys: Sequence[str], at: int) -> int:
    """A clause's number is the best place for a change to start, then a sentence's first word."""
    key = keys[at] if at < len(keys) else "."
    if is_marker(key):
        return _AT_CLAUSE
    if at == 0 or ends_sentence(keys[at - 1]):
        return _AT_SENTENCE
    return 0 if not key[:1].isalnum() else 1
