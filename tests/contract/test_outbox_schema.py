"""What the database itself holds to: the schema, the unique keys, and an index for each question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import IntegrityError

from storage.engine import reading
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from storage.tables import messages, metadata
from tests.fakes.plans import HOUR, NOW, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import DeliveryState, Settlement
from watcher.core.signups import rule
from watcher.core.subscriptions import Cadence, EndReason, Recipient, Signup, Way

LARGE = ("messages", "deliveries", "signups", "address_histories")


def ours(_thing: object, name: str | None, *_: object) -> bool:
    return not (name or "").startswith(("alert_words", "ix_alert_words"))


def test_the_migrated_schema_is_that_of_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_an_address_has_one_active_subscription_for_each_way(
    store: SqlStore, subscribers: SqlSubscriptions
) -> None:
    same = Recipient(b"x", "index", "mailbox")
    subscribe(store, subscriber("a", recipient=same))
    with pytest.raises(AssertionError, match="b"):
        subscribe(store, subscriber("b", recipient=same))

    subscribers.end("a", EndReason.UNSUBSCRIBED, NOW)
    subscribe(store, subscriber("b", recipient=same), subscriber("c", recipient=same, way=Way.CHAT))
    subscribers.end("b", EndReason.UNSUBSCRIBED, NOW)
    assert [one.id for one in subscribers.subscriptions(ended=True)] == ["a", "b", "c"]


def test_a_subscription_has_one_message_for_each_run(engine: Engine) -> None:
    row: dict[str, Any] = dict.fromkeys(("attempts", "ambiguous", "poisoned", "sequence"), 0)
    row |= {"kind": "digest", "way": "mail", "about": "s", "alerts": "[]", "state": "queued", "detail": ""}
    row |= {"created_at": NOW, "due_at": NOW, "run": "daily:Europe/Paris:2026-09-10"}

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(messages), [row | {"id": "1"}, row | {"id": "2"}])


def test_no_question_reads_a_large_table_from_end_to_end(
    sqlite_url: str, request: pytest.FixtureRequest
) -> None:
    """Asked of SQLite's own planner, for all that a worker, a reader and a poll do all day."""
    from storage.engine import open_engine

    engine = open_engine(sqlite_url)
    request.addfinalizer(engine.dispose)
    asked: dict[str, Any] = {}

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            asked[statement] = parameters[0] if rest[1] else parameters

    event.listen(engine, "before_cursor_execute", note)
    _a_day(engine)
    event.remove(engine, "before_cursor_execute", note)

    assert len(asked) > 40
    with reading(engine) as connection:
        scanned = {
            (line[3], statement)
            for statement, parameters in asked.items()
            for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            if line[3].startswith(tuple(f"SCAN {table}" for table in LARGE))
        }
    # Counting reads an index; forgetting contents reads the few that there are, not the messages.
    assert {plan for plan, _ in scanned} <= {
        "SCAN messages USING COVERING INDEX ix_messages_way_state_due_at",
        "SCAN deliveries USING COVERING INDEX ix_deliveries_unsent_way_due_at",
    }


def _a_day(engine: Engine) -> None:
    store, outbox, people = SqlStore(engine), SqlOutbox(engine), SqlSubscriptions(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    subscribe(store, subscriber("m"), subscriber("d", cadence=Cadence.DAILY))
    subscribe(store, subscriber("w", way=Way.WEBHOOK))
    store.save(news("x", alerts=(alert("a"), alert("b"))))
    people.ask(Signup("1", Way.MAIL, Recipient(b"x", "i", "m"), subscriber().choices, NOW, ""))
    people.judge_signups(NOW, lambda *given: rule(NOW, *given), 10)
    for way in Way:
        outbox.compose(NOW + 24 * HOUR, way, 10)
        for one in outbox.claim_messages(way, "me", NOW + 24 * HOUR, NOW + 25 * HOUR, 10):
            outbox.keep_content("c", b"", [one.message.id])
            outbox.wanted(one.message.id)
        outbox.oldest_due(way)
    outbox.release_messages("me")
    store.save(news("y", baseline=2))
    outbox.compose(NOW + 48 * HOUR, Way.MAIL, 10)
    one, *_ = outbox.claim_messages(Way.MAIL, "me", NOW + 48 * HOUR, NOW + 49 * HOUR, 10)
    outbox.settle(one.message.id, Settlement(DeliveryState.SHUNTED, NOW, 1, 0, 0, ""), NOW)
    outbox.replay(one.message.id, NOW)
    looks: list[Callable[[], object]] = [outbox.counted, outbox.lease_owners, outbox.messages]
    looks += [lambda: outbox.took_since("w", NOW), lambda: outbox.deliveries(alert("a").id)]
    looks += [lambda: outbox.deliveries(subscription="m"), lambda: people.signups("i")]
    for look in looks:
        look()
    people.confirm("1", "n", NOW)
    people.suppress("m", EndReason.NEVER, NOW)
    people.end("m", EndReason.NEVER, NOW)
    people.erase_expired(NOW + 240 * HOUR)
