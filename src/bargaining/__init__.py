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

from pathlib import Path
from typing import TYPE_CHECKING

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
from bargaining.fabric import Rung
from bargaining.labels import Label, read_label
from bargaining.model import (
    Annotation,
    Answer,
    Diff,
    DiffRun,
    Doubt,
    Event,
    Hunk,
    Near,
    Origin,
    Paper,
    Part,
    Passage,
    Place,
    Raised,
    Revision,
    Run,
    Span,
)
from bargaining.readers import read

if TYPE_CHECKING:
    from bargaining.record import Record, Submission

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "Answer",
    "AskError",
    "BargainingError",
    "Chain",
    "ConflictError",
    "Diff",
    "DiffRun",
    "DigestError",
    "Doubt",
    "Event",
    "Hunk",
    "Label",
    "Near",
    "NotFoundError",
    "NotOnFileError",
    "Origin",
    "Paper",
    "PaperError",
    "Part",
    "Passage",
    "Place",
    "Raised",
    "Record",
    "RecordError",
    "Revision",
    "Run",
    "Rung",
    "Span",
    "StorageError",
    "Submission",
    "open",
    "read",
    "read_label",
]


def open(path: str | Path = "bargaining.db", *, write: bool = False) -> Record:  # noqa: A001
    """Open the record at `path`, to ask it or (with `write`) to file papers in it.

    Raises:
        NotFoundError: there is no record, and it is only to be read.
        RecordError: the file is no record, or one of another format.
        StorageError: the file cannot be opened.
    """
    # Imported where it is used: chains of texts need no SQLite.
    from bargaining.record import Record  # noqa: PLC0415

    return Record.open(path, write=write)


def __getattr__(name: str) -> object:
    # The record is imported when it is first named: chains of texts need no SQLite.
    if name in {"Record", "Submission"}:
        from bargaining import record  # noqa: PLC0415

        return getattr(record, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
