# ruff: noqa: E501 - markup keeps its lines
"""The pages of a renamed site, in any skin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from html import escape

from watcher.replica.answers import Answer, redirect
from watcher.replica.model import Form, Guide, News, Shape, dice
from watcher.replica.renamed.names import TITLES
from watcher.replica.renamed.plan import Gone, Node, Plan, Sort
from watcher.replica.renamed.texts import told
from watcher.replica.sites import Site, Skin
from watcher.replica.skins.cards import grey_card
from watcher.replica.skins.chrome import Crumbs
from watcher.replica.skins.dsfr import framed, list_page
from watcher.replica.skins.guide import body_of
from watcher.replica.skins.legacy import legacy_list, regional_list
from watcher.replica.skins.outer import old_frame, police_frame, regional_frame
from watcher.replica.skins.police import police_list
from watcher.replica.skins.writing import View
from watcher.replica.texts.foreigners import foreigners_page
from watcher.replica.texts.unrelated import slug

MONDAY = date(2025, 9, 8)
_LISTS = {Skin.LEGACY: legacy_list, Skin.REGIONAL: regional_list, Skin.POLICE: police_list}


def answered(view: View, seed: int, path: str, offset: int) -> Answer | None:
    """The answer that only a renamed site has; `None` for what it shares with the others."""
    site = view.site
    if site.plan is None:
        return None
    if path in site.plan.gone:
        return _gone(view, path, *site.plan.gone[path])
    if path == "/contenu/recherche" and site.plan.searchable:
        return Answer(200, _found(view))
    way = site.plan.find(path)
    if way and way[-1].sort is not Sort.GENERAL:
        return Answer(200, _page(view, seed, way, offset))
    return None


def section_item(site: Site, seed: int, path: str) -> News | None:
    """The article of the section's own news at this address."""
    news = site.plan.news if site.plan else None
    if news is None or not path.startswith(news.path + "/"):
        return None
    return next((item for item in section_news(site, seed, news.path) if item.path == path), None)


@lru_cache(maxsize=512)
def section_news(site: Site, seed: int, folder: str) -> tuple[News, ...]:
    """The section's own news, newest first."""
    chance = dice(seed, site.code, "section news")
    day = MONDAY - timedelta(days=chance.randint(2, 20))
    items = []
    for title in chance.sample(TITLES, chance.randint(4, 9)):
        text = f"{title}. Le service des étrangers {site.within} informe les usagers : les modalités sont précisées ci-dessous."
        items.append(
            News(
                f"{folder}/{slug(title)}",
                title,
                day,
                (text,),
                form=Form.ARTICLE,
                number=chance.randint(20_000, 99_000),
            )
        )
        day -= timedelta(days=chance.randint(5, 60))
    return tuple(items)


def _plan(view: View) -> Plan:
    if view.site.plan is None:
        raise ValueError(f"{view.site.code} is no renamed site")
    return view.site.plan


def _gone(view: View, path: str, manner: Gone, after: str) -> Answer | None:
    if manner is Gone.HOME:
        return redirect(302, view.site.base + "/")
    if manner is Gone.FORWARDED:
        return redirect(301, view.site.base + after)
    if manner is Gone.EMPTIED:
        title = path.rpartition("/")[2].replace("-", " ")
        return Answer(200, _framed(view, title, ((title, path),), f"<h1>{view.text(title)}</h1>", ()))
    return None  # which then is not found


def _found(view: View) -> bytes:
    """What the site's search finds: the section's pages, and whatever else has the words."""
    plan = _plan(view)
    nodes = [*plan.of(Sort.DECOY), *plan.section.walk()]
    nodes = dice(view.site.code, "search").sample(nodes, len(nodes))
    cards = "".join(
        f'<div class="fr-card fr-card--horizontal fr-card--sm"><div class="fr-card__body"><h3 class="fr-card__title">'
        f'<a class="fr-card__link" href="{view.href(node.path)}">{view.text(node.label)}</a></h3>'
        f'<p class="fr-card__detail">Mis à jour le <span>{view.date(MONDAY)}</span></p></div></div>'
        for node in nodes[:10]
    )
    return _framed(
        view,
        "Résultats de la recherche",
        (("Recherche", "/contenu/recherche"),),
        f"<h1>Résultats de la recherche</h1>{cards}",
        (),
    )


def _page(view: View, seed: int, way: Sequence[Node], offset: int) -> bytes:
    node, plan = way[-1], _plan(view)
    crumbs: Crumbs = (
        tuple((one.label, one.path) for one in way[1:]) if plan.crumbs else ((node.label, node.path),)
    )
    if node.path == "/":
        return _framed(view, "Accueil", (), f"<h1>Bienvenue</h1>{_home(view, seed)}", ())
    if node.sort is Sort.NEWS:
        items = section_news(view.site, seed, node.path)
        other = _LISTS.get(view.site.skin)
        if other:
            return other(view, node.label, node.path, items, offset)
        return list_page(view, node.label, node.path, items, offset, (), crumbs)
    around = next((one for one in way if one.sort is Sort.SECTION), None)
    beside = (around or node).children if node.sort is not Sort.SECTION or plan.style == "guide" else ()
    entries = tuple((one.label, one.path) for one in beside)
    inside = f'<h1 class="">{view.title(node.label)}</h1>\n{_body(view, seed, node)}'
    return _framed(view, node.label, crumbs, inside, entries)


def _body(view: View, seed: int, node: Node) -> str:
    plan = _plan(view)
    if node.sort in (Sort.HUB, Sort.HALLWAY):
        return _links(view, node, cards=len(node.label) % 2 == 0)
    if node.sort is Sort.SECTION:
        if plan.style == "guide" or not node.children:
            return _guided(view, _guide(view, seed, node, 3))
        return _links(view, node, cards=plan.style == "cards")
    if node.sort is Sort.GUIDE:
        whole = node.path == plan.guide.path
        return _guided(view, view.state.guide if whole else _guide(view, seed, node, 4))
    if node.sort is Sort.APPOINTMENTS:
        return _guided(view, _part(view, seed, "Prendre rendez-vous"))
    if node.sort is Sort.DOCUMENTS:
        return _guided(view, _part(view, seed, "Documents à télécharger"))
    return "".join(f"<p>{view.text(text)}</p>" for text in told(node.detail, view.site, seed))


def _guide(view: View, seed: int, node: Node, sections: int) -> Guide:
    """A page about a part of it all: some of the sections of the whole."""
    whole = foreigners_page(view.site, seed, MONDAY)
    chance = dice(seed, view.site.code, node.sort if node.sort is Sort.SECTION else node.label)
    kept = sorted(chance.sample(range(len(whole.sections)), min(sections, len(whole.sections))))
    lead = whole.lead if node.sort is Sort.SECTION else f"{node.label} : {whole.lead}"
    return replace(
        whole, path=node.path, title=node.label, lead=lead, sections=tuple(whole.sections[n] for n in kept)
    )


def _part(view: View, seed: int, heading: str) -> Guide:
    whole = foreigners_page(view.site, seed, MONDAY)
    return replace(whole, sections=tuple(one for one in whole.sections if one.heading == heading))


def _guided(view: View, guide: Guide) -> str:
    if view.site.skin is Skin.DSFR:
        return body_of(view, guide)
    parts = [f"<p>Mise à jour le {view.date(guide.updated)}</p><p>{view.prose(guide.lead)}</p>"]
    for section in guide.sections:
        texts = [*section.paragraphs, *section.bullets, *(" : ".join(row) for row in section.rows)]
        parts.append(
            f"<h2>{view.text(section.heading)}</h2>" + "".join(f"<p>{view.prose(text)}</p>" for text in texts)
        )
        if section.shape is Shape.DOWNLOADS:
            files = (
                (
                    file.label,
                    f"/contenu/telechargement/{file.number}/{file.number + 9}/file/{slug(file.file)}.pdf",
                )
                for file in section.files
            )
            parts.append(
                "<ul>"
                + "".join(
                    f'<li><a href="{view.href(path)}">{view.text(label)}</a></li>' for label, path in files
                )
                + "</ul>"
            )
    return "\n".join(parts)


def _links(view: View, node: Node, *, cards: bool) -> str:
    if cards and view.site.skin is Skin.DSFR:
        greys = "".join(grey_card(view, child.label, child.path) for child in node.children)
        return f'<div class="fr-grid-row fr-grid-row--gutters">{greys}</div>'
    items = "".join(
        f'<li><a href="{view.href(child.path)}">{view.text(child.label)}</a></li>' for child in node.children
    )
    return f"<ul>{items}</ul>"


def _home(view: View, seed: int) -> str:
    """Some of the latest news, and a few ways in that are no menu."""
    plan = _plan(view)
    chosen = dice(seed, view.site.code, "home").sample(plan.root.children, min(3, len(plan.root.children)))
    ways = "".join(
        f'<li><a href="{view.href(node.path)}">{view.text(node.label)}</a></li>' for node in chosen
    )
    news = "".join(
        f'<li><a href="{view.item_href(item.path)}">{view.text(item.title)}</a> <span>Publié le {view.date(item.published)}</span></li>'
        for item in view.state.news[:3]
    )
    return f"<ul>{ways}</ul><h2>En ce moment</h2><ul>{news}</ul>"


def _framed(
    view: View, title: str, crumbs: Crumbs, inside: str, beside: tuple[tuple[str, str], ...]
) -> bytes:
    site = view.site
    if site.skin is Skin.DSFR:
        return framed(view, title, crumbs, inside, beside)
    trail = " &gt; ".join(
        f'<a href="{view.href(path)}">{escape(label)}</a>' for label, path in (("Accueil", "/"), *crumbs[:-1])
    )
    inside = f'<div class="breadcrumb"><p>{trail}</p></div>\n{inside}'
    if site.skin is Skin.LEGACY:
        return old_frame(site, title, inside, beside)
    around = "".join(f'<li><a href="{view.href(path)}">{escape(label)}</a></li>' for label, path in beside)
    inside = f'{inside}<aside class="sous-menu"><ul>{around}</ul></aside>'
    return (
        regional_frame(site, title, inside)
        if site.skin is Skin.REGIONAL
        else police_frame(site, title, inside)
    )
