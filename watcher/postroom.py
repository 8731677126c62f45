"""The telling side of the daemon: a thread for each way out, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import monotonic
from typing import Any

import structlog

from watcher.beats import Beats
from watcher.core.faults import what_and_where
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import SubscriptionStore
from watcher.core.subscriptions import Way
from watcher.deliver import Deliverer
from watcher.hub import HubTold
from watcher.sending import NAMES

FORGET = timedelta(hours=1)
STILL = 540.0  # seconds: longer than the slowest exchange with the slowest server
LATE = timedelta(
    minutes=30
)  # that messages may wait because of whom they go through, until nobody outside is told


class Workers:
    """Threads by name: there is never more than one of a name."""

    def __init__(self, kind: str, time: Callable[[], float] = monotonic) -> None:
        self._kind = kind
        self._busy: dict[str, Thread] = {}
        self._over = False
        self._starts = Beats(time)
        self._lock = Lock()

    def start(self, name: str, work: Callable[..., None], *arguments: object) -> None:
        """Unless one of that name is at work, or all are waited for."""
        with self._lock:
            running = self._busy.get(name)
            if self._over or (running is not None and running.is_alive()):
                return
            worker = Thread(target=work, args=arguments, name=f"{self._kind}-{name}", daemon=True)
            self._busy[name] = worker
            self._starts.beat(name)
            worker.start()

    def still(self, beats: Beats) -> list[str]:
        """Names of those at work that have got on with nothing for longer than anything takes."""
        with self._lock:
            busy = [name for name, worker in self._busy.items() if worker.is_alive()]
        return [name for name in busy if min(self._starts.age(name), beats.age(name)) > STILL]

    def drain(self, until: float) -> None:
        """Wait for those at work. A tick that was late begins nothing that would be cut off."""
        with self._lock:
            self._over = True
            busy = list(self._busy.values())
        for worker in busy:
            worker.join(max(until - monotonic(), 0))


@dataclass(slots=True)
class Post:
    """The telling side of the daemon."""

    deliverer: Deliverer
    people: SubscriptionStore | None  # `None` where nobody is forgotten
    clock: Clock
    hub: HubTold | None = None
    problem_news: Callable[[datetime], object] | None = None  # `None` where no maintainer is written to
    time: Callable[[], float] = monotonic  # this process's own, in seconds
    _log: Any = field(default_factory=lambda: structlog.get_logger("vigie"))
    _workers: Workers = field(init=False)
    _again: set[Way] = field(default_factory=set)  # to be looked at, once more where it is at work
    _forgot_at: datetime | None = None

    def __post_init__(self) -> None:
        self._workers = Workers("send", self.time)

    def tick(self) -> None:
        """Also for whoever knows that something is due now: a way at work looks once more before it rests."""
        for way in self.deliverer.ways:
            self._again.add(way)
            self._workers.start(way, self._send, way)
        self.tell_hub()

    def tell_hub(self) -> None:
        """Let the hub know of what is new, if there is one."""
        if self.hub is not None and not self.deliverer.held:
            self._workers.start("hub", self._tell_hub, self.hub)

    def tell_problems(self) -> None:
        """Put a letter to maintainers into the queue, if there is something to tell them."""
        if self.problem_news is not None:
            self.problem_news(self.clock.now())

    def forget(self) -> None:
        """Once an hour: addresses that nobody confirmed, and what else is kept for a while only."""
        now = self.clock.now()
        if self.people is None:
            return
        if self._forgot_at is None or abs(now - self._forgot_at) >= FORGET:
            self.people.erase_expired(now)
            self._forgot_at = now

    def hangs(self) -> dict[str, str]:
        """What is at work and does not get on, in words, by part."""
        words = {"hub": "hub"} | {str(way): name for way, name in NAMES.items()}
        said = f"ne rend plus la main depuis {STILL / 60:.0f} minutes"
        still = self._workers.still(self.deliverer.beats)
        return {f"send:{name}": f"un envoi ({words[name]}) {said}" for name in still}

    def waits(self) -> dict[str, str]:
        """What is due for long while nothing is tried, in words, by part; not what is known and raised already."""
        if self.deliverer.held:
            return {}
        since = f"depuis {STILL / 60:.0f} minutes"
        return {
            f"send:{way}": f"des messages ({NAMES[way]}) attendent, et aucun envoi n'est tenté {since}"
            for way in self.deliverer.ways
            if self.deliverer.braked_until(way) is None and self._waits(way, timedelta(seconds=STILL))
        }

    def moves(self) -> bool:
        """Whether nothing waits for long, for whatever reason, while nothing is tried."""
        return not self.hangs() and not any(self._waits(way, LATE) for way in self.deliverer.ways)

    def _waits(self, way: Way, span: timedelta) -> bool:
        """Whether a message is due for so long while nothing at all is tried on its way."""
        return self.deliverer.beats.age(way) > span.total_seconds() and self.deliverer.waiting(way) > span

    def drain(self, until: float) -> None:
        self._workers.drain(until)

    def _send(self, way: Way) -> None:
        try:
            while way in self._again:
                self._again.discard(way)
                self.send(way)
        except Exception as error:  # what it says may hold an address
            self._log.error("delivery_failed", way=str(way), error=what_and_where(error))

    def send(self, way: Way, more: Callable[[], None] | None = None) -> None:
        """See `Line.round`."""
        done = self.deliverer.tick(way, more)
        if done.fates:
            counts = {str(fate): number for fate, number in done.fates.items()}
            self._log.info("delivered", way=str(way), **counts)

    def _tell_hub(self, hub: HubTold) -> None:
        try:
            trouble = hub.tick()
        except Exception:
            self._log.exception("hub_failed")
            return
        if trouble:
            self._log.warning("hub_not_told", reason=trouble)
