"""Whose side a party is on: by its name, as stated, as sides answer each other; and what binds."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import AskError, Chain
from bargaining.chain import revision_of
from bargaining.labels import read_label
from bargaining.labels.parties import alternating, side_of
from bargaining.model import Status
from bargaining.record import Record, Submission
from bargaining.writers import status as writers
from bargaining.writers.columns import columns
from bargaining.writers.screen import Screen
from shell import Run

BASE = "1.0 Doors open at eight.\n\n2.0 One aide reads to every class."
NINE = BASE.replace("eight", "nine")
NAMES = ["District", "Management", "Board", "LTU", "Teachers Union", "RTA", "Mediator"]


def status_of(*papers: tuple[str, str | None]) -> Status:
    return Chain.from_texts(list(papers), base=BASE, name="Doors").status()


def standing(status: Status) -> str:
    return next(one.standing for one in status.clauses if one.clause == "1.0")


def shown(status: Status) -> str:
    return " ".join(" ".join(writers.lines([status], Screen(width=300))).split())


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("District", "employer"),
        ("Lakeside Teachers Association", "union"),
        ("Mediator", "third"),
        ("Fact-Finding Panel", "third"),
        ("Factfinder", "third"),
        ("LTU", None),
        ("Ms. Lopez", None),
        ("Third Grade Teachers", "union"),
        ("third", "third"),
        ("District Council 37", "union"),
        ("City Council", "employer"),
        ("School District 60", "employer"),
    ],
)
def test_what_a_name_tells(name: str, side: str | None) -> None:
    assert side_of(name) == side
    found = revision_of(read_label(f"{name} Counter 2-5-25"), 1, on_file=True, party=name)
    assert found.side == (side or name)


@pytest.mark.parametrize(
    ("parties", "found"),
    [
        (["LTU", "District", "LTU"], {"LTU": "union"}),
        (["District", "LTU", "Management", "LTU"], {"LTU": "union"}),
        (["LTU", "RTA"], {}),
        (["LTU", "District", "RTA"], {"LTU": "union", "RTA": "union"}),
        (["Teachers Union", "WBE", "Teachers Union"], {"WBE": "employer"}),
        (["District", "LTU", "Teachers Union"], {}),
        (["District", "Mediator", "LTU"], {"LTU": "union"}),
        (["LTU", "LTU"], {}),
        (["District", "LTU", "WBE"], {}),  # which of the two is with whom?
        ([], {}),
    ],
)
def test_sides_answer_each_other(parties: Sequence[str], found: dict[str, str]) -> None:
    assert alternating(parties) == found


@given(st.lists(st.sampled_from(NAMES), max_size=12))
def test_a_suggestion_never_gainsays_a_name_nor_a_neighbour(parties: list[str]) -> None:
    found = alternating(parties)
    assert not any(side_of(name) for name in found)
    both = [name for name in parties if side_of(name) != "third"]
    for one, other in pairwise(both):
        if one != other and one in found and other in found:
            assert found[one] != found[other]


def test_of_more_than_two_sides_nothing_is_agreed_until_it_is_stated() -> None:
    papers = [("LTU Proposal 1-5-25", NINE), ("District Counter 2-5-25", BASE)]
    three = status_of(*papers, ("Lake Teachers Counter 3-5-25", NINE), ("LTU Counter 4-5-25", NINE))
    assert three.unclear_sides == ("LTU", "District", "Lake Teachers")
    assert (standing(three), three.lies_with) == ("open", None)
    assert 'state who is with whom: bargain add --side "Lake Teachers=LTU"' in shown(three)
    assert "one side only" not in shown(three)
    agreed = status_of(*papers, ("LTU Counter 4-5-25", BASE), ("Lake Teachers TA 4-6-25", BASE))
    assert agreed.unclear_sides == ()


def test_columns_of_both_sides_ask_who_is_with_whom() -> None:
    labels = ("LTU Proposal 1-5-25", "District Counter 2-5-25", "Lake Teachers Counter 3-5-25")
    chain = Chain.from_texts([(label, BASE) for label in labels], base=BASE)
    with pytest.raises(AskError, match="more than two sides"):
        columns(chain, "sides")


@pytest.mark.parametrize(
    "label",
    [
        *("District Supposal 3-5-25", "District What-If 3-5-25", "Union Hypothetical 3-5-25"),
        *("District Off-the-Record Counter 3-5-25", "District Counter 3-5-25 (off the record)"),
        *("Non-binding District Counter 3-5-25", "District Counter 3-5-25 withdrawn"),
        *("Mediator's Proposal 3-5-25", "Mediator Counter 3-5-25"),
        *("Fact-finder's Recommendation 3-5-25", "Final Print 3-5-25"),
    ],
)
def test_what_binds_nobody_counts_for_nobody_and_is_named_apart(label: str) -> None:
    papers = [("LTU Proposal 1-5-25", NINE), ("District Counter 2-5-25", BASE)]
    status = status_of(*papers, (label, NINE))
    assert not read_label(label).kind or not status.unbinding[0].binds
    assert [one.label for one in status.unbinding] == [label]
    assert [one.label for one in status.sides] == [one for one, _ in papers]
    assert status.last.label == "District Counter 2-5-25"
    assert standing(status) == "open"
    assert f"Not counted, for it binds nobody: {label}." in shown(status)


@pytest.mark.parametrize(
    ("later", "agreed"),
    [
        ([], True),
        ([("District Counter 4-5-25", BASE)], False),
        ([("LTU Counter 4-5-25", NINE)], True),
    ],
)
def test_a_joint_proposal_is_what_both_sides_say(
    later: list[tuple[str, str | None]], *, agreed: bool
) -> None:
    papers = [("LTU Proposal 1-5-25", BASE), ("District Counter 2-5-25", BASE)]
    status = status_of(*papers, ("Joint Proposal 3-5-25", NINE), *later)
    assert (standing(status) == "agreed") is agreed


@pytest.mark.parametrize(
    ("label", "both"),
    [
        ("Joint Proposal 3-5-25", True),
        ("District / LTU Joint Proposal 3-5-25", True),
        ("LTU and District Joint Proposal 3-5-25", True),
        ("LTU / RTA Joint Proposal 3-5-25", False),
        ("LTU Joint Proposal 3-5-25", False),
        ("Parks and Recreation District Joint Proposal 3-5-25", False),
        ("Board and District Joint Proposal 3-5-25", False),
        ("LTU Counter 3-5-25 Joint Committees", False),
        ("Joint Committee Proposal 3-5-25", False),
    ],
)
def test_two_of_one_side_may_propose_jointly(label: str, *, both: bool) -> None:
    papers = [("LTU Proposal 1-5-25", BASE), ("District Counter 2-5-25", BASE)]
    assert (standing(status_of(*papers, (label, NINE))) == "agreed") is both


def test_a_package_a_hold_are_said_where_they_count() -> None:
    status = status_of(("LTU Package 1-5-25", NINE), ("District Counter 2-5-25 on hold", NINE))
    assert standing(status) == "agreed"
    said = shown(status)
    assert "LTU Package 1-5-25 is a package: what it agrees to may hold for all of it only." in said
    assert "District Counter 2-5-25 on hold is on hold." in said


# Stated in a record.


def paper(*labels: str, text: str = NINE) -> bytes:
    lines = "\\\n".join(labels)
    return f"# Doors\n\n{lines}\n\n{text}\n".encode()


ALL = ("LTU Proposal 1-5-25", "District Counter 2-5-25", "Lake Teachers Counter 3-5-25")


@pytest.fixture(name="record")
def _record() -> Record:
    record = Record.in_memory()
    for n in range(1, 4):
        record.file(Submission(data=paper(*ALL[:n])))
    return record


def test_a_side_is_stated_once_and_can_be_put_right(record: Record) -> None:
    assert record.chain().status().unclear_sides
    first = record.side("LTU", "Lake Teachers", by="anna")
    assert record.side("LTU", "Lake Teachers", by="anna") == first
    chain = record.chain()
    assert [r.side for r in chain] == ["union", "employer", "union"]
    assert [r.party for r in chain] == ["LTU", "District", "Lake Teachers"]
    assert not chain.status().unclear_sides
    assert standing(chain.status()) == "agreed"
    record.side("ltu", "employer")
    assert [r.side for r in record.chain()] == ["employer", "employer", "union"]
    again = record.side("LTU", "Lake Teachers")
    assert again.seq > first.seq  # what was stated last counts
    assert record.chain().revision(1).side == "union"
    record.retract(again.seq, because="a trial")
    assert record.chain().revision(1).side == "employer"
    record.verify()


def test_what_is_stated_is_doubted_no_more(record: Record) -> None:
    record.file(Submission(data=paper(*ALL, "Board Counter 4-5-25")))
    record.side("LTU", "union")
    assert record.chain().status().taken_for_one == (("District", "Board"),)
    record.side("Board", "District")
    assert record.chain().status().taken_for_one == ()


def test_names_that_lead_in_a_circle_have_a_side_all_the_same(record: Record) -> None:
    record.side("LTU", "RTA")
    record.side("RTA", "LTU")
    assert record.chain().revision(1).side == "LTU"


@pytest.mark.parametrize(("party", "side"), [("", "x"), ("x", " "), ("LTU", "ltu")])
def test_a_side_needs_two_names(record: Record, party: str, side: str) -> None:
    with pytest.raises(AskError, match="two names"):
        record.side(party, side)


def test_the_command_states_a_side(run: Run, tmp_path: Path) -> None:
    for n in range(1, 4):
        (tmp_path / f"{n}.md").write_bytes(paper(*ALL[:n]))
        assert run("add", f"{n}.md").code == 0
    assert "sides: LTU; District; Lake Teachers" in run("log").out
    done = run("add", "--side", "LTU=Lake Teachers")
    assert (done.code, done.out) == (0, "entered: side (entry 4)\n")
    assert "sides: LTU and Lake Teachers; District" in run("log").out
    assert "“LTU” is on the side of “Lake Teachers”" in " ".join(
        run("log", "--journal").out.split()
    )
    (log,) = json.loads(run("log", "--json").out)
    assert [one["side"] for one in log["revisions"]] == ["union", "employer", "union"]
    assert run("add", "--side", "LTU").code == 3
    assert run("verify").code == 0


def test_a_reason_is_filed_and_told_where_its_words_are_gone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.md").write_bytes(paper(ALL[0], text=NINE.replace("reads", "reads and sings")))
    (tmp_path / "2.md").write_bytes(paper(*ALL[:2]))
    (tmp_path / "0.md").write_bytes(paper())
    assert run("add", "0.md", "--base").code == 0
    assert run("add", "1.md").code == 0
    assert run("add", "2.md", "--because", "no money for it").code == 0
    assert run("add", "1.md", "2.md", "--because", "both").code == 2
    told = " ".join(run("status", "--all").out.split())
    assert "“and sings”, by LTU Proposal 1-5-25, struck by District Counter 2-5-25" in told
    assert "because: no money for it" in told
    assert "because: no money for it" in run("log").out
    assert run("add", "2.md").out.startswith("already on file")
    done = run("add", "2.md", "--correct", "--because", "no aide wants it")
    assert done.out.startswith("corrected")
    assert "because: no aide wants it" in run("log").out
    done = run("status", "-o", "s.html")
    assert "reasons that were stated" in done.err
    assert "no aide wants it" in (tmp_path / "s.html").read_text("utf-8")
    assert run("exhibit", "--clause", "2.0", "-o", "e.html").code == 0
    assert "no aide wants it" not in (tmp_path / "e.html").read_text("utf-8")


def test_the_plan_states_sides_and_reasons_and_files_no_note(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for n in range(1, 4):
        (tmp_path / "in" / f"{n}.md").write_bytes(paper(*ALL[:n]))
    assert run("add", "in", "--plan", "plan.csv").code == 0
    plan = tmp_path / "plan.csv"
    text = plan.read_text("utf-8-sig")
    assert text.count(",union,") == 2 + text.count("Lake Teachers,union,") - 1
    heads = text.splitlines()[0].split(",")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    for row in rows:
        row[heads.index("note")] = "PRIVATE: they will fold"
        row[heads.index("because")] = "asked for by many"
    plan.write_text("\n".join(",".join(row) for row in [heads, *rows]), "utf-8")
    done = run("add", "--plan", "plan.csv")
    assert done.code == 0, done.err
    (log,) = json.loads(run("log", "--json").out)
    assert "stated: LTU is on the side of union" in done.err
    assert {one["because"] for one in log["revisions"]} == {"asked for by many"}
    assert [one["side"] for one in log["revisions"]] == ["union", "employer", "union"]
    assert run("export", "whole").code == 0
    run("exhibit", "--clause", "1.0", "-o", "e.html")
    run("status", "-o", "s.html")
    run("redline", "-o", "r.docx")
    told = run("log", "--journal", "--json").out + run("show").out
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path != plan]
    assert not any(b"fold" in path.read_bytes() for path in kept)
    assert "fold" not in told


def test_a_plan_that_puts_a_party_on_two_sides_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for n in (1, 2):
        (tmp_path / "in" / f"{n}.md").write_bytes(paper(f"LTU Proposal {n}-5-25"))
    run("add", "in", "--plan", "plan.csv")
    plan = tmp_path / "plan.csv"
    first, one, two = plan.read_text("utf-8-sig").splitlines()
    plan.write_text(
        "\n".join(
            [first, one.replace(",LTU,", ",LTU,union"), two.replace(",LTU,", ",LTU,employer")]
        ),
        "utf-8",
    )
    done = run("add", "--plan", "plan.csv")
    assert done.code == 3
    assert "on two sides" in done.err


@pytest.mark.parametrize(
    ("stamp", "state"),
    [
        ("OFF THE RECORD", "off the record"),
        ("Off-the-Record", "off the record"),
        ("CONFIDENTIAL - OFF THE RECORD", "off the record"),
        ("NON-BINDING", "non-binding"),
        ("Nonbinding", "non-binding"),
        ("SUPPOSAL", "non-binding"),
        ("What-If", "non-binding"),
        ("CONFIDENTIAL", None),
        ("Off the Record Meetings", None),
    ],
)
def test_a_stamp_in_the_title_says_that_a_paper_binds_nobody(stamp: str, state: str | None) -> None:
    for place in (0, 1):
        lines = ["# Doors"]
        lines.insert(place, f"# {stamp}")
        text = "\n\n".join([*lines, "\\\n".join(ALL[:2]), NINE])
        with Record.in_memory() as record:
            filed = record.file(Submission(data=text.encode(), chain="Doors"))
            assert (filed.revision.label, filed.revision.state) == (ALL[1], state)
            assert filed.revision.binds is (state is None)
            if state is not None:
                named = record.file(Submission(data=text.encode() + b" ", label=ALL[2]))
                assert named.chain == "Doors"
