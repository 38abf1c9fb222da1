"""What leaves the building: which files are read and replaced, and what is in those for others."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from bargaining.errors import StorageError
from bargaining.record import files
from shell import Run

# What is read: plain files alone.

POSIX: Final = pytest.mark.skipif(os.name == "nt", reason="of POSIX")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("a pipe"))
    path.symlink_to("a pipe")


STRANGE: Final[dict[str, Callable[[Path], None]]] = {
    "pipe": _pipe,
    "socket": _socket,
    "link to a pipe": _to_pipe,
    "link to a device": _to("/dev/zero"),
    "link to a terminal": _to("/dev/tty"),
}
READING: Final[dict[str, tuple[str, ...]]] = {
    "paper": ("add", "{}.md"),
    "papers": ("add", "base.md", "{}.md"),
    "paper of a folder": ("add", "in"),
    "Word paper": ("add", "{}.docx"),
    "amendment": ("add", "--amends", "{}.md"),
    "older": ("redline", "{}.md", "base.md"),
    "newer": ("redline", "base.md", "{}.docx"),
    "written": ("redline", "base.md", "{}.docx", "-o", "out.html"),
    "record": ("log", "--record", "{}.db"),
    "record to file into": ("add", "base.md", "--base", "--record", "{}.db"),
    "record to import into": ("import", "{}.zip", "--record", "new.db"),
    "zip": ("import", "{}.zip"),
    "signed": ("verify", "--signed", "{}.txt", "--signers", "base.md"),
    "signers": ("verify", "--signed", "signed.txt", "--signers", "{}.txt"),
    "key": ("sign", "--key", "{}"),
}


@POSIX
@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("command", READING)
def test_what_is_no_plain_file_is_refused_at_once(
    filed: Run, tmp_path: Path, kind: str, command: str
) -> None:
    arguments = [one.format("in/strange") for one in READING[command]]
    folder = tmp_path / "in"
    folder.mkdir()
    named = [one for one in arguments if one.startswith("in/")]
    STRANGE[kind](tmp_path / named[0] if named else folder / "strange.md")
    (tmp_path / "signed.txt").write_text("no head\n")
    before = sorted(tmp_path.rglob("*"))
    done = filed(*arguments)
    assert done.code not in {0, 70}, done
    assert done.out == ""
    assert len(done.err.splitlines()) <= 2
    if command != "signers":  # nobody asks for those of what is no head
        assert "plain file" in done.err or "is no file" in done.err
    assert sorted(tmp_path.rglob("*")) == before


@POSIX
def test_a_file_that_becomes_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paper.md"
    os.mkfifo(path)
    plain = Path(__file__).stat()
    monkeypatch.setattr(Path, "stat", lambda *_, **__: plain)  # as it was a moment ago
    with pytest.raises(StorageError, match="no plain file"):
        files.read_plain(path, 9)


@POSIX
def test_a_link_that_leads_nowhere_in_a_folder_is_said_and_those_of_editors_are_not(
    run: Run, papers: Path
) -> None:
    (papers / ".#draft.md").symlink_to("somebody@somewhere.1")
    assert run("add", "base.md", "--base").code == 0
    assert run("add", "papers").code == 0
    (papers / "lost.md").symlink_to("nowhere.md")
    done = run("add", "papers")
    assert done.code != 0
    assert "lost.md: There is no such file." in done.err


# What is written: whole, private until then, and in nobody's place.

WRITING: Final[dict[str, tuple[str, ...]]] = {
    "redline": ("redline", "4", "5", "-o", "{}.html"),
    "Word redline": ("redline", "4", "5", "-o", "{}.docx"),
    "redline of files": ("redline", "base.md", "other.md", "-o", "{}.html"),
    "clean copy": ("show", "4", "-o", "{}.txt"),
    "zip": ("export", "{}.zip"),
}


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0o002])
def test_files_and_folders_have_the_rights_that_are_usual_here(
    filed: Run, tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        assert filed("redline", "4", "5", "-o", "out.html").code == 0
        assert filed("export", "out.zip").code == 0
        assert filed("export", "out").code == 0
        assert filed("export", "--git", "git").code == 0
    finally:
        os.umask(before)
    for path in (tmp_path / "out.html", tmp_path / "out.zip"):
        assert _rights(path) == 0o666 & ~mask
    for folder in (tmp_path / "out", tmp_path / "git"):
        assert _rights(folder) == 0o777 & ~mask
        for path in (p for p in folder.rglob("*") if ".git" not in p.parts):
            assert _rights(path) == (0o777 if path.is_dir() else 0o666) & ~mask


@POSIX
def test_what_is_begun_is_for_its_owner_alone(tmp_path: Path) -> None:
    with files.new_file(tmp_path / "out.md") as stream:
        stream.write(b"private")
        (beside,) = tmp_path.iterdir()
        assert _rights(beside) == 0o600
    with files.new_folder(tmp_path / "out") as folder:
        assert folder.parent == tmp_path
        assert _rights(folder) == 0o700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.md"]


def _plain(path: Path) -> None:
    path.write_bytes(b"mine")


def _hard(path: Path) -> None:
    (path.parent / "mine").write_bytes(b"mine")
    path.hardlink_to(path.parent / "mine")


def _linked(path: Path) -> None:
    (path.parent / "mine").write_bytes(b"mine")
    path.symlink_to("mine")


THERE: Final[dict[str, Callable[[Path], None]]] = {
    "file": _plain,
    "hard link": _hard,
    "link": _linked,
    "link to nowhere": _to("nowhere"),
    "folder": Path.mkdir,
    **STRANGE,
}


def _state(folder: Path) -> list[tuple[str, int, int, int, bytes]]:
    return [
        (
            path.name,
            one.st_mode,
            one.st_ino,
            one.st_size,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
        for one in [path.lstat()]
    ]


@POSIX
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("kind", THERE)
def test_nothing_that_is_there_or_appears_is_replaced_unasked(
    tmp_path: Path, kind: str, *, late: bool
) -> None:
    for name, made in (("out.md", files.new_file), ("out", files.new_folder)):
        folder = tmp_path / f"for {name}"
        folder.mkdir()
        seen = []

        def appear(path: Path = folder / name, seen: list[object] = seen) -> None:
            THERE[kind](path)
            seen.append(_state(path.parent))

        if not late:
            appear()
        with pytest.raises(Exception, match="is there already"), made(folder / name):  # type: ignore[operator]  # noqa: PT012
            if late:
                appear()
                seen[0] = [one for one in seen[0] if not str(one[0]).endswith(".tmp")]  # type: ignore[attr-defined,index]
        assert [_state(folder)] == seen


@POSIX
@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize(
    "kind", [kind for kind in THERE if kind not in {"file", "hard link", "link"}]
)
def test_force_replaces_plain_files_alone(
    filed: Run, tmp_path: Path, kind: str, command: str
) -> None:
    (tmp_path / "other.md").write_bytes((tmp_path / "base.md").read_bytes() + b"\nMore.\n")
    (tmp_path / "in").mkdir()
    arguments = [one.format("in/out") for one in WRITING[command]]
    THERE[kind](tmp_path / arguments[-1])
    before = _state(tmp_path)
    done = filed(*arguments, "--force")
    assert done.code != 0
    assert "plain file" in done.err
    assert _state(tmp_path) == before


def _via(link: Callable[[Path, Path], None]) -> Callable[[Path, Path], Path]:
    def made(path: Path, name: Path) -> Path:
        link(name, path)
        return name

    return made


NAMES: Final[dict[str, Callable[[Path, Path], Path]]] = {
    "itself": lambda path, _: path,
    "around": lambda path, _: path.parent / "papers" / ".." / path.name,
    "link": _via(lambda name, path: name.symlink_to(path)),
    "hard link": _via(lambda name, path: name.hardlink_to(path)),
}


@POSIX
@pytest.mark.parametrize("how", NAMES)
@pytest.mark.parametrize("command", WRITING)
def test_force_never_touches_the_record_or_what_is_read(
    filed: Run, tmp_path: Path, command: str, how: str
) -> None:
    ending = WRITING[command][-1].removeprefix("{}")
    (tmp_path / "other.md").write_bytes((tmp_path / "base.md").read_bytes() + b"\nMore.\n")
    spared = {f"record{ending}": ("--record", f"record{ending}")}
    (tmp_path / "bargaining.db").rename(tmp_path / f"record{ending}")
    if command == "redline of files":
        spared = {f"base{ending}": (), f"other{ending}": (), **spared}
        for name in ("base", "other"):
            (tmp_path / f"{name}.md").rename(tmp_path / f"{name}{ending}")
    for n, (name, options) in enumerate(spared.items()):
        target = NAMES[how](tmp_path / name, tmp_path / f"link{n}{ending}")
        arguments = [
            *(one.replace(".md", ending) for one in WRITING[command][:-1]),
            str(target),
            *options,
        ]
        before = _state(tmp_path)
        done = filed(*arguments, "--force")
        assert done.code != 0
        assert "is not replaced" in done.err, done
        assert _state(tmp_path) == before


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_nothing_is_written_where_it_would_be_taken_for_part_of_the_record(
    tmp_path: Path, ending: str
) -> None:
    with (
        pytest.raises(Exception, match="is not replaced"),
        files.new_file(tmp_path / f"bargaining.db{ending}", spared=[tmp_path / "bargaining.db"]),
    ):
        pass


@POSIX
def test_where_a_drive_knows_no_links_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    with files.new_file(tmp_path / "out.md") as stream:
        stream.write(b"whole")
    assert (tmp_path / "out.md").read_bytes() == b"whole"
    (tmp_path / "link.md").symlink_to("nowhere")
    with pytest.raises(Exception, match="is there already"), files.new_file(tmp_path / "new.md"):
        (tmp_path / "new.md").write_bytes(b"mine")
    assert (tmp_path / "new.md").read_bytes() == b"mine"
    assert len([*tmp_path.iterdir()]) == 3


# What is stopped leaves nothing behind.

_STOPPED: Final = """
import os, signal, sys
from bargaining.cli import main
from bargaining.record import files

def stop(*_, **__):
    print(*(p for p in os.listdir('.') if p.startswith('.')), flush=True)
    os.kill(os.getpid(), {number})
    os.kill(os.getpid(), {number})  # a person who is in a hurry

real = getattr(os, {when!r})
def hooked(*given, **named):
    stop()
    return real(*given, **named)
setattr(os, {when!r}, hooked)
main(sys.argv[1:])
"""


@POSIX
@pytest.mark.parametrize("number", ["signal.SIGINT", "signal.SIGTERM", "signal.SIGHUP"])
@pytest.mark.parametrize(
    ("arguments", "when"),
    [
        (("redline", "4", "5", "-o", "out.html"), "fsync"),
        (("redline", "4", "5", "-o", "out.html"), "fchmod"),
        (("export", "out.zip"), "fsync"),
        (("export", "out"), "rename"),
        (("import", "b.zip", "--record", "new.db"), "link"),
    ],
)
def test_what_is_stopped_is_taken_away(
    filed: Run, tmp_path: Path, arguments: Sequence[str], when: str, number: str
) -> None:
    filed("export", "b.zip")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", _STOPPED.format(number=number, when=when), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"BARGAIN_CACHE": ""},
    )
    assert ".tmp" in done.stdout  # there was something
    assert done.returncode > 128
    assert done.stderr.strip() == "bargain: Interrupted."
    assert sorted(path.name for path in tmp_path.iterdir()) == before
