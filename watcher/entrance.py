"""Entering the desk and leaving it: who it is, and that it is nobody else."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from threading import BoundedSemaphore, Lock

from watcher.core.attempts import Attempts
from watcher.core.passwords import Passwords, PasswordTrouble, password_trouble, too_long, user_name
from watcher.core.ports import Clock
from watcher.core.ports_desk import UserStore
from watcher.core.throttle import Quota, Visits, veiled
from watcher.core.users import SESSION, Role, Session, User

FROM_ONE_PLACE = Quota(30, timedelta(minutes=1))  # tries of one network, whatever the names
AT_ONCE, WAITING = 2, 8  # hashes take a tenth of a second and 64 MB each
_LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody inside."""

    user: User
    session: Session

    def may(self, role: Role) -> bool:
        return self.user.role.covers(role)


@dataclass(frozen=True, slots=True)
class Welcome:
    """`token` is for the browser alone: nobody else ever learns it."""

    token: str = field(repr=False)
    entered: Entered


class Why(StrEnum):
    WRONG = "wrong"  # name or password, or somebody who may not enter: which of them is not told
    WAIT = "wait"
    BUSY = "busy"  # too many try at this moment


@dataclass(frozen=True, slots=True)
class Denied:
    why: Why
    seconds: int = 0  # until the next try


def _random() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Entrance:
    users: UserStore
    passwords: Passwords
    clock: Clock
    random: Callable[[], str] = _random
    _guesses: _Guesses = field(default_factory=lambda: _Guesses())

    def log_in(self, name: str, password: str, whence: str, former: str = "") -> Welcome | Denied:
        """A new session, whatever the browser had before (`former`, which ends).

        An unknown name costs as much time as a wrong password. `whence` is the network that asks.
        """
        user = self._checked(name, password, whence)
        if isinstance(user, Denied):
            return user
        now, token = self.clock.now(), self.random()
        session = Session(_key(token), user.name, self.random(), now, now + SESSION)
        self.users.end_expired(now)
        self.log_out(former)
        self.users.begin_session(session)
        if self._changed_meanwhile(user):
            self.users.end_session(session.key)
            return Denied(Why.WRONG)
        if self.passwords.stale(user.password):
            self.users.rehash(user.name, user.password, self.passwords.hash(password))
        return Welcome(token, Entered(user, session))

    def who(self, token: str) -> Entered | None:
        """Whose token it is; reads only."""
        if not token or len(token) > _LONGEST_TOKEN:
            return None
        found = self.users.session(_key(token), self.clock.now())
        return Entered(found[1], found[0]) if found else None

    def log_out(self, token: str) -> None:
        if token and len(token) <= _LONGEST_TOKEN:
            self.users.end_session(_key(token))

    def change_password(self, user: User, old: str, new: str, whence: str) -> Denied | PasswordTrouble | None:
        """Ends all sessions of this user, this one too: whoever else got in is out."""
        trouble = password_trouble(user.name, new)
        if trouble is not None:
            return trouble
        checked = self._checked(user.name, old, whence)
        if isinstance(checked, Denied):
            return checked
        hashed = self.passwords.hash(new)
        self.users.set_password(user.name, hashed, user.name, self.clock.now())
        return None

    def _changed_meanwhile(self, user: User) -> bool:
        """A new password ends the sessions that there are; this one may have come too late for that."""
        now = self.users.user(user.name)
        return now is None or now.password != user.password

    def _checked(self, name: str, password: str, whence: str) -> User | Denied:
        known = user_name(name)
        if not self._guesses.waiting.acquire(blocking=False):
            return Denied(Why.BUSY, 1)
        try:
            return self._guessed(known, password, whence)
        finally:
            self._guesses.waiting.release()

    def _guessed(self, name: str | None, password: str, whence: str) -> User | Denied:
        wait = self._guesses.begin(name or "", whence, self.clock)
        if wait:
            return Denied(Why.WAIT, wait)
        if too_long(password):
            return Denied(Why.WRONG)
        user = self.users.user(name or "")  # what cannot be a name is nobody's, and looked for as long as any
        active = user if user is not None and user.active else None
        with self._guesses.working:
            right = self.passwords.verify(active.password if active else None, password)
        if active is None or not right:
            return Denied(Why.WRONG)
        self._guesses.right(active.name, whence)
        return active


class _Guesses:
    """Who tried what lately; only what a key of this process makes of names and networks is kept."""

    def __init__(self) -> None:
        self.waiting = BoundedSemaphore(WAITING)
        self.working = BoundedSemaphore(AT_ONCE)
        self._key = secrets.token_bytes(32)
        self._attempts = Attempts()
        self._places = Visits(FROM_ONE_PLACE)
        self._lock = Lock()

    def begin(self, name: str, whence: str, clock: Clock) -> int:
        """Seconds to wait; 0: now. Whoever is held up by others of their network has tried nothing."""
        now = clock.now()
        with self._lock:
            ruling = self._places.rule(veiled(whence, self._key), now)
            return self._attempts.begin(self._party(name, whence), now) if ruling.allowed else ruling.reset

    def right(self, name: str, whence: str) -> None:
        with self._lock:
            self._attempts.succeeded(self._party(name, whence))

    def _party(self, name: str, whence: str) -> bytes:
        return veiled(f"{name}\n{whence}", self._key)


def _key(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
