"""LibreOffice as a second opinion: what a document says when its changes are accepted or rejected.

One office runs for the whole test session: headless, with a profile of its own, driven over UNO by
a small program, which is this same file run by the Python that can import `uno`. That Python knows
neither pytest nor attrs, so this file imports the standard library only.

    pair = office.session().texts(data)
    assert pair.accepted == ("1.0 First", "Second")
"""

import atexit
import contextlib
import functools
import importlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

PYTHON = "/usr/bin/python3"  # python3-uno belongs to the system's Python
MISSING = "LibreOffice is not installed (Debian: libreoffice-writer-nogui, python3-uno)"
TIMEOUT = 60.0  # seconds for a document

Uno = Any  # what UNO hands out has no types

# Where LibreOffice 7.4.7 differs from Word's documented semantics: what an equality test against it
# must allow for. Measured, each on a document of a few paragraphs in the notation of documents.py;
# `A` and `B` are parties, `…` stands for their runs. What Word does is from ECMA-376, not measured.
#
# Paragraph marks
#
# - A join keeps the FIRST paragraph's properties and label; in Word the following one's hold.
#   p(r("x "), mark=deleted(*A)), p(r("y"), num=(LETTERS, 0)): accepted "x y", Word "(a) x y".
#   p(r("x "), mark=ins(*A), num=(LETTERS, 0)), p(r("y")): rejected "(a) x y", Word "x y".
#   The texts agree; labels differ, and so may the labels that follow. Not so where the first
#   paragraph is changed as a whole: then the next one keeps its own, as in Word.
# - A paragraph inserted by A and struck by B, p(ins(*A, deleted(*B, …)), mark=ins(*A,
#   deleted(*B))), goes when accepted, but leaves an EMPTY paragraph when rejected (of the two marks
#   the last is read). If it is numbered, the empty one is counted: "(a) one", "(c) two". A row with
#   such marks stays as a row of empty cells.
# - A changed mark before a table, or on the last paragraph of the body, of a cell or of a note, is
#   ignored: p(deleted(*A, …), mark=deleted(*A)), table(…) accepted leaves an empty paragraph (if it
#   is numbered, it is counted). So does an inserted one, rejected. Written as Word does, with the
#   mark on the paragraph before, the last of the body, of a cell or of a note goes entirely.
# - mark=deleted(*B) + ins(*A), the wrong order, is an insertion only.
#
# Labels
#
# - `isLgl` is ignored: "Section I.1" where Word shows "Section 1.1".
# - Bullets have no label ("a rake", not "• a rake").
# - `lvlRestart` 0 is ignored: the level starts again. numberInDash and hex are plain decimals.
# - Empty numbered paragraphs are counted, as in Word. So are hidden ones: in Word, not.
# - p(num=(CLAUSES, 1)) before any of level 0 is "a."; the first of level 0 is then "2.0".
# - Labels stand in `pPrChange` only by halves: rejected, the old `numId` holds but the old level is
#   0 ("a." becomes "2.0"), also when it comes with the old style. `w:numPr/w:ins` is ignored.
#
# Tables
#
# - A row goes only if all texts in it are tracked: with plain text in one cell, it stays with what
#   is left. row(["c", "d"], mark=ins(*A)), all cells plain, is no change at all.
# - A row all of whose cells are empty is given U+200D as a text to track (removed here).
# - Without `mark` on the row, tracked texts go and the row stays, also in Word. If the row has it,
#   the cells' paragraph marks need none.
# - `cellIns`, `cellDel`: the texts are tracked, the cells are not.
# - Two tables with nothing between them are one.
#
# Inline
#
# - Page and column breaks split the paragraph: r("b\fc") is "b", "c", in Word one paragraph; if it
#   is numbered, both are. They are not tracked: p(r("a"), deleted(*A, r("\f")), r("d")), accepted,
#   remains "a", "d". Line breaks and `w:cr` are "\n", `w:tab` and `w:ptab` are "\t"; `w:sym` is a
#   private-use character. Hidden runs (`w:vanish`) are part of the text.
# - ins(*A, hyperlink(…)) LOSES the text of the link. hyperlink(…, ins(*A, …)) is right.
# - Fields show their cached result, but PAGE, NUMPAGES and DATE are computed (PAGE is 0 in a header
#   here), and REF to a bookmark that is missing is "Error: Reference source not found".
# - A text box in a tracked run leaves two U+200B in the paragraph; its own text is tracked with it.
# - A block content control ends its first paragraph with "\r" (removed here). Whole changed
#   paragraphs in it go wrong: content_control(p(ins(*A, …), mark=ins(*A)), p(deleted(*A, …),
#   mark=deleted(*A)), …) rejected is "x\ry": the insertion stays, the two are one.
# - Text in `w:ins` in `w:moveFrom` is a deletion; `w:t` in `w:del` is deleted text.
#
# Lists of changes
#
# - Moves are Delete and Insert. Insertions and deletions next to each other are one if the author
#   is the same and their times differ by no more than a minute. Changes in headers, notes and boxes
#   are listed, those of notes first. Rows have none of their own.
# - An offset in a date is ignored, a missing date is 1970-01-01. An id that occurs twice, a missing
#   author and an invalid date do not stop it from opening: opening proves little.
#
# The numbers of footnotes, which LibreOffice has in the text, are removed here. A footnote begins
# with the space that follows its number (as Word writes it). Comments must be taken out before a
# document is loaded: see `_without_comments`.


_LABELS = re.compile(
    r"^(?:\(?(?:\d+(?:\.\d+)*|[A-Za-z]|[ivx]+)[.)]{0,2} |• |(?:Article|Section) [\dIVX.]+ )+"
)


class Resolved(NamedTuple):
    """The paragraphs of one document, all changes accepted, and all rejected.

    Paragraphs of the body and of table cells stand in document order, each after its list label and
    a space. Empty ones, even numbered ones, are left out.
    """

    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    accepted_notes: tuple[str, ...]
    rejected_notes: tuple[str, ...]
    accepted_boxes: tuple[str, ...]
    rejected_boxes: tuple[str, ...]
    accepted_margins: tuple[str, ...]  # headers, then footers
    rejected_margins: tuple[str, ...]


class Change(NamedTuple):
    """A tracked change, as LibreOffice lists it."""

    kind: str
    author: str
    date: str
    text: str


class OfficeError(Exception):
    """LibreOffice did not open a document, or did not answer."""


@functools.cache
def available() -> bool:
    """Whether there is a LibreOffice here that can be driven."""
    if shutil.which("soffice") is None or not Path(PYTHON).exists():
        return False
    tried = subprocess.run([PYTHON, "-I", "-c", "import uno"], capture_output=True, check=False)
    return tried.returncode == 0


class Office:
    """A LibreOffice that starts when it is first asked, and again when it died."""

    def __init__(self) -> None:
        self._driver: subprocess.Popen[str] | None = None
        self._folder: Path | None = None

    def texts(self, data: bytes) -> Resolved:
        """The paragraphs with all changes accepted, and with all rejected."""
        answer = self._ask("texts", data)
        return Resolved(*(tuple(answer[name]) for name in Resolved._fields))

    def changes(self, data: bytes) -> list[Change]:
        """The tracked changes, in the order in which LibreOffice lists them.

        A deletion within an insertion is followed by that insertion, with the same text. Moves are
        a deletion and an insertion. A paragraph mark is a "\\n".
        """
        return [Change(*change) for change in self._ask("changes", data)]

    def pdf(self, data: bytes) -> bytes:
        """The document as LibreOffice prints it, with its changes shown."""
        return Path(self._ask("pdf", data)).read_bytes()

    def close(self) -> None:
        """End the driver, and the LibreOffice that it started."""
        if self._driver is not None:
            _kill(self._driver)
            with contextlib.suppress(BrokenPipeError), self._driver:
                pass  # its pipes are closed, and its end is waited for
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._driver = self._folder = None

    def _start(self) -> tuple[subprocess.Popen[str], Path]:
        if self._driver is None or self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="office-"))
            self._driver = subprocess.Popen(
                [PYTHON, "-I", __file__, str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                start_new_session=True,
                env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"},
            )
        return self._driver, self._folder

    def _ask(self, what: str, data: bytes) -> Uno:
        reply = self._send(what, data) or self._send(what, data)  # a driver that died: once again
        if not reply:
            raise OfficeError(f"LibreOffice died twice over a document, asked for its {what}")
        answer = json.loads(reply)
        if "error" in answer:
            raise OfficeError(answer["error"])
        return answer["value"]

    def _send(self, what: str, data: bytes) -> str:
        driver, folder = self._start()
        assert driver.stdin is not None
        assert driver.stdout is not None
        path = folder / f"{uuid4().hex}.docx"
        path.write_bytes(_without_comments(data))
        late = threading.Event()

        def stop() -> None:
            late.set()
            _kill(driver)

        timer = threading.Timer(TIMEOUT, stop)
        timer.start()
        try:
            driver.stdin.write(json.dumps([what, str(path)]) + "\n")
            driver.stdin.flush()
            reply = driver.stdout.readline()
        except BrokenPipeError:
            reply = ""
        finally:
            timer.cancel()
        if not reply:
            self.close()
        if late.is_set():
            raise OfficeError(f"LibreOffice did not answer within {TIMEOUT:.0f} s")
        return reply


def lines(paragraphs: Iterable[str], *, bare: bool = False) -> list[str]:
    """Paragraphs as lines, sorted, to be compared with those of another reader.

    Notes and boxes stand elsewhere here, a page break parts a paragraph, and blank lines do not
    count. With `bare`, numbers and bullets are taken off.
    """
    texts = (line for text in paragraphs for line in text.replace("\v", "\n").split("\n"))
    shown = (_LABELS.sub("", text) for text in texts) if bare else texts
    return sorted(text for text in shown if text.strip())


def _without_comments(data: bytes) -> bytes:
    """The document without the anchors of its comments.

    Debian's libreoffice-writer-nogui lacks the window of a comment (annotation.ui), and therefore
    refuses, or dies over, every document with a comment that is loaded over UNO.
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        if not any(re.search(r"/comments\w*\.xml$", name) for name in source.namelist()):
            return data
        for name in source.namelist():
            part = source.read(name)
            if name.endswith(".xml"):
                part = re.sub(rb"<\w+:comment(?:RangeStart|RangeEnd|Reference)\b[^>]*/>", b"", part)
            target.writestr(name, part)
    return made.getvalue()


def _kill(driver: subprocess.Popen[str]) -> None:
    """Kill the driver and all that it started: they are one process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(driver.pid, signal.SIGKILL)


@functools.cache
def _running() -> Office:
    office = Office()
    atexit.register(office.close)
    return office


def session() -> Office:
    """The one LibreOffice of this test session; skips the test that asks where there is none."""
    if not available():
        import pytest  # noqa: PLC0415 (the driver runs this file without it)

        pytest.skip(MISSING)
    return _running()


# What follows runs in the driver.


def _started(folder: Path) -> Uno:
    """The component context of a new LibreOffice with a profile of its own."""
    uno: Uno = importlib.import_module("uno")
    pipe = f"office{uuid4().hex}"
    process = subprocess.Popen(
        [
            shutil.which("soffice") or "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
            *"--headless --invisible --norestore --nolockcheck --nodefault --nologo".split(),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            if process.poll() is not None:
                raise
            time.sleep(0.1)


def _property(name: str, value: object) -> Uno:
    uno: Uno = importlib.import_module("uno")
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


class _Driver:
    """What the driver does with one document after the other."""

    def __init__(self, context: Uno) -> None:
        manager = context.ServiceManager
        self._desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self._helper = manager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", context
        )

    def alive(self) -> bool:
        """Whether LibreOffice still answers."""
        try:
            self._desktop.getName()
        except Exception:  # noqa: BLE001 (UNO's exceptions have no classes here)
            return False
        return True

    @contextlib.contextmanager
    def _open(self, path: Path) -> Iterator[Uno]:
        loaded = self._desktop.loadComponentFromURL(
            path.as_uri(),
            "_blank",
            0,
            (
                _property("Hidden", value=True),
                _property("OnMainThread", value=True),
                _property("FilterName", "MS Word 2007 XML"),
            ),
        )
        if loaded is None:
            raise OfficeError("LibreOffice does not open this document")
        try:
            yield loaded
        finally:
            loaded.close(True)

    def texts(self, path: Path) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for how, verb in (("accepted", "Accept"), ("rejected", "Reject")):
            with self._open(path) as loaded:
                frame = loaded.getCurrentController().getFrame()
                self._helper.executeDispatch(frame, f".uno:{verb}AllTrackedChanges", "", 0, ())
                found[how] = list(_paragraphs(loaded.Text))
                found[f"{how}_notes"] = list(_notes(loaded))
                found[f"{how}_boxes"] = list(_boxes(loaded))
                found[f"{how}_margins"] = list(_margins(loaded))
        return found

    def changes(self, path: Path) -> list[tuple[str, str, str, str]]:
        with self._open(path) as loaded:
            return [change for redline in _each(loaded.Redlines) for change in _changes(redline)]

    def pdf(self, path: Path) -> str:
        made = path.with_suffix(".pdf")
        with self._open(path) as loaded:
            loaded.storeToURL(made.as_uri(), (_property("FilterName", "writer_pdf_Export"),))
        return str(made)


def _each(held: Uno) -> Iterator[Uno]:
    """The elements of whatever UNO lets one enumerate."""
    elements = held.createEnumeration()
    while elements.hasMoreElements():
        yield elements.nextElement()


def _indexed(held: Uno) -> Iterator[Uno]:
    for n in range(held.getCount()):
        yield held.getByIndex(n)


def _paragraphs(text: Uno) -> Iterator[str]:
    for block in _each(text):
        if block.supportsService("com.sun.star.text.TextTable"):
            for name in block.getCellNames():
                yield from _paragraphs(block.getCellByName(name))
        elif string := _string(block):
            label = block.ListLabelString
            yield f"{label} {string}" if label else string


def _string(paragraph: Uno) -> str:
    """The text of a paragraph without what LibreOffice adds: see the list above."""
    portions = list(_each(paragraph))
    text: str = paragraph.getString()
    if any(portion.TextPortionType == "Footnote" for portion in portions):
        text = "".join(
            portion.getString() for portion in portions if portion.TextPortionType != "Footnote"
        )
    return "" if text == "\N{ZERO WIDTH JOINER}" else text.removesuffix("\r")


def _notes(loaded: Uno) -> Iterator[str]:
    for notes in (loaded.Footnotes, loaded.Endnotes):
        for note in _indexed(notes):
            yield from _paragraphs(note)


def _boxes(loaded: Uno) -> Iterator[str]:
    for shape in _indexed(loaded.DrawPage):
        if shape.supportsService("com.sun.star.drawing.Text") or hasattr(shape, "Text"):
            yield from _paragraphs(shape.Text)


def _margins(loaded: Uno) -> Iterator[str]:
    styles = list(_indexed(loaded.StyleFamilies.getByName("PageStyles")))
    for margin in ("Header", "Footer"):
        for style in styles:
            if not getattr(style, f"{margin}IsOn"):
                continue
            if not style.FirstIsShared:
                yield from _paragraphs(getattr(style, f"{margin}TextFirst"))
            yield from _paragraphs(getattr(style, f"{margin}Text"))
            if not getattr(style, f"{margin}IsShared"):
                yield from _paragraphs(getattr(style, f"{margin}TextLeft"))


def _changes(redline: Uno) -> Iterator[tuple[str, str, str, str]]:
    """A tracked change, and the one that it was made within."""
    start, end = redline.RedlineStart, redline.RedlineEnd
    cursor = start.getText().createTextCursorByRange(start)
    cursor.gotoRange(end, True)
    text = cursor.getString()
    yield redline.RedlineType, redline.RedlineAuthor, _date(redline.RedlineDateTime), text
    if within := {each.Name: each.Value for each in redline.RedlineSuccessorData or ()}:
        date = _date(within["RedlineDateTime"])
        yield within["RedlineType"], within["RedlineAuthor"], date, text


def _date(when: Uno) -> str:
    return (
        f"{when.Year:04}-{when.Month:02}-{when.Day:02}"
        f"T{when.Hours:02}:{when.Minutes:02}:{when.Seconds:02}"
    )


def _drive(folder: Path) -> None:
    """Answer the requests on standard input until it ends; then end LibreOffice."""
    driver = _Driver(_started(folder))
    for line in sys.stdin:
        what, path = json.loads(line)
        try:
            reply = {"value": getattr(driver, what)(Path(path))}
        except Exception as error:  # noqa: BLE001 (whatever UNO raises is told)
            if not driver.alive():
                break
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)  # noqa: T201 (the answer)
    shutil.rmtree(folder, ignore_errors=True)
    os.killpg(0, signal.SIGKILL)  # the driver leads the group of all that it started


if __name__ == "__main__":
    _drive(Path(sys.argv[1]))
