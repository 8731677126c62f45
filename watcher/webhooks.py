"""Registering a web-hook: what its owner is told at once, and never again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from watcher.core.ports import Clock
from watcher.core.ports_outgoing import Purpose, SubscriptionStore, Vault
from watcher.core.signups import FORM_FOR
from watcher.core.subscriptions import Choices, Signup, Way
from watcher.core.webhooks import SECRET, Endpoint, new_secret, webhook_address

_FORM = "webhooks"


@dataclass(frozen=True, slots=True)
class Registered:
    """What the owner must keep: with the tokens they change their choices, or leave."""

    endpoint: Endpoint
    manage: str
    leave: str


def _random(size: int) -> bytes:
    return secrets.token_bytes(size)


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the pages do for those who register a web-hook; `random` gives so many bytes."""

    store: SubscriptionStore
    vault: Vault
    clock: Clock
    allow_private: bool = False
    random: Callable[[int], bytes] = _random

    def form(self) -> str:
        """What a form must send back."""
        return self.vault.token(Purpose.FORM, _FORM, self.clock.now() + FORM_FOR)

    def is_form(self, token: str) -> bool:
        return self.vault.subject(Purpose.FORM, token, self.clock.now()) == _FORM

    def address(self, text: str) -> str:
        """Raises `WebhookError` for what cannot be one."""
        return webhook_address(text, allow_private=self.allow_private)

    def register(self, address: str, choices: Choices, consent: str) -> Registered:
        """Keep a sign-up; its receiver is asked whether it is willing before it gets anything.

        The subscription will have the id of the sign-up, so that its links can be told now: there is no
        mailbox to which they could be sent later.
        """
        id_ = self.random(16).hex()
        endpoint = Endpoint(address, new_secret(self.random(SECRET)))
        recipient = self.vault.seal(endpoint.sealed_text, id_)
        self.store.ask(Signup(id_, Way.WEBHOOK, recipient, choices, self.clock.now(), consent))
        return Registered(
            endpoint,
            manage=self.vault.token(Purpose.MANAGE, id_),
            leave=self.vault.token(Purpose.UNSUBSCRIBE, id_),
        )

    def confirm(self, signup: str) -> None:
        """The receiver is willing: from now on it gets what was chosen. Again is no harm."""
        self.store.confirm(signup, signup, self.clock.now())
