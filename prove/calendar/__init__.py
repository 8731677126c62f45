"""Time: days on which clocks change, clocks that are wrong, and a month of work in a few minutes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from prove.calendar.dates import dates
from prove.calendar.days import digests
from prove.calendar.leases import leases, leases_elsewhere
from prove.calendar.machine import machine
from prove.calendar.soak import soak
from prove.folders import quick_folder
from prove.report import Chapter, Figure

_HOW = (
    "Subscribers in five time zones, told at once, daily or weekly, through both changes of the clock, a leap day, "
    "week 53, a suspended machine and clocks that are wrong for two hours; two workers on one database when the "
    "clock jumps; then all watched pages polled for days of simulated time, with faults, news and mail. "
    "Dates as they stand on pages are read like those of announcements and of cards."
)


def prove(*, long: bool, seed: int) -> Chapter:
    figures: list[Figure] = []
    parts: list[Callable[[Path], list[Figure]]] = [
        dates,
        digests,
        leases,
        lambda folder: soak(folder, 30 if long else 1, seed),
        *([leases_elsewhere, machine] if long else []),
    ]
    for part in parts:
        with tempfile.TemporaryDirectory(dir=quick_folder(), prefix="vigie-prove") as name:
            figures += part(Path(name))
    return Chapter("Time", _HOW, tuple(figures))
