"""Stores: where the rows of a record lie, in a file of one's own or on a shared server.

`protocol` is what is asked of a store. `sqlite` and `postgres` answer it and know nothing of each
other; `sqlite_file` is the door of a file, `locks` keeps two writers apart. Here a place gets the
store that opens it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bargaining.errors import AskError
from bargaining.record.stores.protocol import Store

_SCHEMES: Final = ("postgresql://", "postgres://")
# What is meant for a server, and would otherwise be the name of a new file.
_MEANT: Final = re.compile(
    r"://|^postgres\w*:|\b(?:host|hostaddr|dbname|user|service)=", re.IGNORECASE
)


def is_server(location: str | Path) -> bool:
    """True when a record's location is the URL of a PostgreSQL server."""
    return isinstance(location, str) and location.lower().startswith(_SCHEMES)


def open_store(location: str | Path, *, write: bool) -> Store:
    """Open the store at a path or URL.

    Args:
        location: the path of a file, or `postgresql://…`.
        write: whether something is to be filed.

    Raises:
        AskError: the URL is of no server that is known.
        NotFoundError: there is no record, and it is only to be read.
        RecordError: what is there is no record, or one of another format.
        StorageError: it cannot be opened.
    """
    if is_server(location):
        from bargaining.record.stores.postgres import PostgresStore  # noqa: PLC0415 - needs an extra

        return PostgresStore.open(str(location), write=write)
    if _MEANT.search(str(location)):
        raise AskError(  # without it: a password may be in it
            "That is no place for a record.",
            hint="Name a file, or postgresql://USER@HOST/DATABASE.",
        )
    from bargaining.record.stores.sqlite import SqliteStore  # noqa: PLC0415 - a server needs none

    return SqliteStore.open(Path(location), write=write)
