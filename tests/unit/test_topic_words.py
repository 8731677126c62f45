"""What a label is about, whatever a préfecture calls its sections."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.proportion import in_proportion
from watcher.core import topic

OURS = (
    "Étrangers",
    "IMMIGRATION ET INTEGRATION",
    "Ressortissants étrangers : vos démarches",
    "Les démarches séjour",
    "Etrangers-dans-l-Oise2",
    "Droit au séjour",
    "Séjour & nationalité",
    "Naturalisation dans le Nord",
    "Demander l'asile",
    "Regroupement familial",
    "Usagers internationaux",
    "Citoyens non européens",
    "Service ANEF",
    "Vivre en France",
    "Ressortissants de pays tiers",
    "Démarches de l’étranger en France",
)
OTHERS = (
    "Commerce étranger",
    "Résidents étrangers - élections",
    "Étrangers : cérémonie de naturalisation, les photos",
    "Immigration : les statistiques",
    "Immigration et asile : chiffres clés",
    "Français de l'étranger",
    "Étudier à l'étranger",
    "Taxe de séjour",
    "Naturalisation d'animaux d'espèces protégées",
    "Échange de permis étrangers",
    "Intégration paysagère",
    "Lutte contre l'immigration irrégulière",
    "Investissements étrangers",
    "Archives : titres de séjour",
    "Appel à projets : intégration des étrangers",
    "Carte nationale d'identité",
    "Enquêtes publiques",
)


@pytest.mark.parametrize("label", OURS)
def test_a_section_for_foreigners_is_told_by_its_words(label: str) -> None:
    assert topic.subject(label) >= topic.HALF


@pytest.mark.parametrize("label", OTHERS)
def test_what_merely_sounds_like_it_is_not(label: str) -> None:
    assert topic.subject(label) < topic.HALF


@pytest.mark.parametrize(
    ("label", "whole"),
    [
        ("Étrangers", True),
        ("Immigration - Naturalisation", True),
        ("Naturalisation", False),
        ("Demander l'asile", False),
    ],
)
def test_a_part_of_the_subject_is_not_the_whole(label: str, whole: bool) -> None:
    assert topic.whole(label) is whole


@pytest.mark.parametrize(
    "label",
    [
        "ACTUALITÉS",
        "ACTUALITES - FAQ",
        "Actus",
        "À la une",
        "Flash infos",
        "Quoi de neuf ?",
        "Les actus du séjour",
        "Brèves",
    ],
)
def test_lists_of_news_are_told_by_their_names(label: str) -> None:
    assert topic.named_news(label)


@pytest.mark.parametrize(
    "label", ["Titres de séjour", "Informations sur la chasse", "Prendre rendez-vous", ""]
)
def test_other_rubrics_are_no_lists_of_news(label: str) -> None:
    assert not topic.named_news(label)


def test_what_is_kept_from_the_past_says_so() -> None:
    assert topic.past(["Publications", "Archives des démarches"])
    assert not topic.past(["Démarches", "Étrangers"])


def test_the_words_of_an_address_are_those_of_its_steps() -> None:
    assert list(topic.segments("https://www.oise.gouv.fr/Demarches/Etrangers-dans-l-Oise2")) == [
        "Demarches",
        "Etrangers dans l Oise",
    ]


@pytest.mark.parametrize("word", ["actualites ", "etranger ", "a l'", "info "])
@pytest.mark.parametrize("end", ["", "!"])
@pytest.mark.parametrize("told", [topic.subject, topic.named_news, topic.otherwise])
def test_the_longest_label_is_told_in_linear_time(told: Callable[[str], object], word: str, end: str) -> None:
    assert in_proportion(told, lambda length: word * (length // len(word)) + end, 100_000)


@pytest.mark.parametrize("label", ["Passeport talent", "Conjoint de Français", "Carte bleue européenne"])
def test_a_ground_of_residence_is_a_part_of_the_subject(label: str) -> None:
    assert topic.subject(label) >= topic.HALF
    assert not topic.whole(label)
    assert not topic.besides(label)
    assert topic.besides("Passeports")


@pytest.mark.parametrize(
    "label", ["Stranieri", "Residence permits", "Étrangers - Furesteri", "Estrañjourien"]
)
def test_other_languages_of_france_and_english_are_understood(label: str) -> None:
    assert topic.subject(label) >= topic.HALF
    assert topic.whole(label)
