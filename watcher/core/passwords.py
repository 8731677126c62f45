"""What names and passwords of the desk may be, and what hashes them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Protocol

SHORTEST = 12  # characters
LONGEST = 1024  # bytes: hashing costs the same for all that are shorter

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


class Passwords(Protocol):
    """Passwords as they are kept; no two hashes of one password are equal."""

    def hash(self, password: str) -> str: ...

    def verify(self, hashed: str | None, password: str) -> bool:
        """For `None`, when there is nobody to compare with: as slow as otherwise, and false."""

    def stale(self, hashed: str) -> bool:
        """Whether it would be hashed with other parameters today."""


class PasswordTrouble(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    NAME = "name"  # it is the name of its user, more or less
    PLAIN = "plain"  # a few characters again and again


def user_name(text: str) -> str | None:
    """A name as it is kept, however it was typed; `None` for what cannot be one."""
    name = text.strip().lower()
    return name if _NAME.fullmatch(name) else None


def password_trouble(name: str, password: str) -> PasswordTrouble | None:
    if len(password) < SHORTEST:
        return PasswordTrouble.SHORT
    if too_long(password):
        return PasswordTrouble.LONG
    folded = password.casefold()
    if not folded.replace(name.casefold(), "").strip(" 0123456789._-!?"):
        return PasswordTrouble.NAME
    return PasswordTrouble.PLAIN if len(set(folded)) < 4 else None


def too_long(password: str) -> bool:
    return len(password.encode("utf-8", "surrogatepass")) > LONGEST
