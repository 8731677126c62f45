"""A feed tells its readers' services which hub to ask, without losing the link to its page."""

from __future__ import annotations

import json

import feedparser
import pytest

from notifiers.render.feeds import Format, render
from tests.fakes.alerts import BASE, VOCABULARY, alert
from watcher.core.feed import Feed, FeedQuery, build

HUB = "https://hub.example/"


@pytest.fixture
def feed() -> Feed:
    return build(FeedQuery(), [alert()], VOCABULARY, BASE)


@pytest.mark.parametrize("form", [Format.ATOM, Format.RSS])
def test_the_hub_is_named_beside_the_feed_itself(feed: Feed, form: Format) -> None:
    parsed = feedparser.parse(render(feed, form, HUB))

    assert not parsed.bozo
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links == {"self": f"{BASE}/feeds/all.{form}", "hub": HUB, "alternate": f"{BASE}/"}
    assert parsed.feed.link == f"{BASE}/"


def test_the_hub_is_named_in_json(feed: Feed) -> None:
    assert json.loads(render(feed, Format.JSON, HUB))["hubs"] == [{"type": "WebSub", "url": HUB}]


@pytest.mark.parametrize("form", list(Format))
def test_without_a_hub_nothing_is_said_of_one(feed: Feed, form: Format) -> None:
    assert b"hub" not in render(feed, form).replace(b"<atom:link", b"").lower()
