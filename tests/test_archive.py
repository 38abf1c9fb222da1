"""Records of many documents: what is read, what is found, and who does the asking."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargaining import Chain
from bargaining.errors import AskError, RecordError, StorageError
from bargaining.readers import read
from bargaining.record import FolderCache, Record, Submission
from bargaining.record.entry_index import EntryIndex
from bargaining.record.finding import MANY
from bargaining.record.journal import canonical, link
from bargaining.record.wordings import readings, threes_of, wanted
from bargaining.text.words import cut
from bargaining.views.search import find
from servers import ask
from shell import Run

CHAINS = MANY + 6


def paper(n: int, rung: int, text: str) -> Submission:
    party = "Guild" if rung % 2 else "District"
    return Submission(
        data=f"1.0 {text}\n".encode(),
        name="a.md",
        label=f"{party} Proposal {rung}-1-25",
        chain=f"Article {n}: Bells",
    )


def papers(chains: int = CHAINS) -> list[Submission]:
    """Two papers for each document; some wordings are in one document, one is only struck."""
    return [
        paper(n, rung, f"The bell of site {n} shall ring ~~softly{n}~~ {rung} times, tone{n}.")
        for n in range(chains)
        for rung in (1, 2)
    ]


@pytest.fixture(name="filled")
def _filled(place: str | Path, tmp_path: Path) -> Iterator[Record]:
    with Record.open(place, write=True, cache=FolderCache(tmp_path / "shelf")) as record:
        record.file_all(papers())
        yield record


# What is found.

LETTERS = st.text(st.sampled_from("ab ßI\u0307ﬁ中文字-’.\n\n12"), max_size=60)


@given(LETTERS, LETTERS, LETTERS)
def test_a_text_has_all_threes_of_every_wording_found_in_it(a: str, b: str, c: str) -> None:
    text = f"{a} {b} {c}"
    if any(find(text, lambda: cut(text), b.strip() or "a")):
        assert set(wanted(b.strip() or "a")) <= threes_of([text])
    assert threes_of([text, a]) == threes_of([text]) | threes_of([a])
    letters = "".join(one for one in threes_of([text.replace("\n", "")]))
    assert letters.isascii()


@given(st.text(min_size=1, max_size=300))
def test_a_long_wording_is_sought_by_some_of_its_threes(wording: str) -> None:
    found = wanted(wording)
    assert len(found) <= 48
    assert set(found) <= threes_of([wording])
    assert bool(found) == bool(threes_of([wording]))


def test_every_text_in_which_a_wording_is_sought_is_indexed() -> None:
    paper = read(b"1.0 One ~~two~~ **three** four.", format="markdown")
    assert list(readings(paper)) == [
        paper.text,
        paper.base_text,
        "".join(run.text for run in paper.runs if run.kind != "inserted"),
    ]


@pytest.mark.parametrize(
    "wording",
    [
        "tone7",
        "Tone-7,",
        "softly9",
        "of site 11 shall",
        "2 times",
        "no such wording",
        "s",
        "…",
        "bell of site",
    ],
)
def test_the_index_changes_no_answer(filled: Record, wording: str) -> None:
    every = [chain.who(wording) for chain in filled.every_chain()]
    answers = list(filled.who(wording))
    assert [one for one in answers if one] == [one for one in every if one]
    if "site" not in wording and "times" not in wording:
        assert len(answers) < CHAINS or len(wording) < 3


def test_near_misses_come_from_what_shares_most_words(filled: Record) -> None:
    answers = list(filled.who("The bell of site 12 shall bark"))
    assert answers
    assert not any(answers)
    assert any(one.near for one in answers)


def test_only_what_can_hold_a_wording_is_read(
    filled: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(filled.who("tone13"))  # brings the index up to date
    built: list[str] = []
    real = Record._build  # noqa: SLF001

    def build(self: Record, book: Any, name: str) -> Chain:  # noqa: ANN401
        built.append(name)
        return real(self, book, name)

    monkeypatch.setattr(Record, "_build", build)
    assert [answer.chain for answer in filled.who("tone13")] == ["Article 13: Bells"]
    assert built == ["Article 13: Bells"]


def test_what_is_filed_later_is_found(filled: Record) -> None:
    assert not any(filled.who("klaxon"))
    filled.file(paper(5, 3, "A klaxon shall sound."))
    assert [one.chain for one in filled.who("klaxon") if one] == ["Article 5: Bells"]
    assert [one.chain for one in filled.who("tone5") if one] == ["Article 5: Bells"]


@pytest.mark.parametrize("new", [1, 500])
def test_what_is_filed_while_the_index_is_made_is_found(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: int
) -> None:
    """A paper comes in when its document was indexed already, or a new document does."""
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(path, write=True) as record:
        record.file_all(papers())
    with Record.open(path, cache=cache) as asking:
        real, seen = asking._threes, []  # noqa: SLF001

        def threes(name: str) -> set[str]:
            seen.append(name)
            if len(seen) == 5:
                with Record.open(path, write=True) as filing:
                    filing.file(paper(new, 3, "A klaxon shall sound."))
                assert asking.chains  # which reads what was filed
            return real(name)

        monkeypatch.setattr(asking, "_threes", threes)
        list(asking.who("tone13"))
        monkeypatch.undo()
        found = [one.chain for one in asking.who("klaxon") if one]
    assert found == [f"Article {new}: Bells"]


def test_an_index_that_is_ahead_is_used(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(path, write=True, cache=cache) as record:
        record.file_all(papers())
    early = tmp_path / "early.db"
    shutil.copy(path, early)
    with Record.open(path, write=True, cache=cache) as record:
        assert any(record.who("tone13"))
        record.file(paper(1, 3, "A gong shall sound."))
        assert any(record.who("gong"))
    with Record.open(early, cache=cache) as record:
        read: list[str] = []
        monkeypatch.setattr(record, "_threes", read.append)
        assert [one.chain for one in record.who("tone13") if one] == ["Article 13: Bells"]
        assert read == []
        assert not any(record.who("gong"))


def index_of(folder: Path) -> Path:
    (found,) = folder.glob("shelf/*.index")
    return found


def test_an_index_that_is_damaged_or_of_another_journal_is_made_anew(
    path: Path, tmp_path: Path
) -> None:
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(path, write=True, cache=cache) as record:
        record.file_all(papers())
    other = tmp_path / "other.db"
    shutil.copy(path, other)
    with Record.open(other, write=True, cache=cache) as record:
        record.file(paper(1, 3, "A gong shall sound."))
        assert any(record.who("gong"))
    with Record.open(path, write=True, cache=cache) as record:  # both start with one entry
        assert not any(record.who("gong"))
        record.file(paper(2, 3, "A horn shall sound."))
        assert [one.chain for one in record.who("horn") if one] == ["Article 2: Bells"]
    index = index_of(tmp_path)
    with Record.open(other, cache=cache) as record:  # the same index holds both
        assert [one.chain for one in record.who("gong") if one] == ["Article 1: Bells"]
    assert index.stat().st_mode & 0o777 == 0o600
    index.write_bytes(b"SQLite format 3\0 and nothing of the kind" * 50)
    for _ in range(2):  # asked without it, then it is there again
        with Record.open(path, cache=cache) as record:
            assert [one.chain for one in record.who("horn") if one] == ["Article 2: Bells"]
    with closing(sqlite3.connect(index)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_without_a_place_for_an_index_every_document_is_asked(path: Path, tmp_path: Path) -> None:
    with Record.open(path, write=True) as record:
        record.file_all(papers())
        assert len(list(record.who("tone3"))) == CHAINS
    (tmp_path / "file").touch()
    with Record.open(path, cache=FolderCache(tmp_path / "file")) as record:
        assert len(list(record.who("tone3"))) == CHAINS


def test_verify_finds_what_the_index_of_a_server_does_not_know(server: str) -> None:
    with Record.open(server, write=True) as record:
        record.file_all(papers(3))
        record.verify()
        ask(server, "UPDATE bargaining.wording SET threes = ts_delete(threes, '746f6e')")
        with pytest.raises(RecordError, match="index of wordings does not know"):
            record.verify()


def test_a_document_indexed_by_an_earlier_edition_is_in_every_answer(server: str) -> None:
    """What its index lacks is found, also when more is filed in it."""
    with Record.open(server, write=True) as record:
        record.file_all(papers())
        old = (
            "UPDATE bargaining.wording SET document = substr(document, 3), threes = to_tsvector('')"
        )
        ask(server, old)
        record.verify()
        found = [one.chain for one in record.who("tone3") if one]
        assert found
        record.file(paper(3, 3, "Bells are rung by hand."))
        record.verify()
        assert [one.chain for one in record.who("tone3") if one] == found
        assert [one.chain for one in record.who("rung by hand") if one] == ["Article 3: Bells"]


def test_a_document_of_too_many_threes_is_in_every_answer(server: str) -> None:
    many = "".join(chr(0x4E00 + n % 9000) + chr(0x4E00 + n * 7 % 9001) for n in range(12000))
    with Record.open(server, write=True) as record:
        record.file_all([*papers(), paper(1, 3, many)])
        record.verify()
        assert [one.chain for one in record.who("tone9")] == [
            "Article 1: Bells",
            "Article 9: Bells",
        ]


def test_indexes_of_many_records_are_tidied(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "shelf")
    cache.put("0" * 64, b"")
    for n in range(80):
        (tmp_path / "shelf" / f"{n}.index").touch()
    cache.put("1" * 64, b"")
    assert len(list((tmp_path / "shelf").glob("*.index"))) < 64
    assert cache.get("0" * 64) == b""


# Who asks.


class Plain(Executor):
    """An executor that can do no more than it must."""

    def __init__(self) -> None:
        self.given = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        self.given += 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_any_executor_asks_and_the_answers_keep_their_order(filled: Record) -> None:
    alone = list(filled.who("shall ring"))
    assert len(alone) == CHAINS
    plain = Plain()
    assert list(filled.who("shall ring", executor=plain)) == alone
    assert plain.given > 2
    with ThreadPoolExecutor(3) as threads:
        assert list(filled.who("shall ring", executor=threads)) == alone
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert list(filled.who("shall ring", executor=processes)) == alone


def test_how_many_are_asked_at_once_is_at_least_one(filled: Record) -> None:
    for at_once in (0, -1):
        with pytest.raises(AskError):
            list(filled.who("tone13", at_once=at_once))


def test_a_record_that_was_opened_by_a_relative_name_is_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Record.open("record.db", write=True) as record:
        record.file_all(papers())
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert any(record.who("shall ring", executor=Plain()))


def test_a_record_is_of_one_thread_until_it_is_closed(place: str | Path) -> None:
    with Record.open(place, write=True) as record:
        record.file_all(papers(1))
        with ThreadPoolExecutor(1) as threads:
            for ask in (lambda: record.chains, record.verify, lambda: record.file(papers(1)[0])):
                with pytest.raises(StorageError, match="opened by another thread"):
                    threads.submit(ask).result()
        answers = record.who("tone0")
    for closed in (lambda: record.chains, record.verify, lambda: list(answers)):
        with pytest.raises(StorageError, match="is closed"):
            closed()


def test_a_cluster_asks_as_well(path: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(path, write=True, cache=cache) as record:
        record.file_all(papers())
        with (
            distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            answers = list(record.who("shall ring", executor=client.get_executor()))
        assert answers == list(record.who("shall ring"))


def test_the_command_names_the_document(filled: Record, run: Run, place: str | Path) -> None:
    del filled
    done = run("who", "tone3", "--record", str(place))
    assert (done.code, done.out.splitlines()[0]) == (0, "Article 3: Bells")
    none = run("who", "no such wording anywhere", "--record", str(place))
    assert (none.code, "stands in no text on file" in none.out) == (1, True)


def test_what_takes_long_is_told(
    place: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("entry_index", "verification", "record"):
        monkeypatch.setattr(f"bargaining.record.{room}.STEP", 7)
    with Record.open(place, write=True) as record:
        record.file_all(papers())
    told: list[tuple[str, int]] = []
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(place, cache=cache, progress=lambda *one: told.append(one)) as record:
        assert any(record.who("tone13"))
        record.verify()
    steps = list(range(7, 2 * CHAINS + 1, 7))
    assert [n for what, n in told if what == "entries verified"] == steps
    assert [n for what, n in told if what == "entries read"] == steps * 2
    indexed = [n for what, n in told if what == "documents indexed"]
    assert indexed == ([n for n in steps if n <= CHAINS] if place == tmp_path / "record.db" else [])


def test_the_command_shows_on_a_terminal_how_far_it_is(
    filled: Record, place: str | Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    del filled
    monkeypatch.setattr("bargaining.record.entry_index.STEP", 70)
    assert run("who", "tone13", "--record", str(place)).err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    done = run("who", "tone13", "--record", str(place))
    assert done.err.startswith("\r\r70 entries read …")
    assert done.err.endswith("\r" + " " * len("140 entries read …") + "\r")
    assert "70" not in done.out


# What is read.


class Counting:
    """A store that counts the entries that it hands out."""

    def __init__(self, store: Any) -> None:  # noqa: ANN401
        self.store, self.rows = store, 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.store, name)

    def _counted(self, rows: Iterator[Any]) -> Iterator[Any]:
        for row in rows:
            self.rows += 1
            yield row

    def entries(self, after: int = 0) -> Iterator[Any]:
        return self._counted(self.store.entries(after))

    def some(self, numbers: Sequence[int]) -> Iterator[Any]:
        return self._counted(self.store.some(numbers))


def test_a_question_about_one_document_reads_its_entries_only(
    place: str | Path, tmp_path: Path
) -> None:
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(place, write=True, cache=cache) as record:
        record.file_all(papers(120))
        assert record.chains[7] == "Article 7: Bells"
    with Record.open(place, write=True, cache=cache) as record:
        counting = Counting(record._store)  # noqa: SLF001
        record._store = counting  # type: ignore[assignment]  # noqa: SLF001
        assert len(record.chain("Article 7: Bells")) == 2
        assert counting.rows < 12
        record.file(paper(7, 3, "No bell."))
        assert len(record.chain("Article 7: Bells")) == 3
        assert counting.rows < 30


def alter(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


def test_an_entry_that_is_used_is_held_against_its_hash(path: Path, tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(path, write=True, cache=cache) as record:
        record.file_all(papers(120))
        assert record.chains
    with Record.open(path) as record:
        before, third = record.entries[1:3]
    body = canonical(third.body).replace("Guild", "Board")
    # Its hash fits the entry before it; what comes after it does not fit.
    forged = f"UPDATE entry SET body = '{body}', hash = '{link(before.hash, body)}' WHERE seq = 3"  # noqa: S608 - our own
    for statement in (
        "UPDATE entry SET body = replace(body, 'Guild', 'Board') WHERE seq = 3",
        "UPDATE entry SET hash = (SELECT hash FROM entry WHERE seq = 5) WHERE seq = 3",
        "UPDATE entry SET body = (SELECT body FROM entry WHERE seq = 4) WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 3",
        "UPDATE entry SET body = x'00' WHERE seq = 3",
        forged,
    ):
        copy = tmp_path / "copy.db"
        shutil.copy(path, copy)
        alter(copy, statement)
        with Record.open(copy, cache=cache) as record:
            assert len(record.chain("Article 7: Bells")) == 2  # of other entries
            with pytest.raises(RecordError, match="Entry 3"):
                record.chain("Article 1: Bells")
            with pytest.raises(RecordError):
                record.verify()


def test_a_journal_that_went_back_or_elsewhere_is_read_anew(path: Path, tmp_path: Path) -> None:
    cache = FolderCache(tmp_path / "shelf")
    with Record.open(path, write=True, cache=cache) as record:
        record.file_all(papers(210))
        assert len(record.chains) == 210
        early = tmp_path / "early.db"
        shutil.copy(path, early)
        record.file_all([paper(n, 3, "More.") for n in range(210)])
        assert len(record.chain("Article 1: Bells")) == 3
        kept = cache.get(EntryIndex([record.entries[0].hash]).key)
        assert len(EntryIndex.unpack(EntryIndex([record.entries[0].hash]).key, kept).hashes) == 630
    with Record.open(early, write=True, cache=cache) as record:
        assert len(record.chain("Article 1: Bells")) == 2
        record.file(paper(1, 4, "Other."))
        assert len(record.chain("Article 1: Bells")) == 3
    with Record.open(path, cache=cache) as record:
        assert [r.label for r in record.chain("Article 1: Bells")][-1].startswith(
            "Guild Proposal 3"
        )


@given(st.binary(max_size=80), st.integers(0, 400))
def test_a_register_reads_back_or_counts_as_empty(other: bytes, at: int) -> None:
    with Record.in_memory() as record:
        record.file_all(papers(2))
        register = EntryIndex()
        assert register.catch_up(record._store) == 4  # noqa: SLF001
    packed = register.pack()
    assert EntryIndex.unpack(register.key, packed) == register
    at %= len(packed)
    for broken in (other, packed[:at], packed[:at] + b"~" + packed[at + 1 :], packed + b"x"):
        if broken != packed:
            assert EntryIndex.unpack(register.key, broken) == EntryIndex()
    assert EntryIndex.unpack("other", packed) == EntryIndex()
    assert EntryIndex.unpack(register.key, None) == EntryIndex()
