"""Bundle files: the files of a bundle, read one by one out of a folder or a zip, within limits.

Strategy: names and sizes are looked at first, before any file is read: only names that a bundle
can have, no links, no name twice, no more files and bytes than any bundle has. A file is read when
it is asked for, and what may be long line by line or block by block, so that a bundle of thousands
of papers takes no more memory than one of them, whatever a small zip unpacks to.

This module knows names and bytes; what they mean is for `bundle`.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import sha256
from io import BufferedReader, BytesIO, FileIO
from pathlib import Path
from typing import IO, Final, Self

import attrs

from bargaining.errors import RecordError, StorageError
from bargaining.model import MAX_BYTES

MOST_FILES: Final = 300_000
MOST_BYTES: Final = 8 * 1024**3  # of all files together
MOST_OF_ONE: Final = 1024**3  # bytes of the journal, or of README.txt: neither is read at once
MOST_OF_TEXT: Final = 3 * MAX_BYTES  # no UTF-16 code unit of a text takes more in UTF-8
MOST_OF_ENTRY: Final = 4 * MAX_BYTES  # as of any value of a record
MOST_RATIO: Final = 100  # by which a zip of more than a few bytes can be smaller than its files
FEW_BYTES: Final = MAX_BYTES + MOST_OF_TEXT + MOST_OF_ENTRY  # what one filing may come to
_FEW_OF_JOURNAL: Final = 1 << 20
_OF_MANIFEST: Final = 1000, 200  # bytes, and bytes for each file
_OF_LIST: Final = 200  # bytes of a zip's list, for each file
_BLOCK: Final = 1 << 20
_SHOWN: Final = 80  # characters of a name in an error
HINT: Final = "Ask for the bundle again, and do not trust this one."
_NAME: Final = re.compile(
    r"manifest\.json|journal\.txt|README\.txt|originals/[0-9]{4,9}(?:\.[a-z0-9]{1,8})?"
    r"|texts/[0-9]{4,9}\.txt"
)
_FOLDERS: Final = {"originals", "texts"}
_PACKED: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


@attrs.frozen
class BundleFiles(Mapping[str, bytes]):
    """The files of a bundle by their names.

    Attributes:
        sizes: how many bytes each file has, as the folder or the zip says.
        open: opens one to be read; raises `RecordError` where it cannot be read.
    """

    sizes: Mapping[str, int]
    open: Callable[[str], AbstractContextManager[IO[bytes]]]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Self:
        """Return the bundle files of files that are at hand."""
        sizes = {name: len(data) for name, data in files.items()}
        return cls(sizes, lambda name: BytesIO(files[name]))

    def __getitem__(self, name: str) -> bytes:
        if name not in self.sizes:
            raise KeyError(name)
        with self.open(name) as stream:
            data = stream.read(self.sizes[name] + 1)
        self._refuse_other_size(name, len(data))
        return data

    def __contains__(self, name: object) -> bool:
        return name in self.sizes  # what `Mapping` has would read the file

    def __iter__(self) -> Iterator[str]:
        return iter(self.sizes)

    def __len__(self) -> int:
        return len(self.sizes)

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file, read block by block, in lower-case hex.

        Raises:
            RecordError: it cannot be read, or is not as long as it says.
        """
        found, size = sha256(), 0
        with self.open(name) as stream:
            while size <= self.sizes[name] and (block := stream.read(_BLOCK)):
                found.update(block)
                size += len(block)
        self._refuse_other_size(name, size)
        return found.hexdigest()

    def lines(self, name: str, most: int) -> Iterator[bytes]:
        """Yield the lines of a file, with their line feeds; a longer one in pieces of `most` bytes.

        Raises:
            RecordError: it cannot be read.
        """
        with self.open(name) as stream:
            while line := stream.readline(most):
                yield line

    def _refuse_other_size(self, name: str, size: int) -> None:
        if size != self.sizes[name]:
            raise RecordError(f"“{one_line(name[:_SHOWN])}” is not as long as it says.", hint=HINT)


class _Zipped(BufferedReader):
    """A zip of which no more is read at once than the list of a bundle's files takes.

    `zipfile` reads that list whole before it can be counted.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        """Read so many bytes.

        Raises:
            RecordError: they are more than the longest list.
        """
        if (size or 0) > _OF_LIST * MOST_FILES:
            raise RecordError(_LARGER, hint=HINT)
        return super().read(size)


@contextmanager
def opened(path: Path) -> Iterator[BundleFiles]:
    """Look at the files of a bundle, a folder or a zip, and hand them out while it is open.

    Raises:
        RecordError: it is no bundle, holds what none has, or goes beyond a limit.
        StorageError: it cannot be read.
    """
    with _told(path):
        is_folder, is_other = path.is_dir(), path.exists() and not path.is_file()
    if is_folder:
        with _told(path):
            bundle_files = _folder(path)
        yield bundle_files
        return
    if is_other:  # opening a pipe would wait for whoever writes to it
        raise RecordError(f"{path} is no plain file and no folder.", hint=HINT)
    with ExitStack() as stack:
        with _told(path):
            stream = stack.enter_context(_Zipped(FileIO(path)))
            archive = stack.enter_context(zipfile.ZipFile(stream))
            bundle_files = _zip(archive, path)
        yield bundle_files


def one_line(text: str) -> str:
    """Return a text as it can stand in a line."""
    return "".join(c if c.isprintable() else "?" for c in text)


def is_beyond(sizes: Mapping[str, int]) -> bool:
    """True when files (bytes by name) are more or larger than those of any bundle that is read."""
    if len(sizes) > MOST_FILES or sum(sizes.values()) > MOST_BYTES:
        return True
    most = {
        "originals": MAX_BYTES,
        "texts": MOST_OF_TEXT,
        "manifest.json": _OF_MANIFEST[0] + _OF_MANIFEST[1] * len(sizes),
    }
    kinds = ((name.partition("/")[0], size) for name, size in sizes.items())
    return any(size > most.get(kind, MOST_OF_ONE) for kind, size in kinds)


def is_packed_tightly(sizes: Mapping[str, int], packed: int) -> bool:
    """True when a zip of so many bytes is smaller than any that is read, for what is in it.

    A paper may repeat one word, and is read by itself. Entries are kept until all are read, and
    each has a hash, which cannot be packed: so of them less is allowed.
    """
    said = sum(sizes.get(name, 0) for name in ("journal.txt", "README.txt"))
    least = MOST_RATIO * packed
    return sum(sizes.values()) > max(FEW_BYTES, least) or said > max(_FEW_OF_JOURNAL, least)


def _folder(path: Path) -> BundleFiles:
    sizes: dict[str, int] = {}
    for one in path.rglob("*"):
        name = one.relative_to(path).as_posix()
        if one.is_symlink() or not (one.is_file() or one.is_dir()):
            raise RecordError(f"“{one_line(name[:_SHOWN])}” is no plain file.", hint=HINT)
        if one.is_dir():
            _refuse_folder(name)
        else:
            sizes[name] = one.stat().st_size
        if len(sizes) > MOST_FILES:
            break
    _refuse_beyond(sizes)

    @contextmanager
    def open_(name: str) -> Iterator[IO[bytes]]:
        with _told(path), (path / name).open("rb") as stream:
            yield stream

    return BundleFiles(dict(sorted(sizes.items())), open_)


def _zip(archive: zipfile.ZipFile, path: Path) -> BundleFiles:
    for one in archive.infolist():
        if one.is_dir():
            _refuse_folder(one.filename[:-1])
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
    if is_packed_tightly(sizes, path.stat().st_size):
        raise RecordError(_LARGER, hint=HINT)

    @contextmanager
    def open_(name: str) -> Iterator[IO[bytes]]:
        with _told(path), archive.open(by_name[name]) as stream:
            yield stream

    return BundleFiles(sizes, open_)


_LARGER: Final = "The bundle is larger than any that is read."


def _refuse_folder(name: str) -> None:
    if name not in _FOLDERS:
        raise RecordError(f"“{one_line(name[:_SHOWN])}” is no folder of a bundle.", hint=HINT)


def _refuse_beyond(sizes: Mapping[str, int]) -> None:
    """Refuse names that no bundle has, and more than any has.

    Raises:
        RecordError: there is such a name, or too much.
    """
    for name in sizes:
        if _NAME.fullmatch(name) is None:
            raise RecordError(f"“{one_line(name[:_SHOWN])}” is no file of a bundle.", hint=HINT)
    if is_beyond(sizes):
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
