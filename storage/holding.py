"""Nothing is sent from a copy of a database before somebody says that it has taken the first one's place.

That it waits for this is written in the database itself, as an open problem: whatever way a copy comes into
use, it waits.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from storage import problems
from storage.columns import moment
from storage.dialect import ask, repeat
from storage.home import at_home as at_home
from storage.home import settle
from watcher.core.state import SENDING, ProblemKind

_ELSEWHERE = (
    "base copiée ou restaurée par un outil du serveur : rien ne part avant « vigie deliver --resume »"
)
_THIS = (SENDING, ProblemKind.HELD.value)
_IS_HELD = "subject = ? AND kind = ? AND open"
_HELD = f"SELECT evidence FROM problems WHERE {_IS_HELD}"  # noqa: S608  # of constants, as those below
_AGAIN = f"UPDATE problems SET evidence = ?, since = ? WHERE {_IS_HELD}"  # noqa: S608
_HOLD = f"""
    INSERT INTO problems (subject, kind, evidence, since, needs_human, open)
    SELECT ?, ?, ?, ?, TRUE, TRUE WHERE NOT EXISTS (SELECT 1 FROM problems WHERE {_IS_HELD})
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def statements(why: str, now: datetime) -> list[tuple[str, tuple[object, ...]]]:
    """What holds back everything that waits, as SQL with ``?`` for its values."""
    since = moment(now)
    return [(_AGAIN, (why, since, *_THIS)), (_HOLD, (*_THIS, why, since, *_THIS))]


def hold(connection: Connection, why: str, now: datetime) -> None:
    for sql, values in statements(why, now):
        repeat(connection, sql, [values])


def held(connection: Connection) -> str:
    """Why nothing is sent; "" when it is."""
    found = ask(connection, _HELD, _THIS)
    if found:
        return str(found[0].evidence)
    return "" if at_home(connection) else _ELSEWHERE


def notice_elsewhere(connection: Connection, now: datetime) -> bool:
    """Whether the database is a copy that nobody has confirmed yet; it is then held back, and told as others are."""
    if at_home(connection):
        return False
    hold(connection, _ELSEWHERE, now)
    settle(connection)
    return True


def release(connection: Connection, now: datetime) -> bool:
    """False when nothing was held back. What is used again is no copy any more, and bears no seal of one."""
    if not held(connection):
        return False
    problems.write(connection, (), (SENDING,), now)
    settle(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA application_id = 0")
        connection.exec_driver_sql("PRAGMA user_version = 0")
    return True
