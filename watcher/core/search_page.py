"""The site's own search, as an address."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

WORDS = ("étrangers titre de séjour", "étrangers")
_PATHS = ("/contenu/recherche", "/content/search")


def search_address(home: str, words: str) -> str:
    """Where a préfecture's site tells which of its pages have these words."""
    return f"{home.rstrip('/')}/contenu/recherche?SearchText={quote(words)}"


def is_search(address: str) -> bool:
    return urlsplit(address).path.endswith(_PATHS)
