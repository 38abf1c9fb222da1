"""Finding: which of many documents to ask for a wording, and asking them side by side.

Strategy: of few documents every one is asked. Of many the index names those that can hold the
wording, and each of these is asked itself, so that the index decides nothing but what is left out.
Where none holds it, near misses are sought in those that share the most of its words. Whoever has
more than one processor, or a cluster, hands in an executor.

This module knows no command line.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from unicodedata import unidata_version

import attrs

from bargaining.model import Answer
from bargaining.record.folder import FolderShelf
from bargaining.record.index import opened
from bargaining.record.register import Register
from bargaining.record.stores import Store
from bargaining.record.wordings import EDITION, Finder, keys_of, nearest, wanted
from bargaining.shelf import Shelf

if TYPE_CHECKING:
    from concurrent.futures import Executor

MANY: Final = 64  # documents; fewer are all asked


@attrs.frozen
class Finding:
    """Where a wording can stand.

    Attributes:
        register: the journal of the record.
        store: its rows.
        shelf: where an index can be kept, if anywhere.
        threes: returns what is to be indexed of a document, by its name.
    """

    register: Register
    store: Store
    shelf: Shelf | None
    threes: Callable[[str], Collection[str]]

    def holding(self, wording: str) -> list[str] | None:
        """Return the documents that can hold a wording: all that do, and perhaps others.

        None where every one is to be asked: there are few, the wording is too short, or no index.
        """
        sought = wanted(wording)
        return self._named(lambda finder: finder.find(sought)) if sought else None

    def nearest(self, wording: str) -> list[str] | None:
        """Return the documents that hold the most words of a wording; None as above."""
        return self._named(lambda finder: nearest(wording, finder))

    def _named(self, seek: Callable[[Finder], Collection[str]]) -> list[str] | None:
        if len(self.register.names) < MANY:
            return None
        with suppress(OSError, sqlite3.Error), self._finder() as finder:
            if finder is not None:
                keys = set(seek(finder))
                return [n for n in self.register.names if not keys.isdisjoint(keys_of(n))]
        return None

    @contextmanager
    def _finder(self) -> Iterator[Finder | None]:
        """Yield the index, brought up to date."""
        if self.store.finder is not None or not isinstance(self.shelf, FolderShelf):
            yield self.store.finder
            return
        # Which characters are letters depends on Python's Unicode tables.
        path = self.shelf.place(f"{self.register.key}-{EDITION}-{unidata_version}.index")
        with opened(path) as index, index.up_to_date(self.register, self.threes):
            yield index


# Asking.


def side_by_side(
    ask: Callable[[Sequence[str]], list[Answer]],
    names: Sequence[str],
    executor: Executor,
    at_once: int,
) -> Iterator[Answer]:
    """Ask documents through an executor; yield the answers in their order.

    Only `submit` and `result` are used, which every executor has.

    Args:
        ask: asks some documents; it must be possible to send it to another process.
        names: the documents.
        executor: runs it.
        at_once: how many documents it is handed at a time.
    """
    parts = [names[n : n + at_once] for n in range(0, len(names), at_once)]
    for future in [executor.submit(ask, part) for part in parts]:
        yield from future.result()
