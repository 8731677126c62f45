"""Rows that point at nothing, as after damage to the file: the worker says so and lets go of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.errors import StorageError
from storage.migrations import upgrade
from tests.fakes.telling import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two subscribers, and an alert that waits for them."""
    engine = open_engine(f"sqlite:///{tmp_path}/vigie.db")
    upgrade(engine)
    world = World(engine)
    world.subscribe(2)
    world.publish("a")
    yield world
    engine.dispose()


@pytest.mark.parametrize("table", ["alerts", "subscriptions"])
def test_what_is_promised_of_a_row_that_is_gone_is_told_as_damage(world: World, table: str) -> None:
    _lose(world, table)

    with pytest.raises(StorageError, match="est abîmée"):
        world.tick()

    assert world.store.health().writable, "nobody holds the database"


def _lose(world: World, table: str) -> None:
    with closing(sqlite3.connect(world.engine.url.database or "")) as hand, hand:
        hand.execute("PRAGMA foreign_keys = OFF")
        hand.execute(f"DELETE FROM {table}")  # noqa: S608
