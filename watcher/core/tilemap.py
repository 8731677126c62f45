"""France as a map of tiles: one square per préfecture, its step by what changed there.

The arrangement is our own: each row and column was chosen so that neighbours stay neighbours as far as
squares allow. Île-de-France takes nine squares, far more than its ground, because eight préfectures share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.core.coverage import Coverage, PrefectureCoverage
from watcher.core.text import fold

PERIOD = timedelta(days=30)
STEPS = (0, 1, 2, 3, 5)  # the least number of alerts of each step, lightest first
TILE, PITCH = 42, 46  # side of a tile, distance from one to the next; SVG units

_FRANCE = """\
..  ..  ..  ..  ..  ..  62  59  ..  ..  ..  ..
..  ..  ..  ..  ..  76  80  02  08  ..  ..  ..
..  ..  ..  50  14  27  60  51  55  54  57  67
29  22  35  53  61  ..  95  93  10  52  88  68
..  56  44  72  28  92  75  94  89  21  70  90
..  ..  85  49  37  78  91  77  58  71  39  25
..  ..  ..  79  86  41  45  18  03  69  01  74
..  ..  ..  17  16  36  23  63  42  38  73  ..
..  ..  ..  33  24  87  19  15  43  07  26  05
..  ..  ..  40  47  46  12  48  30  84  04  06
..  ..  ..  64  32  82  81  34  ..  13  83  ..
..  ..  ..  ..  65  31  11  ..  ..  ..  ..  2B
..  ..  ..  ..  ..  09  66  ..  ..  ..  ..  2A
"""
_OVERSEAS = ("971", "972", "973", "974", "975", "976", "978", "986", "987", "988")
_ROWS = [line.split() for line in _FRANCE.splitlines()]
COLUMNS = len(_ROWS[0])
POSITIONS: Mapping[str, tuple[int, int]] = {
    code: (row, column) for row, line in enumerate(_ROWS) for column, code in enumerate(line) if code != ".."
}
"""Row and column of each European département, from the north-west."""

ILE_DE_FRANCE = (3, 5, 3)  # row and column of its north-western corner, tiles on a side
_GAP = 30  # above the overseas row, for its heading


class Reading(StrEnum):
    """How far what is said of a préfecture can be relied upon."""

    CURRENT = "current"
    PARTIAL = "partial"  # one of its pages at least is read, another is not
    UNREAD = "unread"
    UNWATCHED = "unwatched"  # no page of it is watched

    @property
    def blind(self) -> bool:
        return self in {Reading.UNREAD, Reading.UNWATCHED}


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    name: str
    x: int  # of its north-western corner
    y: int
    count: int  # alerts of the last `PERIOD`
    step: int  # 0..4
    reading: Reading
    last_read_at: datetime | None


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: tuple[Tile, ...]  # row after row, as one reads
    ghosts: tuple[tuple[int, int], ...]  # where départements would stand that are not followed here
    height: int

    @property
    def by_name(self) -> list[Tile]:
        return sorted(self.tiles, key=lambda tile: (fold(tile.name), tile.code))

    @property
    def busiest(self) -> list[Tile]:
        """The five préfectures with most alerts, fewer when fewer had any."""
        return sorted((t for t in self.by_name if t.count), key=lambda tile: -tile.count)[:5]

    @property
    def total(self) -> int:
        return sum(tile.count for tile in self.tiles)

    @property
    def busy(self) -> int:
        """How many préfectures had something new."""
        return sum(tile.count > 0 for tile in self.tiles)

    @property
    def blind(self) -> int:
        return sum(tile.reading.blind for tile in self.tiles)

    @property
    def width(self) -> int:
        return _span(COLUMNS)

    @property
    def overseas_y(self) -> int:
        """Of the overseas heading."""
        return _span(len(_ROWS)) + _GAP - 6

    @property
    def capital(self) -> tuple[int, int, int]:
        """x, y and side of the block of Île-de-France."""
        row, column, tiles = ILE_DE_FRANCE
        return column * PITCH, row * PITCH, _span(tiles)


def tile_map(coverage: Coverage, counts: Mapping[str, int]) -> TileMap:
    """The map of every followed préfecture; `counts` has the alerts of the last `PERIOD` by code."""
    followed = {one.prefecture.code: one for one in coverage.prefectures}
    spots = {code: (column * PITCH, row * PITCH) for code, (row, column) in POSITIONS.items()}
    spots |= _overseas(followed)
    tiles = [_tile(one, spots[code], counts.get(code, 0)) for code, one in followed.items()]
    tiles.sort(key=lambda tile: (tile.y, tile.x))
    ghosts = tuple(spot for code, spot in spots.items() if code not in followed)
    return TileMap(tuple(tiles), ghosts, max(y for _, y in spots.values()) + TILE)


def step(count: int) -> int:
    """0..4, by `STEPS`."""
    return max(number for number, least in enumerate(STEPS) if count >= least)


def legend() -> Iterator[tuple[int, int, int | None]]:
    """Each step with its least and greatest count; the last one has no greatest."""
    for number, least in enumerate(STEPS):
        yield number, least, STEPS[number + 1] - 1 if number + 1 < len(STEPS) else None


def _overseas(followed: Mapping[str, object]) -> dict[str, tuple[int, int]]:
    """Rows below the map, also for codes that nobody has drawn yet."""
    others = sorted(code for code in followed if code not in POSITIONS and code not in _OVERSEAS)
    top = _span(len(_ROWS)) + _GAP
    return {
        code: (place % COLUMNS * PITCH, top + place // COLUMNS * PITCH)
        for place, code in enumerate([*_OVERSEAS, *others])
    }


def _tile(one: PrefectureCoverage, spot: tuple[int, int], count: int) -> Tile:
    place = one.prefecture
    return Tile(place.code, place.name, *spot, count, step(count), _reading(one), one.last_read_at)


def _reading(one: PrefectureCoverage) -> Reading:
    if not one.sources:
        return Reading.UNWATCHED
    if one.stale == 0:
        return Reading.CURRENT
    return Reading.UNREAD if one.stale == len(one.sources) else Reading.PARTIAL


def _span(tiles: int) -> int:
    return tiles * PITCH - (PITCH - TILE)
