"""Nothing but public addresses is ever connected to, whatever they are called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import pytest

from tests.fakes.inner_addresses import SPELLINGS, resolve
from tests.integration.fetching.scripted import Server, Site, answer, redirect
from watcher.core.page import FailureKind, FetchFailure, Page
from watcher.core.public_addresses import permitted
from watcher.fetch import HttpFetcher, Limits

connected: list[object] = []
sys.addaudithook(lambda event, args: connected.append(args[1]) if event == "socket.connect" else None)


@pytest.fixture(autouse=True)
def _count_connections() -> None:
    connected.clear()


def test_the_battery_is_large() -> None:
    assert len(set(SPELLINGS)) >= 45


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_an_inner_address_is_connected_to(
    make: Callable[..., HttpFetcher], scheme: str, spelling: str
) -> None:
    result = make(allow_private=False, resolver=resolve).fetch(f"{scheme}://{spelling}/").result

    assert isinstance(result, FetchFailure)
    assert result.kind in {FailureKind.FORBIDDEN_ADDRESS, FailureKind.BAD_ADDRESS}
    assert connected == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_redirect_leads_to_an_inner_address(
    make: Callable[..., HttpFetcher], server: Server, spelling: str
) -> None:
    server.answers["/page"] = redirect(f"http://{spelling}/".encode().decode("latin-1"))

    result = make(resolver=resolve).fetch(server.url("/page")).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.REDIRECT_REFUSED
    assert connected == [("127.0.0.1", server.port)]


def test_a_redirect_to_the_bare_name_is_checked_anew(
    make: Callable[..., HttpFetcher], server: Server
) -> None:
    table = {"www.cantal.gouv.fr": "127.0.0.1", "cantal.gouv.fr": "169.254.169.254"}
    server.answers["/"] = redirect(server.url("/", "cantal.gouv.fr"))

    fetcher = make(resolver=lambda host, port: [table[host]])
    result = fetcher.fetch(server.url("/", "www.cantal.gouv.fr")).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.FORBIDDEN_ADDRESS
    assert set(connected) == {("127.0.0.1", server.port)}


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "0.0.0.0", "224.0.0.1", "100.64.0.1", "192.0.0.192", "168.63.129.16", "fe80::1"),
        *("fd00:ec2::254", "ff02::1", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fec0::1", "2002:a00:1::"),
    ],
)
def test_allowing_private_addresses_allows_no_other(make: Callable[..., HttpFetcher], address: str) -> None:
    result = make(resolver=lambda host, port: [address]).fetch("http://inside.example.fr/").result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.FORBIDDEN_ADDRESS
    assert connected == []


@pytest.mark.parametrize(
    "address",
    [
        *("77.159.252.140", "8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.0.1"),
        *("2a01:cb00::1", "2606:4700::1111", "2400:cb00:2048:1::c629:d7a2"),
    ],
)
def test_public_addresses_are_permitted(address: str) -> None:
    assert permitted(address, allow_private=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "10.0.0.1", "192.168.1.1", "::1", "fd12::1"])
def test_private_addresses_are_permitted_on_demand_only(address: str) -> None:
    assert permitted(address, allow_private=True)
    assert not permitted(address, allow_private=False)


@pytest.mark.parametrize("port", [22, 25, 81, 8080, 65535])
def test_only_the_ports_of_the_web_are_open_to_us(make: Callable[..., HttpFetcher], port: int) -> None:
    fetcher = make(allow_private=False, resolver=lambda host, port: ["77.159.252.140"])

    result = fetcher.fetch(f"http://www.cantal.gouv.fr:{port}/").result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.FORBIDDEN_ADDRESS
    assert connected == []


def test_a_name_that_changes_its_address_gains_nothing(
    make: Callable[..., HttpFetcher], server: Server
) -> None:
    """The resolver says 127.0.0.1, which is allowed here, and then an address that never is."""
    server.answers["/page"] = answer(b"<html></html>", "Connection: close")
    asked: list[str] = []

    def flip(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1" if len(asked) % 2 else "169.254.169.254"]

    fetcher = make(resolver=flip, limits=Limits(idle_connections=0))
    address = server.url("/page", "www.cantal.gouv.fr")
    fetcher.fetch(address)  # robots.txt at the first answer
    results = [fetcher.fetch(address).result for _ in range(1000)]

    assert set(connected) == {("127.0.0.1", server.port)}
    assert len(asked) == 2 + 1000
    assert sum(isinstance(result, Page) for result in results) == 500


def test_the_next_address_is_tried_when_one_does_not_answer(
    site: Site, make: Callable[..., HttpFetcher]
) -> None:
    site.server.answers["/page"] = answer(b"<html></html>")
    fetcher = make(resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])

    result = fetcher.fetch(site.server.url("/page", "www.cantal.gouv.fr")).result

    assert isinstance(result, Page)
    assert site.server.pages[0].headers["host"] == f"www.cantal.gouv.fr:{site.server.port}"
