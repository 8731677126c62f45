"""A watch with its threads and its scheduler, ended at any moment while news comes in: by SIGKILL, its whole
process group at once, or by SIGTERM, as a machine that is switched off asks for.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from prove.crash.databases import Kept
from prove.crash.invariants import Found, whole
from prove.crash.life import ANNE, BOB, Site, Stage, TickingClock, address_of, one_process, prepare
from prove.crash.outside import HOOK, Outside
from prove.crash.process import forked
from tests.fakes.processes import environment, until
from tests.fakes.web import HOST, LIST, Card, article_page, cards, list_page
from watcher.bootstrap import open_app, open_tools
from watcher.bootstrap_telling import open_post
from watcher.clock import RehearsalClock
from watcher.daemon import Periods, Watch, run

BEHIND = 3  # announcements that nobody noticed yet: many at once would be doubted
PATIENCE = 25.0  # seconds
A_DAY = 25  # ends: what a day brings must find room in the letter of those who get one a day
RATE = 60  # how fast time passes for a watch that was forked
VIGIE = str(Path(sys.executable).with_name("vigie"))
_QUICK = Periods(*(timedelta(seconds=span) for span in (0.05, 0.05, 1.0, 0.5)))
_TEXT = (
    "À compter du {day} octobre 2025, les demandes de titre de séjour « salarié » se font uniquement sur "
    "rendez-vous, à prendre en ligne : créneaux de la série {number}."
)


READERS = tuple(f"reader{number:02}" for number in range(20))
_AT_ONCE = (ANNE, BOB, HOOK, *map(address_of, READERS))


@dataclass
class Press:
    """A préfecture that announces one thing after the other; all else `stays`."""

    stays: Site
    shown: list[Card] = field(default_factory=lambda: cards(9))

    def announce(self) -> None:
        number = len(self.shown)
        title = f"Titres de séjour : rendez-vous en ligne obligatoire, série {number}"
        self.shown.insert(0, Card(title, date(2025, 9, 8), path=f"S{number}"))

    @property
    def truth(self) -> list[tuple[str, str]]:
        return [("added", f"/Actualites/{card.path}") for card in self.shown if card.path.startswith("S")]

    def page(self, path: str) -> bytes | None:
        name = path.rpartition("/")[2]
        if f"{HOST}{path}" == LIST:
            said = list_page(self.shown[:10])
        elif name.startswith("S"):
            said = article_page(f"Série {name}", _TEXT.format(day=int(name[1:]) % 28 + 2, number=name))
        else:
            return self.stays.page(path)
        return said.replace(HOST, self.stays.base).encode()


def _status(child: int) -> int:
    """Of a child that was asked to end; one that does not hear is killed."""
    given_up = time.monotonic() + PATIENCE
    while time.monotonic() < given_up:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.002)
    os.killpg(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


class NoWeb:
    """In place of the web server."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Campaign:
    """`signal_` ends each watch; `served`: a watch is `vigie serve`, not forked from us."""

    stage: Stage
    database: Kept
    chance: random.Random
    signal_: signal.Signals
    served: bool = False
    ended: int = 0
    politely: int = 0  # by themselves, with status 0
    failed: int = 0  # by themselves, with another
    slowest: float = 0.0  # seconds from the signal to the end
    span: float = 0.0  # seconds, of the longest life

    def __post_init__(self) -> None:
        self._press = Press(self.stage.site(-1))
        self._time = datetime(2025, 9, 8, 8, tzinfo=UTC)

    def fight(self, times: int) -> Found:
        """What became of everything after so many ends, each at any moment of what there is to be done."""
        self._begin()
        self._time_it()
        for _ in range(times):
            if self.announced - self._known() < BEHIND:
                self._press.announce()
            self._end(self._start(), self.chance.uniform(0.0, self.span))
            if self.ended % A_DAY == 0:
                self._time += timedelta(days=1)
                self._time_it()  # a machine that is slower by now would end them all before they read anything
        return self._afterwards()

    def share(self, watches: int, days: int) -> Found:
        """What became of what so many watches of one database found and told side by side, `A_DAY` things a day."""
        outside = self._begin()
        for _ in range(days):
            children = [self._start() for _ in range(watches)]
            try:
                for _ in range(A_DAY):
                    before = self._told()
                    self._press.announce()
                    self._until_told(before)
            finally:
                for child in children:
                    os.killpg(child, self.signal_)
            self.failed += sum(_status(child) != 0 for child in children)
            outside.settle()
            self._time += timedelta(days=1)
        return self._afterwards()

    def _begin(self) -> Outside:
        outside = self.stage.outside
        prepare(self.stage, self.database.url, READERS)
        outside.begin()
        outside.answer = self._press.page
        self._in_peace(timedelta(0))
        return outside

    def _afterwards(self) -> Found:
        """Once there is nothing left to be done."""
        outside = self.stage.outside
        if self.served:
            self._time = datetime.now(UTC)
        for days in (0, 1):
            self._in_peace(timedelta(days=days, hours=1))
        outside.over = lambda: True
        self._in_peace(timedelta(hours=1))
        outside.over = lambda: False
        return whole(self.database, outside.copies, self._press.truth, self._names())

    @property
    def announced(self) -> int:
        return len(self._press.truth)

    def _time_it(self) -> None:
        """How long a watch needs from its beginning until everybody is told."""
        self._press.announce()
        before, begun = self._told(), time.monotonic()
        child = self._start()
        self._until_told(before)
        self.span = 1.3 * (time.monotonic() - begun)
        self._end(child, 0.0)

    def _until_told(self, before: int) -> None:
        until(lambda: self._told() >= before + len(_AT_ONCE), 60, "news")

    def _told(self) -> int:
        return sum(bool(copy.alerts) for copy in self.stage.outside.copies)

    def _known(self) -> int:
        return int(self.database.rows("SELECT count(*) FROM alerts")[0][0])

    def _names(self) -> dict[str, str]:
        ways = dict(self.database.rows("SELECT way, id FROM subscriptions WHERE way = 'webhook'"))
        known = {address_of(name): name for name in ("anne", "bob", "dora", *READERS)}
        return known | {HOOK: str(ways["webhook"])}

    def _end(self, child: int, span: float) -> None:
        time.sleep(span)
        asked = time.monotonic()
        os.killpg(child, self.signal_)
        status = _status(child)
        took = time.monotonic() - asked
        self.stage.outside.settle()
        self.ended += 1
        self.politely += status == 0
        self.failed += os.WIFEXITED(status) and status != 0
        self.slowest = max(self.slowest, took)
        self._time += timedelta(seconds=(span + took) * RATE)

    def _start(self) -> int:
        if self.served:
            return self._serve()
        child = forked(self._watch)
        os.setpgid(child, child)
        return child

    def _watch(self) -> None:
        logging.disable()  # the scheduler wonders at such a pace
        clock = RehearsalClock(self._time, RATE)
        with ExitStack() as open_:
            app = open_.enter_context(open_app(self.stage.settings(self.database.url), clock))
            tools, post = open_.enter_context(open_tools(app)), open_.enter_context(open_post(app))
            run(Watch(app, tools, _QUICK, post), NoWeb())  # type: ignore[arg-type]

    def _serve(self) -> int:
        settings = self.stage.settings(self.database.url)
        told = {
            "VIGIE_SMTP": f"smtp://127.0.0.1:{self.stage.outside.mail_port}",
            "VIGIE_MAIL_FROM": settings.mail_from,
            "VIGIE_KEY_FILE": str(settings.key_file),
        }
        asked = ["--database", settings.database, "--sources", str(settings.sources), "--allow-private"]
        process = subprocess.Popen(
            [VIGIE, "serve", "--port", "0", *asked],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment() | told,
            start_new_session=True,
        )
        return process.pid

    def _in_peace(self, later: timedelta) -> None:
        """What a watch does that nobody ends, until nothing is left to do."""
        self._time += later
        status = os.waitpid(forked(self._do_all), 0)[1]
        self.stage.outside.settle()
        if status:
            raise RuntimeError(f"a watch in peace failed with status {status}")

    def _do_all(self) -> None:
        with one_process(self.stage, self.database.url, TickingClock(self._time)) as living:
            living.watch()
