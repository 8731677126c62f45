"""Who asks for a page of the desk, what they may do there, and whether a form came from there.

Routes of the desk are registered here and nowhere else, so that none can be without a guard.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from watcher.core.throttle import party
from watcher.core.users import Role
from watcher.entrance import Entered, Entrance
from watcher.web.desk_cookie import Cookie
from watcher.web.forms import NOT_KEPT, Pairs, form_of, refusal
from watcher.web.policy import SCRIPTED
from watcher.web.site import Site
from watcher.web.tongues import in_full

BOTH = ["GET", "HEAD"]
TOKEN = "token"  # noqa: S105  # the name of the field
PRIVATE = {**NOT_KEPT, "Referrer-Policy": "same-origin"}
"""A referrer within the site: without any, browsers would send forms with the origin ``null``."""

_ONWARD = re.compile(r"/desk(?:[/?][\w.~:/?=@\[\]%+&,;!$'()*-]*)?", re.ASCII)
_LONGEST = 1_000
LARGEST, MOST_FIELDS = 262_144, 2_000  # one decision may be about a hundred préfectures
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

Shows = Callable[[Request, Entered], Response]
Acts = Callable[[Request, Entered, Pairs], Response]


class Guard:
    def __init__(self, site: Site, entrance: Entrance) -> None:
        self.site = site
        self.entrance = entrance
        self.cookie = Cookie.of(site.base_url)
        self.router = APIRouter()
        self.actions: list[str] = []  # the paths at which something can be done

    def shows(self, path: str, role: Role = Role.READER) -> Callable[[Shows], Shows]:
        """Registers a page for those who have at least this role; others are led to the log-in."""

        def register(page: Shows) -> Shows:
            def shown(request: Request) -> Response:
                entered = self.who(request)
                if entered is None:
                    return self._to_login(request)
                _allow(entered, role)
                return private(page(request, entered))

            self.router.add_api_route(path, shown, methods=BOTH)
            return page

        return register

    def acts(self, path: str, role: Role) -> Callable[[Acts], Acts]:
        """Registers what a form does that somebody of this role sends from one of their own pages.

        The action gets the form without its token, and runs in a thread of its own.
        """

        def register(action: Acts) -> Acts:
            async def acted(request: Request) -> Response:
                from_here(request, self.site.base_url)
                entered = await run_in_threadpool(self.who, request)
                if entered is None:
                    raise refusal(403, "entry.nobody")
                _allow(entered, role)
                form = await form_of(request, largest=LARGEST, most_fields=MOST_FIELDS)
                if not _is_token(dict(form).get(TOKEN, ""), entered.session.form_key):
                    raise refusal(403, "entry.stale")
                form = [(name, value) for name, value in form if name != TOKEN]
                return private(await run_in_threadpool(action, request, entered, form))

            self.router.add_api_route(path, acted, methods=["POST"])
            self.actions.append(path)
            return action

        return register

    def who(self, request: Request) -> Entered | None:
        return self.entrance.who(self.cookie.token(request))

    def page(
        self,
        request: Request,
        template: str,
        entered: Entered,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """A page for somebody inside. Each of its forms has `form_token` in a hidden field ``token``."""
        shown = {
            "user": entered.user,
            "can": {"review": entered.may(Role.REVIEWER), "admin": entered.may(Role.ADMIN)},
            "form_token": _token(entered.session.form_key),
            **values,
        }
        return self.site.page(
            request, template, status=status, headers={**PRIVATE, **SCRIPTED, **(headers or {})}, **shown
        )

    def home(self, request: Request, path: str = "/desk") -> Response:
        """On to a page of ours: its path as in the first language."""
        address = self.site.tongue(request).root + path
        return Response(status_code=303, headers={**PRIVATE, "Location": address})

    def _to_login(self, request: Request) -> Response:
        return self.home(request, f"/desk/login?next={quote(in_full(request)[:_LONGEST], safe='/')}")


def onward(path: str) -> str:
    """Where to go after the log-in: a page of the desk, or else its first one."""
    inside = len(path) <= _LONGEST and _ONWARD.fullmatch(path) and "/.." not in path and "//" not in path
    return path if inside and not path.startswith(("/desk/login", "/desk/logout")) else "/desk"


def whence(request: Request) -> str:
    """The network that asks."""
    return party(request.client.host if request.client else "")


def from_here(request: Request, base_url: str) -> None:
    """Raises 403 unless the browser says that a page of this very site sent this, and nothing else.

    It says so in a header that no page can forge, or by the page's origin; most say both.
    """
    fetched = request.headers.getlist("sec-fetch-site")
    origins = request.headers.getlist("origin")
    site = urlsplit(base_url)
    ours = {f"{site.scheme}://{host}" for host in (site.netloc, request.headers.get("host", ""))}
    ours |= {origin.removesuffix(_DEFAULT_PORTS.get(site.scheme, "")) for origin in ours}
    told = bool(fetched or origins)
    if not (told and set(fetched) <= {"same-origin"} and set(origins) <= ours):
        raise refusal(403, "entry.foreign")


def private(response: Response) -> Response:
    """Whatever it is, nobody keeps it."""
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


def _allow(entered: Entered, role: Role) -> None:
    if not entered.may(role):
        raise refusal(403, "entry.not_yours")


def _token(form_key: str) -> str:
    """Another one on each page, so that what squeezes pages tells nobody about it (BREACH)."""
    once = secrets.token_hex(16)
    return f"{once}.{_signed(once, form_key)}"


def _is_token(token: str, form_key: str) -> bool:
    once, _, signed = token.partition(".")
    return hmac.compare_digest(signed.encode(), _signed(once, form_key).encode())


def _signed(once: str, form_key: str) -> str:
    return hmac.new(form_key.encode(), once.encode(), hashlib.sha256).hexdigest()
