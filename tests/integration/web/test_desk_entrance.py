"""Entering the desk and leaving it, as a browser sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

from storage.engine import open_engine, read_only
from storage.migrations import upgrade
from storage.user_store import SqlUsers
from tests.fakes.alerts import BASE, StillClock
from tests.fakes.desk_users import MemoryUsers
from tests.fakes.entrance import PASSWORD, entrance
from tests.fakes.passwords import QuickPasswords
from tests.fakes.store import MemoryStore
from tests.integration.web.maintainer import OURS, Maintainer
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.ports_desk import UserStore
from watcher.core.users import SESSION, Role, User
from watcher.entrance import AT_ONCE, WAITING, Denied, Entrance, Welcome, Why

COOKIE = "__Host-vigie-desk"
NEW = "deux phares dans la brume"


@dataclass
class Desk:
    visitor: Visitor
    entrance: Entrance
    users: UserStore
    clock: StillClock

    def browser(self, host: str = "192.0.2.1") -> Maintainer:
        return Maintainer(self.visitor, host)

    def inside(self, name: str = "remi", host: str = "192.0.2.1") -> Maintainer:
        browser = self.browser(host)
        assert browser.log_in(name).status_code == 303
        return browser


@pytest.fixture(params=["memory", "sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    engine = open_engine(f"sqlite:///{tmp_path / 'vigie.db'}") if request.param == "sqlite" else None
    if engine is not None:
        upgrade(engine)
    users: UserStore = SqlUsers(engine) if engine is not None else MemoryUsers()
    clock = StillClock()
    door = entrance(users, clock)
    with visiting(site(MemoryStore(), clock=clock, entrance=door, read_only=read_only)) as visitor:
        yield Desk(visitor, door, users, clock)
    if engine is not None:
        engine.dispose()


def is_inside(browser: Maintainer) -> bool:
    answer = browser.look("/desk/password")
    assert answer.status_code in {200, 303}
    return answer.status_code == 200


@pytest.mark.parametrize("root", ["", "/en"])
def test_a_page_of_the_desk_leads_to_the_log_in_and_from_there_back_to_itself(desk: Desk, root: str) -> None:
    browser = desk.browser()
    led = browser.look(f"{root}/desk/password?from=%2Fdesk")
    assert led.status_code == 303
    assert led.headers["location"] == f"{root}/desk/login?next=/desk/password%3Ffrom%3D%252Fdesk"

    door = browser.look(led.headers["location"])
    entered = browser.log_in("Remi ", onward="/desk/password?from=%2Fdesk")

    assert 'name="next" value="/desk/password?from=%2Fdesk"' in door.text
    assert f'action="{root}/desk/login"' in door.text
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk/password?from=%2Fdesk")
    assert is_inside(browser)


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/desk",
        "/desk//evil.example",
        "/desk\\evil.example",
        "/deskevil",
        "/desk/../unsubscribe/x",
        "/desk\r\nSet-Cookie: a=b",
        "/desk/login?next=/desk/login",
        "/desk/" + "x" * 1_000,
        "/",
        "javascript:alert(1)",
    ],
)
def test_after_the_log_in_nobody_is_led_out_of_the_desk(desk: Desk, path: str) -> None:
    entered = desk.browser().log_in("remi", onward=path)

    assert entered.headers["location"] == "/desk"


def test_the_cookie_is_kept_from_scripts_other_hosts_and_plain_http(desk: Desk) -> None:
    cookie = desk.browser().log_in("remi").headers["set-cookie"]
    name, attributes = cookie.split("=", 1)[0], {part.strip().lower() for part in cookie.split(";")[1:]}

    assert name == COOKIE
    assert attributes == {"httponly", "secure", "samesite=lax", "path=/"}


@pytest.mark.parametrize(
    ("base", "name", "attributes"),
    [
        ("http://localhost:8000", "vigie-desk", {"httponly", "samesite=lax", "path=/"}),
        (
            "https://vigie.example/vigie",
            "__Secure-vigie-desk",
            {"httponly", "secure", "samesite=lax", "path=/vigie"},
        ),
    ],
)
def test_the_cookie_fits_sites_on_plain_http_and_below_a_path(
    base: str, name: str, attributes: set[str]
) -> None:
    clock = StillClock()
    door = entrance(MemoryUsers(), clock)
    with visiting(site(MemoryStore(), clock=clock, entrance=door, base_url=base)) as visitor:
        fields = [("name", "remi"), ("password", PASSWORD)]
        headers = {"sec-fetch-site": "same-origin"}
        entered = Maintainer(visitor).ask("POST", "/desk/login", fields, headers)

    found, rest = entered.headers["set-cookie"].split("=", 1)
    assert (found, {part.strip().lower() for part in rest.split(";")[1:]}) == (name, attributes)


def test_each_log_in_is_another_session_and_ends_the_one_before(desk: Desk) -> None:
    browser = desk.inside()
    first = dict(browser.cookies)
    browser.log_in("remi")

    assert browser.cookies != first
    assert is_inside(browser)
    assert not is_inside(Maintainer(desk.visitor, cookies=first))


def test_a_cookie_that_somebody_else_chose_is_not_taken_over(desk: Desk) -> None:
    browser = Maintainer(desk.visitor, cookies={COOKIE: "chosen-by-an-attacker"})
    browser.log_in("remi")

    assert browser.cookies[COOKIE] != "chosen-by-an-attacker"
    assert not is_inside(Maintainer(desk.visitor, cookies={COOKIE: "chosen-by-an-attacker"}))


def test_a_cookie_captured_before_leaving_opens_nothing_after(desk: Desk) -> None:
    browser = desk.inside()
    captured = dict(browser.cookies)
    left = browser.send("/desk/logout")

    assert (left.status_code, left.headers["location"]) == (303, "/desk/login?said=left")
    assert not browser.cookies
    thief = Maintainer(desk.visitor, cookies=captured)
    assert not is_inside(thief)
    assert thief.ask("POST", "/desk/logout", headers=OURS).status_code == 403


def test_a_session_ends_after_twelve_hours_however_busy(desk: Desk) -> None:
    browser = desk.inside()
    for _ in range(11):
        desk.clock.wait(timedelta(hours=1))
        assert is_inside(browser)
    desk.clock.wait(SESSION - timedelta(hours=11))

    assert not is_inside(browser)


def test_the_database_does_not_hold_what_the_browser_has(desk: Desk) -> None:
    token = desk.inside().cookies[COOKIE]
    entered = desk.entrance.who(token)

    assert entered is not None
    assert token not in repr(entered.session) + entered.session.key + entered.session.form_key
    assert desk.entrance.who(entered.session.key) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("remi", "autre chose de long"),
        ("nobody", PASSWORD),
        ("", ""),
        ("gone", PASSWORD),
        ("remi\n", PASSWORD.upper()),
        ("remi", "x" * 20_000),
        ("remi'--", PASSWORD),
    ],
)
def test_whoever_may_not_enter_is_told_the_same_whatever_is_wrong(
    desk: Desk, name: str, password: str
) -> None:
    hashed = desk.entrance.passwords.hash(PASSWORD)
    desk.users.add_user(User("gone", Role.READER, hashed, desk.clock.now()), "root")
    desk.users.disable("gone", "root", desk.clock.now())
    browser = desk.browser()
    refused = browser.log_in(name, password)

    assert refused.status_code == 403
    assert "Ce nom et ce mot de passe ne vont pas ensemble" in refused.text
    assert password[:30] not in refused.text or not password
    assert not browser.cookies


def test_passwords_that_differ_after_many_bytes_differ() -> None:
    """bcrypt would stop at 72."""
    from watcher.passwords import Argon2

    argon = Argon2()

    assert not argon.verify(argon.hash("x" * 72 + "y"), "x" * 72 + "z")


def test_the_sixth_try_waits_even_with_the_right_password(desk: Desk) -> None:
    browser = desk.browser()
    tried = [browser.log_in("remi", "faux, archi-faux").status_code for _ in range(5)]
    waiting = browser.log_in("remi")

    assert tried == [403] * 5
    assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "60")
    assert "Réessayez dans 60 secondes" in waiting.text.replace("\xa0", " ")
    desk.clock.wait(timedelta(minutes=1))
    assert browser.log_in("remi").status_code == 303


def test_nobody_can_lock_somebody_out_from_elsewhere(desk: Desk) -> None:
    attacker = desk.browser("203.0.113.9")
    for _ in range(20):
        attacker.log_in("remi", "faux, archi-faux")

    assert desk.inside("remi", host="192.0.2.1")


def test_an_unknown_name_waits_as_a_known_one(desk: Desk) -> None:
    told: list[list[int]] = []
    for name in ("remi", "nobody"):
        browser = desk.browser(f"198.51.100.{len(told)}")
        told.append([browser.log_in(name, "faux, archi-faux").status_code for _ in range(7)])

    assert told[0] == told[1] == [403] * 5 + [429] * 2


def test_one_network_cannot_try_many_names(desk: Desk) -> None:
    browser = desk.browser()
    answers = [browser.log_in(f"name{n}", "faux, archi-faux").status_code for n in range(40)]

    assert answers == [403] * 30 + [429] * 10


def test_an_ipv6_network_is_one_party(desk: Desk) -> None:
    answers = [
        desk.browser(f"2001:db8::{n:x}").log_in("remi", "faux, archi-faux").status_code for n in range(7)
    ]

    assert answers == [403] * 5 + [429] * 2


def test_a_disabled_user_is_out_at_once_and_may_come_back(desk: Desk) -> None:
    browser = desk.inside()
    desk.users.disable("remi", "ana", desk.clock.now())

    assert not is_inside(browser)
    assert browser.log_in("remi").status_code == 403
    desk.users.enable("remi", "ana", desk.clock.now())
    assert not is_inside(browser)
    assert browser.log_in("remi").status_code == 303


def test_a_new_password_ends_all_sessions_of_its_user_and_no_other(desk: Desk) -> None:
    here, elsewhere, other = desk.inside(), desk.inside(host="192.0.2.77"), desk.inside("lea")
    fields = [("old", PASSWORD), ("new", NEW), ("again", NEW)]
    changed = here.send("/desk/password", fields)

    assert (changed.status_code, changed.headers["location"]) == (303, "/desk/login?said=changed")
    assert [is_inside(browser) for browser in (here, elsewhere, other)] == [False, False, True]
    assert here.log_in("remi").status_code == 403
    assert here.log_in("remi", NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "status", "said"),
    [
        ("faux, archi-faux", NEW, NEW, 403, "Le mot de passe actuel"),
        (PASSWORD, "court", "court", 422, "trop court : au moins 12"),
        (PASSWORD, NEW, NEW + "x", 422, "diffèrent"),
        (PASSWORD, "remi-remi-remi", "remi-remi-remi", 422, "votre nom"),
        (PASSWORD, "é" * 600, "é" * 600, 422, "trop long : 1024 octets"),
    ],
)
def test_a_password_that_is_not_taken_changes_nothing(
    desk: Desk, old: str, new: str, again: str, status: int, said: str
) -> None:
    browser = desk.inside()
    refused = browser.send("/desk/password", [("old", old), ("new", new), ("again", again)])

    assert refused.status_code == status
    assert said in refused.text.replace("\xa0", " ").replace("\u202f", " ")
    assert is_inside(browser)
    assert desk.browser().log_in("remi").status_code == 303


def test_the_present_password_cannot_be_guessed_from_inside_either(desk: Desk) -> None:
    browser = desk.inside()
    fields = [("old", "faux, archi-faux"), ("new", NEW), ("again", NEW)]
    answers = [browser.send("/desk/password", fields).status_code for _ in range(7)]

    assert answers == [403] * 5 + [429] * 2


def test_a_hash_of_former_parameters_is_renewed_and_no_session_ends(desk: Desk) -> None:
    before = desk.inside()
    passwords = desk.entrance.passwords
    assert isinstance(passwords, QuickPasswords)
    passwords.strength = 2
    after = desk.inside()
    user = desk.users.user("remi")

    assert user is not None
    assert user.password.startswith("2:")
    assert is_inside(before)
    assert is_inside(after)
    assert desk.inside()


@pytest.mark.parametrize("path", ["/desk/login", "/desk/password", "/desk/users"])
def test_pages_of_the_desk_are_kept_by_nobody_and_found_by_nobody(desk: Desk, path: str) -> None:
    headers = (
        desk.inside("ana").look(path).headers if path != "/desk/login" else desk.browser().look(path).headers
    )

    assert headers["cache-control"] == "no-store"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_whoever_is_inside_already_is_not_asked_again(desk: Desk) -> None:
    led = desk.inside().look("/desk/login?next=/desk/password")

    assert (led.status_code, led.headers["location"]) == (303, "/desk/password")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": BASE, "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_no_other_page_can_log_somebody_in(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.browser()
    refused = browser.ask("POST", "/desk/login", [("name", "remi"), ("password", PASSWORD)], headers)

    assert refused.status_code == 403
    assert not browser.cookies


def test_a_password_that_changes_while_it_is_checked_opens_nothing(desk: Desk) -> None:
    class Slow(QuickPasswords):
        def verify(self, hashed: str | None, password: str) -> bool:
            right = super().verify(hashed, password)
            desk.users.set_password("remi", self.hash(NEW), "remi", desk.clock.now())
            return right

    entered = Entrance(desk.users, Slow(), desk.clock).log_in("remi", PASSWORD, "192.0.2.1")

    assert entered == Denied(Why.WRONG)


def test_a_crowd_hashes_two_at_a_time_and_the_rest_is_sent_away_at_once() -> None:
    started = Barrier(AT_ONCE + 1)
    go_on = Barrier(AT_ONCE + 1)
    running, most = [], []

    class Slow(QuickPasswords):
        def verify(self, hashed: str | None, password: str) -> bool:
            running.append(password)
            most.append(len(running))
            if len(most) <= AT_ONCE:
                started.wait(10)
                go_on.wait(10)
            running.remove(password)
            return super().verify(hashed, password)

    users, clock = MemoryUsers(), StillClock()
    door = entrance(users, clock, Slow())
    told: list[Welcome | Denied] = []
    tries = [
        Thread(target=lambda n=n: told.append(door.log_in("remi", PASSWORD, f"198.51.100.{n}")))
        for n in range(WAITING)
    ]
    for one in tries:
        one.start()
    started.wait(10)
    while not _all_wait(door):
        pass
    sent_away = door.log_in("remi", PASSWORD, "203.0.113.1")
    go_on.wait(10)
    for one in tries:
        one.join(10)

    assert sent_away == Denied(Why.BUSY, 1)
    assert max(most) == AT_ONCE
    assert all(isinstance(one, Welcome) for one in told)
    assert len(told) == WAITING


def _all_wait(door: Entrance) -> bool:
    free = door._guesses.waiting.acquire(blocking=False)
    if free:
        door._guesses.waiting.release()
    return not free
