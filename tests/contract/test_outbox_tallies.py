"""How many messages came to what, all at once or what was accepted before apart from the rest."""

from __future__ import annotations

import pytest

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.plans import HOUR, NOW, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import DeliveryState, Settlement
from watcher.core.subscriptions import Way

ACCEPTED = Settlement(DeliveryState.ACCEPTED, NOW, 1, 0, 0, "250")
EXPIRED = Settlement(DeliveryState.EXPIRED, NOW, 1, 0, 0, "550")


@pytest.fixture
def sent(store: SqlStore, outbox: SqlOutbox) -> SqlOutbox:
    """By mail one message is accepted, one an hour later, one is given up and one waits; by chat one is accepted."""
    store.register([source()], NOW)
    store.save(first_reading())
    subscribe(store, *map(subscriber, "abcd"), subscriber("e", way=Way.CHAT))
    store.save(news("x"))
    outbox.compose(NOW, Way.MAIL, 500)
    outbox.compose(NOW, Way.CHAT, 500)
    first, second, third, _ = outbox.claim_messages(Way.MAIL, "me", NOW, NOW + HOUR, 500)
    (other,) = outbox.claim_messages(Way.CHAT, "me", NOW, NOW + HOUR, 500)
    outbox.settle(first.message.id, ACCEPTED, NOW)
    outbox.settle(second.message.id, ACCEPTED, NOW + HOUR)
    outbox.settle(third.message.id, EXPIRED, NOW)
    outbox.settle(other.message.id, ACCEPTED, NOW)
    return outbox


def test_what_was_accepted_before_is_counted_apart_from_the_rest(sent: SqlOutbox) -> None:
    assert sent.accepted_before(NOW) == {}
    assert sent.counted(NOW) == sent.counted()

    assert sent.accepted_before(NOW + HOUR) == {Way.MAIL: 1, Way.CHAT: 1}
    assert sent.counted(NOW + HOUR) == {
        (Way.MAIL, DeliveryState.ACCEPTED): 1,
        (Way.MAIL, DeliveryState.EXPIRED): 1,
        (Way.MAIL, DeliveryState.CLAIMED): 1,
    }
    assert sent.accepted_before(NOW + 2 * HOUR) == {Way.MAIL: 2, Way.CHAT: 1}


def test_what_is_sent_again_after_it_was_given_up_is_counted_when_it_is_accepted(sent: SqlOutbox) -> None:
    (given_up,) = sent.messages(state=DeliveryState.EXPIRED)
    assert sent.replay(given_up.id, NOW + 2 * HOUR)

    assert sent.counted(NOW + HOUR)[Way.MAIL, DeliveryState.QUEUED] == 1
    assert (Way.MAIL, DeliveryState.EXPIRED) not in sent.counted(NOW + HOUR)
    sent.settle(given_up.id, ACCEPTED, NOW + 2 * HOUR)
    assert sent.counted(NOW + HOUR)[Way.MAIL, DeliveryState.ACCEPTED] == 2
    assert sent.accepted_before(NOW + HOUR) == {Way.MAIL: 1, Way.CHAT: 1}
