"""What is measured of sending."""

from __future__ import annotations

from tests.fakes.alerts import BASE, VOCABULARY, catalogue
from tests.fakes.telling import World
from watcher.core.outbox import Fate
from watcher.core.subscriptions import Way
from watcher.web.metrics import measure
from watcher.web.site import Site


def figures(world: World) -> list[str]:
    site = Site(
        world.store, catalogue(), VOCABULARY, BASE, world.clock, lambda: (), {}, {}, outbox=world.outbox
    )
    return measure(site)[0].decode("utf-8").splitlines()


def test_messages_are_counted_by_way_and_state_with_the_age_of_the_oldest(world: World) -> None:
    world.subscribe(3)
    world.publish("a")
    world.pass_time(minutes=2)
    waiting = figures(world)
    world.sender.answer = lambda c: Fate.AMBIGUOUS if c.message.about == "s00000" else Fate.ACCEPTED
    world.deliverer().tick(Way.MAIL)
    sent = figures(world)

    assert 'vigie_messages{state="queued",way="mail"} 3.0' in waiting
    assert 'vigie_messages_oldest_due_seconds{way="mail"} 120.0' in waiting
    assert 'vigie_messages{state="accepted",way="mail"} 2.0' in sent
    assert 'vigie_messages{state="ambiguous",way="mail"} 1.0' in sent
    assert 'vigie_messages_without_answer{way="mail"} 1.0' in sent
