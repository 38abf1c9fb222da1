"""The command line, run in a folder of its own: fixtures for the tests of commands."""

import io
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from bargaining.cli import main
from bargaining.cli.demo import example


@attrs.frozen
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Run `bargain` in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("BARGAIN_USER", "tester")
    monkeypatch.setenv("BARGAIN_DEBUG", "1")  # a fault shows as a traceback here
    for name in ("BARGAIN_RECORD", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return Done(caught.value.code or 0, out.decode(), err.decode())  # type: ignore[arg-type]

    return call


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """The example as files: the base apart from the papers."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, data in example().items():
        target = tmp_path / "base.md" if name.startswith("0") else folder / name
        target.write_bytes(data)
    return folder


@pytest.fixture
def filed(run: Run, papers: Path) -> Run:
    """A run in a folder where the example is filed."""
    assert run("add", "base.md", "--base").code == 0
    assert run("add", str(papers)).code == 0
    return run
