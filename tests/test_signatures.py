"""Signatures of heads, made and checked by ssh-keygen itself with keys of our own."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.errors import AskError, BargainingError, NotFoundError, RecordError, StorageError
from bargaining.record import Head, Record, signatures
from shell import Done, Run

KEYGEN = shutil.which("ssh-keygen")
pytestmark = pytest.mark.skipif(KEYGEN is None, reason="ssh-keygen is not installed.")

WORDS = "open sesame"
HEAD = Head(22, "5f8f2e0c" * 8, "2025-06-02T09:00:00+00:00")


def keygen(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(KEYGEN), *arguments], input=stdin, capture_output=True, check=False)


def new_key(path: Path, passphrase: str = "", kind: str = "ed25519") -> Path:
    done = keygen("-q", "-t", kind, "-N", passphrase, "-C", "a comment", "-f", str(path))
    assert done.returncode == 0, done.stderr
    return path


def public(key: Path) -> str:
    return key.with_name(f"{key.name}.pub").read_text("utf-8")


@pytest.fixture(name="key")
def _key(tmp_path: Path) -> Path:
    return new_key(tmp_path / "key")


@pytest.fixture(name="signers")
def _signers(tmp_path: Path, key: Path) -> Path:
    return signers_of(tmp_path, f"rta@example.org {public(key)}")


def signers_of(folder: Path, *lines: str) -> Path:
    path = folder / "signers"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


# The library.


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_signed_head_reads_back_and_names_its_signer(tmp_path: Path, kind: str) -> None:
    key = new_key(tmp_path / kind, kind=kind)
    signed = signatures.sign(HEAD, key)
    assert signed.head == HEAD
    assert signatures.read(str(signed).encode()) == signed
    signers = signers_of(
        tmp_path, "# who is who", f"other@example.org,rta@example.org {public(key)}"
    )
    signer = signatures.check(signed, signers)
    assert signer.names == ("other@example.org", "rta@example.org")
    assert signer.key == signed.key
    assert signed.key.startswith(f"{kind.upper()} key SHA256:")


def test_what_is_written_can_be_checked_without_this_software(
    tmp_path: Path, key: Path, signers: Path
) -> None:
    lines = str(signatures.sign(HEAD, key)).splitlines(keepends=True)
    assert lines[:2] == [f"{HEAD}\n", "\n"]
    (tmp_path / "head.sig").write_text("".join(lines[2:]), encoding="ascii")
    asked = ["-Y", "verify", "-f", str(signers), "-I", "rta@example.org"]
    asked += ["-n", signatures.NAMESPACE, "-s", str(tmp_path / "head.sig")]
    assert keygen(*asked, stdin=lines[0].encode()).returncode == 0


def test_the_line_ends_of_a_mail_change_nothing(key: Path, signers: Path) -> None:
    signed = signatures.sign(HEAD, key)
    mailed = str(signed).replace("\n", "  \r\n").encode() + b"\r\n\r\n"
    assert signatures.read(mailed) == signed
    assert signatures.check(signatures.read(mailed), signers)


def test_every_altered_character_is_refused(key: Path, signers: Path) -> None:
    data = str(signatures.sign(HEAD, key)).encode()
    for at in range(0, len(data) - 1, 7):
        other = b"7" if data[at : at + 1] != b"7" else b"8"
        with pytest.raises(BargainingError) as caught:
            signatures.check(signatures.read(data[:at] + other + data[at + 1 :]), signers)
        assert isinstance(caught.value, AskError | RecordError | NotFoundError)
        assert caught.value.hint


def test_another_line_under_the_signature_is_refused(key: Path) -> None:
    signed = signatures.sign(HEAD, key)
    for other in (
        attrs.evolve(HEAD, entries=23),
        attrs.evolve(HEAD, hash="0" * 64),
        attrs.evolve(HEAD, entered=""),
    ):
        with pytest.raises(RecordError, match="does not fit the line above it"):
            signatures.read(str(attrs.evolve(signed, line=str(other))).encode())


def test_a_signature_made_for_something_else_is_refused(tmp_path: Path, key: Path) -> None:
    (tmp_path / "line").write_text(f"{HEAD}\n", encoding="ascii")
    asked = ["-q", "-Y", "sign", "-f", str(key), "-n", "git", str(tmp_path / "line")]
    assert keygen(*asked).returncode == 0
    made = (tmp_path / "line.sig").read_text("ascii")
    with pytest.raises(RecordError, match="does not fit"):
        signatures.read(f"{HEAD}\n\n{made}".encode())


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
def test_what_is_no_signed_head_is_asked_about(data: bytes) -> None:
    with pytest.raises(AskError, match="no signed head"):
        signatures.read(data)


def test_a_signed_head_has_an_end(key: Path) -> None:
    data = str(signatures.sign(HEAD, key)).encode()
    with pytest.raises(AskError):
        signatures.read(data + b"\n" * signatures.MOST_BYTES)
    with pytest.raises(AskError):
        signatures.read(data + b"and more")


# Who signed.


def test_a_key_that_nobody_has_is_not_found(tmp_path: Path, key: Path) -> None:
    other = new_key(tmp_path / "other")
    signed = signatures.sign(HEAD, key)
    for lines in ([f"rta@example.org {public(other)}"], ["nonsense"], [""]):
        with pytest.raises(NotFoundError, match=re.escape(signed.key)) as caught:
            signatures.check(signed, signers_of(tmp_path, *lines))
        assert "Nobody in" in str(caught.value)


def test_names_are_handed_back_to_ssh_keygen_as_they_are(tmp_path: Path, key: Path) -> None:
    signed = signatures.sign(HEAD, key)
    for names in ("-I", "--help", "*@example.org", "!no@example.org,*@example.org", "-", "ö@x"):
        signers = signers_of(tmp_path, f"{names} {public(key)}")
        assert signatures.check(signed, signers).names == tuple(names.split(","))
    with pytest.raises(NotFoundError):
        signatures.check(signed, signers_of(tmp_path, f"!no@example.org {public(key)}"))


@pytest.mark.parametrize(
    "option",
    ['namespaces="git,file"', 'valid-before="20200101"', 'valid-after="20990101"'],
)
def test_the_options_of_a_line_count(tmp_path: Path, key: Path, option: str) -> None:
    signed = signatures.sign(HEAD, key)
    signers = signers_of(tmp_path, f"rta@example.org {option} {public(key)}")
    with pytest.raises(NotFoundError, match="ssh-keygen says"):
        signatures.check(signed, signers)
    allowed = signers_of(tmp_path, f'rta@example.org namespaces="head@*" {public(key)}')
    assert signatures.check(signed, allowed).names == ("rta@example.org",)


def only(option: str) -> str:
    return f'namespaces="{option}"'


HEADS = only("head@bargaining")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([f"ana,ben {only('git')}", f"ana {HEADS}"], ["ana"]),
        ([f"ana {only('git')}", f"ben {HEADS}"], ["ben"]),
        ([f"ana {HEADS}", f"ben {HEADS}", "ana"], ["ana", "ben"]),
        (["ana", "# ben is gone", "", "  ", "cara"], ["ana", "cara"]),
        (["!ana,ana,ben"], ["ben"]),
        (["!ana,ben"], ["ben"]),
        (["*,!ben"], ["*", "!ben"]),
        ([f"*a {only('git')}", f"?? {HEADS}"], ["??"]),
        (['ana valid-before="20200101"', "ben", 'cara valid-after="20990101"'], ["ben"]),
        (["ana cert-authority", "ben"], ["ben"]),
        (["a,b,c"], ["a", "b", "c"]),
    ],
)
def test_only_those_who_may_sign_are_named(
    tmp_path: Path, key: Path, lines: list[str], names: list[str]
) -> None:
    signed = signatures.sign(HEAD, key)
    known = [
        f"{line} {public(key)}" if line.strip()[:1] not in {"", "#"} else line for line in lines
    ]
    assert signatures.check(signed, signers_of(tmp_path, *known)).names == tuple(names)
    ended = signers_of(tmp_path, *(f"{line.strip()}\r" for line in known))
    assert signatures.check(signed, ended).names == tuple(names)


def certified(folder: Path, key: Path, names: str, *options: str) -> Path:
    """A certificate for a key, by the authority in that folder, with the private half beside it."""
    authority = folder / "authority"
    if not authority.exists():
        new_key(authority)
    made = keygen("-q", "-s", str(authority), "-I", "id", "-n", names, *options, f"{key}.pub")
    assert made.returncode == 0, made.stderr
    return key.with_name(f"{key.name}-cert.pub")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["*,!ben"], ["ana"]),
        (["*"], ["ana", "ben"]),
        (["ben,cara"], ["ben"]),
        ([f"* {only('git')}", f"b* {HEADS}"], ["ben"]),
        (['* valid-before="20200101"', "ana"], ["ana"]),
    ],
)
def test_of_a_certificate_only_those_who_may_sign_are_named(
    tmp_path: Path, key: Path, lines: list[str], names: list[str]
) -> None:
    signed = signatures.sign(HEAD, certified(tmp_path, key, "ana,ben"))
    by = public(tmp_path / "authority")
    known = [" cert-authority,".join(line.split()) for line in lines if " " in line]
    known += [f"{line} cert-authority" for line in lines if " " not in line]
    signer = signatures.check(signed, signers_of(tmp_path, *(f"{line} {by}" for line in known)))
    assert signer.names == tuple(names)
    assert "-CERT key SHA256:" in signer.key
    assert signer.key == signed.key
    plain = signers_of(tmp_path, *(f"{line} {by}" for line in lines))
    with pytest.raises(NotFoundError):  # the key of an authority, which is not stated to be one
        signatures.check(signed, plain)


@pytest.mark.parametrize(
    ("names", "option", "line"),
    [
        ("ana", (), "ben"),
        ("ana", (), "*,!ana"),
        ("ana", ("-V", "20200101:20200201"), "ana"),
        ("ana", (), f"ana {only('git')}"),
        ("ana,ben", ("-h",), "ana"),  # a certificate of a host signs for nobody
    ],
)
def test_a_certificate_that_may_not_sign_is_refused(
    tmp_path: Path, key: Path, names: str, option: tuple[str, ...], line: str
) -> None:
    signed = signatures.sign(HEAD, certified(tmp_path, key, names, *option))
    who, _, more = line.partition(" ")
    options = ",".join(filter(None, ("cert-authority", more)))
    signers = signers_of(tmp_path, f"{who} {options} {public(tmp_path / 'authority')}")
    with pytest.raises(NotFoundError):
        signatures.check(signed, signers)


def test_a_broken_line_hides_no_other_and_is_told_by_its_number(tmp_path: Path, key: Path) -> None:
    signed = signatures.sign(HEAD, key)
    broken = ["", "# who is who", "nonsense", f"ana unknown-option {public(key)}"]
    found = signatures.check(signed, signers_of(tmp_path, *broken, f"ben {public(key)}"))
    assert found.names == ("ben",)
    with pytest.raises(NotFoundError, match=r"signers:3: missing key; .*signers:4: ") as caught:
        signatures.check(signed, signers_of(tmp_path, *broken))
    assert str(caught.value).count("No principal matched") == 1
    git = f"ana {only('git')} {public(key)}"
    with pytest.raises(NotFoundError, match=r"“ana” in .*signers:6: key is not permitted"):
        signatures.check(signed, signers_of(tmp_path, *broken, git))


def test_whoever_is_excepted_on_their_own_line_may_not_sign(tmp_path: Path, key: Path) -> None:
    signed = signatures.sign(HEAD, key)
    with pytest.raises(NotFoundError, match=r"“ana” in .* not for this"):
        signatures.check(signed, signers_of(tmp_path, f"!ana,ana {public(key)}"))


def test_more_lines_or_names_than_are_tried_are_refused(tmp_path: Path, key: Path) -> None:
    signed = signatures.sign(HEAD, key)
    with pytest.raises(StorageError, match="has 1,001 lines to try, and no more than 1,000"):
        signatures.check(signed, signers_of(tmp_path, *["ana"] * 1001))
    names = ",".join(f"n{n}" for n in range(1001))
    with pytest.raises(StorageError, match="has 1,001 names to try"):
        signatures.check(signed, signers_of(tmp_path, f"{names} {public(key)}"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="There are no pipes in folders here.")
def test_a_pipe_is_not_waited_for(filed: Run, key: Path, signers: Path) -> None:
    filed("sign", "--key", str(key), "-o", "head.txt")
    os.mkfifo("pipe")
    for code, asked in (
        (7, ("verify", "--signed", "pipe", "--signers", str(signers))),
        (7, ("verify", "--signed", "head.txt", "--signers", "pipe")),
        (1, ("sign", "--key", "pipe")),
    ):
        refused = filed(*asked)
        assert (refused.code, refused.out, refused.err.count("\n")) == (code, "", 1)
        assert "no plain file" in refused.err


def test_files_that_cannot_be_used_are_told(tmp_path: Path, key: Path) -> None:
    signed = signatures.sign(HEAD, key)
    with pytest.raises(NotFoundError, match="no file of signers"):
        signatures.check(signed, tmp_path / "none")
    with pytest.raises(StorageError, match="cannot be read"):
        signatures.check(signed, tmp_path)
    (tmp_path / "large").write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(StorageError, match="larger than any"):
        signatures.check(signed, tmp_path / "large")
    for path in (tmp_path, tmp_path / "none", tmp_path / "half\0name", tmp_path / ("long" * 100)):
        with pytest.raises(NotFoundError, match="no plain file with a key"):
            signatures.sign(HEAD, path)


# Keys.


def test_a_file_that_is_no_key_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "nokey").write_bytes(b"\x1b[31m no key")
    with pytest.raises(StorageError, match="could not be signed") as caught:
        signatures.sign(HEAD, tmp_path / "nokey")
    assert "\n" not in str(caught.value)


def test_names_that_begin_with_a_dash_are_files(
    tmp_path: Path, key: Path, signers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key.rename("-oProxy")
    signers.rename("-signers")
    assert signatures.check(signatures.sign(HEAD, "-oProxy"), "-signers").names


@pytest.fixture(name="agent")
def _agent(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    program = shutil.which("ssh-agent")
    if program is None:
        pytest.skip("ssh-agent is not installed.")
    socket = tmp_path_factory.mktemp("a") / "s"
    agent = subprocess.Popen([program, "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    try:
        for _ in range(200):
            if socket.exists():
                break
            time.sleep(0.02)
        yield
    finally:
        agent.terminate()
        agent.wait()


@pytest.mark.usefixtures("agent")
def test_an_agent_signs_for_a_public_key(tmp_path: Path, key: Path, signers: Path) -> None:
    subprocess.run(["ssh-add", "-q", str(key)], check=True, stderr=subprocess.DEVNULL)
    key.unlink()
    signed = signatures.sign(HEAD, tmp_path / "key.pub")
    assert signatures.check(signed, signers).names == ("rta@example.org",)


def test_without_an_agent_a_public_key_does_not_sign(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    key.unlink()
    with pytest.raises(StorageError, match="could not be signed") as caught:
        signatures.sign(HEAD, tmp_path / "key.pub")
    assert "agent" in caught.value.hint


def test_a_passphrase_is_asked_for_on_the_terminal(filed: Run, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    key = new_key(tmp_path / "locked", passphrase=WORDS)
    assert filed("verify").code == 0
    program = "import sys; from bargaining.cli import main; main(sys.argv[1:])"
    in_terminal = (
        "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        "os.execv(sys.executable, [sys.executable, '-c', *sys.argv[1:]])"
    )
    asked = [
        sys.executable,
        "-c",
        in_terminal,
        program,
        "sign",
        "--key",
        str(key),
        "-o",
        "head.txt",
    ]
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        asked, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=tmp_path
    )
    os.close(theirs)
    shown = read_until(ours, b"passphrase")
    os.write(ours, f"{WORDS}\n".encode())
    shown += read_until(ours, b"SHA256:")
    assert running.wait(60) == 0, shown
    os.close(ours)
    assert WORDS.encode() not in shown
    assert signatures.read((tmp_path / "head.txt").read_bytes()).head.entries == 7


def read_until(terminal: int, wanted: bytes) -> bytes:
    shown = b""
    while wanted not in shown:
        try:
            more = os.read(terminal, 1024)
        except OSError:  # whoever wrote to it is gone
            break
        if not more:
            break
        shown += more
    return shown


# Programs that are not what they should be.


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program in the place of ssh-keygen."""
    (folder / "bin").mkdir()
    program = folder / "bin" / "ssh-keygen"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")


def test_a_missing_program_is_told(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = str(signatures.sign(HEAD, key)).encode()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    asked: list[Callable[[], object]] = [
        lambda: signatures.sign(HEAD, key),
        lambda: signatures.read(data),
    ]
    for ask in asked:
        with pytest.raises(StorageError, match="not installed") as caught:
            ask()
        assert "OpenSSH 8.2" in caught.value.hint


@pytest.mark.skipif(os.name != "posix", reason="The stand-in is a shell script.")
@pytest.mark.parametrize(
    "script",
    [
        "echo 'unknown option -- Y' >&2; echo 'usage: ssh-keygen [-q] [-b bits]' >&2; exit 1",
        "echo 'Unsupported operation for -Y: \"x\"' >&2; echo 'usage: ssh-keygen' >&2; exit 1",
    ],
)
def test_a_program_that_is_too_old_is_told(
    tmp_path: Path, key: Path, signers: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    signed = signatures.sign(HEAD, key)
    stand_in(tmp_path, monkeypatch, script)
    asked: list[Callable[[], object]] = [
        lambda: signatures.sign(HEAD, key),
        lambda: signatures.read(str(signed).encode()),
        lambda: signatures.check(signed, signers),
    ]
    for ask in asked:
        with pytest.raises(StorageError, match="too old") as caught:
            ask()
        assert "OpenSSH 8.2" in caught.value.hint


@pytest.mark.skipif(os.name != "posix", reason="The stand-in is a shell script.")
def test_a_program_that_answers_otherwise_is_not_believed(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = str(signatures.sign(HEAD, key)).encode()
    stand_in(tmp_path, monkeypatch, "cat >/dev/null; echo fine")
    with pytest.raises(StorageError, match="does not answer"):
        signatures.read(data)


@pytest.mark.skipif(os.name != "posix", reason="The stand-in is a shell script.")
def test_what_the_program_says_is_escaped_and_short(
    filed: Run, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = "for n in 1 2 3 4 5 6 7 8 9; do printf 'line \\033[31m %090d\\n' 0 >&2; done; exit 255"
    stand_in(tmp_path, monkeypatch, says)
    told = filed("sign", "--key", str(key))
    assert (told.code, told.err.count("\n")) == (7, 1)
    assert "\x1b" not in told.err
    assert len(told.err) < 600


# The commands.


def anchored(run: Run, *more: str, stdin: bytes = b"") -> Done:
    return run("verify", "--signed", "head.txt", "--signers", "signers", *more, stdin=stdin)


def test_a_record_is_held_against_a_signed_head(filed: Run, key: Path, signers: Path) -> None:
    told = filed("sign", "--key", str(key), "-o", "head.txt")
    assert (told.code, told.out) == (0, "")
    assert "Wrote head.txt: the head of entry 7, signed with ED25519 key SHA256:" in told.err
    filed(
        "add",
        "--no-paper",
        "--label",
        "RTA Verbal Counter 6-1-25",
        "-c",
        "School Library Hours and Staffing",
    )
    found = anchored(filed)
    assert found.code == 0
    assert "signed by rta@example.org, with ED25519 key" in found.out
    assert "anchored: it extends the head of entry 7; 1 entry was added since" in found.out
    answer = json.loads(anchored(filed, "--json").out)
    assert answer["signed_by"]["names"] == ["rta@example.org"]
    assert answer["extends"]["entries"] == 7
    assert json.loads(filed("verify", "--json").out)["signed_by"] is None
    piped = filed(
        "verify", "--signed", "-", "--signers", str(signers), stdin=Path("head.txt").read_bytes()
    )
    assert piped.out == found.out


def test_the_signed_head_goes_to_stdout_or_into_json(filed: Run, key: Path) -> None:
    shown = filed("sign", "--key", str(key))
    signed = signatures.read(shown.out.encode())
    assert str(signed) == shown.out
    answer = json.loads(filed("sign", "--key", str(key), "--json").out)
    assert answer == {"line": signed.line, "signature": signed.signature, "key": signed.key}
    line = filed("verify").out.splitlines()[-1]
    assert line == f"head: {signed.line}"


def test_nothing_is_replaced_unasked(filed: Run, key: Path) -> None:
    Path("head.txt").write_text("mine", encoding="ascii")
    assert filed("sign", "--key", str(key), "-o", "head.txt").code == 3
    assert Path("head.txt").read_text("ascii") == "mine"
    assert filed("sign", "--key", str(key), "-o", "head.txt", "--force").code == 0


def test_a_damaged_record_is_not_signed(filed: Run, key: Path) -> None:
    data = Path("bargaining.db").read_bytes()
    Path("bargaining.db").write_bytes(data.replace(b"Riverbend", b"Riverbent"))
    refused = filed("sign", "--key", str(key), "-o", "head.txt")
    assert refused.code == 6
    assert not Path("head.txt").exists()


def test_another_record_does_not_extend_a_signed_head(
    filed: Run, key: Path, papers: Path, signers: Path
) -> None:
    assert signers.exists()
    assert filed("sign", "--key", str(key), "-o", "head.txt").code == 0
    assert filed("add", str(papers), "--record", "anew.db").code == 0
    refused = anchored(filed, "--record", "anew.db")
    assert (refused.code, refused.out) == (6, "")


def test_each_fault_is_one_line_with_a_hint_and_its_code(
    filed: Run, tmp_path: Path, key: Path, signers: Path
) -> None:
    filed("sign", "--key", str(key), "-o", "head.txt")
    whole = Path("head.txt").read_text("ascii")
    Path("line.txt").write_text(f"9{whole}", encoding="ascii")
    Path("signature.txt").write_text(whole.replace("\n-----END", "AAAA\n-----END"), "ascii")
    Path("none.txt").write_text("no head", encoding="ascii")
    other = new_key(tmp_path / "other")
    Path("strangers").write_text(f"rta@example.org {public(other)}", encoding="ascii")
    known = str(signers)
    for code, signed, keys in (
        (6, "line.txt", known),
        (6, "signature.txt", known),
        (3, "none.txt", known),
        (1, "missing.txt", known),
        (1, "head.txt", "missing"),
        (1, "head.txt", "strangers"),
        (7, ".", known),
        (7, "head.txt", "."),
    ):
        refused = filed("verify", "--signed", signed, "--signers", keys)
        assert (refused.code, refused.out, refused.err.count("\n")) == (code, "", 1), refused
    assert filed("verify", "--signed", "head.txt").code == 2
    assert filed("verify", "--signed", "head.txt", "--signers", known, "--head", "-").code == 2
    assert filed("sign").code == 2


def test_a_signer_is_shown_escaped(filed: Run, tmp_path: Path, key: Path) -> None:
    filed("sign", "--key", str(key), "-o", "head.txt")
    signers_of(tmp_path, f"rta\x1b[31m@example.org {public(key)}")
    found = anchored(filed)
    assert found.code == 0
    assert "\x1b" not in found.out


def test_python_holds_a_record_against_a_signed_head(filed: Run, key: Path, signers: Path) -> None:
    assert filed("sign", "--key", str(key), "-o", "head.txt").code == 0
    with Record.open("bargaining.db") as record:
        signed = signatures.read(Path("head.txt").read_bytes())
        assert signatures.check(signed, signers).names == ("rta@example.org",)
        assert record.verify(signed.head).extends == signed.head


# What the documents show.


def fenced(document: str, heading: str, language: str) -> list[str]:
    """The blocks of a language under a heading."""
    page = (Path(__file__).parents[1] / "docs" / document).read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(os.name != "posix", reason="The documents show a shell.")
def test_the_documents_show_what_works(
    filed: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    new_key(tmp_path / "home" / ".ssh" / "id_ed25519")
    (tmp_path / "bargain").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bargaining "$@"\n')
    (tmp_path / "bargain").chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert filed("verify").code == 0
    blocks = fenced("how-to.md", "Sign a head", "sh")
    blocks += fenced("record-format.md", "A signed head", "sh")
    done = subprocess.run(
        ["sh", "-euc", "".join(blocks)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (shown,) = fenced("how-to.md", "Sign a head", "text")
    wanted = [line.replace("entry 22", "entry 7") for line in shown.splitlines() if line != "..."]
    assert [line for line in done.stdout.splitlines() if line in wanted] == wanted
    assert 'Good "head@bargaining" signature for rta@riverbend.example' in done.stdout
