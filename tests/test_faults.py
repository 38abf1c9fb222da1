"""A disk that fails: whichever call it is, one clear line, nothing lost, nothing half filed."""

import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("The disk is made to fail with LD_PRELOAD and /proc.", allow_module_level=True)

import faults
from bargaining.errors import EXIT_CODES, RecordError, StorageError

_NOTHING_CAN_BE_DELETED = "EIO from then on"


@pytest.fixture(name="library", scope="module")
def _library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faults.compiled(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize("start", ["new", "old"])
@pytest.mark.parametrize("name", faults.FAULTS)
def test_whichever_call_fails_nothing_is_lost_or_half_filed(
    library: Path, tmp_path: Path, name: str, start: str
) -> None:
    seen = [faults.Seen(*one) for one in faults.run(library, "sweep", tmp_path, name, start)]
    assert [one.wrong for one in seen if one.wrong] == []
    assert len(seen) > 20  # so many calls, each of which failed once
    assert all(one.said or len(one.acknowledged) == len(faults.NEW) for one in seen)
    assert sum(bool(one.said) for one in seen) > len(seen) // 2


@pytest.mark.parametrize("command", faults.COMMANDS)
@pytest.mark.parametrize("name", ["EIO once", "EIO from then on", "ENOSPC from then on"])
def test_whichever_call_fails_a_command_says_one_line(
    library: Path, tmp_path: Path, name: str, command: str
) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    found = [faults.Said(*one) for one in faults.run(library, "commands", folder, name, command)]
    whole = found[-1]  # the run that met no fault
    assert not whole.reached
    assert whole.code == 0
    for one in found:
        if one.code:
            assert one.code in {EXIT_CODES[StorageError], EXIT_CODES[RecordError]}
            assert one.said.startswith("bargain: ")
            assert one.said.count("\n") == 1
        assert one.papers in {found[0].papers, whole.papers}
        if name != _NOTHING_CAN_BE_DELETED:
            assert one.more in ([], whole.more)  # what is written is whole, or not there
    told = sum(one.code > 0 for one in found)
    assert told > 0 or (name.startswith("ENOSPC") and command in {"log", "verify"})
