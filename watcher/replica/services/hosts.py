"""The hosts that are nobody's own: which one a request is for, and what is behind it at this step."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from watcher.replica.answers import RESET, Answer, unavailable
from watcher.replica.limiter import Limiter, Refusal
from watcher.replica.platform import Hit, Platform
from watcher.replica.services import bookings, procedures
from watcher.replica.services.model import PROCEDURES, RESERVATIONS, Service, host_for

ADDRESSES = {"127.0.2.1": PROCEDURES, "127.0.2.10": RESERVATIONS}


class Hosts:
    """démarche numérique and RDV Préfecture, as the states of all préfectures have them."""

    def __init__(
        self, platform: Platform, port: int, *, limiter: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._platform = platform
        self._port = port
        self._limiters = {name: Limiter(clock) for name in ADDRESSES.values()} if limiter else {}

    def base(self, name: str) -> str:
        """The address of a host without the last slash."""
        return next(f"http://{ip}:{self._port}" for ip, known in ADDRESSES.items() if known == name)

    def answer(self, address: str, target: str, host: str, cookie: str, client: str) -> Answer:
        """The answer to one request that came in on a loopback address; `done` must follow."""
        name = ADDRESSES[address]
        wall = self._limiters.get(name)
        refusal = wall.enter(client) if wall else None
        if refusal is not None:
            self._platform.refused += 1
            found = unavailable() if refusal is Refusal.SAID else RESET
        else:
            found = self._healthy(name, urlsplit(target).path, host, cookie)
        self._platform.hits.append(Hit(name, target, found.status, time.monotonic()))
        return found

    def done(self, address: str, client: str) -> None:
        wall = self._limiters.get(ADDRESSES[address])
        if wall:
            wall.leave(client)

    def _healthy(self, name: str, path: str, host: str, cookie: str) -> Answer:
        mode = self._platform.moments[self._platform.step].troubles.get(name, "")
        if name == RESERVATIONS:
            return bookings.answer(path, self._known(name), mode)
        return procedures.answer(path, host, cookie, self._known(name), mode, self.base(name))

    def _known(self, name: str) -> dict[str, Service]:
        states = self._platform.moments[self._platform.step].states.values()
        return {
            path: one for state in states for path, one in state.services.items() if host_for(path) == name
        }
