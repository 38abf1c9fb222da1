"""Faults on purpose: the nth call that a filing process makes to its disk fails.

Strategy: `faults.c` is compiled and loaded before the C library of a Python of its own, which runs
this file as a program. That forks a process for each n, arms it there, and looks itself, unarmed,
at what is left behind: until a process ends without reaching its nth call. What was seen comes back
as JSON. Used by the tests, and by `bench/reliability.py`. Linux only.
"""

import ctypes
import errno
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bargaining.cli import main as cli
from bargaining.errors import BargainingError, NotFoundError
from bargaining.record import Record, Submission

SOURCE = Path(__file__).with_name("faults.c")
RECORD = "record.db"
SAID = "said"  # the file that a traced process tells which papers were acknowledged
NEW = (1, 2)  # the papers that a process files
_WORDS = 300  # of a paper
_FOR_CERTAIN = "Nothing was changed."  # how an error ends that leaves no doubt
_MOST = 1000  # calls; no process makes so many


class Fault(NamedTuple):
    """Which calls count (letters, see faults.c), and how the nth of them fails."""

    kinds: str
    error: int
    for_good: bool = False
    half: bool = False  # the nth write is half done; what follows fails


_ALL = "rwstcoum"
_TAKES_SPACE = "wscm"  # what a full disk refuses
FAULTS = {
    "EIO once": Fault(_ALL, errno.EIO),
    "EIO from then on": Fault(_ALL, errno.EIO, for_good=True),
    "ENOSPC once": Fault(_TAKES_SPACE, errno.ENOSPC),
    "ENOSPC from then on": Fault(_TAKES_SPACE, errno.ENOSPC, for_good=True),
    "half a write, then ENOSPC": Fault("w", errno.ENOSPC, for_good=True, half=True),
}


class Seen(NamedTuple):
    """What became of one process.

    Attributes:
        reached: whether its nth call was made.
        acknowledged: the papers that it was told are filed.
        said: what it was told otherwise, one line for each error.
        wrong: what must not be; empty when all is as it must be.
    """

    reached: bool
    acknowledged: list[int]
    said: list[str]
    wrong: list[str]


class Said(NamedTuple):
    """What became of one run of `bargain`.

    Attributes:
        reached: whether its nth call was made.
        code: its exit code.
        said: what it wrote to stderr.
        papers: how many are on file afterwards; -1 in a record that is not whole.
        more: the names of the files that it left in the folder beside the record.
    """

    reached: bool
    code: int
    said: str
    papers: int
    more: list[str]


_MAKES_A_RECORD = ("import", "demo")
COMMANDS = {
    "add": "-r {folder}/record.db add {beside}/paper.md --label 'Guild Proposal #1' --chain Bells",
    "import": "-r {folder}/record.db import {beside}/bundle.zip",
    "demo": "demo --save {folder}/record.db",
    "export": "-r {folder}/record.db export {folder}/bundle.zip",
    "export to a folder": "-r {folder}/record.db export {folder}/bundle",
    "redline": "-r {folder}/record.db redline -o {folder}/redline.html",
    "log": "-r {folder}/record.db log",
    "verify": "-r {folder}/record.db verify",
}


def paper(n: int) -> Submission:
    """Return a small paper; each n is one of its own, most of which all have in common."""
    words = " ".join(f"word{i * i % 9973}" for i in range(_WORDS))
    data = f"1.0 The bell shall ring {n} times.\n\n2.0 It shall say {words}.\n".encode()
    return Submission(data=data, name="a.md", label=f"Guild Proposal #{n}", chain="Bells")


# Outside: the tests compile the library, and start a Python with it.


def compiled(folder: Path) -> Path:
    """Compile `faults.c`, and return the library."""
    library = folder / "faults.so"
    asked = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(asked, check=True)
    return library


def run(library: Path, task: str, folder: Path, *arguments: str) -> Any:  # noqa: ANN401 - JSON, of a shape that depends on the task
    """Do one of `_TASKS` in a Python whose disk can fail; `folder` is watched."""
    paths = os.pathsep.join([str(SOURCE.parent), *sys.path])
    environment = os.environ | {
        "LD_PRELOAD": str(library),
        "PYTHONPATH": paths,
        "BARGAIN_CACHE": "",
        "BARGAIN_USER": "tester",
    }
    asked = [sys.executable, __file__, task, str(folder.resolve()), *arguments]
    done = subprocess.run(asked, check=False, capture_output=True, env=environment)
    assert not done.returncode, done.stderr.decode()
    return json.loads(done.stdout)


# Inside: the program that `run` starts.


def arm(fault: Fault, nth: int) -> None:
    """Let the nth call from now on fail, in this process."""
    _library().faults_fail(
        fault.kinds.encode(), ctypes.c_long(nth), fault.error, fault.for_good, fault.half
    )


def watch(folder: Path, trace: int = -1) -> None:
    """Let calls on the files of a folder count, and be written to an open file."""
    _library().faults_watch(os.fsencode(folder), trace)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def in_a_process(work: Callable[[int], None]) -> tuple[int, str]:
    """Fork; return how that process ended (0: well) and what it wrote to its pipe."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(read)
            work(write)
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is is handed to the parent
            os.write(write, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    return os.waitpid(child, 0)[1], said


def _file_each(path: Path, pipe: int) -> None:
    """File papers one by one, going on behind an error as a program might that stays open."""
    for n in (*NEW, *NEW):
        try:
            with Record.open(path, write=True) as record:
                for later in NEW[NEW.index(n) :]:
                    _file(record, later, pipe)
        except BargainingError as error:  # the record cannot be opened
            _tell(pipe, error)
        else:
            return


def _file(record: Record, n: int, pipe: int) -> None:
    try:
        record.file(paper(n))
        os.write(pipe, f"+ {n}\n".encode())
    except BargainingError as error:
        _tell(pipe, error)


def _tell(pipe: int, error: BargainingError) -> None:
    line = f"{error} {error.hint}".strip().replace("\n", "\\n")
    os.write(pipe, f"- {line}\n".encode())


def filed_in(path: Path) -> set[str]:
    """Return the labels of the papers in a record that was verified as a whole.

    Raises:
        BargainingError: it is not whole.
    """
    try:
        with Record.open(path) as record:
            found = record.verify()
            on_file = {entry.body["label"]["text"] for entry in record.journal()}
    except NotFoundError:  # the first paper was rolled back, and with it the record
        return set()
    if not len(on_file) == found.entries == found.texts == found.originals:
        raise BargainingError("something is half filed")
    return on_file


def labels(*papers: int) -> set[str]:
    """Return the labels of papers."""
    return {str(paper(n).label) for n in papers}


def _wrong(path: Path, before: set[int], acknowledged: list[int], told: list[str]) -> Iterator[str]:
    """Say what is not as it must be after a fault, and file what was not."""
    try:
        found = filed_in(path)
        if not labels(*before, *acknowledged) <= found <= labels(*before, *NEW):
            yield f"{found} on file, {acknowledged} acknowledged"
        doubtful = [said for said in told if not said.endswith(_FOR_CERTAIN)]
        if len(found) > len(before) + len(acknowledged) + len(doubtful):
            yield f"{found} on file, and said was {told}"
        with Record.open(path, write=True) as record:
            for n in NEW:
                record.file(paper(n))
        if filed_in(path) != labels(*before, *NEW):
            yield "what was not filed could not be filed afterwards"
    except BargainingError as error:
        yield str(error)


def _one(path: Path, before: set[int], fault: Fault, nth: int) -> Seen:
    def work(pipe: int) -> None:
        watch(path.parent)
        arm(fault, nth)
        _file_each(path, pipe)
        os.write(pipe, b"! %d\n" % _library().faults_reached())

    ended, said = in_a_process(work)
    lines = said.splitlines()
    acknowledged = [int(line[2:]) for line in lines if line.startswith("+ ")]
    told = [line[2:] for line in lines if line.startswith("- ")]
    wrong = [said] if ended else []
    wrong.extend(_wrong(path, before, acknowledged, told))
    return Seen("! 1" in lines, acknowledged, told, wrong)


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()


def sweep(folder: Path, name: str, start: str) -> list[Seen]:
    """Let the 1st, 2nd, 3rd … call fail of a process that files into a new or an old record."""
    found: list[Seen] = []
    old = old_record(folder, 0) if start == "old" else None
    for nth in range(1, _MOST):
        _empty(folder)
        if old is not None:
            (folder / RECORD).write_bytes(old)
        before = set() if old is None else {0}
        found.append(_one(folder / RECORD, before, FAULTS[name], nth))
        if not found[-1].reached:
            return found
    raise AssertionError("a process made more calls than it can")


def old_record(folder: Path, *papers: int) -> bytes:
    """Return a record in which some papers are filed."""
    path = folder / RECORD
    with Record.open(path, write=True) as record:
        record.file_all([paper(n) for n in papers])
    return path.read_bytes()


def commands(folder: Path, name: str, which: str) -> list[Said]:
    """Let the 1st, 2nd, 3rd … call fail of `bargain` with one of `COMMANDS`.

    The record is `record.db` in the watched folder; what a command reads else is beside that.
    """
    beside = folder.parent / "beside"
    beside.mkdir()
    old = old_record(folder, 0, 2)
    (beside / "paper.md").write_bytes(paper(1).data)
    asked = [part.format(folder=folder, beside=beside) for part in shlex.split(COMMANDS[which])]
    export = ["-r", str(folder / RECORD), "export", f"{beside}/bundle.zip"]
    in_a_process(lambda pipe: command(export, pipe))
    found: list[Said] = []
    for nth in range(1, _MOST):
        _empty(folder)
        if which not in _MAKES_A_RECORD:
            (folder / RECORD).write_bytes(old)
        found.append(_one_command(folder, asked, FAULTS[name], nth))
        if not found[-1].reached:
            return found
    raise AssertionError("a process made more calls than it can")


def _one_command(folder: Path, asked: list[str], fault: Fault, nth: int) -> Said:
    before = {*folder.iterdir()}

    def work(pipe: int) -> None:
        watch(folder)
        arm(fault, nth)
        command(asked, pipe)
        os.write(pipe, f" {_library().faults_reached()}".encode())

    said, _, ended = in_a_process(work)[1].rpartition("\n! ")
    code, reached = (int(part) for part in ended.split())
    path = folder / RECORD
    try:
        papers = len(filed_in(path))
    except BargainingError as error:
        return Said(True, code, said, -1, [str(error)])
    more = sorted(one.name for one in {*folder.iterdir()} - before - {path})
    return Said(bool(reached), code, said, papers, more)


def command(asked: list[str], pipe: int) -> None:
    """Run `bargain`; what it writes to stderr goes to the pipe, and then its code."""
    sys.stderr = os.fdopen(pipe, "w", closefd=False)
    try:
        with Path(os.devnull).open("w") as sys.stdout:
            cli(asked)
    except SystemExit as error:
        sys.stderr.flush()
        os.write(pipe, f"\n! {error.code or 0}".encode())


def trace(folder: Path, synchronous: str, papers: str) -> str:
    """File papers one by one while every change of the folder is written down.

    Args:
        folder: where the record is, or will be.
        synchronous: what SQLite's setting of that name is to be; empty for what the record sets.
        papers: their numbers, with commas; none only opens the record.

    Returns:
        The file that it is written into.
    """
    if synchronous:
        _set_synchronous(synchronous)
    into = folder.parent / f"{folder.name}.trace"
    handle = os.open(into, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    said = os.open(folder / SAID, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    watch(folder, handle)
    with Record.open(folder / RECORD, write=True) as record:
        for n in filter(None, papers.split(",")):
            record.file(paper(int(n)))
            os.write(said, b".")
    return str(into)


def _set_synchronous(value: str) -> None:
    """Let every connection have this setting, whatever the record sets."""

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:  # noqa: ANN401 - handed on
            ours = sql.startswith("PRAGMA synchronous")
            return super().execute(f"PRAGMA synchronous = {value}" if ours else sql, *values)

    sqlite3.connect = partial(sqlite3.connect, factory=Connection)  # type: ignore[assignment]


_TASKS: dict[str, Callable[..., Any]] = {"sweep": sweep, "commands": commands, "trace": trace}


def main() -> None:
    task, folder, *arguments = sys.argv[1:]
    print(json.dumps(_TASKS[task](Path(folder), *arguments)))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
