"""Crafted records: refused in one line, in little time and memory, and left as they are."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Files are made and asked with what Unix has.", allow_module_level=True)

import crafted
from bargaining.errors import AskError, BargainingError, NotFoundError, RecordError
from bargaining.record import Record, Submission, journal
from bargaining.record.stores import sqlite_file
from crafted import Craft, Outcome

SECONDS = 5  # of processor time, where a slow machine needs one
BATCH = 16


def outcomes(group: dict[str, Craft], folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Make files and ask them, some at a time."""
    names = list(group)
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        paths = [crafted.make(group[name], folder / f"{start + n}") for n, name in enumerate(batch)]
        before = [state(path.parent) for path in paths]
        yield from zip(batch, crafted.ask_all(paths, SECONDS), strict=True)
        assert [state(path.parent) for path in paths] == before
        for path in paths:
            remove(path.parent)


def state(folder: Path) -> list[tuple[str, int, int]]:
    """What lies in a folder, and when it was last written."""
    found = [(one.name, one.lstat()) for one in sorted(folder.iterdir())]
    return [(name, seen.st_size, seen.st_mtime_ns) for name, seen in found]


def remove(folder: Path) -> None:
    """Make room: some are large."""
    for one in folder.iterdir():
        one.rmdir() if one.is_dir() else one.unlink()


def test_every_crafted_record_is_refused_in_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    wrong = [
        f"{name}: {found}"
        for name, found in outcomes(crafted.CRAFTED, tmp_path)
        if found.stage not in {"open", "ask", "verify"} or "\n" in found.said
    ]
    assert wrong == []
    assert len(crafted.CRAFTED) > 180


@pytest.mark.parametrize("name", sorted(crafted.SCHEMAS))
def test_another_schema_is_refused_before_anything_is_filed(tmp_path: Path, name: str) -> None:
    path = crafted.make(crafted.SCHEMAS[name], tmp_path / "made")
    before = state(path.parent)
    with pytest.raises(BargainingError):
        Record.open(path, write=True)
    assert state(path.parent) == before


@pytest.mark.parametrize("group", [crafted.HONEST, crafted.HARD])
def test_what_is_right_is_answered_within_the_same_limits(
    tmp_path: Path, group: dict[str, Craft]
) -> None:
    for n, (name, craft) in enumerate(group.items()):
        (found,) = crafted.ask_all([crafted.make(craft, tmp_path / f"{n}")], SECONDS)
        assert found.stage == "answered", f"{name}: {found}"


@pytest.mark.parametrize("name", sorted(crafted.HONEST))
def test_what_is_right_is_added_to(tmp_path: Path, name: str) -> None:
    path = crafted.make(crafted.HONEST[name], tmp_path / "made")
    if not os.access(path, os.W_OK):
        pytest.skip("It cannot be written.")
    with Record.open(path, write=True) as record:
        assert record.file(crafted.paper(9)).done == "filed"
        record.verify()


def test_a_trigger_that_comes_later_does_nothing(tmp_path: Path) -> None:
    """Whoever changes the schema of a record that is open still has no trigger run."""
    path = crafted.make(crafted.HONEST["as it was filed"], tmp_path / "made")
    with Record.open(path, write=True) as record:
        crafted.SCHEMAS["trigger that rewrites the row before"](path)
        with pytest.raises(BargainingError):
            record.alias("School", "District")
        crafted.sql(path, "DROP TRIGGER t")
        assert record.verify().entries == 8


def test_a_journal_beside_what_is_no_record_is_left_to_whose_it_is(tmp_path: Path) -> None:
    path = crafted.make(crafted.HONEST["left behind by a killed writer"], tmp_path / "made")
    data = path.read_bytes()
    path.write_bytes(data[:68] + b"else" + data[72:])
    before = state(path.parent)
    with pytest.raises(RecordError, match="is no record"):
        Record.open(path)
    assert state(path.parent) == before


def test_a_first_paper_that_was_half_written_is_none(tmp_path: Path) -> None:
    """Its pages go to the file before the first page does, which makes it a database."""
    path = tmp_path / "record.db"
    child = os.fork()
    if child == 0:
        connection = sqlite_file.open_file(path, write=True)
        connection.execute("BEGIN IMMEDIATE")
        sqlite_file.create(connection)
        connection.execute("INSERT INTO original VALUES ('x', 1, zeroblob(10000000))")
        os._exit(0)
    os.waitpid(child, 0)
    assert path.stat().st_size
    with pytest.raises(NotFoundError):
        Record.open(path)
    with Record.open(path, write=True) as record:
        assert record.file(crafted.paper(1)).done == "filed"
        record.verify()


def test_what_could_not_be_read_back_is_not_filed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_MOST_VALUES", 500)
    text = b"1.0 a {++b++} " * 300
    marked = Submission(data=text, name="a.md", label="Guild #9", chain="Marks")
    path = crafted.make(crafted.HONEST["as it was filed"], tmp_path / "made")
    with Record.open(path, write=True) as record:
        before = path.read_bytes()
        with pytest.raises(AskError, match="more marks or rungs"):
            record.file(marked)
        assert path.read_bytes() == before
        connection = sqlite_file.open_file(path, write=True)
        with (
            pytest.raises(RecordError, match="larger than a record can hold"),
            sqlite_file.told(path),
        ):
            connection.execute("INSERT INTO patch VALUES ('x', 'y', ?)", (bytes(70_000_000),))
        connection.close()
        assert record.verify().entries == 8


def test_what_sqlite_checks_is_bounded_before_it_checks(tmp_path: Path) -> None:
    """SQLite's own check goes down a tree without a limit, and crashes in one so deep."""
    name = "tree of the journal 40,000 deep"
    path = crafted.make(crafted.CRAFTED[name], tmp_path / "made")
    with pytest.raises(BargainingError, match="damaged"):
        sqlite_file.open_file(path, write=False)
