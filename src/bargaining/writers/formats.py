"""Formats: how a redline is written as a file, by the file's ending.

Strategy: one table; a new format is a new entry and a module of its own, imported when it is asked
for. Every entry gets the same redline; all but JSON, which says everything, read back what they
wrote.

This module opens no file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from html import unescape
from io import BytesIO
from types import ModuleType
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from bargaining.chain import Chain
from bargaining.errors import AskError, BargainingError
from bargaining.model import Redline, Revision
from bargaining.writers.authors import INSTEAD, OURS, not_marked, standing

if TYPE_CHECKING:
    from bargaining.writers.exhibit import Exhibit

_NO_LXML: Final = "Install what writes Word documents: pip install 'bargaining[docx]'"


def _html(redline: Redline, exact: bool) -> str:
    from bargaining.writers.redlines.html import html  # noqa: PLC0415 - only when it is asked for

    return html(redline, exact=exact)


def _markdown(redline: Redline, _: bool) -> str:
    from bargaining.writers.redlines.markdown import markdown  # noqa: PLC0415 - as in `_html`

    return markdown(redline)


def _critic(redline: Redline, _: bool) -> str:
    from bargaining.writers.redlines.markdown import critic  # noqa: PLC0415 - as in `_html`

    return critic(redline)


def _json(redline: Redline, _: bool) -> str:
    from bargaining.writers.json import to_json  # noqa: PLC0415 - as in `_html`

    return to_json(redline) + "\n"


_MARK: Final = re.compile(r'<w:(?:ins|del)\b[^>]*? w:author="([^"]*)"[^>]*[^/]>')
_COMMENTS: Final = re.compile(r"(?:^|/)comments\d*\.xml$")
_COMMENT: Final = re.compile(r'<w:comment\b[^>]*? w:author="([^"]*)"')
_WORD: Final = ".docx"
_TEXTS: Final[dict[str, Callable[[Redline, bool], str]]] = {  # the longest ending first
    ".critic.md": _critic,
    ".html": _html,
    ".md": _markdown,
    ".json": _json,
}


def write(
    redline: Redline,
    name: str,
    *,
    original: bytes | None = None,
    inserted_by: Collection[str] | None = None,
    older: bytes | None = None,
    older_by: Collection[str] | None = None,
    flat: bool = False,
    moves: bool = False,
    as_filed: bool = False,
    undated: str = "1900-01-01",
    exact: bool = False,
) -> bytes:
    """Return a redline as the bytes of a file.

    All but the first two and the last argument matter to Word documents only.

    Args:
        redline: the redline, as `Chain.redline` returns it.
        name: the name of the file; its ending tells the format. It is not opened.
        original: the bytes of the newer revision's paper, to be dressed in, where it is a .docx.
        inserted_by: which marks mean inserted in that, as it was read.
        older: the bytes of the older revision's paper, where that is a .docx, too: then everything
            in both is compared.
        older_by: which marks mean inserted in that.
        flat: say in comments what was dropped in between, instead of marks inside marks.
        moves: write moved words as moves.
        as_filed: hand on what is not seen in the papers, too: properties, embedded objects, links.
        undated: the ISO date of marks by revisions of which no date is known.
        exact: on a page, mark what is only written or spaced otherwise, too, which is counted
            there else. All other files are exact always.

    Raises:
        AskError: the ending is that of no format.
        BargainingError: this redline cannot be written exactly in that format, or what writes it is
            not installed.
    """
    if name.lower().endswith(_WORD):
        documents = _documents()
        filed = None if original is None else documents.Original(original, inserted_by, as_filed)
        before = None if older is None else documents.Original(older, older_by, as_filed)
        data: bytes = documents.redline_docx(
            redline, filed, before, flat=flat, moves=moves, undated=undated
        )
        return data
    for ending, writer in _TEXTS.items():
        if name.lower().endswith(ending):
            return writer(redline, exact).encode()
    endings = ", ".join((_WORD, *_TEXTS))
    raise AskError(f"A redline is not written as “{name}”.", hint=f"The endings are {endings}.")


def _documents() -> ModuleType:
    """Return the room that writes Word documents.

    Raises:
        BargainingError: what it needs is not installed.
    """
    try:
        from bargaining.word.writer import documents  # noqa: PLC0415 - needs lxml, an extra
    except ImportError as error:
        raise BargainingError("Word documents cannot be written here.", hint=_NO_LXML) from error
    return documents


def write_coloured(
    chain: Chain,
    which: Revision | str | int,
    name: str,
    *,
    struck: bool = False,
    original: bytes | None = None,
    inserted_by: Collection[str] | None = None,
) -> bytes:
    """Return a revision with every word in its proposer's colour, as the bytes of a file.

    Each proposed word bears the letter of its party, too, so that the file is read in black and
    white as well; what changed since the last paper is underlined.

    Args:
        chain: the document.
        which: the revision.
        name: the name of the file, .docx or .html. It is not opened.
        struck: also show, in their place, the words that were dropped by then.
        original: the bytes of its paper, where that is a .docx: then it is that, coloured.
        inserted_by: which marks mean inserted in that, as it was read.

    Raises:
        AskError: the ending is that of no format.
        NotFoundError: there is no such revision.
        NotOnFileError: its text is not on file.
        BargainingError: it cannot be written exactly, or what writes it is not installed.
    """
    from bargaining.writers.coloured import coloured  # noqa: PLC0415 - as in `_html`

    if name.lower().endswith(_WORD):
        documents = _documents()
        from bargaining.word.writer.coloured import coloured_docx  # noqa: PLC0415 - needs lxml

        filed = None if original is None else documents.Original(original, inserted_by)
        return coloured_docx(coloured(chain, which, struck=struck), filed)
    if name.lower().endswith(".html"):
        from bargaining.writers.coloured_html import html  # noqa: PLC0415 - as in `_html`

        return html(coloured(chain, which, struck=struck)).encode()
    raise AskError(
        f"A coloured copy is not written as “{name}”.", hint="The endings are .docx and .html."
    )


def write_columns(chain: Chain, asked: str, name: str) -> bytes:
    """Return a table with a row for each clause and a column for each chosen revision.

    Args:
        chain: the document.
        asked: the revisions by rung, label or `base`, with commas between them; or `sides`: the
            base, the last paper of each side, and what these agree on.
        name: the name of the file, .docx or .html. It is not opened.

    Raises:
        AskError: the ending is that of no format, or fewer than two revisions are named.
        NotFoundError: there is no such revision.
        NotOnFileError: a text is not on file.
        BargainingError: what writes it is not installed.
    """
    from bargaining.writers.columns import columns  # noqa: PLC0415 - as in `_html`

    if name.lower().endswith(_WORD):
        _documents()
        from bargaining.word.writer.columns import columns_docx  # noqa: PLC0415 - needs lxml

        return columns_docx(columns(chain, asked))
    if name.lower().endswith(".html"):
        from bargaining.writers.columns_html import html  # noqa: PLC0415 - as in `_html`

        return html(columns(chain, asked)).encode()
    raise AskError(f"A table is not written as “{name}”.", hint="The endings are .docx and .html.")


def write_exhibit(found: Exhibit, name: str) -> bytes:
    """Return one clause, round by round, as the bytes of a file.

    Args:
        found: the exhibit.
        name: the name of the file, .docx or .html. It is not opened.

    Raises:
        AskError: the ending is that of no format.
        BargainingError: it cannot be written exactly, or what writes it is not installed.
    """
    if name.lower().endswith(_WORD):
        _documents()
        from bargaining.word.writer.exhibit import exhibit_docx  # noqa: PLC0415 - needs lxml

        return exhibit_docx(found)
    if name.lower().endswith(".html"):
        from bargaining.writers.exhibit import html  # noqa: PLC0415 - as in `_html`

        return html(found).encode()
    raise AskError(
        f"An exhibit is not written as “{name}”.", hint="The endings are .docx and .html."
    )


def write_clean(
    revision: Revision,
    text: str,
    *,
    exact: bool = False,
    title: Sequence[str] = (),
    original: bytes | None = None,
    inserted_by: Collection[str] | None = None,
    only_standing: bool = False,
) -> bytes:
    """Return one revision as the bytes of a clean .docx.

    Args:
        revision: the revision.
        text: its text.
        exact: whether that has paragraphs and spacing of its own, as that of a Word document.
        title: the lines to stand above it.
        original: the bytes of its paper, where that is a .docx: then it is that, without marks.
        inserted_by: which marks mean inserted in that, as it was read.
        only_standing: leave out its comments, and which revision it is.

    Raises:
        BargainingError: it cannot be written exactly, or what writes it is not installed.
    """
    documents = _documents()
    filed = None
    if original is not None:
        filed = documents.Original(original, inserted_by, comments=not only_standing)
    said = not only_standing
    data: bytes = documents.clean_docx(
        revision, text, exact=exact, title=title, original=filed, said=said
    )
    return data


def write_standing(
    redline: Redline,
    name: str,
    text: str,
    *,
    exact: bool = False,
    original: bytes | None = None,
    inserted_by: Collection[str] | None = None,
) -> bytes:
    """Return the newer text of a redline alone: no marks, struck words, authors, dates, comments.

    Args:
        redline: the redline.
        name: the name of the file; its ending tells the format. It is not opened.
        text: the text of the newer revision.
        exact: as in `write_clean`.
        original: the bytes of its paper, as in `write_clean`.
        inserted_by: which marks mean inserted in that.

    Raises:
        AskError: the ending is that of no format that can leave the rest out.
        BargainingError: the text cannot be written exactly in that format.
    """
    if name.lower().endswith(".json"):
        raise AskError(
            "A .json file holds all that is known of both texts.",
            hint="Write what stands alone as .docx, .html or .md.",
        )
    if not name.lower().endswith(_WORD):
        return write(standing(redline), name)
    return write_clean(
        redline.new,
        text,
        exact=exact,
        title=redline.title or tuple(filter(None, [redline.chain])),
        original=original,
        inserted_by=inserted_by,
        only_standing=True,
    )


def left_out(original: bytes, *, comments: bool = True) -> tuple[str, ...]:
    """Return what a filed Word document holds that goes out only as filed, in words.

    Args:
        original: its bytes.
        comments: whether its comments go out.

    Raises:
        PaperError: it is no Word document.
        BargainingError: what reads it is not installed.
    """
    said: tuple[str, ...] = _documents().left_out(original, comments=comments)
    return said


def authors_in(data: bytes) -> list[str]:
    """Return who made each mark of words in a Word document, in the order of its parts."""
    archive = ZipFile(BytesIO(data))
    parts = [name for name in sorted(archive.namelist()) if name.endswith(".xml")]
    found = (_MARK.findall(archive.read(name).decode()) for name in parts)
    return [unescape(name) for names in found for name in names]


def commenters_in(data: bytes) -> list[str]:
    """Return who made each comment in a Word document that this software did not make."""
    archive = ZipFile(BytesIO(data))
    parts = [name for name in archive.namelist() if _COMMENTS.search(name)]
    found = [name for part in parts for name in _COMMENT.findall(archive.read(part).decode())]
    return [unescape(name) for name in found if name != OURS]


def names_revision(data: bytes) -> bool:
    """True for a plain Word document of one revision, which says above the text which that is."""
    return b'styleId="Ladder"' in ZipFile(BytesIO(data)).read("word/styles.xml")


def not_marked_in(redline: Redline, data: bytes) -> str:
    """Return the sentence of a written Word redline that says what it does not mark, if any."""
    said = not_marked(redline)
    with ZipFile(BytesIO(data)) as archive:
        comments = [archive.read(name) for name in archive.namelist() if "comments" in name]
    return said if any(said.encode() in one for one in comments) else ""


def is_instead(data: bytes) -> bool:
    """True for a plain Word document that was written because the filed one could not be."""
    return INSTEAD.encode() in ZipFile(BytesIO(data)).read("word/document.xml")
