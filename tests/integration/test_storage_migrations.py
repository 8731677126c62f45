"""Every database reaches today's schema, whole, and none that is ahead is touched."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import storage.migrations
from storage.engine import open_engine, reading, writing
from storage.errors import StorageError
from storage.migrations import HEAD, VERSIONS, schema_version, upgrade
from storage.sowing import sow
from storage.store import SqlStore
from storage.tables import metadata
from tests.fakes.plans import CANTAL, NOW, alert, first_reading, item, news, source

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/100%/vigie.db"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


def scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def ours(_thing: object, name: str | None, *_: object) -> bool:
    """All but the virtual table of FTS5, which tells no types, and those that it keeps beside."""
    return not (name or "").startswith("alert_words")


def test_an_empty_database_gets_the_schema_of_the_tables(engine: Engine) -> None:
    upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, metadata) == []
    assert schema_version(engine) == HEAD
    assert SqlStore(engine).health().at_head


def test_a_database_of_today_is_left_as_it_is(engine: Engine) -> None:
    upgrade(engine)
    SqlStore(engine).register([source()], NOW)

    upgrade(engine)

    assert SqlStore(engine).due(NOW) == [CANTAL]


def test_the_versions_are_those_of_the_scripts() -> None:
    walked = ScriptDirectory.from_config(scripts()).walk_revisions()

    assert tuple(reversed([script.revision for script in walked])) == VERSIONS


def test_a_database_without_schema_is_not_well(engine: Engine) -> None:
    health = SqlStore(engine).health()

    assert (health.schema, health.at_head, health.writable) == (None, False, False)
    assert health.trouble == f"Le schéma est absent, attendu {HEAD}."


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine: Engine) -> None:
    upgrade(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match=r"plus récent que ce programme .* mettez le programme à jour"):
        upgrade(engine)

    assert schema_version(engine) == "9999"
    assert not SqlStore(engine).health().at_head


def test_a_database_that_is_sown_is_as_one_that_was_migrated(engine: Engine, tmp_path: Path) -> None:
    upgrade(engine)
    SqlStore(engine).register([source()], NOW)
    grown, path = tmp_path / "100%" / "vigie.db", tmp_path / "sown.db"

    sow(engine, path)

    def whole(name: Path) -> tuple[set[object], dict[str, int]]:
        with closing(sqlite3.connect(name)) as known:
            made = set(known.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
            tables = [table for kind, table, *_ in made if kind == "table"]
            rows = {one: known.execute(f'SELECT * FROM "{one}"').fetchall() for one in tables}  # noqa: S608  # our own
            return made, {one: len(found) for one, found in rows.items()}

    schema, rows = whole(path)
    assert schema == whole(grown)[0]
    assert rows == whole(grown)[1] | {"sources": 0}
    sown = open_engine(f"sqlite:///{path}")
    assert (schema_version(sown), SqlStore(sown).health().trouble) == (HEAD, "")
    sown.dispose()


def test_a_migration_that_fails_leaves_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE platforms (of_somebody_else INTEGER)"))

    with pytest.raises(StorageError, match="platforms already exists"):
        upgrade(engine)

    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == ["platforms"]


def test_alerts_of_an_older_schema_are_found_by_their_words(engine: Engine) -> None:
    upgrade(engine)
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    store.save(news("x", alerts=(alert("a", title="Fermeture à Béziers"), alert("b"))))
    config = scripts()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")

    upgrade(engine)

    assert [one.title for one in store.alerts(words="BEZIERS", prefecture="15")] == ["Fermeture à Béziers"]
    assert len(store.alerts(motif="salarie")) == 2


def test_the_schema_goes_up_and_down_again(engine: Engine) -> None:
    upgrade(engine)
    config = scripts()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert schema_version(engine) == HEAD


def test_two_programs_that_start_at_once_both_find_the_schema(url: str) -> None:
    code = (
        "import sys; from storage.engine import open_engine; from storage.migrations import upgrade\n"
        "sys.stdin.read(); upgrade(open_engine(sys.argv[1]))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", code, url], stdin=subprocess.PIPE, cwd=ROOT) for _ in range(2)
    ]
    for program in both:
        assert program.stdin
        program.stdin.close()

    assert [program.wait(60) for program in both] == [0, 0]


def test_a_start_on_todays_schema_imports_neither_alembic_nor_the_orm(engine: Engine, url: str) -> None:
    upgrade(engine)
    code = (
        "import sys; from storage.engine import open_engine; from storage.migrations import upgrade\n"
        "from storage.store import SqlStore\n"
        "engine = open_engine(sys.argv[1]); upgrade(engine); assert SqlStore(engine).health().writable\n"
        "print(sorted({'alembic', 'sqlalchemy.orm', 'sqlalchemy.dialects.postgresql'} & set(sys.modules)))"
    )

    told = subprocess.run(
        [sys.executable, "-c", code, url], capture_output=True, text=True, cwd=ROOT, check=True
    )

    assert told.stdout == "[]\n"


def test_a_new_file_that_another_program_holds_is_waited_for(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "vigie.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    with ThreadPoolExecutor(1) as pool:
        opened = pool.submit(open_engine, f"sqlite:///{tmp_path}/vigie.db")
        holder.execute("COMMIT")

        assert opened.result(60).url.database == str(tmp_path / "vigie.db")
    holder.close()


def test_what_was_kept_under_the_schema_before_is_read_as_it_was(engine: Engine) -> None:
    """Baselines, pages as differences and whole, changes as they were read, texts of announcements."""
    upgrade(engine)
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    for number, name in enumerate("xyz", 1):
        store.save(news(name, number))
    before = _kept(store)
    config = scripts()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
        bodies = connection.execute(text("SELECT body FROM pages")).scalars().all()
        assert zlib.decompress(bodies[-1]) == b"z"
        assert connection.scalar(text("SELECT count(*) FROM changes WHERE notice LIKE '%guichet%'")) == 3

    upgrade(engine)

    assert _kept(store) == before


def _kept(store: SqlStore) -> list[object]:
    names = [f"change-{CANTAL}-{name}" for name in "xyz"]
    return [
        store.latest_snapshot(CANTAL),
        store.latest_page(CANTAL),
        store.history(CANTAL),
        list(store.readings()),
        *(store.evidence(name) for name in names),
        *(store.page_before(name) for name in names),
        *(store.article(CANTAL, item(name).key) for name in "xyz"),
        *(store.related(alert(name)) for name in "xyz"),
        store.alerts(motif="salarie", state=alert("x").state),
    ]
