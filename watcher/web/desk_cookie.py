"""The desk's cookie, which no script and no other host gets to see."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from watcher.web.site import root_path


@dataclass(frozen=True, slots=True)
class Cookie:
    """Kept until the browser is closed; the session behind it ends by itself."""

    name: str
    path: str
    secure: bool

    @classmethod
    def of(cls, base_url: str) -> Cookie:
        """Browsers hold a name that begins with ``__Host-`` to the whole host, and to HTTPS."""
        path = root_path(base_url) or "/"
        secure = urlsplit(base_url).scheme == "https"
        prefix = "" if not secure else "__Host-" if path == "/" else "__Secure-"
        return cls(f"{prefix}vigie-desk", path, secure)

    def token(self, request: Request) -> str:
        return request.cookies.get(self.name, "")

    def give(self, response: Response, token: str) -> None:
        response.set_cookie(
            self.name, token, path=self.path, secure=self.secure, httponly=True, samesite="lax"
        )

    def take(self, response: Response) -> None:
        response.delete_cookie(self.name, path=self.path, secure=self.secure, httponly=True, samesite="lax")
