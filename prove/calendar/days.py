"""Digests over days on which clocks change, or a clock that is wrong for a while."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from prove.report import Figure
from prove.storage.small import opened, sound
from storage.migrations import upgrade
from tests.fakes.plans import alert, news
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.subscriptions import Cadence, Way

ZONES = ("Europe/Paris", "America/Cayenne", "Indian/Reunion", "Pacific/Noumea", "America/Martinique")
ROUND = timedelta(minutes=30)
CALM_ROUND = timedelta(hours=3)
AT_REST = 30  # statements of a round that finds nothing to do, and sets right what a wrong clock left
NEWS = timedelta(hours=6)
CALM = timedelta(days=9)  # after which a weekly digest has told of everything


@dataclass(frozen=True, slots=True)
class Wrong:
    """A clock that stands `off` for a while, from so many days after the beginning."""

    after: float
    off: timedelta
    span: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Days:
    name: str
    begin: datetime
    wrong: Wrong | None = None
    sleep: tuple[float, timedelta] | None = None  # a machine that is suspended: after days, for how long
    days: float = 4


def _days(name: str, *day: int, **what: object) -> Days:
    return Days(name, datetime(*day, tzinfo=UTC), **what)  # type: ignore[arg-type, misc]


def _wrong(name: str, **off: float) -> Days:
    # from the small hours on, so that it is wrong over seven in the morning of most zones
    return _days(name, 2026, 11, 16, wrong=Wrong(1.22, timedelta(**off)))


SCENES: Sequence[Days] = (
    _days("an hour twice (25 October 2026)", 2026, 10, 23),
    _days("an hour left out (28 March 2027)", 2027, 3, 26),
    _days("29 February 2028", 2028, 2, 27),
    _days("week 53 and New Year", 2026, 12, 26, days=11),
    _wrong("an hour back", hours=-1),
    _wrong("an hour ahead", hours=1),
    _wrong("a day back", days=-1),
    _wrong("a day ahead", days=1),
    _wrong("ten years ahead", days=3652),
    _days(
        "1970",
        2026,
        11,
        16,
        wrong=Wrong(1.22, datetime(1970, 1, 1, tzinfo=UTC) - datetime(2026, 11, 17, tzinfo=UTC)),
    ),
    _days("suspended for 30 hours", 2026, 11, 16, sleep=(1.1, timedelta(hours=30))),
)


@dataclass
class Lived:
    alerts: int = 0
    people: int = 0
    lost: int = 0
    doubled: int = 0
    most_for_a_period: int = 0
    idle: int = 0  # statements of a round in which nothing was sent, at most
    sound: bool = True


def live(scene: Days, path: Path) -> Lived:
    with opened(path) as engine:
        upgrade(engine)
        lived = _Living(scene, engine)
        lived.run()
    return lived.result(sound(path))


class _Living:
    def __init__(self, scene: Days, engine: Engine) -> None:
        self.scene, self.world = scene, World(engine)
        self.world.clock.time = scene.begin
        self.real = scene.begin
        self.statements, self.idle, self.number = 0, 0, 0
        event.listen(engine, "before_cursor_execute", self._count)
        cadences = (Cadence.NOW, Cadence.DAILY, Cadence.WEEKLY)
        self.people = [
            subscriber(f"{cadence}-{zone}", at=scene.begin, cadence=cadence, zone=zone)
            for cadence in cadences
            for zone in ZONES
        ]
        subscribe(engine, *self.people)
        self.deliverer = self.world.deliverer()

    def _count(self, *_: object) -> None:
        self.statements += 1

    def run(self) -> None:
        """Rounds of sending, and news, by the clock of the machine; no news in the last days."""
        scene, news_at = self.scene, self.real
        end = self.real + timedelta(days=scene.days)
        while self.real < end + CALM:
            self.world.clock.time = self.real + self._off()
            if news_at <= self.real < end:
                self._publish()
                news_at += NEWS
            self._round()
            self.real += self._step() if self.real < end else CALM_ROUND

    def _off(self) -> timedelta:
        wrong = self.scene.wrong
        if wrong is None:
            return timedelta(0)
        begins = self.scene.begin + timedelta(days=wrong.after)
        return wrong.off if begins <= self.real < begins + wrong.span else timedelta(0)

    def _step(self) -> timedelta:
        if self.scene.sleep:
            after, span = self.scene.sleep
            begins = self.scene.begin + timedelta(days=after)
            if begins <= self.real < begins + ROUND:
                return span
        return ROUND

    def _publish(self) -> None:
        self.number += 1
        told = alert(f"n{self.number}", detected_at=self.world.now)
        assert self.world.store.save(news(f"n{self.number}", self.number, alerts=(told,)))

    def _round(self) -> None:
        before, self.statements = len(self.world.sender.sent), 0
        self.world.store.catch_up(self.world.now)
        self.deliverer.tick(Way.MAIL)
        if len(self.world.sender.sent) == before:
            self.idle = max(self.idle, self.statements)

    def result(self, whole: bool) -> Lived:
        sent = self.world.sender.sent
        told = Counter((one.message.about, name) for one in sent for name in one.message.alerts)
        periods = Counter((one.message.about, one.message.run) for one in sent if one.message.run)
        return Lived(
            alerts=self.number,
            people=len(self.people),
            lost=self.number * len(self.people) - len(told),
            doubled=sum(number - 1 for number in told.values()),
            most_for_a_period=max(periods.values(), default=0),
            idle=self.idle,
            sound=whole,
        )


def digests(folder: Path, scenes: Sequence[Days] = SCENES) -> list[Figure]:
    figures = []
    for scene in scenes:
        folder.joinpath("x").mkdir(exist_ok=True)
        path = folder / "x" / "vigie.db"
        found = live(scene, path)
        shutil.rmtree(path.parent)
        good = not (found.lost or found.doubled) and found.most_for_a_period == 1 and found.sound
        figures.append(
            Figure(
                scene.name,
                f"{found.alerts} alerts × {found.people}: {found.lost} lost, {found.doubled} doubled, "
                f"{found.most_for_a_period} digest for a period, {found.idle} statements at rest",
                f"0, 0, 1, {AT_REST} at most",
                good and found.idle <= AT_REST,
            )
        )
    return figures
