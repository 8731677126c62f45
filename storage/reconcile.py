"""Looks whether everybody who wants an alert was told of it, will be, or was given up for a reason.

It shares nothing with what queues and sends but the tables: its own questions, its own idea of who wants what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine

from storage.codec import load
from storage.columns import AnyRow, moment
from storage.dialect import ask
from storage.engine import reading
from storage.recipients import choices
from watcher.core.alerts import Alert
from watcher.core.reconcile import Gap
from watcher.core.retry import POISONED
from watcher.core.severity import severity
from watcher.core.subscriptions import Interest

# What a person decided otherwise is not expected: its deliveries may have been withdrawn.
_ALERTS = """
    SELECT id, document FROM alerts
    WHERE detected_at > ? AND detected_at <= ? AND state IN ('unverified', 'verified') AND NOT historical
    AND NOT EXISTS (SELECT 1 FROM decisions WHERE decisions.alert = alerts.id
                    AND decisions.action IN ('correct', 'retract', 'mute', 'undo'))
    ORDER BY detected_at, id
"""
_WANTED_BY = """
    SELECT id, choices, COALESCE(chosen_at, confirmed_at) AS since FROM subscriptions WHERE ended_at IS NULL
"""
_PROMISED = """
    SELECT d.subscription, d.message, m.id AS found, m.state, m.detail, m.poisoned, m.alerts
    FROM deliveries d LEFT JOIN messages m ON m.id = d.message WHERE d.alert = ?
"""
_GOES_ON = frozenset({"queued", "claimed", "deferred", "ambiguous", "accepted"})
_NO_GROUND = frozenset({"tous", "hors_anef"})  # concerns every ground


def gaps(engine: Engine, since: datetime, until: datetime) -> list[Gap]:
    """Of the alerts that were detected after `since` and not after `until`, oldest first.

    A subscription is expected to hear of what was detected since it chose what it wants, and while it is active.
    """
    with reading(engine) as connection:
        rows = ask(connection, _ALERTS, (moment(since), moment(until)))
        wishes = _wishes(connection) if rows else {}
        found = []
        for row in rows:
            alert = load(row.document, Alert)
            kept = {
                one.subscription for one in ask(connection, _PROMISED, (row.id,)) if _is_kept(one, row.id)
            }
            missing = sum(1 for name in _expected(wishes, alert) if name not in kept)
            if missing:
                found.append(Gap(row.id, missing))
        return found


def _wishes(connection: Connection) -> Mapping[str, list[tuple[str, int]]]:
    """By what is wanted: who wants it, and since when. Many want the same."""
    found: dict[str, list[tuple[str, int]]] = {}
    for row in ask(connection, _WANTED_BY, ()):
        found.setdefault(row.choices, []).append((row.id, row.since))
    return found


def _expected(wishes: Mapping[str, list[tuple[str, int]]], alert: Alert) -> Iterator[str]:
    at = moment(alert.detected_at)
    for document, people in wishes.items():
        if _wants(choices(document).interest, alert):
            yield from (name for name, since in people if since <= at)


def _wants(interest: Interest, alert: Alert) -> bool:
    verdict = alert.verdict
    if interest.verified_only and alert.state != "verified":
        return False
    if interest.prefectures and alert.prefecture not in interest.prefectures:
        return False
    if interest.categories and not _common(interest.categories, verdict.categories):
        return False
    grounds = frozenset(verdict.motifs)
    if interest.motifs and grounds and not _common(interest.motifs | _NO_GROUND, grounds):
        return False
    return severity(verdict) >= interest.severity


def _common(these: frozenset[str], those: Iterable[str]) -> bool:
    return any(one in these for one in those)


def _is_kept(promised: AnyRow, alert: str) -> bool:
    """Not yet in a message; or in one that tells of it, and is on its way, arrived, or was given up for a reason
    that is not ours.
    """
    if promised.message is None:
        return True
    if promised.found is None or alert not in load(promised.alerts, tuple[str, ...]):
        return False
    return promised.state in _GOES_ON or (bool(promised.detail) and promised.poisoned < POISONED)
