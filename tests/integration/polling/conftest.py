"""A new SQLite store for each test, and a watch that polls into it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.store import SqlStore
from tests.fakes.watch import Watch


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[SqlStore]:
    engine = open_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'vigie.db')}")
    yield SqlStore(engine)
    engine.dispose()


@pytest.fixture
def watch(store: SqlStore) -> Watch:
    """One list and one content page of the Cantal, on Monday morning."""
    return Watch(store)
