"""A loss of power: what was acknowledged is on the disk, and nothing is there by halves."""

import shutil
import sys
from pathlib import Path

import pytest

if sys.platform != "linux" or shutil.which("cc") is None:
    pytest.skip("A library is compiled, and loaded as Linux does it.", allow_module_level=True)

import faults
import power


@pytest.fixture(name="library", scope="module")
def _library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faults.compiled(tmp_path_factory.mktemp("library"))


@pytest.fixture(name="watched")
def _watched(tmp_path: Path) -> Path:
    folder = tmp_path / "watched"  # its trace lies beside it
    folder.mkdir()
    return folder


@pytest.mark.parametrize("start", ["new", "old"])
def test_nothing_acknowledged_is_lost_to_a_loss_of_power(
    library: Path, watched: Path, start: str
) -> None:
    lost = power.tried(library, watched, start, seed=1, drawn=3)
    assert lost.wrong == []
    assert lost.moments > 40
    assert lost.journals > 40


def test_the_power_may_go_again_while_what_was_left_is_undone(library: Path, watched: Path) -> None:
    lost = power.tried_again(library, watched, seed=1, drawn=10)
    assert lost.wrong == []
    assert lost.journals > 5


@pytest.mark.parametrize("synchronous", ["FULL", "OFF"])
def test_any_weaker_setting_would_lose_what_was_acknowledged(
    library: Path, watched: Path, synchronous: str
) -> None:
    lost = power.tried(library, watched, "new", seed=1, drawn=0, synchronous=synchronous)
    assert lost.lost
    assert bool(lost.broken) == (synchronous == "OFF")


def test_what_is_played_back_is_what_was_written(library: Path, watched: Path) -> None:
    folder = watched.resolve()
    trace = power.traced(library, folder)
    written = {one.name: one.read_bytes() for one in folder.iterdir()}
    disk = power.Disk({})
    for step in power.steps(trace, folder):
        if step.name != faults.SAID:
            disk.take(step)
    found = disk.state(power.everything, power.everything, 512)
    assert found == {faults.RECORD: written[faults.RECORD]}
    assert disk.state(power.nothing, power.nothing, 512) == found


def test_what_was_not_synced_may_be_there_by_sectors() -> None:
    disk = power.Disk({"a": b"-" * 1500})
    disk.take(power.Step("w", "a", 0, b"+" * 2000))
    before = disk.state(power.nothing, power.nothing, 512)
    assert before == {"a": b"-" * 1500}
    second = disk.state(power.everything, lambda n, _of: n == 2, 512)  # 0 is the length
    assert second == {"a": b"-" * 512 + b"+" * 512 + b"-" * 476}
    longer = disk.state(power.everything, lambda n, _of: n == 0, 512)
    assert longer == {"a": b"-" * 1500 + bytes(500)}
    disk.take(power.Step("s", "a", 0, b""))
    disk.take(power.Step("u", "a", 0, b""))
    assert disk.state(power.nothing, power.nothing, 512) == {"a": b"+" * 2000}
    disk.take(power.Step("s", "", 0, b""))
    assert disk.state(power.nothing, power.nothing, 512) == {}
