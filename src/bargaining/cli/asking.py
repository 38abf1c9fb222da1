"""The commands that ask: show, diff, blame, who."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import attrs
import click

from bargaining.cli.shell import Shell, force_option, last_or, tell, with_shell, write_file
from bargaining.errors import NOTHING_FOUND, AskError, NotFoundError
from bargaining.model import MAX_BYTES, Annotation, Answer, Paper, Revision, Run
from bargaining.writers import answers, papers
from bargaining.writers.authors import Reveals
from bargaining.writers.screen import person
from bargaining.writers.sentences import made_words

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.record import Record
    from bargaining.record.catalogue import Filing
    from bargaining.writers.screen import Screen


_NEAR_MOST: Final = 3
_AT_ONCE: Final = 200  # documents; fewer are asked by this process alone


@click.command()
@click.argument("revision", required=False)
@click.option("--marks", is_flag=True, help="Show the paper's own marks, struck text included.")
@click.option("--left-out", is_flag=True, help="Show what the reader left out or joined, by line.")
@click.option("--original", is_flag=True, help="Write the bytes that were filed.")
@click.option("--output", "-o", metavar="FILE", help="Write a clean .docx or .txt.")
@force_option
@with_shell()
def show(
    shell: Shell,
    revision: str | None,
    *,
    marks: bool,
    left_out: bool,
    original: bool,
    output: str | None,
    force: bool,
) -> None:
    """Write the text of a revision, exactly; without a name, of the last one on file.

    Into a file or a pipe the text goes exactly as it is. On a terminal, characters that could act
    on it are written as their code points.

    \b
    Example:
      bargain show "District Counter 5-22-25" > counter.txt
      bargain show base
      bargain show 3 --marks
      bargain show 8 -o clean.docx
    """
    if original and shell.json and output is None:
        raise click.UsageError("--original writes bytes, which JSON cannot hold.")
    if output is not None and (marks or left_out):
        raise click.UsageError("-o writes a clean copy: leave what shows it otherwise out.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        which = last_or(chain, revision)
        if original or output is not None:
            _write_copy(shell, record, chain, which, output, original=original, force=force)
            return
        text, found = chain.text(which), chain.revision(which)
        paper = with_authors(record, chain, which) if marks else chain.paper(which)
    if found.is_base and chain.declared_by is not None:
        tell(f"The base is not on file: this is what the marks of {chain.declared_by.label} say.")
    if found.made_of:
        tell(person(made_words(found)))
    if shell.json:
        shell.answer(_Shown(found, paper, text), lambda _: ())
    elif marks or left_out:
        lines = papers.marks if marks else papers.left_out
        shell.answer(paper, lambda screen: lines(paper, screen))
    elif sys.stdout.isatty():
        shell.answer(text, lambda screen: _screen_lines(text, screen))
    else:
        _write_bytes(text.encode())


def _write_copy(
    shell: Shell,
    record: Record,
    chain: Chain,
    which: str | int,
    output: str | None,
    *,
    original: bool,
    force: bool,
) -> None:
    """Write the bytes that were filed, or a clean copy."""
    from bargaining.writers.formats import names_revision

    data = _original(record, chain, which) if original else _clean(record, chain, which, output)
    if output is None:
        _write_bytes(data)
        return
    write_file(output, data, force=force)
    if original:
        filed = Reveals(shows=("the paper as it was filed, with all that is not seen in it",))
        tell_reveals(shell, output, filed)
        return
    is_word = output.lower().endswith(".docx")
    before = original_of(record, chain, which)[0] if is_word else None
    shows = ("which revision it is",) if is_word and names_revision(data) else ()
    told = of_document(Reveals(shows=shows), data if is_word else None, before)
    tell_reveals(shell, output, told)


def with_authors(record: Record, chain: Chain, which: str | int) -> Paper:
    """Return a paper with the authors of its marks, which only its original has.

    What is read now counts only where it is what was filed; else the paper is as filed.
    """
    from bargaining.readers import read

    filed, (original, inserted_by) = chain.paper(which), original_of(record, chain, which)
    if original is None:
        return filed
    now = read(original, format="docx", inserted_by=inserted_by)
    same = [(run.kind, run.text) for run in _joined(now.runs)]
    if same == [(run.kind, run.text) for run in _joined(filed.runs)]:
        return attrs.evolve(filed, runs=now.runs)
    tell("bargain: The paper would be read otherwise now, so its marks are shown as filed.")
    return filed


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Join neighbours of one kind, whoever made them."""
    for kind, group in groupby(runs, key=lambda run: run.kind):
        yield Run(kind, "".join(run.text for run in group))


def _screen_lines(text: str, screen: Screen) -> Iterator[str]:
    """Wrap each line of a text by itself."""
    for line in text.split("\n"):
        yield from screen.lines(line) if line.strip() else [""]


@attrs.frozen
class _Shown:
    revision: Revision
    paper: Paper
    text: str


def _original(record: Record, chain: Chain, which: str | int) -> bytes:
    filing = _filing_of(record, chain, which)
    if filing is not None:
        return record.original(filing)
    raise NotFoundError("No paper of this revision was filed.", hint="See `bargain log`.")


def original_of(
    record: Record, chain: Chain, which: str | int
) -> tuple[bytes | None, tuple[str, ...] | None]:
    """Return the Word document that a revision was filed as, and which marks in it mean inserted.

    Nothing where it was filed as another kind of file, or that document is no whole text.
    """
    filing = _filing_of(record, chain, which)
    if filing is not None and filing.paper["format"] == "docx" and not filing.made_of:
        return record.original(filing), filing.inserted_by
    return None, None


def _filing_of(record: Record, chain: Chain, which: str | int) -> Filing | None:
    """Return the filing that a revision is on file by: the one whose label it has."""
    revision = chain.revision(which)
    wanted = revision.label, revision.is_base
    return next((f for f in record.filings(chain.name) if (f.shown, f.base) == wanted), None)


def of_document(told: Reveals, data: bytes | None, original: bytes | None) -> Reveals:
    """Add to what a file tells what a Word document holds beside its text.

    Args:
        told: what is known without it.
        data: the document that was written, if it is one.
        original: the filed one that it is dressed in, unless all of that went out.
    """
    from bargaining.writers.formats import commenters_in, is_instead, left_out

    if data is None:
        return told
    comments = commenters_in(data)
    gone = () if original is None or is_instead(data) else left_out(original)
    return attrs.evolve(
        told,
        comments=len(comments),
        commenters=tuple(dict.fromkeys(filter(None, comments))),
        left_out=gone,
    )


@attrs.frozen
class _Written:
    written: str
    reveals: Reveals


def tell_reveals(shell: Shell, output: str, told: Reveals) -> None:
    """Say what a file that was written tells whoever gets it: a line, or with `--json` a value."""
    if shell.json:
        shell.answer(_Written(output, told), lambda _: ())
    else:
        tell(f"Wrote {output}: {told}")


def _clean(record: Record, chain: Chain, which: str | int, output: str | None) -> bytes:
    """Return a revision as the bytes of a clean file."""
    output = output or ""
    text = chain.text(which)
    if output.lower().endswith(".txt"):
        return text.encode()
    if not output.lower().endswith(".docx"):
        raise AskError(
            f"A clean copy is not written as “{output}”.", hint="The endings are .docx and .txt."
        )
    from bargaining.writers.formats import write_clean

    title = chain.paper(which).title or (chain.name,)
    original, marks = original_of(record, chain, which)
    revision = chain.revision(which)
    exact = chain.paper(which).format == "docx"
    return write_clean(
        revision, text, exact=exact, title=title, original=original, inserted_by=marks
    )


def _write_bytes(data: bytes) -> None:
    """Write bytes to stdout as they are."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option("--all", "whole", is_flag=True, help="Show unchanged clauses, too.")
@click.option("--exact", is_flag=True, help="Mark what is only written otherwise, too.")
@with_shell()
def diff(shell: Shell, old: str | None, new: str | None, *, whole: bool, exact: bool) -> None:
    """Show what changed from one revision to another, word by word.

    Struck words stand in [-…-], inserted words in {+…+}. Without names, the last paper on file is
    compared with the one before it; with one name, that one with the last.

    \b
    Example:
      bargain diff "RTA Proposal 9-12-24" "District Counter 10-10-24"
      bargain diff base 4
    """
    with shell.reading() as record:
        chain = shell.one_chain(record)
        later = last_or(chain, new)
        earlier = old if old is not None else before(chain, chain.revision(later))
        found = chain.diff(earlier, later)
        declarer = chain.declared_by
    shell.answer(
        found,
        lambda screen: answers.diff(found, screen, declared_by=declarer, whole=whole, exact=exact),
    )


def before(chain: Chain, revision: Revision) -> int:
    """The rung of the last text on file before a revision."""
    earlier = [r.rung for r in chain if r.on_file and r.rung < revision.rung]
    if earlier:
        return earlier[-1]
    if chain.base_known != "unknown":
        return 0
    raise NotFoundError(
        f"No text before “{revision.label}” is on file, so there is nothing to compare.",
        hint="File the base with --base, or another revision.",
    )


@click.command()
@click.argument("revision", required=False)
@click.option("--clause", metavar="ADDRESS", help="Only this clause and those within it.")
@click.option("--struck", is_flag=True, help="Show, in place, the words struck by then, too.")
@click.option("--explain", metavar="WORDING", help="Say why these words have their origin.")
@click.option("--output", "-o", metavar="FILE", help="Write a coloured copy: .docx or .html.")
@click.option(
    "--columns",
    metavar="REVISIONS",
    help="With -o: a column for each of these (`base,4,8`), or `sides`.",
)
@force_option
@with_shell()
def blame(
    shell: Shell,
    revision: str | None,
    *,
    clause: str | None,
    struck: bool,
    explain: str | None,
    output: str | None,
    columns: str | None,
    force: bool,
) -> None:
    """Show who proposed each word of a revision; without a name, of the last on file.

    With -o, write a copy of it with every word in its proposer's colour and with its letter,
    changes since the last paper underlined: the Word document that it was filed as, or a page.
    With --columns, write a table instead: a row for each clause, a column for each revision.
    `sides` are the base, the last paper of each side, and what these two agree on.

    With --explain, say on what evidence the origin of a wording rests: where it was first seen,
    struck and brought back, and by what it was recognised.

    \b
    Example:
      bargain blame
      bargain blame "District Counter 5-22-25" --clause "2.0(c)" --struck
      bargain blame --explain "mutual agreement of the members"
      bargain blame -o who.docx
      bargain blame --columns sides -o table.html
    """
    if columns is not None and (output is None or revision is not None or struck):
        raise click.UsageError("--columns goes with -o, and without a revision and --struck.")
    if output is not None and (clause is not None or explain is not None):
        raise click.UsageError("-o writes a whole copy: leave --clause and --explain out.")
    if explain is not None and (clause is not None or struck):
        raise click.UsageError("--explain goes without --clause and --struck.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        if explain is not None:
            found = chain.explain(last_or(chain, revision), explain)
            shell.answer(found, lambda screen: answers.explained(found, chain, screen))
            return
        if columns is not None and output is not None:
            _write_columns(shell, chain, columns, output, force=force)
            return
        if output is not None:
            _write_coloured(
                shell, record, chain, last_or(chain, revision), output, struck=struck, force=force
            )
            return
        annotation = _within(chain.blame(last_or(chain, revision), struck=struck), clause)
    shell.answer(annotation, lambda screen: answers.blame(annotation, chain, screen))


def _write_columns(shell: Shell, chain: Chain, columns: str, output: str, *, force: bool) -> None:
    """Write a table of clauses, and say what it tells whoever reads it."""
    from bargaining.writers.authors import Reveals
    from bargaining.writers.formats import write_columns

    write_file(output, write_columns(chain, columns, output), force=force)
    tell_reveals(shell, output, Reveals(shows=("the texts of these papers", "labels", "dates")))


def _write_coloured(
    shell: Shell,
    record: Record,
    chain: Chain,
    which: str | int,
    output: str,
    *,
    struck: bool,
    force: bool,
) -> None:
    """Write a coloured copy, and say what it tells whoever reads it."""
    from bargaining.writers.authors import Reveals
    from bargaining.writers.formats import write_coloured

    original, marks = original_of(record, chain, which)
    data = write_coloured(chain, which, output, struck=struck, original=original, inserted_by=marks)
    write_file(output, data, force=force)
    dropped = ("dropped words",) if struck else ()
    told = Reveals(shows=(*dropped, "parties", "labels", "dates"))
    is_word = output.lower().endswith(".docx")
    tell_reveals(shell, output, of_document(told, data if is_word else None, original))


def _within(annotation: Annotation, clause: str | None) -> Annotation:
    """Keep the spans of one clause and of the clauses within it."""
    if clause is None:
        return annotation
    from bargaining.text.addresses import matching

    wanted = matching((span.clause for span in annotation), clause)
    return attrs.evolve(annotation, spans=tuple(s for s in annotation if s.clause in wanted))


@click.command()
@click.argument("wording")
@with_shell()
def who(shell: Shell, wording: str) -> None:
    """Say who proposed a wording, and what became of it. Without --chain, in every document.

    Case, spacing, line breaks, quotes, dashes and ligatures do not hide it. Exits with 1 when the
    wording is nowhere. With - the wording is read from stdin.

    \b
    Example:
      bargain who "mutual agreement of the members"
    """
    if wording == "-":
        from bargaining.readers import decode

        wording = decode(sys.stdin.buffer.read(MAX_BYTES + 1))
    with shell.reading() as record:
        titled = not shell.chain and len(record.chains) > 1
        answers = [shell.one_chain(record).who(wording)] if shell.chain else _asked(record, wording)
        gone = record.taken_back()
    found = [answer for answer in answers if answer]
    shell.answer(
        found or answers, lambda screen: who_lines(wording, answers, screen, titled=titled)
    )
    if not found:
        if gone:
            what = "entry was" if len(gone) == 1 else "entries were"
            tell(
                f"bargain: {len(gone)} retracted {what} not searched; see `bargain log --journal`."
            )
        click.get_current_context().exit(NOTHING_FOUND)


def _asked(record: Record, wording: str) -> list[Answer]:
    """Ask every document that can hold a wording; where there are many, in several processes."""
    from bargaining.record.finding import MANY

    if not record.chains:
        raise NotFoundError("The record is empty.", hint="File a paper: bargain add FILE")
    if len(record.chains) < MANY:
        return list(record.who(wording))
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(mp_context=get_context("spawn")) as executor:
        return list(record.who(wording, executor=executor, at_once=_AT_ONCE))


def who_lines(
    wording: str, found: Sequence[Answer], screen: Screen, *, titled: bool
) -> Iterator[str]:
    """Show the answers of the chains that hold the wording, or what comes close in the others."""
    holding = [answer for answer in found if answer]
    for n, answer in enumerate(holding):
        if n:
            yield ""
        if titled:
            yield screen.paint(person(answer.chain), "bold")
        yield from answers.who(answer, screen)
    if not holding:
        from bargaining.views.search import near_first

        near = [(answer.chain, one) for answer in found for one in answer.near]
        near.sort(key=lambda pair: near_first(pair[1]))
        yield from answers.nothing_found(wording.strip(), near[:_NEAR_MOST], screen)
