"""What a poll leaves in the store: all of it or nothing, once, and who is told of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.errors import StorageError
from storage.store import SqlStore
from tests.fakes.subscribers import deliveries, subscribe, subscriber
from tests.fakes.watch import HOUR, NEWS, OWNER, Watch, changes, told
from tests.fakes.web import GUIDE, LIST, card, cards, guide_page
from watcher import layouts
from watcher.core.items import Snapshot
from watcher.core.page import Outcome
from watcher.core.ports import Layout
from watcher.core.state import PollPlan
from watcher.core.subscriptions import Interest
from watcher.pacing import StopRequestedError
from watcher.poll import Polled, poll
from watcher.rounds import run_round

NEWCOMER = card(21, "Titres de séjour")
EVERYTHING = subscriber("all")


@pytest.fixture
def read(watch: Watch) -> Watch:
    watch.show(cards(20))
    watch.poll()
    return watch


def owed(watch: Watch) -> list[tuple[str, str]]:
    """Who is to be told of what."""
    titles = {alert.id: alert.title for alert in watch.alerts()}
    return [(delivery.subscription, titles[delivery.alert]) for delivery in deliveries(watch.store)]


class TestOutbox:
    def test_an_alert_is_queued_once_for_each_subscription_that_wants_it(self, read: Watch) -> None:
        wishes = {
            "cantal": Interest(prefectures=frozenset({"15"})),
            "rhône": Interest(prefectures=frozenset({"69"})),
            "rdv": Interest(categories=frozenset({"rdv_modality"})),
            "fees": Interest(categories=frozenset({"fee"})),
            "workers": Interest(motifs=frozenset({"salarie"})),
            "students": Interest(motifs=frozenset({"etudiant"})),
        }
        for name, interest in wishes.items():
            subscribe(read.store, subscriber(name, interest))
        read.show([NEWCOMER, *cards(20)])
        read.later()
        read.later()

        assert sorted(owed(read)) == [(who, "Titres de séjour") for who in ("cantal", "rdv", "workers")]

    def test_what_waits_for_a_human_goes_to_nobody_who_wants_it_verified(self, read: Watch) -> None:
        subscribe(read.store, EVERYTHING)
        subscribe(read.store, subscriber("sure", Interest(verified_only=True)))
        read.show([card(21, "La préfecture informe"), *cards(20)])
        read.later()

        assert owed(read) == [("all", "La préfecture informe")]

    def test_a_baseline_and_a_muted_change_are_queued_for_nobody(self, watch: Watch) -> None:
        subscribe(watch.store, EVERYTHING)
        watch.show([NEWCOMER, *cards(20)])
        watch.poll()
        watch.show([card(22, "Fête du fromage"), NEWCOMER, *cards(20)])

        assert told(watch.later()) == [("added", "Fête du fromage")]
        assert owed(watch) == []

    def test_who_subscribes_later_is_told_of_what_comes_later(self, read: Watch) -> None:
        read.show([NEWCOMER, *cards(20)])
        read.later()
        subscribe(read.store, EVERYTHING)
        read.show([card(22, "Séjour en ligne"), NEWCOMER, *cards(20)])
        read.later()

        assert owed(read) == [("all", "Séjour en ligne")]


class TestOneTransaction:
    def test_a_reading_whose_baseline_was_overtaken_is_dropped_whole(self, read: Watch) -> None:
        """Another process saved a reading while this one was reading an article."""
        subscribe(read.store, EVERYTHING)
        read.show([NEWCOMER, *cards(20)])
        other = Watch(read.store, clock=read.clock, owner="elsewhere/1/1")
        other.web = read.web
        overtaken: list[str] = []

        def meanwhile(address: str) -> None:
            if address == NEWCOMER.address and not overtaken:
                overtaken.append(address)
                read.store.release(NEWS.id, OWNER)
                assert told(other.poll()) == [("added", "Titres de séjour")]

        read.web.before_request = meanwhile
        polled = read.later()

        assert (polled.outcome, polled.plan) == (Outcome.SUPERSEDED, None)
        assert len(read.alerts()) == len(read.store.history(NEWS.id)) == len(owed(read)) == 1
        assert told(read.later()) == []

    def test_polling_twice_from_one_baseline_finds_the_same_ids(self, read: Watch) -> None:
        """A crash before the write: the poll is done again, and says the same."""
        read.show([NEWCOMER, card(22, "Séjour des étudiants"), *cards(20)])
        forgetful = Forgetful(read.store)
        first = poll(read.tools, NEWS, forgetful)
        assert not read.alerts()
        read.store.release(NEWS.id, OWNER)
        second = read.later()

        assert [c.id for c in changes(first)] == [c.id for c in changes(second)]
        assert len(changes(first)) == 2

    def test_a_failed_reading_is_written_too(self, read: Watch) -> None:
        read.web.show(LIST, "<h1>500</h1>", status=500)
        read.later()

        assert (read.state().outcome, read.state().failures) == (Outcome.UNREACHABLE, 1)
        assert read.state().last_read_at == read.clock.now() - HOUR


class TestLease:
    def test_a_source_that_somebody_else_polls_is_left_alone(self, read: Watch) -> None:
        now = read.clock.now()
        read.store.claim(NEWS.id, "elsewhere/1/1", now, now + HOUR)

        polled = read.poll()

        assert (polled.outcome, polled.requests) == (Outcome.POSTPONED, 0)

    def test_a_lease_that_ran_out_is_nobodys(self, read: Watch) -> None:
        now = read.clock.now()
        read.store.claim(NEWS.id, "elsewhere/1/1", now, now + timedelta(minutes=20))

        assert read.later(timedelta(minutes=21)).outcome is Outcome.UNCHANGED

    def test_a_request_to_stop_drops_the_poll_and_releases_the_lease(self, read: Watch) -> None:
        read.show([NEWCOMER, *cards(20)])
        before = read.state()
        read.clock.time += HOUR
        read.pacer.before_request(LIST)  # so that the next request has to wait
        read.clock.stopping = True

        with pytest.raises(StopRequestedError):
            read.poll()

        assert read.state() == before
        assert NEWS.id in read.store.due(read.clock.now() + HOUR)
        read.clock.stopping = False
        assert told(read.poll()) == [("added", "Titres de séjour")]

    def test_an_interruption_releases_the_lease_too(self, read: Watch) -> None:
        def interrupted(_: str) -> Layout:
            raise KeyboardInterrupt

        read.show([NEWCOMER, *cards(20)])
        read.layout = interrupted
        with pytest.raises(KeyboardInterrupt):
            read.poll()

        assert NEWS.id in read.store.due(read.clock.now() + HOUR)

    def test_a_source_can_be_polled_before_its_time(self, read: Watch) -> None:
        assert read.state().next_poll_at > read.clock.now()
        assert read.poll().outcome is Outcome.UNCHANGED


class TestStumbles:
    """A fault of ours on one page is a problem of that page, and keeps no other waiting."""

    @pytest.fixture
    def stumbling(self, read: Watch) -> Watch:
        read.web.show(GUIDE, guide_page(("Séjour", ["Au guichet.", "Le matin."])))
        read.show([NEWCOMER, *cards(20)])
        read.layout = self.broken
        return read

    @staticmethod
    def broken(name: str) -> Layout:
        if name == NEWS.layout:
            raise ZeroDivisionError("a card without width")
        return layouts.get(name)

    def test_it_is_told_and_the_baseline_stays(self, stumbling: Watch) -> None:
        polled = stumbling.later()

        assert polled.outcome is Outcome.UNSUPPORTED
        assert "ZeroDivisionError (a card without width)" in polled.reason
        assert isinstance(polled.surprise, ZeroDivisionError)
        assert stumbling.known() == [c.title for c in cards(20)]
        assert stumbling.store.lease_owners() == set()

    def test_it_needs_a_human_when_it_happens_again(self, stumbling: Watch) -> None:
        for _ in range(2):
            stumbling.later()

        (problem,) = stumbling.store.problems()
        assert (problem.subject, problem.needs_human) == (NEWS.id, True)

    def test_the_sources_behind_it_are_polled(self, stumbling: Watch) -> None:
        reports: dict[str, Polled] = {}
        run_round(stumbling.tools, stumbling.sources, lambda p: reports.update({p.source: p}))

        assert [p.outcome for p in reports.values()] == [Outcome.UNSUPPORTED, Outcome.OK]

    def test_nothing_is_lost_once_it_is_mended(self, stumbling: Watch) -> None:
        stumbling.later()
        stumbling.layout = layouts.get

        assert told(stumbling.later()) == [("added", "Titres de séjour")]

    def test_a_database_that_is_away_is_no_fault_of_the_page(self, read: Watch) -> None:
        read.show([NEWCOMER, *cards(20)])
        read.clock.time += HOUR
        with pytest.raises(StorageError):
            poll(read.tools, NEWS, Away(read.store))

        assert (read.state().outcome, read.state().failures) == (Outcome.OK, 0)
        assert read.store.lease_owners() == set()
        assert told(read.poll()) == [("added", "Titres de séjour")]

    def test_what_cannot_be_read_any_more_keeps_no_other_waiting(self, read: Watch) -> None:
        read.show([NEWCOMER, *cards(20)])
        read.clock.time += HOUR

        assert poll(read.tools, NEWS, Away(read.store, permanent=True)).outcome is Outcome.UNSUPPORTED


class Away(SqlStore):
    """A store that is away when a baseline is asked for."""

    def __init__(self, store: SqlStore, *, permanent: bool = False) -> None:
        super().__init__(store._engine)
        self._permanent = permanent

    def latest_snapshot(self, source: str) -> Snapshot | None:
        raise StorageError("Base : tenue verrouillée", permanent=self._permanent)


class Forgetful(SqlStore):
    """A store that dies just before it writes."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__(store._engine)

    def save(self, plan: PollPlan) -> bool:
        return True
