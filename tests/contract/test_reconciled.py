"""Whoever wants an alert is told of it, will be, or was given up for a reason; whatever else is found out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, update

from storage.engine import writing
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from storage.tables import decisions, deliveries, messages
from tests.fakes.plans import CANTAL, NOW, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.alerts import AlertState
from watcher.core.outbox import DeliveryState
from watcher.core.reconcile import Gap
from watcher.core.severity import Severity
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Cadence, Choices, EndReason, Interest, Way

HOUR = timedelta(hours=1)
BEFORE = NOW - HOUR


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    store.register([source()], NOW)
    store.save(first_reading())
    return store


def publish(store: SqlStore, *names: str, state: AlertState = AlertState.UNVERIFIED) -> None:
    told = tuple(alert(name, detected_at=NOW, state=state) for name in names)
    assert store.save(news(names[0], 1, alerts=told))


def gaps(outbox: SqlOutbox, now: datetime = NOW + 2 * HOUR) -> Sequence[Gap]:
    return outbox.gaps(now - 48 * HOUR, now - HOUR)


def send(outbox: SqlOutbox) -> None:
    outbox.compose(NOW, Way.MAIL, 100)


def change(engine: Engine, statement: Any) -> None:
    with writing(engine) as connection:
        connection.execute(statement)


def test_what_was_promised_is_no_gap_before_and_after_it_is_sent(ready: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(ready, subscriber("s", at=BEFORE), subscriber("t", at=BEFORE, cadence=Cadence.DAILY))
    publish(ready, "a")

    assert gaps(outbox) == []
    send(outbox)
    assert gaps(outbox) == []


def test_a_promise_that_vanished_is_a_gap_of_as_many_people(
    ready: SqlStore, outbox: SqlOutbox, engine: Engine
) -> None:
    subscribe(ready, *(subscriber(name, at=BEFORE) for name in "stu"))
    publish(ready, "a")
    change(engine, delete(deliveries).where(deliveries.c.subscription != "s"))

    assert gaps(outbox) == [Gap(f"change-{CANTAL}-a", 2)]


def test_a_message_that_does_not_tell_of_it_is_a_gap(
    ready: SqlStore, outbox: SqlOutbox, engine: Engine
) -> None:
    subscribe(ready, subscriber("s", at=BEFORE))
    publish(ready, "a")
    send(outbox)
    change(engine, update(messages).values(alerts='["other"]'))

    assert gaps(outbox) == [Gap(f"change-{CANTAL}-a", 1)]


@pytest.mark.parametrize(("detail", "found"), [("RCPT 550 5.1.1", 0), ("", 1)])
def test_what_was_given_up_needs_a_reason(
    ready: SqlStore, outbox: SqlOutbox, engine: Engine, detail: str, found: int
) -> None:
    subscribe(ready, subscriber("s", at=BEFORE))
    publish(ready, "a")
    send(outbox)
    change(engine, update(messages).values(state=DeliveryState.EXPIRED.value, detail=detail))

    assert len(gaps(outbox)) == found


def test_what_we_could_not_write_is_a_gap_until_it_is_sent_again(
    ready: SqlStore, outbox: SqlOutbox, engine: Engine
) -> None:
    subscribe(ready, subscriber("s", at=BEFORE))
    publish(ready, "a")
    send(outbox)
    change(
        engine,
        update(messages).values(state=DeliveryState.SHUNTED.value, poisoned=3, detail="ValueError a.py:1"),
    )
    assert gaps(outbox) == [Gap(f"change-{CANTAL}-a", 1)]

    assert outbox.replay(outbox.messages()[0].id, NOW + HOUR)

    assert gaps(outbox) == []


@pytest.mark.parametrize(
    "interest",
    [
        Interest(prefectures=frozenset({"69"})),
        Interest(categories=frozenset({"fee"})),
        Interest(motifs=frozenset({"asile"})),
        Interest(verified_only=True),
    ],
    ids=["elsewhere", "another topic", "another ground", "verified alone"],
)
def test_nobody_is_expected_to_hear_of_what_they_do_not_want(
    ready: SqlStore, outbox: SqlOutbox, interest: Interest
) -> None:
    subscribe(ready, subscriber("s", interest, at=BEFORE))
    publish(ready, "a")

    assert gaps(outbox) == []


@pytest.mark.parametrize(
    "interest",
    [
        Interest(prefectures=frozenset({"15"}), motifs=frozenset({"salarie"})),
        Interest(categories=frozenset({"rdv_modality"}), severity=Severity.IMPORTANT),
        Interest(verified_only=True),
    ],
    ids=["here", "important", "verified alone"],
)
def test_who_wants_it_is_expected_to(
    ready: SqlStore, outbox: SqlOutbox, engine: Engine, interest: Interest
) -> None:
    subscribe(ready, subscriber("s", interest, at=BEFORE))
    publish(ready, "a", state=AlertState.VERIFIED)
    assert gaps(outbox) == []

    change(engine, delete(deliveries))

    assert gaps(outbox) == [Gap(f"change-{CANTAL}-a", 1)]


def test_what_came_before_they_chose_it_is_not_owed(
    ready: SqlStore, outbox: SqlOutbox, subscribers: SqlSubscriptions, engine: Engine
) -> None:
    subscribe(ready, subscriber("s", at=BEFORE), subscriber("late", at=NOW + HOUR))
    publish(ready, "a")
    change(engine, delete(deliveries))
    subscribers.choose("s", Choices(Interest(prefectures=frozenset({"15"}))), NOW + timedelta(minutes=1))

    assert gaps(outbox) == []


def test_who_left_is_owed_nothing(
    ready: SqlStore, outbox: SqlOutbox, subscribers: SqlSubscriptions, engine: Engine
) -> None:
    subscribe(ready, subscriber("s", at=BEFORE))
    publish(ready, "a")
    subscribers.end("s", EndReason.ONE_CLICK, NOW)
    change(engine, delete(deliveries))

    assert gaps(outbox) == []


def test_what_a_person_withdrew_is_owed_to_nobody(ready: SqlStore, outbox: SqlOutbox, engine: Engine) -> None:
    subscribe(ready, subscriber("s", at=BEFORE))
    publish(ready, "a")
    change(engine, delete(deliveries))
    row = {"number": 1, "action": "undo", "by": "jeanne", "at": NOW, "document": "{}"}
    change(engine, insert(decisions).values(row | {"alert": f"change-{CANTAL}-a"}))

    assert gaps(outbox) == []


def test_only_the_last_days_are_looked_at(ready: SqlStore, outbox: SqlOutbox, engine: Engine) -> None:
    subscribe(ready, subscriber("s", at=BEFORE))
    publish(ready, "a")
    change(engine, delete(deliveries))

    assert [len(gaps(outbox, NOW + hours * HOUR)) for hours in (0, 1, 47, 49)] == [0, 1, 1, 0]


def test_a_good_reading_ends_what_polls_say_of_a_page_and_nothing_else(ready: SqlStore) -> None:
    silence = Problem(CANTAL, ProblemKind.SILENT, NOW, "rien de nouveau")
    late = Problem(CANTAL, ProblemKind.OVERDUE, NOW, "en retard")
    gone = Problem(CANTAL, ProblemKind.GONE, NOW, "404")
    ready.note_problems((silence, late, gone), (), NOW)

    ready.save(news("b", 1, closes=(CANTAL,)))
    assert {one.kind for one in ready.problems()} == {ProblemKind.SILENT, ProblemKind.OVERDUE}

    ready.note_problems((), (CANTAL,), NOW + HOUR, (ProblemKind.SILENT,))
    assert [one.kind for one in ready.problems()] == [ProblemKind.OVERDUE]


def test_the_rhythm_of_a_page_is_when_its_changes_were_found(ready: SqlStore) -> None:
    ready.save(news("b", 1))

    found = ready.rhythms(NOW - HOUR)

    assert list(found) == [CANTAL]
    assert len(found[CANTAL]) == 1
    assert ready.rhythms(NOW + 999 * HOUR) == {}
