"""An installation of today, which knows nothing of the past yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.archives import Memory
from tests.fakes.watch import Watch


@pytest.fixture(scope="session")
def bare_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bare") / "vigie.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def memory(tmp_path: Path, bare_database: Path) -> Iterator[Memory]:
    engine = open_engine(f"sqlite:///{shutil.copy(bare_database, tmp_path / 'vigie.db')}")
    store = SqlStore(engine)
    yield Memory(Watch(store), store)
    engine.dispose()
