"""What grows with what: the past that is stored, pages watched, people told, alerts a day."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from bench.figures import Chapter, Figure
from bench.growth import busy, letters, versions, works
from bench.growth.history import History
from bench.growth.people import People
from bench.growth.timing import Course, Work
from bench.growth.watched import Watched
from storage.decision_store import SqlDesk
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import catalogue
from watcher.core.catalogue import Catalogue

LEAST = 10_000  # items: large enough that a month of alerts is recent
STORED = (100_000, 500_000), (1_000_000, 10_000_000)
WATCHED = (100, 1_000, 10_000), (100, 1_000, 10_000, 100_000, 1_000_000)
PEOPLE = (100, 1_000, 10_000, 100_000), (100, 1_000, 10_000, 100_000, 1_000_000)
A_DAY = (10, 100, 1_000), (10, 100, 1_000, 10_000)
HOW = (
    "Processor time of works on one SQLite database that grows, each the median of several runs in a warm process. "
    "What must not depend on a size is compared with the same work on a database of the least size, in turn with it, "
    "and may cost 1.5 times as much; of the rest the exponent is told (1 is linear). The recent month is the same at "
    "every size of the past; subscribers and watched pages have databases of their own. `--items N` takes another "
    "size of the past: 10,000,000 need 12 GB of disk where temporary files are."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", metavar="N", type=int, help="stored, at most")


def measure(options: argparse.Namespace) -> Chapter:
    sizes: tuple[int, ...] = STORED[options.long]
    if items := getattr(options, "items", None):
        sizes = (max(items, 10 * LEAST),)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored, locks = _stored(folder, sizes)
        watched = _watched(folder, WATCHED[options.long])
        people, told = _people(folder, PEOPLE[options.long])
        crowded = Course("alerts a day")
        for number in A_DAY[options.long]:
            crowded.measure(number, busy.shown(folder, number))
        disk = versions.measure(folder)
    courses = (stored, watched, people, crowded)
    figures = [figure for course in courses for figure in course.figures()]
    return Chapter(
        "Growth", HOW, (*disk, *figures, *locks, *told), tuple(course.plot() for course in courses)
    )


def _stored(folder: Path, sizes: tuple[int, ...]) -> tuple[Course, tuple[Figure, ...]]:
    course = Course("items stored")
    few, past = History(folder / "few", LEAST), History(folder, LEAST)
    for size in sizes:
        past.grow(size)
        course.compare(LEAST, _on(few, size), size, _on(past, size))
    locks = letters.forgotten(past.store)
    for one in (few, past):
        one.engine.dispose()
        one.path.unlink()
    return course, locks


def _on(past: History, turn: int) -> dict[str, Work]:
    """All that is measured; what is new in the round of this `turn` differs from that of others."""
    few, outbox, people = catalogue(), SqlOutbox(past.engine), SqlSubscriptions(past.engine)
    known = Catalogue(few.platforms, few.prefectures, {one.id: one for one in past.sources})
    return {
        **works.pages(past.store, outbox, known),
        **works.desk(SqlDesk(past.engine)),
        **works.upkeep(past.store, people, outbox, known),
        **works.polling(past.store, tuple(one.id for one in past.sources), turn),
        **letters.sending(past.engine, turn),
    }


def _watched(folder: Path, sizes: tuple[int, ...]) -> Course:
    course, few, all_ = Course("pages watched"), Watched(folder / "few", sizes[0]), Watched(folder, sizes[0])
    for size in sizes:
        all_.grow(size)
        done, before = all_.works(), few.works()
        one = {name: work for name, work in done.items() if name.startswith("poll")}
        if size > sizes[0]:
            course.compare(sizes[0], before, size, one)
        course.measure(size, {name: work for name, work in done.items() if name not in one})
    for each in (few, all_):
        each.engine.dispose()
        each.path.unlink()
    return course


def _people(folder: Path, sizes: tuple[int, ...]) -> tuple[Course, tuple[Figure, ...]]:
    course, few, all_ = Course("subscribers"), People(folder / "few", sizes[0]), People(folder, sizes[0])
    told = []
    for size in sizes:
        all_.grow(size)
        if size > sizes[0]:
            course.compare(sizes[0], few.works(), size, all_.works())
        begun = time.perf_counter()
        all_.fan_out()
        told.append(
            Figure("one alert promised to all who want it", time.perf_counter() - begun, "s", of=f"{size:,}")
        )
    for each in (few, all_):
        each.engine.dispose()
        each.path.unlink()
    return course, tuple(told)
