"""Filing and asking in records of thousands of documents, in a file and on a server.

    python bench/archive.py [DOCUMENTS …]             print the figures (default: 100 1000)
    python bench/archive.py [DOCUMENTS …] --write     put them into docs/benchmarks.md

`BARGAIN_POSTGRES` names a server on which databases may be made; without it, files are measured.

Strategy: documents of some 200 words, ten papers each, one document a transaction, the same in each
store. Commands are whole processes, timed from outside, in turn with each other; the median is what
is quoted. The peer is git, with a file for each document and a commit for each paper, asked which
commits changed how often a wording occurs (`git log -S`), the nearest that it has to `who`.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pages

from bargaining.record import Record, Submission

NAMES = {"file": "in a file", "server": "on a server"}
PAPERS = 10
RUNS = 5
CLAUSES, WORDS = 8, 25
SERVER = os.environ.get("BARGAIN_POSTGRES", "")
VOCABULARY = (
    "teacher librarian counselor nurse site class grade assignment caseload stipend calendar "
    "vacancy grievance meeting salary roster period duty record request position device room "
    "training observation member committee hour week semester report budget notice facility shall "
    "may provide assign review schedule notify reimburse post grant approve maintain each every "
    "within days"
).split()


def texts(document: int) -> Iterator[str]:
    """Ten revisions of a document; one word of it stands in no other."""
    chance = random.Random(document)  # noqa: S311 - the same documents each time
    clauses = [[chance.choice(VOCABULARY) for _ in range(WORDS)] for _ in range(CLAUSES)]
    clauses[3][5] = f"only{document}"
    for _ in range(PAPERS):
        for _ in range(3):
            clauses[chance.choice([0, 1, 2, 4, 5, 6, 7])][chance.randrange(WORDS)] = chance.choice(
                VOCABULARY
            )
        lines = (f"{n}.0 {' '.join(words).capitalize()}." for n, words in enumerate(clauses, 1))
        yield "\n\n".join(lines) + "\n"


def papers(document: int) -> list[Submission]:
    return [
        Submission(
            data=text.encode(),
            name="paper.md",
            label=f"{('Guild', 'District')[n % 2]} Proposal {n + 1}-1-25",
            chain=f"Article {document}: {VOCABULARY[document % 40].capitalize()}",
        )
        for n, text in enumerate(texts(document))
    ]


def fill(place: str, documents: int) -> float:
    """File the papers of all documents; return the seconds that it took."""
    start = time.perf_counter()
    with Record.open(place, write=True) as record:
        for document in range(documents):
            record.file_all(papers(document), by="bench")
            if sys.stderr.isatty():
                print(f"\r{place}: {document + 1:,}", end="", file=sys.stderr)
    return time.perf_counter() - start


def git(folder: Path, documents: int) -> float:
    """Make the same history for git; return the seconds that it took."""
    start = time.perf_counter()
    subprocess.run(["git", "init", "-q", folder], check=True)
    with subprocess.Popen(
        ["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE
    ) as importer:
        assert importer.stdin is not None  # noqa: S101 - as it was asked for
        for document in range(documents):
            for text in texts(document):
                data = text.encode()
                importer.stdin.write(
                    b"commit refs/heads/main\ncommitter a <a> 0 +0000\ndata 0\n\n"
                    b"M 644 inline %d.txt\ndata %d\n%s\n" % (document, len(data), data)
                )
        importer.stdin.close()
    return time.perf_counter() - start


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode not in {0, 1}:  # 1: a wording that is nowhere
        raise SystemExit(done.stderr.decode())
    return time.perf_counter() - start


def asked(place: str, documents: int, cache: Path) -> dict[str, float]:
    """The commands, timed in turn; the first time apart, when nothing was worked out yet."""
    middle = documents // 2
    bargain = [sys.executable, "-m", "bargaining"]
    chain = ["-c", f"Article {middle}:"]
    commands = {
        "log": [*bargain, "log", *chain],
        "blame": [*bargain, "blame", *chain],
        "who, in one document": [*bargain, "who", f"only{middle}"],
        "who, in none": [*bargain, "who", "notwithstanding the foregoing"],
    }
    environment = os.environ | {"BARGAIN_RECORD": place, "BARGAIN_CACHE": str(cache)}
    found = {"who, the first time": seconds(commands["who, in one document"], environment)}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS + 1):
        for name, command in commands.items():
            times[name].append(seconds(command, environment))
    found |= {name: statistics.median(values[1:]) for name, values in times.items()}
    paper = cache.parent / "one more.md"
    paper.write_text("1.0 One more.\n", encoding="utf-8")
    add = [*bargain, "add", paper, "--label", "Guild Proposal 12-24-25", "-c"]
    found["add, one paper"] = seconds(
        [*map(str, add), f"Article {middle}: {VOCABULARY[middle % 40].capitalize()}"], environment
    )
    found["verify"] = seconds([*bargain, "verify"], environment)
    return found


def measured(kind: str, documents: int, folder: Path) -> dict[str, float]:
    place = str(folder / "record.db")
    name = f"bench_{uuid.uuid4().hex}"
    if kind == "server":
        place = re.sub(r"^(\w+://[^/]*/)[^?]*", lambda found: found[1] + name, SERVER)
        _ask_server(f"CREATE DATABASE {name}")
    try:
        took = {"file, each paper": fill(place, documents) / (documents * PAPERS)}
        return took | asked(place, documents, folder / "cache")
    finally:
        if kind == "server":
            _ask_server(f"DROP DATABASE {name} WITH (FORCE)")


def _ask_server(statement: str) -> None:
    import psycopg  # noqa: PLC0415 - an extra

    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement.encode())


def peer(documents: int, folder: Path) -> dict[str, float]:
    repository = folder / "git"
    git(repository, documents)
    ask = ["git", "-C", str(repository), "log", "--format=%an", "main", "-S"]
    return {
        "who, in one document": seconds([*ask, f"only{documents // 2}"], dict(os.environ)),
        "who, in none": seconds([*ask, "notwithstanding the foregoing"], dict(os.environ)),
    }


def row(name: str, cells: Sequence[dict[str, float]]) -> list[str]:
    return [name, *(f"{cell[name]:.3g}" if name in cell else "" for cell in cells)]


def report(sizes: Sequence[int]) -> str:
    parts = [pages.machine(), "Seconds."]
    for documents in sizes:
        with tempfile.TemporaryDirectory() as folder:
            kinds = ["file", "server"] if SERVER else ["file"]
            columns = []
            for kind in kinds:
                own = Path(folder) / kind
                own.mkdir()
                columns.append(measured(kind, documents, own))
            columns.append(peer(documents, Path(folder)))
        rows = [row(name, columns) for name in columns[0]]
        head = ["", *(NAMES[kind] for kind in kinds), "`git log -S`"]
        parts.append(f"### {documents:,} documents × {PAPERS} papers\n\n{pages.table(head, rows)}")
    return "\n\n".join(parts)


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()] or [100, 1000]
    text = report(sizes)
    print(text)
    if "--write" in sys.argv:
        pages.write("bench/archive.py", text)


if __name__ == "__main__":
    main()
