"""`bargain add`: file papers, and what is known without paper."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from bargaining.cli import prompts
from bargaining.cli.papers import files_in, marks_named, read_bytes, with_progress
from bargaining.cli.shell import Shell, tell, who_enters, with_shell
from bargaining.errors import (
    AskError,
    BargainingError,
    NotFoundError,
    exit_code,
)
from bargaining.readers import INSERTED_BY, READERS, can_read
from bargaining.writers.answers import doubt_lines
from bargaining.writers.papers import counted
from bargaining.writers.screen import Screen, person
from bargaining.writers.sentences import made_words

if TYPE_CHECKING:
    from bargaining.model import Raised, Redline
    from bargaining.record import Filed, Reading, Record, Submission
    from bargaining.record.journal import Entry


@attrs.frozen
class Entered:
    """An entry without a paper: `kind` is alias, side, rung, new or retraction."""

    kind: str
    entry: int


@attrs.frozen
class Added:
    """What `bargain add` answers: what was filed, and the doubts about it."""

    record: str
    filed: tuple[Filed, ...]
    entered: tuple[Entered, ...]
    doubts: tuple[Raised, ...]
    failed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # of each that is filed, what its text lacks or joins
    amended: tuple[Redline, ...] = ()  # what instructions made of the texts that they are for


@attrs.frozen(kw_only=True)
class _Stated:
    """What the person states on the command line of `add`."""

    label: str | None
    party: str | None
    kind: str | None
    date: str | None
    base: bool
    new: bool
    after: str | None
    no_paper: bool
    reported_by: str
    correct: bool
    amends: str | None
    partial: bool | None
    inserted: str | None
    keep_unclosed: bool
    format_: str | None
    skip: bool
    alias: Sequence[str]
    side: Sequence[str]
    retract: int | None
    because: str
    by: str | None
    plan: str | None

    @property
    def without_paper(self) -> bool:
        """True when something is stated that needs no paper."""
        stated = self.no_paper or self.new or self.alias or self.side
        return bool(stated) or self.retract is not None


@click.command()
@click.argument("papers", nargs=-1, metavar="[PAPER]...", type=click.Path())
@click.option("--label", "-l", metavar="TEXT", help="The label, where the paper prints no ladder.")
@click.option("--party", metavar="NAME", help="Who proposed it.")
@click.option("--kind", metavar="KIND", help="Proposal, counter, tentative agreement, …")
@click.option("--date", metavar="DATE", help="The date of exchange, such as 2025-05-22.")
@click.option("--base", is_flag=True, help="It is the current language, before rung 1.")
@click.option("--new", is_flag=True, help="State that there was no language before rung 1.")
@click.option("--after", metavar="LABEL", help="The rung that it follows, if nothing else tells.")
@click.option(
    "--no-paper", is_flag=True, help="Enter a rung without a paper, such as a verbal offer."
)
@click.option(
    "--reported-by", default="", metavar="NAME", help="Who reported a rung without paper."
)
@click.option(
    "--alias",
    multiple=True,
    metavar="NAME=NAME",
    help="State that the first name (of a party or a rung) means the second.",
)
@click.option(
    "--side",
    multiple=True,
    metavar="NAME=NAME",
    help="State that a party is on the side of another: an employer, union or third.",
)
@click.option("--retract", type=int, metavar="ENTRY", help="State that an entry was a mistake.")
@click.option(
    "--because", default="", metavar="TEXT", help="Why it is retracted, or proposes what it does."
)
@click.option("--correct", is_flag=True, help="Put it in the place of what has its label.")
@click.option(
    "--amends",
    is_flag=False,
    flag_value="",
    metavar="[LABEL]",
    help="Do what it says with that paper.  [default: the one before it]",
)
@click.option(
    "--partial/--whole",
    default=None,
    help="What it does not mention stays, or is struck.  [default: as it says]",
)
@click.option(
    "--inserted",
    metavar="MARKS",
    help=f"Which marks mean inserted, of {', '.join(INSERTED_BY)}.  [default: all]",
)
@click.option("--keep-unclosed", is_flag=True, help="Read marks that do not close as text.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([reader.name for reader in READERS]),
    help="The format, where the file's ending does not tell.",
)
@click.option("--skip", is_flag=True, help="File what can be filed and name the rest.")
@click.option(
    "--plan",
    metavar="FILE",
    help="Write a table of the papers, and file nothing; without papers, file what it says.",
)
@click.option("--by", metavar="NAME", help="Who enters it.  [env: BARGAIN_USER; default: you]")
@with_shell()
def add(shell: Shell, papers: Sequence[str], **options: Any) -> None:  # noqa: ANN401 - by click
    """File papers in the record: files, folders, or - for stdin.

    The label is read from the ladder that a paper prints, or from its title or e-mail, the document
    from its title; what cannot be read is asked for. All papers are filed or none. Filing the same
    paper again adds nothing.

    A paper that restates only what changes ([No change], * * *) is filed with the text that results
    from the paper before it. One that gives instructions is filed with --amends.

    With --plan, papers are listed in a table that a spreadsheet opens, with what each says of
    itself, what is asked and what is doubted; `bargain add --plan FILE` then files exactly that.

    \b
    Example:
      bargain add papers/ --alias RUSD=District
      bargain add papers/ --plan plan.csv
      bargain add scan.txt --label "District Counter 5-22-25"
      bargain add contract.md --base
      bargain add changes.md --amends "RTA Proposal 9-12-24"
      bargain add --no-paper --label "RTA Verbal Counter 10-29-24" -c "Hours"
    """
    stated = _Stated(**options)
    if stated.plan is not None:
        from bargaining.cli import planning

        planning.run(shell, papers, stated.plan, who_enters(stated.by), _others(stated))
        return
    papers, stated = _unswallowed(papers, stated)
    if not papers and not stated.without_paper:
        raise click.UsageError("Name a paper to file, a folder, or - for stdin.")
    if stated.base and stated.new:
        raise click.UsageError("--base files the language that --new says was not there.")
    if stated.partial is False and stated.amends is not None:
        raise click.UsageError("--whole says that the paper amends nothing: leave --amends out.")
    who = who_enters(stated.by)
    read = _read_all(shell, papers, stated)
    aliases = [_pair(text, "alias", "RUSD=District") for text in stated.alias]
    sides = [_pair(text, "side", "Board=District") for text in stated.side]
    with shell.writing() as record:
        entered = [record.alias(name, means, by=who) for name, means in aliases]
        entered += [record.side(party, side, by=who) for party, side in sides]
        if stated.retract is not None:
            entered.append(record.retract(stated.retract, because=stated.because, by=who))
        filed = _file(shell, record, read, who, skip=stated.skip)
        entered += _enter_without_paper(record, shell, stated, who)
        told = tuple(Entered(entry.kind, entry.seq) for entry in entered)
        report(shell, record, (*read.known, *filed), told, read.failed, asked=read.asked)
    if read.failed:
        click.get_current_context().exit(read.failed[0][1])


def _others(stated: _Stated) -> list[str]:
    """Return what is stated beside a plan, which says all of that itself."""
    given = attrs.asdict(stated)
    return [name for name, value in given.items() if value and name not in {"plan", "by"}]


def _unswallowed(papers: Sequence[str], stated: _Stated) -> tuple[Sequence[str], _Stated]:
    """Take the name of a file behind --amends for a paper: `bargain add --amends changes.md`."""
    name = stated.amends
    if name and (name == "-" or Path(name).exists() or (not papers and can_read(name))):
        return (name, *papers), attrs.evolve(stated, amends="")
    return papers, stated


def _file(shell: Shell, record: Record, read: _Read, who: str, *, skip: bool) -> tuple[Filed, ...]:
    """File what was read; all that is refused is asked about, or told at once."""
    refused: list[tuple[Reading, BargainingError]] = []
    several = len(read.readings) + len(read.known) + len(read.failed) > 1
    try:
        filed = record.file_readings(read.readings, by=who, refused=refused, skip=skip)
    except BargainingError as error:
        if _ask_again(shell, read, refused):
            return _file(shell, record, read, who, skip=skip)
        if not several or not any(error is one for _, one in refused):
            raise
        filed = ()
    failed = []
    for reading, why in refused:
        message = f"{reading.submission.name or 'stdin'}: {why} {why.hint}".strip()
        failed.append((message, exit_code(why)))
    _stop_or_skip(failed, len(read.readings), skip=skip)
    read.failed.extend(failed)
    return filed


def _ask_again(
    shell: Shell, read: _Read, refused: Sequence[tuple[Reading, BargainingError]]
) -> bool:
    """Ask about each paper that was refused; True where that settled all of them."""
    settled = {id(one): _asked(shell, one.submission, error) for one, error in refused}
    read.asked.update(one.submission.name for one in settled.values() if one is not None)
    read.readings[:] = [settled.get(id(one)) or one for one in read.readings]
    return bool(settled) and None not in settled.values()


@attrs.frozen
class _Read:
    """What became of the papers named: read, on file already, or failed (message, exit code)."""

    readings: list[Reading] = attrs.Factory(list)
    known: list[Filed] = attrs.Factory(list)
    failed: list[tuple[str, int]] = attrs.Factory(list)
    asked: set[str] = attrs.Factory(set)  # names of papers that a person answered for


def _pair(text: str, what: str, example: str) -> tuple[str, str]:
    name, sign, means = text.partition("=")
    if not sign:
        raise AskError(f"“{text}” is no {what}.", hint=f"Write it as --{what} {example}.")
    return name, means


def _read_all(shell: Shell, papers: Sequence[str], stated: _Stated) -> _Read:
    """Read every paper before anything is filed; all that is wrong is told at once."""
    from bargaining.record import prepare

    files = list(files_in(papers))
    _refuse_one_label_for_many(files, stated)
    read = _Read()
    readings: dict[str, Reading] = {}
    failed: dict[str, tuple[Submission | None, BargainingError]] = {}
    for file in with_progress(files):
        submission = None
        try:
            submission = _submission(shell, file, stated)
            readings[file] = prepare(submission)
        except BargainingError as error:
            known = _known(shell, submission) if isinstance(error, AskError) else None
            if known is not None:
                read.known.append(known)
            else:
                failed[file] = submission, error
    for file, (submission, why) in failed.items():
        reading = _asked(shell, submission, why)
        if reading is not None:
            readings[file] = reading
            read.asked.add(reading.submission.name)
        elif len(files) == 1:
            raise type(why)(f"{file}: {why}", hint=why.hint) from why
        else:
            read.failed.append((f"{file}: {why} {why.hint}".strip(), exit_code(why)))
    read.readings.extend(readings[file] for file in files if file in readings)
    _stop_or_skip(read.failed, len(files), skip=stated.skip)
    return read


def _asked(shell: Shell, submission: Submission | None, error: BargainingError) -> Reading | None:
    """Ask at the terminal what a paper does not say; None where nobody can be asked."""
    if submission is None or not prompts.can_ask(json=shell.json):
        return None
    return prompts.settled(submission, error)


def _known(shell: Shell, submission: Submission | None) -> Filed | None:
    """Find a paper that lacks a label in the record: it may have been filed with one."""
    from bargaining.record import Filed

    if submission is None:
        return None
    if submission.label or submission.date or submission.party or submission.kind:
        return None
    with suppress(NotFoundError), shell.reading() as record:
        filing = record.filing_of(submission.data)
        if filing is not None:
            revision = record.chain(filing.chain).revision(filing.shown)
            return Filed("already on file", filing.chain, revision, filing.entry, submission.name)
    return None


def _stop_or_skip(failed: Sequence[tuple[str, int]], of: int, *, skip: bool) -> None:
    """Tell what failed; unless the rest shall be filed, stop here."""
    for message, _ in failed:
        tell(f"bargain: {message}")
    if failed and not skip:
        tell(
            f"bargain: Nothing was filed, because of {len(failed)} of {of} papers. "
            "Mend or leave them out, or file the others with --skip."
        )
        click.get_current_context().exit(failed[0][1])


def _refuse_one_label_for_many(files: Sequence[str], stated: _Stated) -> None:
    single = [
        name
        for name in ("label", "date", "kind", "base", "after", "amends", "because")
        if getattr(stated, name)
    ]
    if len(files) > 1 and single:
        raise click.UsageError(f"--{single[0]} is for one paper; {len(files)} are named.")


def _submission(shell: Shell, file: str, stated: _Stated) -> Submission:
    from bargaining.record import Submission

    inserted = stated.inserted
    return Submission(
        data=read_bytes(file),
        name="" if file == "-" else os.fsencode(Path(file).name).decode(errors="replace"),
        label=stated.label,
        party=stated.party,
        kind=stated.kind,
        date=stated.date,
        chain=shell.chain,
        base=stated.base,
        after=stated.after,
        format=stated.format_,
        inserted_by=None if inserted is None else marks_named(inserted),
        keep_unclosed=stated.keep_unclosed,
        correct=stated.correct,
        amends=stated.amends,
        partial=bool(stated.partial),
        whole=stated.partial is False,
        because="" if stated.retract is not None else stated.because,
    )


def _enter_without_paper(
    record: Record, shell: Shell, stated: _Stated, who: str
) -> Iterator[Entry]:
    if not (stated.no_paper or stated.new):
        return
    chain = shell.chain or (record.chains[0] if len(record.chains) == 1 else None)
    if chain is None:
        raise AskError("Which document is meant?", hint='Name it: --chain "Class Size".')
    if stated.new:
        yield record.new_article(chain, by=who)
    if stated.no_paper:
        yield record.no_paper(
            stated.label or "",
            chain=chain,
            party=stated.party,
            kind=stated.kind,
            date=stated.date,
            after=stated.after,
            reported_by=stated.reported_by,
            by=who,
        )


def report(
    shell: Shell,
    record: Record,
    filed: Sequence[Filed],
    entered: Sequence[Entered],
    failed: Sequence[tuple[str, int]],
    *,
    asked: Collection[str] = (),
) -> None:
    """Say what was filed where, and what a careful reader would doubt about it."""
    chains = {name: record.chain(name) for name in dict.fromkeys(f.chain for f in filed)}
    new = {(f.chain, f.revision.rung) for f in filed if f.done != "already on file"}
    doubts = tuple(
        raised
        for name, chain in chains.items()
        for raised in chain.doubts
        if (name, raised.revision.rung) in new
    )
    messages = tuple(message for message, _ in failed)
    amended = tuple(
        chains[f.chain].redline(made.label, f.revision)
        for f in filed
        for made in f.revision.made_of
        if made.how == "amends" and f.done != "already on file"
    )
    left_out = tuple(
        counted(chains[f.chain].paper(f.revision).parts)
        if (f.chain, f.revision.rung) in new
        else ""
        for f in filed
    )
    added = Added(record.path, tuple(filed), tuple(entered), doubts, messages, left_out, amended)
    shell.answer(added, lambda screen: (*_added_lines(added, screen), *_summary(added, asked)))


def _summary(added: Added, asked: Collection[str]) -> Iterator[str]:
    """Say of each of several documents how many papers were filed, asked about and doubted."""
    chains = dict.fromkeys(one.chain for one in added.filed)
    if len(chains) < 2:  # noqa: PLR2004 - several
        return
    doubted = [revision for revision, _ in added.doubts]
    yield ""
    for chain in chains:
        own = [one for one in added.filed if one.chain == chain]
        known = sum(one.done == "already on file" for one in own)
        counts = [
            (len(own) - known, "filed"),
            (known, "already on file"),
            (sum(one.name in asked for one in own), "asked about"),
            (sum(one.revision in doubted for one in own), "in doubt"),
        ]
        yield person(f"{chain}: {', '.join(f'{n} {what}' for n, what in counts if n)}")


def _added_lines(added: Added, screen: Screen) -> Iterator[str]:
    for entry in added.entered:
        yield f"entered: {entry.kind} (entry {entry.entry})"
    for one, left_out in zip(added.filed, added.left_out, strict=True):
        rung = "base" if one.revision.is_base else f"rung {one.revision.rung}"
        said = "; ".join((f"{rung} of “{one.chain}”, entry {one.entry}", *one.sources))
        text = f"{one.done}: {one.revision.label} ({said})"
        yield from screen.wrap([(person(text), "plain")], rest="    ")
        if one.revision.made_of and one.done != "already on file":
            made = person(made_words(one.revision))
            yield from screen.wrap([(made, "plain")], first="    ", rest="    ")
        if left_out:
            yield from screen.lines(f"{left_out} (bargain show --left-out)", indent="    ")
    for redline in added.amended:
        from bargaining.writers.redlines import terminal

        yield ""
        yield from terminal.lines(redline, screen)
    yield from doubt_lines(added.doubts, screen)
