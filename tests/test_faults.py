"""A disk that fails: whichever call it is, one clear line, nothing lost, nothing half filed."""

import shutil
import sys
from pathlib import Path

import pytest

if sys.platform != "linux" or shutil.which("cc") is None:
    pytest.skip("A library is compiled, and loaded as Linux does it.", allow_module_level=True)

import faults
from bargaining.errors import EXIT_CODES, RecordError, StorageError


@pytest.fixture(name="library", scope="module")
def _library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return faults.compiled(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize(
    ("name", "start"),
    [*((name, "old") for name in faults.FAULTS), ("ENOSPC once", "new")],
)
def test_whichever_call_fails_nothing_is_lost_or_half_filed(
    library: Path, tmp_path: Path, name: str, start: str
) -> None:
    seen = [faults.Seen(*one) for one in faults.run(library, "sweep", tmp_path, name, start)]
    assert [one.wrong for one in seen if one.wrong] == []
    assert len(seen) > 20  # so many calls, each of which failed once
    assert all(one.said or len(one.acknowledged) == len(faults.NEW) for one in seen)
    assert sum(bool(one.said) for one in seen) > len(seen) // 2


@pytest.mark.parametrize("command", faults.COMMANDS)
@pytest.mark.parametrize("name", ["EIO once", "ENOSPC from then on"])
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
        assert one.more in ([], whole.more)  # what is written is whole, or not there
    told = sum(one.code > 0 for one in found)
    assert told > 0 or (name.startswith("ENOSPC") and command in {"log", "verify"})
