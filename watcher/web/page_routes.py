"""The pages that people read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from watcher.core.alerts import Alert
from watcher.core.coverage import Coverage
from watcher.core.feed import FeedQuery, Subject
from watcher.core.filing import EVERY_GROUND
from watcher.core.tilemap import PERIOD, legend, tile_map
from watcher.web.policy import SCRIPTED
from watcher.web.rules_sheet import Sheet
from watcher.web.rules_view import rules_href
from watcher.web.site import SHARED, Site, refusal
from watcher.web.tongues import Tongue
from watcher.web.unwatched import of_all, of_one
from watcher.web.views import (
    AlertView,
    FeedLinks,
    alert_view,
    chronicle_href,
    feed_links,
    prefecture_href,
    related,
    timeline,
)

BOTH = ["GET", "HEAD"]
ON_HOME, ON_PREFECTURE = 20, 50


def page_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.api_route("/", methods=BOTH)
    def home(request: Request) -> Response:
        return site.page(request, "home.html", cache=SHARED, **_at_home(site, site.tongue(request)))

    @router.api_route("/alerts/{alert_id}", methods=BOTH)
    def alert(request: Request, alert_id: str) -> Response:
        found = site.store.alert(alert_id)
        if found is None:
            raise refusal(404, "errors.no_alert")
        tongue = site.tongue(request)
        view = alert_view(found, site.vocabulary, tongue)
        feeds = [] if found.historical else _feeds_of(site, found, tongue)
        others = related(found, site.store.related(found), site.vocabulary, tongue)
        return site.page(
            request,
            "alert.html",
            cache=SHARED,
            headers=SCRIPTED,
            alert=view,
            related=others,
            feeds=feeds,
            rules=_touched(site, found, tongue),
        )

    @router.api_route("/prefectures/{code}", methods=BOTH)
    def prefecture(request: Request, code: str) -> Response:
        if code not in site.vocabulary.prefectures:
            raise refusal(404, "errors.no_prefecture")
        shown = _of_prefecture(site, site.tongue(request), code)
        return site.page(request, "prefecture.html", cache=SHARED, headers=SCRIPTED, **shown)

    @router.api_route("/coverage", methods=BOTH)
    def covered(request: Request) -> Response:
        shown = of_all(site, site.tongue(request), current(site))
        return site.page(request, "coverage.html", cache=SHARED, **shown)

    return router


def _at_home(site: Site, tongue: Tongue) -> dict[str, Any]:
    covered = current(site)
    return {
        "alerts": latest(site, tongue, limit=ON_HOME),
        "coverage": covered,
        "map": tile_map(covered, site.store.counts(site.clock.now() - PERIOD)),
        "legend": list(legend()),
        "places": [(site.vocabulary.place(c), prefecture_href(tongue.root, c)) for c in _codes(site)],
    }


def _of_prefecture(site: Site, tongue: Tongue, code: str) -> dict[str, Any]:
    alerts = latest(site, tongue, limit=ON_PREFECTURE, prefecture=code)
    wanted = urlencode({"prefecture": code})
    return {
        "place": site.vocabulary.place(code),
        "timeline": timeline(alerts, tongue.speech.manners),
        "older": f"{tongue.root}/alerts?{wanted}",
        "chronicle": chronicle_href(tongue.root, code),
        "subscribe": f"{tongue.root}/subscribe?{wanted}",
        **of_one(site, tongue, current(site).of(code)),
        "rules": _rules_of(site, tongue, code),
        "feed": feed_links(FeedQuery(Subject.PREFECTURE, code), site.vocabulary, tongue, site.base_url),
    }


def _rules_of(site: Site, tongue: Tongue, code: str) -> dict[str, Any] | None:
    """How often each way of filing is the answer in a préfecture; `None` on a site without rules."""
    if site.boards is None:
        return None
    cells = (cell for cell in site.board().cells.values() if cell.prefecture == code)
    groups = Sheet(cells, site.vocabulary, tongue).grounds()
    return {"groups": groups, "href": rules_href(tongue.root, code)}


def _touched(site: Site, alert: Alert, tongue: Tongue) -> list[tuple[str, str]]:
    """The answers that an alert is about, and in any case all of its préfecture; what they are called, and where."""
    code, vocabulary = alert.prefecture, site.vocabulary
    if site.boards is None or code not in vocabulary.prefectures:
        return []
    motifs = [name for name in alert.verdict.motifs if name in vocabulary.motifs and name != EVERY_GROUND]
    links = [(vocabulary.motif(name, tongue.code), rules_href(tongue.root, code, name)) for name in motifs]
    all_ = tongue.speech.say("rules.touched_all", place=vocabulary.place(code))
    return [*links, (all_, rules_href(tongue.root, code))]


def latest(site: Site, tongue: Tongue, *, limit: int, prefecture: str | None = None) -> list[AlertView]:
    alerts = site.store.alerts(prefecture=prefecture, limit=limit)
    return [alert_view(alert, site.vocabulary, tongue) for alert in alerts]


def current(site: Site) -> Coverage:
    return site.coverage()


def _codes(site: Site) -> list[str]:
    return sorted(site.vocabulary.prefectures)


def _feeds_of(site: Site, alert: Alert, tongue: Tongue) -> list[FeedLinks]:
    """The feeds that carry an alert, the narrowest subject last, as far as they exist."""
    wanted = [FeedQuery(Subject.PREFECTURE, alert.prefecture)]
    wanted += [FeedQuery(Subject.CATEGORY, name) for name in alert.verdict.categories]
    wanted += [FeedQuery(Subject.MOTIF, name) for name in alert.verdict.motifs]
    known = [query for query in wanted if query.known_to(site.vocabulary)]
    return [feed_links(query, site.vocabulary, tongue, site.base_url) for query in known]
