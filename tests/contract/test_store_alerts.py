"""Finding what was told, and queueing it for those who asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.bulk import delivery_id
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, VERDICT, alert, first_reading, news, source
from tests.fakes.subscribers import deliveries, subscribe, subscriber
from watcher.core.alerts import Alert, AlertState
from watcher.core.outbox import Delivery, DeliveryState
from watcher.core.ports import Store
from watcher.core.subscriptions import Interest

RHONE = "69-actualites"
FEE = replace(VERDICT, categories=("fee",), motifs=("etudiant",))

OLD = alert("old", detected_at=NOW - HOUR)
LYON = alert("lyon", source=RHONE, verdict=FEE)
NEW = alert("new", detected_at=NOW + HOUR, verdict=FEE, state=AlertState.VERIFIED)


@pytest.fixture
def told(store: SqlStore) -> SqlStore:
    """Three alerts: two of the Cantal and between them one of the Rhône."""
    store.register([source(CANTAL), source(RHONE)], NOW)
    store.save(first_reading(source=CANTAL))
    store.save(first_reading(source=RHONE))
    store.save(news("x", alerts=(OLD, NEW)))
    store.save(news("x", source=RHONE, alerts=(LYON,)))
    return store


def test_alerts_come_newest_first(told: Store) -> None:
    assert told.alerts() == [NEW, LYON, OLD]
    assert told.alerts(limit=2) == [NEW, LYON]
    assert told.alerts(limit=0) == []


def test_alerts_of_one_moment_come_in_the_order_of_their_ids(store: Store) -> None:
    same = [alert(name) for name in "bca"]
    store.register([source()], NOW)
    store.save(first_reading())
    store.save(news("x", alerts=tuple(same)))

    assert [a.id for a in store.alerts()] == sorted(a.id for a in same)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"since": NOW}, [NEW, LYON]),
        ({"since": NOW + timedelta(microseconds=1)}, [NEW]),
        ({"prefecture": "15"}, [NEW, OLD]),
        ({"prefecture": "1"}, []),
        ({"category": "fee"}, [NEW, LYON]),
        ({"category": "filing_channel"}, [OLD]),
        ({"motif": "etudiant"}, [NEW, LYON, OLD]),
        ({"motif": "salarie"}, [OLD]),
        ({"category": "fee", "motif": "etudiant", "prefecture": "69"}, [LYON]),
        ({"state": AlertState.VERIFIED}, [NEW]),
        ({"state": AlertState.UNVERIFIED, "limit": 1}, [LYON]),
        ({"category": "FEE"}, []),
    ],
)
def test_alerts_are_found_by_what_they_are_about(
    told: Store, wanted: dict[str, object], found: list[Alert]
) -> None:
    assert told.alerts(**wanted) == found  # type: ignore[arg-type]


def test_alerts_are_counted_by_prefecture_from_a_moment_on(told: Store) -> None:
    assert told.counts(NOW - HOUR) == {"15": 2, "69": 1}
    assert told.counts(NOW) == {"15": 1, "69": 1}
    assert told.counts(NOW + timedelta(microseconds=1)) == {"15": 1}
    assert told.counts(NOW + 2 * HOUR) == {}


def test_alerts_are_counted_by_their_first_category_and_state_from_a_moment_on(told: Store) -> None:
    bare = alert("bare", verdict=replace(VERDICT, categories=()))
    past = alert("past", historical=True)
    told.save(news("y", baseline=2, alerts=(bare, past)))

    first, unverified = VERDICT.categories[0], AlertState.UNVERIFIED
    new, others = {("fee", AlertState.VERIFIED): 1}, {("fee", unverified): 1, ("", unverified): 1}
    assert told.count_kinds(NOW - HOUR) == {**new, **others, (first, unverified): 1}
    assert told.count_kinds(NOW) == {**new, **others}
    assert told.count_kinds(NOW + HOUR) == new
    assert told.count_kinds(NOW + 2 * HOUR) == {}


def test_what_was_retracted_or_corrected_does_not_count(store: Store) -> None:
    told = [alert(state.value, state=state) for state in AlertState]
    store.register([source()], NOW)
    store.save(first_reading())
    store.save(news("x", alerts=tuple(told)))

    assert store.counts(NOW - HOUR) == {"15": len(told) - 2}


def test_a_word_said_twice_is_indexed_once(store: Store) -> None:
    twice = alert("t", verdict=replace(VERDICT, categories=("fee", "fee"), motifs=("etudiant", "etudiant")))
    store.register([source()], NOW)
    store.save(first_reading())

    store.save(news("x", alerts=(twice,)))

    assert store.alerts(category="fee", motif="etudiant") == [twice]


def test_each_matching_subscription_gets_one_delivery_of_each_new_alert(store: SqlStore) -> None:
    store.register([source()], NOW)
    store.save(first_reading())
    subscribe(store, subscriber("all"))
    subscribe(store, subscriber("cantal", Interest(prefectures=frozenset({"15", "69"}))))
    subscribe(store, subscriber("fees", Interest(categories=frozenset({"fee"}))))
    subscribe(store, subscriber("careful", Interest(verified_only=True)))

    store.save(news("x", alerts=(OLD, NEW)))

    assert {(d.alert, d.subscription) for d in deliveries(store)} == {
        (OLD.id, "all"),
        (OLD.id, "cantal"),
        (NEW.id, "all"),
        (NEW.id, "cantal"),
        (NEW.id, "fees"),
        (NEW.id, "careful"),
    }


def test_a_delivery_is_queued_for_the_moment_of_its_alert(store: SqlStore) -> None:
    store.register([source()], NOW)
    store.save(first_reading())
    subscribe(store, subscriber("é"))

    store.save(news("x", alerts=(OLD, NEW)))

    expected = Delivery(delivery_id(OLD.id, "é"), OLD.id, "é", OLD.detected_at, DeliveryState.QUEUED)
    assert deliveries(store, OLD.id) == [expected]
    assert [d.alert for d in deliveries(store)] == [OLD.id, NEW.id]
    assert deliveries(store, "autre") == []


def test_the_id_of_a_delivery_never_moves() -> None:
    """Receivers know it: a restart or a new release must not make a second one."""
    assert delivery_id("a", "b") == "f04cdced9736a69da6103f08a4daaf8c"
    assert delivery_id("a", "b") != delivery_id("b", "a")


def test_who_subscribes_later_is_not_sent_what_was_told_before(told: SqlStore) -> None:
    subscribe(told, subscriber("late", at=NOW + HOUR))

    assert deliveries(told) == []

    told.save(news("y", baseline=2, alerts=(alert("y"), OLD)))
    assert [d.alert for d in deliveries(told)] == [alert("y").id]
