"""Feeds and calendars, their list for people and their list for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request, Response

from notifiers.render.calendar import MEDIA_TYPE, render_calendar
from notifiers.render.feeds import Format, media_type, render
from watcher.core.feed import FeedQuery, FeedQueryError, Subject, Teller
from watcher.core.labels import CATEGORIES
from watcher.core.text import fold
from watcher.feeds import read_calendar, read_feed
from watcher.web.answers import Stamps, answer, digest
from watcher.web.policy import SCRIPTED
from watcher.web.site import SHARED, Site, refusal
from watcher.web.tongues import FIRST, Tongue
from watcher.web.views import FeedLinks, feed_links

BOTH = ["GET", "HEAD"]
CACHE = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
PLAIN = frozenset({"", "stream=verified", "stream=all"})  # the queries that a cache shall see
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Last-Modified"}


def feed_routes(site: Site) -> APIRouter:
    router = APIRouter()
    maker = _Maker(site)

    @router.api_route("/feeds", methods=BOTH)
    def index(request: Request) -> Response:
        feeds = offered(site, site.tongue(request))
        return site.page(request, "feeds.html", cache=SHARED, headers=SCRIPTED, feeds=feeds)

    @router.api_route("/feeds.opml", methods=BOTH)
    def opml(request: Request) -> Response:
        whole = Tongue(site.tongues[FIRST].speech, site.base_url)
        body = site.templates[FIRST].render("feeds.opml", feeds=offered(site, whole))
        return answer(request, body, "text/x-opml; charset=utf-8", cache=CACHE, headers=OPEN)

    @router.api_route("/feeds/all.{extension}", methods=BOTH)
    def everything(request: Request, extension: str) -> Response:
        return _feed(maker, request, FeedQuery(), extension)

    @router.api_route("/feeds/{subject}/{value}.{extension}", methods=BOTH)
    def one(request: Request, subject: str, value: str, extension: str) -> Response:
        if subject not in {Subject.PREFECTURE, Subject.CATEGORY, Subject.MOTIF}:
            raise refusal(404, "errors.no_feed")
        return _feed(maker, request, FeedQuery(Subject(subject), value), extension)

    return router


def offered(site: Site, tongue: Tongue) -> dict[str, tuple[FeedLinks, ...]]:
    """Every feed worth following, by subject."""
    values = {
        Subject.ALL: [""],
        Subject.CATEGORY: [name for name in CATEGORIES if name != "unrelated"],
        Subject.MOTIF: sorted(
            site.vocabulary.motifs, key=lambda name: fold(site.vocabulary.motif(name, tongue.code))
        ),
        Subject.PREFECTURE: sorted(site.vocabulary.prefectures),
    }
    return {
        subject: tuple(
            feed_links(FeedQuery(subject, value), site.vocabulary, tongue, site.base_url) for value in some
        )
        for subject, some in values.items()
    }


@dataclass(frozen=True, slots=True)
class _Document:
    body: bytes
    media_type: str
    address: str
    updated: datetime


class _Maker:
    """Makes the documents of feeds, and remembers what makes the next one quicker."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.stamps = Stamps()
        self._told = Teller(site.vocabulary, site.base_url)

    def document(self, query: FeedQuery, extension: str, *, verified_only: bool) -> _Document:
        site = self.site
        where = (site.store, query, site.vocabulary, site.base_url)
        if extension == "ics":
            calendar = read_calendar(*where, verified_only=verified_only)
            return _Document(render_calendar(calendar), MEDIA_TYPE, calendar.self_address, calendar.updated)
        feed = read_feed(*where, verified_only=verified_only, told=self._told)
        form = Format(extension)
        body = render(feed, form, site.hub)
        return _Document(body, media_type(form), feed.self_address(form), feed.updated)


def _feed(maker: _Maker, request: Request, query: FeedQuery, extension: str) -> Response:
    stream = request.query_params.get("stream", "all")
    if extension not in {*Format, "ics"} or stream not in {"all", "verified"}:
        raise refusal(404, "errors.no_form")
    if request.url.query not in PLAIN:
        return _plainly(maker.site, query, extension, verified_only=stream == "verified")
    try:
        document = maker.document(query, extension, verified_only=stream == "verified")
    except FeedQueryError as error:
        raise HTTPException(404, str(error)) from error
    identity = digest(document.body)
    return answer(
        request,
        document.body,
        f"{document.media_type}; charset=utf-8",
        cache=CACHE,
        modified=maker.stamps.stamp(document.address, identity, document.updated),
        headers={**OPEN, **_links(maker.site.hub, document.address, extension)},
        identity=identity,
    )


def _plainly(site: Site, query: FeedQuery, extension: str, *, verified_only: bool) -> Response:
    """What readers' programs and trackers add to an address would have every cache keep the same feed again."""
    if not query.known_to(site.vocabulary):
        raise refusal(404, "errors.no_feed")
    address = f"{site.base_url}/feeds/{query.path}.{extension}{'?stream=verified' if verified_only else ''}"
    return Response(status_code=301, headers={**OPEN, "Location": address, "Cache-Control": CACHE})


def _links(hub: str, address: str, extension: str) -> dict[str, str]:
    """Where WebSub subscribers ask to be told; calendars are not announced."""
    if not hub or extension == "ics":
        return {}
    return {"Link": f'<{hub}>; rel="hub", <{address}>; rel="self"'}
