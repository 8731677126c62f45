"""Content pages: sections that say something else, told once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from watcher.core.compare import Comparison
from watcher.core.compare_blocks import compare_blocks
from watcher.core.items import Item, ItemKind, LinkKind, OfficialLink, Snapshot

URL = "https://www.val-de-marne.gouv.fr/Demarches/Etrangers"
BOOKING = OfficialLink(LinkKind.BOOKING, "booking:www.val-de-marne.gouv.fr/4963", URL)
RDVPREF = OfficialLink(LinkKind.RDV_PREFECTURE, "rdvpref:16040", URL)


def block(text: str, *section: str, links: tuple[OfficialLink, ...] = ()) -> Item:
    return Item(
        kind=ItemKind.BLOCK,
        key=f"{section}{text}",
        title=section[-1] if section else "",
        address=URL,
        summary=text,
        section=section,
        links=links,
    )


PAGE = (
    block("Les demandes se font en ligne.", "Titre de séjour"),
    block("Étudiant", "Titre de séjour", "Sur l'ANEF"),
    block("Visiteur", "Titre de séjour", "Sur l'ANEF"),
    block("Prenez rendez-vous.", "Titre de séjour", "Hors ANEF", links=(BOOKING,)),
    block("Salarié", "Titre de séjour", "Hors ANEF"),
)


def compare(*after: Item) -> Comparison:
    baseline = Snapshot("94-sejour", 1, datetime(2025, 9, 8, tzinfo=UTC), "content", 1, "", "", PAGE)
    return compare_blocks(baseline, after)


def test_order_and_typography_are_no_news() -> None:
    shouted = replace(PAGE[0], summary="LES DEMANDES SE FONT EN LIGNE.")

    assert not compare(shouted, PAGE[2], PAGE[1], PAGE[3], PAGE[4]).differences


def test_a_line_added_to_a_list_comes_with_the_list_before_and_after() -> None:
    (difference,) = compare(*PAGE[:3], block("Talent", *PAGE[1].section), *PAGE[3:]).differences

    assert difference.kind == "edited"
    assert difference.item.summary == "Talent"
    assert difference.context_before == "Étudiant\nVisiteur"
    assert difference.context_after == "Étudiant\nVisiteur\nTalent"


def test_a_line_that_moves_between_two_sections_that_stay_is_news_of_both() -> None:
    """« Salarié » was filed at the counter and is filed on ANEF now: nothing is more worth telling."""
    moved = replace(PAGE[4], section=PAGE[1].section)

    there, here = compare(*PAGE[:3], moved, PAGE[3]).differences

    assert (there.kind, here.kind) == ("edited", "edited")
    assert (there.after and there.after.summary, here.before and here.before.summary) == (
        "Salarié",
        "Salarié",
    )
    assert (here.context_before, here.context_after) == (
        "Prenez rendez-vous.\nSalarié",
        "Prenez rendez-vous.",
    )


def test_lines_whose_section_is_gone_and_that_stand_elsewhere_now_are_no_news() -> None:
    flat = [replace(b, section=("Titre de séjour",)) for b in PAGE]

    assert not compare(*flat).differences


class TestTheSameWordsCutElsewhere:
    """A template that joins paragraphs, splits them or shows headings as text says nothing new."""

    def test_paragraphs_that_are_joined(self) -> None:
        joined = replace(PAGE[1], summary="Étudiant ; visiteur.")

        assert not compare(PAGE[0], joined, *PAGE[3:]).differences

    def test_a_paragraph_that_is_split(self) -> None:
        halves = [replace(PAGE[0], summary=part) for part in ("Les demandes", "se font", "en ligne")]

        assert not compare(*halves, *PAGE[1:]).differences

    def test_headings_that_are_shown_as_text(self) -> None:
        texts = [
            block(text, "Titre de séjour") for text in ("Sur l'ANEF", "Étudiant", "Visiteur", "Hors ANEF")
        ]
        rest = [replace(b, section=("Titre de séjour",)) for b in PAGE[3:]]

        assert not compare(PAGE[0], *texts, *rest).differences

    def test_a_word_more_in_what_was_joined_is_news(self) -> None:
        joined = replace(PAGE[1], summary="Étudiant ; visiteur ; talent.")

        (difference,) = compare(PAGE[0], joined, *PAGE[3:]).differences

        assert (difference.kind, difference.context_after) == ("edited", "Étudiant ; visiteur ; talent.")

    def test_another_link_in_what_was_split_is_news(self) -> None:
        halves = [replace(PAGE[3], summary=part, links=(RDVPREF,)) for part in ("Prenez", "rendez-vous")]

        assert len(compare(*PAGE[:3], *halves, PAGE[4]).differences) == 1


def test_a_link_swapped_under_the_same_words_is_an_edit() -> None:
    (difference,) = compare(*PAGE[:3], replace(PAGE[3], links=(RDVPREF,)), PAGE[4]).differences

    assert difference.kind == "edited"
    assert difference.before
    assert difference.after
    assert (difference.before.links, difference.after.links) == ((BOOKING,), (RDVPREF,))


def test_a_renamed_heading_over_the_same_text_is_no_news() -> None:
    renamed = [replace(b, section=("Demander un titre", *b.section[1:])) for b in PAGE]

    assert not compare(*renamed).differences


def test_several_new_sections_in_a_row_are_one_announcement() -> None:
    opened = (
        block("À compter du 1er octobre 2025, prenez rendez-vous en ligne.", "Étrangers dans le Cantal"),
        block("Vérifiez votre motif.", "Étrangers dans le Cantal", "Demander un titre de séjour"),
    )

    (difference,) = compare(*PAGE, *opened).differences

    assert difference.kind == "added"
    assert difference.item.summary == "\n".join(b.summary for b in opened)


def test_a_section_that_is_gone_is_withdrawn() -> None:
    (difference,) = compare(*PAGE[:3]).differences

    assert difference.kind == "withdrawn"
    assert difference.context_after == ""
