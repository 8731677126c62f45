"""Who may enter the desk, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

SESSION = timedelta(hours=12)  # however busy


class Role(StrEnum):
    """In rising order: each may do what those before it may."""

    READER = "reader"  # looks
    REVIEWER = "reviewer"  # decides
    ADMIN = "admin"  # and says who else may

    def covers(self, other: Role) -> bool:
        return _RANK[self] >= _RANK[other]


_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class User:
    name: str  # lower case letters, digits, ``.``, ``-`` and ``_``
    role: Role
    password: str = field(repr=False)  # as argon2 writes it
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def active(self) -> bool:
        return self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who entered. The database knows `key`, a hash; only the browser has the token."""

    key: str
    user: str
    form_key: str = field(repr=False)  # that forms of this session carry, and no other page can know
    created_at: datetime
    expires_at: datetime
