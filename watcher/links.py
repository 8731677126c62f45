"""What a letter needs to know of its recipient: the address, and links that are good for them alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.core.outbox import Claimed
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import Purpose, Vault
from watcher.core.problem_news import staff_number
from watcher.core.signups import CONFIRM_FOR, MANAGE_FOR


class SignedLinks:
    """Links to the pages under `base_url`, signed by the vault; none of them tells an address."""

    def __init__(self, vault: Vault, base_url: str, clock: Clock, maintainers: Sequence[str] = ()) -> None:
        """`maintainers` are the addresses of those who are written to about problems."""
        self._vault, self._base, self._clock = vault, base_url.rstrip("/"), clock
        self._maintainers = dict(enumerate(maintainers, start=1))

    def address(self, claimed: Claimed) -> str:
        """Raises `VaultError` when it was erased or sealed with a key that is lost. "" for a maintainer who is
        none any more.
        """
        number = staff_number(claimed.message.about)
        if number is not None:
            return self._maintainers.get(number, "")
        return self._vault.open(claimed.subscription.recipient, claimed.message.about)

    def unsubscribe_url(self, subscription: str, language: str) -> str:
        return self._page("unsubscribe", language, self._vault.token(Purpose.UNSUBSCRIBE, subscription))

    def manage_url(self, subscription: str, language: str) -> str:
        token = self._vault.token(Purpose.MANAGE, subscription, self._clock.now() + MANAGE_FOR)
        return self._page("manage", language, token)

    def confirm_url(self, signup: str, written_at: datetime, language: str) -> str:
        token = self._vault.token(Purpose.CONFIRM, signup, written_at + CONFIRM_FOR)
        return self._page("confirm", language, token)

    def never_url(self, about: str, language: str) -> str:
        return self._page("never", language, self._vault.token(Purpose.NEVER, about))

    def bounce_token(self, about: str) -> str:
        return self._vault.token(Purpose.BOUNCE, about)

    def _page(self, name: str, language: str, token: str) -> str:
        """Pages are French, and English below ``/en``."""
        return f"{self._base}{'/en' if language == 'en' else ''}/{name}/{token}"


class Unhurried:
    """A vault whose links never expire, for rehearsals, where days pass in seconds."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.seal, self.open, self.subject = vault.seal, vault.open, vault.subject

    def token(self, purpose: Purpose, subject: str, _expires_at: datetime | None = None) -> str:
        return self._vault.token(purpose, subject)
