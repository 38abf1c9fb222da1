"""Files: plain ones read without waiting, new ones whole and in nobody's place.

Strategy: only a plain file is read: opening a pipe would wait for whoever writes to it, and opening
a device may do anything. What is written holds private text, so it is made beside its place, under
a name that nobody knows, for its owner alone. The name is chosen before there is a file, so that
whatever stops the work, what was begun is taken away again. It takes its place in one step that
fails where something is; the check before only spares the work.

This module knows no records and no formats.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from bargaining.errors import AskError, ConflictError, StorageError

_OPENED: Final = (  # to be read, without waiting and without becoming its terminal
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_LINKS: Final = {  # what drives say that know no hard links
    *(errno.EPERM, errno.ENOSYS, errno.EMLINK),
    *(getattr(errno, name) for name in ("ENOTSUP", "EOPNOTSUPP") if hasattr(errno, name)),
}
_BESIDE: Final = ("-journal", "-wal", "-shm")  # what SQLite looks for beside a record


def is_plain(path: Path) -> bool:
    """Tell whether there is a plain file; not where that cannot be seen."""
    try:
        return path.is_file()
    except OSError:  # a folder on the way that is not ours to look into, or too long a name
        return False


def is_strange(path: Path) -> bool:
    """Tell whether there is something that is neither a plain file nor a folder: a pipe, a device.

    Nothing where that cannot be seen.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def open_plain(path: Path) -> IO[bytes]:
    """Open a plain file to be read.

    Raises:
        OSError: it cannot be read, or is something else.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # to open a device may already do something
        raise _not_plain(path)
    handle = os.open(path, _OPENED)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _not_plain(path)
    return os.fdopen(handle, "rb")


def _not_plain(path: Path) -> OSError:
    return OSError(errno.EINVAL, "it is no plain file", str(path))


def read_plain(path: str | Path, most: int) -> bytes:
    """Read a plain file, never more than `most` bytes.

    Raises:
        FileNotFoundError: there is none.
        StorageError: it cannot be read, or is something else.
    """
    try:
        with open_plain(Path(path)) as file:
            return file.read(most)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}.", hint="Name another."
        ) from error


@contextmanager
def new_file(
    path: Path, *, force: bool = False, spared: Iterable[str | Path] = ()
) -> Iterator[IO[bytes]]:
    """Yield the stream of a file that takes its name when all is written, or is gone.

    Args:
        path: the file.
        force: whether it may take the place of a plain file.
        spared: files whose place it never takes, by whatever name.

    Raises:
        AskError: something is there, or it is one of `spared`.
        StorageError: it cannot be written.
    """
    spared = list(spared)
    _refuse_place(path, spared, force=force)
    beside = _name_beside(path.parent)
    try:
        with _made(beside) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            if hasattr(os, "fchmod"):
                os.fchmod(stream.fileno(), 0o666 & ~_mask())
        _refuse_place(path, spared, force=force)
        take_place(beside, path, force=force)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}.", hint="Name another place."
        ) from error
    finally:
        for _ in range(2):  # what could not be deleted once may be deleted now
            with suppress(OSError):
                beside.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Yield a folder that takes its name when all is in it, and is gone when that fails.

    Raises:
        ConflictError: something has that name.
        StorageError: it cannot be written.
    """
    try:
        refuse_taken(path)
        with private_folder(path.parent) as beside:
            yield beside
            beside.chmod(0o777 & ~_mask())
            _take_folder(beside, path)
    except FileExistsError as error:
        raise ConflictError(f"{path} is there already.", hint="Name a new folder.") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """Yield a new folder for its owner alone, which is gone afterwards unless it was renamed."""
    folder = _name_beside(parent)
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        for _ in range(2):  # as above
            shutil.rmtree(folder, ignore_errors=True)


def refuse_taken(path: Path) -> None:
    """Refuse a name that something has, if only a link that leads nowhere.

    Raises:
        FileExistsError: something has it.
    """
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def take_place(beside: Path, path: Path, *, force: bool = False) -> None:
    """Give a file its name, so that it has it after a loss of power.

    Args:
        beside: the file.
        path: its name.
        force: whether it may take that from another file.

    Raises:
        FileExistsError: something has that name.
        OSError: it cannot be done.
    """
    if force:
        beside.replace(path)
    elif os.name == "nt":
        beside.rename(path)  # which fails where there is one
    else:
        _link(beside, path)
    with suppress(OSError):  # not every drive knows how
        _sync(path.parent)


def _take_folder(beside: Path, path: Path) -> None:
    """Give a folder its name; where an empty one could be replaced, that must be our own."""
    if os.name == "nt":
        beside.rename(path)  # which fails where there is one
        return
    path.mkdir()
    try:
        beside.rename(path)
    except BaseException:
        with suppress(OSError):
            path.rmdir()
        raise


def _link(beside: Path, path: Path) -> None:
    """Give a file a name that nothing has, in one step."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _reserve(beside, path)


def _reserve(beside: Path, path: Path) -> None:
    """Do so on a drive without links: take the name with an empty file, and then its place."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        ours = os.fstat(handle)
    finally:
        os.close(handle)
    if not os.path.samestat(path.lstat(), ours):  # somebody took it in between
        refuse_taken(path)
    try:
        beside.replace(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _made(beside: Path) -> IO[bytes]:
    """Make a new file that its owner alone can read."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(beside, flags, 0o600), "wb")


def _name_beside(folder: Path) -> Path:
    return folder / f".{secrets.token_hex(12)}.tmp"


def _mask() -> int:
    """Return which rights a new file does not have."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _refuse_place(path: Path, spared: Iterable[str | Path], *, force: bool) -> None:
    """Refuse a name that is taken, or that must not be."""
    if any(is_same(path, Path(one)) for one in spared):
        raise AskError(
            f"{path} is the record, or a file that is read here, and is not replaced.",
            hint="Name another file.",
        )
    if os.path.lexists(path):
        if not force:
            raise _taken(path)
        if not is_plain(path):
            raise StorageError(f"{path} is no plain file.", hint="Name another place.")


def _taken(path: Path) -> AskError:
    return AskError(
        f"{path} is there already, and may be a paper.",
        hint="Name another file, or replace it with --force.",
    )


def is_same(path: Path, other: Path) -> bool:
    """True for two names of one file, through links and in whatever case, or of one not yet there.

    What SQLite keeps beside a record counts as the record.
    """
    with suppress(OSError, ValueError):
        if os.path.samestat(path.stat(), other.stat()):
            return True
    place, known = (os.path.normcase(os.path.realpath(one)) for one in (path, other))
    return place in {known, *(f"{known}{ending}" for ending in _BESIDE)}
