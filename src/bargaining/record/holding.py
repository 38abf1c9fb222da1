"""Holding: reading the first bytes of a record without letting go of its locks.

Strategy: POSIX takes away all locks that a process has on a file when the process closes any handle
of it (fcntl(2), “Advisory record locking”; SQLite, “How To Corrupt An SQLite Database File”, 2.2).
A program that has a record open and opens it again, in another thread, must not close a handle of
its own. So there is one handle for each file while any store has it open.

This module knows files, not what is in them. Elsewhere than on POSIX nothing needs to be held.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import Final

import attrs

Key = tuple[int, int]


@attrs.define
class _Held:
    """A handle of a file, and how many stores have the file open."""

    handle: int
    stores: int = 0


_HELD: Final[dict[Key, _Held]] = {}
_LOCK: Final = Lock()


def hold(path: Path) -> Key | None:
    """Hold a file until `let_go` was called as often; None where there is nothing to be held."""
    if os.name != "posix" or not path.is_file():
        return None
    with _LOCK:
        key = _key(path)
        if key not in _HELD:
            _HELD[key] = _Held(os.open(path, os.O_RDONLY))
        _HELD[key].stores += 1
        return key


def let_go(key: Key | None) -> None:
    """Let go of a file, when all that was opened of it is closed."""
    if key is None:
        return
    with _LOCK:
        held = _HELD[key]
        held.stores -= 1
        if not held.stores:
            os.close(_HELD.pop(key).handle)


def first_bytes(path: Path, size: int) -> bytes:
    """Return the first bytes of a file.

    Raises:
        OSError: it cannot be read.
    """
    with _LOCK:
        held = _HELD.get(_key(path))
        if held is not None:
            return os.pread(held.handle, size, 0)
        with path.open("rb") as file:
            return file.read(size)


def _key(path: Path) -> Key:
    found = path.stat()
    return found.st_dev, found.st_ino
