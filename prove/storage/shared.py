"""One database that many want at once, or that somebody will not let go."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Event

from prove.crash.process import forked
from prove.gauge import Timed
from prove.report import Figure
from prove.storage.small import NAMES, Life, fresh, make, opened, sound
from storage.backup import save
from storage.engine import PRAGMAS, reading
from storage.store import SqlStore
from tests.fakes.plans import HOUR, NOW, source
from tests.fakes.telling import World
from watcher.core.outbox import Claimed, Fate
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way

_SOURCES = 200


def crowd(folder: Path, writers: int, each: int, reader: float) -> list[Figure]:
    """Writers side by side, somebody who reads for long, and copies that are made meanwhile."""
    path = make(folder / "vigie.db")
    spans: list[float] = []
    errors: Counter[str] = Counter()
    done = Event()

    def write(number: int) -> None:
        for turn in range(each):
            problem = Problem(f"w{number}-{turn}", ProblemKind.MOVED, NOW, "x" * 200)
            began = time.perf_counter()
            _noting(errors, lambda: store.note_problems((problem,), (), NOW))  # noqa: B023  # done at once
            spans.append(time.perf_counter() - began)

    def read() -> None:
        with reading(engine):
            done.wait(reader)

    def copy() -> int:
        made = 0
        while not done.wait(0.1):
            _noting(errors, lambda: save(f"sqlite:///{path}", folder / "copy.db", NOW))
            made += 1
        return made

    with opened(path) as engine, ThreadPoolExecutor(writers + 2) as pool:
        store = SqlStore(engine)
        long, copying = pool.submit(read), pool.submit(copy)
        for work in [pool.submit(write, number) for number in range(writers)]:
            work.result()
        done.set()
        long.result()
        kept = len(store.problems())
    slow = sorted(spans)[len(spans) * 99 // 100] * 1000
    return [
        Figure(
            f"{writers} writers × {each}, a reader of {reader:.0f} s, {copying.result()} copies: errors",
            ", ".join(f"{n} {name}" for name, n in errors.items()) or "0",
            "0",
            not errors,
        ),
        Figure("rows missing afterwards", str(writers * each - kept), "0", kept == writers * each),
        Timed("a write takes, 99 of 100", f"{slow:.0f} ms at most", "500 ms", slow <= 500),
    ]


def _noting(errors: Counter[str], work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # each is a figure
        errors[type(error).__name__] += 1


def locked(folder: Path) -> list[Figure]:
    """Another program holds the database: for less than we wait, then for longer."""
    path = fresh(make(folder / "template.db"), folder / "locked")
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    with opened(path) as engine, ThreadPoolExecutor(1) as pool, closing(holder):
        life = Life(World(engine))
        holder.execute("BEGIN IMMEDIATE")
        ends = pool.submit(lambda: (Event().wait(1.5), holder.execute("COMMIT")))
        life.step()
        ends.result()
        short = len(life.refusals)
    with _impatient(), opened(path) as engine, closing(sqlite3.connect(path, isolation_level=None)) as holder:
        life.moved(World(engine))
        holder.execute("BEGIN IMMEDIATE")
        life.step()
        held = life.refusals[short:]
        holder.execute("COMMIT")
        for _ in range(len(NAMES) + 2):
            life.step()
    told = all("un autre programme la tient verrouillée" in str(e) and not e.permanent for e in held)
    after = (life.lost(), life.doubled())
    return [
        Figure("locked for 1.5 s by another: refusals", str(short), "0", not short),
        Figure("locked for too long: refusals in these words", str(len(held)), "each", bool(held) and told),
        Figure(
            "afterwards, without a restart: lost, doubled", "{}, {}".format(*after), "0, 0", not any(after)
        ),
    ]


@contextmanager
def _impatient() -> Iterator[None]:
    """Connections that wait for a moment where they otherwise wait for ten seconds."""
    usual = PRAGMAS["busy_timeout"]
    PRAGMAS["busy_timeout"] = 50
    try:
        yield
    finally:
        PRAGMAS["busy_timeout"] = usual


def race(folder: Path, workers: int, people: int, rounds: int = 1) -> list[Figure]:
    """Processes that send from one database, and want its sources, at the same time."""
    path = make(folder / "race.db", people, "a", "b")
    figures = race_for((fresh(path, folder / "race") for _ in range(rounds)), folder, workers, people)
    whole = sound(folder / "race" / "vigie.db")
    return [*figures, Figure("database sound", "yes" if whole else "no", "yes", whole)]


def race_for(
    places: Iterable[Path | str], folder: Path, workers: int, people: int, kind: str = ""
) -> list[Figure]:
    """For what is to be sent and read of each of these databases, alike but for that."""
    began, found = time.perf_counter(), Counter[str]()
    for where in places:
        _race(where, folder, workers, found)
        found["mails"] += people
        found["sources"] += _SOURCES
    spent = time.perf_counter() - began
    missing, polled = found["mails"] - found["sent"], (found["polled"], found["polled twice"])
    name = f"{kind}{workers} processes, {found['mails']} mails"
    name += f" in {rounds} races" if (rounds := found["mails"] // people) > 1 else ""
    return [
        Figure(f"{name}: lost", str(missing), "0", not missing),
        Figure(f"{name}: sent twice", f"{found['sent twice']} ({spent:.0f} s)", "0", not found["sent twice"]),
        Figure(
            f"{kind}{found['sources']} sources: polled, twice",
            "{}, {}".format(*polled),
            f"{found['sources']}, 0",
            polled == (found["sources"], 0),
        ),
    ]


def _race(where: Path | str, folder: Path, workers: int, found: Counter[str]) -> None:
    with opened(where) as engine:
        SqlStore(engine).register([source(f"15-{n}") for n in range(_SOURCES)], NOW)
    for child in [forked(partial(_compete, where, folder, n)) for n in range(workers)]:
        assert os.waitpid(child, 0)[1] == 0
    deeds: Counter[str] = Counter()
    for number in range(workers):
        with (folder / f"{number}.log").open() as log:
            deeds.update(log)
    for line, times in deeds.items():
        what = line.partition(" ")[0]
        found[what] += 1
        found[f"{what} twice"] += times - 1


def _compete(where: Path | str, folder: Path, number: int) -> None:
    with opened(where) as engine, (folder / f"{number}.log").open("w") as log:
        world, store = World(engine), SqlStore(engine)

        def answer(one: Claimed) -> Fate:
            log.write(f"sent {one.message.about} {' '.join(one.message.alerts)}\n")
            return Fate.ACCEPTED

        world.sender.answer = answer
        deliverer = world.deliverer(f"host/{number}/1")
        while world.outbox.oldest_due(Way.MAIL):
            deliverer.tick(Way.MAIL)
        for place in range(_SOURCES):
            if store.claim(f"15-{place}", f"host/{number}/1", NOW, NOW + HOUR):
                log.write(f"polled {place}\n")
