"""One clause, round by round, with the paper that shows each."""

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from bargaining import Chain, NotFoundError
from bargaining.readers import read_loose
from bargaining.writers.exhibit import Exhibit, Source, exhibit, html
from bargaining.writers.formats import write_exhibit
from shell import Run

LABELS = ("RTA Proposal 1-5-25", "District Verbal Counter 2-5-25", "RTA Counter 3-5-25")
BASE = "1.0 Doors open at eight.\n\n2.0 Staff park free."
TEXTS = (BASE.replace("eight", "nine"), None, "1.0 Doors open at ten.\n\n3.0 Keys lie in a box.")
SOURCES = {label: Source(f"{n}.md", f"{n}" * 64, "2025-06-02T09:00:00+00:00")
           for n, label in enumerate(LABELS)}  # fmt: skip


def made(clause: str = "1.0", base: str | None = BASE) -> Exhibit:
    chain = Chain.from_texts(list(zip(LABELS, TEXTS, strict=True)), base=base, name="Doors")
    return exhibit(chain, clause, SOURCES, "3 abc 2025-06-02T09:00:00+00:00")


def words(found: Exhibit) -> list[tuple[str, str, str]]:
    return [
        (
            one.revision.label,
            "".join(run.text for run in one.runs if run.in_old).strip(),
            "".join(run.text for run in one.runs if run.in_new).strip(),
        )
        for one in found.rounds
    ]


def test_each_round_has_its_wording_and_what_changed() -> None:
    assert words(made()) == [
        ("base", "1.0 Doors open at eight.", "1.0 Doors open at eight."),
        (LABELS[0], "1.0 Doors open at eight.", "1.0 Doors open at nine."),
        (LABELS[1], "", ""),
        (LABELS[2], "1.0 Doors open at nine.", "1.0 Doors open at ten."),
    ]


def test_gaps_and_what_cannot_be_known_are_said() -> None:
    said = [one.said() for one in made().rounds]
    assert said == [
        "",
        "",
        "Not on file: what it said of this clause is not known.",
        f"Changed since {LABELS[0]}: whether in this round or in one between, is not known.",
    ]
    gone = [one.said() for one in made("2.0").rounds]
    assert gone[1] == "Unchanged."
    assert gone[3] == "This clause is not in it any more."
    late = [one.said() for one in made("3.0").rounds]
    assert late[:2] == ["This clause is not in it.", "This clause is not in it."]


def test_a_clause_that_nobody_has_is_refused() -> None:
    with pytest.raises(NotFoundError, match="No paper on file has a clause"):
        made("9.0")


@pytest.mark.parametrize("clause", ["1.0", "2.0", "3.0"])
@pytest.mark.parametrize("base", [BASE, None])
def test_both_files_have_every_word_and_every_source(clause: str, base: str | None) -> None:
    found = made(clause, base)
    page = re.sub(r"<[^>]*>", "", html(found))
    paper = read_loose(write_exhibit(found, "x.docx"), name="x.docx", inserted_by=())
    document = " ".join([paper.text, *(part.text for part in paper.parts)])
    for one in found.rounds:
        if one.source is not None:
            assert one.source.sha256 in page
            assert one.source.sha256 in document
    assert found.head in page
    assert "<script" not in html(found)


def test_marks_of_a_document_are_no_tracked_changes() -> None:
    with zipfile.ZipFile(io.BytesIO(write_exhibit(made(), "x.docx"))) as archive:
        body = archive.read("word/document.xml").decode()
    assert "<w:strike/>" in body
    assert not re.search(r"<w:(?:ins|del)\b", body)


def test_nothing_of_a_paper_acts_on_a_page() -> None:
    nasty = "1.0 Doors <script>alert(1)</script> \x1b \u202e open."
    chain = Chain.from_texts([(LABELS[0], nasty)], base=BASE, name="<b>Doors</b>")
    source = {LABELS[0]: Source("<img src=x onerror=1>.md", "0" * 64, "x")}
    page = html(exhibit(chain, "1.0", source, "1 a b"))
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_the_command_names_files_digests_and_nobody(tmp_path: Path, run: Run) -> None:
    data = f"# Doors\n\n{LABELS[0]}\n\n{BASE}\n".encode()
    (tmp_path / "a.md").write_bytes(data)
    run("add", str(tmp_path / "a.md"), "--by", "Secret Person")
    for name in ("x.html", "x.docx"):
        assert run("exhibit", "--clause", "1.0", "-o", name).code == 0
    page = Path("x.html").read_text("utf-8")
    assert hashlib.sha256(data).hexdigest() in page
    assert "a.md" in page
    assert str(tmp_path) not in page
    assert "Secret Person" not in page
    told = json.loads(run("exhibit", "--clause", "1.0", "--json").out)
    assert told["rounds"][0]["source"]["file"] == "a.md"
    assert run("exhibit", "--clause", "1.0").code == 2
    assert run("exhibit", "--clause", "1.0", "-o", "x.txt").code == 3
    assert run("exhibit", "--clause", "9.9", "-o", "y.html").code == 1
