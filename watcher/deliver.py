"""Tell people what waits for them: one line for each way out, any number of workers on one database.

A message is claimed with a lease, sent, then settled. Whoever dies in between leaves a lease that ends, and
the message is sent again under the same id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.beats import Beats
from watcher.core.subscriptions import Way
from watcher.sending import Line, Office, Round, WayOut


class Deliverer:
    """Sends what is due. Different ways do not wait for each other; one way is one thread's at a time."""

    def __init__(
        self, office: Office, ways: Mapping[Way, WayOut], judge: Callable[[datetime], object]
    ) -> None:
        """`judge` decides which sign-ups are written to, and queues their letters."""
        self._office, self._judge = office, judge
        self._lines = {way: Line(office, out) for way, out in ways.items()}

    @property
    def ways(self) -> Sequence[Way]:
        return tuple(self._lines)

    def tick(self, way: Way, more: Callable[[], None] | None = None) -> Round:
        """One round: everything that is due this way, unless it is braked; with `more`, a batch of it."""
        self._judge(self._office.clock.now())
        return self._lines[way].round(more)

    @property
    def held(self) -> str:
        """Why nothing is sent before somebody says so; "" when things are."""
        return self._office.outbox.held()

    @property
    def beats(self) -> Beats:
        """When something was last tried, by way."""
        return self._office.beats

    def waiting(self, way: Way) -> timedelta:
        """For how long the first message of this way is due."""
        due = self._office.outbox.oldest_due(way)
        return max(self._office.clock.now() - due, timedelta(0)) if due else timedelta(0)

    def braked_until(self, way: Way) -> datetime | None:
        return self._lines[way].braked_until
