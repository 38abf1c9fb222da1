"""Network drives: known from the table of mounts, and told to whoever files."""

import os
from pathlib import Path, PurePosixPath

import pytest

from bargaining.record.stores import locks as drive
from shell import Run

MOUNTS = """\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:5 / /proc rw,nosuid shared:2 - proc proc rw
40 21 0:41 / /mnt/share rw,relatime shared:3 - nfs4 server:/share rw,vers=4.2
41 40 8:2 / /mnt/share/local rw,relatime - ext4 /dev/sdb1 rw
42 21 0:42 / /mnt/our\\040papers rw,relatime shared:4 - cifs //server/papers rw
43 21 0:43 / /mnt/covered rw,relatime - nfs server:/old rw
44 43 8:3 / /mnt/covered rw,relatime - xfs /dev/sdc1 rw
45 21 0:44 / /home/me/far rw - fuse.sshfs me@far: rw
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/me/record.db", "ext4"),
        ("/mnt/share/record.db", "nfs4"),
        ("/mnt/shared/record.db", "ext4"),
        ("/mnt/share/local/record.db", "ext4"),
        ("/mnt/our papers/deep/record.db", "cifs"),
        ("/mnt/covered/record.db", "xfs"),
        ("/home/me/far/record.db", "fuse.sshfs"),
    ],
)
def test_the_mount_that_covers_a_place_tells_its_kind(place: str, kind: str) -> None:
    assert drive.file_system(PurePosixPath(place), MOUNTS) == kind


@pytest.mark.parametrize("mounts", ["", "\n", "nonsense", "1 2 3 - nfs", "a b c d e - "])
def test_a_table_that_says_nothing_is_no_network_drive(mounts: str) -> None:
    assert drive.file_system(PurePosixPath("/mnt/record.db"), mounts) == ""


@pytest.mark.parametrize(
    ("place", "far"),
    [
        (r"\\server\share\record.db", True),
        (r"\\?\UNC\server\share\record.db", True),
        (r"\\?\C:\record.db", False),
        (r"C:\Users\me\record.db", False),
    ],
)
def test_a_path_of_windows_tells_it(place: str, *, far: bool) -> None:
    assert drive.is_unc(place) is far


@pytest.mark.skipif(os.name == "nt", reason="Windows has no table of mounts.")
def test_whoever_files_on_a_network_drive_is_told_and_nobody_else(
    run: Run, papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        MOUNTS.replace("/mnt/share/local", str(tmp_path)).replace("ext4 /dev/sdb1", "nfs x")
    )
    monkeypatch.setattr(drive, "_MOUNTS", table)
    filed = run("add", str(papers))
    assert filed.code == 0
    assert filed.err.startswith("bargain: bargaining.db is on a network drive")
    assert "network" not in run("log").err
    monkeypatch.setattr(drive, "_MOUNTS", tmp_path / "none")
    assert "network" not in run("add", str(papers)).err
