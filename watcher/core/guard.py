"""Whether a difference is believable, or rather the sign of a broken page or a new template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.changes import ChangeKind
from watcher.core.compare import Comparison
from watcher.core.compare_blocks import lost_blocks
from watcher.core.items import Extraction, Item, Snapshot
from watcher.core.state import Suspicion

MOST = 0.4  # of the known items that may be gone or different at once
FEW = 3  # fewer items than this say nothing about a template
NEWCOMERS = 5  # at once, unless they are dated since the last reading
AGREES_AFTER = timedelta(minutes=10)  # two readings that agree, this far apart, are believed
RESTATED = 0.6  # share of a content page that may be replaced at once


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a reading is not believed, and what a second one must equal to be."""

    reason: str
    digest: str


def doubt_cards(baseline: Snapshot, extraction: Extraction, comparison: Comparison) -> str:
    """A reason not to believe a list, or ""."""
    known, found = len(baseline.items), extraction.items
    if not found:
        return "" if not known else "plus aucun élément là où il y en avait"
    if _lost_cards(extraction):
        return "des éléments de la page n'ont pas pu être lus"
    if known < FEW:
        return ""
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
    return _too_many(baseline, comparison) or _new_template(baseline, extraction, comparison)


def doubt_blocks(baseline: Snapshot, extraction: Extraction, comparison: Comparison) -> str:
    """A reason not to believe a content page, or ""."""
    known = len(baseline.items)
    if known and not extraction.items:
        return "plus aucun texte là où il y en avait"
    if _lost_cards(extraction):
        return "une partie de la page n'a pas pu être lue"
    lost = lost_blocks(comparison)
    if lost >= FEW and lost > RESTATED * known:
        return f"{lost} paragraphes connus sur {known} ont disparu d'un coup"
    return ""


def released(suspicion: Suspicion | None, doubt: Doubt, now: datetime) -> bool:
    """Whether an earlier reading, long enough ago, was doubted for the same content."""
    return (
        suspicion is not None and suspicion.digest == doubt.digest and now - suspicion.since >= AGREES_AFTER
    )


def _lost_cards(extraction: Extraction) -> bool:
    return any(anomaly.startswith("lost_cards") for anomaly in extraction.anomalies)


def _lost_dates(before: tuple[Item, ...], after: tuple[Item, ...]) -> bool:
    dated = sum(1 for item in before if item.published or item.updated)
    still = sum(1 for item in after if item.published or item.updated)
    return dated >= FEW and dated > MOST * len(before) and still == 0


def _too_many(baseline: Snapshot, comparison: Comparison) -> str:
    added = comparison.of(ChangeKind.ADDED)
    eve = baseline.taken_at.date() - timedelta(days=2)
    undated = [d for d in added if not d.item.published or d.item.published < eve]
    return f"{len(undated)} nouveaux éléments d'un coup" if len(undated) > NEWCOMERS else ""


def _new_template(baseline: Snapshot, extraction: Extraction, comparison: Comparison) -> str:
    """A difference seen through new markup is doubted, but for dated newcomers above known items."""
    if extraction.template == baseline.template or not baseline.template:
        return ""
    if comparison.of(ChangeKind.EDITED) or comparison.vanished:
        return "le gabarit de la page a changé en même temps que son contenu"
    return ""
