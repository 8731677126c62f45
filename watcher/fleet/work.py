"""What one job does, and which jobs this process is at. The threads of jobs come in here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from time import monotonic

from procrastinate.jobs import Job

from watcher.beats import Beats
from watcher.core.catalogue import Source
from watcher.core.subscriptions import Way
from watcher.daemon import Watch
from watcher.fleet import orders
from watcher.postroom import STILL, Post
from watcher.rounds import run_platform

PAGES = 200  # that one job polls, at most
SPELL = timedelta(minutes=5)  # after which a job begins no further page: others may have waited
BUSY = 1  # seconds until a way that this process is at is tried again, by whoever is free by then

Order = Callable[[Job, int], None]
"""Orders a job, to be begun in so many seconds."""


@dataclass(slots=True)
class AtWork:
    """The jobs that were begun and not ended."""

    _jobs: dict[int, tuple[str, Job]] = field(default_factory=dict)
    _starts: Beats = field(default_factory=Beats)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, name: str, job: Job) -> None:
        with self._lock:
            self._jobs[job.id or 0] = name, job
            self._starts.beat(name)

    def end(self, job: Job) -> None:
        with self._lock:
            self._jobs.pop(job.id or 0, None)

    @property
    def jobs(self) -> list[Job]:
        with self._lock:
            return [job for _, job in self._jobs.values()]

    @property
    def names(self) -> list[str]:
        with self._lock:
            return sorted(name for name, _ in self._jobs.values())

    def still(self, beats: Beats) -> list[str]:
        """Names of those that have got on with nothing for longer than anything takes."""
        return [n for n in self.names if min(self._starts.age(n), beats.age(n.partition(":")[2])) > STILL]


class Batch:
    """The beginning of what is due, as far as one job goes; `cut` when there may be more."""

    def __init__(self, due: Iterator[Source]) -> None:
        self._due = due
        self.cut = False

    def __iter__(self) -> Iterator[Source]:
        until = monotonic() + SPELL.total_seconds()
        for number, source in enumerate(self._due, 1):
            yield source
            if number == PAGES or monotonic() > until:
                self.cut = True
                return


class Work:
    """The jobs of one process, whatever thread they run in."""

    def __init__(self, watch: Watch, post: Post | None, order: Order, *, paced: bool) -> None:
        self.at = AtWork()
        self._watch, self._post, self._order, self._paced = watch, post, order, paced
        self._ways = {way: Lock() for way in post.deliverer.ways} if post else {}

    def poll(self, job: Job, platform: str) -> None:
        """A batch of the platform's due pages."""
        self.at.begin(f"poll:{platform}", job)
        try:
            batch = Batch(self._watch.due_of(platform))
            run_platform(self._watch.tools, platform, batch, self._watch.report)
        finally:
            self.at.end(job)
        if batch.cut and not self._stopping:
            self._order(orders.polling(platform), 0)

    def send(self, job: Job, way: str) -> None:
        """A batch of one way's due messages; the next is ordered before this one is sent."""
        mine = self._ways.get(Way(way))
        if mine is None or self._post is None or self._stopping:
            return
        following = orders.sending(way, paced=self._paced)
        if not mine.acquire(blocking=False):
            self._order(following, BUSY)
            return
        self.at.begin(f"send:{way}", job)
        try:
            self._post.send(Way(way), lambda: self._order(following, 0))
        finally:
            self.at.end(job)
            mine.release()

    def hangs(self) -> Mapping[str, str]:
        """What of this process does not get on, in words, by part."""
        beats = [self._watch.tools.pacer.beats, *([self._post.deliverer.beats] if self._post else [])]
        still = set.intersection(*(set(self.at.still(one)) for one in beats))
        said = f"ne rend plus la main depuis {STILL / 60:.0f} minutes"
        return {name: f"le travail « {name} » {said}" for name in sorted(still)}

    @property
    def _stopping(self) -> bool:
        return self._watch.app.clock.stop.is_set()
