"""Heads and verification: whatever is changed, missing or made anew is found."""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.cli.heads import read_head
from bargaining.errors import AskError, BargainingError, RecordError
from bargaining.record import Head, Record, Submission
from bargaining.record.journal import FORMAT, link
from shell import Run

NAME = "School Library Hours and Staffing"
TITLE = "Bell Schedules\n\n"
FIRST = TITLE + "1.0 The bell shall ring once.\n\nRVTA Proposal 1-6-25\n"
SECOND = FIRST.replace("once", "twice") + "District Counter 2-3-25\n"
THIRD = SECOND.replace("twice", "three times") + "RVTA Counter 3-3-25\n"


def paper(text: str) -> Submission:
    return Submission(data=text.encode(), name="paper.md")


def filed(path: Path, *texts: str) -> str:
    """File papers, and return the head."""
    with Record.open(path, write=True) as record:
        record.file_all([paper(text) for text in texts])
        return record.verify().line


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


# Heads


def test_a_record_extends_every_head_that_it_had(path: Path) -> None:
    heads = [filed(path, FIRST), filed(path, SECOND), filed(path, THIRD)]
    with Record.open(path) as record:
        assert record.verify().extends is None
        for n, line in enumerate(heads, start=1):
            assert record.verify(line).extends == Head.read(line)
            assert Head.read(line).entries == n
            assert str(Head.read(line)) == line


def test_a_record_cut_short_does_not_extend_the_head(path: Path, tmp_path: Path) -> None:
    line = filed(path, FIRST, SECOND)
    filed(tmp_path / "short.db", FIRST)
    with (
        Record.open(tmp_path / "short.db") as short,
        pytest.raises(RecordError, match="has 1 entries, and the head is of 2"),
    ):
        short.verify(line)


def test_a_record_made_anew_does_not_extend_the_head(path: Path, tmp_path: Path) -> None:
    line = filed(path, FIRST, SECOND)
    filed(tmp_path / "anew.db", FIRST.replace("once", "never"), SECOND, THIRD)
    with Record.open(tmp_path / "anew.db") as anew:
        anew.verify()
        with pytest.raises(RecordError, match="does not extend that head: up to entry 2"):
            anew.verify(line)


def test_the_time_of_a_head_is_held_against_the_entry(path: Path) -> None:
    line = filed(path, FIRST)
    head = Head.read(line)
    other = Head(head.entries, head.hash, "2001-01-01T00:00:00+00:00")
    with Record.open(path) as record:
        assert record.verify(Head(head.entries, head.hash)).extends is not None
        with pytest.raises(RecordError):
            record.verify(other)


@given(st.integers(0, 10**9 - 1), st.binary(min_size=32, max_size=32), st.datetimes())
def test_a_head_reads_back_as_it_was_written(entries: int, hashed: bytes, entered: object) -> None:
    head = Head(entries, hashed.hex(), f"{str(entered)[:19].replace(' ', 'T')}+00:00")
    assert Head.read(f"  {head}\n") == head
    assert Head.read(f"head: {head}\n") == Head.read(f"head:{head}") == head


@given(st.text(max_size=120))
def test_what_is_no_head_is_asked_about(line: str) -> None:
    try:
        assert Head.read(line).hash
    except AskError as error:
        assert error.hint  # noqa: PT017 - either way is right


def test_an_empty_record_has_a_head(tmp_path: Path) -> None:
    with Record.open(tmp_path / "new.db", write=True) as record:
        line = record.verify().line
        assert record.verify(line).extends == Head(0, Head.read(line).hash)


# The command


def test_the_command_anchors_a_record(filed: Run) -> None:
    found = filed("verify")
    assert "not anchored" in found.out
    line = found.out.splitlines()[-1].removeprefix("head: ")
    filed("add", "--no-paper", "--label", "RTA Verbal Counter 6-1-25", "-c", NAME)
    anchored = filed("verify", "--head", line)
    assert "anchored: it extends the head of entry" in anchored.out
    assert "1 entry was added since" in anchored.out
    assert filed("verify", "--head", "-", stdin=f"{line}\n".encode()).code == 0
    other = line.replace(line.split()[1], "0" * 64)
    refused = filed("verify", "--head", other)
    assert (refused.code, refused.err.count("\n")) == (6, 1)
    assert filed("verify", "--head", "nonsense").code == 3


def test_the_head_as_it_is_printed_is_taken(filed: Run) -> None:
    printed = filed("verify").out
    line = printed.splitlines()[-1]
    wanted = filed("verify", "--head", line)
    assert "anchored: it extends the head of entry 7" in wanted.out
    bare = line.removeprefix("head: ")
    for piped in (printed, wanted.out, line, f"\n\n  {bare}\n\n", printed.replace("\n", "\r\n")):
        assert filed("verify", "--head", "-", stdin=piped.encode()) == wanted


def test_what_is_piped_in_must_have_one_head(filed: Run) -> None:
    printed = filed("verify").out
    bare = printed.splitlines()[-1].removeprefix("head: ")
    for piped in (
        b"",
        b"\n",
        b"\xff\xfe",
        b"nonsense",
        b"head:",
        (printed * 2).encode(),  # which of the two is for the person to say
        f"{bare}\n{bare}\n".encode(),
        printed.encode() + b"\n" * (1 << 16),
    ):
        refused = filed("verify", "--head", "-", stdin=piped)
        assert (refused.code, refused.out, refused.err.count("\n")) == (3, "", 1)
        assert "no head" in refused.err


def test_a_closed_stdin_has_no_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(AskError, match="no head"):
        read_head("-")


def test_the_name_of_a_file_is_no_head_and_the_hint_says_how(filed: Run) -> None:
    Path("head.txt").write_text(filed("verify").out, encoding="utf-8")
    refused = filed("verify", "--head", "head.txt")
    assert (refused.code, refused.out) == (3, "")
    assert "no head of a record" in refused.err
    assert "--head - < head.txt" in refused.err
    for other in ("none.txt", "h" * 5_000):
        refused = filed("verify", "--head", other)
        assert (refused.code, refused.err.count("\n")) == (3, 1)
        assert "--head -" not in refused.err


# Entries


def entries(path: Path) -> list[tuple[int, str, str]]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT seq, body, hash FROM entry ORDER BY seq").fetchall()
    connection.close()
    return rows


def rewrite(path: Path, rows: Sequence[tuple[int, str, str]]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM entry")
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows)
    connection.close()


def numbered(rows: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    return [(n, body, hashed) for n, (_, body, hashed) in enumerate(rows, start=1)]


def hashed_anew(rows: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Entries with every link made to fit: what a forger would do."""
    found, before = [], FORMAT
    for n, (_, body, _) in enumerate(rows, start=1):
        before = link(before, body)
        found.append((n, body, before))
    return found


def every_order(rows: list[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    for n in range(len(rows)):
        yield rows[:n] + rows[n + 1 :]  # one is gone
        yield [*rows[: n + 1], *rows[n:]]  # one stands twice
        yield [*rows[:n], *rows[n + 1 : n + 2], rows[n], *rows[n + 2 :]]  # two are swapped


def test_entries_that_are_gone_doubled_or_swapped_are_found(path: Path) -> None:
    line = filed(path, FIRST, SECOND, THIRD)
    whole = entries(path)
    for rows in every_order(whole):
        if rows == whole:
            continue
        rewrite(path, numbered(rows))
        with Record.open(path) as record, pytest.raises(RecordError):
            record.verify(line)


def test_a_forger_who_makes_every_link_anew_is_found_by_the_head(path: Path) -> None:
    line = filed(path, FIRST, SECOND, THIRD)
    whole = entries(path)
    for rows in every_order(whole):
        forged = hashed_anew(rows)
        if forged[: len(whole)] == whole:  # only added to
            continue
        rewrite(path, forged)
        with Record.open(path) as record, pytest.raises(BargainingError):
            record.verify(line)
