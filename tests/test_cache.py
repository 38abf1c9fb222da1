"""The cache: what is taken from it is what would be worked out anew."""

import hashlib
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargaining
from bargaining.record import FolderCache, Record
from bargaining.record.filing import Submission
from bargaining.text.clauses import Outline
from bargaining.text.words import Row
from bargaining.weave import cache
from bargaining.weave.cache import Kept, key_of, pack, unpack
from bargaining.weave.strands import Weave
from bargaining.weave.weaver import Weaver
from strategies import weave

TEXTS = st.lists(
    st.lists(st.sampled_from("the a b c d e f g . , §1".split()), max_size=40), max_size=7
)
# What decides how texts are woven. Whoever changes it so that answers change raises EDITION.
ROOMS = [
    *(f"text/{room}" for room in ("spelling", "words", "structure", "clauses", "align")),
    *(f"weave/{room}" for room in ("strands", "odds", "recall", "weaver", "woven")),
]
WOVEN_BY = "5:80319e608f18e9f3"


def state_of(woven: Weave) -> object:
    strands = [attrs.astuple(strand) for strand in woven.strands]
    struck = [attrs.astuple(row) for row in woven.struck]
    return woven.keys, strands, struck, woven.states


@given(TEXTS)
def test_what_is_packed_comes_back(texts: list[list[str]]) -> None:
    woven = weave([Row.of(keys) for keys in texts])
    kept = Kept(woven, (Outline((0, 3), ("1.0", "2.0")), Outline((), ())), ((0, 2, 1),))
    back = unpack("key", pack("key", kept))
    assert back is not None
    assert state_of(back.weave) == state_of(woven)
    assert (back.outlines, back.doubts) == (kept.outlines, kept.doubts)


@given(TEXTS, st.data())
def test_going_on_from_the_shelf_is_weaving_it_all(
    texts: list[list[str]], data: st.DataObject
) -> None:
    rows = [Row.of(keys) for keys in texts]
    cut = data.draw(st.integers(0, len(rows)))
    back = unpack("key", pack("key", Kept(weave(rows[:cut]), ())))
    assert back is not None
    weaver = Weaver(back.weave)
    for n in range(cut, len(rows)):
        weaver.add(rows[n - 1] if n else Row((), ()), rows[n])
    assert state_of(weaver.woven) == state_of(weave(rows))


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 255))
def test_what_is_damaged_counts_as_not_there(noise: bytes, at: int, byte: int) -> None:
    assert unpack("key", None) is None
    assert unpack("key", noise) is None
    packed = bytearray(pack("key", Kept(weave([Row.of(["a", ".", "b"])]), ())))
    whole = bytes(packed)
    packed[at % len(packed)] = byte
    assert bytes(packed) == whole or unpack("key", bytes(packed)) is None
    assert unpack("another", whole) is None


def paper(n: int, text: str) -> Submission:
    ladder = "\n".join(f"Union Proposal {m}-1-25" for m in range(1, n + 1))
    return Submission(data=f"Room Keys\n\n{text}\n\n{ladder}\n".encode(), name=f"{n}.txt")


TEXT = "1.0 Keys are kept by the office{}. Lamps are replaced on request."


def test_answers_with_a_shelf_are_those_without(tmp_path: Path) -> None:
    folder = FolderCache(tmp_path / "shelf")
    path = tmp_path / "record.db"
    for n, word in enumerate(["", " manager", ""], start=1):
        with Record.open(path, write=True, cache=folder) as record:
            record.file(paper(n, TEXT.format(word)))
    assert len(list((tmp_path / "shelf").iterdir())) == 1, "what was gone on from is dropped"
    with Record.open(path) as bare, Record.open(path, cache=folder) as shelved:
        for rung in (1, 2, 3):
            assert shelved.chain().blame(rung) == bare.chain().blame(rung)
            assert shelved.chain().diff(1, rung) == bare.chain().diff(1, rung)
        assert shelved.chain().who("office") == bare.chain().who("office")


def test_with_a_shelf_only_what_is_new_is_woven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    woven: list[int] = []
    add = Weaver.add

    def counted(self: Weaver, *rows: Row, **more: Any) -> None:  # noqa: ANN401
        woven.append(self.woven.states)
        add(self, *rows, **more)

    monkeypatch.setattr(Weaver, "add", counted)
    folder, path = FolderCache(tmp_path / "shelf"), tmp_path / "record.db"
    with Record.open(path, write=True, cache=folder) as record:
        record.file_all([paper(1, TEXT.format("")), paper(2, TEXT.format(" manager"))])
    woven.clear()
    with Record.open(path, write=True, cache=folder) as record:
        record.chain().blame(2)
        assert woven == []
        record.file(paper(3, TEXT.format("")))
        record.chain().blame(3)
        assert woven == [2]


def test_a_shelf_that_was_cleared_or_damaged_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    path = tmp_path / "record.db"
    with Record.open(path, write=True, cache=FolderCache(folder)) as record:
        record.file_all([paper(1, TEXT.format("")), paper(2, TEXT.format(" manager"))])
        wanted = record.chain().blame(2)
    for data in (b"", b"x" * 100, None):
        for file in folder.iterdir():
            file.write_bytes(data) if data is not None else file.unlink()
        with Record.open(path, cache=FolderCache(folder)) as record:
            assert record.chain().blame(2) == wanted


def test_a_folder_that_cannot_be_used_is_an_empty_shelf(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    folder = FolderCache(tmp_path / "file" / "shelf")
    folder.put("key", b"data")
    folder.drop("key")
    assert folder.get("key") is None


def test_a_shelf_is_its_owners_and_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bargaining.record.cache_folder._MOST", 6)
    folder = FolderCache(tmp_path / "shelf")
    (tmp_path / "shelf").mkdir(mode=0o700)
    other = [tmp_path / "shelf" / f"paper {n}.txt" for n in range(20)]
    for path in other:
        path.touch(mode=0o600)
    for n in range(20):
        folder.put(f"{n:064}", b"data")
    assert all(path.exists() for path in other), "what is not the shelf's is not touched"
    files = [path for path in (tmp_path / "shelf").iterdir() if path not in other]
    assert len(files) <= 6
    assert folder.get(f"{0:064}") is None
    assert folder.get(f"{19:064}") == b"data"
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)


def test_keys_tell_papers_and_their_order_apart() -> None:
    keys = {key_of(["a", "b"]), key_of(["b", "a"]), key_of(["ab"]), key_of(["a"]), key_of([])}
    assert len(keys) == 5


def test_the_edition_is_raised_when_answers_may_change() -> None:
    """A cache filled by another edition would answer as that one did: certain, and wrong."""
    folder = Path(bargaining.__file__).parent
    source = b"".join((folder / f"{room}.py").read_bytes() for room in ROOMS)
    found = f"{cache.EDITION}:{hashlib.sha256(source).hexdigest()[:16]}"
    assert found == WOVEN_BY, "raise cache.EDITION if answers may change, then note this here"
