"""Pages within the size that is taken, made to cost whoever reads them as much as they can."""

from __future__ import annotations

import gzip
import random
from collections.abc import Mapping

from prove.peers.bodies import Toxic
from tests.integration.fetching.scripted import answer

SIZE = 9_600_000
_NOISE = (
    b"<!--" + random.Random(3).randbytes(100_000).hex().encode() + b"-->"
)  # or it would be taken for a bomb
_HEAD = (
    b'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Actualit\xc3\xa9s - Les services de '
    b"l'\xc3\x89tat dans le Cantal</title>"
    + _NOISE
    + b'</head><body><header></header><main role="main"><h1>Actualit\xc3\xa9s</h1>'
)
_FOOT = b"</main><footer></footer></body></html>"
_CARD = b'<div class="fr-card"><h2 class="fr-card__title"><a href="/Actualites/%d">%s</a></h2><p>12/09/2025</p></div>'
_OTHER = frozenset({"another page", "decompression_bomb"})


def _filled(block: bytes) -> bytes:
    return _HEAD + block * ((SIZE - len(_HEAD) - len(_FOOT)) // len(block)) + _FOOT


def _pages() -> Mapping[str, bytes]:
    again = {
        "elements": b"<b>", "depth": b"<div>", "headings": b"<h1>a</h1>", "links": b'<a href="/x">', "angles": b"<",
        "comments that never end": b"<!--", "comments": b"<!-- x -->", "scripts": b"<script>", "mains": b"<main>",
        "bases": b"<base ", "hollow attributes": b"<a x= ", "entities": b"&#x110000;", "emoji": "😀".encode(),
        "words of a letter": b"\xe9\xe8 ", "dates": b"12/09/2025 ", "spaces": b" ", "NUL": b"\0",
        "official addresses": b"https://www.demarches-simplifiees.fr/commencer/x ",
    }  # fmt: skip
    attributes = b" ".join(b'a%d="x"' % number for number in range(800_000))
    cards = b"".join(_CARD % (number, b"Titre de sejour " * 40) for number in range(9_000))
    return {
        **{f"{name}, 10 MB of them": _filled(block) for name, block in again.items()},
        "one tag of 800,000 attributes": _HEAD + b"<div " + attributes[: SIZE - 1000] + b">" + _FOOT,
        "one attribute of 9 MB": _HEAD + b'<div title="' + b"x" * 9_000_000 + b'">' + _FOOT,
        "one sign of equality, 9 million times": _HEAD + b"<a " + b"=" * 9_000_000 + b">" + _FOOT,
        "a title of 9 MB": _HEAD.replace(b"<title>", b"<title>" + b"x" * 9_000_000) + _FOOT,
        "9,000 cards": _HEAD + cards[: SIZE - 1000] + _FOOT,
    }


def heavy_pages() -> list[Toxic]:
    """Zipped, or they would be too long."""
    return [
        Toxic(
            name, answer(gzip.compress(body, 1), "Content-Type: text/html", "Content-Encoding: gzip"), _OTHER
        )
        for name, body in _pages().items()
    ]
