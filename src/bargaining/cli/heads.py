"""`bargain verify` and `bargain sign`: heads, noted before, exchanged and signed.

Strategy: the record is verified, and only then its head is told, held against another, or signed.
ssh-keygen does both signing and checking; see `bargaining.record.signatures`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import click

from bargaining.cli.shell import Shell, force_option, tell, with_shell, write_file
from bargaining.errors import AskError, NotFoundError
from bargaining.writers.screen import person

if TYPE_CHECKING:
    from bargaining.record import Verification
    from bargaining.record.signatures import Signer
    from bargaining.writers.screen import Screen

_MOST_PRINTED: Final = 1 << 16  # bytes of what `bargain verify` prints: many times what it is


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
    yield from screen.lines(_witnessed(found)) if found.witnessed else ()
    if signer is not None:
        text = person(f"signed by {', '.join(signer.names)}, with {signer.key}")
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


def _witnessed(found: Verification) -> str:
    """Say what a server vouches for."""
    if not found.taken_over:
        return "who put in each entry, and when, is as the server noted it"
    first = "entry 1" if found.taken_over == 1 else f"entries 1 to {found.taken_over}"
    return (
        f"{first} came in together, as a bundle: who entered them, and when, is what that says; of "
        "all others it is as the server noted it"
    )


@click.command()
@click.option("--key", metavar="FILE", required=True, help="An SSH key; a public one for an agent.")
@click.option("--output", "-o", metavar="FILE", help="Write it to a file.")
@force_option
@with_shell("chain")
def sign(shell: Shell, *, key: str, output: str | None, force: bool) -> None:
    """Verify the record, and sign its head with an SSH key.

    Writes the head, an empty line and the signature: small enough to be mailed on the day. The
    other side holds a record against it with `verify --signed`. ssh-keygen makes the signature
    (OpenSSH 8.2 or newer), and asks for a passphrase itself. It proves who signed, and no date.

    \b
    Example:
      bargain sign --key ~/.ssh/id_ed25519 -o head-2025-06-02.txt
    """
    from bargaining.record import Head, signatures

    with shell.reading() as record:
        head = Head.read(record.verify().line)
    signed = signatures.sign(head, key)
    if output is not None:
        write_file(output, str(signed).encode(), force=force, read=(key,))
        tell(f"Wrote {output}: the head of entry {head.entries}, signed with {signed.key}.")
    if output is None or shell.json:
        shell.answer(signed, lambda _: str(signed).splitlines())


def who_signed(file: str, signers: str) -> tuple[str, Signer]:
    """Return the head in a signed head, and who signed it.

    Args:
        file: what `bargain sign` wrote; - for stdin.
        signers: the file of allowed signers.

    Raises:
        NotFoundError: one of the files is not there, or nobody in `signers` has the key.
        AskError: that is no signed head.
        RecordError: the line or the signature was altered.
        StorageError: a file cannot be read or is no plain one, or ssh-keygen is missing or too old.
    """
    from bargaining.record import signatures

    signed = signatures.read(_read_little(file, signatures.MOST_BYTES + 1))
    return signed.line, signatures.check(signed, signers)


def read_head(given: str) -> str:
    """Return the line of a head that `--head` names.

    Args:
        given: the line; - for stdin, which has it alone or is all that `bargain verify` printed.

    Raises:
        AskError: there is none, or more than one.
    """
    from bargaining.record import Head
    from bargaining.record.files import is_plain

    line = _head_in(_stdin(_MOST_PRINTED + 1)) if given == "-" else given
    try:
        return str(Head.read(line))
    except AskError as error:
        if given != "-" and is_plain(Path(given)):
            raise AskError(
                str(error), hint=f"To read one from a file: --head - < {given}"
            ) from error
        raise


def _head_in(data: bytes) -> str:
    """Return the line of a head in what was piped in."""
    text = data.decode(errors="replace") if len(data) <= _MOST_PRINTED else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [line for line in lines if line.startswith("head:")] or lines
    if len(found) != 1:
        raise AskError(
            "There is no head in that, or more than one.",
            hint="It takes a head alone, or what `bargain verify` prints; --signed a signed head.",
        )
    return found[0]


def _read_little(file: str, most: int) -> bytes:
    """Read a plain file or stdin, never more than `most` bytes."""
    from bargaining.record.files import read_plain

    if file == "-":
        return _stdin(most)
    try:
        return read_plain(file, most)
    except FileNotFoundError as error:
        raise NotFoundError(
            f"There is no {file}.", hint="Name what `bargain sign` wrote."
        ) from error


def _stdin(most: int) -> bytes:
    """Read stdin, never more than `most` bytes; nothing where it is closed."""
    return sys.stdin.buffer.read(most) if sys.stdin else b""
