"""Bundles: a whole record as plain files that can be read without this software.

Strategy: the journal is written line by line as it is hashed, every original and every text as a
file of its own, and a manifest names each file with its SHA-256. Reading one back trusts nothing:
it must have exactly the files that `export` writes for its journal, and every link and digest is
checked before anything is entered. The record that comes out has the same head.

This module knows no command line. See docs/record-format.md.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePath
from typing import IO, Final, Self

import attrs

from bargaining.errors import RecordError, StorageError
from bargaining.record.bundle_files import (
    HINT,
    MOST_BYTES,
    MOST_OF_ENTRY,
    BundleFiles,
    is_beyond,
    is_packed_tightly,
    one_line,
    opened,
)
from bargaining.record.catalogue import Filing
from bargaining.record.journal import Entry, Head, Withdrawals, canonical, read_journal
from bargaining.record.record import Record
from bargaining.record.stores.protocol import EntryRow
from bargaining.record.verification import Verification

FORMAT: Final = "bargaining bundle 1"
_MANIFEST: Final = "manifest.json"
_JOURNAL: Final = "journal.txt"
_README: Final = "README.txt"
_LINE: Final = re.compile(rb"([0-9a-f]{64}) (\{[ -~]*\})\n")
_MOST_OF_LINE: Final = 66 + MOST_OF_ENTRY  # a hash, a space, an entry, a line feed
_MISSED: Final = 1000  # files that a manifest may name that are not there, to be told which
_SHOWN: Final = 80  # characters of a name in an error
_NESTED: Final = re.compile(r"\[|\{[^{]*\{[^{]*\{")  # a manifest is one object with one in it
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


@attrs.frozen
class Contents:
    """What a bundle holds beside the journal, as the journal alone tells.

    Attributes:
        originals: the name of the original of each filing, by the number of its entry.
        readme: README.txt.
    """

    originals: Mapping[int, str]
    readme: str

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Read a journal.

        Raises:
            RecordError: an entry is not as it must be.
        """
        originals: dict[int, str] = {}
        said: dict[int, str] = {}
        withdrawals = Withdrawals()
        for entry in entries:
            withdrawals.take(entry)
            if entry.kind == "filing":
                filing = Filing.from_entry(entry)
                originals[entry.seq] = _original_name(filing)
                said[entry.seq] = f"{one_line(filing.chain)}: {one_line(filing.shown)}"
        lines = (
            f"{n:>4}  {original}  {_text_name(n)}  {said[n]}{_later(withdrawals, n)}\n"
            for n, original in originals.items()
        )
        return cls(originals, "".join([_ABOUT, *lines]))

    @property
    def names(self) -> set[str]:
        """The names of all files of the bundle."""
        texts = map(_text_name, self.originals)
        return {_MANIFEST, _JOURNAL, _README, *self.originals.values(), *texts}


def _later(withdrawals: Withdrawals, number: int) -> str:
    """Say what later entries say of one."""
    if number in withdrawals.retracted:
        return f" (retracted by {withdrawals.retracted[number]})"
    by = withdrawals.corrected_by(number)
    return "" if by is None else f" (corrected by {by})"


def export(record: Record, entries: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a bundle, by their names; the manifest comes last.

    The same record gives the same files.

    Args:
        record: the record.
        entries: how many of its entries go into the bundle; None for all that there are now.

    Raises:
        RecordError: the record is damaged.
        StorageError: `load` would read no bundle so large; said before the first file, but where
            only the papers are too large together.
    """
    journal = record.journal()[:entries]
    digests: dict[str, str] = {}
    left = MOST_BYTES
    for name, data in _files(record, journal):
        left -= len(data)
        if left < 0:
            raise _too_large()
        digests[name] = sha256(data).hexdigest()
        yield name, data
    yield _MANIFEST, _manifest(Head.of(journal), digests).encode()


def _files(record: Record, entries: tuple[Entry, ...]) -> Iterator[tuple[str, bytes]]:
    contents = Contents.of(entries)
    journal = "".join(f"{entry.hash} {canonical(entry.body)}\n" for entry in entries).encode()
    readme = contents.readme.encode()
    known = {_JOURNAL: len(journal), _README: len(readme)}
    if is_beyond({**dict.fromkeys(contents.names, 0), **known}):
        raise _too_large()
    for entry in entries:
        if entry.kind == "filing":
            filing = Filing.from_entry(entry)
            yield contents.originals[entry.seq], record.original(filing)
            yield _text_name(entry.seq), record.text(filing).encode()
    yield _JOURNAL, journal
    yield _README, readme


def _too_large() -> StorageError:
    return StorageError(
        "The record is larger than any bundle that is read.",
        hint="Keep a copy of its file, or of the database, instead.",
    )


def _manifest(head: Head, digests: Mapping[str, str]) -> str:
    said = {"format": FORMAT, "head": str(head), "files": digests}
    return json.dumps(said, indent=1, sort_keys=True) + "\n"


def _text_name(entry: int) -> str:
    return f"texts/{entry:04}.txt"


def _original_name(filing: Filing) -> str:
    ending = PurePath(filing.name).suffix.lower()
    plain = ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending, re.ASCII) else ""
    return f"originals/{filing.entry:04}{plain}"


def zip_into(stream: IO[bytes], files: Iterator[tuple[str, bytes]]) -> None:
    """Write files as a zip: the same files give the same bytes.

    Raises:
        StorageError: they can be packed so tightly that `load` would not read the zip.
    """
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            sizes[name] = len(data)
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    if is_packed_tightly(sizes, stream.tell()):
        raise StorageError(
            "The papers repeat so much that no zip of them would be read.",
            hint="Name a folder, without .zip.",
        )


# Reading one.


@contextmanager
def load(path: Path) -> Iterator[BundleFiles]:
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
    bundle_files = files if isinstance(files, BundleFiles) else BundleFiles.of(files)
    head = _checked(bundle_files)
    rows = _Rows(bundle_files)
    contents = Contents.of(read_journal(rows))
    _refuse_others(bundle_files, contents)

    def held(filing: Filing) -> tuple[bytes, str]:
        original, text = contents.originals.get(filing.entry, ""), _text_name(filing.entry)
        if original not in bundle_files or text not in bundle_files:
            raise RecordError("The bundle was changed while it was read.", hint=HINT)
        return bundle_files[original], _text(bundle_files, text)

    return record.replay(rows, held, head)


@attrs.frozen
class _Rows:
    """The rows of a journal, read line by line, and anew each time that they are asked for."""

    files: BundleFiles

    def __iter__(self) -> Iterator[EntryRow]:
        for n, line in enumerate(self.files.lines(_JOURNAL, _MOST_OF_LINE), start=1):
            found = _LINE.fullmatch(line)
            if found is None:
                raise RecordError(f"Line {n} of the journal is no entry.", hint=HINT)
            yield n, found[2].decode("ascii"), found[1].decode("ascii")


def _checked(files: BundleFiles) -> Head:
    """Hold every file against the manifest, and return the head that this names."""
    for name in (_MANIFEST, _JOURNAL, _README):
        if name not in files:
            raise RecordError(f"The bundle lacks “{name}”.", hint=HINT)
    text = _text(files, _MANIFEST)
    few = text.count(",") <= len(files) + _MISSED and not _NESTED.search(text)
    try:
        manifest = json.loads(text if few else "")
        known, format_, line = manifest["files"], manifest["format"], manifest["head"]
        if format_ != FORMAT or not isinstance(known, dict) or not isinstance(line, str):
            raise RecordError("The bundle is of another format.", hint="Install a newer version.")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordError("The manifest of the bundle cannot be read.", hint=HINT) from error
    digests = {name: files.digest(name) for name in files if name != _MANIFEST}
    wrong = sorted(n for n in {*known, *digests} if known.get(n) != digests.get(n))
    if wrong:
        what = "was altered, is missing, or was added"
        raise RecordError(f"“{one_line(wrong[0][:_SHOWN])}” of the bundle {what}.", hint=HINT)
    head = Head.read(line)
    if text != _manifest(head, digests):
        raise RecordError(f"“{_MANIFEST}” is not as `export` writes it.", hint=HINT)
    return head


def _refuse_others(files: BundleFiles, contents: Contents) -> None:
    """See that there is what `export` writes for a journal, and nothing else.

    Raises:
        RecordError: a file is missing, is one too many, or README.txt says something else.
    """
    if lacking := sorted(contents.names - set(files)):
        raise RecordError(f"The bundle lacks “{lacking[0]}”.", hint=HINT)
    if strays := sorted(set(files) - contents.names):
        raise RecordError(f"“{strays[0]}” belongs to no entry of the journal.", hint=HINT)
    if files.digest(_README) != sha256(contents.readme.encode()).hexdigest():
        raise RecordError(f"“{_README}” is not as `export` writes it.", hint=HINT)


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except UnicodeDecodeError as error:
        raise RecordError(f"“{name}” of the bundle is not UTF-8.", hint=HINT) from error
