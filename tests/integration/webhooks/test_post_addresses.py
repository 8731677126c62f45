"""Whatever address a stranger registers, nothing but public https servers is ever connected to."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.inner_addresses import SPELLINGS, resolve
from tests.fakes.receiver import Receiver, always
from tests.integration.fetching.scripted import answer, redirect
from watcher.core.page import FailureKind
from watcher.core.posting import Posted, PostFailure
from watcher.core.webhooks import WebhookError, webhook_address
from watcher.post import HttpPoster

CERTIFICATES = Path(__file__).parents[1] / "fetching" / "certificates"
REFUSED = {PostFailure(FailureKind.FORBIDDEN_ADDRESS), PostFailure(FailureKind.BAD_ADDRESS)}

connected: list[object] = []
sys.addaudithook(lambda event, args: connected.append(args[1]) if event == "socket.connect" else None)


@pytest.fixture(autouse=True)
def _count_connections() -> None:
    connected.clear()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_an_inner_address_is_connected_to(
    make: Callable[..., HttpPoster], spelling: str
) -> None:
    poster = make(allow_private=False, resolver=resolve)

    assert poster.post(f"https://{spelling}/", b"{}") in REFUSED
    assert connected == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_inner_address_that_passes_the_form_is_a_name_that_is_looked_at_later(spelling: str) -> None:
    try:
        accepted = webhook_address(f"https://{spelling}/", allow_private=False)
    except WebhookError:
        return
    assert accepted == f"https://{spelling}/"
    assert spelling.endswith("example.fr")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_redirect_is_followed(poster: HttpPoster, receiver: Receiver, spelling: str) -> None:
    receiver.reply = always(redirect(f"http://{spelling}/".encode().decode("latin-1"), "307 Temporary"))

    posted = poster.post(receiver.url("/hook"), b"{}")

    assert isinstance(posted, Posted)
    assert posted.status == 307
    assert connected == [("127.0.0.1", receiver.port)]


@pytest.mark.parametrize(
    "address",
    ["http://hooks.example.fr/", "https://hooks.example.fr:8443/", "https://hooks.example.fr:80/"],
)
def test_only_https_on_its_own_port_is_open_to_strangers(
    make: Callable[..., HttpPoster], address: str
) -> None:
    poster = make(allow_private=False, resolver=lambda host, port: ["77.159.252.140"])

    assert poster.post(address, b"{}") == PostFailure(FailureKind.FORBIDDEN_ADDRESS)
    assert connected == []


@pytest.mark.parametrize(
    "address", ["", "ftp://a.fr/", "https://a@b.fr/", "https://a.fr\\@b.fr/", "https://[/"]
)
def test_what_is_no_web_address_is_said_to_be_none(poster: HttpPoster, address: str) -> None:
    assert poster.post(address, b"{}") == PostFailure(FailureKind.BAD_ADDRESS)


def test_one_answer_of_the_resolver_is_used(make: Callable[..., HttpPoster], receiver: Receiver) -> None:
    """The second answer would be an address that is never permitted."""
    asked: list[str] = []

    def flip(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1" if len(asked) % 2 else "169.254.169.254"]

    poster = make(resolver=flip)
    results = [poster.post(receiver.url("/", "hooks.example.fr"), b'{"type":""}') for _ in range(20)]

    assert sum(isinstance(result, Posted) for result in results) == 10
    assert set(connected) == {("127.0.0.1", receiver.port)}
    assert len(asked) == 20


def test_proxies_of_the_environment_are_not_used(
    poster: HttpPoster, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert isinstance(poster.post(receiver.url("/"), b'{"type":""}'), Posted)


@pytest.mark.parametrize(("host", "taken"), [("localhost", True), ("hooks.example.fr", False)])
def test_certificates_are_verified_for_the_name(
    make: Callable[..., HttpPoster], receiver: Receiver, host: str, taken: bool
) -> None:
    receiver.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    receiver.tls.load_cert_chain(CERTIFICATES / "localhost.pem")
    receiver.reply = always(answer(b"ok"))
    context = ssl.create_default_context(cafile=str(CERTIFICATES / "ca.pem"))
    poster = make(tls=context, resolver=lambda host, port: ["127.0.0.1"])

    posted = poster.post(receiver.url("/", host), b"{}")

    assert posted == (Posted(200, b"ok", None) if taken else PostFailure(FailureKind.TLS))
    assert len(receiver.got) == taken
