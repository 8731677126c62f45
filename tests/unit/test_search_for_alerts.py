"""From the address of a page to what a reader looks for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import SEEN, VOCABULARY, alert
from watcher.core.feed import FeedQuery, Subject
from watcher.core.full_text import findable, says, terms
from watcher.core.search import FIELDS, Search, SearchError, asked, choices, described, parse, told
from watcher.locale import speeches

FRENCH = speeches()["fr"]
NBSP = "\u00a0"
FULL = Search("l'été", "15", "fee", "salarie", verified=True, days=30, after=(SEEN, "a-b&c=é"))


def read(address: str) -> Search:
    return parse(asked(parse_qsl(address, keep_blank_values=True)), VOCABULARY, FRENCH)


def test_an_empty_form_asks_for_everything() -> None:
    assert read("q=&prefecture=&category=&motif=&state=&period=") == read("") == Search()
    assert read("state=all&period=all&utm_source=x") == Search()
    assert not Search().narrowed


def test_every_field_is_read() -> None:
    search = read("q=+L%27%C3%A9t%C3%A9++&prefecture=2a&category=fee&motif=salarie&state=verified&period=7")

    assert search == Search("L'été", "2A", "fee", "salarie", verified=True, days=7)
    assert search.narrowed
    assert search.since(SEEN) == SEEN - timedelta(days=7)


@pytest.mark.parametrize("search", [Search(), FULL, replace(FULL, after=None), Search(days=90)])
def test_the_address_of_a_search_is_read_as_the_same_search(search: Search) -> None:
    assert read(search.query) == search


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("prefecture=999", "Préfecture inconnue : « 999 »"),
        ("category=frais", "Thème inconnu : « frais »"),
        ("motif=rien", "Motif inconnu"),
        ("state=retracted", "État inconnu"),
        ("period=1", "Période inconnue"),
        ("period=7.0", "Période inconnue"),
        ("period=%D9%A7", "Période inconnue"),
        ("q=%3F%21", "Aucun mot dans « ?! »"),
        (f"q={'a' * 201}", "200 caractères au plus"),
        (f"q={'+'.join('abcdefghijklm')}", "8 au plus"),
        ("after=hier", "Suite introuvable"),
        ("after=1757488350000000", "Suite introuvable"),
        ("after=999999999999999999-a", "Suite introuvable"),
        ("after=%D9%A1-a", "Suite introuvable"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_french_line(address: str, trouble: str) -> None:
    with pytest.raises(SearchError, match=r"[.]$") as error:
        read(address)
    assert trouble in str(error.value).replace(NBSP, " ")
    assert "\n" not in str(error.value)


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=300)))
def test_any_address_is_a_search_or_told_what_is_wrong(sent: dict[str, str]) -> None:
    with suppress(SearchError):
        search = parse(asked(sent.items()), VOCABULARY, FRENCH)
        assert read(search.query) == search


def test_a_search_has_a_feed_when_feeds_can_say_the_same() -> None:
    assert Search().feed == FeedQuery()
    assert Search(prefecture="15", verified=True, days=7).feed == FeedQuery(Subject.PREFECTURE, "15")
    assert Search(category="fee").feed == FeedQuery(Subject.CATEGORY, "fee")
    assert Search(motif="salarie").feed == FeedQuery(Subject.MOTIF, "salarie")
    assert Search(motif="salarie", category="fee").feed is None
    assert Search("anef", "15").feed is None


def test_a_search_that_finds_nothing_can_be_widened_by_each_of_its_wishes() -> None:
    wider = [search for _, search in FULL.wider(FRENCH)]

    assert len(wider) == 6
    assert all(search.after is None for search in wider)
    assert Search("anef").wider(FRENCH) == (("sans les mots cherchés", Search()),)
    assert Search().wider(FRENCH) == ()


@pytest.mark.parametrize(
    ("search", "shown", "more", "words"),
    [
        (Search("a"), 0, False, "Aucune alerte"),
        (FULL, 0, False, "Aucune alerte plus ancienne"),
        (Search("a"), 1, False, "1 alerte trouvée"),
        (Search("a"), 3, False, "3 alertes trouvées"),
        (Search(), 3, False, "3 alertes"),
        (Search("a"), 20, True, "Plus de 20 alertes : les 20 plus récentes"),
        (FULL, 20, True, "20 alertes plus anciennes, et d'autres"),
        (FULL, 1, False, "1 alerte plus ancienne"),
    ],
)
def test_the_number_found_is_told_as_far_as_it_is_known(
    search: Search, shown: int, more: bool, words: str
) -> None:
    assert told(search, shown, FRENCH, more=more).replace(NBSP, " ") == words


def test_a_search_is_described_in_the_readers_words() -> None:
    assert described(FULL, VOCABULARY, FRENCH).replace(NBSP, " ") == (
        "« l'été », Cantal (15), Taxes et timbres, Salarié, vérifiées seulement, 30 derniers jours"
    )
    assert described(Search(), VOCABULARY, FRENCH) == ""


def test_the_form_offers_what_a_search_accepts() -> None:
    offered = choices(VOCABULARY, FRENCH)

    assert set(offered) == set(FIELDS) - {"q", "after"}
    for name, values in offered.items():
        assert all(read(f"{name}={value}").narrowed for value, _ in values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'ANEF, jusqu’à l’été", ("anef", "a", "ete")),
        ("Rendez-vous n°12 : œuvre ŒUVRE", ("rendez", "vous", "n", "12", "oeuvre")),
        ("Aujourd'hui ; s'il", ("aujourd", "hui", "il")),
        ("snake_case 1er", ("snake", "case", "1er")),
        ("«  » — … 🙂", ()),
    ],
)
def test_words_are_what_is_left_of_a_text(text: str, words: tuple[str, ...]) -> None:
    assert terms(text) == words


@given(st.text(max_size=80))
def test_words_hold_letters_and_digits_alone_and_find_their_own_text(text: str) -> None:
    words = terms(text)

    assert all(word.isalnum() for word in words)
    assert says(findable(alert(title=text)), words)
