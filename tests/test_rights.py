"""Folders and files that may not be written to: asking works, all else is one clear line."""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Rights are those of POSIX here.", allow_module_level=True)

import crashes
import faults
from bargaining.cli import main
from bargaining.errors import EXIT_CODES, StorageError
from bargaining.record import Record

NOBODY = 65534
ADD = "add {beside}/paper.md --label Later --chain Bells"
ASKING = ("log", "who bell", "show 1", "verify", "verify --json")
WRITING = (ADD, "redline -o {folder}/redline.html", "export {folder}/a.zip", "export {folder}/a")
Ask = Callable[[str], tuple[int, str]]


@pytest.fixture(name="folder")
def _folder() -> Iterator[Path]:
    """A folder that anybody may look into, with a record of two papers."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own are closed to others
        folder = Path(name).resolve() / "theirs"
        for one in (folder.parent, folder):
            one.mkdir(exist_ok=True)
            one.chmod(0o755)
        faults.old_record(folder, 0, 2)
        (folder.parent / "paper.md").write_bytes(faults.paper(1).data)
        yield folder
        folder.chmod(0o755)  # or it cannot be deleted


@pytest.fixture(name="ask")
def _ask(folder: Path, tmp_path: Path) -> Ask:
    """Run `bargain` as somebody who owns nothing; return its code and what it says on stderr."""

    def split(line: str, there: Path) -> list[str]:
        asked = [part.format(folder=there, beside=folder.parent) for part in line.split()]
        return ["--record", str(there / faults.RECORD), *asked]

    def as_nobody(line: str) -> tuple[int, str]:
        def work(pipe: int) -> None:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.chdir("/")
            faults.command(split(line, folder), pipe)

        said = faults.in_a_process(work)[1]
        told, _, code = said.rpartition("\n! ")
        return int(code), told

    # Nobody may read the folder of Python's own modules either: all that is needed is imported now.
    faults.old_record(tmp_path, 0, 2)
    for line in (*ASKING, *WRITING):
        with redirect_stdout(io.StringIO()), pytest.raises(SystemExit):
            main(split(line, tmp_path))
    return as_nobody


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def refused(found: tuple[int, str]) -> bool:
    """True when it is one clear line, and the code of what the operating system refuses."""
    code, said = found
    one_line = said.startswith("bargain: ") and said.count("\n") == 1
    return code == EXIT_CODES[StorageError] and one_line


@pytest.mark.parametrize(("of_folder", "of_file"), [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)])
def test_a_record_that_may_not_be_written_to_can_be_asked(
    folder: Path, ask: Ask, of_folder: int, of_file: int
) -> None:
    before = contents(folder)
    (folder / faults.RECORD).chmod(of_file)
    folder.chmod(of_folder)
    for line in ASKING:
        assert ask(line) == (0, "")
    assert refused(ask(ADD))
    assert contents(folder) == before


def test_nothing_is_left_in_a_folder_that_may_not_be_written_to(folder: Path, ask: Ask) -> None:
    before = contents(folder)
    folder.chmod(0o555)
    for line in WRITING:
        assert refused(ask(line))
    assert contents(folder) == before


def test_a_record_cannot_be_made_where_nobody_may_write(folder: Path, ask: Ask) -> None:
    (folder / faults.RECORD).unlink()
    folder.chmod(0o555)
    assert refused(ask(ADD))
    assert contents(folder) == {}


def test_a_record_that_may_not_be_read_is_said_so(folder: Path, ask: Ask) -> None:
    (folder / faults.RECORD).chmod(0)
    for line in (*ASKING, ADD):
        assert refused(ask(line))
        assert "Permission denied" in ask(line)[1]


@pytest.mark.parametrize(("of_folder", "of_file"), [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666)])
def test_what_a_killed_writer_left_where_nobody_may_undo_it_is_said_so(
    folder: Path, ask: Ask, of_folder: int, of_file: int
) -> None:
    path = folder / faults.RECORD
    leave_a_journal(path)
    path.chmod(of_file)
    folder.chmod(of_folder)
    for line in (*ASKING, ADD):
        assert refused(ask(line))
    assert "stopped while they filed" in ask("log")[1]
    folder.chmod(0o755)
    path.chmod(0o644)
    assert faults.filed_in(path) == faults.labels(0, 2)  # who may write undoes it


def leave_a_journal(path: Path) -> None:
    def work(_pipe: int) -> None:
        crashes.half_written(path)
        os._exit(0)

    faults.in_a_process(work)
    journal = path.with_name(f"{path.name}-journal")
    assert journal.stat().st_size
    journal.chmod(0o644)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full here.")
@pytest.mark.parametrize("line", ["log", "verify --json", "show 1", "--help"])
def test_an_answer_that_cannot_be_written_is_said_so(folder: Path, line: str) -> None:
    asked = [sys.executable, "-m", "bargaining", "-r", str(folder / faults.RECORD), *line.split()]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert refused((done.returncode, done.stderr))
    assert "No space left on device" in done.stderr


def test_a_closed_stdin_or_stdout_is_no_fault(folder: Path) -> None:
    ask = f"{sys.executable} -m bargaining %s --record {folder}/record.db %s"
    closed = subprocess.run(ask % ("log", ">&-"), shell=True, capture_output=True, check=False)  # noqa: S602 - ours
    assert (closed.returncode, closed.stdout) == (7, b"")
    assert closed.stderr == b"bargain: The answer cannot be written: stdout is closed.\n"
    for command in ("who -", "verify --head -"):
        done = subprocess.run(ask % (command, "<&-"), shell=True, capture_output=True, check=False)  # noqa: S602 - ours
        assert done.returncode in {3, 4}
        assert len(done.stderr.splitlines()) == 1


def test_a_record_that_could_not_be_made_can_still_be_asked(tmp_path: Path) -> None:
    with Record.open(tmp_path / "nowhere" / "record.db", write=True) as record:
        for _ in range(2):
            with pytest.raises(StorageError):
                record.file(faults.paper(1))
            assert record.chains == ()
            assert record.verify().entries == 0
