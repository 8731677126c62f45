"""How fast a platform may be asked, and when it is left alone. Pure: time and chance are arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from watcher.core.catalogue import Platform
from watcher.core.state import PlatformState

LONGEST = timedelta(hours=6)  # no pause, and no server's wish for one, lasts longer
SHORTEST_BACKOFF = timedelta(minutes=5)
BACKOFF_JITTER = 0.2  # sources that failed together do not come back together
FARTHEST_SLOT = timedelta(hours=1)  # nobody reserves later than this: the clock was set back
LATELY = timedelta(minutes=5)  # more than a lease, and what clocks of machines may differ by
_DOUBLINGS = 16  # more of them pass LONGEST from any interval, and would overflow a timedelta


def next_slot(
    state: PlatformState, platform: Platform, now: datetime, random: float
) -> tuple[timedelta, PlatformState]:
    """How long to wait before the next request, and the state once that request is reserved.

    Slots are at least `platform.gap` apart; `random` in 0..1 adds up to `platform.jitter` of it.
    """
    start = max(now, _reserved(state, now))
    gap = platform.gap * (1 + platform.jitter * random)
    return start - now, replace(state, next_request_at=start + max(gap, platform.gap))


def resumed(state: PlatformState, speaker: str, gap: timedelta, now: datetime) -> PlatformState:
    """The state for `speaker` to go on from, which says that it is about to speak. After another process, whose
    clock may differ from ours and which may have died with a request under way, a whole gap is left.
    """
    before, start = state.next_request_at, max(_reserved(state, now), now)
    if state.speaker not in {"", speaker} and before is not None and before > now - LATELY:
        start = max(start, now + gap)
    return replace(state, speaker=speaker, next_request_at=start)


def answered(state: PlatformState, gap: timedelta, now: datetime) -> PlatformState:
    """The answer is there: by the server's own clock, the request came at most so long ago."""
    at = state.next_request_at
    return state if at is not None and at >= now + gap else replace(state, next_request_at=now + gap)


def _reserved(state: PlatformState, now: datetime) -> datetime:
    at = state.next_request_at
    return now if at is None or at - now > FARTHEST_SLOT else at


def braked(state: PlatformState, now: datetime) -> bool:
    """Whether the platform is to be left alone now. Once the pause is over, the next request is a probe."""
    until = state.braked_until
    return until is not None and now < until <= now + LONGEST


def at_rest(state: PlatformState, now: datetime) -> bool:
    """Whether nothing that is due there is read now: braked, or its looks of the day are spent."""
    return braked(state, now) or state.purse.closed(now)


def note_success(state: PlatformState, host: str) -> PlatformState:
    """Any answer of any host shows that the platform lives: failures and brake are forgotten."""
    if not state.failures and not state.brakes:
        return state
    return replace(state, failures=0, failed_hosts=(), braked_until=None, brakes=0)


def note_failure(
    state: PlatformState,
    platform: Platform,
    host: str,
    now: datetime,
    random: float,
    retry_after: timedelta | None,
    *,
    hosts: int | None = None,
    again: bool = False,
) -> PlatformState:
    """A failure that says something about the platform; pulls the brake when there are enough.

    Enough is `platform.brake.after` in a row on as many different hosts, or on all of them where the
    platform has fewer (`hosts`, when known). After a pause a single failure is enough, and the next
    pause is twice as long. What failed last time too (`again`) says nothing new of a platform of many hosts.
    """
    if again and not state.brakes and hosts is not None and hosts > platform.brake.after:
        return state
    failed = state.failed_hosts if host in state.failed_hosts else (*state.failed_hosts, host)
    noted = replace(state, failures=state.failures + 1, failed_hosts=failed)
    after = platform.brake.after
    different = after if hosts is None else min(after, hosts)
    if not state.brakes and (noted.failures < after or len(failed) < different):
        return noted
    pause = _pause(platform, state.brakes, random, retry_after)
    return replace(noted, braked_until=now + pause, brakes=state.brakes + 1)


def _pause(platform: Platform, brakes: int, random: float, retry_after: timedelta | None) -> timedelta:
    doubled: timedelta = platform.brake.pause * 2 ** min(brakes, _DOUBLINGS)
    return min(max(doubled * (1 + platform.jitter * random), retry_after or timedelta(0)), LONGEST)


def backoff(failures: int, every: timedelta, random: float, retry_after: timedelta | None) -> timedelta:
    """When a source that failed `failures` times in a row (1 or more) is asked again: 5 min to 6 h.

    Grows from `every`, doubling; a server's `retry_after` that asks for more is obeyed up to 6 h.
    """
    doubled: timedelta = every * 2 ** min(max(failures - 1, 0), _DOUBLINGS)
    wished = max(doubled * (1 + BACKOFF_JITTER * random), retry_after or timedelta(0), SHORTEST_BACKOFF)
    return min(wished, LONGEST)
