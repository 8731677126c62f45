"""What goes wrong with a PostgreSQL server is one French line that says what to do, never a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import TRIES, open_engine, reading, retried, writing
from storage.errors import StorageError
from storage.migrations import upgrade
from storage.server import AT_MOST
from storage.store import SqlStore
from tests.fakes.plans import NOW, source
from tests.fakes.servers import administer, created


@pytest.fixture
def server_engine_of(postgresql_url: str) -> Iterator[Engine]:
    engine = open_engine(postgresql_url)
    yield engine
    engine.dispose()


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def refusal(url: str) -> StorageError:
    with pytest.raises(StorageError) as told, opened(url) as engine:
        upgrade(engine)
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)
    return told.value


def ask(engine: Engine, *statements: str) -> None:
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def as_role(url: str, name: str, options: str = "") -> str:
    administer(
        url,
        f"DROP ROLE IF EXISTS {name}",
        f"CREATE ROLE {name} LOGIN {options}",
    )
    return make_url(url).set(username=name, password="secret").render_as_string(hide_password=False)


@pytest.mark.parametrize(
    ("spoil", "words", "permanent"),
    [
        (lambda url: make_url(url).set(database="nulle_part"), "elle n'existe pas sur ce serveur", True),
        (lambda url: make_url(url).set(username="personne"), "le compte ou le mot de passe est refusé", True),
        (lambda url: make_url("postgresql://a:secret@127.0.0.1:1/b"), "le serveur répond", False),
        (lambda url: make_url("postgres://a:secret@machine.invalid/b"), "le serveur répond", False),
    ],
)
def test_a_wrong_address(postgresql_server: str, spoil, words: str, permanent: bool) -> None:  # type: ignore[no-untyped-def]
    told = refusal(spoil(postgresql_server).render_as_string(hide_password=False))
    assert words in str(told)
    assert told.permanent is permanent


def test_no_connection_left(postgresql_server: str) -> None:
    assert "trop de connexions" in str(
        refusal(as_role(postgresql_server, "nobody_more", "CONNECTION LIMIT 0"))
    )


def test_an_account_without_rights(postgresql_server: str) -> None:
    weak = as_role(postgresql_server, "weak")
    assert "pas tous les droits" in str(refusal(weak))


def test_a_database_that_is_not_in_utf8(postgresql_server: str) -> None:
    url = created(postgresql_server, "latin", "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    assert "elle est en LATIN1" in str(refusal(url))


def test_a_database_that_may_only_be_read(postgresql_url: str, server_engine_of: Engine) -> None:
    name = make_url(postgresql_url).database
    administer(postgresql_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    server_engine_of.dispose()
    with pytest.raises(StorageError, match="lecture seule"):
        SqlStore(server_engine_of).register([source()], NOW)
    assert "lecture seule" in SqlStore(server_engine_of).health().trouble


def test_a_table_that_somebody_holds(postgresql_url: str, server_engine_of: Engine) -> None:
    with server_engine_of.begin() as holder:
        holder.execute(text("LOCK TABLE sources IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(StorageError, match="la tient verrouillée") as told:
            ask(server_engine_of, "SET LOCAL lock_timeout = '50ms'", "SELECT * FROM sources")
    assert not told.value.permanent


def test_a_question_that_takes_too_long(server_engine_of: Engine) -> None:
    with pytest.raises(StorageError, match="trop longtemps"):
        ask(server_engine_of, "SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(5)")


def test_all_connections_of_this_program_are_taken(server_engine_of: Engine) -> None:
    server_engine_of.pool._timeout = 0.05  # type: ignore[attr-defined]
    taken = [server_engine_of.connect() for _ in range(AT_MOST)]
    with pytest.raises(StorageError, match="connexions de ce programme") as told, reading(server_engine_of):
        pass
    assert not told.value.permanent
    for connection in taken:
        connection.close()


def test_a_commit_is_durable_whatever_the_server_was_told(postgresql_url: str) -> None:
    name = make_url(postgresql_url).database
    administer(postgresql_url, f"ALTER DATABASE {name} SET synchronous_commit = off")
    engine = open_engine(postgresql_url)
    with reading(engine) as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
    engine.dispose()


def test_a_connection_that_the_server_cut_is_not_used_again(
    postgresql_url: str, server_engine_of: Engine
) -> None:
    store = SqlStore(server_engine_of)
    store.register([source()], NOW)
    administer(
        postgresql_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()",
    )
    assert store.states()


def test_a_reader_sees_one_state(postgresql_url: str, server_engine_of: Engine) -> None:
    store = SqlStore(server_engine_of)
    with reading(server_engine_of) as connection:
        count = text("SELECT count(*) FROM sources")
        before = connection.scalar(count)
        store.register([source("15-autre")], NOW)
        assert connection.scalar(count) == before


def test_two_who_wait_for_each_other_are_both_done(postgresql_url: str) -> None:
    """The server undoes one of them, which is then done anew."""
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("CREATE TABLE two (id INTEGER PRIMARY KEY, n INTEGER)"))
        connection.execute(text("INSERT INTO two VALUES (1, 0), (2, 0)"))
    own = open_engine(postgresql_url)
    first, second = Event(), Event()

    @retried
    def add(order: tuple[int, int], mine: Event, other: Event) -> None:
        with writing(own) as connection:
            for n, row in enumerate(order):
                connection.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
                connection.execute(text("UPDATE two SET n = n + 1 WHERE id = :id"), {"id": row})
                if n == 0:
                    mine.set()
                    assert other.wait(10)

    threads = [
        Thread(target=add, args=((1, 2), first, second)),
        Thread(target=add, args=((2, 1), second, first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with reading(own) as connection:
        assert connection.execute(text("SELECT n FROM two")).scalars().all() == [2, 2]
    engine.dispose()
    own.dispose()


def test_it_is_not_tried_for_ever() -> None:
    tries = []

    @retried
    def unlucky() -> None:
        tries.append(1)
        error = StorageError("", permanent=False)
        error.conflict = True
        raise error

    with pytest.raises(StorageError):
        unlucky()
    assert len(tries) == TRIES
