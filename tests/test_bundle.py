"""Bundles: out and in again with the same head, and nothing that was touched on the way."""

import io
import json
import os
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from bargaining.errors import BargainingError, ConflictError, RecordError, StorageError
from bargaining.record import Record, Submission, bundle
from bargaining.record import bundle_files as parcel
from shell import Run

TITLE = "Bell Schedules\n\n"
FIRST = TITLE + "1.0 The bell shall ring once.\n\nRVTA Proposal 1-6-25\n"
SECOND = FIRST.replace("once", "twice\u2028“so” 🔔") + "District Counter 2-3-25\n"


@pytest.fixture(name="record")
def _record(place: str | Path) -> Iterator[Record]:
    """A record with every kind of entry."""
    with Record.open(place, write=True) as record:
        yield filled(record)


def filled(record: Record) -> Record:
    record.file_all([Submission(data=text.encode(), name="a.md") for text in (FIRST, SECOND)])
    record.file(Submission(data=b"1.0 A key.", name="../../x.TXT", label="Guild Counter 3-3-25",
                           chain="Keys"))  # fmt: skip
    record.alias("RVTA", "Riverbend Teachers")
    record.no_paper("Guild Verbal Counter 4-4-25", chain="Keys", reported_by="=cmd()")
    entry = record.new_article("Keys")
    record.retract(entry.seq, because="It is not.")
    again = Submission(data=b"1.0 A door.", name="b", label="Guild Counter 3-3-25", chain="Keys",
                       correct=True)  # fmt: skip
    record.file(again)
    return record


def loaded(path: Path) -> dict[str, bytes]:
    with bundle.load(path) as files:
        return dict(files)


def zipped(files: Iterator[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    bundle.zip_into(stream, files)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the records in memory when a test is over."""
    opened: list[Record] = []
    real = Record.in_memory

    def in_memory() -> Record:
        opened.append(real())
        return opened[-1]

    monkeypatch.setattr(Record, "in_memory", in_memory)
    yield
    for record in opened:
        record.close()


def imported(files: dict[str, bytes]) -> Record:
    record = Record.in_memory()
    bundle.restore(files, record)
    return record


def test_a_record_comes_out_with_the_same_head_and_says_the_same(record: Record) -> None:
    files = dict(bundle.export(record))
    again = imported(files)
    assert again.verify() == record.verify()
    assert again.journal() == record.journal()
    assert [list(chain) for chain in again.every_chain()] == [
        list(chain) for chain in record.every_chain()
    ]
    for name in record.chains:
        for mine, theirs in zip(record.filings(name), again.filings(name), strict=True):
            assert record.original(mine) == again.original(theirs)
    assert dict(bundle.export(again)) == files


def test_a_bundle_can_be_read_without_this_software(record: Record) -> None:
    files = dict(bundle.export(record))
    assert files["originals/0001.md"] == FIRST.encode()
    assert files["texts/0001.txt"] == b"1.0 The bell shall ring once."
    assert files["originals/0003.txt"] == b"1.0 A key."
    assert files["originals/0008"] == b"1.0 A door."
    before = "bargaining record 1"
    for line in files["journal.txt"].decode().splitlines():
        hashed, _, body = line.partition(" ")
        assert hashed == sha256(f"{before}\n{body}".encode()).hexdigest()
        assert json.loads(body)["entered"]
        before = hashed
    manifest = json.loads(files["manifest.json"])
    assert manifest["head"] == record.verify().line
    assert all(sha256(files[n]).hexdigest() == d for n, d in manifest["files"].items())
    assert "Bell Schedules: District Counter 2-3-25" in files["README.txt"].decode()


def test_the_list_of_papers_says_which_do_not_count(record: Record) -> None:
    record.file(Submission(data=b"1.0 A gate.", label="Guild Counter 5-3-25", chain="Keys"))
    record.retract(9, because="Of another document.")
    record.retract(8, because="It was right before.")
    listed = dict(bundle.export(record))["README.txt"].decode().splitlines()[-5:]
    assert [line.partition("  texts/")[2] for line in listed] == [
        "0001.txt  Bell Schedules: RVTA Proposal 1-6-25",
        "0002.txt  Bell Schedules: District Counter 2-3-25",
        "0003.txt  Keys: Guild Counter 3-3-25",
        "0008.txt  Keys: Guild Counter 3-3-25 (retracted by 11)",
        "0009.txt  Keys: Guild Counter 5-3-25 (retracted by 10)",
    ]


def test_the_list_of_papers_says_what_was_corrected(record: Record) -> None:
    listed = dict(bundle.export(record))["README.txt"].decode().splitlines()
    assert listed[-2].endswith("Keys: Guild Counter 3-3-25 (corrected by 8)")


def sealed(files: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    """The bundle with a manifest that fits whatever was done to it: what a forger would do."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {n: sha256(d).hexdigest() for n, d in files.items() if n != "manifest.json"}
    manifest |= changes
    said = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    return {**files, "manifest.json": said.encode()}


def test_a_changed_byte_of_any_file_is_found(record: Record) -> None:
    files = dict(bundle.export(record))
    for name, data in files.items():
        for at in range(0, len(data), 1 + len(data) // 40):
            touched = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            with pytest.raises(BargainingError):
                imported({**files, name: touched})


@pytest.mark.parametrize(
    "name", ["originals/0001.md", "texts/0002.txt", "journal.txt", "README.txt"]
)
def test_a_file_that_is_missing_is_found_also_where_the_manifest_fits(
    record: Record, name: str
) -> None:
    files = dict(bundle.export(record))
    del files[name]
    for one in (files, sealed(files)):
        with pytest.raises(RecordError):
            bundle.restore(one, Record.in_memory())


@pytest.mark.parametrize(
    "touch",
    [
        lambda f: {**f, "originals/0001.md": b"another paper"},
        lambda f: {**f, "texts/0001.txt": b"another text"},
        lambda f: {**f, "journal.txt": b"\n".join(f["journal.txt"].split(b"\n")[:-2]) + b"\n"},
        lambda f: {**f, "journal.txt": f["journal.txt"].replace(b"Keys", b"Kegs")},
        lambda f: {**f, "journal.txt": b"x" * 64 + b" {}\n"},
        lambda f: {**f, "journal.txt": b""},
        lambda f: {**f, "journal.txt": b"\xff"},
        lambda f: {**f, "journal.txt": f["journal.txt"].replace(b"\n", b"\r\n")},
        lambda f: {**f, "journal.txt": f["journal.txt"][:-1]},
        lambda f: {**f, "journal.txt": f["journal.txt"] + b"\n"},
        lambda f: {**f, "journal.txt": b"\n" + f["journal.txt"]},
        lambda f: {**f, "README.txt": f["README.txt"] + b"Entry 1 is void.\n"},
        lambda f: {**f, "originals/0004.md": b"of an entry that is no paper"},
        lambda f: {**f, "originals/0009.docx": b"of no entry"},
        lambda f: {**f, "originals/00001.md": f["originals/0001.md"]},
        lambda f: {**f, "originals/0001.txt": f["originals/0001.md"]},
        lambda f: {**f, "texts/00001.txt": b"another text"},
    ],
)
def test_what_a_forger_seals_anew_is_found(
    record: Record, touch: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    files = sealed(touch(dict(bundle.export(record))))
    empty = Record.in_memory()
    with pytest.raises(RecordError):
        bundle.restore(files, empty)
    assert empty.entries == ()


@pytest.mark.parametrize(
    "manifest",
    [
        *(b"", b"[]", b"{}", b'{"format":"bargaining bundle 9","files":{},"head":""}', b"[" * 9**5),
        *(b'{"files":{"a":{}}}', b'{"files":{' + b'"a":0,' * 9**5 + b'"a":0}}'),
    ],
)
def test_a_manifest_that_is_none_is_refused(record: Record, manifest: bytes) -> None:
    files = {**dict(bundle.export(record)), "manifest.json": manifest}
    with pytest.raises(RecordError):
        bundle.restore(files, Record.in_memory())


def test_a_manifest_says_nothing_beside_and_is_of_one_form(record: Record) -> None:
    files = dict(bundle.export(record))
    for one in (
        sealed(files, note="Entry 1 is void."),
        {**files, "manifest.json": files["manifest.json"].replace(b"\n", b" ")},
        {**files, "manifest.json": b'{"format":"x",' + files["manifest.json"][1:]},
    ):
        with pytest.raises(RecordError, match="not as `export` writes it"):
            bundle.restore(one, Record.in_memory())


def test_a_bundle_goes_into_an_empty_record_only(record: Record) -> None:
    files = dict(bundle.export(record))
    with pytest.raises(ConflictError):
        bundle.restore(files, record)


# Files from an untrusted hand


def test_a_zip_of_a_file_without_a_name_is_refused(record: Record, tmp_path: Path) -> None:
    files = [*bundle.export(record), ("x", b"")]
    whole = bytearray(zip_of(tmp_path / "x.zip", *files).read_bytes())
    at = whole.rindex(b"PK\1\2")
    whole[at + 46] = 0  # a name ends at a NUL
    (tmp_path / "x.zip").write_bytes(whole)
    with pytest.raises(RecordError):
        loaded(tmp_path / "x.zip")


def zip_of(path: Path, *entries: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/x", "originals/../../x", "x.exe", "originals/1.sh", "C:\\x", "READ THIS/"],
)
def test_a_zip_with_a_name_that_no_bundle_has_is_refused(
    record: Record, tmp_path: Path, name: str
) -> None:
    path = zip_of(tmp_path / "b.zip", *bundle.export(record), (name, b"x"))
    with pytest.raises(RecordError):
        loaded(path)


def test_bombs_and_broken_zips_are_refused(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = list(bundle.export(record))
    monkeypatch.setattr(parcel, "MOST_BYTES", 100_000)
    bomb = zip_of(tmp_path / "bomb.zip", *files, ("originals/0099", b"0" * 10**7))
    with pytest.raises(RecordError, match="larger"):
        loaded(bomb)
    monkeypatch.setattr(parcel, "MOST_FILES", 3)
    with pytest.raises(RecordError, match="larger"):
        loaded(zip_of(tmp_path / "many.zip", *files))
    with pytest.raises(RecordError, match="larger"):
        loaded(zip_of(tmp_path / "list.zip", *((f"{n:0600}", b"") for n in range(2))))
    whole = zipped(iter(files))
    for size in range(0, len(whole), 97):
        (tmp_path / "cut.zip").write_bytes(whole[:size])
        with pytest.raises(RecordError):
            loaded(tmp_path / "cut.zip")


@pytest.mark.parametrize("name", ["journal.txt", "README.txt", "manifest.json", "texts/0001.txt"])
def test_a_small_zip_of_what_unpacks_to_much_is_refused_unread(
    record: Record, tmp_path: Path, name: str
) -> None:
    files = dict(bundle.export(record))
    files[name] = b"\n" * (parcel.MOST_OF_TEXT + 1)
    with pytest.raises(RecordError, match="larger"):
        loaded(zip_of(tmp_path / "bomb.zip", *files.items()))


def test_the_journal_is_read_up_to_the_first_line_that_is_none(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = dict(bundle.export(record))
    monkeypatch.setattr(bundle, "_MOST_OF_LINE", len(files["journal.txt"].split(b"\n")[0]) - 1)
    for journal in (files["journal.txt"], b"x" * 10**6, b"\n" * 10**6):
        with pytest.raises(RecordError, match="Line 1 of the journal"):
            bundle.restore(sealed({**files, "journal.txt": journal}), Record.in_memory())


def test_a_journal_of_empty_lines_takes_no_memory(record: Record, tmp_path: Path) -> None:
    files = {**dict(bundle.export(record)), "journal.txt": b"\n" * 10**7}
    files["originals/0099"] = os.urandom(10**6)  # so that it is not refused as packed too tightly
    path = zip_of(tmp_path / "b.zip", *sealed(files).items())
    tracemalloc.start()
    with bundle.load(path) as one, pytest.raises(RecordError, match="Line 1 of the journal"):
        bundle.restore(one, Record.in_memory())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < len(files["journal.txt"]) / 2


def test_a_file_is_not_read_to_know_that_it_is_there(record: Record) -> None:
    files = dict(bundle.export(record))
    asked: list[str] = []

    def open_(name: str) -> io.BytesIO:
        asked.append(name)
        return io.BytesIO(files[name])

    held = parcel.BundleFiles({name: len(data) for name, data in files.items()}, open_)
    assert "journal.txt" in held
    assert "journal" not in held
    assert not asked


def test_the_rows_of_a_journal_can_be_read_twice(record: Record) -> None:
    rows = bundle._Rows(parcel.BundleFiles.of(dict(bundle.export(record))))  # noqa: SLF001 - what a transaction that is tried again needs
    assert [*rows] == [*rows] == [*record._store.entries()]  # noqa: SLF001 - the rows as they lie


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_refused_and_not_waited_for(filed: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    late = threading.Timer(20, lambda: os.open(tmp_path / "pipe.zip", os.O_RDWR))
    late.start()  # so that this test ends, too, where it fails
    done = filed("import", "pipe.zip", "--record", "new.db")
    late.cancel()
    assert (done.code, done.err.count("\n")) == (6, 1)
    assert "no plain file" in done.err
    assert not (tmp_path / "new.db").exists()


def test_what_is_exported_is_never_more_than_is_read(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(len(data) for name, data in bundle.export(record) if name != "manifest.json")
    monkeypatch.setattr(bundle, "MOST_BYTES", size)
    assert len(dict(bundle.export(record))) == 11
    monkeypatch.setattr(bundle, "MOST_BYTES", size - 1)
    with pytest.raises(StorageError, match="larger than any"):
        list(bundle.export(record))
    monkeypatch.undo()
    monkeypatch.setattr(parcel, "MOST_FILES", 10)
    with pytest.raises(StorageError, match="larger than any"):
        next(bundle.export(record))
    monkeypatch.undo()
    monkeypatch.setattr(parcel, "MOST_OF_ONE", 1000)
    with pytest.raises(StorageError, match="larger than any"):
        next(bundle.export(record))


def test_a_zip_that_would_not_be_read_is_not_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Record.open("bargaining.db", write=True) as record:
        record.file(Submission(data=b"1.0 " + b"a" * 10**6, name="a.txt", label="Guild Counter 1",
                               chain="Keys"))  # fmt: skip
    monkeypatch.setattr(parcel, "FEW_BYTES", 10**5)
    refused = run("export", "out.zip")
    assert (refused.code, refused.err.count("\n")) == (7, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["bargaining.db"]
    assert run("export", "out").code == run("import", "out", "-r", "again.db").code == 0


def test_links_in_a_folder_are_refused(
    record: Record, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp_path = tmp_path_factory.mktemp("bundle")
    (tmp_path / "originals").mkdir()
    (tmp_path / "texts").mkdir()
    for name, data in bundle.export(record):
        (tmp_path / name).write_bytes(data)
    assert imported(loaded(tmp_path)).verify() == record.verify()
    (tmp_path / "originals" / "0099").symlink_to("/etc/hostname")
    with pytest.raises(RecordError, match="no plain file"):
        loaded(tmp_path)


def test_the_same_record_gives_the_same_zip(record: Record) -> None:
    assert zipped(bundle.export(record)) == zipped(bundle.export(record))
    with zipfile.ZipFile(io.BytesIO(zipped(bundle.export(record)))) as archive:
        assert archive.testzip() is None


# The commands


def test_a_record_goes_out_and_comes_in(filed: Run, tmp_path: Path) -> None:
    head = filed("verify").out.splitlines()[-1]
    for name in ("out.zip", "out"):
        done = filed("export", name)
        assert done.out.startswith(f"exported to {name}: 7 entries, 7 originals\n{head}")
        back = filed("import", name, "--record", f"{name}.db")
        assert back.out.splitlines()[-1] == head
        assert filed("log", "--record", f"{name}.db").out == filed("log").out
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("out")) == [
        *("out", "out.db", "out.zip", "out.zip.db"),
    ]


def test_nothing_is_replaced_and_nothing_is_left_half_done(filed: Run, tmp_path: Path) -> None:
    assert filed("export", "out").code == 0
    assert filed("export", "out").code == 5
    assert filed("export", "out.zip").code == 0
    assert filed("export", "out.zip").code == 3
    assert filed("import", "out").code == 5  # the record is there
    (tmp_path / "out" / "texts" / "0001.txt").write_text("Another text.")
    refused = filed("import", "out", "--record", "new.db")
    assert (refused.code, refused.err.count("\n")) == (6, 1)
    assert not list(tmp_path.glob("new.db*"))
    assert filed("import", "nothing").code == 1
