"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from watcher.core.feed import Entry, Feed


def json_feed(feed: Feed, hub: str = "") -> bytes:
    """The document; texts must be clean already. Empty values are left out, as the format wants."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.self_address("json"),
        "description": feed.subtitle,
        "language": "fr",
        "authors": [{"name": "Vigie préfectures (site non officiel)"}],
        **({"hubs": [{"type": "WebSub", "url": hub}]} if hub else {}),
        "_vigie": {
            "about": "Extension: id, rights and updated of the feed, as in its Atom form",
            "id": feed.id,
            "rights": feed.rights,
            "updated": feed.updated.isoformat(),
        },
    }
    # Entry by entry: as one text it would take four times what it comes to, as a list twice.
    written = BytesIO()
    written.write(_written(document).removesuffix(b"}") + b',"items":[')
    for number, entry in enumerate(feed.entries):
        written.write((b"," if number else b"") + _written(_item(entry)))
    written.write(b"]}")
    return written.getvalue()


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _item(entry: Entry) -> dict[str, Any]:
    author = {"name": entry.author, "url": entry.home}
    return {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.content.decode(),
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{name: value for name, value in author.items() if value}],
        "tags": [term.name for term in entry.terms],
        "language": "fr",
        "_vigie": {
            "page": entry.page,
            "state": entry.state,
            "reviewed": entry.reviewed,
            "corrects": entry.corrects or None,
            "effective_from": entry.effective_from,
            "effective_to": entry.effective_to,
            "labels": {term.name: term.label for term in entry.terms},
        },
    }
