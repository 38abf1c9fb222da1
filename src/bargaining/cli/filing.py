"""`bargain add`: file papers, and what is known without paper."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from bargaining.cli.shell import Shell, tell, who_enters, with_shell
from bargaining.errors import (
    AskError,
    BargainingError,
    NotFoundError,
    StorageError,
    exit_code,
)
from bargaining.readers import INSERTED_BY, MAX_BYTES, READERS, can_read
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
    """An entry without a paper: `kind` is alias, rung, new or retraction."""

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
    retract: int | None
    because: str
    by: str | None
    plan: str | None

    @property
    def without_paper(self) -> bool:
        """True when something is stated that needs no paper."""
        return bool(self.no_paper or self.new or self.alias) or self.retract is not None


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
@click.option("--retract", type=int, metavar="ENTRY", help="State that an entry was a mistake.")
@click.option("--because", default="", metavar="TEXT", help="Why it is retracted.")
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
    if not papers and not (
        stated.no_paper or stated.new or stated.alias or stated.retract is not None
    ):
        raise click.UsageError("Name a paper to file, a folder, or - for stdin.")
    if stated.base and stated.new:
        raise click.UsageError("--base files the language that --new says was not there.")
    if stated.partial is False and stated.amends is not None:
        raise click.UsageError("--whole says that the paper amends nothing: leave --amends out.")
    who = who_enters(stated.by)
    read = _read_all(shell, papers, stated)
    aliases = [_alias(text) for text in stated.alias]
    with shell.writing() as record:
        entered = [record.alias(name, means, by=who) for name, means in aliases]
        if stated.retract is not None:
            entered.append(record.retract(stated.retract, because=stated.because, by=who))
        filed = _file(record, read, who, skip=stated.skip)
        entered += _enter_without_paper(record, shell, stated, who)
        told = tuple(Entered(entry.kind, entry.seq) for entry in entered)
        report(shell, record, (*read.known, *filed), told, read.failed)
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


def _file(record: Record, read: _Read, who: str, *, skip: bool) -> tuple[Filed, ...]:
    """File what was read; all that is refused is told at once."""
    refused: list[tuple[Reading, BargainingError]] = []
    several = len(read.readings) + len(read.known) + len(read.failed) > 1
    try:
        filed = record.file_readings(read.readings, by=who, refused=refused, skip=skip)
    except BargainingError as error:
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


@attrs.frozen
class _Read:
    """What became of the papers named: read, on file already, or failed (message, exit code)."""

    readings: list[Reading] = attrs.Factory(list)
    known: list[Filed] = attrs.Factory(list)
    failed: list[tuple[str, int]] = attrs.Factory(list)


def _alias(text: str) -> tuple[str, str]:
    name, sign, means = text.partition("=")
    if not sign:
        raise AskError(f"“{text}” is no alias.", hint="Write it as --alias RUSD=District.")
    return name, means


def _read_all(shell: Shell, papers: Sequence[str], stated: _Stated) -> _Read:
    """Read every paper before anything is filed; all that is wrong is told at once."""
    from bargaining.record import prepare

    files = list(files_in(papers))
    _refuse_one_label_for_many(files, stated)
    read = _Read()
    for file in _progress(files):
        submission = None
        try:
            submission = _submission(shell, file, stated)
            read.readings.append(prepare(submission))
        except BargainingError as error:
            known = _known(shell, submission) if isinstance(error, AskError) else None
            if known is not None:
                read.known.append(known)
            elif len(files) == 1:
                raise type(error)(f"{file}: {error}", hint=error.hint) from error
            else:
                message = f"{file}: {error} {error.hint}".strip()
                read.failed.append((message, exit_code(error)))
    _stop_or_skip(read.failed, len(files), skip=stated.skip)
    return read


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
        for name in ("label", "date", "kind", "base", "after", "amends")
        if getattr(stated, name)
    ]
    if len(files) > 1 and single:
        raise click.UsageError(f"--{single[0]} is for one paper; {len(files)} are named.")


_LOCKS = ("~$", ".#")  # what Word and Emacs leave beside an open paper


def files_in(papers: Sequence[str]) -> Iterator[str]:
    """Yield the files named, and of each folder the papers in it, in order of name."""
    for name in papers:
        path = Path(name)
        if name == "-" or not path.is_dir():
            yield name
            continue
        papers_in = (p for p in path.rglob("*") if not (p.is_dir() or p.name.startswith(_LOCKS)))
        found = sorted(str(p) for p in papers_in if can_read(p.name))
        if not found:
            endings = ", ".join(ending for reader in READERS for ending in reader.endings)
            raise NotFoundError(f"There are no papers in {name}.", hint=f"Papers end in {endings}.")
        yield from found


def _progress(files: Sequence[str]) -> Iterator[str]:
    """Yield the files; on a terminal, show how far it is, when there are many."""
    if len(files) < 5 or not sys.stderr.isatty():  # noqa: PLR2004 - a few take no time
        yield from files
        return
    with click.progressbar(files, label="Reading papers", file=sys.stderr) as bar:
        yield from bar


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
    )


def marks_named(text: str) -> tuple[str, ...]:
    """Return the marks that a person names, separated by commas."""
    marks = tuple(mark.strip() for mark in text.split(",") if mark.strip())
    unknown = [mark for mark in marks if mark not in INSERTED_BY]
    if unknown:
        raise click.UsageError(f"--inserted: “{unknown[0]}” is none of {', '.join(INSERTED_BY)}.")
    return marks


def read_bytes(file: str) -> bytes:
    """Read a file or stdin, never much more than the most that a paper may have."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    from bargaining.record.files import open_plain

    try:
        with open_plain(Path(file)) as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFoundError("There is no such file.") from error
    except OSError as error:
        raise StorageError(f"It cannot be read: {error.strerror}.") from error


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
    shell.answer(added, lambda screen: _added_lines(added, screen))


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
