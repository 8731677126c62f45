"""Copies made under load, put back, killed on the way at each line; bits that flip in them and in the original."""

from __future__ import annotations

import os
import random
import shutil
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

from prove.crash.process import forked
from prove.report import Figure
from prove.storage.lines import files, until_line
from prove.storage.small import Life, fresh, make, opened, sound
from storage.backup import put_back, save
from storage.copies import examine
from storage.errors import StorageError
from tests.fakes.plans import NOW
from tests.fakes.telling import World
from watcher.core.subscriptions import Way

LATER = NOW + timedelta(days=1)
_TRACED = files("backup", "copies", "departures")


def under_load(folder: Path, number: int) -> list[Figure]:
    """Copies while alerts are published and sent; then what a process does that finds one in its place."""
    path = make(folder / "vigie.db", 20)
    done, torn, waiting = Event(), 0, 0
    with opened(path) as engine, ThreadPoolExecutor(1) as pool:
        life = Life(World(engine))
        busy = pool.submit(_live_until, life, done)
        for turn in range(number):
            copy = folder / f"{turn}.db"
            save(f"sqlite:///{path}", copy, NOW)
            with opened(fresh(copy, folder / "tried")) as tried:
                outbox = World(tried).outbox
                promised = len(outbox.deliveries())
                torn += promised % 20 != 0 or not sound(folder / "tried" / "vigie.db")
        done.set()
        busy.result()
        life.publish("last")
        save(f"sqlite:///{path}", copy, NOW)
        waiting = examine(copy).waiting
    sent, spent = _drill(copy, folder / "drill")
    return [
        Figure(
            f"{number} copies while {life.published} alerts were told: unusable", str(torn), "0", not torn
        ),
        Figure("a copy put back: ready after", f"{spent:.1f} s", "600 s", spent < 600),
        Figure(f"sent from it unasked ({waiting} waiting)", str(sent), "0", sent == 0),
    ]


def _live_until(life: Life, done: Event) -> None:
    while not done.is_set():
        life.publish(f"n{life.published}")
        life.world.deliverer().tick(Way.MAIL)


def _drill(copy: Path, folder: Path) -> tuple[int, float]:
    """What a restored copy sends, and how long it took until it could be used."""
    folder.mkdir()
    began = time.perf_counter()
    put_back(copy, f"sqlite:///{folder / 'vigie.db'}", LATER, replace=False)
    with opened(folder / "vigie.db") as engine:
        life = Life(World(engine))
        spent = time.perf_counter() - began
        for _ in range(3):
            life.world.tick()
        return len(life.world.sender.sent), spent


def killed(folder: Path, every: int) -> list[Figure]:
    """A copy, and its return, by processes that are killed before each of their lines."""
    path, copy = make(folder / "made" / "vigie.db", 5, "a"), folder / "made" / "copy.db"
    save(f"sqlite:///{path}", copy, NOW)
    old = copy.read_bytes()

    def saving(stage: Path) -> None:
        save(f"sqlite:///{stage / 'vigie.db'}", stage / "copy.db", LATER)

    def saved(stage: Path) -> bool:
        kept = (stage / "copy.db").read_bytes() == old or examine(stage / "copy.db").made_at == LATER
        saving(stage)
        return kept and examine(stage / "copy.db").made_at == LATER

    def restoring(stage: Path, days: int = 0) -> None:
        at = LATER + timedelta(days=days)
        put_back(stage / "copy.db", f"sqlite:///{stage / 'vigie.db'}", at, replace=True)

    def restored(stage: Path) -> bool:
        kept = sound(stage / "vigie.db") and _count(stage) == 5
        restoring(stage, 1)
        return kept and _count(stage) == 5 and not list(stage.glob(".*"))

    figures = []
    for name, work, check in (("backup", saving, saved), ("restore", restoring, restored)):
        kills, wrong = _sweep(path.parent, folder / "stage", work, check, every)
        figures.append(
            Figure(f"{name} killed: neither as before nor done", f"{wrong} of {kills}", "0", not wrong)
        )
    return figures


def _count(stage: Path) -> int:
    with opened(stage / "vigie.db") as engine:
        return World(engine).people.sealed()


def _sweep(
    made: Path, stage: Path, work: Callable[[Path], None], check: Callable[[Path], bool], every: int
) -> tuple[int, int]:
    point, kills, wrong = 1, 0, 0
    while True:
        shutil.rmtree(stage, ignore_errors=True)
        shutil.copytree(made, stage)
        if os.waitpid(forked(lambda: until_line(point, _TRACED, lambda: work(stage))), 0)[1] == 0:  # noqa: B023
            return kills, wrong
        kills += 1
        wrong += not check(stage)
        point += every


def flipped(folder: Path, number: int, seed: int) -> list[Figure]:
    """One bit, somewhere where there is something."""
    chance = random.Random(seed)
    path, copy = make(folder / "vigie.db", 20, "a", "b", "c"), folder / "copy.db"
    save(f"sqlite:///{path}", copy, NOW)
    copies = Counter(_of_copy(copy, place, bit) for place, bit in _places(copy, number, chance))
    used = Counter(_in_use(path, folder / "flip", *spot) for spot in _places(path, number, chance))
    wordless = sorted(str(kind) for kind in used if kind not in {"told", "unnoticed"})
    return [
        Figure(
            "a bit flipped in a copy: unnoticed",
            f"{copies['unnoticed']} of {number}",
            "0",
            not copies["unnoticed"],
        ),
        Figure(
            "a bit flipped in a database in use: told in words",
            f"{used['told']} of {number}; the others are within texts, or change nothing",
            "",
        ),
        Figure("told without words", ", ".join(wordless) or "0", "0", not wordless),
    ]


def _places(path: Path, number: int, chance: random.Random) -> list[tuple[int, int]]:
    whole = path.read_bytes()
    full = [place for place in range(0, len(whole), 7) if whole[place]]
    return [(chance.choice(full), 1 << chance.randrange(8)) for _ in range(number)]


def _flip(path: Path, place: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        was = file.read(1)[0]
        file.seek(place)
        file.write(bytes([was ^ bit]))


def _of_copy(copy: Path, place: int, bit: int) -> str:
    _flip(copy, place, bit)
    try:
        examine(copy)
    except StorageError:
        return "told"
    else:
        return "unnoticed"
    finally:
        _flip(copy, place, bit)


def _in_use(path: Path, folder: Path, place: int, bit: int) -> str:
    """Read everything that readers and workers read."""
    flipped = fresh(path, folder)
    _flip(flipped, place, bit)
    try:
        with opened(flipped) as engine:
            world = World(engine)
            world.store.alerts()
            world.store.states()
            world.store.latest_snapshot("15-actualites")
            world.store.latest_page("15-actualites")
            list(world.store.readings())
            world.people.subscriptions(ended=True)
            world.tick()
            world.outbox.messages()
    except StorageError:
        return "told"
    except Exception as error:  # a figure
        trace = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} {Path(trace.filename).name}:{trace.lineno}"
    return "unnoticed"
