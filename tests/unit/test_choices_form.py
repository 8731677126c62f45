"""The form in which somebody chooses their alerts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import MOTIFS, PREFECTURES, VOCABULARY
from watcher.core.choices_form import FIELDS, LANGUAGES, FormError, filled, offer, parse, sent, zones
from watcher.core.labels import CATEGORIES
from watcher.core.severity import Severity
from watcher.core.subscriptions import Cadence, Choices, Interest


def chosen(*pairs: tuple[str, str]) -> Choices:
    return parse(sent(pairs), VOCABULARY)


def test_whoever_leaves_everything_open_gets_everything_at_once_in_french() -> None:
    assert chosen() == Choices()
    assert chosen(*((field, "") for field in FIELDS[3:])) == Choices()


def test_every_choice_is_taken() -> None:
    choices = chosen(
        ("prefecture", "69"),
        ("prefecture", "15"),
        ("prefecture", "69"),
        ("category", "outage"),
        ("motif", "salarie"),
        ("severity", "important"),
        ("verified", "1"),
        ("cadence", "weekly"),
        ("language", "en"),
        ("zone", "Indian/Reunion"),
        ("neutral", "1"),
        ("address", "ana@exemple.fr"),
    )
    interest = Interest(
        frozenset({"15", "69"}), frozenset({"outage"}), frozenset({"salarie"}), True, Severity.IMPORTANT
    )
    assert choices == Choices(interest, Cadence.WEEKLY, "en", "Indian/Reunion", True)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", ["nowhere", "FR", "unrelated", "2", "é\0<b>", "x" * 10_000])
def test_what_is_not_offered_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(FormError) as refused:
        chosen((field, value))
    assert refused.value.field == field
    assert len(refused.value.value) <= 60
    assert refused.value.value.isprintable()


@pytest.mark.parametrize(
    ("prefectures", "zone"),
    [
        ([], "Europe/Paris"),
        (["15"], "Europe/Paris"),
        (["974"], "Indian/Reunion"),
        (["974", "15"], "Europe/Paris"),
    ],
)
def test_mornings_are_those_of_the_chosen_prefectures_where_they_share_one(
    prefectures: list[str], zone: str
) -> None:
    assert chosen(*(("prefecture", code) for code in prefectures)).zone == zone
    assert (
        chosen(*(("prefecture", code) for code in prefectures), ("zone", "Europe/Paris")).zone
        == "Europe/Paris"
    )


def test_zones_are_called_by_the_places_that_lie_in_them() -> None:
    assert zones(VOCABULARY) == [("Europe/Paris", "Paris"), ("Indian/Reunion", "La Réunion")]


def test_each_language_has_its_words() -> None:
    french, english = offer(VOCABULARY, "fr"), offer(VOCABULARY, "en")
    assert ("outage", "Panne ou interruption") in french.category
    assert ("outage", "Outage") in english.category
    assert ("salarie", "Salarié") in french.motif
    assert [value for value, _ in french.prefecture] == ["15", "2A", "974", "69"]
    assert "unrelated" not in dict(french.category)


def some(values: object) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(values)))  # type: ignore[call-overload]


CHOICES = st.builds(
    Choices,
    st.builds(
        Interest,
        some(PREFECTURES),
        some(set(CATEGORIES) - {"unrelated"}),
        some(MOTIFS),
        st.booleans(),
        st.sampled_from(Severity),
    ),
    st.sampled_from(Cadence),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["Europe/Paris", "Indian/Reunion"]),
    st.booleans(),
)


@given(CHOICES)
def test_choices_that_are_shown_again_and_sent_back_stay_what_they_are(choices: Choices) -> None:
    pairs = [(field, value) for field, values in filled(choices).items() for value in values]
    assert parse(sent(pairs), VOCABULARY) == choices
