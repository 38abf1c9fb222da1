"""What the heaviest inputs take that are still read: time and memory, reader by reader.

    python bench/heaviest.py            print the figures
    python bench/heaviest.py --write    put them into docs/security.md

Strategy: each input is as large as a limit lets it be, and of what was found to be slow or large
for its size. Each is read in a process of its own.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pages

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

import documents  # its place is known only now
import targets
from bargaining.errors import BargainingError
from bargaining.readers import MAX_BYTES, read
from bargaining.record.bundle_files import FEW_BYTES, MOST_FILES, MOST_OF_ENTRY, MOST_RATIO

PAGE: Final = pages.PAGE.with_name("security.md")
PIECES: Final = 249_000  # lines or signs, of which a quarter of a million are read
TAGS: Final = 2_990_000  # of three million
RUNGS: Final = 20_000
OF_LISTS: Final = 59_000_000  # bytes of a manifest, for as many files as may be
WORDS: Final = (
    "by from to for on re RTA District Counter Proposal ( ) | - – No. 5-19-25 May 5, 2025 revised "
    "New joint and TA response against § 2 : ,"
).split()
PARAGRAPH: Final = "<w:p><w:r><w:t>a b.</w:t></w:r></w:p>"
CHANGED: Final = (
    "<w:p><w:del><w:r><w:delText>a</w:delText></w:r></w:del>"
    "<w:ins><w:r><w:t>b</w:t></w:r></w:ins></w:p>"
)


def filled(unit: str, most: int = PIECES) -> bytes:
    """Return a clause and a unit again and again, as often as is read."""
    one = unit.encode()
    return b"1.0 A key.\n" + one * min(most, (MAX_BYTES - 99) // len(one))


def like_labels() -> bytes:
    """Return lines of words that labels are made of, each other than the others."""
    chance = random.Random(1)  # noqa: S311 - the same lines each time
    lines = (" ".join(chance.choices(WORDS, k=14))[:64] for _ in range(PIECES))
    return "\n".join(lines).encode()


def document(unit: str, times: int, part: str = "word/document.xml") -> bytes:
    """Return a Word document with something in one of its parts again and again."""
    with zipfile.ZipFile(io.BytesIO(documents.document(documents.p(documents.r("A."))))) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    end = b"</w:body>" if part == "word/document.xml" else b"</w:styles>"
    head, _, tail = parts[part].partition(end)
    return targets.packed({**parts, part: head + unit.encode() * times + end + tail})


def ladder() -> bytes:
    rungs = (f"Guild Counter #{n % 999} {1 + n % 12}-1-{2000 + n % 99}" for n in range(PIECES))
    return "\n".join(rungs).encode()


def rungs() -> bytes:
    """Return the entries of rungs without a paper, each after the one before."""
    said = {"entered": "2025-01-06T12:00:00Z", "by": "", "reported_by": "", "chain": "Keys"}
    bodies = (
        {**said, "kind": "rung", "label": {"text": f"Offer {n}"}, "after": f"Offer {n - 1}"}
        for n in range(RUNGS)
    )
    return "\n".join(map(json.dumps, bodies)).encode()


def filing(n: int, **said: object) -> bytes:
    """Return the entry of a paper that says nothing much, or what is stated."""
    read = {"format": "text", "title": [], "ladder": [], "runs": [], "parts": [], "doubts": []}
    stated = {"entered": "2025-01-06T12:00:00Z", "by": "", "chain": "Keys", "base": False}
    label = {"text": f"Guild Counter #{n}"}
    empty = dict.fromkeys(("after", "inserted_by", "corrects"))
    held = {
        "kind": "filing",
        "label": label,
        "name": "a",
        "paper": read,
        "original": "",
        "text": "",
    }
    return json.dumps({**stated, **empty, **held, **said}).encode()


def bundled() -> bytes:
    """Return a bundle of papers that unpack to as much as is read of a zip so small."""
    filings = range(1, FEW_BYTES // MAX_BYTES)
    files = {f"originals/{n:04}": bytes(MAX_BYTES) for n in filings}
    files |= {f"texts/{n:04}.txt": b"" for n in filings}
    files["journal.txt"] = b"\n".join(map(filing, filings))
    return targets.packed(targets.sealed(files))


def weight() -> bytes:
    """Return bytes that no zip packs, as many as one with so much in it must have."""
    return random.Random(1).randbytes(FEW_BYTES // MOST_RATIO)  # noqa: S311 - the same each time


def long_entry() -> bytes:
    """Return a bundle of one entry that is as long as any may be, and of one paper."""
    files = {"originals/0001": weight(), "texts/0001.txt": b""}
    files["journal.txt"] = filing(1, by="a" * (MOST_OF_ENTRY - 999))
    return targets.packed(targets.sealed(files))


def line_feeds() -> bytes:
    """Return a bundle with a journal of empty lines."""
    files = {"originals/0001": weight(), "README.txt": b""}
    files["journal.txt"] = b"\n" * (FEW_BYTES - len(weight()) - 9999)
    return targets.packed({"manifest.json": targets.manifest(files, f"0 {'0' * 64}"), **files})


def lists() -> bytes:
    """Return a bundle with a manifest of empty lists, and as many files as may be in one."""
    papers = range(1, MOST_FILES // 2 - 1)
    files = {f"originals/{n:04}": b"" for n in papers} | {f"texts/{n:04}.txt": b"" for n in papers}
    values = b"[" + b"[]," * (OF_LISTS // 3) + b"0]"
    return targets.packed({"manifest.json": values, "journal.txt": b"", "README.txt": b"", **files})


def paper(format_: str) -> Callable[[bytes], object]:
    return lambda data: read(data, format=format_)


INPUTS: Final[dict[str, tuple[str, Callable[[bytes], object], Callable[[], bytes]]]] = {
    "lines like labels": ("text", paper("text"), like_labels),
    "spaces": ("text", paper("text"), lambda: filled(" ", MAX_BYTES) + b"b"),
    "bars": ("text", paper("text"), lambda: filled("| ", MAX_BYTES)),
    "letters beyond Latin": ("text", paper("text"), lambda: filled("a \N{BELL}", MAX_BYTES)),
    "lines like these, with marks": ("Markdown", paper("markdown"), like_labels),
    "struck words": ("Markdown", paper("markdown"), lambda: filled("~~a b~~ c\n", PIECES // 2)),
    "headings": ("Markdown", paper("markdown"), lambda: filled("1. **A&amp;:** ~~x~~\n", 40_000)),
    "comments": ("CriticMarkup", paper("criticmarkup"), lambda: filled("<!-- ~~a~~ ", 80_000)),
    "marks": ("CriticMarkup", paper("criticmarkup"), lambda: filled("{++a++} b ", PIECES // 2)),
    "paragraphs": ("Word", paper("docx"), lambda: document(PARAGRAPH, 83_000)),
    "changes": ("Word", paper("docx"), lambda: document(CHANGED, 49_000)),
    "tables": ("Word", paper("docx"), lambda: document("<w:tbl/>", TAGS)),
    "attributes": ("Word", paper("docx"), lambda: document('<w:a w:b=""/>', TAGS // 2)),
    "styles": ("Word", paper("docx"), lambda: document("<w:style/>", TAGS, "word/styles.xml")),
    "rungs": ("ladders", targets.ladders, ladder),
    "originals": ("a bundle", targets.bundle_zip, bundled),
    "a long entry": ("a bundle", targets.bundle_zip, long_entry),
    "line feeds": ("a bundle", targets.bundle_zip, line_feeds),
    "lists": ("a bundle", targets.bundle_zip, lists),
    "one after the other": (f"{RUNGS:,} rungs of a record", targets.order, rungs),
}


def child(name: str) -> None:
    """Read one input, and print what it took, beside what making it took."""
    _, reads, made = INPUTS[name]
    data = made()
    start = time.process_time()
    try:
        reads(data)
        said = "read"
    except BargainingError as error:
        said = str(error)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps([time.process_time() - start, memory, len(data), said]))


def report() -> str:
    most: dict[str, list[tuple[float, int, str]]] = {}
    for name, (reader, _, _) in INPUTS.items():
        command = [sys.executable, __file__, "--child", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds, memory, size, said = json.loads(done.stdout)
        print(
            f"{reader}: {name}: {seconds:.1f} s, {memory} MiB, {size:,} bytes: {said}", flush=True
        )
        most.setdefault(reader, []).append((seconds, memory, name))
    rows = [
        [reader, f"{max(found)[0]:.0f}", max(found)[2], f"{max(m for _, m, _ in found):,}"]
        for reader, found in most.items()
    ]
    head = ["what is read", "most CPU seconds", "of", "most memory, MiB"]
    return f"{pages.machine()}\n\n{pages.table(head, rows)}"


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2])
        return
    text = report()
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/heaviest.py", text, PAGE)


if __name__ == "__main__":
    os.environ["BARGAIN_CACHE"] = ""
    main()
