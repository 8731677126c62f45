"""Whoever only reads cannot write, by mistake or otherwise."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from storage.engine import hasty, read_only, reading, writing
from storage.errors import ReadOnlyError, StorageError
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, NOW, source

FORGOTTEN = text("DELETE FROM sources")


@pytest.fixture
def known(store: SqlStore) -> SqlStore:
    store.register([source()], NOW)
    return store


def test_a_transaction_that_reads_cannot_write(known: SqlStore, engine: Engine) -> None:
    with pytest.raises(StorageError), reading(engine) as connection:
        connection.execute(FORGOTTEN)

    assert list(known.states()) == [CANTAL]


def test_the_same_connection_writes_again_afterwards(known: SqlStore, engine: Engine) -> None:
    for _ in range(3):
        with reading(engine) as connection:
            connection.execute(text("SELECT 1"))
        with writing(engine) as connection:
            connection.execute(text("UPDATE sources SET snapshot = snapshot + 1"))

    assert engine.pool.checkedin() == 1  # type: ignore[attr-defined]


def test_a_read_that_failed_leaves_no_connection_that_cannot_write(known: SqlStore, engine: Engine) -> None:
    with pytest.raises(StorageError), reading(engine) as connection:
        connection.execute(FORGOTTEN)

    with writing(engine) as connection:
        connection.execute(FORGOTTEN)
    assert known.states() == {}


def test_inside_read_only_nothing_can_begin_to_write(known: SqlStore, engine: Engine) -> None:
    with read_only():
        with pytest.raises(ReadOnlyError):
            known.register([source("15-sejour")], NOW)
        with pytest.raises(ReadOnlyError):
            hasty(engine)
        assert list(known.states()) == [CANTAL]

    known.register([source("15-sejour")], NOW)
    assert len(known.states()) == 2


def test_a_database_is_found_well_inside_read_only(known: SqlStore) -> None:
    with read_only():
        assert known.health().writable


def test_what_is_called_in_another_thread_on_behalf_of_a_reader_only_reads(known: SqlStore) -> None:
    """As a server runs what blocks; whoever works beside it writes on."""

    async def asked() -> None:
        with read_only():
            await asyncio.to_thread(known.register, [source("15-sejour")], NOW)

    with pytest.raises(ReadOnlyError):
        asyncio.run(asked())
    with read_only(), ThreadPoolExecutor(1) as poller:
        poller.submit(known.register, [source("15-sejour")], NOW).result()
    assert len(known.states()) == 2


def test_a_connection_for_hasty_writes_writes_after_reads(known: SqlStore, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("there is none elsewhere")
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))

    kept = hasty(engine)
    kept.cursor().execute("DELETE FROM sources")
    kept.close()

    assert known.states() == {}
