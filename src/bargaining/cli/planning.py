"""`bargain add --plan`: a folder of papers as a table, and then filed by it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from bargaining.cli.filing import report
from bargaining.cli.papers import files_in, read_bytes
from bargaining.cli.shell import Shell, tell, write_file
from bargaining.errors import AskError, BargainingError, exit_code
from bargaining.writers.screen import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bargaining.record import Reading
    from bargaining.record.plan import Row
    from bargaining.writers.screen import Screen


@attrs.frozen
class Planned:
    """What `bargain add FOLDER --plan FILE` answers.

    Attributes:
        plan: the file that was written.
        papers: how many papers are in it.
        documents: how many papers each document has.
        asked: of how many papers something is asked.
        doubted: of how many papers something is doubted.
    """

    plan: str
    papers: int
    documents: dict[str, int]
    asked: int
    doubted: int


def run(shell: Shell, papers: Sequence[str], plan: str, by: str, others: Sequence[str]) -> None:
    """Write a plan of papers, or file by one where no papers are named.

    Args:
        shell: the shell.
        papers: files and folders.
        plan: the file of the plan.
        by: who enters.
        others: what else was stated.
    """
    if others:
        name = others[0].replace("_", "-").strip("-")
        raise click.UsageError(f"--plan says all of each paper itself: leave --{name} out.")
    if papers:
        _write(shell, papers, plan)
    else:
        _file(shell, plan, by)


def _write(shell: Shell, papers: Sequence[str], plan: str) -> None:
    from bargaining.record import plan as plans

    above = Path(plan).absolute().parent
    rows = []
    for file in files_in(papers):
        if file == "-":
            raise click.UsageError("A plan is of files: stdin has no name.")
        shown = os.path.relpath(Path(file).absolute(), above)
        rows += plans.suggest(Path(shown).as_posix(), read_bytes(file), _saved(file))
    plans.join_names(rows)
    plans.suggest_sides(rows)
    write_file(plan, plans.written(rows), force=False)
    documents: dict[str, int] = {}
    for row in rows:
        documents[row["document"]] = documents.get(row["document"], 0) + 1
    counts = [sum(bool(row[name]) for row in rows) for name in ("asked", "doubted")]
    found = Planned(plan, len(rows), documents, *counts)
    shell.answer(found, lambda screen: _planned_lines(found, screen))


def _saved(file: str) -> str:
    """Return the day on which a file was last saved, ISO 8601 in UTC."""
    return datetime.fromtimestamp(Path(file).stat().st_mtime, UTC).date().isoformat()


def _planned_lines(found: Planned, screen: Screen) -> Iterator[str]:
    yield from screen.lines(
        person(
            f"{found.plan} has {_many(found.papers, 'paper')}: something is asked of "
            f"{found.asked}, and doubted of {found.doubted}. Nothing is filed yet."
        )
    )
    for name, count in found.documents.items():
        text = f"{name or '(document not known)'}: {_many(count, 'paper')}"
        yield from screen.lines(person(text), indent="  ")
    yield from screen.lines(
        person(f"Look it through in a spreadsheet, then: bargain add --plan {found.plan}")
    )


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _file(shell: Shell, plan: str, by: str) -> None:
    from bargaining.record import plan as plans

    rows = [row for row in plans.read_plan(read_bytes(plan)) if plans.is_wanted(row)]
    if not rows:
        raise AskError("The plan files nothing.", hint="Write yes under “file it”.")
    sides = plans.sides(rows)
    readings, failed = _readings(rows, Path(plan).absolute().parent)
    refused: list[tuple[Reading, BargainingError]] = []
    if not failed:
        with shell.writing() as record:
            try:
                filed = record.file_readings(readings, by=by, refused=refused, sides=sides)
            except BargainingError as error:
                if not any(error is one for _, one in refused):
                    raise
            else:
                for party, side in sides.items():
                    tell(f"stated: {party} is on the side of {side}")
                report(shell, record, filed, (), ())
    failed += [(f"{reading.submission.name}: {_said(why)}", why) for reading, why in refused]
    for message, _ in failed:
        tell(f"bargain: {message}")
    if failed:
        count = f"{len(failed)} of {len(rows)} rows"
        tell(f"bargain: Nothing was filed, because of {count}. Mend the plan.")
        click.get_current_context().exit(exit_code(failed[0][1]))


def _readings(
    rows: Sequence[Row], above: Path
) -> tuple[list[Reading], list[tuple[str, BargainingError]]]:
    """Read every paper of a plan, and say what was changed by hand."""
    from bargaining.record import plan as plans
    from bargaining.record import prepare

    readings: list[Reading] = []
    failed: list[tuple[str, BargainingError]] = []
    for row in rows:
        try:
            data = read_bytes(str(above / row["file"]))
            before = plans.suggested(row, data)
            readings.append(prepare(plans.submission(row, data, before)))
        except BargainingError as error:
            failed.append((f"{row['file']}: {_said(error)}", error))
            continue
        for said in plans.by_hand(row, before):
            tell(f"by hand: {row['file']}: {said}")
    return readings, failed


def _said(error: BargainingError) -> str:
    return f"{error} {error.hint}".strip()
