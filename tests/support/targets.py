"""What fuzzing tries: for each reader, what makes something of any bytes, or refuses them.

    python tests/support/targets.py TARGET    read the corpus of a target again, within limits

Strategy: what only a checksum would refuse teaches nothing. So where a zip, a hash or a digest
stands before a reader, a target takes what is inside, as text that a person can read and change,
and wraps it here, as a forger would; other targets take the bytes as they are. A target returns, or
raises a `BargainingError`; anything else is a fault, and so is more time or memory than its limits.

Used by `test_corpora.py` and, for millions of inputs, by `bench/fuzzing.py`.
"""

import atexit
import io
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bargaining.errors import BargainingError
from bargaining.labels import Label, is_before, is_rung, read_dates, read_label, same_rung_key
from bargaining.labels.kinds import read_title
from bargaining.labels.ladders import backwards, contradictions, merge
from bargaining.readers.layout import bare
from bargaining.readers.mail import header_lines, read_headers
from bargaining.record import Head, Record, Submission, bundle
from bargaining.record.journal import FORMAT, canonical, link, read_journal
from bargaining.record.stores import sqlite_file
from documents import document, p, r

CORPORA = Path(__file__).parents[1] / "corpora"
CPU_SECONDS = 60  # for a whole corpus
MEMORY = 2 * 1024**3  # bytes of addresses
_SECTION = re.compile(rb"(?:\A|\n)=== ([^\n]{1,80})\n")
_PLAIN_NAME = re.compile(r"[\w-]{1,20}(?:\.\w{1,10})?(?:/[\w-]{1,20}(?:\.\w{1,10})?)?", re.ASCII)
_NOTHING = sha256(b"").hexdigest()


def sections(data: bytes) -> tuple[bytes, dict[str, bytes]]:
    """What stands before the first line `=== name`, and what stands under each name."""
    first, *rest = _SECTION.split(data)
    names = [name.decode("utf-8", "replace") for name in rest[::2]]
    return first, dict(zip(names, rest[1::2], strict=True))


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@cache
def folder() -> Path:
    """A folder that is gone with the process."""
    path = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


# Papers: read, and filed, so that what was read can be stored and comes back.


def _filed(format_: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        with Record.in_memory() as record:
            record.file(
                Submission(
                    data=data,
                    format=format_,
                    label="Guild Proposal #1",
                    chain="Keys",
                    keep_unclosed=True,
                )
            )

    return target


def _beside_another(*, amends: str | None = None, partial: bool = False) -> Callable[[bytes], None]:
    """A paper, and under `=== before` the one that it restates or changes."""

    def target(data: bytes) -> None:
        paper, others = sections(data)
        before = Submission(
            data=others.get("before", b"1.0 Bells ring.\n\n2.0 Keys hang.\n"),
            label="Guild Proposal #1",
            chain="Keys",
            keep_unclosed=True,
            whole=True,
        )
        told = Submission(
            data=paper,
            label="School Counter #1",
            chain="Keys",
            keep_unclosed=True,
            amends=amends,
            partial=partial,
        )
        with Record.in_memory() as record:
            record.file_all([before, told])
            record.verify()
            chain = record.chain()
            revision = chain.revision("School Counter #1")
            if revision.made_of and chain.paper(revision).text != chain.text(revision):
                raise AssertionError("what was made is not what is on file")

    return target


@cache
def _plain_document() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document(p(r("@BODY@"))))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def docx(data: bytes) -> None:
    """The XML of a body, and of other parts under their names."""
    body, others = sections(data)
    parts = dict(_plain_document())
    head, _, rest = parts["word/document.xml"].partition(b"<w:body>")
    parts["word/document.xml"] = b"%s<w:body>%s%s" % (head, body, rest[rest.index(b"</w:body>") :])
    _filed("docx")(packed(parts | others))


# Labels, ladders and heads.


def labels(data: bytes) -> None:
    for line in data.decode("utf-8", "replace").split("\n"):
        label = read_label(line)
        is_rung(line)
        read_dates(line)
        same_rung_key(label, label.party)
        if is_before(label, label):
            raise AssertionError("a label is before itself")
    lines = data.decode("utf-8", "replace").split("\n")
    read_title(lines)
    read_headers([lines[n] for n in header_lines(lines, bare)])


def ladders(data: bytes) -> None:
    """Ladders with an empty line between them."""
    printed = [part.split("\n") for part in data.decode("utf-8", "replace").split("\n\n")]
    known: dict[tuple[object, ...], Label] = {}
    rows = []
    for ladder in printed:
        read = [read_label(line) for line in ladder]
        keys = [same_rung_key(label, label.party) for label in read]
        known |= dict(zip(keys, read, strict=True))
        rows.append(tuple(dict.fromkeys(keys)))
    order = merge(rows, lambda key: known[key].text)
    if set(order) != set(known) or len(order) != len(known):
        raise AssertionError("a rung is lost, or is there twice")
    list(backwards([known[key] for key in order]))
    for one, other in combinations(rows[:8], 2):
        list(contradictions(one, other, known))


def head(data: bytes) -> None:
    read = Head.read(data.decode("utf-8", "surrogateescape"))
    if Head.read(str(read)) != read:
        raise AssertionError("a head does not read back")


# Records.


def _bodies(lines: bytes) -> list[Any]:
    """The JSON of each line; one that is none stays as it is, as bytes."""
    found: list[Any] = []
    for line in lines.splitlines():
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            found.append(line)
    return found


def _linked(bodies: list[Any]) -> Iterator[tuple[int, str, str]]:
    """Rows of a journal whose hashes fit, whatever the bodies are."""
    before = FORMAT
    for n, body in enumerate(bodies, start=1):
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else canonical(body)
        with suppress(UnicodeError):
            before = link(before, text)
        yield n, text, before


def _without_digests(body: Any) -> Iterator[tuple[str, bytes]]:  # noqa: ANN401 - any JSON
    """Yield the texts that stand where a filing has digests, and put the digests there."""
    for key in ("text", "original"):
        said = body.get(key) if isinstance(body, dict) and body.get("kind") == "filing" else None
        if isinstance(said, str) and len(said) != len(_NOTHING):
            data = said.encode("utf-8", "replace")
            body[key] = sha256(data).hexdigest()
            yield key, data


def ask(record: Record) -> None:
    """Ask a record all that there is; what is refused is refused to each question."""
    for question in (_every_chain, Record.journal, Record.verify):
        with suppress(BargainingError):
            question(record)


def _every_chain(record: Record) -> None:
    for chain in record.every_chain():
        len(chain.doubts)
        for revision in chain:
            with suppress(BargainingError):
                chain.blame(revision)
        chain.who("shall")


def forged(data: bytes) -> Path:
    """A record of bodies of entries, each on a line; texts stand where their digests belong."""
    path = folder() / "journal.db"
    path.write_bytes(b"")
    bodies = _bodies(data)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    sqlite_file.create(connection)
    for body in bodies:
        for key, text in _without_digests(body):
            digest = sha256(text).hexdigest()
            if key == "original":
                row: tuple[object, ...] = (digest, len(text), zlib.compress(text))
                connection.execute("INSERT OR IGNORE INTO original VALUES (?, ?, ?)", row)
            else:
                row = (digest, _NOTHING, zlib.compress(b"+" + quote(text).encode()))
                connection.execute("INSERT OR IGNORE INTO patch VALUES (?, ?, ?)", row)
    with suppress(UnicodeError):  # half a character: SQLite does not take it
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", _linked(bodies))
    connection.execute("COMMIT")
    connection.close()
    return path


def journal(data: bytes) -> None:
    with Record.open(forged(data)) as record:
        ask(record)


def order(data: bytes) -> None:
    """Only the order of the rungs."""
    with Record.open(forged(data)) as record:
        list(record.chain())


def database_file(data: bytes) -> None:
    path = folder() / "file.db"
    path.write_bytes(data)
    with Record.open(path) as record:
        ask(record)


# Bundles.


def _restored(path: Path) -> None:
    with Record.in_memory() as record, bundle.load(path) as files:
        bundle.restore(files, record)


def bundle_zip(data: bytes) -> None:
    path = folder() / "bundle.zip"
    path.write_bytes(data)
    _restored(path)


def bundle_files(data: bytes) -> None:
    """The files of a bundle under their names; every digest that is not stated is made to fit."""
    _, files = sections(data)
    files = sealed(files)
    with suppress(BargainingError):
        bundle_zip(packed(files))
    place = folder() / "bundle"
    shutil.rmtree(place, ignore_errors=True)
    for name, content in files.items():
        path = place / name
        if _PLAIN_NAME.fullmatch(name) and not path.is_dir() and not path.parent.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    _restored(place)


def sealed(files: dict[str, bytes]) -> dict[str, bytes]:
    bodies = _bodies(files.get("journal.txt", b""))
    for n, body in enumerate(bodies, start=1):
        if isinstance(body, dict):
            for name, content in files.items():
                at = re.fullmatch(rf"(original|text)s/{n:04}(?:\.\w{{1,8}})?", name, re.ASCII)
                if at is not None and at[1] in body:
                    body[at[1]] = sha256(content).hexdigest()
    rows = list(_linked(bodies))
    lines = "".join(f"{hashed} {text}\n" for _, text, hashed in rows)
    last = bodies[-1].get("entered") if bodies and isinstance(bodies[-1], dict) else ""
    line = f"{len(rows)} {rows[-1][2] if rows else ''} {last}"
    sealed = {"README.txt": _readme(rows), **files}
    sealed["journal.txt"] = lines.encode("utf-8", "replace")
    return {"manifest.json": manifest(sealed, line), **sealed}


def _readme(rows: list[tuple[int, str, str]]) -> bytes:
    """What `export` writes of a journal; nothing where it is none."""
    with suppress(BargainingError):
        return bundle.Contents.of(read_journal(rows)).readme.encode()
    return b""


def manifest(files: dict[str, bytes], line: str) -> bytes:
    """A manifest that fits files, with any head; as `export` writes it."""
    digests = {name: sha256(content).hexdigest() for name, content in files.items()}
    said = {"format": bundle.FORMAT, "head": line, "files": digests}
    return (json.dumps(said, indent=1, sort_keys=True) + "\n").encode()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "markdown": _filed("markdown"),
    "criticmarkup": _filed("criticmarkup"),
    "text": _filed("text"),
    "restated": _beside_another(partial=True),
    "instructions": _beside_another(amends=""),
    "docx": docx,
    "docx-zip": _filed("docx"),
    "labels": labels,
    "ladders": ladders,
    "head": head,
    "journal": journal,
    "record": database_file,
    "bundle": bundle_files,
    "bundle-zip": bundle_zip,
}


def refused(target: str, data: bytes) -> bool:
    """Try one input; True when it was refused in a way that the person is told of."""
    try:
        TARGETS[target](data)
    except BargainingError:
        return True
    return False


def main() -> None:
    """Read the corpus of a target; the last line that is printed names the file that fails."""
    import resource  # noqa: PLC0415 - not on Windows, where only the table above is used

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    if sys.platform == "linux":  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for path in sorted((CORPORA / sys.argv[1]).iterdir()):
        print(path.name, flush=True)  # noqa: T201 - it is a program here
        refused(sys.argv[1], path.read_bytes())
    print("all", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
