"""Version control for negotiated agreements.

    import bargaining

    chain = bargaining.Chain.from_texts([("Union Proposal 1-8-25", "..."), ...])
    chain.blame("Union Proposal 1-8-25")   # who could have proposed each word
    chain.who("mutual agreement")          # who proposed this wording, and what became of it

    with bargaining.open("bargaining.db") as record:   # the same chains, from a record
        record.chain("class size").diff(1, 2)

Strategy: this module only names what is public; what is not named here may change.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bargaining.display import draw_with

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.errors import (
        AskError,
        BargainingError,
        ConflictError,
        DigestError,
        NotFoundError,
        NotOnFileError,
        PaperError,
        RecordError,
        StorageError,
    )
    from bargaining.labels import Label, read_label
    from bargaining.model import (
        Annotation,
        Answer,
        Check,
        ClauseStatus,
        Diff,
        DiffRun,
        Doubt,
        Event,
        Evidence,
        Explanation,
        Finding,
        Gone,
        Hunk,
        MadeOf,
        Movement,
        Near,
        Offer,
        Origin,
        Paper,
        Part,
        Passage,
        Place,
        Raised,
        Redline,
        RedlinePart,
        RedlineRun,
        Revision,
        Run,
        Span,
        Status,
        Turn,
    )
    from bargaining.readers import read
    from bargaining.record import Record, Submission
    from bargaining.weave.woven import Rung
    from bargaining.writers.formats import (
        write,
        write_clean,
        write_coloured,
        write_columns,
    )

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "Answer",
    "AskError",
    "BargainingError",
    "Chain",
    "Check",
    "ClauseStatus",
    "ConflictError",
    "Diff",
    "DiffRun",
    "DigestError",
    "Doubt",
    "Event",
    "Evidence",
    "Explanation",
    "Finding",
    "Gone",
    "Hunk",
    "Label",
    "MadeOf",
    "Movement",
    "Near",
    "NotFoundError",
    "NotOnFileError",
    "Offer",
    "Origin",
    "Paper",
    "PaperError",
    "Part",
    "Passage",
    "Place",
    "Raised",
    "Record",
    "RecordError",
    "Redline",
    "RedlinePart",
    "RedlineRun",
    "Revision",
    "Run",
    "Rung",
    "Span",
    "Status",
    "StorageError",
    "Submission",
    "Turn",
    "open",
    "read",
    "read_label",
    "write",
    "write_clean",
    "write_coloured",
    "write_columns",
]


def open(  # noqa: A001
    path: str | Path = "bargaining.db",
    *,
    write: bool = False,
    cache: str | Path | None = None,
    shelf: str | Path | None = None,
) -> Record:
    """Open the record at `path`, to ask it or (with `write`) to file papers in it.

    Args:
        path: where the record is: a file, or the URL of a PostgreSQL database.
        write: whether something is to be filed.
        cache: a folder of your own in which what answers are read off is kept from one time to the
            next; None to work it out each time. Never one that came with the record.
        shelf: what `cache` was called before.

    Raises:
        NotFoundError: there is no record, and it is only to be read.
        AskError: the URL is of no kind that is known.
        RecordError: it is no record, or one of another format.
        StorageError: it cannot be opened.
    """
    # Imported where it is used: chains of texts need no SQLite.
    from bargaining.record import FolderCache, Record  # noqa: PLC0415

    folder = shelf if cache is None else cache
    return Record.open(path, write=write, cache=None if folder is None else FolderCache(folder))


def _draw(value: object) -> str:
    """Draw a value for a notebook. The writers are imported when the first is drawn."""
    from bargaining.writers.notebook import draw  # noqa: PLC0415

    return draw(value)


draw_with(_draw)

# Where each public name lives. A room is entered when the first of its names is: a question from
# the shell needs no readers, and chains of texts need no SQLite.
_ROOMS = {
    "chain": ("Chain",),
    "errors": (
        "AskError",
        "BargainingError",
        "ConflictError",
        "DigestError",
        "NotFoundError",
        "NotOnFileError",
        "PaperError",
        "RecordError",
        "StorageError",
    ),
    "weave.woven": ("Rung",),
    "labels": ("Label", "read_label"),
    "model": (
        "Annotation",
        "Answer",
        "Check",
        "ClauseStatus",
        "Diff",
        "DiffRun",
        "Doubt",
        "Event",
        "Evidence",
        "Explanation",
        "Finding",
        "Gone",
        "Hunk",
        "MadeOf",
        "Movement",
        "Near",
        "Offer",
        "Origin",
        "Paper",
        "Part",
        "Passage",
        "Place",
        "Raised",
        "Redline",
        "RedlinePart",
        "RedlineRun",
        "Revision",
        "Run",
        "Span",
        "Status",
        "Turn",
    ),
    "readers": ("read",),
    "record": ("Record", "Submission"),
    "writers.formats": ("write", "write_clean", "write_coloured", "write_columns"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
