"""Is this the page that was asked for? Told from its features, without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from watcher.core.entries import holds_entries
from watcher.core.glance import LOOKED_AT, THIN, Look, look, page_title
from watcher.core.page import Outcome, Page
from watcher.core.region import cleaned, region
from watcher.core.signs import (
    AT_WORK,
    CHALLENGE_MARKUP,
    GUARD_MARKUP,
    HEADINGS,
    LOGIN,
    NAKED,
    STRICT,
    STUB,
    Sign,
)
from watcher.core.size import oversize
from watcher.core.sniff import foreign
from watcher.core.text import fold
from watcher.core.twice import undoubled

_SEARCHED = 262_144  # octets of a region that are searched for entries


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a reading would end; `reason` says by which sign, in a few French words."""

    outcome: Outcome
    reason: str = ""
    other_site: bool = False  # nothing but the site's name in its title speaks against the page


def judge(page: Page, text: str, site_before: str) -> Judgement:
    """The outcome of a page, `OK` when nothing speaks against it. `text` is `decode(page)`.

    `site_before` is the site name (`site_name`) of the last accepted reading; empty: not checked.
    """
    # What a failing server sends with its 5xx need not be HTML.
    refused = _by_status(page.status) or (_by_type(page, text) if page.status < 500 else None)
    if refused:
        return refused
    if not text.strip("\ufeff \t\r\n\0"):
        return _by_status_and_words(page, None) or Judgement(Outcome.EMPTY, "réponse vide")
    seen = look(text)
    return (
        _by_status_and_words(page, seen)
        or _by_challenge(seen, text)
        or _by_end(text)
        or _by_words(seen, text, strange=_strange(text, site_before))
        or _by_anchors(seen, page.body, text)
        or _by_size(page.body)
        or _by_site(text, site_before)
        or Judgement(Outcome.OK)
    )


_STATUSES = {
    **dict.fromkeys((403, 407, 429, 451), Outcome.BLOCKED),
    **dict.fromkeys(
        (401, 404, 410), Outcome.GONE
    ),  # 401: of the platform's pages that are not published any more
    **dict.fromkeys((204, 205), Outcome.EMPTY),
    **dict.fromkeys((408, 425), Outcome.UNREACHABLE),
    206: Outcome.TRUNCATED,
}


def _by_status(status: int) -> Judgement | None:
    if status in (200, 203) or status >= 500:
        return None
    return Judgement(_STATUSES.get(status, Outcome.REFUSED), f"statut {status}")


def _by_status_and_words(page: Page, seen: Look | None) -> Judgement | None:
    """A server's 5xx says more when a maintenance page comes with it."""
    if page.status < 500:
        return None
    if seen and AT_WORK.search(f"{seen.title} {seen.heading} {seen.words}"):
        return Judgement(Outcome.MAINTENANCE, f"statut {page.status} : maintenance")
    outcome = Outcome.BLOCKED if page.status == 503 else Outcome.UNREACHABLE
    return Judgement(outcome, f"statut {page.status}")


def _by_type(page: Page, text: str) -> Judgement | None:
    if page.content_type not in ("text/html", "application/xhtml+xml", ""):
        return Judgement(Outcome.UNSUPPORTED, f"type de contenu {page.content_type}")
    if instead := foreign(page.body, text):
        return Judgement(Outcome.UNSUPPORTED, f"{instead}, pas du HTML")
    start = text[:1000].lstrip("\ufeff \t\r\n")
    if page.content_type == "" and start and not start.startswith("<"):
        return Judgement(Outcome.UNSUPPORTED, "pas du HTML")
    return None


def _by_challenge(seen: Look, text: str) -> Judgement | None:
    """Guards first: their pages are often no whole documents."""
    if seen.full:
        return None
    for marker in CHALLENGE_MARKUP:
        if marker in text:
            return Judgement(Outcome.BLOCKED, f"page de défi anti-robot : {marker}")
    blocking = [sign for sign in (STRICT if seen.main else STRICT + NAKED[:2]) if sign[0] is Outcome.BLOCKED]
    found = _first(blocking, (seen.title, seen.heading, seen.words))
    if found or seen.main:
        return found
    if guard := GUARD_MARKUP.search(text[:LOOKED_AT]):
        return Judgement(Outcome.BLOCKED, f"page de défi anti-robot : {guard.group()}")
    return None


def _by_end(text: str) -> Judgement | None:
    """A page that announces itself as a document must reach its end."""
    if text.rfind("</html") >= 0 or "</HTML" in text:
        return None
    start = text[:2000].lower()
    if "<html" in start or "<!doc" in start or "<body" in start or start.lstrip().startswith("<!"):
        return Judgement(Outcome.TRUNCATED, "fin de page absente")
    return None


def _by_words(seen: Look, text: str, *, strange: bool) -> Judgement | None:
    """`strange`: it bears another site's name, and what it says need not be that of an announcement."""
    leaf = seen.title.split(" - ")[0].split(" | ")[0]
    if found := _first(HEADINGS, (leaf, seen.heading), whole=True):
        return found
    if seen.full:
        return None
    if "password" in seen.part and LOGIN.search(seen.words):
        return Judgement(Outcome.BLOCKED, "formulaire de connexion")
    if seen.main and not strange:
        return _first(STRICT, (seen.title, seen.heading, seen.words))
    found = _first(STRICT + NAKED, (seen.title, seen.heading, seen.words))
    if not found and len(seen.words) < THIN and (stub := STUB.search(text[:LOOKED_AT])):
        return Judgement(Outcome.BLOCKED, f"page vide qui renvoie ailleurs : {stub.group()[:40]}")
    return found


def _first(signs: Iterable[Sign], texts: Iterable[str], *, whole: bool = False) -> Judgement | None:
    """The first sign that one of the texts bears (`whole`: from its start)."""
    texts = [text for text in texts if text]
    for outcome, reason, pattern in signs:
        for text in texts:
            if found := pattern.match(text) if whole else pattern.search(text):
                return Judgement(outcome, f"{reason} : {found.group().strip()[:60]}")
    return None


def _by_anchors(seen: Look, body: bytes, text: str) -> Judgement | None:
    if seen.heading or (seen.main and len(seen.words) >= THIN):
        return None
    thin = len(seen.words) < THIN
    if not thin and ("<header" not in text or "<footer" not in text):
        return None
    if holds_entries(cleaned(region(body)[:_SEARCHED]), main=seen.main):
        return None
    return Judgement(Outcome.EMPTY, "rien à lire" if thin else "rien qu'un en-tête et un pied de page")


def _strange(text: str, site_before: str) -> bool:
    return bool(site_before) and not _same_site_name(site_name(text), site_before)


def _by_site(text: str, site_before: str) -> Judgement | None:
    if not _strange(text, site_before):
        return None
    site = site_name(text)
    reason = f"titre d'un autre site : {site[:60] or 'aucun'}"
    return Judgement(Outcome.SOFT_404, reason, other_site=bool(site))


_GENERIC = frozenset(
    [
        "les",
        "des",
        "services",
        "service",
        "etat",
        "dans",
        "prefecture",
        "prefet",
        "internet",
        "site",
        "portail",
        "web",
        "accueil",
    ]
)
_WORD = re.compile(r"\w{3,}")
_NAME = re.compile(
    r"\w+(?:-(?:d')?\w+)+|\w{3,}"
)  # the Indre is not Indre-et-Loire, though their names share a word
_OF = re.compile(r"\b(hautes?|hauts|val|pays) (de |d')?(la )?(?=\w)")


def _same_site_name(site: str, before: str) -> bool:
    """Equal, or naming the same place in other words."""
    one, other = (_OF.sub(_joined, fold(name)) for name in (site, before))
    if one == other or (set(_NAME.findall(one)) & set(_NAME.findall(other))) - _GENERIC:
        return True
    words = set(_WORD.findall(one)) - _GENERIC  # hyphens may have come or gone
    return bool(words) and words == set(_WORD.findall(other)) - _GENERIC


def _joined(found: re.Match[str]) -> str:
    return found.group().replace(" ", "-")


def _by_size(body: bytes) -> Judgement | None:
    excess = oversize(region(body))
    return Judgement(Outcome.UNSUPPORTED, excess) if excess else None


def site_name(text: str) -> str:
    """The last part of the page's title, which names the site; empty when there is no title."""
    return re.split(r" [-–—|] ", page_title(text))[-1].strip()


_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_SINGLE_OCTET = {"iso-8859-15": "iso-8859-15", "latin-9": "iso-8859-15", "latin9": "iso-8859-15"}


def decode(page: Page) -> str:
    """The body as text; never fails.

    UTF-8 wherever it is valid, whatever is declared, and twice where it was encoded twice; else a declared
    single-octet charset; else UTF-8 with a few broken octets, or windows-1252, whichever the octets look more like.
    """
    body = page.body
    try:
        return undoubled(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        pass
    found = _META.search(body[:4096])
    declared = (page.charset or (found.group(1).decode() if found else "")).lower()
    if declared in _SINGLE_OCTET:
        return body.decode(_SINGLE_OCTET[declared])
    lenient = body.decode("utf-8-sig", "replace")
    broken = lenient.count("\ufffd")
    if sum(1 for char in lenient if char > "\x7f") - broken > broken:
        return lenient
    return body.decode("windows-1252", "replace")
