"""`bargain export` and `bargain import`: a record as plain files, and back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bargaining.cli.shell import Shell, force_option, with_shell, write_file
from bargaining.errors import ConflictError, NotFoundError, StorageError

if TYPE_CHECKING:
    from bargaining.record import Verification


@click.command("export")
@click.argument("bundle", type=click.Path())
@force_option
@with_shell("chain")
def export(shell: Shell, bundle: str, *, force: bool) -> None:
    """Write the whole record as plain files: a folder, or one .zip.

    Originals, texts and the journal can be read without this software; a manifest holds the SHA-256
    of each. The same record gives the same files. --force replaces a zip, never a folder.

    \b
    Example:
      bargain export record-2025-06-02.zip
      bargain export bundle/
    """
    from bargaining.record import bundle as bundles

    with shell.reading() as record:
        found = record.verify()
        files = list(bundles.export(record))
    if bundle.lower().endswith(".zip"):
        write_file(bundle, bundles.zipped(iter(files)), force=force)
    else:
        _write_folder(Path(bundle), files)
    shell.answer(found, lambda _: _moved(found, f"exported to {bundle}"))


def _write_folder(folder: Path, files: list[tuple[str, bytes]]) -> None:
    """Write files into a new folder, which is there when all of them are in it."""
    if folder.exists():
        raise ConflictError(f"{folder} is there already.", hint="Name a new folder, or a .zip.")
    beside: Path | None = None
    try:
        beside = Path(tempfile.mkdtemp(dir=folder.parent))
        for name, data in files:
            (beside / name).parent.mkdir(exist_ok=True)
            (beside / name).write_bytes(data)
        beside.chmod(0o755)
        beside.rename(folder)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        if beside is not None and beside.exists():
            shutil.rmtree(beside, ignore_errors=True)


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
    if shell.path.exists():
        raise ConflictError(f"{shell.path} is there already.", hint="Name a new one: --record FILE")
    files = bundles.load(path)
    try:
        with shell.writing() as record:
            found = bundles.restore(files, record)
    except BaseException:
        shell.path.unlink(missing_ok=True)  # it was not there before
        raise
    shell.answer(found, lambda _: _moved(found, f"imported into {shell.path}"))


def _moved(found: Verification, what: str) -> Iterator[str]:
    papers = "1 paper" if found.originals == 1 else f"{found.originals} papers"
    yield f"{what}: {found.entries} entries, {papers}"
    yield f"head: {found.line}"
