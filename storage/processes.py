"""Who of all processes on a database does what, for how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from storage import duties, leases, platforms, problems
from storage.engine import reading, retried, writing
from watcher.core.state import Duty, HeldPlatform, PlatformState, Problem


class SqlProcesses:
    """The part of a `Store` that keeps processes out of each other's way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def lease_platform(self, name: str, owner: str, now: datetime, until: datetime) -> PlatformState | None:
        with writing(self._engine) as connection:
            return platforms.lease(connection, name, owner, now, until)

    @retried
    def hold_platform(self, state: PlatformState, owner: str, until: datetime) -> bool:
        with writing(self._engine) as connection:
            return platforms.hold(connection, state, owner, until)

    @retried
    def save_platform(
        self, state: PlatformState, opens: Sequence[Problem], closes: Sequence[str], owner: str | None = None
    ) -> None:
        """Problems end when the platform may next be spoken to, the nearest time that is told."""
        with writing(self._engine) as connection:
            if platforms.write(connection, state, owner):
                problems.write(connection, opens, closes, state.next_request_at)

    @retried
    def release_platform(self, name: str, owner: str, state: PlatformState | None = None) -> None:
        with writing(self._engine) as connection:
            platforms.release(connection, name, owner, state)

    def platforms(self) -> Sequence[HeldPlatform]:
        with reading(self._engine) as connection:
            return platforms.read(connection)

    def free_lapsed(self, now: datetime) -> Sequence[str]:
        with reading(self._engine) as connection:
            lapsed = platforms.lapsed(connection, now)
        if not lapsed:
            return []
        with writing(self._engine) as connection:
            return [name for name, owner in lapsed if platforms.free(connection, name, owner, now)]

    @retried
    def lease_duty(self, name: str, owner: str, now: datetime, until: datetime, what: str = "") -> bool:
        with writing(self._engine) as connection:
            return duties.lease(connection, name, owner, now, until, what)

    @retried
    def release_duty(self, name: str, owner: str) -> None:
        with writing(self._engine) as connection:
            duties.release(connection, name, owner)

    def duties(self, now: datetime) -> Sequence[Duty]:
        with reading(self._engine) as connection:
            return duties.held(connection, now)

    @retried
    def forget_duties(self, before: datetime) -> None:
        """Of processes that are gone since then."""
        with writing(self._engine) as connection:
            duties.forget(connection, before)

    def lease_owners(self) -> set[str]:
        """Everybody who holds a source or a platform, dead processes included."""
        with reading(self._engine) as connection:
            return leases.owners(connection)

    @retried
    def release_all(self, owner: str) -> None:
        """Free what a dead process held, so that its work is taken up at once."""
        with writing(self._engine) as connection:
            leases.release_all(connection, owner)
