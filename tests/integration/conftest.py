"""A database at the newest schema, made once: each test takes a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.migrations import upgrade


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "vigie.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path
