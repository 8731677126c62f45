"""What people confirmed at the desk grows the labelled announcements, in their own format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from tests.fakes.alerts import SEEN, VOCABULARY, StillClock, alert
from tests.fakes.desk import MemoryDesk
from tests.fakes.plans import change
from tests.fakes.store import MemoryStore
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.decisions import Action, MuteWish, Order
from watcher.core.edits import edits_of
from watcher.core.verdict import Notice, PartialDate
from watcher.labelled import exported, labelled
from watcher.review import Review

OWN = Path(__file__).resolve().parents[1] / "announcements" / "own.jsonl"
GIVEN = alert(1, state=AlertState.UNVERIFIED, title="Prise de rendez-vous en ligne")
TEXT = Notice("Prise de rendez-vous en ligne", "À compter du 1er octobre 2025…", "15", date(2025, 9, 10))


class Desk:
    def __init__(self, *alerts: Alert, text: Notice | None = TEXT) -> None:
        self.kept = MemoryDesk()
        self.kept.give(*alerts)
        for one in alerts if text else ():
            self.kept.texts[one.id] = (change(), replace(text or TEXT, prefecture=one.prefecture))
        store, clock = MemoryStore(list(alerts)), StillClock(SEEN + timedelta(days=1))
        self.review = Review(self.kept, store.alerts, lambda alerts: (), clock, VOCABULARY)

    def do(self, action: Action, about: Alert = GIVEN, **said: object) -> int:
        case = self.review.case(about.id)
        assert case
        outcome = self.review.decide(Order(action, (about.id,), case.version, "ada", **said))  # type: ignore[arg-type]
        return outcome.decisions[0].number  # type: ignore[union-attr]

    def rows(self) -> Sequence[dict[str, object]]:
        return [dict(row) for row in exported(self.review.labels())[0]]


def test_a_verified_text_is_labelled_as_it_was_read() -> None:
    desk = Desk(GIVEN)
    desk.do(Action.VERIFY)

    (row,) = desk.rows()

    assert set(row) == set(json.loads(OWN.read_text(encoding="utf-8").splitlines()[0]))
    assert row == {
        "id": GIVEN.id,
        "prefecture": "15",
        "published": "2025-09-10",
        "title": TEXT.title,
        "body": TEXT.body,
        "primary": ["rdv_modality"],
        "labels": ["rdv_modality", "filing_channel"],
        "is_change": True,
        "effective_from": "2025-10-01",
        "effective_agreed": True,
        "effective_to": None,
        "motifs": ["hors_anef"],
        "channel_before": None,
        "channel_after": "rdv_en_ligne",
        "batch": "desk-2025",
    }
    back = labelled(json.dumps(row))
    assert back.notice == TEXT
    assert back.categories == {"rdv_modality", "filing_channel"}


def test_a_corrected_text_is_labelled_as_it_was_corrected() -> None:
    desk = Desk(GIVEN)
    desk.do(Action.CORRECT, edits=replace(edits_of(GIVEN.verdict), categories=("fee",), motifs=()))

    (row,) = desk.rows()

    assert (row["labels"], row["motifs"], row["body"]) == (["fee"], [], TEXT.body)


def test_noise_is_unrelated_until_that_is_taken_back() -> None:
    desk = Desk(GIVEN)
    number = desk.do(Action.MUTE, mute=MuteWish("rendez-vous en ligne"))

    (row,) = desk.rows()
    assert (row["primary"], row["is_change"], row["effective_from"]) == (["unrelated"], False, None)

    desk.review.undo(number, "bob")
    assert desk.rows() == []


def test_what_nobody_vouches_for_is_no_label() -> None:
    desk = Desk(GIVEN)
    desk.review.undo(desk.do(Action.VERIFY), "bob")
    desk.do(Action.ASK)
    assert desk.rows() == []

    other = Desk(GIVEN)
    other.do(Action.VERIFY)
    other.do(Action.RETRACT)
    assert other.rows() == []


def test_one_text_of_many_prefectures_is_one_announcement() -> None:
    elsewhere = replace(GIVEN, id="e" * 24, prefecture="69")
    desk = Desk(GIVEN, elsewhere)
    desk.do(Action.VERIFY)
    desk.do(Action.VERIFY, elsewhere)

    assert [row["prefecture"] for row in desk.rows()] == ["15"]


def test_an_edited_text_keeps_what_it_was_before() -> None:
    was = replace(TEXT, before="Au guichet.", published=None, published_as=PartialDate("2025-09"))
    desk = Desk(GIVEN, text=was)
    desk.do(Action.VERIFY)

    (row,) = desk.rows()

    assert (row["before"], row["published"]) == ("Au guichet.", "2025-09")
    assert labelled(json.dumps(row)).notice == was


def test_what_is_not_kept_whole_or_was_removed_from_its_site_is_left_out_and_counted() -> None:
    lost, removed = Desk(GIVEN, text=None), Desk(replace(GIVEN, kind=ChangeKind.WITHDRAWN))
    for desk in (lost, removed):
        desk.do(Action.VERIFY)

        assert exported(desk.review.labels()) == ([], 1)
