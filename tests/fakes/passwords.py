"""Passwords that are hashed at once, for tests that are not about hashing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass


@dataclass
class QuickPasswords:
    """A `Passwords`. `strength` is what the parameters of argon2 are: with another one, hashes are stale."""

    strength: int = 1

    def hash(self, password: str) -> str:
        return self._hashed(self.strength, secrets.token_hex(4), password)

    def verify(self, hashed: str | None, password: str) -> bool:
        strength, salt, _ = (hashed or "1:nobody:").split(":")
        return self._hashed(int(strength), salt, password) == hashed

    def stale(self, hashed: str) -> bool:
        return not hashed.startswith(f"{self.strength}:")

    def _hashed(self, strength: int, salt: str, password: str) -> str:
        return f"{strength}:{salt}:{hashlib.sha256(f'{strength}{salt}{password}'.encode()).hexdigest()}"
