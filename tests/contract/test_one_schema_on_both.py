"""SQLite and PostgreSQL have one schema, and every older one reaches it with the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Engine, Float, Integer, LargeBinary, String, inspect, text

import storage.migrations
from storage.engine import open_engine, reading, writing
from storage.home import installation
from storage.migrations import VERSIONS, upgrade
from storage.moving import move
from storage.tables import alert_words, metadata
from storage.transfer import read_again
from tests.fakes.desk_scene import SqlScene, done, verify
from tests.fakes.plans import NOW, alert
from tests.fakes.servers import created
from tests.fakes.telling import World
from watcher.core.state import Problem, ProblemKind

_MEANINGS = (Boolean, LargeBinary, Integer, Float, String)  # BIGINT and SERIAL are integers, TEXT is a string


@pytest.fixture
def pair(sqlite_url: str, postgresql_server: str, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """One of each kind, with the same rows in most tables."""
    goal = created(postgresql_server, f"pair_{abs(hash(tmp_path)) % 10**9}")
    first = open_engine(sqlite_url)
    scene = SqlScene(first)
    scene.give(one := alert("d"))
    done(scene, verify(one))
    world = World(first)
    world.subscribe(5)
    world.publish("a", "b")
    world.tick()
    world.publish("c")
    world.store.note_problems([Problem("x", ProblemKind.MOVED, NOW, "é", needs_human=True)], (), NOW)
    first.dispose()
    move(sqlite_url, goal, NOW)
    engines = open_engine(sqlite_url), open_engine(goal)
    yield engines
    for engine in engines:
        engine.dispose()


def meaning(kind: object) -> str:
    return next((known.__name__ for known in _MEANINGS if isinstance(kind, known)), repr(kind))


def shape(engine: Engine) -> Mapping[str, Any]:
    """Of each table what both databases can tell; the index of words is a thing of its own on each."""
    look = inspect(engine)
    found: dict[str, Any] = {}
    for name in (t for t in look.get_table_names() if not t.startswith("alert_words")):
        unique = {(one["name"], tuple(one["column_names"])) for one in look.get_unique_constraints(name)}
        found[name] = {
            "columns": [(c["name"], meaning(c["type"]), c["nullable"]) for c in look.get_columns(name)],
            "key": look.get_pk_constraint(name)["constrained_columns"],
            "foreign": {
                (f["name"], f["referred_table"], *f["constrained_columns"], *f["referred_columns"])
                for f in look.get_foreign_keys(name)
            },
            "unique": unique,
            "indexes": {index(one) for one in look.get_indexes(name)} - {(*one, True, "") for one in unique},
        }
    return found


def index(one: Any) -> tuple[object, ...]:
    where = next((rows for key, rows in one.get("dialect_options", {}).items() if key.endswith("_where")), "")
    return one["name"], tuple(one["column_names"]), bool(one["unique"]), rows_of(str(where))


def rows_of(where: str) -> str:
    """PostgreSQL spells a condition in its own way."""
    spelled = where.replace("::text", "").replace("[]", "").replace("(", "").replace(")", "")
    return spelled.replace(" = ANY ARRAY[", " IN ").replace("]", "")


def test_both_have_the_same_tables(pair: tuple[Engine, Engine]) -> None:
    one, other = map(shape, pair)
    assert one.keys() == other.keys()
    for name, found in one.items():
        spelled = found | {"indexes": {(*i[:3], rows_of(str(i[3]))) for i in found["indexes"]}}
        assert spelled == other[name], name


def test_both_refuse_to_forget_decisions(pair: tuple[Engine, Engine]) -> None:
    for engine in pair:
        with reading(engine) as connection:
            sql = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'decisions'"
            if engine.dialect.name == "postgresql":
                sql = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'decisions'::regclass AND NOT tgisinternal"
            assert connection.scalar(text(sql)) >= 2


def test_every_older_schema_reaches_the_newest_with_the_same_rows(pair: tuple[Engine, Engine]) -> None:
    whole = rows(pair[0])
    assert sum(number for number, _ in whole.values()) > 50
    for version in reversed(VERSIONS[:-1]):
        before = []
        for engine in pair:
            back(engine, version)
            with reading(engine) as connection:
                before.append(inspect(connection).get_table_names())
            upgrade(engine)
        assert {*before[1]} == {name for name in before[0] if not name.startswith("alert_words_")}, version
        kept, moved = rows(pair[0]), rows(pair[1])
        assert kept == moved, version
        assert kept["alerts"] == whole["alerts"], version
    with reading(pair[0]) as one, reading(pair[1]) as other:
        assert read_again(one, alert_words) == read_again(other, alert_words)


def rows(engine: Engine) -> Mapping[str, tuple[int, str]]:
    with reading(engine) as connection:
        found = [
            read_again(connection, table) for table in metadata.sorted_tables if table is not installation
        ]
        return {one.table: (one.rows, one.digest) for one in found if one.table != "problems"}


def back(engine: Engine, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, version)
