"""The web application: routes put together, errors in French, and headers that allow nothing unneeded."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watcher.core import wording
from watcher.core.catalogue import Catalogue
from watcher.core.feed import FeedQuery
from watcher.core.labels import Vocabulary
from watcher.core.ports import Clock, Store
from watcher.core.search import choices
from watcher.web.answers import answer
from watcher.web.api_routes import api_routes
from watcher.web.demo_routes import demo_routes
from watcher.web.demo_view import DemoView
from watcher.web.feed_routes import feed_routes
from watcher.web.info_routes import info_routes
from watcher.web.operation_routes import operation_routes
from watcher.web.page_routes import page_routes
from watcher.web.search_routes import search_routes
from watcher.web.site import Health, Site, root_path
from watcher.web.templating import templates
from watcher.web.views import feed_links

STATIC = Path(__file__).parent / "static"
STYLE, SCRIPT = "vigie.css", "demo.js"

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_DEMO_POLICY = f"{_POLICY}; script-src 'self'; connect-src 'self'"
_MESSAGES = {404: "Cette page n'existe pas.", 405: "Cette méthode n'est pas admise ici."}


def create_app(
    store: Store,
    catalogue: Catalogue,
    *,
    vocabulary: Vocabulary,
    base_url: str,
    clock: Clock,
    health: Health,
    demo: DemoView | None = None,
    contact: str = "",
) -> FastAPI:
    """The site over `store`. `base_url` is its public address, which feeds carry.

    `/demo` exists only when there is a demonstration to show.
    """
    base = base_url.rstrip("/")
    root = root_path(base)
    shared = {
        "root": root,
        "everything": feed_links(FeedQuery(), vocabulary, root, base),
        "choices": choices(vocabulary),
        "unofficial": wording.UNOFFICIAL,
        "licence": wording.LICENCE,
        "licence_address": wording.LICENCE_ADDRESS,
    }
    site = Site(store, catalogue, vocabulary, base, clock, health, templates(shared), demo)
    # No redirection of slashes: it would send clients to whatever host they claim to speak to.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(operation_routes(site))
    app.include_router(feed_routes(site))
    app.include_router(page_routes(site))
    app.include_router(info_routes(site, contact))
    app.router.routes.append(api_routes(site))
    app.include_router(search_routes(site))
    if demo is not None:
        app.include_router(demo_routes(site, demo))
    _serve_file(app, STYLE, "text/css; charset=utf-8")
    if demo is not None:
        _serve_file(app, SCRIPT, "text/javascript; charset=utf-8")
    _answer_errors(app, site)
    app.add_middleware(_Hardened)
    return app


def _serve_file(app: FastAPI, name: str, media_type: str) -> None:
    body = (STATIC / name).read_bytes()

    @app.api_route(f"/static/{name}", methods=["GET", "HEAD"])
    def static(request: Request) -> Response:
        return answer(request, body, media_type, cache="public, max-age=300")


def _answer_errors(app: FastAPI, site: Site) -> None:
    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        # Starlette's own details are English words; ours are sentences.
        message = (
            error.detail if error.detail.endswith(".") else _MESSAGES.get(error.status_code, error.detail)
        )
        page = site.page(
            request, "error.html", status=error.status_code, code=error.status_code, message=message
        )
        page.headers.update(error.headers or {})
        return page

    @app.exception_handler(Exception)
    def failed(request: Request, _error: Exception) -> Response:
        """Starlette raises the error again after this answer, so that the server logs it."""
        message = "Une erreur est survenue de notre côté. Réessayez dans quelques minutes."
        page = site.page(request, "error.html", status=500, code=500, message=message)
        _harden(page.headers, request.url.path)
        return page


class _Hardened:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                _harden(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_hardened if scope["type"] == "http" else send)


def _harden(headers: MutableHeaders, path: str) -> None:
    headers["Content-Security-Policy"] = _DEMO_POLICY if path == "/demo" else _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), interest-cohort=()"
