"""Who may enter the desk, as use cases see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from storage import trail
from storage.columns import AnyRow
from storage.desk_tables import sessions, users
from storage.dialect import insert_new
from storage.engine import reading, writing
from watcher.core.decisions import Action, Decision
from watcher.core.users import Role, Session, User

_ENTERED = select(
    sessions,
    users.c.name,
    users.c.role,
    users.c.password,
    users.c.created_at.label("since"),
    users.c.disabled_at,
).join(users, users.c.name == sessions.c.user)


class SqlUsers:
    """A `UserStore` on a database whose schema is today's. Threads may share it; every method is one
    transaction and raises `StorageError` when the database fails it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def users(self) -> Sequence[User]:
        with reading(self._engine) as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def user(self, name: str) -> User | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.name == name)).first()
            return _user(row) if row else None

    def add_user(self, user: User, by: str) -> bool:
        row = {
            "name": user.name,
            "role": user.role.value,
            "password": user.password,
            "created_at": user.created_at,
            "disabled_at": user.disabled_at,
        }
        with writing(self._engine) as connection:
            added = connection.execute(insert_new(connection, users).returning(users.c.name), row)
            if added.first() is None:
                return False
            _note(connection, user.name, f"added:{user.role}", by, user.created_at)
            return True

    def set_password(self, name: str, password: str, by: str, now: datetime) -> bool:
        with writing(self._engine) as connection:
            return _change(connection, name, "password", by, now, password=password) and _end(
                connection, name
            )

    def rehash(self, name: str, old: str, new: str) -> None:
        with writing(self._engine) as connection:
            same = users.c.name == name, users.c.password == old
            connection.execute(update(users).where(*same).values(password=new))

    def set_role(self, name: str, role: Role, by: str, now: datetime) -> bool:
        with writing(self._engine) as connection:
            return _change(connection, name, f"role:{role}", by, now, role=role.value)

    def disable(self, name: str, by: str, now: datetime) -> bool:
        with writing(self._engine) as connection:
            return _change(connection, name, "disabled", by, now, disabled_at=now) and _end(connection, name)

    def enable(self, name: str, by: str, now: datetime) -> bool:
        with writing(self._engine) as connection:
            return _change(connection, name, "enabled", by, now, disabled_at=None)

    def begin_session(self, session: Session) -> None:
        with writing(self._engine) as connection:
            row = {
                "key": session.key,
                "user": session.user,
                "form_key": session.form_key,
                "created_at": session.created_at,
                "expires_at": session.expires_at,
            }
            connection.execute(insert(sessions), row)

    def session(self, key: str, now: datetime) -> tuple[Session, User] | None:
        wanted = _ENTERED.where(
            sessions.c.key == key, sessions.c.expires_at > now, users.c.disabled_at.is_(None)
        )
        with reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        entered = Session(row.key, row.user, row.form_key, row.created_at, row.expires_at)
        return entered, User(row.name, Role(row.role), row.password, row.since)

    def end_session(self, key: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.key == key))

    def end_expired(self, now: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))


def _user(row: AnyRow) -> User:
    return User(row.name, Role(row.role), row.password, row.created_at, row.disabled_at)


def _change(connection: Connection, name: str, note: str, by: str, now: datetime, **values: Any) -> bool:
    """False when nobody has this name."""
    if not connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
        return False
    _note(connection, name, note, by, now)
    return True


def _end(connection: Connection, name: str) -> bool:
    connection.execute(delete(sessions).where(sessions.c.user == name))
    return True


def _note(connection: Connection, name: str, note: str, by: str, at: datetime) -> None:
    trail.add(connection, [Decision(Action.USER, by, at, subject=name, note=note)])
