"""What one poll concludes: from a page and what is remembered to everything that will be written.

`assess` says what a reading would change and what must still be read to be sure; `conclude` turns that,
once read, into a plan. `failed` and `quiet` conclude the polls that found nothing to compare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core.acceptance import dated_since, is_back, may_be_news, news_since
from watcher.core.catalogue import Source, SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.compare import Comparison, Difference, compare_cards, fingerprint, seen_before
from watcher.core.compare_blocks import compare_blocks
from watcher.core.documents import has_own_page, readable
from watcher.core.guard import (
    AGREES_AFTER,
    BELIEVED_AFTER,
    NEWCOMERS,
    Doubt,
    doubt_blocks,
    doubt_cards,
    patience_with_blocks,
    patience_with_cards,
    released,
    was_no_page,
)
from watcher.core.items import Extraction, Item, Snapshot
from watcher.core.page import Page
from watcher.core.services import SERVICES, doubt_turn, turned
from watcher.core.state import Missing, SourceState, Suspicion

SILENCE = timedelta(days=7)  # after that, only what is dated since the last reading is news
READINGS = 2  # how often an item must be missing, or an old version be back, to be believed
TRIES = 3  # at the page of a new item, before its card alone must do


@dataclass(frozen=True, slots=True)
class Reading:
    """One judged page of a source, with what it is compared to."""

    source: Source
    state: SourceState
    baseline: Snapshot | None
    page: Page
    digest: str
    site: str
    extraction: Extraction  # of the first page
    items: tuple[Item, ...]  # of all pages that were followed
    address: str  # canonical, after redirects
    moved: bool
    rising: bool  # a list whose newest items stand on its last page
    now: datetime
    glimpse: str = ""  # of the main region, as `digest`; see `core.region`


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a reading would change: `told` if it is so, or a doubt; and what must be read to conclude."""

    comparison: Comparison
    told: tuple[Difference, ...] = ()
    held: tuple[Missing, ...] = ()  # old versions that are back, until they stay
    kept: tuple[Item, ...] = ()  # items that stay in the baseline although the page lacks or alters them
    to_read: tuple[Item, ...] = ()  # whose own page tells what they say
    to_check: tuple[Item, ...] = ()  # that vanished: does their own page still exist?
    doubt: Doubt | None = None
    unsure: frozenset[str] = frozenset()  # keys of what is told only if its own page is dated `since` then
    since: datetime | None = None
    accepted: str = ""  # why it was doubted, where it is believed because it stays so
    back: bool = False  # the page of before one that was accepted


def assess(reading: Reading) -> Assessment:
    """Compare, doubt, and say what must still be read. A first reading changes nothing."""
    baseline = reading.baseline
    if baseline is None:
        return Assessment(Comparison())
    if reading.source.kind in SERVICES:
        return _assess_service(reading, baseline)
    if reading.source.kind is not SourceKind.NEWS:
        return _assess_blocks(reading, baseline)
    comparison = compare_cards(baseline, reading.items, {unread.key for unread in reading.state.unread})
    reason = doubt_cards(baseline, reading.extraction, comparison)
    patience = patience_with_cards(baseline, reading.items, comparison)
    doubt = Doubt(reason, content_digest(reading.items), patience) if reason else None
    if doubt and not released(reading.state.suspicion, doubt, reading.now):
        return Assessment(comparison, doubt=doubt)
    if doubt or _was_silent(reading) or not baseline.items:
        return _assess_anew(reading, baseline, comparison, doubt)
    return _assess_cards(reading, baseline, comparison)


def _assess_blocks(reading: Reading, baseline: Snapshot) -> Assessment:
    comparison = compare_blocks(baseline, reading.items)
    if was_no_page(baseline, reading.items):
        return Assessment(comparison)
    elsewhere = baseline.address not in {"", reading.address}
    restated = doubt_blocks(baseline, reading.extraction, comparison)
    reason, patience = restated, BELIEVED_AFTER
    if restated and not elsewhere:
        patience = patience_with_blocks(baseline, reading.items)
    elif not restated and elsewhere and comparison.differences:
        reason = f"la page est maintenant lue à l'adresse {reading.address}"
    elif not restated and _flaps(baseline, reading.items):
        reason, patience = "la page revient à une version antérieure", AGREES_AFTER
    elif not restated and _takes_back(comparison):
        reason, patience = "une partie de la page a disparu", AGREES_AFTER
    doubt = Doubt(reason, content_digest(reading.items), patience) if reason else None
    if doubt and not released(reading.state.suspicion, doubt, reading.now):
        return Assessment(comparison, doubt=doubt)
    # Another page under the same address has its own sections; only what both have can be compared.
    told = comparison.of(ChangeKind.EDITED) if elsewhere else comparison.differences
    if restated:
        told = _not_known(reading, baseline, told)
    return Assessment(comparison, told=told)


def _assess_service(reading: Reading, baseline: Snapshot) -> Assessment:
    """A state that turned is all there is to tell; while it stays, the words are compared as those of any page."""
    difference = turned(baseline.items, reading.items)
    if difference is None:
        return _assess_blocks(reading, baseline)
    doubt = doubt_turn(difference)
    if not released(reading.state.suspicion, doubt, reading.now):
        return Assessment(Comparison(), doubt=doubt)
    return Assessment(Comparison(), told=(difference,))


def _takes_back(comparison: Comparison) -> bool:
    """Whether a page only loses something: a node that lags behind, for however long, shows the same."""
    return bool(comparison.differences) and not any(d.after for d in comparison.differences)


def _not_known(reading: Reading, baseline: Snapshot, told: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Of a page that changed as a whole: nothing it said once before, and nothing of what stood in its place."""
    known = {item.key for item in reading.items if seen_before(baseline, item)}
    if not known:
        return told
    fresh = [item for item in reading.items if item.key not in known]
    return tuple(d for d in compare_blocks(baseline, fresh).differences if d.after)


def _assess_anew(
    reading: Reading, baseline: Snapshot, comparison: Comparison, doubt: Doubt | None
) -> Assessment:
    """A list that differs as a whole: only what is dated since it was last read is news, and what has no day
    where all else was known once.
    """
    added = comparison.of(ChangeKind.ADDED)
    back = doubt is not None and is_back(baseline, reading.items, len(added))
    since = news_since(reading.state, back=back)
    undated = (back or not baseline.items) and len(added) <= NEWCOMERS
    told = tuple(d for d in added if dated_since(d.item, since) or (undated and not d.item.published))
    asked = () if undated or not doubt else may_be_news([d.item for d in added], comparison.kept)
    unsure = frozenset(item.key for item in asked if has_own_page(reading.source, item))
    told += tuple(d for d in added if d.item.key in unsure)
    return Assessment(
        comparison,
        told=told,
        unsure=unsure,
        since=since,
        to_read=_readable(reading.source, told),
        accepted=doubt.reason if doubt else "",
        back=back,
    )


def _assess_cards(reading: Reading, baseline: Snapshot, comparison: Comparison) -> Assessment:
    back = [d for d in comparison.of(ChangeKind.EDITED) if d.after and seen_before(baseline, d.after)]
    held = [_waited(reading.state.missing, d.item.key, reading.now) for d in back]
    unsettled = {m.key for m in held if not _settled(m, reading.now)}
    told = tuple(d for d in comparison.differences if d.kind.told and d.item.key not in unsettled)
    return Assessment(
        comparison,
        told=told,
        held=tuple(m for m in held if m.key in unsettled),
        kept=tuple(d.before for d in back if d.before and d.before.key in unsettled),
        to_read=_readable(reading.source, (*told, *_touched(comparison))),
        to_check=comparison.vanished,
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the items that left the list."""

    ended: tuple[Difference, ...] = ()  # withdrawn or aged out
    renamed: tuple[Difference, ...] = ()  # their address now leads to a newcomer
    missing: tuple[Missing, ...] = ()
    kept: tuple[Item, ...] = ()  # still waited for, hence kept in the baseline


def settle_vanished(
    reading: Reading, vanished: Sequence[Item], whereabouts: Mapping[str, str | None]
) -> Settled:
    """What left the list: withdrawn now, renamed, or still waited for.

    `whereabouts` says by key where the item's address leads: `None` when to no page.
    """
    ended, renamed, missing, kept = [], [], [], []
    present = {item.key: item for item in reading.items}
    same_list = any(item.key in present for item in _known(reading))
    for item in vanished:
        wait = _waited(reading.state.missing, item.key, reading.now)
        there = whereabouts.get(item.key, item.key)
        if there is not None and there != item.key and there in present:
            renamed.append(Difference(ChangeKind.EDITED, item, present[there]))
        elif not same_list:
            ended.append(Difference(ChangeKind.AGED_OUT, item, None))
        elif not _settled(wait, reading.now) and (there is not None or _may_lag(reading, item)):
            missing.append(wait)
            kept.append(item)
        elif there is None or _in_the_middle(reading, item):
            ended.append(Difference(ChangeKind.WITHDRAWN, item, None))
        else:
            ended.append(Difference(ChangeKind.AGED_OUT, item, None))
    return Settled(tuple(ended), tuple(renamed), tuple(missing), tuple(kept))


def content_digest(items: Sequence[Item]) -> str:
    """A hash of what a list of items says, in any order."""
    return hashlib.sha256(
        "".join(sorted(item.key + fingerprint(item) for item in items)).encode()
    ).hexdigest()


def suspicion(state: SourceState, doubt: Doubt, now: datetime) -> Suspicion:
    """The doubt to remember; its clock starts at the first reading that said the same."""
    if state.suspicion is not None and state.suspicion.digest == doubt.digest:
        return state.suspicion
    return Suspicion(doubt.digest, now)


def unread_yet(state: SourceState, key: str, now: datetime) -> Missing | None:
    """The wait for an item whose page could not be read; `None` when it was long enough."""
    waited = _waited(state.unread, key, now)
    return waited if waited.readings < TRIES else None


def pending(state: SourceState) -> bool:
    """Whether something is unsettled, so that the page must be looked at even if it looks the same."""
    return bool(state.missing or state.unread or state.suspicion)


def _waited(waiting: Sequence[Missing], key: str, now: datetime) -> Missing:
    for one in waiting:
        if one.key == key:
            return replace(one, readings=one.readings + 1)
    return Missing(key, now)


def _settled(missing: Missing, now: datetime) -> bool:
    return missing.readings >= READINGS and now - missing.since >= AGREES_AFTER


def _may_lag(reading: Reading, item: Item) -> bool:
    """Whether a node that lags behind explains why there is neither the item nor its page: it is new, or came back."""
    new = item.published is None or item.published >= reading.now.date() - timedelta(days=1)
    past = reading.baseline.past if reading.baseline else ()
    return new or any(version.key == item.key for version in past)


def _known(reading: Reading) -> tuple[Item, ...]:
    return reading.baseline.items if reading.baseline else ()


def _in_the_middle(reading: Reading, item: Item) -> bool:
    """Whether something that stood below it is still there."""
    keys = [i.key for i in _known(reading)]
    below = set(keys[keys.index(item.key) + 1 :])
    return any(i.key in below for i in reading.items)


def _was_silent(reading: Reading) -> bool:
    last = reading.state.last_read_at
    return last is not None and reading.now - last > SILENCE


def _flaps(baseline: Snapshot, items: Sequence[Item]) -> bool:
    """Whether all that is new on a content page was there once."""
    known = {(item.key, fingerprint(item)) for item in baseline.items}
    fresh = [item for item in items if (item.key, fingerprint(item)) not in known]
    return bool(fresh) and all(seen_before(baseline, item) for item in fresh)


def _touched(comparison: Comparison) -> tuple[Difference, ...]:
    return tuple(Difference(ChangeKind.EDITED, None, item) for item in comparison.touched)


def _readable(source: Source, differences: Sequence[Difference]) -> tuple[Item, ...]:
    """Of which there is a page or a document of its own to read."""
    items = (d.after for d in differences if d.after)
    return tuple(i for i in items if has_own_page(source, i) or readable(i.attachments, source.url))
