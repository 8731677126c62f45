"""How what is due becomes messages: together, once, in the morning for those who asked so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import HOUR, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.alerts import AlertState
from watcher.core.digests import period
from watcher.core.outbox import DeliveryState, Message, MessageKind, Settlement
from watcher.core.subscriptions import Cadence, Choices, EndReason, Way

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 9, 10, 12, tzinfo=PARIS).astimezone(UTC)  # a Thursday
SEVEN = datetime(2026, 9, 11, 7, tzinfo=PARIS).astimezone(UTC)
DAY = timedelta(days=1)


class Press:
    """Publishes alerts, one poll each."""

    def __init__(self, store: SqlStore) -> None:
        self._store, self._polls = store, 0
        store.register([source()], NOON)
        store.save(first_reading())

    def publish(self, *names: str, at: datetime = NOON, state: AlertState = AlertState.VERIFIED) -> None:
        self._polls += 1
        told = tuple(alert(name, detected_at=at, state=state) for name in names)
        assert self._store.save(news(f"poll {self._polls}", baseline=self._polls, alerts=told))


@pytest.fixture
def press(store: SqlStore) -> Press:
    return Press(store)


def titles(message: Message) -> list[str]:
    return [name.rpartition("-")[2] for name in message.alerts]


def settled(
    outbox: SqlOutbox, state: DeliveryState, *, at: datetime, ambiguous: int = 0, poisoned: int = 0
) -> list[str]:
    """Claim whatever is due; every attempt ends in this state."""
    claimed = outbox.claim_messages(Way.MAIL, "me", at, at + HOUR, 500)
    for one in claimed:
        due = at if state is DeliveryState.ACCEPTED else at + HOUR
        outbox.settle(one.message.id, Settlement(state, due, 1, ambiguous, poisoned, "450"), at)
    return [one.message.id for one in claimed]


def compose(outbox: SqlOutbox, at: datetime, way: Way = Way.MAIL) -> int:
    made = outbox.compose(at, way, 500)
    assert outbox.compose(at, way, 500) == 0, "nothing is made twice"
    return made


class TestAtOnce:
    def test_all_that_is_due_for_somebody_is_one_mail_the_oldest_alert_first(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, subscriber())
        press.publish("c", at=NOON)
        press.publish("b", "a", at=NOON - HOUR)

        assert compose(outbox, NOON) == 1
        (message,) = outbox.messages()
        assert titles(message) == ["a", "b", "c"]
        assert (message.kind, message.about, message.sequence) == (MessageKind.ALERTS, "s", 1)
        assert (message.created_at, message.due_at) == (NOON, NOON - HOUR)

    @pytest.mark.parametrize("way", [Way.WEBHOOK, Way.CHAT])
    def test_a_program_gets_a_message_for_each_alert_and_at_once(
        self, store: SqlStore, outbox: SqlOutbox, press: Press, way: Way
    ) -> None:
        subscribe(store, subscriber(way=way, cadence=Cadence.DAILY))
        press.publish("a", "b")
        assert outbox.compose(NOON, Way.MAIL, 500) == 0
        assert compose(outbox, NOON, way) == 2
        press.publish("c", at=NOON + HOUR)
        assert compose(outbox, NOON + HOUR, way) == 1

        numbered = sorted((m.sequence, titles(m)) for m in outbox.messages())
        assert numbered == [(1, ["a"]), (2, ["b"]), (3, ["c"])]

    def test_a_mail_that_never_left_takes_in_what_comes_later(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        """The mail server is away for a day: on its return each person gets one mail."""
        subscribe(store, subscriber("a"), subscriber("b"))
        for hour in range(24):
            now = NOON + hour * HOUR
            press.publish(f"n{hour:02}", at=now)
            assert compose(outbox, now) == 2
            first = settled(outbox, DeliveryState.DEFERRED, at=now)
            outbox.keep_content(f"c{hour}", b"...", first)

        settled(outbox, DeliveryState.ACCEPTED, at=NOON + DAY)

        messages = outbox.messages(state=DeliveryState.ACCEPTED)
        assert sorted(m.about for m in messages) == ["a", "b"]
        assert {tuple(titles(m)) for m in messages} == {tuple(f"n{n:02}" for n in range(24))}

    def test_a_mail_that_grew_keeps_its_id_and_is_rendered_anew(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, subscriber())
        press.publish("a")
        compose(outbox, NOON)
        (name,) = settled(outbox, DeliveryState.DEFERRED, at=NOON)
        outbox.keep_content("old", b"a", [name])
        press.publish("b", at=NOON + HOUR)

        assert compose(outbox, NOON + HOUR) == 1

        (message,) = outbox.messages()
        assert (message.id, message.content, message.sequence) == (name, None, 1)
        assert titles(message) == ["a", "b"]

    @pytest.mark.parametrize(
        ("state", "ambiguous", "poisoned"),
        [
            (DeliveryState.ACCEPTED, 0, 0),
            (DeliveryState.AMBIGUOUS, 1, 0),
            (DeliveryState.DEFERRED, 1, 0),
            (DeliveryState.DEFERRED, 0, 1),
            (DeliveryState.SHUNTED, 0, 3),
            (DeliveryState.EXPIRED, 0, 0),
        ],
    )
    def test_a_mail_that_may_have_left_or_made_us_stumble_stays_as_it_is(
        self,
        store: SqlStore,
        outbox: SqlOutbox,
        press: Press,
        state: DeliveryState,
        ambiguous: int,
        poisoned: int,
    ) -> None:
        subscribe(store, subscriber())
        press.publish("a")
        compose(outbox, NOON)
        settled(outbox, state, at=NOON, ambiguous=ambiguous, poisoned=poisoned)
        press.publish("b")

        assert compose(outbox, NOON) == 1
        assert sorted(map(titles, outbox.messages())) == [["a"], ["b"]]

    def test_a_mail_that_is_being_sent_stays_as_it_is(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, subscriber())
        press.publish("a")
        compose(outbox, NOON)
        outbox.claim_messages(Way.MAIL, "me", NOON, NOON + HOUR, 1)
        press.publish("b")

        assert compose(outbox, NOON) == 1
        assert len(outbox.messages()) == 2

    def test_what_is_new_does_not_join_what_is_about_to_be_given_up(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, subscriber())
        press.publish("a")
        compose(outbox, NOON)
        press.publish("b", at=NOON + 4 * DAY)

        assert compose(outbox, NOON + 4 * DAY) == 1
        assert len(outbox.messages()) == 2

    def test_an_alert_that_was_retracted_before_it_left_is_not_dropped_silently(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, subscriber())
        press.publish("a", state=AlertState.RETRACTED)

        assert compose(outbox, NOON) == 1

    def test_a_limit_is_kept_and_the_rest_comes_next(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, *(subscriber(f"s{n}") for n in range(7)))
        press.publish("a", "b")

        assert [outbox.compose(NOON, Way.MAIL, 3) for _ in range(4)] == [3, 3, 1, 0]
        assert {tuple(titles(m)) for m in outbox.messages()} == {("a", "b")}

    def test_who_left_gets_no_message_and_what_was_promised_is_not_lost(
        self, store: SqlStore, outbox: SqlOutbox, subscribers: SqlSubscriptions, press: Press
    ) -> None:
        subscribe(store, subscriber("gone"), subscriber("stays"))
        press.publish("a", "b")
        subscribers.end("gone", EndReason.UNSUBSCRIBED, NOON)

        assert compose(outbox, NOON) == 1

        states = {(d.subscription, d.state) for d in outbox.deliveries()}
        assert states == {("gone", DeliveryState.EXPIRED), ("stays", DeliveryState.QUEUED)}
        assert settled(outbox, DeliveryState.ACCEPTED, at=NOON) == [
            m.id for m in outbox.messages() if m.about == "stays"
        ]

    def test_what_a_clock_that_ran_ahead_promised_for_years_later_is_due(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(store, subscriber("d", cadence=Cadence.DAILY), subscriber("n"))
        press.publish("a", at=NOON + 3650 * DAY)

        assert compose(outbox, NOON) == 2


class TestDigests:
    @pytest.fixture(autouse=True)
    def reader(self, store: SqlStore) -> None:
        subscribe(store, subscriber("d", cadence=Cadence.DAILY))

    def test_what_happened_in_a_day_is_told_the_next_morning(self, outbox: SqlOutbox, press: Press) -> None:
        press.publish("a")
        press.publish("b", at=SEVEN - timedelta(microseconds=1))
        press.publish("c", at=SEVEN)

        assert compose(outbox, SEVEN - timedelta(microseconds=1)) == 0
        assert compose(outbox, SEVEN) == 1

        (message,) = outbox.messages()
        assert (message.kind, message.run) == (MessageKind.DIGEST, "daily:Europe/Paris:2026-09-11")
        assert titles(message) == ["a", "b"]
        window = period(message.run or "")
        assert (window.starts_at, window.ends_at) == (SEVEN - DAY, SEVEN)

    def test_a_day_on_which_nothing_happened_has_no_digest(self, outbox: SqlOutbox, press: Press) -> None:
        press.publish("a")
        for day in range(5):
            compose(outbox, SEVEN + day * DAY)

        assert [m.run for m in outbox.messages()] == ["daily:Europe/Paris:2026-09-11"]

    def test_each_reader_has_their_own_morning_and_rhythm(
        self, store: SqlStore, outbox: SqlOutbox, press: Press
    ) -> None:
        subscribe(
            store,
            subscriber("réunion", cadence=Cadence.DAILY, zone="Indian/Reunion"),
            subscriber("tahiti", cadence=Cadence.DAILY, zone="Pacific/Tahiti"),
            subscriber("monday", cadence=Cadence.WEEKLY),
        )
        press.publish("a")
        due = {}
        for hour in range(24 * 7):
            compose(outbox, NOON + hour * HOUR)
            due |= {m.about: hour for m in outbox.messages() if m.about not in due}

        assert due == {"tahiti": 7, "réunion": 17, "d": 19, "monday": 91}

    def test_a_morning_that_was_missed_is_caught_up_within_the_day(
        self, outbox: SqlOutbox, press: Press
    ) -> None:
        press.publish("a")
        compose(outbox, SEVEN + 15 * HOUR)

        (message,) = outbox.messages()
        assert message.run == "daily:Europe/Paris:2026-09-11"

    def test_several_mornings_that_were_missed_are_one_mail(self, outbox: SqlOutbox, press: Press) -> None:
        for day in range(3):
            press.publish(f"n{day}", at=NOON + day * DAY)
        compose(outbox, SEVEN + 3 * DAY + HOUR)

        (message,) = outbox.messages()
        assert titles(message) == ["n0", "n1", "n2"]
        assert message.run == "daily:Europe/Paris:2026-09-14"

    def test_a_digest_that_never_left_grows_into_the_next(self, outbox: SqlOutbox, press: Press) -> None:
        press.publish("a")
        compose(outbox, SEVEN)
        settled(outbox, DeliveryState.DEFERRED, at=SEVEN)
        press.publish("b", at=SEVEN + HOUR)
        compose(outbox, SEVEN + DAY)

        (message,) = outbox.messages()
        assert (titles(message), message.run) == (["a", "b"], "daily:Europe/Paris:2026-09-12")

        settled(outbox, DeliveryState.ACCEPTED, at=SEVEN + DAY)
        press.publish("c", at=SEVEN)  # found late, and due a morning ago
        assert compose(outbox, SEVEN + DAY + HOUR) == 0, "today's has left"
        assert compose(outbox, SEVEN + 2 * DAY) == 1

    def test_nobody_gets_two_digests_on_one_day_and_nothing_is_lost(
        self, outbox: SqlOutbox, press: Press
    ) -> None:
        press.publish("a")
        compose(outbox, SEVEN)
        settled(outbox, DeliveryState.ACCEPTED, at=SEVEN)
        press.publish("late", at=NOON)  # of yesterday

        assert compose(outbox, SEVEN + HOUR) == 0
        assert compose(outbox, SEVEN + DAY) == 1
        assert [titles(m) for m in outbox.messages()] == [["late"], ["a"]]

    @pytest.mark.parametrize("jump", [-DAY, -HOUR, HOUR, -5 * DAY], ids=["-1 d", "-1 h", "+1 h", "-5 d"])
    def test_a_clock_that_jumps_doubles_no_digest(
        self, outbox: SqlOutbox, press: Press, jump: timedelta
    ) -> None:
        press.publish("a")
        compose(outbox, SEVEN)
        settled(outbox, DeliveryState.ACCEPTED, at=SEVEN)
        for hour in range(1, 24 * 8):
            now = SEVEN + jump + hour * HOUR
            press.publish(f"n{hour}", at=now)
            outbox.compose(now, Way.MAIL, 500)
            settled(outbox, DeliveryState.ACCEPTED, at=now)

        runs = [m.run for m in outbox.messages()]
        assert len(runs) == len(set(runs))
        told = [title for m in outbox.messages() for title in titles(m)]
        assert len(told) == len(set(told))
        assert {f"n{hour}" for hour in range(1, 24 * 6)} <= set(told), "and nothing is lost"

    @pytest.mark.parametrize(
        "change", [datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC)]
    )
    def test_the_days_of_a_clock_change_have_one_digest_each(
        self, outbox: SqlOutbox, press: Press, change: datetime
    ) -> None:
        now = change - 2 * DAY
        for minutes in range(0, 4 * 24 * 60, 30):
            now = change - 2 * DAY + timedelta(minutes=minutes)
            if minutes % 240 == 0:
                press.publish(f"n{minutes:04}", at=now)
            outbox.compose(now, Way.MAIL, 500)
            settled(outbox, DeliveryState.ACCEPTED, at=now)

        days = sorted((m.run or "").rpartition(":")[2] for m in outbox.messages())
        first = (change - 2 * DAY).date()
        assert days == [(first + n * DAY).isoformat() for n in range(4)]

    def test_who_wants_to_be_told_at_once_from_now_on_still_gets_what_was_promised(
        self, outbox: SqlOutbox, subscribers: SqlSubscriptions, press: Press
    ) -> None:
        press.publish("a")
        subscribers.choose("d", Choices(cadence=Cadence.NOW), NOON)
        press.publish("b")

        compose(outbox, NOON)
        compose(outbox, SEVEN)

        assert sorted(m.kind for m in outbox.messages()) == [MessageKind.ALERTS]
        assert titles(outbox.messages()[0]) == ["b", "a"]
