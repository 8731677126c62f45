"""An edit is read as before and after: only facts that differ are a change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from watcher import rules, weights
from watcher.core.items import LinkKind, OfficialLink
from watcher.core.verdict import Notice, Route, Verdict
from watcher.reading import FrenchReader

READER = FrenchReader(rules.load(Path(__file__).parents[2] / "rules.yaml"), weights.shipped())
ON_ANEF = "Les demandes ci-dessous sont déposées en ligne sur l'ANEF :\nétudiants ;\nvisiteurs ;"


def edited(title: str, before: str, body: str, *, page: bool = True) -> Verdict:
    return READER.read(Notice(title, body, published=date(2025, 9, 9), before=before, foreigners_page=page))


def relinked(before: tuple[OfficialLink, ...], after: tuple[OfficialLink, ...]) -> Verdict:
    words = "Le dépôt du dossier se fait uniquement sur rendez-vous."
    return READER.read(
        Notice("Rendez-vous", words, before=words, links=after, links_before=before, foreigners_page=True)
    )


def link(kind: LinkKind, ident: str) -> OfficialLink:
    return OfficialLink(kind, ident, f"https://example.invalid/{ident}")


@pytest.mark.parametrize(
    ("line", "motif"),
    [
        ("étrangers nés en France ;", "ne_en_france"),
        ("salariés ;", "salarie"),
        ("étrangers malades", "etranger_malade"),
    ],
)
def test_a_ground_added_to_the_list_of_anef_joins_it(line: str, motif: str) -> None:
    verdict = edited("Demandes à déposer sur l'ANEF", ON_ANEF, f"{ON_ANEF}\n{line}")

    assert (verdict.categories[0], verdict.motifs) == ("anef_integration", (motif,))
    assert (verdict.is_change, verdict.channel_after, verdict.route) == (True, "anef", Route.PUBLISH)


def test_a_ground_taken_off_the_list_leaves_it() -> None:
    verdict = edited("Demandes à déposer sur l'ANEF", ON_ANEF, ON_ANEF.replace("visiteurs ;", ""))

    assert (verdict.motifs, verdict.channel_before, verdict.channel_after) == (("visiteur",), "anef", None)


@pytest.mark.parametrize(
    ("before", "body", "route"),
    [
        ("Votre dossier est envoyé par la Poste", "Votre dossier est envoyé par la poste.", Route.MUTE),
        ("Venez le matin, muni du passeport.", "Venez le matin muni du passeport", Route.MUTE),
        (
            "2 cours Monthyon, BP 529, 15005 Aurillac",
            "2, cours Monthyon - BP 529 - 15005 AURILLAC",
            Route.MUTE,
        ),
        ("Le timbre coûte 1,50 euro", "Le timbre coûte 150 euro", Route.REVIEW),
        ("Salarié : guichet ✓", "Salarié : guichet ✗", Route.REVIEW),
    ],
)
def test_commas_between_words_are_no_news_and_those_of_a_number_may_be(
    before: str, body: str, route: Route
) -> None:
    assert edited("Pour venir", before, body).route is route


def test_a_channel_put_in_place_of_another_is_said_as_such() -> None:
    words = "Votre demande est à {}."

    verdict = edited(
        "Salarié", words.format("envoyer par voie postale"), words.format("déposer sur Démarches simplifiées")
    )

    assert verdict.categories[0] == "filing_channel"
    assert (verdict.channel_before, verdict.channel_after) == ("courrier", "demarche_numerique")


def test_a_date_pushed_back_is_a_change() -> None:
    words = "À compter du {} 2025, les demandes de titre de séjour se feront sur rendez-vous pris en ligne."

    verdict = edited("Étrangers", words.format("22 septembre"), words.format("6 octobre"), page=False)

    assert (verdict.categories[0], verdict.effective_from) == ("rdv_modality", "2025-10-06")


@pytest.mark.parametrize(
    ("before", "after", "category", "channel"),
    [
        ("booking:x/4963", "rdvpref:16040", "rdv_modality", "rdv_en_ligne"),
        ("demarche:aes-38", "demarche:aes-isere", "filing_channel", "demarche_numerique"),
        ("email:pref@herault.gouv.fr", "demarche:hors-anef", "filing_channel", "demarche_numerique"),
        ("booking:x/4963", "anef", "anef_integration", "anef"),
    ],
)
def test_another_official_link_is_a_change_without_a_word(
    before: str, after: str, category: str, channel: str
) -> None:
    kinds = {
        "booking": LinkKind.BOOKING, "rdvpref": LinkKind.RDV_PREFECTURE, "demarche": LinkKind.PROCEDURE,
        "email": LinkKind.EMAIL, "anef": LinkKind.ANEF,
    }  # fmt: skip

    verdict = relinked(
        (link(kinds[before.split(":")[0]], before),), (link(kinds[after.split(":")[0]], after),)
    )

    assert category in verdict.categories
    assert (verdict.is_change, verdict.channel_after) == (True, channel)


def test_the_same_place_under_another_address_is_no_change() -> None:
    old = OfficialLink(
        LinkKind.PROCEDURE, "demarche:aes", "https://www.demarches-simplifiees.fr/commencer/aes"
    )
    new = OfficialLink(LinkKind.PROCEDURE, "demarche:aes", "https://demarche.numerique.gouv.fr/commencer/aes")

    assert relinked((old,), (new,)).is_change is False


def test_a_removed_procedure_is_a_change() -> None:
    verdict = relinked((link(LinkKind.PROCEDURE, "demarche:ase"),), ())

    assert (verdict.is_change, verdict.channel_before) == (True, "demarche_numerique")


@pytest.mark.parametrize(
    ("title", "before", "body", "category"),
    [
        ("Délais moyens", "Renouvellement : 120 jours", "Renouvellement : 160 jours", "processing_time"),
        ("Taxes", "Le droit de timbre est de 25 euros.", "Le droit de timbre est de 50 euros.", "fee"),
        ("Horaires d'accueil", "Du lundi au vendredi.", "Du lundi au jeudi.", "opening_hours_or_closure"),
        ("Pièces à fournir", "Liste des pièces :\npasseport", "Liste des pièces :\npasseport\ne-photo",
         "documents_required"),
    ],
)  # fmt: skip
def test_a_figure_an_hour_or_a_paper_that_differs_is_a_change(
    title: str, before: str, body: str, category: str
) -> None:
    verdict = edited(title, before, body)

    assert (verdict.categories[0], verdict.is_change) == (category, True)


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("Nos agents examinent votre dossier.", "Votre dossier est examiné avec soin par nos agents."),
        ("Rendez-vous.\nDernière mise en ligne de rendez-vous : le 05/09/2025 à 09:30",
         "Rendez-vous.\nDernière mise en ligne de rendez-vous : le 08/09/2025 à 09:30"),
    ],
)  # fmt: skip
def test_an_edit_in_which_no_fact_differs_is_for_review_only(before: str, body: str) -> None:
    verdict = edited("Votre demande", before, body)

    assert (verdict.categories, verdict.is_change) == (("other_immigration",), False)
    assert verdict.route is Route.REVIEW
    assert verdict.confidence < 0.5


def test_an_edit_of_somebody_elses_news_stays_muted() -> None:
    verdict = edited(
        "Chasse",
        "Ouverte à compter du 14 septembre 2025.",
        "Ouverte à compter du 21 septembre 2025.",
        page=False,
    )

    assert verdict.route is Route.MUTE


def test_a_new_section_that_tells_how_to_file_is_a_change() -> None:
    verdict = READER.read(
        Notice(
            "Admission exceptionnelle au séjour",
            "La demande est à envoyer par voie postale.",
            foreigners_page=True,
        )
    )

    assert (verdict.categories[0], verdict.is_change) == ("filing_channel", True)
    assert (verdict.motifs, verdict.channel_after) == (("aes",), "courrier")


def test_on_a_page_about_permits_only_a_foreign_service_is_unrelated() -> None:
    bare = READER.read(Notice("Informations", "Le hall a été repeint.", foreigners_page=True))
    foreign = READER.read(Notice("Passeport", "Il se demande en mairie.", foreigners_page=True))

    assert bare.categories == ("other_immigration",)
    assert foreign.categories == ("unrelated",)
