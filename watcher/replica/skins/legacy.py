# ruff: noqa: E501 - markup keeps its lines
"""The platform's old skin, and the regional sites, whose lists still look like it."""

from __future__ import annotations

from watcher.replica.model import News
from watcher.replica.skins.dsfr import PER_PAGE
from watcher.replica.skins.outer import old_frame, regional_frame
from watcher.replica.skins.slots import slot
from watcher.replica.skins.writing import View


def legacy_list(view: View, title: str, path: str, items: tuple[News, ...], offset: int) -> bytes:
    """The old skin: `article.news-list-item` and the pager of the CMS."""
    page = items[offset : offset + PER_PAGE]
    articles = "".join(_legacy_item(view, item) for item in page)
    inside = f'<h1>{view.title(title)}</h1>\n<div class="news-list">{articles}</div>\n{_navigator(view, path, offset, len(items))}'
    return old_frame(view.site, title, inside, tuple((item.title, item.path) for item in page))


def legacy_article(view: View, item: News) -> bytes:
    day = item.updated or item.published
    paragraphs = "\n".join(f"<p>{view.prose(text)}</p>" for text in item.paragraphs)
    inside = (
        f'<h1>{view.title(item.title)}</h1>\n<p class="date">Mise à jour le {view.date(day)}</p>\n'
        f'<div class="texte">{paragraphs}</div>'
    )
    return old_frame(view.site, item.title, inside, ())


def regional_list(view: View, title: str, path: str, items: tuple[News, ...], offset: int) -> bytes:
    page = items[offset : offset + PER_PAGE]
    articles = "".join(_legacy_item(view, item) for item in page)
    forward = ""
    if offset + PER_PAGE < len(items):
        forward = (
            f'<li class="next"><a href="{view.href(f"{path}/(offset)/{offset + PER_PAGE}")}">Suivant</a></li>'
        )
    inside = (
        f'<article class="article"><h1>{view.title(title)}</h1>{articles}'
        f'<div class="content-pagination"><ul class="pagination">{forward}</ul></div></article>'
    )
    return regional_frame(view.site, title, inside)


def regional_article(view: View, item: News) -> bytes:
    paragraphs = "\n".join(f"<p>{view.prose(text)}</p>" for text in item.paragraphs)
    inside = (
        f'<article class="article"><h1>{view.title(item.title)}</h1>'
        f'<p class="date">Publié le {view.date(item.published)}</p><div class="texte">{paragraphs}</div></article>'
    )
    return regional_frame(view.site, item.title, inside)


def _legacy_item(view: View, item: News) -> str:
    summary = view.bare(item.paragraphs[0])[:200] if item.paragraphs else ""
    return (
        f'<article class="news-list-item" id="item-{slot(item.path)}"><header><h2 class="news-list-title">'
        f'<a href="{view.item_href(item.path)}">{view.title(item.title)}</a></h2>'
        f'<p class="news-list-date">Publié le {view.date(item.updated or item.published)}</p></header>'
        f'<div class="news-list-chapo"><p>{view.text(summary)}</p></div></article>\n'
    )


def _navigator(view: View, path: str, offset: int, count: int) -> str:
    def link(start: int, text: str) -> str:
        return f'<a href="{view.href(f"{path}/(offset)/{start}" if start else path)}">{text}</a>'

    previous = (
        f'<span class="previous">{link(offset - PER_PAGE, "« Précédent")}</span>'
        if offset >= PER_PAGE
        else ""
    )
    following = (
        f'<span class="next">{link(offset + PER_PAGE, "Suivant »")}</span>'
        if offset + PER_PAGE < count
        else ""
    )
    pages = "".join(
        f'<span class="current">{start // PER_PAGE + 1}</span>'
        if start == offset
        else f'<span class="other">{link(start, str(start // PER_PAGE + 1))}</span>'
        for start in range(0, count, PER_PAGE)
    )
    return f'<div class="pagenavigator"><p>{previous}{following}<span class="pages">{pages}</span></p></div>'
