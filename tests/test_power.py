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
    everything = disk.state(lambda _n, _of: True, lambda _n, _of: True, 512)
    assert everything == {faults.RECORD: written[faults.RECORD]}
    assert disk.state(lambda _n, _of: False, lambda _n, _of: False, 512) == everything


def test_what_was_not_synced_may_be_there_by_sectors() -> None:
    disk = power.Disk({"a": b"-" * 1500})
    disk.take(power.Step("w", "a", 0, b"+" * 2000))
    nothing = disk.state(lambda _n, _of: False, lambda _n, _of: False, 512)
    assert nothing == {"a": b"-" * 1500}
    second = disk.state(lambda _n, _of: True, lambda n, _of: n == 2, 512)  # 0 is the length
    assert second == {"a": b"-" * 512 + b"+" * 512 + b"-" * 476}
    longer = disk.state(lambda _n, _of: True, lambda n, _of: n == 0, 512)
    assert longer == {"a": b"-" * 1500 + bytes(500)}
    disk.take(power.Step("s", "a", 0, b""))
    disk.take(power.Step("u", "a", 0, b""))
    assert disk.state(lambda _n, _of: False, lambda _n, _of: False, 512) == {"a": b"+" * 2000}
    disk.take(power.Step("s", "", 0, b""))
    assert disk.state(lambda _n, _of: False, lambda _n, _of: False, 512) == {}
