"""What is the same for everybody may be kept by any cache in between; what is somebody's by none."""

from __future__ import annotations

import pytest

from tests.fakes.alerts import alert
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor

SHARED = (
    "/",
    "/en/",
    "/prefectures/15",
    "/prefectures/15/chronologie",
    "/alerts",
    "/alerts/{one}",
    "/coverage",
    "/feeds",
    "/about/privacy",
    "/feeds/all.atom",
    "/feeds/prefecture/15.rss",
    "/feeds/category/rdv_modality.json",
    "/feeds/all.ics",
    "/feeds.opml",
    "/static/vigie.css",
    "/robots.txt",
)


@pytest.fixture
def addresses(store: MemoryStore) -> dict[str, str]:
    store.held.append(alert(1))
    return {path: path.format(one=alert(1).id) for path in SHARED}


@pytest.mark.parametrize("path", SHARED)
def test_a_shared_page_is_asked_about_again_by_its_strong_tag(
    visitor: Visitor, addresses: dict[str, str], path: str
) -> None:
    first = visitor.ask(addresses[path])
    tag = first.headers["etag"]
    again = visitor.ask(addresses[path], if_none_match=tag)
    head = visitor.ask(addresses[path], method="HEAD")

    assert first.status_code == 200
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert "Accept-Encoding" in first.headers["vary"]
    assert "cookie" not in first.headers["vary"].lower()
    assert "set-cookie" not in first.headers
    assert tag.startswith('"')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == tag


@pytest.mark.parametrize("path", ["/", "/prefectures/15", "/coverage"])
def test_browsers_ask_each_time_and_caches_serve_while_they_ask(visitor: Visitor, path: str) -> None:
    told = visitor.ask(path).headers["cache-control"]

    assert {"max-age=0", "s-maxage=60", "stale-while-revalidate=600"} <= set(told.split(", "))


def test_what_goes_wrong_and_what_somebody_searches_is_not_shared(visitor: Visitor) -> None:
    for path in ("/alerts?q=titre", "/alerts/unknown", "/prefectures/999", "/nothing"):
        assert "public" not in visitor.ask(path).headers["cache-control"]
    for path in ("/healthz", "/readyz", "/metrics"):
        assert visitor.ask(path).headers["cache-control"] == "no-store"
