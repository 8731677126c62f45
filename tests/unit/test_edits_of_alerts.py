"""The form of a correction: how it begins, and what it makes of an alert."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.alerts import VOCABULARY, verdict
from watcher.core.edits import corrected, differs, edits_of, fault, main_fact
from watcher.core.verdict import Fact, PartialDate, Reason

ABOUT = Fact("Les guichets ferment.")
MAIN = Fact("Le rendez-vous se prend en ligne.", motifs=("salarie",), channel_after="rdv_en_ligne")
OTHER = Fact("Les étudiants écrivent.", motifs=("etudiant",), channel_after="courrier")
READ = verdict(
    facts=(ABOUT, MAIN, OTHER),
    motifs=("salarie", "etudiant"),
    reasons=(
        Reason("rdv_modality", "rendez-vous"),
        Reason("filing_channel", "dépôt"),
        Reason("change", "désormais"),
    ),
)


def test_the_form_takes_the_first_fact_about_a_channel() -> None:
    assert main_fact(READ) == 1
    assert main_fact(verdict(facts=(ABOUT,))) == 0
    assert main_fact(verdict(facts=())) is None
    assert edits_of(READ).kept == (0, 2)


def test_a_form_sent_as_it_began_says_the_same() -> None:
    form = edits_of(READ)

    assert not differs(READ, form)
    assert not differs(READ, replace(form, kept=(2, 0, 0, 9, 1), motifs=("etudiant", "salarie")))
    assert corrected(READ, form, "").facts == READ.facts


@pytest.mark.parametrize(
    "change",
    [
        {"categories": ("filing_channel", "rdv_modality")},
        {"is_change": False},
        {"motifs": ("salarie",)},
        {"channel_after": None},
        {"effective_to": PartialDate("2026")},
        {"regime": "algerien"},
        {"kept": (0,)},
    ],
)
def test_anything_else_is_a_difference(change: dict[str, Any]) -> None:
    assert differs(READ, replace(edits_of(READ), **change))


def test_the_main_fact_takes_what_was_changed_and_keeps_the_rest() -> None:
    form = replace(edits_of(READ), effective_from=PartialDate("2025-11-03"), regime="algerien")

    made = corrected(READ, form, "")

    assert made.facts == (
        ABOUT,
        replace(MAIN, effective_from=PartialDate("2025-11-03"), regime="algerien"),
        OTHER,
    )
    assert made.effective_from == "2025-11-03"


def test_a_motif_that_is_added_is_the_main_facts_and_no_other_facts() -> None:
    made = corrected(READ, replace(edits_of(READ), motifs=("salarie", "etudiant", "hors_anef")), "")

    assert [fact.motifs for fact in made.facts] == [(), ("salarie", "hors_anef"), ("etudiant",)]


def test_facts_that_are_not_kept_are_gone() -> None:
    assert corrected(READ, replace(edits_of(READ), kept=(2,)), "").facts == (MAIN, OTHER)


def test_a_text_without_facts_gets_one_with_the_sentence_it_is_given() -> None:
    bare = verdict(facts=(), channel_after=None)

    made = corrected(bare, replace(edits_of(bare), channel_after="courrier"), "Un titre.")
    silent = corrected(bare, replace(edits_of(bare), categories=("fee",), effective_from=None), "Un titre.")

    assert made.facts == (Fact("Un titre.", channel_after="courrier"),)
    assert silent.facts == ()


def test_reasons_for_a_category_that_it_is_not_go_away() -> None:
    made = corrected(READ, replace(edits_of(READ), categories=("rdv_modality",)), "")

    assert [reason.rule for reason in made.reasons] == ["rdv_modality", "change"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, None),
        ({"categories": ()}, "categories"),
        ({"categories": ("nope",)}, "categories"),
        ({"motifs": ("nope",)}, "motifs"),
        ({"channel_before": "nope"}, "channel_before"),
        ({"channel_after": "nope"}, "channel_after"),
        ({"operation": "nope"}, "operation"),
        ({"regime": "nope"}, "regime"),
        ({"effective_from": PartialDate("2025-02-30")}, "effective_from"),
        ({"effective_from": PartialDate("demain")}, "effective_from"),
        ({"effective_to": PartialDate("9999-12-31")}, "effective_to"),
        ({"effective_to": PartialDate("2025-09-01")}, "effective_to"),
        ({"effective_to": PartialDate("2025-10")}, None),
        ({"territory": "x" * 121}, "territory"),
        ({"operation": "renouvellement", "regime": "algerien"}, None),
    ],
)
def test_what_does_not_exist_is_named(change: dict[str, Any], field: str | None) -> None:
    known = replace(edits_of(verdict()), effective_from=PartialDate("2025-10-01"))

    assert fault(replace(known, **change), VOCABULARY) == field
