"""Two programs that do the same in the same moment: nothing is doubled, nothing lost, nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, event

from storage.decision_store import SqlDesk
from storage.engine import open_engine
from storage.migrations import HEAD, schema_version, upgrade
from storage.outbox_store import SqlOutbox
from storage.rule_store import SqlRules
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from storage.user_store import SqlUsers
from tests.fakes.desk_scene import retract, seen
from tests.fakes.filing import rule
from tests.fakes.plans import HOUR, NOW, first_reading, news, source
from tests.fakes.servers import created
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.decisions import Carried
from watcher.core.filing_store import Origin
from watcher.core.outbox import DigestRun, MessageKind
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import (
    AddressHistory,
    Cadence,
    Choices,
    EndReason,
    Recipient,
    Signup,
    SignupRuling,
    Way,
)
from watcher.core.users import Role, User

ROUNDS, TWO = 20, 2
_Found = TypeVar("_Found")


@pytest.fixture
def two(database_url: str) -> Iterator[Sequence[Engine]]:
    """Two programs on one database."""
    engines = [open_engine(database_url) for _ in range(TWO)]
    yield engines
    for engine in engines:
        engine.dispose()


def at_once(*works: Callable[[], _Found]) -> list[_Found]:
    start = Barrier(len(works))

    def go(work: Callable[[], _Found]) -> _Found:
        start.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [task.result(60) for task in [pool.submit(go, work) for work in works]]


def both(two: Sequence[Engine], work: Callable[[Engine], _Found]) -> list[_Found]:
    return at_once(*(lambda engine=engine: work(engine) for engine in two))  # type: ignore[misc]


def problem(name: str, evidence: str = "") -> Problem:
    return Problem(name, ProblemKind.MOVED, NOW, evidence, needs_human=False)


def test_the_same_problem_opens_once(two: Sequence[Engine]) -> None:
    for n in range(ROUNDS):
        both(two, lambda engine: SqlStore(engine).note_problems([problem(f"p{n:02}")], (), NOW))  # noqa: B023
    assert [one.subject for one in SqlStore(two[0]).problems()] == [f"p{n:02}" for n in range(ROUNDS)]


def test_problems_in_opposite_orders(two: Sequence[Engine]) -> None:
    names = [f"p{n:02}" for n in range(30)]
    one, other = (SqlStore(engine) for engine in two)
    there = [problem(name) for name in names]
    for _ in range(ROUNDS):
        at_once(
            lambda: one.note_problems(there, names[:5], NOW),
            lambda: other.note_problems(there[::-1], names[4::-1], NOW),
        )
    assert len(one.problems()) == len(names)


def test_each_source_is_claimed_by_one(two: Sequence[Engine]) -> None:
    names = [f"{n:02}-actualites" for n in range(40)]
    SqlStore(two[0]).register(map(source, names), NOW)
    for n in range(ROUNDS):
        now = NOW + n * 2 * HOUR
        mine, theirs = at_once(
            lambda: set(SqlStore(two[0]).claim_all(names, "one", now, now + HOUR)),  # noqa: B023
            lambda: set(SqlStore(two[1]).claim_all(names[::-1], "two", now, now + HOUR)),  # noqa: B023
        )
        assert not mine & theirs
        left = set(SqlStore(two[0]).claim_all(names, "three", now, now + HOUR))
        assert mine | theirs | left == set(names)


def test_all_sources_are_made_known_once(two: Sequence[Engine]) -> None:
    names = [f"{n:02}-actualites" for n in range(60)]
    at_once(
        lambda: SqlStore(two[0]).register(map(source, names), NOW),
        lambda: SqlStore(two[1]).register(map(source, names[::-1]), NOW),
    )
    assert set(SqlStore(two[0]).states()) == set(names)


def test_a_content_that_is_taken_up_again_does_not_go(two: Sequence[Engine]) -> None:
    """One forgets old contents, another has a new message that says the same."""
    world = World(two[0])
    world.subscribe(1)
    late = NOW + timedelta(days=90)
    for n in range(ROUNDS):
        SqlOutbox(two[0]).keep_content(f"c{n}", b"text", ())
        world.clock.time = late
        world.publish(f"a{n}")
        world.outbox.compose(late, Way.MAIL, 10)
        (fresh,) = world.outbox.claim_messages(Way.MAIL, "me", late, late + HOUR, 10)
        at_once(
            lambda: SqlOutbox(two[0]).keep_content(f"c{n}", b"text", [fresh.message.id]),  # noqa: B023
            lambda: SqlSubscriptions(two[1]).erase_expired(late),
        )
        assert world.outbox.content(f"c{n}") == b"text"


def test_a_sign_up_is_confirmed_once(two: Sequence[Engine]) -> None:
    for n in range(ROUNDS):
        people = SqlSubscriptions(two[0])
        people.ask(Signup(f"u{n}", Way.MAIL, Recipient(b"x", f"i{n}", f"m{n}"), Choices(), NOW, "2026-09"))
        people.judge_signups(NOW, lambda *_: SignupRuling(True, AddressHistory((NOW,)), NOW), 10)
        made = at_once(
            lambda: SqlSubscriptions(two[0]).confirm(f"u{n}", f"one{n}", NOW),  # noqa: B023
            lambda: SqlSubscriptions(two[1]).confirm(f"u{n}", f"two{n}", NOW),  # noqa: B023
        )
        assert sum(one is not None for one in made) == 1
    assert SqlSubscriptions(two[0]).sealed() == ROUNDS


def test_a_sign_up_is_answered_by_one_letter(two: Sequence[Engine]) -> None:
    people = SqlSubscriptions(two[0])
    for n in range(ROUNDS):
        recipient = Recipient(b"x", f"i{n}", f"m{n}")
        people.ask(Signup(f"u{n}", Way.MAIL, recipient, Choices(), NOW, "2026-09"))
        both(
            two,
            lambda engine: SqlSubscriptions(engine).judge_signups(
                NOW, lambda *_: SignupRuling(True, AddressHistory((NOW,)), NOW), 10
            ),
        )
    letters = SqlOutbox(two[0]).messages(limit=1000)
    assert len(letters) == ROUNDS
    assert {letter.kind for letter in letters} == {MessageKind.CONFIRMATION}


def test_one_address_has_one_subscription(two: Sequence[Engine]) -> None:
    for n in range(ROUNDS):
        to = Recipient(b"x", f"i{n}", f"m{n}")
        added = at_once(
            lambda: SqlSubscriptions(two[0]).add(subscriber(f"one{n}", recipient=to)),  # noqa: B023
            lambda: SqlSubscriptions(two[1]).add(subscriber(f"two{n}", recipient=to)),  # noqa: B023
        )
        assert sorted(added) == [False, True]


def test_each_alert_is_told_to_each_once(two: Sequence[Engine]) -> None:
    people, alerts = 40, 5
    world = World(two[0])
    world.subscribe(people)
    for n in range(alerts):
        world.publish(f"a{n}")
        both(two, lambda engine: _compose_all(SqlOutbox(engine)))
    told = [(m.about, a) for m in world.outbox.messages(limit=1000) for a in m.alerts]
    assert len(told) == len(set(told)) == people * alerts


def test_who_prefers_digests_while_an_alert_is_told_is_told_once(two: Sequence[Engine]) -> None:
    if two[0].dialect.name == "sqlite":
        pytest.skip("nobody else writes while an alert is told")
    store, people, digest = SqlStore(two[0]), SqlSubscriptions(two[1]), Choices(cadence=Cadence.DAILY)
    subscribe(store, subscriber("now"), subscriber("hesitant"), subscriber("daily", cadence=Cadence.DAILY))
    store.register([source()], NOW)
    store.save(first_reading())

    def change(_c: object, _cursor: object, sql: str, *_: object) -> None:
        if "INTO deliveries" in sql:
            people.choose("hesitant", digest, NOW)

    event.listen(two[0], "after_cursor_execute", change)
    assert store.save(news("x"))
    event.remove(two[0], "after_cursor_execute", change)

    told = SqlOutbox(two[0]).deliveries(store.alerts()[0].id)
    assert sorted(one.subscription for one in told) == ["daily", "hesitant", "now"]


def _compose_all(outbox: SqlOutbox) -> None:
    while outbox.compose(NOW, Way.MAIL, 3):
        pass


def test_a_digest_has_one_beginning(two: Sequence[Engine]) -> None:
    for n in range(ROUNDS):
        runs = at_once(
            lambda: SqlOutbox(two[0]).digest_run(DigestRun(f"r{n}", NOW, NOW + HOUR, (("fr", "un"),))),  # noqa: B023
            lambda: SqlOutbox(two[1]).digest_run(DigestRun(f"r{n}", NOW, NOW + HOUR, (("fr", "deux"),))),  # noqa: B023
        )
        assert runs[0] == runs[1]


def test_a_name_belongs_to_one_person(two: Sequence[Engine]) -> None:
    for n in range(ROUNDS):
        added = both(
            two,
            lambda engine: SqlUsers(engine).add_user(User(f"u{n}", Role.REVIEWER, "hash", NOW), "x"),  # noqa: B023
        )
        assert sorted(added) == [False, True]
    assert [one.number for one in SqlDesk(two[0]).decisions()] == list(range(ROUNDS, 0, -1))


def test_they_leave_while_what_they_wait_for_is_taken_back(two: Sequence[Engine]) -> None:
    store, people = SqlStore(two[0]), SqlSubscriptions(two[1])
    names = [f"s{n:02}" for n in range(30)]
    subscribe(store, *map(subscriber, names))
    store.register([source()], NOW)
    store.save(first_reading())
    for n in range(10):
        store.save(news(f"n{n}", baseline=n + 1))
    alerts = store.alerts()

    def take_back() -> list[bool]:
        desk = SqlDesk(two[0])
        cases = [(one, seen(Desk(desk), one.id).version) for one in alerts]
        return [
            isinstance(desk.carry_out(one.id, version, retract(one), ()), Carried) for one, version in cases
        ]

    def leave() -> list[bool]:
        return [people.end(name, EndReason.ONE_CLICK, NOW) for name in names]

    assert [all(done) for done in at_once(take_back, leave)] == [True, True]
    _compose_all(SqlOutbox(two[0]))
    assert not SqlOutbox(two[0]).claim_messages(Way.MAIL, "me", NOW + HOUR, NOW + 2 * HOUR, 1000)


class Desk:
    """As much of a scene as `seen` asks for."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk


def test_two_programs_of_an_empty_database_make_one_schema(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> None:
    if "sqlite" in database_url:
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        url = created(request.getfixturevalue("postgresql_server"), f"new_{abs(hash(tmp_path)) % 10**9}")
    engines = [open_engine(url) for _ in range(4)]
    at_once(*(lambda engine=engine: upgrade(engine) for engine in engines))  # type: ignore[misc]
    assert schema_version(engines[0]) == HEAD
    for engine in engines:
        engine.dispose()


def test_shipped_rules_come_in_once(two: Sequence[Engine]) -> None:
    rules = [rule(f"m{n}") for n in range(ROUNDS)]
    both(two, lambda engine: SqlRules(engine).bring(rules, NOW, Origin.SHIPPED))
    assert len(SqlRules(two[0]).load_all().rules) == len(rules)
