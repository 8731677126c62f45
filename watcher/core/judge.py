"""Is this the page that was asked for? Told from its features, without parsing it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from watcher.core.page import Outcome, Page
from watcher.core.region import region
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
from watcher.core.text import TITLE_LIMIT, clean, fold

_THIN = 200  # visible characters under which a main region may be a mere message
_BARE = 1500  # the same for a page without main region
_LOOKED_AT = 16_384  # characters of the region that are looked at for words, if fewer tell nothing
_GLANCE = 4096


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a reading would end; `reason` says by which sign, in English."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Look:
    """What can be told of a page at a glance; words are folded."""

    title: str
    heading: str
    words: str
    main: bool  # it has a main region
    full: bool  # there is more to read than a message would be; its words are not looked at
    part: str  # the markup looked at


def judge(page: Page, text: str, site_before: str) -> Judgement:
    """The outcome of a page, `OK` when nothing speaks against it. `text` is `decode(page)`.

    `site_before` is the site name (`site_name`) of the last accepted reading; empty: not checked.
    """
    # What a failing server sends with its 5xx need not be HTML.
    refused = _by_status(page.status) or (_by_type(page, text) if page.status < 500 else None)
    if refused:
        return refused
    if not text.strip("\ufeff \t\r\n\0"):
        return _by_status_and_words(page, None) or Judgement(Outcome.EMPTY, "no content")
    look = _look(text)
    return (
        _by_status_and_words(page, look)
        or _by_challenge(look, text)
        or _by_end(text)
        or _by_words(look, text)
        or _by_anchors(look, text)
        or _by_site(text, site_before)
        or _by_size(page.body)
        or Judgement(Outcome.OK)
    )


_STATUSES = {
    **dict.fromkeys((401, 403, 407, 429, 451), Outcome.BLOCKED),
    **dict.fromkeys((404, 410), Outcome.GONE),
    **dict.fromkeys((204, 205), Outcome.EMPTY),
    **dict.fromkeys((408, 425), Outcome.UNREACHABLE),
    206: Outcome.TRUNCATED,
}


def _by_status(status: int) -> Judgement | None:
    if status in (200, 203) or status >= 500:
        return None
    return Judgement(_STATUSES.get(status, Outcome.REFUSED), f"status {status}")


def _by_status_and_words(page: Page, look: _Look | None) -> Judgement | None:
    """A server's 5xx says more when a maintenance page comes with it."""
    if page.status < 500:
        return None
    if look and AT_WORK.search(f"{look.title} {look.heading} {look.words}"):
        return Judgement(Outcome.MAINTENANCE, f"status {page.status}: maintenance")
    outcome = Outcome.BLOCKED if page.status == 503 else Outcome.UNREACHABLE
    return Judgement(outcome, f"status {page.status}")


def _by_type(page: Page, text: str) -> Judgement | None:
    if page.content_type not in ("text/html", "application/xhtml+xml", ""):
        return Judgement(Outcome.UNSUPPORTED, f"content type {page.content_type}")
    start = text[:1000].lstrip("\ufeff \t\r\n")
    binary = page.body[:5] in (b"%PDF-", b"PK\x03\x04") or start.count("\0") * 8 > len(start) > 0
    if binary or (page.content_type == "" and start and not start.startswith("<")):
        return Judgement(Outcome.UNSUPPORTED, "not HTML")
    return None


def _by_challenge(look: _Look, text: str) -> Judgement | None:
    """Guards first: their pages are often no whole documents."""
    if look.full:
        return None
    for marker in CHALLENGE_MARKUP:
        if marker in text:
            return Judgement(Outcome.BLOCKED, f"challenge: {marker}")
    blocking = [sign for sign in (STRICT if look.main else STRICT + NAKED[:2]) if sign[0] is Outcome.BLOCKED]
    found = _first(blocking, (look.title, look.heading, look.words))
    if found or look.main:
        return found
    if guard := GUARD_MARKUP.search(text[:_LOOKED_AT]):
        return Judgement(Outcome.BLOCKED, f"challenge: {guard.group()}")
    return None


def _by_end(text: str) -> Judgement | None:
    """A page that announces itself as a document must reach its end."""
    if text.rfind("</html") >= 0 or "</HTML" in text:
        return None
    start = text[:2000].lower()
    if "<html" in start or "<!doc" in start or "<body" in start or start.rstrip().startswith("<!"):
        return Judgement(Outcome.TRUNCATED, "no </html>")
    return None


def _by_words(look: _Look, text: str) -> Judgement | None:
    leaf = look.title.split(" - ")[0].split(" | ")[0]
    if found := _first(HEADINGS, (leaf, look.heading), whole=True):
        return found
    if look.full:
        return None
    if "password" in look.part and LOGIN.search(look.words):
        return Judgement(Outcome.BLOCKED, "login form")
    if look.main:
        return _first(STRICT, (look.title, look.heading, look.words))
    found = _first(STRICT + NAKED, (look.title, look.heading, look.words))
    if not found and len(look.words) < _THIN and (stub := STUB.search(text[:_LOOKED_AT])):
        return Judgement(Outcome.BLOCKED, f"stub: {stub.group()[:40]}")
    return found


def _first(signs: Iterable[Sign], texts: Iterable[str], *, whole: bool = False) -> Judgement | None:
    """The first sign that one of the texts bears (`whole`: from its start)."""
    texts = [text for text in texts if text]
    for outcome, reason, pattern in signs:
        for text in texts:
            if found := pattern.match(text) if whole else pattern.search(text):
                return Judgement(outcome, f"{reason}: {found.group().strip()[:60]}")
    return None


def _by_anchors(look: _Look, text: str) -> Judgement | None:
    if look.heading or (look.main and len(look.words) >= _THIN):
        return None
    if not look.words or len(look.words) < _THIN:
        return Judgement(Outcome.EMPTY, "nothing to read")
    if not look.main and "<header" in text and "<footer" in text:
        return Judgement(Outcome.EMPTY, "only header and footer")
    return None


def _by_site(text: str, site_before: str) -> Judgement | None:
    if not site_before:
        return None
    site = site_name(text)
    if _same_site_name(site, site_before):
        return None
    return Judgement(Outcome.SOFT_404, f"title of another site: {site[:60] or 'none'}")


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


def _same_site_name(site: str, before: str) -> bool:
    """Equal, or naming the same place in other words."""
    one, other = fold(site), fold(before)
    return one == other or bool((set(_WORD.findall(one)) & set(_WORD.findall(other))) - _GENERIC)


def _by_size(body: bytes) -> Judgement | None:
    excess = oversize(region(body))
    return Judgement(Outcome.UNSUPPORTED, excess) if excess else None


_TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>([^<]{0,2000})", re.IGNORECASE)
_H1 = re.compile(r"<h1(?=[\s>])[^>]{0,500}>", re.IGNORECASE)
_H1_END = re.compile(r"</h1", re.IGNORECASE)
_MAIN = re.compile(r"<main(?=[\s/>])", re.IGNORECASE)
_BODY = re.compile(r"<body(?=[\s/>])", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|(script|style|svg)(?=[\s>]).*?(?:</\1\s*>|\Z)|[^>]*(?:>|\Z))",
    re.IGNORECASE | re.DOTALL,
)


def _look(text: str) -> _Look:
    found = _MAIN.search(text, max(text.find("<main"), 0)) or _MAIN.search(text)
    start = found or _BODY.search(text)
    part = text[start.start() if start else 0 :][:_LOOKED_AT]
    if found:
        part = part.split("</main", 1)[0]
    enough = _THIN if found else _BARE
    words = _visible(part[:_GLANCE])
    if len(words) < enough:
        words = _visible(part)
    full = len(words) >= enough
    return _Look(
        title=fold(_title(text)),
        heading=_heading(part) or ("" if found else _heading(text)),
        words=fold(words[:_THIN] if full else words),
        main=found is not None,
        full=full,
        part=part,
    )


def _heading(markup: str) -> str:
    """The folded text of the first h1."""
    opening = _H1.search(markup)
    closing = _H1_END.search(markup, opening.end(), opening.end() + 2000) if opening else None
    return fold(_visible(markup[opening.end() : closing.start()])) if opening and closing else ""


def _visible(markup: str) -> str:
    return html.unescape(" ".join(_HIDDEN.sub(" ", markup).split()))


def _title(text: str) -> str:
    found = _TITLE.search(text, max(text.find("<title"), 0))
    return clean(html.unescape(found.group(1)), TITLE_LIMIT) if found else ""


def site_name(text: str) -> str:
    """The last part of the page's title, which names the site; empty when there is no title."""
    return re.split(r" [-–—|] ", _title(text))[-1].strip()


_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_SINGLE_OCTET = {"iso-8859-15": "iso-8859-15", "latin-9": "iso-8859-15", "latin9": "iso-8859-15"}


def decode(page: Page) -> str:
    """The body as text; never fails.

    UTF-8 wherever it is valid, whatever is declared; else a declared single-octet charset; else UTF-8
    with a few broken octets, or windows-1252, whichever the octets look more like.
    """
    body = page.body
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    found = _META.search(body[:4096])
    declared = (page.charset or (found.group(1).decode() if found else "")).lower()
    if declared in _SINGLE_OCTET:
        return body.decode(_SINGLE_OCTET[declared], "replace")
    lenient = body.decode("utf-8-sig", "replace")
    broken = lenient.count("\ufffd")
    if sum(1 for char in lenient if char > "\x7f") - broken > broken:
        return lenient
    return body.decode("windows-1252", "replace")
