"""Small official lists, and a reader that needs no vocabulary."""

from __future__ import annotations

from datetime import date

from watcher.core.official_file import Read, read_list
from watcher.core.official_list import Shelf, merged
from watcher.core.verdict import Fact, Notice, Route, Verdict

TODAY = date(2026, 11, 22)
CODES = ("15", "2A", "69", "94", "974")
HOST = "https://www.demarches-simplifiees.fr/commencer"
NEW_HOST = "https://demarche.numerique.gouv.fr/commencer"
HEAD = "code,label,url,first_listed,last_listed"


def line(code: str, title: str, slug: str, first: str, last: str = "", host: str = HOST) -> str:
    return f'{code},"{title}",{host}/{slug},{first},{last}'


def listed(*lines: str) -> Read:
    return read_list("\n".join((HEAD, *lines)).encode(), CODES, TODAY)


def shelves(*reads: Read) -> dict[str, Shelf]:
    known: dict[str, Shelf] = {}
    for read in reads:
        known = merged(known, read.listings, read.versions)
    return known


class Titles:
    """Takes each known word of a title for a ground."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.asked = 0

    def __call__(self, title: str) -> list[str]:
        return [word for word in self.words if word in title.lower()]

    def read(self, notice: Notice) -> Verdict:
        self.asked += 1
        motifs = tuple(self(notice.title))
        return Verdict(
            categories=("outage", "rdv_modality"),
            is_change=False,
            confidence=0.9,
            route=Route.PUBLISH,
            facts=(Fact(notice.body, operation="premiere_demande", motifs=motifs),),
            motifs=motifs,
            channel_after="demarche_numerique",
        )
