"""Why a source is looked at when it is, for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.catalogue import Source
from watcher.core.outlook import HOUR, LEAST, outlook
from watcher.core.rhythm import heat, rate
from watcher.core.state import SourceState
from watcher.core.tempo import Tempo

WARM = 0.1  # publications that are expected to follow what was found
NEAR = 0.02  # hours: a bound is reached


class Bound(StrEnum):
    """What decides the moment."""

    NEW = "new"  # it was never read
    FAILED = "failed"  # it could not be read: patience
    DOUBT = "doubt"  # something waits for a second look
    FLOOR = "floor"  # every source is read daily
    CEILING = "ceiling"  # no source is read more often
    ECHO = "echo"  # it has just published: edits follow
    DELAY = "delay"  # the expected delay is worth a look


@dataclass(frozen=True, slots=True)
class Why:
    """Rates in publications a week, delays and prices in publication-hours."""

    due: datetime
    read: datetime | None
    weekly: float
    delay: float  # that is to be expected by now
    price: float  # at which a look is worth it, now
    bound: Bound


def why(source: Source, state: SourceState, tempo: Tempo, now: datetime) -> Why:
    read = state.last_read_at
    passed = min(max((now - read) / HOUR, 0.0), 48.0) if read else 0.0
    view = outlook(tempo, state.rhythm, source.every, read or now, passed + 1)
    delay = unseen = at = 0.0
    for rate_, end in zip(view.rates, view.ends, strict=True):
        span = min(end, passed) - at
        if span <= 0:
            break
        delay += span * (unseen + rate_ * span / 2)
        unseen, at = unseen + rate_ * span, end
    price = outlook(tempo, state.rhythm, source.every, now, 1).prices[0]
    weekly = 7 * rate(state.rhythm, tempo.shape, now)
    return Why(state.next_poll_at, read, weekly, delay, price, _bound(source, state, tempo, now))


def _bound(source: Source, state: SourceState, tempo: Tempo, now: datetime) -> Bound:
    read = state.last_read_at
    if state.outcome is None or (read is None and not state.failures):
        return Bound.NEW
    if state.failures or read is None:
        return Bound.FAILED
    if state.missing or state.unread or state.suspicion:
        return Bound.DOUBT
    wait, every = (state.next_poll_at - read) / HOUR, source.every / HOUR
    if wait >= max(tempo.plan.most, every) - NEAR:
        return Bound.FLOOR
    if heat(state.rhythm, tempo.shape, now) > WARM:
        return Bound.ECHO
    return Bound.CEILING if wait <= LEAST * every + NEAR else Bound.DELAY
