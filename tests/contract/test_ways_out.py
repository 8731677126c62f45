"""What every way out promises its worker, whatever the other side does."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from notifiers.chat import ChatSender
from notifiers.render.chat import ChatRenderer
from notifiers.render.webhook import WebhookRenderer
from notifiers.webhook import WebhookSender
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert
from tests.fakes.outgoing import Desk, desk
from tests.fakes.receiver import Got, Receiver, always, receiving
from tests.integration.fetching.scripted import Script, answer, closing, endless, redirect, reset, stall
from watcher.core.outbox import Attempt, Fate
from watcher.core.ports_outgoing import Renderer, Sender
from watcher.core.webhooks import Endpoint, new_secret
from watcher.post import HttpPoster, Limits

TOKEN = "s3cretPathAndToken"
SECRET = new_secret(bytes(32))
TROUBLES: dict[str, Script] = {
    "answers 500": answer(b"our token is " + TOKEN.encode(), status="500 Oops"),
    "answers 404": answer(b"", status="404 Not Found"),
    "redirects in circles": redirect("/"),
    "resets": reset(),
    "hangs up": closing(b""),
    "speaks nonsense": closing(b"\x00\xff" * 500),
    "stalls": stall,
    "never ends": endless(
        b"HTTP/1.1 500 Oops\r\nContent-Length: 999999999999\r\n\r\n", b"a" * 65536, times=20_000
    ),
}


@dataclass
class WayOut:
    """A sender with its renderer, and an address at which a loopback server takes what is sent."""

    sender: Sender
    render: Renderer
    address: str
    letters: Desk
    receiver: Receiver

    def send(self) -> Attempt:
        claimed = self.letters.claimed(self.sender.way, self.address)
        with self.sender.open() as send:
            return send(claimed, self.render(claimed, [alert()], None))


def web_hook(letters: Desk, receiver: Receiver, clock: StillClock, patience: float) -> Iterator[WayOut]:
    trusting_nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    poster = HttpPoster(
        clock, allow_private=True, user_agent="V", tls=trusting_nobody, limits=Limits(total=patience)
    )
    sender = WebhookSender(poster, letters.vault, clock, lambda _: None)
    address = Endpoint(receiver.url(f"/{TOKEN}"), SECRET).sealed_text
    yield WayOut(sender, WebhookRenderer(VOCABULARY, BASE), address, letters, receiver)
    poster.close()


def chat(letters: Desk, receiver: Receiver, clock: StillClock, patience: float) -> Iterator[WayOut]:
    pytest.importorskip("apprise")
    sender = ChatSender(letters.vault, clock, patience=patience)
    address = f"gotify://127.0.0.1:{receiver.port}/{TOKEN}"
    yield WayOut(sender, ChatRenderer(VOCABULARY, BASE), address, letters, receiver)


WAYS: dict[str, Callable[[Desk, Receiver, StillClock, float], Iterator[WayOut]]] = {
    "web-hook": web_hook,
    "chat": chat,
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def patience() -> float:
    return 15.0


@pytest.fixture
def out(way: str, tmp_path: Path, patience: float) -> Iterator[WayOut]:
    with receiving(reply=always(answer(b'{"id":1}'))) as receiver:
        yield from WAYS[way](desk(tmp_path), receiver, StillClock(), patience)


def test_what_is_taken_is_accepted_and_said_once(out: WayOut) -> None:
    assert out.send().fate is Fate.ACCEPTED
    (got,) = out.receiver.got
    assert b"Cantal (15)" in got.body


@pytest.mark.parametrize("patience", [1.5])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_a_fate_in_time_and_tells_no_address(
    out: WayOut,
    trouble: str,
    patience: float,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    out.receiver.reply = always(TROUBLES[trouble])
    started = time.monotonic()

    attempt = out.send()

    assert attempt.fate is Fate.RETRY
    assert time.monotonic() - started < patience + 2.0
    told = "".join((attempt.detail, *capfd.readouterr(), caplog.text))
    assert attempt.detail
    assert not [word for word in (TOKEN, "127.0.0.1", str(out.receiver.port), "http://") if word in told]


def test_who_recovers_is_told_after_all(out: WayOut) -> None:
    answers: Iterator[Script] = iter([reset(), answer(b"{}")])

    def reply(_: Got) -> Script:
        return next(answers)

    out.receiver.reply = reply
    assert [out.send().fate, out.send().fate] == [Fate.RETRY, Fate.ACCEPTED]
