"""Mailboxes and postal addresses that stand in words alone are places as links are."""

from __future__ import annotations

import pytest

from tests.proportion import in_proportion
from watcher.core.written import plainly, written
from watcher.layouts.content import LAYOUT

MAILBOXES = [
    "Écrivez à pref-sejour@val-de-marne.gouv.fr.",
    "Contact : Pref-Sejour[at]val-de-marne.gouv.fr",
    "Contact : pref-sejour (at) val-de-marne [point] gouv.fr",
    "Contact : pref-sejour [arobase] val-de-marne(dot)gouv(dot)fr",
    "Contact : pref-sejour arobase val-de-marne.gouv.fr",
    "pref-sejour@val-de-marne.gouv.fr ou pref-sejour@val-de-marne.gouv.fr",
]
ADDRESSES = [
    "Préfecture, 21-29 avenue du Général de Gaulle, 94038 Créteil Cedex",
    "Préfecture – 21 - 29, av. du Général-de-Gaulle – 94038 CRÉTEIL CEDEX 9",
    "Préfecture 21/29 Avenue du Général de Gaulle 94 038 Créteil cedex",
    "Adresse : 21 et 29, avenue du général de Gaulle, 94038 Créteil",
]


@pytest.mark.parametrize("text", MAILBOXES)
def test_a_mailbox_is_one_however_it_is_hidden_from_robots(text: str) -> None:
    assert [link.ident for link in written(text)] == ["email:pref-sejour@val-de-marne.gouv.fr"]
    assert "pref-sejour@val-de-marne.gouv.fr" in plainly(text).lower()


@pytest.mark.parametrize("text", ADDRESSES)
def test_a_postal_address_is_one_however_it_is_typed(text: str) -> None:
    assert [link.ident for link in written(text)] == ["postal:94038 21 29 av general gaulle"]


def test_a_box_office_and_a_code_alone_with_cedex_are_addresses_too() -> None:
    assert [link.ident for link in written("BP 123, 15005 Aurillac Cedex")] == ["postal:15005 bp 123"]
    assert [link.ident for link in written("15005 Aurillac Cedex")] == ["postal:15005"]


@pytest.mark.parametrize(
    "text",
    [
        "Plus de 12500 demandes ont été déposées.",
        "Un délai de 90 jours (art. L. 423-23) s'applique.",
        "Le rendez-vous (gratuit) se prend en ligne.",
        "Suivez @prefet94 sur les réseaux.",
        "La rue est fermée.",
        "Le code postal 94000 est celui de votre domicile",
    ],
)
def test_words_without_an_address_have_none(text: str) -> None:
    assert written(text) == ()
    assert plainly(text) == text


@pytest.mark.parametrize("words", ["a[at]", "1 rue ", "x", "12345 "])
def test_hostile_texts_are_read_in_linear_time(words: str) -> None:
    assert in_proportion(written, lambda length: words * (length // len(words)) + "@", 10_000)


def test_the_blocks_of_a_page_tell_where_to_write_to() -> None:
    said = "<h1>x</h1><h2>Nous écrire</h2><p>Par courriel : a [at] cantal.gouv.fr</p>"
    (block,) = LAYOUT.extract(f"<main>{said}</main>", "https://www.cantal.gouv.fr/x", {}).items

    assert block.summary == "Par courriel : a@cantal.gouv.fr"
    assert [link.ident for link in block.links] == ["email:a@cantal.gouv.fr"]
