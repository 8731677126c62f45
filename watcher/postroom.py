"""The telling side of the daemon: a thread for each way out, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import monotonic
from typing import Any

import structlog

from watcher.core.ports import Clock
from watcher.core.ports_outgoing import SubscriptionStore
from watcher.core.subscriptions import Way
from watcher.deliver import Deliverer
from watcher.hub import HubTold
from watcher.sending import what_and_where

FORGET = timedelta(hours=1)


class Workers:
    """Threads by name: there is never more than one of a name."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._busy: dict[str, Thread] = {}
        self._lock = Lock()

    def start(self, name: str, work: Callable[..., None], *arguments: object) -> None:
        """Unless one of that name is at work."""
        with self._lock:
            running = self._busy.get(name)
            if running is not None and running.is_alive():
                return
            worker = Thread(target=work, args=arguments, name=f"{self._kind}-{name}", daemon=True)
            self._busy[name] = worker
            worker.start()

    def drain(self, until: float) -> None:
        for worker in list(self._busy.values()):
            worker.join(max(until - monotonic(), 0))


@dataclass(slots=True)
class Post:
    """The telling side of the daemon."""

    deliverer: Deliverer
    people: SubscriptionStore | None  # `None` where nobody is forgotten
    clock: Clock
    hub: HubTold | None = None
    _log: Any = field(default_factory=lambda: structlog.get_logger("vigie"))
    _workers: Workers = field(default_factory=lambda: Workers("send"))
    _forgot_at: datetime | None = None

    def tick(self) -> None:
        for way in self.deliverer.ways:
            self._workers.start(way, self._send, way)
        if self.hub is not None:
            self._workers.start("hub", self._tell_hub, self.hub)

    def forget(self) -> None:
        """Once an hour: addresses that nobody confirmed, and what else is kept for a while only."""
        now = self.clock.now()
        if self.people is None:
            return
        if self._forgot_at is None or abs(now - self._forgot_at) >= FORGET:
            self.people.erase_expired(now)
            self._forgot_at = now

    def drain(self, until: float) -> None:
        self._workers.drain(until)

    def _send(self, way: Way) -> None:
        try:
            done = self.deliverer.tick(way)
        except Exception as error:  # what it says may hold an address
            self._log.error("delivery_failed", way=str(way), error=what_and_where(error))
            return
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
