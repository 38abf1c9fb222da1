"""The record: what it refuses, what it keeps, and what it derives."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining.errors import (
    AskError,
    BargainingError,
    ConflictError,
    NotFoundError,
    PaperError,
    RecordError,
    StorageError,
)
from bargaining.record import FolderCache, Record, Submission
from bargaining.record.catalogue import Catalogue
from bargaining.record.chains import build
from bargaining.record.journal import FORMAT, Entry, canonical, link
from bargaining.record.stores import sqlite_file
from strategies import Truth, negotiations

TITLE = "Bell Schedules\n\n"
FIRST = TITLE + "1.0 The bell shall ring once.\n\nRVTA Proposal 1-6-25\n"
SECOND = TITLE + "1.0 The bell shall ring twice.\n\nRVTA Proposal 1-6-25\nDistrict Counter 2-3-25\n"
FOURTH = (
    TITLE + "1.0 The bell shall ring three times.\n\nRVTA Proposal 1-6-25\n"
    "District Counter 2-3-25\nRVTA Verbal Counter 3-3-25\nDistrict Counter 4-7-25\n"
)


@pytest.fixture
def record(place: str | Path) -> Iterator[Record]:
    with Record.open(place, write=True) as opened:
        yield opened


def paper(text: str, **stated: object) -> Submission:
    return Submission(data=text.encode(), name="paper.md", **stated)  # type: ignore[arg-type]


def test_a_rung_known_from_a_ladder_stands_without_text(record: Record) -> None:
    record.file_all([paper(FIRST), paper(FOURTH)])
    chain = record.chain("bell")
    assert [(r.label, r.on_file, r.medium) for r in chain] == [
        ("RVTA Proposal 1-6-25", True, None),
        ("District Counter 2-3-25", False, None),
        ("RVTA Verbal Counter 3-3-25", False, "verbal"),
        ("District Counter 4-7-25", True, None),
    ]
    (passage,) = record.chain().who("three times").passages
    assert [r.rung for r in passage.spans[0].origin.candidates] == [2, 3, 4]


def test_filing_a_missing_rung_narrows_at_once(record: Record) -> None:
    record.file_all([paper(FIRST), paper(FOURTH)])
    record.file(paper(SECOND))
    (passage,) = record.chain().who("three times").passages
    assert [r.rung for r in passage.spans[0].origin.candidates] == [3, 4]


def test_filing_again_adds_nothing(record: Record) -> None:
    assert record.file(paper(FIRST)).done == "filed"
    before = record.verify()
    assert record.file(paper(FIRST)).done == "already on file"
    assert record.verify() == before


def test_another_text_under_a_label_is_refused_and_can_be_corrected(record: Record) -> None:
    record.file(paper(FIRST))
    other = FIRST.replace("once", "never")
    with pytest.raises(ConflictError, match="entry 1") as caught:
        record.file(paper(other))
    assert "--correct" in caught.value.hint
    filed = record.file(paper(other, correct=True))
    assert (filed.done, filed.entry) == ("corrected", 2)
    assert "never" in record.chain().text(1)
    assert [entry.body["corrects"] for entry in record.entries] == [None, 1]


def test_all_papers_are_filed_or_none(record: Record, path: Path) -> None:
    record.file(paper(FIRST))
    before = path.read_bytes()
    with pytest.raises(ConflictError):
        record.file_all([paper(SECOND), paper(FIRST.replace("once", "never"))])
    assert path.read_bytes() == before
    assert len(record.chain()) == 1


def test_the_base_is_filed_or_declared_to_be_none(record: Record) -> None:
    record.file(paper(FIRST))
    assert record.chain().base_known == "unknown"
    record.new_article("Bell Schedules")
    assert (record.chain().base_known, record.chain().text("base")) == ("filed", "")
    record.file(paper(TITLE + "1.0 The bell shall ring.", base=True, label="Contract 2022-2025"))
    chain = record.chain()
    assert chain.text("base") == "1.0 The bell shall ring."
    assert chain.base.subject == "Contract 2022-2025"


def test_a_verbal_rung_says_who_reported_it_and_has_no_text(record: Record) -> None:
    record.file(paper(FIRST))
    record.no_paper("RVTA Verbal Counter 3-3-25", chain="Bell Schedules", reported_by="A. Reyes")
    verbal = record.chain().revision(2)
    assert (verbal.on_file, verbal.reported_by, verbal.medium) == (False, "A. Reyes", "verbal")


def test_two_names_of_one_party_are_one(record: Record) -> None:
    record.file(paper(SECOND))
    ladder = "RVTA Proposal 1-6-25\nRUSD Counter 2-3-25\nRVTA Counter 3-3-25\n"
    record.file(paper(TITLE + "1.0 The bell shall ring late.\n\n" + ladder))
    assert len(record.chain()) == 4
    record.alias("RUSD", "District")
    assert [r.party for r in record.chain()] == ["RVTA", "District", "RVTA"]


def test_two_labels_of_one_rung_are_one(record: Record) -> None:
    record.file(paper(SECOND))
    ladder = "RVTA Proposal 1-6-25\nDistrict Counter 2-4-25\nRVTA Counter 3-3-25\n"
    record.file(paper(TITLE + "1.0 The bell shall ring late.\n\n" + ladder))
    messages = [doubt.message for _, doubt in record.chain().doubts]
    assert any("another date" in message for message in messages)
    record.alias("District Counter 2-4-25", "District Counter 2-3-25")
    assert len(record.chain()) == 3
    assert record.chain().doubts == ()


def test_what_a_person_states_beside_a_label_holds_for_later_ladders(record: Record) -> None:
    text = TITLE + "1.0 The bell shall ring.\n"
    record.file(paper(text, label="RVTA #1", date="2025-01-06", kind="proposal"))
    record.file(paper(text + "2.0 Loud.\n\nRVTA #1\nDistrict Counter 2-3-25\n"))
    chain = record.chain()
    assert [(r.label, r.date) for r in chain] == [
        ("RVTA #1", "2025-01-06"),
        ("District Counter 2-3-25", "2025-02-03"),
    ]


@pytest.mark.parametrize(
    ("ladder", "kind"),
    [
        ("RVTA Proposal 1-6-25\nDistrict Counter 2-3-25\nRVTA Counter 3-3-25", "ladder-end"),
        (
            "District Counter 2-3-25\nRVTA Proposal 1-6-25\nRVTA Counter 3-3-25",
            "ladder-contradicts",
        ),
        ("RVTA Proposal 1-6-25\nRVTA Counter 3-3-25", "ladder-contradicts"),
        ("RVTA Proposal 3-9-25\nRVTA Counter 3-3-25", "dated-backwards"),
    ],
)
def test_contradictory_ladders_are_doubted(record: Record, ladder: str, kind: str) -> None:
    record.file(paper(FOURTH))
    label = "District Counter 9-9-25" if kind == "ladder-end" else None
    record.file(paper(TITLE + "1.0 No bell.\n\n" + ladder, label=label))
    assert kind in {doubt.kind for _, doubt in record.chain().doubts}


def test_a_paper_without_ladder_or_date_is_doubted_or_placed(record: Record) -> None:
    record.file(paper(FOURTH))
    record.file(paper(TITLE + "1.0 No bell at all.", label="RVTA #9"))
    assert [r.label for r in record.chain()][-1] == "RVTA #9"
    assert "place-unknown" in {doubt.kind for _, doubt in record.chain().doubts}
    record.file(paper(TITLE + "1.0 Some bell.", label="RVTA #10", after="District Counter 4-7-25"))
    assert "RVTA #10" in [r.label for r in record.chain()][4:]


@pytest.mark.parametrize(
    ("stated", "error"),
    [
        ({"data": b"1.0 No ladder here at all."}, AskError),
        ({"data": b"1.0 No ladder here.", "label": "RVTA #1", "date": "someday"}, AskError),
        ({"data": b"1.0 No ladder here.", "label": "RVTA #1", "date": "10.07.25"}, AskError),
        ({"data": b"1.0 No title here.", "label": "RVTA #1"}, AskError),
        ({"data": b"1.0 The ~~bell rings.", "label": "RVTA #1"}, PaperError),
        ({"data": b"", "label": "RVTA #1"}, PaperError),
        ({"data": b"\xff\xfe1\x00", "label": "RVTA #1"}, PaperError),
        ({"data": b"a\x00b", "label": "RVTA #1"}, PaperError),
        ({"data": b"1.0 \xed\xa0\x80", "label": "RVTA #1"}, PaperError),
    ],
)
def test_what_cannot_be_filed_leaves_no_record_behind(
    path: Path, stated: dict[str, object], error: type[BargainingError]
) -> None:
    with Record.open(path, write=True) as record, pytest.raises(error) as caught:
        record.file(Submission(**stated))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert not path.exists()


def test_an_unclosed_mark_can_be_kept_as_text(record: Record) -> None:
    text = FIRST.replace("once", "~~once")
    with pytest.raises(PaperError, match="Line 3"):
        record.file(paper(text))
    record.file(paper(text, keep_unclosed=True))
    assert "~~once" in record.chain().text(1)
    assert [doubt.kind for _, doubt in record.chain().doubts] == ["unclosed-mark"]


def test_chains_are_told_apart_by_title_and_found_by_part_of_it(record: Record) -> None:
    other = FIRST.replace("Bell Schedules", "Bell Towers")
    loud = SECOND.replace("Bell Schedules", "BELL SCHEDULES")
    record.file_all([paper(FIRST), paper(other), paper(loud)])
    assert record.chains == ("Bell Schedules", "Bell Towers")
    assert len(record.chain("sched")) == 2
    with pytest.raises(AskError, match="Bell Towers"):
        record.chain()
    with pytest.raises(AskError):
        record.chain("bell")
    with pytest.raises(NotFoundError):
        record.chain("whistle")


def test_what_was_filed_by_mistake_is_retracted_and_stays_in_the_journal(record: Record) -> None:
    record.file_all([paper(FIRST), paper(SECOND)])
    with pytest.raises(AskError, match="reason"):
        record.retract(2, because=" ")
    with pytest.raises(NotFoundError):
        record.retract(3, because="not there")
    record.retract(2, because="wrong document")
    assert [r.label for r in record.chain()] == ["RVTA Proposal 1-6-25"]
    assert [entry.kind for entry in record.entries] == ["filing", "filing", "retraction"]
    for number in (2, 3):
        with pytest.raises(ConflictError):
            record.retract(number, because="again")
    assert record.file(paper(SECOND)).done == "filed"
    assert len(record.chain()) == 2
    assert record.verify().entries == 4


def test_a_shortened_name_never_makes_a_chain_of_its_own(record: Record) -> None:
    record.file(paper(FIRST))
    with pytest.raises(AskError, match="Bell Schedules"):
        record.file(paper(SECOND, chain="bell"))
    assert record.file(paper(SECOND, chain="bell schedules")).chain == "Bell Schedules"


def test_a_file_that_is_no_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Record.open(tmp_path / "nothing.db")
    text = tmp_path / "text.db"
    text.write_text("not a database at all")
    with pytest.raises(RecordError, match="no record"):
        Record.open(text)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE entry (seq)")
    connection.commit()
    connection.close()
    for write in (False, True):
        with pytest.raises(RecordError, match="no record"):
            Record.open(other, write=write)
    with pytest.raises(StorageError):
        Record.open(tmp_path)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("PRAGMA user_version = 3", "format 3"),
        ("PRAGMA user_version = 1", "other tables"),
        ("CREATE TABLE more (x)", "other tables"),
        ("CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM entry; END", "other tables"),
        ("CREATE VIEW v AS SELECT 1", "other tables"),
    ],
)
def test_a_record_of_another_shape_is_refused(
    record: Record, path: Path, statement: str, wanted: str
) -> None:
    record.file(paper(FIRST))
    alter(path, statement)
    before = path.read_bytes()
    for write in (False, True):
        with pytest.raises(RecordError, match=wanted):
            Record.open(path, write=write)
    assert path.read_bytes() == before


def alter(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = replace(body, 'RVTA', 'UTVR') WHERE seq = 1",
        "UPDATE entry SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE seq = 2",
        "DELETE FROM entry WHERE seq = 1",
        "UPDATE entry SET seq = 9 WHERE seq = 3",
        "UPDATE patch SET delta = CAST(delta || x'00' AS BLOB)",
        "UPDATE patch SET delta = substr(delta, 1, length(delta) - 1)",
        "UPDATE patch SET delta = '=5'",
        "UPDATE patch SET delta = 7",
        "DELETE FROM patch WHERE rowid = 1",
        "UPDATE patch SET old = new",
        "UPDATE patch SET delta = x'00'",
        "INSERT INTO patch VALUES ('x', 'y', '=1')",
        "UPDATE original SET data = x'789c' WHERE rowid = 1",
        "UPDATE original SET size = size + 1",
        "UPDATE original SET size = 'many'",
        "INSERT INTO original VALUES ('x', 0, x'')",
    ],
)
def test_verify_finds_what_was_altered(record: Record, path: Path, statement: str) -> None:
    record.file_all([paper(FIRST), paper(SECOND), paper(FOURTH)])
    record.verify()
    copy = path.with_suffix(".copy")
    shutil.copy(path, copy)
    alter(copy, statement)
    with Record.open(copy) as altered, pytest.raises(RecordError) as caught:
        altered.verify()
    assert "\n" not in str(caught.value)


def test_verify_names_the_entry_and_what_stands(record: Record, path: Path) -> None:
    record.file_all([paper(FIRST), paper(SECOND)])
    alter(path, "DELETE FROM original WHERE rowid = 2")
    with pytest.raises(RecordError, match="Entry 2:") as caught:
        record.verify()
    assert "Entries 1 to 1 stand" in caught.value.hint


def test_two_who_file_at_once_queue(place: str | Path) -> None:
    with Record.open(place, write=True) as one, Record.open(place, write=True) as two:
        one.file(paper(FIRST))
        two.file(paper(SECOND))
        one.file(paper(FOURTH))
        assert len(two.chain()) == 4
        assert two.verify().entries == 3


def deltas_in(path: Path) -> list[object]:
    connection = sqlite3.connect(path)
    deltas = [delta for (delta,) in connection.execute("SELECT delta FROM patch ORDER BY rowid")]
    connection.close()
    return deltas


def test_a_patch_is_stored_against_a_text_on_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "VERSION", 1)  # its deltas can be read with the naked eye
    with Record.open(path, write=True) as record:
        record.file_all([paper(FIRST), paper(SECOND)])
    first, second = map(str, deltas_in(path))
    assert "ring" in first
    assert "ring" not in second
    assert "twice" in second


def test_records_of_format_1_are_read_and_added_to(
    path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.file_all([paper(FIRST), paper(SECOND), paper(FOURTH)])
    assert {type(delta) for delta in deltas_in(path)} == {bytes}
    old = path.with_suffix(".old")
    with monkeypatch.context() as patched:
        patched.setattr(sqlite_file, "VERSION", 1)
        with Record.open(old, write=True) as one:
            one.file_all([paper(FIRST), paper(SECOND)])
    with Record.open(old, write=True) as one:
        one.file(paper(FOURTH))
        assert one.verify().texts == 3
        same = one.chain()
        assert [same.text(r) for r in same if r.on_file] == [
            record.chain().text(r) for r in record.chain() if r.on_file
        ]
    assert {type(delta) for delta in deltas_in(old)} == {str}


def test_a_chain_answers_after_its_record_is_closed(place: str | Path) -> None:
    with Record.open(place, write=True) as record:
        record.file_all([paper(FIRST), paper(SECOND)])
    with Record.open(place) as record:
        chain = record.chain()
    assert chain.blame(2).text == chain.text(2)


def test_one_title_in_other_signs_is_one_chain_and_in_other_words_is_asked_for(
    record: Record,
) -> None:
    record.file(paper(FIRST.replace("Bell Schedules", "ARTICLE 12 — LEAVES")))
    again = SECOND.replace("Bell Schedules", "ARTICLE 12 - LEAVES")
    assert record.file(paper(again)).chain == "ARTICLE 12 — LEAVES"
    with pytest.raises(AskError, match="ARTICLE 12 — LEAVES"):
        record.file(paper(FOURTH.replace("Bell Schedules", "Article 12: Leaves of Absence")))
    other = FOURTH.replace("Bell Schedules", "Article 13: Leaves of Absence")
    assert record.file(paper(other)).chain == "Article 13: Leaves of Absence"


def test_two_names_cannot_mean_each_other(record: Record) -> None:
    record.alias("RUSD", "District")
    with pytest.raises(ConflictError):
        record.alias("District", "RUSD")


def test_impossible_dates_and_papers_filed_twice_are_doubted(record: Record) -> None:
    text = TITLE + "1.0 The bell shall ring.\n"
    record.file_all([paper(text, label="RVTA Proposal 2-30-25"), paper(text, label="RVTA #2")])
    kinds = [raised.doubt.kind for raised in record.chain().doubts]
    assert {"date-impossible", "same-paper"} <= set(kinds)


def test_an_answer_says_when_the_order_of_the_papers_is_in_doubt(record: Record) -> None:
    record.file(paper(FOURTH))
    record.file(paper(TITLE + "1.0 No bell at all.", label="RVTA #9"))
    assert [raised.doubt.kind for raised in record.chain().who("bell").order_doubts] == [
        "place-unknown"
    ]


def test_a_last_rung_that_is_not_understood_is_asked_for(record: Record) -> None:
    ladder = "RVTA Proposal 1-6-25\nDistrict Counter 2-3-25\n"
    filed = record.file(paper(TITLE + "1.0 Bells.\n\n" + ladder + "Tentative Agreement 3-3-25\n"))
    assert (filed.revision.kind, filed.revision.rung) == ("tentative agreement", 3)
    with pytest.raises(AskError, match="RVTA rejects"):
        record.file(paper(TITLE + "1.0 Bells!\n\n" + ladder + "RVTA rejects 3-3-25\n"))


def forge(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the bodies of a record and make its hash chain fit again."""
    connection = sqlite3.connect(path)
    before = FORMAT
    for seq, text in connection.execute("SELECT seq, body FROM entry ORDER BY seq").fetchall():
        body = json.loads(text)
        changed = change(body)
        forged = changed if isinstance(changed, str) else canonical(body)
        before = link(before, forged)
        connection.execute(
            "UPDATE entry SET body = ?, hash = ? WHERE seq = ?", (forged, before, seq)
        )
    connection.commit()
    connection.close()


WRONG: list[Callable[[dict[str, Any]], object]] = [
    lambda body: body.update(chain=None),
    lambda body: canonical({key: body[key] for key in body if key != "chain"}),
    lambda body: body.update(chain=1),
    lambda body: body.update(more="than that"),
    lambda body: body.update(kind="payment"),
    lambda body: body.update(entered="\x1b[31m"),
    lambda body: body.update(entered="2025-99-99T99:99:99+99:99"),
    lambda body: body.update(by=None),
    lambda body: body.update(name="\ud800"),
    lambda body: body.update(original=2**80),
    lambda body: body["label"].update(dates="2025-01-06"),
    lambda body: body["label"].update(dates=["\x1b[31m"]),
    lambda body: body["label"].update(dates=["2025-02-30"]),
    lambda body: body["label"].update(dates=["٢٠٢٥-٠١-٠٦"]),
    lambda body: body.update(entered=f"2025-01-06T12:00:00.{'0' * 60}Z"),  # no head holds that
    lambda body: body["label"].update(party=["RVTA"]),
    lambda body: body["paper"].update(runs=[["kept", -1]]),
    lambda body: body["paper"].update(runs=[["struck", None]]),
    lambda body: body["paper"].update(runs=[["gone", "x"]]),
    lambda body: body["paper"].update(doubts=[["a", "b", "c", 0, 0]]),
    lambda body: body.update(corrects=float("nan")),
    lambda _: "[" * 100_000,
    lambda _: "[]",
    lambda body: canonical(body).replace(":", ": ", 1),
    lambda body: canonical(body)[:-1] + ',"by":"x"}',
]


@pytest.mark.parametrize("change", WRONG)
@pytest.mark.parametrize("ask", ["chain", "verify", "journal"])
def test_entries_of_another_shape_are_refused_even_when_their_hashes_fit(
    record: Record, path: Path, change: Callable[[dict[str, Any]], object], ask: str
) -> None:
    record.file(paper(FIRST))
    forge(path, change)
    with pytest.raises(RecordError) as caught:
        getattr(record, ask)()
    assert "\n" not in str(caught.value)


def test_marks_that_do_not_fit_their_text_are_refused(record: Record, path: Path) -> None:
    record.file(paper(FIRST))
    forge(path, lambda body: body["paper"].update(runs=[["kept", 3]]))
    with pytest.raises(RecordError, match="marks do not fit"):
        record.chain().text(1)
    with pytest.raises(RecordError, match=r"Entry 1: .*marks do not fit"):
        record.verify()


def test_what_could_not_be_read_back_is_never_written(record: Record, path: Path) -> None:
    record.file(paper(FIRST))
    before = path.read_bytes()
    for stated in ({"label": "RVTA \udcff 3-3-25"}, {"chain": "Bells \ud800"}):
        with pytest.raises(AskError):
            record.file(paper(TITLE + "1.0 Other bells.\n\nRVTA #3", **stated))
    with pytest.raises(AskError):
        record.alias("RUSD\udcff", "District")
    with pytest.raises(AskError):
        record.file(paper(SECOND), by="\udcff")
    assert path.read_bytes() == before
    assert len(record.chain()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_record_that_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.db"
    os.mkfifo(pipe)
    for write in (False, True):
        with pytest.raises(StorageError, match="no file"):
            Record.open(pipe, write=write)


@given(negotiations(restoring=True, most=4), st.permutations(range(1, 6)))
def test_the_order_of_filing_changes_no_answer(truth: Truth, order: list[int]) -> None:
    """A late paper gives the origins that filing in order gives, with a cache and without."""
    rungs = range(1, len(truth.texts))
    with tempfile.TemporaryDirectory() as folder:
        records = []
        for name, filed in (("late", [n for n in order if n in rungs]), ("in-order", [*rungs])):
            cache = FolderCache(Path(folder) / name)
            record = Record.open(Path(folder) / f"{name}.db", write=True, cache=cache)
            for n in filed:
                record.file(rung_paper(truth, n))
            records.append(record)
        late, in_order = (record.chain() for record in records)
        for n in rungs:
            assert late.blame(n, struck=True) == in_order.blame(n, struck=True)
        for record in records:
            record.close()


def rung_paper(truth: Truth, n: int) -> Submission:
    ladder = "\n".join(f"Union Proposal {m}-1-25" for m in range(1, n + 1))
    text = f"Room Keys\n\n1.0 Keys are kept. {truth.text(n)}\n\n{ladder}\n"
    return Submission(data=text.encode(), name=f"{n}.txt")


@pytest.mark.parametrize("write", [False, True])
def test_a_journal_beside_a_record_that_names_another_file_is_refused(
    record: Record, path: Path, *, write: bool
) -> None:
    record.file(paper(FIRST))
    record.close()
    beside = path.with_name(f"{path.name}-journal")
    beside.write_bytes(b"\0" * 512 + b"/etc/hosts" + bytes.fromhex("d9d505f920a163d7"))
    with pytest.raises(RecordError, match="names another file"):
        Record.open(path, write=write)
    assert beside.exists()
    beside.unlink()
    with Record.open(path) as again:
        assert again.verify().entries == 1


def test_a_thousand_rungs_each_after_the_one_before(record: Record) -> None:
    # Each was sorted by all before it: a thousand were too deep, and hundreds took seconds.
    record.file(paper(FIRST))
    body = {"kind": "rung", "entered": "2025-01-06T12:00:00Z", "by": "", "reported_by": ""}
    entries = list(record.entries)
    names = ["RVTA Proposal 1-6-25", *(f"Offer {n}" for n in range(1000))]
    for after, name in pairwise(names):
        said = {**body, "chain": record.chains[0], "label": {"text": name}, "after": after}
        hashed = link(entries[-1].hash, canonical(said))
        entries.append(Entry(len(entries) + 1, said, hashed))
    book = Catalogue.read(entries)
    chain = build(book, record.chains[0], lambda _: "")
    assert [revision.label for revision in chain] == names


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Key Rings", "Key Rings"),
        ("rings", "Key Rings"),
        ("Doors", "Doors"),  # a new document
        ("Key", None),  # two have it
        ("KEY RINGS", "Key Rings"),
    ],
)
def test_a_rung_without_a_paper_goes_to_the_one_document_that_has_the_name(
    name: str, found: str | None
) -> None:
    with Record.in_memory() as record:
        for chain in ("Key Rings", "Key Boxes"):
            record.no_paper("RTA Proposal 1-5-25", chain=chain)
        if found is None:
            with pytest.raises(AskError):
                record.no_paper("RTA Proposal 2-5-25", chain=name)
        else:
            entry = record.no_paper("RTA Proposal 2-5-25", chain=name)
            assert entry.body["chain"] == found
