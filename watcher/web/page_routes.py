"""The pages that people read."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from watcher.core.alerts import Alert
from watcher.core.coverage import Coverage, coverage
from watcher.core.feed import FeedQuery, Subject
from watcher.core.tilemap import PERIOD, legend, tile_map
from watcher.web.policy import SCRIPTED
from watcher.web.site import Site, refusal
from watcher.web.tongues import Tongue
from watcher.web.views import AlertView, FeedLinks, alert_view, feed_links, prefecture_href, related, timeline

BOTH = ["GET", "HEAD"]
ON_HOME, ON_PREFECTURE = 20, 50


def page_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.api_route("/", methods=BOTH)
    def home(request: Request) -> Response:
        covered, tongue = current(site), site.tongue(request)
        return site.page(
            request,
            "home.html",
            alerts=latest(site, tongue, limit=ON_HOME),
            coverage=covered,
            map=tile_map(covered, site.store.counts(site.clock.now() - PERIOD)),
            legend=list(legend()),
            places=[(site.vocabulary.place(c), prefecture_href(tongue.root, c)) for c in _codes(site)],
        )

    @router.api_route("/alerts/{alert_id}", methods=BOTH)
    def alert(request: Request, alert_id: str) -> Response:
        found = site.store.alert(alert_id)
        if found is None:
            raise refusal(404, "errors.no_alert")
        tongue = site.tongue(request)
        view = alert_view(found, site.vocabulary, tongue)
        feeds = _feeds_of(site, found, tongue)
        others = related(found, site.store.related(found), site.vocabulary, tongue)
        return site.page(request, "alert.html", headers=SCRIPTED, alert=view, related=others, feeds=feeds)

    @router.api_route("/prefectures/{code}", methods=BOTH)
    def prefecture(request: Request, code: str) -> Response:
        if code not in site.vocabulary.prefectures:
            raise refusal(404, "errors.no_prefecture")
        tongue = site.tongue(request)
        alerts = latest(site, tongue, limit=ON_PREFECTURE, prefecture=code)
        wanted = urlencode({"prefecture": code})
        return site.page(
            request,
            "prefecture.html",
            headers=SCRIPTED,
            place=site.vocabulary.place(code),
            timeline=timeline(alerts, tongue.speech.manners),
            older=f"{tongue.root}/alerts?{wanted}",
            subscribe=f"{tongue.root}/subscribe?{wanted}",
            covered=current(site).of(code),
            feed=feed_links(FeedQuery(Subject.PREFECTURE, code), site.vocabulary, tongue, site.base_url),
        )

    @router.api_route("/coverage", methods=BOTH)
    def covered(request: Request) -> Response:
        return site.page(request, "coverage.html", coverage=current(site))

    return router


def latest(site: Site, tongue: Tongue, *, limit: int, prefecture: str | None = None) -> list[AlertView]:
    alerts = site.store.alerts(prefecture=prefecture, limit=limit)
    return [alert_view(alert, site.vocabulary, tongue) for alert in alerts]


def current(site: Site) -> Coverage:
    return coverage(site.catalogue, site.store.states(), site.store.problems(), site.clock.now())


def _codes(site: Site) -> list[str]:
    return sorted(site.vocabulary.prefectures)


def _feeds_of(site: Site, alert: Alert, tongue: Tongue) -> list[FeedLinks]:
    """The feeds that carry an alert, the narrowest subject last, as far as they exist."""
    wanted = [FeedQuery(Subject.PREFECTURE, alert.prefecture)]
    wanted += [FeedQuery(Subject.CATEGORY, name) for name in alert.verdict.categories]
    wanted += [FeedQuery(Subject.MOTIF, name) for name in alert.verdict.motifs]
    known = [query for query in wanted if query.known_to(site.vocabulary)]
    return [feed_links(query, site.vocabulary, tongue, site.base_url) for query in known]
