"""Everything moves to an empty database, and never do two send."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.engine import open_engine
from storage.errors import StorageError
from storage.moving import move
from storage.store import SqlStore
from tests.fakes.plans import NOW
from tests.fakes.servers import created
from tests.fakes.telling import World
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def lived(database_url: str) -> str:
    """The address of a database with something in most of its tables."""
    with opened(database_url) as engine:
        world = World(engine)
        world.subscribe(5)
        world.publish("a", "b")
        world.deliverer().tick(Way.MAIL)
        world.publish("c")
        world.store.note_problems(
            [Problem("x", ProblemKind.MOVED, NOW, "é\u2028", needs_human=True)], (), NOW
        )
    return database_url


@pytest.fixture
def goal(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> str:
    """An empty database of the other kind."""
    if "sqlite" not in database_url:
        return f"sqlite:///{tmp_path / 'new.db'}"
    return created(request.getfixturevalue("postgresql_server"), f"goal_{abs(hash(tmp_path)) % 10**9}")


def told(url: str) -> tuple[object, ...]:
    with opened(url) as engine:
        world = SqlStore(engine)
        return tuple(world.alerts()), dict(world.states()), tuple(world.alerts(words="prefecture"))


def test_what_was_there_is_there(lived: str, goal: str) -> None:
    before = told(lived)
    done = move(lived, goal, NOW)
    assert told(goal) == before
    assert {table.table: table.rows for table in done.tables}["deliveries"] == 15
    assert not done.silent


def test_the_old_one_falls_silent_and_the_new_one_sends_what_waited(lived: str, goal: str) -> None:
    move(lived, goal, NOW)
    assert held(lived)
    assert not held(goal)
    with opened(goal) as engine:
        world = World(engine)
        world.tick()
        assert len(world.sender.sent) == 5


def held(url: str) -> str:
    with opened(url) as engine:
        return World(engine).outbox.held()


def test_what_was_silent_stays_silent(lived: str, goal: str) -> None:
    with opened(lived) as engine:
        World(engine).outbox.suspend("parce que", NOW)
    assert move(lived, goal, NOW).silent
    assert held(goal)


def test_the_new_one_goes_on_counting(lived: str, goal: str) -> None:
    move(lived, goal, NOW)
    with opened(goal) as engine:
        store = SqlStore(engine)
        store.note_problems([Problem("y", ProblemKind.MOVED, NOW, "", needs_human=True)], (), NOW)
        assert [p.subject for p in store.problems()] == ["x", "y"]


def test_a_database_with_rows_is_not_overwritten(lived: str, goal: str) -> None:
    move(lived, goal, NOW)
    with opened(lived) as engine:
        World(engine).outbox.resume(NOW)
    with pytest.raises(StorageError, match="n'est pas vide"):
        move(lived, goal, NOW)
    assert not held(lived)


def test_a_database_of_somebody_else_is_not_touched(lived: str, goal: str) -> None:
    with opened(goal) as engine, engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(StorageError, match="theirs"):
        move(lived, goal, NOW)
    assert not held(lived)


def test_nothing_moves_while_a_program_uses_the_old_one(lived: str, goal: str) -> None:
    with opened(lived), pytest.raises(StorageError, match="un autre programme s'en sert"):
        move(lived, goal, NOW)


def test_a_missing_database_is_told(goal: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="n'existe pas"):
        move(f"sqlite:///{tmp_path / 'nowhere.db'}", goal, NOW)
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (
            "UPDATE alerts SET prefecture = 'a' || char(0)",
            "table alerts tient ce que l'autre base n'accepte pas",
        ),
        ("UPDATE alerts SET detected_at = 1.5", "table alerts tient ce que l'autre base n'accepte pas"),
        (
            "UPDATE alerts SET prefecture = CAST(x'61eda080' AS TEXT)",
            "abîmée",
        ),  # half of a pair of surrogates
    ],
)
def test_what_cannot_be_written_leaves_the_new_one_empty(
    sqlite_url: str, postgresql_server: str, tmp_path: Path, odd: str, said: str
) -> None:
    """PostgreSQL takes no such value, which some other tool left in ours; ours is the one that is named."""
    with opened(sqlite_url) as engine:
        World(engine).publish("a")
    old = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(old)) as raw, raw:
        raw.execute(odd)
    goal = created(postgresql_server, f"goal_{abs(hash(tmp_path)) % 10**9}")
    with pytest.raises(StorageError, match=f"^Base {re.escape(old)} : .*{said}"):
        move(sqlite_url, goal, NOW)
    with opened(goal) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0
    assert not held(sqlite_url)
