"""Every page in every language: French at its own address, the others under ``/en/``.

The address alone decides: no cookie, no guess from what a browser says, no redirection.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from watcher.core.speech import Speech

FIRST = "fr"
# What has one address only, whatever language its reader speaks.
_ALONE = ("/api/", "/static/", "/feeds/", "/feeds.opml", "/healthz", "/readyz", "/metrics", "/robots.txt")


@dataclass(frozen=True, slots=True)
class Tongue:
    """The site in one language."""

    speech: Speech
    top: str  # in front of the addresses of feeds and files

    @property
    def code(self) -> str:
        return self.speech.code

    @property
    def root(self) -> str:
        """In front of the addresses of pages."""
        return self.top + place_in(self.code)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same page in one language."""

    code: str
    href: str
    address: str  # in full
    current: bool


def language_of(connection: HTTPConnection) -> str:
    return str(connection.scope.get("state", {}).get("language", FIRST))


def place_in(language: str) -> str:
    """What stands in front of the path of a page: ``""`` or ``/en``."""
    return "" if language == FIRST else f"/{language}"


def in_full(connection: HTTPConnection) -> str:
    """Path and query of a page as in the first language."""
    query = connection.scope["query_string"].decode("latin-1")
    return quote(connection.scope["path"]) + (f"?{query}" if query else "")


class Tongues:
    """Takes the language off the path, and tells it to the routes as ``request.state.language``."""

    def __init__(self, app: ASGIApp, codes: Collection[str]) -> None:
        self._app = app
        self._codes = frozenset(codes) - {FIRST}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._heard(scope)
        await self._app(scope, receive, send)

    def _heard(self, scope: Scope) -> Scope:
        code, _, rest = scope["path"][1:].partition("/")
        if code not in self._codes:
            return scope
        # In place: whoever answers when all else fails sees the scope as it came.
        scope.setdefault("state", {})["language"] = code
        path = f"/{rest}"
        if path.startswith(_ALONE):
            return scope
        raw = scope.get("raw_path") or b""
        return {**scope, "path": path, "raw_path": raw[len(code) + 1 :] or b"/"}
