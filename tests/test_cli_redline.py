"""`bargain redline`, and clean copies: from a record, from two files, into every format."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import bargaining
from bargaining.views.redline import set_text
from bargaining.word.file.package import Package
from bargaining.word.file.readings import stamps
from bargaining.word.file.story import read_story
from documents import DISTRICT, FTA, comment, commented, deleted, document, ins, p, r
from shell import Run

EVERY = ["redline.docx", "redline.html", "redline.md", "redline.critic.md", "redline.json"]


def paper(*sentences: str, label: str) -> bytes:
    body = [p(r(sentence)) for sentence in sentences]
    return document(p(r("School Doors"), style="Title"), *body, footers={"default": p(r(label))})


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> Path:
    """Two loose papers, each with its label in the footer."""
    ours = paper(
        "1.0 Doors open at eight.", "2.0 Gates shut at noon.", label="FTA Proposal 9-12-24"
    )
    theirs = paper(
        "1.0 Doors open at nine.", "2.0 Gates shut at noon.", label="District Counter 10-10-24"
    )
    (tmp_path / "ours.docx").write_bytes(ours)
    (tmp_path / "theirs.docx").write_bytes(theirs)
    return tmp_path


def test_the_terminal_shows_who_made_each_mark(filed: Run) -> None:
    shown = filed("redline", "4", "5")
    assert shown.code == 0
    assert shown.out.startswith("RTA Counter 1-16-25 against District Counter 11-21-24\n")
    assert "{+" in shown.out
    assert "R5  RTA Counter 1-16-25" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_without_names_it_is_the_last_against_the_one_before(filed: Run) -> None:
    assert filed("redline").out == filed("redline", "7", "8").out
    assert filed("redline", "base").out == filed("redline", "base", "8").out


def test_all_rounds_show_more(filed: Run) -> None:
    assert "{+[-" not in filed("redline", "base", "8").out
    assert "{+[-" in filed("redline", "base", "8", "--all-rounds").out


def test_json_has_both_texts(filed: Run) -> None:
    found = json.loads(filed("redline", "1", "2", "--json").out)
    text = filed("show", "2").out
    assert found["new_text"] == set_text(text, exact=False)
    assert {run["kind"] for run in found["runs"]} == {"kept", "struck", "inserted"}


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("rounds", [(), ("--all-rounds",)])
def test_every_format_is_written(
    filed: Run, tmp_path: Path, name: str, rounds: tuple[str, ...]
) -> None:
    done = filed("redline", "base", "8", "-o", name, *rounds)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"Wrote {name}: ")
    assert "It shows struck" in done.err
    assert (tmp_path / name).stat().st_size > 1000


def test_a_written_paper_can_be_filed_as_a_paper(filed: Run, tmp_path: Path) -> None:
    for name in ("redline.md", "redline.critic.md", "redline.docx"):
        filed("redline", "7", "8", "-o", name)
        again = bargaining.read((tmp_path / name).read_bytes(), name=name)
        texts = [filed("show", rung).out for rung in ("8", "7")]
        exact = again.format == "docx"
        assert set_text(again.text, exact=exact) == set_text(texts[0], exact=False)
        assert set_text(again.base_text or "", exact=exact) == set_text(texts[1], exact=False)
        assert again.ladder[-1] == "District Counter 5-22-25"


def test_nothing_is_left_of_a_file_that_cannot_be_written(filed: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    missing = filed("redline", "7", "8", "-o", "no/such/folder/x.docx")
    assert missing.code == 7
    assert missing.err.count("\n") == 1
    unknown = filed("redline", "7", "8", "-o", "x.pdf")
    assert unknown.code == 3
    assert ".docx" in unknown.err
    assert sorted(tmp_path.iterdir()) == before


def test_flat_goes_with_all_rounds_and_a_word_document(filed: Run) -> None:
    assert filed("redline", "0", "8", "--all-rounds", "--flat", "-o", "x.docx").code == 0
    assert filed("redline", "7", "8", "--flat", "-o", "y.docx").code == 2
    assert filed("redline", "7", "8", "--all-rounds", "--flat").code == 2
    assert filed("redline", "7", "8", "--moves", "-o", "y.md").code == 2
    assert filed("redline", "7", "8", "--json", "-o", "y.json").code == 0
    assert filed("redline", "7", "8", "--inserted", "bold").code == 2


# Two files


def test_two_files_are_compared_without_a_record(run: Run, files: Path) -> None:
    done = run("redline", "ours.docx", "theirs.docx", "-o", "compared.docx")
    assert done.code == 0
    assert not (files / "bargaining.db").exists()
    story = read_story(Package.open((files / "compared.docx").read_bytes()))
    assert {(kind, s.author, s.date[:10]) for kind, s in stamps(story)} == {
        ("struck", "District", "2024-10-10"),
        ("inserted", "District", "2024-10-10"),
    }
    shown = run("redline", "ours.docx", "theirs.docx").out
    assert "[-eight-] {+nine+}(D2)" in " ".join(shown.split())


def test_files_of_any_two_kinds_are_compared(run: Run, files: Path) -> None:
    (files / "base.txt").write_text("1.0 Doors open at seven.\n\n2.0 Gates shut at noon.\n")
    shown = run("redline", "base.txt", "theirs.docx").out
    assert "District Counter 10-10-24 against base.txt" in shown
    assert run("redline", "base.txt", "theirs.docx", "-o", "x.md").code == 0


def test_the_same_file_twice_has_no_marks(run: Run, files: Path) -> None:
    del files
    same = run("redline", "ours.docx", "ours.docx")
    assert same.code == 3
    assert "one file" in same.err


def test_a_file_that_cannot_be_read_is_named(run: Run, files: Path) -> None:
    (files / "bad.docx").write_bytes(b"PK\x03\x04 nothing")
    refused = run("redline", "ours.docx", "bad.docx")
    assert refused.code == 4
    assert refused.err.startswith("bargain: bad.docx: The Word document is damaged")


# Word documents in a record


@pytest.fixture(name="words")
def _words(run: Run, files: Path) -> Run:
    assert run("add", "ours.docx", "theirs.docx").code == 0
    return lambda *arguments: run(*arguments) if files.exists() else run()


def test_a_word_document_is_filed_and_comes_back(words: Run, files: Path) -> None:
    log = words("log").out
    assert "School Doors" in log
    assert "District Counter 10-10-24" in log
    words("show", "2", "--original", "-o", "back.docx")
    assert (files / "back.docx").read_bytes() == (files / "theirs.docx").read_bytes()
    assert words("who", "Doors open at nine").out.startswith("“Doors open at nine”")
    assert words("verify").code == 0


def test_the_redline_is_the_document_that_was_filed(words: Run, files: Path) -> None:
    words("redline", "1", "2", "-o", "x.docx")
    parts = Package.open((files / "x.docx").read_bytes()).parts
    assert any(
        b"District Counter 10-10-24" in data for name, data in parts.items() if "foot" in name
    )


def test_a_clean_copy_has_no_marks(run: Run, tmp_path: Path) -> None:
    data = document(
        p(r("1.0 Doors "), ins(*FTA, r("never ")), deleted(*DISTRICT, r("always ")), r("open."))
    )
    (tmp_path / "tracked.docx").write_bytes(data)
    run("add", "tracked.docx", "--label", "FTA Proposal 9-12-24", "-c", "Doors")
    assert run("show", "1").out == "1.0 Doors never open."
    for name in ("clean.docx", "clean.txt"):
        assert run("show", "1", "-o", name).code == 0
        clean = bargaining.read((tmp_path / name).read_bytes(), name=name, inserted_by=())
        assert (clean.text, clean.is_marked) == ("1.0 Doors never open.", False)
    assert run("show", "1", "-o", "clean.md").code == 3


def test_a_hostile_document_leaves_the_record_alone(filed: Run, tmp_path: Path) -> None:
    before = (tmp_path / "bargaining.db").read_bytes()
    (tmp_path / "bomb.docx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    refused = filed("add", "bomb.docx", "--label", "RTA Proposal 6-1-25")
    assert refused.code == 4
    assert refused.err.count("\n") == 1
    assert (tmp_path / "bargaining.db").read_bytes() == before


def test_a_file_that_is_there_is_not_replaced_unasked(run: Run, files: Path) -> None:
    before = (files / "theirs.docx").read_bytes()
    refused = run("redline", "ours.docx", "theirs.docx", "-o", "theirs.docx")
    assert refused.code == 3
    assert "is read here" in refused.err
    assert (files / "theirs.docx").read_bytes() == before
    assert run("redline", "ours.docx", "theirs.docx", "-o", "new.docx").code == 0
    assert "--force" in run("redline", "ours.docx", "theirs.docx", "-o", "new.docx").err
    assert run("redline", "ours.docx", "theirs.docx", "-o", "new.docx", "--force").code == 0


def test_ladders_tell_which_of_two_files_came_first(run: Run, files: Path) -> None:
    del files
    back = run("redline", "theirs.docx", "ours.docx").out
    assert "is the older of the two: nobody made these marks" in " ".join(back.split())


def test_a_rung_between_two_files_leaves_the_author_open(run: Run, files: Path) -> None:
    ladder = "FTA Proposal 9-12-24\nDistrict Counter 10-10-24\nFTA Counter 1-16-25"
    (files / "later.docx").write_bytes(
        paper("1.0 Doors open at ten.", "2.0 Gates shut at noon.", label=ladder)
    )
    shown = run("redline", "ours.docx", "later.docx").out
    assert "(D2/F3" in shown


@pytest.mark.parametrize(
    "names", [("ours.docx", "missing.docx"), ("ours.docx",), ("4", "ours.docx")]
)
def test_a_file_and_something_else_are_not_compared(
    run: Run, files: Path, names: tuple[str, ...]
) -> None:
    del files
    refused = run("redline", *names)
    assert refused.code == 1
    assert "two files" in refused.err


def test_the_files_that_word_leaves_beside_open_papers_are_passed_over(
    run: Run, files: Path
) -> None:
    (files / "~$ours.docx").write_bytes(b"lock")
    assert run("add", ".").code == 0


def test_notes_that_go_out_with_a_document_are_told(run: Run, tmp_path: Path) -> None:
    data = document(
        p(r("1.0 We take "), commented(1, r("eight")), r(".")),
        comments=comment(1, *DISTRICT, p(r("We can go to nine."))),
    )
    (tmp_path / "a.docx").write_bytes(data)
    run("add", "a.docx", "--label", "FTA Proposal 9-12-24", "-c", "Doors")
    said = run("show", "1", "-o", "clean.docx").err
    assert "It holds 1 comment of the filed document, by Fernhollow District." in said


def test_marks_of_files_without_any_date_bear_the_day(run: Run, tmp_path: Path) -> None:
    for name, text in (
        ("a.docx", "1.0 Doors open at eight."),
        ("b.docx", "1.0 Doors open at nine."),
    ):
        (tmp_path / name).write_bytes(document(p(r(text))))
    before = datetime.now(UTC).date().isoformat()
    assert run("redline", "a.docx", "b.docx", "-o", "x.docx").code == 0
    after = datetime.now(UTC).date().isoformat()
    found = {s for _, s in stamps(read_story(Package.open((tmp_path / "x.docx").read_bytes())))}
    assert {s.author for s in found} == {"b.docx"}
    assert {s.date[:10] for s in found} <= {before, after}


def test_what_was_stated_of_marks_holds_for_the_redline_and_the_clean_copy(
    run: Run, tmp_path: Path
) -> None:
    words = p(r("1.0 Doors open at "), r("eight", strike=True), r("nine", colour="FF0000"), r("."))
    (tmp_path / "a.docx").write_bytes(document(words))
    run("add", "a.docx", "--inserted", "colour", "--label", "FTA Proposal 9-12-24", "-c", "Doors")
    assert run("redline", "base", "1", "-o", "x.docx").code == 0
    assert run("show", "1", "-o", "clean.docx").code == 0
    for name in ("x.docx", "clean.docx"):
        assert (
            b"FF0000" not in Package.open((tmp_path / name).read_bytes()).parts["word/document.xml"]
        )
    (tmp_path / "b.docx").write_bytes(document(p(r("1.0 Doors open at eight."))))
    shown = run("redline", "b.docx", "a.docx", "--inserted", "bold").out
    assert "{+nine+}" in shown


def test_the_terminal_says_what_a_declared_base_rests_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "1.0 Doors open at ~~eight~~ **nine**.\n\nFTA Proposal 9-12-24\n"
    )
    run("add", "a.md", "-c", "Doors")
    shown = " ".join(run("redline", "base", "1").out.split())
    assert "The current language is not on file: it is what the marks of FTA Proposal" in shown


def test_a_word_redline_that_is_filed_is_of_the_same_document(filed: Run) -> None:
    for name in ("redline.docx", "redline.md", "redline.critic.md"):
        filed("redline", "7", "8", "-o", name)
        filed("add", name, "--record", f"{name}.db")
        assert filed("log", "--record", f"{name}.db").out.startswith(
            "School Library Hours and Staffing\n"
        )
