"""`bargain export` and `bargain import`: a record as plain files, and back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from bargaining.cli.shell import Shell, tell, with_shell, write_file
from bargaining.errors import ConflictError, NotFoundError, StorageError
from bargaining.writers.git import BRANCH, fast_import, file_name
from bargaining.writers.screen import person

if TYPE_CHECKING:
    from bargaining.record import Record, Verification
    from bargaining.record.bundle_files import BundleFiles
    from bargaining.record.journal import Entry
    from bargaining.writers.authors import Reveals
    from bargaining.writers.screen import Screen


@click.command("export")
@click.argument("bundle", type=click.Path())
@click.option("--git", "as_git", is_flag=True, help="Write one document as a git repository.")
@click.option("--force", is_flag=True, help="Replace the .zip, if it is there.")
@with_shell()
def export(shell: Shell, bundle: str, *, as_git: bool, force: bool) -> None:
    """Write the whole record as plain files: a folder, or one .zip.

    Originals, texts and the journal can be read without this software; a manifest holds the SHA-256
    of each. The same record gives the same files. --force replaces a zip, never a folder.

    With --git, write one document as a git repository in a new folder: a commit for each paper on
    file, by its party, on its stated date.

    \b
    Example:
      bargain export record-2025-06-02.zip
      bargain export bundle/
      bargain export --git hours/ --chain "library hours"
    """
    from bargaining.record import bundle as bundles

    if shell.chain is not None and not as_git:
        raise click.UsageError("A bundle holds every document; --chain goes with --git.")
    is_zip = bundle.lower().endswith(".zip")
    if as_git and is_zip:
        raise click.UsageError("A git repository is a folder; name one that does not end in .zip.")
    with shell.reading() as record:
        found = record.verify()
        if as_git:
            chain = shell.one_chain(record)
            _write_git(Path(bundle), fast_import(chain, _remarks(record, chain.name)))
            _answer(shell, found, _of_git(), lambda _: _repository(bundle, file_name(chain), found))
            return
        told = _of_bundle(record.journal()[: found.entries])
        files = bundles.export(record, found.entries)  # others may file meanwhile
        if is_zip:
            write_file(bundle, partial(bundles.zip_into, files=files), force=force)
        else:
            _write_folder(Path(bundle), files)
    _answer(shell, found, told, lambda _: _moved(found, f"exported to {bundle}"))


def _of_bundle(entries: Sequence[Entry]) -> Reveals:
    """Return what a bundle tells whoever gets it: all of the journal, and the papers as filed."""
    from bargaining.writers.authors import Reveals

    filed = sum(entry.kind == "filing" for entry in entries)
    who = tuple(dict.fromkeys(str(entry.body["by"]) for entry in entries if entry.body["by"]))
    by = (f"who entered it: {', '.join(who)}",) if who else ()
    papers = "the paper" if filed == 1 else f"all {filed} papers"
    held = f"{papers} as filed, with comments, properties and all else that is not seen"
    why = ["reasons that were stated"] * any(entry.body.get("because") for entry in entries)
    return Reveals(shows=(held, "names of files", "parties", "dates", *why, *by))


def _of_git() -> Reveals:
    from bargaining.writers.authors import Reveals

    return Reveals(shows=("the text of every round", "parties", "dates"))


def _answer(
    shell: Shell,
    found: Verification,
    told: Reveals,
    lines: Callable[[Screen], Iterable[str]],
) -> None:
    """Answer with what was exported, and say what it tells whoever gets it."""
    shell.answer({**attrs.asdict(found, recurse=False), "reveals": told}, lines)
    if not shell.json:
        tell(str(told))


def _repository(folder: str, name: str, found: Verification) -> Iterator[str]:
    yield person(f"exported to {folder}: ask it with git log -p, or git blame {name}")
    yield f"head: {found.line}"


def _remarks(record: Record, name: str) -> dict[str, str]:
    """What the journal says of papers that were filed again or taken back, by their labels."""
    from bargaining.record.catalogue import Filing

    entries = {entry.seq: entry for entry in record.entries_of(name)}
    remarks: dict[str, str] = {}
    for retraction in entries.values():
        gone = entries.get(retraction.body.get("retracts", 0))
        if gone is not None and gone.kind == "filing" and not gone.body["base"]:
            label = Filing.from_entry(gone).shown
            remarks[label] = f"its paper was retracted (entry {retraction.seq})"
    labels = record.labels(name)
    for filing in record.filings(name):
        remarks.pop(labels[filing.entry], None)
        if filing.corrects is not None:
            remarks[labels[filing.entry]] = f"corrects entry {filing.corrects}"
    return remarks


def _write_git(folder: Path, stream: bytes) -> None:
    """Make a repository of a stream, in a folder that is there when it is whole."""
    from bargaining.record.files import new_folder

    with new_folder(folder) as beside:
        for arguments in (
            ("init", "--quiet", "--template=", f"--initial-branch={BRANCH}"),
            ("fast-import", "--quiet"),
            ("reset", "--quiet", "--hard"),
        ):
            _git(beside, arguments, stream if arguments[0] == "fast-import" else b"")


_UNLOGGED = ("-c", "core.logAllRefUpdates=false")  # its log would name the account and the computer


def _git(folder: Path, arguments: tuple[str, ...], stream: bytes) -> None:
    """Run git, with no configuration but its own defaults."""
    program = shutil.which("git")
    if program is None:
        raise StorageError("git is not installed.", hint="Install it, or export a bundle.")
    plain = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(folder)}
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    asked = [program, "-C", str(folder), *_UNLOGGED, *arguments]
    done = subprocess.run(asked, input=stream, capture_output=True, env=kept | plain, check=False)  # noqa: S603 - no shell, and nothing of a paper in it
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise StorageError(f"git {arguments[0]}: {said[-1]}")


def _write_folder(folder: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Write files into a new folder, which is there when all of them are in it."""
    from bargaining.record.files import new_folder

    with new_folder(folder) as beside:
        for name, data in files:
            (beside / name).parent.mkdir(exist_ok=True)
            (beside / name).write_bytes(data)


@click.command("import")
@click.argument("bundle", type=click.Path())
@with_shell("chain")
def import_(shell: Shell, bundle: str) -> None:
    """Make a new record of a bundle, with the same head, or none at all.

    Every file is held against the manifest, every entry against its hash, every paper against its
    digest, before anything is kept.

    \b
    Example:
      bargain import record-2025-06-02.zip --record theirs.db
    """
    from bargaining.record import bundle as bundles

    path = Path(bundle)
    if not path.exists():
        raise NotFoundError(f"There is no {bundle}.", hint="Name a bundle that `export` made.")
    with bundles.load(path) as files, _new(shell.location) as place:
        found, name = _restored(attrs.evolve(shell, record=place), files)
    if place != shell.location:
        name = shell.location  # it was made beside
    shell.answer(found, lambda _: _moved(found, f"imported into {name}"))


def _restored(shell: Shell, files: BundleFiles) -> tuple[Verification, str]:
    from bargaining.record import bundle as bundles

    with shell.writing() as record:
        return bundles.restore(files, record), record.path


@contextmanager
def _new(location: str) -> Iterator[str]:
    """Yield where to make a record: beside its place, which it takes when it is whole.

    On a server it is made in its place, and the record itself says whether it holds anything.

    Raises:
        ConflictError: something is in its place.
        StorageError: nothing can be written there.
    """
    from bargaining.record.files import private_folder, refuse_taken, take_place
    from bargaining.record.stores import is_server

    if is_server(location):
        yield location
        return
    path = Path(location)
    try:
        refuse_taken(path)
        with private_folder(path.parent) as folder:
            yield str(folder / path.name)
            take_place(folder / path.name, path)
    except FileExistsError as error:
        raise ConflictError(f"{path} is there already.", hint="Name a new one: -r FILE") from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.") from error


def _moved(found: Verification, what: str) -> Iterator[str]:
    counts = [(found.entries, "entry", "entries"), (found.originals, "original", "originals")]
    told = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts)
    yield person(f"{what}: {told}")
    yield f"head: {found.line}"
