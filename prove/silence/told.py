"""What was promised is taken away behind the outbox's back; news of our own page go the whole way, or do not."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import delete, select, update

from prove.report import Figure
from storage.engine import open_engine, reading, writing
from storage.migrations import upgrade
from storage.tables import deliveries, messages
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.canary import try_out
from watcher.core.outbox import Fate
from watcher.core.reconcile import NEWEST, OLDEST
from watcher.core.subscriptions import Cadence, Choices, EndReason, Interest
from watcher.settings import Settings

PEOPLE, NEWS = 30, 8
WISHES = (
    Interest(),
    Interest(prefectures=frozenset({"15", "69"})),
    Interest(prefectures=frozenset({"69"})),
    Interest(categories=frozenset({"rdv_modality"}), motifs=frozenset({"salarie"})),
    Interest(motifs=frozenset({"asile"})),
    Interest(verified_only=True),
)
FATES = (Fate.ACCEPTED, Fate.ACCEPTED, Fate.RETRY, Fate.AMBIGUOUS, Fate.BOUNCED, Fate.REFUSED)
_reached: list[str] = []  # where this process connected to while it was listened to


@dataclass
class Lives:
    looks: int = 0
    false: int = 0  # gaps where there are none
    taken: int = 0  # promises that were taken away
    found: int = 0  # of them
    slowest: float = 0.0


def figures(seed: int, rounds: int) -> list[Figure]:
    lives = Lives()
    for turn in range(rounds):
        with _world() as world:
            _live(world, random.Random(seed * 1000 + turn), lives)
    return [
        Figure("looks at lives in which all were told, or will be", f"{lives.looks}", ""),
        Figure("gaps seen where there are none", f"{lives.false}", "0", not lives.false),
        Figure(
            "promises that were taken away, and found out",
            f"{lives.found} of {lives.taken}",
            "all",
            lives.found == lives.taken,
        ),
        Figure("the slowest look", f"{lives.slowest * 1000:.0f} ms", ""),
        *_canary(),
    ]


def _live(world: World, chance: random.Random, lives: Lives) -> None:
    names = [f"s{number}" for number in range(PEOPLE)]
    cadences = (Cadence.NOW, Cadence.NOW, Cadence.DAILY)
    for name in names:
        wish = chance.choice(WISHES)
        subscribe(world.engine, subscriber(name, wish, at=world.now, cadence=chance.choice(cadences)))
    world.pass_time(minutes=1)
    world.sender.answer = lambda _: chance.choice(FATES)
    for number in range(NEWS):
        world.publish(f"n{number}")
        world.pass_time(minutes=chance.randrange(1, 90))
        if chance.random() < 0.7:
            world.tick()
        if chance.random() < 0.4:
            world.people.end(chance.choice(names), EndReason.ONE_CLICK, world.now)
        if chance.random() < 0.4:
            world.people.choose(chance.choice(names), Choices(chance.choice(WISHES)), world.now)
        lives.false += _gaps(world, lives)
    world.pass_time(hours=2)
    lives.false += _gaps(world, lives)
    _take(world, chance, lives)


def _take(world: World, chance: random.Random, lives: Lives) -> None:
    """Some of what active people were promised, in one of three ways."""
    active = [one.id for one in world.people.subscriptions()]
    with reading(world.engine) as connection:
        wanted = select(deliveries.c.id, deliveries.c.message).where(deliveries.c.subscription.in_(active))
        rows = [row for row in connection.execute(wanted) if _owed(world, row.id)]
    chosen = chance.sample(rows, min(5, len(rows)))
    with writing(world.engine) as connection:
        for row in chosen:
            if row.message is None or chance.random() < 0.5:
                connection.execute(delete(deliveries).where(deliveries.c.id == row.id))
            else:
                empty = update(messages).where(messages.c.id == row.message)
                connection.execute(empty.values(alerts="[]"))
        gone = {row.id for row in chosen}
        emptied = select(messages.c.id).where(messages.c.alerts == "[]")
        gone |= set(connection.scalars(select(deliveries.c.id).where(deliveries.c.message.in_(emptied))))
    lives.taken += len([one for one in gone if one in {row.id for row in rows}])
    lives.found += _gaps(world, lives)


def _owed(world: World, delivery: str) -> bool:
    """Whether whoever it is for still wants it, and has wanted it since before it was found."""
    with reading(world.engine) as connection:
        sql = (
            "SELECT a.detected_at >= COALESCE(s.chosen_at, s.confirmed_at) FROM deliveries d "
            "JOIN alerts a ON a.id = d.alert JOIN subscriptions s ON s.id = d.subscription WHERE d.id = ?"
        )
        return bool(connection.exec_driver_sql(sql, (delivery,)).scalar())


def _gaps(world: World, lives: Lives) -> int:
    begun = time.perf_counter()
    found = world.outbox.gaps(world.now - OLDEST, world.now - NEWEST)
    lives.looks += 1
    lives.slowest = max(lives.slowest, time.perf_counter() - begun)
    return sum(gap.subscriptions for gap in found)


def _canary() -> list[Figure]:
    shipped = Settings()
    with tempfile.TemporaryDirectory() as folder, _listening():
        empty, trials = Path(folder) / "rules.yaml", Path(folder) / "trials"
        empty.write_text("motifs: []\n", encoding="utf-8")
        trials.mkdir()
        with _temporary(trials):
            begun = time.perf_counter()
            well = [try_out(shipped) for _ in range(3)]
            seconds = (time.perf_counter() - begun) / 3
            sick = {
                "rules.yaml is away": try_out(replace(shipped, rules=Path(folder) / "none.yaml")),
                "rules.yaml says nothing": try_out(replace(shipped, rules=empty)),
            }
        with _temporary(Path("/proc/nowhere")):
            sick["no folder to write to"] = try_out(shipped)
        left = len(list(trials.iterdir()))
    outside = [one for one in _reached if not one.startswith(("127.", "::1"))]
    missed = [name for name, said in sick.items() if not said]
    return [
        Figure(
            "trials that arrived, where all is well",
            f"{well.count('')} of 3, {seconds:.1f} s each",
            "3",
            not any(well),
        ),
        Figure(
            "trials that were lost where something is broken",
            f"{len(sick) - len(missed)} of {len(sick)}",
            "all",
            not missed,
        ),
        Figure(
            "connections of trials beyond the machine", f"{len(outside)} of {len(_reached)}", "0", not outside
        ),
        Figure("what trials left behind", f"{left} folders", "0", not left),
    ]


@contextmanager
def _temporary(folder: Path) -> Iterator[None]:
    """What is made for a while is made there: what others on the machine left behind is theirs."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def _listening() -> Iterator[None]:
    on = True

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if on and event == "socket.connect" and isinstance(arguments[1], tuple):
            _reached.append(str(arguments[1][0]))

    sys.addaudithook(hear)
    try:
        yield
    finally:
        on = False


@contextmanager
def _world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        try:
            yield World(engine)
        finally:
            engine.dispose()
