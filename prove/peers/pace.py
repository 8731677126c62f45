"""A platform down for a day, a host down, silent hosts among healthy ones, poisoned wishes to be left alone."""

from __future__ import annotations

import contextlib
from collections.abc import Container
from datetime import timedelta
from urllib.parse import urlsplit

from prove.peers.hosts import Platform, platform
from prove.peers.pages import SHORT, Recorder, fetcher, serving, watching
from prove.peers.times import GOOD
from prove.report import Figure
from tests.integration.fetching.scripted import answer

DOWN = answer(b"<h1>503</h1>", "Retry-After: 5", status="503 Service Unavailable")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REQUESTS = 12  # in a day, of a platform that is down, and of each page of a host that is
LONGEST = timedelta(hours=6)
STARTS = 60.0  # seconds that 99 % of the healthy may begin later because of the silent
SILENT = 5
SLOWED = 1.1

WISHES = (
    "999999999", "9" * 5000, "-1", "-999999999", "0", "1e9", "NaN", "inf", "+7", "²", "", " ", "soon",
    "Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 31 Feb 2026 99:99:99 GMT", "0" * 60_000, "30, 99999999",
)  # fmt: skip


def figures(*, long: bool, seed: int) -> list[Figure]:
    with platform(1000 if long else 50, seed) as one:
        found = [*_whole_platform(one), *_one_host(one, DAY if long else 6 * HOUR)]
        found += _silent(one, DAY if long else 5 * HOUR)
    return [*found, _wishes()]


def _whole_platform(one: Platform) -> list[Figure]:
    before, one.sites.most_at_once = one.sites.asked.total(), 0
    one.sites.down = lambda host: DOWN
    one.live(DAY)
    asked = one.sites.asked.total() - before
    one.sites.down = lambda host: None
    back, place = one.watch.clock.now(), len(one.polled)
    while not any(polled.outcome.read for polled in one.polled[place:]):
        one.live(timedelta(minutes=10))
    took = one.watch.clock.now() - back
    one.live(3 * HOUR)
    once = max(one.sites.most_at_once, 1)
    left = len(one.watch.problems())
    return [
        Figure(
            f"{len(one.watch.sources)} pages, 24 hours of 503: requests, all in all",
            str(asked),
            f"{REQUESTS}",
            asked <= REQUESTS,
        ),
        Figure("requests at once", str(once), "1", once == 1),
        Figure("back up, seen again after", f"{took.total_seconds() / 3600:.1f} h", "6 h", took <= LONGEST),
        Figure("incidents left open", str(left), "0", left == 0),
    ]


def _one_host(one: Platform, span: timedelta) -> list[Figure]:
    """The host with the most pages of all."""
    pages = {host: sum(f"//{host}:" in source.url for source in one.watch.sources) for host in one.hosts}
    host = max(pages, key=lambda name: pages[name])
    before = one.sites.asked[host]
    one.sites.down = lambda asked: DOWN if asked == host else None
    one.live(span)
    one.sites.down = lambda asked: None
    asked = one.sites.asked[host] - before
    others = sum(polled.outcome.read for polled in one.polled[-100:])
    hours, most = span.total_seconds() / 3600, REQUESTS * pages[host]
    return [
        Figure(
            f"one host of {pages[host]} pages, {hours:.0f} h of 503: requests",
            str(asked),
            str(most),
            asked <= most,
        ),
        Figure("pages of other hosts read beside it", f"{others} of the last 100", "", others > 0),
    ]


def _silent(one: Platform, span: timedelta) -> list[Figure]:
    """Five of the hosts say nothing, each time for as long as they may."""
    silent = frozenset(one.hosts[10 : 10 + 4 * SILENT : 4])
    healthy = {source.id for source in one.watch.sources if urlsplit(source.url).hostname not in silent}
    one.live(12 * HOUR)  # until everything has its pace again
    well, usual = _polled(one, span, healthy)
    one.web.silent = silent
    ill, now = _polled(one, span, healthy)
    return [
        Figure(
            f"{len(one.hosts)} hosts of which {SILENT} say nothing: 99 % of the polls begin after they are due",
            f"within {ill:.0f} s (without the silent {well:.0f} s)",
            f"{STARTS:.0f} s more",
            ill - well <= STARTS,
        ),
        Figure(
            "polls of the healthy beside them in the same time",
            f"{now} (without the silent {usual})",
            f"at most {SLOWED} times fewer",
            now * SLOWED >= usual,
        ),
    ]


def _polled(one: Platform, span: timedelta, healthy: Container[str]) -> tuple[float, int]:
    """Seconds after they were due that 99 % of the polls began, and how many healthy pages were read."""
    one.late.clear()
    place = len(one.polled)
    one.live(span)
    read = sum(polled.outcome.read and polled.source in healthy for polled in one.polled[place:])
    return sorted(one.late)[int(len(one.late) * 0.99)], read


def _wishes() -> Figure:
    """503 with a poisoned `Retry-After`, at a list and then at robots.txt."""
    longest, wrong = timedelta(0), []
    with serving() as server, watching(server) as (watch, source):
        server.answers["/Actualites"] = GOOD
        with contextlib.closing(fetcher(SHORT)) as web:
            watch.web = Recorder(web)  # type: ignore[assignment]
            for wish in WISHES:
                server.answers["/Actualites"] = answer(b"", f"Retry-After: {wish}", status="503 No")
                watch.later(LONGEST, source)
                left = watch.state(source).next_poll_at - watch.clock.now()
                longest = max(longest, left)
                if not timedelta(minutes=1) <= left <= LONGEST:
                    wrong.append(wish[:20])
    hours = longest.total_seconds() / 3600
    return Figure(
        f"{len(WISHES)} poisoned wishes to be left alone: longest pause", f"{hours:.1f} h", "6 h", not wrong
    )
