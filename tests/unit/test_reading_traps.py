"""The traps of préfectures' language, each read as a person would."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from watcher import rules, weights
from watcher.core.verdict import Certainty, Notice, Route, Verdict
from watcher.reading import FrenchReader

READER = FrenchReader(rules.load(Path(__file__).parents[2] / "rules.yaml"), weights.shipped())


def read(title: str, body: str = "", published: date | None = date(2025, 9, 10), **more: bool) -> Verdict:
    return READER.read(Notice(title, body, "15", published, **more))  # type: ignore[arg-type]


def test_anef_named_without_change_joins_nothing() -> None:
    verdict = read(
        "Déposer sa demande sur l'ANEF",
        "La demande de titre de séjour étudiant s'effectue en ligne sur l'ANEF, entre deux et quatre mois "
        "avant l'expiration du titre.",
    )

    assert "anef_integration" not in verdict.categories
    assert (verdict.is_change, verdict.route) == (False, Route.REVIEW)


def test_a_ground_excepted_from_anef_is_not_among_those_that_join() -> None:
    verdict = read(
        "Titres de séjour en ligne",
        "À compter du 1er octobre 2025, les renouvellements de titre de séjour se font sur l'ANEF, "
        "à l'exception de la carte salarié.",
    )

    assert verdict.categories[0] == "anef_integration"
    assert "salarie" not in verdict.motifs


@pytest.mark.parametrize(
    "words",
    [
        "dont le motif n'est pas listé sur l'ANEF", "dont la demande ne relève pas de l'ANEF", "hors ANEF",
        "dont le motif ne figure pas sur l'ANEF",
    ],
)  # fmt: skip
def test_who_is_outside_anef_books_and_does_not_join(words: str) -> None:
    verdict = read("Rendez-vous", f"Désormais, les étrangers {words} prennent rendez-vous en ligne.")

    assert verdict.categories[0] == "rdv_modality"
    assert (verdict.motifs, verdict.channel_after) == (("hors_anef",), "rdv_en_ligne")


def test_what_had_moved_before_is_not_the_news() -> None:
    verdict = read(
        "Dématérialisation",
        "Depuis le 3 septembre, les victimes de traite déposent leur demande sur l'ANEF. "
        "D'autres démarches avaient déjà été dématérialisées : visiteurs, titres de voyage.",
    )

    assert verdict.motifs == ("victime_traite",)


def test_an_appointment_that_is_no_longer_compulsory_means_walking_in() -> None:
    verdict = read(
        "Étrangers", "À compter du 15 septembre 2025, la prise de rendez-vous n'est plus obligatoire."
    )

    assert (verdict.channel_before, verdict.channel_after) == ("guichet_sur_rdv", "guichet_sans_rdv")


def test_no_slot_left_is_no_rule() -> None:
    verdict = read(
        "Rendez-vous étrangers : aucun créneau disponible", "Il n'existe plus de plage horaire libre."
    )

    assert (verdict.categories[0], verdict.is_change) == ("other_immigration", False)


def test_the_body_corrects_a_title_that_promises_too_much() -> None:
    verdict = read(
        "Titres de séjour : demandes en ligne",
        "Désormais, la prise de rendez-vous se fait en ligne ; le dossier est déposé au guichet ce jour-là.",
    )

    assert verdict.categories[0] == "rdv_modality"
    assert verdict.channel_after == "rdv_en_ligne"


def test_a_project_is_not_in_force() -> None:
    verdict = read(
        "Projet d'extension de l'ANEF",
        "Le dépôt en ligne devrait être étendu à tous les titres de séjour d'ici la fin de l'année.",
    )

    assert verdict.route is not Route.PUBLISH
    assert verdict.effective_from is None
    assert all(fact.certainty is not Certainty.ANNOUNCED for fact in verdict.facts)


def test_a_date_put_off_is_the_later_one() -> None:
    verdict = read(
        "Erratum",
        "L'ouverture du module de rendez-vous pour les étrangers est reportée du 1er mai au 2 juin 2025.",
    )

    assert verdict.effective_from == "2025-06-02"


def test_a_reminder_of_old_news_is_no_news() -> None:
    verdict = read(
        "Naturalisations : site unique",
        "À compter du 1er juillet 2015, les demandes de naturalisation sont adressées par voie postale.",
        date(2020, 9, 29),
    )

    assert (verdict.categories[0], verdict.is_change) == ("naturalisation", False)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Passeport : rendez-vous en mairie", "La demande se fait désormais exclusivement sur rendez-vous."),
        ("Panne nationale de l'ANTS", "Les cartes d'identité ne sont plus remises depuis le 8 septembre."),
        ("Permis de conduire", "La commission médicale ouvre la prise de rendez-vous en ligne."),
        ("Ouverture de la chasse", "La chasse est ouverte à compter du 21 septembre 2025."),
        ("Sécheresse", "Les prélèvements sont suspendus jusqu'à nouvel ordre."),
        ("Fermeture de la RN 21", "Les services de l'État mettent en place une déviation du 3 au 14 mars."),
        ("Permis de conduire étranger", "L'échange se fait désormais exclusivement en ligne."),
        ("Recueil des actes administratifs", "Le recueil du 9 septembre est en ligne."),
        ("Partir à l'étranger", "Les nouvelles modalités entrent en vigueur à compter du 1er octobre 2025."),
    ],
)
def test_somebody_elses_news_is_muted(title: str, body: str) -> None:
    verdict = read(title, body)

    assert (verdict.categories, verdict.is_change, verdict.route) == (("unrelated",), False, Route.MUTE)


def test_a_limited_scope_is_kept_with_the_fact() -> None:
    verdict = read(
        "Rendez-vous",
        "À compter du 15 septembre 2025, les étrangers de l'arrondissement de Nogent-sur-Marne prennent "
        "rendez-vous en ligne pour le renouvellement de leur certificat de résidence algérien.",
    )

    (fact,) = [fact for fact in verdict.facts if fact.territory]
    assert (fact.territory, fact.regime, fact.operation) == ("Nogent-sur-Marne", "algerien", "renouvellement")


def test_a_ruling_opens_no_channel() -> None:
    verdict = read(
        "Le tribunal enjoint à la préfecture",
        "Par jugement du 2 septembre 2025, le tribunal administratif enjoint à la préfète de mettre en place "
        "une alternative au téléservice pour les demandes de titre de séjour.",
    )

    assert (verdict.categories, verdict.is_change) == (("other_immigration",), False)


def test_a_temporary_closure_has_its_days() -> None:
    verdict = read(
        "Fermeture exceptionnelle", "Le service des étrangers sera fermé du 24 décembre au 2 janvier inclus.",
        date(2025, 12, 15),
    )  # fmt: skip

    assert (verdict.effective_from, verdict.effective_to) == ("2025-12-24", "2026-01-02")
    assert verdict.channel_after == "ferme"


def test_one_item_can_hold_several_categories() -> None:
    verdict = read(
        "Réouverture du service des étrangers",
        "Le service rouvre le 15 septembre 2025. La prise de rendez-vous en ligne devient obligatoire.",
    )

    assert {"opening_hours_or_closure", "rdv_modality"} <= set(verdict.categories)


def test_an_outage_of_anef_does_not_join_anything() -> None:
    verdict = read(
        "Panne de l'ANEF", "Depuis le 9 septembre 2025, le dépôt sur l'ANEF est momentanément indisponible."
    )

    assert verdict.categories[0] == "outage"
    assert "anef_integration" not in verdict.categories


def test_a_message_by_mail_is_no_way_to_file() -> None:
    verdict = read(
        "Titre de séjour",
        "À compter du 1er octobre 2025, la demande est déposée sur Démarches simplifiées. "
        "L'usager est ensuite convoqué par courriel.",
    )

    assert verdict.channel_after == "demarche_numerique"


def test_an_effect_more_than_a_year_ahead_is_not_believed() -> None:
    verdict = read("Titre de séjour", "À compter du 1er octobre 2035, les demandes se font sur l'ANEF.")

    assert verdict.effective_from is None
