"""The command line: `bargain`.

Strategy: commands are small; `shell` holds what they share; errors end in one safe line on stderr
and an exit code from the one table in `bargaining.errors`. Everything that a command can do, the
library can do without it.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Any, Final

import click

from bargaining import __version__
from bargaining.errors import EXIT_CODES, OK, USAGE, BargainingError, StorageError, exit_code

_INTERRUPTED = 130
_BROKEN = 70
_PASSED_OVER = 2
_SIGNALLED = 128  # and the number of the signal, as shells have it
_Handler = Callable[[int, FrameType | None], Any] | int | None


_COMMANDS: Final = {
    "add": "filing",
    "log": "listing",
    "show": "asking",
    "diff": "asking",
    "redline": "redlining",
    "blame": "asking",
    "who": "asking",
    "status": "checking",
    "check": "checking",
    "exhibit": "checking",
    "verify": "heads",
    "sign": "heads",
    "export": "exchange",
    "import": "exchange",
    "demo": "demo",
}


_NAMED: Final = {"import": "import_"}  # what Python cannot call by its name


class _Commands(click.Group):
    """The commands, each imported when it is named, so that answers start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names, in the order in which they are used."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        room = import_module(f"{__name__}.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(room, _NAMED.get(cmd_name, cmd_name))
        return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="bargain")
@click.option(
    "--record", "-r", metavar="FILE", help="The record, a file or a URL, for what follows."
)
@click.pass_context
def cli(context: click.Context, record: str | None) -> None:
    """Version control for negotiated agreements: who proposed this wording?

    A record holds the papers of a negotiation. File them with `add`, then ask.

    \b
    Example:
      bargain add papers/
      bargain log
      bargain who "mutual agreement"
    """
    del record  # the commands find it in the context
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with a code from the table."""
    if sys.stdin is None:  # closed: there is nothing to be read
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:
        _complain("The answer cannot be written: stdout is closed.")
        sys.exit(exit_code(StorageError("")))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow encoding loses nothing
    signals: list[int] = []
    code = _INTERRUPTED
    with suppress(KeyboardInterrupt), _stopped_by_signals(signals):
        code = _run(arguments)
    sys.exit(_SIGNALLED + signals[0] if signals else code)


@contextmanager
def _stopped_by_signals(came: list[int]) -> Iterator[None]:
    """Let the signals that end a program end this one as Ctrl-C does, with what was begun undone.

    Those that came are in `came`. The second does not disturb what the first has begun to undo.
    """

    def stop(number: int, _: FrameType | None) -> None:
        came.append(number)
        if len(came) != _PASSED_OVER:
            raise KeyboardInterrupt

    before: dict[int, _Handler] = {}
    try:
        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) not in {signal.SIG_IGN, None}:
                before[number] = signal.signal(number, stop)
    except ValueError:  # not the main thread, which alone gets signals
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = cli.main(arguments, prog_name="bargain", standalone_mode=False)
        sys.stdout.flush()
    except BargainingError as error:
        _complain(f"{error} {error.hint}")
        return exit_code(error)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f"See {context.command_path} --help." if context else ""
        _complain(f"{error.format_message()} {hint}")
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _complain("Interrupted.")
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()  # the reader had enough
        return OK
    except Exception as error:
        if os.environ.get("BARGAIN_DEBUG"):
            raise
        return _unforeseen(error)
    return code if isinstance(code, int) else OK


def _drop_output() -> None:
    """Let Python not complain again when it flushes stdout on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unforeseen(error: Exception) -> int:
    """Say what no room has told in its own words, and return the exit code."""
    if isinstance(error, MemoryError):
        _complain("There is not enough memory. Free some and try again; nothing is entered twice.")
        return exit_code(StorageError(""))
    if isinstance(error, OSError):  # in all likelihood of stdout, such as a full disk
        _drop_output()
        _complain(f"The answer cannot be written: {error.strerror or error}.")
        return exit_code(StorageError(""))
    _complain(
        f"This is a fault in bargain, not in your paper: {type(error).__name__}: {error}. "
        "See `bargain log` for what is on file, and set BARGAIN_DEBUG=1 to see where."
    )
    return _BROKEN


def _complain(message: str) -> None:
    from bargaining.writers.screen import person

    click.echo(person(f"bargain: {message}"), err=True)


__all__ = ["EXIT_CODES", "cli", "main"]
