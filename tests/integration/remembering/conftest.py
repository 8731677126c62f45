"""An installation of today, which knows nothing of the past yet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.store import SqlStore
from tests.fakes.archives import Memory
from tests.fakes.watch import Watch


@pytest.fixture
def memory(tmp_path: Path, empty_database: Path) -> Iterator[Memory]:
    engine = open_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'vigie.db')}")
    store = SqlStore(engine)
    yield Memory(Watch(store), store)
    engine.dispose()
