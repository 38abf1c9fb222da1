"""Formats: how a redline is written as a file, by the file's ending.

Strategy: one table; a new format is a new entry and a module of its own, imported when it is asked
for. Every entry gets the same redline; all but JSON, which says everything, read back what they
wrote.

This module opens no file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZipFile

import attrs

from bargaining.errors import AskError, BargainingError
from bargaining.model import Redline, Revision
from bargaining.writers.authors import INSTEAD

_NO_LXML: Final = "Install what writes Word documents: pip install 'bargaining[docx]'"


@attrs.frozen
class Wishes:
    """How a redline is wanted, beyond its format; see `write`."""

    original: bytes | None
    inserted_by: Collection[str] | None
    flat: bool
    moves: bool
    undated: str


def _docx(redline: Redline, wishes: Wishes) -> bytes:
    try:
        from bargaining.writers.word import documents  # noqa: PLC0415 - needs lxml, an extra
    except ImportError as error:
        raise BargainingError("Word documents cannot be written here.", hint=_NO_LXML) from error
    original = None
    if wishes.original is not None:
        original = documents.Original(wishes.original, wishes.inserted_by)
    return documents.redline_docx(
        redline,
        original,
        flat=wishes.flat,
        moves=wishes.moves,
        undated=wishes.undated,
    )


def _html(redline: Redline, wishes: Wishes) -> bytes:
    del wishes
    from bargaining.writers.redlines.html import html  # noqa: PLC0415 - as in `_docx`

    return html(redline).encode()


def _markdown(redline: Redline, wishes: Wishes) -> bytes:
    del wishes
    from bargaining.writers.redlines.markdown import markdown  # noqa: PLC0415 - as in `_docx`

    return markdown(redline).encode()


def _critic(redline: Redline, wishes: Wishes) -> bytes:
    del wishes
    from bargaining.writers.redlines.markdown import critic  # noqa: PLC0415 - as in `_docx`

    return critic(redline).encode()


def _json(redline: Redline, wishes: Wishes) -> bytes:
    del wishes
    from bargaining.writers.json import to_json  # noqa: PLC0415 - as in `_docx`

    return (to_json(redline) + "\n").encode()


WRITERS: Final[dict[str, Callable[[Redline, Wishes], bytes]]] = {  # the longest ending first
    ".critic.md": _critic,
    ".docx": _docx,
    ".html": _html,
    ".md": _markdown,
    ".json": _json,
}


def writer_of(name: str) -> Callable[[Redline, Wishes], bytes]:
    """Return what writes a file of this name.

    Raises:
        AskError: its ending is that of no format.
    """
    for ending, writer in WRITERS.items():
        if name.lower().endswith(ending):
            return writer
    raise AskError(
        f"A redline is not written as “{name}”.", hint=f"The endings are {', '.join(WRITERS)}."
    )


def write(
    redline: Redline,
    name: str,
    *,
    original: bytes | None = None,
    inserted_by: Collection[str] | None = None,
    flat: bool = False,
    moves: bool = False,
    undated: str = "1900-01-01",
) -> bytes:
    """Return a redline as the bytes of a file; all but the first two matter to Word documents only.

    Args:
        redline: the redline, as `Chain.redline` returns it.
        name: the name of the file; its ending tells the format. It is not opened.
        original: the bytes of the newer revision's paper, to be dressed in, where it is a .docx.
        inserted_by: which marks mean inserted in that, as it was read.
        flat: say in comments what was dropped in between, instead of marks inside marks.
        moves: write moved words as moves.
        undated: the ISO date of marks by revisions of which no date is known.

    Raises:
        AskError: the ending is that of no format.
        BargainingError: this redline cannot be written exactly in that format, or what writes it is
            not installed.
    """
    return writer_of(name)(redline, Wishes(original, inserted_by, flat, moves, undated))


def write_clean(
    revision: Revision,
    text: str,
    *,
    exact: bool = False,
    title: Sequence[str] = (),
    original: bytes | None = None,
    inserted_by: Collection[str] | None = None,
) -> bytes:
    """Return one revision as the bytes of a clean .docx.

    Args:
        revision: the revision.
        text: its text.
        exact: whether that has paragraphs and spacing of its own, as that of a Word document.
        title: the lines to stand above it.
        original: the bytes of its paper, where that is a .docx: then it is that, without marks.
        inserted_by: which marks mean inserted in that, as it was read.

    Raises:
        BargainingError: it cannot be written exactly, or what writes it is not installed.
    """
    try:
        from bargaining.writers.word import documents  # noqa: PLC0415 - needs lxml, an extra
    except ImportError as error:
        raise BargainingError("Word documents cannot be written here.", hint=_NO_LXML) from error
    filed = None if original is None else documents.Original(original, inserted_by)
    return documents.clean_docx(revision, text, exact=exact, title=title, original=filed)


def is_instead(data: bytes) -> bool:
    """True for a plain Word document that was written because the filed one could not be."""
    return INSTEAD.encode() in ZipFile(BytesIO(data)).read("word/document.xml")
