"""Where the site lets anything be changed: in the actions that are named here and in those of the desk.

Everything else, whatever its method, runs where writing is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

ReadOnly = Callable[[], AbstractContextManager[object]]
"""A context within which, in threads that are begun there too, the database refuses to write."""

PUBLIC = (
    "/subscribe",
    "/confirm/{token}",
    "/never/{token}",
    "/unsubscribe/{token}",
    "/manage-link/{token}",
    "/manage/{token}",
    "/webhooks",
    "/bounces",
    "/desk/login",
)
"""What anybody may post to."""


class Openings:
    """Lets the actions through, and holds everything else to reading."""

    def __init__(self, app: ASGIApp, actions: Iterable[str], read_only: ReadOnly) -> None:
        self._app = app
        self._open = [compile_path(path)[0] for path in actions]
        self._read_only = read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._acts(scope):
            await self._app(scope, receive, send)
            return
        with self._read_only():
            await self._app(scope, receive, send)

    def _acts(self, scope: Scope) -> bool:
        path = scope["path"]
        return scope["method"] == "POST" and any(pattern.match(path) for pattern in self._open)
