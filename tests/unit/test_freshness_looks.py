"""When a source is looked at next: the arithmetic of one look, and the bounds that hold whatever is expected."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codec import dump, load
from watcher.core import budget
from watcher.core.budget import FLOOR, Budget, Plan, Purse
from watcher.core.look import best_look
from watcher.core.office_hours import SUNDAY, day_of_week, easter
from watcher.core.outlook import LEAST, demand, learnt, next_look, outlook
from watcher.core.rhythm import Rhythm, found, heat, later, profile, rate
from watcher.core.state import PlatformState, SourceState
from watcher.core.tempo import Tempo, shape_of

NOW = datetime(2025, 9, 9, 9, 20, tzinfo=UTC)  # a Tuesday
PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDS = [float(n + 1) for n in range(60)]


def tempo(number: int = 100, per_day: float = 2400.0, gap: float = 7 / 3600, now: datetime = NOW) -> Tempo:
    """Of a platform that nothing is known of yet."""
    shape = shape_of([], now)
    rates = [demand(None, shape, HOUR, now)] * number
    plan = budget.plan({"Europe/Paris": rates}, shape, Budget(per_day, gap), now, local)
    return Tempo(shape, plan, Purse(), PARIS)


def look(rates: list[float], ends: list[float], prices: list[float], least: float, most: float) -> float:
    """Of hours that are known as far as need be."""
    found = best_look(rates, ends, prices, least, most)
    assert found is not None
    return found


def local(zone: str, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def published(days: int, every: timedelta, now: datetime = NOW) -> Rhythm:
    """The rhythm of a source that published at this distance, looked at each hour."""
    rhythm = Rhythm(now - days * DAY, now - days * DAY)
    shape, at = shape_of([], now), now - days * DAY
    while at + every <= now:
        at += every
        rhythm = found(rhythm, shape, at - HOUR, at, 1)
    return rhythm


def test_at_a_constant_rate_a_look_comes_when_the_expected_delay_is_worth_its_price() -> None:
    assert look([0.1] * 60, ENDS, [0.2] * 60, 0.0, 24.0) == pytest.approx(sqrt(2 * 0.2 / 0.1))


@given(
    rates=st.lists(st.floats(0, 20), min_size=60, max_size=60),
    prices=st.lists(st.floats(1e-6, 1e3), min_size=60, max_size=60),
    least=st.floats(0, 5),
    most=st.floats(5, 29),
)
def test_a_look_is_never_sooner_than_the_least_nor_later_than_the_most(
    rates: list[float], prices: list[float], least: float, most: float
) -> None:
    assert least <= look(rates, ENDS, prices, least, most) <= most


@given(
    rates=st.lists(st.floats(0, 20), min_size=60, max_size=60),
    prices=st.lists(st.floats(1e-6, 1e3), min_size=60, max_size=60),
    least=st.floats(0, 20),
    most=st.floats(5, 29),
    near=st.integers(1, 59),
)
def test_the_hours_that_are_near_are_asked_first_and_decide_as_all_would(
    rates: list[float], prices: list[float], least: float, most: float, near: int
) -> None:
    least = min(least, most)

    found = best_look(rates[:near], ENDS[:near], prices[:near], least, most)

    assert found is None or found == look(rates, ENDS, prices, least, most)


@given(rate=st.floats(1e-3, 10), price=st.floats(1e-3, 10), more=st.floats(1, 5))
def test_who_publishes_more_is_looked_at_sooner_and_a_higher_price_means_later(
    rate: float, price: float, more: float
) -> None:
    def wait(rate: float, price: float) -> float:
        return look([rate] * 60, ENDS, [price] * 60, 0.0, 24.0)

    assert wait(rate * more, price) <= wait(rate, price) + 1e-9
    assert wait(rate, price * more) >= wait(rate, price) - 1e-9


def test_the_last_look_of_a_day_waits_for_the_end_of_the_office_hours() -> None:
    rates = [0.1 if 8 <= n % 24 < 18 else 0.0 for n in range(16, 76)]

    assert look(rates, ENDS, [2.0] * 60, 0.0, 24.0) == pytest.approx(2.0)  # from 16 h to 18 h


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2025, 9, 9), 1),
        (date(2025, 9, 14), SUNDAY),
        (date(2025, 7, 14), SUNDAY),
        (date(2025, 6, 9), SUNDAY),
        (date(2026, 5, 14), SUNDAY),
    ],
)
def test_public_holidays_are_sundays(day: date, what: int) -> None:
    assert day_of_week(day) == what


def test_easter_is_when_it_was() -> None:
    assert [easter(year) for year in (2000, 2008, 2024, 2025, 2038)] == [
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2038, 4, 25),
    ]


def test_a_lively_source_has_a_higher_rate_than_a_new_one_and_that_than_a_silent_one() -> None:
    shape = shape_of([], NOW)
    silent = Rhythm(NOW - 60 * DAY, NOW - 60 * DAY)
    lively = published(60, 6 * HOUR)

    assert rate(silent, shape, NOW) < rate(None, shape, NOW) < rate(lively, shape, NOW)
    assert rate(lively, shape, NOW) == pytest.approx(4, rel=0.4)


def test_days_that_were_not_watched_yet_are_not_taken_for_quiet_ones() -> None:
    evening = datetime(2025, 9, 10, 23, tzinfo=UTC)  # a Wednesday's
    watched = [published(3, 2 * HOUR, evening) for _ in range(20)]

    days = shape_of(watched, evening).days

    assert days[3] == pytest.approx(days[1], rel=0.3)
    assert days[6] < days[3] / 3


def test_a_lively_source_of_three_days_is_looked_at_on_the_fourth_as_on_the_third() -> None:
    evening = datetime(2025, 9, 10, 23, tzinfo=UTC)  # a Wednesday's
    rhythm = published(3, HOUR, evening)

    _, days = profile(rhythm, shape_of([], evening))

    assert days[3] == pytest.approx(days[2], rel=0.3)


@pytest.mark.parametrize("after", [1, 2, 5])
def test_what_follows_a_publication_is_believed_to_come_as_late_as_it_was_found(after: int) -> None:
    shape, seen = shape_of([], NOW), NOW + after * HOUR
    first = found(Rhythm(NOW - 60 * DAY, NOW - 60 * DAY), shape, NOW - HOUR, NOW, 1)

    edited = found(first, shape, seen, seen + HOUR, 1)

    assert edited.echoes > first.echoes
    assert after < (edited.lag - first.lag) / (edited.echoes - first.echoes) < after + 1.5


def test_what_was_published_long_ago_counts_less() -> None:
    shape, rhythm = shape_of([], NOW), published(60, 12 * HOUR)

    assert rate(rhythm, shape, NOW + 200 * DAY) < rate(rhythm, shape, NOW) / 2


def test_soon_after_a_find_the_source_is_looked_at_sooner() -> None:
    calm = published(60, DAY)
    hot = learnt(tempo(), calm, NOW - HOUR, NOW, 1)
    assert hot is not None
    cooled = replace(hot, heat=0.0)

    assert next_look(tempo(), hot, HOUR, NOW) < next_look(tempo(), cooled, HOUR, NOW)
    assert heat(hot, tempo().shape, NOW + DAY) < 0.01 * hot.heat


def test_at_night_nobody_is_in_a_hurry() -> None:
    rhythm, evening = published(60, 12 * HOUR), NOW.replace(hour=20)

    assert next_look(tempo(), rhythm, HOUR, evening) > 3 * next_look(tempo(), rhythm, HOUR, NOW)


def test_offices_overseas_have_hours_of_their_own() -> None:
    rhythm, early = replace(published(60, DAY), hours=(), later=0), NOW.replace(hour=5)
    there = replace(tempo(), zone=ZoneInfo("Indian/Reunion"))

    assert next_look(there, rhythm, HOUR, early) < next_look(tempo(), rhythm, HOUR, early)


def test_a_source_whose_day_begins_later_is_recognised_and_keeps_the_hours_of_all_from_then_on() -> None:
    """It is in Guadeloupe, and nobody said so."""
    shape, at = shape_of([], NOW), NOW.replace(hour=0) - 30 * DAY
    rhythm = Rhythm(at, at)
    assert later(rhythm) == 0
    for n, hour in enumerate((9, 10, 11, 14, 15, 16) * 3):
        when = at + n * DAY + (hour + 6) * HOUR
        rhythm = found(rhythm, shape, when, when + HOUR / 2, 1)

    assert later(rhythm) == 6
    there, here = profile(rhythm, shape)[0], profile(None, shape)[0]
    assert there[23] > 2 * here[23]
    assert there[8] < here[8] / 2


@pytest.mark.parametrize("hour", [8, 12, 17])
def test_a_few_publications_at_the_edge_of_the_day_do_not_move_it(hour: int) -> None:
    shape, at = shape_of([], NOW), NOW.replace(hour=hour) - 9 * DAY
    rhythm = Rhythm(at, at)
    for n in range(4):
        when = at + n * 2 * DAY
        rhythm = found(rhythm, shape, when, when + HOUR / 2, 1)

    assert later(rhythm) == 0


def test_sources_that_keep_another_day_show_the_hours_of_all_as_sharply() -> None:
    """What is in common is how a day goes, whenever it begins."""
    hours = tuple(10.0 if hour in (9, 10, 11) else 0.0 for hour in range(24))
    there = tuple(hours[(hour - 6) % 24] for hour in range(24))
    at_home = Rhythm(NOW - 30 * DAY, NOW, base=30.0, hours=hours, days=(4.0,) * 7)
    overseas = replace(at_home, hours=there, later=6)

    assert shape_of([at_home, overseas], NOW).hours == shape_of([at_home] * 2, NOW).hours


def test_a_plan_expects_the_looks_when_each_source_has_its_day() -> None:
    shape, terms = shape_of([], NOW), Budget(2_400.0, 7 / 3600)

    def clock(late: int, at: datetime) -> datetime:
        return at - late * HOUR

    here, there = (budget.plan({n: [1.0] * 100}, shape, terms, NOW, clock) for n in (0, 6))
    noon = NOW.replace(hour=12, minute=0)
    assert there.to_come(noon) > here.to_come(noon)


def test_an_interval_half_as_long_means_about_twice_as_many_looks() -> None:
    rhythm = published(60, 12 * HOUR)
    usual, half = (next_look(tempo(), rhythm, span, NOW) for span in (HOUR, HOUR / 2))

    assert half == pytest.approx(usual / 2, rel=0.2)


@given(
    finds=st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 50)), max_size=30),
    every=st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(days=7)),
    spent=st.integers(0, 5000),
    pressure=st.floats(0.02, 50),
    jump=st.timedeltas(min_value=timedelta(days=-900), max_value=timedelta(days=900)),
)
def test_floor_and_ceiling_hold_whatever_was_found_and_wherever_the_clock_jumps(
    finds: list[tuple[int, int]], every: timedelta, spent: int, pressure: float, jump: timedelta
) -> None:
    now, known = NOW, tempo()
    rhythm = learnt(known, None, None, now, 0)
    for minutes, number in finds:
        before, now = now, now + minutes * timedelta(minutes=1)
        rhythm = learnt(known, rhythm, before, now, number)
    rhythm = learnt(known, rhythm, now, now + jump, 1)
    known = replace(known, purse=Purse((now + jump).date(), spent, pressure))

    wait = next_look(known, rhythm, every, now + jump)

    longest = max(FLOOR * HOUR, every)
    assert min(LEAST * every, longest) <= wait + timedelta(seconds=1)
    assert wait <= longest + timedelta(seconds=1)


@given(st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 9)), max_size=10))
def test_what_was_learnt_survives_a_restart(finds: list[tuple[int, int]]) -> None:
    known = tempo()
    now, rhythm = NOW, learnt(known, None, None, NOW, 0)
    for minutes, number in finds:
        before, now = now, now + minutes * timedelta(minutes=1)
        rhythm = learnt(known, rhythm, before, now, number)
    state = SourceState("69-actualites", now, rhythm=rhythm)
    platform = PlatformState("ide", purse=Purse(now.date(), 17, 1.25, empty=True))

    assert load(dump(state, SourceState), SourceState) == state
    assert load(dump(platform, PlatformState), PlatformState) == platform


def test_states_written_before_there_were_rhythms_stay_readable() -> None:
    old = '{"source":"69-actualites","next_poll_at":"2025-09-09T09:00:00+00:00"}'

    assert load(old, SourceState).rhythm is None
    assert load('{"name":"ide"}', PlatformState).purse == Purse()


def test_what_is_expected_is_shown_by_the_hour() -> None:
    view = outlook(tempo(), published(60, 12 * HOUR), HOUR, NOW, 24)

    assert len(view.rates) == len(view.ends) == len(view.prices) == 25
    assert view.ends[0] == pytest.approx(40 / 60)
    assert max(view.rates[:6]) > 5 * max(view.rates[13:20])  # the office, and the night


def plan_of(spread: list[float], per_day: float, gap: float) -> Plan:
    shape = shape_of([], NOW)
    return budget.plan({"Europe/Paris": spread}, shape, Budget(per_day, gap), NOW, local)


@given(
    rates=st.lists(st.floats(1e-4, 50), min_size=1, max_size=60),
    looks=st.floats(1.2, 200),
    gap=st.sampled_from([0.0, 7 / 3600, 60 / 3600]),
)
def test_a_plan_spends_the_budget_of_each_day_as_far_as_the_gap_lets_it(
    rates: list[float], looks: float, gap: float
) -> None:
    per_day = looks * len(rates)
    plan = plan_of(rates, per_day, gap)
    possible = min(per_day, 24 * Budget(per_day, gap).in_an_hour)

    assert plan.left[0] == pytest.approx(possible, rel=0.02)
    assert all(price > 0 for price in plan.prices)


def test_looks_do_not_become_cheaper_because_the_gap_lets_fewer_through_than_the_budget() -> None:
    """Else all are due at once, and whoever publishes most waits in the same queue."""
    plan, noon = plan_of([0.1 * n for n in range(1, 100)], 9000, 30 / 3600), NOW.replace(hour=12, minute=0)
    as_planned = round(plan.left[0] - plan.to_come(noon))

    assert budget.haste(Purse(noon.date(), as_planned), plan, noon) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("per_day", "kept"), [(40, 2), (100, 5), (10_000, 50)])
def test_some_looks_are_kept_back_for_what_chance_brings(per_day: float, kept: float) -> None:
    plan, late = plan_of([1.0] * 10, per_day, 0.0), NOW.replace(hour=17, minute=0)
    as_planned = plan.left[0] - plan.to_come(late)

    assert budget.haste(Purse(late.date(), round(as_planned)), plan, late) > 1.01
    assert budget.haste(Purse(late.date(), round(as_planned - kept)), plan, late) == pytest.approx(
        1, abs=0.06
    )


def test_too_few_requests_for_a_daily_look_are_shared_evenly() -> None:
    assert plan_of([1.0] * 100, 50, 0.0).most == pytest.approx(48, rel=0.1)


def test_a_purse_is_closed_when_the_day_is_spent_and_open_the_next() -> None:
    plan, purse = plan_of([1.0] * 10, 40, 0.0), Purse()
    for n in range(40):
        purse = budget.spend(purse, plan, datetime(2025, 9, 9, tzinfo=UTC) + n * timedelta(minutes=1))

    assert purse.closed(datetime(2025, 9, 9, 23, 59, tzinfo=UTC))
    assert not purse.closed(datetime(2025, 9, 10, tzinfo=UTC))


def test_whoever_begins_in_the_evening_does_not_spend_the_whole_day_in_an_hour() -> None:
    plan = plan_of([1.0] * 10, 400, 0.0)

    assert budget.spend(Purse(), plan, datetime(2025, 9, 9, 22, tzinfo=UTC)).spent > 350


def test_looks_become_dearer_when_too_many_were_spent_and_cheaper_when_too_few() -> None:
    plan, noon = plan_of([1.0] * 10, 400, 0.0), datetime(2025, 9, 9, 12, tzinfo=UTC)
    prices = [budget.haste(Purse(noon.date(), spent), plan, noon) for spent in (0, 100, 200, 300, 400)]

    assert prices == sorted(prices)
    assert prices[0] < 1 < prices[-1]
