"""Documents: a redline, or one revision clean, as the bytes of a Word document.

Strategy: where the newer revision was filed as a Word document, that document is what the redline
is written into, with its styles, lists, tables, headers and footers. Where it was not, or where its
own form cannot carry the marks exactly, a plain document is made. Numbers stay those of lists as
long as both readings come out right; what does not pass the gate is tried with typed numbers, then
not at all.

This module knows no records: it gets the bytes handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

import attrs
from lxml import etree

from bargaining.errors import PaperError
from bargaining.model import LADDER, Redline, Revision
from bargaining.views.redline import set_text
from bargaining.word.file.names import MAIN, Element, make, w
from bargaining.word.file.numbering import Place
from bargaining.word.file.package import Package
from bargaining.word.file.readings import view
from bargaining.word.file.resolve import accept_all, remove
from bargaining.word.file.story import Paragraph, read_story
from bargaining.word.reader import Read, read_package
from bargaining.word.writer import bothways
from bargaining.word.writer.clean import clean
from bargaining.word.writer.clothed import Dresser, Home, Numbers, Ways
from bargaining.word.writer.comments import Comments
from bargaining.word.writer.gate import GateError, check, shown_lines, text_paragraphs
from bargaining.word.writer.inline import Signs
from bargaining.word.writer.leaving import strip
from bargaining.word.writer.paragraphs import renumbered
from bargaining.word.writer.runs import Piece, UnfitError, holdable, pieces
from bargaining.word.writer.told import Line, side
from bargaining.word.writer.whole import Document, compare
from bargaining.writers.authors import INSTEAD, UNDATED, cautions, heading, named, not_marked

_WAYS: Final[tuple[Numbers, ...]] = ("lists", "kept", "typed")
_SETTINGS_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"
)


_BEFORE_TRACKING: Final = (  # what comes before `w:trackRevisions` in the schema (17.15.1.78)
    *("writeProtection", "view", "zoom", "removePersonalInformation", "removeDateAndTime"),
    *("doNotDisplayPageBoundaries", "displayBackgroundShape", "printPostScriptOverText"),
    *("printFractionalCharacterWidth", "printFormsData", "embedTrueTypeFonts"),
    *("embedSystemFonts", "saveSubsetFonts", "saveFormsData", "mirrorMargins"),
    *("alignBordersAndEdges", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter"),
    *("gutterAtTop", "hideSpellingErrors", "hideGrammaticalErrors", "activeWritingStyle"),
    *("proofState", "formsDesign", "attachedTemplate", "linkStyles", "stylePaneFormatFilter"),
    *("stylePaneSortMethod", "documentType", "mailMerge", "revisionView"),
)


@attrs.frozen
class Original:
    """A paper as it was filed.

    Attributes:
        data: its bytes.
        inserted_by: which marks in it mean inserted.
        as_filed: whether what is not seen in it, and what would be fetched, goes out with it.
        comments: whether its comments do.
    """

    data: bytes
    inserted_by: Collection[str] | None = None
    as_filed: bool = False
    comments: bool = True


def redline_docx(
    redline: Redline,
    original: Original | None = None,
    older: Original | None = None,
    *,
    flat: bool = False,
    moves: bool = False,
    undated: str = UNDATED,
) -> bytes:
    """Return a redline as a Word document with tracked changes.

    Where both revisions are Word documents, everything in them is compared and marked; else the
    clause text is.

    Args:
        redline: the redline.
        original: the Word document that the newer revision was filed as, if it was.
        older: that of the older revision.
        flat: say in comments what was dropped in between, instead of marks inside marks.
        moves: write moved words as moves.
        undated: the ISO date of marks where no date is known.

    Raises:
        GateError: no form of it reads back exactly; nothing is written then.
    """
    failed: Exception | None = None
    if original is not None and older is not None and _is_plain(redline, flat=flat, moves=moves):
        for by_text in (True, False):  # two ways to tell which lists are the same
            try:
                return _whole(redline, older, original, undated, by_text=by_text)
            except (UnfitError, GateError, PaperError) as error:
                failed = error
    for source in (original, None) if original is not None else (None,):
        for numbers in _WAYS:
            try:
                return _written(
                    redline,
                    source,
                    Ways(numbers, flat, moves, undated),
                    instead=source is not original,
                )
            except (UnfitError, GateError, PaperError) as error:
                failed = error
                if not isinstance(error, GateError):
                    break  # it does not fit, or is beyond a limit: other numbers would not help
    raise GateError(f"The redline cannot be written as a Word document: {failed}",
                    hint="Write it as .html or .json.") from failed  # fmt: skip


def _is_plain(redline: Redline, *, flat: bool, moves: bool) -> bool:
    """True for a redline of marks that stand in one of the two texts, none of them as a move."""
    return not flat and not moves and all(run.kind != "dropped" for run in redline.runs)


def _whole(
    redline: Redline, older: Original, newer: Original, undated: str, *, by_text: bool = True
) -> bytes:
    """Write all differences of two documents, and let them pass the gate."""
    redline = _holdable(redline)
    signs = Signs()
    opened = [_opened(older), _opened(newer)]
    old, new = (bothways.said(package, read.rows, signs) for package, read in opened)
    before, after = (
        Document(package, side(redline, _lines(read), new=is_new))
        for (package, read), is_new in zip(opened, (False, True), strict=True)
    )
    package = compare(before, after, redline, undated, by_text=by_text)
    _set_tracking(package)
    _introduce(package, redline, [])
    data = package.to_bytes()
    bothways.check_both(data, old, new, signs)
    return data


def _lines(read: Read) -> Iterator[Line]:
    """Yield the paragraphs that hold the clause text of a clean document."""
    for home in homes_of(read):
        yield Line(home.element, [(piece.text, piece.node) for piece in home.row], home.label)


def _written(redline: Redline, original: Original | None, ways: Ways, *, instead: bool) -> bytes:
    """Write a redline in one way, and let it pass the gate."""
    redline = _holdable(redline)
    if original is None:
        package, held, redline = _plain(redline, instead=instead)
        found = homes_of(read_package(package, ()), {id(e) for e in held})
    else:
        package, read = _opened(original)
        found = homes_of(read)
        _fit(found, shown_lines(redline.new_text))
    beside = _beside(package, found)
    dresser = Dresser(package, found, redline, ways)
    dresser.dress()
    _set_tracking(package)
    if original is not None:
        _introduce(package, redline, [not_marked(redline)])
    known = set(map(id, beside))
    outside = {n for n, p in enumerate(text_paragraphs(package)) if id(p) in known}
    data = package.to_bytes()
    written = attrs.evolve(redline, runs=dresser.runs)
    check(data, outside, redline, written, ways.undated)
    return data


def _plain(redline: Redline, *, instead: bool) -> tuple[Package, list[Element], Redline]:
    """Make a document from nothing, the paragraphs that its marks go into, and all its marks.

    The ladder that it prints is that of the chain, which ends with the newer revision.
    """
    marked = [part for part in redline.parts if part.kind != LADDER]
    title = next((part for part in marked if part.kind == "title" and part.differs), None)
    front, ladder = list(_front(redline)), list(_ladder(redline))
    whole = attrs.evolve(redline, parts=tuple(marked)).whole
    lines = shown_lines(whole.new_text)
    above = 0
    if title is not None:
        front = [line for line in front if line[0] != "Title"]
        above = len(shown_lines(attrs.evolve(redline, runs=title.runs).new_text))
    front = [*([("Legend", INSTEAD)] if instead else []), *front]
    package, held = clean(lines, front, renumbered(whole), title=above, ladder=ladder)
    return package, held, whole


def _holdable(redline: Redline) -> Redline:
    """Return a redline without the characters that XML does not allow."""
    if all(holdable(run.text) == run.text for run in redline.runs):
        return redline
    runs = (attrs.evolve(run, text=holdable(run.text)) for run in redline.runs)
    return attrs.evolve(redline, runs=tuple(run for run in runs if run.text))


def clean_docx(
    revision: Revision,
    text: str,
    *,
    exact: bool,
    title: Sequence[str] = (),
    original: Original | None = None,
    said: bool = True,
) -> bytes:
    """Return one revision as a clean Word document, without marks.

    Args:
        revision: the revision.
        text: its text.
        exact: whether that has paragraphs and spacing of its own, as that of a Word document.
        title: the title lines of its paper.
        original: the Word document that it was filed as, if it was.
        said: whether a plain document says which revision it is.

    Raises:
        GateError: no form of it reads back as that text.
    """
    lines = shown_lines(holdable(set_text(text, exact=exact)))
    front = [("Title", line) for line in title]
    if said:
        front.append(("Subtitle", named(revision)))
    ways: list[Callable[[], Package]] = [
        lambda: clean(lines, front)[0],
        lambda: clean(lines, front, range(len(lines)))[0],  # every number typed
    ]
    if original is not None:
        ways.insert(0, lambda: accepted(original, lines)[0])
    for way in ways:
        try:
            data = way().to_bytes()
            _check_clean(data, lines)
        except (UnfitError, GateError, PaperError):
            continue
        return data
    raise GateError("The text cannot be written as a Word document.", hint="Write it as .txt.")


def accepted(original: Original, lines: Sequence[str]) -> tuple[Package, list[Home]]:
    """Return the filed document itself, its marks accepted, and its paragraphs of clause text.

    Raises:
        UnfitError: they are not these lines.
    """
    package, read = _opened(original)
    found = homes_of(read)
    _fit(found, lines)
    return package, found


def _check_clean(data: bytes, lines: Sequence[str]) -> None:
    """See that a clean document holds these paragraphs, one after the other.

    Raises:
        GateError: it does not.
    """
    shown = iter(view(read_story(Package.open(data)), accept=True))
    if not all(line in shown for line in lines):
        raise GateError("The clean document would not read as its text.")


def _clauses(read: Read) -> Iterator[Paragraph]:
    pairs = zip(read.story.paragraphs, read.roles, strict=True)
    return (paragraph for paragraph, role in pairs if role == "clause")


def _opened(original: Original) -> tuple[Package, Read]:
    """Open a filed document with its own marks accepted, and read it so."""
    package = Package.open(original.data)
    if not original.as_filed:
        strip(package, comments=original.comments)
    read = read_package(package, original.inserted_by)
    if accept_all(package, read.story, read.by, _clauses(read)):
        read = read_package(package, ())
    return package, read


def left_out(data: bytes, *, comments: bool = True) -> tuple[str, ...]:
    """Return what a document holds that goes out only as filed, in words.

    Raises:
        PaperError: it is no Word document.
    """
    return strip(Package.open(data), comments=comments)


def homes_of(read: Read, held: Collection[int] | None = None) -> list[Home]:
    """Find the paragraphs that hold the clause text of a clean document."""
    found = []
    passed: list[Place] = []
    for one, role in zip(read.rows, read.roles, strict=True):
        paragraph = one.paragraph
        after = paragraph.following
        is_text = role == "clause" if held is None else id(paragraph.element) in held
        if is_text and not one.accepted.blank:
            home = Home(
                paragraph.element,
                pieces(paragraph.atoms),
                one.accepted.label,
                paragraph.place,
                following=None if after is None else after.element,
                passed=tuple(passed),
            )
            found.append(home)
            passed = []
        elif paragraph.place is not None:
            passed.append(paragraph.place)
    return found


def _fit(found: Sequence[Home], lines: Sequence[str]) -> None:
    """See that the document holds the text; spacing that its marks owned goes or comes.

    Raises:
        UnfitError: it holds another text.
    """
    if len(found) != len(lines):
        raise UnfitError
    for home, line in zip(found, lines, strict=True):
        if not line.startswith(home.label):
            raise UnfitError
        wanted = line[len(home.label) :]
        if "".join(piece.text for piece in home.row) != wanted:
            _fit_spacing(home, wanted)


def _fit_spacing(home: Home, wanted: str) -> None:
    """Take spaces out of a paragraph, or put them in, until it reads as it should."""
    at = 0
    for piece in home.row:
        text = ""
        for character in piece.text:
            while at < len(wanted) and wanted[at] != character and wanted[at] == " ":
                text += " "
                at += 1
            if at < len(wanted) and wanted[at] == character:
                text += character
                at += 1
            elif not character.isspace():
                raise UnfitError
        _set_text(piece, text)
    home.row[:] = [piece for piece in home.row if piece.text]
    if at != len(wanted):
        raise UnfitError


def _set_text(piece: Piece, text: str) -> None:
    if text == piece.text:
        return
    piece.text = text
    if piece.node.tag != w("t"):
        remove(piece.node)
        return
    fresh = make("t", text=text)
    parent = piece.node.getparent()
    if parent is not None:
        parent.replace(piece.node, fresh)
    piece.node = fresh


def _beside(package: Package, found: Sequence[Home]) -> list[Element]:
    """Return the paragraphs that hold no clause text."""
    own = [home.element for home in found]
    known = set(map(id, own))
    return [paragraph for paragraph in text_paragraphs(package) if id(paragraph) not in known]


def _set_tracking(package: Package) -> None:
    """Let Word go on tracking changes (17.15.1.90)."""
    root = package.related_tree("settings")
    if root is None:
        root = etree.Element(w("settings"), nsmap={"w": MAIN})
        package.add_part("word/settings.xml", root, "settings", _SETTINGS_TYPE)
    if root.find(w("trackRevisions")) is None:
        after = {w(name) for name in _BEFORE_TRACKING}
        at = sum(1 for child in root if child.tag in after)
        root.insert(at, make("trackRevisions"))


def _introduce(package: Package, redline: Redline, more: Iterable[str]) -> None:
    """Say at the start of a document in its own clothes what it is a redline of."""
    runs = [run for run in package.tree(package.main).iter(w("r")) if run.find(w("t")) is not None]
    first = next(iter(runs), next(package.tree(package.main).iter(w("r")), None))
    if first is None or first.getparent() is None:
        return
    said = " ".join([f"{heading(redline)}.", *cautions(redline), *more])
    comments = Comments(package)
    comments.add(said, first, first)
    comments.finish()


def _front(redline: Redline) -> Iterator[tuple[str, str]]:
    """Yield the lines before the ladder and the clauses: what this is, the legend, the title.

    None of them is a sentence, so that the document can be filed as a paper: they read as title and
    ladder. The title comes last, because what a document is about stands last in its title.
    """
    yield "Subtitle", heading(redline)
    for said in cautions(redline):
        yield "Legend", said.rstrip(".")
    parties = " and ".join(redline.parties) or "The parties"
    yield "Legend", f"{parties}: each tracked change bears the party and the date that made it"
    for line in redline.title or filter(None, [redline.chain]):
        yield "Title", line


def _ladder(redline: Redline) -> Iterator[tuple[str, str]]:
    """Yield the ladder, which ends with the newer revision."""
    for revision in redline.revisions:
        if revision.rung <= redline.new.rung:
            yield "Ladder", revision.label
