"""The replica's mind: which site a request is for, whether it is let in, what is broken, what it is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from watcher.replica.answers import (
    RESET,
    Answer,
    Delivery,
    challenged,
    maintenance,
    refused_by_wall,
    truncated,
    unavailable,
)
from watcher.replica.limiter import Limiter, Refusal
from watcher.replica.model import Moment, State
from watcher.replica.routes import Ask, empty_list, missing_page, respond, understand
from watcher.replica.sites import REGION, Site
from watcher.replica.skins.writing import View

FAULTS = ("503", "reset", "maintenance", "slow", "empty", "truncated", "waf", "soft404")


@dataclass(frozen=True, slots=True)
class Hit:
    """One request and how it ended; status 0 is a connection reset."""

    code: str
    path: str
    status: int
    at: float  # seconds of this machine's own time


class Platform:
    """All the sites, at one step of the week."""

    def __init__(
        self,
        sites: Mapping[str, Site],
        moments: tuple[Moment, ...],
        seed: int,
        *,
        limiter: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sites = dict(sites)
        self.moments = moments
        self.step = 0
        self.hits: list[Hit] = []
        self.refused = 0
        self._seed = seed
        self._outages: dict[str, str] = {}
        self._limiters = {site.platform: Limiter(clock) for site in sites.values()} if limiter else {}

    def go(self, step: int) -> None:
        if not 0 <= step < len(self.moments):
            raise ValueError(f"the week has the steps 0 to {len(self.moments) - 1}, not {step}")
        self.step = step

    def relocate(self) -> None:
        """Move the foreigners' pages of the sites that have a plan."""
        self.sites |= {code: replace(site, relocated=True) for code, site in self.sites.items() if site.plan}

    def outage(self, codes: Iterable[str], mode: str) -> None:
        if mode not in FAULTS:
            raise ValueError(f"unknown fault {mode!r}; known: {', '.join(FAULTS)}")
        self._outages = {**self._outages, **dict.fromkeys(codes, mode)}

    def heal(self) -> None:
        self._outages = {}

    def enter(self, code: str, client: str) -> Refusal | None:
        """The wall before the platform; `leave` must follow."""
        wall = self._limiters.get(self.sites[code].platform)
        refusal = wall.enter(client) if wall else None
        self.refused += refusal is not None
        return refusal

    def leave(self, code: str, client: str) -> None:
        wall = self._limiters.get(self.sites[code].platform)
        if wall:
            wall.leave(client)

    def answer(self, code: str, target: str, cookie: str, refusal: Refusal | None) -> Answer:
        """The answer to one request for `target` (path and query, without the site's prefix)."""
        if refusal is not None:
            answer = unavailable() if refusal is Refusal.SAID else RESET
        else:
            answer = self._broken(code, understand(target, cookie))
        self.hits.append(Hit(code, target, answer.status, time.monotonic()))
        return answer

    def _broken(self, code: str, ask: Ask) -> Answer:
        moment = self.moments[self.step]
        mode = self._outages.get(code) or moment.faults.get(code)
        if mode == "503":
            return unavailable()
        if mode == "reset":
            return RESET
        if mode == "maintenance":
            return maintenance()
        if mode == "waf":
            return challenged() if code == REGION else refused_by_wall(len(self.hits))
        return self._read(self.sites[code], moment.states[code], ask, mode)

    def _read(self, site: Site, state: State, ask: Ask, mode: str | None) -> Answer:
        """The page, and what the faults that need it make of it; robots.txt is spared those."""
        answer = respond(site, self._seed, state, ask)
        if mode is None or ask.path == "/robots.txt":
            return answer
        if mode == "empty":
            return Answer(200, empty_list(site, state, ask))
        if mode == "soft404":
            return Answer(200, missing_page(View(site, state), ask.path))
        if mode == "truncated":
            return truncated(answer, announced=len(site.slug) % 2 == 0)
        return Answer(answer.status, answer.body, answer.type, answer.headers, Delivery.SLOW)
