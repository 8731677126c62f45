"""From a change on a watched page to whoever waits for it: the daemon as it is run, the replica, a mailbox."""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from threading import Event, Thread

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.figures import Chapter, Figure
from tests.fakes.processes import Served, free_port, run, until
from watcher.bootstrap import App, open_app
from watcher.bootstrap_telling import subscribing
from watcher.clock import SystemClock
from watcher.core.alerts import Alert
from watcher.core.ports_outgoing import Purpose
from watcher.core.signups import CONFIRM_FOR
from watcher.core.subscriptions import Choices
from watcher.replica import STEPS, Replica
from watcher.settings import Settings
from watcher.subscribe import judge

READER = "lectrice@exemple.fr"
STEP = 6.0  # seconds between two moments of the week, of which each changes some pages
TAIL = 12.0  # seconds after the last, and again until the last mail
LOOKS = 0.02  # seconds between two looks at the feed
_ALERT = re.compile(r"/alerts/([0-9a-f]{16,})")
HOW = (
    "`vigie serve` as a process with its usual ticks, every page of the replica's préfectures every two seconds, "
    f"and its week at {STEP:.0f} s a moment; a reader subscribed to everything at once has a mailbox on loopback, and "
    f"the feed of all alerts is looked at every {LOOKS * 1000:.0f} ms. Counted from the line in the log that ends the "
    "poll that found the change."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """When each alert was first seen, in seconds since the epoch."""

    polled: dict[str, list[float]] = field(
        default_factory=dict
    )  # by source: ends of polls that found something
    feed: dict[str, float] = field(default_factory=dict)  # by alert
    mail: dict[str, float] = field(default_factory=dict)
    changed: dict[str, float] = field(default_factory=dict)  # by source: when the replica showed it


class Mailbox:
    def __init__(self, arrived: dict[str, float]) -> None:
        self._arrived = arrived

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        now = _now()
        for alert in _ALERT.findall(_plain(envelope.original_content or b"")):
            self._arrived.setdefault(alert, now)
        return "250 2.0.0 kept"


def measure(_options: argparse.Namespace) -> Chapter:
    seen = Seen()
    with tempfile.TemporaryDirectory() as name, _mailbox(seen) as post:
        folder = Path(name)
        with Replica(hosts="paths", limiter=False) as replica:
            found = _lived(folder, replica, post, seen)
    feed = [seen.feed[one] - polled for one, polled in found.items() if one in seen.feed]
    mail = [seen.mail[one] - polled for one, polled in found.items() if one in seen.mail]
    after = [times[0] - seen.changed[one] for one, times in seen.polled.items() if one in seen.changed]
    figures = (
        Figure("changes that were told", len(found), at_least=20),
        Figure("of them not in the feed, or in no mail", 2 * len(found) - len(feed) - len(mail), at_most=0),
        Figure("change to the end of the poll that found it, median", median(after), "s"),
        Figure("poll to feed, median", median(feed), "s"),
        Figure("poll to feed, slowest", max(feed), "s", at_most=2),
        Figure("poll to mailbox, median", median(mail), "s"),
        Figure("poll to mailbox, slowest", max(mail), "s", at_most=5),
    )
    return Chapter("From a change to whoever waits for it", HOW, figures)


def _lived(folder: Path, replica: Replica, post: int, seen: Seen) -> dict[str, float]:
    """When the poll ended that found each alert."""
    sources, port = folder / "sources.yaml", free_port()
    sources.write_text(replica.sources_yaml(gap="1ms", every="2s", brake_after=1000), encoding="utf-8")
    database = f"sqlite:///{folder}/vigie.db"
    options = ["--sources", str(sources), "--database", database, "--allow-private"]
    settings = Settings(sources=sources, database=database, allow_private=True, port=port)
    with open_app(settings) as app:
        _subscribe(app)
        run("poll", "--all", *options)
        told = {"VIGIE_SMTP": f"smtp://127.0.0.1:{post}", "VIGIE_MAIL_FROM": "Vigie <vigie@exemple.org>"}
        with Served("serve", options, folder / "serve.log", told) as served:
            served.answers("/healthz")
            over = Event()
            reader = Thread(target=_read, args=(served.address, seen, over))
            reader.start()
            for step in range(1, STEPS + 1):
                _publish(replica, step, seen)
            Event().wait(TAIL)
            until(lambda: len(seen.mail) >= len(app.store.alerts()), TAIL, "the last mails")
            over.set()
            reader.join()
            for event in served.events:
                if event.get("event") == "polled" and event.get("alerts"):
                    seen.polled.setdefault(event["source"], []).append(_epoch(event["timestamp"]))
        return {alert.id: _found(alert, seen) for alert in app.store.alerts()}


def _found(alert: Alert, seen: Seen) -> float:
    begun = alert.detected_at.timestamp()
    return min(end for end in seen.polled[alert.source] if end >= begun)


def _publish(replica: Replica, step: int, seen: Seen) -> None:
    replica.go(step)
    changed = [one.source for one in replica.expected(step) if one.relevant]
    for source in changed:
        seen.changed.setdefault(source, _now())
    if changed:
        Event().wait(STEP)


def _subscribe(app: App) -> None:
    desk = subscribing(app)
    desk.ask(READER, Choices(), "1-fr")
    judge(app.subscriptions, app.clock.now())
    (signup,) = app.subscriptions.signups(app.vault.seal(READER, "").index)
    desk.confirm(app.vault.token(Purpose.CONFIRM, signup.id, app.clock.now() + CONFIRM_FOR))


def _read(address: str, seen: Seen, over: Event) -> None:
    """As a program that asks again and again, and keeps its connection."""
    with httpx.Client(trust_env=False) as client:
        while not over.wait(LOOKS):
            text = client.get(f"{address}/feeds/all.json").text
            now = _now()
            for alert in _ALERT.findall(text):
                seen.feed.setdefault(alert, now)


@contextmanager
def _mailbox(seen: Seen) -> Iterator[int]:
    port = free_port()
    controller = Controller(Mailbox(seen.mail), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _plain(mail: bytes) -> str:
    """Its text with the lines joined that quoted-printable broke."""
    return mail.replace(b"=\r\n", b"").decode("latin-1")


def _now() -> float:
    return SystemClock().now().timestamp()


def _epoch(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()
