"""The shared server's patience: one counter per client address over all of its hosts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

WINDOW = 60.0
"""Seconds over which requests are counted."""
ALLOWED = 18
"""Requests within a window; one each 5 s makes 13 at most, one each 2 s makes 31."""
AT_ONCE = 8
"""Requests answered at the same time."""
PAUSE = 300.0
"""Seconds during which a client that went too fast is refused."""

BODY = b"<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>\n".ljust(118)
"""118 bytes, which is all that the real one says."""


class Refusal(Enum):
    SAID = "503"
    SLAMMED = "reset"


@dataclass(slots=True)
class _Client:
    seen: deque[float] = field(default_factory=deque)
    under_way: int = 0
    shut_until: float = float("-inf")
    refused: int = 0


class Limiter:
    """Counts a platform's requests per client; every third refusal is a reset of the connection."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._clients: dict[str, _Client] = {}

    def enter(self, address: str) -> Refusal | None:
        """A request arrives. `leave` must follow it, refused or not."""
        client = self._clients.setdefault(address, _Client())
        now = self._clock()
        client.under_way += 1
        client.seen.append(now)
        while client.seen[0] <= now - WINDOW:
            client.seen.popleft()
        if len(client.seen) > ALLOWED or client.under_way > AT_ONCE:
            client.shut_until = now + PAUSE
        if now >= client.shut_until:
            return None
        client.refused += 1
        return Refusal.SAID if client.refused % 3 else Refusal.SLAMMED

    def leave(self, address: str) -> None:
        """Its answer is sent."""
        self._clients[address].under_way -= 1
