"""The process that watches, tells and serves: four ticks, one web server, one way to end.

Due times are columns in the database; a tick only asks for what is due. The platforms are polled side by
side, each by one worker at a time, and so are the ways out.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any

import structlog
import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler

from watcher.alarms import note_alarms
from watcher.bootstrap import App
from watcher.core.catalogue import Source
from watcher.core.errors import UserError
from watcher.core.page import Outcome
from watcher.poll import Polled
from watcher.postroom import Post, Workers
from watcher.rounds import note_incidents, run_platform
from watcher.systemd import notify
from watcher.visit import Tools

DRAIN = timedelta(
    seconds=15
)  # left to polls and messages that are under way when the process is asked to end
WEB_DRAIN = 3  # seconds left to answers under way
MOMENT = 2.0  # seconds by which a busy machine may delay a tick


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
    _log: Any = field(default_factory=lambda: structlog.get_logger("vigie"))
    _workers: Workers = field(default_factory=lambda: Workers("poll"))
    _told: set[tuple[str, datetime]] = field(default_factory=set)
    _ticked_at: float = field(default_factory=monotonic)

    def tick(self) -> None:
        """Give each idle platform that has due sources a worker."""
        self._ticked_at = monotonic()
        if self.app.clock.stop.is_set():
            return
        for platform in {source.platform for source in self._due()}:
            if self.tools.pacer.braked_until(platform) is None:
                self._workers.start(platform, self._work, platform)

    def deliver(self) -> None:
        """Give each idle way out a worker."""
        if self.post is not None and not self.app.clock.stop.is_set():
            self.post.tick()

    def heartbeat(self) -> None:
        """Tell systemd's watchdog that the tick that does the work still comes."""
        if not self.late():
            notify("WATCHDOG=1")

    def late(self) -> bool:
        """Whether the tick that starts polls has not come for two of its periods, and a moment."""
        return monotonic() - self._ticked_at > 2 * self.periods.poll.total_seconds() + MOMENT

    def upkeep(self) -> None:
        """Look for incidents and rushes, say once of each problem that it is there, forget what is to be forgotten."""
        note_incidents(self.app.store, self.app.catalogue, self.app.clock.now())
        note_alarms(self.app.store, self.app.subscriptions, self.app.clock.now())
        if self.post is not None:
            self.post.forget()
        for problem in self.app.store.problems():
            key = (problem.subject, problem.since)
            if key not in self._told:
                self._told.add(key)
                self._log.warning(
                    "problem", subject=problem.subject, kind=problem.kind, evidence=problem.evidence
                )

    def drain(self) -> None:
        """Wait for what is under way; what is not done by then is dropped, and done again later."""
        until = monotonic() + DRAIN.total_seconds()
        self._workers.drain(until)
        if self.post is not None:
            self.post.drain(until)

    def _work(self, platform: str) -> None:
        try:
            run_platform(self.tools, platform, self._due_of(platform), self._report)
        except Exception:
            self._log.exception("poll_failed", platform=platform)

    def _due_of(self, platform: str) -> Iterator[Source]:
        """The due sources of a platform, asked for anew after each, until none is left or it is braked."""
        seen: set[str] = set()
        while not self.app.clock.stop.is_set() and self.tools.pacer.braked_until(platform) is None:
            due = (s for s in self._due() if s.platform == platform and s.id not in seen)
            source = next(due, None)
            if source is None:
                return
            seen.add(source.id)
            yield source

    def _due(self) -> Iterator[Source]:
        known = self.app.catalogue.sources
        return (known[id_] for id_ in self.app.store.due(self.app.clock.now()) if id_ in known)

    def _report(self, polled: Polled) -> None:
        changes = len(polled.plan.changes) if polled.plan else 0
        alerts = len(polled.plan.alerts) if polled.plan else 0
        told = changes or not (polled.outcome.read or polled.outcome is Outcome.POSTPONED)
        tell = self._log.info if told else self._log.debug
        tell(
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

    def __init__(self, application: Any, listener: socket.socket) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips="127.0.0.1",  # a proxy of this machine says who asks; nobody else is believed
            timeout_graceful_shutdown=WEB_DRAIN,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, args=([listener],), name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

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
    scheduler = _scheduler(watch)
    with _ends_on_signals(watch.app.clock.stop):
        web.start()
        watch.tick()
        watch.deliver()
        scheduler.start()
        notify("READY=1")
        watch.app.clock.stop.wait()
        notify("STOPPING=1")
        scheduler.shutdown(wait=False)
        web.stop()
        watch.drain()


def _scheduler(watch: Watch) -> BackgroundScheduler:
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name in ("tick", "deliver", "heartbeat", "upkeep"):
        period = getattr(watch.periods, "poll" if name == "tick" else name)
        scheduler.add_job(getattr(watch, name), "interval", seconds=period.total_seconds(), id=name)
    return scheduler


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
