"""`bargain redline`: both revisions in one text, each mark with who made it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import attrs
import click

from bargaining.cli.asking import before, of_document, original_of, tell_reveals
from bargaining.cli.papers import marks_named, read_bytes
from bargaining.cli.shell import Shell, force_option, last_or, tell, with_shell, write_file
from bargaining.errors import AskError, BargainingError, NotFoundError
from bargaining.readers import can_read

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.model import Paper, Redline
    from bargaining.writers.authors import Reveals


@attrs.frozen(kw_only=True)
class _Asked:
    """What the person asks for."""

    output: str | None
    force: bool
    all_rounds: bool
    flat: bool
    moves: bool
    whole: bool
    side_by_side: bool | None
    exact: bool
    inserted: str | None
    only_standing: bool
    as_filed: bool


@attrs.frozen
class _Found:
    """A redline, and the Word document that it can be dressed in."""

    redline: Redline
    original: bytes | None
    inserted_by: Sequence[str] | None
    older: bytes | None = None
    older_by: Sequence[str] | None = None
    text: str = ""
    exact: bool = False
    files: Sequence[str] = ()


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--output", "-o", metavar="FILE", help="Write a .docx, .html, .md, .critic.md, .json."
)
@force_option
@click.option(
    "--all-rounds", is_flag=True, help="Show what was inserted and struck in between, too."
)
@click.option("--flat", is_flag=True, help="Word: say that in comments, for weak readers.")
@click.option("--moves", is_flag=True, help="Word: write moved words as moves.")
@click.option("--all", "whole", is_flag=True, help="Show unchanged clauses, too.")
@click.option(
    "--side-by-side/--one-column",
    default=None,
    help="How to lay it out.  [default: side by side from 120 columns]",
)
@click.option("--exact", is_flag=True, help="Mark what is only written otherwise, too.")
@click.option(
    "--inserted", metavar="MARKS", help="Of two files: which marks mean inserted, as in `add`."
)
@click.option(
    "--only-standing", is_flag=True, help="Write the newer text alone: no marks, names or comments."
)
@click.option(
    "--as-filed", is_flag=True, help="Word: with all that is not seen in the papers, too."
)
@with_shell()
def redline(shell: Shell, old: str | None, new: str | None, **options: Any) -> None:  # noqa: ANN401 - by click
    """Show or write a redline: each mark bears the party and the date that made it.

    Without names, the last paper on file against the one before it; with one name, the last one
    against that. Two files are compared as they are, without a record.

    On the screen and on a page, words that are only written otherwise (another quote, a longer
    dash) are counted and not marked, but with --exact; other files are exact always.

    A Word document is the newer paper itself, where that was filed as one. Every file is read back
    before it is written: with all marks accepted it is the newer text, with all rejected the older.

    \b
    Example:
      bargain redline base "District Counter 5-22-25"
      bargain redline base 8 --all-rounds -o redline.docx
      bargain redline ours.docx theirs.docx -o compared.html
    """
    asked = _Asked(**options)
    _refuse_odd(asked)
    found = (
        _of_files(old, new, asked) if _are_files(old, new) else _of_record(shell, old, new, asked)
    )
    if asked.output is not None:
        _write(shell, asked.output, found, asked)
        return
    from bargaining.writers.redlines import terminal

    shell.answer(
        found.redline,
        lambda screen: terminal.lines(
            found.redline,
            screen,
            whole=asked.whole,
            side_by_side=asked.side_by_side,
            exact=asked.exact,
        ),
    )


def _refuse_odd(asked: _Asked) -> None:
    """Refuse options that say nothing together."""
    if asked.flat and not asked.all_rounds:
        raise click.UsageError("--flat says how --all-rounds is written.")
    of_word = asked.moves or asked.flat or asked.as_filed
    if of_word and not (asked.output or "").lower().endswith(".docx"):
        raise click.UsageError(
            "--moves, --flat and --as-filed are for a Word document: -o FILE.docx."
        )
    if asked.only_standing and asked.output is None:
        raise click.UsageError("--only-standing is for a file that is handed on: -o FILE.")
    if asked.only_standing and (asked.all_rounds or of_word):
        raise click.UsageError(
            "--only-standing leaves out all marks, and what is not seen: it goes with neither "
            "--all-rounds, --moves nor --as-filed."
        )


def _are_files(old: str | None, new: str | None) -> bool:
    """True for two files, False for what must be revisions.

    Raises:
        NotFoundError: one is a file, or named like one, and the other is not there.
    """
    from bargaining.record.files import is_strange

    names = [name for name in (old, new) if name is not None]
    there = [Path(name).is_file() or is_strange(Path(name)) for name in names]
    if len(there) == 2 and all(there):  # noqa: PLR2004 - old and new
        return True
    meant = [n for n, is_there in zip(names, there, strict=True) if not is_there and can_read(n)]
    if meant or any(there):
        what = f"There is no file {meant[0]}." if meant else f"{names[0]} is one file."
        raise NotFoundError(what, hint="Name two files to compare, or two revisions of a record.")
    return False


def _of_record(shell: Shell, old: str | None, new: str | None, asked: _Asked) -> _Found:
    if asked.inserted is not None:
        raise click.UsageError("--inserted is for two files; a record keeps what was stated.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        later = last_or(chain, new)
        earlier = old if old is not None else before(chain, chain.revision(later))
        found = chain.redline(earlier, later, all_rounds=asked.all_rounds)
        if not asked.output:
            return _Found(found, None, None)
        filed, before_it = (original_of(record, chain, which) for which in (later, earlier))
        is_word = chain.paper(later).format == "docx"
        return _Found(found, *filed, *before_it, chain.text(later), is_word)


def _of_files(old: str | None, new: str | None, asked: _Asked) -> _Found:
    """Compare two loose files; their labels are those of their ladders, or their names."""
    files = [str(old), str(new)]
    marks = None if asked.inserted is None else marks_named(asked.inserted)
    data = [_data(file) for file in files]
    papers = _read_files(files, data, marks)
    chain, labels = _chain_of(files, data, papers, marks)
    found = chain.redline(*labels, all_rounds=asked.all_rounds)
    text = chain.text(labels[1])
    older, newer = (
        content if paper.format == "docx" else None
        for content, paper in zip(data, papers, strict=True)
    )
    return _Found(found, newer, marks, older, marks, text, newer is not None, files)


def _data(file: str) -> bytes:
    try:
        return read_bytes(file)
    except BargainingError as error:
        raise type(error)(f"{file}: {error}", hint=error.hint) from error


def _read_files(
    files: Sequence[str], data: Sequence[bytes], marks: Sequence[str] | None
) -> list[Paper]:
    """Read loose files; they need no clause text, for everything in them is compared."""
    from bargaining.readers import read_loose

    papers = []
    for file, content in zip(files, data, strict=True):
        try:
            papers.append(read_loose(content, name=file, inserted_by=marks))
        except BargainingError as error:
            raise type(error)(f"{file}: {error}", hint=error.hint) from error
    return papers


def _chain_of(
    files: Sequence[str],
    data: Sequence[bytes],
    papers: Sequence[Paper],
    marks: Sequence[str] | None,
) -> tuple[Chain, Sequence[str]]:
    """Put two files into the order that their ladders tell, with the rungs between them.

    Where they print no labels of their own, they are taken in the order in which they are named.
    """
    from bargaining.chain import Chain
    from bargaining.readers.instructions import gives_instructions
    from bargaining.record import Record, Submission
    from bargaining.record.completing import made_whole

    name = Path(files[1]).name
    labels = [paper.ladder[-1] for paper in papers if paper.ladder]
    if len(set(labels)) == len(files):
        submissions = [
            Submission(
                data=content,
                name=file,
                chain=name,
                inserted_by=marks,
                keep_unclosed=True,
                amends="" if gives_instructions(paper) else None,
            )
            for file, content, paper in zip(files, data, papers, strict=True)
        ]
        with suppress(BargainingError), Record.in_memory() as record:
            filed = record.file_all(submissions)
            chain = record.chain()
            chain.prepare()
            return chain, [one.revision.label for one in filed]
    labels = _labels(files, papers)
    paper, made_of = made_whole(papers[1], labels[0], papers[0])
    return Chain.from_papers(
        [(labels[0], papers[0]), (labels[1], paper)], name=name, made_of={labels[1]: made_of}
    ), labels


def _labels(files: Sequence[str], papers: Sequence[Paper]) -> list[str]:
    """Return the label of each file: the last rung of its ladder, else its name."""
    named = [paper.ladder[-1] if paper.ladder else Path(file).name
             for file, paper in zip(files, papers, strict=True)]  # fmt: skip
    if named[0] != named[1]:
        return named
    names = [Path(file).name for file in files]
    if names[0] != names[1]:
        return names
    if Path(files[0]).absolute() == Path(files[1]).absolute():
        _same(files)
    return [f"{names[0]} (older)", f"{names[0]} (newer)"]  # where they lie is nobody's business


def _same(files: Sequence[str]) -> NoReturn:
    raise AskError(f"Both names are of one file, {files[0]}.", hint="Name two files to compare.")


def _write(shell: Shell, output: str, found: _Found, asked: _Asked) -> None:
    """Write the file, whole or not at all, and say what it shows whoever gets it."""
    from bargaining.writers.authors import INSTEAD
    from bargaining.writers.formats import is_instead

    data = _standing(output, found) if asked.only_standing else _redline(output, found, asked)
    write_file(output, data, force=asked.force, read=found.files)
    tell_reveals(shell, output, _reveals(output, data, found, asked))
    if output.lower().endswith(".docx") and found.original is not None and is_instead(data):
        tell(f"It is {INSTEAD[0].lower()}{INSTEAD[1:]}.")


def _redline(output: str, found: _Found, asked: _Asked) -> bytes:
    from bargaining.writers.formats import write

    return write(
        found.redline,
        output,
        original=found.original,
        inserted_by=found.inserted_by,
        older=found.older,
        older_by=found.older_by,
        flat=asked.flat,
        moves=asked.moves,
        as_filed=asked.as_filed,
        undated=datetime.now(UTC).date().isoformat(),
        exact=asked.exact,
    )


def _standing(output: str, found: _Found) -> bytes:
    from bargaining.writers.formats import write_standing

    redline = attrs.evolve(found.redline, chain="") if found.files else found.redline
    return write_standing(
        redline,
        output,
        found.text,
        exact=found.exact,
        original=found.original,
        inserted_by=found.inserted_by,
    )


def _reveals(output: str, data: bytes, found: _Found, asked: _Asked) -> Reveals:
    """Return what a written file tells whoever gets it."""
    from bargaining.writers.authors import Reveals, reveals
    from bargaining.writers.formats import authors_in, is_instead, not_marked_in

    is_word = output.lower().endswith(".docx")
    told = Reveals()
    if not asked.only_standing:
        clothed = is_word and found.original is not None and not is_instead(data)
        shown = attrs.evolve(found.redline, parts=()) if clothed else found.redline
        told = reveals(shown, authors_in(data) if clothed and found.older is not None else None)
        if clothed:
            told = attrs.evolve(told, not_marked=not_marked_in(found.redline, data))
    original = found.original if is_word else None
    return of_document(told, data if is_word else None, None if asked.as_filed else original)
