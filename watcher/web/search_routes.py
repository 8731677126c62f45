"""All alerts, page by page, and those that a reader looks for."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from watcher.core.alerts import AlertState
from watcher.core.feed import FeedQuery
from watcher.core.search import Search, SearchError, asked, described, parse, told
from watcher.web.site import Site, kept
from watcher.web.tongues import Tongue
from watcher.web.views import alert_view, feed_links

BOTH = ["GET", "HEAD"]
ON_PAGE = 20


def search_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.api_route("/alerts", methods=BOTH)
    def found(request: Request) -> Response:
        fields = asked(request.query_params.multi_items())
        try:
            return _found(site, request, fields, parse(fields, site.vocabulary, site.tongue(request).speech))
        except SearchError as error:
            return site.page(request, "alerts.html", status=422, form=fields, refused=str(error), found=None)

    return router


def _found(site: Site, request: Request, fields: dict[str, str], search: Search) -> Response:
    alerts = site.store.alerts(
        since=search.since(site.clock.now()),
        prefecture=search.prefecture or None,
        category=search.category or None,
        motif=search.motif or None,
        state=AlertState.VERIFIED if search.verified else None,
        words=search.words or None,
        after=search.after,
        limit=ON_PAGE + 1,
        historical=None,
    )
    tongue = site.tongue(request)
    shown, more = alerts[:ON_PAGE], len(alerts) > ON_PAGE
    values = {
        "search": search,
        "alerts": [alert_view(alert, site.vocabulary, tongue) for alert in shown],
        "told": told(search, len(shown), tongue.speech, more=more),
        "described": described(search, site.vocabulary, tongue.speech),
        "wider": search.wider(tongue.speech),
        "older": search.older_than(shown[-1]).query if more else "",
        "first": replace(search, after=None).query,
        "feed": _feed(site, search.feed, tongue),
    }
    return site.page(request, "alerts.html", cache=kept(request), form=fields, refused="", found=values)


def _feed(site: Site, query: FeedQuery | None, tongue: Tongue) -> object:
    return feed_links(query, site.vocabulary, tongue, site.base_url) if query else None
