"""The first page of a booking: what can be booked there and whether it is open. Never a slot: whether one is
left changes by the minute, and asking for it takes a turn from somebody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bs4.element import Tag

from watcher.core.catalogue import SourceKind
from watcher.core.items import Extraction
from watcher.core.services import Standing, state_of
from watcher.core.text import fold
from watcher.layouts.closings import is_fault, shut
from watcher.layouts.content import read_content
from watcher.layouts.tree import View, all_of, first, open_page, text_of

_FORM = re.compile(
    r"FormBookingCreate|name\s*=\s*[\"']?(?:nextButton|condition)\b|/(?:cgu|creneau)/?[\"'?]|rdv-captchetat",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"effectuer une demande de rendez-vous|etape suivante|premiere plage horaire libre|prendre (?:un )?rendez-vous\b"
    r"|choisi(?:r|ssez) (?:un|votre) creneau|demander un rendez-vous|accepter (?:et continuer|les conditions)"
)
_SLOTS = re.compile(
    r"plages? horaires? libres?|creneaux? (?:horaires? )?(?:n'est |ne sont )?(?:plus )?(?:disponibles?|libres?)"
    r"|(?:aucun|plus de) (?:creneau|plage)|mise en ligne de rendez-vous"
    r"|(?:mise en ligne|ouverture) (?:des|de nouveaux) creneaux|nouveaux? creneaux?"
    r"|aucun rendez-vous (?:n'est )?(?:\w+ment )?(?:disponible|libre)"
    r"|recommencer ulterieurement|reessayer plus tard"
    r"|prochains? (?:creneaux?|rendez-vous) "
    r"disponibles?|places? (?:restantes?|disponibles?)"
)
_THING = (
    r"(?:(?:prises?|prendre)(?: de| un)? rendez-vous|rendez-vous|modules?|services?|calendriers?|plannings?|demarches?"
    r"|formulaires?|reservations?|appointments?|bookings?)"
)
_CLOSED = shut(_THING)
_NO_MORE = re.compile(
    r"(?:aucun|pas de) (?:calendrier|planning)\b|plus (?:possible )?de prendre (?:un )?rendez-vous (?:en ligne|sur ce)"
    r"|aucun rendez-vous n'est (?:plus )?(?:propose|ouvert|possible)\w*"
)
_NOWHERE = re.compile(
    r"(?:demarche|module|formulaire|reservation|planning)\b[^.!?]{0,60} "
    r"(?:n'existe (?:pas|plus)|est (?:introuvable|inconnue?)|non trouvee?|introuvable)"
)


@dataclass(frozen=True, slots=True)
class Booking:
    """Its state, then what it says; no item at all where neither can be told."""

    name: str = "booking"
    version: int = 2

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        root = _module(view)
        content = read_content(view, root, self.name, self.version)
        words = fold(text_of(root))
        standing = _standing(words, form=_FORM.search(html) is not None)
        title = _title(view, root)
        if standing is None or not (title or standing is Standing.UNKNOWN):
            return replace(content, items=())
        said = tuple(item for item in content.items if not _SLOTS.search(fold(item.summary)))
        state = state_of(SourceKind.BOOKING, standing, title, address)
        return replace(content, items=(state, *said), heading=title, next_page=None)


def _standing(words: str, *, form: bool) -> Standing | None:
    if form:
        return Standing.OPEN
    if _NOWHERE.search(words):
        return Standing.UNKNOWN
    if _CLOSED.search(words) or _NO_MORE.search(words):
        return None if is_fault(words) else Standing.CLOSED
    return Standing.OPEN if _BEGINS.search(words) or _SLOTS.search(words) else None


def _module(view: View) -> Tag:
    """The module on the page of a préfecture's site, else the whole page."""
    found = [tag for tag in all_of(view.root, {"div", "section"}) if tag.get("id") == "inner_Booking"]
    return found[0] if found else view.root


def _title(view: View, root: Tag) -> str:
    """What is booked: the module's own heading, for that of the page may be the same for all of them."""
    own = first(root, {"h2"}) if root is not view.root else None
    return (
        text_of(own)
        if own
        else view.heading() or text_of(found)
        if (found := first(root, {"h1", "h2"}))
        else ""
    )


LAYOUT = Booking()
