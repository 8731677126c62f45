"""Signs, in cleaned markup, that a list is shown: cards, named entries, links that begin a line of their own.

Told without parsing, for whoever must decide before anything is parsed. Linear on any input.
"""

from __future__ import annotations

import re

# Names that the skins give to what holds one entry.
_NAMED = re.compile(
    rb"class=[\"'][^\"'<>]*(?<![\w-])(?:fr-card|fr-tile|news-list-item|content-view-line|views-row|node--type)"
)
_AROUND = rb"(?![^<>]*fr-(?:breadcrumb|sidemenu|pagination|nav|header|footer|share|skiplink))"
_HREF = rb"<a\b" + _AROUND + rb"[^<>]*?\shref=([\"'])([^\"'<>]*+)\1"
_LINK = re.compile(_HREF)
_LINE = re.compile(
    rb"<(li|td|dd|dt|h[2-6]|article|p|div)\b[^<>]*+>(?: ?<(?!a\b)[a-z][^<>]*+>){0,4}+ ?" + _HREF
)
_WEAK = (b"p", b"div")
_NOWHERE = re.compile(rb" *(?:#|[a-z]+:(?!//)|(?:https?:)?//[^/]*+/? *\Z|/?(?:[?#]|\Z))", re.IGNORECASE)
_SERVICE = re.compile(
    rb"(?:https?://[^/]*+)?/?(?:index\.php/?)?(?:accueil|home|(?:nous-)?contact[a-z-]*+|plan-du-site|sitemap"
    rb"|mentions-legales|accessibilite|recherche|user/[a-z]*+)?(?:\.html?)?/?",
    re.IGNORECASE,
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
    return main and (len(links) > 1 or any(tag not in _WEAK for tag, _ in lines(content)))


def lines(markup: bytes) -> list[tuple[bytes, bytes]]:
    """Links that begin a list item, cell, heading or paragraph, as (element, href)."""
    return [(tag, href) for tag, _, href in _LINE.findall(markup) if _leads_on(href)]


def without_menus(markup: bytes) -> bytes:
    """The markup without its navigation elements."""
    first, *others = markup.split(b"<nav")
    return first + b"".join(other.partition(b"</nav>")[2] for other in others)


def _leads_on(href: bytes) -> bool:
    """Whether a link leads to a page of the site's content rather than nowhere or back home."""
    return not _NOWHERE.match(href) and not _SERVICE.fullmatch(href)
