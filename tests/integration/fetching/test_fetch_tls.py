"""Certificates are verified, for the name that was asked and not for the address it is at."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.fetching.scripted import QUICK, Server, answer, redirect, reset
from watcher.core.page import FailureKind, FetchFailure, Page
from watcher.fetch import HttpFetcher

HERE = Path(__file__).parent / "certificates"


def serve(server: Server, certificate: str) -> list[str | None]:
    """Speak TLS with this certificate; returns the names that clients ask for."""
    asked: list[str | None] = []
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(HERE / certificate)
    server.tls.sni_callback = lambda sock, name, context: asked.append(name)
    server.answers["/page"] = answer(b"<html></html>")
    return asked


@pytest.fixture
def trusting(make: Callable[..., HttpFetcher]) -> HttpFetcher:
    """Trusts the authority of these tests; every name is on loopback."""
    context = ssl.create_default_context(cafile=str(HERE / "ca.pem"))
    return make(tls=context, limits=QUICK, resolver=lambda host, port: ["127.0.0.1"])


def test_a_page_comes_over_tls(server: Server, trusting: HttpFetcher) -> None:
    asked = serve(server, "localhost.pem")

    result = trusting.fetch(server.url("/page", "localhost")).result

    assert isinstance(result, Page)
    assert asked == ["localhost"]


def test_a_page_does_not_move_from_https_to_http(server: Server, trusting: HttpFetcher) -> None:
    serve(server, "localhost.pem")
    server.answers["/page"] = redirect(f"http://localhost:{server.port}/page")

    result = trusting.fetch(server.url("/page", "localhost")).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.REDIRECT_REFUSED


@pytest.mark.parametrize(
    ("certificate", "host"),
    [("localhost.pem", "www.cantal.gouv.fr"), ("localhost.pem", "127.0.0.1"), ("expired.pem", "localhost")],
)
def test_a_wrong_certificate_is_refused(
    server: Server, trusting: HttpFetcher, certificate: str, host: str
) -> None:
    serve(server, certificate)

    result = trusting.fetch(server.url("/page", host)).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.TLS
    assert server.requests == []


def test_an_unknown_authority_is_refused(server: Server, make: Callable[..., HttpFetcher]) -> None:
    serve(server, "localhost.pem")

    fetcher = make(tls=None, resolver=lambda host, port: ["127.0.0.1"])
    result = fetcher.fetch(server.url("/page", "localhost")).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.TLS


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), FailureKind.TLS),
        (lambda connection: connection.recv(1) and reset()(connection), FailureKind.CONNECT),
        (lambda connection: connection.recv(10_000) and None, FailureKind.CONNECT),
        (lambda connection: connection.recv(10_000) and connection.recv(1), FailureKind.CONNECT),
    ],
    ids=["speaks plain HTTP", "resets the handshake", "hangs up", "never answers"],
)
def test_a_handshake_that_fails_is_no_connection(
    server: Server, trusting: HttpFetcher, script: Callable[[socket.socket], None], kind: FailureKind
) -> None:
    server.on_connect = script

    result = trusting.fetch(f"https://localhost:{server.port}/").result

    assert isinstance(result, FetchFailure)
    assert result.kind is kind
