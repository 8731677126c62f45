"""Lists of cards: what is news, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proportion import in_proportion
from watcher.core.changes import ChangeKind
from watcher.core.compare import Comparison, compare_cards, fingerprint, remember, same_words, seen_before
from watcher.core.items import Attachment, Item, ItemKind, LinkKind, OfficialLink, Snapshot

DAY = date(2025, 9, 8)
NOW = datetime(2025, 9, 8, 9, tzinfo=UTC)


def card(number: int, title: str = "", day: date | None = None, **fields: object) -> Item:
    """The `number`th card of a list, the higher the newer."""
    item = Item(
        kind=ItemKind.CARD,
        key=f"https://www.cantal.gouv.fr/Actualites/Article-{number}",
        title=title or f"Article {number}",
        address=f"https://www.cantal.gouv.fr/Actualites/Article-{number}",
        published=day or DAY + timedelta(days=number),
    )
    return replace(item, **fields)  # type: ignore[arg-type]


def snapshot(items: list[Item], **fields: object) -> Snapshot:
    base = Snapshot(
        source="15-actualites",
        number=1,
        taken_at=NOW,
        layout="dsfr",
        version=1,
        template="t",
        site="Les services de l'État dans le Cantal",
        items=tuple(items),
        more=True,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def page(newest: int, size: int = 10) -> list[Item]:
    return [card(n) for n in range(newest, newest - size, -1)]


def kinds(comparison: Comparison) -> list[tuple[str, str]]:
    return [(d.kind.value, d.item.title) for d in comparison.differences]


def test_the_same_list_in_another_order_is_no_news() -> None:
    items = page(20)

    assert compare_cards(snapshot(items), items[::-1]) == Comparison(kept=10)


@given(st.permutations(page(20)))
def test_no_permutation_is_news(items: list[Item]) -> None:
    assert not compare_cards(snapshot(page(20)), items).differences


def test_a_newcomer_is_added_and_pushes_the_oldest_out() -> None:
    comparison = compare_cards(snapshot(page(20)), page(21))

    assert kinds(comparison) == [("added", "Article 21"), ("aged_out", "Article 11")]
    assert not comparison.vanished


def test_only_as_many_may_age_out_as_newcomers_pushed() -> None:
    comparison = compare_cards(snapshot(page(20)), page(21)[:8])

    assert len(comparison.of(ChangeKind.AGED_OUT)) == 1
    assert len(comparison.vanished) == 2


def test_an_item_that_left_the_middle_has_vanished_and_what_it_pulled_up_is_no_news() -> None:
    shown = [item for item in page(20, 11) if item.title != "Article 17"]

    comparison = compare_cards(snapshot(page(20)), shown)

    assert not comparison.differences
    assert [i.title for i in comparison.vanished] == ["Article 17"]
    assert [i.title for i in comparison.resurfaced] == ["Article 10"]


def test_a_longer_page_shows_old_items_not_new_ones() -> None:
    assert not compare_cards(snapshot(page(20)), page(20, 20)).differences


def test_a_whole_short_list_has_no_older_page_to_pull_from() -> None:
    """A second child with an older date, in a rubric that held one, is new."""
    comparison = compare_cards(snapshot([card(20)], more=False), [card(20), card(12)])

    assert kinds(comparison) == [("added", "Article 12")]


def test_typography_dates_and_images_are_no_edit() -> None:
    before = card(1, "L'accueil des étrangers : n° 2 « rendez-vous »")
    after = card(1, 'L’ACCUEIL DES ÉTRANGERS : n°2 "rendez-vous"', day=DAY)

    comparison = compare_cards(snapshot([before]), [after])

    assert not comparison.differences
    assert comparison.touched == (after,)


def test_an_excerpt_cut_elsewhere_is_no_edit() -> None:
    before = card(1, summary="Les démarches de séjour se font (...)")
    after = card(1, summary="Les démarches de séjour se font désormais en ligne (...)")

    assert not compare_cards(snapshot([before]), [after]).differences


def test_other_words_are_an_edit() -> None:
    comparison = compare_cards(snapshot([card(1, "Fermeture le 2 mai")]), [card(1, "Fermeture le 9 mai")])

    assert kinds(comparison) == [("edited", "Fermeture le 9 mai")]


def test_the_same_title_and_day_at_another_address_has_moved() -> None:
    before = card(1, "Fermeture exceptionnelle")
    after = replace(before, key=before.key + "2", address=before.address + "2")

    assert kinds(compare_cards(snapshot([before]), [after])) == [("moved", "Fermeture exceptionnelle")]


def test_a_document_uploaded_again_has_moved() -> None:
    file = Attachment(
        "Tarifs", "tarifs.pdf", "https://www.cantal.gouv.fr/contenu/telechargement/1/2/file/tarifs.pdf"
    )
    before = card(1, "Tarifs", attachments=(file,))
    again = replace(file, address=file.address.replace("/2/", "/9/"))
    after = replace(before, key=again.address, published=DAY + timedelta(days=30), attachments=(again,))

    assert kinds(compare_cards(snapshot([before]), [after])) == [("moved", "Tarifs")]


def test_an_item_that_comes_back_is_no_news() -> None:
    first = snapshot(page(20))
    then = snapshot(page(21), past=remember(first, page(21)))

    comparison = compare_cards(then, page(20))

    assert [i.title for i in comparison.vanished] == ["Article 21"]
    assert not comparison.of(ChangeKind.ADDED)


def test_a_version_that_was_there_before_is_recognised() -> None:
    first = snapshot([card(1, "Fermeture le 2 mai")])
    then = snapshot([card(1, "Fermeture le 9 mai")], past=remember(first, [card(1, "Fermeture le 9 mai")]))

    assert seen_before(then, card(1, "Fermeture le 2 mai"))
    assert not seen_before(then, card(1, "Fermeture le 16 mai"))


def test_what_an_item_says_has_the_same_mark_in_all_versions_of_the_program() -> None:
    """Marks are kept: another way to make them would call every known item edited."""
    item = card(
        1,
        summary="Le guichet est fermé…",
        attachments=(Attachment("Liste des pièces", "a.pdf", "https://x.gouv.fr/a.pdf"),),
        links=(OfficialLink(LinkKind.PROCEDURE, "demarche:x", "https://x.gouv.fr/x"),),
    )

    assert fingerprint(item) == "2a7fd99455df43314e0c69d8"
    assert fingerprint(card(1)) == "9fc4cf04c82de7617d7db1db"


def test_of_two_items_with_one_title_and_day_each_moves_once() -> None:
    old = [card(number, "Fermeture", DAY) for number in (1, 2)]
    new = [card(number, "Fermeture", DAY) for number in (11, 12, 13)]

    found = compare_cards(snapshot(old), new)

    moved = found.of(ChangeKind.MOVED)
    assert [(d.before, d.after) for d in moved] == [(old[0], new[0]), (old[1], new[1])]
    assert [d.item for d in found.of(ChangeKind.ADDED)] == [new[2]]


def test_an_excerpt_that_is_cut_elsewhere_says_the_same() -> None:
    whole = "Le guichet des titres de séjour est fermé lundi matin"
    for cut in ("Le guichet des titres de séjour est… ", "Le guichet des titres de séjour est fermé [...]"):
        found = compare_cards(snapshot([card(1, summary=whole)]), [card(1, summary=cut)])
        assert not found.differences
    other = compare_cards(
        snapshot([card(1, summary=whole)]), [card(1, summary="Le guichet des…", title="Article 1")]
    )
    assert not other.differences


ACCUEIL = "Le guichet des titres de séjour est fermé lundi matin"
FORM = Attachment("Formulaire", "cerfa.pdf", "https://www.cantal.gouv.fr/1/cerfa.pdf", "PDF - 1 Mo")
BOOKING = OfficialLink(
    LinkKind.BOOKING, "booking:www.cantal.gouv.fr/1", "https://www.cantal.gouv.fr/booking/1"
)


@pytest.mark.parametrize("cut", ["…", "...", "(…)", "(...)", "[…]", "[...]", " (...) ", " […]\n"])
def test_however_an_excerpt_is_cut_it_says_the_same_as_the_whole(cut: str) -> None:
    short = card(1, summary=f"Le guichet des titres{cut}")
    whole = card(1, summary=ACCUEIL)

    assert same_words(short, whole)
    assert same_words(whole, short)
    assert not same_words(short, card(1, summary="Le guichet est fermé"))
    assert not same_words(whole, card(1, summary=f"Titres de séjour{cut}"))
    assert not same_words(whole, card(1, summary=f"{cut} est fermé lundi matin"))
    assert fingerprint(short) == fingerprint(card(1, summary="Le guichet des titres"))


@pytest.mark.parametrize("cut", ["Le guichet … (...) ", "Le guichet... […]", "Le guichet..."])
def test_an_excerpt_that_is_cut_twice_says_what_is_left_of_it(cut: str) -> None:
    assert fingerprint(card(1, summary=cut)) == fingerprint(card(1, summary="Le guichet"))
    assert same_words(card(1, summary=cut), card(1, summary=ACCUEIL))
    assert not same_words(card(1, summary=cut), card(1, summary="Ce guichet"))


@pytest.mark.parametrize("cut", ["…", " (...) "])
def test_an_excerpt_that_is_nothing_but_a_cut_is_none(cut: str) -> None:
    assert fingerprint(card(1, summary=cut)) == fingerprint(card(1))
    assert same_words(card(1, summary=cut), card(1, summary=ACCUEIL))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ({"summary": ACCUEIL}, {"summary": ACCUEIL.upper()}, True),
        ({"summary": ACCUEIL}, {}, True),
        ({}, {"summary": ACCUEIL}, True),
        ({"summary": ACCUEIL}, {"summary": f"{ACCUEIL} et mardi"}, False),
        ({"summary": ACCUEIL}, {"summary": "Le guichet est ouvert"}, False),
        ({"title": "Fermé", "summary": ACCUEIL}, {"title": "Ouvert", "summary": ACCUEIL}, False),
        ({"attachments": (FORM,)}, {"attachments": (replace(FORM, label="FORMULAIRE"),)}, True),
        ({"attachments": (FORM,)}, {"attachments": (replace(FORM, address="x"),)}, True),
        ({"attachments": (FORM,)}, {"attachments": (replace(FORM, name="cerfa-2.pdf"),)}, False),
        ({"attachments": (FORM,)}, {"attachments": (replace(FORM, label="Notice"),)}, False),
        ({"attachments": (FORM,)}, {}, False),
        ({"links": (BOOKING,)}, {"links": (replace(BOOKING, label="ici"),)}, True),
        ({"links": (BOOKING,)}, {"links": (replace(BOOKING, ident="booking:www.cantal.gouv.fr/2"),)}, False),
        ({"links": (BOOKING,)}, {}, False),
    ],
)
def test_a_card_is_edited_if_its_title_excerpt_files_or_places_are_others(
    before: dict[str, Any], after: dict[str, Any], same: bool
) -> None:
    old, new = card(1, **before), card(1, **after)
    found = compare_cards(snapshot([old]), [new])

    assert kinds(found) == ([] if same else [("edited", new.title)])


@pytest.mark.parametrize(
    ("after", "touched"),
    [
        ({}, False),
        ({"summary": ACCUEIL}, False),
        ({"day": DAY}, True),
        ({"updated": DAY}, True),
        ({"attachments": (replace(FORM, address="https://www.cantal.gouv.fr/2/cerfa.pdf"),)}, True),
        ({"attachments": (replace(FORM, detail="PDF - 2 Mo"),)}, True),
        ({"title": "Autre", "updated": DAY}, False),
    ],
)
def test_a_card_of_another_day_or_with_its_file_sent_again_is_looked_at(
    after: dict[str, Any], touched: bool
) -> None:
    new = card(1, **{"attachments": (FORM,)} | after)

    assert compare_cards(snapshot([card(1, attachments=(FORM,))]), [new]).touched == (
        (new,) if touched else ()
    )


@pytest.mark.parametrize("title", ["", "Avis"], ids=["titles of their own", "one title"])
def test_ten_thousand_cards_that_all_make_way_for_others_are_compared_in_linear_time(title: str) -> None:
    def two_lists(length: int) -> tuple[Snapshot, list[Item]]:
        after = [card(n, title, DAY - timedelta(days=n + 1)) for n in range(length + 1, 2 * length + 1)]
        return snapshot([card(n, title) for n in range(length)]), after

    assert in_proportion(lambda lists: compare_cards(*lists), two_lists, 10_000)
    assert compare_cards(*two_lists(10_000)).kept == 0


def test_of_many_with_one_title_each_moves_to_that_of_its_own_day() -> None:
    before = [card(n, "Avis") for n in (3, 2, 1)]
    after = [card(n + 10, "Avis", DAY + timedelta(days=n)) for n in (1, 2, 3)]

    moved = compare_cards(snapshot(before), after).differences

    assert {(d.before.address, d.after.address) for d in moved if d.before and d.after} == {
        (before[2].address, after[0].address),
        (before[1].address, after[1].address),
        (before[0].address, after[2].address),
    }
