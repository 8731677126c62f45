"""The replica as others use it: start it, move the week on, ask what has truly changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import Literal, Self

from watcher.replica.answers import Answer
from watcher.replica.catalogue import sources_yaml
from watcher.replica.model import Event, Expected
from watcher.replica.platform import Platform
from watcher.replica.prefectures import NAMES
from watcher.replica.server import Handler, Loop, Request, listen
from watcher.replica.services.bookings import BEYOND
from watcher.replica.services.hosts import ADDRESSES, Hosts
from watcher.replica.services.model import host_for
from watcher.replica.sites import REGION, Site, build_site, loopback, slug_of
from watcher.replica.week.build import moment, play
from watcher.replica.week.script import SCRIPT
from watcher.replica.weeks import WEEKS, Week

STEPS = len(SCRIPT) - 1
"""Number of the last step of the first week, that of news."""
CONTROL = "127.0.0.1"
_COMMAND = "/_replica/step"


class Replica:
    """A loopback copy of the préfectures' platform, living through its scripted week.

    `hosts="addresses"` gives each site a loopback address of its own, `"paths"` a path under one address.
    Ports are taken at construction, so that addresses are known before `start`. `clock` gives seconds to
    the limiter. `renamed` is the seed of other names and places for every site's sections. `week` is one of
    `WEEKS`: that of news, or the silent one, which needs an address for each host.
    """

    def __init__(
        self,
        *,
        seed: int = 2025,
        hosts: Literal["addresses", "paths"] = "addresses",
        limiter: bool = True,
        port: int = 0,
        prefectures: Iterable[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        renamed: int | None = None,
        week: str = "news",
    ) -> None:
        self.week = week
        self._week = _week(week, hosts)
        codes = _codes(self._week.codes if prefectures is None else prefectures)
        addresses = [CONTROL] if hosts == "paths" else [CONTROL, *map(loopback, codes), *ADDRESSES]
        self._sockets = listen(addresses, port)
        self.port: int = self._sockets[0].getsockname()[1]
        if renamed is not None:
            codes = [code for code in codes if code != REGION]
        sites = {code: self._site(code, seed, hosts, renamed) for code in codes}
        self._by_address = {} if hosts == "paths" else {loopback(code): code for code in codes}
        self._by_slug = {slug_of(code): code for code in codes} if hosts == "paths" else {}
        moments = play(sites, seed, self._week.script, self._week.monday)
        self._platform = Platform(sites, moments, seed, limiter=limiter, clock=clock)
        self._hosts = Hosts(self._platform, self.port, limiter=limiter, clock=clock)
        self._loop: Loop | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve in a background thread; returns once connections are accepted."""
        ready = threading.Event()
        loop = Loop(self._sockets, Handler(self._answer, self._done))
        thread = threading.Thread(target=loop.run, args=(ready.set,), name="replica", daemon=True)
        self._loop, self._thread = loop, thread
        thread.start()
        ready.wait()

    def stop(self) -> None:
        """End every connection and the thread, and give the ports back. Idempotent."""
        if self._loop and self._thread:
            self._loop.close()
            self._thread.join()
            self._loop = self._thread = None
        for sock in self._sockets:
            sock.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def control(self) -> str:
        """Where ``POST /_replica/step/N`` moves the week and ``GET /_replica/step`` tells its step."""
        return f"http://{CONTROL}:{self.port}"

    @property
    def codes(self) -> tuple[str, ...]:
        """The sites served: département codes, and ``75-R`` for the regional one."""
        return tuple(self._platform.sites)

    def base(self, code: str) -> str:
        """The address of a site's home, without the last slash."""
        return self._platform.sites[code].base

    def sources_yaml(
        self, gap: str = "7s", every: str = "1h", brake_after: int = 3, brake_for: str = "15m", lists: int = 1
    ) -> str:
        """A `sources.yaml` of this replica; `lists` up to 10 adds rubrics, for benchmarks of many pages.

        Of a renamed one it names no page: those are to be found.
        """
        sites = self._platform.sites.values()
        return sources_yaml(
            sites,
            gap=gap,
            every=every,
            brake_after=brake_after,
            brake_for=brake_for,
            lists=lists,
            guides=self._week.guides,
            services=self._services(),
        )

    @property
    def steps(self) -> int:
        """Number of the last step of this week."""
        return len(self._week.script) - 1

    @property
    def step(self) -> int:
        return self._platform.step

    def go(self, step: int) -> None:
        """Publish the state of a step; any order, from any thread."""
        self._platform.go(step)

    def time(self, step: int) -> datetime:
        """When a step takes place, in UTC."""
        return moment(step, self._week.script)

    def expected(self, step: int) -> tuple[Expected, ...]:
        """What truly changed between the step before and this one."""
        return tuple(self._expected(event) for event in self._platform.moments[step].events)

    def site(self, code: str) -> Site:
        """A site as it is now; its plan is what is true of a renamed one."""
        return self._platform.sites[code]

    def relocate(self) -> None:
        """Move the foreigners' pages of every renamed site, for good."""
        self._platform.relocate()

    def outage(self, codes: Iterable[str], mode: str) -> None:
        """Break these sites until `heal`, over whatever the week has in store for them."""
        self._platform.outage(codes, mode)

    def heal(self) -> None:
        self._platform.heal()

    @property
    def requests(self) -> int:
        return len(self._platform.hits)

    @property
    def refused(self) -> int:
        """Requests that the limiter turned away; scripted faults do not count."""
        return self._platform.refused

    @property
    def log(self) -> list[tuple[str, str, int]]:
        """(code, path, status) of every request; status 0 is a reset."""
        return [(hit.code, hit.path, hit.status) for hit in self._platform.hits]

    def arrivals(self, platform: str = "ide") -> list[float]:
        """When the requests to a platform came, in seconds of this machine's own time."""
        sites = {code for code, site in self._platform.sites.items() if site.platform == platform}
        return [hit.at for hit in self._platform.hits if hit.code in sites]

    @property
    def overstepped(self) -> list[tuple[str, str]]:
        """(code, path) of every request for a step of a booking behind the first: each is a fault of who asked."""
        return [(hit.code, hit.path) for hit in self._platform.hits if BEYOND.search(hit.path)]

    def _site(self, code: str, seed: int, hosts: str, renamed: int | None) -> Site:
        address = CONTROL if hosts == "paths" else loopback(code)
        prefix = f"/{slug_of(code)}" if hosts == "paths" else ""
        return build_site(code, seed, f"http://{address}:{self.port}", prefix, renamed)

    def _expected(self, event: Event) -> Expected:
        site, truth = self._platform.sites[event.code], event.truth
        return Expected(
            source="75-region" if event.code == REGION else f"{event.code}-{event.source}",
            kind=event.kind,
            title=event.title,
            url=(self._hosts.base(host_for(event.path)) if host_for(event.path) else site.base) + event.path,
            categories=truth.categories,
            effective_from=truth.effective_from,
            motifs=truth.motifs,
            channel_after=truth.channel_after,
            relevant=truth.relevant,
            channel_before=truth.channel_before,
            place=truth.place,
        )

    def _services(self) -> dict[str, list[tuple[str, str]]]:
        """Of each préfecture, the paths of what can be filed or booked, and the bases that they stand under."""
        states = self._platform.moments[0].states
        bases = {code: self.base(code) for code in states}
        return {
            code: [
                (path, self._hosts.base(host_for(path)) if host_for(path) else bases[code])
                for path in state.services
            ]
            for code, state in states.items()
        }

    def _answer(self, request: Request) -> Answer:
        if request.host == CONTROL and request.target.startswith(_COMMAND):
            return self._command(request)
        if request.host in ADDRESSES:
            named, cookie = request.headers.get("host", ""), request.headers.get("cookie", "")
            return self._hosts.answer(request.host, request.target, named, cookie, request.client)
        code, target = self._addressed(request)
        if code is None:
            return self._nobody(request)
        refusal = self._platform.enter(code, request.client)
        return self._platform.answer(code, target, request.headers.get("cookie", ""), refusal)

    def _done(self, request: Request) -> None:
        if request.host in ADDRESSES:
            self._hosts.done(request.host, request.client)
            return
        code, _ = self._addressed(request)
        if code is not None and not request.target.startswith(_COMMAND):
            self._platform.leave(code, request.client)

    def _addressed(self, request: Request) -> tuple[str | None, str]:
        """The site that a request is for, and the rest of its target."""
        if self._by_address:
            return self._by_address.get(request.host), request.target
        first, slash, rest = request.target.lstrip("/").partition("/")
        return self._by_slug.get(first.partition("?")[0]), slash + rest or "/"

    def _nobody(self, request: Request) -> Answer:
        """One address for all sites has one robots.txt, and nothing else at its root."""
        site = next(iter(self._platform.sites))
        if request.target == "/robots.txt":
            return self._platform.answer(site, request.target, "", None)
        return Answer(404, b"", "text/plain")

    def _command(self, request: Request) -> Answer:
        wanted = request.target.removeprefix(_COMMAND).strip("/")
        if request.method == "POST":
            if not wanted.isdigit() or int(wanted) > self.steps:
                return Answer(400, f"the week has the steps 0 to {self.steps}\n".encode(), "text/plain")
            self.go(int(wanted))
        return Answer(200, f"{self.step}\n".encode(), "text/plain")


def _week(name: str, hosts: str) -> Week:
    if name not in WEEKS:
        raise ValueError(f"no such week: {name}; known: {', '.join(WEEKS)}")
    if WEEKS[name].services and hosts == "paths":
        raise ValueError(f"the week {name} needs an address for each host")
    return WEEKS[name]


def _codes(prefectures: Iterable[str] | None) -> list[str]:
    """All sites, or those of some préfectures; Paris brings the regional one along."""
    wanted = list(NAMES) if prefectures is None else list(dict.fromkeys(prefectures))
    unknown = [code for code in wanted if code not in NAMES]
    if unknown:
        raise ValueError(f"no such préfecture: {', '.join(unknown)}")
    return [*wanted, REGION] if "75" in wanted else wanted
