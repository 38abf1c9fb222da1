"""Signatures: who vouches for the head of a record.

Strategy: all cryptography is OpenSSH's. `ssh-keygen -Y` signs one line, the head, and tells whose
key it was by a file of signers that the person keeps. It is started without a shell, on files that
this room made or the person named. Its exit codes are relied on; its complaints are only quoted.
Who signed is asked line by line of that file, and name by name: whoever has the key is a candidate,
and is named only where ssh-keygen verifies the signature as theirs.

This module knows no database. The form of a signature is that of OpenSSH's PROTOCOL.sshsig, and a
file of signers that of “ALLOWED SIGNERS” in ssh-keygen(1).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from bargaining.errors import AskError, NotFoundError, RecordError, StorageError
from bargaining.record.files import is_plain, read_plain
from bargaining.record.journal import Head

NAMESPACE: Final = "head@bargaining"  # a signature made for anything else is none of a head
MOST_BYTES: Final = 1 << 16  # of a signed head: many times what the longest key makes
_MOST_SIGNERS: Final = 1 << 20  # bytes: more than the lines that are tried
_MOST_LINES: Final = 1_000  # of a file of signers: for each, ssh-keygen is started
_MOST_NAMES: Final = 1_000  # with the key that signed: for each, it is started again
_MOST_SAID: Final = 240  # characters of what ssh-keygen says
_NEEDED: Final = "Signatures need OpenSSH 8.2 or newer."
_FORM: Final = re.compile(
    r"(?P<line>[^\n]+)\n\n"
    r"(?P<signature>-----BEGIN SSH SIGNATURE-----\n"
    r"(?:[A-Za-z0-9+/=]+\n)+"
    r"-----END SSH SIGNATURE-----)\n*"
)
_GOOD: Final = re.compile(
    rf'Good "{NAMESPACE}" signature with ([A-Z0-9-]+ key SHA256:[A-Za-z0-9+/=]{{43,44}})\s*'
)
_PATTERN: Final = re.compile(r"[*?]")
_USAGE: Final = re.compile(rb"^usage:", re.MULTILINE)  # what it says to a command it does not know


@attrs.frozen
class SignedHead:
    """A head and a signature of it. `str` writes the file that is handed on.

    Attributes:
        line: the head, as `str(Head)` writes it.
        signature: what `ssh-keygen -Y sign` made of that line and a line feed, armoured, without a
            line feed at its end.
        key: the kind of the key and its fingerprint, such as `ED25519 key SHA256:…`.
    """

    line: str
    signature: str
    key: str

    @property
    def head(self) -> Head:
        """The head that is signed."""
        return Head.read(self.line)

    def __str__(self) -> str:
        return f"{self.line}\n\n{self.signature}\n"


@attrs.frozen
class Signer:
    """Who signed a head, by a file of signers.

    Attributes:
        names: the principals who may sign heads with the key, as they stand in that file, or in
            the certificate where that signed. One with `*` or `?` stands for whoever it fits, but
            for those on its line that begin with `!`.
        key: the kind of the key and its fingerprint, such as `ED25519 key SHA256:…`.
    """

    names: tuple[str, ...]
    key: str


def sign(head: Head, key: str | Path) -> SignedHead:
    """Sign a head with an SSH key. ssh-keygen asks for a passphrase, on the terminal itself.

    Args:
        head: the head of a record that was verified.
        key: the file of a private key; or of a public key, whose private half the agent has.

    Raises:
        NotFoundError: there is no such file.
        StorageError: ssh-keygen is missing or too old, or would not sign.
    """
    path = Path(key).absolute()  # so that no name begins with a dash
    if not is_plain(path):
        raise NotFoundError(
            f"There is no plain file with a key at {key}.",
            hint="Name yours with --key, or make one: ssh-keygen -t ed25519",
        )
    with _folder({"head": _message(head)}) as folder:
        # From a file: where stdin is no terminal, no passphrase would be asked for.
        asked = ("-q", "-Y", "sign", "-f", str(path), "-n", NAMESPACE, "head")
        done = _run(folder, *asked)
        made = folder / "head.sig"
        if done.returncode or not made.is_file():
            raise StorageError(
                f"It could not be signed.{_said(done)}",
                hint="The key is a private one, or a public one whose private half the agent has.",
            )
        return read(f"{head}\n\n".encode() + made.read_bytes())


def read(data: bytes) -> SignedHead:
    """Read a signed head, and see that the signature is of that line. It tells not yet whose it is.

    Line ends and spaces at the ends of lines may be those of a mail.

    Args:
        data: the file as `str(SignedHead)` writes it, in UTF-8.

    Raises:
        AskError: that is no signed head.
        RecordError: the line or the signature was altered, or it was signed for something else.
        StorageError: ssh-keygen is missing or too old.
    """
    text = data.decode(errors="replace") if len(data) <= MOST_BYTES else ""
    found = _FORM.fullmatch("\n".join(line.rstrip() for line in text.split("\n")))
    if found is None:
        raise AskError(
            "That is no signed head.",
            hint="A signed head is what `bargain sign` writes: a line, an empty one, a signature.",
        )
    head, signature = Head.read(found["line"]), found["signature"]
    asked = ("-Y", "check-novalidate", "-n", NAMESPACE, "-s", "head.sig")
    with _folder({"head.sig": f"{signature}\n".encode()}) as folder:
        done = _run(folder, *asked, given=_message(head))
    if done.returncode:
        raise RecordError(
            f"The signature does not fit the line above it.{_said(done)}",
            hint="One of the two was altered, or it was signed for another purpose. "
            "Ask whoever signed it to send it again.",
        )
    good = _GOOD.fullmatch(done.stdout.decode(errors="replace"))
    if good is None:
        raise StorageError("ssh-keygen does not answer as that of OpenSSH does.", hint=_NEEDED)
    return SignedHead(str(head), signature, good[1])


def check(signed: SignedHead, signers: str | Path) -> Signer:
    """Tell who signed a head.

    Args:
        signed: what `read` returned.
        signers: a file of allowed signers that you keep yourself: a name and a public key a line.

    Raises:
        NotFoundError: there is no such file, or nobody in it may sign heads with this key today.
        StorageError: ssh-keygen is missing or too old, the file cannot be read or is no plain one,
            or it has more lines, or more names with this key, than are tried.
    """
    lines = _lines(signers)
    with _folder({"head.sig": f"{signed.signature}\n".encode()}) as folder:
        asked = [_holders(folder, line) for line in lines]
        held = [line for line in asked if line.names]
        if not held:
            raise NotFoundError(
                f"Nobody in {signers} has the key that signed, {signed.key}.{_said(*asked)}",
                hint="If you know for sure whose it is, add a line there: a name and the key.",
            )
        _refuse_many(sum(len(line.names) for line in held), _MOST_NAMES, "names", signers)
        allowed = [_allowed(folder, line, _message(signed.head)) for line in held]
    names = tuple(dict.fromkeys(name for line in allowed for name in line.names))
    if not names:
        name = next(name for name in held[0].names if not name.startswith("!"))
        raise NotFoundError(
            f"“{name}” in {signers} has the key that signed, and not for this.{_said(*allowed)}",
            hint=f"See the options on that line. The namespace of a head is {NAMESPACE}.",
        )
    return Signer(names, signed.key)


# Below: what a file of signers says, line by line.


@attrs.frozen
class _Line:
    """A line of a file of signers, and what ssh-keygen makes of it.

    Attributes:
        before: how many lines are before it.
        text: the line, without its line feed.
        names: whom it names, with exceptions; none where it does not name whoever signed.
        stderr: what ssh-keygen complained of.
    """

    before: int
    text: bytes
    names: tuple[str, ...] = ()
    stderr: bytes = b""

    @property
    def alone(self) -> bytes:
        """A file of signers with this line only, in which ssh-keygen counts as in the whole one."""
        return b"#\n" * self.before + self.text + b"\n"


def _lines(path: str | Path) -> list[_Line]:
    """Return the lines of a file of signers, each to be asked about by itself.

    ssh-keygen tells of the first line only that has a key. Empty lines and comments are left out.
    """
    lines = enumerate(_signers(path).split(b"\n"))
    found = [_Line(n, text) for n, text in lines if text.strip()[:1] not in {b"", b"#"}]
    _refuse_many(len(found), _MOST_LINES, "lines", path)
    return found


def _refuse_many(found: int, most: int, what: str, path: str | Path) -> None:
    if found > most:
        raise StorageError(
            f"{path} has {found:,} {what} to try, and no more than {most:,} are tried.",
            hint="Name a smaller file, of those who may have signed this.",
        )


def _holders(folder: Path, line: _Line) -> _Line:
    """Ask whom a line names for the key that signed, whatever they may sign with it."""
    (folder / "signers").write_bytes(line.alone)
    done = _run(folder, "-Y", "find-principals", "-s", "head.sig", "-f", "signers")
    # As names of files are read, so that ssh-keygen knows them when it gets them back.
    text = os.fsdecode(done.stdout).replace("\r\n", "\n") if done.returncode == 0 else ""
    names = tuple(filter(None, text.split("\n")))
    if all(name.startswith("!") for name in names):
        names = ()
    return attrs.evolve(line, names=names, stderr=done.stderr)


def _allowed(folder: Path, line: _Line, message: bytes) -> _Line:
    """Keep those names of a line for which ssh-keygen verifies the signature.

    Each is tried against its own line: held against the pattern of another, a pattern would pass
    for people that the other does not fit. Exceptions are kept with the patterns that they are to.
    """
    (folder / "signers").write_bytes(line.alone)
    asked = ("-Y", "verify", "-f", "signers", "-n", NAMESPACE, "-s", "head.sig", "-I")
    tried = [name for name in line.names if not name.startswith("!")]
    done = {name: _run(folder, *asked, name, given=message) for name in tried}
    kept = {name for name in tried if done[name].returncode == 0}
    if any(_PATTERN.search(name) for name in kept):
        kept.update(name for name in line.names if name.startswith("!"))
    names = tuple(name for name in line.names if name in kept)
    return attrs.evolve(line, names=names, stderr=b"".join(one.stderr for one in done.values()))


# Below: how ssh-keygen is asked.


def _message(head: Head) -> bytes:
    """Return what is signed: the line and its line feed, as `head -n 1` cuts it out of the file."""
    return f"{head}\n".encode()


def _signers(path: str | Path) -> bytes:
    """Return what is in a file of signers, once for all that is asked of it."""
    try:
        data = read_plain(path, _MOST_SIGNERS + 1)
    except FileNotFoundError as error:
        raise NotFoundError(
            f"There is no file of signers at {path}.",
            hint="Make one, with a line for each signer: a name and a public key.",
        ) from error
    if len(data) > _MOST_SIGNERS:
        raise StorageError(f"{path} is larger than any file of signers.", hint="Name another.")
    return data


@contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Yield a folder of our own with these files in it, which is gone afterwards.

    ssh-keygen runs there, so that the names that it is handed are ours.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            yield Path(folder)
    except OSError as error:
        raise StorageError(
            f"What ssh-keygen needs cannot be written: {error.strerror}.",
            hint="See whether there is room for temporary files.",
        ) from error


def _run(
    folder: Path, *arguments: str, given: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen.

    Args:
        folder: where it runs.
        arguments: what it is asked; nothing of a paper or a signed head is in it.
        given: its stdin; None for the terminal, if there is one.

    Raises:
        StorageError: it is missing, or too old to know what it is asked.
    """
    program = shutil.which("ssh-keygen")
    if program is None:
        raise StorageError("ssh-keygen is not installed.", hint=f"{_NEEDED} Install it.")
    asked = [str(Path(program).absolute()), *arguments]
    try:
        done = subprocess.run(asked, input=given, capture_output=True, cwd=folder, check=False)  # noqa: S603 - no shell, and nothing of a paper in it
    except OSError as error:
        raise StorageError(f"{program} cannot be started: {error.strerror}.") from error
    if done.returncode and _USAGE.search(done.stderr):
        raise StorageError(f"{program} is too old to sign or to check.", hint=_NEEDED)
    return done


def _said(*asked: subprocess.CompletedProcess[bytes] | _Line) -> str:
    """Return what ssh-keygen complained of, as one short sentence after a space; or nothing.

    Lines of mere signs are left out, and what it says twice is told once.
    """
    lines = b"\n".join(one.stderr for one in asked).decode(errors="replace").splitlines()
    told = dict.fromkeys(" ".join(line.split()) for line in lines if re.search(r"\w", line))
    said = "; ".join(told)
    short = said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]}…"
    return f" ssh-keygen says: “{short}”." if said else ""
