"""The weeks that a replica can live through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from watcher.replica.baseline import baseline
from watcher.replica.model import State
from watcher.replica.sites import GUIDES, Site
from watcher.replica.week.script import SCRIPT, Step
from watcher.replica.week.silent.monday import LEGACY_GUIDES, SERVICES, silent_monday
from watcher.replica.week.silent.script import SILENT


@dataclass(frozen=True, slots=True)
class Week:
    """A script, what each site shows before it, and the codes whose foreigners page is watched. `codes`: the
    préfectures that take part, where not all do.
    """

    script: tuple[Step, ...]
    monday: Callable[[Site, int], State]
    guides: frozenset[str]
    services: bool = False  # whether procedures and bookings are watched
    codes: tuple[str, ...] | None = None


_WATCHED = frozenset(GUIDES) | LEGACY_GUIDES
WEEKS = {
    "news": Week(SCRIPT, baseline, frozenset(GUIDES)),
    "silent": Week(
        SILENT, silent_monday, _WATCHED, services=True, codes=tuple(sorted(_WATCHED | set(SERVICES)))
    ),
}
