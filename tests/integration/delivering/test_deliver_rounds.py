"""What a worker does with what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Event, Thread
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.plans import NOW
from tests.fakes.telling import PlainRenderer, PlayedSender, World
from watcher.core.outbox import Attempt, Claimed, DeliveryState, Fate
from watcher.core.subscriptions import Cadence, EndReason, Way

ACCEPTED, DEFERRED, SHUNTED = DeliveryState.ACCEPTED, DeliveryState.DEFERRED, DeliveryState.SHUNTED


def test_an_alert_reaches_each_subscriber_once(world: World) -> None:
    world.subscribe(1200)
    world.publish("a")
    worker = world.deliverer()

    done = worker.tick(Way.MAIL)
    again = worker.tick(Way.MAIL)

    assert (done.fates[Fate.ACCEPTED], again.fates.total()) == (1200, 0)
    assert set(world.sender.accepted.values()) == {1}
    assert world.counted() == {ACCEPTED: 1200}


def test_what_all_get_is_rendered_once(world: World) -> None:
    world.subscribe(700)
    world.publish("a")

    world.tick()

    assert world.render.rendered == 2  # one for each batch
    assert len(set(world.sender.bodies)) == 1


def test_nothing_is_connected_while_nothing_is_due(world: World) -> None:
    world.subscribe(3)
    worker = world.deliverer()
    for _ in range(10):
        worker.tick(Way.MAIL)
        world.pass_time(minutes=1)

    assert world.sender.opened == 0


def test_a_refusal_is_tried_again_later_and_says_the_same_then(world: World) -> None:
    world.subscribe(1)
    world.publish("a")
    world.sender.answer = lambda _: Attempt(Fate.RETRY, "RCPT 451 4.7.1")
    worker = world.deliverer()
    worker.tick(Way.MAIL)
    worker.tick(Way.MAIL)
    assert len(world.sender.sent) == 1

    world.sender.answer = lambda _: Fate.ACCEPTED
    world.pass_time(minutes=2)
    worker.tick(Way.MAIL)

    first, second = world.sender.sent
    assert first.message.id == second.message.id
    assert world.sender.bodies[0] == world.sender.bodies[1]
    assert world.counted() == {ACCEPTED: 1}


def test_a_message_without_an_answer_is_sent_at_most_twice_under_one_id(world: World) -> None:
    """Its alerts come once more, the next morning, under another id; that is all."""
    world.subscribe(1)
    world.publish("a")
    world.sender.answer = lambda _: Fate.AMBIGUOUS
    worker = world.deliverer()
    sent_at: list[datetime] = []
    for _ in range(12 * 24 * 4):
        worker.tick(Way.MAIL)
        sent_at += [world.now] * (len(world.sender.sent) - len(sent_at))
        world.pass_time(minutes=5)

    ids = [claimed.message.id for claimed in world.sender.sent]
    assert ids == [ids[0]] * 2 + [ids[2]] * 2
    assert len(set(ids)) == 2
    assert len({claimed.message.alerts for claimed in world.sender.sent}) == 1
    morning = sent_at[2].astimezone(ZoneInfo("Europe/Paris"))
    assert (morning.hour, morning.date() - NOW.date()) == (7, timedelta(days=1))
    assert world.counted() == {SHUNTED: 2}


@pytest.mark.parametrize("cadence", [Cadence.DAILY, Cadence.WEEKLY])
def test_what_a_digest_told_in_doubt_is_told_by_the_next_one(world: World, cadence: Cadence) -> None:
    world.subscribe(1, cadence=cadence)
    world.publish("a")
    world.sender.answer = lambda claimed: (
        Fate.AMBIGUOUS if claimed.message.alerts == (told_first,) else Fate.ACCEPTED
    )
    told_first = world.outbox.deliveries()[0].alert
    worker = world.deliverer()
    for _ in range(24 * 17):
        worker.tick(Way.MAIL)
        world.pass_time(hours=1)
        if len(world.sender.sent) == 2 and len(world.outbox.deliveries()) == 1:
            world.publish("b")

    first, again, last = world.sender.sent
    assert (first.message.id, first.message.run) == (again.message.id, again.message.run)
    assert last.message.run != first.message.run
    assert last.message.alerts == (told_first, "change-15-actualites-b")
    assert world.counted() == {SHUNTED: 1, ACCEPTED: 1}


def test_what_waits_for_its_second_telling_is_dropped_when_its_reader_leaves(world: World) -> None:
    world.subscribe(1)
    world.publish("a")
    world.sender.answer = lambda _: Fate.AMBIGUOUS
    worker = world.deliverer()
    for _ in range(6):
        worker.tick(Way.MAIL)
        world.pass_time(minutes=15)
    assert world.counted() == {SHUNTED: 1, DeliveryState.QUEUED: 1}

    world.people.end("s00000", EndReason.ONE_CLICK, world.now)
    world.pass_time(days=2)
    worker.tick(Way.MAIL)

    assert len(world.sender.sent) == 2
    assert DeliveryState.QUEUED not in world.counted()


@pytest.mark.parametrize("place", [0, 1, 50, 98, 99])
def test_one_message_of_a_hundred_that_we_fail_on_costs_no_other_its_turn(world: World, place: int) -> None:
    world.subscribe(100)
    world.publish("a")
    victim = f"s{place:05}"

    def answer(claimed: Claimed) -> Fate:
        if claimed.message.about == victim:
            raise ValueError("surrogates not allowed: victime@exemple.org")
        return Fate.ACCEPTED

    world.sender.answer = answer
    worker = world.deliverer()
    for _ in range(4):
        worker.tick(Way.MAIL)
        world.pass_time(hours=1)

    assert world.counted() == {ACCEPTED: 99, SHUNTED: 1}
    assert set(world.sender.accepted.values()) == {1}
    assert "exemple.org" not in repr(world.logged)
    assert world.logged[0]["detail"].startswith("ValueError test_deliver_rounds.py:")


def test_an_alert_that_cannot_be_rendered_stops_no_other(world: World) -> None:
    world.render = PlainRenderer(frozenset({"change-15-actualites-bad"}))
    world.subscribe(5)
    world.publish("bad")
    worker = world.deliverer()
    worker.tick(Way.MAIL)
    world.publish("good")
    for _ in range(4):
        worker.tick(Way.MAIL)
        world.pass_time(hours=1)

    assert world.counted() == {ACCEPTED: 5, SHUNTED: 5}
    assert "exemple.org" not in repr(world.logged)


def test_a_mailbox_that_does_not_exist_on_three_days_ends_its_subscription(world: World) -> None:
    world.subscribe(1)
    world.sender.answer = lambda _: Attempt(Fate.BOUNCED, "RCPT 550 5.1.1")
    worker = world.deliverer()
    for day in range(3):
        assert world.people.subscriptions(), f"ended on day {day}"
        for number in range(2):
            world.publish(f"a{day}{number}")
            worker.tick(Way.MAIL)
        world.pass_time(days=1)

    (ended,) = world.people.subscriptions(ended=True)
    assert ended.ended_reason is EndReason.BOUNCED
    assert ended.recipient.erased


def test_a_program_that_says_never_again_is_told_nothing_more(world: World) -> None:
    world.subscribe(1, way=Way.WEBHOOK)
    world.publish("a")
    hook = PlayedSender(Way.WEBHOOK, answer=lambda _: Attempt(Fate.GONE, "HTTP 410"))
    worker = world.deliverer(sender=hook, concurrency=4)
    worker.tick(Way.WEBHOOK)
    world.publish("b")
    worker.tick(Way.WEBHOOK)

    (ended,) = world.people.subscriptions(ended=True)
    assert (len(hook.sent), ended.ended_reason) == (1, EndReason.GONE)


def test_a_program_that_takes_nothing_for_days_is_given_up_in_the_end(world: World) -> None:
    world.subscribe(1, way=Way.WEBHOOK)
    world.publish("a")
    hook = PlayedSender(Way.WEBHOOK, answer=lambda _: Attempt(Fate.RETRY, "HTTP 503"))
    worker = world.deliverer(sender=hook, concurrency=4)
    for _ in range(6 * 24):
        worker.tick(Way.WEBHOOK)
        world.pass_time(hours=1)

    (ended,) = world.people.subscriptions(ended=True)
    assert ended.ended_reason is EndReason.FAILING
    assert 20 < len(hook.sent) < 60


def test_a_program_that_fails_on_one_alert_alone_keeps_getting_the_others(world: World) -> None:
    world.subscribe(1, way=Way.WEBHOOK)
    world.publish("bad")
    took: list[str] = []

    def answer(claimed: Claimed) -> Fate:
        if claimed.message.alerts[0].endswith("bad"):
            return Fate.RETRY
        took.append(claimed.message.alerts[0])
        return Fate.ACCEPTED

    worker = world.deliverer(sender=PlayedSender(Way.WEBHOOK, answer=answer), concurrency=4)
    for day in range(7):
        world.publish(f"a{day}")
        for _ in range(24):
            worker.tick(Way.WEBHOOK)
            world.pass_time(hours=1)

    assert len(took) == 7
    assert world.people.subscriptions()


def test_a_slow_program_delays_no_other(world: World) -> None:
    world.subscribe(9, way=Way.WEBHOOK)
    world.publish("a")
    released, others = Event(), Barrier(2)
    left = {f"s{n:05}" for n in range(1, 9)}

    def answer(claimed: Claimed) -> Fate:
        if claimed.message.about == "s00000":
            assert released.wait(10)
            return Fate.ACCEPTED
        left.discard(claimed.message.about)
        if not left:
            others.wait(10)
        return Fate.ACCEPTED

    worker = world.deliverer(sender=PlayedSender(Way.WEBHOOK, answer=answer), concurrency=2)
    round_ = Thread(target=worker.tick, args=(Way.WEBHOOK,))
    round_.start()
    others.wait(10)
    released.set()
    round_.join(10)

    assert world.counted() == {ACCEPTED: 9}


def test_news_that_come_while_a_slow_program_is_waited_for_go_out_at_once(world: World) -> None:
    world.subscribe(2, way=Way.WEBHOOK)
    world.publish("a")
    released, second = Event(), Event()

    def answer(claimed: Claimed) -> Fate:
        if claimed.message.about == "s00000":
            assert released.wait(10)
        elif claimed.message.alerts[0].endswith("b"):
            second.set()
        return Fate.ACCEPTED

    hook = PlayedSender(Way.WEBHOOK, answer=answer)
    worker = world.deliverer(sender=hook, concurrency=2)
    round_ = Thread(target=worker.tick, args=(Way.WEBHOOK,))
    round_.start()
    world.publish("b")
    assert second.wait(10)
    released.set()
    round_.join(10)

    assert world.counted() == {ACCEPTED: 4}
    assert set(hook.accepted.values()) == {2}


def test_one_program_is_never_sent_two_things_at_once(world: World) -> None:
    world.subscribe(2, way=Way.WEBHOOK)
    world.publish(*(f"a{n}" for n in range(20)))
    inside: set[str] = set()

    def answer(claimed: Claimed) -> Fate:
        about = claimed.message.about
        assert about not in inside
        inside.add(about)
        Event().wait(0.001)
        inside.discard(about)
        return Fate.ACCEPTED

    worker = world.deliverer(sender=PlayedSender(Way.WEBHOOK, answer=answer), concurrency=8)
    worker.tick(Way.WEBHOOK)

    assert world.counted() == {ACCEPTED: 40}


def test_a_sender_that_stops_is_left_alone_and_said_to_be_down(world: World) -> None:
    world.subscribe(10)
    world.publish("a")
    world.sender.answer = lambda _: Attempt(Fate.STOPPED, "MAIL 550 5.7.1")
    worker = world.deliverer()

    done = worker.tick(Way.MAIL)
    worker.tick(Way.MAIL)

    (problem,) = world.store.problems()
    assert (done.down, problem.subject) == ("MAIL 550 5.7.1", "sender:mail")
    assert len(world.sender.sent) == 1
    assert worker.braked_until(Way.MAIL) == world.now + timedelta(minutes=5)
    assert world.counted() == {DEFERRED: 1, DeliveryState.QUEUED: 9}
    assert len(world.people.subscriptions()) == 10


def test_a_sender_that_works_again_closes_its_problem(world: World) -> None:
    world.subscribe(10)
    world.publish("a")
    world.sender.up = False
    worker = world.deliverer()
    worker.tick(Way.MAIL)
    assert world.store.problems()

    world.sender.up = True
    world.pass_time(minutes=6)
    worker.tick(Way.MAIL)

    assert not world.store.problems()
    assert worker.braked_until(Way.MAIL) is None
    assert world.counted() == {ACCEPTED: 10}


def test_a_problem_of_a_process_that_ended_closes_with_the_next_success(world: World) -> None:
    world.subscribe(1)
    world.publish("a")
    world.sender.up = False
    world.tick()
    world.sender.up = True
    world.tick()

    assert not world.store.problems()


def test_one_mail_that_always_stops_the_server_does_not_hold_up_the_others(world: World) -> None:
    world.subscribe(20)
    world.publish("a")
    world.sender.answer = lambda c: Fate.STOPPED if c.message.about == "s00000" else Fate.ACCEPTED
    worker = world.deliverer()
    for _ in range(5):
        worker.tick(Way.MAIL)
        world.pass_time(minutes=11)

    assert world.counted()[ACCEPTED] == 19


def test_asked_to_stop_a_worker_finishes_one_message_and_gives_back_the_rest(world: World) -> None:
    world.subscribe(10)
    world.publish("a")

    def answer(_: Claimed) -> Fate:
        world.clock.stop.set()
        return Fate.ACCEPTED

    world.sender.answer = answer
    world.tick()

    assert len(world.sender.sent) == 1
    assert world.counted() == {ACCEPTED: 1, DeliveryState.QUEUED: 9}
