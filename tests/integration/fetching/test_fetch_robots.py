"""robots.txt is obeyed, and a server that cannot show it is left alone for a while."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

from tests.integration.fetching.scripted import NOT_FOUND, Script, Server, Site, answer, closing, redirect
from watcher.core.page import FetchFailure, Page
from watcher.fetch import HttpFetcher

HTML = b"<html></html>"
NOBODY = b"User-agent: *\nDisallow: /\n"


@pytest.fixture(autouse=True)
def _a_page(site: Site) -> None:
    site.server.answers["/page"] = answer(HTML)


def outcome(site: Site, robots: Script, path: str = "/page") -> str:
    """What comes of a page under these rules: ``"page"`` or the kind of failure."""
    site.server.answers |= {"/robots.txt": robots, path: answer(HTML)}
    result = site.fetcher.fetch(site.server.url(path)).result
    return result.kind if isinstance(result, FetchFailure) else "page"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("User-agent: *\nDisallow:\n", "page"),
        ("User-agent: *\nDisallow: /\n", "robots"),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "robots"),
        ("User-agent: *\nDisallow: /pa\n", "robots"),
        ("User-agent: *\nDisallow: /p*e$\n", "robots"),
        ("User-agent: *\nDisallow: /*.pdf$\n", "page"),
        ("User-agent: *\nDisallow: /\nAllow: /page\n", "page"),
        ("User-agent: VigiePrefectures\nDisallow: /\n", "robots"),
        ("User-agent: vigieprefectures/2.0\nDisallow: /\n", "robots"),
        ("User-agent: VigiePrefectures\nDisallow: /other\n\nUser-agent: *\nDisallow: /\n", "page"),
        ("User-agent: Vigie\nDisallow: /\n", "page"),
        ("User-agent: VigiePrefecturesBis\nDisallow: /\n", "page"),
        ("User-agent: Googlebot\nUser-agent: *\nDisallow: /\n", "robots"),
        ("User-agent: Googlebot\nDisallow: /\n", "page"),
        ("<html>Page introuvable</html>", "page"),
        ("\x00\x01\x02", "page"),
    ],
)
def test_the_rules_are_read_as_they_are_meant(site: Site, rules: str, expected: str) -> None:
    assert outcome(site, answer(rules.encode())) == expected


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "403 Forbidden", "410 Gone"])
def test_no_rules_allow_everything(site: Site, status: str) -> None:
    assert outcome(site, answer(NOBODY, status=status)) == "page"


@pytest.mark.parametrize(
    "robots",
    [
        answer(b"", status="500 Oops"),
        answer(b"", status="503 Busy"),
        answer(b"", status="429 Too Many Requests"),
        closing(b""),
        closing(answer(b"User-agent: *", "Content-Length: 99")),
        answer(b"x", "Content-Encoding: br"),
    ],
)
def test_unreadable_rules_allow_nothing_for_now(site: Site, robots: Script) -> None:
    assert outcome(site, robots) == "robots_unreachable"
    assert site.server.pages == []


def test_an_overloaded_server_is_one_failure_that_carries_its_wish(site: Site) -> None:
    site.server.answers["/robots.txt"] = answer(b"", "Retry-After: 600", status="503 Busy")

    fetched = site.fetcher.fetch(site.server.url("/page"))

    assert isinstance(fetched.result, FetchFailure)
    assert fetched.result.retry_after == timedelta(minutes=10)
    assert fetched.result.kind.of_the_platform
    assert fetched.requests == 1


def test_unreadable_rules_are_asked_for_again_after_five_minutes(site: Site) -> None:
    outcome(site, answer(b"", status="503 Busy"))
    site.clock.wait(timedelta(minutes=4))
    assert outcome(site, NOT_FOUND) == "robots_unreachable"
    site.clock.wait(timedelta(minutes=1))

    assert outcome(site, NOT_FOUND) == "page"


def test_rules_are_believed_for_a_day(site: Site) -> None:
    outcome(site, NOT_FOUND)
    site.clock.wait(timedelta(hours=23, minutes=59))
    assert outcome(site, answer(NOBODY)) == "page"
    site.clock.wait(timedelta(minutes=1))

    assert outcome(site, answer(NOBODY)) == "robots"


def test_a_clock_that_is_set_back_does_not_prolong_them(site: Site) -> None:
    outcome(site, NOT_FOUND)
    site.clock.at -= timedelta(days=400)

    assert outcome(site, answer(NOBODY)) == "robots"


def test_rules_may_have_moved_within_the_site(site: Site) -> None:
    site.server.answers["/rules"] = answer(NOBODY)

    assert outcome(site, redirect("/rules")) == "robots"


def test_rules_that_are_elsewhere_are_not_ignored(site: Site) -> None:
    assert outcome(site, redirect("https://www.example.fr/robots.txt")) == "robots"


def test_rules_that_lead_nowhere_are_none(site: Site) -> None:
    assert outcome(site, redirect("/robots.txt")) == "page"


def test_rules_may_be_compressed(site: Site) -> None:
    assert outcome(site, answer(gzip.compress(NOBODY), "Content-Encoding: gzip")) == "robots"


def test_half_a_megabyte_of_rules_is_read(site: Site) -> None:
    filler = b"# " + b"x" * 96 + b"\n"
    rules = filler * 5150 + NOBODY

    assert 500_000 < len(rules) < 512_000
    assert outcome(site, answer(rules)) == "robots"


def test_of_longer_rules_the_beginning_counts(site: Site) -> None:
    assert outcome(site, answer(NOBODY + b"# x\n" * 2_000_000)) == "robots"


def test_rules_that_are_a_trap_cost_little(site: Site) -> None:
    """Agents times rules is six million, unless those that are not ours count as one."""
    agents = b"".join(b"User-agent: a%d\n" % n for n in range(3000))
    rules = b"".join(b"Disallow: /*a*a*a*a$%d\n" % n for n in range(2000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert outcome(site, answer(agents + agents + rules), "/page" + "a" * 2000) == "page"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64_000  # KB


@pytest.mark.parametrize(
    ("said", "delay"),
    [
        ("Crawl-delay: 10", timedelta(seconds=10)),
        ("Crawl-delay: 2.5", timedelta(seconds=2.5)),
        ("Crawl-delay: 86400", timedelta(seconds=60)),
        ("Crawl-delay: 1e300", timedelta(seconds=60)),
        ("Crawl-delay: inf", None),
        ("Crawl-delay: nan", None),
        ("Crawl-delay: -3", None),
        ("Crawl-delay: soon", None),
        ("Disallow: /x", None),
    ],
)
def test_a_wish_for_slowness_is_told_within_reason(site: Site, said: str, delay: timedelta | None) -> None:
    outcome(site, answer(f"User-agent: *\n{said}\n".encode()))

    assert site.fetcher.crawl_delay(site.server.url("/anything")) == delay


def test_nothing_is_known_of_a_site_not_met(site: Site) -> None:
    assert site.fetcher.crawl_delay("https://www.cantal.gouv.fr/") is None
    assert site.fetcher.crawl_delay("no address") is None


def test_each_origin_has_its_own_rules(make: Callable[..., HttpFetcher], server: Server) -> None:
    server.answers |= {"/page": answer(HTML), "/robots.txt": NOT_FOUND}
    fetcher = make(resolver=lambda host, port: ["127.0.0.1"])
    for name in ("www.cantal.gouv.fr", "www.rhone.gouv.fr", "www.cantal.gouv.fr"):
        assert isinstance(fetcher.fetch(server.url("/page", name)).result, Page)

    assert len(server.requests) - len(server.pages) == 2


class Memory:
    """Keeps robots.txt as a database would."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[datetime, str]] = {}

    def robots(self) -> Mapping[str, tuple[datetime, str]]:
        return dict(self.kept)

    def keep_robots(self, origin: str, until: datetime, text: str) -> None:
        self.kept[origin] = (until, text)


@pytest.mark.parametrize(
    ("robots", "expected"), [(answer(NOBODY), "robots"), (NOT_FOUND, "page"), (answer(b""), "page")]
)
def test_another_process_asks_no_more_within_the_day(
    site: Site, make: Callable[..., HttpFetcher], robots: Script, expected: str
) -> None:
    site.server.answers["/robots.txt"] = robots
    memory = Memory()
    make(memory=memory).fetch(site.server.url("/page"))
    site.server.answers["/robots.txt"] = closing(b"")

    result = make(memory=memory).fetch(site.server.url("/page")).result

    assert (result.kind if isinstance(result, FetchFailure) else "page") == expected


def test_what_was_remembered_is_asked_for_again_the_next_day(
    site: Site, make: Callable[..., HttpFetcher]
) -> None:
    site.server.answers["/robots.txt"] = answer(NOBODY)
    memory = Memory()
    make(memory=memory).fetch(site.server.url("/page"))
    site.server.answers["/robots.txt"] = NOT_FOUND
    site.clock.wait(timedelta(hours=25))

    assert isinstance(make(memory=memory).fetch(site.server.url("/page")).result, Page)
