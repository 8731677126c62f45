"""A watch that tells people: a real database, and ways out that are played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Engine

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import catalogue
from tests.fakes.clocks import LeapingClock
from tests.fakes.plans import NOW, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.alerts import Alert
from watcher.core.outbox import Attempt, Claimed, DeliveryState, DigestRun, Fate, Settlement
from watcher.core.ports_outgoing import Renderer, Send, Sender, SenderDown
from watcher.core.subscriptions import Way
from watcher.deliver import Deliverer
from watcher.digest import Runs
from watcher.sending import Office, Round, WayOut

Answer = Callable[[Claimed], Fate | Attempt]


class Crash(BaseException):
    """The process ends here."""


@dataclass
class PlayedSender:
    """Keeps what it was given to send; answers as it is told to."""

    way: Way = Way.MAIL
    answer: Answer = lambda _: Fate.ACCEPTED
    up: bool = True
    opened: int = 0
    sent: list[Claimed] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def open(self) -> Iterator[Send]:
        self.opened += 1
        if not self.up:
            raise SenderDown("connect ConnectionRefusedError")
        yield self._send

    def _send(self, claimed: Claimed, content: bytes) -> Attempt:
        answered = self.answer(claimed)
        with self._lock:
            self.sent.append(claimed)
            self.bodies.append(content)
        return answered if isinstance(answered, Attempt) else Attempt(answered, "played")

    @property
    def accepted(self) -> Counter[str]:
        """By subscriber: how many messages went out. Only with an answer that accepts all."""
        return Counter(claimed.message.about for claimed in self.sent)


@dataclass
class PlainRenderer:
    """Says the ids of alerts; fails on those it is told to."""

    unsayable: frozenset[str] = frozenset()
    rendered: int = 0

    def __call__(self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None) -> bytes:
        self.rendered += 1
        for one in alerts:
            if one.id in self.unsayable:
                raise ValueError(f"cannot say {one.id} to jeanne@exemple.org")
        told = ",".join(one.id for one in alerts)
        return f"{claimed.message.kind} {run.id if run else ''} {told}".encode()


class FrailOutbox(SqlOutbox):
    """A database that may fail, or a process that may end, when what became of a message is written down."""

    before_settling: Callable[[], None] = staticmethod(lambda: None)

    def settle(self, message: str, settlement: Settlement, now: datetime, then: str | None = None) -> bool:
        self.before_settling()
        return super().settle(message, settlement, now, then)


@dataclass
class World:
    """One database, one clock; any number of workers."""

    engine: Engine
    clock: LeapingClock = field(default_factory=lambda: LeapingClock(time=NOW))
    sender: PlayedSender = field(default_factory=PlayedSender)
    render: PlainRenderer = field(default_factory=PlainRenderer)
    logged: list[dict[str, Any]] = field(default_factory=list)
    _polls: int = 0

    def __post_init__(self) -> None:
        self.store = SqlStore(self.engine)
        self.outbox = FrailOutbox(self.engine)
        self.people = SqlSubscriptions(self.engine)
        self.store.register([source()], NOW)
        self.store.save(first_reading())

    def subscribe(self, number: int, **choices: Any) -> None:
        subscribe(self.engine, *(subscriber(f"s{n:05}", **choices) for n in range(number)))

    def publish(self, *names: str) -> None:
        """A poll finds these alerts now."""
        self._polls += 1
        alerts = tuple(alert(name, detected_at=self.clock.now()) for name in names)
        assert self.store.save(news(names[0], self._polls, alerts=alerts))

    def deliverer(
        self,
        owner: str = "host/1/1",
        *,
        sender: Sender | None = None,
        render: Renderer | None = None,
        concurrency: int = 1,
    ) -> Deliverer:
        office = Office(
            outbox=self.outbox,
            subscriptions=self.people,
            note_problems=self.store.note_problems,
            runs=Runs(self.outbox, self.store, catalogue(), self.clock),
            clock=self.clock,
            chance=lambda: 0.5,
            owner=owner,
            tell=lambda word, **values: self.logged.append({"event": word, **values}),
        )
        used = sender or self.sender
        return Deliverer(office, {used.way: WayOut(used, render or self.render, concurrency)}, lambda _: 0)

    def tick(self, way: Way = Way.MAIL) -> Round:
        return self.deliverer().tick(way)

    def pass_time(self, **span: float) -> None:
        self.clock.wait(timedelta(**span))

    def counted(self) -> dict[DeliveryState, int]:
        counted: Counter[DeliveryState] = Counter()
        for (_, state), number in self.outbox.counted().items():
            counted[state] += number
        return dict(counted)

    @property
    def now(self) -> datetime:
        return self.clock.now()
