"""A folder as a table: nothing is filed by it, and then exactly what it says."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given

from bargaining import AskError, read
from bargaining.record import Record
from bargaining.record.filing import part_of
from bargaining.record.plan import FIELDS, read_plan, suggest, written
from bargaining.text.clauses import clauses
from shell import Run
from strategies import WORDS, related_texts

FIRST = "# Keys\n\nRTA Proposal 1-5-25\n\n1.0 Keys are kept by the office.\n"
SECOND = (
    "# Keys\n\nRTA Proposal 1-5-25\nDistrict Counter 2-5-25\n\n"
    "1.0 Keys ~~are kept by~~ **lie in** the office.\n"
)
BASE = "# Keys\n\n1.0 There are keys.\n"


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("0 keys.md", BASE), ("1.md", FIRST), ("2.md", SECOND)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def change(path: Path, change_row: Callable[[dict[str, str]], None]) -> None:
    rows = rows_of(path)
    for row in rows:
        change_row(row)
    path.write_bytes(written(rows))


def as_base(row: dict[str, str]) -> None:
    if row["file"].endswith("keys.md"):
        row["base"] = "yes"


def test_a_plan_files_nothing_and_says_what_is_asked(folder: Path, run: Run) -> None:
    done = run("add", str(folder), "--plan", "plan.csv")
    assert done.code == 0
    assert " ".join(done.out.split()).startswith(
        "plan.csv has 3 papers: something is asked of 1, and doubted of 0. Nothing is filed yet."
    )
    assert not Path("bargaining.db").exists()
    base, first, second = rows_of(Path("plan.csv"))
    assert "“label”" in base["asked"]
    assert re.search(r"Its file was last saved on \d{4}-\d\d-\d\d\.$", base["asked"])
    assert "“base”" in base["asked"]
    assert "--" not in base["asked"]
    assert [first[name] for name in ("document", "label", "party", "kind", "date")] == [
        "Keys",
        "RTA Proposal 1-5-25",
        "RTA",
        "proposal",
        "2025-01-05",
    ]
    assert second["label"] == "District Counter 2-5-25"
    assert run("add", str(folder), "--plan", "plan.csv").code == 3


def test_what_the_plan_says_is_filed_all_or_none(folder: Path, run: Run) -> None:
    run("add", str(folder), "--plan", "plan.csv")
    done = run("add", "--plan", "plan.csv")
    assert done.code == 3
    assert "Nothing was filed, because of 1 of 3 rows" in done.err
    assert run("log").code != 0
    change(Path("plan.csv"), as_base)
    done = run("add", "--plan", "plan.csv")
    assert done.code == 0, done.err
    assert done.out.count("filed:") == 3
    (log,) = json.loads(run("log", "--json").out)
    assert (log["chain"], log["base_known"]) == ("Keys", "filed")
    assert [one["label"] for one in log["revisions"]] == [
        "RTA Proposal 1-5-25",
        "District Counter 2-5-25",
    ]


def test_what_was_changed_by_hand_is_said_and_done(folder: Path, run: Run) -> None:
    run("add", str(folder), "--plan", "plan.csv")

    def by_hand(row: dict[str, str]) -> None:
        as_base(row)
        row["document"] = "Keys and Locks"
        if row["file"].endswith("2.md"):
            row["party"] = "Board"

    change(Path("plan.csv"), by_hand)
    done = run("add", "--plan", "plan.csv")
    assert done.code == 0, done.err
    said = " ".join(done.err.split())
    assert said.count("document: “Keys and Locks”, where the paper says “Keys”") == 3
    assert "party: “Board”, where the paper says “District”" in said
    (log,) = json.loads(run("log", "--json").out)
    assert (log["chain"], log["revisions"][1]["party"]) == ("Keys and Locks", "Board")


def test_an_empty_cell_is_as_the_paper_says(folder: Path, run: Run) -> None:
    run("add", str(folder), "--plan", "plan.csv")

    def empty(row: dict[str, str]) -> None:
        as_base(row)
        for name in ("label", "party", "kind", "date", "document"):
            row[name] = ""

    change(Path("plan.csv"), empty)
    done = run("add", "--plan", "plan.csv")
    assert done.code == 0
    assert done.err.splitlines() == ["by hand: in/0 keys.md: base: “yes”, which it does not say"]


def test_a_row_can_be_left_out(folder: Path, run: Run) -> None:
    run("add", str(folder), "--plan", "plan.csv")

    def out(row: dict[str, str]) -> None:
        row["file it"] = "no" if row["file"].endswith("keys.md") else "yes"

    change(Path("plan.csv"), out)
    assert run("add", "--plan", "plan.csv").out.count("filed:") == 2


def test_another_file_in_its_place_is_refused(folder: Path, run: Run) -> None:
    run("add", str(folder), "--plan", "plan.csv")
    change(Path("plan.csv"), as_base)
    (folder / "2.md").write_text(SECOND.replace("office", "safe"), encoding="utf-8")
    done = run("add", "--plan", "plan.csv")
    assert done.code == 3
    assert "It is not the file that the plan was made of" in done.err
    assert not Path("bargaining.db").exists()


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [True, False])
def test_what_a_spreadsheet_saves_is_read(sign: str, bom: bool) -> None:
    row = suggest("1.md", FIRST.encode())[0]
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS, delimiter=sign)
    writer.writeheader()
    writer.writerow(row)
    assert read_plan(out.getvalue().encode("utf-8-sig" if bom else "utf-8")) == [row]


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x"])
def test_no_cell_starts_a_formula_and_comes_back_as_it_was(text: str) -> None:
    row = {**suggest("1.md", FIRST.encode())[0], "document": text}
    data = written([row])
    cells = next(iter(csv.reader(io.StringIO(data.decode("utf-8-sig").splitlines()[1]))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert read_plan(data)[0]["document"] == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no plan"),
        (b"a,b\n1,2\n", "no plan"),
        (b"\xff\xfe", "cannot be read"),
        (b"file,base\nx.md,perhaps\n", "Row 2 of the plan has"),
        (b"file,base\n,yes\n", "Row 2 of the plan names no file"),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(AskError, match=message):
        read_plan(data)


def test_a_paper_that_cannot_be_read_is_in_the_plan_with_the_reason(folder: Path, run: Run) -> None:
    (folder / "3.md").write_bytes(b"\xff\xfe\x00")
    run("add", str(folder), "--plan", "plan.csv")
    row = rows_of(Path("plan.csv"))[-1]
    assert row["file it"] == "no"
    assert row["asked"]


PACKAGE = """# District Package Proposal

June 17, 2025

## Article 5: Class Size

5.1 No class has more than ~~thirty~~ **twenty-four** students.

## Article 9: Parking

9.1 Teachers park free~~, where there is room~~.
"""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (PACKAGE, [("Article 5", "Class Size"), ("Article 9", "Parking")]),
        (PACKAGE.partition("## Article 9")[0], [("", "")]),
        (PACKAGE.replace("Package Proposal", "Proposal"), [("", "")]),
        (
            PACKAGE.replace("Package", "Omnibus"),
            [("Article 5", "Class Size"), ("Article 9", "Parking")],
        ),
    ],
)
def test_a_package_has_a_row_for_each_article(text: str, parts: list[tuple[str, str]]) -> None:
    rows = suggest("p.md", text.encode())
    assert [row["part"] for row in rows] == [part for part, _ in parts]
    if len(parts) > 1:
        assert [(row["part"], row["document"]) for row in rows] == parts


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("# Article 5: Class Size", "Article 5: Class Size"),
        ("# ARTICLE 5 - CLASS SIZE", "ARTICLE 5 - CLASS SIZE"),
        ("# Class Size", "Class Size"),
        ("# class size", "class size"),
        ("# Article 6: Class Size", "Class Size"),  # another article of that name
        ("# Keys", "Class Size"),
    ],
)
def test_an_article_of_a_package_is_of_the_document_of_that_article(
    tmp_path: Path, run: Run, title: str, name: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.md").write_text(PACKAGE, encoding="utf-8")
    alone = f"{title}\n\nRTA Proposal 1-5-25\n\n5.1 No class has more than thirty students.\n"
    (tmp_path / "in" / "q.md").write_text(alone, encoding="utf-8")
    run("add", str(tmp_path / "in"), "--plan", "plan.csv")
    rows = rows_of(Path("plan.csv"))
    assert [row["document"] for row in rows if row["part"] == "Article 5"] == [name]
    assert not any(row["asked"] for row in rows)
    done = run("add", "--plan", "plan.csv")
    assert (done.code, "by hand" in done.err) == (0, False), done.err


def test_a_package_is_filed_article_by_article(tmp_path: Path, run: Run) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.md").write_text(PACKAGE, encoding="utf-8")
    run("add", str(tmp_path / "in"), "--plan", "plan.csv")
    done = run("add", "--plan", "plan.csv")
    assert done.code == 0, done.err
    logs = {one["chain"]: one for one in json.loads(run("log", "--json").out)}
    assert set(logs) == {"Class Size", "Parking"}
    with Record.open("bargaining.db") as record:
        for name, text, base in (
            (
                "Class Size",
                "5.1 No class has more than twenty-four students.",
                "5.1 No class has more than thirty students.",
            ),
            (
                "Parking",
                "9.1 Teachers park free.",
                "9.1 Teachers park free, where there is room.",
            ),
        ):
            chain = record.chain(name)
            assert chain.text(1) == text
            assert chain.paper(1).base_text == base
            assert chain.paper(1).title[-1] == f"Article {text[0]}: {name}"
            assert [c.address for c in clauses(chain.text(1))] == [text[:3]]
            assert "package-part" in {doubt.kind for doubt in chain.paper(1).doubts}
        assert record.verify().originals == 1
    assert run("add", "--plan", "plan.csv").out.count("already on file:") == 2


@given(related_texts([*WORDS, "Article 5", "Article 9"]))
def test_the_parts_of_a_paper_are_of_it(texts: list[str]) -> None:
    text = "\n\n".join(f"Article {n}: Rule\n\n{n}.1 {one}" for n, one in enumerate(texts, 1))
    paper = read(text.encode(), name="x.txt")
    for article in {a.partition(",")[0] for a in (c.address for c in clauses(paper.text))}:
        if article.startswith("Article "):
            assert part_of(paper, article).text in paper.text


def test_a_plan_says_all_itself(folder: Path, run: Run) -> None:
    assert run("add", str(folder), "--plan", "plan.csv", "--base").code == 2
    assert run("add", "-", "--plan", "plan.csv").code == 2
    assert run("add", "--plan", "none.csv").code == 1
