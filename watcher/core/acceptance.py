"""A page that was doubted, stayed as it was, and is believed for that alone: it may still be the wrong one. Pure.

Until the page of before is back, or somebody has looked, it is remembered when that one was last read: what was
published meanwhile is news then, however long the other stood in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core.compare import remember
from watcher.core.guard import FEW
from watcher.core.items import Article, Item, Snapshot
from watcher.core.page import Validators
from watcher.core.state import Accepted, SourceState

ASKED = 10  # undated newcomers whose own pages are read for a day


def is_back(baseline: Snapshot, items: Sequence[Item], newcomers: int) -> bool:
    """Whether most of what a page shows, but for its newcomers, stood there before the page that is the baseline."""
    past = {version.key for version in baseline.past}
    again = sum(item.key in past for item in items)
    return again > 0 and 2 * again >= len(items) - newcomers


def news_since(state: SourceState, *, back: bool) -> datetime | None:
    """From when on what is dated is news on a page that differs as a whole; `None` when it was never read."""
    return state.accepted.before if back and state.accepted else state.last_read_at


def dated_since(item: Item | Article, last: datetime | None) -> bool:
    return (
        item.published is not None and last is not None and item.published >= last.date() - timedelta(days=1)
    )


def may_be_news(newcomers: Sequence[Item], kept: int) -> tuple[Item, ...]:
    """What came without a day to a list that is still the same: few enough to ask their own pages for one."""
    undated = tuple(item for item in newcomers if not item.published)
    return undated if kept >= FEW and len(undated) <= ASKED else ()


def remembered(state: SourceState, reason: str, now: datetime, *, back: bool) -> Accepted | None:
    """What is to be remembered after a reading; `reason` is that of a doubt which was given up, or ""."""
    if back:
        return None
    if not reason:
        return state.accepted
    if state.accepted:
        return replace(state.accepted, at=now, reason=reason)
    return Accepted(now, state.last_read_at or now, reason, state.snapshot)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A former version as the baseline once more; another one took its place at `until`."""

    state: SourceState
    baseline: Snapshot
    until: datetime


def taken_back(
    state: SourceState, versions: Sequence[Snapshot], number: int, now: datetime
) -> TakenBack | None:
    """What makes the version of this `number` hold again; `None` when it is none of those that came before the
    latest. `versions` are newest first.

    What was on the page meanwhile is remembered: whoever meets it again is told nothing. What was published since
    the version was last read is news.
    """
    later = [one for one in versions if one.number > number]
    former = next((one for one in versions if one.number == number), None)
    if former is None or not later:
        return None
    latest, until = later[0], later[-1].taken_at
    accepted = state.accepted
    read_at = accepted.before if accepted and accepted.version == number else until
    past = remember(latest, former.items)
    baseline = replace(former, number=latest.number + 1, taken_at=now, past=past)
    state = replace(
        state,
        snapshot=baseline.number,
        next_poll_at=now,
        last_read_at=read_at,
        validators=Validators(),
        digest="",
        glimpse="",
        suspicion=None,
        missing=(),
        unread=(),
        accepted=None,
    )
    return TakenBack(state, baseline, until)
