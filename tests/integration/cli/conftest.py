"""A command line of its own for each test; and the Cantal, as the replica shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.command_line import CANTAL_STEP, Vigie, poll
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


@pytest.fixture
def told(cantal: Vigie, replica: Replica) -> Vigie:
    """The same, once the Cantal's announcement of 10 September was read."""
    poll(cantal, replica, 0)
    assert poll(cantal, replica, CANTAL_STEP).status == 0
    return cantal
