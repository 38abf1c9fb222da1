"""Several processes on one record: writers queue, readers are never turned away."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Processes are forked here.", allow_module_level=True)

from bargaining.record import Record, Submission

WRITERS = 16
EACH = 3


def paper(writer: int, n: int) -> Submission:
    data = f"1.0 The bell shall ring {writer} times and {n} more.\n".encode()
    return Submission(
        data=data, name="a.md", label=f"Guild Proposal #{writer * 100 + n}", chain="Bells"
    )


def forked(work: Callable[[], None]) -> int:
    """Do some work in a process of its own; return its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def write(path: str | Path, writer: int) -> None:
    for n in range(EACH):
        with Record.open(path, write=True) as record:
            record.file(paper(writer, n), by=f"writer {writer}")


def ask(path: str | Path) -> None:
    for _ in range(40):
        with Record.open(path) as record:
            record.verify()


def test_sixteen_writers_lose_nothing_and_the_chain_stays_in_line(place: str | Path) -> None:
    with Record.open(place, write=True) as record:
        record.file(paper(99, 0))
        head = record.verify().line
    children = [forked(lambda n=n: write(place, n)) for n in range(WRITERS)]  # type: ignore[misc]
    children += [forked(lambda: ask(place)) for _ in range(2)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 18
    with Record.open(place) as record:
        found = record.verify(head)
        assert found.entries == WRITERS * EACH + 1
        labels = [filing.label.text for filing in record.filings("Bells")]
        assert len(set(labels)) == found.entries
        for writer in range(WRITERS):
            own = [
                entry.seq
                for entry in record.journal()
                if entry.body["by"].partition(" (role ")[0] == f"writer {writer}"
            ]
            assert len(own) == EACH
