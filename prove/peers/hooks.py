"""Receivers of web-hooks that harm: what each takes, and whether mail is later for them."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.sink import sink
from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.render.webhook import WebhookRenderer
from notifiers.smtp import Security
from notifiers.webhook import WebhookSender
from prove.gauge import Taken, Timed, gauge
from prove.peers.bodies import FOR_EVER
from prove.peers.times import silent_after, sliced
from prove.report import Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.letters import PlainLinks
from tests.fakes.plans import alert, news
from tests.fakes.receiver import always, receiving
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from tests.integration.fetching.scripted import (
    AGENT,
    Script,
    answer,
    closing,
    endless,
    redirect,
    reset,
    stall,
)
from watcher.clock import SystemClock
from watcher.core.posting import LARGEST_ANSWER, Posted, PostFailure
from watcher.core.subscriptions import Way
from watcher.core.webhooks import Endpoint, new_secret
from watcher.post import HttpPoster, Limits
from watcher.vault import KeyVault, open_vault

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SECRET = new_secret(b"0123456789abcdef0123456789abcdef")
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
READERS = 20
OVER = 1.0
MORE = {
    True: 0.05,
    False: 0.15,
}  # by which mail may be later; three rounds on a busy machine say less than twenty-four
WAIT = 2.5  # seconds that a mail waits for the worker on average, which looks in every five


def toxics() -> dict[str, Script]:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: " + b"a" * 4000 + b"\r\n\r\n"
    return {
        "says nothing": stall,
        "stops in its head": silent_after(OK),
        "stops in its body": silent_after(OK + b"Content-Length: 900\r\n\r\na"),
        "drips its head": sliced(OK * 99, 1, 0.05),
        "drips its body": sliced(OK + b"Content-Length: 900\r\n\r\n" + b"a" * 900, 1, 0.05),
        "a body without end": endless(OK + b"\r\n", b"a" * 65536, FOR_EVER),
        "chunks without end": endless(CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n", FOR_EVER),
        "a byte in 8 KB of words": endless(CHUNKED, b"1;" + b"x" * 8000 + b"\r\na\r\n", FOR_EVER),
        "headers without end": endless(OK, b"X-A: b\r\n" * 900, FOR_EVER),
        "hints without end": endless(b"", hints, FOR_EVER),
        "100 Continue without end": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 900, FOR_EVER),
        "a bomb": answer(b"\x1f\x8b" * 2000, "Content-Encoding: gzip"),
        "resets": reset(),
        "hangs up": closing(b""),
        "hangs up in its head": closing(OK + b"Content-Le"),
        "speaks no HTTP": closing(b"220 smtp.example ESMTP\r\n\r\n"),
        "leads elsewhere": redirect("/elsewhere", "307 Temporary Redirect"),
        "leads to itself": redirect("/", "308 Permanent Redirect"),
        "leads inside": redirect("http://169.254.169.254/latest/meta-data/"),
        "switches protocols": closing(b"HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n"),
        "a poisoned wish": answer(b"", "Retry-After: 99999999999", status="503 Down"),
    }


@dataclass(frozen=True, slots=True)
class Posting:
    taken: Taken
    read: int  # bytes of the answer that were kept
    asked: int  # requests that arrived


def post_to_all(limits: Limits) -> dict[str, Posting]:
    """One post to each of them, side by side, by threads that share a poster."""
    poster = HttpPoster(SystemClock(), allow_private=True, user_agent=AGENT, tls=NO_TLS, limits=limits)

    def post(script: Script) -> Posting:
        found: list[Posted | PostFailure] = []
        with receiving(reply=always(script)) as receiver:
            taken = gauge(lambda: found.append(poster.post(receiver.url("/"), b'{"type":"alert.published"}')))
            read = len(found[0].body) if isinstance(found[0], Posted) else 0
            return Posting(taken, read, len(receiver.got))

    with contextlib.closing(poster), ThreadPoolExecutor(8) as pool:
        all_of_them = toxics()
        return dict(zip(all_of_them, pool.map(post, all_of_them.values()), strict=True))


@dataclass
class Telling:
    """A watch that tells by mail, and by web-hooks that nobody should have."""

    world: World
    mail: SmtpSender
    vault: KeyVault
    poster: HttpPoster
    published: int = 0

    def publish(self) -> None:
        self.published += 1
        name = f"a{self.published}"
        told = (alert(name, detected_at=self.world.now),)
        assert self.world.store.save(news(name, self.published, alerts=told))

    def mails(self) -> float:
        """Seconds from the publication to the last of the mails."""
        worker = self.world.deliverer(sender=self.mail, render=MailRenderer(VOCABULARY, BASE))
        start = time.perf_counter()
        self.publish()
        assert sum(worker.tick(Way.MAIL).fates.values()) == READERS
        return time.perf_counter() - start

    def hooks(self) -> threading.Thread:
        """The line of the web-hooks at work: one round, begun now."""
        sender = WebhookSender(self.poster, self.vault, self.world.clock, lambda _: None)
        line = self.world.deliverer(sender=sender, render=WebhookRenderer(VOCABULARY, BASE), concurrency=8)
        return threading.Thread(target=line.tick, args=(Way.WEBHOOK,))


@contextlib.contextmanager
def telling(hooks_at: int, port: int, limits: Limits) -> Iterator[Telling]:
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        world = World(engine)
        vault = open_vault(Path(folder, "vigie.key"))
        subscribe(engine, *(subscriber(f"{number:032x}") for number in range(READERS)))
        for number, name in enumerate(toxics()):
            about = f"{number + 1000:032x}"
            place = f"http://127.0.0.{number + 2}:{hooks_at}{_path(name)}"
            sealed = vault.seal(Endpoint(place, SECRET).sealed_text, about)
            subscribe(engine, subscriber(about, way=Way.WEBHOOK, recipient=sealed))
        server = MailServer("127.0.0.1", "Vigie <veille@vigie.example>", port, Security.NONE)
        poster = HttpPoster(SystemClock(), allow_private=True, user_agent=AGENT, tls=NO_TLS, limits=limits)
        with contextlib.closing(poster):
            yield Telling(world, SmtpSender(server, PlainLinks(), world.clock), vault, poster)
        engine.dispose()


def beside(rounds: int, limits: Limits) -> tuple[Sequence[float], Sequence[float], float]:
    """Times of mail without and with them, by turns; the longest round of the web-hooks."""
    without, with_, longest = [], [], 0.0
    with _elsewhere() as hooks_at, sink() as (port, _), telling(hooks_at, port, limits) as one:
        one.mails()  # everything is loaded and compiled
        for _ in range(rounds):
            without += [one.mails() for _ in range(3)]
            hooks, start = one.hooks(), time.perf_counter()
            hooks.start()
            with_ += [one.mails() for _ in range(3)]
            hooks.join()
            longest = max(longest, time.perf_counter() - start)
            one.world.pass_time(hours=7)
    return without, with_, longest


@contextlib.contextmanager
def _elsewhere() -> Iterator[int]:
    """The port of all of them, who work in a process of their own."""
    here, there = Pipe()
    process = get_context("spawn").Process(target=_receive, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()


def _receive(there: Connection) -> None:
    scripts = {_path(name): script for name, script in toxics().items()}
    with receiving(
        reply=lambda got: scripts[got.path], listener=socket.create_server(("0.0.0.0", 0))
    ) as receiver:
        there.send(receiver.port)
        there.recv()


def _path(name: str) -> str:
    return f"/{name.replace(' ', '-')}"


def figures(*, long: bool) -> list[Figure]:
    limits = Limits() if long else Limits(total=0.8)
    posted = post_to_all(limits)
    slowest, name = max((one.taken.seconds, name) for name, one in posted.items())
    memory, read = max(one.taken.memory for one in posted.values()), max(one.read for one in posted.values())
    again = [name for name, one in posted.items() if one.asked != 1]
    without, with_, longest = beside(8 if long else 1, replace(limits, total=4.0 if long else 0.8))
    plain, loaded = median(without), median(with_)
    later = (WAIT + loaded) / (WAIT + plain) - 1
    return [
        Timed(
            f"{len(posted)} toxic receivers of web-hooks: longest for one message",
            f"{slowest:.1f} s ({name}; deadline {limits.total:g} s)",
            f"deadline + {OVER:g} s",
            slowest <= limits.total + OVER,
        ),
        Timed("… memory, eight of them at once", f"{memory:.0f} MB", "64 MB", memory <= 64),
        Figure(
            "… most of an answer that was kept", f"{read} bytes", f"{LARGEST_ANSWER}", read <= LARGEST_ANSWER
        ),
        Figure("… asked more than once, or led elsewhere", str(len(again)), "0", not again),
        Timed(
            f"… {READERS} mails beside all of them at work ({longest:.1f} s), from publication to the last",
            f"{later:+.0%}: {loaded * 1000:.0f} ms, without them {plain * 1000:.0f} ms, "
            f"after {WAIT:g} s until the worker looks in",
            f"+{MORE[long]:.0%}",
            later <= MORE[long],
        ),
    ]
