# ruff: noqa: E501 - markup keeps its lines
"""The Préfecture de police in Paris: Drupal, behind a script that sends new visitors on a detour."""

from __future__ import annotations

from html import escape

from watcher.replica.model import News
from watcher.replica.skins.dsfr import PER_PAGE
from watcher.replica.skins.outer import police_frame
from watcher.replica.skins.writing import View

DETOUR = "/redirect_"


def police_list(view: View, title: str, path: str, items: tuple[News, ...], offset: int) -> bytes:
    """Drupal: a block of links, each around a node that holds its title and its day."""
    page = items[offset : offset + PER_PAGE]
    nodes = "".join(
        f'<div class="views-row"><a href="{view.item_href(item.path)}" hreflang="fr">'
        f'<div data-history-node-id="{item.number}" class="node node--type--tc13-news node--view-mode-teaser">'
        f'<h3><span class="field field--name-title">{view.title(item.title)}</span></h3>'
        f'<div class="field field--name-field-date field--type-datetime field__item">{view.date(item.published)}</div>'
        f"</div></a></div>\n"
        for item in page
    )
    forward = ""
    if offset + PER_PAGE < len(items):
        forward = f'<li class="pager__item pager__item--next"><a href="?page={offset // PER_PAGE + 1}" rel="next">Suivant</a></li>'
    inside = (
        f'<h1 class="page-title"><span>{view.title(title)}</span></h1>'
        f'<div id="block-news-list-block" class="block"><div class="view-content">{nodes}</div>'
        f'<nav class="pager"><ul class="pager__items">{forward}</ul></nav></div>'
    )
    return police_frame(view.site, title, inside)


def police_article(view: View, item: News) -> bytes:
    paragraphs = "\n".join(f"<p>{view.prose(text)}</p>" for text in item.paragraphs)
    inside = (
        f'<h1 class="page-title"><span>{view.title(item.title)}</span></h1><article class="node node--type--tc13-news">'
        f'<div class="field field--type-datetime">{view.date(item.published)}</div>'
        f'<div class="field field--name-body field--type-text-with-summary">{paragraphs}</div></article>'
    )
    return police_frame(view.site, item.title, inside)


def police_stub(target: str) -> bytes:
    """What a visitor without the site's cookie gets instead of a page."""
    return (
        '<html><head><meta charset="utf-8"><title></title><script>'
        f"window.location.href='{DETOUR}{escape(target.strip('/').replace('/', '~'))}';</script></head><body></body></html>"
    ).encode()
