"""A receiver that follows the documents of Standard Webhooks gets every alert, knows it again, and can trust it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from notifiers.render.webhook import WebhookRenderer
from notifiers.webhook import WebhookSender
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert
from tests.fakes.outgoing import SUBSCRIBER, Desk, desk
from tests.fakes.receiver import Got, Receiver, always, willing
from tests.integration.fetching.scripted import Script, answer, redirect, stall
from watcher.clock import SystemClock
from watcher.core.outbox import Attempt, Claimed, Fate, MessageKind
from watcher.core.ports_outgoing import VaultError
from watcher.core.webhooks import Endpoint, new_secret
from watcher.post import HttpPoster

SECRET = new_secret(b"0123456789abcdef0123456789abcdef")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def letters(tmp_path: Path) -> Desk:
    return desk(tmp_path)


class Post:
    """A sender, its clock, and whom it confirmed."""

    def __init__(self, letters: Desk, poster: HttpPoster, receiver: Receiver, clock: StillClock) -> None:
        self.letters, self.receiver, self.clock = letters, receiver, clock
        self.confirmed: list[str] = []
        self.sender = WebhookSender(poster, letters.vault, clock, self.confirmed.append)
        self.render = WebhookRenderer(VOCABULARY, BASE)

    def claimed(self, path: str = "/hook", **changes: Any) -> Claimed:
        text = Endpoint(self.receiver.url(path), SECRET).sealed_text
        return self.letters.claimed(self.sender.way, text, **changes)

    def send(self, claimed: Claimed, number: int = 0) -> Attempt:
        with self.sender.open() as send:
            return send(claimed, self.render(claimed, [alert(number)], None))

    def ask(self, **changes: Any) -> Attempt:
        return self.send(self.claimed(kind=MessageKind.CHALLENGE, alerts=(), **changes))


@pytest.fixture
def post(letters: Desk, poster: HttpPoster, receiver: Receiver, clock: StillClock) -> Post:
    return Post(letters, poster, receiver, clock)


def test_the_reference_library_accepts_what_is_sent(
    letters: Desk, poster: HttpPoster, receiver: Receiver
) -> None:
    sender = WebhookSender(poster, letters.vault, SystemClock(), lambda _: None)
    text = Endpoint(receiver.url("/hook"), SECRET).sealed_text
    claimed = letters.claimed(sender.way, text, sequence=41)

    with sender.open() as send:
        attempt = send(claimed, WebhookRenderer(VOCABULARY, BASE)(claimed, [alert()], None))

    (got,) = receiver.got
    told = Webhook(SECRET).verify(got.body, got.headers)
    assert attempt == Attempt(Fate.ACCEPTED, "HTTP 204")
    assert got.headers["content-type"] == "application/json"
    assert (told["type"], told["sequence"], told["data"]["id"]) == ("alert.published", 41, alert().id)
    for spoilt in (got.body.replace(b"Cantal", b"Rhone", 1), got.body + b" "):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(spoilt, got.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(b"another").decode()).verify(got.body, got.headers)


def test_all_attempts_have_one_id_and_the_same_bytes(post: Post) -> None:
    post.receiver.reply = always(answer(b"", status="500 Oops"))
    claimed = post.claimed()
    for _ in range(3):
        assert post.send(claimed) == Attempt(Fate.RETRY, "HTTP 500")
        post.clock.time += timedelta(hours=1)

    got = post.receiver.got
    assert {one.headers["webhook-id"] for one in got} == {claimed.message.id}
    assert len({one.body for one in got}) == 1
    assert len({one.headers["webhook-timestamp"] for one in got}) == 3
    assert len({one.headers["webhook-signature"] for one in got}) == 3


STATUSES: dict[str, tuple[Script, Attempt]] = {
    "200": (answer(b"whatever"), Attempt(Fate.ACCEPTED, "HTTP 200")),
    "202": (answer(b"", status="202 Accepted"), Attempt(Fate.ACCEPTED, "HTTP 202")),
    "redirects": (redirect("https://elsewhere.example/"), Attempt(Fate.RETRY, "HTTP 302")),
    "304": (answer(b"", status="304 Not Modified"), Attempt(Fate.RETRY, "HTTP 304")),
    "400": (answer(b"bad", status="400 Bad"), Attempt(Fate.RETRY, "HTTP 400")),
    "401": (answer(b"", status="401 No"), Attempt(Fate.RETRY, "HTTP 401")),
    "404": (answer(b"", status="404 No"), Attempt(Fate.RETRY, "HTTP 404")),
    "410": (answer(b"", status="410 Gone"), Attempt(Fate.GONE, "HTTP 410")),
    "429": (
        answer(b"", "Retry-After: 300", status="429 Slow"),
        Attempt(Fate.RETRY, "HTTP 429", timedelta(minutes=5)),
    ),
    "503 for days": (
        answer(b"", "Retry-After: 9999999", status="503 Down"),
        Attempt(Fate.RETRY, "HTTP 503", timedelta(hours=6)),
    ),
    "stalls": (stall, Attempt(Fate.RETRY, "timeout")),
}


@pytest.mark.parametrize("case", STATUSES)
def test_what_the_receiver_does_decides(post: Post, case: str) -> None:
    script, attempt = STATUSES[case]
    post.receiver.reply = always(script)

    assert post.send(post.claimed()) == attempt
    assert len(post.receiver.got) == 1


def test_a_receiver_that_is_not_there_is_tried_later(post: Post) -> None:
    nobody = Endpoint("http://127.0.0.1:9/", SECRET).sealed_text

    assert post.send(post.letters.claimed(post.sender.way, nobody)) == Attempt(Fate.RETRY, "connect")


def test_an_inner_address_is_refused_without_a_word_about_our_network(
    letters: Desk, make: Callable[..., HttpPoster], clock: StillClock
) -> None:
    poster = make(allow_private=False, resolver=lambda host, port: ["10.1.2.3"])
    sender = WebhookSender(poster, letters.vault, clock, lambda _: None)
    claimed = letters.claimed(sender.way, Endpoint("https://in.example.fr/", SECRET).sealed_text)

    with sender.open() as send:
        assert send(claimed, b'{"sequence":0,}') == Attempt(Fate.RETRY, "forbidden_address")


def test_ten_a_minute_and_no_more(post: Post) -> None:
    fates = [post.send(post.claimed(f"/hook?{n}"), n).fate for n in range(12)]
    refused = post.send(post.claimed())

    assert fates == [Fate.ACCEPTED] * 10 + [Fate.RETRY] * 2
    assert refused.retry_after == MINUTE
    assert len(post.receiver.got) == 10
    assert post.send(post.claimed("/other")).fate is Fate.ACCEPTED
    post.clock.time += MINUTE
    assert post.send(post.claimed()).fate is Fate.ACCEPTED


def test_one_at_a_time_for_each_receiver_and_nobody_waits_for_the_slow(post: Post) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slow(got: Got) -> Script:
        if got.path == "/slow":
            arrived.set()
            go_on.wait(5)
        return answer(b"")

    post.receiver.reply = slow
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post.send, post.claimed("/slow"))
        assert arrived.wait(5)
        assert post.send(post.claimed("/slow")) == Attempt(Fate.RETRY, "not yet its turn", MINUTE)
        assert post.send(post.claimed("/quick")).fate is Fate.ACCEPTED
        go_on.set()
        assert first.result().fate is Fate.ACCEPTED
    assert post.send(post.claimed("/slow")).fate is Fate.ACCEPTED


def as_json(got: Got) -> Script:
    return answer(b'{ "ok": true, "challenge": "%s" }\n' % got.told["challenge"].encode())


@pytest.mark.parametrize("reply", [willing, as_json])
def test_whoever_repeats_the_challenge_is_confirmed(post: Post, reply: Callable[[Got], Script]) -> None:
    post.receiver.reply = reply

    assert post.ask() == Attempt(Fate.ACCEPTED, "HTTP 200")
    assert post.confirmed == [SUBSCRIBER]
    (got,) = post.receiver.got
    assert got.told.keys() == {"type", "challenge"}
    assert len(got.told["challenge"]) == 64


def lies(got: Got) -> Script:
    return answer(got.told["challenge"].encode()[:-1] + b"x")


UNWILLING: dict[str, Callable[[Got], Script]] = {
    "says nothing": always(answer(b"")),
    "lies": lies,
    "says OK": always(answer(b"OK")),
    "sends the question back": lambda got: answer(got.body[:-1] + b',"x":'),
    "says another": always(answer(b'{"challenge":"' + b"0" * 64 + b'"}')),
    "nests for ever": always(answer(b'{"a":' * 600)),
    "sends a list": always(answer(b'["challenge"]')),
    "hides it behind 4 KB": lambda got: answer(b" " * 4096 + got.told["challenge"].encode()),
    "repeats it with an error": lambda got: answer(got.told["challenge"].encode(), status="500 Oops"),
    "moves": always(redirect("/willing")),
}


@pytest.mark.parametrize("behaviour", UNWILLING)
def test_whoever_does_not_is_asked_three_times_and_never_told_anything(post: Post, behaviour: str) -> None:
    post.receiver.reply = UNWILLING[behaviour]

    fates = [post.ask(attempts=attempts).fate for attempts in range(3)]

    assert fates == [Fate.RETRY, Fate.RETRY, Fate.REFUSED]
    assert post.confirmed == []
    assert {got.told["type"] for got in post.receiver.got} == {"endpoint.challenge"}


def test_whoever_says_gone_to_a_challenge_is_not_asked_again(post: Post) -> None:
    post.receiver.reply = always(answer(b"", status="410 Gone"))

    assert post.ask().fate is Fate.REFUSED


def test_a_challenge_stays_the_same_for_one_registration_only(post: Post) -> None:
    first = post.claimed(kind=MessageKind.CHALLENGE)
    for claimed in (first, first, post.claimed(kind=MessageKind.CHALLENGE)):
        post.send(claimed)

    asked = [got.told["challenge"] for got in post.receiver.got]
    assert asked[0] == asked[1] != asked[2]


def test_an_address_that_was_sealed_for_somebody_else_is_our_own_fault(post: Post) -> None:
    claimed, other = post.claimed(), post.claimed(about="6" * 32)
    mixed = Claimed(claimed.message, other.subscription)

    with pytest.raises(VaultError):
        post.send(mixed)
    assert post.receiver.got == []
