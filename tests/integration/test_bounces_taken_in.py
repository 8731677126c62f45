"""What comes back changes subscriptions only when it carries a token of ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import anyio
import httpx
import pytest
from fastapi import FastAPI

from notifiers.bounces import BounceReader
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import SEEN, StillClock
from tests.fakes.returned import MAILBOX, complaint, report, unsubscription
from tests.fakes.subscribers import subscriber
from watcher.bounces import BounceDesk, Outcome
from watcher.core.ports_outgoing import Purpose
from watcher.core.subscriptions import EndReason
from watcher.vault import KeyVault, open_vault
from watcher.web.bounce_routes import HEADER, bounce_routes, signature

ANA = "a" * 32
DAY = timedelta(days=1)
SECRET = b"a secret among machines"


@pytest.fixture
def vault(tmp_path: Path) -> KeyVault:
    return open_vault(tmp_path / "vigie.key")


@pytest.fixture
def people(tmp_path: Path, vault: KeyVault) -> Iterator[SqlSubscriptions]:
    engine = open_engine(f"sqlite:///{tmp_path}/vigie.db")
    upgrade(engine)
    people = SqlSubscriptions(engine)
    people.add(subscriber(ANA, recipient=vault.seal("ana@exemple.fr", ANA)))
    yield people
    engine.dispose()


@pytest.fixture
def desk(people: SqlSubscriptions, vault: KeyVault) -> BounceDesk:
    return BounceDesk(BounceReader(MAILBOX), people, vault.subject)


@pytest.fixture
def path(vault: KeyVault) -> str:
    """Where what comes back of Ana's mails goes."""
    return f"retours+{vault.token(Purpose.BOUNCE, ANA)}@vigie.example"


def active(people: SqlSubscriptions) -> bool:
    found = people.subscription(ANA)
    return found is not None and found.active


def test_three_days_of_hard_bounces_end_a_subscription(
    desk: BounceDesk, people: SqlSubscriptions, path: str
) -> None:
    days = [SEEN, SEEN, SEEN + DAY, SEEN + DAY, SEEN + 5 * DAY]
    outcomes = [desk.take(report(path), day).outcome for day in days]

    assert outcomes == [Outcome.NOTED] * 4 + [Outcome.ENDED]
    ended = people.subscription(ANA)
    assert ended is not None
    assert (ended.ended_reason, ended.recipient.erased) == (EndReason.BOUNCED, True)


def test_delays_and_refusals_of_what_we_say_never_end_one(
    desk: BounceDesk, people: SqlSubscriptions, path: str
) -> None:
    for day, status in enumerate(["4.2.2", "4.4.1", "5.7.1", "5.7.26", "2.1.5"] * 3):
        assert desk.take(report(path, status), SEEN + day * DAY).outcome is Outcome.PASSING

    assert active(people)


def test_a_complaint_ends_it_at_once_and_for_good(
    desk: BounceDesk, people: SqlSubscriptions, path: str
) -> None:
    before = people.subscription(ANA)
    assert before is not None

    assert desk.take(complaint(path), SEEN).outcome is Outcome.ENDED
    ended = people.subscription(ANA)
    assert ended is not None
    assert ended.ended_reason is EndReason.COMPLAINED
    assert people.history(before.recipient.mailbox, SEEN).suppressed


def test_unsubscribing_by_mail_needs_the_token_of_that_purpose(
    desk: BounceDesk, people: SqlSubscriptions, vault: KeyVault
) -> None:
    assert desk.take(unsubscription(vault.token(Purpose.BOUNCE, ANA)), SEEN).outcome is Outcome.STRANGER
    assert desk.take(unsubscription(vault.token(Purpose.UNSUBSCRIBE, ANA)), SEEN).outcome is Outcome.ENDED
    assert not active(people)


def test_a_thousand_forged_returns_change_nothing(
    desk: BounceDesk, people: SqlSubscriptions, path: str
) -> None:
    token = path.partition("+")[2].partition("@")[0]
    for number in range(1000):
        place = number % len(token)
        other = (
            "0123456789abcdef"[(int(token[place], 16) + 1 + number // len(token)) % 16]
            if token[place] != "."
            else "x"
        )
        spoilt = token[:place] + other + token[place + 1 :]
        forged = (
            spoilt if spoilt != token else hashlib.sha256(bytes([number % 256])).hexdigest()[: len(token)]
        )
        mail = (report if number % 2 else complaint)(f"retours+{forged}@vigie.example")
        assert desk.take(mail, SEEN + number * DAY).outcome is Outcome.STRANGER

    assert active(people)


def test_returns_are_handed_in_over_http_only_with_a_fresh_signature(
    desk: BounceDesk, people: SqlSubscriptions, path: str
) -> None:
    clock = StillClock()
    app = FastAPI()
    app.include_router(bounce_routes(lambda mail: desk.take(mail, clock.now()), SECRET, clock))
    body = complaint(path)
    right = signature(body, SECRET, SEEN)
    refused = [
        ({}, body), ({HEADER: right}, body + b" "), ({HEADER: right[:-1] + "g"}, body),
        ({HEADER: signature(body, b"x", SEEN)}, body),
        ({HEADER: signature(body, SECRET, SEEN - timedelta(minutes=6))}, body),
        ({HEADER: signature(body, SECRET, SEEN + timedelta(minutes=6))}, body),
    ]  # fmt: skip

    assert [post(app, *one) for one in refused] == [401] * len(refused)
    assert post(app, {HEADER: right}, b"x" * 1_000_001) == 413
    assert active(people)
    assert post(app, {HEADER: right}, body) == 204
    assert not active(people)


def post(app: FastAPI, headers: dict[str, str], body: bytes) -> int:
    async def ask() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://vigie.example") as client:
            answer = await client.post("/bounces", headers=headers, content=body)
        return answer.status_code

    return anyio.run(ask)
