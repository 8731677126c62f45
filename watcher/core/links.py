"""Official places where something is filed or booked, told by the link that leads there."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    r"(?:invite\.)?((?:[a-z0-9-]{1,40}\.)?contacts-demarches\.interieur\.gouv\.fr)"
    r"|([\w-]+\.accueil-etrangers\.gouv\.fr)"
)
_BOOKING_HOST = re.compile(r"(?:pp|www\.)rdv\.(?:[a-z0-9-]+\.)*gouv\.fr")
_BOOKING = re.compile(r"/booking/create/(\d{1,12})(?:/|\Z)", re.IGNORECASE)
_RDV = re.compile(r"/rdvpref/reservation/demarche/(\d{1,12})(?:/|\Z)", re.IGNORECASE)
_TURN = re.compile(
    r"/booking/create/\d{1,12}/[1-9]|/rdvpref/reservation/demarche/\d{1,12}/\w|/ezjscore/call/bookingserver",
    re.IGNORECASE,
)
_COMMENCER = re.compile(r"/commencer/(?:test/)?([^/?#]+)", re.IGNORECASE)
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


_CALLED = {
    LinkKind.ANEF: "l'ANEF",
    LinkKind.BOOKING: "le module de rendez-vous {}",
    LinkKind.RDV_PREFECTURE: "RDV Préfecture, démarche {}",
    LinkKind.PROCEDURE: "la démarche numérique « {} »",
    LinkKind.TELESERVICE: "le téléservice {}",
    LinkKind.EMAIL: "la messagerie {}",
    LinkKind.POSTAL: "l'adresse postale {}",
}


def called(link: OfficialLink) -> str:
    """What a place is called where its link has no words of its own, in French."""
    ident = link.ident.partition(":")[2]
    if link.kind is LinkKind.BOOKING:
        ident = ident.rpartition("/")[2]
    return _CALLED[link.kind].format(ident)


def elsewhere(here: Iterable[OfficialLink], there: Iterable[OfficialLink]) -> tuple[OfficialLink, ...]:
    """The places that only `here` leads to; and those that the same words lead away from `there`."""
    idents: set[str] = set()
    called_so: dict[str, set[str]] = {}
    for link in there:
        idents.add(link.ident)
        called_so.setdefault(link.label, set()).add(link.ident)
    found = {
        link.ident: link
        for link in here
        if link.ident not in idents or (link.label and link.ident not in called_so.get(link.label, idents))
    }
    return tuple(found.values())


def places_told(
    here: Iterable[OfficialLink], there: Iterable[OfficialLink], words: str = ""
) -> tuple[str, ...]:
    """A line for each place that only `here` leads to, unless `words` say it: they may stay what they were."""
    return tuple(_line(link) for link in elsewhere(here, there) if not _said(link, words))


def _said(link: OfficialLink, words: str) -> bool:
    """A postal address is known by the words that tell it; a mailbox may be."""
    mailbox = link.ident.removeprefix("email:") if link.kind is LinkKind.EMAIL else ""
    return link.kind is LinkKind.POSTAL or (bool(mailbox) and mailbox in words.lower())


def _line(link: OfficialLink) -> str:
    where = "" if link.kind is LinkKind.EMAIL else f" ({link.address})"
    return f"→ {called(link)}{where}"


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
        return (LinkKind.PROCEDURE, f"demarche:{unquote(found[1]).strip().lower()}") if found else None
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
