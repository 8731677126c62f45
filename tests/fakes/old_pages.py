"""The Cantal's pages as they looked before today's skin, with the announcements of a year in which archives came by."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.fakes.archives import BEGAN, DAY
from tests.fakes.web import SITE, Card


def cards(*days: int) -> list[Card]:
    """One announcement on each of these days after the beginning, the newest first."""
    return [card(day) for day in sorted(days, reverse=True)]


def card(day: int) -> Card:
    return Card(f"Séjour nouvelle {day}", (BEGAN + day * DAY).date(), path=f"Article-{day}")


def old_list(shown: Sequence[Card]) -> str:
    articles = "".join(
        f'<article class="news-list-item"><header><h2 class="news-list-title"><a href="{one.address}">'
        f'{escape(one.title)}</a></h2><p class="news-list-date">Publié le {one.day:%d/%m/%Y}</p></header>'
        f'<div class="news-list-chapo"><p>{escape(one.excerpt)}</p></div></article>'
        for one in shown
    )
    return _framed("Actualités", f'<div class="news-list">{articles}</div>')


def old_guide(*sections: tuple[str, Sequence[str]]) -> str:
    inside = "".join(
        f"<h2>{escape(heading)}</h2>" + "".join(f"<p>{text}</p>" for text in texts)
        for heading, texts in sections
    )
    return _framed("Étrangers en France", f'<div class="texte">{inside}</div>')


def _framed(title: str, inside: str) -> str:
    """Tables and boxes of the CMS; nothing says which part is the main one."""
    return (
        f'<!DOCTYPE html><html xml:lang="fr-FR"><head><title>{escape(title)} - {SITE}</title></head><body>'
        '<div id="page"><div id="header"><p>Préfecture du Cantal</p></div><div id="columns">'
        '<div id="menu"><ul><li><a href="/Politiques-publiques">Politiques publiques</a></li></ul></div>'
        f'<div id="maincontent"><h1>{escape(title)}</h1>{inside}</div></div>'
        '<div id="footer"><p>Mentions légales</p></div></div></body></html>'
    )
