"""One alert to 10,000 subscribers: our sender against bare smtplib that sends ready bytes, to the same sink."""

from __future__ import annotations

import argparse
import contextlib
import smtplib
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.figures import Chapter, Figure
from bench.sink import sink
from notifiers.letterhead import Letterhead, Links
from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from tests.fakes.alerts import BASE, VOCABULARY, alert
from tests.fakes.letters import claimed
from watcher.clock import SystemClock
from watcher.core.outbox import Claimed, Fate
from watcher.links import SignedLinks
from watcher.vault import KeyVault, open_vault

RECIPIENTS, ROUNDS = 10_000, 3
SETTLE = 150e-6  # seconds that one transaction of the store takes
BARE = "bare smtplib"


def measure(_options: argparse.Namespace) -> Chapter:
    with TemporaryDirectory() as folder:
        vault = open_vault(Path(folder) / "vigie.key")
    links = SignedLinks(vault, BASE, SystemClock())
    messages = [_sealed(claimed(number), vault, number) for number in range(RECIPIENTS)]
    content = MailRenderer(VOCABULARY, BASE)(messages[0], [alert()], None)
    with sink() as (port, name):
        server = MailServer(
            "127.0.0.1",
            "Vigie <veille@vigie.example>",
            port=port,
            security=Security.NONE,
            bounces="retours@vigie.example",
            help_page=f"{BASE}/",
        )
        ready = Letterhead(server.identity, links).letter(messages[0], content).data
        how = (
            f"Our sender alone, without the database, to {RECIPIENTS:,} recipients over one connection to {name}, "
            f"{len(ready):,} bytes each, medians of {ROUNDS} rounds; {BARE} sends the same ready bytes to everybody."
        )
        built = _building(server, links, messages, content)
        before = _memory()
        bare, ours, settled = [], [], []
        for _ in range(ROUNDS):
            bare.append(_rate(lambda: _bare(port, ready)))
            ours.append(_rate(lambda: _ours(server, links, messages, content, 0.0)))
            settled.append(_rate(lambda: _ours(server, links, messages, content, SETTLE)))
        more = _memory() - before
    figures = (
        *_rates("mails", bare, ours),
        *_rates(f"mails, {SETTLE * 1e6:.0f} µs between two", bare, settled),
        Figure("a recipient's letter made: address opened, links signed", built * 1e6, "µs"),
        Figure("memory that sending takes", more, "MB"),
    )
    return Chapter("What a mail costs", how, figures)


def _rates(name: str, bare: list[float], ours: list[float]) -> Iterator[Figure]:
    yield Figure(name, statistics.median(ours), "/s")
    yield Figure(name, statistics.median(bare), "/s", of=BARE)
    yield Figure(f"{name}, share of {BARE}", statistics.median(ours) / statistics.median(bare))


def _sealed(message: Claimed, vault: KeyVault, number: int) -> Claimed:
    sealed = vault.seal(f"reader{number}@lecteurs.example", message.message.about)
    return replace(message, subscription=replace(message.subscription, recipient=sealed))


def _building(server: MailServer, links: Links, messages: list[Claimed], content: bytes) -> float:
    letterhead = Letterhead(server.identity, links)
    start = perf_counter()
    for message in messages:
        letterhead.letter(message, content)
    return (perf_counter() - start) / len(messages)


def _rate(work: Callable[[], None]) -> float:
    start = perf_counter()
    work()
    return RECIPIENTS / (perf_counter() - start)


def _bare(port: int, ready: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as client:
        for number in range(RECIPIENTS):
            client.sendmail("veille@vigie.example", [f"reader{number}@lecteurs.example"], ready)


def _ours(server: MailServer, links: Links, messages: list[Claimed], content: bytes, settle: float) -> None:
    sender = SmtpSender(server, links, SystemClock())
    with sender.open() as send:
        for message in messages:
            attempt = send(message, content)
            assert attempt.fate is Fate.ACCEPTED, attempt
            _spin(settle)


def _spin(seconds: float) -> None:
    until = perf_counter() + seconds
    while perf_counter() < until:
        pass


def _memory() -> float:
    """MB that this process holds now."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 / 1e6
    return 0.0
