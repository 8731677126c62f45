"""A watch whose readers hear, by real mail and real web-hooks, of what reviewers really decide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import StillClock
from tests.fakes.following import Following
from tests.fakes.receiver import Receiver, receiving
from tests.fakes.smtp import ScriptedServer
from watcher.post import HttpPoster


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path}/vigie.db")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def poster() -> Iterator[HttpPoster]:
    poster = HttpPoster(StillClock(), allow_private=True, user_agent="VigiePrefectures/0.1")
    yield poster
    poster.close()


@pytest.fixture
def watch(engine: Engine, tmp_path: Path, receiver: Receiver, poster: HttpPoster) -> Iterator[Following]:
    with ScriptedServer(lambda _stage, _number: None).running() as server:
        yield Following(engine, tmp_path, server, receiver, poster)
