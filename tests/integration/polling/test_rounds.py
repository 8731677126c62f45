"""Many sources: platforms side by side, paced; a platform in trouble is left alone and is one incident."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from storage.store import SqlStore
from tests.fakes.watch import HOUR, NEWS, Watch, other, told
from tests.fakes.web import card, cards, list_page
from watcher.core.catalogue import Brake, Source
from watcher.core.page import FailureKind, Outcome
from watcher.core.state import ProblemKind
from watcher.poll import Polled
from watcher.rounds import run_round

SITES = tuple(other(number) for number in range(1, 9))
ABROAD = tuple(other(number, "mer") for number in (91, 92))


@pytest.fixture
def many(store: SqlStore) -> Watch:
    """Eight hosts of one platform and two of another, each with its own list."""
    watch = Watch(store, sources=(*SITES, *ABROAD))
    show(watch, watch.sources)
    return watch


def show(watch: Watch, sources: Iterable[Source], *newcomers: object) -> None:
    for source in sources:
        html = list_page([*newcomers, *cards(20)])  # type: ignore[list-item]
        watch.web.show(source.url, html.replace("www.cantal.gouv.fr", source.url.split("/")[2]))


def round_(
    watch: Watch, sources: Iterable[Source] | None = None, after: timedelta = HOUR
) -> dict[str, Polled]:
    watch.clock.time += after
    reports: dict[str, Polled] = {}
    run_round(
        watch.tools, watch.sources if sources is None else sources, lambda p: reports.update({p.source: p})
    )
    return reports


def outcomes(reports: dict[str, Polled]) -> list[Outcome]:
    return [polled.outcome for polled in reports.values()]


def test_every_source_is_polled_once_and_reported(many: Watch) -> None:
    reports = round_(many)

    assert {source: p.outcome for source, p in reports.items()} == {s.id: Outcome.OK for s in many.sources}
    assert sorted(many.web.asked) == sorted(source.url for source in many.sources)


def test_nothing_to_poll_is_no_trouble(many: Watch) -> None:
    assert round_(many, ()) == {}


def test_requests_to_one_platform_are_a_gap_apart(many: Watch) -> None:
    began = many.clock.now() + HOUR
    round_(many, SITES)

    assert many.clock.now() - began >= (len(SITES) - 1) * timedelta(seconds=7)


def test_the_pace_outlives_the_process(many: Watch) -> None:
    round_(many, SITES[:1])
    before = many.clock.now()
    many.start()

    round_(many, SITES[1:2], after=timedelta(0))

    assert many.clock.now() - before >= timedelta(seconds=7)


def test_a_platform_that_another_process_polls_is_left_to_it(many: Watch) -> None:
    now = many.clock.now()
    many.store.lease_platform("ide", "elsewhere/1/1", now, now + 3 * HOUR)

    reports = round_(many)

    assert {p.outcome for s, p in reports.items() if s in {x.id for x in SITES}} == {Outcome.POSTPONED}
    assert {reports[source.id].outcome for source in ABROAD} == {Outcome.OK}


def test_a_round_gives_its_leases_back(many: Watch) -> None:
    round_(many)

    assert many.store.lease_owners() == set()


def test_a_request_to_stop_ends_the_round_and_what_was_not_polled_stays_due(many: Watch) -> None:
    many.clock.stopping = True  # noticed when the second request has to wait

    reports = round_(many, SITES)

    assert list(reports) == [SITES[0].id]
    assert many.store.lease_owners() == set()
    assert set(many.store.due(many.clock.now())) == {s.id for s in many.sources} - set(reports)


def test_quiet_polls_are_written_by_the_end_of_the_round(many: Watch) -> None:
    round_(many)

    assert outcomes(round_(many)) == [Outcome.UNCHANGED] * len(many.sources)
    assert many.store.due(many.clock.now()) == []


class TestBrake:
    """Three failures on three hosts say that the platform suffers, not the pages."""

    @pytest.fixture
    def read(self, many: Watch) -> Watch:
        round_(many)
        many.web.break_(FailureKind.CONNECT, *(source.url for source in SITES))
        many.web.asked.clear()
        return many

    def test_after_three_hosts_the_rest_is_left_alone(self, read: Watch) -> None:
        reports = round_(read, SITES)

        assert outcomes(reports) == [Outcome.UNREACHABLE] * 3 + [Outcome.POSTPONED] * 5
        assert len(read.web.asked) == 3
        assert "freinée" in reports[SITES[-1].id].reason

    def test_it_is_one_incident_of_the_platform_and_no_problem_of_any_source(self, read: Watch) -> None:
        for _ in range(5):
            round_(read, SITES)

        assert read.problems() == [("platform:ide", ProblemKind.PLATFORM)]

    def test_another_platform_goes_on(self, read: Watch) -> None:
        reports = round_(read)

        assert {reports[source.id].outcome for source in ABROAD} == {Outcome.UNCHANGED}

    def test_while_braked_nothing_is_asked(self, read: Watch) -> None:
        round_(read, SITES)
        asked = len(read.web.asked)

        reports = round_(read, SITES, after=timedelta(minutes=10))

        assert outcomes(reports) == [Outcome.POSTPONED] * 8
        assert len(read.web.asked) == asked

    def test_then_one_request_probes_and_the_next_pause_is_longer(self, read: Watch) -> None:
        round_(read, SITES)
        asked = len(read.web.asked)

        round_(read, SITES, after=timedelta(minutes=20))

        assert len(read.web.asked) == asked + 1
        until = read.pacer.braked_until("ide")
        assert until
        assert until - read.clock.now() > timedelta(minutes=29)

    def test_a_day_of_outage_costs_few_requests(self, read: Watch) -> None:
        for _ in range(48):
            round_(read, SITES, after=timedelta(minutes=30))

        assert len(read.web.asked) <= 3 + 12

    def test_the_brake_outlives_the_process(self, read: Watch) -> None:
        round_(read, SITES)
        read.start()

        assert outcomes(round_(read, SITES, after=timedelta(minutes=1))) == [Outcome.POSTPONED] * 8

    def test_the_incident_ends_by_itself_with_the_first_answer_and_nothing_was_missed(
        self, read: Watch
    ) -> None:
        round_(read, SITES)
        show(read, SITES, card(21, "Titres de séjour"))
        for source in SITES:
            host = source.url.split("/")[2]
            read.web.show(card(21).address.replace("www.cantal.gouv.fr", host), list_page([]))

        reports = round_(read, SITES)

        assert read.problems() == []
        assert [told(polled) for polled in reports.values()] == [[("added", "Titres de séjour")]] * 8

    def test_one_host_that_fails_alone_brakes_nobody(self, many: Watch) -> None:
        round_(many)
        many.web.break_(FailureKind.CONNECT, SITES[0].url)
        for _ in range(6):
            reports = round_(many, SITES)

        assert outcomes(reports) == [Outcome.UNREACHABLE] + [Outcome.UNCHANGED] * 7
        assert many.problems() == [(SITES[0].id, ProblemKind.UNREACHABLE)]

    def test_hosts_that_fail_for_long_do_not_brake_the_others_when_they_are_asked_in_a_row(
        self, many: Watch
    ) -> None:
        round_(many)
        ill = SITES[::2]
        many.web.break_(FailureKind.TIMEOUT, *(source.url for source in ill))
        round_(many, SITES)

        reports = round_(many, [*ill, *SITES[1::2]])

        assert outcomes(reports) == [Outcome.UNREACHABLE] * 4 + [Outcome.UNCHANGED] * 4

    def test_a_platform_that_goes_down_is_braked_whatever_failed_before(self, many: Watch) -> None:
        round_(many)
        many.web.break_(FailureKind.TIMEOUT, SITES[0].url)
        round_(many, SITES)
        many.web.break_(FailureKind.TIMEOUT, *(source.url for source in SITES))

        reports = round_(many, SITES)

        assert outcomes(reports) == [Outcome.UNREACHABLE] * 4 + [Outcome.POSTPONED] * 4

    def test_a_503_counts_like_a_reset_and_its_wish_is_obeyed(self, many: Watch) -> None:
        round_(many)
        for source in SITES:
            many.web.show(source.url, "<h1>503</h1>", status=503, retry_after=timedelta(hours=2))
        round_(many, SITES)

        until = many.pacer.braked_until("ide")
        assert until
        assert until - many.clock.now() > timedelta(minutes=115)


def test_when_no_platform_answers_it_is_one_incident_of_our_own_network(many: Watch) -> None:
    round_(many)
    many.web.break_(FailureKind.DNS, *(source.url for source in many.sources))
    for _ in range(4):
        round_(many)

    assert many.problems() == [("network", ProblemKind.PLATFORM)]
    show(many, many.sources)
    round_(many, after=6 * HOUR)
    assert many.problems() == []


def test_robots_txt_may_ask_for_a_slower_pace(many: Watch) -> None:
    many.pacer.crawl_delay = lambda address: timedelta(seconds=30 if "site1." in address else 1)
    began = many.clock.now()
    round_(many, SITES[:3], after=timedelta(0))

    assert many.clock.now() - began == timedelta(seconds=30 + 7)


def test_a_short_brake_is_waited_for(store: SqlStore) -> None:
    watch = Watch(store, sources=SITES, brake=Brake(3, timedelta(seconds=10)))
    show(watch, SITES)
    watch.web.break_(FailureKind.CONNECT, *(source.url for source in SITES[:3]))

    reports = round_(watch)

    assert outcomes(reports) == [Outcome.UNREACHABLE] * 3 + [Outcome.OK] * 5
    assert watch.problems() == []


def test_a_request_to_stop_is_heard_while_a_brake_is_waited_for(store: SqlStore) -> None:
    watch = Watch(store, sources=SITES, brake=Brake(3, timedelta(seconds=10)))
    watch.web.break_(FailureKind.CONNECT, *(source.url for source in SITES))
    third = SITES[2].url

    def stop(address: str) -> None:
        watch.clock.stopping = address == third

    watch.web.before_request = stop
    reports = round_(watch)

    assert outcomes(reports) == [Outcome.UNREACHABLE] * 3
    assert store.lease_owners() == set()


def test_a_round_whose_platform_was_taken_over_ends(store: SqlStore) -> None:
    """The machine slept for so long that its lease ran out."""
    watch = Watch(store, sources=tuple(other(number) for number in range(1, 41)))
    show(watch, watch.sources)
    asleep = watch.sources[3].url

    def sleep(address: str) -> None:
        if address == asleep:
            watch.clock.time += timedelta(hours=9)
            now = watch.clock.now()
            store.lease_platform("ide", "elsewhere/1/1", now, now + HOUR)

    watch.web.before_request = sleep
    reports = round_(watch)

    assert len(reports) < 40
    assert store.lease_owners() == {"elsewhere/1/1"}


def test_a_long_round_keeps_its_lease(store: SqlStore) -> None:
    """Another process tries to speak to the platform all the while, and never gets in between."""
    watch = Watch(store, sources=tuple(other(number) for number in range(1, 41)))
    show(watch, watch.sources)
    slow = watch.pacer.before_request
    second: list[bool] = []

    def slowly(address: str) -> None:
        slow(address)
        now = watch.clock.now()
        second.append(watch.store.lease_platform("ide", "elsewhere/1/1", now, now + HOUR) is not None)
        watch.clock.time += timedelta(minutes=5)

    watch.web.before_request = slowly
    reports = round_(watch)

    assert set(outcomes(reports)) == {Outcome.OK}
    assert len(reports) == 40
    assert second == [False] * 40


def test_a_round_reports_news_like_a_single_poll(many: Watch) -> None:
    round_(many)
    show(many, SITES[:1], card(21, "Fête"))

    reports = round_(many)

    assert told(reports[SITES[0].id]) == [("added", "Fête")]
    assert NEWS.id not in reports
