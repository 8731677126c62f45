"""Content pages: sections that say something else, told once each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from watcher.core.compare import Comparison
from watcher.core.compare_blocks import compare_blocks, lost_blocks
from watcher.core.items import Attachment, Item, ItemKind, LinkKind, OfficialLink, Snapshot

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


def compare(*after: Item, before: tuple[Item, ...] = PAGE) -> Comparison:
    baseline = Snapshot("94-sejour", 1, datetime(2025, 9, 8, tzinfo=UTC), "content", 1, "", "", before)
    return compare_blocks(baseline, after)


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Of each difference what it is, the words that went and those that came."""
    return [
        (str(d.kind), d.before.summary if d.before else "", d.after.summary if d.after else "")
        for d in comparison.differences
    ]


def lines(texts: str, *section: str) -> list[Item]:
    return [block(text, *section) for text in texts.split(" | ")]


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

    def test_a_link_that_comes_with_what_was_joined_is_told_with_the_words_before(self) -> None:
        joined = replace(PAGE[1], summary="Étudiant ; visiteur.", links=(RDVPREF,))

        found = compare(PAGE[0], joined, *PAGE[3:])

        assert told(found) == [("edited", "Étudiant\nVisiteur", "Étudiant ; visiteur.")]

    def test_the_only_link_of_a_page_in_what_was_split_is_no_news(self) -> None:
        halves = [replace(PAGE[3], summary=part) for part in ("Prenez", "rendez-vous")]

        assert not compare(*PAGE[:3], *halves, PAGE[4]).differences
        assert not compare(*PAGE, before=(*PAGE[:3], *halves, PAGE[4])).differences

    def test_the_first_words_of_a_page_that_are_joined(self) -> None:
        assert not compare(
            block("Se présenter au guichet"), before=tuple(lines("Se présenter | au guichet"))
        ).differences

    def test_words_that_stand_in_longer_sentences_too(self) -> None:
        around = "Dépôt en ligne possible | {} | Pas de dépôt en ligne"
        split, joined = (
            lines(around.format(text), "Dépôt") for text in ("Dépôt | en ligne", "Dépôt en ligne")
        )

        assert not compare(*joined, before=tuple(split)).differences
        assert not compare(*split, before=tuple(joined)).differences

    def test_a_line_that_says_what_a_heading_says(self) -> None:
        twice = (*PAGE, block("Hors ANEF", "Titre de séjour"))

        assert not compare(*twice).differences
        assert not compare(*PAGE, before=twice).differences

    def test_a_page_of_more_than_400_other_lines_is_told_as_it_is(self) -> None:
        whole = [block(f"Motif {n} : pièces, délai", "Motifs") for n in range(100)]
        parts = [one for n in range(100) for one in lines(f"Motif {n} | pièces | délai", "Motifs")]

        assert not compare(*parts, before=tuple(whole)).differences
        (difference,) = compare(*parts, block("Nouveau", "Motifs"), before=tuple(whole)).differences
        assert difference.after
        assert len(difference.after.summary.split("\n")) == 301


def test_a_link_swapped_under_the_same_words_is_an_edit() -> None:
    (difference,) = compare(*PAGE[:3], replace(PAGE[3], links=(RDVPREF,)), PAGE[4]).differences

    assert difference.kind == "edited"
    assert difference.before
    assert difference.after
    assert (difference.before.links, difference.after.links) == ((BOOKING,), (RDVPREF,))


def test_a_renamed_heading_over_the_same_text_is_no_news() -> None:
    renamed = [replace(b, section=("Demander un titre", *b.section[1:])) for b in PAGE]

    assert not compare(*renamed).differences


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        ("Étudiant | Visiteur", "Étudiant | Talent", [("edited", "Visiteur", "Talent")]),
        ("Étudiant", "Étudiant | Talent", [("edited", "", "Talent")]),
        (
            "Étudiant | Visiteur",
            "Étudiant | Talent | Conjoint",
            [("added", "", "Talent\nConjoint"), ("withdrawn", "Visiteur", "")],
        ),
        (
            "Étudiant | Visiteur | Conjoint",
            "Étudiant | Talent",
            [("added", "", "Talent"), ("withdrawn", "Visiteur\nConjoint", "")],
        ),
    ],
)
def test_a_section_under_another_heading_is_the_same_one_if_half_its_lines_are(
    before: str, after: str, news: list[tuple[str, str, str]]
) -> None:
    found = compare(*lines(after, "Dépôt"), before=tuple(lines(before, "Sur l'ANEF")))

    assert told(found) == news


def test_a_section_under_the_same_innermost_heading_is_the_same_one_whatever_it_says() -> None:
    before = (*lines("Étudiant", "Séjour", "Sur l'ANEF"), *lines("Salarié", "Séjour", "Au guichet"))
    after = (*lines("Talent", "Titre", "Au guichet"), *lines("Conjoint", "Titre", "Sur l'ANEF"))

    assert told(compare(*after, before=before)) == [
        ("edited", "Salarié", "Talent"),
        ("edited", "Étudiant", "Conjoint"),
    ]


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        (("Séjour", "Dépôt", "Sur l'ANEF"), ("Séjour", "Guichet", "Sur l'ANEF"), True),
        (("Séjour", "Dépôt", "Sur l'ANEF"), ("Sur l'ANEF",), True),
        (("Sur l'ANEF",), ("Séjour", "Sur l'ANEF"), True),
        (("Séjour", "Sur l'ANEF"), ("Séjour", "Au guichet"), False),
        (("Séjour", "Dépôt", "Sur l'ANEF"), ("Séjour", "Dépôt", "Au guichet"), False),
        (("Séjour",), (), False),
        ((), ("Séjour",), False),
    ],
)
def test_the_innermost_heading_alone_says_which_section_it_is(
    was: tuple[str, ...], now: tuple[str, ...], same: bool
) -> None:
    found = compare(block("Talent", *now), before=(block("Étudiant", *was),))

    assert [kind for kind, _, _ in told(found)] == (["edited"] if same else ["added", "withdrawn"])


def test_a_line_is_counted_as_often_as_it_stands_there() -> None:
    twice = (*PAGE, PAGE[4], PAGE[4])

    assert not compare(*twice, before=twice).differences
    assert told(compare(*PAGE, PAGE[4], before=twice)) == [("edited", "Salarié", "")]
    assert told(compare(*twice, before=(*PAGE, PAGE[4]))) == [("edited", "", "Salarié")]


def test_of_two_sections_that_are_gone_one_gives_its_line_to_a_new_one() -> None:
    before = (
        *lines("Sur rendez-vous | Lundi | Matin", "Créteil"),
        *lines("Sur rendez-vous | Mardi | Soir", "Nogent"),
    )
    after = lines("Sur rendez-vous | Jeudi | Midi", "L'Haÿ")

    assert told(compare(*after, before=before)) == [
        ("added", "", "Jeudi\nMidi"),
        ("withdrawn", "Lundi\nMatin\nSur rendez-vous\nMardi\nSoir", ""),
    ]


def test_a_qr_code_that_leads_where_its_section_leads_is_no_news() -> None:
    code = block("QR code", *PAGE[3].section, links=(BOOKING,))
    other = replace(code, links=(RDVPREF,))

    assert not compare(*PAGE, code).differences
    assert not compare(*PAGE, before=(*PAGE, code)).differences
    assert told(compare(*PAGE, other)) == [("edited", "", "QR code")]
    assert told(compare(*PAGE, before=(*PAGE, other))) == [("edited", "QR code", "")]


def test_another_file_under_the_same_words_is_news() -> None:
    form, other = (
        replace(PAGE[4], attachments=(Attachment("Formulaire", name, f"{URL}/{name}"),))
        for name in ("cerfa-15186.pdf", "cerfa-16124.pdf")
    )
    (difference,) = compare(*PAGE[:4], other, before=(*PAGE[:4], form)).differences

    assert difference.before
    assert difference.after
    assert (difference.before.attachments, difference.after.attachments) == (
        form.attachments,
        other.attachments,
    )


def test_it_is_known_how_many_lines_stay_and_how_many_are_lost() -> None:
    found = [compare(*PAGE), compare(*PAGE[:3]), compare(*PAGE[:1]), compare(*PAGE, block("Talent"))]

    assert [(one.kept, lost_blocks(one)) for one in found] == [(5, 0), (3, 2), (1, 4), (5, 0)]


def test_new_sections_are_one_announcement_only_where_nothing_stands_between_them() -> None:
    first, second = block("Fermé le 2 mai.", "Mai"), block("Fermé le 8 juin.", "Juin")
    edited = replace(PAGE[4], summary="Salarié détaché")

    assert told(compare(first, *PAGE, second)) == [
        ("added", "", first.summary),
        ("added", "", second.summary),
    ]
    assert told(compare(*PAGE[:4], edited, second)) == [
        ("edited", "Salarié", "Salarié détaché"),
        ("added", "", second.summary),
    ]
    assert told(compare(*PAGE[:3], second)) == [
        ("added", "", second.summary),
        ("withdrawn", "Prenez rendez-vous.\nSalarié", ""),
    ]


def test_sections_that_come_or_go_together_are_told_with_all_they_say() -> None:
    both = (*lines("Lundi | Mardi", "Créteil"), *lines("Jeudi", "Nogent"))
    (come,), (gone,) = compare(*PAGE, *both).differences, compare(*PAGE, before=(*PAGE, *both)).differences

    assert (come.before, come.context_before, come.context_after) == (None, "", "Lundi\nMardi\nJeudi")
    assert (gone.after, gone.context_before, gone.context_after) == (None, "Lundi\nMardi\nJeudi", "")


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
