"""Whether a difference is believable, or rather the sign of a broken page or a new template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from watcher.core.changes import ChangeKind
from watcher.core.compare import Comparison, Difference
from watcher.core.compare_blocks import lost_blocks
from watcher.core.items import Extraction, Item, Snapshot
from watcher.core.state import Suspicion
from watcher.core.text import squeeze

MOST = 0.4  # of the known items that may be gone or different at once
FEW = 3  # fewer items than this say nothing about a template
NEWCOMERS = 5  # at once, unless they are dated since the last reading
AGREES_AFTER = timedelta(minutes=10)  # of one item: two readings that agree, this far apart, are believed
BELIEVED_AFTER = timedelta(minutes=55)  # of a whole page that was doubted: an hour, give or take a start-up
STRANGE_UNTIL = timedelta(
    hours=24
)  # of a page that says next to nothing of what it said: rarely it, often an error
RESTATED = 0.6  # share of a content page that may be replaced at once
MESSAGE = 300  # characters, at most, of a mere message
SHRUNK = 0.3  # share of a content page's text under which what is left may be a mere message


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a reading is not believed, what a second one must equal to be, and how much later."""

    reason: str
    digest: str
    patience: timedelta = BELIEVED_AFTER


def doubt_cards(baseline: Snapshot, extraction: Extraction, comparison: Comparison) -> str:
    """A reason not to believe a list, or ""."""
    known, found = len(baseline.items), extraction.items
    if not found:
        return "" if not known else "plus aucun élément là où il y en avait"
    if _lost_cards(extraction):
        return "des éléments de la page n'ont pas pu être lus"
    if known < FEW:
        return "aucun élément connu ne reste" if _strange(baseline, found, comparison) else ""
    gone = len(comparison.vanished)
    if comparison.kept == 0:
        return "aucun élément connu ne reste"
    if gone >= FEW and gone > MOST * known:
        return f"{gone} éléments connus sur {known} ont disparu d'un coup"
    edited = len(comparison.of(ChangeKind.EDITED))
    if edited >= FEW and edited > MOST * known:
        return f"{edited} éléments connus sur {known} diffèrent d'un coup"
    if _lost_dates(baseline.items, found):
        return "les dates ont disparu de la liste"
    return _too_many(baseline, found, comparison) or _new_template(baseline, extraction, comparison)


def patience_with_cards(baseline: Snapshot, items: Sequence[Item], comparison: Comparison) -> timedelta:
    """How long a doubted list must stay as it is: long, when all that is left may be the links of an error page."""
    return STRANGE_UNTIL if _strange(baseline, items, comparison) else BELIEVED_AFTER


def _strange(baseline: Snapshot, items: Sequence[Item], comparison: Comparison) -> bool:
    """Whether nothing is left of a list that was dated, and nothing in its place has a day."""
    unknown = bool(items) and comparison.kept == 0
    return unknown and any(map(_day, baseline.items)) and not any(map(_day, items))


def doubt_blocks(baseline: Snapshot, extraction: Extraction, comparison: Comparison) -> str:
    """A reason not to believe a content page, or ""."""
    known = len(baseline.items)
    if known and not extraction.items:
        return "plus aucun texte là où il y en avait"
    if _lost_cards(extraction):
        return "une partie de la page n'a pas pu être lue"
    lost = lost_blocks(comparison)
    few = lost < FEW and not (known and unrelated(baseline, extraction.items))
    if lost > RESTATED * known and not few:
        return f"{lost} paragraphes connus sur {known} ont disparu d'un coup"
    return ""


def patience_with_blocks(baseline: Snapshot, items: Sequence[Item]) -> timedelta:
    """How long a doubted content page must stay as it is: long, when it has little or nothing of what it had."""
    shrunk = _spoken(items) < SHRUNK * _spoken(baseline.items)
    return STRANGE_UNTIL if shrunk or unrelated(baseline, items) else BELIEVED_AFTER


def was_no_page(baseline: Snapshot, items: Sequence[Item]) -> bool:
    """Whether what was taken for the page at first was a mere message: short, and not a word of it is left."""
    said = _spoken(baseline.items)
    short = len(baseline.items) < FEW or said < SHRUNK * _spoken(items)
    return short and said < MESSAGE and unrelated(baseline, items)


def unrelated(baseline: Snapshot, items: Sequence[Item]) -> bool:
    """Whether two versions of a content page have neither a block nor a heading in common."""
    return _names(baseline.items).isdisjoint(_names(items))


def _names(items: Sequence[Item]) -> set[str]:
    return {squeeze(name) for item in items for name in (*item.section, item.summary)}


def _spoken(items: Sequence[Item]) -> int:
    return sum(len(item.summary) for item in items)


def released(suspicion: Suspicion | None, doubt: Doubt, now: datetime) -> bool:
    """Whether an earlier reading, long enough ago, was doubted for the same content."""
    return (
        suspicion is not None and suspicion.digest == doubt.digest and now - suspicion.since >= doubt.patience
    )


def _lost_cards(extraction: Extraction) -> bool:
    return any(anomaly.startswith("lost_cards") for anomaly in extraction.anomalies)


def _lost_dates(before: tuple[Item, ...], after: tuple[Item, ...]) -> bool:
    dated = sum(1 for item in before if _day(item))
    still = sum(1 for item in after if _day(item))
    return dated >= FEW and dated > MOST * len(before) and still == 0


def _day(item: Item) -> date | None:
    return item.published or item.updated


def _too_many(baseline: Snapshot, found: Sequence[Item], comparison: Comparison) -> str:
    added = comparison.of(ChangeKind.ADDED)
    eve = baseline.taken_at.date() - timedelta(days=2)
    undated = [d for d in added if not d.item.published or d.item.published < eve]
    if len(undated) > NEWCOMERS:
        return f"{len(undated)} nouveaux éléments d'un coup"
    return (
        "une autre liste, sans dates, est apparue sous la liste"
        if _list_below(baseline, found, added)
        else ""
    )


def _list_below(baseline: Snapshot, found: Sequence[Item], added: Sequence[Difference]) -> bool:
    """Whether several undated newcomers, files apart, stand below all that is known of a mostly dated list."""
    fresh = {d.item.key for d in added}
    below = list(takewhile(lambda item: item.key in fresh, reversed(found)))
    undated = sum(1 for item in below if not _day(item) and not item.attachments)
    dated = sum(1 for item in baseline.items if _day(item))
    return undated >= FEW and 2 * dated > len(baseline.items)


def _new_template(baseline: Snapshot, extraction: Extraction, comparison: Comparison) -> str:
    """A difference seen through new markup is doubted, but for dated newcomers above known items."""
    if extraction.template == baseline.template or not baseline.template:
        return ""
    if comparison.of(ChangeKind.EDITED) or comparison.vanished:
        return "le gabarit de la page a changé en même temps que son contenu"
    # What stood beside the list is told apart by its markup alone, which is another one now.
    undated = any(d.item.published is None for d in comparison.of(ChangeKind.ADDED))
    if undated and any(item.published for item in baseline.items):
        return "le gabarit de la page a changé et des éléments sans date y sont apparus"
    return ""
