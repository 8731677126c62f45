"""Waits before each request so that a platform is never hurried, and pulls its brake when it suffers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit

from watcher.beats import Beats
from watcher.core import budget, pace
from watcher.core.budget import Plan
from watcher.core.catalogue import Catalogue, Platform
from watcher.core.ports import Clock
from watcher.core.state import PlatformState

NOTED_GAP = timedelta(seconds=1)  # a shorter pace is not worth a transaction for each request

Hold = Callable[[PlatformState], bool]
"""Notes a request that is about to be made; false when another process speaks to the platform by now."""


class StopRequestedError(Exception):
    """The process is asked to end; what was begun is dropped and will be done again."""


class LeaseLostError(StopRequestedError):
    """Another process took the platform over while this one stood still: it must not be asked by both."""


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
        homes = {_host(one.home): one.platform for one in catalogue.prefectures.values() if one.platform}
        self._of_host = homes | {_host(s.url): s.platform for s in catalogue.sources.values()}
        self._hosts = Counter(self._of_host.values())
        self._states = {name: PlatformState(name) for name in catalogue.platforms}
        self._answers: dict[str, bool] = {}  # whether the last request to each platform was answered
        self._holds: dict[str, Hold] = {}
        self._every = NOTED_GAP
        self._renewals: dict[str, datetime] = {}  # by platform: when it is held anew
        self._lock = Lock()
        self.crawl_delay: Callable[[str], timedelta | None] = lambda _: None
        self.beats = Beats()  # of platforms: each request is one

    def resume(
        self, state: PlatformState, speaker: str = "", hold: Hold | None = None, every: timedelta = NOTED_GAP
    ) -> None:
        """Go on from what an earlier process remembered, as `speaker`.

        `hold` is asked right before requests: before each where the pace is to be remembered beyond this process,
        else once in `every`.
        """
        now = self._clock.now()
        with self._lock:
            self._states[state.name] = pace.resumed(state, speaker, self.gap(state.name), now)
            self._every = every
            self._renewals[state.name] = now  # at first always: who speaks now must be known when it dies
            if hold is None:
                self._holds.pop(state.name, None)
            else:
                self._holds[state.name] = hold

    def renew(self, catalogue: Catalogue) -> None:
        """Something else is watched next; what was watched until then may be under way, and keeps its pace."""
        other = Pacer(catalogue, self._clock, self._random)
        with self._lock:
            self._platforms = {**self._platforms, **other._platforms}
            self._of_host = {**self._of_host, **other._of_host}
            self._states = {**other._states, **self._states}
            self._hosts = other._hosts

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

    def spend(self, platform: str, plan: Plan) -> None:
        """One look more at one of its pages."""
        with self._lock:
            state = self._states[platform]
            self._states[platform] = replace(state, purse=budget.spend(state.purse, plan, self._clock.now()))

    def at_rest(self, platform: str) -> bool:
        """Braked, or its looks of the day are spent."""
        return pace.at_rest(self._states[platform], self._clock.now())

    def nothing_answers(self) -> bool:
        """Whether several platforms were asked and none of them answers: the trouble is ours."""
        with self._lock:
            return len(self._answers) > 1 and not any(self._answers.values())

    def before_request(self, address: str) -> None:
        """Let the platform's gap pass. Raises `StopRequestedError` when the process is asked to end meanwhile, and
        `LeaseLostError` when the platform is another's.
        """
        name = self._of_host.get(_host(address))
        if name is None:
            return
        self.beats.beat(name)
        with self._lock:
            now = self._clock.now()
            paced = self._paced(name, address)
            wait, self._states[name] = pace.next_slot(self._states[name], paced, now, self._random())
        if wait > timedelta(0) and self._clock.wait(wait):
            raise StopRequestedError
        self._hold(name, paced.gap)

    def after_request(self, address: str) -> None:
        """The answer is there, or none will come: the next gap begins, wherever the request was held up."""
        name = self._of_host.get(_host(address))
        if name is None or not (gap := self._paced(name, address).gap):
            return
        with self._lock:
            self._states[name] = pace.answered(self._states[name], gap, self._clock.now())

    def _hold(self, name: str, gap: timedelta) -> None:
        """Last of all, after every wait: what stood still in one must ask before it speaks."""
        hold = self._holds.get(name)
        if hold is None:
            return
        now = self._clock.now()
        if gap < NOTED_GAP and now < self._renewals[name]:
            return
        self._renewals[name] = now + self._every
        if not hold(self._states[name]):
            raise LeaseLostError

    def keep(self, platform: str) -> None:
        """Hold it, though nothing may be asked for some time. Raises `LeaseLostError`."""
        self._hold(platform, timedelta(0))

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
