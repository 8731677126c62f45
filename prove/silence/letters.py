"""Letters to maintainers while problems of a hundred pages come and go, the mail server too."""

from __future__ import annotations

import random
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from notifiers.render.problems import ProblemLetter
from prove.folders import quick_folder
from prove.report import Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, catalogue
from tests.fakes.plans import source
from tests.fakes.telling import Crash, World
from watcher.core.catalogue import Catalogue
from watcher.core.outbox import Fate
from watcher.core.problem_news import APART, GRACE
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way
from watcher.problem_news import ProblemNews

_STEP = timedelta(minutes=5)
_EVENT = re.compile(r"reason (\d+)\n")


@dataclass
class Trouble:
    since: datetime
    until: datetime


@dataclass
class Watched:
    """A world whose pages fall ill, and what maintainers read of it."""

    world: World
    chance: random.Random
    troubles: dict[int, Trouble] = field(default_factory=dict)
    crashes: int = 0
    letters: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)  # by id
    copies: int = 0

    def __post_init__(self) -> None:
        watched = Catalogue(
            catalogue().platforms,
            catalogue().prefectures,
            {f"p{number}": source(f"p{number}") for number in range(101)},
        )
        self.news = ProblemNews(self.world.outbox, watched, ProblemLetter(watched, BASE), 1)
        self.world.sender.answer = lambda _: Fate.ACCEPTED
        self.world.outbox.before_settling = self._may_die

    def _may_die(self) -> None:
        if self.chance.random() < 0.05:
            self.crashes += 1
            raise Crash

    def step(self, *, quiet: bool) -> None:
        now = self.world.now
        self._open_and_close(now, quiet=quiet)
        self.news.tell(now)
        self.world.sender.up = quiet or self.chance.random() > 0.1
        with suppress(Crash):  # the next process takes over
            self.world.tick(Way.MAIL)
        self.world.pass_time(minutes=_STEP / timedelta(minutes=1))

    def _open_and_close(self, now: datetime, *, quiet: bool) -> None:
        ill = {number % 101: number for number, one in self.troubles.items() if one.until > now}
        over = [f"p{number % 101}" for number, one in self.troubles.items() if now - _STEP < one.until <= now]
        opens = []
        if not quiet and self.chance.random() < 0.1:
            number = len(self.troubles)
            if number % 101 not in ill:
                lasts = timedelta(minutes=self.chance.choice((5, 9, 15, 40, 200, 1600)))
                self.troubles[number] = Trouble(now, now + lasts)
                opens = [Problem(f"p{number % 101}", ProblemKind.GONE, now, f"reason {number}")]
        self.world.store.note_problems(opens, over, now)

    def read(self) -> None:
        for claimed, body in zip(self.world.sender.sent, self.world.sender.bodies, strict=True):
            self.copies += claimed.message.id in self.letters
            self.letters[claimed.message.id] = (claimed.message.created_at, body)


def letters(days: int, seed: int) -> list[Figure]:
    with TemporaryDirectory(dir=quick_folder()) as folder:
        engine = open_engine(f"sqlite:///{Path(folder)}/vigie.db")
        upgrade(engine)
        watched = Watched(World(engine), random.Random(seed))
        steps = int(timedelta(days=days) / _STEP)
        for number in range(steps + int(timedelta(days=2) / _STEP)):
            watched.step(quiet=number >= steps)
        watched.read()
        engine.dispose()
    return _figures(watched, days)


def _figures(watched: Watched, days: int) -> list[Figure]:
    opened, ended, hasty = Counter[int](), Counter[int](), 0
    for at, body in watched.letters.values():
        new, _, over = _text(body).partition("== Terminés")
        opened.update(map(int, _EVENT.findall(new)))
        ended.update(map(int, _EVENT.findall(over)))
        hasty += sum(at - watched.troubles[int(one)].since < GRACE for one in _EVENT.findall(new))
    moments = sorted(at for at, _ in watched.letters.values())
    close = sum(after - before < APART for before, after in pairwise(moments))
    long_ = [n for n, one in watched.troubles.items() if one.until - one.since > timedelta(days=1)]
    missed = [n for n in long_ if not opened[n]] + [n for n in opened if not ended[n]]
    twice = sum(number > 1 for number in (*opened.values(), *ended.values()))
    return [
        Figure(
            f"{days} days, {len(watched.troubles)} problems, {watched.crashes} crashes after the dot: letters "
            "to a maintainer",
            f"{len(watched.letters)}, which tell of {len(opened)}; {watched.copies} copies under one id",
            "no more copies than crashes",
            watched.copies <= watched.crashes,
        ),
        Figure(
            "… lasting problems, or ends, that were not told · told in two letters",
            f"{len(missed)} · {twice}",
            "0 · 0",
            not missed and not twice,
        ),
        Figure(
            "… two within an hour · told before ten minutes",
            f"{close} · {hasty}",
            "0 · 0",
            not close and not hasty,
        ),
    ]


def _text(body: bytes) -> str:
    said = message_from_bytes(body, policy=policy.default).get_content()  # type: ignore[attr-defined]
    return str(said).replace("\r\n", "\n")
