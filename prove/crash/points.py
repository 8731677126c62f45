"""Places where a process can be ended: around all that it does to the world outside of its memory.

The program knows nothing of them. In a child process, the database's driver and the sockets are replaced by
ones that count, so that whatever is written or sent tomorrow has its points without anybody naming them.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Engine, event

T = TypeVar("T")
Around = Callable[[str], AbstractContextManager[None]]

_ROOT = f"{Path(__file__).resolve().parents[2]}{os.sep}"
_OURS = tuple(f"{_ROOT}{package}{os.sep}" for package in ("storage", "notifiers", "watcher"))
_STATEMENT = re.compile(
    r"(?i)\s*(?:WITH\b.*?\)\s*)?(\w+)(?:.*?\b(?:INTO|FROM|UPDATE|TABLE)\s+\"?(\w+))?", re.DOTALL
)
_READS = ("SELECT", "PRAGMA", "BEGIN", "SET", "ROLLBACK", "?")


class Points:
    """Counts them; at number `last` the process is killed, as the kernel would.

    `note` is told of each one's number and name before anything happens there. With `deeds` alone, what has
    no effect outside of the process, or none before its transaction's end, does not count.
    """

    def __init__(self, last: int | None, note: Callable[[int, str], None], *, deeds: bool = False) -> None:
        self._last, self._note, self._deeds = last, note, deeds
        self._count = 0
        self._lock = Lock()

    def reach(self, name: str) -> None:
        with self._lock:
            self._count += 1
            self._note(self._count, name)
            if self._count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)

    @contextmanager
    def around(self, what: str) -> Any:
        """One point before, and one after when it succeeds."""
        name = f"{_place()}: {what}"
        self.reach(f"{name}: before")
        yield
        self.reach(f"{name}: after")

    def statement(self, sql: object, on: Any) -> AbstractContextManager[None]:
        """What leaves nothing behind needs one point; `on` is the connection, which keeps whether it wrote."""
        what = told(str(sql))
        if what.startswith(_READS) or (what == "COMMIT" and not on.wrote):
            return self._quiet(what)
        deed, on.wrote = what == "COMMIT", what != "COMMIT"
        return self.around(what) if deed or not self._deeds else _nothing()

    def _quiet(self, what: str) -> AbstractContextManager[None]:
        if not self._deeds:
            self.reach(f"{_place()}: {what}")
        return _nothing()


@contextmanager
def _nothing() -> Any:
    yield


def told(sql: str) -> str:
    """``INSERT deliveries``, ``COMMIT``."""
    found = _STATEMENT.match(sql)
    verb, table = (found[1].upper(), found[2]) if found else ("?", None)
    if verb == "UPDATE":
        table = sql.split()[1]
    return f"{verb} {table}" if table and verb != "PRAGMA" else verb


def _place() -> str:
    """The function of ours that is at work: ``storage.outbox.queue``."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        path = frame.f_code.co_filename
        if path.startswith(_OURS):
            module = path.removeprefix(_ROOT).removesuffix(".py").replace(os.sep, ".")
            return f"{module}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "?"


def arm(points: Points) -> None:
    """For the rest of this process, which must be a child that was made for it."""
    socket.socket = _sockets(points)  # type: ignore[misc]
    for name in _FILES:
        setattr(os, name, _call(points, name, getattr(os, name)))
    drivers = {"sqlite": _sqlite(points), "postgresql": _postgresql(points)}

    def connect(dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        return drivers[dialect.name](arguments, named)

    event.listen(Engine, "do_connect", connect)


def _sqlite(points: Points) -> Callable[[list[Any], dict[str, Any]], None]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *values: Any) -> Any:
            with points.statement(sql, self.connection):
                return super().execute(sql, *values)

        def executemany(self, sql: str, *values: Any) -> Any:
            with points.statement(sql, self.connection):
                return super().executemany(sql, *values)

    class Connection(sqlite3.Connection):
        wrote = False

        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

        def execute(self, sql: str, *values: Any) -> Any:
            with points.statement(sql, self):
                return super().execute(sql, *values)

        def commit(self) -> None:
            with points.statement("COMMIT", self):
                super().commit()

    def connect(_arguments: list[Any], named: dict[str, Any]) -> None:
        named["factory"] = Connection

    return connect


def _postgresql(points: Points) -> Callable[[list[Any], dict[str, Any]], Any]:
    def connect(arguments: list[Any], named: dict[str, Any]) -> Any:
        import psycopg

        class Cursor(psycopg.Cursor[Any]):
            def execute(self, query: Any, *values: Any, **how: Any) -> Any:
                with points.statement(query, self.connection):
                    return super().execute(query, *values, **how)

            def executemany(self, query: Any, *values: Any, **how: Any) -> None:
                with points.statement(query, self.connection):
                    super().executemany(query, *values, **how)

        class Connection(psycopg.Connection[Any]):
            wrote = False

            def commit(self) -> None:
                with points.statement("COMMIT", self):
                    super().commit()

        return Connection.connect(*arguments, **named, cursor_factory=Cursor)

    return connect


def _sockets(points: Points) -> type[socket.socket]:
    talk = {name: _call(points, name, getattr(socket.socket, name)) for name in _TALK}
    return type("Socket", (socket.socket,), talk)


def _call(points: Points, name: str, plain: Callable[..., T]) -> Callable[..., T]:
    def call(*values: Any, **named: Any) -> T:
        with points.around(name):
            return plain(*values, **named)

    return call


_TALK = ("connect", "send", "sendall", "recv")
_FILES = ("fsync", "link", "replace", "rename", "unlink")
