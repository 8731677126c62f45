"""From a registration to the alerts, over a real database, the real worker and real connections."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from standardwebhooks import Webhook

from notifiers.render.webhook import WebhookRenderer
from notifiers.webhook import WebhookSender
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.clocks import LeapingClock
from tests.fakes.outgoing import PATIENT
from tests.fakes.receiver import Got, Receiver, always, receiving, willing
from tests.fakes.telling import World
from tests.integration.fetching.scripted import Script, answer
from watcher.clock import SystemClock
from watcher.core.outbox import DeliveryState
from watcher.core.subscriptions import Choices, EndReason, Subscription, Way
from watcher.deliver import Deliverer
from watcher.digest import Runs
from watcher.post import HttpPoster, Limits
from watcher.sending import Office, WayOut
from watcher.subscribe import judge
from watcher.vault import KeyVault, open_vault
from watcher.webhooks import Registered, Webhooks

DOWN = answer(b"", status="503 Down")


@dataclass
class Watch:
    """A watch with web-hooks; its clock leaps."""

    world: World
    vault: KeyVault
    hooks: Webhooks
    worker: Deliverer

    def register(self, receiver: Receiver, path: str = "/hook") -> Registered:
        registered = self.hooks.register(self.hooks.address(receiver.url(path)), Choices(), "webhook-1")
        self.tick()
        return registered

    def tick(self, **span: float) -> None:
        """Let so much time pass, then send what is due."""
        self.world.pass_time(**span)
        self.worker.tick(Way.WEBHOOK)

    def subscription(self) -> Subscription:
        (only,) = self.world.people.subscriptions(ended=True)
        return only


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'vigie.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def limits() -> Limits:
    return PATIENT


@pytest.fixture
def watch(engine: Engine, tmp_path: Path, make: Callable[..., HttpPoster], limits: Limits) -> Watch:
    # The reference library goes by the real time.
    world = World(engine, clock=LeapingClock(time=SystemClock().now()))
    vault = open_vault(tmp_path / "vigie.key")
    hooks = Webhooks(world.people, vault, world.clock, allow_private=True)
    sender = WebhookSender(make(limits=limits), vault, world.clock, hooks.confirm)
    office = Office(
        outbox=world.outbox,
        subscriptions=world.people,
        note_problems=world.store.note_problems,
        runs=Runs(world.outbox, world.store, None, world.clock),  # type: ignore[arg-type]  # no digests here
        clock=world.clock,
        chance=lambda: 0.5,
        owner="host/1/1",
        tell=lambda word, **values: world.logged.append({"event": word, **values}),
    )
    ways = {Way.WEBHOOK: WayOut(sender, WebhookRenderer(VOCABULARY, BASE), sender.concurrency)}
    return Watch(world, vault, hooks, Deliverer(office, ways, lambda now: judge(world.people, now)))


def alerts_of(receiver: Receiver) -> list[Got]:
    return [got for got in receiver.got if got.told["type"] != "endpoint.challenge"]


def told_of(got: list[Got]) -> list[str]:
    """The names under which the alerts were published."""
    return sorted(one.told["data"]["id"].rpartition("-")[2] for one in got)


def test_a_willing_receiver_gets_each_alert_once_and_numbered(watch: Watch, receiver: Receiver) -> None:
    registered = watch.register(receiver)
    watch.world.publish("a1", "a2")
    watch.tick()
    watch.world.publish("a3")
    watch.tick()
    watch.tick(days=1)

    got = alerts_of(receiver)
    secret = Webhook(registered.endpoint.secret)
    told = [secret.verify(one.body, one.headers) for one in got]
    assert sorted(one["sequence"] for one in told) == [1, 2, 3]
    assert told_of(got) == ["a1", "a2", "a3"]
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 4
    assert watch.world.logged == []


def test_an_unwilling_one_is_asked_three_times_and_gets_nothing(watch: Watch, receiver: Receiver) -> None:
    receiver.reply = always(answer(b"OK"))
    watch.register(receiver)
    watch.world.publish("a1")
    for _ in range(6):
        watch.tick(minutes=20)

    assert len(receiver.got) == 3
    assert alerts_of(receiver) == []
    assert watch.world.people.subscriptions(ended=True) == []


def test_gone_ends_it_and_erases_the_address(watch: Watch, receiver: Receiver) -> None:
    watch.register(receiver)
    receiver.reply = always(answer(b"", status="410 Gone"))
    watch.world.publish("a1", "a2", "a3")
    watch.tick()
    watch.tick(hours=1)

    assert len(alerts_of(receiver)) == 1
    ended = watch.subscription()
    assert (ended.ended_reason, ended.recipient.erased) == (EndReason.GONE, True)


def test_a_receiver_that_was_down_for_a_day_misses_nothing(watch: Watch, receiver: Receiver) -> None:
    watch.register(receiver)
    receiver.reply = always(DOWN)
    for hour in range(24):
        watch.world.publish(f"a{hour}")
        watch.tick(hours=1)
    tried = {got.headers["webhook-id"]: got.body for got in alerts_of(receiver)}
    receiver.got.clear()
    receiver.reply = willing
    for _ in range(8):
        watch.tick(hours=2)

    got = alerts_of(receiver)
    assert told_of(got) == sorted(f"a{hour}" for hour in range(24))
    assert sorted(one.told["sequence"] for one in got) == list(range(1, 25))
    taken = {one.headers["webhook-id"]: one.body for one in got}
    assert tried.items() <= taken.items()


def test_five_days_without_success_end_it(watch: Watch, receiver: Receiver) -> None:
    watch.register(receiver)
    receiver.reply = always(answer(b"", status="404 Not Found"))
    watch.world.publish("a1")
    for _ in range(4 * 5):
        watch.tick(hours=6)
        assert watch.subscription().active
    watch.tick(hours=7)

    assert watch.subscription().ended_reason is EndReason.FAILING
    assert watch.world.counted().get(DeliveryState.QUEUED, 0) == 0


@pytest.mark.parametrize("limits", [Limits(total=10.0)])
def test_the_slow_delay_nobody_else(watch: Watch) -> None:
    """The slow one answers when all messages to the other have come."""
    served = threading.Semaphore(0)

    def reply(got: Got) -> Script:
        if got.told["type"] == "endpoint.challenge":
            return willing(got)
        if got.path == "/quick":
            served.release()
            return answer(b"")
        in_time = all(served.acquire(timeout=5) for _ in range(3))
        served.release(3)
        return answer(b"") if in_time else DOWN

    with receiving(reply=reply) as receiver:
        for path in ("/slow", "/quick"):
            watch.register(receiver, path)
        watch.world.publish("a1", "a2", "a3")
        watch.tick()

    assert Counter(got.path for got in alerts_of(receiver)) == {"/slow": 3, "/quick": 3}
    assert watch.world.logged == []


def test_whoever_leaves_by_the_link_gets_nothing_more(watch: Watch, receiver: Receiver) -> None:
    registered = watch.register(receiver)
    watch.world.publish("a1")
    watch.world.people.end(registered.leave.partition(".")[0], EndReason.UNSUBSCRIBED, watch.world.now)
    watch.tick()

    assert alerts_of(receiver) == []


def test_choices_are_those_of_the_registration(watch: Watch, receiver: Receiver) -> None:
    choices = Choices()
    none = replace(choices, interest=replace(choices.interest, prefectures=frozenset({"974"})))
    watch.hooks.register(receiver.url("/hook"), none, "webhook-1")
    watch.tick()
    watch.world.publish("a1")
    watch.tick(hours=1)

    assert [got.told["type"] for got in receiver.got] == ["endpoint.challenge"]
    assert watch.subscription().choices.interest.prefectures == frozenset({"974"})
