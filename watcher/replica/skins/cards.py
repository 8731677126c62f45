# ruff: noqa: E501 - markup keeps its lines
"""The cards of a DSFR news list, in the three generations of markup that the week knows."""

from __future__ import annotations

from html import escape

from watcher.replica.model import Form, Markup, News
from watcher.replica.sites import LINKED_TWICE
from watcher.replica.skins.slots import slot
from watcher.replica.skins.writing import View, file_href

EXCERPT = 160


def white_card(view: View, item: News, position: int) -> str:
    """One content item. `position` only names its slot."""
    card = _WHITE[view.state.markup](view, item, slot(f"card-{position}"))
    if view.site.code in LINKED_TWICE:
        again = f'<a class="fr-link menu-item-link" href="{_href(view, item)}">{view.title(item.title)}</a>'
        card = card.replace('<div class="fr-card__end">', f'{again}<div class="fr-card__end">', 1)
    return card


def grey_card(view: View, label: str, path: str) -> str:
    """One rubric."""
    title = f'<a href="{view.href(path)}">{view.text(label)}</a>'
    identity = slot(f"rubric-{path}")
    if view.state.markup is Markup.RENAMED:
        return (
            f'<li class="ide-rubrique" data-id="{identity}"><h2 class="ide-rubrique__titre">{title}</h2></li>'
        )
    return f"""<div class="fr-col-12 fr-col-md-4 fr-col-lg-3">
<div id={identity} class="fr-card fr-card--grey fr-enlarge-link">
<div class="fr-card__body"><div class="fr-card__content"><h2 class="fr-card__title">
{title}
</h2></div></div></div></div>
"""


def _anchor(view: View, item: News) -> str:
    """The link of a card; a file carries its date only in the link's title."""
    title = f"\n\n             {view.title(_titled(view, item))}\n\n        "
    href = _href(view, item)
    if item.form is Form.PDF:
        return (
            f'<a class="fr-card__link menu-item-link" target="_blank" rel="{escape(item.path)}" '
            f'title="format pdf - 1,10 Mb - {view.date(item.published)}" href="{href}">{title}</a>'
        )
    target = ' target="_blank"' if item.form is Form.OFFSITE else ""
    return f'<a class="fr-card__link" href="{href}"{target}>{title}</a>'


def _href(view: View, item: News) -> str:
    if item.form is Form.PDF:
        return file_href(view.site, item.number, f"{item.title[:40]}.pdf")
    if item.form is Form.OFFSITE:
        return f"https://www.info.gouv.fr{item.path}"
    return view.item_href(item.path)


def _titled(view: View, item: News) -> str:
    """Some sites put the day before the title of what they publish as files."""
    if view.site.code == "92" and item.form is Form.PDF:
        return f"{item.published:%Y-%m-%d} {item.title}"
    return item.title


def _detail(view: View, item: News) -> str:
    if item.form in {Form.UNDATED, Form.DECOY, Form.PDF}:
        return ""
    if item.updated:
        text = f"Mis à jour le {view.date(item.updated)}"
    else:
        text = f"{view.site.dated_by} {view.date(item.published)}"
    return f"<span>{text}</span>" if view.site.date_in_span else text


def _excerpt(view: View, item: News) -> str:
    """The first words of the text, cut as the CMS cuts them."""
    if not view.site.excerpts or not item.paragraphs:
        return ""
    text = view.bare(item.paragraphs[0])
    if len(text) > EXCERPT:
        text = f"{text[:EXCERPT].rpartition(' ')[0]} (...)"
    return f'<p class="fr-card__desc">{view.text(text)}</p>'


def _image(view: View, item: News) -> str:
    if item.form is not Form.ARTICLE or item.number % 3 == 0:
        return ""
    version = view.state.image_version
    return (
        '<div class="fr-card__header"><div class="fr-card__img"><img class="fr-responsive-img" alt="" '
        f'src="{view.site.prefix}/var/ide_site/storage/images{item.path.lower()}/{item.number}-{version}-fre-FR/'
        f'illustration_listitem.jpg"></div></div>'
    )


def _usual(view: View, item: News, identity: str) -> str:
    heading = view.site.heading
    detail = _detail(view, item)
    end = f'<div class="fr-card__end"><p class="fr-card__detail">{detail}</p></div>' if detail else ""
    return f"""<div class="fr-col-12">
<div id={identity} class="fr-card fr-card--horizontal fr-card--sm fr-enlarge-link fr-mb-3w">
<div class="fr-card__body"><div class="fr-card__content">
<{heading} class="fr-card__title">
{_anchor(view, item)}
</{heading}>
{_excerpt(view, item)}
{end}
</div></div>{_image(view, item)}
</div></div>
"""


def _renamed(view: View, item: News, identity: str) -> str:
    link = _anchor(view, item).replace("fr-card__link", "ide-actu__lien")
    excerpt = _excerpt(view, item).replace("fr-card__desc", "ide-actu__chapo")
    return f"""<li class="ide-actu" data-id="{identity}"><div class="ide-actu__corps">
<p class="ide-actu__quand">{_detail(view, item)}</p><div class="ide-actu__titre">{link}</div>{excerpt}</div></li>
"""


def _next(view: View, item: News, identity: str) -> str:
    detail = _detail(view, item)
    start = f'<div class="fr-card__start"><p class="fr-card__detail fr-icon-calendar-line">{detail}</p></div>'
    return f"""<li><article id="card-{identity}" class="fr-card fr-card--horizontal fr-card--horizontal-third fr-enlarge-link">
<div class="fr-card__body"><div class="fr-card__content">
<h3 class="fr-card__title">{_anchor(view, item)}</h3>{_excerpt(view, item)}
{start if detail else ""}
</div></div>{_image(view, item)}</article></li>
"""


_WHITE = {Markup.USUAL: _usual, Markup.RENAMED: _renamed, Markup.NEXT: _next}
