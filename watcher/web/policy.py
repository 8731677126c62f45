"""What a page may load and run: nothing but its style sheet, and a script of ours where it says so."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAME = "Content-Security-Policy"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
SCRIPTED = {_NAME: f"{POLICY}; script-src 'self'"}
LIVE = {_NAME: f"{POLICY}; script-src 'self'; connect-src 'self'"}


class Hardened:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                harden(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_hardened if scope["type"] == "http" else send)


def harden(headers: MutableHeaders) -> None:
    headers.setdefault(_NAME, POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), interest-cohort=()"
