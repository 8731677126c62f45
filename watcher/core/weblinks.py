"""Which addresses found on pages may become links for readers."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from watcher.core.address import absolute

_SAFE = "%/:=&?~#+!$,;@()*[]"


@dataclass(frozen=True, slots=True)
class WebLink:
    """`host` is what `href` opens, port included, to be shown beside the link."""

    href: str
    host: str


def web_link(address: str) -> WebLink | None:
    """A link that means the same to every browser, or `None`: then the address is mere text."""
    found = absolute(address, "")
    if found is None:
        return None
    return WebLink(quote(found, safe=_SAFE), urlsplit(found).netloc.lower())
