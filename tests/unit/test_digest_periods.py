"""When digests are sent: one each morning, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.digests import Period, next_due, period, run_of
from watcher.core.subscriptions import Cadence

PARIS = "Europe/Paris"
ZONES = (
    *(PARIS, "Indian/Reunion", "Indian/Mayotte", "America/Guadeloupe", "America/Martinique"),
    *("America/Cayenne", "America/Miquelon", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis"),
)
DAILY, WEEKLY = Cadence.DAILY, Cadence.WEEKLY

zones = st.sampled_from(ZONES)
cadences = st.sampled_from([DAILY, WEEKLY])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
near_changes = st.builds(
    lambda change, seconds: change + timedelta(seconds=seconds),
    st.sampled_from(
        [
            datetime(2026, 10, 25, 1, tzinfo=UTC),  # Paris, back
            datetime(2027, 3, 28, 1, tzinfo=UTC),  # Paris, forth
            datetime(2026, 11, 1, 4, tzinfo=UTC),  # Miquelon, back
            datetime(2027, 3, 14, 5, tzinfo=UTC),  # Miquelon, forth
            datetime(2028, 2, 29, tzinfo=UTC),
            datetime(2026, 12, 31, 23, tzinfo=UTC),
        ]
    ),
    st.integers(-2 * 86_400, 2 * 86_400),
)
any_moment = moments | near_changes


def paris(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(PARIS)).astimezone(UTC)  # type: ignore[misc,arg-type]


@given(cadence=cadences, zone=zones, now=any_moment)
def test_a_period_closes_before_the_next_one_is_due(cadence: Cadence, zone: str, now: datetime) -> None:
    closed = run_of(cadence, zone, now)

    assert closed.starts_at < closed.ends_at <= now < next_due(cadence, zone, now)
    assert run_of(cadence, zone, next_due(cadence, zone, now)).starts_at == closed.ends_at


@given(cadence=cadences, zone=zones, now=any_moment)
def test_every_digest_leaves_at_seven_in_the_morning(cadence: Cadence, zone: str, now: datetime) -> None:
    due = next_due(cadence, zone, now).astimezone(ZoneInfo(zone))

    assert due.time() == time(7)
    assert cadence is DAILY or due.weekday() == 0


@given(cadence=cadences, zone=zones, now=any_moment)
def test_a_period_is_found_again_by_its_id(cadence: Cadence, zone: str, now: datetime) -> None:
    closed = run_of(cadence, zone, now)

    assert period(closed.id) == closed
    assert run_of(cadence, zone, closed.ends_at) == closed
    assert run_of(cadence, zone, closed.ends_at - timedelta(microseconds=1)).ends_at == closed.starts_at


@given(zone=zones, start=any_moment, steps=st.lists(st.integers(1, 7_200), min_size=30, max_size=60))
def test_a_clock_that_ticks_irregularly_finds_one_period_a_day(
    zone: str, start: datetime, steps: list[int]
) -> None:
    """Ticks of up to two hours; between the first and the last period no day is missing or doubled."""
    now, ids = start, [run_of(DAILY, zone, start).id]
    for step in steps:
        now += timedelta(seconds=step)
        ids.append(run_of(DAILY, zone, now).id)

    days = [date.fromisoformat(name.rpartition(":")[2]) for name in dict.fromkeys(ids)]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@given(zone=zones, now=any_moment, jump=st.integers(-7_200, 7_200))
def test_a_clock_that_was_set_back_finds_periods_that_it_found_before(
    zone: str, now: datetime, jump: int
) -> None:
    """Never a third one: whoever was told of a period is not told again."""
    there = now + timedelta(seconds=jump)
    seen = {run_of(DAILY, zone, now).id, run_of(DAILY, zone, there).id}

    assert run_of(DAILY, zone, min(now, there) + abs(there - now) / 2).id in seen


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 10, 25), 25), ((2027, 3, 28), 23), ((2026, 10, 24), 24), ((2028, 2, 29), 24)],
    ids=["the clocks go back", "the clocks go forth", "an ordinary day", "29 February"],
)
def test_a_day_of_paris_is_as_long_as_its_clocks_say(day: tuple[int, int, int], hours: int) -> None:
    closed = run_of(DAILY, PARIS, paris(*day, 7))

    assert closed.id == f"daily:Europe/Paris:{date(*day).isoformat()}"
    assert closed.ends_at == paris(*day, 7)
    assert closed.ends_at - closed.starts_at == timedelta(hours=hours)


def test_each_morning_of_two_years_has_one_digest() -> None:
    for zone in ZONES:
        due, days = datetime(2026, 1, 1, 12, tzinfo=UTC), []
        while due < datetime(2028, 3, 2, tzinfo=UTC):
            due = next_due(DAILY, zone, due)
            days.append(due.astimezone(ZoneInfo(zone)).date())
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (paris(2026, 12, 28, 7), "2026-W53"),
        (paris(2027, 1, 1, 12), "2026-W53"),
        (paris(2027, 1, 4, 6, 59), "2026-W53"),
        (paris(2027, 1, 4, 7), "2027-W01"),
        (paris(2026, 11, 22, 12), "2026-W47"),
    ],
)
def test_a_week_is_that_of_the_monday_on_which_its_digest_leaves(now: datetime, week: str) -> None:
    closed = run_of(WEEKLY, PARIS, now)

    assert closed.id == f"weekly:Europe/Paris:{week}"
    assert period(closed.id) == closed


def test_what_happens_at_the_very_moment_is_told_the_next_time() -> None:
    seven = paris(2026, 9, 10, 7)

    assert next_due(DAILY, PARIS, seven) == paris(2026, 9, 11, 7)
    assert next_due(DAILY, PARIS, seven - timedelta(microseconds=1)) == seven
    assert next_due(WEEKLY, PARIS, seven) == paris(2026, 9, 14, 7)


def test_each_zone_has_its_own_morning() -> None:
    noon = datetime(2026, 9, 10, 12, tzinfo=UTC)

    assert next_due(DAILY, "Indian/Reunion", noon) == datetime(2026, 9, 11, 3, tzinfo=UTC)
    assert next_due(DAILY, "Pacific/Tahiti", noon) == datetime(2026, 9, 10, 17, tzinfo=UTC)
    assert run_of(DAILY, "Pacific/Noumea", noon).id == "daily:Pacific/Noumea:2026-09-10"


def test_who_is_told_at_once_waits_for_no_morning() -> None:
    noon = paris(2026, 9, 10, 12)

    assert next_due(Cadence.NOW, PARIS, noon) == noon
    with pytest.raises(ValueError, match="no periods"):
        run_of(Cadence.NOW, PARIS, noon)


@pytest.mark.parametrize(
    "name",
    [
        *("", "daily", "daily:Europe/Paris", "now:Europe/Paris:2026-09-10", "daily:Europe/Paris:2026-02-30"),
        *("weekly:Europe/Paris:2025-W53", "weekly:Europe/Paris:2026-W7", "daily:Europe/Paris:20260910"),
    ],
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"period|Cadence|isoformat|day is out|week|literal"):
        period(name)


def test_a_period_is_also_a_plain_triple() -> None:
    name, starts_at, ends_at = Period("daily:UTC:2026-09-10", paris(2026, 9, 9, 9), paris(2026, 9, 10, 9))

    assert (name, ends_at - starts_at) == ("daily:UTC:2026-09-10", timedelta(days=1))
