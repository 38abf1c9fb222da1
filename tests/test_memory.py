"""Memory that runs out, wherever it does: nothing is lost, nothing is half filed."""

import os
import sqlite3
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import faults
from bargaining.errors import EXIT_CODES, BargainingError, StorageError
from bargaining.record import Record
from shell import Run

_MOST = 2000  # calls; no filing makes so many


class Memory:
    """Memory that runs out at the nth call of what was wrapped, once or from then on."""

    def __init__(self) -> None:
        self._calls = self._from = self._to = 0

    def runs_out(self, nth: int, *, for_good: bool) -> None:
        self._calls, self._from, self._to = 0, nth, _MOST if for_good else nth

    def enough(self) -> bool:
        """True when it did not run out; it never does after this."""
        self._from, nth = _MOST, self._from
        return self._calls < nth

    def take(self) -> None:
        self._calls += 1
        if self._from <= self._calls <= self._to:
            raise MemoryError

    def wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on
            self.take()
            return function(*given, **named)

        return call


@pytest.fixture(name="memory")
def _memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Let every statement to SQLite and every use of zlib take memory."""
    memory = Memory()

    class Connection(sqlite3.Connection):
        def execute(self, *given: Any) -> sqlite3.Cursor:  # noqa: ANN401 - handed on
            memory.take()
            return super().execute(*given)

        def rollback(self) -> None:
            memory.take()
            super().rollback()

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Connection))
    for name in ("compress", "compressobj", "decompressobj"):
        monkeypatch.setattr(zlib, name, memory.wrapped(getattr(zlib, name)))
    return memory


def filed(path: Path) -> set[int]:
    """File papers, and return those that were acknowledged."""
    acknowledged = set()
    try:
        with Record.open(path, write=True) as record:
            for n in faults.NEW:
                with suppress(BargainingError, MemoryError):
                    record.file(faults.paper(n))
                    acknowledged.add(n)
    except (BargainingError, MemoryError):  # it cannot be opened
        assert not acknowledged
    return acknowledged


@pytest.mark.parametrize("for_good", [False, True])
def test_whenever_memory_runs_out_nothing_is_lost_or_half_filed(
    memory: Memory, tmp_path: Path, for_good: bool
) -> None:
    path = tmp_path / faults.RECORD
    old = faults.old_record(tmp_path, 0)
    for nth in range(1, _MOST):
        path.write_bytes(old)
        memory.runs_out(nth, for_good=for_good)
        acknowledged = filed(path)
        if memory.enough():
            assert acknowledged == {*faults.NEW}
            assert nth > 40
            return
        assert acknowledged < {*faults.NEW}
        assert faults.filed_in(path) == faults.labels(0, *acknowledged)
        assert filed(path) == {*faults.NEW}
    raise AssertionError("a filing made more calls than it can")


@pytest.mark.skipif(sys.platform == "win32", reason="A process is forked for each limit.")
def test_however_little_memory_sqlite_has_nothing_is_half_filed(tmp_path: Path) -> None:
    path = tmp_path / faults.RECORD
    old = faults.old_record(tmp_path, 0)
    refused = 0
    for most in range(40_000, 160_000, 2_000):
        path.write_bytes(old)

        def work(pipe: int, most: int = most) -> None:
            limit = sqlite3.connect(":memory:")
            limit.execute(f"PRAGMA hard_heap_limit = {most}")  # bytes, of this process
            limit.close()
            os.write(pipe, b"." * len(filed(path)))

        ended, said = faults.in_a_process(work)
        assert ended == 0, said
        assert faults.filed_in(path) == faults.labels(0, *faults.NEW[: len(said)])
        refused += len(said) < len(faults.NEW)
    assert refused


def test_a_command_says_in_one_line_that_memory_ran_out(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    Path("paper.md").write_bytes(faults.paper(1).data)
    monkeypatch.delenv("BARGAIN_DEBUG")
    codes = set()
    for nth in count(1):
        memory.runs_out(nth, for_good=False)
        done = run("add", "paper.md", "--label", "Guild Proposal #1", "--chain", "Bells")
        if memory.enough():
            break
        codes.add(done.code)
        assert done.err.count("\n") == 1
        assert done.err.startswith("bargain: ")
        Path("bargaining.db").unlink(missing_ok=True)
    assert codes == {EXIT_CODES[StorageError]}
