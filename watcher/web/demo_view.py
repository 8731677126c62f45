"""What the demonstration's page shows besides the alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """Something that the script made happen on the copies of the préfectures' sites."""

    at: datetime
    text: str  # one French line


class DemoView(Protocol):
    """A scripted week while it is played."""

    @property
    def silent(self) -> bool:
        """Whether nothing is announced in it: only links, addresses, procedures and bookings change."""

    @property
    def step(self) -> int:
        """Steps played so far, 0 to `steps`."""

    @property
    def steps(self) -> int: ...

    @property
    def time(self) -> datetime:
        """The simulated time."""

    @property
    def events(self) -> Sequence[DemoEvent]:
        """What has happened so far, oldest first."""
