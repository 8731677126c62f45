"""Whatever a server does becomes a typed failure."""

from __future__ import annotations

import gzip
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.fetching.scripted import (
    AGENT,
    QUICK,
    Script,
    Site,
    StillClock,
    answer,
    closing,
    drip,
    endless,
    reset,
    stall,
)
from watcher.core.page import FailureKind, FetchFailure
from watcher.fetch import HttpFetcher

TLS = ssl.create_default_context()
HTML = b"<html><body>" + b"<p>Titre de sejour</p>" * 400 + b"</body></html>"


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        pytest.param(closing(b""), "reset", id="hangs up without a word"),
        pytest.param(reset(), "reset", id="resets at once"),
        pytest.param(
            reset(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<ht"), "reset", id="resets in body"
        ),
        pytest.param(closing(b"HTTP/1.1 200 O"), "truncated", id="cut in the status line"),
        pytest.param(closing(b"HTTP/1.1 200 OK\r\nContent-Le"), "truncated", id="cut in the headers"),
        pytest.param(closing(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "protocol", id="another protocol"),
        pytest.param(closing(b"HTTP/1.1 2OO OK\r\n\r\n"), "protocol", id="bad status"),
        pytest.param(closing(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), "protocol", id="bad header"),
        pytest.param(closing(b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n"), "protocol", id="NUL in a header"),
        pytest.param(
            closing(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "protocol",
            id="two lengths",
        ),
        pytest.param(answer(b"", "Content-Length: -5"), "protocol", id="negative length"),
        pytest.param(answer(b"", "Content-Length: many"), "protocol", id="length in letters"),
        pytest.param(answer(b"", "Transfer-Encoding: zstd"), "protocol", id="unknown transfer encoding"),
        pytest.param(answer(b"zz\r\n", "Transfer-Encoding: chunked"), "protocol", id="bad chunk size"),
        pytest.param(
            closing(answer(b"ff\r\nshort", "Transfer-Encoding: chunked")), "truncated", id="chunk cut"
        ),
        pytest.param(
            closing(answer(b"2\r\nab\r\n", "Transfer-Encoding: chunked")), "truncated", id="no last chunk"
        ),
        pytest.param(
            closing(answer(b"<html>", "Content-Length: 99")), "truncated", id="less than its length"
        ),
        pytest.param(
            closing(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), "protocol", id="switches protocols"
        ),
        pytest.param(answer(b"x", "Content-Encoding: br"), "protocol", id="brotli, not asked for"),
        pytest.param(answer(b"x", "Content-Encoding: zstd, gzip"), "protocol", id="unknown under known"),
        pytest.param(answer(b"x", "Content-Encoding: " + "gzip," * 3), "protocol", id="three encodings"),
        pytest.param(answer(b"no gzip", "Content-Encoding: gzip"), "protocol", id="not in its encoding"),
        pytest.param(answer(b"\x07\x07\x07", "Content-Encoding: deflate"), "protocol", id="not deflated"),
        pytest.param(answer(b"\x78", "Content-Encoding: deflate"), "truncated", id="one byte of deflate"),
        pytest.param(
            endless(b"HTTP/1.1 200 OK\r\n", b"X-Header: " + b"y" * 990 + b"\r\n"),
            "protocol",
            id="endless headers",
        ),
    ],
)
def test_every_trouble_has_its_name(site: Site, script: Script, kind: str) -> None:
    failure = site.failure(script)

    assert failure.kind == kind
    assert failure.detail
    assert failure.address == site.server.url("/page")


@pytest.mark.parametrize("script", [stall, drip(answer(HTML))], ids=["says nothing", "drips its headers"])
def test_an_answer_that_takes_too_long_is_not_waited_for(hasty: Site, script: Script) -> None:
    assert hasty.failure(script).kind is FailureKind.TIMEOUT


def test_nobody_listening_is_a_failure_to_connect(make: Callable[..., HttpFetcher]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]

    result = make().fetch(f"http://127.0.0.1:{port}/").result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.CONNECT


def test_a_host_that_lets_nobody_in_is_a_failure_to_connect(make: Callable[..., HttpFetcher]) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as busy:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(busy.getsockname())
        result = make(limits=QUICK).fetch(f"http://127.0.0.1:{busy.getsockname()[1]}/").result
        for filler in fillers:
            filler.close()

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.CONNECT


def unknown(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def lost(host: str, port: int) -> list[str]:
    threading.Event().wait(30)
    return []


@pytest.mark.parametrize("resolver", [unknown, lost, lambda host, port: []])
def test_a_name_without_an_address_is_a_failure_of_the_dns(
    make: Callable[..., HttpFetcher], resolver: Callable[[str, int], list[str]]
) -> None:
    start = time.monotonic()
    result = make(resolver=resolver, limits=QUICK).fetch("http://www.cantal.gouv.fr/").result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.DNS
    assert time.monotonic() - start < 10


def overlong(host: str, port: int) -> list[str]:
    raise UnicodeError("label too long")


@pytest.mark.parametrize(
    ("resolver", "kind"),
    [(overlong, FailureKind.BAD_ADDRESS), (lambda host, port: ["nonsense"], FailureKind.FORBIDDEN_ADDRESS)],
)
def test_a_resolver_that_is_at_a_loss_is_no_surprise(
    make: Callable[..., HttpFetcher], resolver: Callable[[str, int], list[str]], kind: FailureKind
) -> None:
    result = make(resolver=resolver).fetch("http://www.cantal.gouv.fr/").result

    assert isinstance(result, FetchFailure)
    assert result.kind is kind


@pytest.mark.parametrize(
    "address",
    [
        "",
        "www.cantal.gouv.fr",
        "//www.cantal.gouv.fr/",
        "ftp://www.cantal.gouv.fr/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http:///path",
        "http://",
        "http:www.cantal.gouv.fr",
        "http://user@www.cantal.gouv.fr/",
        "http://user:secret@www.cantal.gouv.fr/",
        "http://evil.example\\@www.cantal.gouv.fr/",
        "http:\\\\evil.example/",
        "http://a..fr/",
        "http://.fr/",
        f"http://{'a' * 64}.fr/",
        f"http://{'a.' * 140}fr/",
        "http://a b.fr/",
        "http://a%2eb.fr/",
        "http://[::1/",
        "http://[zz]/",
        "http://host:99999/",
        "http://host:-1/",
        "http://host:0/",
        "http://host:x/",
        "http://host/\r\nX: y",
        "http://host/\x00",
        "http://ho\udcffst/",
        "http://host/\udcff",
        "http://xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz.fr/",
        "http://\u00ad.fr/",
        "http://a\u200db.fr/",
        "http://xn--pari-nya.gouv.fr/",
        "http://999.999.999.999/",
        "http://host/" + "x" * 70_000,
    ],
)
def test_what_is_no_address_never_reaches_the_network(make: Callable[..., HttpFetcher], address: str) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return []

    result = make(resolver=resolver).fetch(address).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.BAD_ADDRESS
    assert asked == []


@pytest.mark.parametrize("framing", ["length", "chunked", "close, gzip", "length, gzip", "chunked, gzip"])
def test_a_page_cut_anywhere_is_never_taken_for_whole(site: Site, framing: str) -> None:
    body = gzip.compress(HTML) if "gzip" in framing else HTML
    headers = ["Content-Encoding: gzip"] if "gzip" in framing else []
    if "chunked" in framing:
        body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[:40], body[40:])) + b"0\r\n\r\n"
        headers.append("Transfer-Encoding: chunked")
    whole = answer(body, *headers)
    if "close" in framing:
        whole = b"HTTP/1.0 200 OK\r\n" + b"\r\n".join(h.encode() for h in headers) + b"\r\n\r\n" + body
    head = whole.index(b"\r\n\r\n") + 4

    kinds = {site.failure(closing(whole[:cut])).kind for cut in range(head + 1, len(whole), 97)}
    # Without its last eight bytes, a gzip stream has all its text and no proof of it.
    kinds |= {site.failure(closing(whole[:cut])).kind for cut in range(len(whole) - 8, len(whole))}

    assert kinds == {FailureKind.TRUNCATED}


def test_after_every_trouble_the_next_page_is_read(hasty: Site) -> None:
    troubles: list[Script] = [reset(), closing(b"HTTP"), answer(b"x", "Content-Encoding: br"), stall]
    for script in troubles:
        hasty.failure(script)
        hasty.server.answers["/fine"] = answer(HTML)
        assert hasty.get("/fine").body == HTML


def test_garbled_answers_are_pages_or_typed_failures(site: Site) -> None:
    """Two hundred answers with a few random bytes of their head or body changed."""
    chance = random.Random(7)  # the same every time
    whole = answer(
        gzip.compress(HTML),
        "Content-Type: text/html; charset=utf-8",
        "Content-Encoding: gzip",
        "Last-Modified: Wed, 03 Sep 2025 08:00:00 GMT",
        'ETag: "a"',
        "Retry-After: 3",
        "Location: /x",
    )
    kinds = set()
    for _ in range(200):
        garbled = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            garbled[chance.randrange(len(garbled))] = chance.randrange(256)
        site.server.answers["/page"] = closing(bytes(garbled))
        result = site.fetcher.fetch(site.server.url("/page")).result
        kinds.add(result.kind if isinstance(result, FetchFailure) else "page")

    assert {"page", FailureKind.PROTOCOL} <= kinds


@given(st.text() | st.text().map("http://{}/".format) | st.text().map("https://www.cantal.gouv.fr{}".format))
def test_any_text_is_an_address_or_a_typed_failure(text: str) -> None:
    fetcher = HttpFetcher(StillClock(), allow_private=False, user_agent=AGENT, resolver=unknown, tls=TLS)

    result = fetcher.fetch(text).result
    fetcher.close()

    assert isinstance(result, FetchFailure)
    assert result.kind in {FailureKind.BAD_ADDRESS, FailureKind.DNS, FailureKind.FORBIDDEN_ADDRESS}
    assert len(result.detail) <= 300
