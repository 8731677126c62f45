"""When each of several workers last got on with its work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(slots=True)
class Beats:
    """Seconds of this process's own time: no clock that is set touches them. Threads may share it."""

    time: Callable[[], float] = monotonic
    _last: dict[str, float] = field(default_factory=dict)
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.time()

    def beat(self, name: str) -> None:
        self._last[name] = self.time()

    def age(self, name: str) -> float:
        """Since it last did; since the beginning, of one that never did."""
        return self.time() - self._last.get(name, self._begun)
