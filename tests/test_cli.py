"""The command line, as a person and as a script uses it."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import bargaining
from bargaining.errors import EXIT_CODES, BargainingError, exit_code
from shell import Run

LUNCH = "with a library aide on duty throughout the student lunch period"


def test_a_folder_is_filed_and_filing_again_adds_nothing(run: Run, papers: Path) -> None:
    first = run("add", str(papers))
    assert first.code == 0
    assert first.out.count("filed: ") == 6
    assert "1 doubt:" in first.out
    again = run("add", str(papers))
    assert again.out.count("already on file: ") == 6
    assert "doubt" not in again.out


def test_the_log_shows_the_ladder_and_what_is_missing(filed: Run) -> None:
    lines = filed("log").out.splitlines()
    assert lines[0] == "School Library Hours and Staffing"
    assert [line.split()[0] for line in lines[2:11]] == ["base", *"12345678"]
    assert "verbal" in lines[5]
    assert "not on file" in lines[8]


def test_who_answers_in_one_sentence(filed: Run) -> None:
    answer = filed("who", LUNCH)
    sentence = " ".join(answer.out.split())
    assert answer.code == 0
    assert (
        f"“{LUNCH}” was proposed by RTA (RTA Proposal 9-12-24, clause 1.0(b)), struck by District "
        "Counter 10-10-24, restored by RTA Counter 1-16-25, and stands in District Counter "
        "5-22-25, the last paper on file, clause 1.0(b)."
    ) in sentence


def test_who_finds_nothing(filed: Run) -> None:
    answer = filed("who", "a library aid on duty for lunch")
    assert answer.code == 1
    assert "stands in no text on file" in answer.out
    assert "Close to it:" in answer.out


def test_blame_and_diff_show_the_same_with_and_without_colour(filed: Run) -> None:
    for command in (["blame", "--struck"], ["diff", "1", "2"], ["show", "2", "--marks"], ["log"]):
        plain, painted = filed(*command), filed(*command, "--color", "always")
        assert "\x1b[" not in plain.out
        assert "\x1b[" in painted.out or command[0] == "show"
        stripped = "".join(part.partition("m")[2] for part in ("m" + painted.out).split("\x1b["))
        assert stripped == plain.out
        assert max(map(len, plain.out.splitlines())) <= 80


def test_diff_marks_words_with_signs(filed: Run) -> None:
    out = " ".join(filed("diff", "1", "2").out.split())
    assert "[-with a library aide on duty throughout the student lunch period-]" in out
    assert "[-twenty-five (25)-] {+eighteen (18)+}" in out


def test_blame_names_the_clause_asked_for(filed: Run) -> None:
    out = filed("blame", "--clause", "1.0(b)").out
    assert "1 RTA | with a library aide on duty" in out
    assert "base  | b. A secondary school library" in out
    missing = filed("blame", "--clause", "9.9")
    assert (missing.code, missing.err.count("\n")) == (1, 1)
    assert "There are preamble, 1.0" in missing.err


def test_show_gives_back_text_and_bytes_exactly(filed: Run, papers: Path) -> None:
    with bargaining.open("bargaining.db") as record:
        text = record.chain().text(8)
    assert filed("show").out == text
    original = (papers / "8-district-counter-5-22-25.md").read_bytes().decode()
    assert filed("show", "8", "--original").out == original


@pytest.mark.parametrize(
    "command",
    [
        ["log"],
        ["show"],
        ["diff"],
        ["diff", "base"],
        ["blame", "--struck"],
        ["who", LUNCH],
        ["who", "nothing like it"],
        ["verify"],
        ["demo"],
        ["add", "base.md", "--base"],
    ],
)
def test_every_command_answers_in_json(filed: Run, command: Sequence[str]) -> None:
    answer = filed(*command, "--json")
    assert answer.out.isascii()
    json.loads(answer.out)


def test_json_has_the_names_of_the_attributes(filed: Run) -> None:
    (answer,) = json.loads(filed("who", LUNCH, "--json").out)
    span = answer["passages"][0]["spans"][0]
    assert span["origin"]["certain"] is True
    assert [r["label"] for r in span["origin"]["candidates"]] == ["RTA Proposal 9-12-24"]
    assert [(e["kind"], e["revision"]["rung"]) for e in span["history"]] == [
        ("proposed", 1),
        ("struck", 2),
        ("restored", 5),
    ]
    annotation = json.loads(filed("blame", "--json").out)
    assert "".join(span["text"] for span in annotation["spans"]) == annotation["text"]


def test_stdin_is_a_paper_or_a_wording(run: Run) -> None:
    paper = b"1.0 The bell shall ring.\n\nRVTA Proposal 1-6-25\n"
    unnamed = run("add", "-", stdin=paper)
    assert (unnamed.code, "--chain" in unnamed.err) == (3, True)
    assert run("add", "-", "--chain", "Bells", stdin=paper).code == 0
    assert run("who", "-", stdin=b"bell shall\nring").code == 0


def test_the_record_is_chosen_by_option_or_environment(
    run: Run, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add", str(papers), "--record", "one.db").code == 0
    assert run("--record", "one.db", "log").code == 0
    assert run("log").code == 1
    monkeypatch.setenv("BARGAIN_RECORD", "one.db")
    assert run("log").code == 0


BAD: dict[str, tuple[bytes, int]] = {
    "empty.md": (b"", 4),
    "blank.md": (b" \n\n", 4),
    "binary.md": (b"1.0 a\x00b", 4),
    "latin.md": ("1.0 Señor".encode("latin-1"), 4),
    "utf16.md": ("1.0 text".encode("utf-16"), 4),
    "surrogate.md": (b"1.0 \xed\xa0\x80 text", 4),
    "unclosed.md": (b"1.0 The ~~bell rings.\n\nRVTA Proposal 1-6-25\n", 4),
    "picture.md": (b"\x89PNG\r\n\x1a\n", 4),
    "large.md": (b"1.0 word " * 6_000_000, 4),
    "no-label.md": (b"Bells\n\n1.0 The bell shall ring.\n", 3),
    "\x1b[31mred\x1b[0m.md": (b"", 4),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line_and_leaves_the_record_alone(filed: Run, name: str) -> None:
    data, code = BAD[name]
    Path(name).write_bytes(data)
    before = Path("bargaining.db").read_bytes()
    answer = filed("add", name)
    assert answer.code == code
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("bargain: ")
    assert "\x1b" not in answer.err
    assert Path("bargaining.db").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add", "nowhere.md"], 1),
        (["add"], 2),
        (["frobnicate"], 2),
        (["blame", "no such revision"], 1),
        (["blame", "3"], 1),
        (["show", "counter"], 3),
        (["who", "  "], 3),
        (["log", "--chain", "nothing"], 1),
        (["log", "--record", "base.md"], 6),
        (["add", "base.md", "--base", "--inserted", "blink"], 2),
        (["add", "papers", "--label", "one for all"], 2),
        (["add", "--alias", "LAUSD"], 3),
        (["add", "--no-paper", "-c", "x"], 3),
        (["demo", "--save", "base.md"], 5),
        (["add", "base.md", "--label", "RTA Proposal 9-12-24"], 5),
    ],
)
def test_what_is_wrong_is_said_in_a_line(filed: Run, arguments: list[str], code: int) -> None:
    answer = filed(*arguments)
    assert answer.code == code
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("bargain: ")


def test_of_many_papers_all_are_filed_or_none_unless_told(run: Run, papers: Path) -> None:
    (papers / "notes.md").write_text("Some notes without a label.")
    refused = run("add", str(papers))
    assert refused.code == 3
    assert "notes.md" in refused.err
    assert "Nothing was filed" in refused.err
    assert not Path("bargaining.db").exists()
    skipped = run("add", str(papers), "--skip")
    assert skipped.code == 3
    assert skipped.out.count("filed: ") == 6


def test_a_correction_is_refused_and_then_filed(filed: Run, papers: Path) -> None:
    paper = papers / "8-district-counter-5-22-25.md"
    paper.write_bytes(paper.read_bytes().replace(b"twenty-two (22)", b"twenty (20)"))
    refused = filed("add", str(paper))
    assert (refused.code, "--correct" in refused.err) == (5, True)
    assert filed("add", str(paper), "--correct").out.startswith("corrected: District Counter")
    assert filed("who", "twenty (20)").code == 0


def test_a_verbal_rung_and_a_new_article(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Bells\n\n1.0 The bell shall ring.\n\nRVTA Proposal 1-6-25\n")
    run("add", "a.md")
    offer = ["--label", "District Verbal Counter 2-3-25", "--reported-by", "A. Reyes"]
    assert run("add", "--no-paper", *offer, "--new").code == 0
    log = run("log").out
    assert "none: new" in log
    assert "reported by A. Reyes" in log
    assert "was proposed by RVTA" in run("who", "The bell shall ring").out


def test_paper_text_never_acts_on_the_terminal(run: Run, tmp_path: Path) -> None:
    nasty = "1.0 Pay \x1b]0;owned\x07 and \u202etxet\u202c and \u200bzero \x9b31m.\n"
    (tmp_path / "n.md").write_text(f"Bells \x1b[2J\n\n{nasty}\nRVTA Proposal 1-6-25\n", "utf-8")
    outs = [run("add", "n.md"), run("log"), run("blame"), run("who", "and"), run("show", "--marks")]
    for done in outs:
        for sign in ("\x1b", "\x07", "\u202e", "\u200b", "\x9b"):
            assert sign not in done.out + done.err
    assert "<U+001B>" in outs[2].out
    assert "\x1b]0;owned" in run("show").out, "a pipe gets the text exactly"


def test_the_demo_shows_the_log_a_blame_two_answers_and_where_to_go(run: Run) -> None:
    shown = run("demo").out
    assert [line.split()[2] for line in shown.splitlines() if line.startswith("$ ")] == [
        "log",
        "blame",
        "who",
        "who",
    ]
    assert "Where to go next" in shown
    assert max(map(len, shown.splitlines())) <= 80
    kept = run("demo", "--save", "kept.db")
    assert kept.code == 0
    assert run("verify", "--record", "kept.db").out.startswith("whole: 7 entries")


def test_help_has_an_example_for_every_command(run: Run) -> None:
    listed = run("--help").out
    for command in ("add", "log", "show", "diff", "blame", "who", "verify", "demo"):
        assert f"\n  {command} " in listed
        assert f"bargain {command}" in run(command, "--help").out.partition("Example:")[2]


def test_a_broken_pipe_is_quiet(filed: Run) -> None:
    del filed
    script = f"{sys.executable} -m bargaining blame --color always | head -1"
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    assert done.stderr == b""


def test_a_fault_is_one_line_that_asks_for_no_patience(
    run: Run, monkeypatch: pytest.MonkeyPatch, papers: Path
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken\x1b[31m")

    monkeypatch.setenv("BARGAIN_DEBUG", "")
    monkeypatch.setattr("bargaining.record.filing.prepare", fail)
    monkeypatch.setattr("bargaining.record.prepare", fail)
    answer = run("add", str(papers))
    assert answer.code == 70
    assert answer.err.count("\n") == 1
    assert "\x1b" not in answer.err


def test_every_error_has_an_exit_code_and_the_most_exact_wins() -> None:
    kinds: list[type[BargainingError]] = [BargainingError, *BargainingError.__subclasses__()]
    assert {exit_code(kind("x")) for kind in kinds} == set(EXIT_CODES.values())
    assert exit_code(bargaining.DigestError("x")) == EXIT_CODES[bargaining.RecordError]
    assert exit_code(bargaining.NotOnFileError("x")) == EXIT_CODES[bargaining.NotFoundError]


def test_a_narrow_encoding_loses_no_answer(filed: Run) -> None:
    del filed
    env = {**os.environ, "PYTHONIOENCODING": "latin-1", "COLUMNS": "80"}
    command = [sys.executable, "-m", "bargaining", "who", LUNCH]
    done = subprocess.run(command, capture_output=True, check=True, env=env)
    assert b"\\u201cwith a library aide" in done.stdout
