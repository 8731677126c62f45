"""A stored page as the lines that a reader would see."""

from __future__ import annotations

import pytest

from tests.fakes.web import article_page, card, cards, list_page
from watcher.layouts.visible import visible_text

HERE = "https://www.cantal.gouv.fr/Actualites"


def test_each_block_is_a_line_and_what_stands_around_the_content_is_left_out() -> None:
    page = article_page("Fermeture", "Le guichet est fermé.", "Il rouvre lundi.")

    assert visible_text(page, HERE, 1000) == "Fermeture\nLe guichet est fermé.\nIl rouvre lundi."


def test_the_cards_of_a_list_are_text_too() -> None:
    page = list_page([card(1, "Une nouvelle"), *cards(3, 2)])

    assert "Une nouvelle" in visible_text(page, HERE, 1000)
    assert "Nouvelle 3" in visible_text(page, HERE, 1000)


def test_scripts_styles_and_comments_are_no_text() -> None:
    page = (
        "<main><script>un</script><style>deux</style><!-- trois --><template>quatre</template>"
        "<p>cinq<br>six</p></main>"
    )

    assert visible_text(page, HERE, 1000) == "cinq\nsix"


def test_line_ends_of_the_source_are_spaces() -> None:
    assert visible_text("<main><p>un\ndeux\r\n  trois</p></main>", HERE, 1000) == "un deux trois"


def test_inline_elements_do_not_part_words() -> None:
    assert visible_text("<main><p>pré<b>fec</b>ture</p></main>", HERE, 1000) == "préfecture"


def test_a_huge_page_is_cut() -> None:
    page = f"<main>{'<p>mot mot mot</p>' * 5000}</main>"

    assert 900 <= len(visible_text(page, HERE, 1000)) <= 1000


@pytest.mark.parametrize("page", ["", "<main>", "pas du HTML", "<main>" + "<div>" * 3000])
def test_no_page_is_too_broken(page: str) -> None:
    assert len(visible_text(page, HERE, 1000)) <= 1000
