"""What a measured program comes to: figures beside their targets, and lines to plot.

A program is a module under `bench/` with `measure(options) -> Chapter`. It may take arguments of its own,
`arguments(parser)`, and answer in lines of JSON of its own, `answer(options) -> Iterable[Mapping] | None`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

OURS, FLOOR = "ours", "floor"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. Those of one name stand in one row of the table, a column for each `of`."""

    name: str  # "a page that did not change"
    value: float
    unit: str = ""  # "ms", "MB", "pages/s"; "" for a ratio or a count
    of: str = OURS  # or the peer it was measured of, or the floor: "urlwatch", "bare httpx"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        over = self.at_most is not None and self.value > self.at_most
        return not over and (self.at_least is None or self.value >= self.at_least)

    @property
    def target(self) -> str:
        """For people; empty where there is none."""
        bounds = (("≤", self.at_most), ("≥", self.at_least))
        given = (f"{sign} {bound:,.10g} {self.unit}".rstrip() for sign, bound in bounds if bound is not None)
        return " and ".join(given)


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a plot."""

    label: str
    points: tuple[tuple[float, float], ...]  # x rising


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of the chapter; logarithmic axes show positive values only."""

    title: str
    x: str  # what the axis shows, with its unit
    y: str
    series: tuple[Series, ...]
    log_x: bool = False
    log_y: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one program measured; `how` says in a few sentences what was done, with which sizes and peers."""

    title: str
    how: str
    figures: tuple[Figure, ...]
    plots: tuple[Plot, ...] = ()


def shown(value: float, unit: str = "") -> str:
    """Three digits that count, thousands apart."""
    rounded = float(f"{value:.3g}")
    if rounded == 0 or abs(rounded) >= 100:
        text = f"{value:,.0f}"
    elif rounded == round(rounded) and rounded == value:
        text = f"{value:.0f}"
    else:
        text = f"{rounded:.{2 - math.floor(math.log10(abs(rounded)))}f}"
    return f"{text} {unit}" if unit else text


def as_text(chapter: Chapter) -> str:
    rows = list(_rows(chapter.figures))
    name = max((len(row[0]) for row in rows), default=0)
    widths = [max(len(row[n]) for row in rows) for n in range(1, len(rows[0]))] if rows else []
    lines = [f"== {chapter.title}", chapter.how]
    for first, *cells in rows:
        told = "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        lines.append(f"  {first:<{name}}  {told}".rstrip())
    return "\n".join(lines)


def as_markdown(chapter: Chapter) -> str:
    """The table alone."""
    head, *rows = _rows(chapter.figures)
    rule = ["---", *("--:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def as_json(program: str, chapter: Chapter) -> Iterator[str]:
    """One object a figure."""
    for figure in chapter.figures:
        fields = {"name": figure.name, "of": figure.of, "value": figure.value, "unit": figure.unit}
        bounds = {"at_most": figure.at_most, "at_least": figure.at_least, "met": figure.met}
        yield json.dumps({"program": program, **fields, **bounds}, ensure_ascii=False)


def _rows(figures: Iterable[Figure]) -> Iterator[tuple[str, ...]]:
    """A heading, then a row for each name: what each of them came to, the target, and whether it was met."""
    by_name: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        by_name.setdefault(figure.name, {})[figure.of] = figure
    columns = list(dict.fromkeys(of for row in by_name.values() for of in row))
    yield ("figure", *columns, "target", "met")
    for name, row in by_name.items():
        cells = (shown(row[of].value, row[of].unit) if of in row else "" for of in columns)
        held = next((figure for figure in row.values() if figure.met is not None), None)
        verdict = ("", "") if held is None else (held.target, "yes" if held.met else "**no**")
        yield (name, *cells, *verdict)
