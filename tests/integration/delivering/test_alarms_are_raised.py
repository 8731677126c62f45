"""Rushes of people who come or go are told to maintainers while they last, and not to readers."""

from __future__ import annotations

from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.alarms import note_alarms
from watcher.core.state import ProblemKind
from watcher.core.subscriptions import Choices, EndReason, Recipient, Signup, Way


def look(world: World) -> set[str]:
    note_alarms(world.store, world.people, world.now)
    problems = world.store.problems()
    assert {problem.kind for problem in problems} <= {ProblemKind.MISUSE}
    return {problem.subject for problem in problems}


def test_many_who_leave_in_a_day_where_few_do_are_an_alarm_until_it_is_over(world: World) -> None:
    subscribe(world.engine, *(subscriber(f"s{n}") for n in range(120)))
    names = iter([f"s{n}" for n in range(120)])
    for _ in range(30):  # one or two leave each day
        world.people.end(next(names), EndReason.ONE_CLICK, world.now)
        world.pass_time(days=1)
    assert look(world) == set()

    for _ in range(12):
        world.people.end(next(names), EndReason.ONE_CLICK, world.now)
    assert look(world) == {"leaving"}
    assert look(world) == {"leaving"}
    (problem,) = world.store.problems()
    assert problem.evidence.startswith("12 désabonnements en un jour, pour 1,0")

    world.pass_time(days=2)
    assert look(world) == set()


def test_addresses_that_do_not_exist_are_no_rush_of_people(world: World) -> None:
    subscribe(world.engine, *(subscriber(f"s{n}") for n in range(50)))
    for n in range(50):
        world.people.end(f"s{n}", EndReason.BOUNCED, world.now)

    assert look(world) == set()


def test_a_flood_of_sign_ups_is_an_alarm_for_as_long_as_it_lasts(world: World) -> None:
    for n in range(300):
        who = Recipient(b"sealed", f"index{n}", f"mailbox{n}")
        world.people.ask(Signup(f"{n:032x}", Way.MAIL, who, Choices(), world.now, "1-fr"))
    assert look(world) == {"signups"}

    world.pass_time(hours=1)
    assert look(world) == set()
