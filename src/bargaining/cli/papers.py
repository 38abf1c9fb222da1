"""The papers that a command line names: files, folders, stdin, and which marks count in them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from bargaining.errors import NotFoundError, StorageError
from bargaining.readers import INSERTED_BY, MAX_BYTES, READERS, can_read

_LOCKS = ("~$", ".#")  # what Word and Emacs leave beside an open paper


def files_in(papers: Sequence[str]) -> Iterator[str]:
    """Yield the files named, and of each folder the papers in it, in order of name."""
    for name in papers:
        path = Path(name)
        if name == "-" or not path.is_dir():
            yield name
            continue
        papers_in = (p for p in path.rglob("*") if not (p.is_dir() or p.name.startswith(_LOCKS)))
        found = sorted(str(p) for p in papers_in if can_read(p.name))
        if not found:
            endings = ", ".join(ending for reader in READERS for ending in reader.endings)
            raise NotFoundError(f"There are no papers in {name}.", hint=f"Papers end in {endings}.")
        yield from found


def with_progress(files: Sequence[str]) -> Iterator[str]:
    """Yield the files; on a terminal, show how far it is, when there are many."""
    if len(files) < 5 or not sys.stderr.isatty():  # noqa: PLR2004 - a few take no time
        yield from files
        return
    with click.progressbar(files, label="Reading papers", file=sys.stderr) as bar:
        yield from bar


def marks_named(text: str) -> tuple[str, ...]:
    """Return the marks that a person names, separated by commas."""
    marks = tuple(mark.strip() for mark in text.split(",") if mark.strip())
    unknown = [mark for mark in marks if mark not in INSERTED_BY]
    if unknown:
        raise click.UsageError(f"--inserted: “{unknown[0]}” is none of {', '.join(INSERTED_BY)}.")
    return marks


def read_bytes(file: str) -> bytes:
    """Read a file or stdin, never much more than the most that a paper may have."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    from bargaining.record.files import open_plain

    try:
        with open_plain(Path(file)) as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFoundError("There is no such file.") from error
    except OSError as error:
        raise StorageError(f"It cannot be read: {error.strerror}.") from error
