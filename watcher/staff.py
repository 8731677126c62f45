"""Who may enter the desk, as an admin says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from watcher.core.passwords import Passwords, PasswordTrouble, password_trouble, user_name
from watcher.core.ports import Clock
from watcher.core.ports_desk import UserStore
from watcher.core.users import Role, User


class Unchanged(StrEnum):
    """Why nothing was done."""

    NAME = "bad_name"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    OWN = "own"  # an admin who goes is not the one to say so: there must always be one


@dataclass(frozen=True, slots=True)
class Staff:
    users: UserStore
    passwords: Passwords
    clock: Clock

    def all(self) -> Sequence[User]:
        return self.users.users()

    def add(self, text: str, role: Role, password: str, by: str) -> User | Unchanged | PasswordTrouble:
        """`password` is the first one, which its user is expected to change."""
        name = user_name(text)
        if name is None:
            return Unchanged.NAME
        trouble = password_trouble(name, password)
        if trouble is not None:
            return trouble
        user = User(name, role, self.passwords.hash(password), self.clock.now())
        return user if self.users.add_user(user, by) else Unchanged.TAKEN

    def set_role(self, name: str, role: Role, by: str) -> Unchanged | None:
        if name == by:
            return Unchanged.OWN
        return None if self.users.set_role(name, role, by, self.clock.now()) else Unchanged.UNKNOWN

    def disable(self, name: str, by: str) -> Unchanged | None:
        """Ends their sessions too."""
        if name == by:
            return Unchanged.OWN
        return None if self.users.disable(name, by, self.clock.now()) else Unchanged.UNKNOWN

    def enable(self, name: str, by: str) -> Unchanged | None:
        return None if self.users.enable(name, by, self.clock.now()) else Unchanged.UNKNOWN
