"""A PostgreSQL database that the server's own tools copied or restored sends nothing until somebody says so."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.engine import open_engine
from tests.fakes.plans import NOW
from tests.fakes.servers import administer, created, named, tool
from tests.fakes.telling import World
from watcher.core.state import ProblemKind
from watcher.core.subscriptions import Way


def run(*line: str) -> None:
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@contextmanager
def world_on(url: str) -> Iterator[World]:
    engine = open_engine(url)
    try:
        yield World(engine)
    finally:
        engine.dispose()


@pytest.fixture
def lived(postgresql_url: str) -> str:
    with world_on(postgresql_url) as world:
        world.subscribe(3)
        world.publish("a")
    return postgresql_url


def dumped(url: str, path: Path) -> Path:
    run(tool("pg_dump"), "-Fc", "-f", str(path), "-d", url.replace("+psycopg", ""))
    return path


def sent_from(url: str) -> int:
    with world_on(url) as world:
        world.tick()
        return len(world.sender.sent)


def test_what_was_restored_elsewhere_is_silent(lived: str, postgresql_server: str, tmp_path: Path) -> None:
    goal = created(postgresql_server, f"{lived.split('/')[3].split('?')[0]}_restored")
    run(tool("pg_restore"), "-d", goal.replace("+psycopg", ""), str(dumped(lived, tmp_path / "dump")))
    assert sent_from(goal) == 0
    with world_on(goal) as world:
        assert world.outbox.resume(NOW)
    assert sent_from(goal) == 3


def test_what_was_restored_in_its_place_is_silent(lived: str, tmp_path: Path) -> None:
    dump = dumped(lived, tmp_path / "dump")
    run(tool("pg_restore"), "--clean", "-d", lived.replace("+psycopg", ""), str(dump))
    assert sent_from(lived) == 0


def test_what_was_made_from_a_template_is_silent(lived: str, postgresql_server: str) -> None:
    name = lived.split("/")[3].split("?")[0]
    administer(postgresql_server, f"CREATE DATABASE {name}_twin TEMPLATE {name}")
    assert sent_from(named(postgresql_server, f"{name}_twin")) == 0


def test_a_program_that_starts_on_it_tells_of_it(lived: str, tmp_path: Path) -> None:
    dump = dumped(lived, tmp_path / "dump")
    run(tool("pg_restore"), "--clean", "-d", lived.replace("+psycopg", ""), str(dump))
    with world_on(lived) as world:
        assert world.outbox.notice_elsewhere(NOW)
        assert not world.outbox.notice_elsewhere(NOW)
        assert [problem.kind for problem in world.store.problems()] == [ProblemKind.HELD]
        world.outbox.resume(NOW)
        assert not world.store.problems()
        assert not world.outbox.held()


def test_what_the_server_does_to_itself_changes_nothing(lived: str, postgresql_server: str) -> None:
    administer(lived, "VACUUM FULL", "REINDEX TABLE installation")
    with world_on(lived) as world:
        assert not world.outbox.notice_elsewhere(NOW)
        world.deliverer().tick(Way.MAIL)
        assert len(world.sender.sent) == 3
