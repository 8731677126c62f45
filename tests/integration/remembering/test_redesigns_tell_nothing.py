"""Archives reach back through two redesigns: what looks different is no news, what is new is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.archives import BEGAN, DAY, MONTH, Kept, Memory, captured
from tests.fakes.old_pages import card, cards, old_guide, old_list
from tests.fakes.watch import SEJOUR
from tests.fakes.web import GUIDE, LIST, MAINTENANCE, Card, framed, guide_page, list_page


@pytest.mark.parametrize("gap", [timedelta(minutes=20), timedelta(hours=6), 9 * DAY, 5 * MONTH], ids=str)
def test_the_same_list_in_another_skin_is_no_news(memory: Memory, gap: timedelta) -> None:
    shown = cards(-9, -8, -7, -6, -5, -4)
    memory.past(*captured(LIST, [(BEGAN, old_list(shown)), (BEGAN + gap, list_page(shown))]))

    assert memory.told() == []


@pytest.mark.parametrize("gap", [timedelta(hours=6), 9 * DAY, 5 * MONTH], ids=str)
def test_an_announcement_that_came_with_the_new_skin_is_news(memory: Memory, gap: timedelta) -> None:
    shown = cards(-9, -8, -7, -6, -5, -4)
    new = Card("Séjour en ligne", (BEGAN + gap).date(), path="Neuf")
    memory.past(*captured(LIST, [(BEGAN, old_list(shown)), (BEGAN + gap, list_page([new, *shown]))]))

    assert memory.told() == [("added", "Séjour en ligne", BEGAN + gap)]


def test_a_list_that_moved_all_its_pages_and_dated_them_anew_is_no_news(memory: Memory) -> None:
    """As migrations do: other addresses, and the day of the migration on every card."""
    shown = cards(-9, -8, -7, -6, -5, -4)
    at = BEGAN + 3 * MONTH
    moved = [Card(one.title, at.date(), path=f"Archives/{n}") for n, one in enumerate(shown)]
    memory.past(
        *captured(LIST, [(BEGAN, old_list(shown)), (at, list_page(moved)), (at + DAY, list_page(moved))])
    )

    assert memory.told() == []


def test_after_a_redesign_the_next_announcement_is_told(memory: Memory) -> None:
    shown = cards(-9, -8, -7, -6, -5, -4)
    at = BEGAN + 6 * MONTH
    memory.past(
        *captured(
            LIST,
            [
                (BEGAN, old_list(shown)),
                (BEGAN + 3 * MONTH, list_page(shown)),
                (at, list_page([card(150), *shown[:5]])),
            ],
        )
    )

    assert memory.told() == [("added", "Séjour nouvelle 150", at)]


@pytest.mark.parametrize("days", [2, 40, 300])
def test_years_in_the_old_skin_are_read_as_well(memory: Memory, days: int) -> None:
    at = BEGAN + days * DAY
    memory.past(
        *captured(
            LIST, [(BEGAN, old_list(cards(-4, -3, -2))), (at, old_list([card(days), *cards(-4, -3, -2)]))]
        )
    )

    assert memory.told() == [("added", f"Séjour nouvelle {days}", at)]


@pytest.mark.parametrize("broken", ["maintenance", "gone", "half", "other"])
def test_a_broken_capture_between_two_good_ones_tells_nothing(memory: Memory, broken: str) -> None:
    shown = cards(-9, -8, -7, -6, -5, -4)
    between = {
        "maintenance": Kept(LIST, BEGAN + MONTH, MAINTENANCE),
        "gone": Kept(LIST, BEGAN + MONTH, framed("Page introuvable", ""), status="404 Not Found"),
        "half": Kept(LIST, BEGAN + MONTH, list_page(shown[:1])),
        "other": Kept(LIST, BEGAN + MONTH, list_page([Card(f"Autre {n}", shown[0].day) for n in range(6)])),
    }[broken]
    memory.past(
        Kept(LIST, BEGAN, list_page(shown)),
        between,
        Kept(LIST, BEGAN + 2 * MONTH, list_page([card(45), *shown])),
    )

    assert memory.told() == [("added", "Séjour nouvelle 45", BEGAN + 2 * MONTH)]


def test_a_content_page_in_another_skin_is_no_news(memory: Memory) -> None:
    sections = [
        ("Dépôt du séjour", ["Au guichet, le lundi matin.", "Prenez un ticket à l'accueil."]),
        ("Pièces à fournir", ["Votre passeport et quatre photos.", "Un justificatif de domicile."]),
        ("Renouvellement", ["Trois mois avant l'expiration.", "Par courrier seulement."]),
    ]
    memory.past(*captured(GUIDE, [(BEGAN, old_guide(*sections)), (BEGAN + 4 * MONTH, guide_page(*sections))]))

    assert memory.told() == []


def test_a_sentence_that_changed_on_a_content_page_is_told(memory: Memory) -> None:
    rest = ("Pièces à fournir", ["Votre passeport et quatre photos.", "Un justificatif de domicile."])
    at = BEGAN + 4 * MONTH
    memory.past(
        Kept(GUIDE, BEGAN, guide_page(("Dépôt du séjour", ["Au guichet, le lundi matin."]), rest)),
        Kept(GUIDE, at, guide_page(("Dépôt du séjour", ["Sur rendez-vous, en ligne."]), rest)),
    )

    (alert,) = memory.alerts()
    assert (alert.source, alert.detected_at) == (SEJOUR.id, at)
    assert "Sur rendez-vous" in alert.summary
    assert "Au guichet" in alert.before


def test_an_announcement_without_a_day_is_told_where_all_else_stayed(memory: Memory) -> None:
    """An archive did not sleep for months: what stands next to known entries is new since its last capture."""
    shown = "".join(f'<li><h3><a href="{LIST}/u{n}">Ancienne {n}</a></h3></li>' for n in range(6))
    new = f'<li><h3><a href="{LIST}/neuf">Séjour : du neuf</a></h3></li>'
    at = BEGAN + 5 * MONTH
    memory.past(
        *captured(
            LIST,
            [
                (BEGAN, framed("Actualités", f"<ul>{shown}</ul>")),
                (at, framed("Actualités", f"<ul>{new}{shown}</ul>")),
            ],
        )
    )

    assert memory.told() == [("added", "Séjour : du neuf", at)]


def test_a_list_that_turned_over_entirely_between_captures_tells_what_was_published_since(
    memory: Memory,
) -> None:
    """The watch would have looked again an hour later; the archive did not, and its page stood as it was."""
    lists = [(BEGAN, list_page(cards(-4, -3, -2, -1)))]
    lists += [(BEGAN + n * MONTH, list_page(cards(*range(30 * n - 8, 30 * n - 4)))) for n in (1, 2, 3)]
    memory.past(*captured(LIST, lists))

    assert [at for _, _, at in memory.told()] == [BEGAN + n * MONTH for n in (1, 2, 3) for _ in range(4)]
    assert len({title for _, title, _ in memory.told()}) == 12


def test_what_left_the_middle_of_a_list_is_told_at_the_capture_that_lacks_it(memory: Memory) -> None:
    at = BEGAN + 2 * DAY
    memory.past(
        *captured(LIST, [(BEGAN, list_page(cards(-9, -8, -7, -6))), (at, list_page(cards(-9, -7, -6)))])
    )

    assert memory.told() == [("withdrawn", "Séjour nouvelle -8", at)]


def test_menus_of_the_old_skin_are_no_part_of_a_page(memory: Memory) -> None:
    """There no element said where the page itself began."""
    sections = [
        ("Dépôt du séjour", ["Au guichet, le lundi matin, sur présentation de l'original de vos pièces."])
    ]
    before = old_guide(*sections)
    after = before.replace(
        "</ul></div>", '<li><a href="/sejour">Le séjour, du nouveau en préfecture</a></li></ul></div>'
    )
    assert after != before
    memory.past(*captured(GUIDE, [(BEGAN, before), (BEGAN + 3 * MONTH, after)]))

    assert memory.told() == []


def test_boxes_beside_a_list_of_the_old_skin_are_no_part_of_it(memory: Memory) -> None:
    shown = cards(-4, -3, -2)
    at = BEGAN + 3 * DAY
    box = (
        f'<div id="une"><h3><a href="/Publications/acte">Séjour : recueil</a></h3><p>{at:%d/%m/%Y}</p></div>'
    )
    after = old_list(shown).replace('<div id="menu">', f'{box}<div id="menu">')
    assert box in after
    memory.past(*captured(LIST, [(BEGAN, old_list(shown)), (at, after)]))

    assert memory.told() == []
