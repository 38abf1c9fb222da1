"""Markdown: a redline as a paper of marked text, plain Markdown or CriticMarkup.

Strategy: every paragraph is one line of marked source (`marking`), a split or a join of paragraphs
said with the words (`blocks`). Before the text stand the title, both revisions and the ladder, so
that the paper can be filed; in comments stands what the marks mean, and who made which. Lines that
would be read as a rung, a signature or a page number get a comment that says what they are. What
is written is read back before it is handed out: a paper that does not give both texts is an error.

A line break inside a paragraph comes back as a space, and empty paragraphs do not come back.

This module knows neither chains nor files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import attrs

from bargaining.errors import BargainingError, PaperError
from bargaining.model import Redline, RedlineRun
from bargaining.readers import read_loose
from bargaining.readers.layout import Role, lay_out, rung_text
from bargaining.readers.pages import clean
from bargaining.views.redline import set_text
from bargaining.writers import authors
from bargaining.writers.redlines.blocks import rows
from bargaining.writers.redlines.marked_places import list_of, note
from bargaining.writers.redlines.marking import (
    CRITIC_FORM,
    MARKDOWN_FORM,
    Form,
    escaped,
    marked,
    normal,
    unsigned,
)
from bargaining.writers.screen import person

_GUARD: Final = "<!-- This line is text of the agreement. -->"
_SAMPLE: Final = "\n\n<!-- Text. -->\n\n1.0 Text."
_ROUNDS: Final = 4  # a comment behind one line may change how another one is read, seldom more


def markdown(redline: Redline) -> str:
    """Return a redline as Markdown: `~~struck~~` and `**inserted**`.

    What stood only in between is `<ins><del>so</del></ins>`. A mark that Markdown or the reader
    would not take for one is written in tags (`<del>`, `<ins>`). A list of the marks, with who
    made them, stands in comments at the end.

    Args:
        redline: the redline.

    Returns:
        The text of a paper; `bargaining.read` gives both texts of the redline back.

    Raises:
        BargainingError: a text cannot be written exactly in this format.
    """
    meaning = "Struck words stand ~~so~~, inserted words **so**"
    dropped = (
        ", words inserted and struck again <ins><del>so</del></ins>" if redline.all_rounds else ""
    )
    listed = "The marks are" if redline.is_backwards else "Who made which mark is"
    legend = f"{meaning}{dropped}. {listed} listed at the end."
    return _paper(redline, MARKDOWN_FORM, lambda _: "", legend, list_of(redline.whole.runs))


def critic(redline: Redline) -> str:
    """Return a redline as CriticMarkup: `{--struck--}` and `{++inserted++}`.

    What stood only in between is `{++{--so--}++}`. A comment behind a mark says who made it, where
    that is another than before in the paragraph (`{>>RTA, 9-12-24<<}`).

    Args:
        redline: the redline.

    Returns:
        The text of a paper; `bargaining.read` gives both texts of the redline back.

    Raises:
        BargainingError: a text cannot be written exactly in this format.
    """
    made = "" if redline.is_backwards else " The comment behind a mark says who made it."
    legend = f"This is CriticMarkup.{made}"
    beside = attrs.evolve(redline, runs=()).whole
    return _paper(redline, CRITIC_FORM, lambda run: person(note(run)), legend, list_of(beside))


def _paper(
    redline: Redline,
    form: Form,
    noted: Callable[[RedlineRun], str],
    legend: str,
    foot: Iterable[str],
) -> str:
    parts = {
        part.kind: [line for row in rows(part.runs) if (line := marked(row, form, noted))]
        for part in redline.parts
        if part.differs
    }
    body = [line for row in rows(redline.runs) if (line := marked(row, form, noted))]
    head = [*_head(redline, legend, parts.get("title", ()))]
    end = (
        "End of the text. The marks of this redline follow."
        if (listed := [*foot])
        else "End of the text."
    )
    tail = "\n".join(map(_comment, [end, *listed]))
    for below in (parts.get("signature", []), []):  # where they would be read as text, not so
        source = _guarded(head, body, "\n\n".join([tail, *below]))
        if _gives(source, redline, form):
            return source
    name = "CriticMarkup" if form is CRITIC_FORM else "Markdown"
    raise BargainingError(
        f"This redline cannot be written exactly as {name}: read back, it would give another text.",
        hint="Write it as .docx, .html or .json, which can hold any text.",
    )


def _head(redline: Redline, legend: str, title: Sequence[str]) -> Iterator[str]:
    """Yield what stands before the text: title, revisions, what to know of them, the ladder.

    A title or a ladder that would not be read as one is told in a comment, which is no text; a
    title whose marks would make it one stands as it is now.
    """
    titles = redline.title or (redline.chain,) * bool(redline.chain)
    lines = [f"# {line}" for line in title]
    if not lines or not all(map(_is_title, lines)):
        lines = [f"# {escaped(person(line))}" for line in titles]
    alone = authors.is_standing(redline)
    if not alone:
        lines.append(f"## {escaped(person(authors.heading(redline)))}")
    yield from (line for line in lines if _is_title(line))
    ladder = _ladder(redline)
    told = [] if alone else [legend, *authors.cautions(redline)]
    told += [f"{line.lstrip('# ')}." for line in lines if not _is_title(line)]
    if ladder and not _is_ladder(ladder):
        told.append(f"The ladder: {'; '.join(map(person, ladder))}.")
    if told:
        first = [] if alone else [f"<!-- {legend} -->"]
        yield "\n".join([*first, *map(_comment, told[len(first) :])])
    if ladder and _is_ladder(ladder):
        yield "\\\n".join(ladder)


def _ladder(redline: Redline) -> list[str]:
    """Return the rungs up to the new revision, which is the last one."""
    return [r.label for r in redline.revisions if r.rung <= redline.new.rung]


def _is_title(line: str) -> bool:
    return lay_out(line + _SAMPLE)[0].role == "title"


def _is_ladder(labels: Sequence[str]) -> bool:
    """True when labels, each on its line, are read as the ladder that they are."""
    lines = lay_out("\\\n".join(labels) + _SAMPLE)[: len(labels)]
    plain = all(label == escaped(person(label)) for label in labels)
    read_back = [rung_text(line.text) for line in lines if line.role == "ladder"]
    return plain and read_back == list(labels)


def _comment(text: str) -> str:
    return f"<!-- {unsigned(person(text))} -->"


def _guarded(head: Sequence[str], body: Sequence[str], tail: str) -> str:
    """Join the parts, with a comment on each line of text that would be read as something else."""
    lines = list(body)
    first = "\n\n".join(head).count("\n") + 2  # the index of the first line of text
    source = ""
    for _ in range(_ROUNDS):
        source = "\n\n".join([*head, *lines, tail]) + "\n"
        roles = _roles(source)
        wrong = [n for n in range(len(lines)) if roles[first + 2 * n] != "clause"]
        if not wrong:
            break
        for n in wrong:
            lines[n] = f"{lines[n].removesuffix(_GUARD)}{_GUARD}"
    return source


def _roles(source: str) -> list[Role]:
    pages = clean(source)
    return [line.role for line in lay_out("\n".join(pages.texts), pages.out)]


def _gives(source: str, redline: Redline, form: Form) -> bool:
    """Read a paper back and hold both its texts against those of the redline."""
    wanted = [normal(redline.old_text), normal(redline.new_text)]
    try:
        paper = read_loose(source.encode(), format=form.name)
    except PaperError:
        return False
    texts = (paper.text if paper.base_text is None else paper.base_text, paper.text)
    return [set_text(text, exact=False) for text in texts] == wanted
