"""Somebody who asks the site for pages, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from starlette.types import ASGIApp

from tests.fakes.alerts import BASE, VOCABULARY, StillClock, catalogue
from watcher.core.labels import Vocabulary
from watcher.core.ports import Store
from watcher.web.app import create_app
from watcher.web.demo_view import DemoView


@dataclass
class Visitor:
    """Each request comes from a fresh client: nothing is remembered between two."""

    portal: BlockingPortal
    app: ASGIApp

    def ask(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        """Header names are written with underscores; the body comes as it was sent, gzip undone."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.portal.call(self._ask, path, method, named)

    async def _ask(self, path: str, method: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            client.headers.pop("accept-encoding")
            return await client.request(method, path, headers=headers)


@contextmanager
def visiting(app: ASGIApp) -> Iterator[Visitor]:
    with start_blocking_portal() as portal:
        yield Visitor(portal, app)


def site(
    store: Store,
    *,
    vocabulary: Vocabulary = VOCABULARY,
    demo: DemoView | None = None,
    **changes: Any,
) -> FastAPI:
    settings: dict[str, Any] = {"base_url": BASE, "clock": StillClock(), "health": list, **changes}
    return create_app(store, catalogue(), vocabulary=vocabulary, demo=demo, **settings)
