"""Waits before each request so that a platform is never hurried, and pulls its brake when it suffers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from watcher.beats import Beats
from watcher.core import pace
from watcher.core.catalogue import Catalogue, Platform
from watcher.core.ports import Clock
from watcher.core.state import PlatformState


class StopRequestedError(Exception):
    """The process is asked to end; what was begun is dropped and will be done again."""


class Pacer:
    """Knows, for each platform, when its next request may go and whether it is braked."""

    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        random: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._random = random
        self._platforms: Mapping[str, Platform] = catalogue.platforms
        self._of_host = {_host(s.url): s.platform for s in catalogue.sources.values()}
        self._hosts = Counter(self._of_host.values())
        self._states = {name: PlatformState(name) for name in catalogue.platforms}
        self._answers: dict[str, bool] = {}  # whether the last request to each platform was answered
        self._lock = Lock()
        self.crawl_delay: Callable[[str], timedelta | None] = lambda _: None
        self.beats = Beats()  # of platforms: each request is one

    def resume(self, state: PlatformState) -> None:
        """Go on from what an earlier process remembered."""
        with self._lock:
            self._states[state.name] = state

    @property
    def platforms(self) -> Sequence[str]:
        return tuple(self._platforms)

    def state(self, platform: str) -> PlatformState:
        return self._states[platform]

    def gap(self, platform: str) -> timedelta:
        return self._platforms[platform].gap

    def braked_until(self, platform: str) -> datetime | None:
        """When a braked platform may be asked again; `None` when it is free."""
        state = self._states[platform]
        return state.braked_until if pace.braked(state, self._clock.now()) else None

    def nothing_answers(self) -> bool:
        """Whether several platforms were asked and none of them answers: the trouble is ours."""
        with self._lock:
            return len(self._answers) > 1 and not any(self._answers.values())

    def before_request(self, address: str) -> None:
        """Let the platform's gap pass. Raises `StopRequestedError` when the process is asked to end meanwhile."""
        name = self._of_host.get(_host(address))
        if name is None:
            return
        self.beats.beat(name)
        with self._lock:
            now = self._clock.now()
            wait, self._states[name] = pace.next_slot(
                self._states[name], self._paced(name, address), now, self._random()
            )
        if wait > timedelta(0) and self._clock.wait(wait):
            raise StopRequestedError

    def succeeded(self, platform: str, address: str) -> None:
        with self._lock:
            self._answers[platform] = True
            self._states[platform] = pace.note_success(self._states[platform], _host(address))

    def failed(
        self, platform: str, address: str, retry_after: timedelta | None, *, again: bool = False
    ) -> bool:
        """Note a trouble of the platform, `again` of a page that had one last time; true when this pulled its brake."""
        with self._lock:
            self._answers[platform] = False
            before = self._states[platform]
            after = pace.note_failure(
                before,
                self._platforms[platform],
                _host(address),
                self._clock.now(),
                self._random(),
                retry_after,
                hosts=self._hosts[platform],
                again=again,
            )
            self._states[platform] = after
            return after.brakes > before.brakes

    def _paced(self, name: str, address: str) -> Platform:
        """The platform, with the crawl delay of robots.txt where that asks for more."""
        platform = self._platforms[name]
        asked = self.crawl_delay(address)
        if asked is None or asked <= platform.gap:
            return platform
        return Platform(platform.name, asked, platform.jitter, platform.brake)


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower().removeprefix("www.")
