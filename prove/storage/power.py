"""The power goes at any moment, with it what was not synced, while mails are sent."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from notifiers.render.mail import MailRenderer
from prove.crash.process import forked
from prove.peers.mail import sender_to
from prove.report import Figure
from prove.storage.disk import Call, Disk, on_disk
from prove.storage.small import NAMES, Life, fresh, make, opened, sound
from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.smtp import Got, ScriptedServer
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.subscriptions import Way

_PEOPLE = 4
_STEPS = len(NAMES) + 3
_ANY = Call.WRITE | Call.SYNC | Call.SEND
_KEPT = (0, 50)  # % of what was not synced that reached the disk all the same
_ID = re.compile(rb"^Message-ID: <([0-9a-f]+)@", re.MULTILINE)


@dataclass
class Tally:
    points: int = 0
    cuts: int = 0
    torn: int = 0
    lost: int = 0
    doubled: int = 0  # the same told under two ids
    copies: int = 0  # under one id
    most: int = 0  # of one mail
    rowless: int = 0  # mails that were taken, of which the database knows nothing
    mails: int = 0
    unsynced: list[str] = field(default_factory=list)  # mails with no sync since what they tell was written


def power(library: Path, folder: Path, points: int, seed: int) -> list[Figure]:
    tally = Tally(**on_disk(library, __name__, folder, points, seed))
    return [
        Figure(
            f"{tally.mails} mails: without a sync of the log between the commit and the dot",
            ", ".join(tally.unsynced[:3]) or "0",
            "0",
            not tally.unsynced,
        ),
        Figure(
            "the power goes, all or half of what is not synced is lost: tried at",
            f"{tally.cuts} of {tally.points} points",
            "at least 50",
            tally.cuts >= 50,
        ),
        Figure("… databases torn", str(tally.torn), "0", not tally.torn),
        Figure("… mails taken whose row was lost", str(tally.rowless), "0", not tally.rowless),
        Figure(
            "… alerts lost, told under two ids",
            f"{tally.lost}, {tally.doubled}",
            "0, 0",
            not (tally.lost or tally.doubled),
        ),
        Figure(
            "… copies under one id",
            f"{tally.copies}, at most {tally.most} of one mail",
            "1 of each mail of the last second",
            tally.most <= 1,
        ),
    ]


def main() -> None:
    folder, points, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    template, disk, tally = _peopled(folder / "template.db"), Disk(), Tally()
    disk.watch(folder / "life" / "vigie.db")
    tally.points = _watched(disk, fresh(template, folder / "life"), folder / "calls", tally)
    step = max(tally.points * len(_KEPT) // points, 1)
    for kept in _KEPT:
        for at in range(1 + seed % step, tally.points + 1, step):
            _cut(disk, fresh(template, folder / "life"), (at, seed + at, kept), tally)
    print(json.dumps(asdict(tally)))


def _peopled(path: Path) -> Path:
    with opened(make(path, 0)) as engine:
        subscribe(engine, *(subscriber(f"{number:032x}") for number in range(_PEOPLE)))
    return path


def _watched(disk: Disk, path: Path, calls: Path, tally: Tally) -> int:
    """A life without a cut: how many points it has; and whether each mail waits for the disk."""
    with ScriptedServer(lambda *_: None).running() as server:

        def work() -> None:
            disk.tell(calls)
            disk.cut(_ANY, -1, 0, 0)
            _live(path, server, disk)
            disk.note(f"points {disk.count('cuts')}")

        assert os.waitpid(forked(work), 0)[1] == 0
    tally.mails = len(server.got)
    told = calls.read_text(encoding="utf-8").split("\n")
    synced = True
    for line in told:
        if line == "publish":
            synced = False
        elif line == "sync vigie.db-wal":
            synced = True
        elif line == "dot" and not synced:
            tally.unsynced.append(line)
    return int(next(line for line in told if line.startswith("points")).split()[1])


def _live(path: Path, server: ScriptedServer, disk: Disk | None = None) -> None:
    """From wherever the database is to the end of the news."""
    with opened(path) as engine:
        life = Life(World(engine))
        life.published = len(life.world.store.alerts())
        worker = life.world.deliverer(
            sender=sender_to(server, life.world), render=MailRenderer(VOCABULARY, BASE)
        )
        for _ in range(_STEPS):
            if disk:
                disk.note("publish")
            if life.published < len(NAMES):
                life.publish(NAMES[life.published])
            worker.tick(Way.MAIL)
            life.world.pass_time(hours=1)


def _cut(disk: Disk, path: Path, where: tuple[int, int, int], tally: Tally) -> None:
    with ScriptedServer(lambda *_: None).running() as server:

        def work() -> None:
            disk.cut(_ANY, *where)
            _live(path, server)

        status = os.waitpid(forked(work), 0)[1]
        assert status in {0, signal.SIGKILL}, f"a life failed with status {status}"
        path.with_name("vigie.db-shm").unlink(missing_ok=True)  # memory that was shared outlives no cut
        tally.cuts += status != 0
        tally.torn += not sound(path)
        before = list(server.got)
        known = {row[0] for row in _rows(path)}
        tally.rowless += sum(name not in known for name in _ids(before))
        _live(path, server)
    _count(path, server.got, tally)


def _count(path: Path, got: Sequence[Got], tally: Tally) -> None:
    sent = Counter(_ids(got))
    told: Counter[tuple[str, str]] = Counter()
    for name, about, alerts in _rows(path):
        if name in sent:
            told.update((about, alert) for alert in json.loads(alerts))
    copies = sum(number - 1 for number in sent.values())
    tally.lost += len(NAMES) * _PEOPLE - len(told)
    tally.doubled += sum(number - 1 for number in told.values())
    tally.copies += copies
    tally.most = max(tally.most, *(number - 1 for number in sent.values()))


def _ids(got: Sequence[Got]) -> Iterator[str]:
    for one in got:
        found = _ID.search(one.data.replace(b"\r\n", b"\n"))
        assert found
        yield found[1].decode()


def _rows(path: Path) -> list[tuple[str, str, str]]:
    with _plain(path) as database:
        return database.execute("SELECT id, about, alerts FROM messages WHERE content IS NOT NULL").fetchall()


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as database:
        yield database
