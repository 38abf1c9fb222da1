"""How long a Word redline takes, whether it is exact, and how much it marks, beside its peers.

    pip install --group bench '.[docx]'
    python bench/redlines.py            print the table
    python bench/redlines.py --write    put it into docs/benchmarks.md
    python bench/redlines.py --quick    without the large pair, and without LibreOffice

Strategy: every tool takes two files and writes a third, in this process and in turn with the
others (python-redlines starts a program of its own, as it always does). Ours forgets between runs
what it keeps for a second paper. An output is exact when its paragraphs, with all marks accepted,
are those of the newer document, and with all rejected those of the older one: as our reader has
them, and as LibreOffice does. What is marked is counted in characters, and set against what a
plain word diff of the two texts needs.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import io
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from unittest import mock

import attrs
import pages
from diff_match_patch import diff_match_patch
from negotiations import WORD
from pairs import LARGE, PAIRS, Pair

import office  # beside the tests, whose place `pairs` knows
from bargaining import Chain, read
from bargaining.errors import BargainingError
from bargaining.word.file.numbering import Numbering
from bargaining.word.file.package import Package
from bargaining.word.file.readings import view
from bargaining.word.file.story import Paragraph, Story, read_story

RUNS: Final = 11
LARGE_RUNS: Final = 5
LABELS: Final = ("Union Proposal 9-12-2024", "District Counter 10-10-2024")
_TOKEN: Final = re.compile(rf"{WORD.pattern}|\s")  # `fifty-five` is one word
_LABEL: Final = re.compile(r"(?:\d+\.\d+|[a-z]\.|\([a-z]\)) ")  # LibreOffice keeps another's
_ERRORS: Final = (BargainingError, OSError, ValueError, AssertionError, office.OfficeError)

Tool = Callable[[Path, Path, Path], None]


# The tools: each reads an older and a newer file, and writes a third.


def bargaining(old: Path, new: Path, out: Path) -> None:
    from bargaining.word.writer.documents import Original, redline_docx  # noqa: PLC0415

    before, data = old.read_bytes(), new.read_bytes()
    papers = read(before, name=old.name), read(data, name=new.name)
    chain = Chain.from_papers(list(zip(LABELS, papers, strict=True)))
    out.write_bytes(redline_docx(chain.redline(1, 2), Original(data), Original(before)))


def trackdiff(old: Path, new: Path, out: Path) -> None:
    from docx_trackdiff.compare import main  # noqa: PLC0415 - as all tools

    words = ["docx-trackdiff", str(old), str(new), str(out), "--author", "District"]
    with mock.patch.object(sys, "argv", words), contextlib.redirect_stdout(io.StringIO()):
        main()


def trackdiff_checked(old: Path, new: Path, out: Path) -> None:
    """Also read the output back, as ours always does before it writes."""
    from docx_trackdiff.verify import main  # noqa: PLC0415 - as all tools

    trackdiff(old, new, out)
    words = ["docx-trackdiff-verify", str(out), str(old), str(new)]
    with (
        mock.patch.object(sys, "argv", words),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.suppress(SystemExit),  # it ends the program, whatever it found
    ):
        main()


def python_redlines(old: Path, new: Path, out: Path) -> None:
    out.write_bytes(engine().run_redline("District", old, new)[0])


class Engine(Protocol):
    """What is asked of python-redlines."""

    def run_redline(
        self, author: str, old: Path, new: Path
    ) -> tuple[bytes, str | None, str | None]:
        """Return the redline, and what the program said."""


@functools.cache
def engine() -> Engine:
    from python_redlines import DocxodusEngine  # noqa: PLC0415 - as all tools

    made: Engine = DocxodusEngine()
    return made


TOOLS: Final[dict[str, Tool]] = {
    "bargaining": bargaining,
    "docx-trackdiff 1.0.0": trackdiff,
    "docx-trackdiff 1.0.0 and its verifier": trackdiff_checked,
    "python-redlines 2.0.0": python_redlines,
}


def forget() -> None:
    """Empty what our modules keep from one paper to the next."""
    ours = [module for name, module in sys.modules.items() if name.startswith("bargaining")]
    for kept in [kept for module in ours for kept in vars(module).values()]:
        if isinstance(kept, functools._lru_cache_wrapper):  # noqa: SLF001 - it has no public name
            kept.cache_clear()
    gc.collect()


# What a document says.


class Said(NamedTuple):
    """The paragraphs of a document in one view: text and notes, then headers and footers."""

    text: tuple[str, ...]
    margins: tuple[str, ...]


def stories(data: bytes) -> tuple[Story, Story]:
    story = read_story(Package.open(data))
    return story, attrs.evolve(story, paragraphs=story.margins)


def said(data: bytes, *, accept: bool, numbers: bool = True) -> Said:
    found = stories(data)
    if not numbers:
        found = (attrs.evolve(found[0], numbering=Numbering()), found[1])
    return Said(*(view(story, accept=accept) for story in found))


def is_exact(pair: Pair, data: bytes) -> tuple[bool, bool]:
    """Say whether our reader finds the newer document in it, and the older one."""
    return (
        said(data, accept=True) == said(pair.new, accept=True),
        said(data, accept=False) == said(pair.old, accept=True),
    )


def is_exact_in_office(pair: Pair, data: bytes) -> tuple[bool, bool]:
    """Say the same by LibreOffice, the numbers of lists left out."""
    found = asked(data)
    return found[0] == asked(pair.new)[0], found[1] == asked(pair.old)[0]


@functools.lru_cache(32)
def asked(data: bytes) -> tuple[list[str], list[str]]:
    """Return what LibreOffice shows, accepted and rejected."""
    every = running().texts(data)._asdict()
    sides: tuple[list[str], list[str]] = ([], [])
    for name, lines in every.items():
        sides[name.startswith("rejected")].extend(_LABEL.sub("", line, count=1) for line in lines)
    return sides


@functools.cache
def running() -> office.Office:
    found = office.Office()
    atexit.register(found.close)
    return found


# How much is marked.


def marked(data: bytes) -> int:
    """Count the characters that are inserted or struck; the end of a paragraph is one."""
    return sum(_marked(paragraph) for story in stories(data) for paragraph in story.paragraphs)


def _marked(paragraph: Paragraph) -> int:
    texts = (a.text for a in paragraph.atoms if (a.inserted is None) != (a.struck is None))
    return sum(map(len, texts)) + ((paragraph.inserted is None) != (paragraph.struck is None))


def needed(pair: Pair) -> int:
    """Count the characters that a plain word diff of the two texts inserts and strikes."""
    old, new = (said(each, accept=True, numbers=False) for each in pair)
    words: dict[str, str] = {}
    rows = [
        "".join(words.setdefault(word, chr(0x100 + len(words))) for word in _TOKEN.findall(text))
        for text in ("\n".join((*side.text, *side.margins)) for side in (old, new))
    ]
    differ = diff_match_patch()
    differ.Diff_Timeout = 0
    sizes = {sign: len(word) for word, sign in words.items()}
    changes = differ.diff_main(*rows, checklines=False)
    return sum(sizes[sign] for kind, signs in changes if kind for sign in signs)


# Measuring.


@attrs.define
class Measured:
    """What one tool did with one pair."""

    times: list[float] = attrs.Factory(list)
    failed: str = ""


def measure(pair: Pair, folder: Path, runs: int) -> dict[str, Measured]:
    """Run every tool in turn; the first turn is a warm-up."""
    old, new = folder / "old.docx", folder / "new.docx"
    old.write_bytes(pair.old)
    new.write_bytes(pair.new)
    found = {name: Measured() for name in TOOLS}
    for turn in range(runs + 1):
        for name, measured in found.items():
            if measured.failed:
                continue
            forget()
            start = time.perf_counter()
            try:
                TOOLS[name](old, new, folder / f"{name}.docx")
            except Exception as error:  # noqa: BLE001 - a peer may fail as it likes; the table says
                measured.failed = f"{type(error).__name__}: {error}".replace("\n", " ")[:80]
            if turn:
                measured.times.append(time.perf_counter() - start)
    return found


def rows(name: str, pair: Pair, *, with_office: bool) -> Iterator[list[str]]:
    plain = needed(pair)
    with tempfile.TemporaryDirectory() as folder:
        runs = LARGE_RUNS if name == LARGE else RUNS
        for tool, measured in measure(pair, Path(folder), runs).items():
            if measured.failed:
                yield [f"{name}: {tool}", measured.failed, "", "", "", ""]
                continue
            data = (Path(folder) / f"{tool}.docx").read_bytes()
            count = marked(data)
            yield [
                f"{name}: {tool}",
                f"{statistics.median(measured.times):.3f}",
                ticks(is_exact, pair, data),
                ticks(is_exact_in_office, pair, data) if with_office else "–",
                f"{count:,}",
                f"{count / plain:.2f}",
            ]


def ticks(judge: Callable[[Pair, bytes], tuple[bool, bool]], pair: Pair, data: bytes) -> str:
    try:
        return " ".join("✓" if held else "✗" for held in judge(pair, data))
    except _ERRORS as error:
        return f"not read ({type(error).__name__})"


def report(names: Sequence[str], *, with_office: bool) -> str:
    head = ["pair: tool", "s", "our reader", "LibreOffice", "marked", "of a word diff"]
    every = [row for name in names for row in rows(name, PAIRS[name](), with_office=with_office)]
    about = (
        f"{pages.machine()} Median of {RUNS} runs, of {LARGE_RUNS} for the large pair. Ticks: all "
        "marks accepted, and all rejected, are the newer and the older text. Marked: characters, "
        "and how many times what a word diff of the two texts needs."
    )
    return f"{about}\n\n{pages.table(head, every)}"


def main() -> None:
    quick = "--quick" in sys.argv
    names = [name for name in PAIRS if not (quick and name == LARGE)]
    text = report(names, with_office=office.available() and not quick)
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/redlines.py", text)


if __name__ == "__main__":
    main()
