"""What grows with what: the past that is stored, pages watched, people told, alerts a day."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from bench.figures import Chapter, Figure
from bench.growth import busy, versions, works
from bench.growth.history import History
from bench.growth.people import People
from bench.growth.timing import Course
from bench.growth.watched import Watched
from storage.decision_store import SqlDesk
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import catalogue
from watcher.core.catalogue import Catalogue

FIRST, COMPARED = 10_000, 10_000  # the least is large enough that a month of alerts is recent
STORED = (10_000, 100_000, 500_000), (10_000, 100_000, 1_000_000, 10_000_000)
WATCHED = (100, 1_000, 10_000), (100, 1_000, 10_000, 100_000, 1_000_000)
PEOPLE = (100, 1_000, 10_000, 100_000), (100, 1_000, 10_000, 100_000, 1_000_000)
A_DAY = (10, 100, 1_000), (10, 100, 1_000, 10_000)
HOW = (
    "Processor time of works on one SQLite database that grows, each the median of several runs in a warm process. "
    "What must not depend on a size is compared at its ends and may cost 1.5 times as much; of the rest the exponent "
    "is told (1 is linear). The recent month is the same at every size of the past; subscribers and watched pages have "
    "databases of their own."
)


def measure(options: argparse.Namespace) -> Chapter:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored = _stored(folder, STORED[options.long])
        watched = _watched(folder, WATCHED[options.long])
        people, told = _people(folder, PEOPLE[options.long])
        crowded = Course("alerts a day")
        for number in A_DAY[options.long]:
            crowded.measure(number, busy.shown(folder, number), flat=False)
        disk = versions.measure(folder)
    courses = (stored, watched, people, crowded)
    figures = [figure for course in courses for figure in course.figures()]
    return Chapter("Growth", HOW, (*disk, *figures, *told), tuple(course.plot() for course in courses))


def _stored(folder: Path, sizes: tuple[int, ...]) -> Course:
    course, past = Course("items stored"), History(folder)
    known = _watching(past)
    names = tuple(one.id for one in past.sources)
    outbox, people = SqlOutbox(past.engine), SqlSubscriptions(past.engine)
    for size in sizes:
        past.grow(size)
        done = {
            **works.pages(past.store, outbox, known),
            **works.desk(SqlDesk(past.engine)),
            **works.upkeep(past.store, people, outbox, known),
            **works.polling(past.store, names),
        }
        course.measure(size, done, flat=True)
    past.engine.dispose()
    past.path.unlink()
    return course


def _watching(past: History) -> Catalogue:
    few = catalogue()
    return Catalogue(few.platforms, few.prefectures, {one.id: one for one in past.sources})


def _watched(folder: Path, sizes: tuple[int, ...]) -> Course:
    course, all_ = Course("pages watched"), Watched(folder)
    for size in sizes:
        all_.grow(size)
        done = all_.works()
        one = {name: work for name, work in done.items() if name.startswith("poll")}
        course.measure(size, one, flat=True)
        course.measure(size, {name: work for name, work in done.items() if name not in one}, flat=False)
    all_.engine.dispose()
    all_.path.unlink()
    return course


def _people(folder: Path, sizes: tuple[int, ...]) -> tuple[Course, tuple[Figure, ...]]:
    course, all_ = Course("subscribers"), People(folder)
    told = []
    for size in sizes:
        all_.grow(size)
        course.measure(size, all_.works(), flat=True)
        begun = time.perf_counter()
        all_.fan_out()
        told.append(
            Figure("one alert promised to all who want it", time.perf_counter() - begun, "s", of=f"{size:,}")
        )
    all_.engine.dispose()
    return course, tuple(told)
