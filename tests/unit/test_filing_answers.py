"""Where to file: the closest rule that holds answers; nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.filing import KNOWN, rule
from watcher.core.filing import LOCAL, Answer, Held, Known, Rule, Why, chain, held
from watcher.core.filing_book import RuleBook
from watcher.core.filing_tables import Shade, cell, moves_to_anef, stale
from watcher.core.verdict import PartialDate

DAY = date(2025, 11, 1)


def ask(*rules: Rule, motif: str = "salarie", where: str = "15", on: date = DAY, **asked: Any) -> Answer:
    return RuleBook(rules).answers(chain(where), motif, on=on, **asked)


def test_without_a_rule_the_answer_is_that_nobody_knows() -> None:
    answer = ask()

    assert (answer.known, answer.rule, answer.channels) == (Known.UNKNOWN, None, ())
    assert [look.why for look in answer.looked] == [Why.NOTHING, Why.NOTHING]


def test_a_part_of_a_departement_comes_before_it_and_it_before_the_country() -> None:
    site, whole, country = (rule(territory=place) for place in ("15-saint-flour", "15", ""))

    assert ask(site, whole, country, where="15-saint-flour").rule == site
    assert ask(whole, country, where="15-saint-flour").rule == whole
    assert ask(country, where="15-saint-flour").rule == country


def test_who_asks_about_a_departement_hears_of_its_parts() -> None:
    site = rule(territory="15-saint-flour")

    answer = ask(site, rule(channel=LOCAL, territory=""))

    assert (answer.known, answer.variants) == (Known.LOCAL, (site,))


def test_a_rule_for_grounds_outside_anef_speaks_for_those_that_are_outside_alone() -> None:
    outside = rule("hors_anef", "rdv_en_ligne")
    country = [rule("salarie", LOCAL, territory=""), rule("etudiant", "anef", territory="")]

    assert ask(outside, *country, motif="salarie").rule == outside
    on_anef = ask(outside, *country, motif="etudiant")
    assert on_anef.rule == country[1]
    assert Why.ON_ANEF in {look.why for look in on_anef.looked}
    nobody_knows = ask(outside, *country, motif="aes")
    assert nobody_knows.known is Known.UNKNOWN
    assert nobody_knows.looked[0].why is Why.ANEF_UNKNOWN


def test_a_rule_for_many_grounds_does_not_speak_for_naturalisation() -> None:
    answer = ask(
        rule("hors_anef"), rule("tous"), rule("naturalisation_declaration", LOCAL, territory=""),
        motif="naturalisation_declaration",
    )  # fmt: skip

    assert answer.known is Known.LOCAL


def test_the_rule_that_names_the_operation_comes_before_the_one_for_all() -> None:
    all_, renewal = rule(), rule(channel="email", operation="renouvellement")

    assert ask(all_, renewal, operation="renouvellement").rule == renewal
    open_question = ask(all_, renewal)
    assert (open_question.rule, open_question.variants) == (all_, (renewal,))


def test_a_rule_for_one_nationality_does_not_answer_another() -> None:
    answer = ask(rule(regime="algerien"), regime="ue")

    assert (answer.known, answer.variants) == (Known.UNKNOWN, ())
    assert answer.looked[0].why is Why.OTHER_REGIME


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-09-30", Held.NOT_YET),
        ("2025-10-01", Held.YES),
        ("2025-12-31", Held.YES),
        ("2026-01-01", Held.OVER),
    ],
)
def test_the_first_day_is_in_and_the_last_is_out(day: str, state: Held) -> None:
    one = rule(valid_from="2025-10-01", valid_to="2026-01-01")

    assert held(one, date.fromisoformat(day)) is state


def test_within_a_month_that_is_all_that_was_told_the_answer_is_not_sure() -> None:
    before, after = rule(valid_to="2025-10"), rule(channel="email", valid_from="2025-10")

    assert ask(before, after, on=date(2025, 9, 30)).rule == before
    assert ask(before, after, on=date(2025, 10, 15)).known is Known.UNSURE
    assert ask(before, after, on=date(2025, 10, 31)).rule == after


def test_before_the_day_on_which_it_was_first_seen_a_rule_is_not_sure() -> None:
    form = rule(seen_on=date(2025, 2, 26))

    assert ask(form, on=date(2025, 2, 25)).known is Known.UNSURE
    assert ask(form, on=date(2025, 2, 26)).since_at_latest == date(2025, 2, 26)


def test_an_answer_tells_what_was_so_before() -> None:
    closed = rule("hors_anef", "ferme", valid_to="2025-10-01")
    booking = rule("hors_anef", "rdv_en_ligne", valid_from="2025-10-01")

    answer = ask(closed, booking, rule(channel=LOCAL, territory=""))

    assert (answer.rule, answer.previous) == (booking, (closed,))


def test_two_rules_for_the_same_days_are_shown_as_a_conflict() -> None:
    first, second = rule(valid_from="2025-01-01"), rule(channel="email", valid_from="2025-02-01")

    answer = ask(first, second)

    assert (answer.rule, answer.conflicts) == (second, (first,))


def test_a_rule_of_a_prefecture_against_anef_is_shown_as_a_conflict() -> None:
    country = rule(channel="anef", territory="")

    assert ask(rule(), country).conflicts == (country,)


def test_an_exception_for_some_months_is_no_conflict() -> None:
    answer = ask(rule(), rule(channel="email", valid_from="2025-10-01", valid_to="2026-01-01"))

    assert (answer.channels, answer.conflicts) == (("email",), ())


def test_a_cell_says_when_it_depends_on_the_operation() -> None:
    book = RuleBook([rule(operation="renouvellement"), rule(channel=LOCAL, territory="")])

    found = cell(book, "15", "salarie", DAY)

    assert (found.shade, found.channels) == (Shade.VARIES, ("courrier",))


def test_who_moved_to_anef_is_told_in_the_order_of_days() -> None:
    book = RuleBook(
        [
            rule("ne_en_france", "anef", territory=""),
            rule("etudiant", "anef", territory="", valid_from="2021-05-01"),
            rule("citoyen_ue", "anef", territory="", valid_from="2020"),
            rule("salarie", LOCAL, territory=""),
        ]
    )

    assert [move.motif for move in moves_to_anef(book)] == ["citoyen_ue", "etudiant", "ne_en_france"]


def test_rules_that_ended_are_not_stale() -> None:
    old, ended = rule(), rule("etudiant", valid_to="2025-10-01")

    assert stale(RuleBook([old, ended]), date(2025, 12, 1), 60) == [old]
    assert stale(RuleBook([old, ended]), date(2025, 9, 30), 60) == []


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
partial = st.none() | days.flatmap(
    lambda day: st.sampled_from([PartialDate(day.isoformat()[:length]) for length in (4, 7, 10)])
)
moments = st.integers(0, 400).map(lambda hours: KNOWN + timedelta(hours=hours))


@st.composite
def versions(draw: st.DrawFn) -> list[Rule]:
    """Rules as a store keeps them: of each id one version after the other."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        times = sorted(draw(st.sets(moments, min_size=1, max_size=4)))
        slot = {
            "motif": draw(st.sampled_from(["salarie", "hors_anef", "tous"])),
            "territory": draw(st.sampled_from(["", "15", "15-saint-flour"])),
            "operation": draw(st.sampled_from(["", "renouvellement"])),
        }
        for start, end in zip(times, [*times[1:], None], strict=True):
            found.append(
                rule(
                    channel=draw(st.sampled_from(["courrier", "email", "anef", LOCAL])),
                    valid_from=draw(partial),
                    valid_to=draw(partial),
                    id=f"r{number}",
                    known_from=start,
                    known_to=end,
                    **slot,
                )
            )
    return found


@given(versions(), days, moments)
def test_what_was_known_at_a_moment_is_answered_so_for_ever(
    rules: list[Rule], on: date, asked: datetime
) -> None:
    """Whatever is learnt after the moment: versions that begin later, and ends that are filled in later."""
    then = [
        one if one.known_to is None or one.known_to <= asked else replace(one, known_to=None)
        for one in rules
        if one.known_from <= asked
    ]
    where = chain("15-saint-flour")

    known_then = RuleBook(then).answers(where, "salarie", on=on, as_known_at=asked)
    known_now = RuleBook(rules).answers(where, "salarie", on=on, as_known_at=asked)

    assert known_now.known is known_then.known
    assert (known_now.rule and known_now.rule.id) == (known_then.rule and known_then.rule.id)
    assert [look.why for look in known_now.looked] == [look.why for look in known_then.looked]


@given(versions(), days)
def test_no_farther_rule_answers_while_a_closer_one_holds(rules: list[Rule], on: date) -> None:
    exact = [one for one in rules if one.believed and one.motif == "salarie" and not one.operation]
    answer = RuleBook(rules).answers(chain("15-saint-flour"), "salarie", on=on)

    for territory in ("15-saint-flour", "15"):
        if any(one.territory == territory and held(one, on) is Held.YES for one in exact):
            assert answer.rule is None or len(answer.rule.territory) >= len(territory)
            break
    if answer.rule:
        assert held(answer.rule, on) is Held.YES
        assert answer.rule.believed


@given(days, days)
def test_a_day_is_held_by_exactly_one_of_two_rules_that_follow_each_other(on: date, change: date) -> None:
    before = rule(valid_to=change.isoformat())
    after = rule(valid_from=change.isoformat())

    assert (held(before, on) is Held.YES) != (held(after, on) is Held.YES)


def test_times_without_end_are_believed_now() -> None:
    one = rule(known_to=datetime(2025, 9, 2, tzinfo=UTC))

    assert RuleBook([one]).answers(("15", ""), "salarie", on=DAY).known is Known.UNKNOWN
    assert one.believed_at(KNOWN)
    assert not one.believed_at(datetime(2025, 9, 2, tzinfo=UTC))
