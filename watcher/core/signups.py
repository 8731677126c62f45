"""How often a mailbox may be written to before its owner asked for it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.core.subscriptions import AddressHistory, Signup, SignupRuling
from watcher.core.throttle import Quota

CONFIRM_FOR = timedelta(hours=48)  # how long the link of a confirmation is good
MANAGE_FOR = timedelta(minutes=30)  # and one to somebody's choices
FORM_FOR = timedelta(hours=12)  # how long a form may stay open

PER_HOUR = 300  # confirmations to all the world
PER_DAY = 3  # letters to one mailbox
APART = timedelta(minutes=10)
SILENCE = timedelta(days=7)
FROM_ONE_NETWORK = Quota(10, timedelta(hours=1))

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def rule(now: datetime, signup: Signup, history: AddressHistory, booked: int) -> SignupRuling:
    """Whether this sign-up gets its confirmation, and when.

    `booked` confirmations were due within the last hour or still will be: those that find no place within
    this hour get one in a later hour. The third letter of a day begins a silence.
    """
    due = now + booked // PER_HOUR * _HOUR
    if history.suppressed or (history.silent_until is not None and due < history.silent_until):
        return SignupRuling(allowed=False, history=history, due_at=due)
    recent = _recent(history, due)
    if _too_soon(recent, due):
        return SignupRuling(allowed=False, history=history, due_at=due)
    mailed = (*recent, due)
    silent_until = due + SILENCE if len(mailed) >= PER_DAY else None
    return SignupRuling(allowed=True, history=AddressHistory(mailed, silent_until), due_at=due)


def rule_management(now: datetime, history: AddressHistory) -> SignupRuling:
    """Whether somebody who holds a link of ours gets a letter.

    A silence does not hold for them, nor do they cause one: strangers must not lock owners out of their choices.
    """
    recent = _recent(history, now)
    if history.suppressed or _too_soon(recent, now) or len(recent) >= PER_DAY:
        return SignupRuling(allowed=False, history=history, due_at=now)
    after = AddressHistory((*recent, now), history.silent_until)
    return SignupRuling(allowed=True, history=after, due_at=now)


def _recent(history: AddressHistory, now: datetime) -> tuple[datetime, ...]:
    """Within the day before `now`; what is still to be sent counts too."""
    return tuple(sorted(at for at in history.mailed_at if at > now - _DAY))


def _too_soon(mailed: tuple[datetime, ...], now: datetime) -> bool:
    return bool(mailed) and mailed[-1] > now - APART
