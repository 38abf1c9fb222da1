"""Entries that would have others count no more, and cannot; what contradicts what is on file."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bargaining.errors import ConflictError, DigestError, RecordError
from bargaining.record import FolderCache, Record, Submission
from bargaining.record.journal import FORMAT, canonical, link
from shell import Run

Body = dict[str, Any]


def paper(label: str, text: str, chain: str = "Hours", **stated: Any) -> Submission:  # noqa: ANN401
    return Submission(
        data=f"1.0 {text}\n".encode(), name="a.md", label=label, chain=chain, **stated
    )


UNION = paper("Union Proposal 1-1-25", "By mutual agreement.")
DISTRICT = paper("District Counter 2-1-25", "By notice.")
KEYS = paper("Union Proposal 3-1-25", "Two keys.", "Keys")


def forged(path: Path, *changes: Callable[[list[Body]], object]) -> None:
    """Change the bodies of a record, add to them, and make every hash anew."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT body FROM entry ORDER BY seq").fetchall()
    bodies = [json.loads(body) for (body,) in rows]
    for change in changes:
        change(bodies)
    connection.execute("DELETE FROM entry")
    before = FORMAT
    for seq, body in enumerate(bodies, start=1):
        text = canonical(body)
        before = link(before, text)
        connection.execute("INSERT INTO entry VALUES (?, ?, ?)", (seq, text, before))
    connection.commit()
    connection.close()


def retraction(of: int) -> Callable[[list[Body]], object]:
    def change(bodies: list[Body]) -> None:
        said = {"kind": "retraction", "retracts": of, "because": "so", "by": "x"}
        bodies.append({**said, "entered": bodies[0]["entered"]})

    return change


def corrects(entry: int, other: int | None) -> Callable[[list[Body]], object]:
    return lambda bodies: bodies[entry - 1].update(corrects=other)


def again(bodies: list[Body]) -> None:
    """The first filing once more, as a correction of itself."""
    bodies.append({**bodies[0], "corrects": 1})


# Entries 1 and 2 are of “Hours”, 3 is of “Keys”.
FALSE: dict[str, tuple[Callable[[list[Body]], object], ...]] = {
    "a paper of another rung": (corrects(2, 1),),
    "a paper of another document": (corrects(3, 1),),
    "itself": (corrects(2, 2),),
    "a later paper": (corrects(1, 2),),
    "each other": (corrects(1, 2), corrects(2, 1)),
    "nothing": (corrects(2, 99),),
    "a paper that is corrected already": (again, again),
    "a paper that was retracted": (retraction(1), again),
    "takes back itself": (retraction(4),),
    "takes back what comes later": (retraction(5), retraction(1)),
    "takes back nothing": (retraction(99),),
    "takes back entry 0": (retraction(0),),
    "takes back a retraction": (retraction(1), retraction(4)),
    "takes back twice": (retraction(1), retraction(1)),
    "takes back what was corrected": (again, retraction(1)),
    "corrects a rung without a paper": (
        lambda bodies: bodies.insert(
            0,
            {
                **{key: bodies[0][key] for key in ("by", "chain", "label", "after")},
                "kind": "rung",
                "reported_by": "",
                "entered": bodies[0]["entered"],
            },
        ),
        corrects(2, 1),
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_an_entry_that_takes_back_what_it_cannot_is_refused(path: Path, name: str) -> None:
    with Record.open(path, write=True) as record:
        record.file_all([UNION, DISTRICT, KEYS])
    forged(path, *FALSE[name])
    with Record.open(path) as record:
        for ask in (record.verify, lambda: record.chains, lambda: record.chain("Hours")):
            with pytest.raises(
                RecordError, match=r"takes entry .* back, or corrects it, and cannot"
            ):
                ask()


def test_what_this_program_writes_is_taken(path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file_all([UNION, DISTRICT, KEYS])
        record.alias("Union", "Guild")
        again = paper("Guild Proposal 1-1-25", "By agreement.", correct=True)
        assert record.file(again).done == "corrected"
        record.retract(4, because="Another union.")  # the alias that made them one rung
        record.retract(5, because="Not theirs.")
        again = paper("Union Proposal 1-1-25", "By some agreement.", correct=True)
        assert record.file(again).done == "corrected"
        line = record.verify().line
    with Record.open(path) as record:
        assert record.verify(line).entries == 8
        assert record.chain("Hours").text(1) == "1.0 By some agreement."


def test_what_counts_no_more_since_a_head_is_said(filed: Run) -> None:
    line = filed("verify").out.splitlines()[-1].removeprefix("head: ")
    filed("add", "--retract", "3", "--because", "It was never sent.")
    done = filed("verify", "--head", line)
    assert "since then entry 3 counts no more, because of entry 8" in done.out
    found = json.loads(filed("verify", "--head", line, "--json").out)
    assert found["withdrawn"] == [{"entry": 3, "by": 8}]
    assert "not searched" in filed("who", "no such wording").err
    later = filed("verify").out.splitlines()[-1].removeprefix("head: ")
    assert "counts no more" not in filed("verify", "--head", later).out


# Nothing is entered that would make a record unaskable.


def test_a_name_that_means_a_name_that_means_a_third_is_one(path: Path) -> None:
    ladder = "Hours\n\n1.0 A bell.\n\nUnion Proposal 1-1-25\nUnion Counter 3-1-25\n"
    with Record.open(path, write=True) as record:
        record.file(Submission(data=ladder.encode(), name="a.txt", chain="Hours"))
        record.alias("Union Proposal 1-1-25", "U Proposal 1-1-25")
        record.alias("U Proposal 1-1-25", "Teachers Proposal 1-1-25")
        assert [r.label for r in record.chain()] == [
            "Teachers Proposal 1-1-25",
            "Union Counter 3-1-25",
        ]
        record.verify()


def test_a_rung_cannot_have_the_name_of_the_base(path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file(UNION)
        with pytest.raises(ConflictError):
            record.no_paper("base", chain="Hours")
        assert len(record.entries) == 1
        record.verify()


def test_a_patch_that_is_there_already_is_rebuilt_before_it_is_relied_on(path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file(UNION)
        record.file(DISTRICT)
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT new, old, delta FROM patch ORDER BY rowid").fetchall()
        connection.execute("UPDATE patch SET delta = ? WHERE new = ?", (b"junk", rows[1][0]))
    connection.close()
    with Record.open(path, write=True) as record:
        with pytest.raises(DigestError):
            record.file(paper("Union Counter 4-1-25", "By notice."))
        assert len(record.entries) == 2


def test_two_bases_are_doubted(path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file_all([paper("Contract", "A bell.", base=True), UNION])
        record.file(paper("Contract", "Two bells.", base=True, correct=True))
        assert not any(one.doubt.kind == "two-bases" for one in record.chain().doubts)
    forged(path, corrects(3, None))
    with Record.open(path) as record:
        (doubt,) = (one for one in record.chain().doubts if one.doubt.kind == "two-bases")
        assert "entry 1 and 3" in doubt.doubt.message


def test_an_article_that_was_new_and_has_a_base_is_doubted(path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file(UNION)
        record.new_article("Hours")
        record.file(paper("Contract", "A bell.", base=True))
        kinds = [one.doubt.kind for one in record.chain().doubts]
    assert kinds.count("two-bases") == 1


def test_one_paper_filed_many_times_is_doubted_once_each(path: Path) -> None:
    with Record.open(path, write=True, cache=FolderCache(path.parent / "shelf")) as record:
        record.file_all(paper(f"Union Proposal {month}-1-25", "A bell.") for month in range(1, 10))
        doubts = [one for one in record.chain().doubts if one.doubt.kind == "same-paper"]
    assert len(doubts) == 8
