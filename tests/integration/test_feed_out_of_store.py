"""Which alerts a feed is made of, when the store holds many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.alerts import BASE, SEEN, VOCABULARY, alert
from tests.fakes.store import MemoryStore
from watcher.core.alerts import Alert, AlertState
from watcher.core.feed import Feed, FeedQuery, FeedQueryError
from watcher.feeds import read_feed


def made(alerts: list[Alert], *, query: str = "all", verified_only: bool = False) -> Feed:
    store = MemoryStore(alerts)
    return read_feed(store, FeedQuery.parse(query), VOCABULARY, BASE, verified_only=verified_only)


def spaced(number: int, gap: timedelta, **changes: object) -> Alert:
    seen = SEEN + number * gap
    return alert(number, **{"detected_at": seen, "updated_at": seen, **changes})


def test_a_quiet_feed_keeps_its_last_hundred() -> None:
    feed = made([spaced(n, timedelta(days=3)) for n in range(150)])
    assert len(feed.entries) == 100
    assert feed.entries[0].id.endswith(f"{149:024x}")


def test_a_busy_feed_keeps_thirty_days() -> None:
    assert len(made([spaced(n, timedelta(hours=2)) for n in range(600)]).entries) == 30 * 12 + 1


def test_an_old_alert_that_is_taken_back_is_told_again() -> None:
    alerts = [spaced(n, timedelta(hours=2)) for n in range(600)]
    alerts[0] = spaced(0, timedelta(0), state=AlertState.RETRACTED, updated_at=alerts[-1].updated_at)
    assert f"{0:024x}" in {entry.id[-24:] for entry in made(alerts).entries[:2]}


def test_the_verified_stream_reaches_back_beyond_many_unverified() -> None:
    alerts = [
        spaced(n, timedelta(days=1), state=AlertState.VERIFIED if n < 50 else AlertState.UNVERIFIED)
        for n in range(300)
    ]
    assert len(made(alerts, verified_only=True).entries) == 50


def test_a_feed_that_does_not_exist_is_refused_before_the_store_is_asked() -> None:
    with pytest.raises(FeedQueryError):
        read_feed(MemoryStore(fails=True), FeedQuery.parse("prefecture:999"), VOCABULARY, BASE)
