"""A PostgreSQL server that falls while it is used, and one whose disk is full."""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import make_url

from prove.report import Figure
from prove.storage.served import Bases, words_of
from prove.storage.small import NAMES, PEOPLE, Life, opened
from tests.fakes.servers import Server, administer, at_home, created
from tests.fakes.telling import World

_STEPS = len(NAMES) + 3
_ROOM = 48 << 20
_PAGE = 8192


def fallen(bases: Bases, falls: int, seed: int) -> list[Figure]:
    """It is ended as a crash ends it, at random, while alerts are published and told, and comes back."""
    chance, lost, doubled, copies, refusals = random.Random(seed), 0, 0, 0, 0
    strange: set[str] = set()
    template, done = bases.filled(PEOPLE), 0
    while done < falls:
        url = bases.like(template)
        with opened(url) as engine:
            life = Life(World(engine))
            while life.lost() and done < falls:
                with _falling(bases.server, chance.uniform(0, 0.08)):
                    life.step()
                done += 1
            for _ in range(_STEPS):
                life.step()
        lost += life.lost()
        twice, again = _told_twice(life)
        doubled, copies = doubled + twice, copies + again
        refusals += len(life.refusals)
        strange |= {str(error) for error in life.refusals if error.permanent}
        bases.drop(url)
    return [
        Figure(f"PostgreSQL falls {falls} times while alerts are told: lost", str(lost), "0", not lost),
        Figure("told under two ids", str(doubled), "0", not doubled),
        Figure("copies under one id", str(copies), f"{falls}, a mail under way each time", copies <= falls),
        Figure(
            "refused in words, and went on without a restart",
            f"{refusals}{''.join(f' ({word})' for word in sorted(strange)[:2])}",
            "",
            not strange,
        ),
    ]


@contextmanager
def _falling(server: Server, after: float) -> Iterator[None]:
    def fall() -> None:
        Event().wait(after)
        server.fall()

    thread = Thread(target=fall)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        server.rise()


def _told_twice(life: Life) -> tuple[int, int]:
    """The same alert for the same person under several ids, and again under one."""
    sent = life.world.sender.sent
    ids = {(one.message.about, alert, one.message.id) for one in sent for alert in one.message.alerts}
    under = Counter((about, alert) for about, alert, _ in ids)
    again = Counter(one.message.id for one in sent)
    return sum(n - 1 for n in under.values()), sum(n - 1 for n in again.values())


def without_room(bases: Bases, every: int) -> list[Figure]:
    """Tables on a disk of their own, with room for none, one, two … pages, until there is room for everything."""
    if os.geteuid():
        return [Figure("PostgreSQL: a full disk", "not tried: only root may mount one", "")]
    tried, refusals, lost, doubled, room = 0, 0, 0, 0, 0
    wordless: set[str] = set()
    template = bases.filled(PEOPLE)
    with _small_disk(bases.server) as disk:
        while True:
            url = _like_on_disk(bases, template, tried)
            with opened(url) as engine:
                life = Life(World(engine))
                with _ballast(disk, room):
                    for _ in range(_STEPS):
                        life.step()
                refused = list(life.refusals)
                for _ in range(_STEPS):
                    life.step()
            tried, refusals = tried + 1, refusals + len(refused)
            lost, doubled = lost + life.lost(), doubled + life.doubled()
            wordless |= words_of(refused, "disque")
            bases.drop(url)
            if not refused:
                break
            room += every
    both = (lost, doubled)
    return [
        Figure("PostgreSQL: a full disk: tried at", f"{tried} sizes, {refusals} refusals", "", refusals > 0),
        Figure("lost, doubled", "{}, {}".format(*both), "0, 0, without a restart", not any(both)),
        Figure("refusals that do not name the disk", ", ".join(wordless) or "0", "0", not wordless),
    ]


@contextmanager
def _small_disk(server: Server) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vigie-disk"))
    owner = Path(str(make_url(server.url).query["host"])).stat()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(folder)], check=True)
    try:
        place = folder / "place"
        place.mkdir()
        folder.chmod(0o755)
        os.chown(place, owner.st_uid, owner.st_gid)
        administer(server.url, f"CREATE TABLESPACE small LOCATION '{place}'")
        yield folder
        administer(server.url, "DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def _like_on_disk(bases: Bases, template: str, number: int) -> str:
    name = make_url(template).database
    url = created(bases.server.url, f"small_{number}", f"TEMPLATE {name} TABLESPACE small")
    at_home(url)
    return url


@contextmanager
def _ballast(disk: Path, room: int) -> Iterator[None]:
    """Leaves so much, and no byte more."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    size = free.f_bavail * free.f_frsize - room
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(size, 1))
    try:
        yield
    finally:
        ballast.unlink()
