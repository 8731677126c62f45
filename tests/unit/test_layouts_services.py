"""Pages of procedures and bookings, and the state that each is read as."""

from __future__ import annotations

import pytest

from tests.fakes.services import (
    HOME,
    closed_booking,
    closed_procedure,
    open_booking,
    open_procedure,
    procedure,
    reservation,
)
from tests.fakes.web import framed, guide_page
from watcher import layouts
from watcher.core.services import Standing, standing_of

PROCEDURE = procedure("dcem-34")
MODULE = "https://www.val-de-marne.gouv.fr/booking/create/4963"


def plain(heading: str, said: str = "") -> str:
    """A page of that host that is laid out like no other."""
    return HOME.replace(
        "Un outil simple pour gérer les formulaires administratifs en ligne", heading
    ).replace("Vous souhaitez", f"{said} Vous souhaitez")


def state(layout: str, html: str, address: str) -> tuple[Standing | None, str, str]:
    """Its standing, what it is called, and the sentence that says so."""
    items = layouts.get(layout).extract(html, address, {}).items
    if not items:
        return None, "", ""
    return standing_of(items[0]), items[0].title, items[0].summary


def test_an_open_procedure_is_called_by_its_heading_and_says_what_it_is_for() -> None:
    page = open_procedure("Demande de DCEM", "Pour les mineurs qui voyagent.", minutes=7)
    found = layouts.get("procedure").extract(page, PROCEDURE, {})

    assert state("procedure", page, PROCEDURE) == (
        Standing.OPEN,
        "Demande de DCEM",
        "La démarche « Demande de DCEM » est ouverte sur démarche numérique.",
    )
    assert "Pour les mineurs qui voyagent." in [item.summary for item in found.items]
    assert not any("remplissage" in item.summary for item in found.items)


@pytest.mark.parametrize(
    ("page", "title", "since"),
    [
        (closed_procedure("Demande de DCEM", "12 mars 2025"), "Demande de DCEM", " depuis le 12 mars 2025"),
        (closed_procedure("Demande de DCEM", ""), "Demande de DCEM", ""),
        (plain("La démarche DCEM est close depuis le 1er mai 2024"), "DCEM", " depuis le 1er mai 2024"),
        (plain("DCEM", "Cette démarche a été close le 3 juin 2025."), "DCEM", " depuis le 3 juin 2025"),
        (plain("Demande de DCEM", "Elle n'accepte plus de nouveaux dossiers."), "Demande de DCEM", ""),
    ],
)  # fmt: skip
def test_a_closed_procedure_says_since_when_if_it_tells(page: str, title: str, since: str) -> None:
    standing, called, said = state("procedure", page, PROCEDURE)

    assert (standing, called) == (Standing.CLOSED, title)
    assert (
        said == f"La démarche « {title} » ne se dépose plus sur démarche numérique{since} : elle est close."
    )


@pytest.mark.parametrize(
    "page",
    [
        plain("La démarche DCEM n’est plus disponible"),
        plain("La démarche DCEM (art. L. 423-23) est close"),
        plain("La démarche DCEM a été clôturée par l’administration le 2 mai 2026"),
        plain("DCEM", "Cette démarche n’est plus disponible."),
        plain("DCEM", "Cette démarche est suspendue temporairement."),
        plain("DCEM", "La démarche est momentanément fermée."),
        plain("DCEM", "Cette démarche sera ouverte à compter du 1er octobre 2026."),
        plain("DCEM", "Cette démarche n’est pas encore ouverte."),
        plain("DCEM", "Démarche fermée. Utilisez désormais la nouvelle démarche."),
        plain("DCEM", "Vous ne pouvez plus déposer de dossier depuis le 2 mai 2026."),
        plain("DCEM", "Le dépôt de dossiers est fermé jusqu’au 12 janvier 2027."),
        plain("Procedure « DCEM » is closed since March 3, 2026"),
        plain("DCEM", "This procedure is no longer available."),
    ],
)
def test_a_procedure_is_closed_in_whatever_words(page: str) -> None:
    assert state("procedure", page, PROCEDURE)[0] is Standing.CLOSED


def test_a_closed_procedure_tells_its_day_after_who_closed_it() -> None:
    page = plain("La démarche « DCEM » a été clôturée par l’administration le 2 mai 2026")

    assert "depuis le 2 mai 2026" in state("procedure", page, PROCEDURE)[2]


def test_a_closed_procedure_may_say_that_technical_trouble_was_the_reason() -> None:
    page = closed_procedure(
        "DCEM", "3 novembre 2026", "Elle a connu des difficultés techniques : déposez désormais sur l’ANEF."
    )

    assert state("procedure", page, PROCEDURE)[0] is Standing.CLOSED


def test_an_open_procedure_may_be_shown_in_english_and_have_a_last_day() -> None:
    english = plain("DCEM", "Start the procedure. Create an account. I already have an account.")
    last_day = open_procedure(
        "DCEM", "Date limite : vous pouvez déposer vos dossiers jusqu’au 31 décembre 2026."
    )

    assert state("procedure", english, PROCEDURE)[0] is Standing.OPEN
    assert state("procedure", last_day, PROCEDURE)[0] is Standing.OPEN


@pytest.mark.parametrize(
    "page",
    [
        plain("Connectez-vous", "Se connecter avec FranceConnect. Créer un compte."),
        plain("Se connecter", "S’identifier avec FranceConnect"),
        plain("Request Rejected", "The requested URL was rejected."),
        plain("DCEM", "Le service est en maintenance, la démarche est momentanément indisponible."),
        plain("La démarche est fermée depuis le 3 novembre 2026 pour maintenance", "Revenez plus tard."),
    ],
)
def test_a_door_where_people_sign_in_and_a_fault_say_nothing_of_a_procedure(page: str) -> None:
    assert state("procedure", page, PROCEDURE)[0] is None


def test_an_open_procedure_that_speaks_of_a_closed_one_is_open() -> None:
    page = open_procedure("Demande de DCEM 2026", "L'ancienne démarche est close depuis le 1er mars 2026.")

    assert state("procedure", page, PROCEDURE)[0] is Standing.OPEN


def test_a_procedure_that_the_page_says_is_not_there_is_unknown() -> None:
    page = HOME.replace("Vous souhaitez", "La démarche n’existe pas. Vous souhaitez")

    assert state("procedure", page, PROCEDURE)[0] is Standing.UNKNOWN


@pytest.mark.parametrize(
    "html", [HOME, guide_page(("Étrangers", ["Venez au guichet."])), framed("Actualités", "")]
)
@pytest.mark.parametrize("layout", ["procedure", "booking"])
def test_another_page_has_no_state(html: str, layout: str) -> None:
    assert state(layout, html, PROCEDURE)[0] is None


OPEN = [
    open_booking("Retrait de titre"),
    open_booking("Retrait de titre", "La sous-préfecture est fermée le lundi."),
    open_booking("Retrait de titre", slots="Aucun créneau disponible, veuillez réessayer plus tard."),
    closed_booking(
        "Retrait de titre", "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous."
    ),
    reservation("Retrait de titre", "Pour les habitants de Créteil."),
]
CLOSED = [
    closed_booking("Retrait de titre", "Le module de prise de rendez-vous est désactivé."),
    closed_booking("Retrait de titre", "Aucun planning n'est disponible."),
    closed_booking("Retrait de titre", "La réservation en ligne n'est plus proposée depuis le 2 mars."),
    reservation("Retrait de titre", "La prise de rendez-vous est suspendue jusqu'au 31 mai.", open_=False),
    closed_booking("Retrait de titre", "Il n'y a pas de calendrier disponible pour votre demande."),
    closed_booking("Retrait de titre", "La prise de rendez-vous sera ouverte à compter du 5 janvier 2027."),
    closed_booking("Retrait de titre", "Les rendez-vous sont suspendus jusqu'à nouvel ordre."),
    closed_booking("Retrait de titre", "Module désactivé"),
    closed_booking("Retrait de titre", "Appointments are currently closed."),
    reservation("Retrait de titre", "Aucun rendez-vous n'est proposé pour cette démarche.", open_=False),
    reservation("Retrait de titre", "La prise de rendez-vous ouvrira le 1er octobre.", open_=False),
]


@pytest.mark.parametrize("html", OPEN)
def test_a_booking_is_open_whatever_slots_are_left(html: str) -> None:
    assert state("booking", html, MODULE)[:2] == (Standing.OPEN, "Retrait de titre")


@pytest.mark.parametrize("html", CLOSED)
def test_a_booking_is_closed_when_it_says_so_and_shows_no_way_in(html: str) -> None:
    assert state("booking", html, MODULE)[:2] == (Standing.CLOSED, "Retrait de titre")


def test_a_booking_that_is_not_there_is_unknown() -> None:
    html = closed_booking("Prise de rendez-vous", "Cette démarche est introuvable.")
    assert state("booking", html, MODULE)[0] is Standing.UNKNOWN


def test_a_module_under_maintenance_is_neither_open_nor_closed() -> None:
    html = closed_booking("Retrait de titre", "Le service est indisponible pour maintenance.")
    assert state("booking", html, MODULE)[0] is None
