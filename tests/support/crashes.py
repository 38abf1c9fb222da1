"""Crashes on purpose: a process that files papers is killed, or its writes fail.

Used by the tests, and by `bench/reliability.py` for thousands of them.
"""

import os
import random
import resource
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bargaining.errors import BargainingError, NotFoundError
from bargaining.record import Record, Submission

PAPERS = 40  # that a process files, unless it is stopped
_REFUSED = 7  # what a process returns that was told of a failed write in one line


class Crash(NamedTuple):
    """What was seen of one process: how many papers it acknowledged, and how it ended."""

    acknowledged: int
    killed: bool
    told: bool


def paper(n: int) -> Submission:
    """Some twenty kilobytes; each is a paper of its own."""
    words = " ".join(f"word{(n * 31 + i * 7) % 997}" for i in range(2000))
    data = f"1.0 The bell shall ring {n} times, {words}.\n".encode()
    return Submission(data=data, name="a.md", label=f"Guild Proposal #{n}", chain="Bells")


def _file_all(place: str | Path, pipe: int, first: int) -> None:
    with Record.open(place, write=True) as record:
        for n in range(first, first + PAPERS):
            record.file(paper(n))
            os.write(pipe, b".")  # acknowledged


class _Blow(NamedTuple):
    """When a process is killed: so many seconds after so many papers were acknowledged."""

    papers: int
    seconds: float


def _in_a_process(
    place: str | Path, prepare: Callable[[], None], blow: _Blow | None, first: int = 1
) -> Crash:
    """File papers in another process, which may be killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            prepare()
            _file_all(place, write, first)
            code = 0
        except BargainingError:
            code = _REFUSED
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        acknowledged = 0
        if blow is not None:
            acknowledged = len(pipe.read(blow.papers))  # waits for them, on any machine
            time.sleep(blow.seconds)
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        acknowledged += len(pipe.read())
    killed = os.WIFSIGNALED(status)
    return Crash(acknowledged, killed, not killed and os.WEXITSTATUS(status) == _REFUSED)


def killed(place: str | Path, chance: random.Random, first: int = 1) -> Crash:
    """Kill a process that files papers from number `first` on, at a random moment."""
    blow = _Blow(chance.randrange(4), chance.uniform(0, 0.05))
    return _in_a_process(place, lambda: None, blow, first)


def starved(path: Path, most: int) -> Crash:
    """Let every write fail that would make a file longer than so many bytes (setrlimit(2))."""

    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write then fails with EFBIG
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return _in_a_process(path, prepare, None)


def half_written(path: Path) -> sqlite3.Connection:
    """Begin a transaction of which a part is in the file, and its journal beside it."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")  # what is changed goes to the file at once
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM original")
    connection.execute("INSERT INTO original VALUES ('x', 1, zeroblob(1000000))")
    return connection


def left_behind(path: Path, crash: Crash) -> str:
    """Say what a record is like after a crash; empty when all is as it must be."""
    if not path.exists() or not path.stat().st_size:
        return "" if not crash.acknowledged else "everything is lost"
    try:
        with Record.open(path) as record:
            found = record.verify()
    except NotFoundError:  # the first paper was rolled back, and with it the record
        return "" if not crash.acknowledged else "everything is lost"
    except BargainingError as error:
        return str(error)
    if not crash.acknowledged <= found.entries <= crash.acknowledged + 1:
        return f"{found.entries} entries, {crash.acknowledged} acknowledged"
    whole = found.texts == found.originals == found.entries
    return "" if whole else "something is half filed"


def goes_on(path: Path) -> bool:
    """True when the next paper can be filed as if nothing had happened."""
    with Record.open(path, write=True) as record:
        return record.file(paper(PAPERS + 1)).done == "filed"
