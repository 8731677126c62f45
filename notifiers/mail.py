"""E-mail by SMTP: one connection for many messages, no faster than was agreed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifiers.letterhead import AddressError, Identity, Letter, Letterhead, Links
from notifiers.mail_probe import rendering_flaw
from notifiers.smtp import Connection, Endpoint, Security, connect
from watcher.core.outbox import Attempt, Claimed, Fate
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import Send, SenderDown
from watcher.core.smtp_replies import Reply, Stage, Standing, weigh
from watcher.core.subscriptions import Way


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and in whose name."""

    host: str
    sender: str  # ``Name <address>``
    port: int = 25
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 10.0  # seconds for each answer
    patience: float = 120.0  # seconds for the answer to a whole message: giving up too early doubles it
    rate: float = 0.0  # messages per minute; 0: as fast as it takes them
    reply_to: str = ""
    bounces: str = ""  # what comes back goes to ``local+TOKEN@domain`` of this; "": to the sender
    helo: str = ""
    help_page: str = ""

    @property
    def identity(self) -> Identity:
        return Identity(self.sender, self.reply_to, self.bounces, self.help_page)


class SmtpSender:
    """See `Sender`. Raises `ValueError` when made with addresses that cannot be meant.

    What it learns of a server that refuses everybody outlives the connection.
    """

    way = Way.MAIL

    def __init__(
        self, server: MailServer, links: Links, clock: Clock, context: ssl.SSLContext | None = None
    ) -> None:
        self._letterhead = Letterhead(server.identity, links)
        self._clock = clock
        self._context = context
        self._endpoint = Endpoint(
            server.host,
            server.port,
            server.security,
            server.user,
            server.password,
            server.helo or self._letterhead.domain,
            server.timeout,
            server.patience,
        )
        self._pace = Pace(timedelta(minutes=1) / server.rate if server.rate else timedelta(0))
        self._standing = Standing()

    @contextmanager
    def open(self) -> Iterator[Send]:
        """Raises `SenderDown` when there is no connection to be had, or titles could become headers."""
        flaw = rendering_flaw()
        if flaw:
            raise SenderDown(flaw)
        session = _Session(self)
        session.connect()
        try:
            yield session
        finally:
            session.close()

    def letter(self, claimed: Claimed, content: bytes) -> Letter:
        return self._letterhead.letter(claimed, content)

    def connection(self) -> Connection:
        self._standing = self._standing.connected()
        return connect(self._endpoint, self._context)

    def await_turn(self) -> None:
        pause = self._pace.turn(self._clock.now())
        if pause:
            self._clock.wait(pause)

    def judge(self, stage: Stage, reply: Reply) -> Attempt:
        fate, self._standing = weigh(stage, reply, self._standing)
        return Attempt(fate, reply.told(stage))


@dataclass(slots=True)
class Pace:
    """Turns that are `gap` apart; who comes late makes up for nothing."""

    gap: timedelta
    _next: datetime | None = None

    def turn(self, now: datetime) -> timedelta:
        """Take one: how long to wait for it. A clock that was set back costs one gap at most."""
        pause = min(max((self._next or now) - now, timedelta(0)), self.gap)
        self._next = now + pause + self.gap
        return pause


class _Session:
    """A `Send` over one connection at a time; a lost one is replaced."""

    def __init__(self, sender: SmtpSender) -> None:
        self._sender = sender
        self._connection: Connection | None = None

    def __call__(self, claimed: Claimed, content: bytes) -> Attempt:
        try:
            letter = self._sender.letter(claimed, content)
        except AddressError:
            return Attempt(Fate.REFUSED, "address")
        self._sender.await_turn()
        try:
            stage, reply = self._try(letter)
        except SenderDown as error:
            return Attempt(Fate.STOPPED, str(error))
        return self._sender.judge(stage, reply)

    def _try(self, letter: Letter) -> tuple[Stage, Reply]:
        connection = self.connect()
        used = connection.turns > 0
        stage, reply = connection.transact(letter)
        # Servers end a conversation after so many messages or minutes: that says nothing of this one.
        if used and stage is Stage.MAIL and reply.code in {0, 421} and not connection.alive():
            return self.connect().transact(letter)
        return stage, reply

    def connect(self) -> Connection:
        if self._connection is None or not self._connection.alive():
            self._connection = self._sender.connection()
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.goodbye()
