"""Procedures and bookings are told by their state: open, closed, renamed, replaced, nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.store import SqlStore
from tests.fakes.services import (
    HOME,
    PROCEDURES,
    closed_booking,
    closed_procedure,
    open_booking,
    open_procedure,
    procedure,
    reservation,
)
from tests.fakes.watch import Watch
from tests.fakes.web import MAINTENANCE
from watcher.bootstrap import french_reader
from watcher.core.alerts import Alert
from watcher.core.catalogue import Source, SourceKind
from watcher.core.page import FailureKind, Outcome

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TITLE = "Demande de titre de séjour salarié – préfecture du Rhône"
DCEM = Source(
    "69-salarie",
    "69",
    SourceKind.PROCEDURE,
    procedure("salarie-rhone", formerly=True),
    "procedure",
    "ide",
    DAY,
)
MODULE = Source(
    "94-module",
    "94",
    SourceKind.BOOKING,
    "https://www.val-de-marne.gouv.fr/booking/create/4963",
    "booking",
    "ide",
    DAY,
)
RDV = Source(
    "94-rdv",
    "94",
    SourceKind.BOOKING,
    "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/",
    "booking",
    "ide",
    DAY,
)
PURPOSE = ("Cette démarche concerne les salariés.", "Joignez votre contrat de travail.")
MOTIF = "Remise de titre de séjour à Créteil"
RULES = Path(__file__).resolve().parents[3] / "rules.yaml"


@pytest.fixture(scope="session")
def reader() -> object:
    return french_reader(RULES)


@pytest.fixture
def watch(store: SqlStore, reader: object) -> Watch:
    watch = Watch(store, sources=(DCEM, MODULE, RDV), reader=reader)  # type: ignore[arg-type]
    watch.web.show(f"{PROCEDURES}/", HOME)
    watch.web.show(DCEM.url, open_procedure(TITLE, *PURPOSE))
    watch.web.show(MODULE.url, open_booking(MOTIF, "Présentez-vous avec votre convocation."))
    watch.web.show(RDV.url, reservation(MOTIF, "Réservé aux habitants de Créteil."))
    for source in (DCEM, MODULE, RDV):
        assert watch.poll(source).outcome is Outcome.OK
    return watch


def lasting(watch: Watch, source: Source, span: timedelta = HOUR) -> list[Alert]:
    """Two more readings, `span` apart, and all that was told by then."""
    watch.later(span, source)
    watch.later(span, source)
    return watch.alerts()


def test_a_first_reading_announces_nothing(watch: Watch) -> None:
    assert watch.alerts() == []


def test_a_procedure_that_closes_is_told_once_it_stays_closed(watch: Watch) -> None:
    closing = f"{PROCEDURES}/closing_details/salarie-rhone"
    watch.web.show(
        closing, closed_procedure(TITLE, "3 mars 2026", "Déposez votre demande sur le site de l'ANEF.")
    )
    watch.web.lead(DCEM.url, closing)

    assert watch.later(HOUR, DCEM).outcome is Outcome.IMPLAUSIBLE
    assert watch.alerts() == []

    (alert,) = lasting(watch, DCEM)
    assert alert.title == TITLE
    assert "depuis le 3 mars 2026 : elle est close" in alert.summary
    assert "est ouverte" in alert.before
    assert alert.verdict.categories[0] == "filing_channel"
    assert alert.verdict.facts[0].channel_before == "demarche_numerique"
    assert watch.problems() == []


def test_a_procedure_that_opens_again_is_told(watch: Watch) -> None:
    shown = watch.web.replies[DCEM.url]
    watch.web.show(DCEM.url, closed_procedure(TITLE, ""))
    assert len(lasting(watch, DCEM)) == 1
    watch.web.replies[DCEM.url] = shown

    *_, alert = lasting(watch, DCEM)

    assert "est ouverte" in alert.summary
    assert alert.verdict.facts[0].channel_after == "demarche_numerique"


@pytest.mark.parametrize("status", [301, 302, 308])
def test_the_same_procedure_under_another_name_alerts_nobody_but_asks_for_its_new_address(
    watch: Watch, status: int
) -> None:
    renamed = procedure("salarie-rhone-2026")
    watch.web.show(renamed, open_procedure(TITLE, *PURPOSE))
    watch.web.lead(DCEM.url, renamed, status)

    assert lasting(watch, DCEM) == []
    assert watch.problems() == [("69-salarie", "moved")]


def test_the_other_name_of_the_host_is_no_change(watch: Watch) -> None:
    there = procedure("salarie-rhone")
    watch.web.show(there, open_procedure(TITLE, *PURPOSE))
    watch.web.lead(DCEM.url, there, 301)

    assert lasting(watch, DCEM) == []
    assert watch.problems() == []


def test_a_procedure_that_another_one_replaces_is_told_with_both_names(watch: Watch) -> None:
    other = procedure("demande-en-ligne-rhone")
    watch.web.show(
        other, open_procedure("Dépôt de tous les dossiers", "Cette démarche concerne tous les motifs.")
    )
    watch.web.lead(DCEM.url, other, 302)

    (alert,) = lasting(watch, DCEM)

    assert alert.summary == (
        f"La démarche « {TITLE} » est remplacée, sur démarche numérique, par « Dépôt de tous les dossiers »."
    )
    assert alert.verdict.categories[0] == "filing_channel"
    assert watch.problems() == [("69-salarie", "moved")]


def test_a_procedure_that_stays_replaced_is_told_once(watch: Watch) -> None:
    other = procedure("demande-en-ligne-rhone")
    watch.web.show(other, open_procedure("Dépôt de tous les dossiers", "Pour tous les motifs."))
    watch.web.lead(DCEM.url, other, 302)
    for _ in range(12):
        watch.later(HOUR, DCEM)
        watch.web.show(
            other, open_procedure("Dépôt de tous les dossiers", "Pour tous les motifs.", minutes=9)
        )
        watch.web.lead(DCEM.url, other, 302)

    assert len(watch.alerts()) == 1


@pytest.mark.parametrize("path", ["users/sign_in", "pro_connect/login", "connexion"])
def test_the_door_where_people_sign_in_says_nothing_of_a_procedure(watch: Watch, path: str) -> None:
    door = f"{PROCEDURES}/{path}"
    watch.web.show(door, open_procedure("Bienvenue", "Créer un compte"))
    watch.web.lead(DCEM.url, door, 302)

    assert lasting(watch, DCEM, 13 * HOUR) == []
    assert watch.problems() == [("69-salarie", "unreadable")]


def test_a_trouble_that_is_over_is_no_problem_any_more_though_the_address_is_another(watch: Watch) -> None:
    watch.web.break_(FailureKind.ROBOTS, DCEM.url)
    watch.later(HOUR, DCEM)
    watch.later(HOUR, DCEM)
    assert watch.problems() == [("69-salarie", "disallowed")]
    renamed = procedure("salarie-rhone-2026")
    watch.web.show(renamed, open_procedure(TITLE, *PURPOSE))
    watch.web.lead(DCEM.url, renamed, 301)
    watch.later(HOUR, DCEM)

    assert watch.problems() == [("69-salarie", "moved")]


def test_a_closing_tells_what_its_page_says_and_where_it_leads_instead(watch: Watch) -> None:
    advice = "Votre demande se dépose sur la nouvelle démarche. Une question : aide@rhone.gouv.fr"
    closed = closed_procedure(TITLE, "3 mars 2026", advice)
    link = f'<a href="{procedure("salarie-2026")}">la nouvelle démarche</a>'
    watch.web.show(DCEM.url, closed.replace("la nouvelle démarche", link))
    (alert,) = lasting(watch, DCEM)

    assert advice in alert.summary
    assert f"→ la démarche numérique « salarie-2026 » ({procedure('salarie-2026')})" in alert.summary
    assert (alert.verdict.channel_before, alert.verdict.channel_after) == ("demarche_numerique",) * 2
    assert alert.verdict.effective_from == "2026-03-03"


def test_a_procedure_that_is_closed_without_its_name_is_the_one_that_was_known(watch: Watch) -> None:
    watch.web.show(
        DCEM.url, HOME.replace("Un outil simple", "The procedure has been closed. Un outil simple")
    )
    (alert,) = lasting(watch, DCEM)

    assert alert.title == TITLE
    assert alert.summary.startswith(f"La démarche « {TITLE} » ne se dépose plus")


def test_what_is_shut_is_no_way_that_is_left(watch: Watch) -> None:
    watch.web.show(MODULE.url, closed_booking(MOTIF, "Aucun calendrier disponible."))
    (alert,) = lasting(watch, MODULE)

    assert (alert.verdict.channel_before, alert.verdict.channel_after) == ("rdv_en_ligne", None)
    assert "rdv_en_ligne" not in {fact.channel_after for fact in alert.verdict.facts}


@pytest.mark.parametrize("way", ["home", "404", "said"])
def test_a_procedure_that_is_nowhere_for_a_day_is_told_to_a_human(watch: Watch, way: str) -> None:
    if way == "home":
        watch.web.lead(DCEM.url, f"{PROCEDURES}/")
    elif way == "404":
        watch.web.show(
            DCEM.url, "<html><body><main><h1>Page introuvable</h1></main></body></html>", status=404
        )
    else:
        watch.web.show(DCEM.url, HOME.replace("Un outil", "La démarche n’existe pas. Un outil"))

    assert lasting(watch, DCEM) == []
    (alert,) = lasting(watch, DCEM, 13 * HOUR)
    assert alert.summary == f"La démarche « {TITLE} » n'existe plus sur démarche numérique."
    assert alert.state == "unverified"


@pytest.mark.parametrize("fault", ["maintenance", "503", "timeout", "strange"])
def test_a_fault_of_the_host_says_nothing_of_a_procedure(watch: Watch, fault: str) -> None:
    before = watch.web.replies[DCEM.url]
    if fault == "timeout":
        watch.web.break_(FailureKind.TIMEOUT, DCEM.url)
    elif fault == "strange":
        watch.web.show(DCEM.url, HOME.replace("Un outil", "Un bel outil"))
    else:
        watch.web.show(DCEM.url, MAINTENANCE, status=200 if fault == "maintenance" else 503)
    for _ in range(40):
        watch.later(HOUR, DCEM)
    watch.web.replies[DCEM.url] = before

    assert lasting(watch, DCEM) == []


def test_what_the_site_reckons_and_its_tokens_are_no_change(watch: Watch) -> None:
    watch.web.show(DCEM.url, open_procedure(TITLE, *PURPOSE, minutes=48, nonce="u"))
    assert watch.later(DAY, DCEM).outcome in {Outcome.OK, Outcome.UNCHANGED}
    assert watch.alerts() == []


def test_the_words_of_a_procedure_that_stays_open_are_compared(watch: Watch) -> None:
    watch.web.show(
        DCEM.url,
        open_procedure(TITLE, PURPOSE[0], "Joignez votre contrat de travail et trois bulletins de salaire."),
    )
    (change,) = watch.later(DAY, DCEM).plan.changes  # type: ignore[union-attr]
    assert change.after is not None
    assert change.after.summary == "Joignez votre contrat de travail et trois bulletins de salaire."


CLOSINGS = [
    "La prise de rendez-vous en ligne est actuellement suspendue.",
    "Ce module n’est plus disponible.",
    "Aucun calendrier n'est disponible pour cette démarche.",
    "Le service de prise de rendez-vous est fermé jusqu’au 5 janvier 2026.",
]


@pytest.mark.parametrize("sentence", CLOSINGS)
def test_a_booking_that_closes_and_opens_again_is_told(watch: Watch, sentence: str) -> None:
    shown = watch.web.replies[MODULE.url]
    watch.web.show(MODULE.url, closed_booking(MOTIF, sentence))
    (alert,) = lasting(watch, MODULE)
    assert alert.summary.startswith(
        f"« {MOTIF} » : les rendez-vous ne se prennent plus en ligne, le module est fermé."
    )
    assert alert.verdict.categories[0] == "rdv_modality"
    watch.web.replies[MODULE.url] = shown
    *_, alert = lasting(watch, MODULE)
    assert alert.summary == f"« {MOTIF} » : les rendez-vous se prennent en ligne."


@pytest.mark.parametrize(
    "slots",
    [
        "Il n’existe plus de plage horaire libre pour votre demande. Veuillez recommencer ultérieurement.",
        "Aucun créneau disponible",
        "Dernière mise en ligne de rendez-vous : le 12/11/2025 à 09:00",
        "De nouveaux créneaux sont mis en ligne chaque lundi.",
    ],
)
@pytest.mark.parametrize("page", [open_booking, reservation])
def test_whether_slots_are_left_is_never_told(watch: Watch, slots: str, page: Callable[..., str]) -> None:
    source = MODULE if page is open_booking else RDV
    words = (
        "Présentez-vous avec votre convocation." if source is MODULE else "Réservé aux habitants de Créteil."
    )
    watch.web.show(source.url, page(MOTIF, words, slots=slots))
    assert watch.later(DAY, source).outcome is Outcome.OK
    assert watch.alerts() == []


def test_a_reservation_that_closes_or_is_gone_is_told(watch: Watch) -> None:
    watch.web.show(
        RDV.url, reservation(MOTIF, "Cette démarche n'est plus accessible à la réservation.", open_=False)
    )
    (closed,) = lasting(watch, RDV)
    assert "le module est fermé" in closed.summary
    watch.web.show(RDV.url, "<html><body><h1>404</h1></body></html>", status=404)
    lasting(watch, RDV)
    *_, gone = lasting(watch, RDV, 13 * HOUR)
    assert "le module n'existe plus" in gone.summary


def test_a_page_that_was_read_as_any_other_page_is_read_by_its_state_from_now_on_without_news(
    store: SqlStore, reader: object
) -> None:
    plain = replace(DCEM, layout="content")
    watch = Watch(store, sources=(plain,), reader=reader)  # type: ignore[arg-type]
    watch.web.show(DCEM.url, open_procedure(TITLE, *PURPOSE))
    watch.poll(plain)
    assert watch.later(DAY, DCEM).outcome in {Outcome.OK, Outcome.UNCHANGED}
    watch.web.show(DCEM.url, open_procedure(TITLE, *PURPOSE, minutes=13))
    watch.later(DAY, DCEM)
    assert watch.alerts() == []
