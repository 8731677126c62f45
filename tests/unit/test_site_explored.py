"""What exploring a site comes to: which pages are asked for, and which are proposed as what."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.fakes.discovery import GUIDE, HOME, HandMade, explored, framed, menu, news, rubrics
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.exploring import next_address
from watcher.core.findings import unwatchable
from watcher.core.proposing import door, proposals
from watcher.core.site_proposals import Role, SiteProposal
from watcher.core.survey import Survey

NOTHING = Catalogue({}, {}, {})
MENU = menu(("Actualités", "/Actualites"), ("Démarches", "/Demarches"), ("Publications", "/Publications"))
NEWS = framed("Actualités", news("/Actualites", "Une route fermée", "La chasse ouvre", "Une visite"), MENU)


def site(**more: str) -> dict[str, str]:
    """A whole site whose section is called like no other, two rubrics down, with news of its own."""
    crumbs = [("Accueil", "/"), ("Démarches", "/Demarches")]
    inside = [*crumbs, ("Papiers et titres", "/Demarches/Papiers")]
    section = [*inside, ("Le guichet du séjour", "/Demarches/Papiers/G7")]
    return {
        "/": framed("Bienvenue", "<p>Bienvenue sur le site.</p>", MENU),
        "/Actualites": NEWS,
        "/Demarches": framed(
            "Démarches",
            rubrics(("Chasse", "/Demarches/Chasse"), ("Papiers et titres", "/Demarches/Papiers")),
            MENU,
            crumbs,
        ),
        "/Demarches/Papiers": framed(
            "Papiers et titres",
            rubrics(("Passeports", "/Demarches/P"), ("Le guichet du séjour", "/Demarches/Papiers/G7")),
            MENU,
            inside,
        ),
        "/Demarches/Papiers/G7": framed(
            "Le guichet du séjour",
            rubrics(
                ("Quoi de neuf ?", "/Demarches/Papiers/G7/N"),
                ("Titres de séjour", "/Demarches/Papiers/G7/T"),
                ("Naturalisation", "/Demarches/Papiers/G7/F"),
                ("Prendre rendez-vous", "/Demarches/Papiers/G7/R"),
            ),
            MENU,
            inside,
        ),
        "/Demarches/Papiers/G7/N": framed(
            "Quoi de neuf ?",
            news("/Demarches/Papiers/G7/N", "Récépissés", "Nouveaux horaires"),
            MENU,
            section,
        ),
        "/Demarches/Papiers/G7/T": framed("Titres de séjour", GUIDE, MENU, section),
        "/Demarches/Papiers/G7/F": framed("Naturalisation", GUIDE, MENU, section),
        "/Demarches/Papiers/G7/R": framed(
            "Prendre rendez-vous", '<p>Sur <a href="/booking/create/123">rendez-vous</a>.</p>', MENU, section
        ),
        **more,
    }


def found(pages: Mapping[str, str], catalogue: Catalogue = NOTHING) -> dict[Role, list[str]]:
    by_role: dict[Role, list[str]] = {}
    for one in proposed(pages, catalogue):
        by_role.setdefault(one.role, []).append(one.stanza.url.removeprefix(HOME))
    return by_role


def proposed(pages: Mapping[str, str], catalogue: Catalogue = NOTHING) -> tuple[SiteProposal, ...]:
    return proposals(explored(HandMade(pages)), catalogue)


def test_a_section_is_found_by_what_it_holds_and_its_news_with_it() -> None:
    roles = found(site())

    assert roles[Role.SECTION] == ["/Demarches/Papiers/G7"]
    assert roles[Role.SECTION_NEWS] == ["/Demarches/Papiers/G7/N"]
    assert roles[Role.NEWS] == ["/Actualites"]
    assert roles[Role.APPOINTMENTS] == ["/Demarches/Papiers/G7/R"]
    assert set(roles[Role.GUIDE]) == {"/Demarches/Papiers/G7/T", "/Demarches/Papiers/G7/F"}


def test_forms_and_bookings_are_noted_and_never_asked_for() -> None:
    made = HandMade(site())
    roles = {one.role: one.stanza.url for one in proposals(explored(made), NOTHING)}

    assert roles[Role.BOOKING] == f"{HOME}/booking/create/123"
    assert roles[Role.PROCEDURE] == "https://www.demarches-simplifiees.fr/commencer/sejour-cantal"
    assert all(address.startswith(HOME) and "booking" not in address for address in made.asked)


def test_a_proposal_tells_its_way_and_what_speaks_for_it() -> None:
    (section,) = (one for one in proposed(site()) if one.role is Role.SECTION)

    assert section.way == ("Accueil", "Accueil", "Démarches", "Papiers et titres", "Le guichet du séjour")
    assert "titre « Le guichet du séjour »" in section.evidence
    assert 0.5 < section.confidence < 1
    assert section.stanza.id == "15-etrangers"
    assert section.stanza.kind is SourceKind.PAGE


DECOYS = {
    "/Publications": framed(
        "Publications",
        rubrics(
            ("Immigration : les statistiques", "/Publications/I"), ("Archives", "/Publications/Archives")
        ),
        MENU,
    ),
    "/Publications/I": framed(
        "Immigration : les statistiques", "<p>En 2024, 3 000 titres de séjour.</p>", MENU
    ),
    "/Publications/Archives": framed(
        "Archives", rubrics(("Titres de séjour", "/Publications/Archives/T")), MENU
    ),
    "/Publications/Archives/T": framed(
        "Titres de séjour", GUIDE, MENU, [("Archives", "/Publications/Archives")]
    ),
}


def test_figures_and_archives_of_the_subject_are_not_its_section() -> None:
    urls = [one.stanza.url for one in proposed(site(**DECOYS))]

    assert not [url for url in urls if "/Publications" in url]


def test_where_nothing_is_for_foreigners_nothing_is_made_up() -> None:
    pages = {path: page for path, page in site(**DECOYS).items() if "/Papiers" not in path}

    assert set(found(pages)) == {Role.NEWS}


def test_what_is_watched_already_is_not_proposed() -> None:
    url = f"{HOME}/index.php/Demarches/Papiers/G7/N/"
    watched = Source("15-neuf", "15", SourceKind.NEWS, url, "dsfr", "ide", Brake().pause)
    catalogue = Catalogue({"ide": Platform("ide", Brake().pause, 0, Brake())}, {}, {"15-neuf": watched})

    roles = found(site(), catalogue)

    assert Role.SECTION_NEWS not in roles
    assert Role.SECTION in roles


def test_an_id_that_is_taken_gets_a_number() -> None:
    taken = Source("15-etrangers", "15", SourceKind.PAGE, f"{HOME}/Autre", "content", "ide", Brake().pause)
    catalogue = Catalogue({}, {"15": Prefecture("15", "Cantal", HOME)}, {"15-etrangers": taken})

    assert "15-etrangers-2" in {one.stanza.id for one in proposed(site(), catalogue)}


def test_a_rubric_that_leads_on_to_its_only_child_is_proposed_where_it_leads() -> None:
    pages = site()
    pages["/Demarches/Papiers/G7/T/Seule"] = pages["/Demarches/Papiers/G7/T"]
    pages["/Demarches/Papiers/G7/T"] = "→/Demarches/Papiers/G7/T/Seule"

    assert "/Demarches/Papiers/G7/T/Seule" in found(pages)[Role.GUIDE]


def test_a_part_of_the_subject_is_not_taken_for_the_section_too_early() -> None:
    pages = site(**{"/Demarches/Naturalisation": framed("Naturalisation", GUIDE, MENU)})
    pages["/"] = framed("Bienvenue", "<p>.</p>", MENU + menu(("Naturalisation", "/Demarches/Naturalisation")))

    assert found(pages)[Role.SECTION] == ["/Demarches/Papiers/G7"]


def test_a_part_of_the_subject_that_is_all_there_is_is_the_section() -> None:
    pages = {
        "/": framed("Bienvenue", "<p>.</p>", menu(("Naturalisation", "/Demarches/Naturalisation"))),
        "/Demarches/Naturalisation": framed("Naturalisation dans le Nord", GUIDE),
    }

    assert found(pages)[Role.SECTION] == ["/Demarches/Naturalisation"]


def test_the_search_of_the_site_helps_where_no_menu_does() -> None:
    pages = {
        "/": framed("Bienvenue", "<p>.</p>", menu(("Publications", "/Publications"))),
        "/Publications": framed("Publications", "<p>Rien ici.</p>"),
        "/contenu/recherche": framed(
            "Résultats de la recherche", rubrics(("Séjour des étrangers", "/a/b/c"))
        ),
        "/a/b/c": framed("Séjour des étrangers", GUIDE),
    }

    assert found(pages)[Role.SECTION] == ["/a/b/c"]


def test_a_search_that_robots_txt_forbids_is_not_tried_twice() -> None:
    made = HandMade({"/": framed("Bienvenue", "<p>.</p>", MENU)}, robots=frozenset({"/contenu/recherche"}))
    explored(made)

    assert len([address for address in made.asked if "recherche" in address]) == 1


def test_a_page_that_robots_txt_forbids_is_known_not_to_be_watchable() -> None:
    pages = {"/": framed("Bienvenue", "<p>.</p>", menu(("Étrangers", "/Demarches/Etrangers")))}
    survey = explored(HandMade(pages, robots=frozenset({"/Demarches/Etrangers"})))

    (forbidden,) = (one for one in unwatchable(survey) if one.address.startswith(HOME))
    assert (forbidden.label, "robots.txt" in forbidden.reason) == ("Étrangers", True)


def test_the_national_service_is_known_not_to_be_watchable() -> None:
    assert any("se connecter" in one.reason for one in unwatchable(explored(HandMade(site()))))


def test_files_and_other_sites_are_never_asked_for() -> None:
    pages = {
        "/": framed(
            "Bienvenue",
            '<a href="/contenu/telechargement/1/2/file/Titres%20de%20sejour.pdf">Titres de séjour</a>'
            '<a href="https://www.autre.gouv.fr/Etrangers">Étrangers</a>'
            '<a href="https://www.cantal.gouv.fr.evil.example/Etrangers">Étrangers</a>',
        )
    }
    made = HandMade(pages)
    explored(made)

    assert {address.partition("?")[0] for address in made.asked} <= {f"{HOME}/", f"{HOME}/contenu/recherche"}


def test_of_sites_that_share_a_host_only_the_own_part_is_asked_for() -> None:
    home = f"{HOME}/cantal/"
    pages = {
        "/cantal/": framed(
            "Bienvenue", '<a href="/loire/Etrangers">Étrangers</a><a href="/cantal/E">Étrangers</a>'
        )
    }
    made = HandMade(pages)
    explored(made, home)

    assert all(address.startswith(home) for address in made.asked)


def test_a_site_whose_home_cannot_be_read_is_left_alone() -> None:
    survey = explored(HandMade({}))

    assert len(survey.sightings) == 1
    assert next_address(survey) is None


@pytest.mark.parametrize("cut", [1, 4, 7])
def test_what_was_seen_is_enough_to_go_on(cut: int) -> None:
    whole = explored(HandMade(site()))
    resumed = Survey("15", whole.home, whole.sightings[:cut])

    assert next_address(resumed) == whole.sightings[cut].asked


@pytest.mark.parametrize(
    ("linked", "kept"),
    [
        (f"{HOME}/booking/create/50382/2", f"{HOME}/booking/create/50382"),
        (f"{HOME}/booking/create/4963/5/1757318400?x=1", f"{HOME}/booking/create/4963"),
        (
            "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/creneau/",
            "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/",
        ),
        ("https://demarche.numerique.gouv.fr/commencer/x", "https://demarche.numerique.gouv.fr/commencer/x"),
    ],
)
def test_of_a_booking_only_its_door_is_proposed(linked: str, kept: str) -> None:
    assert door(linked) == kept


def test_pages_of_a_site_are_read_at_the_pace_of_its_platform() -> None:
    catalogue = Catalogue({}, {"15": Prefecture("15", "Cantal", HOME, platform="police")}, {})
    made = proposed(site(), catalogue)

    assert {one.stanza.platform for one in made if one.stanza.url.startswith(HOME)} == {"police"}


def test_a_menu_of_hundreds_of_links_hides_nothing() -> None:
    many = menu(*((f"Rubrique {number}", f"/Actions/{number}/x") for number in range(600)))
    pages = site()
    pages["/"] = framed("Bienvenue", "<p>.</p>", many + MENU)

    assert found(pages)[Role.SECTION] == ["/Demarches/Papiers/G7"]


@pytest.mark.parametrize("name", ["Estrañjourien", "Bureau F", "B.A.E."])
def test_a_rubric_that_holds_the_section_and_one_page_more_is_not_the_section(name: str) -> None:
    """Naturalisation is often apart: beside the section, in a rubric that holds little else."""
    pages = {
        "/": framed("Bienvenue", "<p>Bienvenue.</p>", menu(("La préfecture et vous", "/V"))),
        "/V": framed("La préfecture et vous", rubrics((name, "/V/S"), ("Naturalisation", "/V/N"))),
        "/V/N": framed("Naturalisation", GUIDE),
        "/V/S": framed(
            name,
            rubrics(
                ("Première carte", "/V/S/P"),
                ("Conjoint de Français", "/V/S/C"),
                ("Titres de voyage", "/V/S/T"),
                ("À savoir", "/V/S/I"),
            ),
        ),
        "/V/S/P": framed("Première carte", GUIDE),
        "/V/S/C": framed("Conjoint de Français", GUIDE),
        "/V/S/T": framed("Titres de voyage", GUIDE),
        "/V/S/I": framed(
            "À savoir", news("/V/S/I", "Étrangers : récépissés", "Titres de séjour", "ANEF : panne")
        ),
    }

    roles = found(pages)

    assert roles[Role.SECTION] == ["/V/S"]
    assert roles[Role.SECTION_NEWS] == ["/V/S/I"]
