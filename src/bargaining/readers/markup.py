"""The readers of marked text: Markdown, CriticMarkup and plain text.

Strategy: bytes are decoded strictly, lines are given their roles (`layout`), the clause lines are
joined and read for their marks (`marks`), and what a careful reader would not take for granted is
noted (`doubts`). The three formats differ only in their delimiters.

Bold is also a heading: a line that is wholly bold before the first clause never is an insertion;
later on, a bold line or a bold opening that looks like a heading is taken as one, and said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import attrs

from bargaining.errors import PaperError
from bargaining.model import Doubt, Paper, Part, Run
from bargaining.readers.doubts import (
    TextLines,
    clause_doubts,
    divided_doubts,
    ladder_doubts,
    line_at,
    piece_doubts,
    shorten,
    struck_in_bold_doubts,
    unclosed_doubts,
)
from bargaining.readers.instructions import instruction_doubts
from bargaining.readers.layout import (
    Line,
    Source,
    ends,
    in_sentence,
    is_heading_markup,
    is_item,
    is_numbered,
    is_page,
    join_clauses,
    ladders,
    lay_out,
    longest,
    shown,
)
from bargaining.readers.marks import (
    CRITIC,
    INSERTED_BY,
    MARKDOWN,
    Delimiter,
    Marked,
    grammar,
    read_marks,
)
from bargaining.readers.pages import clean, known_in, words_of
from bargaining.readers.standins import stand_in_doubts
from bargaining.text.clauses import clauses
from bargaining.text.spelling import BULLETS

_RUN_IN: Final = re.compile(
    rf"^\s*(?:[-*+{BULLETS}]\s+)?"
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*[.)]?|(?:[A-Za-z]|[ivxIVX]{2,5})[.)])\s+)?"
    r"(?:\*\*|__|<b>|<strong>)(?P<text>[^*_~<]{1,80}?)(?:\*\*|__|</b>|</strong>)"
)
_MOST_LINES: Final = 250_000  # of one paper
_STYLED: Final = 2  # bold headings that show bold to be a style of the paper
_BUT_BOLD: Final = tuple(name for name in INSERTED_BY if name != "bold")
_REACH: Final = 100_000  # code points from one heading to the next, at most
_HEADING_MOST: Final = 12  # words in a heading
_CRITIC_SIGNS: Final = (("{++", "++}"), ("{--", "--}"), ("{~~", "~>", "~~}"))
_OTHER_STRIKE: Final = re.compile(
    r"<span[^>\n]{0,200}line-through|(?<![~\w\\])~[^~\s][^~\n]{0,200}~(?!~)", re.IGNORECASE
)
_MARK_SIGN: Final = re.compile(r"~~\S|\{\+\+|\{--|<(?:del|ins|u|s)>|\*\*\w")


def read_markdown(
    text: str, inserted_by: Collection[str] | None, known: Collection[str] = ()
) -> Paper:
    """Read Markdown; a paper that holds CriticMarkup is read as that."""
    if any(_holds_in_order(text, signs) for signs in _CRITIC_SIGNS):
        return read_critic(text, inserted_by, known)
    return _read(text, "markdown", MARKDOWN, inserted_by, known)


def _holds_in_order(text: str, signs: Sequence[str]) -> bool:
    at = 0
    for sign in signs:
        found = text.find(sign, at)
        if found < 0:
            return False
        at = found + len(sign)
    return True


def read_critic(
    text: str, inserted_by: Collection[str] | None, known: Collection[str] = ()
) -> Paper:
    """Read CriticMarkup. Its marks are explicit, so bold is emphasis unless it is stated."""
    marks = _BUT_BOLD if inserted_by is None else inserted_by
    return _read(text, "criticmarkup", (*CRITIC, *MARKDOWN), marks, known)


def read_text(text: str, inserted_by: Collection[str] | None, known: Collection[str] = ()) -> Paper:
    """Read plain text, which has no marks; what looks like marks is noted."""
    del inserted_by
    return _read(text, "text", (), (), known)


def _read(
    text: str,
    format_: str,
    delimiters: Sequence[Delimiter],
    inserted_by: Collection[str] | None,
    known: Collection[str],
) -> Paper:
    if text.count("\n") >= _MOST_LINES:
        raise PaperError(
            f"The paper has more than {_MOST_LINES:,} lines, the most that is read.",
            hint="File it in parts.",
        )
    pages = clean(text)
    lines = lay_out("\n".join(pages.texts), pages.out)
    lines, headings = _without_heading_bold(lines) if delimiters else (lines, ())
    source = join_clauses(lines, known_in(known, words_of(text)))
    blocks = source.blocks if format_ != "criticmarkup" else ((0, len(source.text)),)
    insert = INSERTED_BY if inserted_by is None else inserted_by
    using = grammar(delimiters or MARKDOWN, insert)
    marked = read_marks(source.text, blocks if delimiters else (), using)
    style: tuple[Doubt, ...] = ()
    if inserted_by is None and marked.by == {"bold"} and _is_marked(marked):
        style = (_bold_only(marked, source, many=len(headings) >= _STYLED),)
        if len(headings) >= _STYLED:
            marked = read_marks(source.text, blocks, grammar(delimiters, _BUT_BOLD))
    doubts = [*unclosed_doubts(marked.unclosed, source), *piece_doubts(marked.pieces, source)]
    doubts += struck_in_bold_doubts(marked.inside if "bold" in insert else (), source)
    if "bold" in insert and _is_marked(marked):
        doubts += _heading_doubts(marked, headings)
    doubts += _page_number_doubts(lines)
    doubts += _unread_doubts(source, plain=not delimiters)
    doubts += _said_doubts(marked, source, lines)
    printed = ladders(lines)
    ladder = longest(printed)
    return Paper(
        format=format_,
        runs=tuple(Run(piece.kind, piece.text) for piece in marked.pieces),
        title=tuple(line.bare for line in lines if line.role == "title"),
        ladder=tuple(text for text, _ in ladder),
        parts=(*_parts(lines, marked, source), *pages.parts, *_divided_parts(source)),
        doubts=(*doubts, *ladder_doubts(printed, ladder), *style),
    )


def _said_doubts(marked: Marked, source: Source, lines: Sequence[Line]) -> Iterator[Doubt]:
    """What is no text of an agreement, but speaks of one."""
    text = "".join(p.text for p in marked.pieces if p.kind in {"kept", "inserted"})
    numbers = TextLines.of(marked.pieces, source)
    yield from divided_doubts(source, marked.pieces)
    yield from clause_doubts(clauses(text), text, numbers)
    yield from stand_in_doubts(text, numbers, lines)
    yield from instruction_doubts(text, marked.pieces, numbers)


def _parts(lines: Sequence[Line], marked: Marked, source: Source) -> Iterator[Part]:
    for line in lines:
        if line.role not in {"clause", "blank"} and line.text.strip():  # not a page's break alone
            yield Part(line.role, line.text, line.number)  # type: ignore[arg-type]
    for at, note in marked.notes:
        yield Part("note", note.strip(), line_at(source, at))


def _divided_parts(source: Source) -> Iterator[Part]:
    """Tell of each word that was divided between two lines, and is joined."""
    for at, word in source.divided:
        yield Part("joined", f"{word.as_printed} → {word.word}", line_at(source, at))


def _without_heading_bold(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Take the bold off headings; return all lines, and the headings that are in doubt."""
    first = next((n for n, line in enumerate(lines) if is_numbered(line.text)), 0)
    changed: list[Line] = []
    doubtful: list[Line] = []
    for n, line in enumerate(lines):
        if n and _reads_on(lines[n - 1], line):
            changed.append(line)
        elif line.role == "clause" and n < first and is_heading_markup(line.text):
            changed.append(attrs.evolve(line, text=_unbold(line.text)))
            doubtful += [line] if ends(line.bare) else []  # a sentence, perhaps a new one
        elif line.role == "clause" and n >= first and _is_bold_heading(line.text):
            changed.append(attrs.evolve(line, text=_unbold_first(line.text)))
            doubtful.append(line)
        else:
            changed.append(line)
    return tuple(changed), tuple(doubtful)


def _reads_on(before: Line, line: Line) -> bool:
    """True for a line in the middle of a paragraph, where no heading stands."""
    inside = before.role == line.role == "clause" and not is_item(line.text)
    return inside and not (ends(before.bare, ".?!:;") or is_heading_markup(before.text))


def _unbold(text: str) -> str:
    return re.sub(r"\*\*|__|</?(?:b|strong)>", "", text)


def _unbold_first(text: str) -> str:
    opening = _RUN_IN.match(text)
    return text if opening is None else _unbold(opening.group()) + text[opening.end() :]


def _is_bold_heading(text: str) -> bool:
    """A short bold opening in title case: a whole line, or one set off by a sign or a tab."""
    opening = _RUN_IN.match(text)
    if opening is None:
        return False
    rest = text[opening.end() :].rstrip()
    words = re.findall(r"[^\W\d_][\w'’-]*", opening["text"])
    large = [w for w in words if len(w) > 3]  # noqa: PLR2004 - small words may be lower case
    short = 0 < len(words) <= _HEADING_MOST and all(w[0].isupper() for w in large)
    last = opening["text"].rstrip()[-1:]
    ends = last in {".", ":", "–", "—"} or rest.lstrip()[:1] in {":", "–", "—"} or rest[:1] == "\t"
    return short and (ends or (not rest and last not in {";", ","}))


def _page_number_doubts(lines: Sequence[Line]) -> Iterator[Doubt]:
    """A number alone may be a page number, or one that a sentence waits for."""
    texts = [line.text for line in lines]
    signs = {n for n, line in enumerate(lines) if is_page(line.text)}
    left_out = [n for n in signs if lines[n].role == "furniture"]
    for n, line in enumerate(lines):
        sign = n in signs
        alone = left_out == [n] and in_sentence(texts, n)
        odd = line.bare.isdigit() or alone or (sign and line.role == "clause")
        if odd and line.role in {"furniture", "clause"}:
            reading = (
                "read as a page number, and is not in the text"
                if line.role == "furniture"
                else "read as text, and may be a page number"
            )
            message = f"The line “{shorten(line.bare)}” is {reading}."
            yield Doubt("page-number", message, line.number)


def _unread_doubts(source: Source, *, plain: bool) -> Iterator[Doubt]:
    """What looks like a mark, and is none in this format."""
    sign = (_MARK_SIGN if plain else _OTHER_STRIKE).search(source.text)
    if sign is None:
        return
    why = (
        "plain text has none: read it with --format markdown if it is one."
        if plain
        else "is not one that is read: the words in it stand as text."
    )
    yield Doubt(
        "unread-mark",
        f"“{shorten(source.text[sign.start() :])}” looks like a mark, and {why}",
        line_at(source, sign.start()),
        *(sign.span() if plain else (0, 0)),
    )


def _heading_doubts(marked: Marked, headings: Sequence[Line]) -> Iterator[Doubt]:
    text = "\n" + "".join(p.text for p in marked.pieces if p.kind in {"kept", "inserted"})
    at = 0
    for line in headings:
        opening = _RUN_IN.match(line.text)
        heading = opening["text"].strip() if opening else line.bare
        sought = "\n" + shown(_unbold(opening.group())) if opening else heading
        found = text.find(sought, at, at + _REACH)
        at = max(at, found)
        start = text.find(heading, found) - 1 if found >= 0 else 0
        yield Doubt(
            "bold-heading",
            f"“{shorten(line.bare)}” is bold at its start and looks like a heading, "
            "so it is not read as inserted.",
            line.number,
            start,
            start + len(heading) if found >= 0 else 0,
        )


def _is_marked(marked: Marked) -> bool:
    return any(piece.kind != "kept" for piece in marked.pieces)


def _bold_only(marked: Marked, source: Source, *, many: bool) -> Doubt:
    """Say how bold is read on a paper with no other mark: with bold headings, as a style."""
    first = next(piece for piece in marked.pieces if piece.kind != "kept")
    reading = (
        "and headings are bold, too: it is not read as inserted (see --inserted)."
        if many
        else "and nothing is struck: it is read as inserted, and may be emphasis (see --inserted)."
    )
    message = f"Bold is the only mark on this paper {reading}"
    return Doubt("bold-only", message, line_at(source, first.start))
