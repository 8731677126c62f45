"""Whoever runs a server registers it on a page, and gets a secret that is never shown again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from notifiers.webhook import WebhookSender
from tests.fakes.alerts import BASE, SEEN, StillClock
from tests.fakes.outgoing import Desk
from tests.fakes.receiver import receiving
from tests.fakes.store import MemoryStore
from tests.fakes.subscriptions import MemorySubscriptions
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.outbox import Attempt, Claimed, Fate, MessageKind
from watcher.core.ports_outgoing import Purpose, Vault
from watcher.core.subscriptions import Signup, Way
from watcher.core.webhooks import Endpoint
from watcher.post import HttpPoster
from watcher.subscribe import judge
from watcher.vault import open_vault
from watcher.webhooks import Webhooks

HOOK = "https://hooks.example.fr/vigie"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@dataclass
class Owner:
    """Somebody who runs a server, before the page."""

    visitor: Visitor
    store: MemorySubscriptions
    vault: Vault

    def fill(
        self, url: str = HOOK, *more: tuple[str, str], language: str = "", **headers: str
    ) -> httpx.Response:
        """Send the form as a browser would that shows the page."""
        page = self.visitor.ask(f"{language}/webhooks").text
        (token,) = re.findall(r'name="form" value="([^"]+)"', page)
        return self.send(f"{language}/webhooks", [("form", token), ("url", url), *more], **headers)

    def send(self, path: str, fields: list[tuple[str, str]], **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.visitor.portal.call(self._send, path, fields, named)

    async def _send(
        self, path: str, fields: list[tuple[str, str]], headers: dict[str, str]
    ) -> httpx.Response:
        body = urlencode(fields).encode()
        headers = {"content-type": "application/x-www-form-urlencoded", **headers}
        transport = httpx.ASGITransport(self.visitor.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.post(path, content=body, headers=headers)

    def challenge(self, claimed: Claimed) -> Attempt:
        """What the worker does with the message that asks the server."""
        clock = StillClock()
        poster = HttpPoster(clock, allow_private=True, user_agent="Vigie")
        webhooks = Webhooks(self.store, self.vault, clock)
        with closing(poster), WebhookSender(poster, self.vault, clock, webhooks.confirm).open() as send:
            return send(claimed, b"")

    @property
    def signup(self) -> Signup:
        (signup,) = self.store.asked.values()
        return signup


@contextmanager
def running_a_server(store: MemoryStore, folder: Path, **changes: Any) -> Iterator[Owner]:
    subscriptions, vault = MemorySubscriptions(), open_vault(folder / "vigie.key")
    webhooks = Webhooks(subscriptions, vault, StillClock(), **changes)
    with visiting(site(store, webhooks=webhooks)) as visitor:
        yield Owner(visitor, subscriptions, vault)


@pytest.fixture
def owner(store: MemoryStore, tmp_path: Path) -> Iterator[Owner]:
    with running_a_server(store, tmp_path) as owner:
        yield owner


@pytest.mark.parametrize("path", ["/webhooks", "/en/webhooks"])
def test_the_page_is_there_in_both_languages_and_kept_by_nobody(owner: Owner, path: str) -> None:
    page = owner.visitor.ask(path)

    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "endpoint.challenge" in page.text
    assert (
        'href="' + path.removesuffix("/webhooks") + '/webhooks"' in owner.visitor.ask(path[:-9] or "/").text
    )


def test_without_web_hooks_there_is_no_such_page(store: MemoryStore) -> None:
    with visiting(site(store)) as visitor:
        assert visitor.ask("/webhooks").status_code == 404
        assert "/webhooks" not in visitor.ask("/").text


def test_the_secret_is_shown_once_and_what_is_kept_is_sealed(owner: Owner) -> None:
    choices = [("prefecture", "15"), ("category", "fee"), ("severity", "important"), ("verified", "1")]
    page = owner.fill(f" {HOOK} ", *choices)

    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    signup = owner.signup
    opened = Endpoint.opened(owner.vault.open(signup.recipient, signup.id))
    assert (signup.way, opened.address) == (Way.WEBHOOK, HOOK)
    assert set(SECRET.findall(page.text)) == {opened.secret}
    assert HOOK.encode() not in signup.recipient.sealed
    interest = signup.choices.interest
    assert (interest.prefectures, interest.categories) == (frozenset({"15"}), frozenset({"fee"}))
    assert (interest.severity, interest.verified_only) == ("important", True)


def test_its_links_open_the_subscription_that_it_becomes(owner: Owner) -> None:
    page = owner.fill(language="/en").text
    links = dict(re.findall(rf"{BASE}/en/(manage|unsubscribe)/([0-9a-z.]+)", page))
    opened = {
        owner.vault.subject(purpose, links[name], SEEN)
        for name, purpose in (("manage", Purpose.MANAGE), ("unsubscribe", Purpose.UNSUBSCRIBE))
    }

    assert opened == {owner.signup.id}


def test_two_registrations_of_one_address_know_nothing_of_each_other(owner: Owner) -> None:
    secrets = {SECRET.findall(owner.fill().text)[0] for _ in range(2)}
    first, second = owner.store.asked.values()

    assert len(secrets) == 2
    assert first.recipient.index != second.recipient.index
    assert first.recipient.mailbox == second.recipient.mailbox


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "manque"),
        ("http://hooks.example.fr/", "https://"),
        ("https://hooks.example.fr:8443/", "port 443"),
        ("https://127.0.0.1/", "public"),
        ("https://10.0.0.1/", "public"),
        ("https://me@hooks.example.fr/", "identifiants"),
        ("https://hooks.example.fr/#a", "ancre"),
        ("https://" + "a" * 3000 + ".fr/", "trop longue"),
        ('https://a.fr/"><script>alert(1)</script>', "caractère"),
    ],
)
def test_a_bad_address_is_explained_and_nothing_is_kept(owner: Owner, url: str, told: str) -> None:
    page = owner.fill(url, ("prefecture", "69"))

    assert page.status_code == 422
    assert told in page.text
    assert "<script>alert" not in page.text
    assert re.search(r'value="69"\s+checked', page.text)
    assert not SECRET.search(page.text)
    assert owner.store.asked == {}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ([("form", "forged"), ("url", HOOK)], "trop longtemps"),
        ([("url", HOOK)], "trop longtemps"),
        ([], "trop longtemps"),
    ],
)
def test_only_our_own_fresh_form_counts(owner: Owner, fields: list[tuple[str, str]], told: str) -> None:
    page = owner.send("/webhooks", fields)

    assert page.status_code == 422
    assert told in page.text
    assert owner.store.asked == {}


def test_a_robot_that_fills_everything_is_told_so(owner: Owner) -> None:
    assert owner.fill(HOOK, ("homepage", "https://spam.example")).status_code == 422
    assert owner.fill(HOOK, ("prefecture", "00")).status_code == 422
    assert owner.store.asked == {}


def test_pages_of_others_cannot_register(owner: Owner) -> None:
    assert owner.fill(sec_fetch_site="cross-site").status_code == 403
    assert owner.fill(origin="https://evil.example").status_code == 403
    assert owner.store.asked == {}


def test_one_network_cannot_register_without_end(owner: Owner) -> None:
    statuses = [owner.fill(f"{HOOK}/{n}").status_code for n in range(11)]

    assert statuses == [200] * 10 + [429]
    assert len(owner.store.asked) == 10


def test_a_server_that_answers_the_challenge_is_subscribed(store: MemoryStore, tmp_path: Path) -> None:
    """From the form to the first subscription, over a real connection."""
    with receiving() as receiver, running_a_server(store, tmp_path, allow_private=True) as owner:
        assert owner.fill(receiver.url("/hook")).status_code == 200
        signup = owner.signup
        judge(owner.store, SEEN)
        claimed = Desk(owner.vault).claimed(
            Way.WEBHOOK,
            owner.vault.open(signup.recipient, signup.id),
            about=signup.id,
            kind=MessageKind.CHALLENGE,
        )
        assert owner.challenge(claimed).fate is Fate.ACCEPTED

        subscription = owner.store.subscription(signup.id)
        assert subscription is not None
        assert subscription.active
        assert owner.vault.open(subscription.recipient, subscription.id).startswith(receiver.url("/hook"))
