"""Whatever stops a process that files: nothing acknowledged is lost, nothing half filed is seen."""

import os
import random
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Processes are killed with signals here.", allow_module_level=True)

import crashes
from bargaining.record import Record

KILLS = 50


def test_nothing_acknowledged_is_lost_to_a_kill(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - the same moments are sought each time
    seen = 0
    for n in range(KILLS):
        path = tmp_path / f"{n}.db"
        crash = crashes.killed(path, chance)
        assert crash.killed
        assert crashes.left_behind(path, crash) == ""
        assert crashes.goes_on(path)
        seen += 0 < crash.acknowledged < crashes.PAPERS
        path.unlink()
    assert seen > KILLS // 4  # killed in the middle


def test_a_write_that_fails_is_told_and_loses_nothing(tmp_path: Path) -> None:
    told = 0
    for n, most in enumerate(range(0, 200_000, 10_000)):
        path = tmp_path / f"{n}.db"
        crash = crashes.starved(path, most)
        assert not crash.killed
        assert crash.told or crash.acknowledged == crashes.PAPERS
        assert crashes.left_behind(path, crash) == ""
        assert crashes.goes_on(path)
        told += crash.told
    assert told > 10


def test_a_transaction_left_half_written_is_rolled_back_by_whoever_asks(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    with Record.open(path, write=True) as record:
        record.file(crashes.paper(1))
        line = record.verify().line
    child = os.fork()
    if child == 0:
        crashes.half_written(path)
        os._exit(0)
    os.waitpid(child, 0)
    assert path.with_name("record.db-journal").stat().st_size
    with Record.open(path) as record:
        assert record.verify(line).entries == 1
    assert not path.with_name("record.db-journal").exists()
