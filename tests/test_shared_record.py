"""A record on a server: who may do what, what collides, what is lost, the way there and back."""

import os
import random
import re
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_docs import DOCS

import crashes
from bargaining.errors import AskError, ConflictError, NotFoundError, RecordError, StorageError
from bargaining.record import Record, Submission, bundle
from bargaining.record.journal import canonical, link
from bargaining.record.stores.protocol import CollisionError
from bargaining.record.wordings import key_of
from servers import as_role, ask
from shell import Run

FIRST = Submission(data=b"1.0 The bell shall ring once.", label="Guild Proposal 1-6-25",
                   chain="Bells", name="a.md")  # fmt: skip
SECOND = Submission(data=b"1.0 The bell shall ring twice.", label="District Counter 2-3-25",
                    chain="Bells", name="b.md")  # fmt: skip


def filed(url: str, *papers: Submission) -> str:
    with Record.open(url, write=True) as record:
        record.file_all(papers)
        return record.verify().line


def test_there_is_no_record_until_something_is_filed(server: str) -> None:
    with pytest.raises(NotFoundError, match="There is no record at postgresql://"):
        Record.open(server)
    with Record.open(server, write=True) as record:
        assert record.chains == ()
        assert record.verify().entries == 0
        with pytest.raises(AskError):
            record.file(Submission(data=b"1.0 A bell."))
    with pytest.raises(NotFoundError):
        Record.open(server)
    assert filed(server, FIRST).startswith("1 ")
    with Record.open(server) as record:
        assert record.chains == ("Bells",)


def test_a_record_moves_between_stores_with_the_same_head(server: str, tmp_path: Path) -> None:
    line = filed(server, FIRST, SECOND)
    with Record.open(server) as record:
        files = dict(bundle.export(record))
    path = tmp_path / "record.db"
    with Record.open(path, write=True) as record:
        assert bundle.restore(files, record).line == line
    with Record.open(path) as record:
        assert dict(bundle.export(record)) == files
    with Record.open(server, write=True) as record, pytest.raises(ConflictError):
        bundle.restore(files, record)


def test_two_who_make_the_tables_at_once_both_file(server: str) -> None:
    papers = [FIRST, SECOND]
    threads = [threading.Thread(target=filed, args=(server, paper)) for paper in papers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Record.open(server) as record:
        assert record.verify().entries == 2


# What goes wrong on the way.


def test_a_transaction_that_collides_is_run_again(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bargaining.record.record._PAUSE", 0.0)
    with Record.open(server, write=True) as record:
        with pytest.raises(CollisionError):
            record._store.write(lambda: _collide(record))  # noqa: SLF001 - between two statements
        collide = [True, True, False]
        real = record._store.add_entry  # noqa: SLF001

        def add_entry(row: tuple[int, str, str]) -> None:
            real(row)
            if collide.pop(0):
                _collide(record)

        monkeypatch.setattr(type(record._store), "add_entry", lambda _, row: add_entry(row))  # noqa: SLF001
        assert record.file(FIRST).done == "filed"
        assert record.verify().entries == 1
    assert collide == []


def _collide(record: Record) -> None:
    """Let the server say what it says when it undoes a transaction because of another."""
    statement = (
        "DO $$ BEGIN RAISE EXCEPTION 'collided' USING ERRCODE = 'serialization_failure'; END $$"
    )
    record._store._put(statement)  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.mark.parametrize(
    "moment", ["BEGIN", "SET LOCAL", "INSERT", "SELECT bargaining", "UPDATE", "COMMIT"]
)
def test_a_lost_connection_is_one_line_and_loses_nothing(
    server: str, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    line = filed(server, FIRST)
    with Record.open(server, write=True) as record:
        store: type = type(record._store)  # noqa: SLF001
        real: Callable[..., str] = store._put  # type: ignore[attr-defined]  # noqa: SLF001
        cut: list[str] = []

        def put(self: object, statement: str, row: object = ()) -> str:
            if statement.startswith(moment) and not cut:
                cut.append(statement)
                ask(
                    server,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'bargain' AND datname = current_database()",
                )
            return real(self, statement, row)

        monkeypatch.setattr(store, "_put", put)
        with pytest.raises(StorageError) as caught:
            record.file(SECOND)
        assert cut
        assert "\n" not in str(caught.value)
        assert caught.value.hint
        assert record.verify(line).entries == 1  # on a new connection
        assert record.file(SECOND).done == "filed"
        assert record.verify(line).entries == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Processes are killed with signals here.")
def test_nothing_acknowledged_is_lost_to_a_kill(server: str) -> None:
    chance = random.Random(5)  # noqa: S311 - the same moments are sought each time
    line = filed(server, FIRST)
    acknowledged = 1
    for n in range(20):
        crash = crashes.killed(server, chance, first=100 * n)
        acknowledged += crash.acknowledged
        with Record.open(server) as record:
            found = record.verify(line)
        # One more may have been filed and not yet acknowledged.
        assert acknowledged <= found.entries <= acknowledged + 1
        assert found.texts == found.originals == found.entries
        acknowledged, line = found.entries, found.line
    assert acknowledged > 3  # killed in the middle, too


def test_who_cannot_be_reached_is_told_in_one_line(tmp_path: Path, run: Run) -> None:
    pytest.importorskip("psycopg")
    done = run("log", "--record", f"postgresql://nobody:secret@/none?host={tmp_path}")
    assert (done.code, done.out) == (7, "")
    assert len(done.err.splitlines()) == 1
    assert "secret" not in done.err
    assert f"postgresql://nobody@/none?host={tmp_path} cannot be reached" in done.err
    bad = run("log", "--record", "postgresql://nobody:secret@[/x")
    assert (bad.code, "secret" in bad.err) == (7, False)
    other = run("log", "--record", "mysql://x/y")
    assert (other.code, "That is no place for a record" in other.err) == (3, True)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:sesame@[/x",
        "postgresql://ana:se@sesame@h/x",
        "postgresql://ana:se/sesame@h/x",
        "postgresql://ana:sesame@h:1@2/x",
        " postgresql://ana:sesame@h/x",
        "postgresql:/ana:sesame@h/x",
        "postgressql://ana:sesame@h/x",
        "postgresql+psycopg://ana:sesame@h/x",
        "host=nowhere user=ana password=sesame",
        "postgresql://ana:sesame@/x?host=/nowhere",
        "postgresql://ana@/x?host=/nowhere&password=sesame",
    ],
)
def test_no_error_shows_a_password(run: Run, tmp_path: Path, url: str) -> None:
    pytest.importorskip("psycopg")
    for command in (("log",), ("verify", "--json"), ("add", "--new", "-c", "x")):
        done = run(*command, "--record", url)
        assert done.code in {3, 7}
        assert "sesame" not in done.out + done.err
        assert len(done.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_view_in_the_place_of_a_table_is_not_asked(server: str) -> None:
    filed(server, FIRST)
    ask(server, "ALTER TABLE bargaining.head RENAME TO kept")
    ask(server, "CREATE VIEW bargaining.head AS SELECT *, 1 / (seq - 1) FROM bargaining.kept")
    for write in (False, True):
        with pytest.raises(RecordError, match="other tables than a record's"):
            Record.open(server, write=write)
    ask(server, "DROP VIEW bargaining.head")
    ask(server, "ALTER TABLE bargaining.kept RENAME TO head")
    ask(server, "CREATE RULE r AS ON INSERT TO bargaining.entry DO INSTEAD NOTHING")
    with pytest.raises(RecordError):
        Record.open(server)


def test_who_files_waits_and_who_asks_does_not(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg  # noqa: PLC0415 - an extra

    filed(server, FIRST)
    monkeypatch.setattr("bargaining.record.stores.postgres._LOCK", "100ms")
    with psycopg.connect(server) as busy:
        busy.execute("SELECT seq FROM bargaining.head FOR UPDATE")
        with Record.open(server, write=True) as record:
            assert record.verify().entries == 1
            with pytest.raises(StorageError, match="somebody else is filing"):
                record.file(SECOND)
            assert record.verify().entries == 1


def test_a_record_of_a_later_format_is_refused(server: str) -> None:
    filed(server, FIRST)
    ask(server, "UPDATE bargaining.head SET format = 3")
    with pytest.raises(RecordError, match="another format"):
        Record.open(server)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE bargaining.entry SET body = replace(body, 'Guild', 'Board') WHERE seq = 1",
        "UPDATE bargaining.entry SET hash = repeat('0', 64) WHERE seq = 2",
        "DELETE FROM bargaining.entry WHERE seq = 1",
        "DELETE FROM bargaining.patch",
        "DELETE FROM bargaining.original",
        "UPDATE bargaining.original SET data = set_byte(data, 9, (get_byte(data, 9) + 1) % 256)",
        "UPDATE bargaining.patch SET delta = set_byte(delta, 9, (get_byte(delta, 9) + 1) % 256)",
        "INSERT INTO bargaining.original VALUES ('x', 1, '')",
        "UPDATE bargaining.head SET seq = 1",
        "UPDATE bargaining.head SET hash = repeat('0', 64)",
        "UPDATE bargaining.head SET seq = 0, hash = ''",
        "DELETE FROM bargaining.entry WHERE seq = 2",
    ],
)
def test_what_is_altered_on_the_server_is_found(server: str, statement: str) -> None:
    filed(server, FIRST, SECOND)
    ask(server, statement)
    with Record.open(server) as record, pytest.raises(RecordError) as caught:
        record.verify()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM bargaining.entry WHERE seq = 2",
        "UPDATE bargaining.head SET seq = 1",
        "UPDATE bargaining.head SET hash = repeat('0', 64)",
    ],
)
def test_nothing_is_filed_over_a_loss(server: str, statement: str) -> None:
    filed(server, FIRST, SECOND)
    ask(server, statement)
    with Record.open(server, write=True) as record:
        with pytest.raises(RecordError, match="does not end as its noted head says"):
            record.no_paper("Guild Verbal Counter 4-4-25", chain="Bells")
        with pytest.raises(RecordError):
            record.verify()


def test_an_entry_has_the_time_and_the_role_of_the_server(server: str) -> None:
    with Record.open(server, write=True, clock=lambda: datetime(1999, 1, 1, tzinfo=UTC)) as record:
        record.file(FIRST, by="Ana")
        record.no_paper("Guild Verbal Counter 4-4-25", chain="Bells", by="postgres")
        entries = record.entries
    assert [entry.body["by"] for entry in entries] == ["Ana (role postgres)", "postgres"]
    now = datetime.now(UTC)
    for entry in entries:
        assert abs(datetime.fromisoformat(entry.body["entered"]) - now) < timedelta(minutes=1)


def test_a_schema_without_tables_is_no_record_yet(server: str) -> None:
    ask(server, "CREATE SCHEMA bargaining")
    with pytest.raises(NotFoundError):
        Record.open(server)
    assert filed(server, FIRST).startswith("1 ")


@pytest.mark.parametrize(
    "location", ["postgresql:rev", "postgres:/x", "host=localhost dbname=x", "http://x/y"]
)
def test_a_slip_in_a_url_makes_no_file(tmp_path: Path, location: str) -> None:
    os.chdir(tmp_path)
    with pytest.raises(AskError, match="That is no place for a record"):
        Record.open(location, write=True)
    assert list(tmp_path.iterdir()) == []


# Roles, as docs/shared-record.md gives them.


@pytest.fixture(name="roles")
def _roles(server: str) -> str:
    page = (DOCS / "shared-record.md").read_text(encoding="utf-8")
    made, granted = re.findall(r"```sql\n(.*?)```", page, flags=re.DOTALL)
    for role in ("ana", "ben", "owner"):
        if not ask(server, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            ask(server, f"CREATE ROLE {role} LOGIN")
    if not ask(server, "SELECT 1 FROM pg_roles WHERE rolname = 'negotiations_ask'"):
        ask(server, made)
    database = ask(server, "SELECT current_database()")[0][0]
    ask(server, f"GRANT CREATE ON DATABASE {database} TO owner")
    filed(as_role(server, "owner"), FIRST)
    ask(as_role(server, "owner"), granted)
    return server


def test_who_may_only_ask_can_ask_everything_and_file_nothing(roles: str, run: Run) -> None:
    asking = as_role(roles, "ana")
    with Record.open(asking) as record:
        assert record.verify().entries == 1
        assert record.chain().who("ring once").passages
    with Record.open(asking, write=True) as record, pytest.raises(StorageError) as caught:
        record.file(SECOND)
    assert "permission denied" in str(caught.value)
    assert "docs/shared-record.md" in caught.value.hint
    done = run("add", "--no-paper", "--label", "Guild Verbal Counter 4-4-25", "-c", "Bells",
               "--record", asking)  # fmt: skip
    assert (done.code, len(done.err.splitlines())) == (7, 1)
    assert run("who", "ring once", "--record", asking).code == 0


def test_who_may_file_can_add_and_can_alter_nothing(roles: str) -> None:
    filing = as_role(roles, "ben")
    filed(filing, SECOND)
    with Record.open(filing) as record:
        assert record.verify().entries == 2
    for table in ("entry", "original", "patch"):
        for what in ("DELETE FROM", "TRUNCATE"):
            with pytest.raises(Exception, match="permission denied"):
                ask(filing, f"{what} bargaining.{table}")
    for statement in (
        "UPDATE bargaining.entry SET body = ''",
        "UPDATE bargaining.wording SET threes = NULL",
        "INSERT INTO bargaining.wording VALUES ('x', NULL)",
        "UPDATE bargaining.head SET format = 3",
    ):
        with pytest.raises(Exception, match="permission denied"):
            ask(filing, statement)


def forged(record: Record, by: str, entered: str) -> tuple[int, str, str]:
    """An entry that follows the last one, every hash right, with what somebody wants it to say."""
    seq, _, before = list(record._store.entries())[-1]  # noqa: SLF001
    said = {"by": by, "entered": entered, "kind": "alias", "name": "The Guild", "means": "Guild"}
    body = canonical(said)
    return seq + 1, body, link(before, body)


@pytest.mark.parametrize(
    ("by", "days", "whole"),
    [
        ("ben", 0, True),
        ("Ben Roe (role ben)", 0, True),
        ("ana", 0, False),
        ("Ana Poe (role ana)", 0, False),
        ("Ana Poe", 0, False),
        ("ben", -30, False),
        ("ben", -1, False),
        ("ben", 3, False),
    ],
)
def test_an_entry_in_another_name_or_with_an_old_date_is_refused(
    roles: str, by: str, days: int, whole: bool
) -> None:
    filing = as_role(roles, "ben")
    filed(filing, SECOND)
    entered = (datetime.now(UTC) + timedelta(days=days, seconds=1)).isoformat(timespec="seconds")
    with Record.open(filing) as record:
        seq, body, digest = forged(record, by, entered)
    ask(filing, "INSERT INTO bargaining.entry (seq, body, hash) VALUES (%s, %s, %s)",
        seq, body, digest)  # fmt: skip
    ask(filing, "UPDATE bargaining.head SET seq = %s, hash = %s", seq, digest)
    with Record.open(filing) as record:
        if whole:
            found = record.verify()
            assert (found.entries, found.witnessed, found.taken_over) == (3, 3, 0)
        else:
            with pytest.raises(RecordError, match=f"Entry {seq} was put in by the role “ben”"):
                record.verify()


@pytest.mark.parametrize("column", ["role", "began"])
def test_nobody_who_files_says_what_the_server_notes(roles: str, column: str) -> None:
    statement = "INSERT INTO bargaining.entry (seq, role) VALUES (9, NULL)"
    with pytest.raises(Exception, match="permission denied"):
        ask(as_role(roles, "ben"), statement.replace("role", column))


def test_a_bundle_that_was_taken_over_is_told(server: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "record.db"
    filed(str(path), FIRST, SECOND)
    with Record.open(path) as record:
        files = dict(bundle.export(record))
    with Record.open(server, write=True) as record:
        bundle.restore(files, record)
        found = record.verify()
    assert (found.witnessed, found.taken_over) == (2, 2)
    third = Submission(data=b"1.0 It shall ring.", label="Guild Counter 4-3-25", chain="Bells",
                       name="c.md")  # fmt: skip
    filed(server, third)
    with Record.open(server) as record:
        found = record.verify()
    assert (found.witnessed, found.taken_over) == (3, 2)
    assert "entries 1 to 2 came in together, as a bundle" in " ".join(
        run("verify", "--record", server).out.split()
    )


def test_an_index_of_a_document_that_is_not_there_is_refused(roles: str) -> None:
    filing = as_role(roles, "ben")
    ask(filing, "SELECT bargaining.index_wording(%s, %s::text[])", key_of("Drums"), ["drm"])
    with Record.open(filing) as record, pytest.raises(RecordError, match="does not hold"):
        record.verify()


def test_what_is_indexed_only_grows(roles: str) -> None:
    filing, key = as_role(roles, "ben"), key_of("Bells")
    held = "SELECT tsvector_to_array(threes) FROM bargaining.wording WHERE document = %s"
    before = set(ask(filing, held, key)[0][0])  # type: ignore[call-overload]
    for added in ([], ["aaaaaa"], None):
        ask(filing, "SELECT bargaining.index_wording(%s, %s::text[])", key, added)
        after = ask(filing, held, key)[0][0]
        assert after is None or before <= set(after)  # type: ignore[call-overload]
    with Record.open(filing) as record:
        record.verify()


# The command line.


def test_every_command_takes_the_url(server: str, run: Run, papers: Path) -> None:
    os.environ["BARGAIN_RECORD"] = server
    try:
        assert run("add", str(papers)).code == 0
        assert "of “School Library Hours" in run("add", str(papers)).out
        for command in (("log",), ("show",), ("diff",), ("blame",), ("redline",), ("verify",)):
            assert run(*command).code == 0
        assert run("who", "library").code == 0
        assert run("export", "out.zip").code == 0
        line = run("verify").out.splitlines()[-1]
        done = run("import", "out.zip", "--record", "copy.db")
        assert (done.code, done.out.splitlines()[-1]) == (0, line)
        assert run("import", "out.zip").code == 5
    finally:
        del os.environ["BARGAIN_RECORD"]
