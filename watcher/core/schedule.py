"""When a source is looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.core.pace import backoff
from watcher.core.page import Outcome

SOON = timedelta(minutes=12)  # a wait for one item is settled by a second look, later than guard.AGREES_AFTER
SPREAD = 0.1  # sources of one interval drift apart by up to this share


def next_poll(
    now: datetime,
    every: timedelta,
    outcome: Outcome,
    failures: int,
    random: float,
    *,
    pending: bool = False,
    usual: timedelta | None = None,
    retry_after: timedelta | None = None,
) -> datetime:
    """The next due time: `usual` after a reading, soon while something is unsettled, later after failures."""
    regular = every * (1 + SPREAD * random) if usual is None else usual
    if outcome.read and not pending:
        return now + regular
    if outcome.read:
        return now + min(every, regular, SOON * (1 + SPREAD * random))
    if outcome in {Outcome.IMPLAUSIBLE, Outcome.EMPTY} and failures <= FEW_LOOKS:
        return now + min(every, SOON * max(failures, 1) * (1 + SPREAD * random))
    if outcome is Outcome.IMPLAUSIBLE:  # the server is well: it may be asked as often as ever
        return now + every * (1 + SPREAD * random)
    return now + backoff(failures, every, random, retry_after)


FEW_LOOKS = 3  # after so many doubtful readings in a row (72 minutes), haste is of no use
