"""Chats (Telegram, Matrix, Slack, ntfy …) by way of Apprise, which is an optional extra."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from notifiers.chat_process import Outcome
from watcher.core.chats import ChatError
from watcher.core.outbox import Attempt, Claimed, Fate
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import Send, Vault
from watcher.core.subscriptions import Way
from watcher.core.turns import Turns

PATIENCE = 30.0  # seconds, the start of the process included
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR")
_MISSING = "les messageries demandent Apprise, l'extra « push » : uv sync --extra push"


@dataclass(frozen=True, slots=True)
class ChatSender:
    """A `Sender`; what it yields may be called by `concurrency` threads at once."""

    vault: Vault
    clock: Clock
    patience: float = PATIENCE
    way: Way = Way.CHAT
    concurrency: int = 4
    _turns: Turns = field(default_factory=Turns)

    @contextmanager
    def open(self) -> Iterator[Send]:
        yield self._send

    def _send(self, claimed: Claimed, content: bytes) -> Attempt:
        about = claimed.message.about
        address = self.vault.open(claimed.subscription.recipient, about)
        with self._turns.turn(about, self.clock.now()) as wait:
            if wait is not None:
                return Attempt(Fate.RETRY, "not yet its turn", wait)
            return _attempt(_asked({"address": address, "text": content.decode()}, self.patience))


def check(address: str, patience: float = PATIENCE) -> None:
    """Raise `ChatError` unless Apprise is there and knows what to make of an address; nothing is sent."""
    outcome = _asked({"address": address}, patience)
    if outcome is Outcome.NO_APPRISE:
        raise ChatError(_MISSING)
    if outcome is not Outcome.TAKEN:
        raise ChatError("il manque quelque chose à cette adresse, ou il y a une faute de frappe")


def _asked(question: Mapping[str, str], patience: float) -> Outcome | None:
    """What the process said; `None` when it had to be stopped or failed in a way of its own."""
    # Settings of ours, passwords among them, are none of its business.
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        ended = subprocess.run(  # a command line without anybody's words in it
            [sys.executable, "-I", "-m", "notifiers.chat_process"],
            input=json.dumps(question).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return Outcome(ended.returncode) if ended.returncode in {*Outcome} else None


def _attempt(outcome: Outcome | None) -> Attempt:
    match outcome:
        case Outcome.TAKEN:
            return Attempt(Fate.ACCEPTED, "taken")
        case Outcome.NO_APPRISE:
            return Attempt(Fate.STOPPED, "no Apprise")
        case Outcome.NO_SUCH_ADDRESS:
            return Attempt(Fate.RETRY, "address not understood")
        case Outcome.NOT_TAKEN:
            return Attempt(Fate.RETRY, "not taken")
        case None:
            return Attempt(Fate.RETRY, "no answer in time, or none at all")
