# ruff: noqa: E501 - markup keeps its lines
"""The frames of pages that are not DSFR."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from watcher.replica.sites import Site
from watcher.replica.skins.menus import renamed_menu
from watcher.replica.skins.noise import scripts, styles
from watcher.replica.skins.slots import Template, slot
from watcher.replica.texts.menu import MENU
from watcher.replica.texts.unrelated import slug

_STYLE_BYTES = 38_000


def old_frame(site: Site, title: str, inside: str, siblings: tuple[tuple[str, str], ...]) -> bytes:
    """The skin before DSFR, with its print links and its menus of plain lists."""
    beside = "".join(
        f'<li><a href="{site.prefix}{path}">{escape(label)}</a></li>' for label, path in siblings
    )
    return _page(
        site,
        title,
        '<p class="acces"><a href="#contenu">Aller au contenu</a> <a href="#menu">Aller au menu</a></p>'
        f'<p class="outils"><a href="#" class="imprimer">Imprimer</a> <a href="#">Fermer</a></p>{_menus(site)}',
        f'<div id="main"><div id="contenu" class="content-view-full" role="main">\n{inside}\n</div></div>'
        f'<div id="sous-menu"><h2>Sous menu de navigation</h2><ul>{beside}</ul></div>',
    )


def regional_frame(site: Site, title: str, inside: str) -> bytes:
    trail = f'<div class="breadcrumb"><div class="container"><p><span class="active">{escape(title)}</span></p></div></div>'
    return _page(
        site,
        title,
        _menus(site),
        f'{trail}<main><div class="container main-container"><div class="row"><div class="col-main">\n{inside}\n</div></div></div></main>',
    )


def police_frame(site: Site, title: str, inside: str) -> bytes:
    return _page(
        site,
        title,
        f'<div class="dialog-off-canvas-main-canvas">{_menus(site)}',
        f'<main role="main" id="main-content"><div class="layout-content">\n{inside}\n</div></main></div>',
    )


def _page(site: Site, title: str, before: str, body: str) -> bytes:
    head = f"<title>{escape(title)} - {escape(site.label)}</title>"
    opening, closing = _around(site, before)
    return b"".join(
        (
            opening.fill(),
            Template.of(f"{head}</head><body>").fill(),
            closing.fill(),
            Template.of(body + _END).fill(),
        )
    )


@lru_cache(maxsize=16)
def _around(site: Site, before: str) -> tuple[Template, Template]:
    opening = (
        '<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8">\n'
        f"{styles(_STYLE_BYTES)}\n{scripts(440_000 + len(site.slug))}\n"
    )
    form = (
        f'<form class="recherche" action="{site.prefix}/contenu/recherche"><input name="SearchText">'
        f'<input type="hidden" name="form_token" value="{slot("form")}"></form>'
    )
    return Template.of(opening), Template.of(
        f'<div id="header"><p id="logo">{escape(site.label)}</p>{form}</div>{before}\n'
    )


@lru_cache(maxsize=16)
def _menus(site: Site) -> str:
    if site.plan:
        return f'<div id="menu">{renamed_menu(site, site.plan, "menu", "lien")}</div>'
    items = "".join(
        f'<li><a href="{site.prefix}/{slug(name)}/{slug(group)}">{escape(group)}</a><ul>'
        + "".join(
            f'<li><a href="{site.prefix}/{slug(name)}/{slug(group)}/{slug(label)}">{escape(label)}</a></li>\n'
            for label in labels
        )
        + "</ul></li>"
        for name, groups in MENU.items()
        for group, labels in groups.items()
    )
    return f'<div id="menu"><ul class="menu">{items}</ul></div>'


_END = '\n<div id="footer"><p>Mentions légales - Plan du site - Nous contacter</p></div>\n</body>\n</html>\n'
