"""Which layout a page most looks like, without parsing it."""

from __future__ import annotations

import html as entities
import re
from urllib.parse import urlsplit

from watcher.core.address import canonical, host_of
from watcher.core.entries import lines, says_nothing, without_menus
from watcher.core.region import cleaned, region
from watcher.core.text import fold

_POLICE_HOST = "prefecturedepolice.interieur.gouv.fr"
_REGIONAL_HOST = "www.prefectures-regions.gouv.fr"
_POLICE = re.compile(r"node--type--|<meta\s[^>]{0,200}\bDrupal\b", re.IGNORECASE)
_REGIONAL = re.compile(r"class\s*=\s*[\"'][^\"'<>]*\bmain-container\b", re.IGNORECASE)
_DSFR = re.compile(r"class\s*=\s*[\"']?[^\"'>]{0,500}?\bfr-[a-z]")
_OLD_ENTRY = re.compile(rb"\bnews-list-item\b|\bcontent-view-line\b|<h[2-4]\b[^<>]*+> ?<a\b")
# Tags end at the next "<" too: else a tag without end would be looked through again for each one in it.
_WHITE = re.compile(rb"class=[\"'](?=[^\"'>]*\bfr-card[\s\"'])(?![^\"'>]*\bfr-card--grey)")
_DATED = re.compile(
    rb"fr-(?:card|tile)__detail[^<>]{0,500}+>(?: |<[^>]{0,200}>){0,8}+(?:publi|mis|mise|actualis|\d)",
    re.IGNORECASE,
)
_PROSE = re.compile(rb"<(?:p|li)\b(?![^<>]*fr-card)[^<>]*+>[^<]{80}|fr-accordion|<td\b")
_TEXT = re.compile(rb"<(?:p|li|td|dd|div)\b[^<>]*+>[^<]{60}|fr-accordion__title|fr-accordion__btn")
_OPTION = re.compile(rb"<option [^<>]*?value=[\"'][^\"'<>]*/")
_H1 = re.compile(rb"<h1\b[^<>]*+>(.{0,300}?)</h1", re.DOTALL)
_ABOUT_NEWS = re.compile(r"actualit|communiqu|presse|\bactus?\b")
_NEWS = re.compile(
    r"(?:toutes-)?(?:les-|nos-)?(?:(?:actualites?|actus?|communiques|presse)(?:-(?:de|du|des|et)-.*)?"
    r"|communique-de-presse|(?:salle|espace)-(?:de-)?presse)\d*"
)
_TAG = re.compile(r"<[^<>]*+>")


def detect(html: str, address: str = "") -> str:
    """The name of a layout: a guess for a page that no configuration names. `address`: where it was found."""
    host = host_of(address)
    if host == _POLICE_HOST or _POLICE.search(html):
        return "police"
    if host == _REGIONAL_HOST or _REGIONAL.search(html):
        return "regional"
    part = without_menus(cleaned(region(html.encode(errors="replace"))))
    current = _DSFR.search(html) is not None
    if not current and (b"<main" not in part or _OLD_ENTRY.search(part)):
        return "legacy"
    if _is_list(part, address):
        return "dsfr"
    return "content" if current else "legacy"


def _is_list(part: bytes, address: str) -> bool:
    """White cards are a list, and so are, where news are to be expected, links that outnumber texts."""
    if _DATED.search(part) or len(_WHITE.findall(part)) > len(_PROSE.findall(part)):
        return True
    links, texts = len(lines(part)) + len(_OPTION.findall(part)), len(_TEXT.findall(part))
    heading = _heading(part)
    segments = [fold(segment) for segment in urlsplit(canonical(address) or "").path.split("/")[1:]]
    if any(map(_NEWS.fullmatch, (heading.replace(" ", "-"), *segments[-1:]))):
        return links >= max(texts, 1) or says_nothing(_text(part[:20_000]))
    if _ABOUT_NEWS.search(heading):
        return links > texts
    # Below a news rubric there are single articles too.
    return any(map(_NEWS.fullmatch, segments[:1])) and links > 2 * texts + 1


def _heading(part: bytes) -> str:
    """The folded text of the h1."""
    found = _H1.search(part)
    return fold(_text(found[1])) if found else ""


def _text(markup: bytes) -> str:
    return entities.unescape(_TAG.sub(" ", markup.decode("utf-8", "replace")))
