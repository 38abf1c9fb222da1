"""The corpora of fuzzing, read again: each file is read or refused, within limits."""

import subprocess
import sys

import pytest

import targets

pytest.importorskip("resource", reason="limits on a process")
MOST = 400_000  # bytes of all corpora


@pytest.mark.parametrize("target", targets.TARGETS)
def test_every_file_of_a_corpus_is_read_or_refused_within_limits(target: str) -> None:
    command = [sys.executable, targets.__file__, target]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = done.stdout.split("\n")[-2:-1]
    assert (done.returncode, last) == (0, ["all"]), f"{last}: {done.stderr[-2000:]}"


def test_the_corpora_are_small_and_there_is_one_for_each_target() -> None:
    files = [path for path in targets.CORPORA.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} == set(targets.TARGETS)
    assert sum(path.stat().st_size for path in files) < MOST


def test_what_a_target_wraps_is_taken_for_what_it_is() -> None:
    """A corpus whose first file is refused at the door would try nothing behind it."""
    for target, name in {
        "docx": "body.xml",
        "journal": "every-kind.txt",
        "bundle": "every-kind.txt",
        "record": "one-paper.sqlite",
        "restated": "every-kind.md",
        "instructions": "every-kind.md",
        "bundle-zip": "bundle.zip",
    }.items():
        assert not targets.refused(target, (targets.CORPORA / target / name).read_bytes())
