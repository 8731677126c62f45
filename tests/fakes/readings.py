"""Small values around one reading: cards, blocks, a baseline, the state of a source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher.core.catalogue import Source, SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.compare import Comparison, Difference
from watcher.core.decide import Reading
from watcher.core.items import Extraction, Item, ItemKind, Snapshot
from watcher.core.page import Page, Validators
from watcher.core.state import SourceState

NOW = datetime(2025, 9, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = date(2025, 8, 1)
LIST = "https://www.cantal.gouv.fr/Actualites"
GUIDE = "https://www.cantal.gouv.fr/Demarches/Etrangers"
NEWS = Source("15-actualites", "15", SourceKind.NEWS, LIST, "dsfr", "ide", HOUR)
SEJOUR = Source("15-sejour", "15", SourceKind.PAGE, GUIDE, "content", "ide", 6 * HOUR)


def card(number: int, title: str = "", **fields: Any) -> Item:
    """The `number`th card of a list, the higher the newer."""
    address = f"{LIST}/Article-{number}"
    item = Item(
        ItemKind.CARD, address, title or f"Article {number}", address, published=DAY + timedelta(number)
    )
    return replace(item, **fields)


def cards(newest: int, count: int = 10) -> list[Item]:
    return [card(number) for number in range(newest, newest - count, -1)]


def block(text: str, *section: str, **fields: Any) -> Item:
    title = section[-1] if section else ""
    item = Item(ItemKind.BLOCK, f"{section}{text}", title, GUIDE, summary=text, section=section)
    return replace(item, **fields)


def blocks(count: int, section: str = "Titre de séjour") -> list[Item]:
    return [block(f"Paragraphe {number}.", section) for number in range(count)]


def snapshot(items: Iterable[Item], **fields: Any) -> Snapshot:
    base = Snapshot(
        source=NEWS.id,
        number=1,
        taken_at=NOW - HOUR,
        layout="dsfr",
        version=1,
        template="t",
        site="Cantal",
        items=tuple(items),
        more=True,
        address=LIST,
    )
    return replace(base, **fields)


def extraction(items: Iterable[Item], **fields: Any) -> Extraction:
    return replace(
        Extraction("dsfr", 1, tuple(items), next_page=f"{LIST}/(offset)/10", template="t"), **fields
    )


def state(**fields: Any) -> SourceState:
    """Read an hour ago, for the first time."""
    known = SourceState(NEWS.id, NOW, last_poll_at=NOW - HOUR, last_read_at=NOW - HOUR, snapshot=1)
    return replace(known, **fields)


def page(address: str = LIST) -> Page:
    return Page(address, address, 200, b"<main>", "text/html", None, Validators('"1"'), NOW)


def reading(before: Sequence[Item] | None, after: Sequence[Item], **fields: Any) -> Reading:
    """A list as it was and as it is now; `None`: it was never read."""
    whole = Reading(
        source=NEWS,
        state=state() if before is not None else SourceState(NEWS.id, NOW),
        baseline=None if before is None else snapshot(before),
        page=page(),
        digest="d",
        site="Cantal",
        extraction=extraction(after),
        items=tuple(after),
        address=LIST,
        moved=False,
        rising=False,
        now=NOW,
    )
    return replace(whole, **fields)


def guide(before: Sequence[Item], after: Sequence[Item], **fields: Any) -> Reading:
    """A content page as it was and as it is now."""
    base = snapshot(before, source=SEJOUR.id, address=GUIDE)
    return reading(before, after, **{"source": SEJOUR, "baseline": base, "address": GUIDE, **fields})


def differs(*found: tuple[ChangeKind, Item | None, Item | None], **fields: Any) -> Comparison:
    """A comparison that found these differences."""
    return replace(Comparison(tuple(Difference(*one) for one in found)), **fields)
