"""Write docs/cli.md, the reference of the command line, from the commands themselves.

    python docs/generate_cli.py              # write it
    python docs/generate_cli.py --check      # fail when it is stale

Strategy: what the program says of itself is the only source. A command, argument or option that
says nothing of itself is an error, so that nothing goes undocumented. The layout is made here and
not by click, so that it is the same with every release of click.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from bargaining.cli import _BROKEN, _INTERRUPTED, cli
from bargaining.errors import EXIT_CODES, NOTHING_FOUND, OK, USAGE

TARGET: Final = Path(__file__).with_name("cli.md")
_VERBATIM: Final = "\b\n"  # how click is told to leave a paragraph as it is
_OPENING: Final = """\
# The command line

This page is generated from the program: `python docs/generate_cli.py`. A test fails when it is
stale. For what the commands are good for, see the [tutorial](tutorial.md) and the
[how-to](how-to.md); for the answers in JSON, see [json.md](json.md).

A revision is named by its label, by its rung, or by as much of its label as is unmistakable.
`base` names the base. Answers go to stdout, and all else to stderr.
"""


class UndocumentedError(Exception):
    """A command or an option says nothing of itself."""


def reference(group: click.Group = cli) -> str:
    """Return the whole page.

    Raises:
        UndocumentedError: a command or an option has no help.
    """
    shared = _shared(group)
    sections = [
        _OPENING,
        *_command("bargain", group),
        "## Options of every command\n",
        _table(shared),
        *(
            part
            for name, command in commands(group).items()
            for part in _command(f"bargain {name}", command, leave_out=shared)
        ),
        "## Exit codes\n",
        "\n".join(_exit_codes()) + "\n",
    ]
    return "\n".join(sections)


def commands(group: click.Group = cli) -> dict[str, click.Command]:
    """Return the commands by name, in the order in which help lists them."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def _shared(group: click.Group) -> list[click.Option]:
    """Return the options that every command has."""
    rows = [_options(command) for command in commands(group).values()]
    names = set.intersection(*({str(option.name) for option in row} for row in rows))
    return [option for option in rows[0] if option.name in names]


def _options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option) and not p.hidden]


def _command(
    name: str, command: click.Command, *, leave_out: Sequence[click.Option] = ()
) -> Iterator[str]:
    """Yield the parts of one section: the command, what it says of itself, its options."""
    if not command.help:
        raise UndocumentedError(f"“{name}” has no help.")
    if not isinstance(command, click.Group):
        yield f"## {name}\n"
    usage = " ".join([name, *command.collect_usage_pieces(click.Context(command))])
    yield f"```text\n{usage}\n```\n"
    yield from _paragraphs(command.help)
    left_out = {option.name for option in leave_out}
    own = [option for option in _options(command) if option.name not in left_out]
    if own:
        yield _table(own)


def _paragraphs(help_: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(help_).split("\n\n"):
        if paragraph.startswith(_VERBATIM):
            title, *lines = paragraph.removeprefix(_VERBATIM).split("\n")
            code = inspect.cleandoc("\n".join(["", *lines]))
            yield f"{title}\n\n```sh\n{code}\n```\n"
        else:
            yield " ".join(paragraph.split()) + "\n"


def _table(options: Sequence[click.Option]) -> str:
    rows = [f"| `{_names(option)}` | {_meaning(option)} |" for option in options]
    return "\n".join(["| option | meaning |", "|---|---|", *rows]) + "\n"


def _names(option: click.Option) -> str:
    names = ", ".join([*sorted(option.opts, key=len), *option.secondary_opts])
    return names if option.is_flag or not option.metavar else f"{names} {option.metavar}"


def _meaning(option: click.Option) -> str:
    if not option.help:
        raise UndocumentedError(f"“{option.opts[0]}” has no help.")
    text = " ".join(option.help.split())
    if isinstance(option.type, click.Choice):
        text += f" One of {', '.join(f'`{choice}`' for choice in option.type.choices)}."
    if option.show_default:
        text += f" [default: {option.default}]"
    return text.replace("|", "\\|")


def _exit_codes() -> Iterator[str]:
    """Yield the table from errors to exit codes, with what each error says of itself."""
    yield "| code | error | meaning |"
    yield "|---|---|---|"
    yield f"| {OK} | | It was done. |"
    for error, code in sorted(EXIT_CODES.items(), key=lambda pair: pair[1]):
        meaning = (error.__doc__ or "").splitlines()[0]
        if code == NOTHING_FOUND:
            meaning += " `bargain who`: the wording is nowhere."
        yield f"| {code} | `{error.__name__}` | {meaning} |"
        if code == NOTHING_FOUND:
            yield f"| {USAGE} | | The command line cannot be read. |"
    yield f"| {_BROKEN} | | A fault in `bargain`. |"
    yield f"| {_INTERRUPTED} | | It was interrupted. |"


def main() -> None:
    """Write the page, or with `--check` compare it."""
    page = reference()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(page, encoding="utf-8", newline="\n")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != page:
        sys.exit("docs/cli.md is stale. Write it anew: python docs/generate_cli.py")


if __name__ == "__main__":
    main()
