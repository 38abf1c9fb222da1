"""`bargain log`: what was exchanged and entered, by the ladder or by the journal.

Strategy: each entry has two clocks, the stated exchange and the time of entry, and both are shown,
with who entered it. What counts no more is told from both sides: by the entry that took it back or
corrected it, and beside the one that counts no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import click

from bargaining.cli.shell import Shell, with_shell
from bargaining.errors import NotFoundError
from bargaining.model import BASE_LABEL, Raised, Revision
from bargaining.writers import answers
from bargaining.writers.screen import person

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.record import Record
    from bargaining.record.journal import Entry
    from bargaining.writers.screen import Screen


@attrs.frozen
class Logged:
    """One chain as `bargain log` tells it."""

    chain: str
    base: Revision
    base_known: str
    declared_by: Revision | None
    revisions: tuple[Revision, ...]
    filings: tuple[dict[str, Any], ...]
    without_paper: tuple[dict[str, Any], ...]
    counts_no_more: tuple[dict[str, Any], ...]
    doubts: tuple[Raised, ...]


@click.command()
@click.option("--journal", is_flag=True, help="List the entries of the record, as they were made.")
@click.option("--doubts", is_flag=True, help="List all that is in doubt about the papers.")
@with_shell()
def log(shell: Shell, *, journal: bool, doubts: bool) -> None:
    """Show the ladder of each document: what was exchanged when, and what is on file.

    \b
    Example:
      bargain log
      bargain log --chain "library hours" --json
      bargain log --journal
      bargain log --doubts
    """
    if journal and doubts:
        raise click.UsageError("--journal lists entries, --doubts what is in doubt: take one.")
    with shell.reading() as record:
        if journal:
            told = _told(record.journal())
            shell.answer(told, lambda screen: _journal_lines(told, screen))
            return
        chains = [shell.one_chain(record)] if shell.chain else list(record.every_chain())
        if not chains:
            raise _no_document(record)
        if doubts:
            doubted = [_doubted(chain) for chain in chains]
            shell.answer(doubted, lambda screen: _doubts_lines(chains, doubted, screen))
            return
        found = [_logged(record, chain) for chain in chains]
    shell.answer(found, lambda screen: _log_lines(chains, found, screen))


@attrs.frozen
class Doubted:
    """What is in doubt about the papers of one chain, as `bargain log --doubts` tells it.

    Attributes:
        chain: its name.
        doubts: what is in doubt.
        settled: what is in doubt about words whose origin is certain all the same.
    """

    chain: str
    doubts: tuple[Raised, ...]
    settled: tuple[Raised, ...]


def _doubted(chain: Chain) -> Doubted:
    papers = [revision for revision in chain if revision.on_file]
    every = [Raised(one, doubt) for one in papers for doubt in chain.paper(one).doubts]
    raised = chain.doubts
    return Doubted(chain.name, raised, tuple(one for one in every if one not in raised))


def _doubts_lines(
    chains: Sequence[Chain], found: Sequence[Doubted], screen: Screen
) -> Iterator[str]:
    for n, (chain, one) in enumerate(zip(chains, found, strict=True)):
        if n:
            yield ""
        yield from answers.doubts(chain, one.doubts, one.settled, screen)


def _no_document(record: Record) -> NotFoundError:
    if record.entries:
        return NotFoundError(
            "The record holds entries, and no document that counts.",
            hint="See `bargain log --journal`.",
        )
    return NotFoundError("The record is empty.", hint="File a paper: bargain add FILE")


@attrs.frozen
class Told:
    """One entry as `bargain log --journal` tells it.

    Attributes:
        seq: its number.
        body: what it says; see docs/record-format.md.
        hash: the hash that covers it and all before it.
        corrected_by: the number of the filing that took its place, if one did that counts.
        retracted_by: the number of the entry that says that it was a mistake.
        clock_behind: the number of the entry ahead of it whose time of entry is the latest, where
            that is later than its own: one of the two clocks was wrong.
    """

    seq: int
    body: dict[str, Any]
    hash: str
    corrected_by: int | None
    retracted_by: int | None
    clock_behind: int | None


def _told(entries: Sequence[Entry]) -> tuple[Told, ...]:
    """Say of each entry what the others say of it."""
    from bargaining.record.journal import Withdrawals

    withdrawals, behind = Withdrawals.of(entries), _behind(entries)
    return tuple(
        Told(
            seq=entry.seq,
            body=entry.body,
            hash=entry.hash,
            corrected_by=withdrawals.corrected_by(entry.seq),
            retracted_by=withdrawals.retracted.get(entry.seq),
            clock_behind=behind.get(entry.seq),
        )
        for entry in entries
    )


def _behind(entries: Sequence[Entry]) -> dict[int, int]:
    """Return which entries are dated before one ahead of them, each with the latest of those."""
    from bargaining.record.journal import moment

    behind: dict[int, int] = {}
    latest, ahead = None, 0
    for entry in entries:
        time = moment(entry.body["entered"])
        if time is None:
            continue
        if latest is not None and time < latest:
            behind[entry.seq] = ahead
        else:
            latest, ahead = time, entry.seq
    return behind


def _journal_lines(entries: Sequence[Told], screen: Screen) -> Iterator[str]:
    """Show the entries of a record, as they were made."""
    for entry in entries:
        body = entry.body
        who = f" by {body['by']}" if body.get("by") else ""
        text = f"{_minute(body['entered'])}{who}: {_entry_words(body)}{_later_words(entry)}"
        yield from screen.wrap([(person(text), "plain")], first=f"{entry.seq:>4}  ", rest="      ")


def _minute(entered: str) -> str:
    """Write a time of entry to the minute, with its zone."""
    zone = entered[19:].lstrip(".0123456789")
    shown = " UTC" if zone in {"Z", "+00:00"} else zone
    return f"{entered[:10]} {entered[11:16]}{shown}"


def _later_words(entry: Told) -> str:
    found = {"corrected": entry.corrected_by, "retracted": entry.retracted_by}
    words = [f"; {what} by entry {seq}" for what, seq in found.items() if seq is not None]
    if entry.clock_behind is not None:
        words.append(f"; its clock is behind entry {entry.clock_behind}'s")
    return "".join(words)


def _entry_words(body: dict[str, Any]) -> str:
    kind = body["kind"]
    if kind == "alias":
        return f"“{body['name']}” means “{body['means']}”"
    if kind == "side":
        return f"“{body['party']}” is on the side of “{body['side']}”"
    if kind == "retraction":
        return f"entry {body['retracts']} was a mistake: {body['because']}"
    chain = f"“{body['chain']}”"
    if kind == "new":
        return f"{chain} had no language before rung 1"
    label = body["label"]["text"]
    dated = f", dated {' or '.join(dates)}" if (dates := body["label"].get("dates")) else ""
    if kind == "rung":
        reported = f", reported by {body['reported_by']}" if body["reported_by"] else ""
        return f"{label} in {chain}{dated}, without a paper{reported}"
    corrects = f", corrects entry {body['corrects']}" if body["corrects"] else ""
    corrects += f", because: {body['because']}" if body.get("because") else ""
    what = f"{label} (the base)" if body["base"] and label != "base" else label
    return f"{what} of {chain}{dated}, from {body['name'] or 'stdin'}{corrects}"


def _logged(record: Record, chain: Chain) -> Logged:
    labels, entries = record.labels(chain.name), record.entries_of(chain.name)
    at = {revision.label: revision for revision in (*chain, chain.base)}
    entered = [
        (at[labels[entry.seq]], entry)
        for entry in entries
        if entry.body.get("chain") == chain.name and labels.get(entry.seq) in at
    ]
    return Logged(
        chain=chain.name,
        base=chain.base,
        base_known=chain.base_known,
        declared_by=chain.declared_by,
        revisions=chain.revisions,
        filings=tuple(_filing(*one) for one in entered if one[1].kind == "filing"),
        without_paper=tuple(_without_paper(*one) for one in entered if one[1].kind != "filing"),
        counts_no_more=tuple(_counts_no_more(chain.name, entries)),
        doubts=chain.doubts,
    )


def _filing(revision: Revision, entry: Entry) -> dict[str, Any]:
    """What the journal says of one filing, under the names of docs/record-format.md."""
    names = ("name", "original", "text", "corrects")
    return _entered(revision, entry) | {name: entry.body[name] for name in names}


def _without_paper(revision: Revision, entry: Entry) -> dict[str, Any]:
    """What the journal says of a rung without a paper, or of a base that there was none."""
    return _entered(revision, entry) | {"reported_by": entry.body.get("reported_by") or None}


def _counts_no_more(chain: str, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    """Yield what the journal says of each entry of a chain that was corrected or retracted."""
    from bargaining.record.journal import Withdrawals

    withdrawals = Withdrawals.of(entries)
    because = {e.body["retracts"]: e.body["because"] for e in entries if e.kind == "retraction"}
    for entry in entries:
        body, seq = entry.body, entry.seq
        if body.get("chain") == chain and not withdrawals.counts(seq):
            yield {
                "entry": seq,
                "kind": entry.kind,
                "label": BASE_LABEL if _is_of_base(body) else body["label"]["text"],
                "entered": body["entered"],
                "by": body["by"],
                "corrected_by": withdrawals.corrected_by(seq),
                "retracted_by": withdrawals.retracted.get(seq),
                "because": because.get(seq),
            }


def _is_of_base(body: dict[str, Any]) -> bool:
    return body["kind"] == "new" or bool(body.get("base"))


def _past_words(one: dict[str, Any]) -> Iterator[str]:
    """Say what became of an entry that counts no more."""
    if one["corrected_by"] is not None:
        yield f"entry {one['entry']} was corrected by entry {one['corrected_by']}"
    if one["retracted_by"] is not None:
        what = "no language before rung 1" if one["kind"] == "new" else one["label"]
        by = f"was retracted by entry {one['retracted_by']}: {one['because']}"
        yield f"entry {one['entry']} ({what}) {by}"


def _entered(revision: Revision, entry: Entry) -> dict[str, Any]:
    return {
        "rung": revision.rung,
        "label": revision.label,
        "entry": entry.seq,
        "entered": entry.body["entered"],
        "by": entry.body["by"],
    }


def _log_lines(chains: Sequence[Chain], found: Sequence[Logged], screen: Screen) -> Iterator[str]:
    from bargaining.record.journal import utc_day

    for n, (chain, logged) in enumerate(zip(chains, found, strict=True)):
        if n:
            yield ""
        entered = {
            one["rung"]: answers.Entered(utc_day(one["entered"]), one["by"], one.get("corrects"))
            for one in (*logged.without_paper, *logged.filings)
        }
        past = (words for one in logged.counts_no_more for words in _past_words(one))
        yield from answers.log(chain, screen, entered, past)
