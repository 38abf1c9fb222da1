"""`bargain demo`: the example, filed and asked."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import click

from bargaining.cli.shell import Shell, tell, with_shell
from bargaining.errors import ConflictError, NotFoundError
from bargaining.writers import answers
from bargaining.writers.screen import person

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.record import Record, Submission
    from bargaining.writers.screen import Screen

_BASE: Final = "0-current-language.md"
_CLAUSE: Final = "1.0(b)"
_WORDINGS: Final = (
    "with a library aide on duty throughout the student lunch period",
    "unless the principal and the teacher librarian agree in writing to additional days",
)


def example() -> dict[str, bytes]:
    """Return the example papers by file name: shipped in the package, or beside its source.

    Raises:
        NotFoundError: the package was installed without them.
    """
    shipped = files("bargaining") / "example"
    beside = Path(__file__).parents[3] / "examples" / "library-hours"
    for folder in (shipped, beside):
        if folder.is_dir():
            return {paper.name: paper.read_bytes() for paper in folder.iterdir()}
    raise NotFoundError("The example papers are not installed.", hint="Install bargaining again.")


@click.command()
@click.option("--save", metavar="FILE", type=click.Path(), help="Keep the record in a new file.")
@with_shell("chain", "record")
def demo(shell: Shell, save: str | None) -> None:
    """Show what can be asked, on an example: a negotiation over library hours.

    \b
    Example:
      bargain demo
      bargain demo --save demo.db
    """
    from bargaining.record import Record

    if save is not None and Path(save).exists():
        raise ConflictError(f"{save} is there already.", hint="Name another file.")
    with Record.in_memory() if save is None else Record.open(save, write=True) as record:
        kept = None if save is None else record.path  # a URL may hold a password, the path none
        if kept is not None and record.entries:
            raise ConflictError(
                f"{kept} holds entries.", hint="Name a new file, or an empty database."
            )
        record.file_all(_submissions(), by="bargain demo")
        chain = record.chain()
        shell.answer(_values(chain), lambda screen: _lines(chain, record, screen, kept))
    if kept is not None:
        tell(f"The record is in {kept}.")


def _submissions() -> Iterator[Submission]:
    from bargaining.record import Submission

    for name, data in sorted(example().items()):
        yield Submission(data=data, name=name, base=name == _BASE)


def _values(chain: Chain) -> dict[str, Any]:
    return {
        "revisions": chain.revisions,
        "blame": _blamed(chain),
        "who": [chain.who(wording) for wording in _WORDINGS],
    }


def _blamed(chain: Chain) -> Any:  # noqa: ANN401 - an annotation of one clause
    annotation = chain.blame(chain.last or 0, struck=True)
    return attrs.evolve(annotation, spans=tuple(s for s in annotation if s.clause == _CLAUSE))


def _lines(chain: Chain, record: Record, screen: Screen, kept: str | None) -> Iterator[str]:
    from bargaining.record.journal import utc_day

    entered = {
        chain.revision(f.shown).rung: answers.Entered(utc_day(f.entered))
        for f in record.filings(chain.name)
    }
    yield screen.paint("$ bargain log", "dim")
    yield from answers.log(chain, screen, entered)
    yield ""
    yield screen.paint(f'$ bargain blame --clause "{_CLAUSE}" --struck', "dim")
    yield from answers.blame(_blamed(chain), chain, screen)
    for wording in _WORDINGS:
        yield ""
        yield from screen.wrap([(f'$ bargain who "{wording}"', "dim")])
        yield from answers.who(chain.who(wording), screen)
    yield ""
    yield screen.paint("Where to go next", "bold")
    yield from _next_steps(kept)


def _next_steps(kept: str | None) -> Iterator[str]:
    record = "demo.db" if kept is None else person(kept)
    steps = [
        (f"bargain redline 5 7 --record {record}", "what changed, and who changed it"),
        (f"bargain blame --record {record}", "who proposed each word"),
        ("bargain add YOUR-PAPERS/", "file papers of your own"),
    ]
    if kept is None:
        steps.insert(0, ("bargain demo --save demo.db", "keep this record, to ask it"))
    wide = max(len(command) for command, _ in steps)
    yield from (f"  {command:{wide}}  {what}" for command, what in steps)
