"""Who is told of an alert."""

from __future__ import annotations

from watcher.core.alerts import Alert, AlertState, Interest


def matches(interest: Interest, alert: Alert) -> bool:
    """Whether somebody with this interest is told of `alert`; an empty set of an interest asks nothing."""
    if interest.verified_only and alert.state is not AlertState.VERIFIED:
        return False
    return (
        _touches(interest.prefectures, (alert.prefecture,))
        and _touches(interest.categories, alert.verdict.categories)
        and _touches(interest.motifs, alert.verdict.motifs)
    )


def _touches(wanted: frozenset[str], said: tuple[str, ...]) -> bool:
    return not wanted or not wanted.isdisjoint(said)
