"""The pages that people read."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from watcher.core.alerts import Alert
from watcher.core.coverage import Coverage, coverage
from watcher.core.feed import FeedQuery, Subject
from watcher.core.tilemap import PERIOD, legend, tile_map
from watcher.web.site import Site, root_path
from watcher.web.views import AlertView, FeedLinks, alert_view, feed_links, prefecture_href

BOTH = ["GET", "HEAD"]
ON_HOME, ON_PREFECTURE = 20, 50


def page_routes(site: Site) -> APIRouter:
    router = APIRouter()
    root = root_path(site.base_url)

    @router.api_route("/", methods=BOTH)
    def home(request: Request) -> Response:
        covered = current(site)
        return site.page(
            request,
            "home.html",
            alerts=latest(site, limit=ON_HOME),
            coverage=covered,
            map=tile_map(covered, site.store.counts(site.clock.now() - PERIOD)),
            legend=list(legend()),
            places=[(site.vocabulary.place(c), prefecture_href(root, c)) for c in _codes(site)],
        )

    @router.api_route("/alerts/{alert_id}", methods=BOTH)
    def alert(request: Request, alert_id: str) -> Response:
        found = site.store.alert(alert_id)
        if found is None:
            raise HTTPException(404, "Cette alerte n'existe pas.")
        view = alert_view(found, site.vocabulary, root)
        return site.page(request, "alert.html", alert=view, feeds=_feeds_of(site, found, root))

    @router.api_route("/prefectures/{code}", methods=BOTH)
    def prefecture(request: Request, code: str) -> Response:
        if code not in site.vocabulary.prefectures:
            raise HTTPException(404, "Cette préfecture n'est pas suivie ici.")
        return site.page(
            request,
            "prefecture.html",
            place=site.vocabulary.place(code),
            alerts=latest(site, limit=ON_PREFECTURE, prefecture=code),
            covered=current(site).of(code),
            feed=feed_links(FeedQuery(Subject.PREFECTURE, code), site.vocabulary, root, site.base_url),
        )

    @router.api_route("/coverage", methods=BOTH)
    def covered(request: Request) -> Response:
        return site.page(request, "coverage.html", coverage=current(site))

    return router


def latest(site: Site, *, limit: int, prefecture: str | None = None) -> list[AlertView]:
    alerts = site.store.alerts(prefecture=prefecture, limit=limit)
    return [alert_view(alert, site.vocabulary, root_path(site.base_url)) for alert in alerts]


def current(site: Site) -> Coverage:
    return coverage(site.catalogue, site.store.states(), site.store.problems(), site.clock.now())


def _codes(site: Site) -> list[str]:
    return sorted(site.vocabulary.prefectures)


def _feeds_of(site: Site, alert: Alert, root: str) -> list[FeedLinks]:
    """The feeds that carry an alert, the narrowest subject last, as far as they exist."""
    wanted = [FeedQuery(Subject.PREFECTURE, alert.prefecture)]
    wanted += [FeedQuery(Subject.CATEGORY, name) for name in alert.verdict.categories]
    wanted += [FeedQuery(Subject.MOTIF, name) for name in alert.verdict.motifs]
    known = [query for query in wanted if query.known_to(site.vocabulary)]
    return [feed_links(query, site.vocabulary, root, site.base_url) for query in known]
