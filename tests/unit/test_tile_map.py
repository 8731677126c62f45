"""France in tiles: everybody has a place, neighbours are near, and silence is told from ignorance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import PREFECTURES, SEEN, catalogue
from watcher.core.catalogue import Catalogue, Prefecture
from watcher.core.coverage import coverage
from watcher.core.page import Outcome
from watcher.core.state import SourceState
from watcher.core.tilemap import POSITIONS, STEPS, TILE, Reading, TileMap, legend, step, tile_map
from watcher.sources import load_lenient

SHIPPED = Path(__file__).resolve().parents[2] / "sources.yaml"
BORDERS = (
    "29-22 29-56 22-35 22-56 56-35 56-44 44-35 44-49 44-85 50-14 50-35 35-53 53-72 53-61 61-14 61-72 27-76 27-78 "
    "62-59 62-80 80-60 60-95 60-02 02-08 02-51 08-51 08-55 55-54 54-57 54-88 57-67 67-68 88-70 88-68 52-88 52-10 "
    "10-89 89-58 89-21 21-52 21-70 21-71 70-90 90-25 25-39 39-01 71-58 71-39 01-74 01-69 01-38 74-73 38-73 69-42 "
    "42-63 42-43 63-03 63-15 63-43 03-18 18-45 18-58 36-41 36-23 36-87 86-79 86-87 16-17 16-87 24-33 24-16 24-19 "
    "87-19 19-15 15-43 43-07 43-48 07-26 26-05 26-84 04-05 04-06 04-83 84-13 13-83 30-34 30-84 30-13 48-12 48-30 "
    "12-46 12-81 46-47 46-82 47-82 47-40 33-40 33-47 40-64 40-32 64-65 65-32 65-31 31-09 31-82 31-11 11-66 11-34 "
    "81-34 81-82 2A-2B 75-92 75-93 75-94 75-95 92-78 93-95 94-77 91-77 91-78 91-45 77-89 78-28 28-41 28-72"
)


def told(counts: Mapping[str, int] | None = None, **ages: timedelta | None) -> TileMap:
    """The four préfectures of the fakes; `ages` says how old the last reading of a page is."""
    shown = catalogue()
    states = {}
    for name in shown.sources:
        age = ages.get(f"s{name.replace('-', '_')}", timedelta(minutes=5))
        read = None if age is None else SEEN - age
        states[name] = SourceState(name, SEEN, Outcome.UNCHANGED, SEEN, read)
    return tile_map(coverage(shown, states, (), SEEN), counts or {})


def test_every_prefecture_that_is_shipped_has_a_tile_of_its_own() -> None:
    shown = load_lenient(SHIPPED)[0]
    france = tile_map(coverage(shown, {}, (), SEEN), {})

    assert {tile.code for tile in france.tiles} == set(shown.prefectures)
    assert len({(tile.x, tile.y) for tile in france.tiles}) == len(shown.prefectures)
    assert france.ghosts == ()
    assert all(
        0 <= tile.x <= france.width - TILE and 0 <= tile.y <= france.height - TILE for tile in france.tiles
    )


def test_all_96_departements_of_europe_are_placed() -> None:
    numbers = {f"{n:02}" for n in range(1, 96)} - {"20"}
    assert set(POSITIONS) == numbers | {"2A", "2B"}


def test_neighbours_stay_neighbours() -> None:
    """Squares cannot keep every border: nine in ten, and nobody is sent far away."""
    distances = [_distance(*border.split("-")) for border in BORDERS.split()]
    assert sum(distance == 1 for distance in distances) >= 0.9 * len(distances)
    assert max(distances) <= 3


def test_the_ends_of_the_country_are_where_one_looks_for_them() -> None:
    rows = {code: row for code, (row, _) in POSITIONS.items()}
    columns = {code: column for code, (_, column) in POSITIONS.items()}
    assert min(columns, key=columns.__getitem__) == "29"
    assert columns["67"] == columns["68"] == max(columns.values())
    assert rows["59"] == rows["62"] == min(rows.values())
    assert columns["2A"] == columns["2B"] == max(columns.values())
    assert rows["2A"] == rows["2B"] + 1 == max(rows.values())


def test_ile_de_france_is_one_block_that_nobody_else_enters() -> None:
    shown = told()
    x, y, side = shown.capital
    inside = {
        code
        for code, (row, column) in POSITIONS.items()
        if y // 46 <= row < y // 46 + 3 and x // 46 <= column < x // 46 + 3
    }
    assert inside == {"75", "77", "78", "91", "92", "93", "94", "95"}
    assert side == 3 * 46 - 4


@given(st.integers(min_value=0), st.integers(min_value=0))
def test_more_changes_never_make_a_lighter_tile(one: int, other: int) -> None:
    assert (step(one) <= step(other)) == (one <= other) or step(one) == step(other)


def test_the_legend_names_each_count_once() -> None:
    said = list(legend())
    assert [number for number, _, _ in said] == [0, 1, 2, 3, 4]
    assert said[-1][1:] == (5, None)
    for number, least, most in said:
        assert {step(count) for count in range(least, (least + 50 if most is None else most) + 1)} == {number}
    assert len(STEPS) == 5


def test_tiles_come_as_one_reads_and_names_in_the_order_of_the_alphabet() -> None:
    shown = told()
    assert [tile.code for tile in shown.tiles] == ["69", "15", "2A", "974"]
    assert [tile.name for tile in shown.by_name] == ["Cantal", "Corse-du-Sud", "La Réunion", "Rhône"]
    eastern = Prefecture("05", "Étoile", "https://x.example")
    more = Catalogue({}, {**PREFECTURES, "05": eastern}, {})
    assert [tile.code for tile in tile_map(coverage(more, {}, (), SEEN), {}).by_name] == [
        "15",
        "2A",
        "05",
        "974",
        "69",
    ]


def test_what_is_counted_is_what_the_map_shows() -> None:
    shown = told({"15": 2, "69": 7, "404": 9})
    assert {tile.code: (tile.count, tile.step) for tile in shown.tiles} == {
        "15": (2, 2),
        "69": (7, 4),
        "2A": (0, 0),
        "974": (0, 0),
    }
    assert (shown.total, shown.busy) == (9, 2)
    assert [tile.code for tile in shown.busiest] == ["69", "15"]


def test_a_prefecture_that_is_not_read_is_not_calm() -> None:
    old = timedelta(days=3)
    shown = told(s15_actualites=old, s69_actualites=None, s69_sejour=old)
    assert {tile.code: tile.reading for tile in shown.tiles} == {
        "15": Reading.PARTIAL,
        "2A": Reading.CURRENT,
        "69": Reading.UNREAD,
        "974": Reading.UNWATCHED,
    }
    assert shown.blind == 2


def test_departements_that_are_not_followed_leave_their_outline() -> None:
    shown = told()
    assert len(shown.ghosts) == 93 + 9
    assert not {(tile.x, tile.y) for tile in shown.tiles} & set(shown.ghosts)


def test_a_territory_that_nobody_drew_finds_a_place_overseas() -> None:
    new = {code: replace(PREFECTURES["974"], code=code) for code in ("977", "989", "990", "991")}
    shown = tile_map(coverage(Catalogue({}, new, {}), {}, (), SEEN), {})
    spots = {tile.code: (tile.x, tile.y) for tile in shown.tiles}
    assert len(set(spots.values())) == 4
    assert all(y > shown.overseas_y for _, y in spots.values())
    assert shown.height == max(y for _, y in spots.values()) + TILE


def _distance(one: str, other: str) -> int:
    """In steps of a chess king."""
    (row, column), (other_row, other_column) = POSITIONS[one], POSITIONS[other]
    return max(abs(row - other_row), abs(column - other_column))
