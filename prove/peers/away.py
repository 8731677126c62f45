"""A mail server that turns everybody away for a day while alerts are told, and then takes them, at a set rate."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from prove.folders import quick_folder
from prove.gauge import Timed, gauge
from prove.report import Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.letters import PlainLinks
from tests.fakes.smtp import Act, Got, ScriptedServer, Then
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.outbox import DeliveryState
from watcher.core.smtp_replies import Stage
from watcher.core.subscriptions import Way

RATE = 60.0  # mails a minute
DRAINED = timedelta(hours=1)
MORE = 0.1  # of the memory at the beginning
_ALERTS = 5


class _Takings(list[Got]):
    """Who got something: what it was would be the memory of the server, not ours."""

    def append(self, got: Got) -> None:
        super().append(replace(got, data=b""))


def figures(*, long: bool) -> list[Figure]:
    people = 2000 if long else 200
    with TemporaryDirectory(dir=quick_folder(), prefix="vigie-prove") as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        world = World(engine)
        subscribe(engine, *(subscriber(f"{number:032x}") for number in range(people)))
        try:
            return _day(world, people)
        finally:
            engine.dispose()


def _day(world: World, people: int) -> list[Figure]:
    away = True

    def script(stage: Stage, _number: int) -> Act | None:
        return Act(b"421 4.3.2 closed\r\n", Then.CLOSE) if away and stage is Stage.GREETING else None

    with ScriptedServer(script, got=_Takings()).running() as server:
        told = MailServer("127.0.0.1", "Vigie <veille@vigie.example>", server.port, Security.NONE, rate=RATE)
        sender = SmtpSender(told, PlainLinks(), world.clock)
        worker = world.deliverer(sender=sender, render=MailRenderer(VOCABULARY, BASE))

        def turned_away() -> None:
            for hour in range(24):
                if hour % (24 // _ALERTS) == 0 and hour // (24 // _ALERTS) < _ALERTS:
                    world.publish(f"a{hour}")
                for _ in range(12):
                    worker.tick(Way.MAIL)
                    world.pass_time(minutes=5)

        base = _memory()
        day = gauge(turned_away)
        away, back = False, world.now
        while worker.braked_until(Way.MAIL):
            world.pass_time(minutes=1)
        drain = gauge(lambda: worker.tick(Way.MAIL))
        took = world.now - back
    copies = Counter(got.recipient for got in server.got)
    rows = world.outbox.deliveries()
    waiting = [row for row in rows if row.state is not DeliveryState.ACCEPTED]
    doubled, more = copies.total() - len(copies), max(day.memory, drain.memory) / base
    return [
        Figure(f"turned away for 24 h, {len(rows)} alerts for {people} readers: not told, mails more than one for each",
               f"{len(waiting)}, {doubled}", "0, 0", kept=not waiting and not doubled and len(copies) == people),
        Figure(f"… all told once it is back, at {RATE:.0f} a minute", f"within {took.total_seconds() / 60:.0f} min",
               f"{DRAINED.total_seconds() / 60:.0f} min", kept=took <= DRAINED),
        Timed("… memory meanwhile", f"{more:+.1%} of {base:.0f} MB", f"+{MORE:.0%}", kept=more <= MORE),
    ]  # fmt: skip


def _memory() -> float:
    """MB of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
