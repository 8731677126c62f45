"""A database keeps what it is told, or says in one line why it cannot."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError

from storage.engine import PRAGMAS, _prepare, open_engine, reading, writing
from storage.errors import StorageError, explained
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, first_reading, news, page, plan, source

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path}/deep/er/vigie.db")
    upgrade(engine)
    return engine


def refused(url: str) -> StorageError:
    with pytest.raises(StorageError) as caught:
        open_engine(url)
    assert "\n" not in str(caught.value)
    return caught.value


def test_every_connection_of_the_pool_is_durable(engine: Engine) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(reading(engine)) for _ in range(6)]
        for connection in connections:
            for name, value in PRAGMAS.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value, name
    assert PRAGMAS == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "secure_delete": 1,
    }


def test_the_directory_of_a_database_is_made(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/a/b/vigie.db")

    assert (tmp_path / "a/b/vigie.db").exists()


def test_a_writer_takes_the_lock_at_once_and_a_reader_never(engine: Engine) -> None:
    other = sqlite3.connect(engine.url.database or "", timeout=0)
    with writing(engine), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    with reading(engine):
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
    other.close()


def test_changes_of_the_schema_are_undone_with_their_transaction(engine: Engine) -> None:
    with suppress(KeyError), writing(engine) as connection:
        connection.execute(text("CREATE TABLE half AS SELECT 1"))
        raise KeyError

    with reading(engine) as connection:
        assert not connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'half'"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "incompréhensible"),
        ("vigie.db", "incompréhensible"),
        ("postgresql://u:secret@h:port/b", "incompréhensible"),
        ("mysql://u:secret@h/b", "Sorte de base inconnue « mysql »"),
        ("sqlite+aiosqlite:///x.db", "Sorte de base inconnue"),
        ("sqlite://", "simple fichier"),
        ("sqlite:///:memory:", "simple fichier"),
        ("sqlite:///file:x.db?uri=true", "simple fichier"),
        ("sqlite:////tmp/x\0.db", "simple fichier"),
        ("sqlite:////proc/nowhere/vigie.db", "/proc/nowhere/vigie.db : le dossier ne peut pas être utilisé"),
        (f"sqlite:////tmp/{'x' * 300}/vigie.db", "le dossier ne peut pas être utilisé"),
        (f"sqlite:////tmp/{'x' * 300}.db", "le dossier ne peut pas être utilisé"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_line(url: str, words: str) -> None:
    error = refused(url)

    assert words in str(error)
    assert "secret" not in str(error)
    assert error.permanent


def test_a_file_in_the_place_of_a_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert "le dossier ne peut pas être utilisé" in str(refused(f"sqlite:///{tmp_path}/file/vigie.db"))


def test_a_directory_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    assert "c'est un dossier" in str(refused(f"sqlite:///{tmp_path}"))


def test_a_file_of_something_else_is_told_and_left_alone(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Ceci n'est pas une base. " * 100)

    assert "n'est pas une base SQLite" in str(refused(f"sqlite:///{notes}"))
    assert notes.read_text().startswith("Ceci")


@pytest.mark.parametrize("sound", [100, 4096])
def test_a_damaged_database_is_told(engine: Engine, sound: int) -> None:
    path = Path(engine.url.database or "")
    engine.dispose()
    whole = path.read_bytes()
    path.write_bytes(whole[:sound] + b"\xff" * (len(whole) - sound))

    with pytest.raises(StorageError, match="est abîmée"):
        SqlStore(open_engine(f"sqlite:///{path}")).register([source()], NOW)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE alerts SET document = replace(document, ':', ';')",  # no JSON any more
        "UPDATE alerts SET document = replace(document, 'kind', 'kine')",  # a field lost its name
        "UPDATE alerts SET document = CAST(x'7bff7d' AS TEXT)",  # no UTF-8
        "UPDATE changes SET body = substr(body, 1, length(body) - 1) || x'00'",  # a packed one
        "UPDATE changes SET detected_at = 9223372036854775807",  # no such year
    ],
)
def test_a_row_whose_value_is_damaged_is_told_as_damage(engine: Engine, damage: str) -> None:
    """SQLite itself does not notice a bit that flipped within a text or a number."""
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    store.save(news("a"))
    with writing(engine) as connection:
        connection.execute(text(damage))

    with pytest.raises(StorageError, match="est abîmée : restaurez une sauvegarde") as caught:
        _ = [*store.history(CANTAL), *store.rhythms(NOW - HOUR), *store.alerts()]

    assert caught.value.permanent


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try on somebody else's behalf")
@pytest.mark.parametrize("closed", ["directory", "file"])
def test_a_database_that_the_account_may_not_write_is_told(
    closed: str, request: pytest.FixtureRequest
) -> None:
    # pytest's own folders are closed to other accounts.
    folder = tempfile.TemporaryDirectory()
    request.addfinalizer(folder.cleanup)
    Path(folder.name).chmod(0o755 if closed == "directory" else 0o777)
    path = Path(folder.name) / "vigie.db"
    path.touch(0o666 if closed == "directory" else 0o644)

    told = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, f"sqlite:///{path}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )

    assert told.stdout == (
        f"Base {path} : elle n'est pas inscriptible ; donnez à ce compte le droit d'écrire "
        "sur elle et son dossier.\n"
    )


_AS_NOBODY = """
import os, sys
from storage.engine import open_engine
from storage.errors import StorageError
import sqlalchemy.dialects.sqlite
for parent in __import__("pathlib").Path(sys.argv[1].removeprefix("sqlite:///")).parents:
    if parent.stat().st_uid == 0 and parent.name.startswith(("pytest-", "test_")):
        parent.chmod(parent.stat().st_mode | 0o055)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    open_engine(sys.argv[1])
except StorageError as error:
    print(error)
"""


def test_a_full_disk_undoes_the_poll_and_the_next_one_succeeds_alone(engine: Engine) -> None:
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading("a"))
    full = plan(baseline=1, page=page(os.urandom(200_000)))
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StorageError, match="le disque est plein : libérez de la place") as caught:
        store.save(full)
    assert not caught.value.permanent
    assert store.latest_page(CANTAL) == page()

    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert store.save(full)
    assert store.save(news("b"))


def test_a_write_error_undoes_the_poll_and_the_next_one_succeeds_alone(engine: Engine) -> None:
    """The kernel refuses to let any file grow: an input-output error for SQLite."""
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading("a"))
    doubtful = _driver(engine)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StorageError, match="le disque") as caught:
            store.save(plan(baseline=1, page=page(os.urandom(500_000))))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert not caught.value.permanent
    assert _driver(engine) is not doubtful, "what it believes of the file can no longer be trusted"
    assert store.latest_page(CANTAL) == page()
    assert store.save(news("b"))


def _driver(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.connection.driver_connection


def test_a_connection_that_refuses_to_be_durable_is_refused() -> None:
    """A database in memory has no write-ahead log, nor has one on some network file systems."""
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", _prepare)

    with pytest.raises(
        StorageError, match="refuse le réglage journal_mode : mettez la base sur un disque local"
    ):
        engine.connect()


def test_a_locked_database_is_told_and_worth_another_try(tmp_path: Path) -> None:
    path = f"{tmp_path}/x.db"
    holder, waiter = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError) as caught:
        waiter.execute("BEGIN IMMEDIATE")

    error = explained(caught.value, make_url(f"sqlite:///{path}"))

    assert str(error) == f"Base {path} : un autre programme la tient verrouillée : fermez-le ou réessayez."
    assert not error.permanent
    holder.close()
    waiter.close()


def test_a_read_only_database_is_told(engine: Engine) -> None:
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA query_only = 1"))

    with pytest.raises(StorageError, match="lecture seule") as caught:
        SqlStore(engine).register([source()], NOW)

    assert caught.value.permanent
    health = SqlStore(engine).health()
    assert (health.at_head, health.writable) == (True, False)
    assert "lecture seule" in health.trouble


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="psycopg[binary] is missing")

    error = refused("postgresql://vigie:secret@127.0.0.1:1/vigie")

    assert "injoignable" in str(error)
    assert "secret" not in str(error)
    assert not error.permanent


def test_postgresql_without_its_driver_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from storage.engine import open_engine\n"
        "try: open_engine('postgresql://h/b')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    assert told.stdout.startswith("StorageError PostgreSQL demande le paquet psycopg")


def test_a_mistake_in_a_statement_is_an_error_of_storage_too(engine: Engine) -> None:
    with pytest.raises(StorageError, match="no such table: nowhere") as caught, reading(engine) as connection:
        connection.execute(text("SELECT * FROM nowhere"))

    assert isinstance(caught.value.__cause__, OperationalError)


def test_rows_may_not_point_at_nothing(engine: Engine) -> None:
    with pytest.raises(StorageError, match="FOREIGN KEY"), writing(engine) as connection:
        connection.execute(text("INSERT INTO alert_motifs (motif, alert) VALUES ('m', 'nowhere')"))
