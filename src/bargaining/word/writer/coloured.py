"""The coloured copy as a Word document: the paper itself, its words in their proposers' colours.

Strategy: the filed document with its own marks accepted keeps everything that it has; its runs are
cut where the proposer changes, and get a colour, with the proposer's sign behind them. What else is
said (the summary, the legend, the notes) stands in paragraphs of its own before and behind the
text. A paper that is no Word document is written as a plain one. What was written is read back.

This module knows no chains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from bargaining.errors import PaperError
from bargaining.word.file.names import Element, make, w
from bargaining.word.file.package import Package
from bargaining.word.file.readings import view
from bargaining.word.file.story import read_story
from bargaining.word.reader import read_package
from bargaining.word.writer.clean import clean
from bargaining.word.writer.clothed import Home
from bargaining.word.writer.documents import Original, accepted, homes_of
from bargaining.word.writer.gate import GateError
from bargaining.word.writer.runs import Piece, UnfitError, cut, holdable, new_run
from bargaining.writers.coloured import Coloured, Stretch, legend, lines

_COLOURS: Final = ("0B4A94", "8F2A0A", "1D5A2D", "66267F", "664600", "0B5560")
_ORDER: Final = (  # of what a run may have, up to what is set here (17.3.2.28)
    *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike"),
    *("outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden"),
    *("color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect"),
    *("bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout"),
    *("specVanish", "oMath"),
)
_SMALL: Final = "18"  # half-points


def coloured_docx(copy: Coloured, original: Original | None = None) -> bytes:
    """Return a coloured copy as a Word document.

    Args:
        copy: the copy.
        original: the Word document that the revision was filed as, if it was.

    Raises:
        GateError: no form of it reads back as the text.
    """
    failed: Exception | None = None
    for source in (original, None) if original is not None else (None,):
        try:
            return _written(copy, source)
        except (UnfitError, GateError, PaperError) as error:
            failed = error
    raise GateError(
        f"The copy cannot be written as a Word document: {failed}", hint="Write it as .html."
    ) from failed


def _written(copy: Coloured, original: Original | None) -> bytes:
    every = list(lines(copy.stretches))
    standing = ["".join(one.text for one in line if not one.struck) for line in every]
    texts = [holdable(text) for text in standing if text.strip()]
    if original is None:
        package, held = clean(texts, [("Title", line) for line in copy.title or (copy.chain,)])
        found = homes_of(read_package(package, ()), {id(element) for element in held})
    else:
        package, found = accepted(original, texts)
    if len(found) != len(texts):
        raise UnfitError
    wanted = list(_coloured(copy, every, found))
    _introduce(copy, package)
    data = package.to_bytes()
    _check(data, wanted)
    return data


def _coloured(
    copy: Coloured, every: Sequence[Sequence[Stretch]], found: Sequence[Home]
) -> Iterator[str]:
    """Colour the paragraphs of the text; yield each as it must read then."""
    left = iter(found)
    waiting: list[Element] = []  # paragraphs of dropped words only, for the next that stands
    for line in every:
        if all(one.struck or not one.text.strip() for one in line):
            runs = [run for one in line for run in _own_runs(copy, one, None)]
            waiting.append(make("p", *runs))
            yield _said(copy, line)
            continue
        home = next(left)
        for paragraph in waiting:
            home.element.addprevious(paragraph)
        waiting = []
        _colour(copy, line, home)
        yield home.label + _said(copy, _without(line, len(home.label)))
    if waiting and found:
        for paragraph in reversed(waiting):
            found[-1].element.addnext(paragraph)
    elif waiting:
        raise UnfitError


def _without(line: Sequence[Stretch], size: int) -> Iterator[Stretch]:
    """Yield a line without the number that its list gives it, which stands before all words."""
    for one in line:
        gone = 0 if one.struck else min(size, len(holdable(one.text)))
        size -= gone
        yield attrs.evolve(one, text=holdable(one.text)[gone:]) if gone else one


def _said(copy: Coloured, line: Iterable[Stretch]) -> str:
    """Return a paragraph with its signs."""
    return "".join(part for one in line for part in _parts(copy, one))


def _parts(copy: Coloured, one: Stretch) -> tuple[str, str, str]:
    """Return the words of a stretch, its sign, and the gap behind that."""
    text = holdable(one.text)
    sign = copy.sign(one) if text.strip() else ""
    if not sign:
        return text, "", ""
    words = text.rstrip()
    return words, holdable(sign), text[len(words) :]


def _colour(copy: Coloured, line: Sequence[Stretch], home: Home) -> None:
    """Cut the runs of a paragraph where the proposer changes, and colour them."""
    row, at = home.row, -len(home.label)
    places: list[tuple[int, int, Stretch]] = []
    for one in line:
        words = len(_parts(copy, one)[0])
        size = 0 if one.struck else len(holdable(one.text))
        places.append((max(at, 0), max(at + (0 if one.struck else words), 0), one))
        at += size
    starts = cut(row, {edge for start, end, _ in places for edge in (start, end)})
    front = row[0].run if row else None  # what comes first of all
    for start, end, one in reversed(places):
        pieces = row[starts[start] : starts[end]]
        for piece in pieces:
            _dress(copy, one, piece.run)
        if not (one.struck or _parts(copy, one)[1]):
            continue
        before = pieces[-1] if pieces else row[starts[end] - 1] if starts[end] else None
        runs = list(_beside(copy, one, before))
        for run in reversed(runs):
            if before is not None:
                before.run.addnext(run)
            elif front is not None:
                front.addprevious(run)
                front = run
            else:
                home.element.insert(bool(len(home.element)), run)


def _beside(copy: Coloured, one: Stretch, before: Piece | None) -> Iterator[Element]:
    """Yield dropped words, or the sign of words that stand, to come behind other words."""
    properties = None if before is None else before.run.find(w("rPr"))
    yield from _own_runs(copy, one, properties) if one.struck else [_sign(copy, one)]


def _own_runs(copy: Coloured, one: Stretch, like: Element | None) -> Iterator[Element]:
    """Yield runs for dropped words, their sign, and the gap behind it."""
    words, sign, gap = _parts(copy, one)
    run = new_run(words, None)
    _dress(copy, one, run)
    yield run
    if sign:
        yield _sign(copy, one)
    if gap:
        yield new_run(gap, like)


def _sign(copy: Coloured, one: Stretch) -> Element:
    run = new_run(holdable(copy.sign(one)), None)
    _set(run, "b")
    _set(run, "color", val=_colour_of(copy, one) or "auto")
    _set(run, "vertAlign", val="superscript")
    return run


def _colour_of(copy: Coloured, one: Stretch) -> str:
    parties = {r.party for r in one.origin.candidates} if one.origin else set()
    letters = list(copy.letters.letters)
    party = parties.pop() if len(parties) == 1 else None
    return _COLOURS[letters.index(party) % len(_COLOURS)] if party in letters else ""


def _dress(copy: Coloured, one: Stretch, run: Element) -> None:
    """Show a run as the words of whoever proposed them."""
    if run.tag != w("r"):
        raise UnfitError
    colour = "" if one.is_plain else _colour_of(copy, one)
    if colour:
        _set(run, "color", val=colour)
    if one.struck:
        _set(run, "strike")
    if one.changed:
        _set(run, "u", val="single")
    if one.origin is not None and not one.origin.certain and not one.is_plain:
        _set(run, "shd", val="diagStripe", color="BFBFBF", fill="auto")
    elif one.agreed:
        _set(run, "shd", val="clear", color="auto", fill="E4E4E4")


def _set(run: Element, name: str, **values: str) -> None:
    """Give a run one property, in the place of its own one."""
    properties = run.find(w("rPr"))
    if properties is None:
        properties = make("rPr")
        run.insert(0, properties)
    for old in properties.findall(w(name)):
        properties.remove(old)
    before = {w(one) for one in _ORDER[: _ORDER.index(name)]}
    at = sum(1 for child in properties if child.tag in before)
    properties.insert(at, make(name, **values))


def _introduce(copy: Coloured, package: Package) -> None:
    """Say what the copy is and how to read it before its text, and what is not certain behind."""
    body = package.tree(package.main).find(w("body"))
    if body is None:
        raise UnfitError
    for n, paragraph in enumerate(_front(copy)):
        body.insert(n, paragraph)
    last = body.find(w("sectPr"))
    for n, (_, said) in enumerate(copy.notes, start=1):
        note = make("p", _small(f"?{n} {said}"))
        if last is None:
            body.append(note)
        else:
            last.addprevious(note)


def _front(copy: Coloured) -> Iterator[Element]:
    yield make("p", _small(f"{copy.heading}. {copy.summary()}", bold=True))
    signs = []
    for n, (party, letter) in enumerate(copy.letters.letters.items()):
        run = _small(f"{letter} {party}   ")
        _set(run, "color", val=_COLOURS[n % len(_COLOURS)])
        signs.append(run)
    yield make("p", *signs, *(_sample(way, said) for way, said in legend(copy)))
    named = [f"{copy.letters.sign(r)} {r.label}" for r in copy.papers]
    if named:
        yield make("p", _small("; ".join(named)))


def _sample(way: str, said: str) -> Element:
    run = _small(f"{said};  ")
    if way == "changed":
        _set(run, "u", val="single")
    elif way == "agreed":
        _set(run, "shd", val="clear", color="auto", fill="E4E4E4")
    elif way == "struck":
        _set(run, "strike")
    elif way == "open":
        _set(run, "shd", val="diagStripe", color="BFBFBF", fill="auto")
    return run


def _small(text: str, *, bold: bool = False) -> Element:
    run = new_run(holdable(text), None)
    for name in ["b"] * bold:
        _set(run, name)
    _set(run, "sz", val=_SMALL)
    return run


def _check(data: bytes, wanted: Sequence[str]) -> None:
    """See that a document reads as the text with its signs, one paragraph after the other.

    Raises:
        GateError: it does not.
    """
    shown = iter(view(read_story(Package.open(data)), accept=True))
    for line in wanted:
        if not any(one == line for one in shown):
            raise GateError(f"“{line[:40]}…” would not read so.")
