"""The report on reliability is renewed chapter by chapter."""

from __future__ import annotations

from prove.report import Chapter, Figure, as_markdown, renewed

_ORDER = ("first", "second", "third")


def _chapter(title: str, value: str, *, kept: bool = True) -> str:
    return as_markdown(Chapter(title, "How.", (Figure("lost", value, "0", kept),)), "The short form.")


def test_a_chapter_made_anew_takes_its_place_and_the_others_stay() -> None:
    report = renewed("# Head\n", {"third": _chapter("C", "0"), "first": _chapter("A", "0")}, _ORDER)
    again = renewed(report, {"second": _chapter("B", "0"), "first": _chapter("A", "7", kept=False)}, _ORDER)
    assert [line for line in again.splitlines() if line.startswith("#")] == ["# Head", "## A", "## B", "## C"]
    assert "| lost | 7 | 0 | **no** |" in again
    assert again.count("| lost |") == 3


def test_nothing_changes_where_nothing_is_made() -> None:
    report = renewed("# Head\n", {name: _chapter(name, "0") for name in _ORDER}, _ORDER)
    assert renewed(report, {}, _ORDER) == report
