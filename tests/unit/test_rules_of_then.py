"""Rules as they were held on a day of the past."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.filing import rule
from watcher.core.foresight import unforeseen

THEN = date(2025, 9, 7)


def test_what_began_later_is_not_known_yet_and_what_ended_then_has_no_end() -> None:
    former = rule("hors_anef", "ferme", valid_to="2025-10-01")
    latter = rule("hors_anef", "rdv_en_ligne", valid_from="2025-10-01")

    (held,) = unforeseen([former, latter], THEN)

    assert (held.channel, held.valid_to) == ("ferme", None)


@pytest.mark.parametrize("begins", [None, "2024", "2025-09", "2025-09-07"])
def test_what_holds_on_that_day_or_held_before_it_stays_as_it_is(begins: str | None) -> None:
    rules = (rule("salarie", "courrier", valid_from=begins), rule("visiteur", "anef", valid_to="2025-09-07"))

    assert unforeseen(rules, THEN) == rules
