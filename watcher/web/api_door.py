"""The way into the API: open to pages of any site, and to nobody too often."""

from __future__ import annotations

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watcher.core.french import count
from watcher.core.ports import Clock
from watcher.core.throttle import Ruling, Visits, party, veiled
from watcher.web.api_errors import ALLOWED, refuse

_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, RateLimit, RateLimit-Policy, Retry-After",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": ALLOWED,
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


class Below(BaseRoute):
    """Everything at or below a path; the patterns of routes and mounts leave out what has a line break."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        self._path = path
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"] if scope["type"] == "http" else ""
        below = path == self._path or path.startswith(f"{self._path}/")
        return (Match.FULL, {"endpoint": self._app}) if below else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class Door:
    """Counts requests by the address that the server names; behind a proxy, what uvicorn makes of it.

    Addresses are not kept, only what a key of this process makes of them, until their window ends.
    """

    def __init__(self, app: ASGIApp, clock: Clock, key: bytes, visits: Visits) -> None:
        self._app = app
        self._clock = clock
        self._key = key
        self._visits = visits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        ruling = self._visits.rule(self._party(request), self._clock.now())

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({**_OPEN, **self._told(ruling)})
            await send(message)

        await self._choose(request, ruling)(scope, receive, send_open)

    def _choose(self, request: Request, ruling: Ruling) -> ASGIApp:
        if not ruling.allowed:
            said = f"Trop de requêtes : réessayez dans {count(ruling.reset, 'seconde', 'secondes')}."
            return refuse(request, 429, "too_many_requests", said, {"Retry-After": str(ruling.reset)})
        if request.method == "OPTIONS" and "access-control-request-method" in request.headers:
            return Response(status_code=204, headers=_PREFLIGHT)
        return self._app

    def _party(self, request: Request) -> bytes:
        return veiled(party(request.client.host if request.client else ""), self._key)

    def _told(self, ruling: Ruling) -> dict[str, str]:
        """The fields of the IETF's `draft-ietf-httpapi-ratelimit-headers`."""
        quota = self._visits.quota
        window = round(quota.window.total_seconds())
        return {
            "RateLimit-Policy": f'"client";q={quota.requests};w={window}',
            "RateLimit": f'"client";r={ruling.remaining};t={ruling.reset}',
        }
