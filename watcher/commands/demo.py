"""`vigie demo`: the daemon against the replica, a scripted week of September 2025 in a minute: that of news, or a
silent one.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING

from watcher.bootstrap import App, open_app, open_store, open_tools
from watcher.bootstrap_desk import let_in
from watcher.bootstrap_telling import open_post
from watcher.clock import RehearsalClock
from watcher.commands.serve import application
from watcher.core.errors import UserError
from watcher.settings import Settings

if TYPE_CHECKING:
    from watcher.replica import Replica
    from watcher.web.demo_view import DemoEvent

EVE = timedelta(days=1)  # simulated time left for the first sweep, before anything happens
UNHURRIED = 1000.0  # times real time, in that sweep: a page that is first read after its news tells none
CALM = 10_000.0  # times real time, in the last one: at ten times more a lease ends before a busy machine has polled
TRIES = timedelta(days=3)
EVERY = "6h"
REVIEWER = "relecture"
PERIOD = timedelta(seconds=0.2)  # real time between two ticks


@dataclass(slots=True)
class Week:
    """Plays the script as the simulated time passes, and remembers what happened, for the demo page.

    `app` watches the replica; the week takes `seconds`, after however long that takes to know every page.
    """

    replica: Replica
    app: App
    clock: RehearsalClock
    seconds: float
    events: list[DemoEvent] = field(default_factory=list)

    @property
    def step(self) -> int:
        return self.replica.step

    @property
    def steps(self) -> int:
        return self.replica.steps

    @property
    def silent(self) -> bool:
        return self.replica.week == "silent"

    @property
    def time(self) -> datetime:
        return self.clock.now()

    def play(self) -> None:
        """Publish each step in its time; returns at the end of the week, or when asked to stop."""
        from watcher.web.demo_view import DemoEvent

        while not self.asked_since(self.clock.start) and self.clock.now() < self.replica.time(0):
            if self.clock.stop.wait(PERIOD.total_seconds()):
                return
        left = self.replica.time(self.steps) + EVE - self.clock.now()
        self.clock.go(rate=left.total_seconds() / self.seconds)
        for step in range(1, self.steps + 1):
            at = self.replica.time(step)
            if self.clock.wait(at - self.clock.now()):
                return
            self.replica.go(step)
            self.events += [
                DemoEvent(at, f"{one.source} : {one.title}")
                for one in self.replica.expected(step)
                if one.relevant
            ]

    def leave(self) -> None:
        """Ask the watch to stop once it has seen how the week ended, or could not for as long as it tries."""
        self.clock.go(rate=CALM)
        end, until = self.replica.time(self.steps), self.clock.now() + TRIES
        while not self.asked_since(end) and self.clock.now() < until:
            if self.clock.stop.wait(PERIOD.total_seconds()):
                return
        self.clock.stop.set()

    def asked_since(self, moment: datetime) -> bool:
        """Whether every page was asked for since then."""
        known = self.app.store.outlines()
        asked = [known[name].last_poll_at for name in self.app.catalogue.sources if name in known]
        return len(asked) == len(self.app.catalogue.sources) and all(at and at >= moment for at in asked)


def run(settings: Settings, options: argparse.Namespace) -> int:
    from watcher import daemon
    from watcher.logs import configure
    from watcher.replica import Replica

    configure()
    listener = daemon.listen(settings.host, settings.port)
    replica = Replica(clock=lambda: clock.now().timestamp(), week=options.week)
    start = replica.time(0) - EVE
    clock = RehearsalClock(start, rate=UNHURRIED, stands=True)
    with listener, replica, TemporaryDirectory(prefix="vigie-demo-") as folder:
        rehearsed = replace(
            settings,
            sources=_written(Path(folder), replica.sources_yaml(every=EVERY)),
            database=settings.database if options.database else f"sqlite:///{folder}/demo.db",
            allow_private=True,
            smtp=Path(folder) / "courriels",
            mail_from="Vigie préfectures (démonstration) <vigie@demo.invalid>",
            key_file=Path(folder) / "vigie.key",
            filing=_rules_of_then(settings, Path(folder), start),
        )
        _must_be_new(rehearsed)
        with (
            open_app(rehearsed, clock, rehearsal=True) as app,
            open_tools(app) as tools,
            open_post(app) as post,
        ):
            watch = daemon.Watch(app, tools, daemon.Periods(poll=PERIOD, deliver=PERIOD), post)
            week = Week(replica, app, clock, options.seconds)
            web = daemon.Web(application(app, watch, week), listener)
            clock.go()
            Thread(target=_play, args=(week, options.exit), name="week", daemon=True).start()
            print(
                f"vigie : une semaine en {options.seconds:.0f} s sur {settings.base_url}/demo ; abonnez-vous sur "
                f"{settings.base_url}/subscribe, les courriels arrivent dans {folder}/courriels ; relisez sur "
                f"{settings.base_url}/desk, nom {REVIEWER}, mot de passe {let_in(app, REVIEWER)} (arrêt : Ctrl-C)",
                file=sys.stderr,
            )
            daemon.run(watch, web)
    return 0


def _must_be_new(settings: Settings) -> None:
    """A week that was played once has nothing left to tell."""
    with open_store(settings) as store:
        if store.states():
            raise UserError(f"{settings.database} : la démonstration demande une base neuve")


def _play(week: Week, leave: bool) -> None:  # noqa: FBT001  # a thread's target takes no keywords
    week.play()
    if leave:
        week.leave()


def _rules_of_then(settings: Settings, folder: Path, start: datetime) -> Path:
    """Where to file, as one knew before the week: what it announces must not be known already."""
    from watcher import filing_file
    from watcher import rules as rule_file
    from watcher.core.foresight import unforeseen

    known = filing_file.load(settings.filing, rule_file.load(settings.rules), start)
    file = folder / "filing.yaml"
    file.write_text(filing_file.written(unforeseen(known, start.date())), encoding="utf-8")
    return file


def _written(folder: Path, text: str) -> Path:
    file = folder / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    return file
