r"""Marking: one paragraph of a redline as marked source, Markdown or CriticMarkup.

Strategy: a paragraph is first written as a person would, with the spacing outside of the marks, and
read back by the reader's own rules. Where that does not give both texts, it is written with ever
less grace and ever more certainty: in tags, with the spacing inside of the marks, and at last with
the old paragraph struck and the new one inserted. All that the readers or Markdown would take for
a sign is escaped, so that text stays text.

This module knows one paragraph at a time, and nothing of titles, ladders or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeAlias

import attrs

from bargaining.model import RedlineRun, RunKind
from bargaining.readers.layout import is_heading_markup, is_numbered
from bargaining.readers.marks import (
    CRITIC,
    INSERTED_BY,
    MARKDOWN,
    Grammar,
    grammar,
    read_marks,
)
from bargaining.text.spelling import BULLETS, MARKER
from bargaining.views.redline import set_text
from bargaining.writers.redlines.stretches import MarkedWords, parted

Signs: TypeAlias = Mapping[RunKind, tuple[str, str]]

_TAGS: Final[Signs] = {
    "struck": ("<del>", "</del>"),
    "inserted": ("<ins>", "</ins>"),
    "dropped": ("<ins><del>", "</del></ins>"),
}
_STARS: Final[Signs] = {
    "struck": ("~~", "~~"),
    "inserted": ("**", "**"),
    "dropped": _TAGS["dropped"],  # words both struck and bold are struck
}
_BRACES: Final[Signs] = {
    "struck": ("{--", "--}"),
    "inserted": ("{++", "++}"),
    "dropped": ("{++{--", "--}++}"),
}
_SPECIAL: Final = re.compile(
    r"[\\`*_~<{}\[\]]|&(?=#?\w{1,31};)|\+(?=\+|\Z)|(?<=\+)\+|\A\+|-(?=-|\Z)|(?<=-)-|\A-"
)
_OPENING: Final = re.compile(r"\A(?P<number>\d{0,9})(?P<sign>(?<=\d)[.)](?=\s|\Z)|(?<!\d)[#>=])")
_BREAK: Final = re.compile(rf"(?<=\S)\v(?=\S)(?![-*+{BULLETS}]\s|{MARKER})")
_RUN_IN: Final = re.compile(  # a number as in a heading, then words in bold
    r"(?:\(?(?:\d{1,3}(?:\.\d{1,3})*[.)]?|(?:[A-Za-z]|[ivxIVX]{2,5})[.)])\s+)?"
    r"\*\*(?P<text>[^*]{1,90})\*\*"
)
_SIGN_ROW: Final = re.compile(r"[-+~{<>=](?=[-+~}<>=])")
_ORDERS: Final[tuple[tuple[RunKind, RunKind], ...]] = (
    ("struck", "inserted"),
    ("inserted", "struck"),
)
_Texts: TypeAlias = tuple[str, str, tuple[str, ...]]  # the old, the new, the words of neither


@attrs.frozen
class Form:
    """A format of marked text: its reader, its signs, and the rules by which they are read.

    Attributes:
        name: the name of the reader.
        signs: what stands before and after words of each kind.
        rules: the reader's rules.
    """

    name: str
    signs: Signs
    rules: Grammar


MARKDOWN_FORM: Final = Form("markdown", _STARS, grammar(MARKDOWN, INSERTED_BY))
CRITIC_FORM: Final = Form(
    "criticmarkup",
    _BRACES,
    grammar((*CRITIC, *MARKDOWN), tuple(name for name in INSERTED_BY if name != "bold")),
)


def normal(text: str) -> str:
    r"""Return paragraphs as a text has them that was read: each ended by a line feed.

    A line break inside of a paragraph (`"\v"`) is a space; spacing at the ends of a paragraph, and
    paragraphs without words, are none of the text.
    """
    return set_text(text.replace("\v", " ").replace("\n", "\n\n"), exact=False)


def marked(row: Iterable[RedlineRun], form: Form, note: Callable[[RedlineRun], str]) -> str:
    """Return one row of a redline as a line of marked source; empty where it has no words.

    Args:
        row: runs as `blocks.rows` yields them: an end of a paragraph only as the last.
        form: the format.
        note: what is noted of a run, behind its mark; empty for nothing.
    """
    bits = list(_joined((run for run in row if run.text != "\n"), note))
    if all(bit.kind == "kept" and "\v" not in bit.text for bit in bits):
        return _spaced(bits, form.signs, loose=True, breaks=True)
    wanted = _texts(((bit.kind, bit.text) for bit in bits), normal)
    source = ""
    for source in dict.fromkeys(_ways(bits, form)):
        if _reads_as(source, form) == wanted and not _may_be_heading(source):
            break
    return source


def _joined(runs: Iterable[RedlineRun], note: Callable[[RedlineRun], str]) -> Iterator[MarkedWords]:
    """Join neighbours of one kind and one note."""
    each = ((run.kind, note(run) if run.kind != "kept" else "", run.text) for run in runs)
    for (kind, noted), group in groupby(each, key=lambda one: one[:2]):
        yield MarkedWords(kind, "".join(text for _, _, text in group), noted)


def _ways(bits: Sequence[MarkedWords], form: Form) -> Iterator[str]:
    """Yield the ways to write a paragraph: the most readable first, the surest last."""
    tags = _TAGS if form.signs is _STARS else form.signs
    for breaks in (True, False):
        for loose in (True, False):
            for signs in (form.signs, tags):
                yield _spaced(bits, signs, loose=loose, breaks=breaks)
    for first, last in _ORDERS:
        yield _packed(_gathered(bits, first, last), tags)
    yield _packed(_replaced(bits), tags)


def _spaced(bits: Sequence[MarkedWords], signs: Signs, *, loose: bool, breaks: bool) -> str:
    """Write a paragraph with the spacing outside of the marks.

    Args:
        bits: the paragraph.
        signs: what stands around marked words.
        loose: put a space between struck words and those in their place.
        breaks: write line breaks as such.
    """
    row = list(parted(bits, loose=loose))
    notes = [*(bit.note for _, bit in row[1:]), ""]
    out: list[str] = []
    said = ""
    for n, ((gap, bit), after) in enumerate(zip(row, notes, strict=False)):
        out += [
            _gap(gap, breaks=breaks) if n else "",
            _sign(bit, signs, breaks=breaks, first=not n),
        ]
        if bit.note and bit.note != after and (after or bit.note != said):
            out.append(_noted(bit.note))
            said = bit.note
    return "".join(out)


def _gap(text: str, *, breaks: bool) -> str:
    return "<br>" if breaks and text == "\v" else text.replace("\v", " ")


def _sign(bit: MarkedWords, signs: Signs, *, breaks: bool, first: bool) -> str:
    """Put the signs around words."""
    text = _escaped(bit.text, breaks=breaks)
    if bit.kind == "kept":
        return _at_start(text) if first else text
    opens, closes = signs[bit.kind]
    return f"{opens}{text}{closes}"


def _packed(bits: Iterable[MarkedWords], signs: Signs) -> str:
    """Write a paragraph with the spacing inside of the marks, and what is noted at its end."""
    bits = list(bits)
    source = ""
    for bit in bits:
        opens, closes = signs.get(bit.kind, ("", ""))
        source += f"{opens}{_escaped(bit.text, breaks=False)}{closes}" if bit.text else ""
    notes = dict.fromkeys(bit.note for bit in bits if bit.note)
    return _at_start(source.strip()) + "".join(map(_noted, notes))


def _gathered(bits: Iterable[MarkedWords], first: RunKind, last: RunKind) -> Iterator[MarkedWords]:
    """Gather what stands between two kept words: all that is struck, and all that is inserted.

    The spacing beside and between the marks is given to both.
    """
    group: list[MarkedWords] = []
    for bit in bits:
        core = bit.text.strip()
        if bit.kind != "kept" or not core:
            group.append(bit)
            continue
        head, tail = bit.text.split(core)
        yield from _grouped([*group, MarkedWords("kept", head)], (first, "dropped", last))
        yield MarkedWords("kept", core)
        group = [MarkedWords("kept", tail)]
    yield from _grouped(group, (first, "dropped", last))


def _grouped(group: Sequence[MarkedWords], kinds: Sequence[RunKind]) -> Iterator[MarkedWords]:
    if all(bit.kind == "kept" for bit in group):
        yield MarkedWords("kept", "".join(bit.text for bit in group))
        return
    for kind in kinds:
        both = set() if kind == "dropped" else {"kept"}
        yield _of_kind(group, kind, {kind, *both})


def _replaced(bits: Sequence[MarkedWords]) -> Iterator[MarkedWords]:
    """Strike the old paragraph whole and insert the new one: exact always, and least readable."""
    yield _of_kind(bits, "struck", {"kept", "struck"})
    yield _of_kind(bits, "dropped", {"dropped"})
    yield _of_kind(bits, "inserted", {"kept", "inserted"})


def _of_kind(bits: Sequence[MarkedWords], kind: RunKind, kinds: Collection[str]) -> MarkedWords:
    """Return the text of some kinds as one, with all that is noted of them."""
    text = "".join(bit.text for bit in bits if bit.kind in kinds)
    notes = dict.fromkeys(bit.note for bit in bits if bit.kind == kind and bit.note)
    return MarkedWords(kind, text.strip() if kind == "dropped" else text, "; ".join(notes))


def _escaped(text: str, *, breaks: bool) -> str:
    """Escape all that the readers or Markdown would take for a sign."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return (_BREAK.sub("<br>", text) if breaks else text).replace("\v", " ")


def escaped(text: str) -> str:
    """Return a line of text as Markdown that shows just that."""
    return _at_start(_escaped(text, breaks=False))


def _at_start(source: str) -> str:
    """Escape what is a sign at the start of a line only: a heading, a quote, a list."""
    if source.startswith("•"):
        return f"&#8226;{source[1:]}"
    return _OPENING.sub(r"\g<number>\\\g<sign>", source)


def _noted(note: str) -> str:
    """Return a comment of CriticMarkup."""
    return f"{{>>{_escaped(unsigned(note), breaks=False)}<<}}"


def unsigned(text: str) -> str:
    """Part the signs in a text that stands in a comment, so that none of them can end it."""
    return _SIGN_ROW.sub(r"\g<0> ", " ".join(text.split()))


def _reads_as(source: str, form: Form) -> _Texts:
    pieces = read_marks(source, ((0, len(source)),), form.rules).pieces
    return _texts(((piece.kind, piece.text) for piece in pieces), _set)


def _texts(pairs: Iterable[tuple[RunKind, str]], form: Callable[[str], str]) -> _Texts:
    """Return the old text and the new one, each in one form, and the words of neither."""
    pairs = list(pairs)
    old, new, dropped = (
        "".join(text for kind, text in pairs if kind in kinds)
        for kinds in ({"kept", "struck"}, {"kept", "inserted"}, {"dropped"})
    )
    return form(old), form(new), tuple(dropped.split())


def _set(text: str) -> str:
    """Return a paragraph that was read as the redline of it would have it, amid others."""
    return set_text(f"{text}\n", exact=False) if text.strip() else ""


def _may_be_heading(source: str) -> bool:
    """True where the reader may take words in bold for a heading: at the start, in title case."""
    if is_heading_markup(source) and not is_numbered(source):
        return True
    opening = _RUN_IN.match(source)
    words = re.findall(r"[^\W\d_]{4,}", opening["text"]) if opening else []
    return opening is not None and all(word[0].isupper() for word in words)
