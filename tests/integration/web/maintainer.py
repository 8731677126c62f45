"""Somebody at a browser before the desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

import httpx

from tests.fakes.alerts import BASE
from tests.fakes.entrance import PASSWORD
from tests.integration.web.visitor import Visitor

FORM = "application/x-www-form-urlencoded"
OURS = {"origin": BASE, "sec-fetch-site": "same-origin"}
Fields = Sequence[tuple[str, str]]


@dataclass
class Maintainer:
    """Keeps cookies as a browser does, and says with each form where it comes from."""

    visitor: Visitor
    host: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def look(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def send(self, path: str, fields: Fields = (), *, page: str = "/desk/password") -> httpx.Response:
        """A form, as `page` holds it."""
        return self.ask("POST", path, [("token", self.token(page)), *fields], OURS)

    def log_in(self, name: str, password: str = PASSWORD, onward: str = "") -> httpx.Response:
        fields = [("name", name), ("password", password), ("next", onward)]
        return self.ask("POST", "/desk/login", fields, OURS)

    def token(self, page: str = "/desk/password") -> str:
        return re.findall(r'name="token" value="([^"]+)"', self.look(page).text)[0]

    def ask(
        self,
        method: str,
        path: str,
        body: Fields | bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else str(httpx.QueryParams(list(body))).encode()
        named = {"content-type": FORM, **(headers or {})}
        if self.cookies:
            named["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.visitor.portal.call(self._ask, method, path, content, named)
        self._keep(answer)
        return answer

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        app = self.visitor.app
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(self.host, 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, content=body, headers=headers)

    def _keep(self, answer: httpx.Response) -> None:
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
