"""A cache in a folder of one's own: what was worked out of records, one file each.

Strategy: files are named by their key and written whole (to another name, then renamed), readable
by their owner only, because they hold the words of papers. Whatever goes wrong, the cache is as if
empty: nothing here is needed, and all of it can be deleted at any time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from bargaining.record.files import private_folder

_OURS: Final = re.compile(r"[0-9a-f]{64}")  # nothing else in the folder is touched
_LARGEST: Final = 1 << 28  # bytes
_MOST_INDEXES: Final = 64  # of records
_MOST: Final = 4096  # files; beyond that the oldest half goes


class FolderCache:
    """A `Cache` in a folder, which is made when something is put there."""

    def __init__(self, folder: str | Path) -> None:
        """Use `folder`, which nobody else may write to."""
        self._folder = Path(folder)

    def place(self, name: str) -> Path:
        """Return where a file can be kept that is more than bytes."""
        return self._folder / name

    def get(self, key: str) -> bytes | None:
        """Return what was put there, or None."""
        with suppress(OSError), (self._folder / key).open("rb") as file:
            return file.read(_LARGEST)
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`, if that can be done."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with private_folder(self._folder) as beside:
                (beside / key).write_bytes(data)
                (beside / key).chmod(0o600)
                (beside / key).replace(self._folder / key)
            self._tidy()

    def drop(self, key: str) -> None:
        """Forget what was put there."""
        with suppress(OSError):
            (self._folder / key).unlink(missing_ok=True)

    def _tidy(self) -> None:
        found = list(self._folder.iterdir())
        _drop_oldest([path for path in found if _OURS.fullmatch(path.name)], _MOST)
        _drop_oldest([path for path in found if path.suffix == ".index"], _MOST_INDEXES)


def _drop_oldest(files: Sequence[Path], most: int) -> None:
    """Drop the older half of files, where they are too many."""
    if len(files) > most:
        for path in sorted(files, key=lambda path: path.stat().st_mtime)[: most // 2]:
            path.unlink(missing_ok=True)
