"""The databases that lives are lived in: made as they were at a moment, again and again, and looked into."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.fakes.servers import administer, copied, named, server


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
        return named(self.server, "life")

    def save(self, name: str) -> None:
        self._drop(f"saved_{name}")
        leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'life'"
        administer(self.server, leave, f"CREATE DATABASE saved_{name} TEMPLATE life")

    def restore(self, name: str) -> None:
        self._drop("life")
        copied(self.server, f"saved_{name}", "life")

    def create(self) -> None:
        self._drop("life")
        administer(self.server, "CREATE DATABASE life")

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        import psycopg

        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            return connection.execute(sql).fetchall()

    def faults(self) -> Sequence[str]:
        return ()

    def holds(self, texts: Collection[str]) -> Sequence[str]:
        tables = self.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        all_ = "\n".join(str(row) for (table,) in tables for row in self.rows(f'SELECT * FROM "{table}"'))  # noqa: S608
        return [text for text in texts if text in all_]

    def _drop(self, name: str) -> None:
        administer(self.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def sqlite(folder: Path) -> Iterator[Sqlite]:
    yield Sqlite(folder)


@contextmanager
def postgresql() -> Iterator[Postgresql]:
    """A real server of our own."""
    with server() as url:
        kept = Postgresql(url)
        kept.create()
        yield kept
