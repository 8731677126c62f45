# ruff: noqa: E501 - markup keeps its lines
"""The frame of a DSFR page: everything around `main`."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from watcher.replica.model import dice
from watcher.replica.sites import Site
from watcher.replica.skins.menus import renamed_menu
from watcher.replica.skins.noise import scripts, styles
from watcher.replica.skins.slots import Template, slot
from watcher.replica.texts.menu import FOOTER, LEGAL, MENU
from watcher.replica.texts.unrelated import slug

_STYLE_BYTES = 14_000
_NOTICE = """<div class="fr-notice fr-notice--info"><div class="fr-container"><div class="fr-notice__body"><p>
<span class="fr-notice__title">demarches-simplifiees.fr s'appelle maintenant demarche.numerique.gouv.fr</span>
<span class="fr-notice__desc">Vos démarches et vos dossiers restent accessibles.</span></p></div></div></div>"""
Crumbs = tuple[tuple[str, str], ...]
"""(label, path) from the home page's child down to the page itself."""


def frame(site: Site, menu: int, title: str, crumbs: Crumbs, main: str) -> bytes:
    """A whole page around the inside of its `main`, which may hold slots."""
    names = [escape(title), *(escape(label) for label, _ in reversed(crumbs[:-1])), escape(site.label)]
    head = f"<title>{' - '.join(names)}</title>"
    before, after = _around(site, menu)
    inner = Template.of(head)
    body = Template.of(f"{_breadcrumb(site, crumbs)}{main}")
    return b"".join((_OPENING, inner.fill(), before.fill(), body.fill(), after.fill()))


_OPENING = b'<!DOCTYPE html>\n<html lang="fr-FR" data-fr-scheme="system">\n<head>\n<meta charset="utf-8">\n'


@lru_cache(maxsize=256)  # a little more than all sites of one replica
def _around(site: Site, menu: int) -> tuple[Template, Template]:
    """What stands before the breadcrumb and after `main`; the same for all pages of a site."""
    number = dice(site.code).randint(500_000, 600_000)
    before = f"""
<meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no">
<meta name="csrf-token" content="{slot("csrf")}">
<link rel="stylesheet" href="{site.prefix}/extension/ide_dsfr/design/dsfr/dist/dsfr.min.css">
{styles(_STYLE_BYTES)}
{scripts(number)}
</head>
<body>
<div class="fr-skiplinks"><nav class="fr-container" role="navigation" aria-label="Accès rapide"><ul class="fr-skiplinks__list">
<li><a class="fr-link" href="#main">Contenu</a></li><li><a class="fr-link" href="#menu">Menu</a></li>
<li><a class="fr-link" href="#search">Recherche</a></li><li><a class="fr-link" href="#footer">Pied de page</a></li>
</ul></nav></div>
{_header(site)}
{_menu(site, menu)}
{_NOTICE if menu else ""}
"""
    return Template.of(before), Template.of(_footer(site) + "\n</body>\n</html>\n")


def _header(site: Site) -> str:
    return f"""<header role="banner" class="fr-header"><div class="fr-header__body"><div class="fr-container">
<div class="fr-header__body-row"><div class="fr-header__brand fr-enlarge-link"><p class="fr-logo">Préfet<br>{escape(site.of)}</p>
<a href="{site.prefix}/" title="Accueil - {escape(site.label)}"><p class="fr-header__service-title">{escape(site.label)}</p></a></div>
<div class="fr-header__tools"><div class="fr-header__search fr-modal" id="search"><form action="{site.prefix}/contenu/recherche"
 method="get" class="searchh"><div class="fr-search-bar" role="search"><label class="fr-label" for="SearchText">Recherche</label>
<input class="fr-input" placeholder="Rechercher" type="search" id="SearchText" name="SearchText">
<input type="hidden" name="ezxform_token" value="{slot("form")}">
<button class="fr-btn" title="Rechercher">Rechercher</button></div></form></div></div></div></div></div></header>"""


def _menu(site: Site, menu: int) -> str:
    """The mega menu: a few hundred links, one of which leads to the foreigners page."""
    if site.plan:
        inner = renamed_menu(site, site.plan, "fr-nav__list", "fr-nav__link")
        return f'<nav class="fr-nav" id="menu" role="navigation" aria-label="Menu principal">{inner}</nav>'
    blocks = [_category(site, name, groups, menu) for name, groups in MENU.items()]
    return (
        '<nav class="fr-nav" id="menu" role="navigation" aria-label="Menu principal"><ul class="fr-nav__list">'
        f'<li class="fr-nav__item"><a class="fr-nav__link" href="{site.prefix}{site.list_path}">Actualités</a></li>'
        f"{''.join(blocks)}</ul></nav>"
    )


def _category(site: Site, name: str, groups: dict[str, tuple[str, ...]], menu: int) -> str:
    root = f"{site.prefix}/{slug(name)}"
    panel = slot(f"menu-{slug(name)}")
    columns = "".join(_column(root, group, labels) for group, labels in groups.items())
    if name == "Démarches":
        columns += _column_of_links(site, menu)
    return f"""<li class="fr-nav__item"><button class="fr-nav__btn" aria-expanded="false" aria-controls="mega-{panel}">{escape(name)}</button>
<div class="fr-collapse fr-mega-menu" id="mega-{panel}" tabindex="-1"><div class="fr-container fr-container--fluid fr-container-lg">
<div class="fr-grid-row fr-grid-row-lg--gutters">{columns}</div></div></div></li>"""


def _column(root: str, group: str, labels: tuple[str, ...]) -> str:
    here = f"{root}/{slug(group)}"
    links = "\n".join(
        f'<li><a class="fr-mega-menu__link fr-nav__link" target="_self" title="{escape(label)}" '
        f'href="{here}/{slug(label)}">{escape(label)}</a></li>'
        for label in labels
    )
    return (
        f'<div class="fr-col-12 fr-col-lg-3"><h5 class="fr-mega-menu__category"><a class="fr-nav__link" href="{here}">'
        f'{escape(group)}</a></h5>\n<ul class="fr-mega-menu__list">{links}</ul></div>\n'
    )


def _column_of_links(site: Site, menu: int) -> str:
    labels = [("Étrangers et séjour", site.guide_path), ("Prendre un rendez-vous", "/Prendre-un-rendez-vous")]
    if menu:
        labels.append(
            (f"Nouveau : préparer ma démarche en ligne ({menu})", "/Demarches/Preparer-ma-demarche")
        )
    links = "".join(
        f'<li><a class="fr-mega-menu__link fr-nav__link" href="{site.prefix}{path}">{escape(label)}</a></li>'
        for label, path in labels
    )
    return (
        '<div class="fr-col-12 fr-col-lg-3"><h5 class="fr-mega-menu__category">Accueil des étrangers</h5>'
        f'<ul class="fr-mega-menu__list">{links}</ul></div>'
    )


def _breadcrumb(site: Site, crumbs: Crumbs) -> str:
    links = "".join(
        f'<li><a class="fr-breadcrumb__link breadcrumb-item-link" href="{site.prefix}{path}">{escape(label)}</a></li>'
        for label, path in (("Accueil", "/"), *crumbs[:-1])
    )
    last = (
        f'<li><a class="fr-breadcrumb__link" aria-current="page">{escape(crumbs[-1][0])}</a></li>'
        if crumbs
        else ""
    )
    return (
        '<nav role="navigation" class="fr-breadcrumb" aria-label="vous êtes ici :">'
        f'<div class="fr-collapse" id="bc-{slot("breadcrumb")}"><ol class="fr-breadcrumb__list">{links}{last}</ol></div></nav>\n'
    )


def _footer(site: Site) -> str:
    partners = "".join(
        f'<li class="fr-footer__content-item"><a class="fr-footer__content-link" target="_blank" rel="noopener external" '
        f'href="{address}">{name}</a></li>'
        for name, address in FOOTER
    )
    legal = "".join(
        f'<li class="fr-footer__bottom-item"><a class="fr-footer__bottom-link" href="{site.prefix}/{slug(label)}">'
        f"{escape(label)}</a></li>"
        for label in LEGAL
    )
    return f"""<footer class="fr-footer" role="contentinfo" id="footer"><div class="fr-container"><div class="fr-footer__body">
<p class="fr-logo">Préfet<br>{escape(site.of)}</p><div class="fr-footer__content"><p class="fr-footer__content-desc">{escape(site.label)}</p>
<ul class="fr-footer__content-list">{partners}</ul></div></div><div class="fr-footer__bottom"><ul class="fr-footer__bottom-list">{legal}</ul>
<p class="fr-footer__bottom-copy">Sauf mention explicite de propriété intellectuelle détenue par des tiers, les contenus de ce site
sont proposés sous licence etalab-2.0</p></div></div></footer>
<div class="fr-consent-banner" id="consent-{slot("consent")}"><h2 class="fr-h6">À propos des cookies sur ce site</h2></div>
<script>window.served = "{slot("served")}";</script>"""
