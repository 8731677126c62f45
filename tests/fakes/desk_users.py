"""People who may enter the desk, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from watcher.core.decisions import Action, Decision
from watcher.core.ports_desk import UserStore
from watcher.core.users import Role, Session, User


@dataclass
class MemoryUsers(UserStore):
    """`trail` has the lines that its changes leave."""

    held: dict[str, User] = field(default_factory=dict)
    open: dict[str, Session] = field(default_factory=dict)
    trail: list[Decision] = field(default_factory=list)

    def users(self) -> Sequence[User]:
        return [self.held[name] for name in sorted(self.held)]

    def user(self, name: str) -> User | None:
        return self.held.get(name)

    def add_user(self, user: User, by: str) -> bool:
        if user.name in self.held:
            return False
        self.held[user.name] = user
        self._note(user.name, f"added:{user.role}", by, user.created_at)
        return True

    def set_password(self, name: str, password: str, by: str, now: datetime) -> bool:
        if name not in self.held:
            return False
        self.held[name] = replace(self.held[name], password=password)
        self._end(name)
        return self._note(name, "password", by, now)

    def rehash(self, name: str, old: str, new: str) -> None:
        if name in self.held and self.held[name].password == old:
            self.held[name] = replace(self.held[name], password=new)

    def set_role(self, name: str, role: Role, by: str, now: datetime) -> bool:
        if name not in self.held:
            return False
        self.held[name] = replace(self.held[name], role=role)
        return self._note(name, f"role:{role}", by, now)

    def disable(self, name: str, by: str, now: datetime) -> bool:
        if name not in self.held:
            return False
        self.held[name] = replace(self.held[name], disabled_at=now)
        self._end(name)
        return self._note(name, "disabled", by, now)

    def enable(self, name: str, by: str, now: datetime) -> bool:
        if name not in self.held:
            return False
        self.held[name] = replace(self.held[name], disabled_at=None)
        return self._note(name, "enabled", by, now)

    def begin_session(self, session: Session) -> None:
        self.open[session.key] = session

    def session(self, key: str, now: datetime) -> tuple[Session, User] | None:
        session = self.open.get(key)
        user = self.held.get(session.user) if session else None
        if session and user and user.active and now < session.expires_at:
            return session, user
        return None

    def end_session(self, key: str) -> None:
        self.open.pop(key, None)

    def end_expired(self, now: datetime) -> None:
        self.open = {key: one for key, one in self.open.items() if now < one.expires_at}

    def _end(self, name: str) -> None:
        self.open = {key: one for key, one in self.open.items() if one.user != name}

    def _note(self, name: str, note: str, by: str, at: datetime) -> bool:
        number = len(self.trail) + 1
        self.trail.append(Decision(Action.USER, by, at, number=number, subject=name, note=note))
        return True
