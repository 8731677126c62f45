"""The clock of rehearsals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from watcher.clock import RehearsalClock

START = datetime(2025, 9, 7, tzinfo=UTC)


def test_a_clock_that_stands_begins_where_it_stood() -> None:
    """A year for each second: what was done before it goes must not have taken a day."""
    clock = RehearsalClock(START, rate=365 * 86400.0, stands=True)
    assert clock.now() == clock.now() == START
    clock.wait(timedelta(days=30))
    assert clock.now() == START
    clock.skip(timedelta(days=1))
    assert clock.now() == START + timedelta(days=1)

    clock.go()
    clock.wait(timedelta(days=3))
    assert START + timedelta(days=4) <= clock.now()


def test_another_pace_goes_on_from_what_the_clock_shows() -> None:
    clock = RehearsalClock(START, rate=86400.0)
    clock.wait(timedelta(days=0.05))
    before = clock.now()
    clock.go(rate=365 * 86400.0)
    clock.wait(timedelta(days=3))

    assert before + timedelta(days=3) <= clock.now() < before + timedelta(days=3650)
