"""When what was published: read from a file, or made up by chance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from math import ceil, floor
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from watcher.core.office_hours import day_of_week

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
BOM = b"\xef\xbb\xbf"
LONGEST = 1_100  # days of a history: more is a slip of the pen, and would be played for hours
EXPECTED = 'il faut, par ligne, {"source": "01", "published": "2026-03-02T09:00:00Z"}'


@dataclass(frozen=True)
class History:
    """Publications of each source in hours since 1970, ascending, between two midnights of UTC."""

    sources: tuple[tuple[float, ...], ...]

    @property
    def start(self) -> float:
        return floor(min(chain.from_iterable(self.sources)) / 24) * 24.0

    @property
    def end(self) -> float:
        return ceil(max(chain.from_iterable(self.sources)) / 24 + 1e-9) * 24.0


def moment(hours: float) -> datetime:
    return EPOCH + timedelta(hours=hours)


def read(file: Path) -> History:
    """JSON Lines of `{"source", "published"}`; a source that publishes nothing has a line with null.

    A time is ISO 8601, of UTC where it names no zone, or seconds since 1970. Raises `ValueError`, for people,
    with the number of the line that is wrong.
    """
    sources: dict[str, list[float]] = {}
    for number, line in enumerate(file.read_bytes().removeprefix(BOM).splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            times = sources.setdefault(str(entry["source"]), [])
            if entry["published"] is not None:
                times.append(_hours(entry["published"]))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"{file}, ligne {number} : {EXPECTED}") from error
    if not any(sources.values()):
        raise ValueError(f"{file} : aucune publication ; {EXPECTED}")
    history = History(tuple(tuple(sorted(times)) for times in sources.values()))
    if history.end - history.start > 24 * LONGEST:
        raise ValueError(f"{file} : plus de {LONGEST} jours de la première publication à la dernière")
    return history


def _hours(written: str | float) -> float:
    if isinstance(written, int | float):
        return (moment(written / 3600) - EPOCH) / timedelta(hours=1)
    at = datetime.fromisoformat(written)
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - EPOCH) / timedelta(hours=1)


@dataclass(frozen=True)
class Kind:
    """How a history is made up. `rates` names a distribution of publications a week."""

    name: str
    rates: str = "pareto"
    edits: float = 0.3  # share of publications that 1 to 5 edits follow within hours
    offices: bool = True  # nothing comes at night, little at weekends, less in August
    overseas: float = 0.05
    outages: bool = True  # days on which nobody publishes
    sources: int = 50
    weeks: int = 8
    start: datetime = datetime(2025, 6, 2, tzinfo=UTC)


KINDS = (
    Kind("few publish most"),
    Kind("lognormal rates", rates="lognormal"),
    Kind("all alike", rates="equal"),
    Kind("a tenth publishes", rates="few"),
    Kind("no edits", edits=0.0),
    Kind("many edits", rates="lognormal", edits=0.8),
    Kind("half overseas", rates="lognormal", overseas=0.5),
    Kind("winter and holidays", start=datetime(2024, 12, 2, tzinfo=UTC)),
    Kind("three weeks", rates="lognormal", weeks=3),
    Kind("twelve sources", rates="lognormal", sources=12),
)
_ZONES = ("Indian/Reunion", "America/Guadeloupe", "Pacific/Noumea", "America/Cayenne", "Indian/Mayotte")
_WEEKEND, _AUGUST = 0.1, 0.4


def made_up(kind: Kind, seed: int) -> History:
    chance = np.random.default_rng(seed)
    rates = _rates(kind, chance)
    days = kind.weeks * 7
    silent = {int(d) + n for d in chance.integers(0, days, 2) for n in range(chance.integers(1, 4))}
    levels = [
        _level(kind, kind.start + timedelta(days=n)) * (n not in silent or not kind.outages)
        for n in range(days)
    ]
    return History(tuple(_source(kind, chance, rate / 7, levels) for rate in rates))


def _rates(kind: Kind, chance: np.random.Generator) -> Iterable[float]:
    number = kind.sources
    drawn = {
        "pareto": lambda: (chance.pareto(1.1, number) + 0.02) * 0.6,
        "lognormal": lambda: np.exp(chance.normal(0, 1.2, number)) * 1.5,
        "equal": lambda: np.full(number, 3.0),
        "few": lambda: np.where(chance.random(number) < 0.1, 20.0, 0.2),
    }[kind.rates]()
    drawn[chance.random(number) < 0.05] = 0.0
    drawn[0] = max(drawn[0], 3.0)
    return [float(one) for one in np.minimum(drawn, 60.0)]


def _level(kind: Kind, day: datetime) -> float:
    """Of the mean rate, on one day."""
    if not kind.offices:
        return 1.0
    level = 1.4 if day_of_week(day.date()) < 5 else _WEEKEND
    return level * (_AUGUST if day.month == 8 else 1.0)


def _source(
    kind: Kind, chance: np.random.Generator, rate: float, levels: Iterable[float]
) -> tuple[float, ...]:
    zone = ZoneInfo(_ZONES[chance.integers(len(_ZONES))]) if chance.random() < kind.overseas else PARIS
    times: list[float] = []
    for number, level in enumerate(levels):
        midnight = (kind.start + timedelta(days=number)).replace(tzinfo=zone)
        for _ in range(chance.poisson(rate * level)):
            at = (midnight - EPOCH) / timedelta(hours=1) + _hour(kind, chance)
            times.append(at)
            if chance.random() < kind.edits:
                times += (at + chance.exponential(1.5, chance.integers(1, 6))).tolist()
    return tuple(sorted(times))


def _hour(kind: Kind, chance: np.random.Generator) -> float:
    if not kind.offices:
        return float(chance.uniform(0, 24))
    if chance.random() < 0.5:
        return float(chance.uniform(8, 18))
    return float(np.clip(chance.normal(10 if chance.random() < 0.55 else 15, 1.7), 8, 18))
