"""Locks: reading the first bytes of a record without letting go of its locks; whose they are.

Strategy: POSIX takes away all locks that a process has on a file when the process closes any handle
of it (fcntl(2), “Advisory record locking”; SQLite, “How To Corrupt An SQLite Database File”, 2.2).
A program that has a record open and opens it again, in another thread, must not close a handle of
its own. So there is one handle for each file while any store has it open.

On another computer's drive the locks of SQLite cannot be relied on: the operating system says what
is mounted where, and a table says which kinds of file system are another computer's.

This module knows files, not what is in them. Elsewhere than on POSIX nothing needs to be held.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
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


# Drives.

_MOUNTS: Final = Path("/proc/self/mountinfo")
_NETWORK: Final = frozenset(
    "afs ceph cifs coda davfs fuse.davfs fuse.glusterfs fuse.rclone fuse.sshfs lustre ncpfs nfs "
    "nfs4 smb3 smbfs".split()
)
_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def is_network_drive(path: Path) -> bool:
    """True when the file at `path`, there or not yet, is known to lie on another computer."""
    place = os.path.realpath(path)
    if os.name == "nt":
        return is_unc(place)
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return file_system(PurePosixPath(place), mounts) in _NETWORK


def is_unc(place: str) -> bool:
    r"""True for a path of Windows' that names another computer: `\\server\share\…`."""
    local = place.startswith(("\\\\?\\", "\\\\.\\"))
    return place.upper().startswith("\\\\?\\UNC\\") or (place.startswith("\\\\") and not local)


def file_system(place: PurePosixPath, mounts: str) -> str:
    """Return the kind of the file system that a place is on, or an empty string.

    Args:
        place: an absolute path without links.
        mounts: what `/proc/self/mountinfo` says (proc_pid_mountinfo(5)).
    """
    above = {place, *place.parents}
    found = [(len(at.parts), n, kind) for n, (at, kind) in enumerate(_read(mounts)) if at in above]
    return max(found)[2] if found else ""  # of two on one place, the later covers the other


def _read(mounts: str) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield where each file system is mounted, and its kind."""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        if len(fields) > 4:  # noqa: PLR2004 - the fifth is the place
            yield PurePosixPath(_ESCAPE.sub(lambda code: chr(int(code[1], 8)), fields[4])), kind
