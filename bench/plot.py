"""Lines on plain or logarithmic axes as an SVG that stands alone: readable in light and dark, told in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from bench.figures import Plot, Series, shown

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 200, 44, 52  # the names of the lines stand at the right
STYLE = """\
text{font:13px system-ui,sans-serif;fill:#222}.title{font-weight:600;font-size:15px}.axis{stroke:#666;fill:none}
.grid{stroke:#ddd}path{fill:none;stroke-width:2}.c0{stroke:#0b57d0;fill:#0b57d0}.c1{stroke:#b3261e;fill:#b3261e}
.c2{stroke:#146c2e;fill:#146c2e}.c3{stroke:#8a5000;fill:#8a5000}.c4{stroke:#6b3fa0;fill:#6b3fa0}
.c5{stroke:#00696f;fill:#00696f}path.line{fill:none}rect{fill:#fff}
@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.axis{stroke:#aaa}.grid{stroke:#3a3f45}rect{fill:#16191d}
.c0{stroke:#8ab4f8;fill:#8ab4f8}.c1{stroke:#f2b8b5;fill:#f2b8b5}.c2{stroke:#81c995;fill:#81c995}
.c3{stroke:#fcc77d;fill:#fcc77d}.c4{stroke:#cfb6f7;fill:#cfb6f7}.c5{stroke:#70d7de;fill:#70d7de}}"""
DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 4", "4 4")  # told apart without colours too


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to points of the picture; `start` may lie beyond `end` (upwards)."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    def __call__(self, value: float) -> float:
        low, high, at = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        return self.start + (at - low) / (high - low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        if self.log:
            first, last = round(math.log10(self.low)), round(math.log10(self.high))
            return [10.0**power for power in range(first, last + 1, max(1, (last - first) // 6))]
        step = _step((self.high - self.low) / 5)
        return [step * n for n in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def drawn(plot: Plot) -> str:
    """The picture. Values that a logarithmic axis cannot show are left out."""
    series = [Series(one.label, tuple(p for p in one.points if _fits(plot, p))) for one in plot.series]
    points = [point for one in series for point in one.points] or [(1.0, 1.0)]
    x = _axis([p[0] for p in points], LEFT, WIDTH - RIGHT, log=plot.log_x, zero=False)
    y = _axis([p[1] for p in points], HEIGHT - BOTTOM, TOP, log=plot.log_y, zero=True)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="t d"><title id="t">{escape(plot.title)}</title>'
        f'<desc id="d">{escape(described(plot))}</desc><style>{STYLE}</style>'
        f'<rect width="{WIDTH}" height="{HEIGHT}"/><text class="title" x="{LEFT}" y="24">{escape(plot.title)}</text>'
    )
    return "\n".join([head, *_axes(plot, x, y), *_lines(series, x, y), "</svg>", ""])


def described(plot: Plot) -> str:
    """The plot in words: each line with its ends."""
    ends = (
        f"{one.label} from {shown(one.points[0][1])} at {shown(one.points[0][0])} "
        f"to {shown(one.points[-1][1])} at {shown(one.points[-1][0])}"
        for one in plot.series
        if one.points
    )
    return f"{plot.title}: {plot.y} by {plot.x}; {'; '.join(ends)}."


def _fits(plot: Plot, point: tuple[float, float]) -> bool:
    return not (plot.log_x and point[0] <= 0) and not (plot.log_y and point[1] <= 0)


def _axis(values: list[float], start: float, end: float, *, log: bool, zero: bool) -> Axis:
    if log:
        first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return Axis(10.0**first, 10.0 ** max(last, first + 1), start, end, log=True)
    low = min(0.0, *values) if zero else min(values)
    step = _step((max(values) - low or 1) / 5)
    return Axis(low, low + step * math.ceil((max(values) - low or 1) / step), start, end, log=False)


def _step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= rough * 0.999)


def _axes(plot: Plot, x: Axis, y: Axis) -> Iterator[str]:
    for tick in y.ticks:
        at = y(tick)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_short(tick)}</text>'
    for tick in x.ticks:
        yield f'<text x="{x(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_short(tick)}</text>'
    yield f'<path class="axis" d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{escape(plot.x)}</text>'
    middle = (TOP + HEIGHT - BOTTOM) / 2
    turned = f'transform="rotate(-90 16 {middle})"'
    yield f'<text x="16" y="{middle}" text-anchor="middle" {turned}>{escape(plot.y)}</text>'


def _lines(series: list[Series], x: Axis, y: Axis) -> Iterator[str]:
    for number, one in enumerate(series):
        if not one.points:
            continue
        colour, dashes = f"c{number % 6}", DASHES[number % 6]
        way = "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in one.points)
        yield f'<path class="{colour} line" stroke-dasharray="{dashes}" d="M{way}"/>'
        if len(one.points) <= 20:
            dots = (
                f'<circle class="{colour}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="3"/>' for a, b in one.points
            )
            yield "".join(dots)
        at = TOP + 12 + number * 22
        left = WIDTH - RIGHT + 16
        yield f'<path class="{colour} line" stroke-dasharray="{dashes}" d="M{left} {at - 4}h28"/>'
        yield f'<text x="{left + 36}" y="{at}">{escape(one.label)}</text>'


def _short(value: float) -> str:
    """A tick: 10,000,000 as 10⁷."""
    power = round(math.log10(value)) if value > 0 else 0
    if abs(power) >= 4 and math.isclose(value, 10.0**power):
        return f"10{str(power).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    return f"{value:,.6g}"
