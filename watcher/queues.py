"""What one worker holds for each of many recipients, to be sent in turn."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime

from watcher.core.outbox import Claimed

Held = tuple[Claimed, datetime]
"""A claimed message, and when nothing is begun with it any more."""


class Queues:
    """One thread's. What is claimed twice, because a lease ended under a slow recipient, is held once."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Held]] = {}
        self._taken: dict[str, set[str]] = {}

    def __len__(self) -> int:
        """How many messages wait."""
        return sum(len(queue) for queue in self._waiting.values())

    @property
    def waiting(self) -> Set[str]:
        """The recipients for whom something waits."""
        return self._waiting.keys()

    def add(self, claimed: Iterable[Claimed], until: datetime) -> None:
        for one in claimed:
            queue = self._waiting.setdefault(one.message.about, [])
            held = self._taken.get(one.message.about, set()) | {other.message.id for other, _ in queue}
            if one.message.id not in held:
                queue.append((one, until))
        self._waiting = {about: queue for about, queue in self._waiting.items() if queue}

    def take(self, about: str) -> list[Held]:
        """Everything that waits for a recipient; it stays held until `done`."""
        queue = self._waiting.pop(about)
        self._taken[about] = {one.message.id for one, _ in queue}
        return queue

    def done(self, about: str) -> None:
        del self._taken[about]
