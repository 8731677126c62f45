"""What is to be done again and again is, whatever the time of day does and whatever it raises."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

from watcher.clock import SystemClock
from watcher.ticks import Every, Ticks, outlasting

SOON = timedelta(milliseconds=20)


def _counting(times: int, done: Event, error: Exception | None = None) -> Callable[[], None]:
    left = [times]

    def work() -> None:
        left[0] -= 1
        if left[0] == 0:
            done.set()
        if error:
            raise error

    return work


def test_one_that_fails_or_hangs_holds_up_no_other() -> None:
    stop, failed, went_on, hanging = Event(), Event(), Event(), Event()
    ticks = Ticks(
        {
            "fails": (_counting(3, failed, ValueError("no")), SOON),
            "hangs": (lambda: bool(hanging.wait(30)) and None, SOON),
            "goes on": (_counting(5, went_on), SOON),
        },
        stop,
        SystemClock().now,
    )

    ticks.start()

    assert failed.wait(10)
    assert went_on.wait(10)
    hanging.set()
    stop.set()


def test_a_time_of_day_that_is_set_back_an_hour_keeps_nothing_waiting_for_an_hour() -> None:
    stop, done, hour = Event(), Event(), timedelta(hours=1)
    set_back = [timedelta(0)]
    ticks = Ticks({"hourly": (done.set, hour)}, stop, lambda: SystemClock().now() - set_back[0])

    ticks.start()
    waits = not done.is_set()
    set_back[0] = hour

    assert waits
    assert done.wait(10)
    stop.set()


def test_what_was_missed_in_ten_years_is_done_once() -> None:
    now = SystemClock().now()

    assert Every(SOON).get_next_fire_time(now - timedelta(days=3652), now) == now + SOON
    assert Every(SOON).get_next_fire_time(now, now) == now + SOON


class AwayError(Exception):
    """The database does not answer."""


def test_what_passes_by_itself_is_told_in_one_line() -> None:
    lines: list[dict[str, object]] = []

    class Log:
        def error(self, event: str, **values: object) -> None:
            lines.append({"event": event, **values})

    def work() -> None:
        raise AwayError("la base ne répond pas")

    works = outlasting({"tick": (work, timedelta(seconds=1))}, AwayError, Log())
    works["tick"][0]()
    assert lines == [{"event": "tick_failed", "tick": "tick", "error": "la base ne répond pas"}]
