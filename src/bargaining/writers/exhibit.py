"""Exhibits: one clause through all its rounds, with the paper that shows each.

Strategy: each round is the newer side of a redline against the text on file before it, cut down to
the clause. Beside it stand the party, the stated date, the time of entry, and the file with its
SHA-256, so that whoever has the paper can see that it is the one. Rounds without a paper are shown
as gaps. Nothing is said of who entered what, and no note of anybody goes out.

This module knows chains, and opens no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from bargaining.chain import Chain
from bargaining.errors import NotFoundError
from bargaining.model import Redline, RedlineRun, Revision
from bargaining.text.addresses import matching
from bargaining.writers import authors
from bargaining.writers.hypertext import isolated, label
from bargaining.writers.pages import heading, page
from bargaining.writers.redlines.elements import mark_up

_STYLE = """
.exhibit section.round{border-top:1px solid var(--rule);padding:1rem 0}
.exhibit .source{font-size:.85rem;color:var(--quiet);overflow-wrap:anywhere}
.exhibit .text .address{display:none}.exhibit .text section{display:block}
"""


@attrs.frozen
class Source:
    """The paper that shows a round.

    Attributes:
        file: the name of its file, as it was filed.
        sha256: the digest of its bytes.
        entered: when it was entered, ISO 8601.
    """

    file: str
    sha256: str
    entered: str


@attrs.frozen
class Round:
    """A clause in one revision.

    Attributes:
        revision: the revision.
        source: its paper; None where it has none on file.
        runs: its words, with what was struck and inserted since the round before on file.
        lacks: True when its text is on file, and the clause is not in it.
        since: the round before on file; None for the first.
    """

    revision: Revision
    source: Source | None
    runs: tuple[RedlineRun, ...] = ()
    lacks: bool = False
    since: Revision | None = None

    @property
    def is_same(self) -> bool:
        """True when the round before has the same words."""
        return all(run.kind == "kept" for run in self.runs)

    def said(self) -> str:
        """Say what is to be said of it beside its words."""
        if not self.revision.on_file:
            return "Not on file: what it said of this clause is not known."
        if self.lacks:
            return (
                "This clause is not in it any more." if self.runs else "This clause is not in it."
            )
        if self.since is None:
            return ""
        if self.is_same:
            return "Unchanged."
        if self.since.rung + 1 < self.revision.rung:
            before = authors.named(self.since)
            return f"Changed since {before}: whether in this round or in one between, is not known."
        return ""

    def exchanged(self) -> str:
        """Say when it was exchanged, as far as that is stated."""
        if self.revision.is_base:
            return "before rung 1"
        dates = " or ".join(self.revision.dates)
        party = f"{self.revision.party}, " if self.revision.party else ""
        return f"{party}{dates or 'date not stated'}"


@attrs.frozen
class Exhibit:
    """The chronology of one clause.

    Attributes:
        chain: the name of the document.
        clause: the address that was asked for.
        rounds: the base, where it is known, and every rung of the ladder.
        head: the head of the record, as one line.
        order_doubts: what is in doubt about the order of the rounds, in sentences.
    """

    chain: str
    clause: str
    rounds: tuple[Round, ...]
    head: str
    order_doubts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return f"{self.chain}, {self.clause}: its wording, round by round"

    def cautions(self) -> list[str]:
        """Say what whoever reads it must know."""
        said = [
            "Struck words are those of the round before that are gone; underlined ones are new."
        ]
        said += [f"The order of the papers is in doubt: {one}" for one in self.order_doubts]
        return said


def exhibit(chain: Chain, clause: str, sources: Mapping[str, Source], head: str) -> Exhibit:
    """Return the chronology of a clause.

    Args:
        chain: the document.
        clause: the address, as a person writes it.
        sources: the paper of each revision, by its label.
        head: the head of the record.

    Raises:
        NotFoundError: no revision on file has such a clause.
    """
    rounds = tuple(_rounds(chain, clause, sources))
    if not any(one.runs for one in rounds):
        raise NotFoundError(
            f"No paper on file has a clause “{clause}”.", hint="`bargain show` shows the addresses."
        )
    doubts = tuple(
        f"{raised.revision.label}: {raised.doubt.message}" for raised in chain.order_doubts
    )
    return Exhibit(chain.name, clause, rounds, head, doubts)


def _rounds(chain: Chain, clause: str, sources: Mapping[str, Source]) -> Iterator[Round]:
    before: Revision | None = None
    base = [chain.base] if chain.base_known != "unknown" else []
    for revision in (*base, *chain.revisions):
        source = sources.get(revision.label)
        if not (revision.on_file or revision.is_base):
            yield Round(revision, None)
            continue
        redline = chain.redline(before or revision, revision)
        runs = tuple(run for run in redline if run.clause in _wanted(redline, clause))
        lacks = not any(run.in_new and run.text.strip() for run in runs)
        yield Round(revision, source, runs, lacks, before)
        before = revision


def _wanted(redline: Redline, clause: str) -> tuple[str, ...]:
    """Return the addresses that are meant, of those that either text has."""
    try:
        return matching((run.clause for run in redline), clause)
    except NotFoundError:
        return ()


def html(found: Exhibit) -> str:
    """Write an exhibit as one HTML page without script, which is well-formed XML as well."""
    said = "".join(f"<p>{isolated(one)}</p>\n" for one in found.cautions())
    revisions = tuple(one.revision for one in found.rounds)
    rounds = "".join(_round(one, revisions) for one in found.rounds)
    foot = f'<p class="source">Head of the record: {isolated(found.head)}</p>\n'
    body = f"<header>\n{heading([found.title])}{said}</header>\n{rounds}{foot}"
    return page(found.title, body, style=_STYLE, kind="exhibit")


def _round(one: Round, revisions: tuple[Revision, ...]) -> str:
    text = ""
    if one.runs:
        redline = Redline(one.revision, one.revision, one.runs, revisions=revisions)
        text = mark_up(redline, linked=False).text
    said = f"<p><em>{isolated(one.said())}</em></p>\n" if one.said() else ""
    return (
        f'<section class="round">\n<h2>{label(authors.named(one.revision))}</h2>\n'
        f'<p class="source">{isolated(told(one))}</p>\n{said}{text}</section>\n'
    )


def told(one: Round) -> str:
    """Say of whom a round is, when it was exchanged and entered, and which file shows it."""
    parts = [one.exchanged(), *([] if one.revision.binds else ["binds nobody"])]
    if one.source is not None:
        parts.append(f"entered {one.source.entered}")
        parts.append(f"file {one.source.file or '(no name)'}, SHA-256 {one.source.sha256}")
    return "; ".join(parts)
