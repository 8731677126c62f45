"""Who may change what: every route of the whole site, against everything that somebody may try."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

import httpx
import pytest

from tests.fakes.alerts import BASE
from tests.integration.web.maintainer import OURS, Maintainer
from tests.integration.web.whole_site import READING, WholeSite, whole_site
from watcher.core.users import SESSION
from watcher.web.openings import PUBLIC

DECIDES = ("/desk/alerts/{alert}", "/desk/undo", "/desk/problems", "/desk/sources")
ADMINISTERS = (
    "/desk/users",
    "/desk/users/{name}/role",
    "/desk/users/{name}/disable",
    "/desk/users/{name}/enable",
)
ANYBODYS = ("/desk/logout", "/desk/password")  # of those inside
ACTIONS = (*ANYBODYS, *DECIDES, *ADMINISTERS)
PAGES = (
    "/desk",
    "/desk/alerts/{alert}",
    "/desk/alerts/{alert}/page",
    "/desk/history",
    "/desk/mutes",
    "/desk/password",
    "/desk/problems",
    "/desk/rules",
    "/desk/sources",
)
ROLES = {"ana": {*ACTIONS}, "remi": {*ANYBODYS, *DECIDES}, "lea": {*ANYBODYS}, "": set[str]()}
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
Form = list[tuple[str, str]]


@dataclass
class Attempt:
    """What somebody sends."""

    browser: Maintainer
    path: str
    body: Form | bytes
    headers: dict[str, str] = field(default_factory=lambda: dict(OURS))
    method: str = "POST"

    def __call__(self) -> httpx.Response:
        return self.browser.ask(self.method, self.path, self.body, self.headers)


Preparing = Callable[[WholeSite, str, Form], Attempt]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSite]:
    """Shared: nothing that is tried against it may leave a trace."""
    with whole_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSite]:
    with whole_site(tmp_path_factory.mktemp("site")) as site:
        yield site


def allowed(site: WholeSite, path: str, form: Form, name: str = "ana") -> Attempt:
    browser, token = site.inside(name)
    return Attempt(browser, path, [("token", token), *form])


def nobody(site: WholeSite, path: str, form: Form) -> Attempt:
    return Attempt(site.browser(), path, allowed(site, path, form).body)


def no_token(site: WholeSite, path: str, form: Form) -> Attempt:
    return Attempt(site.inside("ana")[0], path, form)


def empty_token(site: WholeSite, path: str, form: Form) -> Attempt:
    return Attempt(site.inside("ana")[0], path, [("token", "."), *form])


def token_of_another_session(site: WholeSite, path: str, form: Form) -> Attempt:
    return Attempt(site.inside("ana")[0], path, allowed(site, path, form, "remi").body)


def token_in_the_address(site: WholeSite, path: str, form: Form) -> Attempt:
    browser, token = site.inside("ana")
    return Attempt(browser, f"{path}?{urlencode({'token': token})}", form)


def made_up_cookie(site: WholeSite, path: str, form: Form) -> Attempt:
    attempt = allowed(site, path, form)
    cookies = attempt.browser.cookies
    attempt.browser.cookies = {name: value[::-1] for name, value in cookies.items()}
    return attempt


def expired(site: WholeSite, path: str, form: Form) -> Attempt:
    attempt = allowed(site, path, form)
    site.bureau.clock.wait(SESSION)
    return attempt


def disabled(site: WholeSite, path: str, form: Form) -> Attempt:
    users, now = site.bureau.users, site.bureau.clock.now()
    users.enable("gone", "root", now)
    browser = site.browser("gone")
    body = [("token", browser.token()), *form]
    users.disable("gone", "root", now)
    return Attempt(browser, path, body)


def sent_with(headers: dict[str, str]) -> Preparing:
    def prepared(site: WholeSite, path: str, form: Form) -> Attempt:
        return replace(allowed(site, path, form), headers=headers)

    return prepared


def as_body(kind: str, dump: Callable[[dict[str, str]], str]) -> Preparing:
    """All fields, the token among them, as no form of a page sends them."""

    def prepared(site: WholeSite, path: str, form: Form) -> Attempt:
        browser, token = site.inside("ana")
        body = dump(dict([("token", token), *form])).encode()
        return Attempt(browser, path, body, {**OURS, "content-type": kind})

    return prepared


def instead_of_post(method: str, **headers: str) -> Preparing:
    """All fields, in the address too."""

    def prepared(site: WholeSite, path: str, form: Form) -> Attempt:
        browser, token = site.inside("ana")
        fields = [("token", token), ("_method", "POST"), *form]
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Attempt(browser, f"{path}?{urlencode(fields)}", fields, {**OURS, **named}, method)

    return prepared


TRIES: dict[str, Preparing] = {
    "nobody": nobody,
    "no token": no_token,
    "empty token": empty_token,
    "token of another session": token_of_another_session,
    "token in the address": token_in_the_address,
    "made up cookie": made_up_cookie,
    "expired": expired,
    "disabled": disabled,
    "no origin": sent_with({}),
    "foreign origin": sent_with({"origin": "https://evil.example"}),
    "foreign origin that begins like ours": sent_with({"origin": f"{BASE}.evil.example"}),
    "our host on plain http": sent_with({"origin": BASE.replace("https", "http")}),
    "null origin": sent_with({"origin": "null"}),
    "null origin, same site": sent_with({"origin": "null", "sec-fetch-site": "same-origin"}),
    "foreign origin, same site": sent_with(
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"}
    ),
    "our origin, cross-site": sent_with({"origin": BASE, "sec-fetch-site": "cross-site"}),
    "another host of the site": sent_with({"origin": BASE, "sec-fetch-site": "same-site"}),
    "JSON": as_body("application/json", json.dumps),
    "JSON as text": as_body("text/plain", json.dumps),
    "JSON as a form": as_body("application/x-www-form-urlencoded", json.dumps),
    "form as text": as_body("text/plain", urlencode),
    "GET that says POST": instead_of_post("GET", x_http_method_override="POST"),
    "HEAD that says POST": instead_of_post("HEAD", x_http_method_override="POST"),
    "PUT": instead_of_post("PUT"),
    "PATCH that says POST": instead_of_post("PATCH", x_method_override="POST"),
    "DELETE that says POST": instead_of_post("DELETE", x_http_method="POST"),
}

_variable = re.compile(r"\{\w+\}")


def test_every_action_is_named_as_public_or_is_one_of_the_desk(site: WholeSite) -> None:
    acting = {path for path, methods in site.routes.items() if methods - READING}

    assert acting == {*PUBLIC, *ACTIONS}
    assert all(methods <= READING | {"POST"} for methods in site.routes.values())


def test_every_page_of_the_desk_is_named_here(site: WholeSite) -> None:
    shown = {path for path, methods in site.routes.items() if path.startswith("/desk") and methods & READING}

    assert shown == {*PAGES, "/desk/users", "/desk/login"}


MAY = [(name, route, "") for name in ROLES for route in sorted(ROLES[name])]
MAY_NOT = [(name, route) for name in ROLES for route in ACTIONS if route not in ROLES[name]]


@pytest.mark.parametrize(("name", "route", "root"), [*MAY, ("remi", "/desk/alerts/{alert}", "/en")])
def test_whoever_may_and_sends_the_form_of_a_page_changes_something(
    own_site: WholeSite, name: str, route: str, root: str
) -> None:
    """Without this, the next tests would prove nothing."""
    attempt = allowed(own_site, root + own_site.path(route), own_site.form(route), name)
    before = own_site.content()

    assert attempt().status_code == 303
    assert own_site.content() != before


@pytest.mark.parametrize(("name", "route"), MAY_NOT)
def test_whoever_may_not_changes_nothing(site: WholeSite, name: str, route: str) -> None:
    path, form = site.path(route), site.form(route)
    attempt = allowed(site, path, form, name) if name else nobody(site, path, form)
    before = site.content()

    assert attempt().status_code == 403
    assert site.content() == before


@pytest.mark.parametrize("route", ACTIONS)
@pytest.mark.parametrize("prepare", TRIES.values(), ids=TRIES)
def test_no_other_way_of_asking_changes_anything(site: WholeSite, route: str, prepare: Preparing) -> None:
    time = site.bureau.clock.time
    attempt = prepare(site, site.path(route), site.form(route))
    before = site.content()
    answer = attempt()
    site.bureau.clock.time = time

    assert site.content() == before
    assert answer.status_code in ({200, 404, 405} if attempt.method != "POST" else {403})


@pytest.mark.parametrize("name", ROLES)
def test_each_role_sees_what_it_may_and_nothing_else(site: WholeSite, name: str) -> None:
    browser = site.browser(name)
    seen = {path: browser.look(site.path(path)).status_code for path in (*PAGES, "/desk/users")}
    users = {"ana": 200, "": 303}.get(name, 403)

    assert seen == dict.fromkeys(PAGES, 200 if name else 303) | {"/desk/users": users}


@pytest.mark.parametrize("name", ROLES)
def test_no_page_writes_or_fails_because_it_may_not(site: WholeSite, name: str) -> None:
    """All of them run where the database refuses to write, with real names in their addresses and others."""
    browser = site.browser(name)
    before = site.content()
    reading = [path for path, methods in site.routes.items() if methods & READING]
    paths = [site.path(path) for path in reading]
    paths += [_variable.sub("nothing-of-this-name", path) for path in reading]
    answers = {path: browser.ask(method, path).status_code for path in paths for method in READING}

    assert {path: status for path, status in answers.items() if status >= 500} == {}
    assert site.content() == before


@pytest.mark.parametrize("method", METHODS)
def test_no_route_writes_by_a_method_or_a_body_that_it_does_not_know(site: WholeSite, method: str) -> None:
    browser = site.browser("ana")
    before = site.content()
    answers = {
        path: browser.ask(method, site.path(path), [("do", "leave"), ("token", "x")], OURS).status_code
        for path in site.routes
    }

    assert site.content() == before
    assert not {path: status for path, status in answers.items() if status >= 500}
    if method != "POST":
        assert set(answers.values()) <= {404, 405}
