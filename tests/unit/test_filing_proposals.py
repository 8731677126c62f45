"""What an alert suggests about the rules, and what accepting it makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import SENTENCE, alert, verdict
from tests.fakes.filing import rule
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.filing import LOCAL, Held, Rule, held
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, ProposalReason, newer, proposal, settled, site
from watcher.core.verdict import Certainty, Fact, PartialDate, Route

TODAY = date(2025, 9, 10)
AT = datetime(2025, 9, 11, 9, tzinfo=UTC)
NATIONAL = rule("salarie", LOCAL, territory="")


def announcing(**changes: Any) -> Alert:
    """The Cantal's announcement, its fact told as `changes` say."""
    values: dict[str, Any] = {
        "motifs": ("salarie",),
        "channel_after": "rdv_en_ligne",
        "effective_from": PartialDate("2025-10-01"),
        **changes,
    }
    return alert(verdict=verdict(facts=(Fact(SENTENCE, **values),), motifs=()))


def proposed(*rules: Rule, **changes: Any) -> Proposal:
    (made,) = proposal(announcing(**changes), RuleBook(rules), TODAY)
    return made


def test_a_fact_becomes_a_rule_with_its_sentence_as_evidence() -> None:
    made = proposed(NATIONAL)

    assert (made.before, made.reason) == (None, ProposalReason.NEW)
    after = made.after
    assert after.slot == ("15", "salarie", "", "")
    assert (after.channel, after.valid_from) == ("rdv_en_ligne", "2025-10-01")
    (piece,) = after.evidence
    assert (piece.alert, piece.sentence) == (made.alert, SENTENCE)


def test_another_channel_ends_the_former_rule_on_the_day_of_the_new_one() -> None:
    former = rule()

    made = proposed(former)
    ended, begun = settled(made, "Ada", AT)

    assert (made.before, made.reason) == (former, ProposalReason.CHANNEL)
    assert (ended.id, ended.valid_to) == (former.id, "2025-10-01")
    assert (begun.checked_by, begun.known_from) == ("Ada", AT)


def test_a_change_for_some_time_ends_nothing() -> None:
    made = proposed(rule(), effective_to=PartialDate("2025-12-31"))

    assert [one.valid_to for one in settled(made, "", AT)] == ["2026-01-01"]


def test_what_is_known_already_is_confirmed_with_one_more_piece_of_evidence() -> None:
    known = rule("hors_anef", "rdv_en_ligne", valid_from="2025-10-01")

    made = proposed(known, NATIONAL)

    assert (made.before, made.reason) == (known, ProposalReason.CONFIRMED)
    assert (made.after.id, made.after.checked_on) == (known.id, TODAY)
    assert [piece.alert for piece in made.after.evidence] == [made.alert, ""]


def test_a_fuller_name_of_a_channel_confirms_as_well() -> None:
    known = rule(channel="demarche_numerique_rdv", valid_from="2025-10-01")

    made = proposed(known, channel_after="demarche_numerique")

    assert (made.reason, made.after.channel) == (ProposalReason.CONFIRMED, "demarche_numerique_rdv")


def test_one_alert_may_suggest_many_rules_each_once() -> None:
    made = proposal(announcing(motifs=("salarie", "etudiant", "salarie")), RuleBook([]), TODAY)

    assert [one.after.motif for one in made] == ["salarie", "etudiant"]
    assert len({one.id for one in made}) == 2


def test_a_rule_for_other_days_that_says_otherwise_is_shown_as_a_conflict() -> None:
    later = rule(channel="email", valid_from="2026-01-01")

    made = proposed(rule(valid_to="2026-01-01"), later)

    assert made.conflicts == (later,)


def test_a_rule_that_ends_on_the_day_of_the_new_one_is_no_conflict() -> None:
    before, after = rule(valid_to="2025-10-01"), rule(channel="email", valid_from="2026-01-01")

    assert proposed(before, after, effective_to=PartialDate("2025-12-31")).conflicts == ()


def test_a_part_of_the_departement_is_a_territory_of_its_own() -> None:
    assert proposed(territory="Saint-Flour").after.territory == "15-saint-flour"
    assert site("94", "L’Haÿ-les-Roses") == site("94", "L'Haÿ-les-Roses") == "94-lhay-les-roses"
    assert site("94", "«»") == "94"


@pytest.mark.parametrize(
    "silent",
    [
        announcing(channel_after=None),
        announcing(motifs=()),
        announcing(certainty=Certainty.REPORTED),
        replace(announcing(), state=AlertState.RETRACTED),
        replace(announcing(), kind=ChangeKind.WITHDRAWN),
        replace(announcing(), verdict=replace(announcing().verdict, route=Route.MUTE)),
        replace(announcing(), verdict=replace(announcing().verdict, categories=("outage",))),
    ],
)
def test_nothing_is_guessed(silent: Alert) -> None:
    assert proposal(silent, RuleBook([NATIONAL]), TODAY) == ()


def test_without_a_day_the_rule_is_seen_on_the_day_of_the_page() -> None:
    made = proposed(rule(), effective_from=None)
    undated = replace(made.after, valid_from=None, seen_on=date(2025, 9, 10))
    ended, _ = settled(replace(made, after=undated), "", AT)

    assert ended.valid_to == "2025-09-10"


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=30))
def test_whatever_a_text_gives_as_dates_and_places_is_survived(start: str, end: str, place: str) -> None:
    made = proposed(
        rule(),
        effective_from=PartialDate(start),
        effective_to=PartialDate(end),
        territory=place,
    )

    for one in settled(made, "", AT):
        assert held(one, TODAY) in Held


@pytest.mark.parametrize("day", ["2025-02-31", "0000", "9999", "9999-12-31", "9999-12"])
def test_a_day_that_no_calendar_has_is_not_told(day: str) -> None:
    assert proposed(rule(), effective_to=PartialDate(day)).after.valid_to is None


def test_a_proposal_is_overtaken_when_the_rule_that_it_ends_was_changed_since() -> None:
    former = rule()
    made = proposed(former)

    assert newer(made, [former]) is None
    changed = replace(former, channel="email", known_from=AT)
    assert newer(made, [changed]) == changed


def test_a_proposal_is_overtaken_by_a_rule_of_its_slot_that_was_not_there() -> None:
    other = rule(valid_from="2026-01-01")
    made = proposed(other)

    assert newer(made, [other]) is None
    assert newer(made, [other, rule(known_from=AT)]) is not None
    assert newer(made, [other, rule(known_from=AT, operation="renouvellement")]) is None
    assert newer(proposed(), [rule()]) is not None


def test_the_same_alert_makes_the_same_proposals() -> None:
    assert proposed(NATIONAL) == proposed(NATIONAL)
