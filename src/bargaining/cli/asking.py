"""The commands that ask: log, show, diff, blame, who, verify."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs
import click

from bargaining.cli.sealing import read_head, who_signed
from bargaining.cli.shell import Shell, force_option, last_or, tell, with_shell, write_file
from bargaining.errors import NOTHING_FOUND, AskError, NotFoundError
from bargaining.model import BASE_LABEL, MAX_BYTES, Annotation, Answer, Paper, Raised, Revision
from bargaining.writers import terminal

if TYPE_CHECKING:
    from bargaining.chain import Chain
    from bargaining.record import Record, Verification
    from bargaining.record.book import Filing
    from bargaining.record.journal import Entry
    from bargaining.record.signatures import Signer
    from bargaining.writers.terminal import Screen


_NEAR_MOST: Final = 3
_AT_ONCE: Final = 200  # documents; fewer are asked by this process alone


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
@with_shell()
def log(shell: Shell, *, journal: bool) -> None:
    """Show the ladder of each document: what was exchanged when, and what is on file.

    \b
    Example:
      bargain log
      bargain log --chain "library hours" --json
      bargain log --journal
    """
    with shell.reading() as record:
        if journal:
            told = _told(record.journal())
            shell.answer(told, lambda screen: _journal_lines(told, screen))
            return
        chains = [shell.one_chain(record)] if shell.chain else list(record.every_chain())
        if not chains:
            raise _no_document(record)
        found = [_logged(record, chain) for chain in chains]
    shell.answer(found, lambda screen: _log_lines(chains, found, screen))


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
    behind: dict[int, int] = {}
    latest, ahead = None, 0
    for entry in entries:
        time = _moment(entry.body["entered"])
        if time is None:
            continue
        if latest is not None and time < latest:
            behind[entry.seq] = ahead
        else:
            latest, ahead = time, entry.seq
    return behind


def _moment(entered: str) -> datetime | None:
    """Return a time of entry in UTC; None where its figures are no time, as in a crafted record."""
    try:
        return datetime.fromisoformat(entered).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter at the ends of the calendar
        return None


def utc_day(entered: str) -> str:
    """Return the day of a time of entry in UTC, ISO 8601, whatever its zone."""
    time = _moment(entered)
    return entered[:10] if time is None else time.date().isoformat()


def _journal_lines(entries: Sequence[Told], screen: Screen) -> Iterator[str]:
    """Show the entries of a record, as they were made."""
    for entry in entries:
        body = entry.body
        who = f" by {body['by']}" if body.get("by") else ""
        text = f"{_minute(body['entered'])}{who}: {_entry_words(body)}{_later_words(entry)}"
        yield from screen.wrap(
            [(terminal.person(text), "plain")], first=f"{entry.seq:>4}  ", rest="      "
        )


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
    for n, (chain, logged) in enumerate(zip(chains, found, strict=True)):
        if n:
            yield ""
        entered = {
            one["rung"]: terminal.Entered(utc_day(one["entered"]), one["by"], one.get("corrects"))
            for one in (*logged.without_paper, *logged.filings)
        }
        past = (words for one in logged.counts_no_more for words in _past_words(one))
        yield from terminal.log(chain, screen, entered, past)


@click.command()
@click.argument("revision", required=False)
@click.option("--marks", is_flag=True, help="Show the paper's own marks, struck text included.")
@click.option("--original", is_flag=True, help="Write the bytes that were filed.")
@click.option("--output", "-o", metavar="FILE", help="Write a clean .docx or .txt.")
@force_option
@with_shell()
def show(
    shell: Shell,
    revision: str | None,
    *,
    marks: bool,
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
    if original and shell.json:
        raise click.UsageError("--original writes bytes, which JSON cannot hold.")
    if output is not None and (marks or shell.json):
        raise click.UsageError("-o writes a clean copy: leave --marks and --json out.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        which = last_or(chain, revision)
        if original:
            data = _original(record, chain, which)
            write_file(output, data, force=force) if output else _write_bytes(data)
            return
        if output is not None:
            write_file(output, _clean(record, chain, which, output), force=force)
            _tell_comments(chain.paper(which), output)
            return
        paper, text, found = chain.paper(which), chain.text(which), chain.revision(which)
    if found.is_base and chain.declared_by is not None:
        tell(f"The base is not on file: this is what the marks of {chain.declared_by.label} say.")
    if shell.json:
        shell.answer(_Shown(found, paper, text), lambda _: ())
    elif marks:
        shell.answer(paper, lambda screen: terminal.paper(paper.runs, screen))
    elif sys.stdout.isatty():
        shell.answer(text, lambda screen: _screen_lines(text, screen))
    else:
        _write_bytes(text.encode())


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

    Nothing where it was filed as another kind of file.
    """
    filing = _filing_of(record, chain, which)
    if filing is not None and filing.paper["format"] == "docx":
        return record.original(filing), filing.inserted_by
    return None, None


def _filing_of(record: Record, chain: Chain, which: str | int) -> Filing | None:
    """Return the filing that a revision is on file by: the one whose label it has."""
    revision = chain.revision(which)
    wanted = revision.label, revision.is_base
    return next((f for f in record.filings(chain.name) if (f.shown, f.base) == wanted), None)


def _tell_comments(paper: Paper, output: str) -> None:
    """Say that comments go out with a document, where they do."""
    notes = sum(part.kind == "note" for part in paper.parts)
    if notes and paper.format == "docx" and output.lower().endswith(".docx"):
        tell(f"{output} holds the notes of the filed document ({notes}): read them first.")


def _clean(record: Record, chain: Chain, which: str | int, output: str) -> bytes:
    """Return a revision as the bytes of a clean file."""
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
@with_shell()
def diff(shell: Shell, old: str | None, new: str | None, *, whole: bool) -> None:
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
        found, lambda screen: terminal.diff(found, screen, declared_by=declarer, whole=whole)
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
@with_shell()
def blame(
    shell: Shell, revision: str | None, *, clause: str | None, struck: bool, explain: str | None
) -> None:
    """Show who proposed each word of a revision; without a name, of the last on file.

    With --explain, say on what evidence the origin of a wording rests: where it was first seen,
    struck and brought back, and by what it was recognised.

    \b
    Example:
      bargain blame
      bargain blame "District Counter 5-22-25" --clause "2.0(c)" --struck
      bargain blame --explain "mutual agreement of the members"
    """
    if explain is not None and (clause is not None or struck):
        raise click.UsageError("--explain goes without --clause and --struck.")
    with shell.reading() as record:
        chain = shell.one_chain(record)
        if explain is not None:
            found = chain.explain(last_or(chain, revision), explain)
            shell.answer(found, lambda screen: terminal.explained(found, chain, screen))
            return
        annotation = _within(chain.blame(last_or(chain, revision), struck=struck), clause)
    shell.answer(annotation, lambda screen: terminal.blame(annotation, chain, screen))


def _within(annotation: Annotation, clause: str | None) -> Annotation:
    """Keep the spans of one clause and of the clauses within it."""
    if clause is None:
        return annotation
    wanted = clause.casefold()
    within = tuple(f"{wanted}{sign}" for sign in ("(", ".", ", "))
    spans = tuple(
        span
        for span in annotation
        if span.clause.casefold() == wanted or span.clause.casefold().startswith(within)
    )
    if not spans:
        known = ", ".join(dict.fromkeys(span.clause for span in annotation if span.clause))
        hint = f"There are {known}." if known else "It has no numbered clauses."
        raise NotFoundError(f"There is no clause “{clause}”.", hint=hint)
    return attrs.evolve(annotation, spans=spans)


@click.command()
@click.argument("wording")
@with_shell()
def who(shell: Shell, wording: str) -> None:
    """Say who proposed a wording, and what became of it. Without --chain, in every document.

    Case, spacing, line breaks, quotes and hyphens do not hide it. Exits with 1 when the wording
    is nowhere. With - the wording is read from stdin.

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
            what = (
                "1 entry that was retracted was"
                if len(gone) == 1
                else f"{len(gone)} retracted were"
            )
            tell(f"bargain: {what} not searched; see `bargain log --journal`.")
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
    wording: str, answers: Sequence[Answer], screen: Screen, *, titled: bool
) -> Iterator[str]:
    """Show the answers of the chains that hold the wording, or what comes close in the others."""
    found = [answer for answer in answers if answer]
    for n, answer in enumerate(found):
        if n:
            yield ""
        if titled:
            yield screen.paint(terminal.person(answer.chain), "bold")
        yield from terminal.who(answer, screen)
    if not found:
        from bargaining.search import near_first

        near = [(answer.chain, one) for answer in answers for one in answer.near]
        near.sort(key=lambda pair: near_first(pair[1]))
        yield from terminal.nothing_found(wording.strip(), near[:_NEAR_MOST], screen)


@click.command()
@click.option("--head", metavar="LINE", help="A head noted before; the record must extend it.")
@click.option("--signed", metavar="FILE", help="The same, signed: what `bargain sign` wrote.")
@click.option("--signers", metavar="FILE", help="Whose keys you know: a name and a key a line.")
@with_shell("chain")
def verify(shell: Shell, *, head: str | None, signed: str | None, signers: str | None) -> None:
    """Rebuild everything in the record and compare it with its digests.

    Prints the head: number of entries, hash of the last one, which covers all before it, and its
    time. Note it down, or exchange it with the other side. With --head, prove that the record still
    extends such a line; with - it is read from stdin, which may be all that this prints.

    With --signed, prove the same of a head that somebody signed, and say who, by the keys in
    --signers: a file of allowed signers as ssh-keygen has it. It takes OpenSSH 8.2 or newer.

    \b
    Example:
      bargain verify
      bargain verify --head "9 5f8f2e0c… 2025-06-02T09:00:00+00:00"
      bargain verify --signed head.txt --signers signers.txt
    """
    if (signed is None) != (signers is None):
        raise click.UsageError("--signed and --signers go together.")
    if head is not None and signed is not None:
        raise click.UsageError("--signed holds a head: leave --head out.")
    if head is not None:
        head = read_head(head)
    signer = None
    if signed is not None and signers is not None:
        head, signer = who_signed(signed, signers)
    with shell.reading() as record:
        found = record.verify(head)
    answer = {**attrs.asdict(found, recurse=False), "signed_by": signer}
    shell.answer(answer, lambda screen: _verified(found, signer, screen))


def _verified(found: Verification, signer: Signer | None, screen: Screen) -> Iterator[str]:
    counts = [(found.entries, "entry", "entries"), (found.texts, "text rebuilt", "texts rebuilt")]
    counts.append((found.originals, "original compared", "originals compared"))
    yield "whole: " + ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts)
    if signer is not None:
        text = terminal.person(f"signed by {', '.join(signer.names)}, with {signer.key}")
        yield from screen.lines(text)
    if found.extends is not None:
        new = found.entries - found.extends.entries
        what = {0: "nothing was", 1: "1 entry was"}.get(new, f"{new} entries were")
        yield f"anchored: it extends the head of entry {found.extends.entries}; {what} added since"
        for one in found.withdrawn:
            yield f"since then entry {one.entry} counts no more, because of entry {one.by}"
    else:
        text = "not anchored: held against no head; a record made anew as a whole would pass"
        yield from screen.lines(text)
    yield f"head: {found.line}"
