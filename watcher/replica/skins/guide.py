# ruff: noqa: E501 - markup keeps its lines
"""Foreigners pages of a DSFR site: lead, headings, accordions, tables, downloads, official links."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from watcher.replica.model import Guide, Section, Shape
from watcher.replica.sites import EMPTY_IDS
from watcher.replica.skins.dsfr import framed
from watcher.replica.skins.slots import slot
from watcher.replica.skins.writing import View, file_href, linked


def guide_page(view: View, guide: Guide) -> bytes:
    inside = f"""<h1 class="">{view.title(guide.title)}</h1>
{body_of(view, guide)}
"""
    entries = tuple((section.heading, guide.path) for section in guide.sections)
    return framed(
        view, guide.title, (("Démarches", "/Demarches"), (guide.title, guide.path)), inside, entries
    )


def body_of(view: View, guide: Guide) -> str:
    """All but the heading."""
    return f"""<p class="fr-text--xs">Mis à jour le {view.date(guide.updated)}</p>
<div class="fr-text--lead fr-my-3w">{view.prose(guide.lead)}</div>
{"".join(_SHAPED[section.shape](view, section) for section in guide.sections)}"""


def _body(view: View, section: Section) -> str:
    paragraphs = "".join(f"<p>{view.prose(text)}</p>\n" for text in section.paragraphs)
    bullets = "".join(f"<li>{view.prose(text)}</li>\n" for text in section.bullets)
    return paragraphs + (f"<ul>\n{bullets}</ul>\n" if bullets else "")


def _plain(view: View, section: Section) -> str:
    return f'<h2 class="" id="eztoc_{slot(section.heading)}_1">{view.text(section.heading)}</h2>\n{_body(view, section)}'


def _accordion(view: View, section: Section) -> str:
    panel = f"accordion-{slot(section.heading)}"
    body = _body(view, section)
    if view.site.inner:
        body = f'<div class="inner">{body}</div>'
    return (
        '<section class="fr-accordion"><h3 class="fr-accordion__title">'
        f'<button class="fr-accordion__btn" aria-expanded="false" aria-controls="{panel}">{view.text(section.heading)}</button></h3>\n'
        f'<div class="fr-collapse" id="{panel}">{body}</div></section>\n'
    )


def _table(view: View, section: Section) -> str:
    head, *rows = section.rows
    titles = "".join(f'<th scope="col">{view.text(cell)}</th>' for cell in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{view.prose(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return (
        f'<h2 class="">{view.text(section.heading)}</h2>\n<div class="fr-table"><table><thead><tr>{titles}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>\n"
    )


def _downloads(view: View, section: Section) -> str:
    """About half of the sites leave the link's id empty and unquoted, which swallows its class."""
    attribute = "id= " if view.site.code in EMPTY_IDS else ""
    files = "".join(
        f'<li><div class=""><a {attribute}class="fr-link fr-link--download" '
        f'href="{file_href(view.site, file.number, file.file)}">\n   Télécharger {view.text(file.label)} '
        f'<span class="fr-link__detail">{file.detail}</span></a></div></li>\n'
        for file in section.files
    )
    return (
        f'<h2 class="">{view.text(section.heading)}</h2>\n'
        f'<div class="fr-downloads-group fr-downloads-group--bordered"><ul>{files}</ul></div>\n'
    )


def _buttons(view: View, section: Section) -> str:
    """Links that look like buttons."""
    pressed = (view.prose(text).replace("<a ", '<a class="fr-btn" ') for text in section.bullets)
    items = "".join(f"<li>{one}</li>\n" for one in pressed)
    paragraphs = "".join(f"<p>{view.prose(text)}</p>\n" for text in section.paragraphs)
    return (
        f'<h3 class="">{view.text(section.heading)}</h3>\n{paragraphs}<ul class="fr-btns-group fr-btns-group--inline">'
        f"{items}</ul>\n"
    )


def _form(view: View, section: Section) -> str:
    """Buttons that send a form to what a link would lead to."""
    buttons = "".join(
        f'<form method="get" action="{escape(view.href(target))}"><input type="hidden" name="t" value="{slot("form")}">'
        f'<button class="fr-btn" type="submit">{view.text(label)}</button></form>\n'
        for label, target in map(linked, section.bullets)
    )
    paragraphs = "".join(f"<p>{view.prose(text)}</p>\n" for text in section.paragraphs)
    return f'<h2 class="">{view.text(section.heading)}</h2>\n{paragraphs}{buttons}'


_SHAPED: dict[Shape, Callable[[View, Section], str]] = {
    Shape.PLAIN: _plain,
    Shape.ACCORDION: _accordion,
    Shape.TABLE: _table,
    Shape.DOWNLOADS: _downloads,
    Shape.BUTTONS: _buttons,
    Shape.FORM: _form,
}
