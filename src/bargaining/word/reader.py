"""The reader of Word documents.

Strategy: `word.file` says what stands in the document with all marks accepted and with all
rejected; here it is told apart what is clause text, and the two views become the runs of a paper.
Tracked changes are marks by themselves. Formatting is a mark where the person says so, where the
paper says so (a legend), or, as a stated guess, where struck text shows that it is marked by hand.

This module knows no XML; it only asks which part a paragraph stands in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

import attrs

from bargaining.model import Doubt, Paper, Part, Run, RunKind
from bargaining.readers.doubts import NO_LINES, clause_doubts, ladder_doubts, piece_doubts, shorten
from bargaining.readers.instructions import instruction_doubts
from bargaining.readers.layout import (
    Line,
    Role,
    Source,
    ends,
    is_heading,
    ladders,
    lay_out,
    longest,
)
from bargaining.readers.marks import Piece, tidy
from bargaining.readers.pages import refuse_side_by_side
from bargaining.readers.standins import asterisks, omission, stand_in_doubts
from bargaining.text.clauses import clauses
from bargaining.text.spelling import MARKER
from bargaining.word.file.package import Package
from bargaining.word.file.readings import BY_HAND, Both, Formatting, both
from bargaining.word.file.story import BREAK, Atom, Paragraph, Stamp, Story, read_story, tables
from bargaining.word.file.styles import FORMATS, HIDDEN, STRIKE, Styles

JOINT: Final = "\n\n"  # between paragraphs; a break inside one is `BREAK`
_NOWHERE: Final = Source("", (), (), ())
_LEGEND_MOST: Final = 60  # words in a line that says what the formatting means
_NUMBER: Final = re.compile(rf"\s*(?:{MARKER})?\s*|\s*\(?(?:[\d.]+|[A-Za-z]{{1,4}})[.)]?\s*")
_HEADING_MOST: Final = 12  # words in a heading
_HEADING_SIGN: Final = "# "  # as the layout of lines knows a heading
_OMISSIONS_MOST: Final = 20  # rows of asterisks whose place is worked out
_LINES_KEPT: Final = 1 << 14
_STYLE_SHARE: Final = 0.5  # of the text: formatting of more than that is how the paper looks
_NAMES: Final = {  # how people call it; the longest name first
    "double-underline": re.compile(r"double[- ]?underlin\w*", re.IGNORECASE),
    "underline": re.compile(
        r"(?<!double )(?<!double-)(?<!double)underlin\w*|underscor\w*", re.IGNORECASE
    ),
    "bold": re.compile(r"\bbold\w*", re.IGNORECASE),
    "colour": re.compile(r"\b(?:red|blue|green|colou?r\w*)\b", re.IGNORECASE),
    "highlight": re.compile(r"\bhighlight\w*|\bshad(?:ed|ing)\b", re.IGNORECASE),
}
_ABOUT: Final = re.compile(
    r"\b(?:language|text|wording|words|additions?|insertions?|changes|deletions?|provisions?|proposals?)\b",
    re.IGNORECASE,
)
_NEW: Final = re.compile(r"\b(?:new|propos\w+|added|additions?|insert\w*|changes)\b", re.IGNORECASE)
_OLD: Final = re.compile(
    r"\b(?:delet\w*|remov\w*|struck|strik\w*|current|existing)\b", re.IGNORECASE
)
_PARTS: Final = re.compile(
    r"[;,.()]|\b(?:and|while)\b(?=[^;,.]*\b(?:delet|remov|struck|strik|add|insert|new|propos))",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(r"\b(?:brackets?|bracketed|capitals|caps|italic\w*)\b", re.IGNORECASE)
_KINDS: Final[dict[tuple[bool, bool], RunKind]] = {  # stands when accepted, when rejected
    (True, True): "kept",
    (True, False): "inserted",
    (False, True): "struck",
    (False, False): "dropped",
}


@attrs.frozen(eq=False)
class Read:
    """A Word document as it was read.

    Attributes:
        story: what stands in it.
        roles: what each of its paragraphs is, by the order of `story.paragraphs`.
        by: which formatting is a mark.
        rows: its paragraphs with all marks accepted, and with all rejected.
        lines: its paragraphs as lines, each with its role.
        headings: headings whose formatting was taken off.
        shown: the lines that may say what the formatting means.
        guessed: why the formatting is read as it is, where that is a guess.
    """

    story: Story
    roles: tuple[Role, ...]
    by: Formatting
    rows: tuple[Both, ...]
    lines: tuple[Line, ...]
    headings: tuple[Atom, ...]
    shown: tuple[str, ...]
    guessed: tuple[Doubt, ...]


def read_docx(data: bytes, inserted_by: Collection[str] | None) -> Paper:
    """Read the bytes of a Word document.

    Raises:
        PaperError: it is no Word document, damaged, or beyond a limit; or a table in it sets the
            current language beside the proposed one.
    """
    found = read_package(Package.open(data), inserted_by)
    for rows in tables(found.story):
        refuse_side_by_side([(0, cells) for cells in rows])
    return _paper(found)


def read_package(package: Package, inserted_by: Collection[str] | None) -> Read:
    """Read a document that is open: what its paragraphs are, and which marks they bear."""
    story = read_story(package)
    lines, roles = _laid_out(story.paragraphs, story.styles)
    headings = _plain_headings(story, roles)
    shown = [*_before_clauses(story), *(line.text for line in _margin_lines(story))]
    legends = tuple(_legends(shown))
    roles = _without_legends(story, roles, legends)
    by, why = _formatting(story, roles, inserted_by, legends)
    return Read(story, roles, by, both(story, by), lines, tuple(headings), tuple(shown), tuple(why))


def _paper(read: Read) -> Paper:
    """Return what a document says, with what is in doubt."""
    story, by = read.story, read.by
    text = [one for one, role in zip(read.rows, read.roles, strict=True) if role == "clause"]
    pieces = list(_joined(_pieces(text)))
    tidied = pieces if story.is_tracked else _tidied(pieces)
    printed = (*ladders(read.lines), *_margin_ladders(story))
    ladder = longest(printed)
    legends = tuple(_legends(read.shown))
    doubts = [*_legend_doubts(legends), *read.guessed, *_unread_legends(read.shown)]
    doubts += _doubts(tidied, story, by)
    doubts += _heading_doubts(read.headings, by)
    doubts += _margin_doubts(story)
    doubts += ladder_doubts(printed, ladder)
    stands = "".join(run.text for run in tidied if run.kind in {"kept", "inserted"})
    levels = _levels(text, stands)
    doubts += clause_doubts(clauses(stands, dict(levels)), stands, NO_LINES)
    doubts += _said_doubts(tidied, story, read.roles, read.rows)
    return Paper(
        format="docx",
        runs=tuple(tidied),
        title=tuple(line.bare for line in read.lines if line.role == "title"),
        ladder=tuple(text for text, _ in ladder),
        parts=tuple(_parts(read.lines, story, legends)),
        doubts=tuple(doubts),
        levels=levels,
    )


def _levels(rows: Sequence[Both], text: str) -> tuple[tuple[int, int], ...]:
    """Return where items of lists start in the text, with their level, if that changes an address.

    An item is found by its number, and the items come in the order of the text.
    """
    items = [(one.accepted.label, one.accepted.level) for one in rows]
    left = iter([(label, level) for label, level in items if level is not None])
    found: list[tuple[int, int]] = []
    item = next(left, None)
    at = 0
    for paragraph in text.split(JOINT):
        if item is not None and paragraph.startswith(item[0].strip()):
            found.append((at, item[1]))
            item = next(left, None)
        at += len(paragraph) + len(JOINT)
    alone, told = clauses(text), clauses(text, dict(found))
    return tuple(found) if alone != told else ()


# What is clause text.


def _laid_out(
    paragraphs: Sequence[Paragraph], styles: Styles
) -> tuple[tuple[Line, ...], tuple[Role, ...]]:
    """Give each paragraph its role; those of several lines have one where their lines agree."""
    rows = [_role_lines(paragraph, styles) for paragraph in paragraphs]
    laid = lay_out("\n\n".join("\n".join(row) for row in rows))
    lines: list[Line] = []
    roles: list[Role] = []
    at = 0
    for row in rows:
        own = laid[at : at + len(row)]
        at += len(row) + 1
        found = {line.role for line in own}
        role = found.pop() if len(found) == 1 else "clause"
        roles.append("clause" if role == "blank" else role)
        for line in own:
            text = line.text.removeprefix(_HEADING_SIGN)
            lines.append(Line(0, text, role))
        lines.append(Line(0, "", "blank"))
    return tuple(lines), tuple(roles)


def _role_lines(paragraph: Paragraph, styles: Styles) -> list[str]:
    """Return a paragraph as lines to be judged: as it stands accepted, or else as it stood."""
    text = "".join(a.text for a in paragraph.atoms if a.struck is None and STRIKE not in a.formats)
    lines = (text if text.strip() else paragraph.text).split(BREAK)
    if paragraph.where in {"note", "box"} or paragraph.place is not None:
        return [f"{line.replace(chr(10), ' ')}." for line in lines]  # no title and no signature
    sign = _HEADING_SIGN if styles.is_heading(paragraph.style) else ""
    return [f"{sign}{line.replace(chr(10), ' ')}" for line in lines]


def _margins(story: Story) -> Iterator[tuple[Line, ...]]:
    """Yield the lines of each header and footer; each is a ladder's, or furniture."""
    rows: dict[object, list[str]] = {}
    for paragraph in story.margins:
        root = paragraph.element.getroottree().getroot()
        shown = "".join(atom.text for atom in paragraph.atoms if atom.struck is None)
        row = rows.setdefault(root, [])
        row += [line.strip() for line in shown.split(BREAK) if line.strip()]
    for row in rows.values():
        laid = lay_out("\n".join(row)) if row else ()
        yield tuple(
            attrs.evolve(line, role="ladder" if line.role == "ladder" else "furniture", number=0)
            for line in laid
        )


def _margin_ladders(story: Story) -> Iterator[tuple[Line, ...]]:
    """Yield the ladders in headers and footers once; the first page often has its own."""
    seen: set[tuple[str, ...]] = set()
    for ladder in (ladder for lines in _margins(story) for ladder in ladders(lines)):
        texts = tuple(line.text for line in ladder)
        if texts not in seen:
            yield ladder
        seen.add(texts)


def _margin_lines(story: Story) -> Iterator[Line]:
    """Yield each line of the headers and footers once."""
    seen: set[str] = set()
    for line in (line for lines in _margins(story) for line in lines):
        if line.text not in seen:
            yield line
        seen.add(line.text)


def _margin_doubts(story: Story) -> Iterator[Doubt]:
    """Say what is tracked in headers and footers, which are no clause text."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for paragraph in story.margins:
        for atom in paragraph.atoms:
            stamp = atom.struck or atom.inserted
            if stamp is not None and atom.text.strip():
                what = "strikes" if atom.struck else "inserts"
                found.setdefault((paragraph.where, what, stamp.author), []).append(atom.text)
    for (where, what, author), texts in found.items():
        text = shorten("".join(texts))
        message = f"The {where} {what} “{text}” ({author or 'nobody named'}): no clause text."
        yield Doubt("margin-mark", message)


def _parts(lines: Sequence[Line], story: Story, legends: Collection[str]) -> Iterator[Part]:
    for line in (*lines, *_margin_lines(story)):
        if line.role not in {"clause", "blank"}:
            yield Part(line.role, line.text, 0)  # type: ignore[arg-type]
    for legend in legends:
        yield Part("note", legend, 0)
    for stamp, text in story.comments:
        who = ", ".join(filter(None, (stamp.author, stamp.date[:10])))
        yield Part("note", f"{who}: {text}" if who else text, 0)


def _said_doubts(
    runs: Sequence[Run], story: Story, roles: Sequence[Role], rows: Sequence[Both]
) -> Iterator[Doubt]:
    """What is no text of an agreement, but speaks of one."""
    text = "".join(run.text for run in runs if run.kind in {"kept", "inserted"})
    yield from stand_in_doubts(text, NO_LINES, ())
    yield from instruction_doubts(text, runs, NO_LINES)
    paragraphs = zip(story.paragraphs, roles, strict=True)
    lines = [Line(n, one.text, role) for n, (one, role) in enumerate(paragraphs)]
    for line in list(asterisks(lines))[:_OMISSIONS_MOST]:
        found = zip(rows[: line.number], roles[: line.number], strict=True)
        before = [row for row, role in found if role == "clause"]
        stands = (run.text for run in _joined(_pieces(before)) if run.kind in {"kept", "inserted"})
        yield omission(line.text, 0, min(sum(map(len, stands)), len(text)))


# Which formatting is a mark.


def _formatting(
    story: Story,
    roles: Sequence[Role],
    inserted_by: Collection[str] | None,
    legends: Sequence[str],
) -> tuple[Formatting, list[Doubt]]:
    """Settle which formatting is read as a mark, and say why where that is a guess."""
    if inserted_by is not None:
        return Formatting(BY_HAND, frozenset(inserted_by) & frozenset(FORMATS)), []
    stated = frozenset(name for legend in legends for name in _meant(legend))
    if stated:
        return Formatting(BY_HAND, stated), []
    used = _used(story, roles)
    guess = _guess(used, tracked=story.is_tracked)
    found = Formatting(BY_HAND, frozenset({guess} if guess else ()))
    return found, [*_guess_doubts(used, guess, tracked=story.is_tracked)]


def _used(story: Story, roles: Sequence[Role]) -> Counter[str]:
    """Count the characters of clause text under each formatting; all of it under an empty name."""
    used: Counter[str] = Counter()
    for paragraph, role in zip(story.paragraphs, roles, strict=True):
        for atom in paragraph.atoms if role == "clause" else ():
            size = len(atom.text.strip(" _\t"))
            used[""] += size
            used.update({name: size for name in atom.formats if size})
    return used


def _guess(used: Counter[str], *, tracked: bool) -> str | None:
    """Return the formatting that most likely means inserted, if any does."""
    if tracked and not used[STRIKE]:
        return None
    candidates = ["double-underline", "underline"]
    if used[STRIKE] and not tracked:
        candidates += ["colour", "highlight", "bold"]
    return next((n for n in candidates if 0 < used[n] <= _STYLE_SHARE * used[""]), None)


def _guess_doubts(used: Counter[str], guess: str | None, *, tracked: bool) -> Iterator[Doubt]:
    """Say what was guessed, and on what grounds, and what was not read as a mark."""
    by_hand = "Text is struck by hand beside tracked changes" if tracked else "Text is struck"
    if guess is not None:
        because = (
            "because text is struck by hand, and no legend says what else is a mark"
            if used[STRIKE]
            else "though nothing is struck and it may be emphasis"
        )
        name = guess.replace("-", " ").capitalize()
        yield Doubt("guessed-mark", f"{name} is read as inserted, {because} (see --inserted).")
    elif used[STRIKE]:
        message = f"{by_hand}, and no formatting is read as inserted (see --inserted)."
        yield Doubt("guessed-mark", message)
    for name in ("colour", "highlight"):
        if used[name] and name != guess and (used[STRIKE] or not tracked):
            message = f"The {name} of some text is not read as a mark (see --inserted)."
            yield Doubt("unread-mark", message)


def _before_clauses(story: Story) -> Iterator[str]:
    """Yield the paragraphs before the first that has a number: there a legend stands."""
    for paragraph in story.paragraphs:
        text = paragraph.text.strip()
        if paragraph.place is not None or re.match(MARKER, text):
            return
        if paragraph.where != "cell":
            yield text


def _without_legends(
    story: Story, roles: Sequence[Role], legends: Collection[str]
) -> tuple[Role, ...]:
    """Take legends out of the clause text."""
    left = set(legends)
    found: list[Role] = []
    for paragraph, role in zip(story.paragraphs, roles, strict=True):
        text = paragraph.text.strip()
        is_legend = text in left and role == "clause" and paragraph.where != "cell"
        found.append("furniture" if is_legend else role)
        left -= {text} if is_legend else set()
    return tuple(found)


def _legend_doubts(legends: Sequence[str]) -> Iterator[Doubt]:
    for legend in legends:
        names = " and ".join(sorted(_meant(legend))).replace("-", " ")
        message = f"“{shorten(legend)}” is read as a legend, not as text: {names} means inserted."
        yield Doubt("read-as-legend", message)


def _legends(texts: Sequence[str]) -> Iterator[str]:
    """Yield the lines that say what the formatting means."""
    for text in dict.fromkeys(text.strip() for text in texts):
        if len(text.split()) <= _LEGEND_MOST and _meant(text):
            yield text


def _unread_legends(texts: Sequence[str]) -> Iterator[Doubt]:
    """Say of a line that explains signs which are not read (brackets, capitals, italics)."""
    for text in dict.fromkeys(text.strip() for text in texts):
        short = len(text.split()) <= _LEGEND_MOST
        if short and _SIGNS.search(text) and _ABOUT.search(text) and _OLD.search(text):
            message = f"“{shorten(text)}” names marks that are not read: they stand as text."
            yield Doubt("unread-mark", message)


@lru_cache(_LINES_KEPT)
def _meant(legend: str) -> frozenset[str]:
    """Return the formatting that a legend says is for inserted text."""
    if not _ABOUT.search(legend):
        return frozenset()
    new = [p for p in _PARTS.split(legend) if _NEW.search(p) and not _OLD.search(p)]
    names = {n for part in new for n, pattern in _NAMES.items() if pattern.search(part)}
    return frozenset(names | ({"double-underline"} if "underline" in names else set()))


def _plain_headings(story: Story, roles: Sequence[Role]) -> list[Atom]:
    """Take the formatting off headings, which are formatted as such, and return what they were.

    The paragraphs of the story are changed.
    """
    found: list[Atom] = []
    for paragraph, role in zip(story.paragraphs, roles, strict=True):
        size = _heading_size(paragraph, story) if role == "clause" else 0
        found += paragraph.atoms[:size]
        plain = [attrs.evolve(a, formats=a.formats & BY_HAND) for a in paragraph.atoms[:size]]
        paragraph.atoms[:size] = plain
    return found


def _heading_size(paragraph: Paragraph, story: Story) -> int:
    """Return how many atoms of a paragraph are its heading: all, some at its start, or none."""
    if story.styles.is_heading(paragraph.style):
        return len(paragraph.atoms)
    if paragraph.where == "cell":
        return 0
    start = next((n for n, a in enumerate(paragraph.atoms) if not _NUMBER.fullmatch(a.text)), 0)
    marks = paragraph.atoms[start].formats - BY_HAND if paragraph.atoms else frozenset()
    size = start
    while size < len(paragraph.atoms) and marks:
        atom = paragraph.atoms[size]
        if atom.text.strip() and not marks & atom.formats:
            break
        size += 1
    text = "".join(atom.text for atom in paragraph.atoms[start:size]).strip()
    words = text.rstrip(".:–—")
    short = 0 < len(words.split()) <= _HEADING_MOST and is_heading(words)
    whole = size == len(paragraph.atoms) and not ends(text, ";,")
    rest = "".join(atom.text for atom in paragraph.atoms[size : size + 1])
    set_off = text != words or rest[:1] in {".", ":", "–", "—"}
    return size if short and (whole or set_off) else 0


def _heading_doubts(headings: Sequence[Atom], by: Formatting) -> Iterator[Doubt]:
    for atom in headings:
        if atom.formats & by.inserted:
            message = (
                f"“{shorten(atom.text)}” is formatted as inserted text is, and looks like a "
                "heading, so it is not read as inserted."
            )
            yield Doubt("bold-heading", message)


# What it says.


@attrs.frozen(eq=False)
class _Piece:
    kind: RunKind
    text: str
    stamp: Stamp | None = None
    struck: Stamp | None = None


class _Joints:
    """Whether a paragraph has ended in a view, so that the next text in it starts a new one."""

    def __init__(self) -> None:
        self.some = [False, False]
        self.open = [False, False]

    def end(self, view: int) -> None:
        """A paragraph of the view has ended, or another begins."""
        self.open[view] = self.some[view]

    def before(self, stands: tuple[bool, bool]) -> Iterator[_Piece]:
        """Yield the joints that text needs before it which stands in these views."""
        due = (self.open[0] and stands[0], self.open[1] and stands[1])
        if any(due):
            yield _Piece(_KINDS[due], JOINT)
        for view in (0, 1):
            self.some[view] = self.some[view] or stands[view]
            self.open[view] = self.open[view] and not stands[view]


def _pieces(rows: Sequence[Both]) -> Iterator[_Piece]:
    """Yield the clause text of both views, stretch by stretch, and joints between paragraphs."""
    joints = _Joints()
    for one in rows:
        sides = (one.accepted, one.rejected)
        for view, side in enumerate(sides):
            if side.starts and not side.blank:
                joints.end(view)
        labels = tuple("" if side.blank or not side.starts else side.label for side in sides)
        yield from _labelled(joints, labels)
        for atom, stands in zip(one.paragraph.atoms, one.stands, strict=True):
            shown = (stands[0] and not sides[0].blank, stands[1] and not sides[1].blank)
            kind = _KINDS[shown]
            if kind == "dropped" and any(stands):
                continue  # blank where it stands
            yield from joints.before(shown)
            stamp = atom.struck if kind == "struck" else atom.inserted
            yield _Piece(kind, atom.text, stamp, atom.struck)


def _labelled(joints: _Joints, labels: tuple[str, ...]) -> Iterator[_Piece]:
    """Yield the numbers of a paragraph: one where both views show the same."""
    accepted, rejected = labels
    if accepted == rejected:
        labels_of = [(accepted, (True, True))]
    else:
        labels_of = [(rejected, (False, True)), (accepted, (True, False))]
    for text, stands in labels_of:
        if text:
            yield from joints.before(stands)
            yield _Piece(_KINDS[stands], text)


def _joined(pieces: Iterator[_Piece]) -> Iterator[Run]:
    """Join neighbours under one mark."""
    row: list[str] = []
    last: _Piece | None = None
    for piece in pieces:
        if last is not None and _told_apart(piece) != _told_apart(last):
            yield _run(last, row)
            row = []
        row.append(piece.text)
        last = piece
    if last is not None:
        yield _run(last, row)


def _run(piece: _Piece, row: Sequence[str]) -> Run:
    stamp = piece.stamp
    if stamp is None or piece.kind == "kept":
        return Run(piece.kind, "".join(row))
    made = Run(piece.kind, "".join(row), stamp.author or None, stamp.date or None)
    if piece.kind != "dropped" or piece.struck is None:
        return made
    return attrs.evolve(
        made, struck_by=piece.struck.author or None, struck_date=piece.struck.date or None
    )


def _told_apart(piece: _Piece) -> tuple[RunKind, Stamp | None, Stamp | None]:
    return piece.kind, piece.stamp, piece.struck if piece.kind == "dropped" else None


def _tidied(runs: Sequence[Run]) -> list[Run]:
    """Let marks by formatting own the spacing that would be left doubled without them."""
    pieces = [Piece(run.kind, run.text, 0, 0) for run in runs]
    return [Run(piece.kind, piece.text) for piece in tidy(pieces)]


def _doubts(runs: Sequence[Run], story: Story, by: Formatting) -> Iterator[Doubt]:
    hidden = (a.text for p in story.paragraphs for a in p.atoms if HIDDEN in a.formats)
    for text in dict.fromkeys(map(shorten, filter(str.strip, hidden))):
        yield Doubt("hidden-text", f"“{text}” is hidden in the document: it is read as text.")
    for kind in story.unread:
        yield Doubt("unread-content", f"The document holds {kind}, which is not read.")
    if not story.is_tracked and by.struck:
        pieces = [Piece(run.kind, run.text, 0, 0) for run in runs]
        yield from piece_doubts(pieces, _NOWHERE)
