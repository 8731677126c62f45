"""Web-hooks: signed messages to the addresses of those who want to be told by a program of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from watcher.core.outbox import Attempt, Claimed, Fate, Message, MessageKind
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import Send, Vault
from watcher.core.posting import Posted, Poster, PostFailure
from watcher.core.subscriptions import Way
from watcher.core.turns import Turns
from watcher.core.webhooks import (
    CHALLENGES,
    Endpoint,
    challenge,
    challenge_body,
    is_willing,
    numbered,
    signed,
)

GONE = 410
BETWEEN_CHALLENGES = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """A `Sender`; what it yields may be called by `concurrency` threads at once.

    `confirm` is told the sign-up whose receiver showed that it is willing, and may be told twice.
    """

    poster: Poster
    vault: Vault
    clock: Clock
    confirm: Callable[[str], object]
    way: Way = Way.WEBHOOK
    concurrency: int = 8
    _turns: Turns = field(default_factory=Turns)

    @contextmanager
    def open(self) -> Iterator[Send]:
        yield self._send

    def _send(self, claimed: Claimed, content: bytes) -> Attempt:
        message = claimed.message
        endpoint = Endpoint.opened(self.vault.open(claimed.subscription.recipient, message.about))
        with self._turns.turn(endpoint.door, self.clock.now()) as wait:
            if wait is not None:
                return Attempt(Fate.RETRY, "not yet its turn", wait)
            if message.kind is MessageKind.CHALLENGE:
                return self._challenge(message, endpoint)
            return _fate(self._post(endpoint, message, numbered(content, message.sequence)))

    def _challenge(self, message: Message, endpoint: Endpoint) -> Attempt:
        """Send nothing but a question; whoever answers it wants the rest."""
        answer = challenge(message.id, endpoint.secret)
        posted = self._post(endpoint, message, challenge_body(answer))
        fate = _fate(posted)
        if fate.fate is Fate.ACCEPTED and isinstance(posted, Posted) and is_willing(answer, posted.body):
            self.confirm(message.about)
            return fate
        # A stranger may have given the address of somebody who never asked for anything.
        last = fate.fate is Fate.GONE or message.attempts + 1 >= CHALLENGES
        detail = f"challenge not repeated, {fate.detail}"
        return Attempt(Fate.REFUSED if last else Fate.RETRY, detail, fate.retry_after or BETWEEN_CHALLENGES)

    def _post(self, endpoint: Endpoint, message: Message, body: bytes) -> Posted | PostFailure:
        headers = signed(message.id, body, endpoint.secret, self.clock.now())
        return self.poster.post(endpoint.address, body, headers)


def _fate(posted: Posted | PostFailure) -> Attempt:
    """Receivers know a message by its id: after any doubt it is sent again."""
    if isinstance(posted, PostFailure):
        return Attempt(Fate.RETRY, posted.kind.value)
    detail = f"HTTP {posted.status}"
    if 200 <= posted.status < 300:
        return Attempt(Fate.ACCEPTED, detail)
    if posted.status == GONE:
        return Attempt(Fate.GONE, detail)
    return Attempt(Fate.RETRY, detail, posted.retry_after)
