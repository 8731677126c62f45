"""The baseline that an accepted reading leaves to the next poll, and how far it reaches."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from watcher.core.compare import remember
from watcher.core.decide import Reading
from watcher.core.items import Extraction, Item, Snapshot


def next_snapshot(reading: Reading, kept: Sequence[Item], left_out: Collection[str]) -> Snapshot:
    """The baseline of the next poll: the first page's items, old versions of what is held, no `left_out`."""
    held = {item.key: item for item in kept}
    first = [
        held.pop(item.key, item)
        for item in reading.extraction.items
        if item.key in held or item.key not in left_out
    ]
    baseline, extraction = reading.baseline, reading.extraction
    items = put_back(first, tuple(held.values()), baseline.items if baseline else ())
    kept_apart = {item.key for item in items}.union(left_out)  # what is left out is still to be news
    beyond = tuple(item for item in reading.items if item.key not in kept_apart)
    return Snapshot(
        source=reading.source.id,
        number=reading.state.snapshot + 1,
        taken_at=reading.now,
        layout=extraction.layout,
        version=extraction.version,
        template=extraction.template,
        site=reading.site,
        items=items,
        past=remember(baseline, items, beyond, _returned(reading)),
        more=extraction.next_page is not None,
        address=reading.address,
    )


def _returned(reading: Reading) -> tuple[Item, ...]:
    """What the reading before had missed."""
    missed = {waiting.key for waiting in reading.state.missing}
    return tuple(item for item in reading.items if item.key in missed)


def put_back(items: Sequence[Item], missing: Sequence[Item], order: Sequence[Item]) -> tuple[Item, ...]:
    """`items` with the `missing` ones where they stood in `order`: each below what stood above it."""
    above = [item.key for item in order]
    whole = list(items)
    for item in sorted(missing, key=lambda one: above.index(one.key)):
        before = set(above[: above.index(item.key)])
        place = max((n for n, other in enumerate(whole) if other.key in before), default=-1)
        whole.insert(place + 1, item)
    return tuple(whole)


def reaches_further(baseline: Snapshot | None, items: Sequence[Item]) -> bool:
    """Whether a list page ends with a newcomer, so that the next page may hold more of them."""
    if baseline is None or not items:
        return False
    last = items[-1]
    known = {item.key for item in baseline.items} | {past.key for past in baseline.past}
    days = [item.published for item in baseline.items if item.published]
    old = bool(days and last.published and last.published < min(days))
    return last.key not in known and not old


def rising_list(extraction: Extraction, baseline: Snapshot | None) -> bool:
    """Whether a list that goes on must be read to its end: it shows its oldest items first, or was known whole."""
    if extraction.next_page is None:
        return False
    if baseline is not None and not baseline.more and len(baseline.items) > len(extraction.items):
        return True
    days = [item.published for item in extraction.items if item.published]
    return len(days) > 2 and days[0] < days[-1] and days == sorted(days)
