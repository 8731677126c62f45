"""Mail servers that are down, workers that die, people who leave: nothing is lost, nothing comes twice."""

from __future__ import annotations

import resource
from collections import Counter
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine

from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import Crash, PlayedSender, World
from watcher.core.outbox import Attempt, Claimed, DeliveryState, Fate
from watcher.core.subscriptions import EndReason, Way

ACCEPTED, QUEUED = DeliveryState.ACCEPTED, DeliveryState.QUEUED


def test_a_mail_server_that_is_down_for_a_day_costs_nobody_anything(world: World) -> None:
    """10,000 deliveries: 2,000 people, an alert every five hours; on its return each gets one mail with all."""
    world.subscribe(2000)
    world.sender.up = False
    worker = world.deliverer()
    for hour in range(24):
        if hour % 5 == 0:
            world.publish(f"a{hour}")
        for _ in range(12):
            worker.tick(Way.MAIL)
            world.pass_time(minutes=5)
    assert len(world.outbox.deliveries()) == 10_000
    assert world.sender.opened <= 30  # the brake holds
    assert len(world.store.problems()) == 1

    world.sender.up = True
    world.pass_time(hours=1)
    worker.tick(Way.MAIL)

    assert set(world.sender.accepted.values()) == {1}
    assert len(world.sender.accepted) == 2000
    assert {claimed.message.alerts for claimed in world.sender.sent} == {
        tuple(f"change-15-actualites-a{hour}" for hour in (0, 5, 10, 15, 20))
    }
    assert {d.state for d in world.outbox.deliveries()} == {ACCEPTED}
    assert not world.store.problems()


def test_memory_stays_flat_however_many_wait(world: World) -> None:
    world.subscribe(500)
    world.publish("a")
    worker = world.deliverer()
    worker.tick(Way.MAIL)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    world.sender.sent.clear()
    world.sender.answer = lambda _: Fate.ACCEPTED
    subscribe(world.engine, *(subscriber(f"t{n:05}") for n in range(2500)))
    world.publish("b")
    worker.tick(Way.MAIL)

    assert len(world.sender.sent) == 3000
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000
    )  # KiB, the 5,000 kept here too


@pytest.mark.parametrize("after", [False, True], ids=["before it is sent", "after it was sent"])
@pytest.mark.parametrize("place", [0, 1, 4, 9])
def test_a_worker_that_dies_loses_nothing_and_repeats_at_most_the_mail_in_its_hands(
    world: World, place: int, after: bool
) -> None:
    world.subscribe(10)
    world.publish("a")
    seen: list[str] = []

    def answer(claimed: Claimed) -> Fate:
        if len(seen) == place and not after:
            raise Crash
        seen.append(claimed.message.id)
        if len(seen) == place + 1 and after:
            raise Crash
        return Fate.ACCEPTED

    world.sender.answer = answer
    with pytest.raises(Crash):
        world.deliverer("host/1/1").tick(Way.MAIL)

    world.sender.answer = lambda _: Fate.ACCEPTED
    world.sender.sent.clear()
    survivor = world.deliverer("host/2/2")
    survivor.tick(Way.MAIL)
    assert not world.sender.sent  # what the dead hold is left alone until their lease ends
    world.pass_time(minutes=11)
    survivor.tick(Way.MAIL)

    copies = Counter([*seen, *(claimed.message.id for claimed in world.sender.sent)])
    assert len(copies) == 10
    assert copies.total() == 10 + after
    assert world.counted() == {ACCEPTED: 10}


def test_a_worker_that_dies_while_it_writes_down_sends_that_mail_again_under_its_id(world: World) -> None:
    world.subscribe(3)
    world.publish("a")
    settled = iter((False, True, False, False))

    def dies_at_the_second() -> None:
        if next(settled):
            raise Crash

    world.outbox.before_settling = dies_at_the_second
    with pytest.raises(Crash):
        world.deliverer("host/1/1").tick(Way.MAIL)
    world.pass_time(minutes=11)
    world.deliverer("host/2/2").tick(Way.MAIL)

    copies = Counter(claimed.message.id for claimed in world.sender.sent)
    assert sorted(copies.values()) == [1, 1, 2]
    assert world.counted() == {ACCEPTED: 3}


def test_what_was_sent_and_could_not_be_written_down_is_not_sent_again(world: World) -> None:
    world.subscribe(3)
    world.publish("a")

    def full() -> None:
        raise OSError("disk full")

    world.outbox.before_settling = full
    worker = world.deliverer()
    for _ in range(3):
        with pytest.raises(OSError, match="disk full"):
            worker.tick(Way.MAIL)
        world.pass_time(minutes=20)
    world.outbox.before_settling = lambda: None
    worker.tick(Way.MAIL)

    assert sorted(world.sender.accepted.values()) == [1, 1, 1]
    assert world.counted() == {ACCEPTED: 3}


def test_two_workers_on_one_database_send_nothing_twice(world: World, engine: Engine) -> None:
    world.subscribe(600)
    world.publish("a")
    senders = [PlayedSender(), PlayedSender()]
    workers = [
        Thread(target=world.deliverer(f"host/{n}/1", sender=sender).tick, args=(Way.MAIL,))
        for n, sender in enumerate(senders)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    together = senders[0].accepted + senders[1].accepted
    assert (len(together), set(together.values())) == (600, {1})
    assert world.counted() == {ACCEPTED: 600}


def test_whoever_unsubscribes_gets_nothing_beyond_the_mail_that_is_under_way(world: World) -> None:
    """1,000 people, half of whom leave while the worker sends: each after another mail went out."""
    world.subscribe(1000)
    world.publish("a")
    left: set[str] = set()
    late: list[str] = []

    def answer(claimed: Claimed) -> Fate:
        about = claimed.message.about
        if about in left:
            late.append(about)
        number = int(about[1:])
        for leaver in (number + 1, 999 - number):
            name = f"s{leaver:05}"
            leaves = leaver % 2 and leaver != number and name not in left
            if leaves and world.people.end(name, EndReason.ONE_CLICK, world.now):
                left.add(name)
        return Fate.ACCEPTED

    world.sender.answer = answer
    world.tick()

    assert len(left) == 500
    assert not late
    assert world.sender.accepted.total() >= 500
    assert all(d.state in {ACCEPTED, DeliveryState.EXPIRED} for d in world.outbox.deliveries())


def test_a_way_that_is_down_forgets_nothing_when_the_process_is_replaced_each_time(world: World) -> None:
    world.subscribe(20)
    world.publish("a")
    world.sender.answer = lambda _: Attempt(Fate.STOPPED, "AUTH 535")
    for attempt in range(20):
        world.deliverer(f"host/{attempt}/1").tick(Way.MAIL)
        world.pass_time(minutes=30)
    world.sender.answer = lambda _: Fate.ACCEPTED
    world.sender.sent.clear()
    for _ in range(8):
        world.deliverer("host/99/1").tick(Way.MAIL)
        world.pass_time(hours=1)

    assert (len(world.sender.accepted), set(world.sender.accepted.values())) == (20, {1})


def test_a_clock_that_is_set_back_and_forth_doubles_nothing(world: World) -> None:
    world.subscribe(50)
    world.publish("a")
    worker = world.deliverer()
    for shift in (timedelta(hours=-1), timedelta(days=1), timedelta(days=-2), timedelta(days=400)):
        worker.tick(Way.MAIL)
        world.clock.time += shift
    worker.tick(Way.MAIL)

    assert set(world.sender.accepted.values()) == {1}
    assert world.counted() == {ACCEPTED: 50}


def test_a_mail_server_that_takes_its_time_gets_no_mail_from_two_workers(world: World) -> None:
    """Every answer comes at the last moment; another worker would take over what the first has lost the lease of."""
    world.subscribe(8)
    world.publish("a")
    quick = PlayedSender()
    other = world.deliverer("host/2/2", sender=quick)

    def slowly(_: Claimed) -> Fate:
        for _answer in range(
            23
        ):  # connecting with encryption and login, the envelope, two minutes for the dot
            world.pass_time(seconds=10)
            other.tick(Way.MAIL)
        return Fate.ACCEPTED

    world.sender.answer = slowly
    world.tick()

    copies = Counter(claimed.message.id for claimed in [*world.sender.sent, *quick.sent])
    assert sorted(copies.values()) == [1] * 8
    assert world.counted() == {ACCEPTED: 8}


def test_what_the_dead_held_is_found_by_a_survivor_that_has_nothing_else_to_do(world: World) -> None:
    """It looks in every five seconds, as the daemon does."""
    survivor = world.deliverer("elsewhere/2/2")
    world.subscribe(3)
    world.publish("a")

    def die(_: Claimed) -> Fate:
        raise Crash

    world.sender.answer = die
    with pytest.raises(Crash):
        world.deliverer("here/1/1").tick(Way.MAIL)
    world.sender.answer = lambda _: Fate.ACCEPTED
    for _ in range(12 * 12):
        survivor.tick(Way.MAIL)
        world.pass_time(seconds=5)

    assert world.counted() == {ACCEPTED: 3}
