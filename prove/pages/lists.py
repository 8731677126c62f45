# ruff: noqa: E501 - markup keeps its lines
"""New templates for lists: the entries stay, what is shown of them, and how, does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape, unescape

from lxml import html as lx

from prove.pages.markup import Twist, inside, texts
from watcher.replica.sites import Skin

_DAY = re.compile(r"\b(\d\d)/(\d\d)/(\d{4})\b")
_HREF = re.compile(r'(<a\b[^>]*?\shref=")(/[^"]*)(")')
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_ENTRY = {
    Skin.DSFR: '//main//div[contains(@class, "fr-card--horizontal")]',
    Skin.LEGACY: '//article[@class="news-list-item"]',
    Skin.REGIONAL: '//article[@class="news-list-item"]',
    Skin.POLICE: '//div[@class="views-row"]',
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as any template would show it."""

    href: str
    title: str
    day: date | None
    excerpt: str


def lines_of(page: str, skin: Skin) -> list[Line]:
    found = []
    for entry in lx.document_fromstring(page).xpath(_ENTRY[skin]):
        anchor = entry.xpath(".//a[@href]")[0]
        text = " ".join(entry.text_content().split())
        title = (entry.xpath(".//h2 | .//h3") or [anchor])[0].text_content()
        day = _DAY.search(text) or _DAY.search(anchor.get("title", ""))
        excerpt = entry.xpath('.//*[contains(@class, "desc") or contains(@class, "chapo")]')
        found.append(
            Line(
                anchor.get("href"),
                " ".join(title.split()),
                date(int(day[3]), int(day[2]), int(day[1])) if day else None,
                " ".join(excerpt[0].text_content().split()) if excerpt else "",
            )
        )
    return found


def redrawn(skin: Skin, draw: Callable[[Line], str], before: str = "", after: str = "") -> Twist:
    """All entries in another shape; pager and rubrics are gone."""

    def twist(page: str) -> str:
        whole = "".join(draw(line) for line in lines_of(page, skin))
        return inside(lambda _: f"<h1>Actualités</h1>{before}{whole}{after}")(page)

    return twist


def card(line: Line) -> str:
    """The card of the current template."""
    said = f'<p class="fr-card__detail">Publié le {line.day:%d/%m/%Y}</p>' if line.day else ""
    excerpt = f'<p class="fr-card__desc">{escape(line.excerpt)}</p>' if line.excerpt else ""
    return (
        '<div class="fr-card fr-card--horizontal fr-card--sm"><div class="fr-card__body"><div class="fr-card__content">'
        f'<h2 class="fr-card__title"><a class="fr-card__link" href="{line.href}">{escape(line.title)}</a></h2>'
        f"{excerpt}{said}</div></div></div>"
    )


def _spelt(day: date | None) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def _days(write: Callable[[date], str]) -> Twist:
    return texts(lambda text: _DAY.sub(lambda f: write(date(int(f[3]), int(f[2]), int(f[1]))), text))


def _links(write: Callable[[str], str]) -> Twist:
    return inside(lambda m: _HREF.sub(lambda f: f[1] + escape(write(unescape(f[2]))) + f[3], m))


def _changed(skin: Skin, change: Callable[[Line], Line]) -> Twist:
    return redrawn(skin, lambda line: card(change(line)))


def _arranged(skin: Skin, order: Callable[[Sequence[Line]], Sequence[Line]]) -> Twist:
    def twist(page: str) -> str:
        whole = "".join(card(line) for line in order(lines_of(page, skin)))
        return inside(lambda _: f"<h1>Actualités</h1>{whole}")(page)

    return twist


def of_lists(skin: Skin, base: str) -> dict[str, Twist]:
    """Templates of a list in `skin` on the site at `base`."""
    return {**_shapes(skin), **_said(skin), **_addressed(base), **_ordered(skin)}


def _shapes(skin: Skin) -> dict[str, Twist]:
    link = "<a href={0.href!r}>{1}</a>"

    def anchor(line: Line) -> str:
        return link.format(line, escape(line.title))

    return {
        "usual cards": redrawn(skin, card),
        "cards version 2": redrawn(
            skin, lambda n: card(n).replace("fr-card__title", "fr-card__heading").replace("h2", "h3")
        ),
        "tiles": redrawn(skin, lambda n: card(n).replace("fr-card", "fr-tile")),
        "articles": redrawn(
            skin,
            lambda n: (
                f"<article><h3>{anchor(n)}</h3><p>{escape(n.excerpt)}</p><time datetime='{n.day}'>{_spelt(n.day)}</time></article>"
            ),
        ),
        "list items": redrawn(
            skin,
            lambda n: (
                f"<li>{anchor(n)} <span>{n.day:%d/%m/%Y}</span></li>" if n.day else f"<li>{anchor(n)}</li>"
            ),
            "<ul>",
            "</ul>",
        ),
        "bare links": redrawn(skin, lambda n: f"<p>{anchor(n)}</p>"),
        "table": redrawn(
            skin,
            lambda n: (
                f"<tr><td>{n.day:%d/%m/%Y}</td><td>{anchor(n)}</td></tr>"
                if n.day
                else f"<tr><td></td><td>{anchor(n)}</td></tr>"
            ),
            "<table><tbody>",
            "</tbody></table>",
        ),
        "definition list": redrawn(
            skin, lambda n: f"<dt>{anchor(n)}</dt><dd>{escape(n.excerpt)}</dd>", "<dl>", "</dl>"
        ),
        "link around all": redrawn(
            skin,
            lambda n: f"<a class='bloc' href='{n.href}'><h3>{escape(n.title)}</h3><p>{_spelt(n.day)}</p></a>",
        ),
        "read more": redrawn(
            skin,
            lambda n: (
                f"<div class='actu'><h3>{escape(n.title)}</h3><p>{escape(n.excerpt)}</p><a href='{n.href}'>Lire la suite</a></div>"
            ),
        ),
        "all in one script": redrawn(
            skin,
            lambda n: "{" + f'"t":"{n.title}","u":"{n.href}"' + "},",
            "<div id='app'></div><script type='application/json'>[",
            "]</script>",
        ),
        "accordions": redrawn(
            skin,
            lambda n: (
                f'<section class="fr-accordion"><h3 class="fr-accordion__title"><button class="fr-accordion__btn">{escape(n.title)}</button></h3><div class="fr-collapse"><p>{escape(n.excerpt)} {anchor(n)}</p></div></section>'
            ),
        ),
        "months as headings": redrawn(
            skin, lambda n: f"<h2>{_spelt(n.day)[3:]}</h2><ul><li>{anchor(n)}</li></ul>"
        ),
        "every entry twice": redrawn(
            skin, lambda n: f'<div class="mobile">{card(n)}</div><div class="desktop">{card(n)}</div>'
        ),
    }


def _said(skin: Skin) -> dict[str, Twist]:
    return {
        "no excerpt": _changed(skin, lambda n: replace(n, excerpt="")),
        "the same excerpt everywhere": _changed(
            skin, lambda n: replace(n, excerpt="Cliquez ici pour lire l'article.")
        ),
        "a badge in the title": _changed(skin, lambda n: replace(n, title=f"Communiqué – {n.title}")),
        "reading time in the title": _changed(skin, lambda n: replace(n, title=f"{n.title} (2 min)")),
        "date in the title": _changed(
            skin, lambda n: replace(n, title=f"{n.day:%d/%m/%Y} - {n.title}" if n.day else n.title)
        ),
        "titles cut short": _changed(skin, lambda n: replace(n, title=f"{n.title[:40].rsplit(' ', 1)[0]}…")),
        "titles shouted": _changed(skin, lambda n: replace(n, title=n.title.upper())),
        "titles whispered": _changed(skin, lambda n: replace(n, title=n.title.lower())),
        "title of the site behind each": _changed(
            skin, lambda n: replace(n, title=f"{n.title} | Les services de l'État")
        ),
        "no dates": _changed(skin, lambda n: replace(n, day=None)),
        "all of today": _changed(skin, lambda n: replace(n, day=date(2025, 9, 8))),
        "all a year later": _changed(
            skin, lambda n: replace(n, day=n.day + timedelta(days=365) if n.day else None)
        ),
        "day and month swapped": _changed(skin, lambda n: replace(n, day=_swapped(n.day))),
        "spelt dates": _days(lambda d: str(_spelt(d))),
        "ISO dates": _days(lambda d: f"{d:%Y-%m-%d}"),
        "short years": _days(lambda d: f"{d:%d/%m/%y}"),
        "dots in dates": _days(lambda d: f"{d:%d.%m.%Y}"),
        "weekdays": _days(lambda d: f"mardi {_spelt(d)}"),
        "dates with an hour": _days(lambda d: f"{d:%d/%m/%Y} à 14h30"),
        "time elements": _days(lambda d: f'<time datetime="{d}">{_spelt(d)}</time>'),
        "ages for dates": _days(lambda d: f"il y a {(date(2025, 9, 9) - d).days} jours"),
        "put online": inside(lambda m: m.replace("Publié le", "Mis en ligne le :")),
        "brought up to date": inside(lambda m: m.replace("Publié le", "Mis à jour le")),
        "no word before the date": inside(lambda m: m.replace("Publié le ", "")),
    }


def _swapped(day: date | None) -> date | None:
    return date(day.year, day.day, day.month) if day and day.day <= 12 else day


def _addressed(base: str) -> dict[str, Twist]:
    www = base.replace("http://", "https://")
    return {
        "absolute links": _links(lambda path: base + path),
        "https links": _links(lambda path: www + path),
        "two slashes": _links(lambda path: base.removeprefix("http:") + path),
        "index.php": _links(lambda path: f"/index.php{path}"),
        "trailing slashes": _links(lambda path: f"{path}/"),
        "tracked links": _links(lambda path: f"{path}?utm_source=liste&xtor=RSS-1"),
        "themed links": _links(lambda path: f"{path}/(theme)/39"),
        "anchored links": _links(lambda path: f"{path}#contenu"),
        "print links": _links(lambda path: f"/layout/set/print{path}"),
        "base and relative links": lambda page: _links(lambda path: path.lstrip("/"))(page).replace(
            "<head>", f'<head><base href="{base}/">', 1
        ),
        "another folder": _links(
            lambda path: path.replace("/Actualites/", "/Actualites/Actus/").replace(
                "/actualites/", "/presse/"
            )
        ),
        "a digit behind each": _links(lambda path: f"{path}2"),
        "numbered nodes": _links(lambda path: f"/node/{sum(map(ord, path)) * 97 % 100003}"),
        "small letters in addresses": _links(str.lower),
        "another host": _links(lambda path: f"https://www.prefecture-nouvelle.gouv.fr{path}"),
        "links by script": _links(lambda path: f"javascript:ouvrir('{path}')"),
    }


def _ordered(skin: Skin) -> dict[str, Twist]:
    return {
        "upside down": _arranged(skin, lambda found: found[::-1]),
        "by title": _arranged(skin, lambda found: sorted(found, key=lambda n: n.title)),
        "two first swapped": _arranged(skin, lambda found: [found[1], found[0], *found[2:]]),
        "five a page": _arranged(skin, lambda found: found[:5]),
        "three a page": _arranged(skin, lambda found: found[:3]),
        "only the last": _arranged(skin, lambda found: found[:1]),
        "only the second half": _arranged(skin, lambda found: found[5:]),
        "every other": _arranged(skin, lambda found: found[::2]),
        "pager gone": inside(
            lambda m: re.sub(r'<nav role="navigation" class="fr-pagination".*?</nav>', "", m, flags=re.DOTALL)
        ),
        "empty": _arranged(skin, lambda found: []),
        "empty, and says so": redrawn(skin, lambda n: "", "<p>Aucune actualité.</p>"),
        "front page news repeated": lambda page: inside(
            lambda m: "".join(map(card, lines_of(page, skin)[:3])) + m
        )(page),
    }
