"""What a worker that died may have sent is sent again as it was: whoever knows its id passes it over unread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.plans import HOUR, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import Attempt, Claimed, DeliveryState, Fate
from watcher.core.retry import settle
from watcher.core.subscriptions import Cadence, Way

NOON = datetime(2026, 9, 10, 10, tzinfo=UTC)
LATER, DAY = NOON + 2 * HOUR, timedelta(days=1)


class Desk:
    """One subscriber, alerts one after the other, workers who claim, freeze, send and die."""

    def __init__(self, store: SqlStore, outbox: SqlOutbox, cadence: Cadence = Cadence.NOW) -> None:
        self.store, self.outbox, self._polls = store, outbox, 0
        store.register([source()], NOON)
        store.save(first_reading())
        subscribe(store, subscriber(cadence=cadence))

    def publish(self, name: str, at: datetime) -> None:
        self._polls += 1
        told = (alert(name, detected_at=at),)
        assert self.store.save(news(name, baseline=self._polls, alerts=told))

    def claim(self, who: str, at: datetime) -> list[Claimed]:
        self.outbox.compose(at, Way.MAIL, 500)
        return list(self.outbox.claim_messages(Way.MAIL, who, at, at + HOUR, 500))

    def sends(self, who: str, at: datetime) -> Claimed:
        """The worker dies before it could write down what became of it."""
        (one,) = self.claim(who, at)
        self.outbox.keep_content(f"said by {who}", b"...", [one.message.id])
        return one

    def told(self) -> list[tuple[str, ...]]:
        """What each message tells of, in the order of their numbers."""
        made = sorted(self.outbox.messages(), key=lambda message: message.sequence)
        return [tuple(name.rpartition("-")[2] for name in message.alerts) for message in made]


@pytest.fixture
def desk(store: SqlStore, outbox: SqlOutbox) -> Desk:
    return Desk(store, outbox)


@pytest.mark.parametrize("known_dead", [True, False], ids=["its death is known", "its lease ended"])
def test_news_after_a_crash_is_not_put_into_a_mail_that_may_have_arrived(
    desk: Desk, outbox: SqlOutbox, *, known_dead: bool
) -> None:
    desk.publish("a", NOON)
    sent = desk.sends("dead", NOON)
    if known_dead:
        outbox.disown_messages("dead")
    desk.publish("b", LATER)

    claimed = {one.message.alerts: one.message for one in desk.claim("next", LATER)}

    assert desk.told() == [("a",), ("b",)]
    again = claimed[sent.message.alerts]
    assert (again.id, again.content) == (sent.message.id, "said by dead")


def test_the_doubt_stays_while_the_mail_waits_for_other_reasons(desk: Desk, outbox: SqlOutbox) -> None:
    """It may have arrived, is sent again and told to come later: it has still perhaps arrived."""
    desk.publish("a", NOON)
    desk.sends("dead", NOON)
    outbox.disown_messages("dead")
    (again,) = desk.claim("next", LATER)
    outbox.settle(again.message.id, settle(again.message, Attempt(Fate.RETRY), LATER, 0.0), LATER)

    desk.publish("b", LATER)
    desk.claim("next", LATER + DAY)

    assert desk.told() == [("a",), ("b",)]


def test_a_mail_that_nobody_began_to_send_takes_in_what_came_meanwhile(desk: Desk, outbox: SqlOutbox) -> None:
    """Neither one that was claimed and never rendered, nor one that a living worker gave back, is in doubt."""
    desk.publish("a", NOON)
    desk.claim("dead", NOON)
    outbox.disown_messages("dead")
    desk.sends("living", LATER)
    outbox.release_messages("living")
    desk.publish("b", LATER)

    (one,) = desk.claim("next", LATER)

    assert desk.told() == [("a", "b")]
    assert one.message.ambiguous == 0


def test_a_digest_that_may_have_arrived_is_closed(store: SqlStore, outbox: SqlOutbox) -> None:
    desk = Desk(store, outbox, Cadence.DAILY)
    desk.publish("a", NOON)
    desk.sends("dead", NOON + DAY)
    outbox.disown_messages("dead")
    desk.publish("b", NOON + DAY)

    (again,) = desk.claim("next", NOON + DAY + HOUR)
    accepted = settle(again.message, Attempt(Fate.ACCEPTED), NOON + DAY + HOUR, 0.0)
    outbox.settle(again.message.id, accepted, NOON + DAY + HOUR)
    desk.claim("next", NOON + 2 * DAY)

    assert desk.told() == [("a",), ("b",)]


def test_after_two_doubts_a_mail_is_put_aside_and_told_of_in_the_next_digest(
    desk: Desk, outbox: SqlOutbox
) -> None:
    desk.publish("a", NOON)
    desk.sends("dead", NOON)
    outbox.disown_messages("dead")

    (again,) = desk.claim("next", LATER)
    decided = settle(again.message, Attempt(Fate.AMBIGUOUS), LATER, 0.0)

    assert (decided.state, decided.ambiguous, decided.again) == (DeliveryState.SHUNTED, 2, True)
