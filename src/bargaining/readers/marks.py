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
from collections.abc import Collection, Iterator
from typing import Final, Literal

import attrs

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
INSERTED_BY: Final = ("bold", "underline", "ins", "plus")
_ARROW: Final = "~>"
_DEEPEST: Final = 32  # marks inside marks; a sign below that is text


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
    escapes = r"\\[!-/:-@\[-`{-~]|&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});|<br\s*/?>"
    return Grammar(table, re.compile(f"{escapes}|{ordered}", re.IGNORECASE))


@attrs.frozen
class Piece:
    """Text under one mark, and the half-open range of the source that it was read from."""

    kind: RunKind
    text: str
    start: int
    end: int


@attrs.frozen
class Unclosed:
    """A mark that opens at `at` in the source and does not close."""

    sign: str
    at: int


@attrs.frozen
class Marked:
    """A source read for its marks. Notes are comments, with where they stand."""

    pieces: tuple[Piece, ...]
    unclosed: tuple[Unclosed, ...]
    notes: tuple[tuple[int, str], ...]


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
    """
    signs: list[_Sign] = []
    unclosed: list[Unclosed] = []
    for block in blocks:
        found, stray = _paired(list(_signs(source, *block, using)))
        signs += found
        unclosed += [Unclosed(s.text, s.start) for s in stray if s.text != "*"]
    pieces, notes = _pieces(source, signs)
    return Marked(tuple(tidy(pieces)), tuple(unclosed), tuple(notes))


def _signs(source: str, start: int, end: int, using: Grammar) -> Iterator[_Sign]:
    """Yield every sign in the block, each as the opening or closing that it can be here."""
    open_: list[Delimiter] = []
    for found in using.pattern.finditer(source, start, end):
        plain = _plain(found.group())
        if plain is not None:
            yield _Sign(*found.span(), plain)
            continue
        sign = _sign(source, found, using, open_, (start, end))
        if sign is None or sign.delimiter is None:
            continue
        if sign.opens:
            open_.append(sign.delimiter)
        elif sign.text != _ARROW:
            open_.remove(sign.delimiter)
        yield sign


def _plain(sign: str) -> str | None:
    """Return the text that an escape, entity or line break stands for, or None."""
    if sign[0] == "\\":
        return sign[1]
    if sign[0] == "&":
        return html.unescape(sign)
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
    if closing is not None:
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
            not before.isalnum() and before not in "*_+" and (after.isalnum() or after in "~\"'“(")
        )
    if delimiter.name == "bold" and delimiter.opens[0] == "*":
        return not (before.isspace() and after.isspace())
    return True


def _paired(signs: list[_Sign]) -> tuple[list[_Sign], list[_Sign]]:
    """Split the signs of a block into those that pair up (and plain text) and the strays."""
    waiting: list[_Sign] = []
    for sign in signs:
        if sign.opens:
            waiting.append(sign)
        elif sign.delimiter is not None and sign.text != _ARROW:
            del waiting[_last_of(waiting, sign.delimiter)]
    stray = {id(sign) for sign in waiting}
    return [sign for sign in signs if id(sign) not in stray], waiting


def _last_of(waiting: list[_Sign], delimiter: Delimiter) -> int:
    return max(n for n, sign in enumerate(waiting) if sign.delimiter == delimiter)


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
    open_ = {effect for _, effect in effects}
    table: dict[tuple[bool, bool], RunKind] = {
        (False, False): "kept",
        (True, False): "struck",
        (False, True): "inserted",
        (True, True): "dropped",
    }
    return table["struck" in open_, "inserted" in open_]


def _add(
    pieces: list[Piece],
    notes: list[tuple[int, str]],
    piece: Piece,
    effects: list[tuple[Delimiter, Effect]],
) -> None:
    if any(effect == "note" for _, effect in effects):
        notes.append((piece.start, piece.text))
    else:
        pieces.append(piece)


def tidy(pieces: list[Piece]) -> Iterator[Piece]:
    """Let marked pieces own the spacing that would be left doubled without them.

    `of ~~the old~~ this` strikes `the old ` with its space, and `the ~~old~~ **new**.` strikes
    ` old` and inserts ` new`, so that both readings, with the marks accepted and with them
    rejected, are spaced as a person would. Neighbours of one kind are joined.
    """
    joined: list[Piece] = []
    for piece in pieces:
        _append(joined, piece)
    for first, last in _groups(joined):
        _own_spacing(joined, first, last)
    yield from (piece for piece in joined if piece.text)


def _append(joined: list[Piece], piece: Piece) -> None:
    last = joined[-1] if joined else None
    if last is not None and last.kind == piece.kind:
        joined[-1] = attrs.evolve(last, text=last.text + piece.text, end=piece.end)
    else:
        joined.append(piece)


def _groups(joined: list[Piece]) -> Iterator[tuple[int, int]]:
    """Yield the first and last index of marked pieces with nothing but spacing between them."""
    first = last = None
    for n, piece in enumerate(joined):
        if piece.kind != "kept":
            first, last = (n if first is None else first), n
        elif first is not None and last is not None and piece.text.strip():
            yield first, last
            first = last = None
    if first is not None and last is not None:
        yield first, last


def _own_spacing(joined: list[Piece], first: int, last: int) -> None:
    before = joined[first - 1].text if first else "\n"
    after = joined[last + 1].text if last + 1 < len(joined) else ""
    whole_line = before[-1:] == "\n" and after[:1].isspace()
    if whole_line or (before[-1:].isspace() and after[:1] == " "):
        for n in range(first, last + 1):
            _give(joined, n + 1, n)
    elif before[-1:] == " " and not after[:1].isalnum():
        for n in range(last, first - 1, -1):
            _give(joined, n - 1, n)


def _give(joined: list[Piece], giver: int, taker: int) -> None:
    """Move the spacing at the near edge of kept piece `giver` to its marked neighbour."""
    text, own = joined[giver].text, joined[taker]
    if joined[giver].kind != "kept" or own.kind == "kept":
        return
    rest = text.lstrip() if giver > taker else text.rstrip()
    spacing = text[: len(text) - len(rest)] if giver > taker else text[len(rest) :]
    joined[giver] = attrs.evolve(joined[giver], text=rest)
    joined[taker] = attrs.evolve(
        own, text=own.text + spacing if giver > taker else spacing + own.text
    )
