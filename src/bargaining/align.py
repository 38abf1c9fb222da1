"""Words, and which word of one text is which word of another.

Strategy: a text is cut into words, each with the spacing that follows it, so that the words joined
are the text exactly. Words are compared by their key, in which quotes, hyphens and the punctuation
around a clause number have one form; spacing takes no part. Two texts are matched from the large
to the small: equal ends, sentences that stand once on both sides, words that do, and at last the
shortest edit script (diff-match-patch) inside a gap that is small enough to afford it. What is
matched only by a stray common word between two larger changes is let go. Every step is bounded, so
that two large texts with nothing in common cost little more than reading them.

This module does not know revisions or chains, and nothing here depends on time, locale or hash
order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

import attrs

MARKER: Final = (
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)]{1,2}|\d{1,3}(?:\.\d{1,3})+)(?=\s)"
)
_IDEOGRAPH: Final = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_LETTER: Final = rf"(?:[^\W_{_IDEOGRAPH}]|[\u0300-\u036f\u200c\u200d])"
_WORD: Final = re.compile(
    rf"(?P<marker>^[^\S\n]*(?:[-*+•][^\S\n]+)?{MARKER})"
    rf"|(?P<bullet>^[^\S\n]*[-*+•](?=\s))"
    r"|[$€£]?\d+(?:[.,:]\d+)+(?![\w-])|[$€£]\d+|\d+%"  # $1,250.00, 4:00, 50%
    rf"|\(\w{{1,5}}\)"  # three (3): the figure is one word with its brackets
    rf"|{_LETTER}+(?:['’‘.\-\u2010-\u2013]{_LETTER}+|(?<=\d),(?=\d)\d+)*"
    rf"|_+|\S",
    re.MULTILINE,
)
_ONE_FORM: Final = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "\u2010": "-", "\u2011": "-"}
)
_SENTENCE_END: Final = frozenset(".?!;:")
_LEAF_AREA: Final = 400_000  # old words x new words that an exact edit script may look at
_FIRST_LETTER: Final = 0x4E00
_TO_SURROGATES: Final = 0xD800 - _FIRST_LETTER
_AT_SENTENCE: Final = 2  # how well a change starts, beside 1 at a word and 0 at a sign
_AT_CLAUSE: Final = 3
_SHARED: Final = 0.4  # of 1: the share of the shorter sentence that makes two of them one, changed
_IN_A_ROW: Final = 4  # or so many words in a row
_STRAY: Final = 2  # a match of so few words between two larger changes is let go


@attrs.frozen(eq=False)
class Words:
    """A text cut into words.

    Attributes:
        text: the text.
        keys: one key a word; equal keys are the same word.
        bounds: word `i` with its spacing is `text[bounds[i]:bounds[i + 1]]`; one more than `keys`.
        ends: where word `i` ends without the spacing that follows it.
    """

    text: str
    keys: tuple[str, ...]
    bounds: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def slice(self, first: int, last: int) -> str:
        """Return words `first` to `last` (half-open) with their spacing, exactly."""
        return self.text[self.bounds[first] : self.bounds[last]]

    def index_at(self, offset: int) -> int:
        """Return the index of the word that holds the code point at `offset`."""
        return max(bisect_left(self.bounds, offset + 1) - 1, 0)


def cut(text: str) -> Words:
    """Cut `text` into words. A text of nothing but spacing is one word without a key."""
    found = [(m.start(), m.end(), _key(m)) for m in _WORD.finditer(text)]
    if not found:
        return Words(text, ("",), (0, len(text)), (len(text),)) if text else Words("", (), (0,), ())
    bounds = (0, *(start for start, _, _ in found[1:]), len(text))
    return Words(text, tuple(k for _, _, k in found), bounds, tuple(end for _, end, _ in found))


def _key(match: re.Match[str]) -> str:
    if match.lastgroup == "marker":
        return "§" + match.group().strip("-*+•()., \t\u00a0").strip("()")
    if match.lastgroup == "bullet":
        return "•"
    text = match.group().translate(_ONE_FORM)
    return text.replace("–", "-") if len(text) > 1 else text  # within a word a dash is a hyphen


@attrs.frozen
class Block:
    """`size` words from `old` in the one text are the words from `new` in the other."""

    old: int
    new: int
    size: int


def match(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[Block, ...]:
    """Match two sequences of word keys.

    Returns:
        Blocks in rising order of both sides, never touching on both sides at once.
    """
    kept = list(_without_strays(_joined(_matched(old, new)), old, new))
    return tuple(_joined(_slid(old, new, kept)))


def _matched(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Block]:
    """Match by sentences, then by words inside each gap that is left."""
    start, size = _common_ends(old, new)
    # Back to whole sentences: half a one has nothing that it equals.
    while start and not starts_sentence(old, start):
        start -= 1
    while size and not starts_sentence(old, len(old) - size):
        size -= 1
    yield Block(0, 0, start)
    a, b = (start, len(old) - size), (start, len(new) - size)
    for gap_a, gap_b, block in _gaps(_anchored_sentences(old, new, a, b), a, b):
        ours, theirs = old[slice(*gap_a)], new[slice(*gap_b)]
        found = _joined(_matched_words(ours, theirs, (0, len(ours)), (0, len(theirs))))
        for part in _by_sentence(found, ours, theirs):
            yield Block(gap_a[0] + part.old, gap_b[0] + part.new, part.size)
        yield block
    yield Block(len(old) - size, len(new) - size, size)


def _common_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    left = shorter - start
    size = next((i for i in range(left) if old[-1 - i] != new[-1 - i]), left)
    return start, size


Range = tuple[int, int]


def _gaps(blocks: Sequence[Block], a: Range, b: Range) -> Iterator[tuple[Range, Range, Block]]:
    """Yield the gap before each block, then the block; the last gap comes with an empty block."""
    at_a, at_b = a[0], b[0]
    for block in (*blocks, Block(a[1], b[1], 0)):
        yield (at_a, block.old), (at_b, block.new), block
        at_a, at_b = block.old + block.size, block.new + block.size


def sentences(keys: Sequence[Hashable], a: Range) -> list[Range]:
    """Cut the words of the half-open range `a` into sentences, by their keys alone."""
    ends = [i + 1 for i in range(*a) if _ends_sentence(keys, i, a[1])]
    starts = [a[0], *ends]
    return [(s, e) for s, e in zip(starts, [*ends, a[1]], strict=True) if s < e]


def _ends_sentence(keys: Sequence[Hashable], i: int, last: int) -> bool:
    after = keys[i + 1] if i + 1 < last else None
    return keys[i] in _SENTENCE_END or (isinstance(after, str) and after[:1] in {"§", "•"})


def starts_sentence(keys: Sequence[Hashable], at: int) -> bool:
    """True when a sentence starts at index `at`, or the words end there."""
    return at in {0, len(keys)} or _ends_sentence(keys, at - 1, len(keys))


def _anchored_sentences(
    old: Sequence[Hashable], new: Sequence[Hashable], a: Range, b: Range
) -> list[Block]:
    ours, theirs = sentences(old, a), sentences(new, b)
    keys_a = [tuple(old[s:e]) for s, e in ours]
    keys_b = [tuple(new[s:e]) for s, e in theirs]
    blocks: list[Block] = []
    for i, j in _unique_in_order(keys_a, keys_b):
        blocks.append(Block(ours[i][0], theirs[j][0], ours[i][1] - ours[i][0]))
    return blocks


def _matched_words(
    old: Sequence[Hashable], new: Sequence[Hashable], a: Range, b: Range
) -> Iterator[Block]:
    """Match inside a gap: exactly when it is small, else between words that stand once."""
    start, size = _common_ends(old[slice(*a)], new[slice(*b)])
    yield Block(a[0], b[0], start)
    inner_a, inner_b = (a[0] + start, a[1] - size), (b[0] + start, b[1] - size)
    yield from _inner_words(old, new, inner_a, inner_b)
    yield Block(inner_a[1], inner_b[1], size)


def _inner_words(
    old: Sequence[Hashable], new: Sequence[Hashable], a: Range, b: Range
) -> Iterator[Block]:
    ours, theirs = old[slice(*a)], new[slice(*b)]
    if not ours or not theirs:
        return
    if len(ours) * len(theirs) <= _LEAF_AREA:
        yield from (Block(a[0] + i, b[0] + j, n) for i, j, n in _shortest_edit(ours, theirs))
        return
    anchors = [Block(a[0] + i, b[0] + j, 1) for i, j in _unique_in_order(ours, theirs)]
    if not anchors:  # large and nothing to hold on to: a rewrite
        return
    for gap_a, gap_b, block in _gaps(anchors, a, b):
        yield from _matched_words(old, new, gap_a, gap_b)
        yield block


def _unique_in_order(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pair what stands once on both sides, and keep the longest row of pairs in rising order."""
    count_a, count_b = Counter(a), Counter(b)
    where = {key: j for j, key in enumerate(b) if count_b[key] == 1}
    pairs = [(i, where[k]) for i, k in enumerate(a) if count_a[k] == 1 and k in where]
    return _longest_rising(pairs)


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    tails: list[int] = []  # the lowest end of a rising row of each length
    at: list[int] = []  # the index of the pair that ends it
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        k = bisect_left(tails, j)
        tails[k : k + 1] = [j]
        at[k : k + 1] = [n]
        before.append(at[k - 1] if k else -1)
    row: list[tuple[int, int]] = []
    n = at[-1] if at else -1
    while n >= 0:
        row.append(pairs[n])
        n = before[n]
    return row[::-1]


def _shortest_edit(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int, int]]:
    """Match by the shortest edit script over words written as single characters."""
    # Imported here: most questions never reach a gap that needs it.
    from diff_match_patch import diff_match_patch  # noqa: PLC0415

    machine = diff_match_patch()
    machine.Diff_Timeout = 0  # the answer never depends on the clock
    letters: dict[Hashable, str] = {}
    left, right = _as_letters(a, letters), _as_letters(b, letters)
    i = j = 0
    for op, data in machine.diff_main(left, right, checklines=False):
        if op == machine.DIFF_EQUAL:
            yield i, j, len(data)
        i += len(data) if op != machine.DIFF_INSERT else 0
        j += len(data) if op != machine.DIFF_DELETE else 0


def _as_letters(keys: Sequence[Hashable], letters: dict[Hashable, str]) -> str:
    # From the CJK block upwards: below the surrogates there is room for 35,000 words, and a gap
    # small enough for an edit script holds fewer (see _LEAF_AREA); the rest follows above them.
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
    blocks: Sequence[Block], old: Sequence[Hashable], new: Sequence[Hashable]
) -> Iterator[Block]:
    """Let go of a few words that two sentences share by chance, here and there.

    A sentence is the old one, changed, when enough of the shorter of the two is in both, or when
    some words in a row are. Otherwise it is another sentence, all of it.
    """
    ours, theirs = _sentence_of(old), _sentence_of(new)
    parts = [part for block in blocks for part in _cut_at_sentences(block, ours, theirs)]
    shared: Counter[tuple[int, int]] = Counter()
    for part in parts:
        shared[ours[part.old], theirs[part.new]] += _tellable(old[part.old : part.old + part.size])
    sizes_a, sizes_b = _sizes(old, ours), _sizes(new, theirs)
    for part in parts:
        a, b = ours[part.old], theirs[part.new]
        enough = shared[a, b] >= _SHARED * min(sizes_a[a], sizes_b[b])
        words = _tellable(old[part.old : part.old + part.size])
        if enough or not words or words >= _IN_A_ROW:
            yield part


def _sentence_of(keys: Sequence[Hashable]) -> list[int]:
    """Return for each word the number of its sentence."""
    found = sentences(keys, (0, len(keys)))
    return [number for number, (start, end) in enumerate(found) for _ in range(start, end)]


def _sizes(keys: Sequence[Hashable], sentence_of: Sequence[int]) -> Counter[int]:
    """Count the words of letters or digits in each sentence."""
    return Counter(n for key, n in zip(keys, sentence_of, strict=True) if _tellable((key,)))


def _tellable(keys: Sequence[Hashable]) -> int:
    """Count the words that are more than a sign or a clause's number."""
    return sum(not isinstance(key, str) or key[:1].isalnum() or key[:1] in "($€£" for key in keys)


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


def _without_strays(
    blocks: list[Block], old: Sequence[Hashable], new: Sequence[Hashable]
) -> Iterator[Block]:
    """Let go of one or two common words that hold two larger changes together by chance."""
    end_old = end_new = 0  # of the last block that was kept
    often: Counter[Hashable] | None = None
    for n, block in enumerate(blocks):
        after = blocks[n + 1] if n + 1 < len(blocks) else Block(len(old), len(new), 0)
        before = block.old - end_old, block.new - end_new
        behind = after.old - block.old - block.size, after.new - block.new - block.size
        if block.size <= _STRAY and _is_rewrite(*before) and _is_rewrite(*behind):
            often = Counter(old) + Counter(new) if often is None else often
            if all(often[key] > 2 for key in old[block.old : block.old + block.size]):  # noqa: PLR2004 - once on each side
                continue
        end_old, end_new = block.old + block.size, block.new + block.size
        yield block


def _is_rewrite(struck: int, inserted: int) -> bool:
    """Words changed on both sides, and more of them than the match that they leave between."""
    return min(struck, inserted) > 0 and max(struck, inserted) > _STRAY


def _slid(
    old: Sequence[Hashable], new: Sequence[Hashable], blocks: Sequence[Block]
) -> Iterator[Block]:
    """Slide each pure strike or insertion to where a person would mark it: at a sentence's start.

    `A. [B. A.]` and `A[. B. A].` are the same change; the first is what was done.
    """
    last = Block(0, 0, 0)
    for block in (*blocks, Block(len(old), len(new), 0)):
        *done, last = _slid_gap(old, new, last, block)
        yield from done
    yield last


def _slid_gap(
    old: Sequence[Hashable], new: Sequence[Hashable], last: Block, block: Block
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
        if alone and last.size and _is_marker(keys[start - 1]) and _is_marker(keys[end - 1]):
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


def _inner_end(keys: Sequence[Hashable], start: int, end: int) -> int | None:
    """Where the sentence that a change starts in ends inside of it, if its own end comes after.

    `A[ more. B]. C` is the same change as `A[ more]. [B. ]C`, which is what was done. Nothing is
    gained where the change starts with a sentence.
    """
    sign = keys[end] if end < len(keys) else None
    if sign not in _SENTENCE_END or _start_quality(keys, start) >= _AT_SENTENCE:
        return None
    return next((n for n in range(start, end - 1) if keys[n] == sign), None)


def _split_at(last: Block, block: Block, inner: int, *, over_old: bool) -> tuple[Block, ...]:
    """Keep the sign at `inner` of the changed side instead of the one after the change."""
    sign = Block(inner, block.new, 1) if over_old else Block(block.old, inner, 1)
    return last, sign, Block(block.old + 1, block.new + 1, block.size - 1)


def _is_marker(key: Hashable) -> bool:
    return isinstance(key, str) and key[:1] == "§"


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


def _best_shift(keys: Sequence[Hashable], start: int, end: int, before: int, behind: int) -> int:
    """Return how far the words `start` to `end` slide so as to start best; 0 to stay.

    They can slide back over at most `before` words that are alike, and forward over `behind`.
    """
    back = forth = 0
    while back < before and keys[start - back - 1] == keys[end - back - 1]:
        back += 1
    while forth < behind and keys[start + forth] == keys[end + forth]:
        forth += 1
    places = range(-back, forth + 1)
    return max(places, key=lambda n: (_start_quality(keys, start + n), -abs(n), n))


def _start_quality(keys: Sequence[Hashable], at: int) -> int:
    """A clause's number is the best place for a change to start, then a sentence's first word."""
    key = keys[at] if at < len(keys) else None
    if isinstance(key, str) and key[:1] in {"§", "•"}:
        return _AT_CLAUSE
    if at == 0 or keys[at - 1] in _SENTENCE_END:
        return _AT_SENTENCE
    return 0 if isinstance(key, str) and not key[:1].isalnum() else 1
