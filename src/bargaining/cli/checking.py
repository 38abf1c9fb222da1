"""`bargain status`, `check` and `exhibit`: where it stands, what nobody marked, what shows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from bargaining.cli.asking import tell_reveals, with_authors
from bargaining.cli.shell import Shell, force_option, last_or, tell, with_shell, write_file
from bargaining.errors import NOTHING_FOUND, AskError, NotFoundError
from bargaining.model import Revision, Run
from bargaining.writers import findings
from bargaining.writers.authors import Reveals

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.model import Check, Paper
    from bargaining.record import Record
    from bargaining.writers.exhibit import Exhibit


@click.command()
@click.argument("paper", required=False)
@click.option("--against", metavar="LABEL", help="The text that it is marked against.")
@click.option("--ta", metavar="LABEL", help="The initialled text that it is to be, word for word.")
@click.option("--exact", is_flag=True, help="Show what is only written otherwise, too.")
@with_shell()
def check(
    shell: Shell, paper: str | None, *, against: str | None, ta: str | None, exact: bool
) -> None:
    """Show what a paper leaves unmarked: on file, or a file that was just received.

    With all its marks rejected, a paper is to be the text that it is marked against: the base or a
    paper before it. Whatever it is not is shown: changes without a mark, and marks that say what is
    not so. Without --against it is held against the text that fits best, and the answer says which.

    It also says what does not fit about its place: a ladder that says otherwise, a counter before
    its proposal, a second paper of the day, a date that cannot be, an entry made late.

    With --ta, the paper as it stands is held against an agreed text: every difference is shown.

    What is only written otherwise (another quote, a longer dash) is counted, and shown with --exact
    or --ta. Exits with 1 where something was found.

    \b
    Example:
      bargain check "District Counter 5-22-25"
      bargain check received.docx --against "RTA Counter 4-3-25"
      bargain check final.docx --ta "Tentative Agreement 6-9-25"
    """
    if against is not None and ta is not None:
        raise click.UsageError("--ta says against which text, so it goes without --against.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        found = _checked(record, chain, paper, ta or against, final=ta is not None)
    final = ta is not None
    shell.answer(found, lambda screen: findings.lines(found, screen, final=final, exact=exact))
    told = any(final or exact or one.code != "written-otherwise" for one in found)
    if told or (found.ladder and not final):
        raise click.exceptions.Exit(NOTHING_FOUND)


def _checked(
    record: Record, chain: Chain, name: str | None, against: str | None, *, final: bool
) -> Check:
    if name is not None and (Path(name).is_file() or name == "-"):
        revision, own = _received(chain, name)
    else:
        which = last_or(chain, name)
        revision, own = _on_file(chain, which), with_authors(record, chain, which)
    if final and own.is_marked:
        tell(f"bargain: {revision.label} still bears marks; they are taken as accepted.")
    if final:
        own = attrs.evolve(own, runs=(Run("kept", own.text),))
    return chain.check(revision, against=against, paper=own)


def _on_file(chain: Chain, which: str | int) -> Revision:
    from bargaining.readers import can_read

    try:
        return chain.revision(which)
    except NotFoundError as error:
        if can_read(str(which)):
            raise NotFoundError(f"There is no file {which}.", hint=error.hint) from error
        raise


def _received(chain: Chain, name: str) -> tuple[Revision, Paper]:
    """Read a file that is not on file, and say which rung it is: the next, by its ladder."""
    from bargaining.chain import revision_of
    from bargaining.cli.papers import read_bytes
    from bargaining.labels import read_label
    from bargaining.readers import read
    from bargaining.record.completing import made_whole

    paper = read(read_bytes(name), name=name)
    label = paper.ladder[-1] if paper.ladder else "stdin" if name == "-" else Path(name).name
    if chain.last is None:
        raise NotFoundError("No paper of this chain is on file.", hint="File one: bargain add FILE")
    whole, _ = made_whole(paper, chain.last.label, chain.paper(chain.last))
    same = next((r.rung for r in chain if r.label == label), len(chain.revisions) + 1)
    return revision_of(read_label(label), same, on_file=False), whole


@click.command()
@click.option("--all", "whole", is_flag=True, help="Show every clause, turn and wording gone.")
@click.option("--output", "-o", metavar="FILE", help="Write a .html, or a .csv for a spreadsheet.")
@force_option
@with_shell()
def status(shell: Shell, *, whole: bool, output: str | None, force: bool) -> None:
    """Show where each document stands: what is agreed, what is open, and with whom it lies.

    A clause is agreed where the last papers of both sides have the same words there, or a tentative
    agreement is the last paper. Of one document, also how each side moved, in words: what it
    offered and what became of that; where a side turned round, and what came back.

    \b
    Example:
      bargain status
      bargain status --chain "library hours" --all
      bargain status -o status.html
    """
    from bargaining.writers import status as writers

    with shell.reading() as record:
        chains = [shell.one_chain(record)] if shell.chain else list(record.every_chain())
        found = [chain.status() for chain in chains if chain.last is not None]
    if not found:
        raise NotFoundError("No paper is on file.", hint="File one: bargain add FILE")
    if output is None:
        shell.answer(found, lambda screen: writers.lines(found, screen, whole=whole))
        return
    ways = {".html": writers.html, ".csv": writers.table}
    way = next((way for ending, way in ways.items() if output.lower().endswith(ending)), None)
    if way is None:
        raise AskError(
            f"A status is not written as “{output}”.", hint="The endings are .html and .csv."
        )
    write_file(output, way(found).encode(), force=force)
    shows = ["labels", "parties"]
    if output.lower().endswith(".html"):
        reasons = any(gone.struck.revision.because for one in found for gone in one.gone)
        shows += ["struck words", *["reasons that were stated"] * reasons]
    tell_reveals(shell, output, Reveals(shows=tuple(shows)))


@click.command()
@click.option("--clause", metavar="ADDRESS", required=True, help="The clause.")
@click.option("--output", "-o", metavar="FILE", help="Write a .docx or a .html.")
@force_option
@with_shell()
def exhibit(shell: Shell, *, clause: str, output: str | None, force: bool) -> None:
    """Write one clause round by round, with the paper that shows each.

    Each round has its wording with what changed since the round before, the party, the dates of
    exchange and entry, and the file with its SHA-256; rounds that are not on file are gaps.
    At the end stands the head of the record.

    \b
    Example:
      bargain exhibit --clause 3.0 -o exhibit.docx
      bargain exhibit --clause "2.0(b)" --chain "library hours" -o exhibit.html
    """
    from bargaining.writers.formats import write_exhibit

    if output is None and not shell.json:
        raise click.UsageError("Name a file to write: -o exhibit.docx or -o exhibit.html.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        found = _exhibit(record, chain, clause)
    if output is None:
        shell.answer(found, lambda _: ())
        return
    write_file(output, write_exhibit(found, output), force=force)
    shows = ("the wording of all rounds", "labels", "dates", "file names", "the head of the record")
    tell_reveals(shell, output, Reveals(shows=shows))


def _exhibit(record: Record, chain: Chain, clause: str) -> Exhibit:
    from bargaining.writers.exhibit import Source
    from bargaining.writers.exhibit import exhibit as made

    sources = {
        ("base" if filing.base else filing.shown): Source(
            filing.name, filing.original, filing.entered
        )
        for filing in record.filings(chain.name)
    }
    return made(chain, clause, sources, record.verify().line)
