"""What readers are told of an event in the official list."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.fakes.listing import HOST, Titles
from watcher.core.alerts import AlertState
from watcher.core.changes import ChangeKind
from watcher.core.official_events import Event, Happening
from watcher.core.official_news import SOURCE, alert_of, event_id
from watcher.core.publish import matches
from watcher.core.subscriptions import Interest
from watcher.core.verdict import Certainty

SINCE, BY = date(2023, 12, 8), date(2025, 2, 10)


def event(kind: Happening, **changes: object) -> Event:
    values: dict[str, object] = {
        "kind": kind,
        "prefecture": "94",
        "ident": "demarche:salarie",
        "address": f"{HOST}/salarie",
        "title": "Titre salarié",
        "since": SINCE,
        "by": BY,
        "other": "" if kind in {Happening.APPEARED, Happening.LEFT} else "Carte de salarié",
    }
    return Event(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", Happening)
def test_every_event_is_history_that_nobody_is_told(kind: Happening) -> None:
    alert = alert_of(event(kind), Titles("salarié"))

    assert alert.historical
    assert not matches(Interest(), alert)
    assert (alert.id, alert.source, alert.prefecture) == (event_id(event(kind)), SOURCE, "94")
    assert alert.detected_at == alert.updated_at == datetime(2025, 2, 10, tzinfo=UTC)
    assert alert.verdict.motifs == ("salarié",)
    assert alert.summary.startswith("Entre le 8 décembre 2023 et le 10 février 2025, la démarche « ")
    assert (alert.verdict.effective_from, alert.published) == (None, None)


@pytest.mark.parametrize(
    ("kind", "before", "after", "state", "change"),
    [
        (Happening.APPEARED, None, "demarche_numerique", AlertState.VERIFIED, ChangeKind.ADDED),
        (Happening.LEFT, "demarche_numerique", None, AlertState.UNVERIFIED, ChangeKind.EDITED),
        (
            Happening.REPLACED,
            "demarche_numerique",
            "demarche_numerique",
            AlertState.UNVERIFIED,
            ChangeKind.EDITED,
        ),
        (
            Happening.RENAMED,
            "demarche_numerique",
            "demarche_numerique",
            AlertState.VERIFIED,
            ChangeKind.EDITED,
        ),
    ],
)
def test_the_channel_stands_on_the_side_of_the_change_where_the_procedure_does(
    kind: Happening, before: str | None, after: str | None, state: AlertState, change: ChangeKind
) -> None:
    """What left is never published as sure: the list does not say what holds now."""
    alert = alert_of(event(kind), Titles())
    (fact,) = alert.verdict.facts

    assert (alert.verdict.channel_before, alert.verdict.channel_after) == (before, after)
    assert (fact.channel_before, fact.channel_after, fact.operation) == (before, after, "premiere_demande")
    assert (alert.state, alert.kind) == (state, change)
    assert fact.certainty is Certainty.REPORTED
    assert fact.sentence == alert.summary


def test_a_title_alone_makes_no_outage() -> None:
    assert alert_of(event(Happening.APPEARED), Titles()).verdict.categories == ("rdv_modality",)


def test_a_newcomer_names_the_one_that_it_may_come_instead_of() -> None:
    came = event(
        Happening.APPEARED,
        other="Carte de salarié",
        other_since=date(2022, 7, 21),
        other_by=SINCE,
    )
    said = alert_of(came, Titles()).summary

    assert "proche de celui de « Carte de salarié »" in said
    assert "entre le 21 juillet 2022 et le 8 décembre 2023" in said


def test_ids_hold_what_happened_and_not_how_well_it_is_dated() -> None:
    """A version that becomes known later dates the same departure better: it stays the same departure."""
    left = event(Happening.LEFT)

    assert event_id(left) == event_id(event(Happening.LEFT, by=date(2024, 6, 1)))
    assert event_id(left) != event_id(event(Happening.LEFT, since=date(2024, 6, 1)))
    assert len({event_id(event(kind)) for kind in Happening}) == len(Happening)
    assert event_id(left) != event_id(event(Happening.LEFT, prefecture="69"))
