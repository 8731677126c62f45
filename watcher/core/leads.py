"""Where a link of a préfecture's site may lead: told from its name, its place, and what it stands among."""

from __future__ import annotations

import re

from watcher.core import topic
from watcher.core.address import canonical
from watcher.core.sighting import Link, Place

SHORT = 45  # characters of the name of a rubric
_FILE = re.compile(
    r"/contenu/telechargement/|/content/download/|\.(?:pdf|odt|docx?|xlsx?|ods|zip|jpe?g|png|rtf|csv)\Z", re.I
)
_NO_PAGE = re.compile(
    r"/booking/|/user/|/ezjscore/|/layout/set/|/rss|/rdvpref/|/commencer/|/contenu/recherche", re.I
)
_PLACES = {Place.MENU: 1.0, Place.MAIN: 1.0, Place.RUBRIC: 1.0, Place.SIDE: 0.95, Place.CRUMB: 0.95}
_ELSEWHERE = 0.55  # of what is found among news, publications and the State's actions
_NOT_FOR_THE_PUBLIC = re.compile(
    r"\b(?:actualites?|publications?|presse|actions? de l'etat|politiques publiques|services de l'etat)\b"
)


def lead(link: Link) -> float:
    """How likely a link leads to the foreigners' section, 0..1."""
    if topic.past((link.label, *link.around)) or topic.otherwise(link.label):
        return 0.0
    named = max(topic.subject(link.label), 0.9 * topic.subject("".join(topic.segments(link.address)[-1:])))
    above = max(map(topic.subject, link.around), default=0.0)
    ours = max(named, 0.6 * above)
    place = _PLACES.get(link.place, 0.6 if link.place is Place.FOOTER else 0.3)
    spoilt = any(map(topic.otherwise, link.around))
    score = max(ours, _hub(link) if link.place is not Place.ITEM else 0.0)
    return score * place * (0.4 if spoilt else 1.0) * (_ELSEWHERE if _is_elsewhere(link) else 1.0)


def _hub(link: Link) -> float:
    """How likely what the public comes for is below it: by its name, and a little by what it is a part of."""
    above = max(map(topic.for_the_public, link.around), default=0.0)
    inside = link.place in (Place.MAIN, Place.RUBRIC, Place.SIDE) and not topic.besides(link.label)
    unnamed = 0.5 * above if inside else 0.0
    return max(0.9 * topic.for_the_public(link.label), unnamed, _anything(link))


def _anything(link: Link) -> float:
    """Where no name says anything, the first rubrics first."""
    named = topic.besides(link.label) or len(link.label) > SHORT or link.place is Place.FOOTER
    return 0.0 if named or topic.named_news(link.label) else 0.08 / len(topic.segments(link.address) or ("",))


def allowed(address: str, home: str) -> bool:
    """Whether an address is of the préfecture's own site: its host, and below its home page."""
    base = (canonical(home) or home).rstrip("/")
    key = canonical(address) or ""
    return key == base or key.startswith(base + "/")


def is_page(link: Link, home: str) -> bool:
    """Whether a link leads to a page of the préfecture's own site, rather than to a file, a form or elsewhere."""
    return (
        allowed(link.address, home) and not _FILE.search(link.address) and not _NO_PAGE.search(link.address)
    )


def _is_elsewhere(link: Link) -> bool:
    first = topic.segments(link.address)[:1]
    return any(_NOT_FOR_THE_PUBLIC.search(topic.worded(text)) for text in (*link.above[:1], *first))
