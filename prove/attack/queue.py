"""One message among a hundred that cannot be said: the others go out in the same round, and it is put aside.

Mails and digests are rendered and sent over SMTP to a server on loopback; web-hooks and chats are rendered as
they are, and taken by a sender within the process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from tempfile import TemporaryDirectory

from notifiers.mail import MailServer, SmtpSender
from notifiers.render.chat import ChatRenderer
from notifiers.render.mail import MailRenderer
from notifiers.render.webhook import WebhookRenderer
from notifiers.smtp import Security
from prove.folders import quick_folder
from prove.gauge import Timed
from prove.report import Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.letters import PlainLinks
from tests.fakes.plans import alert, news
from tests.fakes.smtp import ScriptedServer
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import PlayedSender, World
from watcher.core.alerts import Alert
from watcher.core.outbox import Claimed, DeliveryState, DigestRun
from watcher.core.ports_outgoing import Renderer, Sender
from watcher.core.subscriptions import Cadence, Interest, Way
from watcher.deliver import Deliverer

SIZE = 100
LANES = ("mail", "digest", "web-hook", "chat")
TEXTS = {"a lone surrogate": "\ud800", "U+2028": "\u2028", "10 MB": "x" * 10_000_000}
RAISES = "a renderer that raises"
POISONS = (*TEXTS, RAISES)
EXTRA = 1.0  # seconds of work that one of them may cost
TRIES = 3  # that a message may fail in our own hands
_FIRST = 1000  # of the numbers of subscribers: those of each lane have a thousand of their own


@dataclass
class Raising:
    """A renderer with a defect: it fails on one alert."""

    render: Renderer
    on: str = ""

    def __call__(self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None) -> bytes:
        if any(one.id == self.on for one in alerts):
            raise ValueError("unsayable")
        return self.render(claimed, alerts, run)


@dataclass
class Fates:
    """What became of a poison, and of those beside it."""

    places: int = 0
    others: int = 0  # that were not told in the round itself
    told: int = 0
    shunted: int = 0
    raised: int = 0  # of those put aside
    vanished: int = 0

    def figure(self, poison: str) -> Figure:
        told = f"told {self.told}, put aside {self.shunted} and raised {self.raised}, neither {self.vanished}"
        return Figure(
            f"{poison} in one of {SIZE} mails, digests, web-hooks and chats, at {self.places} places: others not "
            "told in the same round; itself",
            f"{self.others}; {told}",
            "0; told, or put aside and raised",
            kept=not self.others and not self.vanished and self.raised == self.shunted,
        )


@dataclass
class Queue:
    """A hundred people in each lane, each of whom wants another préfecture's news."""

    world: World
    server: ScriptedServer
    played: Sequence[PlayedSender]
    renderers: Sequence[Raising]
    workers: Sequence[tuple[Way, Deliverer]]
    published: int = 0
    _aside: int = 0

    def publish(self, place: int | None, poison: str = "") -> str:
        """News for each of them; the alert for the one at `place` is poisoned. Its id."""
        self.published += 1
        now = self.world.now
        told = [
            alert(
                f"a{self.published}-{n}", prefecture=f"{n:02}", detected_at=now - timedelta(seconds=SIZE - n)
            )
            for n in range(SIZE)
        ]
        if place is not None and poison in TEXTS:
            text = TEXTS[poison]
            told[place] = replace(told[place], title=f"Avis{text}", summary=f"Corps{text}", before=f"a{text}")
        for one in self.renderers:
            one.on = told[place].id if place is not None and poison == RAISES else ""
        assert self.world.store.save(news(f"a{self.published}", self.published, alerts=tuple(told)))
        return told[place or 0].id

    def clean(self) -> float:
        """Seconds of work for a round without poison."""
        self.publish(None)
        seconds = self.round()
        assert len(self.taken()) == SIZE * len(LANES)
        return seconds

    def poisoned(self, place: int, poison: str, fates: Fates) -> float:
        """The same with one; what became of all is counted."""
        bad = self.publish(place, poison)
        seconds, told, aside = self.round(), self.taken(), self._aside
        for _ in range(TRIES):
            seconds += self.round()
        ill = {(lane, place) for lane in LANES}
        shunted = self.world.counted().get(DeliveryState.SHUNTED, 0)
        fates.places += 1
        fates.others += SIZE * len(LANES) - len(ill) - len(told - ill)
        fates.told += len(told & ill)
        fates.shunted += shunted - aside
        fates.vanished += len(ill) - len(told & ill) - (shunted - aside)
        gaps = self.world.outbox.gaps(self.world.now - timedelta(days=9), self.world.now)
        fates.raised += sum(gap.subscriptions for gap in gaps if gap.alert == bad)
        self._aside = shunted
        return seconds

    def round(self) -> float:
        """Everything that is due, and digests of the day; seconds of work."""
        start = time.process_time()
        for hours in (0, 24):
            self.world.pass_time(hours=hours)
            for way, worker in self.workers:
                worker.tick(way)
        return time.process_time() - start

    def taken(self) -> set[tuple[str, int]]:
        """Lane and place of those who got something since this was asked last."""
        numbers = [int(one.recipient.partition("@")[0].removeprefix("reader")) for one in self.server.got]
        numbers += [int(sent.message.about, 16) for sender in self.played for sent in sender.sent]
        self.server.got.clear()
        for sender in self.played:
            sender.sent.clear()
            sender.bodies.clear()
        return {(LANES[number // _FIRST - 1], number % _FIRST) for number in numbers}


@contextmanager
def _queue() -> Iterator[Queue]:
    with TemporaryDirectory(dir=quick_folder(), prefix="vigie-prove") as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        world = World(engine)
        for number, (way, cadence) in enumerate(
            [(Way.MAIL, Cadence.NOW), (Way.MAIL, Cadence.DAILY), (Way.WEBHOOK, Cadence.NOW), (Way.CHAT, Cadence.NOW)], 1
        ):  # fmt: skip
            names = ((f"{number * _FIRST + n:032x}", Interest(frozenset({f"{n:02}"}))) for n in range(SIZE))
            subscribe(engine, *(subscriber(name, who, way=way, cadence=cadence) for name, who in names))
        with ScriptedServer(lambda _stage, _number: None).running() as server:
            mail = MailServer("127.0.0.1", "Vigie <veille@vigie.example>", server.port, Security.NONE)
            played = PlayedSender(Way.WEBHOOK), PlayedSender(Way.CHAT)
            senders: list[Sender] = [SmtpSender(mail, PlainLinks(), world.clock), *played]
            made: list[Renderer] = [
                kind(VOCABULARY, BASE) for kind in (MailRenderer, WebhookRenderer, ChatRenderer)
            ]
            renderers = [Raising(render) for render in made]
            workers = [
                (sender.way, world.deliverer(sender=sender, render=render))
                for sender, render in zip(senders, renderers, strict=True)
            ]
            yield Queue(world, server, played, renderers, workers)
        engine.dispose()


def attack(*, long: bool) -> list[Figure]:
    spread = [0, SIZE // 2, SIZE - 1, 17]
    tried = [(poison, place) for poison, places in
             zip(POISONS, [range(SIZE)] * 4 if long else [[place] for place in spread], strict=True)
             for place in places]  # fmt: skip
    fates = {poison: Fates() for poison in POISONS}
    extra = clean = 0.0
    with _queue() as queue:
        queue.publish(None)
        queue.round()  # everything is loaded and compiled
        for number, (poison, place) in enumerate(tried):
            if number % 10 == 0:
                clean = queue.clean()
            extra = max(extra, queue.poisoned(place, poison, fates[poison]) - clean)
    what = f"… work that one costs beside a round of {SIZE * len(LANES)} without"
    return [
        *(fate.figure(poison) for poison, fate in fates.items()),
        Timed(what, f"{max(extra, 0):.2f} s of a core at most", f"{EXTRA:g} s", extra <= EXTRA),
    ]
