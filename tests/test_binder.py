"""The binder in examples/: filed by a plan, and every planted event found, and nothing else."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from shell import Run

AIDES = (
    "4.0 Aides: A class of more than twenty (20) students in grades TK and one has an "
    "instructional aide for three hours each day."
)
EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(name="filed")
def _filed(run: Run, tmp_path: Path) -> Path:
    done = run("add", str(EXAMPLES / "binder"), "--plan", "plan.csv")
    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO(Path("plan.csv").read_text("utf-8-sig"))))
    assert not any(row["asked"] for row in rows)
    assert {Path(row["file"]).name[:2]: row["doubted"][:28] for row in rows if row["doubted"]} == {
        "01": "By its file's name it is the",
        "23": "line 11: Bold is the only ma",
    }
    assert rows[0]["base"] == "yes"
    assert {(row["party"], row["side"]) for row in rows if row["party"]} == {
        ("LTU", "union"),
        ("District", "employer"),
    }
    done = run("add", "--plan", "plan.csv")
    assert done.code == 0, done.err
    return tmp_path


def status(run: Run, name: str) -> dict[str, Any]:
    (found,) = json.loads(run("status", "-c", name, "--json").out)
    return dict(found)


def turns(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(t["kind"], t["event"]["revision"]["label"], t["text"]) for t in found["turns"]}


def checked(run: Run, name: str, which: str, *more: str) -> list[tuple[str, str, str]]:
    found = json.loads(run("check", which, "-c", name, "--json", *more).out)
    return [(one["code"], one["before"], one["after"]) for one in found["findings"]]


def test_where_all_three_stand(filed: Path, run: Run) -> None:
    del filed
    done = run("status")
    assert done.code == 0
    assert " ".join(done.out.split()) == (
        "Evening Events: 2 agreed, 2 open of 4 clauses; it lies with District since LTU Counter "
        "5-13-25. Parking: 1 agreed, 1 open of 2 clauses; it lies with District since LTU Counter "
        "5-20-25. Class Size: 4 agreed of 4 clauses, by Tentative Agreement 6-3-25. "
        "document clause lies with last moved by papers since "
        "Evening Events 3.0 District LTU Counter 5-13-25 0 "
        "Evening Events 4.0 District LTU Counter 5-13-25 0 "
        "Parking 2.0 District LTU Counter 5-20-25 0"
    )


def test_who_turned_round(filed: Path, run: Run) -> None:
    del filed
    assert turns(status(run, "Class Size")) == {
        ("brought back", "LTU Counter 3-11-25", "forty (40)"),
        (
            "brought back",
            "LTU Counter 3-11-25",
            AIDES,
        ),
        ("own wording struck", "LTU Counter 5-6-25", "grades TK and one"),
    }
    assert turns(status(run, "Evening Events")) == {
        ("own wording struck", "LTU Counter 5-13-25", ", or fifteen (15) dollars"),
        ("brought back", "LTU Counter 5-13-25", "eight"),
    }
    parking = turns(status(run, "Parking"))
    assert {kind for kind, _, _ in parking} == {"brought back"}
    assert {label for _, label, _ in parking} == {"LTU Counter 5-20-25"}
    assert all("huttle" in text or "gymnasium" in text for _, _, text in parking)


@pytest.mark.parametrize(
    ("name", "which", "found"),
    [
        ("Class Size", "1", []),
        ("Class Size", "2", [("unmarked-replacement", "forty (40)", "twenty (20)")]),
        ("Class Size", "3", []),
        ("Class Size", "4", [("unmarked-replacement", "forty (40)", "thirty (30)")]),
        ("Class Size", "5", []),
        ("Class Size", "6", []),
        ("Evening Events", "2", []),
        ("Evening Events", "3", [("marked-though-there", "evening", "")]),
        ("Evening Events", "LTU Counter 5-13-25", []),
        ("Parking", "2", []),
        ("Parking", "3", []),
        ("Parking", "LTU Counter 5-20-25", [("unmarked-insertion", "", "in the lower lot")]),
    ],
)
def test_what_nobody_marked(
    filed: Path, run: Run, name: str, which: str, found: list[tuple[str, str, str]]
) -> None:
    del filed
    assert checked(run, name, which) == found


def test_the_final_print_is_not_what_was_agreed(filed: Path, run: Run) -> None:
    del filed
    final = next((EXAMPLES / "binder-final").iterdir())
    assert checked(run, "Class Size", str(final), "--ta", "Tentative Agreement 6-3-25") == [
        ("unmarked-replacement", "thirty (30)", "thirteen (13)")
    ]


def test_an_exhibit_of_every_clause_of_it(filed: Path, run: Run) -> None:
    del filed
    for clause in ("1.0", "2.0", "3.0", "4.0"):
        done = run("exhibit", "-c", "Class Size", "--clause", clause, "-o", f"{clause}.html")
        assert done.code == 0, done.err
