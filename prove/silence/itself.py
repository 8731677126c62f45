"""Parts of a running watch are halted; an hour of it passes in a moment, by clocks that are moved by hand."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from prove.report import Figure
from tests.fakes.clocks import LeapingClock
from tests.fakes.plans import CANTAL, NOW, alert, first_reading, news
from tests.fakes.processes import free_port
from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_telling import open_post
from watcher.care import Care
from watcher.core.state import ProblemKind
from watcher.core.subscriptions import Choices, Subscription, Way
from watcher.daemon import Periods, Watch, Web, listen
from watcher.mail_settings import read_server
from watcher.settings import Settings
from watcher.silence import Silence

LOCAL, OUTSIDE = timedelta(minutes=10), timedelta(minutes=30)
MOST = 45  # minutes until it must be raised
STEP = timedelta(seconds=30)
_SOURCES = f"""
platforms:
  ide: {{gap: 7s, jitter: 0.3, brake: {{after: 3, for: 15m}}}}
defaults: {{platform: ide, every: 1d, layout: dsfr}}
prefectures:
  "15": {{name: Cantal, home: "https://www.cantal.gouv.fr", pages: [
    {{id: {CANTAL}, kind: news, url: "https://www.cantal.gouv.fr/Actualites"}}]}}
"""


@dataclass
class Day:
    """A watch at work; `ticks`, `sends`, `answers`: which of its parts go on."""

    app: App
    watch: Watch
    clock: LeapingClock
    seconds: list[float]
    heard: socket.socket
    signs: int = 0  # of life, to systemd
    pings: int = 0
    pinged_at: datetime = NOW
    ticks: bool = True
    sends: bool = True
    answers: bool = True
    gate: threading.Event = field(default_factory=threading.Event)  # what hung threads wait for

    def pass_time(self, span: timedelta, until: Callable[[], bool] = lambda: False) -> timedelta:
        """How long it took, at most `span`."""
        begun = self.clock.now()
        while self.clock.now() - begun < span and not until():
            self.clock.time += STEP
            self.seconds[0] += STEP.total_seconds()
            if self.ticks:
                self.watch.tick()
            self.watch.heartbeat()
            self.signs += self._heard()
            if self.clock.now().second < STEP.total_seconds():
                if self.sends:
                    self.watch.deliver()
                    self._let_work()
                self.watch.upkeep()
                self._let_work()
        return self.clock.now() - begun

    def _heard(self) -> int:
        """How often systemd was told that all goes on; its queue is short, and whoever writes waits for it."""
        try:
            return int(self.heard.recv(100) == b"WATCHDOG=1")
        except BlockingIOError:
            return 0

    def stuck(self) -> list[str]:
        return [one.subject for one in self.app.store.problems() if one.kind is ProblemKind.STUCK]

    @staticmethod
    def _let_work() -> None:
        """Give the threads of senders and of pings their turn."""
        for thread in threading.enumerate():
            if thread.name.startswith(("send-", "care-")) and "hung" not in thread.name:
                thread.join(5)


@dataclass(frozen=True)
class Halt:
    name: str
    stop: Callable[[Day], Any]
    go: Callable[[Day], Any]
    here: bool = True  # raised on the spot, too


def _hang(day: Day) -> None:
    def hung() -> None:
        threading.current_thread().name = "poll-hung"
        day.gate.wait()

    day.watch._workers.start("ide", hung)


def _set(**parts: bool) -> Callable[[Day], None]:
    def change(day: Day) -> None:
        for name, value in parts.items():
            setattr(day, name, value)

    return change


HALTS = (
    Halt("the tick of polls stops", _set(ticks=False), _set(ticks=True)),
    Halt("a poll hangs", _hang, lambda day: day.gate.set()),
    Halt("the loop of the web server is blocked", _set(answers=False), _set(answers=True)),
    Halt("nothing is sent any more", _set(sends=False), _set(sends=True)),
    Halt("the mail server is away", lambda _: None, lambda _: None, here=False),
)


@dataclass(frozen=True)
class Halted:
    name: str
    local: timedelta | None  # until it was raised on the spot
    outside: timedelta | None  # since the last sign of life, until whoever waits for one may raise it
    over: bool  # all is as before once it goes on


def figures() -> list[Figure]:
    found = [halted(halt) for halt in HALTS]
    stays = [one.name for one in found if not one.over]
    return [
        _well(),
        _after(
            f"parts of a watch that were halted ({sum(halt.here for halt in HALTS)}): raised on the spot",
            [(one.local, one.name) for one, halt in zip(found, HALTS, strict=True) if halt.here],
            LOCAL,
        ),
        _after(
            f"the last ping after a halt ({len(HALTS)})", [(one.outside, one.name) for one in found], OUTSIDE
        ),
        Figure("goes on being raised when it is over", ", ".join(stays) or "0", "0", not stays),
        _loop(),
    ]


def _after(name: str, spans: list[tuple[timedelta | None, str]], promise: timedelta) -> Figure:
    slowest, who = max((timedelta.max if span is None else span, who) for span, who in spans)
    shown = "never" if slowest == timedelta.max else f"after {slowest.total_seconds() / 60:.0f} min at most"
    minutes = promise.total_seconds() / 60
    return Figure(name, f"{shown} ({who})", f"{minutes:.0f} min", slowest <= promise)


def _well() -> Figure:
    with _day() as day:
        day.pass_time(timedelta(hours=1))
        signs, pings, stuck = day.signs, day.pings, len(day.stuck())
    value = f"{signs} signs to systemd, {pings} pings, {stuck} alarms"
    kept = (signs, pings, stuck) == (120, 12, 0)
    return Figure("an hour in which all is well", value, "120, 12, 0", kept)


def halted(halt: Halt) -> Halted:
    with _day(down=not halt.here) as day:
        day.pass_time(timedelta(minutes=3))
        _publish(day)
        halt.stop(day)
        began = day.clock.now()
        local = day.pass_time(timedelta(minutes=MOST), lambda: bool(day.stuck())) if halt.here else None
        raised = not halt.here or bool(day.stuck())
        day.pass_time(began + timedelta(minutes=MOST) - day.clock.now())
        silent = day.clock.now() - day.pinged_at >= timedelta(minutes=10)
        outside = max(day.pinged_at - began, timedelta(0)) if silent else None
        before = day.pings
        halt.go(day)
        day.pass_time(timedelta(minutes=12))
        over = not halt.here or (not day.stuck() and day.pings > before)
        return Halted(halt.name, local if raised else None, outside, over)


def _publish(day: Day) -> None:
    told = alert("a", detected_at=day.clock.now())
    assert day.app.store.save(news("a", 1, alerts=(told,)))


def _loop() -> Figure:
    """A server of ours whose loop is blocked while its socket still listens."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == "/block":
            time.sleep(6)  # the fault that is played
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok\n"})

    with listen("127.0.0.1", free_port()) as listener:
        web = Web(application, listener)
        web.start()
        while not web.answers():
            time.sleep(0.05)
        blocked = socket.create_connection(listener.getsockname())
        blocked.sendall(b"GET /block HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(0.3)
        answered = web.answers()
        blocked.close()
        web.stop()
    return Figure(
        "a web server whose loop is blocked is seen to be", "no" if answered else "yes", "yes", not answered
    )


@contextmanager
def _day(*, down: bool = False) -> Iterator[Day]:
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        (folder / "sources.yaml").write_text(_SOURCES, encoding="utf-8")
        settings = Settings(
            sources=folder / "sources.yaml",
            database=f"sqlite:///{folder}/vigie.db",
            allow_private=True,
            smtp=read_server(f"smtp://127.0.0.1:{free_port()}", "smtp") if down else folder / "mails",
            mail_from="vigie@exemple.org",
        )
        clock, seconds = LeapingClock(time=NOW.replace(second=0, microsecond=0)), [0.0]
        app = open_.enter_context(open_app(settings, clock))
        tools, post = open_.enter_context(open_tools(app)), open_.enter_context(open_post(app))
        watch = Watch(app, tools, Periods(poll=STEP), post, time=lambda: seconds[0])
        heard = open_.enter_context(_systemd(folder / "notify"))
        open_.enter_context(capture_logs())
        day = Day(app, watch, clock, seconds, heard)
        _wire(day, post)
        _people(app)
        open_.callback(day.gate.set)
        yield day


def _wire(day: Day, post: Any) -> None:
    """All of it lives by the same seconds, and pings go to us."""

    def ping() -> str:
        day.pings += 1
        day.pinged_at = day.clock.now()
        return ""

    def seconds() -> float:
        return day.seconds[0]

    silence = Silence(day.app.store, day.app.catalogue)
    day.watch._upkeep.care = Care(day.app.store, silence, reconcile=lambda _: (), ping=ping, time=seconds)
    day.watch.answers = lambda: day.answers
    post.time = seconds
    post.__post_init__()
    for beats in (day.watch.tools.pacer.beats, post.deliverer.beats):
        beats.time = seconds
        beats.__post_init__()


def _people(app: App) -> None:
    """One subscriber, and one page that nobody polls: it is held elsewhere."""
    now = app.clock.now()
    app.store.save(first_reading())
    app.store.claim(CANTAL, "elsewhere/1/1", now, now + timedelta(days=9))
    recipient = app.vault.seal("jeanne@exemple.org", "a" * 32)
    app.subscriptions.add(Subscription("a" * 32, Way.MAIL, recipient, Choices(), now, now, "x"))


@contextmanager
def _systemd(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(path))
        heard.setblocking(False)
        os.environ["NOTIFY_SOCKET"] = str(path)
        try:
            yield heard
        finally:
            del os.environ["NOTIFY_SOCKET"]
