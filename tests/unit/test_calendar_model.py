"""Which days a calendar shows, before it has a format."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fakes.alerts import BASE, SEEN, SENTENCE, VOCABULARY, alert, verdict
from watcher.core.alerts import Alert, AlertState
from watcher.core.calendar import Calendar, Event, Status, build_calendar
from watcher.core.changes import ChangeKind
from watcher.core.feed import EMPTY_SINCE, FeedQuery, FeedQueryError
from watcher.core.verdict import Fact, PartialDate

FROM, TO = PartialDate("2025-12-22"), PartialDate("2025-12-26")
LATER = SEEN + timedelta(days=3)


def calendar(*alerts: Alert, query: str = "all", verified_only: bool = False, base: str = BASE) -> Calendar:
    return build_calendar(FeedQuery.parse(query), alerts, VOCABULARY, base, verified_only=verified_only)


def dated(start: str | None = FROM, end: str | None = None, number: int = 0, **changes: object) -> Alert:
    """An alert of the Cantal with these dates; `categories` and `channel_after` go to the verdict."""
    known = {name: changes.pop(name) for name in ("categories", "channel_after", "facts") if name in changes}
    said = verdict(effective_from=start, effective_to=end, **known)
    return alert(number, verdict=said, **changes)


def closure(start: str | None = FROM, end: str | None = TO, **changes: object) -> Alert:
    return dated(start, end, categories=("opening_hours_or_closure",), channel_after="ferme", **changes)


def days(*alerts: Alert) -> list[tuple[date, date]]:
    return [(event.first, event.last) for event in calendar(*alerts).events]


def event(told: Alert) -> Event:
    (one,) = calendar(told).events
    return one


def test_an_effective_date_is_one_day() -> None:
    told = event(dated())
    assert (told.first, told.last) == (date(2025, 12, 22), date(2025, 12, 22))
    assert told.summary == (
        "15 Cantal – Dès ce jour : Prise de rendez-vous en ligne pour les motifs absents de l'ANEF"
    )


def test_a_closure_lasts_from_its_first_day_to_its_last() -> None:
    told = event(closure(title="Fermeture des guichets"))
    assert (told.first, told.last) == (date(2025, 12, 22), date(2025, 12, 26))
    assert told.summary == "15 Cantal – Fermeture des guichets"


@pytest.mark.parametrize("end", [FROM, None])
def test_a_closure_of_one_day_is_one_day(end: str | None) -> None:
    told = event(closure(end=end, title="Fermeture"))
    assert (told.first, told.last, told.summary) == (
        date(2025, 12, 22),
        date(2025, 12, 22),
        "15 Cantal – Fermeture",
    )


def test_what_holds_for_months_fills_no_months_but_has_a_first_and_a_last_day() -> None:
    first, last = calendar(dated(PartialDate("2025-10-01"), PartialDate("2026-03-31"), title="Dépôt")).events
    assert (first.first, first.last, first.summary) == (
        date(2025, 10, 1),
        date(2025, 10, 1),
        "15 Cantal – Dès ce jour : Dépôt",
    )
    assert (last.first, last.last, last.summary) == (
        date(2026, 3, 31),
        date(2026, 3, 31),
        "15 Cantal – Dernier jour : Dépôt",
    )


def test_a_deadline_alone_is_a_last_day() -> None:
    assert event(dated(None, TO, title="Dépôt")).summary == "15 Cantal – Dernier jour : Dépôt"


@pytest.mark.parametrize(
    "told", ["2025", "2025-10", "2025-02-30", "0001-01-01", "9999-12-31", "demain", "2025-1-1", "", None]
)
def test_a_date_that_is_not_known_to_the_day_is_no_event(told: str | None) -> None:
    value = None if told is None else PartialDate(told)
    assert days(dated(value), closure(None, value, number=1), closure(value, value, number=2)) == []


def test_a_closure_whose_end_is_known_to_the_month_has_its_first_day_only() -> None:
    assert days(closure(FROM, PartialDate("2026-01"))) == [(date(2025, 12, 22), date(2025, 12, 22))]


def test_an_end_before_the_beginning_never_becomes_a_span() -> None:
    assert days(closure(TO, FROM)) == [
        (date(2025, 12, 22), date(2025, 12, 22)),
        (date(2025, 12, 26), date(2025, 12, 26)),
    ]


def test_what_was_removed_from_a_page_announces_no_day() -> None:
    assert days(closure(kind=ChangeKind.WITHDRAWN)) == []


def test_ids_are_the_ones_that_calendars_already_have() -> None:
    """Golden: if this fails, every event of every subscriber is there twice."""
    both = calendar(dated(FROM, TO, 7)).events
    assert [one.uid for one in both] == [
        "alert-000000000000000000000007-start@vigie-prefectures.invalid",
        "alert-000000000000000000000007-end@vigie-prefectures.invalid",
    ]


def test_ids_survive_another_title_another_address_and_another_date() -> None:
    told = dated(number=7)
    corrected = replace(
        told, title="Autre", address="https://x.fr/", state=AlertState.CORRECTED, verdict=closure().verdict
    )
    moved = calendar(corrected, base="http://localhost:8000/vigie").events
    assert [one.uid for one in moved] == [event(told).uid]


def test_a_revision_counts_up_and_says_when() -> None:
    told = dated()
    again = replace(told, updated_at=LATER, state=AlertState.CORRECTED)
    assert (event(told).sequence, event(told).updated) == (0, SEEN)
    assert (event(again).sequence, event(again).updated) == (3 * 86400, LATER)
    assert calendar(again).updated == LATER


@pytest.mark.parametrize(
    ("state", "status", "mark"),
    [
        (AlertState.VERIFIED, Status.CONFIRMED, ""),
        (AlertState.CORRECTED, Status.CANCELLED, "Rectifié depuis : "),
        (AlertState.UNVERIFIED, Status.TENTATIVE, "[non vérifié] "),
        (AlertState.RETRACTED, Status.CANCELLED, "Retiré : "),
    ],
)
def test_an_event_says_how_far_to_trust_it(state: AlertState, status: Status, mark: str) -> None:
    told = event(dated(state=state, title="Dépôt"))
    assert (told.status, told.summary) == (status, f"15 Cantal – Dès ce jour : {mark}Dépôt")


def test_the_description_is_the_whole_announcement() -> None:
    told = event(closure(summary="Les guichets seront fermés.\nReprise le 27.", state=AlertState.UNVERIFIED))
    for expected in (
        "Alerte non vérifiée",
        "Cantal (15) : du 22 au 26 décembre 2025",
        f"« {SENTENCE} »",
        "Les guichets seront fermés.\nReprise le 27.",
        "Page officielle : https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous",
        f"Cette alerte sur Vigie préfectures : {BASE}/alerts/{0:024x}",
        "Site non officiel : seule la page de la préfecture fait foi.",
        "page datée du 10 septembre 2025",
        "Licence Ouverte",
    ):
        assert expected in told.description


def test_an_edit_shows_the_words_that_were_there() -> None:
    told = event(dated(kind=ChangeKind.EDITED, before="Fermé le lundi.", summary="Fermé le mardi."))
    assert "Avant :\nFermé le lundi." in told.description


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.fr", "https://a@b/", ""])
def test_an_address_that_is_no_web_page_is_no_link(address: str) -> None:
    told = event(dated(address=address))
    assert told.link == ""
    assert "Page officielle" not in told.description


def test_events_are_filed_under_place_category_and_motif() -> None:
    assert event(dated()).categories == (
        "Cantal (15)",
        "Prise de rendez-vous",
        "Dépôt du dossier",
        "Motif absent de l'ANEF",
    )


def test_a_prefecture_without_a_name_is_called_by_its_code() -> None:
    assert event(dated(prefecture="99", title="Dépôt")).summary == "99 – Dès ce jour : Dépôt"


class TestWhatIsNoLongerOnThePage:
    SAID = "Les guichets seront fermés du 22 au 26 décembre 2025."

    def announced(self, **changes: object) -> Alert:
        fact = Fact(self.SAID, effective_from=FROM, effective_to=TO)
        return closure(title="Fermeture", facts=(fact,), **changes)

    def changed(self, **changes: object) -> Alert:
        values: dict[str, object] = {
            "kind": ChangeKind.EDITED,
            "before": f"Bonjour. {self.SAID}",
            "detected_at": LATER,
            "updated_at": LATER,
            **changes,
        }
        return dated(None, None, 9, **values)

    def test_a_rewritten_sentence_cancels_its_days(self) -> None:
        (told,) = calendar(self.announced(), self.changed()).events
        assert told.status is Status.CANCELLED
        assert told.summary == "15 Cantal – Annulé : Fermeture"
        assert told.description.startswith("Depuis le 13 septembre 2025")
        assert (told.updated, told.sequence) == (LATER, 3 * 86400)

    @pytest.mark.parametrize("kind", [ChangeKind.EDITED, ChangeKind.WITHDRAWN])
    def test_a_change_that_nobody_verified_makes_them_doubtful(self, kind: ChangeKind) -> None:
        (told,) = calendar(self.announced(), self.changed(kind=kind, state=AlertState.UNVERIFIED)).events
        assert (told.status, told.summary) == (Status.TENTATIVE, "15 Cantal – À vérifier : Fermeture")
        assert "changement non vérifié" in told.description

    def test_a_removed_announcement_takes_its_days_along(self) -> None:
        gone = self.changed(kind=ChangeKind.WITHDRAWN, before="", summary=self.SAID)
        assert [one.status for one in calendar(self.announced(), gone).events] == [Status.CANCELLED]

    @pytest.mark.parametrize(
        "changes",
        [
            {"before": "Autre phrase."},
            {"before": ""},
            {"address": "https://www.cantal.gouv.fr/autre"},
            {"source": "15-sejour"},
            {"state": AlertState.RETRACTED},
            {"detected_at": SEEN - timedelta(days=1), "updated_at": SEEN - timedelta(days=1)},
        ],
    )
    def test_another_change_leaves_them_alone(self, changes: dict[str, object]) -> None:
        (told,) = calendar(self.announced(), self.changed(**changes)).events
        assert told.status is Status.CONFIRMED

    def test_a_change_that_was_no_change_gives_them_back_as_a_newer_revision(self) -> None:
        (before,) = calendar(self.announced(), self.changed()).events
        mistaken = self.changed(state=AlertState.RETRACTED, updated_at=LATER + timedelta(hours=1))
        (after,) = calendar(self.announced(), mistaken).events
        assert (after.status, after.summary) == (Status.CONFIRMED, "15 Cantal – Fermeture")
        assert after.sequence > before.sequence

    def test_what_we_took_back_stays_taken_back(self) -> None:
        told = self.announced(state=AlertState.RETRACTED)
        doubtful = self.changed(state=AlertState.UNVERIFIED)
        assert [one.status for one in calendar(told, doubtful).events] == [Status.CANCELLED]


def test_a_calendar_carries_its_subject_only() -> None:
    here = dated()
    there = closure(number=1, prefecture="69")
    for query, expected in (
        ("prefecture:69", "1-start"),
        ("category:opening_hours_or_closure", "1-start"),
        ("prefecture:15", "0-start"),
        ("category:rdv_modality", "0-start"),
    ):
        built = calendar(here, there, query=query)
        assert [one.uid.partition("@")[0][-7:] for one in built.events] == [expected]
    assert len(calendar(here, there, query="motif:hors_anef").events) == 2


def test_the_verified_stream_leaves_out_what_nobody_verified() -> None:
    alerts = [
        dated(number=number, state=state, was_verified=state is AlertState.RETRACTED)
        for number, state in enumerate(AlertState)
    ]
    built = calendar(*alerts, verified_only=True)
    assert {one.status for one in built.events} == {Status.CONFIRMED, Status.CANCELLED}
    assert len(built.events) == 2
    assert built.self_address == f"{BASE}/feeds/all.ics?stream=verified"


def test_days_long_gone_when_the_newest_alert_came_are_left_out() -> None:
    assert days(dated(PartialDate("2025-06-11")), dated(PartialDate("2025-06-09"), number=1)) == [
        (date(2025, 6, 11), date(2025, 6, 11))
    ]


def test_the_order_in_which_alerts_come_does_not_matter() -> None:
    alerts = [dated(number=number) for number in range(5)]
    assert calendar(*alerts) == calendar(*reversed(alerts)) == calendar(*alerts, *alerts)


def test_an_empty_calendar_has_a_date_that_never_moves() -> None:
    assert calendar().updated == EMPTY_SINCE
    assert calendar(query="prefecture:69").title == "Vigie préfectures – Rhône (69)"


def test_a_subject_that_nobody_knows_is_refused() -> None:
    with pytest.raises(FeedQueryError):
        calendar(query="prefecture:999")
