"""Somebody who signs up, and what they can do with the links in their letters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import httpx

from tests.fakes.alerts import BASE, StillClock
from tests.integration.web.visitor import Visitor
from watcher.core.ports_outgoing import OutboxStore, Purpose, SubscriptionStore
from watcher.core.signups import CONFIRM_FOR, MANAGE_FOR
from watcher.core.subscriptions import Signup, Subscription
from watcher.subscribe import judge
from watcher.vault import KeyVault

ANA = "ana@exemple.fr"
FORM = "application/x-www-form-urlencoded"
Fields = list[tuple[str, str]]


@dataclass
class Newcomer:
    visitor: Visitor
    store: SubscriptionStore
    outbox: OutboxStore
    vault: KeyVault
    clock: StillClock

    def post(
        self, path: str, fields: Fields | bytes = b"", *, host: str = "192.0.2.1", **headers: str
    ) -> httpx.Response:
        body = fields if isinstance(fields, bytes) else str(httpx.QueryParams(fields)).encode()
        named = {"content-type": FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.visitor.portal.call(self._post, path, body, host, named)

    async def _post(self, path: str, body: bytes, host: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.visitor.app, raise_app_exceptions=False, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.post(path, content=body, headers=headers)

    def form(self, address: str = ANA, *more: tuple[str, str], language: str = "") -> Fields:
        """The form as it is shown, filled in."""
        (token,) = re.findall(r'name="form" value="([^"]+)"', self.visitor.ask(f"{language}/subscribe").text)
        return [("form", token), ("address", address), ("homepage", ""), ("consent", "1"), *more]

    def sign_up(self, address: str = ANA, *more: tuple[str, str], host: str = "192.0.2.1") -> httpx.Response:
        return self.post("/subscribe", self.form(address, *more), host=host)

    def pass_time(self, span: timedelta) -> None:
        self.clock.wait(span)

    def judge(self) -> None:
        judge(self.store, self.clock.now())

    def signups(self, address: str = ANA) -> list[Signup]:
        return list(self.store.signups(self.vault.seal(address, "").index))

    def subscribed(self, address: str = ANA) -> Subscription | None:
        return self.store.find_subscription(self.vault.seal(address, "").index)

    def confirm_path(self, signup: Signup) -> str:
        token = self.vault.token(Purpose.CONFIRM, signup.id, self.clock.now() + CONFIRM_FOR)
        return f"/confirm/{token}"

    def never_path(self, signup: Signup) -> str:
        return f"/never/{self.vault.token(Purpose.NEVER, signup.id)}"

    def unsubscribe_path(self, subscription: Subscription) -> str:
        return f"/unsubscribe/{self.vault.token(Purpose.UNSUBSCRIBE, subscription.id)}"

    def link_path(self, subscription: Subscription) -> str:
        return f"/manage-link/{self.vault.token(Purpose.UNSUBSCRIBE, subscription.id)}"

    def manage_path(self, subscription: Subscription) -> str:
        token = self.vault.token(Purpose.MANAGE, subscription.id, self.clock.now() + MANAGE_FOR)
        return f"/manage/{token}"

    def waiting(self, address: str = ANA, *more: tuple[str, str]) -> Signup:
        """Sign up, and let the confirmation be sent."""
        assert self.sign_up(address, *more).status_code == 200
        self.judge()
        return self.signups(address)[-1]

    def confirmed(self, address: str = ANA, *more: tuple[str, str]) -> Subscription:
        assert self.post(self.confirm_path(self.waiting(address, *more))).status_code == 200
        found = self.subscribed(address)
        assert found is not None
        return found
