"""The hosts of procedures and bookings that the replica serves, asked as a browser asks them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from watcher.replica import Replica
from watcher.replica.services.model import PROCEDURES, RESERVATIONS

DS, RDV = "127.0.2.1", "127.0.2.10"


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(week="silent", limiter=False, prefectures=["34", "38", "44", "92", "94", "03"]) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def ask(
    browser: httpx.Client, replica: Replica, host: str, path: str, step: int = 0, **headers: str
) -> httpx.Response:
    replica.go(step)
    return browser.get(f"http://{host}:{replica.port}{path}", headers=headers)


def where(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.headers.get("location", "").partition("127.0.2.1:")[2].partition(
        "/"
    )[2]


def test_a_procedure_is_open_then_leads_to_why_it_is_closed(browser: httpx.Client, replica: Replica) -> None:
    path = "/commencer/titre-sejour-herault"
    before, after = (ask(browser, replica, DS, path, step) for step in (0, 2))

    assert "Commencer la démarche" in before.text
    assert where(after) == (302, "closing_details/titre-sejour-herault")
    assert (
        "est close depuis le 15 septembre 2025"
        in ask(browser, replica, DS, "/closing_details/titre-sejour-herault", 2).text
    )


def test_one_that_is_renamed_leads_there_for_good_and_one_that_is_replaced_for_now(
    browser: httpx.Client, replica: Replica
) -> None:
    assert where(ask(browser, replica, DS, "/commencer/naturalisation-loire-atlantique", 6)) == (
        301,
        "commencer/naturalisation-nantes",
    )
    assert where(ask(browser, replica, DS, "/commencer/aes-rendez-vous-isere", 9)) == (
        302,
        "commencer/sejour-isere-2026",
    )


def test_an_unknown_procedure_leads_to_the_home_page_which_says_so_to_who_keeps_the_cookie(
    browser: httpx.Client, replica: Replica
) -> None:
    answer = ask(browser, replica, DS, "/commencer/rien-de-tel")

    assert where(answer) == (302, "")
    assert "n’existe pas" in ask(browser, replica, DS, "/").text
    browser.cookies.clear()
    assert "n’existe pas" not in ask(browser, replica, DS, "/").text


@pytest.mark.parametrize("name", ["www.demarches-simplifiees.fr", "demarches-simplifiees.fr"])
def test_the_former_names_of_the_host_lead_to_its_present_one(
    browser: httpx.Client, replica: Replica, name: str
) -> None:
    answer = ask(browser, replica, DS, "/commencer/titre-sejour-herault", Host=name)

    assert (answer.status_code, answer.headers["location"]) == (
        301,
        "https://demarche.numerique.gouv.fr/commencer/titre-sejour-herault",
    )


def test_its_troubles_are_maintenance_too_many_requests_and_a_door(
    browser: httpx.Client, replica: Replica
) -> None:
    path = "/commencer/titre-sejour-herault"
    maintenance, hurried, door = (ask(browser, replica, DS, path, step) for step in (4, 7, 10))

    assert maintenance.status_code == 503
    assert (hurried.status_code, hurried.headers["retry-after"]) == (429, "60")
    assert where(door) == (302, "users/sign_in")


@pytest.mark.parametrize(
    ("host", "path"),
    [(DS, "/commencer/titre-sejour-herault"), (RDV, "/rdvpref/reservation/demarche/4418/")],
)
def test_no_two_answers_of_an_unchanged_page_are_the_same(
    browser: httpx.Client, replica: Replica, host: str, path: str
) -> None:
    assert ask(browser, replica, host, path).content != ask(browser, replica, host, path).content


def test_a_module_closes_and_another_one_is_gone(browser: httpx.Client, replica: Replica) -> None:
    replica.go(2)
    closed = browser.get(f"{replica.base('94')}/booking/create/4963")

    assert "Le module de prise de rendez-vous est fermé." in closed.text
    assert "FormBookingCreate" not in closed.text
    assert browser.get(f"{replica.base('92')}/booking/create/11681").status_code == 404


def test_every_request_for_a_step_behind_the_first_is_counted_against_who_asks(
    browser: httpx.Client, replica: Replica
) -> None:
    first = [
        f"{replica.base('94')}/booking/create/4963/0",
        f"http://{RDV}:{replica.port}/rdvpref/reservation/demarche/16040/",
    ]
    behind = [f"{replica.base('94')}/booking/create/4963/1", f"{first[1]}cgu/", f"{first[1]}creneau/"]
    replica.go(0)
    assert [browser.get(url).status_code for url in first] == [200, 200]
    assert replica.overstepped == []

    assert [browser.get(url).status_code for url in behind] == [200, 200, 200]
    assert [code for code, _ in replica.overstepped] == ["94", RESERVATIONS, RESERVATIONS]


def test_the_log_names_the_host_that_was_asked(browser: httpx.Client, replica: Replica) -> None:
    ask(browser, replica, DS, "/robots.txt")

    assert replica.log[-1] == (PROCEDURES, "/robots.txt", 200)


def test_the_silent_week_needs_an_address_for_each_host() -> None:
    with pytest.raises(ValueError, match="an address for each host"):
        Replica(week="silent", hosts="paths")
    with pytest.raises(ValueError, match="no such week: loud"):
        Replica(week="loud")
