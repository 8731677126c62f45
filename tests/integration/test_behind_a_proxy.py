"""Who is believed when they say for whom they ask: the proxies that the settings name, and nobody else."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from watcher.daemon import Web, listen


async def _who(request: Request) -> PlainTextResponse:
    assert request.client
    return PlainTextResponse(f"{request.client.host} {request.url.scheme}")


@pytest.mark.parametrize(
    ("proxies", "told", "believed"),
    [
        ("127.0.0.1/32", "192.0.2.7", "192.0.2.7 https"),
        ("127.0.0.1/32", "203.0.113.9, 192.0.2.7", "192.0.2.7 https"),  # the first was said by the visitor
        ("127.0.0.1/32,192.0.2.0/24", "203.0.113.9, 192.0.2.7", "203.0.113.9 https"),  # two of ours in a row
        ("10.0.7.0/24", "192.0.2.7", "127.0.0.1 http"),
    ],
)
def test_the_visitor_is_whom_a_named_proxy_says(proxies: str, told: str, believed: str) -> None:
    with listen("127.0.0.1", 0) as listener:
        web = Web(Starlette(routes=[Route("/", _who)]), listener, proxies)
        web.start()
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
            headers = {"X-Forwarded-For": told, "X-Forwarded-Proto": "https"}
            assert httpx.get(address, headers=headers).text == believed
        finally:
            web.stop()
