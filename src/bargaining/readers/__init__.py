"""Readers: the bytes of one proposal document in, what that document says out.

Strategy: a reader is an entry in `READERS`; a new format is a new entry and a module of its own.
What cannot be read is refused at this door, in one sentence, before anything else sees it.

This package does not know records, chains, or the file system.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from typing import Final, TypeAlias

import attrs

from bargaining.errors import PaperError
from bargaining.model import MAX_BYTES, Paper
from bargaining.readers.marks import INSERTED_BY

__all__ = ["INSERTED_BY", "MAX_BYTES", "READERS", "Reader", "read"]


Inserted: TypeAlias = Collection[str] | None  # which marks mean inserted
Known: TypeAlias = Collection[str]  # words that stand in other papers


@attrs.frozen
class Reader:
    """One format: its name, the file endings that mean it, and what reads its bytes."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[bytes, Inserted, Known], Paper]


def _of_text(room: str, name: str) -> Callable[[bytes, Inserted, Known], Paper]:
    """Return what reads the bytes of a text; line ends are read as line feeds.

    Args:
        room: the module of the reader, imported when the first paper needs it.
        name: its function.
    """

    def read_text(data: bytes, inserted_by: Inserted, known: Known) -> Paper:
        reader = getattr(import_module(f"{__name__}.{room}"), name)
        text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
        paper: Paper = reader(text, inserted_by, known)
        return paper

    return read_text


def _read_docx(data: bytes, inserted_by: Inserted, known: Known) -> Paper:
    del known  # its words are whole
    _refuse_size(data)
    try:
        from bargaining.word.reader import read_docx  # noqa: PLC0415 - needs lxml, an extra
    except ImportError as error:
        raise PaperError(
            "The file is a Word document, and what reads those is not installed.",
            hint="Install it: pip install 'bargaining[docx]'",
        ) from error
    return read_docx(data, inserted_by)


READERS: Final = (
    Reader("criticmarkup", (".critic.md", ".critic"), _of_text("markup", "read_critic")),
    Reader("markdown", (".md", ".markdown"), _of_text("markup", "read_markdown")),
    Reader("text", (".txt", ".text"), _of_text("markup", "read_text")),
    Reader("docx", (".docx",), _read_docx),
)
_ZIP: Final = b"PK\x03\x04"
_FOREIGN: Final = (
    (b"%PDF", "a PDF document"),
    (_ZIP, "a zip archive (a Word document is one)"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"\xff\xfe", "in UTF-16"),
    (b"\xfe\xff", "in UTF-16"),
)


def read(
    data: bytes,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - the word people use
    inserted_by: Collection[str] | None = None,
    known: Collection[str] = (),
) -> Paper:
    """Read the bytes of one paper.

    Args:
        data: the document: a .docx, or text in UTF-8, with or without a byte order mark.
        name: its file name; the ending tells the format, but for a .docx, which tells itself. It is
            not opened.
        format: the name of a reader, which then wins over the ending.
        inserted_by: which marks mean inserted, of `INSERTED_BY`. None means all in a text, but for
            bold on a paper that plainly uses it as a style; in a Word document what a legend says,
            or a stated guess. Tracked changes count always.
        known: words, in small letters, that stand in other papers of the document: they tell how a
            word is written that is divided at the end of a line.

    Returns:
        What the document says. Line ends are read as line feeds; between the paragraphs of a Word
        document stands an empty line, and a line break inside of one is a vertical tab.

    Raises:
        PaperError: the bytes are empty, too many, binary or no UTF-8, hold no clause text, or
            the format or a mark is unknown.
    """
    paper = read_loose(data, name=name, format=format, inserted_by=inserted_by, known=known)
    if not any(run.text.strip() for run in paper.runs):
        raise PaperError(
            "The paper holds no clause text.",
            hint="A title, a ladder and signatures alone are no proposal. "
            "A rung without a paper is filed with --no-paper.",
        )
    return paper


def read_loose(
    data: bytes,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - as in `read`
    inserted_by: Collection[str] | None = None,
    known: Collection[str] = (),
) -> Paper:
    """Read a file that is only compared with another: as `read`, but it may hold no clause text.

    Raises:
        PaperError: as `read` does.
    """
    reader = find_reader(name, format or ("docx" if data.startswith(_ZIP) else None))
    unknown = next((mark for mark in inserted_by or () if mark not in INSERTED_BY), None)
    if unknown is not None:
        known = ", ".join(INSERTED_BY)
        raise PaperError(f"There is no mark “{unknown}”.", hint=f"The marks are {known}.")
    return reader.read(data, inserted_by, known)


def find_reader(name: str, format_: str | None) -> Reader:
    """Return the reader for a format, or for the ending of a file name (Markdown if neither).

    Raises:
        PaperError: there is no such format.
    """
    if format_ is not None:
        found = next((reader for reader in READERS if reader.name == format_), None)
        if found is None:
            known = ", ".join(reader.name for reader in READERS)
            raise PaperError(f"There is no format “{format_}”.", hint=f"The formats are {known}.")
        return found
    fitting = (r for r in READERS if name.lower().endswith(r.endings))
    return next(fitting, READERS[1])


def can_read(name: str) -> bool:
    """True when the ending of a file name is that of a paper."""
    return any(name.lower().endswith(reader.endings) for reader in READERS)


def _refuse_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise PaperError(
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MiB, the most that is read.",
            hint="A paper of that size is a scan or another kind of file.",
        )


def decode(data: bytes) -> str:
    """Decode UTF-8 strictly.

    Raises:
        PaperError: the bytes are empty, too many, binary, or no UTF-8.
    """
    if not data.strip():
        raise PaperError("The file is empty.", hint="A paper holds at least one clause.")
    _refuse_size(data)
    for magic, what in _FOREIGN:
        if data.startswith(magic):
            words = "In Word, save it as .docx." if "document" in what else ""
            raise PaperError(f"The file is {what}.", hint=words or "Save it as text in UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
        raise PaperError(
            f"Line {line} is not UTF-8 (byte {data[error.start]:#04x}).",
            hint="Save the file as UTF-8.",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PaperError(f"Line {line} holds a NUL: the file is binary.", hint="Save it as text.")
    return text
