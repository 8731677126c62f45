"""What one attempt makes of its message: when it is tried again, and when no more.

Whoever must be told is tried for days; what can only fail again is put aside at once, for a maintainer to see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core.outbox import GIVE_UP, Attempt, DeliveryState, Fate, Message, MessageKind, Settlement
from watcher.core.subscriptions import Way

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=6)
DOUBT = timedelta(minutes=15)  # what was sent without an answer is sent again after this, at the earliest
LETTER = timedelta(days=2)  # links that were asked for open nothing after that
TRIES = 8  # a message that waited for days while nothing could be sent is not given up at its first refusal
DOUBTS = 2  # copies of one message that may be under way
POISONED = 3

BRAKES = (
    timedelta(minutes=5),
    timedelta(hours=1),
)  # of a way out that cannot be used: the first, the longest

_ALERTS = frozenset({MessageKind.ALERTS, MessageKind.DIGEST})
_LASTING = _ALERTS | {MessageKind.PROBLEMS}  # of which no link expires


def settle(message: Message, attempt: Attempt, now: datetime, chance: float) -> Settlement:
    """What `attempt`, made at `now`, makes of a message as it was before it; `chance` is in [0, 1)."""
    tried = Settlement(
        state=DeliveryState.ACCEPTED if attempt.fate is Fate.ACCEPTED else DeliveryState.DEFERRED,
        due_at=now,
        attempts=message.attempts + 1,
        ambiguous=message.ambiguous,
        poisoned=message.poisoned,
        detail=attempt.detail,
    )
    match attempt.fate:
        case Fate.ACCEPTED:
            return tried
        case Fate.RETRY | Fate.STOPPED:  # behind the others, lest one that stops the sender hold up all
            return _later(message, attempt, tried, now, chance)
        case Fate.AMBIGUOUS:
            return _doubtful(message, tried, now, chance)
        case Fate.POISONED:
            return _poisoned(message, attempt, tried, now, chance)
        case Fate.REFUSED:
            return replace(tried, state=DeliveryState.SHUNTED)
        case Fate.BOUNCED:
            return replace(tried, state=DeliveryState.EXPIRED)
        case Fate.GONE:
            return replace(tried, state=DeliveryState.EXPIRED, ends=True)


def behind(message: Message, settlement: Settlement) -> Settlement:
    """What becomes of a message for a recipient that just did not take another: untried, it waits as long,
    and goes first then, lest one that is never taken hold up all others.
    """
    return Settlement(
        state=DeliveryState.DEFERRED,
        due_at=settlement.due_at - timedelta(seconds=1),
        attempts=message.attempts,
        ambiguous=message.ambiguous,
        poisoned=message.poisoned,
        detail=settlement.detail,
    )


@dataclass(frozen=True, slots=True)
class Brake:
    """A way out that cannot be used now is left alone, longer each time."""

    until: datetime
    span: timedelta

    def holds(self, now: datetime) -> bool:
        """Not when the clock was set back: nothing is left alone for longer than was meant."""
        return now < self.until <= now + self.span

    @classmethod
    def pulled(cls, before: Brake | None, now: datetime) -> Brake:
        first, longest = BRAKES
        span = min(before.span * 2, longest) if before else first
        return cls(now + span, span)


def _later(message: Message, attempt: Attempt, tried: Settlement, now: datetime, chance: float) -> Settlement:
    patience = GIVE_UP if message.kind in _LASTING else LETTER
    if now - message.created_at > patience and tried.attempts >= TRIES:
        # A mailbox that is full for days may be emptied; a program that takes nothing for days is gone.
        failing = message.way is not Way.MAIL and attempt.fate is Fate.RETRY
        return replace(tried, state=DeliveryState.EXPIRED, ends=failing)
    return replace(tried, due_at=now + _pause(message, attempt, chance))


def _doubtful(message: Message, tried: Settlement, now: datetime, chance: float) -> Settlement:
    doubts = tried.ambiguous + 1
    if doubts >= DOUBTS:
        again = message.way is Way.MAIL and message.kind in _ALERTS
        return replace(tried, state=DeliveryState.SHUNTED, ambiguous=doubts, again=again)
    due_at = now + DOUBT * (1 + chance / 3)
    return replace(tried, state=DeliveryState.AMBIGUOUS, ambiguous=doubts, due_at=due_at)


def _poisoned(
    message: Message, attempt: Attempt, tried: Settlement, now: datetime, chance: float
) -> Settlement:
    times = message.poisoned + 1
    if times >= POISONED:
        return replace(tried, state=DeliveryState.SHUNTED, poisoned=times)
    return replace(tried, poisoned=times, due_at=now + _pause(message, attempt, chance))


def _pause(message: Message, attempt: Attempt, chance: float) -> timedelta:
    """What the other side asks for, within bounds; else a minute, doubled each time. Never quite the same."""
    doubled = SHORTEST * 2 ** min(message.attempts, 10)
    wanted = doubled if attempt.retry_after is None else attempt.retry_after
    bounded = min(max(wanted, SHORTEST), LONGEST)
    return min(bounded * (1 + chance / 4), LONGEST)
