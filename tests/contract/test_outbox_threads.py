"""Polls, workers and people who leave, all at once on one database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import NOW, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import DeliveryState, Settlement
from watcher.core.subscriptions import EndReason, Way

PEOPLE, POLLS = 60, 25
LEASE = timedelta(minutes=10)


def test_nobody_is_written_to_after_they_left_and_nobody_waits_for_each_other_for_ever(
    store: SqlStore, outbox: SqlOutbox, subscribers: SqlSubscriptions
) -> None:
    names = [f"s{n:02}" for n in range(PEOPLE)]
    subscribe(store, *map(subscriber, names))
    store.register([source()], NOW)
    store.save(first_reading())
    left: set[str] = set()
    late: list[str] = []

    def poll() -> None:
        for number in range(1, POLLS + 1):
            assert store.save(news(f"n{number}", baseline=number))

    def leave() -> None:
        for name in names[: PEOPLE // 2]:
            assert subscribers.end(name, EndReason.ONE_CLICK, NOW)
            left.add(name)

    def work(owner: str) -> None:
        for _ in range(POLLS):
            late.extend(_send(outbox, owner, left))

    with ThreadPoolExecutor(4) as pool:
        for task in [
            pool.submit(poll),
            pool.submit(leave),
            pool.submit(work, "one"),
            pool.submit(work, "two"),
        ]:
            task.result(60)
    while outbox.compose(NOW, Way.MAIL, 50):
        pass

    assert late == []
    waiting = {d.subscription for d in outbox.deliveries() if d.state is DeliveryState.QUEUED}
    assert waiting.isdisjoint(left)
    carried = [(m.about, alert) for m in outbox.messages(limit=10_000) for alert in m.alerts]
    assert len(carried) == len(set(carried)) == len(outbox.deliveries())


def _send(outbox: SqlOutbox, owner: str, left: set[str]) -> list[str]:
    """One round of a worker; whom it wrote to although they had left."""
    late: list[str] = []
    outbox.compose(NOW, Way.MAIL, 50)
    for one in outbox.claim_messages(Way.MAIL, owner, NOW, NOW + LEASE, 20):
        gone = one.subscription.id in left
        if outbox.wanted(one.message.id):
            late += [one.subscription.id] * gone
            done = Settlement(DeliveryState.ACCEPTED, NOW, 1, 0, 0, "250")
            outbox.settle(one.message.id, done, NOW)
    return late
