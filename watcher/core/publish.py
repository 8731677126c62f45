"""Who is told of an alert."""

from __future__ import annotations

from watcher.core.alerts import Alert, AlertState
from watcher.core.severity import severity
from watcher.core.subscriptions import Interest

_FOR_ALL = frozenset({"tous", "hors_anef"})
"""Grounds that stand for many; which ones are outside ANEF, an alert cannot tell."""


def matches(interest: Interest, alert: Alert) -> bool:
    """Whether somebody with this interest is told of `alert`; an empty set of an interest asks nothing.

    Nobody is told of what was found in the past.
    """
    if alert.historical:
        return False
    if interest.verified_only and alert.state is not AlertState.VERIFIED:
        return False
    return (
        severity(alert.verdict) >= interest.severity
        and _touches(interest.prefectures, (alert.prefecture,))
        and _touches(interest.categories, alert.verdict.categories)
        and _concerns(interest.motifs, alert.verdict.motifs)
    )


def _concerns(wanted: frozenset[str], said: tuple[str, ...]) -> bool:
    """A closure, an outage, a rule for everybody names no ground and concerns each of them."""
    return not said or not _FOR_ALL.isdisjoint(said) or _touches(wanted, said)


def _touches(wanted: frozenset[str], said: tuple[str, ...]) -> bool:
    return not wanted or not wanted.isdisjoint(said)
