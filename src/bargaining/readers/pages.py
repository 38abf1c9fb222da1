"""Pages: what a page, a mail or a column put around and into a text, told apart from its words.

Strategy: text that was copied out of a PDF or a mail has signs that no drafter wrote: `>` before
each line, numbers in the margin, running titles and footers in the middle of a sentence, words
divided at the ends of lines. Each is told by what it does to the whole paper (a row of numbers, the
same line at every page's edge, a sentence that goes on behind it), never by one line alone. What is
left out is kept with its line; what is joined is said, and doubted where nothing shows how the word
is written. Text in two columns cannot be read across, and is refused.

This module knows lines and words, and neither marks nor roles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby, takewhile
from typing import Final, NamedTuple

import attrs

from bargaining.errors import PaperError
from bargaining.model import Part

_QUOTED: Final = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_QUOTES_LEAST: Final = 2  # lines in a row that make it a quotation
_WROTE: Final = re.compile(r"On\s.{5,120}\swrote:\s*")
_NUMBER: Final = re.compile(r"[ \t]{0,16}(\d{1,4})(?:[ \t]+(?=\S)|[ \t]*$)")
_NUMBER_BEHIND: Final = re.compile(r"(?<=\S)[ \t]{2,}(\d{1,4})[ \t]*$")
_ROW_LEAST: Final = 4  # numbers in a row that are those of a margin
_STEP: Final = 5  # some margins number every fifth line
_FIFTHS_LEAST: Final = 3
_OWN_NUMBER: Final = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})+|\d{1,3}[.)]|[A-Za-z][.)])(?:\s|$)")
_PAGE_SIGN: Final = re.compile(
    r"\W{0,9}page\s+\d{1,4}(?:\s+of\s+\d{1,4})?\W{0,9}|.{0,100}\bpage\s+\d{1,4}(?:\s+of\s+\d{1,4})?"
    r"|[ \t|]*\d{1,4}\s*(?:of|/)\s*\d{1,4}[ \t|]*|[–—-]\s?\d{1,4}\s?[–—-]",
    re.IGNORECASE,
)
_EDGE: Final = 3  # lines beside the break of a page that may be its header or footer
_LONG: Final = 4  # letters of a word that has a capital in a title
_SENTENCE_LEAST: Final = 4  # words
_RUNNING_MOST: Final = 20  # words in a running line
_DIVIDED: Final = re.compile(r"([^\W\d_]{2,40})([-\u2010\u00ad\u0002])[ \t]*$")
_HALVES: Final = re.compile(
    r"(?<![^\W\d_])[^\W\d_]{1,40}[-\u2010\u00ad\u0002][ \t]{0,9}\n\s{0,99}[^\W\d_]{1,40}"
)
_GOES_ON: Final = re.compile(r"[ \t]*([^\W\d_]+)")
_FOR_SURE: Final = "\u00ad\u0002"  # signs that only a typesetter puts at the end of a line
_SYLLABLES: Final = frozenset(  # that end words, and are none
    """ably al ance ances ated ately ates ating ation ations ative ble bly cal cally cation
    cations cial cially cian cies cy ed ence ences ent er ers es est ful fully gation
    gations ian ible ibly ic ical ically ied ies ify ing ings ious ish ision isions ition
    itions itive ity ities ive ization ized izing lation lations ly mation ment ments ness
    ning ous ously ries ry sion sional sions sive ster tation tations ted tee tees ter ters
    tial tially tication ties ting tion tional tions tive tively tle tor tors tory ture
    tured tures ty ule ules uation vision""".split()
)
_SUSPENDED: Final = frozenset({"and", "or", "to"})  # `pre-` and `post-tests`
_PREFIXES: Final = frozenset(  # that keep their hyphen
    """all anti co cross day eight ex five four full half high inter long low mid mini multi nine
    non on off one part post pre pro re seven self semi short six sub ten three two up vice well
    year""".split()
)
_GUTTER: Final = re.compile(r"(?<=\S)[ \t]{3,}(?=\S)")
_LINE_MOST: Final = 400  # code points of a line that may hold two columns
_COLUMN_LEAST: Final = 4  # lines of two columns that are no table
_TABBED: Final = -9  # the column of what stands behind a tab
_COLUMN_SHARE: Final = 0.6  # of all lines
_COLUMN_WORDS: Final = 3.5  # words in a line of a column, on average


@attrs.frozen
class Pages:
    """The lines of a paper without what a page put there.

    Attributes:
        texts: its lines, as many as before; one that is left out is in `out`.
        out: the numbers, from 0, of lines that are left out.
        parts: what is taken off lines that stay.
    """

    texts: tuple[str, ...]
    out: frozenset[int]
    parts: tuple[Part, ...]


def clean(text: str) -> Pages:
    """Tell what a page put into a text from its words.

    Raises:
        PaperError: the text stands in two columns.
    """
    texts = text.split("\n")
    parts: list[Part] = []
    parts += _unquote(texts)
    parts += _without_margin(texts)
    _refuse_columns(texts)
    for rows in tables(texts):
        refuse_side_by_side(rows)
    out = _running(texts)
    return Pages(tuple(texts), frozenset(out), tuple(parts))


# Quotations.


def _unquote(texts: list[str]) -> Iterator[Part]:
    """Take the signs of quotation off lines in a row; the lines are changed."""
    quoted = [_QUOTED.match(text) for text in texts]
    for is_quoted, group in groupby(range(len(texts)), key=lambda n: quoted[n] is not None):
        row = list(group)
        if not is_quoted or len(row) < _QUOTES_LEAST:
            continue
        before = next((n for n in range(row[0] - 1, -1, -1) if texts[n].strip()), None)
        goes_on = before == row[0] - 1 and texts[row[0] - 1].rstrip()[-1:] not in ".?!:"
        if goes_on and before is not None and not _WROTE.fullmatch(texts[before].strip()):
            continue  # in mid-sentence, `>` is a sign of the text
        if before is not None and _WROTE.fullmatch(texts[before].strip()):
            yield Part("furniture", texts[before].strip(), before + 1)
            texts[before] = ""
        for n in row:
            found = quoted[n]
            if found is not None:
                yield Part("furniture", found.group().strip(), n + 1)
                texts[n] = texts[n][found.end() :]


# Numbers in the margin.


def _without_margin(texts: list[str]) -> Iterator[Part]:
    """Take rows of numbers off the starts of lines, or off their ends; the lines are changed."""
    before = [
        (n, int(found[1]), text[found.end() :])
        for n, text in enumerate(texts)
        if (found := _NUMBER.match(text))
    ]
    behind = [
        (n, int(found[1]), text[: found.start()])
        for n, text in enumerate(texts)
        if (found := _NUMBER_BEHIND.search(text, max(len(text) - _LINE_MOST, 0)))
    ]
    every = [*_rows(before, texts, _is_margin)]
    rows = [*_of_pages(every, texts), *_fifths(before, texts)]
    for row in rows or _of_pages([*_rows(behind, texts, _is_right_margin)], texts):
        for n, number, rest in row:
            yield Part("furniture", str(number), n + 1)
            texts[n] = rest


_Numbered = tuple[int, int, str]  # the line, its number, and the rest of it


def _rows(
    numbered: Sequence[_Numbered],
    texts: Sequence[str],
    is_margin: Callable[[Sequence[_Numbered]], bool],
) -> Iterator[list[_Numbered]]:
    """Yield rows in which every line that is not blank has the next number."""
    row: list[_Numbered] = []
    for one in (*numbered, (len(texts), -1, "")):
        n, number, _ = one
        between = [m for m in range(row[-1][0] + 1, n) if texts[m].strip()] if row else []
        near = len(between) <= _EDGE  # what stands between pages may have no number
        if row and number == row[-1][1] + 1 and not between:
            row.append(one)
            continue
        if row and near and number in {1, row[-1][1] + 1} and is_margin(row):
            row.append(one)
            continue
        if is_margin(row):
            yield row
        row = [one]


def _of_pages(rows: Sequence[list[_Numbered]], texts: Sequence[str]) -> Sequence[list[_Numbered]]:
    """Return rows that number most lines of the paper, as a margin does, and no table in it."""
    numbered = sum(map(len, rows))
    return rows if numbered * 2 >= sum(1 for text in texts if text.strip()) else ()


def _is_margin(row: Sequence[_Numbered]) -> bool:
    """True for numbers beside lines that are no items: blank, in mid-sentence, with their own."""
    if len(row) < _ROW_LEAST:
        return False
    rests = [rest.strip() for _, _, rest in row]
    if all(rest[:1].islower() for rest in rests):
        return False  # items of a list
    return any(not rest or rest[0].islower() or _OWN_NUMBER.match(rest) for rest in rests[1:])


def _is_right_margin(row: Sequence[_Numbered]) -> bool:
    """True for numbers behind lines in mid-sentence: those of a list of contents start with one."""
    inside = sum(rest.lstrip()[:1].islower() for _, _, rest in row)
    return len(row) >= _ROW_LEAST and len(row) > inside >= len(row) / _ROW_LEAST


def _fifths(numbered: Sequence[_Numbered], texts: Sequence[str]) -> Iterator[list[_Numbered]]:
    """Yield the row of numbers at every fifth line, where there is one."""
    written = [n for n, text in enumerate(texts) if text.strip()]
    place = {n: at for at, n in enumerate(written)}
    by_five = [one for one in numbered if one[1] and one[1] % _STEP == 0 and one[2].strip()]
    row: list[_Numbered] = []
    for one in (*by_five, None):
        goes_on = row and one is not None and one[1] == row[-1][1] + _STEP
        if goes_on and one is not None and place[one[0]] - place[row[-1][0]] == _STEP:
            row.append(one)
            continue
        if len(row) >= _FIFTHS_LEAST and any(rest[:1].islower() for _, _, rest in row):
            yield row
        row = [one] if one is not None else []


# Headers and footers.


def _running(texts: Sequence[str]) -> set[int]:
    """Return the lines at the edges of pages that stand there again and again."""
    written = [n for n, text in enumerate(texts) if text.strip("\f \t")]
    shapes = {n: _shape(texts[n]) for n in written}
    often = Counter(shapes.values())
    at_edge = _edges(texts, written, shapes, often)
    first = {shape: n for n, shape in reversed(shapes.items())}
    found: set[int] = set()
    for at, n in enumerate(written):
        if often[shapes[n]] < 2 or not _may_run(texts[n]):  # noqa: PLR2004 - again
            continue
        cuts = _cuts_sentence(texts, written, at, shapes, often)
        if (n in at_edge and (n != first[shapes[n]] or cuts)) or (
            cuts and _is_apart(texts, n, shapes, often)
        ):
            found.add(n)
    return found


def _is_apart(texts: Sequence[str], n: int, shapes: dict[int, str], often: Counter[str]) -> bool:
    """True for a line that is written as a title is, with empty lines around what comes again."""
    for step in (-1, 1):
        at = n + step
        while 0 <= at < len(texts) and texts[at].strip() and often[shapes.get(at, "")] > 1:
            at += step
        if 0 <= at < len(texts) and texts[at].strip():
            return False
    words = [word for word in re.findall(r"[^\W_]+", texts[n]) if len(word) >= _LONG]
    return all(not word[0].islower() for word in words)


def _may_run(text: str) -> bool:
    """True for a line that may be a header: a few words, no item, and no comment behind it."""
    bare = text.strip("\f \t")
    is_item = _OWN_NUMBER.match(bare) is not None and _PAGE_SIGN.fullmatch(bare) is None
    has_words = any(map(str.isalnum, bare)) and len(bare.split()) <= _RUNNING_MOST
    is_sentence = bare.endswith((".", ";", "?", "!")) and len(bare.split()) >= _SENTENCE_LEAST
    return has_words and not is_item and not is_sentence and not bare.endswith("-->")


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.strip("\f").split())).casefold()


def _edges(
    texts: Sequence[str], written: Sequence[int], shapes: dict[int, str], often: Counter[str]
) -> set[int]:
    """Return the lines beside a form feed, or beside a line that numbers its page.

    They are those that come again, up to the first that does not.
    """
    found: set[int] = set()
    for at, n in enumerate(written):
        is_sign = _PAGE_SIGN.fullmatch(texts[n].strip("\f \t")) is not None
        feeds = any("\f" in texts[m] for m in range(written[at - 1] + 1 if at else 0, n + 1))
        if is_sign or feeds:
            before = range(at - 1, max(at - _EDGE, 0) - 1, -1)
            after = range(at + is_sign, min(at + _EDGE + 1, len(written)))
            for row in (before, after):
                found.update(
                    takewhile(
                        lambda m: often[shapes[m]] > 1 and _may_run(texts[m]),
                        (written[k] for k in row),
                    )
                )
            found.update({n} if is_sign else ())
    return found


def _cuts_sentence(
    texts: Sequence[str],
    written: Sequence[int],
    at: int,
    shapes: dict[int, str],
    often: Counter[str],
) -> bool:
    """True for a line that stands in the middle of a sentence, with others that come again."""
    around = range(at - 2 * _EDGE, at + 2 * _EDGE)
    other = [n for n in around if 0 <= n < len(written) and often[shapes[written[n]]] == 1]
    before = max((n for n in other if n < at), default=None)
    after = min((n for n in other if n > at), default=None)
    if before is None or after is None or after - before > 2 * _EDGE:
        return False
    left, right = texts[written[before]].strip(), texts[written[after]].strip("\f \t")
    goes_on = right[:1].islower() and _OWN_NUMBER.match(right) is None
    return left[-1:] not in ".?!:;" and goes_on


# Two columns.


def _refuse_columns(texts: Sequence[str]) -> None:
    """Refuse text of which most lines hold two columns of running text.

    Raises:
        PaperError: it is so.
    """
    rows = [
        (n, text.rstrip())
        for n, text in enumerate(texts, start=1)
        if text.strip() and len(text) <= _LINE_MOST
    ]
    cut = [one for n, text in rows if (one := _cut(n, text)) is not None]
    if len(cut) < _COLUMN_LEAST:
        return
    column, _ = Counter(one.column for one in cut).most_common(1)[0]
    inside = [one for one in cut if abs(one.column - column) <= 1]
    enough = len(inside) >= max(_COLUMN_LEAST, _COLUMN_SHARE * len(rows))
    if enough and all(_is_running(one.sides[n] for one in inside) for n in (0, 1)):
        raise PaperError(
            f"Line {inside[0].line} and those after it hold two columns side by side, "
            "which cannot be read across.",
            hint="File the Word document, or copy one column after the other.",
        )


class _Cut(NamedTuple):
    """A line with a gutter: where its last part starts, and what stands on both sides."""

    line: int
    column: int
    sides: tuple[str, str]


def _cut(line: int, text: str) -> _Cut | None:
    """Cut a line at its last gutter: a tab, which stands in no column, or some spaces."""
    left, tab, right = text.strip("\t").rpartition("\t")
    if tab and left.strip() and right.strip():
        return _Cut(line, _TABBED, (left, right))
    wide = text.expandtabs()
    gap = next(iter([*_GUTTER.finditer(wide)][-1:]), None)
    return None if gap is None else _Cut(line, gap.end(), (wide[: gap.start()], wide[gap.end() :]))


_CURRENT: Final = re.compile(
    r"(?:the\s+)?(?:current|existing|present|old)(?:\s+(?:contract|agreement|cba|mou|language|text|"
    r"wording|provisions?|article))*|ccl|status\s+quo|(?:the\s+)?base",
    re.IGNORECASE,
)
_PROPOSED: Final = re.compile(
    r"(?:\S+\s+){0,4}(?:proposed|new|proposal|counter(?:-?proposal)?)(?:\s+\S+){0,4}", re.IGNORECASE
)
_CELL_LEAST: Final = 4  # words in a cell of running text, on average


def refuse_side_by_side(rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Refuse a table that sets the current language beside the proposed one.

    Args:
        rows: the rows of one table, each with its line (0 where there are none) and its cells.

    Raises:
        PaperError: it is one: both columns together are the text of no paper.
    """
    heads = [cell.strip(" *_:#") for cell in rows[0][1]] if rows else []
    current = [n for n, head in enumerate(heads) if _CURRENT.fullmatch(head)]
    proposed = [n for n, head in enumerate(heads) if _PROPOSED.fullmatch(head) and n not in current]
    if not current or not proposed:
        return
    below = [cells[n] for _, cells in rows[1:] for n in (current[0], proposed[0]) if n < len(cells)]
    words = sum(len(cell.split()) for cell in below)
    if below and words >= _CELL_LEAST * len(below):
        where = f"Line {rows[0][0]}: " if rows[0][0] else ""
        raise PaperError(
            f"{where}A table sets “{heads[current[0]]}” beside “{heads[proposed[0]]}”: "
            "both columns together are the text of no paper.",
            hint="File the proposed column as a paper of its own, and the current one with --base.",
        )


def tables(texts: Sequence[str]) -> Iterator[list[tuple[int, Sequence[str]]]]:
    """Yield the tables of Markdown, each row with its line and its cells."""
    found: list[tuple[int, Sequence[str]]] = []
    for n, text in enumerate([*texts, ""], start=1):
        bare = text.strip()
        if bare.count("|") > 1 or (found and "|" in bare):
            cells = bare.strip("|").split("|")
            if any(cell.strip(" :-") for cell in cells):
                found.append((n, cells))
        elif found:
            yield found
            found = []


def _is_running(parts: Iterable[str]) -> bool:
    """True for lines of running text: several words each, most of them in small letters."""
    rows = [part.split() for part in parts]
    words = [word for row in rows for word in row]
    small = sum(word[:1].islower() for word in words)
    return len(words) >= _COLUMN_WORDS * len(rows) and small > len(words) / 2


# Words divided at the ends of lines.


@attrs.frozen
class Divided:
    """A word that is divided at the end of a line.

    Attributes:
        left: the line up to the division, with what is kept of the sign.
        head: how many code points at its end are of the word.
        word: the word as it is joined.
        other: as it may be written, too; empty where there is no doubt.
        as_printed: both halves as they were.
    """

    left: str
    head: int
    word: str
    other: str
    as_printed: str


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, those with hyphens whole and in their parts, in small letters.

    What stands at the end of a line before a hyphen, and at the start of the one after, is left
    out: it may be half a word.
    """
    whole = _HALVES.sub(" ", text)
    found = re.findall(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*", whole.casefold())
    return frozenset(found) | frozenset(p for word in found if "-" in word for p in word.split("-"))


def divided(left: str, right: str, is_known: Callable[[str], bool]) -> Divided | None:
    """Join a line to the next where a word is divided between them; None where none is.

    Args:
        left: the line.
        right: the next line of text.
        is_known: whether a word, in small letters, stands elsewhere in the papers.
    """
    end, start = _DIVIDED.search(left), _GOES_ON.match(right)
    if end is None or start is None or start[1] in _SUSPENDED:
        return None
    first, sign, second = end[1], end[2], start[1]
    in_capitals = first.isupper() and second.isupper() and len(second) > 1
    if not (second[0].islower() or in_capitals):
        return None
    keeps, doubted = _written(first.casefold(), second.casefold(), is_known)
    if left[: end.start()].endswith(("-", "\u2010")):
        keeps, doubted = True, not is_known(f"{first}-{second}".casefold())  # of several words
    keeps, doubted = (keeps, doubted) if sign not in _FOR_SURE else (False, False)
    hyphen = "-" * keeps
    spellings = (f"{first}{second}", f"{first}-{second}")
    return Divided(
        left=f"{left[: end.end(1)]}{hyphen}",
        head=len(first) + keeps,
        word=spellings[keeps],
        other=spellings[not keeps] if doubted else "",
        as_printed=f"{first}-/{second}",
    )


def _written(first: str, second: str, is_known: Callable[[str], bool]) -> tuple[bool, bool]:
    """Say whether a word keeps its hyphen, and whether that is in doubt."""
    known, with_sign = is_known(first + second), is_known(f"{first}-{second}")
    if known != with_sign:
        return with_sign, known and first in _PREFIXES and is_known(second)
    if known:
        return False, True
    if second in _SYLLABLES and first not in _PREFIXES:
        return False, False  # no word by itself
    return first in _PREFIXES or (is_known(first) and is_known(second)), True


def known_in(*vocabularies: Collection[str]) -> Callable[[str], bool]:
    """Return what tells whether a word is in one of several vocabularies."""
    return lambda word: any(word in words for words in vocabularies)
