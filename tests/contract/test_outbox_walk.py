"""Whatever happens in whatever order: every promise is in exactly one state, and kept at most once.

A walk publishes, composes, claims, sends, crashes, unsubscribes and lets time pass by chance; after each
step all that was ever promised is accounted for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import HOUR, NOW, VERDICT, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import Claimed, DeliveryState, Settlement
from watcher.core.subscriptions import Cadence, Choices, EndReason, Interest, Way

LEASE = timedelta(minutes=10)
STEPS = 150
OUTCOMES = (
    *(DeliveryState.ACCEPTED,) * 4,
    *(DeliveryState.DEFERRED,) * 4,
    *(DeliveryState.AMBIGUOUS, DeliveryState.SHUNTED, DeliveryState.EXPIRED),
)
WAITING = {
    *(DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.DEFERRED, DeliveryState.AMBIGUOUS),
}


@dataclass
class World:
    engine: Engine
    chance: Random

    now = NOW
    polls = 0
    expected: set[tuple[str, str]] = field(default_factory=set)  # alert, subscription
    wishes: dict[str, frozenset[str]] = field(default_factory=dict)  # of the active: categories
    held: dict[str, tuple[str, Claimed]] = field(default_factory=dict)  # by worker: what it sends next
    sent: Counter[str] = field(default_factory=Counter)  # acknowledged, by message

    def __post_init__(self) -> None:
        self.store = SqlStore(self.engine)
        self.outbox = SqlOutbox(self.engine)
        self.people = SqlSubscriptions(self.engine)
        self.store.register([source()], NOW)
        self.store.save(first_reading())

    def arrive(self) -> None:
        name = f"s{len(self.wishes)}-{self.polls}-{self.chance.random()}"
        wish = frozenset(self.chance.sample(["fee", "outage"], self.chance.randrange(3)))
        way = self.chance.choice([Way.MAIL, Way.MAIL, Way.WEBHOOK])
        cadence = self.chance.choice([Cadence.NOW, Cadence.NOW, Cadence.DAILY, Cadence.WEEKLY])
        subscribe(self.engine, subscriber(name, Interest(categories=wish), way=way, cadence=cadence))
        self.wishes[name] = wish

    def publish(self) -> None:
        self.polls += 1
        category = self.chance.choice(["fee", "outage"])
        verdict = replace(VERDICT, categories=(category,))
        told = alert(f"n{self.polls}", detected_at=self.now, verdict=verdict)
        assert self.store.save(news(f"n{self.polls}", baseline=self.polls, alerts=(told,)))
        self.expected |= {
            (told.id, name) for name, wish in self.wishes.items() if not wish or category in wish
        }

    def compose(self) -> None:
        self.outbox.compose(self.now, self.chance.choice([Way.MAIL, Way.WEBHOOK]), 3)

    def claim(self) -> None:
        worker, way = self.chance.choice(["one", "two"]), self.chance.choice([Way.MAIL, Way.WEBHOOK])
        for one in self.outbox.claim_messages(way, worker, self.now, self.now + LEASE, 4):
            assert not self.sent[one.message.id], "what was accepted is never claimed again"
            assert one.subscription.active
            self.held[one.message.id] = (worker, one)

    def send(self) -> None:
        """Only what is wanted is sent; the two of one worker follow each other."""
        for name, (worker, one) in list(self.held.items()):
            del self.held[name]
            if not self.outbox.wanted(name):
                continue
            assert one.message.about in self.wishes
            state = self.chance.choice(OUTCOMES)
            self.sent[name] += state is DeliveryState.ACCEPTED
            later = self.now + self.chance.randrange(1, 12) * HOUR
            doubts = one.message.ambiguous + (state is DeliveryState.AMBIGUOUS)
            then = next((other for other, (owner, _) in self.held.items() if owner == worker), None)
            settlement = Settlement(state, later, one.message.attempts + 1, doubts, 0, "")
            self.outbox.settle(name, settlement, self.now, then)
            return

    def crash(self) -> None:
        """A worker dies; its lease ends by itself or is ended."""
        worker = self.chance.choice(["one", "two"])
        self.held = {name: held for name, held in self.held.items() if held[0] != worker}
        if self.chance.random() < 0.5:
            self.outbox.release_messages(worker)
        else:
            self.now += LEASE
            self.held = {}

    def leave(self) -> None:
        if self.wishes:
            name = self.chance.choice(sorted(self.wishes))
            assert self.people.end(name, EndReason.UNSUBSCRIBED, self.now)
            del self.wishes[name]

    def choose(self) -> None:
        if self.wishes:
            name, cadence = self.chance.choice(sorted(self.wishes)), self.chance.choice(list(Cadence))
            wish = Interest(categories=self.wishes[name])
            assert self.people.choose(name, Choices(wish, cadence), self.now)

    def replay(self) -> None:
        given_up = self.outbox.messages(state=DeliveryState.SHUNTED)
        if given_up:
            one = self.chance.choice(given_up)
            assert self.outbox.replay(one.id, self.now) is (one.about in self.wishes)

    def wait(self) -> None:
        self.now += self.chance.choice([HOUR / 10, 3 * HOUR, 20 * HOUR])
        self.held = {}

    def check(self) -> None:
        deliveries = self.outbox.deliveries()
        assert {(d.alert, d.subscription) for d in deliveries} == self.expected
        assert len(deliveries) == len(self.expected), "each is there once"
        states = {m.id: m for m in self.outbox.messages(limit=10_000)}
        for one in deliveries:
            if one.message is not None:
                assert states[one.message].state is one.state
                assert one.alert in states[one.message].alerts
                assert states[one.message].about == one.subscription
            assert one.subscription in self.wishes or one.state not in WAITING
        carried = Counter((m.about, a) for m in states.values() for a in m.alerts)
        assert all(times == 1 for times in carried.values()), "no alert is in two messages of one reader"
        assert set(carried) == {(d.subscription, d.alert) for d in deliveries if d.message}
        for name, times in self.sent.items():
            assert times <= 1
            assert not times or states[name].state is DeliveryState.ACCEPTED
        runs = Counter((m.about, m.run) for m in states.values() if m.run)
        assert all(times == 1 for times in runs.values())

    def drain(self) -> None:
        self.held = {}
        for _ in range(24):
            self.now += 12 * HOUR
            for way in (Way.MAIL, Way.WEBHOOK):
                while self.outbox.compose(self.now, way, 5):
                    pass
                for one in self.outbox.claim_messages(way, "last", self.now, self.now + LEASE, 500):
                    self.sent[one.message.id] += 1
                    done = Settlement(DeliveryState.ACCEPTED, self.now, 1, 0, 0, "")
                    self.outbox.settle(one.message.id, done, self.now)


@pytest.mark.parametrize("seed", range(4))
def test_no_promise_is_lost_or_kept_twice_whatever_happens(engine: Engine, seed: int) -> None:
    world = World(engine, Random(seed))
    steps: list[Callable[[], None]] = [
        *(world.arrive, world.arrive, world.publish, world.publish, world.compose, world.compose),
        *(world.claim, world.claim, world.send, world.send, world.send),
        *(world.crash, world.leave, world.choose, world.replay, world.wait),
    ]
    for _ in range(4):
        world.arrive()
    for _ in range(STEPS):
        world.chance.choice(steps)()
        world.check()

    world.drain()

    world.check()
    assert not {d.state for d in world.outbox.deliveries()} & WAITING
    assert sum(world.sent.values()) > 10
