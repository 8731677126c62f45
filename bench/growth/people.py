"""Many who want to be told: subscribers put in in bulk, and what is done for one of them, or for all."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.growth.history import told
from bench.growth.timing import Work
from storage import alerts, outbox
from storage.columns import moment
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.recipients import document
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import PREFECTURES, SEEN, catalogue
from tests.fakes.subscribers import subscriber
from watcher.core.subscriptions import Choices, EndReason, Interest, Way

_LATER = SEEN + timedelta(hours=1)


class People:
    """Half of them want every préfecture, the others one each."""

    def __init__(self, folder: Path, number: int) -> None:
        self.path = folder / "people.db"
        self.engine = open_engine(f"sqlite:///{self.path}")
        upgrade(self.engine)
        self.store, self.outbox = SqlStore(self.engine), SqlOutbox(self.engine)
        self.people = SqlSubscriptions(self.engine)
        self.store.register(catalogue().sources.values(), SEEN)
        self._number, self._alerts, self._others = 0, itertools.count(10_000), itertools.count()
        self.grow(number)

    def grow(self, number: int) -> None:
        wishes = [document(Choices(Interest(prefectures=frozenset({code})))) for code in PREFECTURES]
        everything = document(Choices(Interest(prefectures=frozenset(PREFECTURES))))
        rows = (
            (
                *(_name(n), b"sealed", f"i{n}", f"m{n}"),
                *(everything if n % 2 else wishes[n // 2 % len(wishes)], moment(SEEN), moment(SEEN)),
            )
            for n in range(self._number, number)
        )
        with closing(sqlite3.connect(self.path)) as raw, raw:
            raw.execute("PRAGMA synchronous=0")
            raw.executemany(
                "INSERT INTO subscriptions (id, way, sealed, address_index, mailbox, choices, confirmed_at, asked_at,"
                " consent, sequence) VALUES (?, 'mail', ?, ?, ?, ?, ?, ?, '1', 0)",
                rows,
            )
        self._number = number

    def works(self) -> dict[str, Work]:
        """What is done for one."""
        some = itertools.cycle(range(self._number))
        self._publish(wanted=False)
        return {
            "an alert that nobody wants": lambda: self._publish(wanted=False),
            "somebody subscribes": self._join,
            "somebody leaves": self._leave,
            "somebody's page of choices": lambda: self.people.subscription(_name(next(some))),
            "nothing to be sent": lambda: self.outbox.oldest_due(Way.MAIL),
            "how many come and go": lambda: self.people.flow(SEEN),
            "who was not told, in a quiet hour": lambda: self.outbox.gaps(_LATER, 2 * (_LATER - SEEN) + SEEN),
        }

    def fan_out(self) -> float:
        """Seconds until one alert is promised to each of those who want it."""
        return _seconds(lambda: self._publish(wanted=True))

    def _publish(self, *, wanted: bool) -> None:
        number = next(self._alerts)
        one = replace(told(number), detected_at=SEEN, state=told(0).state)
        one = one if wanted else replace(one, prefecture="00")
        with writing(self.engine) as connection:
            outbox.queue(connection, alerts.add(connection, [one]))

    def _join(self) -> None:
        assert self.people.add(subscriber(f"other-{next(self._others)}", at=SEEN))

    def _leave(self) -> None:
        name = f"leaver-{next(self._others)}"
        self.people.add(subscriber(name, at=SEEN))
        assert self.people.end(name, EndReason.ONE_CLICK, SEEN)


def _name(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:32]


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
