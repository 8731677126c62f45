"""Passwords as argon2id keeps them: the only home of argon2."""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from watcher.core.passwords import too_long


class Argon2:
    """Hashes and checks passwords with today's parameters (RFC 9106: 64 MiB, three passes, four lanes).

    Threads may share it. A check costs the same whoever asks: an unknown name is checked against a
    password that nobody knows.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody = _of_no_password(self._hasher)

    def hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))

    def verify(self, hashed: str | None, password: str) -> bool:
        """Whether `password` is the one that was hashed; `None` stands for nobody, who has none.

        Raises `ValueError` when `hashed` was not written by argon2.
        """
        fits = not too_long(password)
        try:
            self._hasher.verify(hashed or self._nobody, _bytes(password) if fits else b"")
        except InvalidHashError as error:
            raise ValueError("no password of argon2") from error
        except VerificationError:
            return False
        return fits and hashed is not None

    def stale(self, hashed: str) -> bool:
        """Whether it should be hashed anew: the parameters have changed since."""
        return self._hasher.check_needs_rehash(hashed)


def _of_no_password(hasher: PasswordHasher) -> str:
    """What a hash looks like, drawn by lot: to hash something for it would take a process 64 MB at its start."""
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, tag = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v=19${costs}${salt}${tag}"


def _bytes(password: str) -> bytes:
    """The same for the same signs, whatever keyboard they come from; all of them count."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
