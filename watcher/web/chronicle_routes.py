"""The chronicle of a préfecture: all that is known of it, by date, what was found in the past included."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from watcher.core.ports_listing import ListingStore
from watcher.core.search import FIELDS, Search, SearchError, asked, cursor, parse
from watcher.web.chronicle_view import listed, years
from watcher.web.site import ASK, SHARED, Site, refusal
from watcher.web.tongues import Tongue
from watcher.web.views import alert_view, chronicle_href, prefecture_href

BOTH = ["GET", "HEAD"]
ON_PAGE = 100


def chronicle_routes(site: Site, listing: ListingStore | None) -> APIRouter:
    """`listing` is what is known of the official list, where anything may be."""
    router = APIRouter()

    @router.api_route("/prefectures/{code}/chronologie", methods=BOTH)
    def chronicle(request: Request, code: str) -> Response:
        if code not in site.vocabulary.prefectures:
            raise refusal(404, "errors.no_prefecture")
        sent = asked(request.query_params.multi_items())
        fields = dict.fromkeys(FIELDS, "") | {"motif": sent["motif"], "after": sent["after"]}
        tongue = site.tongue(request)
        try:
            search, refused = parse(fields, site.vocabulary, tongue.speech), ""
        except SearchError as error:
            search, refused = Search(), str(error)
        shelf = listing.of(code) if listing and not search.after else None
        return site.page(
            request,
            "chronicle.html",
            status=422 if refused else 200,
            cache=ASK if refused else SHARED,
            place=site.vocabulary.place(code),
            back=prefecture_href(tongue.root, code),
            motif=search.motif,
            narrowed=site.vocabulary.motif(search.motif, tongue.code) if search.motif else "",
            refused=refused,
            listed=listed(shelf, tongue.speech) if shelf else None,
            **_past(site, tongue, code, search),
        )

    return router


def _past(site: Site, tongue: Tongue, code: str, search: Search) -> dict[str, Any]:
    """One page of alerts, of the watch and of the past alike, and where the next one is."""
    found = site.store.alerts(
        prefecture=code,
        motif=search.motif or None,
        after=search.after,
        limit=ON_PAGE + 1,
        historical=None,
    )
    shown, here = found[:ON_PAGE], chronicle_href(tongue.root, code)
    older = ""
    if len(found) > ON_PAGE:
        after = cursor(shown[-1].detected_at, shown[-1].id)
        older = f"{here}?{urlencode(({'motif': search.motif} if search.motif else {}) | {'after': after})}"
    return {
        "years": years(alert_view(alert, site.vocabulary, tongue) for alert in shown),
        "address": here,
        "newest": f"{here}?{urlencode({'motif': search.motif})}" if search.motif else here,
        "paged": search.after is not None,
        "older": older,
    }
