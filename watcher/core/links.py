"""Official places where something is filed or booked, told by the link that leads there."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from watcher.core.address import ANEF_HOST, canonical, host_of
from watcher.core.items import LinkKind, OfficialLink
from watcher.core.text import TITLE_LIMIT, clean

_HINT = re.compile(
    r"anef|administration-etrangers|rdv|booking|d[eé]marche|commencer|accueil-etrangers", re.IGNORECASE
)
_ANEF = {ANEF_HOST, "sso.anef.dgef.interieur.gouv.fr"}
_RDV_PREFECTURE = "rdv-prefecture.interieur.gouv.fr"
PROCEDURE_HOSTS = frozenset(
    {"demarches-simplifiees.fr", "demarche.numerique.gouv.fr", "demarches.numerique.gouv.fr"}
)
"""Names, without `www.`, of the one host of démarche numérique."""
_TELESERVICE = re.compile(
    r"(?:invite\.)?(contacts-demarches\.interieur\.gouv\.fr)|(\w+\.accueil-etrangers\.gouv\.fr)"
)
_BOOKING_HOST = re.compile(r"(?:pp|www\.)rdv\.(?:[a-z0-9-]+\.)*gouv\.fr")
_BOOKING = re.compile(r"/booking/create/(\d{1,12})(?:/|\Z)")
_RDV = re.compile(r"/rdvpref/reservation/demarche/(\d{1,12})(?:/|\Z)")
_TURN = re.compile(
    r"/booking/create/\d{1,12}/[1-9]|/rdvpref/reservation/demarche/\d{1,12}/\w|/ezjscore/call/bookingserver",
    re.IGNORECASE,
)
_COMMENCER = re.compile(r"/commencer/(?:test/)?([^/?#]+)")
_EMAIL = re.compile(r"mailto:([\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})", re.ASCII | re.IGNORECASE)
_LOOPBACK = re.compile(r"(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d+)?")


def official(address: str, label: str) -> OfficialLink | None:
    """What `address` (absolute, or `mailto:`) leads to, if it is a place to file or to book.

    Equal `ident`s are the same place: the steps of a booking, the three hosts of démarche numérique,
    the many pages of the ANEF are one each.
    """
    if address[:7].lower() == "mailto:":
        return _email(address, label)
    if not _HINT.search(address):
        return None
    key = canonical(address)
    if key is None:
        return None
    found = _place(host_of(address), urlsplit(key).path)
    if found is None:
        return None
    kind, ident = found
    return OfficialLink(kind, ident, address, clean(label, TITLE_LIMIT))


def takes_a_turn(address: str) -> bool:
    """Whether to ask for it is a step in a booking, beyond the page that describes it."""
    return _TURN.search(unquote(urlsplit(address).path)) is not None


def _place(host: str, path: str) -> tuple[LinkKind, str] | None:
    """Loopback hosts are where copies of all of them run."""
    if host in _ANEF:
        return LinkKind.ANEF, "anef"
    found = _RDV.match(path)
    if host == _RDV_PREFECTURE or (found and _LOOPBACK.fullmatch(host)):
        return LinkKind.RDV_PREFECTURE, f"rdvpref:{found[1]}" if found else "rdvpref"
    found = _COMMENCER.match(path)
    if host.removeprefix("www.") in PROCEDURE_HOSTS or (found and _LOOPBACK.fullmatch(host)):
        return (LinkKind.PROCEDURE, f"demarche:{found[1].lower()}") if found else None
    if found := _TELESERVICE.fullmatch(host):
        service = found[1] or found[2]
        return LinkKind.TELESERVICE, f"teleservice:{service}{path.rstrip('/')}"
    return _booking(host, path)


def _booking(host: str, path: str) -> tuple[LinkKind, str] | None:
    """A booking module stands on the préfecture's own host, or on one that is named for it."""
    if not host.endswith(".gouv.fr") and not _LOOPBACK.fullmatch(host):
        return None
    if found := _BOOKING.search(path):
        return LinkKind.BOOKING, f"booking:{host}{path[: found.start()]}/{found[1]}"
    if _BOOKING_HOST.fullmatch(host) and path == "/":
        return LinkKind.BOOKING, f"booking:{host}"
    return None


def _email(address: str, label: str) -> OfficialLink | None:
    found = _EMAIL.match(unquote(address[:500]).replace(" ", ""))
    if not found:
        return None
    mailbox = found[1].lower()
    return OfficialLink(LinkKind.EMAIL, f"email:{mailbox}", f"mailto:{mailbox}", clean(label, TITLE_LIMIT))
