"""The record: one place that holds every paper, append-only, each entry hashed to the one before.

Strategy: `journal` is what is hashed, `stores` is where it lies (`sqlite`, `postgres`), `filing` is
what a paper is filed as and `naming` what it calls itself, `catalogue` is what the journal says,
`chains` what follows from it for each document and `ordering` where nothing tells the place of a
paper, `transaction` is how it is added to, `verification` how it is held against its digests;
`record` puts them together.
"""

from typing import TYPE_CHECKING

from bargaining.record.cache_folder import FolderCache
from bargaining.record.journal import Head
from bargaining.record.record import Filed, Record
from bargaining.record.verification import Verification, Withdrawn

if TYPE_CHECKING:
    from bargaining.record.filing import Reading, Submission, prepare

FolderShelf = FolderCache  # its name before 0.2

__all__ = [
    "Filed",
    "FolderCache",
    "FolderShelf",
    "Head",
    "Reading",
    "Record",
    "Submission",
    "Verification",
    "Withdrawn",
    "prepare",
]


def __getattr__(name: str) -> object:
    # Filing needs the readers; asking does not, and starts sooner without them.
    if name in {"Reading", "Submission", "prepare"}:
        from bargaining.record import filing  # noqa: PLC0415

        return getattr(filing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
