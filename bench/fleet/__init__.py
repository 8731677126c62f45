"""A fleet on one PostgreSQL: how fast its books are kept, by one worker and by two, what is lost while workers are
killed, and how close ten of them come to each other at a platform that has one pace.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.figures import Chapter, Figure
from bench.fleet import pace
from bench.fleet.books import Books, Kept, Size
from tests.fakes.servers import administer, running_server

COMPOSE = Path(__file__).resolve().parents[2] / "deploy" / "compose.yaml"

QUICK = Size(pages=100_000, alerts=20, people=10_000)
LONG = Size(pages=1_000_000, alerts=20, people=50_000)
PAGES, DELIVERIES, TWO = 10_000, 40_000, 1.6  # wanted: a second, and times one worker
CORES, NEARLY = 2, 0.95  # of which two workers with their server can have no more, and rarely have all


def measure(options: argparse.Namespace) -> Chapter:
    size = LONG if options.long else QUICK
    with _server() as url:
        # First: it leaves files of the server's log behind, which only whoever comes first has to make.
        disturbed = _disturbed(url, size)
        runs = {clerks: _undisturbed(url, clerks, size) for clerks in (1, 2)}
        paced = pace.measure(url, 120 if options.long else 30)
    return Chapter(
        "Many workers on one PostgreSQL",
        _how(size, disturbed, paced),
        _figures(size, runs, disturbed, paced),
    )


def server_settings() -> list[str]:
    """What `deploy/compose.yaml` and docs/postgresql.md tell a server: `name=value`."""
    command = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["db"]["command"]
    return [word for word in command if "=" in word]


@contextmanager
def _server() -> Iterator[str]:
    with running_server() as running:
        told = [one.replace("=", " = '", 1) + "'" for one in server_settings()]
        administer(running.url, *(f"ALTER SYSTEM SET {one}" for one in told))
        running.fall()
        running.rise()
        yield running.url


def _disturbed(url: str, size: Size) -> Kept:
    books = Books(url, "killed", size)
    try:
        return books.both_while_killed(3)
    finally:
        books.close()


def _undisturbed(url: str, clerks: int, size: Size) -> tuple[Kept, Kept]:
    books = Books(url, f"books_{clerks}", size)
    try:
        return books.pages(clerks), books.tell(clerks)
    finally:
        books.close()


def _figures(
    size: Size, runs: dict[int, tuple[Kept, Kept]], disturbed: Kept, paced: pace.Pace
) -> tuple[Figure, ...]:
    deliveries = size.alerts * size.people
    rates = {n: (size.pages / pages.seconds, deliveries / told.seconds) for n, (pages, told) in runs.items()}
    every = [*runs[1], *runs[2], disturbed]
    (pages, told), (pages_of_two, told_by_two) = runs[1], runs[2]
    return (
        Figure("pages recorded, one worker", rates[1][0], "/s"),
        Figure("pages recorded, two workers", rates[2][0], "/s", at_least=PAGES),
        *_twice("pages", pages, pages_of_two),
        *_cost("pages", size.pages, pages),
        Figure("deliveries fanned out, one worker", rates[1][1], "/s"),
        Figure("deliveries fanned out, two workers", rates[2][1], "/s", at_least=DELIVERIES),
        *_twice("deliveries", told, told_by_two),
        *_cost("deliveries", deliveries, told),
        Figure("lost", sum(one.lost for one in every), at_most=0),
        Figure("doubled", sum(one.doubled for one in every), at_most=0),
        Figure("closest two requests ÷ gap, ten processes", paced.closest / pace.GAP, at_least=1),
        Figure("requests closer than the gap", paced.too_close, at_most=0),
    )


def _twice(what: str, one: Kept, two: Kept) -> tuple[Figure, ...]:
    most = CORES / max(one.busy, 1)
    wanted = round(min(TWO, NEARLY * most), 2)
    return (
        Figure(f"two workers ÷ one, {what}", one.seconds / two.seconds, at_least=wanted),
        Figure(f"cores that one worker and its server keep busy, {what}", one.busy),
        Figure(f"cores that two workers and their server keep busy, {what}", two.busy),
        Figure(f"the most that two cores allow, {what}", most),
    )


def _cost(what: str, number: int, one: Kept) -> tuple[Figure, ...]:
    each = 1000 * 1000 / number  # ms, of a thousand
    return (
        Figure(f"CPU of 1,000 {what}, worker", one.spent.workers * each, "ms"),
        Figure(f"CPU of 1,000 {what}, PostgreSQL", one.spent.server * each, "ms"),
    )


def _how(size: Size, disturbed: Kept, paced: pace.Pace) -> str:
    return (
        f"{size.pages:,} pages in jobs of 500, leased and concluded by the store's own functions, and {size.alerts} "
        f"alerts to {size.people:,} subscribers each, all deliveries in the alert's transaction. Lost and doubled are "
        f"counted of these runs and of one of both with three workers of which {disturbed.killed} were killed at "
        f"random moments. Two workers can do at most twice as much as one, and {CORES} ÷ the cores that it and its "
        f"server keep busy where those are more than one; asked of them is {TWO} times, or {NEARLY:.0%} of the most. "
        f"Pace: {pace.SPEAKERS} processes on {paced.hosts} hosts of the replica, one gap of {pace.GAP * 1000:.0f} ms, "
        f"{paced.requests} requests by the replica's log, while processes were stopped and woken ({paced.stood_still} "
        f"times, some for longer than their lease) or killed ({paced.killed}). "
        f"The server has the settings of deploy/compose.yaml ({', '.join(server_settings())}) and does not wait for "
        "the disk; a job of 500 pages costs one commit."
    )
