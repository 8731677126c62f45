"""One alert to 10,000 subscribers, from the poll's transaction to the last answer of the mail server.

The whole worker, with a database on disk, sealed addresses and signed links, against bare smtplib that sends
ready bytes over one connection to the same sink in the same run.

Bare smtplib waits four times for each mail, and how long that takes is the scheduler's choice: where the
other core is idle it must be woken each time, where it is busy the two programs share one, and smtplib is
three times as fast. So CPU time is told too: it does not depend on the company.
"""

from __future__ import annotations

import argparse
import contextlib
import smtplib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter, process_time

from bench.figures import OURS, Chapter, Figure
from bench.sink import sink
from notifiers.letterhead import Letter
from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE, VOCABULARY, catalogue
from tests.fakes.plans import NOW, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.clock import SystemClock
from watcher.core.outbox import Claimed, Fate
from watcher.core.subscriptions import Subscription, Way
from watcher.deliver import Deliverer
from watcher.digest import Runs
from watcher.links import SignedLinks
from watcher.sending import Office, WayOut
from watcher.vault import KeyVault, open_vault

RECIPIENTS, ROUNDS = 10_000, 3
ENQUEUED, SHARE = 5.0, 0.5  # seconds at most; of the bare rate at least
BARE = "bare smtplib"


class _Noting(SmtpSender):
    """Keeps the first letter, which the bare client sends too."""

    def __init__(self, server: MailServer, links: SignedLinks, clock: SystemClock) -> None:
        super().__init__(server, links, clock)
        self.seen: list[bytes] = []

    def letter(self, claimed: Claimed, content: bytes) -> Letter:
        letter = super().letter(claimed, content)
        if not self.seen:
            self.seen.append(letter.data)
        return letter


@dataclass
class _Pace:
    """How fast all mails went, round by round."""

    rates: list[float] = field(default_factory=list)  # mails per second
    costs: list[float] = field(default_factory=list)  # µs of this process's CPU for each

    def measure(self, work: Callable[[], None]) -> None:
        start, busy = perf_counter(), process_time()
        work()
        self.rates.append(RECIPIENTS / (perf_counter() - start))
        self.costs.append((process_time() - busy) / RECIPIENTS * 1e6)


@dataclass
class _Post:
    """A database with subscribers, and the worker that writes to them."""

    store: SqlStore
    worker: Deliverer
    seen: list[bytes]  # the first letter, whole
    polls: int = 0

    def publish(self) -> float:
        """Seconds that the poll's transaction takes."""
        self.polls += 1
        name = f"a{self.polls}"
        told = (alert(name, detected_at=SystemClock().now()),)
        plan = news(name, self.polls, alerts=told)
        start = perf_counter()
        assert self.store.save(plan)
        return perf_counter() - start

    def deliver(self) -> None:
        done = self.worker.tick(Way.MAIL)
        assert done.fates == {Fate.ACCEPTED: RECIPIENTS}, done


def measure(_options: argparse.Namespace) -> Chapter:
    with tempfile.TemporaryDirectory() as folder, sink() as (port, name), _post(Path(folder), port) as post:
        enqueued, bare, ours, before = [], _Pace(), _Pace(), _memory()
        for _ in range(ROUNDS):
            enqueued.append(post.publish())
            with _peak() as peak:
                ours.measure(post.deliver)
            bare.measure(lambda: _bare(port, post.seen[0]))
    how = (
        f"{ROUNDS} alerts to {RECIPIENTS:,} subscribers over one connection to {name}, by the worker, its database on "
        f"disk, sealed addresses and signed links; {BARE} sends ready bytes to the same server. Medians of the rounds."
    )
    shares = [mine / theirs for mine, theirs in zip(ours.rates, bare.rates, strict=True)]
    figures = (
        Figure(f"{RECIPIENTS:,} messages queued with the alert", median(enqueued), "s", at_most=ENQUEUED),
        *(Figure("mails", median(pace.rates), "/s", of) for of, pace in ((OURS, ours), (BARE, bare))),
        Figure(f"mails, share of {BARE}", median(shares), at_least=SHARE),
        *(
            Figure("CPU for a mail", median(pace.costs), "µs", of)
            for of, pace in ((OURS, ours), (BARE, bare))
        ),
        Figure("memory that the last round takes", max(peak) - before, "MB"),
    )
    return Chapter("What telling many people costs", how, figures)


@contextlib.contextmanager
def _post(folder: Path, port: int) -> Iterator[_Post]:
    engine, clock = open_engine(f"sqlite:///{folder}/vigie.db"), SystemClock()
    upgrade(engine)
    store, outbox = SqlStore(engine), SqlOutbox(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    vault = open_vault(folder / "vigie.key")
    subscribe(engine, *(_reader(vault, number) for number in range(RECIPIENTS)))
    server = MailServer(
        "127.0.0.1",
        "Vigie <veille@vigie.example>",
        port=port,
        security=Security.NONE,
        bounces="retours@vigie.example",
        help_page=f"{BASE}/",
    )
    sender = _Noting(server, SignedLinks(vault, BASE, clock), clock)
    office = Office(
        outbox=outbox,
        subscriptions=SqlSubscriptions(engine),
        note_problems=store.note_problems,
        runs=Runs(outbox, store, catalogue(), clock),
        clock=clock,
        chance=lambda: 0.5,
        owner="bench/1/1",
        tell=lambda *_, **__: None,
    )
    way = WayOut(sender, MailRenderer(VOCABULARY, BASE))
    yield _Post(store, Deliverer(office, {Way.MAIL: way}, lambda _: 0), sender.seen)
    engine.dispose()


def _reader(vault: KeyVault, number: int) -> Subscription:
    name = f"{number:032x}"
    return subscriber(name, recipient=vault.seal(f"lecteur{number}@lecteurs.example", name))


def _bare(port: int, ready: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as client:
        for number in range(RECIPIENTS):
            client.sendmail("veille@vigie.example", [f"lecteur{number}@lecteurs.example"], ready)


@contextlib.contextmanager
def _peak() -> Iterator[list[float]]:
    """What this process held at most, in MB, looked at every 50 ms."""
    seen, over = [_memory()], Event()

    def look() -> None:
        while not over.wait(0.05):
            seen.append(_memory())

    looking = Thread(target=look, daemon=True)
    looking.start()
    yield seen
    over.set()
    looking.join()


def _memory() -> float:
    """MB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6
