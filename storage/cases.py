"""What reviewers look at, out of alerts, decisions, proposals and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, func, literal_column, select, text

from storage import alerts as told
from storage import changes, past, rule_rows, trail
from storage.codec import load
from storage.desk_tables import IS_WAITING
from storage.rule_tables import proposals
from storage.tables import alerts
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case, Entry, asked, queue
from watcher.core.decisions import Decision
from watcher.core.filing_store import ProposalState, Recorded
from watcher.core.ports import NEAR

_OPEN = proposals.c.state == ProposalState.OPEN.value
_LIVE = alerts.c.historical.is_(False)
_WAITING = select(alerts.c.document).where(text(IS_WAITING), _LIVE)
_SUGGESTING = select(alerts.c.document).where(
    alerts.c.id.in_(select(proposals.c.alert).where(_OPEN)),
    # As an expression: SQLite would walk all that were ever verified.
    alerts.c.state.concat(literal_column("''")) == AlertState.VERIFIED.value,
    _LIVE,
)
_COUNTED = select(proposals.c.alert, func.count()).where(_OPEN).group_by(proposals.c.alert)
_LONGEST_CHAIN = 1000  # of corrections of corrections


def waiting(connection: Connection) -> tuple[Entry, ...]:
    found = [load(row, Alert) for wanted in (_WAITING, _SUGGESTING) for row in connection.scalars(wanted)]
    return queue(found, dict(connection.execute(_COUNTED).all()), _questions(connection, found))


def _questions(connection: Connection, found: Sequence[Alert]) -> Mapping[str, Decision]:
    decisions: dict[str, list[Decision]] = {}
    for decision in trail.of_alerts(connection, (alert.id for alert in found)):
        decisions.setdefault(decision.alert, []).append(decision)
    open_ones = {alert: asked(those, alert) for alert, those in decisions.items()}
    return {alert: question for alert, question in open_ones.items() if question}


def read(connection: Connection, name: str) -> Case | None:
    alert = told.read(connection, name)
    if alert is None:
        return None
    also = _also(connection, alert)
    names = [alert.id, *(one.id for one in also)]
    first = _first(connection, alert)
    read = past.read(connection, first) if alert.historical else changes.read(connection, first)
    return Case(
        alert,
        also,
        tuple(trail.of_alerts(connection, names)),
        _proposed(connection, names),
        read.change if read else None,
        read.notice if read else None,
    )


def _also(connection: Connection, alert: Alert) -> tuple[Alert, ...]:
    if not alert.group or alert.historical:
        return ()
    near = alerts.c.detected_at.between(alert.detected_at - NEAR, alert.detected_at + NEAR)
    alike = and_(near, alerts.c.alike == alert.group)
    rows = [row for wanted in (_WAITING, _SUGGESTING) for row in connection.scalars(wanted.where(alike))]
    found = (load(row, Alert) for row in rows)
    others = [one for one in found if one.group == alert.group and one.id != alert.id]
    return tuple(sorted(others, key=lambda one: (one.detected_at, one.id)))


def _first(connection: Connection, alert: Alert) -> str:
    """The alert that a chain of corrections began with: theirs is the text that was read."""
    for _ in range(_LONGEST_CHAIN):
        before = told.read(connection, alert.corrects) if alert.corrects else None
        if before is None:
            break
        alert = before
    return alert.id


def _proposed(connection: Connection, names: Sequence[str]) -> tuple[Recorded, ...]:
    found = [
        one for name in names for one in rule_rows.proposed(connection, state=None, alert=name, ids=None)
    ]
    return tuple(sorted(found, key=lambda one: (one.proposal.made_at, one.proposal.id)))
