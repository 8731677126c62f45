"""Who is told of an alert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.plans import VERDICT, alert
from watcher.core.alerts import AlertState
from watcher.core.publish import matches
from watcher.core.severity import Severity
from watcher.core.subscriptions import Interest

CANTAL = alert()  # prefecture 15, rdv_modality and filing_channel, salarie and etudiant
SILENT = replace(CANTAL, verdict=replace(VERDICT, categories=(), motifs=()))


def of(*words: str) -> frozenset[str]:
    return frozenset(words)


@pytest.mark.parametrize(
    ("interest", "told"),
    [
        (Interest(), True),
        (Interest(prefectures=of("15")), True),
        (Interest(prefectures=of("69", "15")), True),
        (Interest(prefectures=of("69", "1", "5", "015")), False),
        (Interest(categories=of("fee", "filing_channel")), True),
        (Interest(categories=of("fee")), False),
        (Interest(motifs=of("etudiant")), True),
        (Interest(motifs=of("conjoint")), False),
        (Interest(of("15"), of("rdv_modality"), of("salarie")), True),
        (Interest(of("69"), of("rdv_modality"), of("salarie")), False),
        (Interest(of("15"), of("rdv_modality"), of("conjoint")), False),
    ],
)
def test_an_alert_is_told_to_whom_every_asked_side_touches(interest: Interest, told: bool) -> None:
    assert matches(interest, CANTAL) is told


def test_an_alert_about_nothing_known_is_told_to_those_who_ask_nothing_of_that_side() -> None:
    assert matches(Interest(prefectures=of("15")), SILENT)
    assert not matches(Interest(categories=of("fee")), SILENT)


@pytest.mark.parametrize("motifs", [(), ("tous",), ("hors_anef", "etudiant")])
def test_what_names_no_ground_or_all_of_them_is_told_whatever_ground_somebody_follows(
    motifs: tuple[str, ...],
) -> None:
    everybody = replace(CANTAL, verdict=replace(VERDICT, motifs=motifs))

    assert matches(Interest(motifs=of("conjoint")), everybody)


def test_who_follows_what_matters_most_is_not_told_of_mere_information() -> None:
    reminder = replace(CANTAL, verdict=replace(VERDICT, is_change=False))

    assert matches(Interest(severity=Severity.IMPORTANT), CANTAL)
    assert not matches(Interest(severity=Severity.NOTICE), reminder)
    assert matches(Interest(severity=Severity.INFO), reminder)


@pytest.mark.parametrize("state", AlertState)
def test_who_wants_only_what_was_verified_gets_nothing_else(state: AlertState) -> None:
    one = replace(CANTAL, state=state)

    assert matches(Interest(verified_only=True), one) is (state is AlertState.VERIFIED)
    assert matches(Interest(), one)
