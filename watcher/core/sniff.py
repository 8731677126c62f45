"""What a body is when it is no HTML, whatever it calls itself."""

from __future__ import annotations

import re

_SIGNATURES = {
    b"%PDF-": "un PDF",
    b"PK\x03\x04": "une archive",
    b"\x1f\x8b": "une archive",
    b"\xd0\xcf\x11\xe0": "un document bureautique",
    b"{\\rtf": "un document bureautique",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
}
_LOOKED_AT = 4096
_CONTROLS = bytes({*range(9), 11, *range(14, 27), *range(28, 32)})
_SHARE = 20  # one control octet in so many is no text
_JSON = re.compile(r"[\[{]\s*(?:[\[\]{}\"\d-]|true|false|null)")
_ROOT = re.compile(
    r"(?>\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^>]*>)*+<([a-z][\w.-]*(?::[\w.-]+)?)", re.IGNORECASE | re.DOTALL
)
_DATA_ROOTS = frozenset({"rss", "feed", "rdf:rdf", "urlset", "sitemapindex", "opml", "svg"})


def foreign(body: bytes, text: str) -> str:
    """What the body is instead of HTML, in French; empty when it may be HTML. `text`: the body decoded."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:_LOOKED_AT]
    for signature, name in _SIGNATURES.items():
        if start.startswith(signature):
            return name
    if (len(start) - len(start.translate(None, _CONTROLS))) * _SHARE > len(start):
        return "des données binaires"
    head = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n")
    if _JSON.match(head):
        return "du JSON"
    return "du XML" if _is_data(head) else ""


def _is_data(head: str) -> bool:
    """XML that is no XHTML."""
    root = _ROOT.match(head)
    if root is None:
        return False
    name = root[1].lower()
    return name in _DATA_ROOTS or (head[:5].lower() == "<?xml" and name.rpartition(":")[2] != "html")
