"""Feeds and calendars after what reviewers decided."""

from __future__ import annotations

import json
from datetime import date, timedelta

from lxml import etree

from notifiers.render.calendar import render_calendar
from notifiers.render.feeds import Format
from tests.fakes.alerts import BASE
from tests.fakes.following import REVIEWER, Following
from watcher.core.alerts import AlertState
from watcher.core.calendar import Calendar, Event, Status
from watcher.core.decisions import Action
from watcher.core.feed import Feed
from watcher.core.verdict import PartialDate

ATOM = {"a": "http://www.w3.org/2005/Atom"}
NOVEMBER = PartialDate("2026-11-01")


def ids(feed: Feed) -> list[str]:
    return [entry.id.rpartition("/")[2] for entry in feed.entries]


def only(calendar: Calendar) -> Event:
    (event,) = calendar.events
    return event


def test_a_verified_alert_enters_the_verified_stream_under_its_own_id(watch: Following) -> None:
    found = watch.find()
    before = watch.feed().entries[0]
    assert ids(watch.feed(verified_only=True)) == []

    watch.decide(Action.VERIFY, found)

    (after,) = watch.feed(verified_only=True).entries
    assert after.id == before.id
    assert after.updated == before.updated + timedelta(seconds=20)
    assert (after.published, after.reviewed, before.reviewed) == (before.published, True, False)
    assert "non vérifié" in before.title
    assert "non vérifié" not in after.title


def test_a_verification_that_is_taken_back_leaves_the_verified_stream(watch: Following) -> None:
    found = watch.find()
    watch.undo(watch.decide(Action.VERIFY, found))

    assert ids(watch.feed(verified_only=True)) == []
    assert watch.feed().entries[0].state is AlertState.UNVERIFIED


def test_an_alert_verified_long_after_many_others_came_is_in_the_verified_stream(watch: Following) -> None:
    old = watch.find()
    for number in range(1, 121):
        watch.world.pass_time(hours=12)
        watch.find(number, state=AlertState.VERIFIED)
    watch.decide(Action.VERIFY, old)

    for query in ("all", "prefecture:15", "motif:salarie"):
        assert ids(watch.feed(query, verified_only=True))[0] == old.id
        assert ids(watch.feed(query))[0] == old.id
    assert old.id not in ids(watch.feed("prefecture:69"))


def test_a_correction_refers_to_the_first_in_every_format(watch: Following) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    notice = watch.correct(found, effective_from=NOVEMBER).notice
    first = f"{BASE}/alerts/{found.id}"
    wrong = "(et non : à compter du 1er octobre 2026)"

    assert ids(watch.feed()) == sorted((notice, found.id), reverse=True)
    entry = next(
        e
        for e in etree.fromstring(watch.written(Format.ATOM)).iterfind("a:entry", ATOM)
        if notice in e[0].text
    )
    related = [link.get("href") for link in entry.iterfind("a:link[@rel='related']", ATOM)]
    assert related == [f"{BASE}/alerts/{notice}", first]
    assert entry.findtext("a:title", namespaces=ATOM).startswith("Cantal (15) – Rectificatif : ")
    content = entry.findtext("a:content", namespaces=ATOM)
    assert wrong in content
    assert f'<a href="{first}">' in content

    (item,) = [
        i for i in etree.fromstring(watch.written(Format.RSS)).iter("item") if notice in i.findtext("guid")
    ]
    assert first in etree.tostring(item).decode()
    assert item.findtext("link") == found.address

    told = {one["id"].rpartition("/")[2]: one for one in json.loads(watch.written(Format.JSON))["items"]}
    assert (told[notice]["_vigie"]["corrects"], told[notice]["_vigie"]["reviewed"]) == (first, True)
    assert told[found.id]["title"].startswith("Cantal (15) – Rectifié depuis : ")
    assert told[found.id]["_vigie"]["state"] == "corrected"


def test_the_verified_stream_hears_only_of_what_it_had_told(watch: Following) -> None:
    known, unknown = watch.find(state=AlertState.VERIFIED), watch.find(1)
    withdrawn = watch.decide(Action.RETRACT, known)
    watch.decide(Action.RETRACT, unknown)

    assert set(ids(watch.feed(verified_only=True))) == {known.id, withdrawn.notice}
    assert len(watch.feed().entries) == 4


def test_a_corrected_unverified_alert_is_new_to_the_verified_stream(watch: Following) -> None:
    notice = watch.correct(watch.find(), effective_from=NOVEMBER).notice

    assert ids(watch.feed(verified_only=True)) == [notice]


def test_a_corrected_date_moves_the_event_that_calendars_have(watch: Following) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    before = only(watch.calendar())
    watch.correct(found, effective_from=NOVEMBER)
    after = only(watch.calendar(verified_only=True))

    assert after.uid == before.uid
    assert after.sequence > before.sequence
    assert (before.first, after.first) == (date(2026, 10, 1), date(2026, 11, 1))
    assert after.status is Status.CONFIRMED
    assert "et non : à compter du 1er octobre 2026" in after.description


def test_a_date_that_was_not_said_is_cancelled(watch: Following) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    before = only(watch.calendar())
    watch.correct(found, effective_from=None)
    after = only(watch.calendar())

    assert (after.uid, after.first, after.status) == (before.uid, before.first, Status.CANCELLED)
    assert after.sequence > before.sequence


def test_a_retracted_date_is_cancelled_once_under_the_id_of_the_first(watch: Following) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    before = only(watch.calendar())
    retraction = watch.decide(Action.RETRACT, found)
    cancelled = only(watch.calendar(verified_only=True))
    watch.undo(retraction)
    again = only(watch.calendar(verified_only=True))

    assert before.uid == cancelled.uid == again.uid
    assert before.sequence < cancelled.sequence < again.sequence
    assert (cancelled.status, again.status) == (Status.CANCELLED, Status.CONFIRMED)
    assert "Ne vous y fiez pas" in cancelled.description
    assert "elle vaut de nouveau" in again.description
    assert render_calendar(watch.calendar()).count(b"BEGIN:VEVENT") == 1


def test_where_an_alert_did_not_belong_its_date_is_cancelled(watch: Following) -> None:
    """Its category was wrong: the calendar of the wrong one loses it, that of the right one gains it."""
    found = watch.find(state=AlertState.VERIFIED)
    uid = only(watch.calendar("category:rdv_modality")).uid
    watch.correct(found, categories=("fee",))

    assert only(watch.calendar("category:rdv_modality")).status is Status.CANCELLED
    assert (only(watch.calendar("category:fee")).uid, only(watch.calendar("category:rdv_modality")).uid) == (
        uid,
        uid,
    )
    assert only(watch.calendar("category:fee")).status is Status.CONFIRMED


def test_feeds_and_calendars_do_not_say_who_decided(watch: Following) -> None:
    watch.correct(watch.find(), effective_from=NOVEMBER)
    documents = [watch.written(form) for form in Format] + [render_calendar(watch.calendar())]

    assert not any(REVIEWER.encode() in one for one in documents)
