"""What RFC 4287, RSS 2.0 and JSON Feed 1.1 ask of a document, as lists of violations."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[\w./?~!$&'()*+,;=:@%-]+", re.ASCII)
_FEED_ELEMENTS = {
    "author",
    "category",
    "contributor",
    "generator",
    "icon",
    "id",
    "link",
    "logo",
    "rights",
    "subtitle",
    "title",
    "updated",
    "entry",
}
_ENTRY_ELEMENTS = {
    "author",
    "category",
    "content",
    "contributor",
    "id",
    "link",
    "published",
    "rights",
    "source",
    "summary",
    "title",
    "updated",
}


def atom_errors(document: bytes, address: str) -> list[str]:
    """Violations in an Atom document that was served at `address`."""
    return list(_atom_errors(document, address))


def rss_errors(document: bytes, address: str) -> list[str]:
    return list(_rss_errors(document, address))


def json_errors(document: bytes, address: str) -> list[str]:
    return list(_json_errors(document, address))


def _atom_errors(document: bytes, address: str) -> Iterator[str]:
    if not document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>"):
        yield "no XML declaration"
    root = etree.fromstring(document)
    if root.tag != f"{ATOM}feed":
        yield f"root is {root.tag}"
    if not root.get("{http://www.w3.org/XML/1998/namespace}lang"):
        yield "no language"
    yield from _once(root, ("id", "title", "updated"), _FEED_ELEMENTS)
    yield from _atom_links(root)
    selves = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if selves != [address]:
        yield f"self is {selves}"
    ids = [_text(entry, "id") for entry in root.findall(f"{ATOM}entry")]
    yield from (f"id twice: {one}" for one, times in Counter(ids).items() if times > 1)
    for entry in root.findall(f"{ATOM}entry"):
        yield from _atom_entry(entry, has_author=root.find(f"{ATOM}author") is not None)


def _atom_entry(entry: Any, *, has_author: bool) -> Iterator[str]:
    yield from _once(entry, ("id", "title", "updated"), _ENTRY_ELEMENTS)
    yield from _once(entry, ("published", "summary", "content"), _ENTRY_ELEMENTS)
    yield from _atom_links(entry)
    if not has_author and entry.find(f"{ATOM}author") is None:
        yield "no author"
    content = entry.find(f"{ATOM}content")
    if content.get("type") != "html" or len(content):
        yield "content is not escaped HTML"
    for category in entry.findall(f"{ATOM}category"):
        if not category.get("term") or not _TAG.fullmatch(category.get("scheme", "")):
            yield f"category {dict(category.attrib)}"


def _once(element: Any, names: tuple[str, ...], allowed: set[str]) -> Iterator[str]:
    for name in names:
        found = element.findall(f"{ATOM}{name}")
        if len(found) != 1 or not (found[0].text or "").strip():
            yield f"{len(found)} {name} in {element.tag}"
        elif name == "id" and not _TAG.fullmatch(found[0].text):
            yield f"id {found[0].text}"
        elif name in {"updated", "published"} and not _RFC3339.fullmatch(found[0].text):
            yield f"{name} {found[0].text}"
    for child in element:
        if child.tag.removeprefix(ATOM) not in allowed:
            yield f"unknown element {child.tag}"


def _atom_links(element: Any) -> Iterator[str]:
    links = element.findall(f"{ATOM}link")
    kinds = Counter((link.get("rel"), link.get("type"), link.get("hreflang")) for link in links)
    if not [kind for kind in kinds if kind[0] == "alternate"]:
        yield "no alternate link"
    for kind, times in kinds.items():
        if times > 1 or None in kind[:2]:
            yield f"{times} links {kind}"
    for link in links:
        if not _is_web(link.get("href", "")):
            yield f"link to {link.get('href')}"


def _rss_errors(document: bytes, address: str) -> Iterator[str]:
    root = etree.fromstring(document)
    channel = root.find("channel")
    if (root.tag, root.get("version")) != ("rss", "2.0") or len(root) != 1:
        yield "not RSS 2.0"
    for name in ("title", "link", "description", "language"):
        if len(channel.findall(name)) != 1 or not channel.findtext(name):
            yield f"channel {name}"
    if not _is_web(channel.findtext("link")) or channel.findtext("link").endswith(".rss"):
        yield "channel link does not lead to a page"
    own = [(link.get("rel"), link.get("href"), link.get("type")) for link in channel.findall(f"{ATOM}link")]
    if own != [("self", address, "application/rss+xml")]:
        yield f"own link {own}"
    yield from _rss_date(channel.findtext("lastBuildDate"))
    guids = [item.findtext("guid") for item in channel.findall("item")]
    if len(set(guids)) != len(guids):
        yield "guid twice"
    for item in channel.findall("item"):
        guid = item.find("guid")
        if guid.get("isPermaLink") != "false" or not _TAG.fullmatch(guid.text):
            yield f"guid {guid.text}"
        if not (item.findtext("title") and item.findtext("description") and _is_web(item.findtext("link"))):
            yield "item without title, description or link"
        yield from _rss_date(item.findtext("pubDate"))


def _rss_date(text: str | None) -> Iterator[str]:
    try:
        aware = parsedate_to_datetime(text or "").tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        yield f"date {text}"


def _json_errors(document: bytes, address: str) -> Iterator[str]:
    feed = json.loads(document.decode("utf-8"))
    if feed["version"] != "https://jsonfeed.org/version/1.1" or feed["feed_url"] != address:
        yield "version or feed_url"
    if not feed["title"] or feed["language"] != "fr" or not _is_web(feed["home_page_url"]):
        yield "title, language or home page"
    if not all(author["name"] for author in feed["authors"]):
        yield "author without a name"
    ids = [item["id"] for item in feed["items"]]
    if len(set(ids)) != len(ids) or not all(_TAG.fullmatch(one) for one in ids):
        yield "ids"
    for item in feed["items"]:
        if not (item["title"] and item["content_html"] and _is_web(item["url"])):
            yield f"item {item['id']}"
        if not all(isinstance(tag, str) and tag for tag in item["tags"]):
            yield f"tags {item['tags']}"
        for name in ("date_published", "date_modified"):
            if not _RFC3339.fullmatch(item[name]) or not datetime.fromisoformat(item[name]).tzinfo:
                yield f"{name} {item[name]}"


def _text(element: Any, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def _is_web(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
