"""The replica's pages: as heavy, as untidy and as changeable as real ones."""

from __future__ import annotations

import re
from functools import cache

import pytest

from watcher.replica.answers import Answer
from watcher.replica.model import Moment
from watcher.replica.prefectures import NAMES
from watcher.replica.routes import respond, understand
from watcher.replica.sites import EMPTY_IDS, REGION, Site, Skin, build_site
from watcher.replica.skins.slots import Template, slot
from watcher.replica.week.build import play

SEED = 2025
ALL = (*NAMES, REGION)
LAST = 22


@cache
def sites(seed: int = SEED, prefix: str = "") -> dict[str, Site]:
    return {code: build_site(code, seed, "http://127.0.0.1:1", prefix) for code in ALL}


@cache
def week(seed: int = SEED) -> tuple[Moment, ...]:
    return play(sites(seed), seed)


def ask(code: str, path: str, step: int = 0, cookie: str = "pp_visite=1") -> Answer:
    return respond(sites()[code], SEED, week()[step].states[code], understand(path, cookie))


def text(answer: Answer) -> str:
    return answer.body.decode()


def cards(page: str) -> list[str]:
    """The targets of the white cards, in page order."""
    return re.findall(r'class="fr-card__link[^"]*"[^>]* href="([^"]+)"', page)


@pytest.mark.parametrize("step", [0, 7, 12, LAST])
@pytest.mark.parametrize("code", ALL)
def test_every_kind_of_page_weighs_60_to_100_kilobytes(code: str, step: int) -> None:
    site, state = sites()[code], week()[step].states[code]
    paths = (site.list_path, f"{site.list_path}/(offset)/10", state.news[0].path, state.guide.path, "/")
    sizes = {path: len(ask(code, path, step).body) for path in paths}

    assert all(60_000 <= size <= 100_000 for size in sizes.values()), sizes


@pytest.mark.parametrize("code", ["15", "37", "75", REGION])
def test_two_requests_differ_in_ids_and_tokens_and_in_nothing_else(code: str) -> None:
    site, state = sites()[code], week()[0].states[code]
    for path in (site.list_path, state.guide.path, state.news[0].path):
        one, two = text(ask(code, path)), text(ask(code, path))

        assert one != two
        assert re.sub(r"[0-9a-f]{32}", "", one) == re.sub(r"[0-9a-f]{32}", "", two)


def test_a_slot_used_twice_on_a_page_gets_the_same_digits() -> None:
    filled = Template.of(f"é {slot('a')} {slot('b')} {slot('a')}").fill().decode().split()

    assert filled[0] == "é"
    assert filled[1] == filled[3] != filled[2]
    assert re.fullmatch(r"[0-9a-f]{32}", filled[1])


def test_every_accordion_button_controls_a_panel_of_the_page() -> None:
    page = text(ask("15", week()[0].states["15"].guide.path))
    controls = re.findall(r'aria-controls="(accordion-[^"]+)"', page)

    assert len(controls) >= 2
    assert all(page.count(f'id="{panel}"') == 1 for panel in controls)


def test_lists_have_ten_cards_a_page_and_none_past_the_end() -> None:
    count = len(week()[0].states["01"].news)
    pages = [cards(text(ask("01", f"/Actualites/(offset)/{start}"))) for start in range(0, count, 10)]
    beyond = ask("01", "/Actualites/(offset)/400")

    assert [len(page) for page in pages[:-1]] == [10] * (len(pages) - 1)
    assert sum(map(len, pages)) == len(set().union(*pages)) == count
    assert (beyond.status, cards(text(beyond))) == (200, [])
    assert '<main role="main">' in text(beyond)


def test_grey_rubric_cards_stand_beside_dated_white_ones_under_unquoted_ids() -> None:
    page = text(ask("15", "/Actualites"))

    assert page.count("fr-card--grey") >= 3
    assert page.count("Publié le ") == 10
    assert re.search(r'<div id=[0-9a-f]{32} class="fr-card fr-card--horizontal', page)


def test_sites_differ_in_their_headings_dates_and_excerpts() -> None:
    firsts = [text(ask(code, "/Actualites")) for code in ALL if sites()[code].skin is Skin.DSFR]

    for variant in (
        '<h2 class="fr-card__title">\n<a class',
        '<h3 class="fr-card__title">\n<a class',
        '<p class="fr-card__detail"><span>Publié le',
        '<p class="fr-card__detail">Publié le',
        '<p class="fr-card__detail">Mis à jour le',
        " (...)</p>",
    ):
        assert 0 < sum(variant in page for page in firsts) < len(firsts), variant


def test_cards_of_files_carry_their_day_only_in_the_title_of_the_link() -> None:
    page = text(ask("92", "/Actualites"))
    card = next(part for part in page.split("fr-card--horizontal") if "menu-item-link" in part)

    assert re.search(r'title="format pdf - 1,10 Mb - \d\d/\d\d/2025" href="/contenu/telechargement/', card)
    assert "fr-card__detail" not in card
    assert re.search(r">\s+2025-\d\d-\d\d ", card)


def test_some_lists_hold_decoys_undated_cards_and_links_to_elsewhere() -> None:
    pages = [
        text(ask(code, f"/Actualites/(offset)/{offset}"))
        for code in ALL
        for offset in (0, 10)
        if sites()[code].skin is Skin.DSFR
    ]

    assert any("Vous recherchez" in page for page in pages)
    assert any('href="https://www.info.gouv.fr/' in page for page in pages)
    assert any(page.count('class="fr-card__link') > page.count("fr-card__detail") for page in pages)


def test_download_links_with_an_empty_unquoted_id_are_found_where_they_were_seen() -> None:
    for code in ALL:
        if sites()[code].skin is Skin.DSFR:
            page = text(ask(code, week()[0].states[code].guide.path))

            assert ('<a id= class="fr-link fr-link--download"' in page) == (code in EMPTY_IDS)


def test_the_side_menu_repeats_the_links_of_the_page_outside_main() -> None:
    page = text(ask("66", "/Actualites"))
    main, side = page.split("</main>")

    assert all(f'href="{target}"' in side for target in cards(main) if target.startswith("/Actualites"))
    assert "[TEST] RAA" in side


def test_an_ascending_list_has_its_newest_item_on_the_last_page() -> None:
    newest = week()[0].states["36"].news[0].path
    last = len(week()[0].states["36"].news) // 10 * 10

    assert newest not in cards(text(ask("36", "/Actualites")))
    assert newest == cards(text(ask("36", f"/Actualites/(offset)/{last}")))[-1]


@pytest.mark.parametrize(
    "path",
    [
        "/index.php/Actualites",
        "/layout/set/print/Actualites",
        "/index.php/layout/set/print/Actualites",
        "/Actualites/",
        "/Actualites/(theme)/39",
        "/Actualites?utm_source=x",
        "/Actualites/%28offset%29/0",
    ],
)
def test_a_page_answers_under_all_the_addresses_that_the_cms_gives_it(path: str) -> None:
    assert cards(text(ask("15", path))) == cards(text(ask("15", "/Actualites")))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Actualites/Rien-de-tel", 404),
        ("/Actualites/Brouillon", 401),
        ("/Actualites/Lettre-de-l-Etat", 302),
        ("/Actualites/Lettre-de-l-Etat/Lettre-de-l-Etat", 200),
        ("/Demarches/Associations", 200),
        ("/booking/create/4963", 200),
        ("/booking/create/4963/2", 200),  # a step that is counted, see test_replica_services
        ("/Publications/Recueil-des-actes-administratifs", 200),
        ("/contenu/telechargement/1/2/file/a.pdf", 200),
        ("/robots.txt", 200),
    ],
)
def test_addresses_end_as_those_of_the_cms_do(path: str, status: int) -> None:
    assert ask("94", path).status == status


def test_a_renamed_page_redirects_for_good_and_a_rubric_to_its_only_child_until_it_has_two() -> None:
    old, new = next(iter(week()[LAST].states["62"].moved.items()))
    renamed = ask("62", old, LAST)
    rubric = sites()["61"].guide_path.rpartition("/")[0]

    assert (renamed.status, renamed.headers["Location"]) == (301, f"http://127.0.0.1:1{new}")
    assert ask("62", old, 0).status == ask("62", new, LAST).status == 200
    assert ask("61", rubric, 0).headers["Location"].endswith(sites()["61"].guide_path)
    assert ask("61", rubric, LAST).status == 200
    assert f"{rubric}/Nationalite" in cards(text(ask("61", rubric, LAST)))


def test_robots_txt_closes_the_search_and_asks_for_no_delay() -> None:
    rules = text(ask("15", "/robots.txt"))

    assert "Disallow: /ezjscore/" in rules
    assert "Crawl-delay" not in rules


def test_paris_shows_a_script_to_who_has_no_cookie_and_the_list_to_who_took_the_detour() -> None:
    path = sites()["75"].list_path
    stub = ask("75", path, 0, cookie="")
    target = re.search(r"window.location.href='([^']+)'", text(stub))
    assert target is not None
    detour = ask("75", target[1], 0, cookie="")

    assert len(stub.body) < 2000
    assert detour.status == 302
    assert detour.headers["Location"].endswith(path)
    assert "node--type--tc13-news" in text(ask("75", path, 0, cookie=detour.headers["Set-Cookie"]))


@pytest.mark.parametrize(
    ("code", "marks"),
    [
        ("37", ('<article class="news-list-item"', '<div class="pagenavigator">', "Imprimer", "Fermer")),
        (REGION, ('<h2 class="news-list-title">', '<li class="next">', "<main><div")),
        ("75", ('<div id="block-news-list-block"', "field--type-datetime", 'rel="next"')),
    ],
)
def test_other_skins_are_other_markup(code: str, marks: tuple[str, ...]) -> None:
    page = text(ask(code, sites()[code].list_path))

    assert all(mark in page for mark in marks)
    assert "fr-card" not in page


def test_the_pages_of_one_address_with_many_sites_keep_to_their_path() -> None:
    site = sites(SEED, "/cantal")["15"]
    state = week()[0].states["15"]
    page = respond(site, SEED, state, understand("/Actualites")).body.decode()
    inner = set(re.findall(r'(?:href|src|action)="(/[^"/][^"]*)"', page))

    assert inner
    assert all(target.startswith("/cantal/") for target in inner)
