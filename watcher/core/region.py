"""The part of a page that extraction reads, with everything volatile taken out.

Layouts read `cleaned` and `swallows` of `region(body)` and nothing else, so two bodies with one `digest` have one
extraction: what is dropped here cannot be read there. Patterns are ASCII and possessive or bounded by
the end of the text: linear on any input, and the same before and after decoding.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from itertools import islice

from watcher.core.size import CROWDED

_MAIN = re.compile(rb"<main(?=[\s/>])", re.IGNORECASE)
_BODY = re.compile(rb"<body(?=[\s/>])", re.IGNORECASE)
_ROLE = re.compile(rb"<(?:div|section|article)\s[^<>]{0,500}role=[\"']?main(?=[\"'\s>])", re.IGNORECASE)
_BASE = re.compile(rb"<base(?=\s)[^>]{0,2000}>", re.IGNORECASE)
# Elements whose content is no markup, or is not shown; an unclosed one swallows the rest, as in a browser.
_OPAQUE_NAMES = rb"script|style|template|noscript|textarea|title|iframe|noembed|noframes|xmp|object|canvas"
_OPAQUE = re.compile(
    rb"<(?:!--(?:-?>|.*?(?:--!?>|(?P<open1>\Z)))"
    rb"|(?P<name>" + _OPAQUE_NAMES + rb")(?=[\s/>]).*?(?:</(?P=name)\s*>|(?P<open2>\Z))"
    rb"|plaintext(?=[\s/>]).*(?P<open3>\Z)|[!?][^>]*(?:>|\Z))",
    re.IGNORECASE | re.DOTALL,
)
_MENTIONS = 8
_LARGE = 1_000_000  # octets
_BLANK = bytes(32 if octet in b" \t\n\r\v\f" else octet for octet in range(256))
_MARKUP = re.compile(rb"<(?:h[1-6]|li|p|article|section|td)[\s>]|fr-card", re.IGNORECASE)
_HOLDS_MARKUP = {
    b"script",
    b"template",
    b"noscript",
    b"iframe",
    b"object",
    b"canvas",
    b"noembed",
    b"noframes",
}
# A quoted value may hold ">"; a tag that never ends takes the rest.
_TAG = re.compile(rb"(<[a-zA-Z/](?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+(?:>|\Z))")
_NAME = re.compile(rb"<(/?[a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(rb"[\s/]([^\s=>/]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?")
# `<a id= class="x">`: browsers take `class="x"` for the id; the author meant an empty one.
_HOLLOW = re.compile(rb"(\s)[\w:-]{1,40}=\s+(?=[\w:-]{1,40}\s?=)")
# What the préfectures' platform calls its cards, otherwise at each request.
_DRAWN = re.compile(rb"(<[a-z][a-z0-9]{0,8} )id=(?:[0-9a-f]{32}|\"[0-9a-f]{32}\")(?=[ >])")
_KEPT = {b"class", b"href", b"title", b"rel", b"alt", b"value", b"datetime", b"action", b"formaction"}
_WORD_ID = re.compile(rb"[\"']?([a-zA-Z][a-zA-Z_-]{1,40})[\"']?")
_DROPPED_TAGS = {b"input", b"link", b"meta", b"source", b"path", b"use", b"wbr", b"embed", b"param", b"track"}


def region(body: bytes) -> bytes:
    """The main element (else what has its role, else the body), after the page's `<base>` if it has one."""
    start = _start(body)
    if start is None:
        opening = _ROLE.search(body) or _BODY.search(body)
        start, end = (opening.start() if opening else 0), len(body)
    else:
        end = body.rfind(b"</main")
        end = end if end > start else len(body)
    base = _BASE.search(body, 0, max(body.find(b"</head", 0, start), 0) or start)
    return (base.group() if base else b"") + body[start:end]


def _start(body: bytes) -> int | None:
    """Where the only `<main` is; of several, the first that no script or comment merely mentions."""
    places = _mains(body)
    if len(places) < 2:
        return places[0] if places else None
    for place in places:
        if _shown(body, place, b"<!--", b"-->") and _shown(body, place, b"<script", b"</script"):
            return place
    return places[0]  # each one follows something unclosed


def _mains(body: bytes) -> list[int]:
    return [found.start() for found in islice(_MAIN.finditer(body, max(_first(body), 0)), _MENTIONS)]


def _first(body: bytes) -> int:
    """Where `<main` comes first, or -1. From the end, where it usually is alone, Python looks three times as fast."""
    last = body.rfind(b"<main")
    return body.find(b"<main") if body.rfind(b"<main", 0, max(last, 0)) >= 0 else last


def _shown(body: bytes, place: int, opening: bytes, closing: bytes) -> bool:
    return body.count(opening, 0, place) <= body.count(closing, 0, place)


def cleaned(part: bytes) -> bytes:
    """The region's markup without comments, scripts, images, form values, tokens, ids and runs of space.

    Kept of a tag: class, href, title, rel, alt, value, datetime, action, formaction, and ids that are plain words.
    """
    return _cleaned(undrawn(part))[0]


def _cleaned(part: bytes) -> tuple[bytes, int]:
    """`part` is `undrawn`; with the number of opaque elements that were taken out."""
    seen, opaque = _OPAQUE.subn(b"", part)
    pieces = _TAG.split(_squeezed(seen))
    pieces[1::2] = [
        _clean_tag(tag) if len(tag) < 1000 else _clean_tag.__wrapped__(tag) for tag in pieces[1::2]
    ]
    return b"".join(pieces), opaque


def undrawn(part: bytes) -> bytes:
    """The region without the ids that are drawn for each answer. Of a part and of this, `cleaned` and `swallows`
    are the same: two that are equal here need not be cleaned to be compared.
    """
    return b"".join(_DRAWN.split(part))


def _squeezed(text: bytes) -> bytes:
    """Every run of space one space, and none at the ends. Millions of words at once would take fifty times the page."""
    if len(text) < _LARGE:
        return b" ".join(text.split())
    text = text.translate(_BLANK)
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text.strip(b" ")


def swallows(part: bytes) -> bool:
    """Whether something unclosed in the region (a comment, a script …) hides markup that was to be seen."""
    return any(_hides(found) for found in _OPAQUE.finditer(part))


def _hides(found: re.Match[bytes]) -> bool:
    inside = found.group()
    if not _MARKUP.search(inside):
        return False
    if found["open1"] is not None or found["open2"] is not None or found["open3"] is not None:
        return True
    if found["name"] is None:
        return b"<!--" in inside[4:]
    name = found["name"].lower()
    return name not in _HOLDS_MARKUP or (name == b"script" and b"<script" in inside[7:].lower())


def digest(part: bytes) -> str:
    """Hash of the cleaned region, and of whether it hides some: equal digests are equal extractions.

    Of a region that nobody will parse for all its markup, hash of it as it is: cleaning would take most.
    """
    part = undrawn(part)
    if part.count(b"<") > CROWDED:
        return hashlib.blake2b(part, digest_size=16).hexdigest()
    text, opaque = _cleaned(part)
    mark = hashlib.blake2b(text, digest_size=16)
    if opaque and swallows(part):
        mark.update(b"\0swallows")
    return mark.hexdigest()


def glimpse(part: bytes) -> str:
    """Hash of the region as it came, but for drawn ids: equal ones have one digest, and cost a tenth of it."""
    return hashlib.blake2b(undrawn(part), digest_size=16).hexdigest()


@lru_cache(maxsize=4096)
def _clean_tag(tag: bytes) -> bytes:
    """`tag` is squeezed."""
    found = _NAME.match(tag)
    if not found:
        return b""
    name = found.group(1).lower()
    if name.startswith(b"/"):
        return b"" if name[1:] in _DROPPED_TAGS else b"<" + name + b">"
    rest = tag[found.end() :]
    attributes = _attributes(_HOLLOW.sub(rb"\1", rest) if b"= " in rest else rest)
    if name in _DROPPED_TAGS or (name == b"img" and b"alt" not in attributes):
        return b""
    kept = b"".join(b" %s=%s" % pair for pair in attributes.items())
    return b"<" + name + kept + b">"


def _attributes(text: bytes) -> dict[bytes, bytes]:
    kept: dict[bytes, bytes] = {}
    for name, value in _ATTRIBUTE.findall(text):
        name = name.lower()
        wanted = name in _KEPT or (name == b"id" and _WORD_ID.fullmatch(value))
        if wanted and name not in kept and value.strip(b"\"' "):
            quoted = value[:1] in (b'"', b"'") and len(value) > 1
            kept[name] = value if quoted else b'"%s"' % value.replace(b'"', b"")
    return kept
