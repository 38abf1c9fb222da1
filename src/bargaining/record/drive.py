"""Drives: whether a record lies on another computer, where SQLite's locks cannot be relied on.

Strategy: the operating system says what is mounted where, and a table says which kinds of file
system are another computer's. Two who file at once are kept apart by locks, and network drives
grant locks that they do not hold (SQLite: "How To Corrupt An SQLite Database File", section 2.1);
so whoever files there is told. Nothing is refused: one who files alone needs no locks.

On Linux the table of mounts is read, on Windows the path says it; elsewhere nothing is known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

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
