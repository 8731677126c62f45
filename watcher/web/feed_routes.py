"""Feeds and calendars, their list for people and their list for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request, Response

from notifiers.render.calendar import MEDIA_TYPE, render_calendar
from notifiers.render.feeds import Format, media_type, render
from watcher.core.feed import FeedQuery, FeedQueryError, Subject
from watcher.core.labels import CATEGORIES
from watcher.core.text import fold
from watcher.feeds import read_calendar, read_feed
from watcher.web.answers import Stamps, answer, digest
from watcher.web.site import Site, root_path
from watcher.web.views import FeedLinks, feed_links

BOTH = ["GET", "HEAD"]
CACHE = "public, max-age=300"
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Last-Modified"}


def feed_routes(site: Site) -> APIRouter:
    router = APIRouter()
    stamps = Stamps()

    @router.api_route("/feeds", methods=BOTH)
    def index(request: Request) -> Response:
        return site.page(request, "feeds.html", feeds=offered(site, root_path(site.base_url)))

    @router.api_route("/feeds.opml", methods=BOTH)
    def opml(request: Request) -> Response:
        body = site.templates.render("feeds.opml", feeds=offered(site, site.base_url))
        return answer(request, body, "text/x-opml; charset=utf-8", cache=CACHE, headers=OPEN)

    @router.api_route("/feeds/all.{extension}", methods=BOTH)
    def everything(request: Request, extension: str) -> Response:
        return _feed(site, stamps, request, FeedQuery(), extension)

    @router.api_route("/feeds/{subject}/{value}.{extension}", methods=BOTH)
    def one(request: Request, subject: str, value: str, extension: str) -> Response:
        if subject not in {Subject.PREFECTURE, Subject.CATEGORY, Subject.MOTIF}:
            raise HTTPException(404, "Ce flux n'existe pas.")
        return _feed(site, stamps, request, FeedQuery(Subject(subject), value), extension)

    return router


def offered(site: Site, root: str) -> dict[str, tuple[FeedLinks, ...]]:
    """Every feed worth following, by subject."""
    values = {
        Subject.ALL: [""],
        Subject.CATEGORY: [name for name in CATEGORIES if name != "unrelated"],
        Subject.MOTIF: sorted(site.vocabulary.motifs, key=lambda name: fold(site.vocabulary.motif(name))),
        Subject.PREFECTURE: sorted(site.vocabulary.prefectures),
    }
    return {
        subject: tuple(
            feed_links(FeedQuery(subject, value), site.vocabulary, root, site.base_url) for value in some
        )
        for subject, some in values.items()
    }


@dataclass(frozen=True, slots=True)
class _Document:
    body: bytes
    media_type: str
    address: str
    updated: datetime


def _feed(site: Site, stamps: Stamps, request: Request, query: FeedQuery, extension: str) -> Response:
    stream = request.query_params.get("stream", "all")
    if extension not in {*Format, "ics"} or stream not in {"all", "verified"}:
        raise HTTPException(404, "Ce flux n'existe pas sous cette forme.")
    try:
        document = _document(site, query, extension, verified_only=stream == "verified")
    except FeedQueryError as error:
        raise HTTPException(404, str(error)) from error
    return answer(
        request,
        document.body,
        f"{document.media_type}; charset=utf-8",
        cache=CACHE,
        modified=stamps.stamp(document.address, digest(document.body), document.updated),
        headers=OPEN,
    )


def _document(site: Site, query: FeedQuery, extension: str, *, verified_only: bool) -> _Document:
    where = (site.store, query, site.vocabulary, site.base_url)
    if extension == "ics":
        calendar = read_calendar(*where, verified_only=verified_only)
        return _Document(render_calendar(calendar), MEDIA_TYPE, calendar.self_address, calendar.updated)
    feed = read_feed(*where, verified_only=verified_only)
    form = Format(extension)
    return _Document(render(feed, form), media_type(form), feed.self_address(form), feed.updated)
