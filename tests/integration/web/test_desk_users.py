"""Who may enter the desk, as an admin says it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.fakes.alerts import StillClock
from tests.fakes.desk_users import MemoryUsers
from tests.fakes.entrance import PASSWORD, entrance
from tests.fakes.store import MemoryStore
from tests.integration.web.maintainer import Maintainer
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.users import Role

PAGE = "/desk/users"


@pytest.fixture
def users() -> MemoryUsers:
    return MemoryUsers()


@pytest.fixture
def visitor(users: MemoryUsers) -> Iterator[Visitor]:
    clock = StillClock()
    with visiting(site(MemoryStore(), clock=clock, entrance=entrance(users, clock))) as visitor:
        yield visitor


@pytest.fixture
def admin(visitor: Visitor) -> Maintainer:
    return inside(visitor, "ana")


def inside(visitor: Visitor, name: str, password: str = PASSWORD) -> Maintainer:
    browser = Maintainer(visitor)
    assert browser.log_in(name, password).status_code == 303
    return browser


def add(
    admin: Maintainer, name: str = "zoe", role: str = "reviewer", password: str = PASSWORD
) -> httpx.Response:
    fields = [("name", name), ("role", role), ("password", password)]
    return admin.send(PAGE, fields, page=PAGE)


def test_an_admin_adds_somebody_who_may_then_enter(admin: Maintainer, users: MemoryUsers) -> None:
    added = add(admin, " Zoe ")

    assert (added.status_code, added.headers["location"]) == (303, "/desk/users?did=added&who=zoe")
    assert "zoe peut se connecter" in admin.look(added.headers["location"]).text
    assert users.held["zoe"].role is Role.REVIEWER
    assert (users.trail[-1].subject, users.trail[-1].by) == ("zoe", "ana")
    assert inside(admin.visitor, "zoe")


@pytest.mark.parametrize(
    ("name", "role", "password", "said"),
    [
        ("remi", "admin", PASSWORD, "déjà pris"),
        ("zoé", "admin", PASSWORD, "pas admis"),
        ("zoe", "admin", "court", "au moins 12"),
        ("zoe-zoe-zoe", "admin", "zoe-zoe-zoe1", "ne doit pas être le nom"),
        ("zoe", "king", PASSWORD, "Ce rôle"),
    ],
)
def test_what_cannot_be_added_is_told_and_changes_nothing(
    admin: Maintainer, users: MemoryUsers, name: str, role: str, password: str, said: str
) -> None:
    before = dict(users.held)
    refused = add(admin, name, role, password)

    assert refused.status_code == 422
    assert said in refused.text.replace("\xa0", " ")
    assert f'value="{password}"' not in refused.text
    assert users.held == before


def test_a_role_holds_from_the_next_page_on(admin: Maintainer, users: MemoryUsers) -> None:
    reader = inside(admin.visitor, "lea")
    assert reader.look(PAGE).status_code == 403
    admin.send(f"{PAGE}/lea/role", [("role", "admin")], page=PAGE)

    assert users.held["lea"].role is Role.ADMIN
    assert reader.look(PAGE).status_code == 200


def test_a_closed_account_is_out_at_once_and_can_be_reopened(admin: Maintainer) -> None:
    remi = inside(admin.visitor, "remi")
    closed = admin.send(f"{PAGE}/remi/disable", page=PAGE)

    assert "est fermé" in admin.look(closed.headers["location"]).text
    assert remi.look("/desk/password").status_code == 303
    assert "fermé depuis le" in admin.look(PAGE).text
    admin.send(f"{PAGE}/remi/enable", page=PAGE)
    assert inside(admin.visitor, "remi")


@pytest.mark.parametrize("verb", ["role", "disable"])
def test_the_last_admin_cannot_go_by_mistake(admin: Maintainer, users: MemoryUsers, verb: str) -> None:
    refused = admin.send(f"{PAGE}/ana/{verb}", [("role", "reader")], page=PAGE)

    assert refused.status_code == 422
    assert users.held["ana"].role is Role.ADMIN
    assert admin.look(PAGE).status_code == 200


@pytest.mark.parametrize("verb", ["role", "disable", "enable"])
def test_nobody_of_that_name_is_no_page(admin: Maintainer, verb: str) -> None:
    assert admin.send(f"{PAGE}/nobody/{verb}", [("role", "reader")], page=PAGE).status_code == 404


@pytest.mark.parametrize("name", ["remi", "lea"])
def test_others_neither_see_nor_change_who_may_enter(visitor: Visitor, users: MemoryUsers, name: str) -> None:
    browser, before = inside(visitor, name), dict(users.held)
    answers = [browser.look(PAGE)]
    fields = [("name", "zoe"), ("role", "admin"), ("password", PASSWORD)]
    answers += [browser.send(path, fields) for path in (PAGE, f"{PAGE}/{name}/role", f"{PAGE}/ana/disable")]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert users.held == before


def test_what_an_address_claims_was_done_is_told_only_of_people_there_are(admin: Maintainer) -> None:
    page = admin.look(f"{PAGE}?did=disabled&who=%3Cb%3Eeverybody")

    assert "est fermé" not in page.text
    assert "everybody" not in page.text.split("<main")[1].split('class="other"')[0]
