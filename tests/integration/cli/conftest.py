"""A command line of its own for each test; and the Cantal, as the replica shows it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.command_line import CANTAL_STEP, Vigie
from watcher.cli import main
from watcher.replica import Replica


@pytest.fixture
def vigie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Vigie:
    return Vigie(tmp_path, capsys)


@pytest.fixture(scope="session")
def replica() -> Iterator[Replica]:
    with Replica(hosts="paths", limiter=False, prefectures=["15"]) as running:
        yield running


@pytest.fixture
def cantal(tmp_path: Path, capsys: pytest.CaptureFixture[str], replica: Replica) -> Vigie:
    """One préfecture of the replica, on the first morning of its week."""
    replica.go(0)
    sources = tmp_path / "sources.yaml"
    sources.write_text(replica.sources_yaml(gap="1ms", brake_for="1s"), encoding="utf-8")
    return Vigie(tmp_path, capsys, sources)


@pytest.fixture(scope="session")
def told_database(tmp_path_factory: pytest.TempPathFactory, replica: Replica) -> Path:
    """What is known once the Cantal's announcement of 10 September was read."""
    folder = tmp_path_factory.mktemp("told")
    sources = folder / "sources.yaml"
    sources.write_text(replica.sources_yaml(gap="1ms", brake_for="1s"), encoding="utf-8")
    everywhere = ["--database", f"sqlite:///{folder}/vigie.db", "--sources", str(sources), "--allow-private"]
    for step in (0, CANTAL_STEP):
        replica.go(step)
        assert main([*everywhere, "poll", "--all", "--now", replica.time(step).isoformat()]) == 0
    return folder / "vigie.db"


@pytest.fixture
def told(cantal: Vigie, replica: Replica, told_database: Path) -> Vigie:
    """The same préfecture, on the day of its announcement."""
    shutil.copy(told_database, cantal.folder / "vigie.db")
    replica.go(CANTAL_STEP)
    return cantal
