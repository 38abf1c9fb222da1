"""What every command shares: the record, the terminal, output, and errors.

Strategy: only this package reads the environment and the terminal. A command gets a `Shell`, asks
the library, and hands lines or JSON to it. Data goes to stdout, all else to stderr.
"""

from __future__ import annotations

import getpass
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal

import attrs
import click

from bargaining.errors import NotFoundError
from bargaining.writers.json import to_json
from bargaining.writers.screen import Screen, person

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.record import FolderCache, Record
    from bargaining.record.stores.protocol import Progress

DEFAULT_RECORD: Final = "bargaining.db"
Colour = Literal["auto", "always", "never"]
_NARROWEST: Final = 40


@attrs.frozen
class Shell:
    """One run of a command: which record, which chain, and how to answer."""

    record: str | None = None
    chain: str | None = None
    json: bool = False
    colour: Colour = "auto"

    @property
    def location(self) -> str:
        """Where the record is: `--record`, else `BARGAIN_RECORD`, else here."""
        return self.record or os.environ.get("BARGAIN_RECORD") or DEFAULT_RECORD

    @property
    def screen(self) -> Screen:
        """The terminal's width, and whether colour is wanted on stdout."""
        wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        if os.environ.get("TERM") == "dumb":
            wanted = False
        colour = {"auto": wanted, "always": True, "never": False}[self.colour]
        width = shutil.get_terminal_size((80, 24)).columns
        return Screen(max(width, _NARROWEST), colour)

    @contextmanager
    def reading(self) -> Iterator[Record]:
        """Open the record to ask."""
        from bargaining.record import Record

        with (
            _progress() as progress,
            Record.open(self.location, cache=_cache(), progress=progress) as record,
        ):
            yield record

    @contextmanager
    def writing(self) -> Iterator[Record]:
        """Open the record to file; it is created with the first entry."""
        from bargaining.record import Record
        from bargaining.record.stores import is_server
        from bargaining.record.stores.locks import is_network_drive

        if not is_server(self.location) and is_network_drive(Path(self.location)):
            tell(
                f"bargain: {self.location} is on a network drive, where two who file at once may "
                "damage it. See that nobody else files now."
            )
        with (
            _progress() as progress,
            Record.open(self.location, write=True, cache=_cache(), progress=progress) as record,
        ):
            yield record

    def one_chain(self, record: Record) -> Chain:
        """Return the chain that `--chain` names, or the only one."""
        return record.chain(self.chain)

    def answer(self, value: object, lines: Callable[[Screen], Iterable[str]]) -> None:
        """Write a value as JSON, or as the lines that `lines` makes of it."""
        if self.json:
            click.echo(to_json(value))
            return
        for line in list(lines(self.screen)):
            click.echo(line, color=True)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Yield what shows how far it is, in one line of a terminal that is gone afterwards."""
    if not sys.stderr.isatty():
        yield None
        return
    shown = [""]

    def show(what: str, done: int) -> None:
        click.echo("\r" + " " * len(shown[0]), nl=False, err=True)
        shown[0] = f"{done:,} {what} …"
        click.echo(f"\r{shown[0]}", nl=False, err=True)

    try:
        yield show
    finally:
        if shown[0]:
            click.echo("\r" + " " * len(shown[0]) + "\r", nl=False, err=True)


def _cache() -> FolderCache | None:
    """Return where what was worked out is kept: `BARGAIN_CACHE`, else the user's cache folder.

    None where that is empty, or there is no such folder.
    """
    from bargaining.record import FolderCache

    stated = os.environ.get("BARGAIN_CACHE")
    if stated is not None:
        return FolderCache(stated) if stated else None
    above = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return FolderCache(Path(above or Path.home() / ".cache") / "bargaining")
    except RuntimeError:  # nobody's home
        return None


def last_or(chain: Chain, which: str | None) -> str | int:
    """Return the revision asked for, or the rung of the last one on file.

    Raises:
        NotFoundError: none was asked for and none is on file.
    """
    if which is not None:
        return which
    if chain.last is None:
        raise NotFoundError("No paper of this chain is on file.", hint="File one: bargain add FILE")
    return chain.last.rung


def who_enters(stated: str | None) -> str:
    """Return who enters something: `--by`, else `BARGAIN_USER`, else the name of the account."""
    if stated or os.environ.get("BARGAIN_USER"):
        return stated or os.environ["BARGAIN_USER"]
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def write_file(
    name: str,
    data: bytes | Callable[[IO[bytes]], None],
    *,
    force: bool,
    read: Iterable[str] = (),
) -> None:
    """Write a file whole, or leave what was there as it is.

    What is half written stands beside it, only its owner can read that, and it goes when the
    command is interrupted.

    Args:
        name: the file.
        data: what is to be in it, or what writes it.
        force: whether it may take the place of a file that is there.
        read: the files that it was made of: those are never replaced, and neither is the record.

    Raises:
        AskError: there is such a file, or it is one of those.
        StorageError: it cannot be written.
    """
    from bargaining.record.files import new_file
    from bargaining.record.stores import is_server

    record = _running().location
    spared = [*read, *([] if is_server(record) else [record])]
    with new_file(Path(name), force=force, spared=spared) as stream:
        if isinstance(data, bytes):
            stream.write(data)
        else:
            data(stream)


def _running() -> Shell:
    """Return the shell of the command that runs."""
    context = click.get_current_context(silent=True)
    shell = None if context is None else context.find_object(Shell)
    return shell or Shell()


def tell(message: str) -> None:
    """Write a safe line to stderr."""
    click.echo(person(message), err=True)


_OPTIONS: Final = {
    "json": click.option("--json", "json_", is_flag=True, help="Answer in JSON."),
    "colour": click.option(
        "--color",
        "--colour",
        "colour",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="When to colour; NO_COLOR is honoured.",
    ),
    "chain": click.option(
        "--chain", "-c", metavar="NAME", help="The document; to ask, a part will do."
    ),
    "record": click.option(
        "--record",
        "-r",
        metavar="FILE",
        help=f"The record, a file or a URL.  [env: BARGAIN_RECORD; default: {DEFAULT_RECORD}]",
    ),
}


force_option: Final = click.option(
    "--force", is_flag=True, help="Replace the file that -o names, if it is there."
)


def with_shell(*without: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the shared options to a command, and hand it a `Shell` as its first argument.

    Args:
        without: the names of options that mean nothing to this command.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(**given: Any) -> Any:  # noqa: ANN401 - click hands over what the command takes
            above = click.get_current_context().find_root().params.get("record")
            shell = Shell(
                record=given.pop("record", None) or above,
                chain=given.pop("chain", None),
                json=given.pop("json_"),
                colour=given.pop("colour"),
            )
            click.get_current_context().obj = shell
            return function(shell, **given)

        wrapped: Callable[..., Any] = update_wrapper(run, function)
        for name, option in _OPTIONS.items():
            if name not in without:
                wrapped = option(wrapped)
        return wrapped

    return decorate
