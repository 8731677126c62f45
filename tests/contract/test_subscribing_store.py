"""From an address that somebody typed to a subscription, and to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from sqlalchemy import Engine, text

from storage.engine import reading
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import HOUR, NOW, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import Claimed, DeliveryState, MessageKind, Settlement
from watcher.core.signups import rule, rule_management
from watcher.core.subscriptions import (
    AddressHistory,
    Cadence,
    Choices,
    EndReason,
    Interest,
    Recipient,
    Signup,
    SignupRuling,
    Way,
)

DAY = timedelta(days=1)
RHONE = Choices(Interest(prefectures=frozenset({"69"})), Cadence.DAILY, "en", "Indian/Reunion", neutral=True)


def typed(name: str = "1", address: str = "a", *, at: datetime = NOW, way: Way = Way.MAIL) -> Signup:
    return Signup(name, way, sealed(address, name), Choices(), at, "2026-09")


def sealed(address: str, owner: str) -> Recipient:
    return Recipient(f"\0{address} for {owner}".encode(), f"index {address}", f"mailbox {address[0]}")


def allow(signup: Signup, history: AddressHistory, booked: int) -> SignupRuling:
    return SignupRuling(allowed=True, history=AddressHistory((NOW,)), due_at=NOW)


def judge(subscribers: SqlSubscriptions, at: datetime = NOW) -> int:
    return subscribers.judge_signups(at, lambda *asked: rule(at, *asked), 500)


def letters(outbox: SqlOutbox, at: datetime = NOW) -> list[Claimed]:
    return list(outbox.claim_messages(Way.MAIL, "me", at, at + HOUR, 500))


def mailed(subscribers: SqlSubscriptions, signup: Signup) -> Signup:
    subscribers.ask(signup)
    assert subscribers.judge_signups(signup.asked_at, allow, 500) == 1
    return signup


class TestSigningUp:
    def test_an_address_that_was_typed_is_asked_once(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        subscribers.ask(typed())
        assert subscribers.signup("1") is None, "nobody was asked yet"
        assert letters(outbox) == []

        assert [judge(subscribers), judge(subscribers)] == [1, 0]

        assert subscribers.signup("1") == typed()
        (letter,) = letters(outbox)
        assert (letter.message.kind, letter.message.about) == (MessageKind.CONFIRMATION, "1")
        assert (letter.subscription.id, letter.subscription.recipient) == ("1", typed().recipient)
        assert not outbox.settle(letter.message.id, Settlement(DeliveryState.ACCEPTED, NOW, 1, 0, 0, ""), NOW)
        assert letters(outbox, NOW + 9 * DAY) == []

    def test_a_web_hook_is_challenged(self, subscribers: SqlSubscriptions, outbox: SqlOutbox) -> None:
        mailed(subscribers, typed(way=Way.WEBHOOK))

        (asked,) = outbox.claim_messages(Way.WEBHOOK, "me", NOW, NOW + HOUR, 5)
        assert asked.message.kind is MessageKind.CHALLENGE

    def test_an_address_that_is_typed_over_and_over_gets_three_letters_and_silence(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        for n in range(40):
            subscribers.ask(typed(f"{n:03}", at=NOW + n * timedelta(minutes=5)))
            judge(subscribers, NOW + n * timedelta(minutes=5))

        assert len(letters(outbox, NOW + 2 * DAY)) == 3
        history = subscribers.history("mailbox a", NOW + DAY)
        assert history.silent_until == NOW + timedelta(minutes=20, days=7)

    def test_sign_ups_are_decided_oldest_first_and_no_more_than_asked(
        self, subscribers: SqlSubscriptions
    ) -> None:
        seen: list[tuple[str, int]] = []

        def note(signup: Signup, history: AddressHistory, booked: int) -> SignupRuling:
            seen.append((signup.id, booked))
            return allow(signup, history, booked)

        for hours, name in enumerate("cab"):
            subscribers.ask(typed(name, name, at=NOW - (9 - hours) * HOUR))
        assert subscribers.judge_signups(NOW, note, 2) == 2
        assert subscribers.judge_signups(NOW + HOUR / 2, note, 2) == 1
        subscribers.ask(typed("d", "d"))
        subscribers.judge_signups(NOW + HOUR, note, 2)

        assert seen == [("c", 0), ("a", 1), ("b", 2), ("d", 0)]

    def test_a_letter_may_have_to_wait_for_its_hour(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        subscribers.ask(typed())
        subscribers.judge_signups(NOW, lambda _, history, __: SignupRuling(True, history, NOW + HOUR), 9)

        assert letters(outbox) == []
        assert len(letters(outbox, NOW + HOUR)) == 1

    def test_whoever_is_not_asked_is_forgotten_at_once(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox, engine: Engine
    ) -> None:
        subscribers.suppress("mailbox a", EndReason.NEVER, NOW)
        subscribers.ask(typed())
        judge(subscribers)

        assert letters(outbox) == []
        assert subscribers.signup("1") is None
        assert "index a" not in everything(engine)

    def test_never_again_stops_the_letters_that_wait_too(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        mailed(subscribers, typed("1", "a"))
        mailed(subscribers, typed("2", "b"))
        (claimed, *_) = outbox.claim_messages(Way.MAIL, "me", NOW, NOW + HOUR, 1)
        mine = claimed.message.about == "1"

        subscribers.suppress("mailbox a", EndReason.NEVER, NOW)
        subscribers.suppress("mailbox a", EndReason.COMPLAINED, NOW + HOUR)

        assert outbox.wanted(claimed.message.id) is not mine
        assert subscribers.confirm("1", "s", NOW) is None
        assert subscribers.history("mailbox a", NOW).suppressed
        assert not subscribers.history("mailbox b", NOW).suppressed

    def test_a_zone_that_does_not_exist_is_refused_where_it_is_written(
        self, subscribers: SqlSubscriptions
    ) -> None:
        with pytest.raises(ZoneInfoNotFoundError):
            subscribers.ask(replace(typed(), choices=Choices(zone="Europe/Lutèce")))


class TestConfirming:
    def test_the_owner_who_agrees_becomes_a_subscriber(self, subscribers: SqlSubscriptions) -> None:
        mailed(subscribers, replace(typed(), choices=RHONE))
        subscribers.reseal("1", sealed("a", "s"))

        new = subscribers.confirm("1", "s", NOW + HOUR)

        assert new is not None
        assert (new.id, new.recipient, new.choices) == ("s", sealed("a", "s"), RHONE)
        assert (new.confirmed_at, new.asked_at, new.consent) == (NOW + HOUR, NOW, "2026-09")
        assert subscribers.subscription("s") == subscribers.find_subscription("index a") == new
        assert subscribers.subscriptions() == [new]

    def test_a_link_is_good_for_once(self, subscribers: SqlSubscriptions, engine: Engine) -> None:
        mailed(subscribers, typed())
        assert subscribers.confirm("1", "s", NOW)

        assert subscribers.confirm("1", "t", NOW) is None
        assert subscribers.confirm("nothing", "t", NOW) is None
        assert subscribers.signup("1") is None
        assert everything(engine).count("index a") == 1, "the subscription's alone"

    def test_what_nobody_was_asked_cannot_be_confirmed(self, subscribers: SqlSubscriptions) -> None:
        subscribers.ask(typed())

        assert subscribers.confirm("1", "s", NOW) is None

    def test_a_known_address_gives_its_subscription_the_new_choices(
        self, subscribers: SqlSubscriptions
    ) -> None:
        mailed(subscribers, typed("1"))
        subscribers.confirm("1", "s", NOW)
        mailed(subscribers, replace(typed("2", at=NOW + DAY), choices=RHONE, consent="2026-10"))

        renewed = subscribers.confirm("2", "t", NOW + DAY)

        assert renewed is not None
        assert (renewed.id, renewed.choices, renewed.consent) == ("s", RHONE, "2026-10")
        assert (renewed.confirmed_at, renewed.recipient) == (NOW + DAY, typed("1").recipient)
        assert subscribers.subscriptions() == [renewed]
        assert subscribers.subscription("t") is None

    def test_one_address_may_be_told_by_two_ways(self, subscribers: SqlSubscriptions) -> None:
        for way in (Way.MAIL, Way.CHAT):
            mailed(subscribers, typed(way, way=way))
            subscribers.confirm(way, f"s {way}", NOW)

        assert {one.id for one in subscribers.subscriptions()} == {"s mail", "s chat"}

    def test_it_is_counted_what_is_wanted_and_some_are_shown(self, subscribers: SqlSubscriptions) -> None:
        for name, way, wanted in (
            ("d", Way.MAIL, RHONE),
            ("b", Way.MAIL, RHONE),
            ("c", Way.MAIL, Choices()),
            ("a", Way.CHAT, RHONE),
            ("e", Way.MAIL, RHONE),
        ):
            mailed(subscribers, replace(typed(name, address=name, way=way), choices=wanted))
            subscribers.confirm(name, name, NOW)
        subscribers.end("e", EndReason.UNSUBSCRIBED, NOW)

        assert subscribers.wishes(Way.MAIL) == {RHONE: 2, Choices(): 1}
        assert [one.id for one in subscribers.some_subscriptions(3)] == ["a", "b", "c"]

    def test_who_left_may_come_back(self, subscribers: SqlSubscriptions) -> None:
        mailed(subscribers, typed("1"))
        subscribers.confirm("1", "s", NOW)
        subscribers.end("s", EndReason.UNSUBSCRIBED, NOW)
        mailed(subscribers, typed("2"))

        assert subscribers.confirm("2", "t", NOW)
        assert [one.id for one in subscribers.subscriptions()] == ["t"]
        assert {one.id for one in subscribers.subscriptions(ended=True)} == {"s", "t"}

    def test_choices_change_while_it_lasts(self, store: SqlStore, subscribers: SqlSubscriptions) -> None:
        subscribe(store, subscriber())

        assert subscribers.choose("s", RHONE, NOW)
        assert subscribers.subscription("s") == replace(subscriber(), choices=RHONE)
        subscribers.end("s", EndReason.UNSUBSCRIBED, NOW)
        assert not subscribers.choose("s", RHONE, NOW)
        assert not subscribers.choose("nobody", RHONE, NOW)


class TestManaging:
    def test_a_letter_to_the_owner_is_queued_as_far_as_the_rule_allows(
        self, store: SqlStore, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        subscribe(store, subscriber())
        for minutes in range(0, 60, 2):
            at = NOW + timedelta(minutes=minutes)
            subscribers.ask_management("s", at, lambda history, at=at: rule_management(at, history))
        subscribers.ask_management("nobody", NOW, lambda history: rule_management(NOW, history))

        sent = letters(outbox, NOW + HOUR)

        assert len(sent) == 3
        assert {(one.message.kind, one.subscription.id) for one in sent} == {(MessageKind.MANAGEMENT, "s")}

    def test_who_left_gets_none(
        self, store: SqlStore, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        subscribe(store, subscriber())
        subscribers.end("s", EndReason.UNSUBSCRIBED, NOW)
        subscribers.ask_management("s", NOW, lambda history: rule_management(NOW, history))

        assert letters(outbox) == []


class TestTheEnd:
    @pytest.fixture
    def left(self, store: SqlStore, subscribers: SqlSubscriptions) -> SqlSubscriptions:
        store.register([source()], NOW)
        store.save(first_reading())
        subscribe(store, subscriber("s", recipient=sealed("a", "s"), cadence=Cadence.DAILY, language="en"))
        store.save(news("x"))
        mailed(subscribers, typed("again"))
        subscribers.note_bounce("s", "2026-09-10")
        assert subscribers.end("s", EndReason.ONE_CLICK, NOW + HOUR)
        return subscribers

    def test_nothing_is_left_of_whose_it_was_and_what_they_chose(
        self, left: SqlSubscriptions, engine: Engine
    ) -> None:
        ended = left.subscription("s")

        assert ended is not None
        assert ended.recipient.erased
        assert (ended.recipient, ended.choices) == (Recipient(b"", "", ""), Choices())
        kept = everything(engine)
        assert not [word for word in ("a for", "index a", '"en"') if word in kept]

    def test_that_there_was_one_and_why_it_ended_is_kept(self, left: SqlSubscriptions) -> None:
        ended = left.subscription("s")

        assert ended is not None
        assert (ended.ended_at, ended.ended_reason) == (NOW + HOUR, EndReason.ONE_CLICK)
        assert (ended.active, ended.consent, ended.confirmed_at) == (False, "2026-09", NOW)
        assert left.find_subscription("index a") is None

    def test_it_ends_once(self, left: SqlSubscriptions) -> None:
        assert not left.end("s", EndReason.BOUNCED, NOW + DAY)
        assert not left.end("nobody", EndReason.BOUNCED, NOW + DAY)
        ended = left.subscription("s")
        assert ended is not None
        assert ended.ended_reason is EndReason.ONE_CLICK

    def test_nothing_more_is_sent(self, left: SqlSubscriptions, outbox: SqlOutbox) -> None:
        assert outbox.compose(NOW + 2 * DAY, Way.MAIL, 500) == 0
        assert letters(outbox, NOW + 2 * DAY) == []
        assert {m.state for m in outbox.messages()} == {DeliveryState.EXPIRED}
        assert [d.state for d in outbox.deliveries()] == [DeliveryState.EXPIRED]

    def test_nothing_new_is_promised(
        self, left: SqlSubscriptions, store: SqlStore, outbox: SqlOutbox
    ) -> None:
        store.save(news("y", baseline=2))

        assert len(outbox.deliveries()) == 1

    def test_an_erased_address_leaves_the_file(
        self, request: pytest.FixtureRequest, database_url: str, engine: Engine, left: SqlSubscriptions
    ) -> None:
        if not database_url.startswith("sqlite"):
            pytest.skip("PostgreSQL overwrites when it is vacuumed")
        with engine.connect().execution_options(reads=True) as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        path = Path(engine.url.database or "")

        assert b"a for s" not in path.read_bytes()


class TestBounces:
    def test_days_are_counted_and_forgotten(self, store: SqlStore, subscribers: SqlSubscriptions) -> None:
        """After two months, and by what is kept for a while only."""
        subscribe(store, subscriber(), subscriber("t"))
        days = ["2026-09-10", "2026-09-10", "2026-09-11", "2026-09-13"]

        assert [subscribers.note_bounce("s", day) for day in days] == [1, 1, 2, 3]
        assert subscribers.note_bounce("t", "2026-09-10") == 1
        assert subscribers.note_bounce("s", "2026-11-10") == 2
        subscribers.erase_expired(datetime(2027, 1, 9, 12, tzinfo=UTC))
        assert subscribers.note_bounce("s", "2027-01-09") == 1

    def test_whoever_could_be_reached_since_begins_anew(
        self, store: SqlStore, outbox: SqlOutbox, subscribers: SqlSubscriptions
    ) -> None:
        store.register([source()], NOW)
        store.save(first_reading())
        subscribe(store, subscriber("s"), subscriber("t"))
        store.save(news("x"))
        for name in ("s", "t"):
            assert [subscribers.note_bounce(name, day) for day in ("2026-09-08", "2026-09-09")] == [1, 2]
        outbox.compose(NOW, Way.MAIL, 500)
        taken = Settlement(DeliveryState.ACCEPTED, NOW, 1, 0, 0, "250")
        for one in outbox.claim_messages(Way.MAIL, "me", NOW, NOW + HOUR, 500):
            outbox.settle(one.message.id, taken, NOW)

        assert subscribers.note_bounce("s", "2026-09-16") == 1
        assert subscribers.note_bounce("t", "2026-09-12") == 3  # it was taken, and came back

    def test_whoever_is_not_there_cannot_bounce(self, store: SqlStore, subscribers: SqlSubscriptions) -> None:
        subscribe(store, subscriber())
        subscribers.end("s", EndReason.BOUNCED, NOW)

        assert [subscribers.note_bounce(name, "2026-09-10") for name in ("s", "nobody")] == [0, 0]


class TestForgetting:
    def test_what_nobody_confirmed_is_erased_when_its_link_is_dead(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox, engine: Engine
    ) -> None:
        mailed(subscribers, typed())
        (letter,) = letters(outbox)
        sent = NOW + 3 * DAY  # the mail server was away
        outbox.settle(letter.message.id, Settlement(DeliveryState.ACCEPTED, sent, 9, 0, 0, "250"), sent)

        subscribers.erase_expired(sent + 2 * DAY - HOUR)
        assert subscribers.signup("1")
        subscribers.erase_expired(sent + 2 * DAY)
        assert subscribers.signup("1") is None
        assert "index a" not in everything(engine)

    def test_what_could_never_be_sent_is_not_kept_for_ever(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox, engine: Engine
    ) -> None:
        mailed(subscribers, typed())
        subscribers.erase_expired(NOW + 29 * DAY)
        assert subscribers.signup("1")

        subscribers.erase_expired(NOW + 30 * DAY)

        assert "index a" not in everything(engine)
        assert letters(outbox, NOW + 30 * DAY) == []

    def test_what_is_not_decided_yet_is_kept(self, subscribers: SqlSubscriptions) -> None:
        subscribers.ask(typed())
        subscribers.erase_expired(NOW + 3 * DAY)

        assert judge(subscribers, NOW + 3 * DAY) == 1

    def test_sign_ups_of_an_address_are_listed_and_erased_together(
        self, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        mailed(subscribers, typed("1"))
        mailed(subscribers, typed("2", "b"))
        subscribers.ask(typed("3", at=NOW + HOUR))
        assert subscribers.signups("index a") == [typed("1"), typed("3", at=NOW + HOUR)]

        subscribers.forget_signups("index a")

        assert subscribers.signups("index a") == []
        assert [one.message.about for one in letters(outbox)] == ["2"]

    def test_a_mailbox_is_forgotten_when_nothing_counts_any_more(
        self, subscribers: SqlSubscriptions, store: SqlStore
    ) -> None:
        for n in range(3):
            subscribers.ask(typed(f"{n}", at=NOW + n * HOUR))
            judge(subscribers, NOW + n * HOUR)
        end = NOW + 2 * HOUR + 7 * DAY
        assert subscribers.history("mailbox a", NOW + 3 * DAY).mailed_at == ()

        subscribers.erase_expired(end - HOUR)
        assert subscribers.history("mailbox a", end - HOUR).silent_until == end
        subscribers.erase_expired(end)
        assert subscribers.history("mailbox a", NOW) == AddressHistory()
        assert store.sizes()["address_histories"] == 0

    def test_a_content_is_kept_while_its_message_may_be_sent_again(
        self, store: SqlStore, subscribers: SqlSubscriptions, outbox: SqlOutbox
    ) -> None:
        store.register([source()], NOW)
        store.save(first_reading())
        subscribe(store, subscriber("a"), subscriber("b"))
        store.save(news("x"))
        outbox.compose(NOW, Way.MAIL, 500)
        first, second = letters(outbox)
        outbox.keep_content("one", b"1", [first.message.id])
        outbox.keep_content("two", b"2", [second.message.id])
        outbox.settle(first.message.id, Settlement(DeliveryState.SHUNTED, NOW, 1, 0, 3, ""), NOW)

        subscribers.erase_expired(NOW + 29 * DAY)
        assert (outbox.content("one"), outbox.content("two")) == (b"1", b"2")
        subscribers.erase_expired(NOW + 31 * DAY)
        assert (outbox.content("one"), outbox.content("two")) == (None, b"2")

        assert outbox.replay(first.message.id, NOW + 31 * DAY)
        again = {m.id: m.content for m in outbox.messages()}
        assert again[first.message.id] is None, "to be rendered anew"


def everything(engine: Engine) -> str:
    """All rows that hold anything of a person."""
    with reading(engine) as connection:
        rows = [
            connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
            for table in ("signups", "subscriptions", "messages", "deliveries", "bounces", "contents")
        ]
    return str(rows).replace("\\\\", "\\")
