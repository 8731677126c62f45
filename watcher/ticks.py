"""Does things again and again: the only user of APScheduler.

APScheduler goes by the time of day and stands still after that was set back, for as long as it was set back.
So the time of day is compared with the clock that only ever runs forward, and the jobs are told when it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

Work = tuple[Callable[[], None], timedelta]
"""What is done, and how often."""

LOOK = 1.0  # seconds between two looks at the clocks
SET_BACK = 0.5  # seconds that the time of day must have lost for it: clocks are always adjusted a little


def outlasting(works: Mapping[str, Work], trouble: type[Exception], log: Any) -> Mapping[str, Work]:
    """The same, but `trouble` is told in one line: what passes by itself is tried again at the next tick."""

    def told(name: str, work: Callable[[], None]) -> Callable[[], None]:
        def once() -> None:
            try:
                work()
            except trouble as error:
                log.error("tick_failed", tick=name, error=str(error))

        return once

    return {name: (told(name, work), period) for name, (work, period) in works.items()}


class Every(BaseTrigger):  # type: ignore[misc]  # it has no types
    """Each `period`, but only once for however many that were missed: APScheduler's own interval counts them
    all, which takes minutes after a clock was set ahead by years.
    """

    def __init__(self, period: timedelta) -> None:
        self._period = period

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        following = (previous_fire_time or now) + self._period
        return following if following > now else now + self._period


class Ticks:
    """Each in a thread of the scheduler's pool: one that takes long delays itself alone, and is never done twice
    at once. What one raises is logged, and it is tried again.
    """

    def __init__(
        self,
        works: Mapping[str, Work],
        stop: Event,
        time_of_day: Callable[[], datetime],
        forward: Callable[[], float] = monotonic,
    ) -> None:
        self._stop, self._time_of_day, self._forward = stop, time_of_day, forward
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, (work, period) in works.items():
            self._scheduler.add_job(work, Every(period), id=name)

    def start(self) -> None:
        """Until `stop` is set; the first time is one period from now."""
        self._scheduler.start()
        Thread(target=self._mind_the_clock, name="clocks", daemon=True).start()

    def _mind_the_clock(self) -> None:
        before = self._lead()
        while not self._stop.wait(LOOK):
            lead = self._lead()
            if lead < before - SET_BACK:
                self._begin_anew()
            before = lead
        self._scheduler.shutdown(wait=False)

    def _lead(self) -> float:
        """How far the time of day is ahead of the other clock, in seconds; the same as long as nobody sets it."""
        return self._time_of_day().timestamp() - self._forward()

    def _begin_anew(self) -> None:
        """Everything is due now, by whatever the time of day has become."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._time_of_day())
