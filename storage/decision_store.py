"""The desk, as use cases see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from storage import alerts, carrying, cases, muting, outbox, sources, trail
from storage.engine import reading, retried, writing
from watcher.core.alerts import AlertState
from watcher.core.cases import Case, Entry, undone
from watcher.core.decisions import Action, Confirmed, Decision, Effects, Mute, Outcome
from watcher.core.filing_proposals import Proposal

_VOUCHING = (Action.VERIFY, Action.CORRECT, Action.UNDO)


class SqlDesk:
    """A `DeskStore` on a database whose schema is today's. Threads may share it; every method is one
    transaction and raises `StorageError` when the database fails it. `on_told` is called with the
    driver's own connection inside the transaction of a decision that somebody is told of.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.on_told: Callable[[object], None] | None = None

    def queue(self) -> Sequence[Entry]:
        with reading(self._engine) as connection:
            return cases.waiting(connection)

    def case(self, alert: str) -> Case | None:
        with reading(self._engine) as connection:
            return cases.read(connection, alert)

    @retried
    def carry_out(self, alert: str, seen: str, effects: Effects, proposals: Sequence[Proposal]) -> Outcome:
        try:
            with writing(self._engine) as connection:
                carried = carrying.carry_out(connection, alert, seen, effects, proposals)
                if self.on_told is not None and (effects.verified or effects.notices):
                    self.on_told(connection.connection.driver_connection)
                return carried
        except carrying.StoppedError as stopped:
            return stopped.refused

    def decisions(
        self,
        *,
        alert: str | None = None,
        action: Action | None = None,
        by: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[Decision]:
        with reading(self._engine) as connection:
            return trail.find(connection, alert=alert, action=action, by=by, before=before, limit=limit)

    def decision(self, number: int) -> Decision | None:
        with reading(self._engine) as connection:
            return trail.read(connection, number)

    def mutes(self, *, ended: bool = False) -> Sequence[Mute]:
        with reading(self._engine) as connection:
            return muting.read(connection, ended=ended)

    def muted(self) -> Mapping[str, int]:
        with reading(self._engine) as connection:
            return muting.count(connection)

    def told(self, alerts: Sequence[str]) -> int:
        with reading(self._engine) as connection:
            return outbox.count_told(connection, alerts)

    def confirmed(self) -> Sequence[Confirmed]:
        with reading(self._engine) as connection:
            return _confirmed(connection)

    @retried
    def look_again(self, source: str, by: str, now: datetime) -> bool:
        with writing(self._engine) as connection:
            known = sources.look_again(connection, source, now)
            if known:
                trail.add(connection, [Decision(Action.LOOK, by, now, subject=source)])
            return known


def _confirmed(connection: Connection) -> list[Confirmed]:
    """By what was decided last about each: a correction is vouched for in its notice, and so is what was
    undone until it was verified again.
    """
    made = trail.of_actions(connection, _VOUCHING)
    gone = undone(made)
    vouched = {one.notice or one.alert: one for one in made if one.number not in gone}
    known = alerts.read_these(connection, list(vouched))
    found = [(known[name], decision) for name, decision in vouched.items() if name in known]
    return [
        Confirmed(alert, decision.by, decision.at.astimezone(UTC).date())
        for alert, decision in sorted(found, key=lambda pair: pair[1].number)
        if alert.reviewed and alert.state is AlertState.VERIFIED
    ]
