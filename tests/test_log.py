"""The log tells both clocks, who entered what, and corrections and retractions from both sides."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import attrs
import pytest

from bargaining.errors import ConflictError
from bargaining.record import Record, Submission
from bargaining.record.journal import utc_day
from bargaining.writers import answers
from bargaining.writers.screen import Screen
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
    def clock() -> datetime:
        return datetime(2025, 6, 2, 9, 0, tzinfo=timezone(timedelta(hours=-7)))

    with Record.open("bargaining.db", write=True, clock=clock) as record:
        record.file(Submission(data=FIRST, name="1.md"))
    assert "2025-06-02 09:00-07:00: RTA Proposal" in run("log", "--journal").out


def test_the_ladder_tells_the_day_of_entry_of_every_rung_and_by_whom(keys: Run) -> None:
    _, head, _, first, corrects, second, _, who, _, _, _, _, new, *_ = keys("log").out.splitlines()
    assert head.endswith("  entered (UTC)")
    today = first.split()[-1]
    assert first.split()[-4:] == ["2025-03-03", "on", "file", today]
    assert corrects.strip() == "corrects entry 1"
    assert second.split()[-3:] == ["2025-04-01", "verbal", today]
    assert who == "entered by anna"
    assert new.split() == ["base", "current", "language", "none:", "new", today]


def test_the_ladder_tells_several_people_apart(keys: Run) -> None:
    assert keys("add", "--retract", "3", "--because", "it was right").code == 0
    assert "entered by tester (rung 1); anna (rung 2)" in keys("log", "--chain", "Keys").out


@pytest.mark.parametrize(
    ("rungs", "words"), [([0], "base"), ([3], "rung 3"), ([0, 1, 4], "base, rungs 1, 4")]
)
def test_rungs_in_brackets_are_not_read_as_counts(keys: Run, rungs: list[int], words: str) -> None:
    entered = {rung: answers.Entered("2025-06-02", "anna") for rung in rungs}
    entered[9] = answers.Entered("2025-06-02", "\x1b[2J")
    with Record.open("bargaining.db") as record:
        out = list(answers.log(record.chain("Keys"), Screen(), entered))
    del keys
    assert f"entered by anna ({words}); <U+001B>[2J (rung 9)" in out


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


# What counts no more.


def test_the_ladder_says_what_was_corrected(keys: Run) -> None:
    lines = keys("log", "--chain", "Keys").out.splitlines()
    assert lines[-2:] == ["entered by anna", "entry 1 was corrected by entry 3"]


def test_the_ladder_says_what_was_retracted_and_why(keys: Run) -> None:
    assert keys("add", "--retract", "3", "--because", "wrong \x1b[2J \u202echain").code == 0
    out = keys("log", "--chain", "Keys").out
    assert "was corrected" not in out, "the correction was taken back"
    assert "entry 3 (RTA Proposal 3-3-25) was retracted by entry 7: wrong <U+001B>[2J" in out
    assert keys("add", "--retract", "2", "--because", "nobody said it").code == 0
    assert "entry 2 (District Verbal Counter) was retracted by entry 8" in keys("log").out


def test_the_ladder_says_what_was_retracted_of_a_base(keys: Run) -> None:
    assert keys("add", "--no-paper", "--label", "District Counter", "-c", "Doors").code == 0
    assert keys("add", "--retract", "6", "--because", "no").code == 0
    assert keys("add", "1.md", "--base", "-c", "Doors").code == 0
    assert keys("add", "--retract", "9", "--because", "of 2019").code == 0
    *_, first, new, base = keys("log", "--chain", "Doors").out.splitlines()
    assert first == "entry 4 (RTA Proposal 3-3-25) was retracted by entry 5: wrong document"
    assert new == "entry 6 (no language before rung 1) was retracted by entry 8: no"
    assert base == "entry 9 (base) was retracted by entry 10: of 2019"
    (chain,) = json.loads(keys("log", "--chain", "Doors", "--json").out)
    assert [one["label"] for one in chain["counts_no_more"]][1:] == ["base", "base"]


def test_what_counts_no_more_is_told_in_json(keys: Run) -> None:
    (corrected,), (retracted,) = (
        chain["counts_no_more"] for chain in json.loads(keys("log", "--json").out)
    )
    told = [corrected[key] for key in ("entry", "corrected_by", "retracted_by", "because")]
    assert told == [1, 3, None, None]
    del retracted["entered"]
    assert retracted == {
        "entry": 4,
        "kind": "filing",
        "label": "RTA Proposal 3-3-25",
        "by": "anna",
        "corrected_by": None,
        "retracted_by": 5,
        "because": "wrong document",
    }


def test_a_record_of_which_nothing_counts_is_not_called_empty(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.md").write_bytes(FIRST)
    assert run("add", "1.md").code == 0
    assert run("add", "--retract", "1", "--because", "wrong record").code == 0
    done = run("log")
    assert done.code == 1
    assert "no document that counts" in done.err


# Clocks.


def at_times(*times: str) -> None:
    """File a paper at each of these times."""
    for n, time in enumerate(times, start=1):
        clock = clock_at(time)
        with Record.open("bargaining.db", write=True, clock=clock) as record:
            record.file(Submission(data=FIRST, label=f"RTA Proposal 3-{n}-25", chain="Keys"))


def clock_at(time: str) -> Callable[[], datetime]:
    return lambda: datetime.fromisoformat(time)


def test_the_day_of_entry_is_that_of_utc(run: Run) -> None:
    at_times("2025-06-01T18:00:00-07:00", "2025-06-03T01:00:00+02:00")
    days = [line.split()[-1] for line in run("log").out.splitlines() if "on file  " in line]
    assert days[-2:] == ["2025-06-02", "2025-06-02"]


@pytest.mark.parametrize(
    ("entered", "day"),
    [
        ("2025-06-01T23:59:59.123456789-00:01", "2025-06-02"),
        ("2025-06-02T09:00:00Z", "2025-06-02"),
        ("2025-99-99T99:99:99+99:99", "2025-99-99"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01"),
        ("9999-12-31T23:59:59-12:00", "9999-12-31"),
    ],
)
def test_a_time_that_the_format_lets_pass_is_told(entered: str, day: str) -> None:
    assert utc_day(entered) == day


def test_a_clock_that_was_behind_is_told(run: Run) -> None:
    at_times(
        "2025-06-02T09:00:00+00:00",
        "2025-06-02T08:59:59+00:00",
        "2025-06-02T11:00:00+02:00",  # the same moment as the first
        "2025-06-02T02:00:01-07:00",  # later
        "2025-06-02T09:00:00+00:00",
    )
    entries = json.loads(run("log", "--journal", "--json").out)
    assert [entry["clock_behind"] for entry in entries] == [None, 1, None, None, 4]
    out = " ".join(run("log", "--journal").out.split())
    assert out.count("its clock is behind") == 2
    assert "; its clock is behind entry 4's" in out


def test_a_clock_that_is_none_is_passed_over(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    at_times("2025-06-02T09:00:00+00:00", "2025-06-02T08:00:00+00:00")
    monkeypatch.setattr("bargaining.record.journal.moment", lambda _: None)
    assert "its clock" not in run("log", "--journal").out


# The demo in a record of one's own.


def test_the_demo_leaves_a_record_with_papers_alone(server: str, run: Run) -> None:
    url = with_password(server)
    with Record.open(url, write=True) as record:
        record.file(Submission(data=FIRST, name="1.md"))
    done = run("demo", "--save", url)
    assert done.code == 5
    assert "holds entries" in done.err
    assert "secret" not in done.out + done.err
    with Record.open(url) as record:
        assert len(record.entries) == 1


def test_the_demo_shows_no_password(server: str, run: Run) -> None:
    done = run("demo", "--save", with_password(server))
    assert done.code == 0
    assert "secret" not in done.out + done.err
    assert "The record is in postgresql://" in done.err
    assert "--record postgresql://" in done.out


def with_password(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}password=secret"


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
        before.setattr("bargaining.record.transaction._refuse_joined", lambda *_: None)
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
