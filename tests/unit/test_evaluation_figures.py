"""The figures of an evaluation, on a few readings whose figures are known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.alerts import verdict
from watcher.core.verdict import Notice, PartialDate, Verdict
from watcher.evaluate import Case, Figures, Labelled, Score, Share, band, evaluate, read_all
from watcher.labelled import labelled

LINE: dict[str, Any] = {
    "id": "a",
    "title": "Titre",
    "body": "Texte",
    "published": "2025-09",
    "primary": ["rdv_modality", "filing_channel"],
    "labels": ["rdv_modality"],
    "is_change": True,
    "effective_from": "2025-10-01",
    "effective_agreed": True,
    "effective_to": None,
    "motifs": ["hors_anef"],
    "channel_before": None,
    "channel_after": "rdv_en_ligne",
}
RIGHT = verdict(categories=("rdv_modality",))


def case(said: Verdict = RIGHT, **labels: Any) -> Case:
    return Case(labelled(json.dumps({**LINE, **labels})), said)


def figures() -> Figures:
    """One right reading, one that says too much, one that is wrong."""
    return evaluate(
        [
            case(id="right"),
            case(verdict(categories=("filing_channel", "rdv_modality"), confidence=0.55), id="too much"),
            case(
                verdict(
                    categories=("unrelated",),
                    motifs=("salarie",),
                    channel_after=None,
                    effective_from=None,
                    is_change=False,
                    confidence=0.97,
                ),
                id="wrong",
                motifs=["salarie", "etudiant"],
            ),
        ]
    )


def test_the_first_category_is_right_when_it_is_one_of_those_accepted() -> None:
    assert figures().first_category == Share(2, 3)


def test_each_category_has_its_precision_and_recall() -> None:
    score = figures().by_category

    assert score["rdv_modality"] == Score(both=2, said_alone=0, labelled_alone=1)
    assert score["filing_channel"] == Score(both=0, said_alone=1, labelled_alone=0)
    assert (score["rdv_modality"].precision, score["rdv_modality"].recall) == (1.0, 2 / 3)
    assert score["rdv_modality"].f1 == pytest.approx(0.8)
    assert (score["filing_channel"].precision, score["filing_channel"].recall) == (0.0, None)


def test_all_categories_and_grounds_together_are_counted_micro() -> None:
    assert figures().categories == Score(both=2, said_alone=2, labelled_alone=1)
    assert figures().categories.f1 == pytest.approx(4 / 7)
    assert figures().motifs == Score(both=3, said_alone=0, labelled_alone=1)


def test_what_has_one_value_is_an_exact_match_or_not() -> None:
    single = figures().single

    assert single["is_change"] == single["effective_from"] == single["channel_after"] == Share(2, 3)
    assert single["effective_to"] == single["channel_before"] == Share(3, 3)


def test_a_date_on_which_the_readers_disagreed_is_not_scored() -> None:
    disputed = evaluate([case(effective_agreed=False, effective_from="1999-01-01")])

    assert disputed.single["effective_from"] == disputed.single["effective_to"] == Share(0, 0)
    assert disputed.single["effective_from"].rate is None
    assert not disputed.worst


def test_a_label_that_a_file_lacks_is_not_scored() -> None:
    one = labelled(json.dumps({k: LINE[k] for k in ("title", "primary", "labels")}))
    found = evaluate([Case(one, RIGHT)])

    assert (found.motifs.f1, found.single["is_change"].scored) == (None, 0)
    assert found.first_category == Share(1, 1)


def test_confidence_is_counted_in_bands() -> None:
    bands = figures().bands

    assert bands[0.5] == Share(1, 1)
    assert bands[0.9] == Share(1, 2)  # a right one at 0.9 and the wrong one at 0.97
    assert sum(share.scored for share in bands.values()) == 3


@pytest.mark.parametrize(
    ("confidence", "start"), [(0.0, 0.0), (0.49, 0.0), (0.5, 0.5), (0.89, 0.8), (0.9, 0.9), (1.0, 0.9)]
)
def test_a_band_holds_its_beginning(confidence: float, start: float) -> None:
    assert band(confidence) == start


def test_the_confusion_counts_an_accepted_first_category_as_itself() -> None:
    assert dict(figures().confusion) == {
        ("rdv_modality", "rdv_modality"): 1,
        ("filing_channel", "filing_channel"): 1,
        ("rdv_modality", "unrelated"): 1,
    }


def test_the_worst_come_first_with_what_is_wrong_of_them() -> None:
    worst = figures().worst

    assert [case.labelled.id for case in worst] == ["wrong", "too much"]
    assert list(worst[1].wrong.items()) == [
        ("categories", (["rdv_modality"], ["filing_channel", "rdv_modality"]))
    ]
    assert worst[0].wrong["first_category"] == (["rdv_modality", "filing_channel"], "unrelated")
    assert worst[0].wrong["motifs"] == (["etudiant", "salarie"], ["salarie"])
    assert worst[0].wrong["effective_from"] == ("2025-10-01", None)


def test_nothing_to_score_has_no_rate() -> None:
    empty = evaluate([])

    assert (empty.texts, empty.first_category.rate, empty.categories.f1) == (0, None, None)


def test_a_text_is_given_to_the_reader_as_it_stands_in_the_file() -> None:
    class Echo:
        def read(self, notice: Notice) -> Verdict:
            return verdict(categories=(notice.title, notice.body, str(notice.published_as)))

    one: Labelled = labelled(json.dumps(LINE))

    assert read_all([one], Echo())[0].verdict.categories == ("Titre", "Texte", "2025-09")
    assert one.single["effective_from"] == PartialDate("2025-10-01")


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        ({"primary": []}, "primary et labels sont attendus"),
        ({"labels": None}, "labels : une liste"),
        ({"primary": "fee"}, "primary : une liste"),
        ({"motifs": [1]}, "motifs : une liste"),
        ({"is_change": "oui"}, "is_change : true ou false"),
        ({"effective_from": 2025}, "effective_from : un texte"),
        ({"published": "hier"}, "published : date illisible"),
    ],
)
def test_a_line_that_is_badly_labelled_says_what_is_wrong(labels: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        labelled(json.dumps({**LINE, **labels}))
