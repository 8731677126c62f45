"""Every entry of the shipped `rules.yaml` is understood as its own examples say."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher import rules, weights
from watcher.core.verdict import Notice
from watcher.reading import FrenchReader
from watcher.reading.concepts import Concepts
from watcher.reading.lexicon import words_of
from watcher.reading.names import CATEGORIES
from watcher.reading.normalise import fold, stem
from watcher.reading.vocabulary import Concept

VOCABULARY = rules.load(Path(__file__).parents[2] / "rules.yaml")
READER = FrenchReader(VOCABULARY, weights.shipped())


@pytest.mark.parametrize(("motif", "text"), [(m.id, text) for m in VOCABULARY.motifs for text in m.examples])
def test_a_ground_is_found_in_its_examples(motif: str, text: str) -> None:
    assert motif in READER.read(Notice("", text, foreigners_page=True)).motifs


@pytest.mark.parametrize(
    ("motif", "text"), [(m.id, text) for m in VOCABULARY.motifs for text in m.not_examples]
)
def test_a_ground_is_not_found_where_its_words_mean_something_else(motif: str, text: str) -> None:
    assert motif not in READER.read(Notice("", text)).motifs


@pytest.mark.parametrize(
    ("channel", "text"), [(c.part_of or c.id, text) for c in VOCABULARY.channels for text in c.examples]
)
def test_a_channel_is_the_one_that_its_examples_open(channel: str, text: str) -> None:
    assert READER.read(Notice("", text)).channel_after == channel


@pytest.mark.parametrize(
    ("category", "text"), [(c.id, text) for c in VOCABULARY.categories for text in c.examples]
)
def test_a_category_is_the_first_of_its_examples(category: str, text: str) -> None:
    assert READER.read(Notice("", text)).categories[0] == category


@pytest.mark.parametrize(
    ("service", "text"), [(s.id, text) for s in VOCABULARY.foreign_services for text in s.examples]
)
def test_a_service_that_is_not_ours_makes_a_text_unrelated(service: str, text: str) -> None:
    verdict = READER.read(Notice("", text))

    assert verdict.categories == ("unrelated",)
    assert verdict.reasons[0].rule == f"service:{service}"


@pytest.mark.parametrize("text", VOCABULARY.subject.examples)
def test_words_of_the_subject_make_a_text_ours(text: str) -> None:
    assert READER.read(Notice("", text)).categories != ("unrelated",)


@pytest.mark.parametrize("text", VOCABULARY.subject.not_examples)
def test_look_alikes_of_the_subject_do_not(text: str) -> None:
    assert READER.read(Notice("", text)).categories == ("unrelated",)


def test_the_categories_are_the_thirteen_in_their_order() -> None:
    assert tuple(category.id for category in VOCABULARY.categories) == CATEGORIES


def test_a_ground_is_known_by_its_former_ids() -> None:
    motif = VOCABULARY.motif("carte_resident_renouvellement")

    assert motif is not None
    assert motif.id == "carte_resident"


@pytest.mark.parametrize(
    ("concept", "text"), [(c.id, text) for c in VOCABULARY.concepts for text in c.examples]
)
def test_a_concept_is_carried_by_a_word_of_its_examples(concept: str, text: str) -> None:
    known = Concepts(VOCABULARY.concepts)

    assert concept in {name for word in words_of(fold(text)) for name in known.of(word.stem)}


def test_a_beginning_stands_for_the_words_that_begin_so_and_for_their_stems() -> None:
    known = Concepts([Concept("collect", "remis* pret"), Concept("end", "cess*")])

    assert [known.of(stem(word)) for word in ("remise", "remis", "prets", "pretoire", "cesserait", "rem")] == [
        ("collect",), ("collect",), ("collect",), (), ("end",), (),
    ]  # fmt: skip
