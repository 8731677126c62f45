"""Days as préfectures write them are read as they are meant or not at all; what only looks like one is none."""

from __future__ import annotations

from collections import Counter

import pytest

from prove.calendar.dates import Outcome, Written, read_of, written

WRITTEN = written()


@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: f"{one.text!a}-{one.published}")
def test_no_date_is_read_wrongly(one: Written) -> None:
    assert read_of(one) is not Outcome.WRONG


def test_most_dates_are_read() -> None:
    outcomes = Counter(read_of(one) for one in WRITTEN if one.meant)

    assert outcomes[Outcome.READ] >= 0.7 * outcomes.total()


def test_many_are_asked_for_of_which_many_are_traps() -> None:
    assert len(WRITTEN) >= 200
    assert sum(not one.meant for one in WRITTEN) >= 80


@pytest.mark.parametrize("meant", ["2025-10-02", "2026-10-01", "2025-11", "2024", "2025-10-02/2025-10-15"])
def test_a_date_that_nobody_meant_is_wrong(meant: str) -> None:
    assert read_of(Written("le 1er octobre 2025", None, (meant,))) is Outcome.WRONG
