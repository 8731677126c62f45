# ruff: noqa: E501 - markup keeps its lines
"""Lists of the current platform that are not made of cards."""

from __future__ import annotations

from datetime import date

import pytest

from watcher import layouts
from watcher.core.items import Extraction

ADDRESS = "https://www.cantal.gouv.fr/Actualites"


def read(inside: str, address: str = ADDRESS, head: str = "") -> Extraction:
    html = (
        f'<!DOCTYPE html><html><head><title>Actualités - Les services</title>{head}</head><body><header class="fr-header">'
        f'<div class="fr-card"><h2 class="fr-card__title"><a href="/menu">Menu</a></h2></div></header><main role="main">'
        f'<div class="fr-container" id="main"><h1 class="">Actualités</h1>{inside}</div></main>'
        f'<nav class="fr-sidemenu"><a class="fr-sidemenu__link" href="/Actualites/A1">A1</a></nav></body></html>'
    )
    return layouts.get("dsfr").extract(html, address, {})


LISTS = {
    "list": "".join(
        f"<li><a href='/Publications/P{n}'>Publication {n}</a> (0{n}/03/2026)</li>" for n in range(1, 5)
    ),
    "dated table": "".join(
        f"<tr><td><h3><a class='fr-link' href='/Publications/P{n}'>Publication {n}</a></h3></td><td>0{n}/03/2026</td></tr>"
        for n in range(1, 5)
    ),
    "table of blocks": "".join(
        f"<tr><td><div><a class='' href='/Publications/P{n}'>Publication {n}</a> 0{n}/03/2026</div></td></tr>"
        for n in range(1, 5)
    ),
    "lead": "".join(
        f"<p><a class='fr-link' href='/Publications/P{n}'>Publication {n}</a> 0{n}/03/2026</p>"
        for n in range(1, 5)
    ),
}
AROUND = {
    "list": "<ul>{}</ul>",
    "dated table": '<div class="fr-table"><table>{}</table></div>',
    "table of blocks": '<div class="fr-table"><table>{}</table></div>',
    "lead": '<div class="fr-text--lead fr-my-3w">{}</div>',
}


@pytest.mark.parametrize("variant", LISTS)
def test_a_list_without_cards_is_read_in_its_own_shape(variant: str) -> None:
    extraction = read(f"<p>Introduction</p>{AROUND[variant].format(LISTS[variant])}")

    assert [(item.title, item.published) for item in extraction.items] == [
        (f"Publication {n}", date(2026, 3, n)) for n in range(1, 5)
    ]
    assert extraction.template.split(":")[0] == {"list": "list", "lead": "lead"}.get(variant, "table")


def test_bare_links_in_elements_of_their_own_are_a_list() -> None:
    extraction = read(
        "".join(
            f'<div class=""><a class="" href="/Publications/P{n}">Publication {n}</a></div>' for n in range(3)
        )
    )

    assert [item.title for item in extraction.items] == ["Publication 0", "Publication 1", "Publication 2"]


def test_a_day_in_a_title_does_not_date_a_link_that_stands_twice() -> None:
    link = '<a class="{}" href="/Actualites/A">Conseil du 3 mars 2026</a>'
    extraction = read(f"<div>{link.format('x')}{link.format('y')}</div><p>{link.format('z')} 04/03/2026</p>")

    assert [(item.title, item.published) for item in extraction.items] == [("Conseil du 3 mars 2026", None)]


def test_undated_lists_beside_dated_ones_are_navigation() -> None:
    menu = "".join(f"<li><a href='/Rubriques/R{n}'>Rubrique {n}</a></li>" for n in range(9))

    assert len(read(f"<ul>{LISTS['list']}</ul><ul>{menu}</ul>").items) == 4


def test_a_select_list_is_read_and_named_as_such() -> None:
    options = "".join(
        f'<option value="Publications/RAA/R{n}" title="Recueil {n}">Recueil {n}</option>' for n in range(3)
    )
    extraction = read(
        f'<form method="post"><div class="fr-select-group"><select class="fr-select" id="Liste-liste-docs"><option value=""></option>{options}</select></div></form>'
    )

    assert [item.address for item in extraction.items] == [
        f"https://www.cantal.gouv.fr/Publications/RAA/R{n}" for n in range(3)
    ]
    assert "select_list" in extraction.anomalies
