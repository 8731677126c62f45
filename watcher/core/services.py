"""Where something is filed or booked, told by its state: a procedure that closes says so nowhere else.

A page of a procedure or of a booking becomes blocks like any other page, and before them one item that says
in a sentence whether it is open. That item alone is compared when the state turns: what else the page said
is gone with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from watcher.core.catalogue import Source, SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.french import day
from watcher.core.guard import BELIEVED_AFTER, STRANGE_UNTIL, Doubt
from watcher.core.items import Extraction, Item, ItemKind, LinkKind, OfficialLink
from watcher.core.links import official
from watcher.core.page import Page
from watcher.core.text import squeeze


class Standing(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    RENAMED = "renamed"  # the same at another address
    REPLACED = "replaced"  # another one in its place
    UNKNOWN = "unknown"  # there is none at this address


SERVICES = frozenset({SourceKind.PROCEDURE, SourceKind.BOOKING})
_STATE = "state:"
_TO_WRITE_TO = frozenset({LinkKind.EMAIL, LinkKind.POSTAL})
_PERMANENT = frozenset({301, 308})
_DOORS = frozenset({"", "/rdvpref", "/rdvpref/reservation", "/booking", "/booking/create"})
_OWN = ("/users/", "/administrateurs/", "/instructeurs/", "/contact", "/faq", "/stats", "/agent_connect/")
_PROCEDURE = {
    Standing.OPEN: "La démarche{named} est ouverte sur démarche numérique.",
    Standing.CLOSED: "La démarche{named} ne se dépose plus sur démarche numérique{since} : elle est close.",
    Standing.UNKNOWN: "La démarche{named} n'existe plus sur démarche numérique.",
}
_BOOKING = {
    Standing.OPEN: "{named} : les rendez-vous se prennent en ligne.",
    Standing.CLOSED: "{named} : les rendez-vous ne se prennent plus en ligne, le module est fermé.",
    Standing.UNKNOWN: "{named} : les rendez-vous ne se prennent plus en ligne, le module n'existe plus.",
}
_REPLACED = {
    SourceKind.PROCEDURE: "La démarche{named} est remplacée, sur démarche numérique, par « {by} ».",
    SourceKind.BOOKING: "La prise de rendez-vous en ligne{named} est remplacée par « {by} ».",
}
_NEWLY = {"est ouverte": "est désormais ouverte", "se prennent en": "se prennent désormais en"}


def state_of(
    kind: SourceKind, standing: Standing, title: str, address: str, since: date | None = None
) -> Item:
    """The item that says in a sentence how it stands; `since` of a closing that tells its day."""
    if kind is SourceKind.PROCEDURE:
        said = _PROCEDURE[standing].format(
            named=f" « {title} »" if title else "", since=f" depuis le {day(since)}" if since else ""
        )
    else:
        said = _BOOKING[standing].format(named=f"« {title} »" if title else "Prise de rendez-vous")
    return _item(standing, "", title, address, said)


def standing_of(item: Item) -> Standing | None:
    """What a state item says; `None` of any other."""
    if not item.key.startswith(_STATE):
        return None
    return Standing(item.key.split(":")[1])


def served(source: Source, page: Page, extraction: Extraction, known: tuple[Item, ...]) -> Extraction:
    """What a page says of the service that `source` is, when `extraction` is what the page shows by itself.

    `known`: the items of the baseline, which tell what it was called. An extraction without state stays as it
    is: nothing that a layout of services can read.
    """
    mine, there = official(source.url, ""), official(page.final_address, "")
    before = _state_in(known)
    state = _state_in(extraction.items)
    if _is_nowhere(source, page) or (state and is_lost(state)):
        lost = state_of(source.kind, Standing.UNKNOWN, before.title if before else "", source.url)
        return replace(extraction, items=(lost,), heading=lost.title, updated=None, links=(), next_page=None)
    if state is None:
        return extraction
    if source.kind is SourceKind.PROCEDURE and _at_another_door(page, state):
        return replace(extraction, items=(), declared_empty=False)
    if before and not state.title:
        state = _called(state, before.title)
    if standing_of(state) is Standing.OPEN and mine and there and mine.ident != there.ident:
        state = _elsewhere(source, page, state, before, there)
    rest = tuple(item for item in extraction.items if standing_of(item) is None)
    return replace(extraction, items=(state, *rest))


def turned(known: tuple[Item, ...], items: tuple[Item, ...]) -> Difference | None:
    """The change of state between two readings, if there is one; a new address for the same thing is none."""
    before, after = _state_in(known), _state_in(items)
    if before is None or after is None or _sense(before) == _sense(after):
        return None
    if standing_of(after) is Standing.CLOSED:
        after = _with_advice(after, items)
        return Difference(ChangeKind.EDITED, _linked(before), after, before.summary, after.summary)
    return Difference(
        ChangeKind.EDITED, _linked(before), _linked(after), before.summary, _newly(after.summary)
    )


def _with_advice(state: Item, items: tuple[Item, ...]) -> Item:
    """What is closed, and what else its page says: that tells where to go instead. Whom to ask is no such place."""
    links = (link for item in items for link in item.links if link.kind not in _TO_WRITE_TO)
    return replace(
        state,
        summary="\n".join(item.summary for item in items),
        links=tuple({link.ident: link for link in links}.values()),
    )


def doubt_turn(difference: Difference) -> Doubt:
    """A new state must last to be believed, and long where a mere error page may say as much."""
    lost = is_lost(difference.after)
    return Doubt(
        difference.item.summary.partition("\n")[0],
        difference.item.key,
        STRANGE_UNTIL if lost else BELIEVED_AFTER,
    )


def is_lost(item: Item | None) -> bool:
    """Whether a service is said to be nowhere: that may yet be the server's fault."""
    return item is not None and standing_of(item) is Standing.UNKNOWN


def is_shut(item: Item | None) -> bool:
    """Whether a service takes nothing any more, or is nowhere."""
    return item is not None and standing_of(item) in {Standing.CLOSED, Standing.UNKNOWN}


def leads_elsewhere(items: tuple[Item, ...]) -> bool:
    """Whether the source's own address is no longer that of the service."""
    state = _state_in(items)
    return state is not None and standing_of(state) in {Standing.RENAMED, Standing.REPLACED}


def _is_nowhere(source: Source, page: Page) -> bool:
    """No such page, or led to the door of the site, which says as much; and from a booking to where none is."""
    if source.kind is SourceKind.BOOKING and page.redirects and official(page.final_address, "") is None:
        return True
    path = urlsplit(page.final_address).path.rstrip("/")
    return page.status in {404, 410} or (path in _DOORS and path != urlsplit(source.url).path.rstrip("/"))


def _at_another_door(page: Page, state: Item) -> bool:
    """Whether it is a page of the host's own, as that where people sign in: it says nothing of a procedure.

    What closed says so at any address; what is open stands at that of a procedure.
    """
    opened = standing_of(state) is Standing.OPEN and official(page.final_address, "") is None
    return bool(page.redirects) and (opened or urlsplit(page.final_address).path.startswith(_OWN))


def _elsewhere(source: Source, page: Page, state: Item, before: Item | None, there: OfficialLink) -> Item:
    """A redirect to another one: for good, or of the same name, it is the same; else another one."""
    if before is not None and before.key == f"{_STATE}{Standing.REPLACED}:{there.ident}":
        return _item(Standing.REPLACED, there.ident, state.title, state.address, before.summary)
    same = before is not None and squeeze(before.title) == squeeze(state.title)
    if same or _PERMANENT.issuperset(page.redirects):
        known = before if before and _sense(before)[0] is Standing.OPEN else state
        return _item(Standing.RENAMED, there.ident, known.title, state.address, known.summary)
    named = before.title if before else ""
    said = _REPLACED[source.kind].format(named=f" « {named} »" if named else "", by=state.title)
    return _item(Standing.REPLACED, there.ident, state.title, state.address, said)


def _called(state: Item, title: str) -> Item:
    """A procedure that is closed without its name is the one that was known."""
    named = state.summary.replace("La démarche ", f"La démarche « {title} » ", 1) if title else state.summary
    return replace(state, title=title, summary=named)


def _item(standing: Standing, target: str, title: str, address: str, said: str) -> Item:
    key = f"{_STATE}{standing}:{target}"
    return Item(ItemKind.BLOCK, key, title, address, summary=said)


def _linked(item: Item) -> Item:
    """With the place where it is filed or booked, while it can be."""
    place = official(item.address, item.title)
    return item if is_shut(item) or place is None else replace(item, links=(place,))


def _newly(sentence: str) -> str:
    """That it opened, said of what is open."""
    for now, newly in _NEWLY.items():
        sentence = sentence.replace(now, newly)
    return sentence


def _state_in(items: tuple[Item, ...]) -> Item | None:
    return next((item for item in items if item.key.startswith(_STATE)), None)


def _sense(item: Item) -> tuple[str, str]:
    """Open is open, wherever; replaced by one is not replaced by another."""
    standing = standing_of(item)
    if standing in {Standing.OPEN, Standing.RENAMED}:
        return Standing.OPEN, ""
    return str(standing), item.key if standing is Standing.REPLACED else ""
