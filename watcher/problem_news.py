"""Writes to maintainers about problems that stay, and about their end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.core.catalogue import Catalogue
from watcher.core.ports_outgoing import OutboxStore
from watcher.core.problem_news import News, Noted, Written, news


@dataclass(frozen=True, slots=True)
class ProblemNews:
    """`render` makes the letter that each of so many `maintainers` gets."""

    outbox: OutboxStore
    catalogue: Catalogue
    render: Callable[[News], bytes]
    maintainers: int

    def tell(self, now: datetime) -> bool:
        """Whether a letter was put into the queue; it is sent as all others are."""
        return self.outbox.tell_problems(now, lambda noted: self._write(noted, now), self.maintainers)

    def _write(self, noted: Sequence[Noted], now: datetime) -> Written | None:
        found = news(noted, self.catalogue, now)
        if found is None:
            return None
        body = self.render(found)
        return Written(found, hashlib.sha256(body).hexdigest(), body)
