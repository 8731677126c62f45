"""From a message that is due to what became of it: claimed by one worker, sent, settled."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from storage.engine import reading
from storage.errors import StorageError
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import HOUR, NOW, alert, first_reading, news, source
from tests.fakes.subscribers import deliveries, subscribe, subscriber
from watcher.core.outbox import Claimed, DeliveryState, DigestRun, MessageKind, Settlement
from watcher.core.ports_outgoing import OutboxStore, SubscriptionStore
from watcher.core.subscriptions import EndReason, Way

LEASE = timedelta(minutes=10)
ACCEPTED = Settlement(DeliveryState.ACCEPTED, NOW, 1, 0, 0, "250")
DEFERRED = Settlement(DeliveryState.DEFERRED, NOW + HOUR, 1, 0, 0, "RCPT 451 4.7.1")
AMBIGUOUS = Settlement(DeliveryState.AMBIGUOUS, NOW + HOUR, 1, 1, 0, "timeout")
SHUNTED = Settlement(DeliveryState.SHUNTED, NOW, 1, 0, 3, "554")


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    store.register([source()], NOW)
    store.save(first_reading())
    return store


@pytest.fixture
def three(ready: SqlStore, outbox: SqlOutbox) -> list[str]:
    """The subscriptions to which one alert is to be mailed now."""
    names = ["a", "b", "c"]
    subscribe(ready, *map(subscriber, names))
    ready.save(news("x"))
    assert outbox.compose(NOW, Way.MAIL, 500) == 3
    return names


def claim(
    outbox: OutboxStore, owner: str = "me", *, at: datetime = NOW, limit: int = 500, way: Way = Way.MAIL
) -> list[Claimed]:
    return list(outbox.claim_messages(way, owner, at, at + LEASE, limit))


def ids(claimed: list[Claimed]) -> list[str]:
    return [one.message.id for one in claimed]


def test_the_stores_are_what_use_cases_ask_for(outbox: SqlOutbox, subscribers: SqlSubscriptions) -> None:
    asked: tuple[OutboxStore, SubscriptionStore] = (outbox, subscribers)

    assert asked[0].counted() == {}
    assert asked[1].subscriptions() == []


def test_a_claimed_message_tells_whom_it_goes_to(three: list[str], outbox: SqlOutbox) -> None:
    claimed = claim(outbox)

    assert sorted(one.subscription.id for one in claimed) == three
    assert [one.subscription for one in claimed] == [subscriber(one.message.about) for one in claimed]
    assert {one.message.state for one in claimed} == {DeliveryState.CLAIMED}
    assert claim(outbox, "you") == []


def test_the_first_due_is_claimed_first(ready: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(ready, subscriber("w", way=Way.WEBHOOK))
    times = {"late": NOW, "first": NOW - 3 * HOUR, "middle": NOW - HOUR}
    ready.save(news("x", alerts=tuple(alert(name, detected_at=at) for name, at in times.items())))
    outbox.compose(NOW, Way.WEBHOOK, 500)

    assert [one.message.alerts for one in claim(outbox, way=Way.WEBHOOK, limit=2)] == [
        (alert("first").id,),
        (alert("middle").id,),
    ]


def test_what_is_not_due_yet_and_what_goes_another_way_is_left(three: list[str], outbox: SqlOutbox) -> None:
    assert claim(outbox, at=NOW - HOUR) == []
    assert claim(outbox, way=Way.WEBHOOK) == []


def test_two_workers_that_race_for_10000_messages_double_none(ready: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(ready, *(subscriber(f"w{n}", way=Way.WEBHOOK) for n in range(100)))
    ready.save(news("x", alerts=tuple(alert(f"n{n}") for n in range(100))))
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: outbox.compose(NOW, Way.WEBHOOK, 10_000), range(2)))
        assert sum(made) == 10_000
        taken = list(pool.map(lambda owner: _claim_all(outbox, owner), ["one", "two"]))

    assert max(Counter(taken[0] + taken[1]).values()) == 1
    assert len(taken[0]) + len(taken[1]) == 10_000
    assert outbox.counted() == {(Way.WEBHOOK, DeliveryState.CLAIMED): 10_000}


def _claim_all(outbox: SqlOutbox, owner: str) -> list[str]:
    taken: list[str] = []
    while batch := claim(outbox, owner, way=Way.WEBHOOK):
        taken += ids(batch)
    return taken


def test_what_was_accepted_is_never_claimed_again(three: list[str], outbox: SqlOutbox) -> None:
    for one in claim(outbox):
        outbox.settle(one.message.id, ACCEPTED, NOW)

    for days in range(400):
        assert claim(outbox, at=NOW + timedelta(days=days)) == []
    assert {d.state for d in outbox.deliveries()} == {DeliveryState.ACCEPTED}
    assert outbox.counted() == {(Way.MAIL, DeliveryState.ACCEPTED): 3}


def test_what_was_deferred_comes_again_when_it_is_due(three: list[str], outbox: SqlOutbox) -> None:
    first, *_ = claim(outbox, limit=1)
    outbox.settle(first.message.id, DEFERRED, NOW)

    assert first.message.id not in ids(claim(outbox))
    (again,) = claim(outbox, at=NOW + HOUR, limit=1, owner="you")
    assert again.message.attempts in {0, 1}
    assert first.message.id in ids([again, *claim(outbox, at=NOW + HOUR)])


def test_an_attempt_is_written_down_whole(three: list[str], outbox: SqlOutbox) -> None:
    (one,) = claim(outbox, limit=1)
    outbox.settle(one.message.id, Settlement(DeliveryState.DEFERRED, NOW + HOUR, 4, 0, 2, "x\0\ud800"), NOW)

    (kept,) = outbox.messages(state=DeliveryState.DEFERRED)

    assert kept == replace(
        one.message, state=DeliveryState.DEFERRED, due_at=NOW + HOUR, attempts=4, poisoned=2
    )


def test_a_lease_that_ran_out_lets_another_worker_try_under_the_same_id(
    three: list[str], outbox: SqlOutbox
) -> None:
    mine = claim(outbox)

    assert claim(outbox, "you", at=NOW + LEASE - timedelta(seconds=1)) == []
    assert sorted(ids(claim(outbox, "you", at=NOW + LEASE))) == sorted(ids(mine))


def test_a_worker_that_lost_its_lease_is_told_to_stop(three: list[str], outbox: SqlOutbox) -> None:
    """Whoever is too slow must not send what another worker has taken."""
    first, second, _ = ids(claim(outbox))
    later = NOW + LEASE

    assert not outbox.settle(first, ACCEPTED, later, then=second), "its lease is over"
    claim(outbox, "you", at=later)
    assert not outbox.settle(first, ACCEPTED, later, then=second), "it is another's"


def test_a_late_word_does_not_undo_what_is_known(three: list[str], outbox: SqlOutbox) -> None:
    (one,) = ids(claim(outbox, limit=1))
    claim(outbox, "you", at=NOW + LEASE, limit=1)
    outbox.settle(one, ACCEPTED, NOW + LEASE)

    outbox.settle(one, DEFERRED, NOW + LEASE)

    assert outbox.counted()[Way.MAIL, DeliveryState.ACCEPTED] == 1


def test_what_is_written_after_a_settlement_is_durable_again(
    three: list[str], outbox: SqlOutbox, engine: Engine
) -> None:
    """A power cut may cost the settlement, which is done again; nothing else."""
    (one,) = ids(claim(outbox, limit=1))
    outbox.settle(one, ACCEPTED, NOW)

    asked = "PRAGMA synchronous" if engine.dialect.name == "sqlite" else "SHOW synchronous_commit"
    with reading(engine) as connection:
        assert connection.exec_driver_sql(asked).scalar() in {2, "on"}


def test_a_settlement_that_cannot_be_written_holds_up_nobody(three: list[str], outbox: SqlOutbox) -> None:
    first, second, _ = ids(claim(outbox))
    outbox.settle(first, DEFERRED, NOW)

    with pytest.raises((OverflowError, StorageError)):
        outbox.settle(second, replace(ACCEPTED, attempts=2**70), NOW)

    outbox.settle(second, ACCEPTED, NOW)
    assert outbox.counted()[Way.MAIL, DeliveryState.ACCEPTED] == 1


def test_settling_says_whether_the_next_is_still_wanted(
    three: list[str], outbox: SqlOutbox, subscribers: SqlSubscriptions
) -> None:
    first, second, third = claim(outbox)
    assert outbox.wanted(first.message.id)

    assert outbox.settle(first.message.id, ACCEPTED, NOW, then=second.message.id)
    subscribers.end(third.subscription.id, EndReason.ONE_CLICK, NOW)

    assert not outbox.settle(second.message.id, DEFERRED, NOW, then=third.message.id)
    assert not outbox.wanted(third.message.id)
    assert not outbox.wanted("nothing")


def test_one_that_was_cancelled_under_way_says_nothing_against_the_next(
    three: list[str], outbox: SqlOutbox, subscribers: SqlSubscriptions
) -> None:
    """It had left: the truth is written down, and the others go on."""
    first, second, _ = claim(outbox)
    subscribers.end(first.subscription.id, EndReason.ONE_CLICK, NOW)

    assert outbox.settle(first.message.id, ACCEPTED, NOW, then=second.message.id)
    assert outbox.counted()[Way.MAIL, DeliveryState.ACCEPTED] == 1


def test_one_that_was_cancelled_under_way_is_not_tried_again(
    three: list[str], outbox: SqlOutbox, subscribers: SqlSubscriptions
) -> None:
    first, *_ = claim(outbox)
    subscribers.end(first.subscription.id, EndReason.ONE_CLICK, NOW)
    outbox.settle(first.message.id, DEFERRED, NOW)

    assert first.message.id not in ids(claim(outbox, at=NOW + 2 * HOUR))
    (kept,) = outbox.messages(state=DeliveryState.EXPIRED)
    assert kept.id == first.message.id


def test_whoever_unsubscribed_before_the_claim_gets_nothing(
    three: list[str], outbox: SqlOutbox, subscribers: SqlSubscriptions
) -> None:
    subscribers.end("b", EndReason.UNSUBSCRIBED, NOW)

    assert sorted(one.subscription.id for one in claim(outbox)) == ["a", "c"]


def test_what_is_given_back_stays_as_it_was(three: list[str], outbox: SqlOutbox) -> None:
    first, second, third = ids(claim(outbox))
    outbox.settle(first, AMBIGUOUS, NOW)
    outbox.settle(second, ACCEPTED, NOW)
    before = {m.id: m for m in outbox.messages()}
    assert first in ids(claim(outbox, at=NOW + HOUR))
    assert outbox.lease_owners() == {"me"}

    outbox.release_messages("you")
    assert outbox.lease_owners() == {"me"}
    outbox.release_messages("me")

    assert {m.id: m for m in outbox.messages() if m.id != third} == {
        first: before[first],
        second: before[second],
    }
    assert outbox.lease_owners() == set()
    assert sorted(ids(claim(outbox, "you", at=NOW + HOUR))) == sorted([first, third])


def test_a_lease_of_a_clock_that_was_far_ahead_is_nobodys(three: list[str], outbox: SqlOutbox) -> None:
    ahead = NOW + timedelta(days=3650)
    claim(outbox, at=ahead)

    assert len(claim(outbox, "you")) == 3


def test_what_is_frozen_is_kept_and_read_again(three: list[str], outbox: SqlOutbox) -> None:
    first, second, third = ids(claim(outbox))

    outbox.keep_content("c", b"\0Bonjour" * 1000, [first, second])
    outbox.keep_content("c", b"something else", [])

    assert outbox.content("c") == b"\0Bonjour" * 1000
    assert outbox.content("d") is None
    assert {m.id: m.content for m in outbox.messages()} == {first: "c", second: "c", third: None}


def test_a_run_stays_as_it_was_first_written(outbox: SqlOutbox) -> None:
    coverage = (("fr", "99 préfectures sur 101"), ("en", "99 of 101"))
    run = DigestRun("daily:Europe/Paris:2026-09-10", NOW - HOUR, NOW, coverage)

    assert outbox.digest_run(run) == run
    assert outbox.digest_run(replace(run, coverage=())) == run


def test_alerts_are_found_by_their_ids(three: list[str], outbox: SqlOutbox) -> None:
    assert outbox.told([alert("x").id, "nothing"]) == {alert("x").id: alert("x")}
    assert outbox.told([]) == {}


def test_all_that_waits_is_counted_before_it_has_a_message_too(ready: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(ready, subscriber("m"), subscriber("w", way=Way.WEBHOOK))
    ready.save(news("x", alerts=(alert("a"), alert("b"))))

    assert outbox.counted() == {
        (Way.MAIL, DeliveryState.QUEUED): 2,
        (Way.WEBHOOK, DeliveryState.QUEUED): 2,
    }
    outbox.compose(NOW, Way.MAIL, 500)
    assert outbox.counted()[Way.MAIL, DeliveryState.QUEUED] == 1


def test_the_oldest_that_waits_tells_how_far_behind_a_way_is(ready: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(ready, subscriber())
    assert outbox.oldest_due(Way.MAIL) is None
    ready.save(news("x", alerts=(alert("a", detected_at=NOW - HOUR), alert("b"))))
    assert outbox.oldest_due(Way.MAIL) == NOW - HOUR

    outbox.compose(NOW, Way.MAIL, 500)

    assert outbox.oldest_due(Way.MAIL) == NOW - HOUR
    assert outbox.oldest_due(Way.CHAT) is None
    outbox.settle(ids(claim(outbox))[0], ACCEPTED, NOW)
    assert outbox.oldest_due(Way.MAIL) is None


@pytest.mark.parametrize("end", [SHUNTED, replace(SHUNTED, state=DeliveryState.EXPIRED)])
def test_what_was_given_up_can_be_sent_again_under_its_id(
    three: list[str], outbox: SqlOutbox, end: Settlement
) -> None:
    first, second, third = ids(claim(outbox))
    outbox.keep_content("c", b"x", [first])
    outbox.settle(first, end, NOW)
    outbox.settle(second, ACCEPTED, NOW)
    later = NOW + timedelta(days=6)

    assert outbox.replay(first, later)
    assert not any(outbox.replay(other, later) for other in (second, third, "nothing"))

    outbox.settle(third, ACCEPTED, NOW)
    (again,) = claim(outbox, at=later)
    assert (again.message.id, again.message.content) == (first, "c")
    assert (again.message.attempts, again.message.poisoned) == (0, 0)
    assert again.message.created_at == later, "it has as long again before it is given up"


def test_nothing_is_sent_again_to_whoever_left(
    three: list[str], outbox: SqlOutbox, subscribers: SqlSubscriptions
) -> None:
    first, *_ = claim(outbox)
    outbox.settle(first.message.id, SHUNTED, NOW)
    subscribers.end(first.subscription.id, EndReason.BOUNCED, NOW)

    assert not outbox.replay(first.message.id, NOW)


def test_it_is_known_whether_somebody_took_anything_lately(ready: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(ready, subscriber("w", way=Way.WEBHOOK), subscriber("v", way=Way.WEBHOOK))
    ready.save(news("x"))
    outbox.compose(NOW, Way.WEBHOOK, 500)
    for one in claim(outbox, way=Way.WEBHOOK):
        outbox.settle(one.message.id, ACCEPTED if one.subscription.id == "w" else DEFERRED, NOW)

    assert outbox.took_since("w", NOW)
    assert not outbox.took_since("w", NOW + HOUR)
    assert not outbox.took_since("v", NOW)


def test_messages_are_listed_by_state_the_last_due_first(three: list[str], outbox: SqlOutbox) -> None:
    first, second, _ = ids(claim(outbox))
    outbox.settle(first, DEFERRED, NOW)
    outbox.settle(second, replace(DEFERRED, due_at=NOW + 2 * HOUR), NOW)

    assert [m.id for m in outbox.messages(state=DeliveryState.DEFERRED)] == [second, first]
    assert [m.id for m in outbox.messages(limit=1)] == [second]
    assert outbox.messages(state=DeliveryState.SHUNTED) == []


def test_the_state_of_a_delivery_is_that_of_its_message(
    ready: SqlStore, three: list[str], outbox: SqlOutbox
) -> None:
    first, second, third = claim(outbox)
    outbox.settle(first.message.id, ACCEPTED, NOW)
    outbox.settle(second.message.id, DEFERRED, NOW)

    assert {d.subscription: (d.state, d.message) for d in deliveries(ready)} == {
        first.subscription.id: (DeliveryState.ACCEPTED, first.message.id),
        second.subscription.id: (DeliveryState.DEFERRED, second.message.id),
        third.subscription.id: (DeliveryState.CLAIMED, third.message.id),
    }
    assert [d.subscription for d in outbox.deliveries(subscription="b")] == ["b"]
    assert {one.message.kind for one in (first, second, third)} == {MessageKind.ALERTS}
