# ruff: noqa: E501 - markup keeps its lines
"""News lists, articles and the plain pages of a DSFR site."""

from __future__ import annotations

from html import escape

from watcher.replica.model import Markup, News
from watcher.replica.sites import EMPTY_IDS, FLAT_LIST
from watcher.replica.skins.cards import grey_card, white_card
from watcher.replica.skins.chrome import Crumbs, frame
from watcher.replica.skins.slots import slot
from watcher.replica.skins.writing import View, file_href
from watcher.replica.texts.unrelated import slug

PER_PAGE = 10


def list_page(
    view: View,
    title: str,
    path: str,
    items: tuple[News, ...],
    offset: int,
    rubrics: tuple[str, ...],
    crumbs: Crumbs = (),
) -> bytes:
    """Ten cards from `offset` on; past the end a whole page without any card."""
    shown = tuple(reversed(items)) if view.site.ascending else items
    flat = view.site.code in FLAT_LIST
    page = shown if flat else shown[offset : offset + PER_PAGE]
    greys = "".join(grey_card(view, label, f"/Actualites/{slug(label)}") for label in rubrics)
    whites = "".join(white_card(view, item, index) for index, item in enumerate(page))
    pager = "" if flat else _pager(view, path, offset, len(shown))
    inside = (
        f'<h1 class="">{view.title(title)}</h1>\n<div class="fr-text--lead fr-my-3w"></div>\n'
        f"{_arranged(view, greys, whites)}\n{pager}"
    )
    return _page(view, title, crumbs or (("Actualités", path),), inside, page)


def article_page(view: View, item: News, related: tuple[News, ...]) -> bytes:
    """The page of one item: heading, date, lead, paragraphs, share block, related links."""
    lead, *rest = item.paragraphs or ("",)
    paragraphs = "\n".join(f"<p>{view.prose(text)}</p>" for text in rest)
    links = "".join(
        f'<li><a class="fr-link" href="{view.item_href(other.path)}">{view.title(other.title)}</a></li>'
        for other in related
    )
    inside = f"""<h1 class="">{view.title(item.title)}</h1>
<p class="fr-text--sm"><i class="fr-displayed-lg"></i><span>{_dated(view, item)}</span></p>
<div class="fr-text--lead fr-my-3w">{view.prose(lead)}</div>
{paragraphs}
{_attachment(view, item)}
{_share(view)}
<div class="fr-mt-6w"><h2 class="fr-h6">À lire aussi</h2><ul class="">{links}</ul></div>"""
    return _page(
        view, item.title, (("Actualités", view.site.list_path), (item.title, item.path)), inside, related
    )


def plain_page(view: View, title: str, path: str, inside: str) -> bytes:
    """Any other page of the site: home, search, a rubric of the menu, an error."""
    body = f'<h1 class="">{escape(title)}</h1>\n{inside}'
    return _page(view, title, ((title, path),) if path != "/" else (), body, ())


def home_page(view: View) -> bytes:
    tiles = "".join(
        f'<div class="fr-col-12 fr-col-md-4"><div class="fr-tile fr-enlarge-link" id="tile-{slot(path)}"><div class="fr-tile__body">'
        f'<div class="fr-tile__content"><h3 class="fr-tile__title"><a href="{view.href(path)}">{view.text(label)}</a></h3>'
        f"</div></div></div></div>"
        for label, path in (
            ("Actualités", view.site.list_path),
            (f"Étrangers : {view.site.guide_title}", view.site.guide_path),
            ("Prendre un rendez-vous", "/Prendre-un-rendez-vous"),
        )
    )
    cards = "".join(white_card(view, item, index) for index, item in enumerate(view.state.news[:3]))
    return plain_page(
        view, "Bienvenue", "/", f'<div class="fr-grid-row fr-grid-row--gutters">{tiles}{cards}</div>'
    )


def main_region(view: View, inside: str) -> str:
    """`main` in the generation of the day."""
    if view.state.markup is Markup.RENAMED:
        return f'<main role="main"><div class="ide-conteneur" id="contenu">\n{inside}\n</div></main>'
    if view.state.markup is Markup.NEXT:
        return f'<main role="main" id="content"><div class="fr-container" id="main">\n{inside}\n</div></main>'
    return f'<main role="main">\n<div class="fr-container" id="main">\n{inside}\n</div>\n</main>'


def side_menu(view: View, entries: tuple[tuple[str, str], ...]) -> str:
    """The menu beside a page; it repeats the page's own links, and somebody's test entry."""
    extra = (("[TEST] RAA", "/Publications/TEST-RAA"),) if view.site.code == "66" else ()
    items = "".join(
        f'<li class="fr-sidemenu__item"><a class="fr-sidemenu__link" href="{path if path.startswith("http") else view.href(path)}" '
        f'target="_self">{view.title(label)}</a></li>'
        for label, path in (*entries, *extra)
    )
    return (
        '<nav class="fr-sidemenu" role="navigation" aria-label="Menu latéral"><div class="fr-sidemenu__inner">'
        f'<div class="fr-collapse" id="side-{slot("side")}"><ul class="fr-sidemenu__list">{items}</ul></div></div></nav>'
    )


def framed(
    view: View, title: str, crumbs: Crumbs, inside: str, entries: tuple[tuple[str, str], ...]
) -> bytes:
    body = main_region(view, inside) + side_menu(view, entries)
    return frame(view.site, view.state.menu, title, crumbs, body)


def _page(view: View, title: str, crumbs: Crumbs, inside: str, beside: tuple[News, ...]) -> bytes:
    return framed(view, title, crumbs, inside, tuple((item.title, item.path) for item in beside))


def _arranged(view: View, greys: str, whites: str) -> str:
    if view.state.markup is Markup.RENAMED:
        return f'<ul class="ide-liste">{whites}</ul><ul class="ide-rubriques">{greys}</ul>'
    if view.state.markup is Markup.NEXT:
        return f'<div class="fr-grid-row fr-grid-row--gutters">{greys}</div>\n<ul class="fr-raw-list fr-my-4w">{whites}</ul>'
    return (
        f'<div class="fr-grid-row fr-grid-row--gutters">{greys}</div>\n'
        f'<div class="fr-grid-row fr-grid-row--gutters"><div class="fr-col-12 fr-col-md-8">{whites}</div></div>'
    )


def _pager(view: View, path: str, offset: int, count: int) -> str:
    pages = range(0, count, PER_PAGE)
    if len(pages) < 2:
        return ""
    last = pages[-1]
    numbered = "".join(
        f'<li><a class="fr-pagination__link" aria-current="page">{start // PER_PAGE + 1}</a></li>'
        if start == offset
        else f'<li><a class="fr-pagination__link" href="{_page_href(view, path, start)}">{start // PER_PAGE + 1}</a></li>'
        for start in pages
    )
    first = _turn(view, path, 0 if offset else None, "first", "Première page")
    before = _turn(view, path, max(offset - PER_PAGE, 0) if offset else None, "prev", "Page précédente")
    after = _turn(view, path, offset + PER_PAGE if offset < last else None, "next", "Page suivante")
    end = _turn(view, path, last if offset < last else None, "last", "Dernière page")
    return (
        '<nav role="navigation" class="fr-pagination" aria-label="Pagination"><ul class="fr-pagination__list">'
        f"{first}{before}{numbered}{after}{end}</ul></nav>"
    )


def _turn(view: View, path: str, offset: int | None, kind: str, label: str) -> str:
    target = (
        'aria-disabled="true" role="link"' if offset is None else f'href="{_page_href(view, path, offset)}"'
    )
    wide = " fr-pagination__link--lg-label" if kind in {"prev", "next"} else ""
    return f'<li><a class="fr-pagination__link fr-pagination__link--{kind}{wide}" {target}>{label}</a></li>'


def _page_href(view: View, path: str, offset: int) -> str:
    return view.href(f"{path}/(offset)/{offset}" if offset else path)


def _dated(view: View, item: News) -> str:
    if item.updated:
        return f"Mis à jour le {view.date(item.updated)}"
    return f"Publié le {view.date(item.published)}"


def _attachment(view: View, item: News) -> str:
    if item.number % 4:
        return ""
    attribute = "id= " if view.site.code in EMPTY_IDS else ""
    href = file_href(view.site, item.number, f"Communiqué {item.published:%d %m %Y}.pdf")
    return (
        '<div class="fr-downloads-group fr-downloads-group--bordered"><ul><li><div class="">'
        f'<a {attribute}class="fr-link fr-link--download" href="{href}">\n   Télécharger Communiqué de presse '
        f'<span class="fr-link__detail">PDF - 0,34 Mb - {view.date(item.published)}</span></a></div></li></ul></div>'
    )


def _share(view: View) -> str:
    return f"""<div class="fr-share"><p class="fr-share__title">Partager la page</p><ul class="fr-btns-group">
<li><a class="fr-btn--facebook fr-btn" href="https://www.facebook.com/sharer.php?u={slot("share")}" target="_blank">Partager sur Facebook</a></li>
<li><a class="fr-btn--mail fr-btn" href="mailto:?subject={escape(view.site.name)}">Partager par email</a></li></ul></div>"""
