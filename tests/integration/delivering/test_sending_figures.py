"""What is measured of sending."""

from __future__ import annotations

from storage.retention import TOLD_FOR
from tests.fakes.alerts import BASE, VOCABULARY, catalogue
from tests.fakes.telling import World
from watcher.core.outbox import DeliveryState, Fate
from watcher.core.subscriptions import Way
from watcher.web.metrics import measure
from watcher.web.site import Site


def observed(world: World) -> Site:
    return Site(
        world.store, catalogue(), VOCABULARY, BASE, world.clock, lambda: (), {}, {}, outbox=world.outbox
    )


def figures(site: Site) -> list[str]:
    return measure(site)[0].decode("utf-8").splitlines()


def test_messages_are_counted_by_way_and_state_with_the_age_of_the_oldest(world: World) -> None:
    site = observed(world)
    world.subscribe(3)
    world.publish("a")
    world.pass_time(minutes=2)
    waiting = figures(site)
    world.sender.answer = lambda c: Fate.AMBIGUOUS if c.message.about == "s00000" else Fate.ACCEPTED
    world.deliverer().tick(Way.MAIL)
    sent = figures(site)

    assert 'vigie_messages{state="queued",way="mail"} 3.0' in waiting
    assert 'vigie_messages_oldest_due_seconds{way="mail"} 120.0' in waiting
    assert 'vigie_messages{state="accepted",way="mail"} 2.0' in sent
    assert 'vigie_messages{state="ambiguous",way="mail"} 1.0' in sent
    assert 'vigie_messages_without_answer{way="mail"} 1.0' in sent


def test_all_that_was_sent_is_counted_however_long_ago(world: World) -> None:
    site = observed(world)
    world.subscribe(3)
    for day in range(5):
        world.publish(f"a{day}")
        world.tick()
        assert f'vigie_messages{{state="accepted",way="mail"}} {3.0 * (day + 1)}' in figures(site)
        assert figures(site) == figures(observed(world))
        world.pass_time(days=1)


def test_what_is_kept_no_more_is_counted_no_more_from_the_next_day(world: World) -> None:
    site = observed(world)
    world.subscribe(3)
    world.publish("a")
    world.tick()
    world.pass_time(days=TOLD_FOR.days)
    assert 'vigie_messages{state="accepted",way="mail"} 3.0' in figures(site)
    assert world.store.forget(world.now) == 3

    world.pass_time(days=1)

    assert 'vigie_messages{state="accepted",way="mail"} 0.0' in figures(site)


def test_what_was_given_up_long_ago_and_is_sent_again_is_seen_at_once(world: World) -> None:
    site = observed(world)
    world.subscribe(1)
    world.publish("a")
    world.sender.answer = lambda _: Fate.REFUSED
    world.tick()
    world.pass_time(days=10)
    assert 'vigie_messages{state="shunted",way="mail"} 1.0' in figures(site)
    (given_up,) = world.outbox.messages(state=DeliveryState.SHUNTED)

    assert world.outbox.replay(given_up.id, world.now)

    again = figures(site)
    assert 'vigie_messages{state="shunted",way="mail"} 0.0' in again
    assert 'vigie_messages{state="queued",way="mail"} 1.0' in again
