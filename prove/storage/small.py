"""A small life on one database: alerts that subscribers are told of, by a process that goes on after a failure."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from storage.engine import open_engine
from storage.errors import StorageError
from storage.migrations import upgrade
from tests.fakes.plans import HOUR, alert, news, page
from tests.fakes.telling import World
from watcher.core.subscriptions import Way

PEOPLE = 12
NAMES = tuple("abcdef")


def address(where: Path | str) -> str:
    """Of a file, or as it is."""
    return where if isinstance(where, str) else f"sqlite:///{where}"


@contextmanager
def opened(where: Path | str) -> Iterator[Engine]:
    engine = open_engine(address(where))
    try:
        yield engine
    finally:
        engine.dispose()


def make(path: Path, people: int = PEOPLE, *names: str) -> Path:
    """A database with subscribers whom nobody told anything yet, and alerts of these names."""
    fill(path, people, *names)
    return path


def fill(where: Path | str, people: int = PEOPLE, *names: str) -> None:
    with opened(where) as engine:
        upgrade(engine)
        life = Life(World(engine))
        life.world.subscribe(people)
        for name in names:
            life.publish(name)


def fresh(template: Path, folder: Path) -> Path:
    """A copy of a database that nobody uses, alone in a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Path(shutil.copy(template, folder / "vigie.db"))


def on_each_transaction(engine: Engine, pragma: Callable[[], str]) -> None:
    """Tell the connection what `pragma` says then."""

    def tell(connection: Connection) -> None:
        connection.connection.driver_connection.execute(f"PRAGMA {pragma()}").fetchall()  # type: ignore[union-attr]

    event.listen(engine, "begin", tell, insert=True)  # before it waits for the lock


@dataclass
class Life:
    """`refusals` are what the database answered instead of doing its work."""

    world: World
    refusals: list[StorageError] = field(default_factory=list)
    published: int = 0

    def __post_init__(self) -> None:
        self._deliverer = self.world.deliverer()

    def moved(self, world: World) -> None:
        """Another process goes on, with what was sent so far."""
        world.sender, world.clock = self.world.sender, self.world.clock
        self.world, self._deliverer = world, world.deliverer()

    def publish(self, name: str) -> None:
        """What the poll finds that comes next; it finds the same until it could write it down."""
        at = self.world.now
        plan = news(
            name,
            self.published + 1,
            page=page(name.encode() * 6000, at=at),
            alerts=(alert(name, detected_at=at),),
        )
        assert self.world.store.save(plan)
        self.published += 1

    def step(self) -> None:
        """The next poll, and a round of sending, each of which may fail."""
        if self.published < len(NAMES):
            self._try(lambda: self.publish(NAMES[self.published]))
        self._try(lambda: self._deliverer.tick(Way.MAIL))
        self.world.clock.wait(HOUR)

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except StorageError as error:
            self.refusals.append(error)

    def lost(self) -> int:
        return len(NAMES) * PEOPLE - len(self._told())

    def doubled(self) -> int:
        """The same alert for the same person, whatever the id."""
        return sum(number - 1 for number in self._told().values())

    def _told(self) -> Counter[tuple[str, str]]:
        sent = self.world.sender.sent
        return Counter((one.message.about, alert) for one in sent for alert in one.message.alerts)


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return whole and not database.execute("PRAGMA foreign_key_check").fetchall()


def digest(rows: Iterable[object]) -> str:
    """How many there are and what they come to, in whatever order."""
    number, total = 0, 0
    for row in rows:
        number += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
    return f"{number}: {total:x}"
