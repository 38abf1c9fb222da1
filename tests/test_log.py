"""The log tells both clocks, who entered what, and corrections and retractions from both sides."""

import json
from pathlib import Path

import attrs
import pytest

from bargaining.errors import ConflictError
from bargaining.record import Record, Submission
from shell import Run

FIRST = b"Keys\n\n1.0 One key.\n\nRTA Proposal 3-3-25\n"
SECOND = b"Keys\n\n1.0 Two keys.\n\nRTA Proposal 3-4-25\n"


@pytest.fixture(name="keys")
def _keys(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    (tmp_path / "1.md").write_bytes(FIRST)
    (tmp_path / "2.md").write_bytes(FIRST.replace(b"One", b"Two"))
    assert run("add", "1.md").code == 0
    monkeypatch.setenv("BARGAIN_USER", "anna")
    spoken = [
        "--label",
        "District Verbal Counter",
        "--date",
        "2025-04-01",
        "--reported-by",
        "M. O.",
    ]
    assert run("add", "--no-paper", *spoken, "-c", "Keys").code == 0
    assert run("add", "2.md", "--label", "RTA Proposal 3-3-25", "--correct").code == 0
    assert run("add", "1.md", "--chain", "Doors").code == 0
    assert run("add", "--retract", "4", "--because", "wrong document").code == 0
    assert run("add", "--new", "--chain", "Doors").code == 0
    return run


def test_the_journal_tells_both_clocks_and_both_sides(keys: Run) -> None:
    out = " ".join(keys("log", "--journal").out.split())
    for part in (
        "UTC by tester: RTA Proposal 3-3-25 of “Keys”, dated 2025-03-03, from 1.md; corrected",
        "from 1.md; corrected by entry 3",
        "UTC by anna: District Verbal Counter in “Keys”, dated 2025-04-01, without a paper",
        "without a paper, reported by M. O.",
        "dated 2025-03-03, from 2.md, corrects entry 1",
        "of “Doors”, dated 2025-03-03, from 1.md; retracted by entry 5",
        "UTC by anna: entry 4 was a mistake: wrong document",
    ):
        assert part in out


def test_the_journal_tells_the_same_in_json(keys: Run) -> None:
    entries = json.loads(keys("log", "--journal", "--json").out)
    assert [e["corrected_by"] for e in entries] == [3, None, None, None, None, None]
    assert [e["retracted_by"] for e in entries] == [None, None, None, 5, None, None]
    assert [e["body"]["by"] for e in entries] == ["tester"] + ["anna"] * 5
    assert entries[1]["body"]["label"]["dates"] == ["2025-04-01"]


def test_a_correction_that_was_taken_back_corrects_nothing(keys: Run) -> None:
    assert keys("add", "--retract", "3", "--because", "it was right").code == 0
    entries = json.loads(keys("log", "--journal", "--json").out)
    assert entries[0]["corrected_by"] is None
    assert entries[2]["retracted_by"] == 7


def test_the_zone_of_a_time_of_entry_is_shown(run: Run) -> None:
    from datetime import datetime, timedelta, timezone  # noqa: PLC0415

    def clock() -> datetime:
        return datetime(2025, 6, 2, 9, 0, tzinfo=timezone(timedelta(hours=-7)))

    with Record.open("bargaining.db", write=True, clock=clock) as record:
        record.file(Submission(data=FIRST, name="1.md"))
    assert "2025-06-02 09:00-07:00: RTA Proposal" in run("log", "--journal").out


def test_the_ladder_tells_the_day_of_entry_of_every_rung_and_by_whom(keys: Run) -> None:
    _, _, _, first, corrects, second, _, who, _, _, _, new, *_ = keys("log").out.splitlines()
    today = first.split()[-1]
    assert first.split()[-4:] == ["2025-03-03", "on", "file", today]
    assert corrects.strip() == "corrects entry 1"
    assert second.split()[-3:] == ["2025-04-01", "verbal", today]
    assert who == "entered by anna"
    assert new.split() == ["base", "current", "language", "none:", "new", today]


def test_the_ladder_tells_several_people_apart(keys: Run) -> None:
    assert keys("add", "--retract", "3", "--because", "it was right").code == 0
    assert "entered by tester (1); anna (2)" in keys("log", "--chain", "Keys").out


def test_a_rung_without_a_paper_is_told_in_json(keys: Run) -> None:
    chains = json.loads(keys("log", "--json").out)
    (spoken,) = chains[0]["without_paper"]
    assert (spoken["rung"], spoken["entry"], spoken["reported_by"]) == (2, 2, "M. O.")
    (new,) = chains[1]["without_paper"]
    assert (new["rung"], new["label"], new["reported_by"]) == (0, "base", None)


def test_a_label_that_looks_like_a_rung_is_a_label(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"1.0 One key.\n")
    (tmp_path / "2.txt").write_bytes(b"1.0 Two keys.\n")
    for name, label, date in (("1.txt", "2", "2025-01-02"), ("2.txt", "1", "2025-01-03")):
        stated = ["--label", label, "--date", date, "--chain", "Keys"]
        assert run("add", name, *stated).code == 0
    (chain,) = json.loads(run("log", "--json").out)
    assert [(one["label"], one["rung"]) for one in chain["filings"]] == [("2", 1), ("1", 2)]


# One rung, two papers.


def test_an_alias_that_would_hide_a_paper_is_refused() -> None:
    with Record.in_memory() as record:
        record.file_all([Submission(data=data, name="x.md") for data in (FIRST, SECOND)])
        with pytest.raises(ConflictError, match="would be one rung"):
            record.alias("RTA Proposal 3-4-25", "RTA Proposal 3-3-25")
        assert len(record.entries) == 2
        record.retract(1, because="It is the other one.")
        record.alias("RTA Proposal 3-3-25", "RTA Proposal 3-4-25")


def test_a_record_that_holds_such_an_alias_can_be_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before, Record.open("bargaining.db", write=True) as record:
        before.setattr("bargaining.record.session._refuse_joined", lambda *_: None)
        record.file_all([Submission(data=data, name="x.md") for data in (FIRST, SECOND)])
        record.alias("RTA Proposal 3-4-25", "RTA Proposal 3-3-25")
    done = run("log")
    assert done.code == 0
    assert "“RTA Proposal 3-3-25” (entry 1) is on file for this" in done.out
    assert run("show", "1", "--original").out == SECOND.decode()
    with Record.open("bargaining.db", write=True) as again:
        again.alias("Riverbend", "District")  # another alias is no worse


def test_such_an_alias_is_refused_where_a_date_was_stated_beside_the_label() -> None:
    with Record.in_memory() as record:
        record.file(Submission(data=SECOND, name="2.md", chain="Keys"))
        bare = Submission(data=b"1.0 One key.\n", name="1.txt", chain="Keys")
        record.file(attrs.evolve(bare, label="RTA Counter", date="2025-01-02"))
        with pytest.raises(ConflictError, match="would be one rung"):
            record.alias("RTA Proposal 3-4-25", "RTA Counter")
