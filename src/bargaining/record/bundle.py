"""Bundles: a whole record as plain files that can be read without this software.

Strategy: the journal is written line by line as it is hashed, every original and every text as a
file of its own, and a manifest names each file with its SHA-256. Reading one back trusts nothing:
only what the manifest names, and then every link and digest, before anything is entered. The record
that comes out has the same head.

This module knows no command line. See docs/record-format.md.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePath
from typing import IO, Final

from bargaining.errors import RecordError
from bargaining.record.chains import Filing
from bargaining.record.journal import Entry, Head, canonical
from bargaining.record.parcel import HINT, one_line, opened
from bargaining.record.record import Record
from bargaining.record.verification import Verification

FORMAT: Final = "bargaining bundle 1"
_MANIFEST: Final = "manifest.json"
_JOURNAL: Final = "journal.txt"
_README: Final = "README.txt"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_ABOUT: Final = """\
A record of negotiations, as plain files.

journal.txt   one line for each entry: its hash, a space, and what was entered, as JSON
originals/    the papers as they were filed, byte for byte, by the number of their entry
texts/        what each says with its marks accepted, in UTF-8
manifest.json the SHA-256 of every file, and the head: entries, hash of the last, its time

The hash of an entry is the SHA-256 of the hash before it, a line feed, and its JSON; before the
first stands "bargaining record 1". `bargain import` makes a record with the same head of this.

"""


def export(record: Record) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a bundle, by their names; the manifest comes last.

    The same record gives the same files.

    Raises:
        RecordError: the record is damaged.
    """
    entries = record.journal()
    digests: dict[str, str] = {}
    for name, data in _files(record, entries):
        digests[name] = sha256(data).hexdigest()
        yield name, data
    manifest = {"format": FORMAT, "head": str(Head.of(entries)), "files": digests}
    yield _MANIFEST, (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode()


def _files(record: Record, entries: tuple[Entry, ...]) -> Iterator[tuple[str, bytes]]:
    lines = [f"{entry.hash} {canonical(entry.body)}\n" for entry in entries]
    index = [_ABOUT]
    for entry in entries:
        if entry.kind == "filing":
            filing = Filing.from_entry(entry)
            original, text = _original_name(filing), f"texts/{entry.seq:04}.txt"
            yield original, record.original(filing)
            yield text, record.text(filing).encode()
            said = f"{one_line(filing.chain)}: {one_line(filing.shown)}"
            index.append(f"{entry.seq:>4}  {original}  {text}  {said}\n")
    yield _JOURNAL, "".join(lines).encode()
    yield _README, "".join(index).encode()


def _original_name(filing: Filing) -> str:
    ending = PurePath(filing.name).suffix.lower()
    plain = ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending, re.ASCII) else ""
    return f"originals/{filing.entry:04}{plain}"


def zip_into(stream: IO[bytes], files: Iterator[tuple[str, bytes]]) -> None:
    """Write files as a zip: the same files give the same bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)


# Reading one.


@contextmanager
def load(path: Path) -> Iterator[Mapping[str, bytes]]:
    """Open a bundle, a folder or a zip; its files are read one by one, within limits.

    Raises:
        RecordError: it is no bundle, holds what none has, or goes beyond a limit.
        StorageError: it cannot be read.
    """
    with opened(path) as files:
        if _MANIFEST not in files or _JOURNAL not in files:
            raise RecordError(
                f"{path} is no bundle of a record.", hint="Name one that `export` made."
            )
        yield files


def restore(files: Mapping[str, bytes], record: Record) -> Verification:
    """Enter a bundle in an empty record, all of it or nothing.

    Args:
        files: the files, as `load` returns them.
        record: a record that holds nothing yet, open to be written.

    Returns:
        What was rebuilt; its head is that of the bundle.

    Raises:
        RecordError: the bundle was altered, or lacks something.
        ConflictError: the record holds something.
    """
    head = _checked(files)
    rows = [line.partition(" ") for line in _text(files, _JOURNAL).splitlines()]
    journal = [(n, body, hashed) for n, (hashed, _, body) in enumerate(rows, start=1)]
    by_entry = {int(PurePath(name).stem): name for name in files if "originals/" in name}

    def held(filing: Filing) -> tuple[bytes, str]:
        name = f"texts/{filing.entry:04}.txt"
        if filing.entry not in by_entry or name not in files:
            raise RecordError(f"The bundle lacks the paper of entry {filing.entry}.", hint=HINT)
        return files[by_entry[filing.entry]], _text(files, name)

    return record.replay(journal, held, head)


def _checked(files: Mapping[str, bytes]) -> Head:
    """Hold every file against the manifest, and return the head that this names."""
    try:
        manifest = json.loads(_text(files, _MANIFEST))
        known, format_, line = manifest["files"], manifest["format"], manifest["head"]
        if format_ != FORMAT or not isinstance(known, dict) or not isinstance(line, str):
            raise RecordError("The bundle is of another format.", hint="Install a newer version.")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordError("The manifest of the bundle cannot be read.", hint=HINT) from error
    digests = {n: sha256(data).hexdigest() for n, data in files.items() if n != _MANIFEST}
    wrong = sorted(n for n in {*known, *digests} if known.get(n) != digests.get(n))
    if wrong:
        what = "was altered, is missing, or was added"
        raise RecordError(f"“{one_line(str(wrong[0]))}” of the bundle {what}.", hint=HINT)
    return Head.read(line)


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except KeyError as error:
        raise RecordError(f"The bundle lacks “{name}”.", hint=HINT) from error
    except UnicodeDecodeError as error:
        raise RecordError(f"“{name}” of the bundle is not UTF-8.", hint=HINT) from error
