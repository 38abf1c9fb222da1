"""A PostgreSQL server for the tests, where one is named; and the places where a record can be.

`BARGAIN_POSTGRES` is the URL of a server on which databases may be made and dropped. Each test has
a database of its own. A test that asks for a `place` is run with a file and with a server.
"""

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

URL = os.environ.get("BARGAIN_POSTGRES", "")


def named(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return re.sub(r"^(\w+://[^/]*/)[^?]*", lambda found: found[1] + name, url)


def as_role(url: str, role: str) -> str:
    """The same URL for another role."""
    return re.sub(r"^(\w+://)(?:[^/@]*@)?", lambda found: f"{found[1]}{role}@", url)


def ask(url: str, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run SQL beside the program."""
    import psycopg  # noqa: PLC0415 - an extra

    with psycopg.connect(url, autocommit=True) as connection:
        done = connection.execute(statement.encode(), values or None)
        return done.fetchall() if done.description else []


@contextmanager
def database() -> Iterator[str]:
    """Make an empty database; yield its URL."""
    if not URL:
        pytest.skip("BARGAIN_POSTGRES names no server.")
    pytest.importorskip("psycopg")
    name = f"bargain_{uuid.uuid4().hex}"
    ask(URL, f"CREATE DATABASE {name} STRATEGY wal_log")
    try:
        yield named(URL, name)
    finally:
        ask(URL, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of an empty database."""
    with database() as url:
        yield url


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a file can be."""
    return tmp_path / "record.db"


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str | Path:
    """Where a record can be: in a file, or on a server."""
    found: str | Path = request.getfixturevalue(getattr(request, "param", "path"))
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a place with both, but for what looks into the file itself."""
    code = metafunc.function.__code__
    itself = "path" in code.co_varnames[: code.co_argcount]
    fixtures = metafunc.definition._fixtureinfo.name2fixturedefs  # noqa: SLF001
    if "place" in fixtures and not itself:
        metafunc.parametrize("place", ["path", "server"], indirect=True, ids=["file", "server"])
