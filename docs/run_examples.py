"""Run the examples of the documents, and compare what they print with what the documents show.

    python docs/run_examples.py              # compare
    python docs/run_examples.py --update     # write what is really printed into the documents

Strategy: a document is one session in an empty folder that holds a copy of `examples/`. A block
fenced as `console` holds commands behind `$ `, each with its output; one fenced as `python` is run,
and a block fenced as `text` right after it is its output. A line of output that is only `...`
stands for any number of lines. The day of an entry and the head of a record are never the same, so
both sides get fixed ones. Blocks in other languages are not run.

The commands are those of `Session`. `bargain` runs in this process, through the `main` of the
program.
"""

from __future__ import annotations

import argparse
import difflib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final
from unittest import mock

import attrs

from bargaining.cli import main as bargain

ROOT: Final = Path(__file__).parents[1]
FENCE: Final = "```"
_ENVIRONMENT: Final = {
    "COLUMNS": "80",
    "NO_COLOR": "1",
    "BARGAIN_USER": "you",
    "BARGAIN_CACHE": ".cache",
}
_PAPER: Final = re.compile(r"cat > (?P<file>\S+) <<'(?P<end>\w+)'")
_ELISIONS: Final = frozenset({"...", "…"})
_HEAD: Final = "5f8f2e0c1d3b4a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1"
_VARYING: Final = (
    (re.compile(r"((?:on file|none: new|verbal) +)\d{4}-\d\d-\d\d"), r"\g<1>2025-06-02"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC"), "2025-06-02 09:00 UTC"),
    (
        re.compile(r'(last entry: |"(?:last_)?entered": ")[\dT:+-]{25}'),
        r"\g<1>2025-06-02T09:00:00+00:00",
    ),
    (re.compile(r'("head": ")[0-9a-f]{64}'), rf"\g<1>{_HEAD}"),
    (
        re.compile(r'((?:head: |"line": ")\d+ )[0-9a-f]{64} [\dT:+-]{25}'),
        rf"\g<1>{_HEAD} 2025-06-02T09:00:00+00:00",
    ),
)


class ExampleError(Exception):
    """An example that cannot be run."""


@attrs.frozen
class Step:
    """One command or one piece of Python, and where its output stands in the document.

    Attributes:
        line: the line of the document, counted from 1.
        code: the command without `$ `, or the Python.
        is_python: what `code` is.
        given: the text that the command is given, of a `<<'EOF'`.
        start: the index of the first line of output.
        end: the index after the last.
        has_output: True when the document has a place for output.
    """

    line: int
    code: str
    is_python: bool
    given: str
    start: int
    end: int
    has_output: bool = True


@attrs.frozen
class Mismatch:
    """An example that prints something else than its document shows."""

    document: str
    step: Step
    shown: tuple[str, ...]
    printed: tuple[str, ...]

    def __str__(self) -> str:
        changes = difflib.unified_diff(self.shown, self.printed, "shown", "printed", lineterm="")
        return "\n".join([f"{self.document}:{self.step.line}: {self.step.code}", *changes])


# What a document holds.


@attrs.frozen
class Block:
    """A fenced block: `lines[start:end]` of the document is what stands in it."""

    language: str
    start: int
    end: int


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Yield the fenced blocks of a document.

    Raises:
        ExampleError: a fence is indented or does not close.
    """
    start: int | None = None
    for n, line in enumerate(lines):
        if not line.lstrip().startswith(FENCE):
            continue
        if not line.startswith(FENCE):
            raise ExampleError(f"line {n + 1}: a fence stands at the start of its line")
        if start is None:
            start = n + 1
        else:
            yield Block(lines[start - 1].removeprefix(FENCE).strip(), start, n)
            start = None
    if start is not None:
        raise ExampleError(f"line {start}: the fence does not close")


def steps(lines: Sequence[str]) -> Iterator[Step]:
    """Yield what is to be run, in the order of the document."""
    found = list(blocks(lines))
    for block, after in zip(found, [*found[1:], None], strict=False):
        if block.language == "console":
            yield from _console_steps(lines, block)
        elif block.language == "python":
            yield _python_step(lines, block, after)


def _python_step(lines: Sequence[str], block: Block, after: Block | None) -> Step:
    output = after if after and _is_output(lines, block, after) else None
    return Step(
        line=block.start + 1,
        code="\n".join(lines[block.start : block.end]),
        is_python=True,
        given="",
        start=output.start if output else block.end,
        end=output.end if output else block.end,
        has_output=output is not None,
    )


def _is_output(lines: Sequence[str], code: Block, after: Block) -> bool:
    between = lines[code.end + 1 : after.start - 1]
    return after.language == "text" and not any(line.strip() for line in between)


def _console_steps(lines: Sequence[str], block: Block) -> Iterator[Step]:
    starts = _command_lines(lines, block)
    for start, end in zip(starts, [*starts[1:], block.end], strict=True):
        command, after = _whole_command(lines, start)
        given, after = _given(command, lines, after, end)
        yield Step(start + 1, command, is_python=False, given=given, start=after, end=end)


def _command_lines(lines: Sequence[str], block: Block) -> list[int]:
    """Return the lines that start a command; what stands in a `<<'EOF'` starts none."""
    starts: list[int] = []
    until: str | None = None
    for n in range(block.start, block.end):
        if until is not None:
            until = None if lines[n] == until else until
        elif lines[n].startswith("$ "):
            starts.append(n)
            paper = _PAPER.fullmatch(lines[n][2:])
            until = paper["end"] if paper else None
    if not starts or starts[0] != block.start:
        raise ExampleError(f"line {block.start + 1}: a console block starts with a command")
    return starts


def _whole_command(lines: Sequence[str], start: int) -> tuple[str, int]:
    """Return the command with its continued lines, and the index after it."""
    after = start + 1
    command = lines[start][2:]
    while command.endswith("\\"):
        command = f"{command[:-1].rstrip()} {lines[after].strip()}"
        after += 1
    return command, after


def _given(command: str, lines: Sequence[str], after: int, end: int) -> tuple[str, int]:
    """Return the text that a command is given, and the index after it."""
    paper = _PAPER.fullmatch(command)
    if paper is None:
        return "", after
    last = lines.index(paper["end"], after, end)
    return "".join(f"{line}\n" for line in lines[after:last]), last + 1


# Running it.


class Session:
    """The commands of one document, run in the present folder.

    They are `bargain` (with `> FILE` and `< FILE`), `cat > FILE <<'EOF'`, `cat FILE`,
    `mkdir FOLDER`, `export NAME=VALUE` and `echo $?`; there is no other.
    """

    def __init__(self) -> None:
        """Start with no names defined."""
        self._code = 0
        self._names: dict[str, object] = {"__name__": "__main__"}

    def run(self, step: Step) -> str:
        """Run one step and return what it prints.

        Raises:
            ExampleError: it is no command that can be run here.
        """
        if step.is_python:
            return self._python(step)
        paper = _PAPER.fullmatch(step.code)
        if paper is not None:
            Path(paper["file"]).write_text(step.given, encoding="utf-8", newline="\n")
            return ""
        return self._command(step)

    def _python(self, step: Step) -> str:
        printed = io.StringIO()
        lined_up = "\n" * (step.line - 1) + step.code
        with redirect_stdout(printed):
            exec(compile(lined_up, "the document", "exec"), self._names)  # noqa: S102
        return printed.getvalue()

    def _command(self, step: Step) -> str:
        words, files = _redirected(step.code)
        match words:
            case ["bargain", *arguments]:
                return self._bargain(arguments, files)
            case ["cat", file]:
                return Path(file).read_text(encoding="utf-8")
            case ["mkdir", folder]:
                Path(folder).mkdir()
            case ["export", setting]:
                name, _, value = setting.partition("=")
                os.environ[name] = value
            case ["echo", "$?"]:
                return f"{self._code}\n"
            case _:
                raise ExampleError(
                    f"line {step.line}: “{step.code}” cannot be run here; "
                    "fence what is not to be run as sh"
                )
        return ""

    def _bargain(self, arguments: Sequence[str], files: dict[str, str]) -> str:
        screen, piped = _Stream(), _Stream()
        given = Path(files["<"]).read_bytes() if "<" in files else b""
        with (
            mock.patch.object(sys, "stdin", _Stream(given)),
            redirect_stdout(piped if ">" in files else screen),
            redirect_stderr(screen),
        ):
            try:
                bargain(arguments)
            except SystemExit as left:
                self._code = int(left.code or 0)
        if ">" in files:
            Path(files[">"]).write_bytes(piped.bytes)
        return screen.bytes.decode()


class _Stream(io.TextIOWrapper):
    """A text stream over bytes in memory, as stdin, stdout and stderr are."""

    def __init__(self, given: bytes = b"") -> None:
        self._bytes = io.BytesIO(given)
        super().__init__(self._bytes, encoding="utf-8", newline="\n", write_through=True)

    @property
    def bytes(self) -> bytes:
        return self._bytes.getvalue()


def _redirected(command: str) -> tuple[list[str], dict[str, str]]:
    """Return the words of a command, and the file behind each `>` and `<`."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="<>")
    lexer.whitespace_split = True
    words: list[str] = []
    files: dict[str, str] = {}
    for word in lexer:
        if word in {"<", ">"}:
            files[word] = next(lexer)
        else:
            words.append(word)
    return words, files


@contextmanager
def scratch() -> Iterator[None]:
    """Work in an empty folder that holds a copy of `examples/`, with the settings of the docs."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, _ENVIRONMENT),
        chdir(folder),
    ):
        for name in ("BARGAIN_RECORD", "BARGAIN_DEBUG"):
            os.environ.pop(name, None)
        shutil.copytree(ROOT / "examples", "examples")
        yield


# Comparing.


def same_each_time(text: str) -> str:
    """Return the text with a fixed day of entry and a fixed head."""
    for pattern, fixed in _VARYING:
        text = pattern.sub(fixed, text)
    return text


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether the lines printed are those shown, where `...` stands for any lines."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() in _ELISIONS:
            parts.append([])
        else:
            parts[-1].append(line)
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return first == list(printed)
    middle = list(printed[len(first) : len(printed) - len(last)])
    if [*first, *middle, *last] != list(printed):
        return False
    for part in parts[1:-1]:
        at = next((n for n in range(len(middle)) if middle[n : n + len(part)] == part), None)
        if at is None:
            return False
        middle = middle[at + len(part) :]
    return True


def _output(lines: Sequence[str]) -> tuple[str, ...]:
    """Return lines of output with what varies fixed, without blank lines at the end."""
    return tuple(same_each_time("\n".join(lines)).rstrip().splitlines())


def mismatches(document: Path) -> Iterator[Mismatch]:
    """Run a document, and yield what does not print what is shown.

    Raises:
        ExampleError: an example cannot be run.
    """
    lines = document.read_text(encoding="utf-8").splitlines()
    with scratch():
        session = Session()
        for step in steps(lines):
            try:
                printed = _output(session.run(step).splitlines())
            except Exception as error:
                raise ExampleError(f"{document.name}:{step.line}: {error!r}") from error
            shown = _output(lines[step.start : step.end])
            if not agrees(shown, printed):
                yield Mismatch(document.name, step, shown, printed)


def update(document: Path) -> list[Mismatch]:
    """Write what is printed into a document; return what only a person can mend.

    That is output with a `...` in it, and output of Python that is not shown at all.
    """
    lines = document.read_text(encoding="utf-8").splitlines()
    left: list[Mismatch] = []
    for found in reversed(list(mismatches(document))):
        step = found.step
        if _ELISIONS & {line.strip() for line in found.shown} or not step.has_output:
            left.append(found)
        else:
            blank = [""] * (step.end < len(lines) and lines[step.end].startswith("$ "))
            lines[step.start : step.end] = [*found.printed, *blank]
    document.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    return left[::-1]


def documents() -> list[Path]:
    """Return every document: those of the project, of docs/ and of examples/."""
    return [found for folder in (".", "docs", "examples") for found in sorted(_in(folder))]


def _in(folder: str) -> Iterator[Path]:
    return (ROOT / folder).glob("*.md")


def main() -> None:
    """Compare or update the documents; exit with 1 when something is left to mend."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write what is really printed")
    parser.add_argument("documents", nargs="*", type=Path, help="default: all of them")
    chosen = parser.parse_args()
    left = [
        mismatch
        for document in chosen.documents or documents()
        for mismatch in (update if chosen.update else mismatches)(document.resolve())
    ]
    for mismatch in left:
        print(mismatch, end="\n\n")
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()
