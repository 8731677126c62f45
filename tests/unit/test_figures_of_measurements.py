"""How measurements are told: tables beside their targets, pictures, and a page whose chapters are made one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bench.figures import Chapter, Figure, Plot, Series, as_json, as_markdown, as_text, shown
from bench.page import renewed, told
from bench.plot import described, drawn

SVG = "{http://www.w3.org/2000/svg}"
PLOT = Plot(
    "Cost of a poll",
    "pages",
    "ms a page",
    (
        Series("ours", ((0, 0.5), (100, 1.2), (10_000, 1.3), (1_000_000, 0))),
        Series("others <all>", ((100, 4.25), (10_000, 9))),
    ),
    log_x=True,
)
CHAPTER = Chapter(
    "What a poll costs",
    "Three sizes.",
    (
        Figure("a page", 1.234, "ms", at_most=2),
        Figure("a page", 0.5, "ms", of="bare httpx"),
        Figure("pages", 12345.6, "/s", at_least=20_000),
        Figure("share", 0.5),
    ),
    (PLOT,),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1.0, "1"),
        (0.00012345, "0.000123"),
        (12.345, "12.3"),
        (99.96, "100"),
        (1234567.8, "1,234,568"),
    ],
)
def test_a_number_is_told_with_the_digits_that_count(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_target_is_met_at_its_bound() -> None:
    one = Figure("share", 0.5, at_most=0.5, at_least=0.5)

    assert one.met is True
    assert one.target == "≤ 0.5 and ≥ 0.5"
    assert replace(one, value=0.51).met is False
    assert replace(one, value=0.49).met is False
    assert Figure("share", 0.5).met is None


def test_figures_of_one_name_stand_in_one_row_with_the_target() -> None:
    assert as_markdown(CHAPTER).splitlines() == [
        "| figure | ours | bare httpx | target | met |",
        "| --- | --: | --: | --: | --: |",
        "| a page | 1.23 ms | 0.500 ms | ≤ 2 ms | yes |",
        "| pages | 12,346 /s |  | ≥ 20,000 /s | **no** |",
        "| share | 0.500 |  |  |  |",
    ]
    assert "**no**" in as_text(CHAPTER)


def test_programs_read_one_object_a_figure() -> None:
    first, *_, last = map(json.loads, as_json("polling", CHAPTER))

    assert first == {
        "program": "polling",
        "name": "a page",
        "of": "ours",
        "value": 1.234,
        "unit": "ms",
        "at_most": 2,
        "at_least": None,
        "met": True,
    }
    assert last["met"] is None


def test_a_picture_has_its_lines_and_says_in_words_what_it_shows() -> None:
    drawing = ElementTree.fromstring(drawn(PLOT))  # noqa: S314
    lines = [
        path
        for path in drawing.iter(f"{SVG}path")
        if "M" in path.get("d", "") and path.get("class") != "axis"
    ]
    texts = [text.text for text in drawing.iter(f"{SVG}text")]

    assert len(lines) == 2 * len(PLOT.series)  # and a piece of each beside its name
    assert {"ours", "others <all>", "10⁴", "Cost of a poll"} <= set(texts)
    assert drawing.findtext(f"{SVG}title") == PLOT.title
    assert drawing.findtext(f"{SVG}desc") == described(PLOT)
    assert "others <all> from 4.25 at 100 to 9 at 10,000" in described(PLOT)


@pytest.mark.parametrize("values", [(3.0, 3.0), (0.0, 0.0), (1e-6, 2e-6), (5.0, 1e9), (-2.0, 7.0)])
@pytest.mark.parametrize("log", [True, False])
def test_every_point_lies_within_the_picture(values: tuple[float, float], *, log: bool) -> None:
    plot = Plot("t", "x", "y", (Series("one", ((1.0, values[0]), (7.0, values[1]))),), log_y=log)
    drawing = ElementTree.fromstring(drawn(plot))  # noqa: S314
    for dot in drawing.iter(f"{SVG}circle"):
        assert 0 <= float(dot.get("cx", "")) <= 720
        assert 0 <= float(dot.get("cy", "")) <= 400


def test_one_chapter_is_made_anew_and_the_others_stay() -> None:
    order = ("reading", "polling", "pages")
    page = ""
    for name in ("polling", "pages", "reading"):
        page = renewed(page, name, told(name, replace(CHAPTER, title=name), "made on Monday"), order)
    again = renewed(
        page, "polling", told("polling", replace(CHAPTER, title="polls"), "made on Tuesday"), order
    )

    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## reading",
        "## polling",
        "## pages",
    ]
    assert [line for line in again.splitlines() if line.startswith("## ")] == [
        "## reading",
        "## polls",
        "## pages",
    ]
    assert (again.count("*made on Monday*"), again.count("*made on Tuesday*")) == (2, 1)
    assert again.count("](performance/polling-1.svg)") == 1
    assert renewed(again, "pages", told("pages", CHAPTER, "now"), ("pages",)).count("\n## ") == 1
