"""A mail server that refuses, drops, drips and never ends: against the real worker, database and sender."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from prove.gauge import Taken, Timed, gauge
from prove.report import Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert
from tests.fakes.letters import PlainLinks, claimed
from tests.fakes.smtp import Act, Script, ScriptedServer, Then
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.outbox import DeliveryState, Fate
from watcher.core.ports_outgoing import SenderDown
from watcher.core.smtp_replies import Stage
from watcher.core.subscriptions import Way

CODES = (421, 450, 451, 452, 530, 535, 550, 552, 554)
STAGES = (Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT)
READERS = 3
_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)
# Where a bare code means this recipient, or this message: no more than that one is affected.
_LOST_FOR_ONE = set(product((Stage.RCPT, Stage.DOT), (550, 552, 554)))
HASTY = timedelta(minutes=15)
DEAD = {DeliveryState.EXPIRED, DeliveryState.SHUNTED}


@dataclass
class Tally:
    """What came of all conversations."""

    cases: int = 0
    wrong: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    unsubscribed: int = 0


@dataclass
class Worlds:
    """Databases with a few readers, each a copy of one."""

    folder: Path
    made: int = 0

    @contextlib.contextmanager
    def world(self) -> Iterator[World]:
        self.made += 1
        place = self.folder / f"{self.made}.db"
        if (self.folder / "empty.db").exists():
            shutil.copy(self.folder / "empty.db", place)
        engine = open_engine(f"sqlite:///{place}")
        upgrade(engine)
        try:
            if self.made == 1:
                engine.dispose()
                shutil.copy(place, self.folder / "empty.db")
            world = World(engine)
            subscribe(engine, *(subscriber(f"{number:032x}") for number in range(READERS)))
            yield world
        finally:
            engine.dispose()
            place.unlink()


def sender_to(server: ScriptedServer, world: World | None = None, **told: float) -> SmtpSender:
    times = {"timeout": 2.0, "patience": 2.0, **told}
    mail_server = MailServer("127.0.0.1", "Vigie <veille@vigie.example>", server.port, Security.NONE, **times)  # type: ignore[arg-type]
    return SmtpSender(mail_server, PlainLinks(), world.clock if world else StillClock())


def live(world: World, server: ScriptedServer, hours: float = 12, minutes: int = 4, **told: float) -> None:
    """A worker looks in every few minutes for so long."""
    worker = world.deliverer(sender=sender_to(server, world, **told), render=MailRenderer(VOCABULARY, BASE))
    for _ in range(int(hours * 60 / minutes)):
        worker.tick(Way.MAIL)
        if worker.braked_until(Way.MAIL) is None and not set(world.counted()) - {
            DeliveryState.ACCEPTED,
            *DEAD,
        }:
            return
        world.pass_time(minutes=minutes)


def refusals(worlds: Worlds, features: tuple[bytes, ...], ways: Sequence[Then], tally: Tally) -> None:
    """Nine codes at six stages, and then it hangs up or not, met by the first message."""
    for code, stage, then in product(CODES, STAGES, ways):
        act = Act(b"%d no\r\n" % code, then)
        script = _once(stage, act)
        with worlds.world() as world, ScriptedServer(script, features).running() as server:
            world.publish("a")
            live(world, server)
            _count(f"{stage} {code} {then}", world, server, (stage, code), tally)


def _once(stage: Stage, act: Act) -> Script:
    return lambda at, number: act if at is stage and number == 1 else None


def _count(name: str, world: World, server: ScriptedServer, met: tuple[Stage, int], tally: Tally) -> None:
    taken = server.got[1:] if met[0] is Stage.DOT else server.got  # the first of them was refused
    copies = Counter(got.recipient for got in taken)
    expected = READERS - (met in _LOST_FOR_ONE)
    states = Counter(delivery.state for delivery in world.outbox.deliveries())
    given_up = sum(states[state] for state in DEAD)
    tally.cases += 1
    tally.doubled += sum(number - 1 for number in copies.values())
    tally.lost += max(expected - len(copies), 0)
    tally.unsubscribed += READERS - len(world.people.subscriptions())
    right = len(copies) == expected and states[DeliveryState.ACCEPTED] == expected
    if not right or given_up != READERS - expected or set(copies.values()) != {1}:
        tally.wrong.append(f"{name}: {dict(states)}")


def against_all(worlds: Worlds, said: bytes) -> tuple[int, int]:
    """Everybody is refused at RCPT for a day: how many subscriptions end, and whether a problem is shown."""
    with worlds.world() as world:
        world.publish("a")
        script: Script = lambda stage, _: Act(said) if stage is Stage.RCPT else None  # noqa: E731
        with ScriptedServer(script).running() as server:
            live(world, server, hours=24, minutes=10)
        return READERS - len(world.people.subscriptions()), len(world.store.problems())


AFTER_DOT = {
    "drop": Act(b"", Then.CLOSE),
    "reset": Act(b"", Then.RESET),
    "silence": Act(b"", Then.HANG),
    "drip": Act(b"", Then.DRIP),
    "garbage": Act(b"\x00\xff nonsense\r\n"),
    "half an answer": Act(b"25", Then.CLOSE),
    "two codes": Act(b"250-a\r\n550 b\r\n"),
    "354 again": Act(b"354 go on\r\n", Then.CLOSE),
    "100 KB": Act(b"2" * 100_000),
}


def doubts(worlds: Worlds, *, always: bool) -> tuple[int, int, int, list[str]]:
    """The server takes each message, and its answer is lost, once or always.

    Messages, most copies of one Message-ID, readers who got nothing, and where copies came too soon.
    """
    messages, most, lost, hasty = 0, 0, 0, []
    for name, act in AFTER_DOT.items():
        with worlds.world() as world:
            arrived: list[datetime] = []
            server = ScriptedServer(_lossy(world, act, arrived, always=always))
            world.publish("a")
            with server.running():
                live(world, server, hours=30, minutes=16, timeout=0.1, patience=0.1)
        copies = Counter(_ids(server))
        messages, most = messages + len(copies), max(most, *copies.values())
        lost += READERS - len({got.recipient for got in server.got})
        seen: dict[bytes, datetime] = {}
        for one, at in zip(_ids(server), arrived, strict=True):
            if at - seen.setdefault(one, at - HASTY) < HASTY:
                hasty.append(name)
    return messages, most, lost, hasty


def _lossy(world: World, act: Act, arrived: list[datetime], *, always: bool) -> Script:
    def script(stage: Stage, number: int) -> Act | None:
        if stage is not Stage.DOT:
            return None
        arrived.append(world.now)
        return act if always or number == 1 else None

    return script


def _ids(server: ScriptedServer) -> list[bytes]:
    return [found[1] for got in server.got if (found := _ID.search(got.data.replace(b"\r\n", b"\n")))]


ACTS = {
    "silence": Act(b"", Then.HANG),
    "drip": Act(b"", Then.DRIP),
    "a drip of lines": Act(b"250-a\r\n", Then.DRIP),
    "endless lines": Act(b"", Then.ENDLESS),
    "an endless line": Act(b"2" * 20_000_000),
    "reset": Act(b"", Then.RESET),
}


def slow(timeout: float, patience: float) -> list[tuple[str, Taken]]:
    """Every misbehaviour at every stage, side by side: what one message takes until it is given up."""

    def meet(case: tuple[Stage, str]) -> tuple[str, Taken]:
        stage, name = case
        with ScriptedServer(_once(stage, ACTS[name])).running() as server:
            sender = sender_to(server, timeout=timeout, patience=patience)
            return f"{name} at {stage}", gauge(lambda: _try(sender))

    with ThreadPoolExecutor(18) as pool:
        return list(pool.map(meet, product(STAGES, ACTS)))


CONTENT = MailRenderer(VOCABULARY, BASE)(claimed(), [alert()], None)


def _try(sender: SmtpSender) -> None:
    with contextlib.suppress(SenderDown), sender.open() as send:
        assert send(claimed(1), CONTENT).fate is not Fate.ACCEPTED


def figures(*, long: bool) -> list[Figure]:
    tally, timeout, patience = Tally(), (10.0 if long else 0.5), (120.0 if long else 1.0)
    with TemporaryDirectory() as folder:
        worlds = Worlds(Path(folder))
        refusals(worlds, (b"PIPELINING",), (Then.GO_ON,), tally)
        refusals(worlds, (), (Then.CLOSE,), tally)
        if long:
            refusals(worlds, (b"PIPELINING",), (Then.CLOSE,), tally)
            refusals(worlds, (), (Then.GO_ON,), tally)
        policy, unknown = against_all(worlds, b"550 5.7.1 no\r\n"), against_all(worlds, b"550 no\r\n")
        once, always = doubts(worlds, always=False), doubts(worlds, always=True)
    took = slow(timeout, patience)
    longest, most = max((taken.seconds, name) for name, taken in took), max(taken.memory for _, taken in took)
    bound = max(patience, 3 * timeout) * 1.2 + timeout
    return [*_told(tally, policy, unknown), *_doubted(once, always), *_slow(longest, bound, most, len(took))]


def _told(tally: Tally, policy: tuple[int, int], unknown: tuple[int, int]) -> list[Figure]:
    right, ended = tally.cases - len(tally.wrong), policy[0] + unknown[0]
    shown = f" ({'; '.join(tally.wrong[:4])})" if tally.wrong else ""
    return [
        Figure(
            "refusals by mail servers with the right end",
            f"{right} of {tally.cases}{shown}",
            "all",
            not tally.wrong,
        ),
        Figure(
            "mails lost · doubled by them",
            f"{tally.lost} · {tally.doubled}",
            "0 · 0",
            not tally.lost + tally.doubled,
        ),
        Figure("subscriptions ended by them", str(tally.unsubscribed), "0", not tally.unsubscribed),
        Figure("all refused for a day: subscriptions ended", str(ended), "0", not ended),
        Figure(
            "… and problems shown", f"{policy[1]} and {unknown[1]}", "1 each", policy[1] == unknown[1] == 1
        ),
    ]


def _doubted(once: tuple[int, int, int, list[str]], always: tuple[int, int, int, list[str]]) -> list[Figure]:
    most, lost, hasty = max(once[1], always[1]), once[2] + always[2], [*once[3], *always[3]]
    return [
        Figure(
            f"answer lost after the dot in {len(AFTER_DOT)} ways: most copies of one Message-ID",
            f"{once[1]} when once, {always[1]} when always ({once[0] + always[0]} messages)",
            "2",
            most <= 2,
        ),
        Figure("… readers who got nothing", str(lost), "0", not lost),
        Figure("… copies sooner than 15 min", str(len(hasty)), "0", not hasty),
    ]


def _slow(longest: tuple[float, str], bound: float, most: float, cases: int) -> list[Figure]:
    return [
        Timed(
            f"{cases} mail servers that drip, hang or never end: longest for one mail",
            f"{longest[0]:.1f} s ({longest[1]})",
            f"{bound:.1f} s",
            longest[0] <= bound,
        ),
        Timed("… memory, all of them at once", f"{most:.0f} MB", "64 MB", most <= 64),
    ]
