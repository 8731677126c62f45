"""What the tests of time in proportion can tell apart."""

from __future__ import annotations

from tests.proportion import in_proportion


def once(given: list[int]) -> None:
    for one in given:
        assert one >= 0


def each_with_each(given: list[int]) -> None:
    for _ in given:
        once(given)


def numbers(size: int) -> list[int]:
    return list(range(size))


def test_work_on_each_is_in_proportion_and_work_on_each_pair_is_not() -> None:
    assert in_proportion(once, numbers, 1_000_000)
    assert not in_proportion(each_with_each, numbers, 2_000)
