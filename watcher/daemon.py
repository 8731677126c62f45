"""The process that watches, tells and serves: four ticks, one web server, one way to end.

Due times are columns in the database; a tick only asks for what is due. The platforms are polled side by
side, each by one worker at a time, and so are the ways out.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from time import monotonic
from typing import Any

import structlog
import uvicorn

from storage.errors import StorageError
from watcher.beats import Beats
from watcher.bootstrap import App
from watcher.callers import Caller
from watcher.care import Care
from watcher.clock import SystemClock
from watcher.core.catalogue import Source
from watcher.core.errors import UserError
from watcher.core.page import Outcome
from watcher.poll import Polled
from watcher.postroom import STILL, Post, Workers
from watcher.rounds import due_of, due_platforms, run_platform
from watcher.systemd import notify
from watcher.ticks import Ticks, outlasting
from watcher.upkeep import Upkeep
from watcher.visit import Tools

DRAIN = timedelta(
    seconds=15
)  # left to polls and messages that are under way when the process is asked to end
WEB_DRAIN = 3  # seconds left to answers under way
LOOK = 0.2  # seconds after which a signal is heard that another thread was given
MOMENT = 2.0  # seconds by which a busy machine may delay a tick
SILENT_WEB = 120.0  # seconds
ANSWER = 5  # seconds that our own web server has to say that it lives


@dataclass(frozen=True, slots=True)
class Periods:
    """How often the ticks come, in real time."""

    poll: timedelta = timedelta(seconds=5)
    deliver: timedelta = timedelta(seconds=5)
    heartbeat: timedelta = timedelta(seconds=10)
    upkeep: timedelta = timedelta(minutes=1)


@dataclass(slots=True)
class Watch:
    """The polling side of the daemon."""

    app: App
    tools: Tools
    periods: Periods = field(default_factory=Periods)
    post: Post | None = None
    care: Care | None = None
    answers: Callable[[], bool] = lambda: True  # whether our own web server does
    told: Callable[[], None] = lambda: None  # there is something new to read
    web_only: bool = False  # others poll, send and see to the rest
    time: Callable[[], float] = monotonic  # this process's own, in seconds
    _log: Any = field(default_factory=lambda: structlog.get_logger("vigie"))
    _workers: Workers = field(init=False)
    _upkeep: Upkeep = field(init=False)
    _beats: Beats = field(init=False)  # of the tick, of the upkeep, and of the web

    def __post_init__(self) -> None:
        self._workers, self._beats = Workers("poll", self.time), Beats(self.time)
        self._upkeep = Upkeep(self.app, self.tools.owner, self.post, self.care)

    def tick(self) -> None:
        """Give each idle platform that has due sources a worker."""
        self._beats.beat("tick")
        self.app.renewal.look()
        if self.web_only or self.app.clock.stop.is_set():
            return
        store, watched, now = self.app.store, self.app.catalogue, self.app.clock.now()
        store.free_lapsed(now)
        ready = [name for name in watched.platforms if not self.tools.pacer.at_rest(name)]
        for platform in due_platforms(store, watched, now, ready):
            self._workers.start(platform, self._work, platform)

    def deliver(self) -> None:
        """Give each idle way out a worker."""
        if self.post is not None and not self.app.clock.stop.is_set():
            self.post.tick()

    def heartbeat(self) -> None:
        """Tell systemd's watchdog that everything at work gets on with it."""
        if self.answers():
            self._beats.beat("web")
        if not self.hangs():
            notify("WATCHDOG=1")

    def late(self) -> bool:
        """Whether the tick that starts polls has not come for two of its periods, and a moment."""
        return self._beats.age("tick") > 2 * self.periods.poll.total_seconds() + MOMENT

    def hangs(self) -> dict[str, str]:
        """What of this process does not get on, in words, by part. Asks nothing of the database."""
        found = {}
        if self.late():
            found["tick"] = "les relevés ne démarrent plus : le planificateur est en retard"
        if self._beats.age("upkeep") > STILL:
            found["upkeep"] = "les vérifications de chaque minute ne se font plus"
        if self._beats.age("web") > SILENT_WEB:
            found["web"] = "le serveur de pages ne se répond plus à lui-même"
        for platform in self._workers.still(self.tools.pacer.beats):
            found[f"poll:{platform}"] = (
                f"un relevé de la plateforme {platform} ne rend plus la main depuis {STILL / 60:.0f} minutes"
            )
        return found | (self.post.hangs() if self.post is not None else {})

    def upkeep(self) -> None:
        """What one process of all sees to; every one says that its own minutes pass."""
        if not self.web_only:
            self._upkeep.round(self.hangs)
        self._beats.beat("upkeep")
        self._upkeep.alive(self.hangs)

    def drain(self) -> None:
        """Wait for what is under way; what is not done by then is dropped, and done again later."""
        until = monotonic() + DRAIN.total_seconds()
        self._workers.drain(until)
        if self.post is not None:
            self.post.drain(until)
        self._upkeep.end(until)

    def _work(self, platform: str) -> None:
        try:
            run_platform(self.tools, platform, self.due_of(platform), self.report)
        except StorageError as error:  # one line: it happens as often as a server is away
            self._log.error("poll_failed", platform=platform, error=str(error))
        except Exception:
            self._log.exception("poll_failed", platform=platform)

    def due_of(self, platform: str) -> Iterator[Source]:
        """The due sources of a platform until none is left or it is braked; what is due is asked for anew when
        the answer has been used up, or is older than a tick.
        """
        seen: set[str] = set()
        left: Iterator[Source] = iter(())
        old = self.time()
        while not self.app.clock.stop.is_set() and not self.tools.pacer.at_rest(platform):
            source = next(left, None) if self.time() < old else None
            if source is None:
                left, old = self._due_at(platform, seen), self.time() + self.periods.poll.total_seconds()
                source = next(left, None)
            if source is None:
                return
            seen.add(source.id)
            yield source

    def _due_at(self, platform: str, seen: Container[str]) -> Iterator[Source]:
        """Whatever of `platform` is due now and not `seen`."""
        due = due_of(self.app.store, self.app.catalogue, self.app.clock.now(), platform)
        return (source for source in due if source.id not in seen)

    def report(self, polled: Polled) -> None:
        changes = len(polled.plan.changes) if polled.plan else 0
        alerts = len(polled.plan.alerts) if polled.plan else 0
        if alerts:  # nobody waits for the next tick, nor for what was kept of an earlier feed
            self.told()
            self.deliver()
        if not changes and (polled.outcome.read or polled.outcome is Outcome.POSTPONED):
            return
        self._log.info(
            "polled",
            source=polled.source,
            outcome=str(polled.outcome),
            changes=changes,
            alerts=alerts,
            **({"reason": polled.reason} if polled.reason else {}),
            **({"exc_info": polled.surprise} if polled.surprise else {}),
        )


class Web:
    """The web server, in a thread of its own."""

    def __init__(self, application: Any, listener: socket.socket, proxies: str = "127.0.0.1") -> None:
        config = uvicorn.Config(
            application,
            http=Caller,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=proxies,  # say who asks; nobody else is believed
            timeout_graceful_shutdown=WEB_DRAIN,
        )
        self._server = uvicorn.Server(config)
        self._listener = listener
        self._thread = Thread(target=self._server.run, args=([listener],), name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def answers(self) -> bool:
        """Asked as anybody would, over the network: its loop may hang while its socket still listens."""
        host, port, *_ = self._listener.getsockname()
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # where it listens
        connection = HTTPConnection(here, port, timeout=ANSWER)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(WEB_DRAIN + 1)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, taken before anything else starts."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"impossible d'écouter sur {host}:{port} ({reason}) : choisissez un autre --port ou --host"
        ) from error
    return listener


def run(watch: Watch, web: Web) -> None:
    """Watch and serve until the process is asked to end, then end within 20 s."""
    with _ends_on_signals(watch.app.clock.stop):
        web.start()
        watch.tick()
        watch.deliver()
        _ticks(watch).start()
        notify("READY=1")
        _wait_for(watch.app.clock.stop)
        notify("STOPPING=1")
        web.stop()
        watch.drain()


def _wait_for(stop: Event) -> None:
    """Looks again and again: the kernel may hand a signal to any thread, and Python answers it in this one only,
    which would sleep on. Nor does this wait on `stop` itself, whose lock the answer needs.
    """
    pulse = Event()
    while not stop.is_set():
        pulse.wait(LOOK)


def _ticks(watch: Watch) -> Ticks:
    periods = watch.periods
    works = {
        "tick": (watch.tick, periods.poll),
        "deliver": (watch.deliver, periods.deliver),
        "heartbeat": (watch.heartbeat, periods.heartbeat),
        "upkeep": (watch.upkeep, periods.upkeep),
    }
    # By the time of this machine: that of a rehearsal runs at a pace of its own.
    return Ticks(
        outlasting(works, StorageError, structlog.get_logger("vigie")),
        watch.app.clock.stop,
        SystemClock().now,
    )


@contextmanager
def _ends_on_signals(stop: Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C ask the process to end; asked twice, it ends at once."""

    def ask(number: int, frame: object) -> None:
        if stop.is_set():
            raise SystemExit(128 + number)
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
