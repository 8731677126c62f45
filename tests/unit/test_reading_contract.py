"""What other parts and other programs rely on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from watcher import rules, weights
from watcher.core.ports import Reader
from watcher.core.verdict import Notice, PartialDate, Route
from watcher.reading import FrenchReader, Vocabulary
from watcher.reading.present import verdict_json

READER: Reader = FrenchReader(rules.load(Path(__file__).parents[2] / "rules.yaml"), weights.shipped())
CANTAL = Notice(
    "Prise de rendez-vous en ligne pour les motifs absents de l'ANEF",
    "À compter du 1er octobre 2025, les usagers du Cantal dont le motif de séjour n'est pas listé sur l'ANEF "
    "peuvent désormais solliciter un rendez-vous en ligne via le module « RDV Préfecture » afin de déposer "
    "leur dossier papier en préfecture.",
    "15",
    date(2025, 9, 10),
)


def test_the_cantals_announcement_is_published_for_what_it_is() -> None:
    verdict = READER.read(CANTAL)

    assert verdict.categories[0] == "rdv_modality"
    assert (verdict.is_change, verdict.route) == (True, Route.PUBLISH)
    assert (verdict.effective_from, verdict.motifs) == ("2025-10-01", ("hors_anef",))
    assert verdict.channel_after == "rdv_en_ligne"
    assert verdict.reasons[0].words in CANTAL.title + CANTAL.body


def test_the_json_of_a_verdict_has_exactly_the_agreed_keys() -> None:
    line = verdict_json("a000", READER.read(CANTAL))

    assert set(line) == {
        "id", "categories", "is_change", "effective_from", "effective_to", "motifs", "channel_before",
        "channel_after", "facts", "confidence", "route", "reasons",
    }  # fmt: skip
    assert line["route"] == "publish"
    assert {"rule", "words"} == set(line["reasons"][0])
    assert line["facts"][0]["sentence"] in CANTAL.title + CANTAL.body
    assert json.loads(json.dumps(line)) == json.loads(json.dumps(line, ensure_ascii=False))


def test_a_fact_quotes_the_words_as_they_were_written() -> None:
    verdict = READER.read(CANTAL)

    assert any("« RDV Préfecture »" in fact.sentence for fact in verdict.facts)


def test_a_publication_known_to_the_month_serves_for_years_and_for_what_just_happened() -> None:
    said = Notice("Bureau des étrangers", "Le bureau rouvre.", published_as=PartialDate("2023-09"))
    dated = Notice(
        "Bureau des étrangers", "Le bureau est fermé depuis le 17 mars.", published_as=PartialDate("2018-06")
    )

    assert READER.read(said).effective_from == "2023-09"
    assert READER.read(dated).effective_from == "2018-03-17"


def test_a_reader_without_vocabulary_publishes_nothing() -> None:
    assert FrenchReader(Vocabulary(), weights.shipped()).read(CANTAL).route is not Route.PUBLISH


def test_a_threshold_of_the_rules_sends_a_category_to_review() -> None:
    from dataclasses import replace

    vocabulary = rules.load(Path(__file__).parents[2] / "rules.yaml")
    strict = replace(
        vocabulary, categories=tuple(replace(category, threshold=1.0) for category in vocabulary.categories)
    )

    assert FrenchReader(strict, weights.shipped()).read(CANTAL).route is Route.REVIEW
