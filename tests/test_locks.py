"""A program that has a record open twice keeps its locks."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bargaining.errors import StorageError
from bargaining.record import Record, Submission
from bargaining.record.stores import locks as holding
from bargaining.record.stores import sqlite_file

PAPER = Submission(data=b"1.0 A bell.", label="Guild Proposal 1-6-25", chain="Bells", name="a.md")


def another_can_write(path: Path) -> bool:
    """Try to begin a transaction in another process."""
    script = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], timeout=0)\n"
        "try: connection.execute('BEGIN IMMEDIATE')\n"
        "except sqlite3.OperationalError: sys.exit(1)"
    )
    return subprocess.run([sys.executable, "-c", script, path], check=False).returncode == 0


def test_opening_a_record_again_takes_no_lock_away(path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file(PAPER)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        assert not another_can_write(path)
        for _ in range(2):
            with Record.open(path) as again:
                assert again.chains == ("Bells",)
            assert not sqlite_file.is_new(path)
            assert not another_can_write(path)
        connection.close()
        assert another_can_write(path)


@pytest.mark.skipif(os.name != "posix", reason="Nothing is held elsewhere.")
def test_what_is_held_is_let_go(path: Path) -> None:
    assert holding.hold(path) is None
    with Record.open(path, write=True) as record:
        record.file(PAPER)
        with Record.open(path) as again:
            assert [one.stores for one in holding._HELD.values()] == [2]  # noqa: SLF001
            again.close()
            again.close()
    assert not holding._HELD  # noqa: SLF001
    path.write_bytes(b"SQLite format 3\0")
    with pytest.raises(Exception, match="damaged"):
        Record.open(path)
    assert not holding._HELD  # noqa: SLF001
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError):
        Record.open(path)
    assert not holding._HELD  # noqa: SLF001
