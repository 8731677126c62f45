"""HTML → items: one module per family of pages, each loaded when it is first asked for."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from watcher.core.ports import Layout
from watcher.core.region import region

NAMES = frozenset({"content", "dsfr", "legacy", "police", "regional", "selectors"})


@cache
def get(name: str) -> Layout:
    """The layout of that name.

    Raises:
        KeyError: there is none.
    """
    if name not in NAMES:
        raise KeyError(name)
    layout: Layout = import_module(f"watcher.layouts.{name}").LAYOUT
    return layout


_POLICE = re.compile(
    r"prefecturedepolice\.interieur|node--type--tc13|<meta name=\"generator\" content=\"Drupal", re.I
)
_REGIONAL = re.compile(r"prefectures-regions\.gouv\.fr|/irecontenu/|class=\"[^\"]*\bmain-container\b", re.I)
_WHITE = re.compile(rb"class\s*=\s*[\"']?(?=[^\"'>]*\bfr-card[\s\"'])(?![^\"'>]*\bfr-card--grey)", re.I)
_DATED = re.compile(rb"fr-card__detail[^>]*>(?:\s|<[^>]{0,200}>)*(?:publi|mis|mise|actualis|\d)", re.I)
_PROSE = re.compile(
    rb"<(?:p|li)\b(?![^>]*fr-card)(?![^>]*fr-pagination)[^>]*>[^<]{80}|fr-accordion|<td\b", re.I
)
_LIST_HEADING = re.compile(rb"<h1\b[^>]*>[^<]{0,100}(?:actualit|communiqu|presse|\bactus?\b)", re.I)
_LINK = re.compile(rb"<li\b[^>]*>(?:\s|<[^a][^>]*>)*<a\b|<td\b[^>]*>(?:\s|<[^a][^>]*>)*<a\b|<option\b", re.I)


def detect(html: str) -> str:
    """The layout that a page most looks like; a guess for a page that no configuration names."""
    if _POLICE.search(html):
        return "police"
    if _REGIONAL.search(html):
        return "regional"
    if not re.search(r"class\s*=\s*[\"']?[^\"'>]*\bfr-[a-z]", html):
        return "legacy"
    part = region(html.encode(errors="replace"))
    cards, prose = len(_WHITE.findall(part)), len(_PROSE.findall(part))
    if _DATED.search(part) or cards > prose:
        return "dsfr"
    return "dsfr" if _LIST_HEADING.search(part) and len(_LINK.findall(part)) > prose else "content"
