"""What became of messages, for Prometheus, without counting all that was ever sent each time it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.core.outbox import DeliveryState
from watcher.core.ports_outgoing import OutboxStore
from watcher.core.subscriptions import Way
from watcher.web.covered import Covered

Counted = Mapping[tuple[Way, DeliveryState], int]
Doubts = Mapping[Way, int]
SETTLED = timedelta(days=1)  # nobody is so late to write down that a message was accepted


@dataclass(slots=True)
class Sent:
    """What was accepted before yesterday is counted once a day: it stays accepted, and what goes from it because
    its time of keeping is over can wait for the next day. Threads may share it.
    """

    _covered: Covered[tuple[Counted, Doubts]] = field(default_factory=Covered)
    _past: tuple[datetime, Mapping[Way, int]] | None = None  # before when, and how many

    def of(self, outbox: OutboxStore, now: datetime) -> tuple[Counted, Doubts]:
        return self._covered.of(lambda: (self._counted(outbox, now), outbox.doubts()))

    def _counted(self, outbox: OutboxStore, now: datetime) -> Counted:
        moment = now.replace(hour=0, minute=0, second=0, microsecond=0) - SETTLED
        if self._past is None or self._past[0] != moment:
            self._past = moment, outbox.accepted_before(moment)
        counted = Counter(outbox.counted(since=moment))
        counted.update({(way, DeliveryState.ACCEPTED): number for way, number in self._past[1].items()})
        return counted
