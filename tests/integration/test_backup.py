"""A copy of the database is whole or is told; whatever way it comes into use, nothing leaves it unasked."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.backup import PutBack, put_back, save
from storage.copies import examine
from storage.engine import open_engine
from storage.errors import StorageError
from storage.migrations import upgrade
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import NOW
from tests.fakes.telling import World
from watcher.core.outbox import Fate
from watcher.core.subscriptions import EndReason, Way

LATER = NOW + timedelta(days=1)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "var" / "vigie.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{database}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    """Three subscribers, and an alert that waits for them."""
    world = World(engine)
    world.subscribe(3)
    world.publish("a")
    return world


@pytest.fixture
def copy(world: World, database: Path, tmp_path: Path) -> Path:
    save(url(database), tmp_path / "copy.db", NOW)
    return tmp_path / "copy.db"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def restore(copy: Path, database: Path) -> PutBack:
    return put_back(copy, url(database), LATER, replace=True)


def refused(copy: Path) -> str:
    with pytest.raises(StorageError) as caught:
        examine(copy)
    return str(caught.value)


def test_a_copy_holds_everything_and_only_its_owner_may_read_it(copy: Path) -> None:
    found = examine(copy)

    assert (found.made_at, found.sealed, found.waiting) == (NOW, True, 3)
    assert found.counts["subscriptions"] == 3
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in copy.parent.glob("*copy*")] == ["copy.db"], "nothing is left beside it"


def test_copies_made_while_somebody_writes_are_whole(world: World, database: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [world.publish(f"b{number}") for number in range(30)])
        waiting = [save(url(database), tmp_path / f"{n}.db", NOW).waiting for n in range(5)]
        writing.result()

    assert all(number % 3 == 0 for number in waiting), "an alert without all its deliveries"


def test_every_flipped_bit_of_a_copy_is_noticed(copy: Path) -> None:
    whole = copy.read_bytes()
    told = []
    for place in range(0, len(whole), len(whole) // 97):
        copy.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        told.append(refused(copy))

    assert all("abîmée" in words or "n'est pas une base" in words for words in told)


def test_a_copy_that_was_cut_or_written_to_is_refused(copy: Path) -> None:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    assert "abîmée ou modifiée" in refused(copy)

    copy.write_bytes(whole)
    with closing(sqlite3.connect(copy)) as hand, hand:
        hand.execute("UPDATE subscriptions SET ended_at = 1")
    assert "abîmée ou modifiée" in refused(copy)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("CREATE TABLE recipes (id)", "ce n'est pas une base de la vigie"),
        ("UPDATE alembic_version SET version_num = '9999'", "plus récent que ce programme"),
    ],
)
def test_what_is_no_copy_of_ours_is_refused(world: World, database: Path, made: str, words: str) -> None:
    other = database.with_name("other.db")
    if "alembic" in made:
        world.engine.dispose()
        shutil.copy(database, other)
    with closing(sqlite3.connect(other)) as hand, hand:
        hand.execute(made)

    assert words in refused(other)


def test_a_file_that_is_no_database_is_not_written_over(world: World, database: Path) -> None:
    notes = database.with_name("notes.txt")
    notes.write_text("à garder")

    for target in (notes, database, database.with_name("vigie.db-wal")):
        with pytest.raises(StorageError):
            save(url(database), target, NOW)

    assert notes.read_text() == "à garder"
    assert world.outbox.held() == ""


def test_a_copy_that_cannot_be_finished_leaves_the_one_before_it(
    copy: Path, world: World, database: Path
) -> None:
    before = copy.read_bytes()
    world.engine.dispose()
    whole = database.read_bytes()
    database.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))

    with pytest.raises(StorageError, match=r"vigie\.db : elle est abîmée"):
        save(url(database), copy, LATER)

    assert copy.read_bytes() == before
    assert not list(copy.parent.glob(".*"))


def test_nothing_leaves_a_restored_database_until_somebody_says_so(
    copy: Path, world: World, database: Path
) -> None:
    world.tick()
    world.engine.dispose()

    done = restore(copy, database)

    assert (done.copy.waiting, done.left) == (3, 0)
    restored = World(open_engine(url(database)))
    assert "restaurée" in restored.tick().down
    assert restored.sender.sent == []
    assert restored.outbox.resume(LATER)
    assert restored.tick().fates == {Fate.ACCEPTED: 3}
    first = {claimed.message.id for claimed in world.sender.sent}
    assert {claimed.message.id for claimed in restored.sender.sent} == first, "who knows the ids drops copies"


def test_nothing_leaves_a_copy_that_is_simply_put_in_place_by_hand(copy: Path) -> None:
    put = World(open_engine(url(copy)))

    assert "copie du 2026-09-10" in put.tick().down
    assert put.sender.sent == []


def test_a_copy_that_came_into_use_by_hand_can_be_copied_by_other_tools(copy: Path) -> None:
    """Its seal does not outlive its being a copy."""
    used = World(open_engine(url(copy)))
    assert used.outbox.resume(LATER)
    used.people.end("s00000", EndReason.ONE_CLICK, LATER)
    used.engine.dispose()

    assert not examine(copy).sealed


def test_who_left_since_the_copy_stays_away(copy: Path, world: World, database: Path) -> None:
    world.people.end("s00001", EndReason.ONE_CLICK, NOW + timedelta(hours=1))
    world.people.suppress("mailbox z", EndReason.NEVER, NOW)
    world.engine.dispose()

    assert restore(copy, database).left == 1

    people = SqlSubscriptions(open_engine(url(database)))
    assert [one.id for one in people.subscriptions()] == ["s00000", "s00002"]
    assert people.history("mailbox z", LATER).suppressed


def test_a_damaged_database_is_replaced_and_kept(copy: Path, world: World, database: Path) -> None:
    world.engine.dispose()
    database.write_bytes(database.read_bytes()[:4096] + b"\xff" * 8192)
    damaged = database.read_bytes()

    done = restore(copy, database)

    assert done.left is None, "it cannot tell who left"
    assert done.aside is not None
    assert done.aside.read_bytes() == damaged
    assert "restaurée" in World(open_engine(url(database))).outbox.held()


def test_a_database_is_replaced_only_when_that_is_asked_for(copy: Path, database: Path) -> None:
    with pytest.raises(StorageError, match="--replace"):
        put_back(copy, url(database), LATER, replace=False)

    put_back(copy, url(database.with_name("new.db")), LATER, replace=False)
    assert World(open_engine(url(database.with_name("new.db")))).counted()


def test_a_database_that_a_running_program_uses_is_not_replaced(
    copy: Path, world: World, database: Path
) -> None:
    world.engine.dispose()
    user = subprocess.Popen(
        [sys.executable, "-c", _USES, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"open\n"

        with pytest.raises(StorageError, match="arrêtez la vigie d'abord"):
            restore(copy, database)

    assert World(open_engine(url(database))).outbox.held() == ""
    assert not list(database.parent.glob("*replaced*"))


_USES = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM alerts").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


def test_postgresql_has_tools_of_its_own() -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        save("postgresql+psycopg://h/b", Path("x.db"), NOW)


def test_a_maintainer_can_hold_back_what_waits(world: World) -> None:
    world.outbox.suspend("travaux", NOW)
    world.outbox.suspend("travaux", NOW)
    assert world.tick(Way.MAIL).down == "travaux"

    assert world.outbox.resume(NOW)
    assert not world.outbox.resume(NOW)
    assert world.tick().fates == {Fate.ACCEPTED: 3}
