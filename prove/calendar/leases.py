"""What two workers of one database do to each other when the clock jumps while one of them is sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

from prove.report import Figure
from prove.storage.served import Bases
from prove.storage.small import make, opened
from tests.fakes.plans import CANTAL, HOUR, NOW, plan, state
from tests.fakes.servers import running_server
from tests.fakes.telling import PlayedSender, World
from watcher.core.outbox import Claimed, Fate
from watcher.core.subscriptions import Way

PEOPLE = 30
JUMPS = {
    "an hour back": timedelta(hours=-1),
    "an hour ahead": timedelta(hours=1),
    "a day back": timedelta(days=-1, minutes=-30),
    "a day ahead": timedelta(days=1),
    "ten years ahead": timedelta(days=3652),
    "56 years back": timedelta(days=-20_500),
}


def leases(folder: Path) -> list[Figure]:
    paths = (folder / f"{number}.db" for number in count())
    return leases_on("", lambda: make(next(paths), PEOPLE, "a"))


def leases_elsewhere(_folder: Path) -> list[Figure]:
    with running_server() as server:
        bases = Bases(server)
        template = bases.filled(PEOPLE, "a")
        return leases_on("PostgreSQL: ", lambda: bases.like(template))


def leases_on(kind: str, made: Callable[[], Path | str]) -> list[Figure]:
    """`made`: another database with people who wait to be told of one alert."""
    lost, doubled, copies, reread = 0, 0, 0, 0
    for jump in JUMPS.values():
        where = made()
        sent = _jumping(where, jump)
        told = Counter(one.message.about for one in sent)
        ids = {one.message.id for one in sent}
        lost += PEOPLE - len(told)
        doubled += len(ids) - len(told)
        copies = max(copies, len(sent) - len(ids))
        reread += _read_again(where, jump)
    names = f"{kind}{len(JUMPS)} jumps while one of two workers sends"
    return [
        Figure(f"{names}: lost, told under two ids", f"{lost}, {doubled}", "0, 0", not lost and not doubled),
        Figure("copies under one id, at most", str(copies), "1, the mail that was under way", copies <= 1),
        Figure("sources asleep an hour after the clock was set right", str(reread), "0", not reread),
    ]


def _jumping(path: Path | str, jump: timedelta) -> list[Claimed]:
    """At the tenth mail of the first worker the clock jumps, and the second one looks for work."""
    with opened(path) as engine:
        world = World(engine)
        other = world.deliverer("host/2/2", sender=(rest := PlayedSender()))

        def answer(one: Claimed) -> Fate:
            if len(world.sender.sent) == 10 and not rest.opened:
                world.clock.time += jump
                other.tick(Way.MAIL)
            return Fate.ACCEPTED

        world.sender.answer = answer
        first = world.deliverer("host/1/1")
        for _ in range(3):
            first.tick(Way.MAIL)
        world.clock.time -= jump
        for _ in range(30):
            _both(lambda: first.tick(Way.MAIL), lambda: other.tick(Way.MAIL))
            world.clock.wait(timedelta(minutes=10))
        return world.sender.sent + rest.sent


def _both(*works: Callable[[], object]) -> None:
    for work in works:
        work()


def _read_again(path: Path | str, jump: timedelta) -> int:
    """A source that is read under the wrong clock; how many are not due an hour after it was set right."""
    with opened(path) as engine:
        world = World(engine)
        then = NOW + jump
        world.store.claim(CANTAL, "host/1/1", then, then + HOUR)
        number = world.store.states()[CANTAL].snapshot
        quiet = state(snapshot=number, last_poll_at=then, next_poll_at=then + HOUR)
        assert world.store.save(plan(baseline=number, state=quiet))
        world.store.catch_up(NOW + timedelta(minutes=1))  # the next upkeep
        return 1 - len(world.store.due(NOW + HOUR))
