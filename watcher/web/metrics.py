"""Figures for Prometheus; no label has more values than there are départements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from watcher.core.alerts import AlertState
from watcher.core.coverage import Coverage, PrefectureCoverage
from watcher.core.outbox import DeliveryState
from watcher.core.state import Problem
from watcher.core.subscriptions import Way
from watcher.web.metrics_sent import Counted, Doubts
from watcher.web.site import Site

RECENT = timedelta(days=30)


def measure(site: Site) -> tuple[bytes, str]:
    """The exposition of this moment and its media type."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(site))
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Figures(Collector):
    def __init__(self, site: Site) -> None:
        self._site = site

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        site, now = self._site, self._site.clock.now()
        problems = site.store.problems()
        covered = site.coverage()
        yield _ages(covered, now)
        yield from _sources(covered)
        yield _problems(problems)
        yield _alerts(site.told.of(lambda: site.store.count_kinds(now - RECENT)))
        if (outbox := site.outbox) is not None:
            counted, doubts = site.sent.of(outbox, now)
            yield from _messages(counted, doubts, {way: outbox.oldest_due(way) for way in Way}, now)


def _ages(covered: Coverage, now: datetime) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "vigie_last_success_age_seconds",
        "Time since the page that was read least recently was read; +Inf when one never was",
        labels=["departement"],
    )
    for one in covered.prefectures:
        if one.sources:
            family.add_metric([one.prefecture.code], _age(one, now))
    return family


def _age(one: PrefectureCoverage, now: datetime) -> float:
    oldest = one.oldest_read_at
    return max((now - oldest).total_seconds(), 0.0) if oldest else float("inf")


def _sources(covered: Coverage) -> Iterator[GaugeMetricFamily]:
    watched = GaugeMetricFamily("vigie_sources", "Watched pages", labels=["departement"])
    stale = GaugeMetricFamily("vigie_sources_stale", "Pages not read for too long", labels=["departement"])
    for one in covered.prefectures:
        watched.add_metric([one.prefecture.code], len(one.sources))
        stale.add_metric([one.prefecture.code], one.stale)
    yield watched
    yield stale
    outcomes = Counter(one.outcome for one in covered.sources)
    last = GaugeMetricFamily(
        "vigie_sources_by_outcome", "Pages by how they were last read", labels=["outcome"]
    )
    for outcome, number in sorted(outcomes.items(), key=lambda pair: str(pair[0])):
        last.add_metric([outcome or "never"], number)
    yield last


def _problems(problems: Iterable[Problem]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("vigie_open_problems", "Open problems and incidents", labels=["kind"])
    for kind, number in sorted(Counter(p.kind for p in problems if p.closed_at is None).items()):
        family.add_metric([kind], number)
    return family


def _alerts(told: Mapping[tuple[str, AlertState], int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "vigie_alerts_30_days",
        "Alerts detected in the last 30 days, by first category",
        labels=["category", "state"],
    )
    for (category, state), number in sorted(told.items()):
        family.add_metric([category or "none", state], number)
    return family


def _messages(
    counted: Counted, without: Doubts, first: Mapping[Way, datetime | None], now: datetime
) -> Iterator[GaugeMetricFamily]:
    states = GaugeMetricFamily("vigie_messages", "Messages by what became of them", labels=["way", "state"])
    age = GaugeMetricFamily(
        "vigie_messages_oldest_due_seconds",
        "For how long the first message that waits is due",
        labels=["way"],
    )
    doubts = GaugeMetricFamily(
        "vigie_messages_without_answer", "Attempts without an answer: at most as many copies", labels=["way"]
    )
    for way in Way:
        for state in DeliveryState:
            states.add_metric([way, state], counted.get((way, state), 0))
        doubts.add_metric([way], without.get(way, 0))
        due = first[way]
        age.add_metric([way], max((now - due).total_seconds(), 0.0) if due else 0.0)
    yield from (states, age, doubts)
