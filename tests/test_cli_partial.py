"""The command line with papers that are no whole text."""

import json
from pathlib import Path

import pytest

from documents import document, p, r
from shell import Run

RTA, DISTRICT, AGAIN = "RTA Proposal 1-6-25", "District Counter 2-3-25", "RTA Counter 3-3-25"
CLAUSES = (
    "1.0 Every teacher receives one key.",
    "2.0 Keys are returned in June.",
    "3.0 A lost key is replaced within a week.",
    "4.0 Locks are changed each summer.",
    "5.0 The office keeps a list of all keys that were handed out.",
)
PARTIAL = "2.0 Keys are returned in May.\n\n[Rest unchanged]"
TOLD = "In 3.0, strike “a week” and insert “two days”."
SHORT = "1.0 Every teacher receives two keys."


def write(name: str, text: str, *ladder: str) -> None:
    rungs = "\n".join(ladder)
    Path(name).write_text(f"Keys\n\n{text}\n\n{rungs}\n", encoding="utf-8")


@pytest.fixture
def keys(run: Run) -> Run:
    write("1.md", "\n\n".join(CLAUSES), RTA)
    write("2.md", PARTIAL, RTA, DISTRICT)
    write("3.md", TOLD, RTA, DISTRICT, AGAIN)
    write("short.md", SHORT, RTA, DISTRICT)
    return run


def test_every_answer_says_what_a_text_was_made_of(keys: Run) -> None:
    done = keys("add", "2.md", "1.md")
    said = f"{DISTRICT} restates only what changes: the rest of its text is that of {RTA}."
    assert said in " ".join(done.out.split())
    for command in ("show", "blame", "diff", "redline"):
        answer = keys(command)
        assert said in " ".join(f"{answer.out} {answer.err}".split()), command
    assert said in " ".join(keys("who", "in May").out.split())
    assert f"made of {RTA}" in keys("log").out
    (log,) = json.loads(keys("log", "--json").out)
    assert [one["label"] for one in log["revisions"][1]["made_of"]] == [RTA]
    assert keys("verify").code == 0
    for file in ("x.html", "x.md", "x.docx"):
        assert keys("redline", "1", "2", "-o", file).code == 0
    assert said in Path("x.html").read_text("utf-8")


@pytest.mark.parametrize("arguments", [("3.md", "--amends"), ("--amends", "3.md")])
def test_instructions_are_done_and_what_results_is_shown(
    keys: Run, arguments: tuple[str, ...]
) -> None:
    keys("add", "1.md", "2.md")
    refused = keys("add", "3.md")
    assert (refused.code, "Line 3 gives instructions" in refused.err) == (4, True)
    done = keys("add", *arguments)
    assert done.code == 0
    assert "[-a week-] {+two days+}" in done.out
    assert "[-a week-]{+two days+}" in keys("show", "--marks").out
    assert keys("show").out == "\n\n".join(CLAUSES).replace("June", "May").replace(
        "a week", "two days"
    )


def test_another_paper_can_be_named(keys: Run) -> None:
    keys("add", "1.md", "2.md")
    done = keys("add", "3.md", "--amends", RTA, "--json")
    answer = json.loads(done.out)
    (made,) = answer["filed"][0]["revision"]["made_of"]
    assert (made["label"], made["how"]) == (RTA, "amends")
    assert answer["amended"][0]["old"]["label"] == RTA
    assert "June" in keys("show").out


def test_several_papers_are_asked_about_together(keys: Run) -> None:
    write("9.md", "9.0 [No change]", RTA, DISTRICT, AGAIN)
    done = keys("add", "1.md", "short.md", "9.md")
    assert done.code == 3
    assert "short.md: It has 6 words and lacks 4 clauses" in done.err
    assert "9.md: Line 3: “[No change]”" in done.err
    assert "because of 2 of 3 papers" in done.err
    assert keys("log").code == 1
    skipped = keys("add", "1.md", "short.md", "9.md", "--skip")
    assert skipped.code == 3
    assert skipped.out.count("filed: ") == 1


@pytest.mark.parametrize(("option", "clauses"), [("--partial", 5), ("--whole", 1)])
def test_what_is_asked_about_is_stated(keys: Run, option: str, clauses: int) -> None:
    keys("add", "1.md")
    asked = keys("add", "short.md")
    assert (asked.code, "--partial" in asked.err, "--whole" in asked.err) == (3, True, True)
    assert keys("add", "short.md", option).code == 0
    assert keys("show").out.count(".0 ") == clauses


def test_whole_and_amends_contradict_each_other(keys: Run) -> None:
    assert keys("add", "3.md", "--amends", "--whole").code == 2
    assert keys("add", "1.md", "3.md", "--amends", RTA).code == 2


def test_two_loose_files_are_compared_as_one_is_made_of_the_other(keys: Run) -> None:
    write("plain.md", "\n\n".join(CLAUSES))
    write("told.md", TOLD)
    write("some.md", PARTIAL)
    told = keys("redline", "plain.md", "told.md")
    assert "[-a week-] {+two days+}" in told.out
    assert "told.md gives instructions" in told.out
    some = keys("redline", "plain.md", "some.md")
    assert "1 place: 1 word struck, 1 inserted" in some.out
    assert "1 place: 1 word struck, 1 inserted" in keys("redline", "1.md", "2.md").out


def test_a_partial_word_document_is_no_clothes_for_the_whole(keys: Run) -> None:
    for name, clauses in (
        ("1.docx", [*CLAUSES, RTA]),
        ("2.docx", [*PARTIAL.split("\n\n"), RTA, DISTRICT]),
    ):
        Path(name).write_bytes(document("".join(p(r(text)) for text in ("Keys", *clauses))))
    assert keys("add", "1.docx", "2.docx").code == 0
    assert keys("redline", "1", "2", "-o", "x.docx").code == 0
    assert keys("show", "-o", "clean.docx").code == 0
