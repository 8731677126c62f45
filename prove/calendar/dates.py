"""Days as préfectures write them, and what only looks like one: what is read must be what is meant, or nothing."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from prove.report import Figure
from watcher.core.text import clean_block, find_day, parse_day
from watcher.reading.dates import Published, find_dates
from watcher.reading.normalise import clean, fold

_WRITTEN = Path(__file__).resolve().parents[2] / "tests" / "dates" / "written.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """`meant`: days, months, years, spans ``2025-10-01/2025-10-15``, as far as a person can tell; empty for no date."""

    text: str
    published: str | None
    meant: tuple[str, ...]


class Outcome(StrEnum):
    READ = "read"
    PART = "part"  # one of several, one end of a span, its month or year alone
    NOTHING = "nothing"
    WRONG = "wrong"


def written() -> list[Written]:
    lines = _WRITTEN.read_text(encoding="utf-8").splitlines()
    return [Written(one["text"], one.get("published"), tuple(one["meant"])) for one in map(json.loads, lines)]


def dates(_folder: Path) -> list[Figure]:
    asked = written()
    came_to = {one: read_of(one) for one in asked}
    counts = Counter(came_to.values())
    wrong = [one.text for one, outcome in came_to.items() if outcome is Outcome.WRONG]
    none = sum(not one.meant for one in asked)
    return [
        Figure(f"{len(asked)} dates as préfectures write them, {none} of them none: read wrongly",
               f"{len(wrong)} {wrong[:2] or ''}".strip(), "0", kept=not wrong),
        Figure("… read as they are meant, in part, not at all",
               f"{counts[Outcome.READ]}, {counts[Outcome.PART]}, {counts[Outcome.NOTHING]}", ""),
    ]  # fmt: skip


def read_of(one: Written) -> Outcome:
    """The worst that becomes of it: as an announcement and as the date of a card, as it came and tidied."""
    announced = [_announced(one, text) for text in (one.text, clean_block(one.text))]
    cards = [str(day) for day in (parse_day(one.text), find_day(one.text)) if day]
    if any(not _is_meant(value, one.meant) for value in (*cards, *announced[0], *announced[1])):
        return Outcome.WRONG
    outcomes = {_outcome(values, one.meant) for values in announced}
    return next(outcome for outcome in (Outcome.NOTHING, Outcome.PART, Outcome.READ) if outcome in outcomes)


def _announced(one: Written, text: str) -> list[str]:
    found = find_dates(fold(clean(text)), Published(one.published))
    return [f"{date.first}/{date.last}" if date.last else date.first for date in found if date.first]


def _outcome(values: list[str], meant: tuple[str, ...]) -> Outcome:
    ends = [end for value in meant for end in value.split("/")]
    if sorted(values) in (sorted(meant), sorted(ends)):
        return Outcome.READ
    return Outcome.PART if values else Outcome.NOTHING


def _is_meant(value: str, meant: tuple[str, ...]) -> bool:
    return value in meant or any(end.startswith(value) for one in meant for end in one.split("/"))
