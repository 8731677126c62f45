# ruff: noqa: E501 - markup keeps its lines
"""What every layout owes: purity, keys that survive noise, clean text, no exception on any markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher import layouts
from watcher.core.items import Extraction, Item
from watcher.core.text import clean, squeeze

ADDRESS = "https://www.cantal.gouv.fr/Actualites"
TITLES = [f"L'accueil de l’étranger « salarié » n° {n} : œuvre & fermeture à 8 h 30" for n in range(4)]


def around(inside: str, main: bool = True) -> str:
    content = (
        f'<main role="main">{inside}</main>'
        if main
        else f'<div id="header"><p>Préfet</p></div><div id="contenu">{inside}</div><div id="footer"><p>Pied</p></div>'
    )
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Actualités - Cantal</title></head><body>{content}</body></html>'


def dsfr() -> str:
    cards = "".join(
        f'<div class="fr-col-12"><div id={n:032x} class="fr-card fr-card--horizontal"><div class="fr-card__body"><h2 class="fr-card__title"><a class="fr-card__link" href="/Actualites/Été-{n}">\n   {escape(t)}  </a></h2>'
        f'<p class="fr-card__detail">Publié le {n + 1:02}/08/2026</p></div><img src="/var/ide_site/storage/images/a/{n}-1-fre-FR/x_listitem.jpg" alt=""></div></div>'
        for n, t in enumerate(TITLES)
    )
    return around(f'<h1 class="">Actualités</h1><div class="fr-grid-row">{cards}</div>')


def content(begins: str = "") -> str:
    sections = "".join(
        f'<section class="fr-accordion"><h3 class="fr-accordion__title"><button class="fr-accordion__btn" aria-controls="{n:032x}">{escape(t)}</button></h3>'
        f'<div class="fr-collapse" id="{n:032x}"><p>{escape(t)} est fermé.</p></div></section>'
        for n, t in enumerate(TITLES)
    )
    return around(
        f'<h1 class="">Accueil</h1><p>Mis à jour le 02/08/2026</p><p>Introduction.</p>{sections}{begins}'
    )


def articles(main: bool) -> str:
    entries = "".join(
        f'<article class="news-list-item" id="item-{n:032x}"><header><h2 class="news-list-title"><a href="/Actualites/Été-{n}">{escape(t)}</a></h2></header>'
        f'<p class="news-list-date">Publié le {n + 1:02}/08/2026</p><div class="news-list-chapo"><p>Les premiers mots.</p></div></article>'
        for n, t in enumerate(TITLES)
    )
    return around(
        f'<div class="{"main-container" if main else "content"}"><div class="col-main"><h1>Actualités</h1>{entries}</div></div>',
        main,
    )


def nodes() -> str:
    rows = "".join(
        f'<div class="views-row"><a href="/Actualites/Été-{n}"><div data-history-node-id="{n:032x}" class="node node--type--tc13-news"><h3><span>{escape(t)}</span></h3>'
        f'<div class="field field--type-datetime">{n + 1:02}/08/2026</div></div></a></div>'
        for n, t in enumerate(TITLES)
    )
    return around(
        f'<h1 class="page-title"><span>Actualités</span></h1><div class="view-content">{rows}</div>'
    )


PAGES = {
    "dsfr": (dsfr(), {}),
    "content": (content(), {}),
    "procedure": (content('<form><a href="/users/sign_up">Créer un compte</a></form>'), {}),
    "booking": (content('<form id="FormBookingCreate"><input name="nextButton"></form>'), {}),
    "legacy": (articles(main=False), {}),
    "regional": (articles(main=True), {}),
    "police": (nodes(), {}),
    "selectors": (
        articles(main=True),
        {
            "item": "article.news-list-item",
            "link": "h2 a",
            "date": ".news-list-date",
            "summary": ".news-list-chapo",
        },
    ),
}


OF_TEXT = {"content", "procedure", "booking"}
"""Layouts of pages whose order is part of what they say."""


def extract(name: str, html: str) -> Extraction:
    return layouts.get(name).extract(html, ADDRESS, PAGES[name][1])


def test_every_layout_is_held_to_this_contract() -> None:
    assert set(PAGES) == layouts.NAMES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_layout_reads_its_pages(name: str) -> None:
    layout, extraction = layouts.get(name), extract(name, PAGES[name][0])

    assert (extraction.layout, extraction.version) == (layout.name, layout.version) == (name, layout.version)
    assert extraction.anomalies == ()
    assert extraction.template
    if name in OF_TEXT:
        assert extraction.updated == date(2026, 8, 2)
        assert [item.title for item in extraction.items if item.key.startswith("block:")][:5] == [
            "Accueil",
            *map(clean, TITLES),
        ]
        assert extraction.items[0].key.startswith("block:" if name == "content" else "state:open:")
    else:
        assert [item.title for item in extraction.items] == list(map(clean, TITLES))
        assert [item.published for item in extraction.items] == [date(2026, 8, n + 1) for n in range(4)]
        assert [item.key for item in extraction.items] == [
            f"https://www.cantal.gouv.fr/Actualites/Été-{n}" for n in range(4)
        ]


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_layout_is_pure(name: str) -> None:
    assert extract(name, PAGES[name][0]) == extract(name, PAGES[name][0])


NOISE: dict[str, Callable[[str], str]] = {
    "ids": lambda html: re.sub(r"\b0{20}[0-9a-f]{12}", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", html),
    "indentation": lambda html: html.replace("><", ">\n   <"),
    "runs of spaces": lambda html: re.sub(r"(?<=[a-zé]) (?=[a-zé])", "  \n ", html),
    "no-break spaces": lambda html: re.sub(r" (?=[:»])", "\u00a0", html),
    "narrow no-break spaces": lambda html: re.sub(r" (?=[:»])", "\u202f", html),
    "soft hyphens": lambda html: html.replace("accueil", "ac\u00adcueil\u200b"),
    "curly apostrophes": lambda html: html.replace("&#x27;", "’"),
    "straight quotes": lambda html: html.replace("« ", "&quot;").replace(" »", "&quot;"),
    "decomposed": lambda html: unicodedata.normalize("NFD", html),
    "named entities": lambda html: (
        html.replace("é", "&eacute;").replace("°", "&deg;").replace("œ", "&oelig;")
    ),
    "numeric entities": lambda html: html.replace("é", "&#233;").replace("°", "&#xB0;"),
    "escaped twice": lambda html: html.replace("°", "&amp;deg;"),
    "image versions": lambda html: html.replace("-1-fre-FR", "-7-fre-FR"),
    "attributes": lambda html: html.replace(
        " href=", ' target="_blank" rel="noopener" data-x="1" style="a:b" href='
    ),
    "junk attributes": lambda html: html.replace("<h2 ", "<h2 id= ").replace("<h3 ", "<h3 id= "),
    "comments and scripts": lambda html: html.replace(
        "</h1>", "</h1><!-- 12:30 --><script>var t='<li>';</script>"
    ),
    "encoded addresses": lambda html: html.replace("/Été-", "/%c3%89t%C3%A9-"),
    "absolute addresses": lambda html: html.replace('href="/', 'href="http://cantal.gouv.fr/index.php/'),
    "print addresses": lambda html: html.replace('href="/', 'href="/layout/set/print/'),
    "tracking": lambda html: re.sub(r'href="([^"]+)"', r'href="\1/?utm_source=x&amp;xtor=y#eztoc12_1"', html),
    "capitals": lambda html: re.sub(
        r">([^<>]+)<", lambda m: f">{m[1].upper()}<" if "&" not in m[1] else m[0], html
    ),
    "capital tags": lambda html: re.sub(
        r"<(/?)(div|h2|h3|article|section|p)\b", lambda m: f"<{m[1]}{m[2].upper()}", html
    ),
    "tokens": lambda html: html.replace(
        "</main>", '<form><input type="hidden" name="csrf" value="9f8e"></form></main>'
    ),
    "share bar": lambda html: html.replace(
        "</h1>",
        '</h1><div class="fr-share"><ul><li><a href="https://www.facebook.com/x">Facebook</a></li></ul></div>',
    ),
}


def said(item: Item) -> tuple[object, ...]:
    """What of an item must survive typography."""
    return (
        item.key,
        squeeze(item.title),
        squeeze(item.summary),
        item.published,
        tuple(map(squeeze, item.section)),
    )


@pytest.mark.parametrize("noise", sorted(NOISE))
@pytest.mark.parametrize("name", sorted(PAGES))
def test_noise_changes_no_item_and_no_template(name: str, noise: str) -> None:
    before, after = extract(name, PAGES[name][0]), extract(name, NOISE[noise](PAGES[name][0]))

    assert list(map(said, after.items)) == list(map(said, before.items))
    assert (after.template, after.updated, after.anomalies) == (
        before.template,
        before.updated,
        before.anomalies,
    )


@pytest.mark.parametrize("name", sorted(set(PAGES) - OF_TEXT))
def test_the_order_of_entries_is_no_part_of_their_keys(name: str) -> None:
    html = PAGES[name][0]
    first, last = (re.escape(escape(TITLES[n])) for n in (0, 3))
    swapped = re.sub(f"{first}|{last}", lambda m: escape(TITLES[3 if m[0] == escape(TITLES[0]) else 0]), html)
    swapped = swapped.replace("Été-0", "Été-X").replace("Été-3", "Été-0").replace("Été-X", "Été-3")

    assert {i.key: i.title for i in extract(name, swapped).items} == {
        i.key: i.title for i in extract(name, html).items
    }


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_hostile_text_leaves_a_layout_uncleaned(name: str) -> None:
    hostile = (
        "\u202eTitre\x00\x1b piégé\u2066\ufeff"
        + "\u0301" * 30
        + "&#8238;&amp;#x202e;&lt;script&gt;alert(1)&lt;/script&gt;"
    )
    extraction = extract(name, PAGES[name][0].replace(escape(TITLES[0]), hostile))

    for item in extraction.items:
        for text in (item.title, item.summary, *item.section, *(a.label for a in item.attachments)):
            assert clean(text) == text
            assert len(item.title) <= 300
    assert any("<script>alert(1)</script>" in f"{item.title} {item.section}" for item in extraction.items)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_cut_page_is_read_without_an_exception(name: str) -> None:
    html = PAGES[name][0]

    for end in range(0, len(html), 61):
        assert extract(name, html[:end]).layout == name


MARKUP = st.lists(
    st.sampled_from(
        ["<div class='fr-card'>", "<h2 class=fr-card__title>", "<a href='/x'>", "<a href='https://[evil'>", "<a href='javascript:x'>", "<a>", "</a>", "</div>",
         "<main>", "</main>", "<!--", "-->", "<table>", "<tr>", "<td>", "<ul>", "<li>", "</li>", "</ul>", "<h1>", "</h1>", "<h3>", "<article class='news-list-item'>",
         "<div class='node'>", "<option value='a/b'>", "<select>", "<details><summary>", "<nav class='fr-pagination'>", "<section class='fr-accordion'>",
         "<button class='fr-accordion__btn'>", "<base href='//x'>", "<svg/>", "<template>", "Publié le 20/08/2026", "texte", "&#0;", "&#xD800;", "\0", "\ud800", "é", "<p", "<?xml?>", "<![CDATA[", "]]>"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(MARKUP)
def test_any_markup_gives_an_extraction(pieces: list[str]) -> None:
    for name in PAGES:
        extraction = extract(name, "".join(pieces))

        assert len({item.key for item in extraction.items}) == len(extraction.items)
        assert all(item.title or item.summary for item in extraction.items)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_the_page_is_the_order_of_the_items(order: list[int]) -> None:
    cards = re.findall(r'<div class="fr-col-12">.*?<img[^>]*></div></div>', dsfr(), re.S)
    html = around("<h1>Actualités</h1>" + "".join(cards[n] for n in order))

    assert [item.key[-1] for item in extract("dsfr", html).items] == [str(n) for n in order]


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (dsfr(), "dsfr"),
        (content(), "content"),
        (articles(main=False), "legacy"),
        (articles(main=True), "regional"),
        (nodes(), "police"),
    ],
    ids=["dsfr", "content", "legacy", "regional", "police"],
)
def test_an_unnamed_page_is_given_to_the_layout_that_reads_it(page: str, name: str) -> None:
    assert layouts.detect(page) == name


def test_an_unknown_layout_is_an_error() -> None:
    with pytest.raises(KeyError):
        layouts.get("nonexistent")


def test_a_new_version_is_told_apart() -> None:
    extraction = extract("dsfr", dsfr())

    assert replace(extraction, version=extraction.version + 1) != extraction
