"""The web application: routes put together, and errors in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from watcher.core import wording
from watcher.core.catalogue import Catalogue
from watcher.core.feed import FeedQuery
from watcher.core.labels import Vocabulary
from watcher.core.ports import Clock, Store
from watcher.core.ports_listing import ListingStore
from watcher.core.ports_outgoing import OutboxStore
from watcher.core.ports_rules import RuleReader
from watcher.core.search import choices
from watcher.core.speech import Speech
from watcher.entrance import Entrance
from watcher.locale import speeches
from watcher.staff import Staff
from watcher.subscribe import Subscribing
from watcher.web.answers import answer
from watcher.web.api_routes import api_routes
from watcher.web.away import answer_away
from watcher.web.bounce_routes import Bounces, bounce_routes
from watcher.web.chronicle_routes import chronicle_routes
from watcher.web.demo_routes import demo_routes
from watcher.web.demo_view import DemoView
from watcher.web.desk_entry import entry_routes
from watcher.web.desk_guard import Guard
from watcher.web.desk_routes import desk_routes
from watcher.web.desk_site import DeskPages
from watcher.web.desk_users import user_routes
from watcher.web.feed_routes import feed_routes
from watcher.web.info_routes import info_routes
from watcher.web.openings import PUBLIC, Openings, ReadOnly
from watcher.web.operation_routes import operation_routes
from watcher.web.page_routes import page_routes
from watcher.web.policy import Hardened, harden
from watcher.web.rules_board import Boards
from watcher.web.rules_routes import rules_routes
from watcher.web.rules_view import Asking
from watcher.web.search_routes import search_routes
from watcher.web.site import Health, Site, root_path
from watcher.web.subscribe_routes import subscribe_routes
from watcher.web.subscription_routes import subscription_routes
from watcher.web.templating import Templates, templates
from watcher.web.tongues import Tongue, Tongues
from watcher.web.views import feed_links
from watcher.web.webhook_routes import webhook_routes
from watcher.webhooks import Webhooks

STATIC = Path(__file__).parent / "static"
STYLE, SCRIPT, DEMO_SCRIPT, DESK_SCRIPT = "vigie.css", "copy.js", "demo.js", "desk.js"

_SHOWN = {404: "errors.no_page", 405: "errors.no_method"}


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
    webhooks: Webhooks | None = None,
    hub: str = "",
    subscribing: Subscribing | None = None,
    outbox: OutboxStore | None = None,
    bounces: Bounces | None = None,
    rules: RuleReader | None = None,
    entrance: Entrance | None = None,
    desk: DeskPages | None = None,
    read_only: ReadOnly = nullcontext,
    listing: ListingStore | None = None,
) -> FastAPI:
    """The site over `store`. `base_url` is its public address, which feeds carry.

    `/demo` exists only when there is a demonstration to show, `/rules` when there are rules, `/desk` when
    there is an entrance to it. What only reads runs within `read_only()`.
    """
    base = base_url.rstrip("/")
    tongues = {code: Tongue(speech, root_path(base)) for code, speech in speeches().items()}
    offers = _offers(webhooks, rules, desk)
    boards = Boards(rules, vocabulary) if rules is not None else None
    pages = {code: _pages(tongue, vocabulary, base, offers) for code, tongue in tongues.items()}
    site = Site(store, catalogue, vocabulary, base, clock, health, tongues, pages, demo, hub, outbox, boards)
    if desk is not None and desk.sites is not None:
        site = replace(site, discovered=desk.sites.discovered)
    # No redirection of slashes: it would send clients to whatever host they claim to speak to.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    _show(app, site, contact)
    app.include_router(chronicle_routes(site, listing))
    _let_people_in(app, site, subscribing, webhooks, bounces)
    guard = _desk(site, entrance, desk) if entrance is not None else None
    if guard is not None:
        app.include_router(guard.router)
    _serve_files(app, demo, entrance)
    _answer_errors(app, site)
    app.add_middleware(Openings, actions=[*PUBLIC, *(guard.actions if guard else ())], read_only=read_only)
    app.add_middleware(Tongues, codes=tongues)
    app.add_middleware(Hardened)
    return app


def _offers(webhooks: Webhooks | None, rules: RuleReader | None, desk: DeskPages | None) -> dict[str, bool]:
    """What menus lead to."""
    return {
        "subscribe": True,
        "webhooks": webhooks is not None,
        "rules": rules is not None,
        "sites": desk is not None and desk.sites is not None,
    }


def _show(app: FastAPI, site: Site, contact: str) -> None:
    """What everybody may read."""
    app.include_router(operation_routes(site))
    app.include_router(feed_routes(site))
    app.include_router(page_routes(site))
    app.include_router(info_routes(site, contact))
    app.router.routes.append(api_routes(site))
    app.include_router(search_routes(site))
    if site.rules is not None:
        app.include_router(rules_routes(site))
    if site.demo is not None:
        app.include_router(demo_routes(site, site.demo))


def _let_people_in(
    app: FastAPI,
    site: Site,
    subscribing: Subscribing | None,
    webhooks: Webhooks | None,
    bounces: Bounces | None,
) -> None:
    """Where people and programs ask to be told, and what comes back from them."""
    app.include_router(subscribe_routes(site, subscribing))
    if subscribing is not None:
        app.include_router(subscription_routes(site, subscribing))
    if webhooks is not None:
        app.include_router(webhook_routes(site, webhooks))
    if bounces is not None:
        app.include_router(bounce_routes(bounces.take, bounces.secret, site.clock))


def _desk(site: Site, entrance: Entrance, desk: DeskPages | None) -> Guard:
    guard = Guard(site, entrance)
    entry_routes(guard)
    user_routes(guard, Staff(entrance.users, entrance.passwords, entrance.clock))
    if desk is not None:
        desk_routes(site, guard, desk)
    return guard


def _serve_files(app: FastAPI, demo: DemoView | None, entrance: Entrance | None) -> None:
    _serve_file(app, STYLE, "text/css; charset=utf-8")
    there = {SCRIPT: True, DEMO_SCRIPT: demo is not None, DESK_SCRIPT: entrance is not None}
    for script in (name for name, wanted in there.items() if wanted):
        _serve_file(app, script, "text/javascript; charset=utf-8")


def _pages(tongue: Tongue, vocabulary: Vocabulary, base: str, offers: Mapping[str, bool]) -> Templates:
    """The site's templates in one language, with what all of them show."""
    shared = {
        "top": tongue.top,
        "root": tongue.root,
        "everything": feed_links(FeedQuery(), vocabulary, tongue, base),
        "choices": choices(vocabulary, tongue.speech),
        "asking": Asking.of(vocabulary, tongue.code),
        "offers": offers,
        "licence_address": wording.LICENCE_ADDRESS,
    }
    return templates(tongue.speech, shared)


def _serve_file(app: FastAPI, name: str, media_type: str) -> None:
    body = (STATIC / name).read_bytes()

    @app.api_route(f"/static/{name}", methods=["GET", "HEAD"])
    def static(request: Request) -> Response:
        return answer(request, body, media_type, cache="public, max-age=300")


def _answer_errors(app: FastAPI, site: Site) -> None:
    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        message = _message(site.tongue(request).speech, error)
        page = site.page(
            request, "error.html", status=error.status_code, code=error.status_code, message=message
        )
        page.headers.update(error.headers or {})
        return page

    @app.exception_handler(ClientDisconnect)
    def left(_request: Request, _error: Exception) -> Response:
        """Whoever hangs up in the middle of a form hears nothing of it, and it is no fault of ours."""
        return Response(status_code=400)

    answer_away(
        app,
        lambda request, headers: site.page(
            request,
            "error.html",
            status=503,
            cache="no-store",
            headers=headers,
            code=503,
            message=site.tongue(request).speech.say("errors.away"),
        ),
    )

    @app.exception_handler(Exception)
    def failed(request: Request, _error: Exception) -> Response:
        """Starlette raises the error again after this answer, so that the server logs it."""
        message = site.tongue(request).speech.say("errors.ours")
        page = site.page(request, "error.html", status=500, code=500, message=message)
        harden(page.headers)
        return page


def _message(speech: Speech, error: HTTPException) -> str:
    """Details are sentences of ours or the names of phrases; Starlette's own are English words."""
    if error.detail in speech.phrases:
        return speech.say(error.detail)
    shown = _SHOWN.get(error.status_code)
    return speech.say(shown) if shown and not error.detail.endswith(".") else error.detail
