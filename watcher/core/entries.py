"""Signs of a list in cleaned markup: cards, named entries, links that begin a line; or that it says to be empty.

Told without parsing, for whoever must decide before anything is parsed. Linear on any input.
"""

from __future__ import annotations

import re

from watcher.core.text import fold

# Names that the skins give to what holds one entry.
_NAMED = re.compile(
    rb"class=[\"'][^\"'<>]*(?<![\w-])(?:fr-card|fr-tile|news-list-item|content-view-line|views-row|node--type)"
)
_AROUND = rb"(?![^<>]*fr-(?:breadcrumb|sidemenu|pagination|nav|header|footer|share|skiplink))"
_HREF = rb"<a\b" + _AROUND + rb"[^<>]*?\shref=(?P<quote>[\"'])([^\"'<>]*+)(?P=quote)"
_LINK = re.compile(_HREF)
_IN = rb"\b[^<>]*+>(?: ?<(?!a\b)[a-z][^<>]*+>){0,4}+ ?" + _HREF
_ENTRY = re.compile(rb"<(?:li|td|dd|dt|h[2-6]|article)" + _IN)
_LINE = re.compile(rb"<(?:li|td|dd|dt|h[2-6]|article|p|div)" + _IN)
_NOWHERE = re.compile(rb" *(?:#|[a-z]+:(?!//)|(?:https?:)?//[^/]*+/? *\Z|/?(?:[?#]|\Z))", re.IGNORECASE)
_SERVICE = re.compile(
    rb"(?:https?://[^/]*+)?/?(?:index\.php/?)?(?:accueil|home|(?:nous-)?contact[a-z-]*+|plan-du-site|sitemap"
    rb"|mentions-legales|accessibilite|recherche|user/[a-z]*+)?(?:\.html?)?/?",
    re.IGNORECASE,
)

_NOTHING = re.compile(
    r"\b(?:aucune? (?:\w+ )?(?:actualite|actu|article|resultat|communique|publication|contenu|evenement)s?\b"
    r"|(?:il n'y a|pas d[e']|sans) ?(?:pas )?(?:d[e'] ?)?(?:actualite|resultat|communique)s?)\b"
)


def holds_entries(markup: bytes, *, main: bool) -> bool:
    """Whether there is anything like an entry of a list; `main`: the markup is a main region, not a whole page.

    Outside of a main region only named entries count: menus are made of lists too.
    """
    content = without_menus(markup)
    links = {href for _, href in _LINK.findall(content) if _leads_on(href)}
    if not links:
        return False
    if _NAMED.search(content):
        return True
    return main and (len(links) > 1 or any(_leads_on(href) for _, href in _ENTRY.findall(content)))


def lines(markup: bytes) -> set[bytes]:
    """Where the links lead that begin a list item, a cell, a heading, a paragraph or the like."""
    return {href for _, href in _LINE.findall(markup) if _leads_on(href)}


def without_menus(markup: bytes) -> bytes:
    """The markup without its navigation elements."""
    first, *others = markup.split(b"<nav")
    return first + b"".join(other.partition(b"</nav>")[2] for other in others)


def _leads_on(href: bytes) -> bool:
    """Whether a link leads to a page of the site's content rather than nowhere or back home."""
    return not _NOWHERE.match(href) and not _SERVICE.fullmatch(href)


def says_nothing(text: str) -> bool:
    """Whether a short text says itself that there is nothing to list."""
    return len(text.split()) < 80 and _NOTHING.search(fold(text)) is not None
