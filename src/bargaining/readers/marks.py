"""Marks: which stretches of a text are struck, inserted or kept.

Strategy: one left-to-right pass over the source with a table of delimiters. A delimiter that opens
must close inside its block (a paragraph or list item; anywhere, for CriticMarkup); one that does
not is kept as text and reported. Marks nest freely: what counts at each character is whether any
open mark strikes and whether any inserts. Each piece remembers where in the source it came from.

This module does not know ladders, titles or files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html.entities import html5
from itertools import groupby, islice
from typing import Final, Literal

import attrs

from bargaining.errors import PaperError
from bargaining.model import RunKind

Effect = Literal["struck", "inserted", "none", "note"]


@attrs.frozen
class Delimiter:
    """One way to mark text: a pair of signs, its name in settings, and what it means."""

    name: str
    opens: str
    closes: str
    effect: Effect


def _tag(tag: str, name: str, effect: Effect) -> Delimiter:
    return Delimiter(name, f"<{tag}>", f"</{tag}>", effect)


# Which of these mean "inserted" can be set (see `grammar`); what is struck cannot.
MARKDOWN: Final = (
    Delimiter("strike", "~~", "~~", "struck"),
    _tag("s", "strike", "struck"),
    _tag("strike", "strike", "struck"),
    _tag("del", "strike", "struck"),
    Delimiter("bold", "***", "***", "inserted"),
    Delimiter("bold", "**", "**", "inserted"),
    Delimiter("bold", "__", "__", "inserted"),
    _tag("b", "bold", "inserted"),
    _tag("strong", "bold", "inserted"),
    _tag("u", "underline", "inserted"),
    _tag("ins", "ins", "inserted"),
    Delimiter("plus", "++", "++", "inserted"),
    Delimiter("italic", "*", "*", "none"),
    Delimiter("comment", "<!--", "-->", "note"),
)
CRITIC: Final = (
    Delimiter("critic", "{++", "++}", "inserted"),
    Delimiter("critic", "{--", "--}", "struck"),
    Delimiter("critic", "{>>", "<<}", "note"),
    Delimiter("critic", "{==", "==}", "none"),
    Delimiter("critic", "{~~", "~~}", "struck"),  # up to its `~>`, inserted after it
)
# The marks that can mean inserted; the last three only in Word documents.
INSERTED_BY: Final = (
    "bold",
    "underline",
    "ins",
    "plus",
    "double-underline",
    "colour",
    "highlight",
)
_KINDS: Final[dict[tuple[bool, bool], RunKind]] = {  # is it struck, is it inserted
    (False, False): "kept",
    (True, False): "struck",
    (False, True): "inserted",
    (True, True): "dropped",
}
_ARROW: Final = "~>"
_DEEPEST: Final = 32  # marks inside marks; a sign below that is text
MOST_SIGNS: Final = 250_000  # signs of marks, escapes and entities in one paper
_OPENING: Final = re.compile(r"(?:[(\[{“‘«]|(?:^|[\s(\[])[\"'])\Z")
_CLOSING: Final = re.compile(r"\.(?!\w)|[,;:!?)\]}”’»]|[\"'](?!\w)")


@attrs.frozen
class Grammar:
    """The delimiters of one format, and a pattern that finds any sign of them."""

    delimiters: tuple[Delimiter, ...]
    pattern: re.Pattern[str]


def grammar(delimiters: Collection[Delimiter], inserted_by: Collection[str]) -> Grammar:
    """Build a grammar in which only the marks named in `inserted_by` mean inserted."""
    allowed = {*inserted_by, "critic"}
    table = tuple(
        attrs.evolve(d, effect="none") if d.effect == "inserted" and d.name not in allowed else d
        for d in delimiters
    )
    signs = {_ARROW} if any(d.opens == "{~~" for d in table) else set[str]()
    signs |= {sign for d in table for sign in (d.opens, d.closes)}
    ordered = "|".join(re.escape(sign) for sign in sorted(signs, key=lambda s: (-len(s), s)))
    escapes = r"\\[!-/:-@\[-`{-~]|&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});"
    escapes += r"|<br\s*/?>(?:[^\S\n]*\n)?"
    return Grammar(table, re.compile(f"{escapes}|{ordered}", re.IGNORECASE))


@attrs.frozen
class Piece:
    """Text under one mark, and the half-open range of the source that it was read from.

    `inside` is True for text that is struck within a longer stretch of bold.
    """

    kind: RunKind
    text: str
    start: int
    end: int
    inside: bool = attrs.field(default=False, eq=False)


@attrs.frozen
class Unclosed:
    """A mark that opens at `at` in the source and does not close."""

    sign: str
    at: int


@attrs.frozen
class Marked:
    """A source read for its marks.

    Notes are comments, with where they stand; `by` names the marks that strike or insert; `inside`
    is where text is struck within a longer stretch of bold.
    """

    pieces: tuple[Piece, ...]
    unclosed: tuple[Unclosed, ...]
    notes: tuple[tuple[int, str], ...]
    by: frozenset[str]
    inside: tuple[int, ...] = ()


@attrs.frozen
class _Sign:
    """A sign found in the source; `delimiter` is None for text (an escape, an entity)."""

    start: int
    end: int
    text: str
    delimiter: Delimiter | None = None
    opens: bool = False


def read_marks(source: str, blocks: Collection[tuple[int, int]], using: Grammar) -> Marked:
    """Read the marks of `source`.

    Args:
        source: the text with its marks.
        blocks: the half-open ranges inside which a mark must close, in order.
        using: the delimiters that count.

    Raises:
        PaperError: it has more signs than are read.
    """
    signs: list[_Sign] = []
    unclosed: list[Unclosed] = []
    left = MOST_SIGNS
    for block in blocks:
        read = list(islice(_signs(source, *block, using), left + 1))
        left -= len(read)
        if left < 0:
            raise PaperError(
                f"The paper has more than {MOST_SIGNS:,} marks and escapes, the most that is read.",
                hint="File it in parts.",
            )
        found, stray = _paired(read)
        signs += found
        unclosed += [Unclosed(s.text, s.start) for s in stray if s.text != "*"]
    pieces, notes = _pieces(source, signs)
    inside = tuple(piece.start for piece in pieces if piece.inside)
    telling = (s.delimiter for s in signs if s.delimiter and s.delimiter.effect != "none")
    by = frozenset(d.name for d in telling if d.effect != "note")
    return Marked(tuple(tidy(pieces)), tuple(unclosed), tuple(notes), by, inside)


def _signs(source: str, start: int, end: int, using: Grammar) -> Iterator[_Sign]:
    """Yield every sign in the block, each as the opening or closing that it can be here.

    A comment holds text only, up to its end; one without an end holds nothing.
    """
    open_: list[Delimiter] = []
    comments = {d.closes for d in using.delimiters if d.effect == "note"}
    last_close = {closes: source.rfind(closes, start, end) for closes in comments}
    for found in using.pattern.finditer(source, start, end):
        if open_ and open_[-1].effect == "note" and found.group() != open_[-1].closes:
            continue
        plain = _plain(found.group())
        if plain is not None:
            yield _Sign(*found.span(), plain)
            continue
        sign = _sign(source, found, using, open_, (start, end))
        if sign is None or sign.delimiter is None:
            continue
        if sign.opens and sign.end <= last_close.get(sign.delimiter.closes, end):
            open_.append(sign.delimiter)
        elif not sign.opens and sign.text != _ARROW:
            open_.remove(sign.delimiter)
        yield sign


def _plain(sign: str) -> str | None:
    """Return the text that an escape, entity or line break stands for, or None."""
    if sign[0] == "\\":
        return sign[1]
    if sign[0] == "&":
        known = sign[1] == "#" or sign[1:] in html5
        return html.unescape(sign).replace("\r", "\n") if known else sign
    return "\n" if sign[:3].lower() == "<br" else None


def _sign(
    source: str,
    found: re.Match[str],
    using: Grammar,
    open_: list[Delimiter],
    block: tuple[int, int],
) -> _Sign | None:
    text = found.group().lower()
    closing = next((d for d in reversed(open_) if d.closes == text), None)
    if closing is not None and not (
        text == "__" and source[found.end() : found.end() + 1].isalnum()
    ):
        return _Sign(*found.span(), text, closing)
    arrow = next((d for d in open_ if d.opens == "{~~"), None)
    if text == _ARROW and arrow is not None:
        return _Sign(*found.span(), text, arrow)
    opening = next((d for d in using.delimiters if d.opens == text), None)
    if opening is None or len(open_) == _DEEPEST or not _can_open(source, found, opening, block):
        return None
    return _Sign(*found.span(), text, opening, opens=True)


def _can_open(
    source: str, found: re.Match[str], delimiter: Delimiter, block: tuple[int, int]
) -> bool:
    """Tell a sign that opens from the same characters used as text (`C++`, `2 * 3`, `____`)."""
    before = source[found.start() - 1] if found.start() > block[0] else " "
    after = source[found.end()] if found.end() < block[1] else " "
    if delimiter.name in {"plus", "italic"} or delimiter.opens == "__":
        return (
            not before.isalnum() and before not in "*_+" and (after.isalnum() or after in "~<\"'“(")
        )
    if delimiter.name == "bold" and delimiter.opens[0] == "*":
        return not after.isspace()  # `$45** a year**`: the signs of footnotes
    return True


def _paired(signs: list[_Sign]) -> tuple[list[_Sign], list[_Sign]]:
    """Split the signs of a block into those that pair up (and plain text) and the strays.

    An arrow belongs to the mark that it turns; without one, or after another, it is text.
    """
    waiting: dict[str, list[_Sign]] = {}  # the signs that are open, by what opens
    arrows: dict[int, _Sign] = {}
    text: set[int] = set()
    for sign in signs:
        if sign.opens:
            waiting.setdefault(sign.text, []).append(sign)
        elif sign.delimiter is not None:
            open_ = waiting[sign.delimiter.opens]
            if sign.text != _ARROW:
                open_.pop()
            elif arrows.setdefault(id(open_[-1]), sign) is not sign:
                text.add(id(sign))
    strays = sorted((s for open_ in waiting.values() for s in open_), key=lambda s: s.start)
    for stray in strays:
        text |= {id(stray), id(arrows.get(id(stray)))}
    return [sign for sign in signs if id(sign) not in text], strays


def _pieces(source: str, signs: list[_Sign]) -> tuple[list[Piece], list[tuple[int, str]]]:
    """Cut the source at its signs. Runs over several lines stay whole."""
    pieces: list[Piece] = []
    notes: list[tuple[int, str]] = []
    effects: list[tuple[Delimiter, Effect]] = []
    at = 0
    for sign in [*signs, _Sign(len(source), len(source), "")]:
        if sign.start > at:
            _add(
                pieces,
                notes,
                Piece(_kind(effects), source[at : sign.start], at, sign.start),
                effects,
            )
        at = sign.end
        if sign.delimiter is None and sign.text:
            _add(pieces, notes, Piece(_kind(effects), sign.text, sign.start, sign.end), effects)
        elif sign.delimiter is not None:
            _turn(effects, sign, sign.delimiter)
    return pieces, notes


def _turn(effects: list[tuple[Delimiter, Effect]], sign: _Sign, delimiter: Delimiter) -> None:
    """Open, close or (at `~>`) turn a mark."""
    if sign.opens:
        effects.append((delimiter, delimiter.effect))
        return
    n = max(n for n, (d, _) in enumerate(effects) if d == delimiter)
    effects[n : n + 1] = [(delimiter, "inserted")] if sign.text == _ARROW else []


def _kind(effects: list[tuple[Delimiter, Effect]]) -> RunKind:
    """Text under a strike and bold is struck: it was bold before, and bold alone inserts it not."""
    struck = any(effect == "struck" for _, effect in effects)
    inserts = {delimiter.name for delimiter, effect in effects if effect == "inserted"}
    return _KINDS[struck, bool(inserts - {"bold"} if struck else inserts)]


def _add(
    pieces: list[Piece],
    notes: list[tuple[int, str]],
    piece: Piece,
    effects: list[tuple[Delimiter, Effect]],
) -> None:
    if any(effect == "note" for _, effect in effects):
        notes.append((piece.start, piece.text))
        piece = attrs.evolve(piece, kind="dropped", text="")  # what is around it closes up
    elif piece.kind == "struck" and pieces and pieces[-1].kind == "inserted":
        piece = attrs.evolve(piece, inside=_in_bold(effects))
    pieces.append(piece)


def _in_bold(effects: Sequence[tuple[Delimiter, Effect]]) -> bool:
    """True where bold was open before what strikes."""
    names = [d.name if effect == "inserted" else effect for d, effect in effects]
    return "bold" in names and names.index("bold") < names.index("struck")


def tidy(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Let marked pieces own the spacing that would be left doubled without them.

    `of ~~the old~~ this` strikes `the old ` with its space, and `the ~~old~~ **new**.` strikes
    ` old` and inserts ` new`, so that both readings, with the marks accepted and with them
    rejected, are spaced as a person would. Neighbours of one kind are joined.

    Each reading keeps one gap between two words that stand in it, and none before a full stop or
    at the ends of the text; what it does not keep belongs to the marks.
    """
    atoms = [atom for piece in _joined(pieces) for atom in _atoms(piece)]
    for first, last in _groups(atoms):
        _own_spacing(atoms, first, last)
    yield from _joined(atom for atom in atoms if atom.text)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join neighbours of one kind. A joined piece starts where its first word does."""
    for _, group in groupby(pieces, key=lambda piece: piece.kind):
        same = list(group)
        text = "".join(piece.text for piece in same)
        start = next((piece.start for piece in same if piece.text.strip()), same[0].start)
        yield Piece(same[0].kind, text, start, same[-1].end)


def _atoms(piece: Piece) -> Iterator[Piece]:
    """Cut the spacing at both edges off a piece."""
    words = piece.text.strip()
    at = piece.text.find(words) if words else len(piece.text)
    cut = (piece.text[:at], words, piece.text[at + len(words) :])
    for text in filter(None, cut) if piece.text else cut[:1]:
        yield Piece(piece.kind, text, piece.start, piece.end)


def _groups(atoms: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield the ranges between kept words (or the ends of the text) that hold a mark."""
    first = 0
    for n, atom in enumerate([*atoms, None]):
        if atom is None or (atom.kind == "kept" and atom.text.strip()):
            if any(inner.kind != "kept" for inner in atoms[first:n]):
                yield first, n
            first = n + 1


def _own_spacing(atoms: list[Piece], first: int, last: int) -> None:
    """Give each gap of a group the kind that shows it in the readings that keep it."""
    left = atoms[first - 1].text if first else ""
    right = atoms[last].text if last < len(atoms) else ""
    group = atoms[first:last]
    old = _gaps_kept(group, left, right, {"kept", "struck"}, {})
    new = _gaps_kept(group, left, right, {"kept", "inserted"}, old)
    in_old, in_new = set(old.values()), set(new.values())
    for n, atom in enumerate(group):
        if not atom.text.strip():
            kind = _KINDS[n not in in_new, n not in in_old]
            text = atom.text if kind != "dropped" or _is_beside_dropped(group, n) else ""
            atoms[first + n] = Piece(kind, text, atom.start, atom.end)


def _is_beside_dropped(group: Sequence[Piece], n: int) -> bool:
    beside = group[max(n - 1, 0) : n + 2]
    return any(piece.kind == "dropped" and piece.text.strip() for piece in beside)


def _gaps_kept(
    group: Sequence[Piece],
    left: str,
    right: str,
    kinds: Collection[RunKind],
    other: Mapping[tuple[int, ...], int],
) -> dict[tuple[int, ...], int]:
    """Return which gap one reading keeps of each row of gaps between words that stand in it.

    Args:
        group: marked words and the gaps around them.
        left: the words before the group; empty at the start of the text.
        right: the words after it; empty at the end.
        kinds: the kinds that stand in this reading.
        other: what the other reading keeps. What it does not, this one had better keep.
    """
    taken = set(other.values())
    kept: dict[tuple[int, ...], int] = {}
    row: list[int] = []
    start = 0
    for n, piece in enumerate([*group, Piece("kept", right, 0, 0)]):
        if piece.kind not in kinds:
            continue
        if n < len(group) and not piece.text.strip():
            row.append(n)
            continue
        if row:
            best = other.get(tuple(row), _best_gap(group, row, taken))
            before, after = left if row[0] > start else "", piece.text if row[-1] < n - 1 else ""
            at_end = not left or not piece.text
            if not at_end and not _closes_up(before, after, left, group[best].text):
                kept[tuple(row)] = best
        left, row, start = piece.text, [], n + 1
    return kept


def _best_gap(group: Sequence[Piece], row: Sequence[int], taken: Collection[int]) -> int:
    """The gap that parts most: a new paragraph before a new line before a space."""
    most = max(group[n].text.count("\n") for n in row)
    best = [n for n in row if group[n].text.count("\n") == most]
    if _is_beside_dropped(group, best[0]):
        return best[0]
    return next((n for n in best if n not in taken), best[0])


def _closes_up(before: str, after: str, left: str, gap: str) -> bool:
    """True when words leave no gap: a bracket that touches what is left out, or a full stop."""
    over_lines = gap.count("\n")
    if over_lines > 1 or (over_lines and not (left[-1].isalnum() or left[-1] == ",")):
        return False
    return bool(_OPENING.search(before[-2:]) or _CLOSING.match(after))
