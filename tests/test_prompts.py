"""What cannot be read is asked at a terminal, one question at a time, and never in a pipe."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

BASE = "# Keys\n\n1.0 Keys: The office keeps the keys.\n"
BARE = "# Key Rings\n\n1.0 Rings: Every key has a ring.\n"
FIRST = "# Keys\n\nRTA Proposal 1-5-25\n\n1.0 Keys: The office keeps all keys.\n"
SECONDS = 60


def ask(folder: Path, *arguments: str, answers: tuple[str, ...] = ()) -> tuple[int, str]:
    """Run `bargain` at a terminal of its own, and answer each question that it asks."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "BARGAIN_CACHE": ""}
    done = subprocess.Popen(
        [sys.executable, "-m", "bargaining", *arguments],
        cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
    )  # fmt: skip
    os.close(theirs)
    shown, left, end = "", list(answers), time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            ready = select.select([ours], [], [], 1.0)[0]
            piece = os.read(ours, 4096).decode() if ready else ""
        except OSError:  # it is gone
            break
        shown += piece
        if left and shown.rstrip(" ").endswith(":") and not piece.endswith("\n"):
            os.write(ours, left.pop(0).encode() + b"\n")
            shown += " "
            shown += "\n"
        if not piece and done.poll() is not None:
            break
    os.close(ours)
    return done.wait(SECONDS), shown.replace("\r\n", "\n")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "0 current contract.md").write_text(BASE, "utf-8")
    (tmp_path / "in" / "1.md").write_text(FIRST, "utf-8")
    (tmp_path / "in" / "2.md").write_text(BARE, "utf-8")
    return tmp_path


def test_each_question_is_asked_with_what_is_suggested(folder: Path) -> None:
    code, shown = ask(folder, "add", "in", answers=("", "RTA Proposal 2-5-25", "Key Rings"))
    assert code == 0, shown
    assert "may be the current language" in shown
    assert "Its label, or “base” for the current language [base]:" in shown
    assert "filed: base (base of “Keys”, entry 1)" in shown
    assert "“Key Rings” is new, and may be “Keys”" not in shown
    assert "filed: RTA Proposal 2-5-25 (rung 1 of “Key Rings”, entry 3)" in shown
    assert "Keys: 2 filed, 1 asked about" in shown


def test_which_document_is_meant_is_asked(folder: Path) -> None:
    assert ask(folder, "add", "in/1.md")[0] == 0
    text = FIRST.replace("# Keys", "# Keyes").replace("1-5-25", "3-5-25")
    (folder / "3.md").write_text(text, "utf-8")
    code, shown = ask(folder, "add", "3.md", answers=("",))
    assert code == 0, shown
    assert "The document that it belongs to [Keys]:" in shown
    assert "filed: RTA Proposal 3-5-25 (rung 2 of “Keys”, entry 2)" in shown


def test_an_answer_that_is_none_is_asked_again(folder: Path) -> None:
    code, shown = ask(folder, "add", "in/2.md", answers=("", "RTA Proposal 2-5-25"))
    assert code == 0, shown
    assert shown.count("Its label, or “base”") == 2


def test_what_is_no_question_is_told(folder: Path) -> None:
    (folder / "bad.md").write_bytes(b"\xff\xfe\x00")
    code, shown = ask(folder, "add", "bad.md")
    assert code == 4
    assert "Its label" not in shown


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_in_a_pipe_or_for_json_nothing_is_asked(folder: Path, more: tuple[str, ...]) -> None:
    if more:
        code, shown = ask(folder, "add", "in", *more)
    else:
        done = subprocess.run(
            [sys.executable, "-m", "bargaining", "add", "in"],
            cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        code, shown = done.returncode, done.stderr.decode()
    assert code == 3
    assert "Its label, or" not in shown
    assert "Nothing was filed" in shown
