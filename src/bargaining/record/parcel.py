"""Parcels: the files of a bundle, read one by one out of a folder or a zip, within limits.

Strategy: names and sizes are looked at first, before any file is read: only names that a bundle
can have, no links, no name twice, no more files and bytes than any bundle has. A file is read when
it is asked for, so that a bundle of thousands of papers takes no more memory than its largest file.

This module knows names and bytes; what they mean is for `bundle`.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import attrs

from bargaining.errors import RecordError, StorageError

MOST_FILES: Final = 300_000
MOST_BYTES: Final = 8 * 1024**3  # of all files together
MOST_OF_ONE: Final = 1024**3  # bytes of one file; the journal is the longest
MOST_RATIO: Final = 100  # by which a zip of more than a few files can be smaller than they are
FEW_BYTES: Final = 256 * 1024 * 1024
_SHOWN: Final = 80  # characters of a name in an error
HINT: Final = "Ask for the bundle again, and do not trust this one."
_NAME: Final = re.compile(
    r"manifest\.json|journal\.txt|README\.txt|originals/[0-9]{4,9}(?:\.[a-z0-9]{1,8})?"
    r"|texts/[0-9]{4,9}\.txt"
)
_PACKED: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@attrs.frozen
class Parcel(Mapping[str, bytes]):
    """The files of a bundle by their names.

    Attributes:
        sizes: how many bytes each file has, as the folder or the zip says.
        read: reads one; raises `RecordError` where it cannot be read or is larger.
    """

    sizes: Mapping[str, int]
    read: Callable[[str], bytes]

    def __getitem__(self, name: str) -> bytes:
        if name not in self.sizes:
            raise KeyError(name)
        data = self.read(name)
        if len(data) != self.sizes[name]:
            raise RecordError(f"“{one_line(name[:_SHOWN])}” is not as long as it says.", hint=HINT)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)


@contextmanager
def opened(path: Path) -> Iterator[Parcel]:
    """Look at the files of a bundle, a folder or a zip, and hand them out while it is open.

    Raises:
        RecordError: it is no bundle, holds what none has, or goes beyond a limit.
        StorageError: it cannot be read.
    """
    if path.is_dir():
        with _told(path):
            parcel = _folder(path)
        yield parcel
        return
    with ExitStack() as stack:
        with _told(path):
            archive = stack.enter_context(zipfile.ZipFile(path))
            parcel = _zip(archive, path)
        yield parcel


def one_line(text: str) -> str:
    """Return a text as it can stand in a line."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _folder(path: Path) -> Parcel:
    sizes: dict[str, int] = {}
    for one in path.rglob("*"):
        name = one.relative_to(path).as_posix()
        if one.is_symlink() or not (one.is_file() or one.is_dir()):
            raise RecordError(f"“{one_line(name[:_SHOWN])}” is no plain file.", hint=HINT)
        if one.is_file():
            sizes[name] = one.stat().st_size
        if len(sizes) > MOST_FILES:
            break
    _refuse_beyond(sizes)

    def read(name: str) -> bytes:
        with _told(path), (path / name).open("rb") as stream:
            return stream.read(sizes[name] + 1)

    return Parcel(dict(sorted(sizes.items())), read)


def _zip(archive: zipfile.ZipFile, path: Path) -> Parcel:
    found = [one for one in archive.infolist() if not one.is_dir()]
    if {one.compress_type for one in found} - _PACKED:
        raise RecordError("The zip is packed strangely.", hint=HINT)
    by_name: dict[str, zipfile.ZipInfo] = {}
    for one in found:
        if one.filename in by_name:
            raise RecordError(
                f"The zip holds “{one_line(one.filename[:_SHOWN])}” twice.", hint=HINT
            )
        by_name[one.filename] = one
    sizes = {name: one.file_size for name, one in by_name.items()}
    _refuse_beyond(sizes)
    if sum(sizes.values()) > max(FEW_BYTES, MOST_RATIO * path.stat().st_size):
        raise RecordError(_LARGER, hint=HINT)

    def read(name: str) -> bytes:
        with _told(path), archive.open(by_name[name]) as stream:
            return stream.read(sizes[name] + 1)

    return Parcel(sizes, read)


_LARGER: Final = "The bundle is larger than any that is read."


def _refuse_beyond(sizes: Mapping[str, int]) -> None:
    """Refuse names that no bundle has, and more than any has.

    Raises:
        RecordError: there is such a name, or too much.
    """
    for name in sizes:
        if _NAME.fullmatch(name) is None:
            raise RecordError(f"“{one_line(name[:_SHOWN])}” is no file of a bundle.", hint=HINT)
    beyond = max(sizes.values(), default=0) > MOST_OF_ONE or sum(sizes.values()) > MOST_BYTES
    if len(sizes) > MOST_FILES or beyond:
        raise RecordError(_LARGER, hint=HINT)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the operating system and the zip say into errors for the person."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}.") from error
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError),
        *(OverflowError, IndexError),  # an offset beyond 63 bits; a file without a name
    ) as error:
        raise RecordError(f"{path} is no bundle, or is damaged.", hint=HINT) from error
