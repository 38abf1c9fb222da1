"""A chain as a git repository, checked with git itself."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargaining import Chain
from bargaining.cli.demo import example
from bargaining.readers import read
from bargaining.writers.git import fast_import, file_name
from shell import Run

GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(GIT is None, reason="git is not installed.")


def git(folder: Path, *arguments: str, stream: bytes = b"") -> bytes:
    plain = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": os.environ["PATH"],
    }
    asked = [str(GIT), "-C", str(folder), *arguments]
    done = subprocess.run(asked, input=stream, capture_output=True, check=True, env=plain)
    return done.stdout


def repository(folder: Path, chain: Chain) -> Path:
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "fast-import", "--quiet", stream=fast_import(chain))
    git(folder, "fsck", "--strict")
    return folder


def log(folder: Path, form: str) -> list[str]:
    said = git(folder, "log", "--reverse", f"--format={form}", "--date=short", "main")
    return said.decode().splitlines()


NAME = "School Library Hours and Staffing"
LABELS = {
    1: "RTA Proposal 9-12-24",
    2: "District Counter 10-10-24",
    3: "RTA Verbal Counter 10-29-24",
    4: "District Counter 11-21-24",
    5: "RTA Counter 1-16-25",
    6: "District Counter 2-27-25",
    7: "RTA Counter 4-3-25",
    8: "District Counter 5-22-25",
}


def the_example() -> Chain:
    papers = {int(name[0]): read(data, name=name) for name, data in example().items()}
    rungs = [(label, papers.get(n)) for n, label in LABELS.items()]
    return Chain.from_papers(rungs, base=papers[0], name="School Library Hours & Staffing")


def test_each_paper_is_a_commit_by_its_party_on_its_date(tmp_path: Path) -> None:
    chain = the_example()
    folder = repository(tmp_path / "out", chain)
    assert log(folder, "%an %ad %s") == [
        "current language 2024-09-12 Current language",
        "RTA 2024-09-12 RTA Proposal 9-12-24",
        "District 2024-10-10 District Counter 10-10-24",
        "District 2024-11-21 District Counter 11-21-24",
        "RTA 2025-01-16 RTA Counter 1-16-25",
        "RTA 2025-04-03 RTA Counter 4-3-25",
        "District 2025-05-22 District Counter 5-22-25",
    ]
    assert log(folder, "%b")[3:5] == ["Not on file before it: RTA Verbal Counter 10-29-24.", ""]


def test_every_text_comes_out_of_git_exactly(tmp_path: Path) -> None:
    chain = the_example()
    folder = repository(tmp_path / "out", chain)
    texts = [chain.text(0), *(chain.text(r.rung) for r in chain if r.on_file)]
    for commit, text in zip(log(folder, "%H"), texts, strict=True):
        assert git(folder, "show", f"{commit}:{file_name(chain)}") == text.encode()


def test_blame_names_parties(tmp_path: Path) -> None:
    chain = the_example()
    folder = repository(tmp_path / "out", chain)
    blamed = git(folder, "blame", "--porcelain", "main", "--", file_name(chain)).decode()
    assert {"author RTA", "author District"} <= set(blamed.splitlines())


def test_the_same_chain_gives_the_same_commits(tmp_path: Path) -> None:
    one, two = (repository(tmp_path / name, the_example()) for name in ("one", "two"))
    assert log(one, "%H") == log(two, "%H")


HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>\n\0\x1b\u202e\"'\\/.."),
    max_size=20,
)


@settings(max_examples=15)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_names_and_texts_stay_names_and_texts(
    tmp_path_factory: pytest.TempPathFactory, name: str, label: str, text: str
) -> None:
    chain = Chain.from_texts([(f"A{label}", text), (f"B{label}", f"{text}x")], name=name)
    folder = repository(tmp_path_factory.mktemp("git") / "out", chain)
    assert git(folder, "ls-tree", "--name-only", "main").decode() == f"{file_name(chain)}\n"
    assert git(folder, "show", f"main:{file_name(chain)}") == f"{text}x".encode()
    assert len(log(folder, "%H")) == 2


def test_the_command_makes_a_repository_or_nothing(filed: Run, tmp_path: Path) -> None:
    done = filed("export", "--git", "hours")
    assert done.code == 0
    assert "git blame school-library-hours-and-staffing.txt" in done.out
    shown = (tmp_path / "hours" / "school-library-hours-and-staffing.txt").read_text("utf-8")
    assert shown == filed("show", "8").out
    assert git(tmp_path / "hours", "status", "--short") == b""
    assert filed("export", "--git", "hours").code == 5
    assert filed("export", "other", "--chain", "library").code == 2
    assert filed("export", "--git", "x.zip").code == 2
    assert filed("export", "--git", "x", "--chain", "nothing like it").code == 1
    assert not (tmp_path / "x").exists()


def test_what_was_filed_again_or_taken_back_is_said(filed: Run, tmp_path: Path) -> None:
    entries = json.loads(filed("log", "--journal", "--json").out)
    numbers = {e["body"]["label"]["text"]: e["seq"] for e in entries}
    (tmp_path / "again.txt").write_text("1.0 Another text.\n")
    for arguments in (
        ("again.txt", "--label", LABELS[5], "--correct", "--whole", "--chain", NAME),
        ("--retract", str(numbers[LABELS[7]]), "--because", "Another file."),
    ):
        assert filed("add", *arguments).code == 0
    assert filed("export", "--git", "hours").code == 0
    said = log(tmp_path / "hours", "%b")
    assert f"Filed again: corrects entry {numbers[LABELS[5]]}." in said
    gone = f"{LABELS[7]}; its paper was retracted (entry {len(entries) + 2})."
    assert f"Not on file before it: {gone}" in said
