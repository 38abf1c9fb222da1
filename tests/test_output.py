"""What is written for others: whole or not at all, and never over what must stay."""

import getpass
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bargaining.cli import shell
from bargaining.errors import AskError
from shell import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix has these files and rights.")
OLD = "1.0 Doors open at eight.\n\n2.0 Keys hang by the door.\n"


@pytest.fixture
def papers(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "a.md").write_text(OLD, encoding="utf-8")
    (tmp_path / "b.md").write_text(OLD.replace("eight", "nine"), encoding="utf-8")
    return "a.md", "b.md"


# What is no file.


@pytest.fixture(params=["pipe", "socket", "link to a pipe", "device"])
def special(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / "special.md"
    if request.param == "socket":
        os.chdir(tmp_path)  # the name of a socket is short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("special.md")
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(tmp_path / ("other" if "link" in request.param else "special.md"))
        if "link" in request.param:
            path.symlink_to(tmp_path / "other")
    return path.name


@pytest.mark.parametrize(
    "asked", ["add {}", "redline {} a.md", "redline a.md {}", "log --record {}", "import {}"]
)
def test_what_is_no_file_is_refused_at_once(
    run: Run, special: str, papers: tuple[str, str], asked: str
) -> None:
    del papers
    done = run(*asked.format(special).split())
    assert done.code not in {0, 70}
    assert len(done.err.splitlines()) == 1


# What must stay.


@pytest.mark.parametrize("link", ["", "symbolic", "hard"])
@pytest.mark.parametrize(
    "asked",
    [
        "show -o {}", "blame -o {}", "redline -o {}", "export {}", "blame --columns base,1 -o {}",
    ],
)  # fmt: skip
def test_the_record_is_never_replaced(
    run: Run, tmp_path: Path, papers: tuple[str, str], asked: str, link: str
) -> None:
    run("add", papers[0], "--base", "--chain", "Doors", "--record", "record.html")
    run("add", papers[1], "--label", "RTA Proposal 1-5-25", "--chain", "Doors", "-r", "record.html")
    before = (tmp_path / "record.html").read_bytes()
    ending = {"show": ".txt", "export": ".zip"}.get(asked.split(maxsplit=1)[0], ".html")
    name = f"out{ending}"
    if link == "symbolic":
        (tmp_path / name).symlink_to("record.html")
    elif link == "hard":
        os.link(tmp_path / "record.html", tmp_path / name)
    elif ending != ".html":
        return
    else:
        name = "record.html"
    done = run(*asked.format(name).split(), "--force", "--record", "record.html")
    assert (done.code, done.out) == (3, "")
    assert "is the record, or what is read" in done.err
    assert (tmp_path / "record.html").read_bytes() == before


def test_a_file_that_is_compared_is_never_replaced(run: Run, papers: tuple[str, str]) -> None:
    done = run("redline", *papers, "-o", "b.md", "--force")
    assert (done.code, "Name another file" in done.err) == (3, True)
    assert run("redline", *papers, "-o", "c.html").code == 0


def test_what_came_in_the_meantime_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.html"
    real = shell.as_new_files_are
    for kind in ("file", "link"):

        def late(beside: Path, rights: int, kind: str = kind) -> None:
            real(beside, rights)
            path.write_bytes(b"mine") if kind == "file" else path.symlink_to("elsewhere")

        monkeypatch.setattr(shell, "as_new_files_are", late)
        with pytest.raises(AskError, match="is there already"):
            shell.write_file(str(path), b"yours", force=False)
        monkeypatch.setattr(shell, "as_new_files_are", real)
        assert kind == "link" or path.read_bytes() == b"mine"
        assert not (tmp_path / "elsewhere").exists()
        path.unlink()
        assert list(tmp_path.iterdir()) == []


def test_a_link_that_leads_nowhere_is_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.symlink_to("nowhere")
    with pytest.raises(AskError):
        shell.write_file(str(path), b"yours", force=False)
    assert not (tmp_path / "nowhere").exists()


def test_where_no_links_can_be_made_a_file_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    shell.write_file(str(tmp_path / "out"), b"yours", force=False)
    assert (tmp_path / "out").read_bytes() == b"yours"
    with pytest.raises(AskError):
        shell.write_file(str(tmp_path / "out"), b"more", force=False)


# Who can read it, and what is left.


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o007])
def test_files_and_folders_have_the_rights_that_new_ones_have(
    run: Run, tmp_path: Path, papers: tuple[str, str], mask: int
) -> None:
    before = os.umask(mask)
    try:
        run("add", papers[0], "--base", "--chain", "Doors", "--record", "r.db")
        for asked in ("show base -o out.txt", "export out.zip", "export folder"):
            assert run(*asked.split(), "--record", "r.db").code == 0
    finally:
        os.umask(before)
    for path in [tmp_path / "out.txt", tmp_path / "out.zip", *(tmp_path / "folder").rglob("*")]:
        most = 0o777 if path.is_dir() else 0o666
        assert stat.S_IMODE(path.stat().st_mode) == most & ~mask, path
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o777 & ~mask


SLOW = """
import sys, time
from bargaining.cli import main, shell
real = shell.os.fsync
def slow(handle):
    print("writing", flush=True)
    time.sleep(60)
shell.os.fsync = slow
main(["redline", "a.md", "b.md", "-o", "out.html"])
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_command_leaves_nothing_half_written(
    tmp_path: Path, papers: tuple[str, str], sent: signal.Signals
) -> None:
    asked = subprocess.Popen(
        [sys.executable, "-c", SLOW], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert asked.stdout is not None
    assert asked.stdout.readline() == b"writing\n"
    (beside,) = set(tmp_path.iterdir()) - {tmp_path / name for name in papers}
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    asked.send_signal(sent)
    _, err = asked.communicate(timeout=60)
    assert asked.returncode in {128 + sent, 130}
    assert b"Traceback" not in err
    assert set(tmp_path.iterdir()) == {tmp_path / name for name in papers}


# What it says of where it was made.


@pytest.mark.parametrize("name", ["out.html", "out.md", "out.json", "out.docx"])
def test_no_output_names_a_folder_or_an_account(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("BARGAIN_USER", "someaccount")
    for n, word in enumerate(("eight", "nine")):
        folder = tmp_path / f"secretfolder{n}"
        folder.mkdir()
        (folder / "same.md").write_text(OLD.replace("eight", word), encoding="utf-8")
    files = [str(tmp_path / f"secretfolder{n}" / "same.md") for n in range(2)]
    assert run("redline", *files, "-o", name).code == 0
    data = (tmp_path / name).read_bytes()
    if name.endswith(".docx"):
        import zipfile  # noqa: PLC0415

        with zipfile.ZipFile(tmp_path / name) as opened:
            data = b"".join(opened.read(part) for part in opened.namelist())
    assert not [name for name in (b"secretfolder", b"someaccount") if name in data]
    assert str(tmp_path).encode() not in data


def test_a_git_repository_names_no_account_and_no_computer(
    run: Run, tmp_path: Path, papers: tuple[str, str]
) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not here.")
    run("add", papers[0], "--base", "--chain", "Doors", "--record", "r.db")
    assert run("export", "--git", "out", "--record", "r.db").code == 0
    names = (getpass.getuser().encode(), socket.gethostname().encode(), str(tmp_path).encode())
    every = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in every if path.parent.name == "logs"]
    told = {name for path in every for name in names if b"<" + name in path.read_bytes()}
    assert told == set()


def test_a_name_that_could_act_is_shown_and_does_not(run: Run, papers: tuple[str, str]) -> None:
    run("add", papers[0], "--base", "--chain", "Doors", "--record", "r.db")
    bad = "out\x1b[31m\u202e"
    for asked in (
        ("export", bad),
        ("export", f"{bad}.zip"),
        ("import", f"{bad}.zip", "-r", "n.db"),
    ):
        done = run(*asked, *([] if "-r" in asked else ["--record", "r.db"]))
        assert done.code == 0
        assert "\x1b[31m" not in done.out + done.err
        assert "\u202e" not in done.out + done.err
