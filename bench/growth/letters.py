"""What was sent: letters of the past put in in bulk, one that is sent now, and how old ones are forgotten."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from bench.figures import Figure
from bench.growth.timing import Work
from storage import alerts, messages, outbox
from storage.bulk import delivery_id
from storage.columns import moment
from storage.engine import writing
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.alerts import SEEN, alert
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import DeliveryState, Settlement
from watcher.core.subscriptions import Interest, Way

READER, PLACE = "reader", "02"  # somebody, and a préfecture of which nothing else is told
STEPS, LOCK = 100, 100.0  # of forgetting that are measured; milliseconds that each may take while others wait
_EVERY = timedelta(minutes=30)
_LATER = SEEN + timedelta(minutes=1)


def welcome(engine: Engine) -> None:
    """Let somebody subscribe."""
    subscribe(engine, subscriber(READER, Interest(prefectures=frozenset({PLACE}))))


def put_in(raw: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Each as a message and the promise that it kept, settled long since."""
    told = [hashlib.sha256(str(number).encode()).hexdigest()[:24] for number in numbers]
    names = [hashlib.sha256(f"letter {number}".encode()).hexdigest()[:32] for number in numbers]
    times = [moment(SEEN - timedelta(days=3) - _EVERY * number) for number in numbers]
    raw.executemany(
        "INSERT INTO messages (id, kind, way, about, alerts, created_at, due_at, state, attempts, ambiguous, poisoned,"
        " sequence, detail, settled_at) VALUES (?, 'alerts', 'mail', ?, ?, ?, ?, 'accepted', 1, 0, 0, 1, '250', ?)",
        [
            (name, READER, messages.told((one,)), at, at, at)
            for name, one, at in zip(names, told, times, strict=True)
        ],
    )
    raw.executemany(
        "INSERT INTO deliveries (id, alert, subscription, way, due_at, message) VALUES (?, ?, ?, 'mail', ?, ?)",
        [
            (delivery_id(one, READER), one, READER, at, name)
            for name, one, at in zip(names, told, times, strict=True)
        ],
    )


def sending(engine: Engine, turn: int) -> dict[str, Work]:
    """The store's part of one letter, from the alert to the answer of the mail server."""
    box, numbers = SqlOutbox(engine), itertools.count(1)
    accepted = Settlement(DeliveryState.ACCEPTED, _LATER, attempts=1, ambiguous=0, poisoned=0, detail="250")

    def send() -> None:
        one = replace(alert(), id=f"{turn:012x}{next(numbers):012x}", prefecture=PLACE)
        with writing(engine) as connection:
            outbox.queue(connection, alerts.add(connection, [one]))
        assert box.compose(_LATER, Way.MAIL, 500) == 1
        (claimed,) = box.claim_messages(Way.MAIL, READER, _LATER, _LATER + timedelta(minutes=10), 500)
        box.settle(claimed.message.id, accepted, _LATER)

    return {"sending: one letter": send, "sending: nothing is due": lambda: box.compose(SEEN, Way.MAIL, 500)}


def forgotten(store: SqlStore) -> tuple[Figure, ...]:
    """What each step takes in which what was sent long ago goes: for so long nobody else writes."""
    took: list[float] = []
    while len(took) < STEPS:
        once = itertools.chain((True,), itertools.repeat(object=False)).__next__
        begun = time.process_time()
        gone = store.forget(SEEN, once)
        if not gone:
            break
        took.append((time.process_time() - begun) * 1000)
    if not took:
        return ()
    return (
        Figure(f"forgetting what was sent: the longest of {len(took)} steps", max(took), "ms", at_most=LOCK),
    )
