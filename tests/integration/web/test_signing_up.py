"""Signing up on the page: what is asked, what is refused, and what strangers can learn or do by it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from lxml import html
from starlette.types import Message

from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.store import MemoryStore
from tests.integration.web.newcomer import ANA, Newcomer
from tests.integration.web.visitor import site, visiting
from watcher.core.mail_address import LONGEST
from watcher.core.severity import Severity
from watcher.core.subscriptions import Cadence, Choices, Interest

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def main_text(page: str) -> str:
    (main,) = html.fromstring(page).xpath("//main")
    return " ".join(main.text_content().split())


def test_whoever_signs_up_waits_for_the_confirmation_with_all_their_choices(newcomer: Newcomer) -> None:
    answer = newcomer.sign_up(
        ANA,
        ("prefecture", "15"),
        ("prefecture", "974"),
        ("category", "outage"),
        ("motif", "salarie"),
        ("severity", "notice"),
        ("verified", "1"),
        ("cadence", "daily"),
        ("language", "en"),
        ("zone", ""),
        ("neutral", "1"),
    )

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    (signup,) = newcomer.signups()
    interest = Interest(
        frozenset({"15", "974"}), frozenset({"outage"}), frozenset({"salarie"}), True, Severity.NOTICE
    )
    assert signup.choices == Choices(interest, Cadence.DAILY, "en", "Europe/Paris", True)
    assert signup.consent == "1-fr"
    assert signup.asked_at == newcomer.clock.now()
    assert newcomer.vault.open(signup.recipient, signup.id) == ANA
    assert newcomer.subscribed() is None


def test_the_consent_tells_in_which_language_it_was_read(newcomer: Newcomer) -> None:
    newcomer.post("/en/subscribe", newcomer.form(language="/en"))
    assert [signup.consent for signup in newcomer.signups()] == ["1-en"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("address", "", "Il manque votre adresse"),
        ("address", "ana", "Ce n'est pas une adresse"),
        ("address", "ana@exemple.fr\r\nBcc: x@y.fr", "Ce n'est pas"),
        ("address", "ana@exemple", "nom de domaine"),
        ("address", "a" * 300 + "@exemple.fr", "trop longue"),
        ("prefecture", "<b>", "<b>"),
        ("zone", "Mars/Phobos", "Mars/Phobos"),
        ("cadence", "hourly", "hourly"),
        ("consent", "0", "Sans votre accord"),
        ("form", "", "ouvert depuis trop longtemps"),
        ("form", "subscribe.68c1cd9e.65f510b45f8da6feea2e777eacec2627", "ouvert depuis trop longtemps"),
        ("homepage", "https://buy.example", "champ à laisser vide"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_form_comes_back_filled_in(
    newcomer: Newcomer, field: str, value: str, told: str
) -> None:
    fields = [*newcomer.form(), ("motif", "salarie"), ("cadence", "weekly")]
    answer = newcomer.post("/subscribe", [*((n, v) for n, v in fields if n != field), (field, value)])

    page = html.fromstring(answer.text)
    (trouble,) = page.xpath("//*[@role='alert']")
    assert answer.status_code == 422
    assert told in trouble.text_content()
    assert page.xpath("//input[@value='salarie']/@checked")
    assert len(page.xpath("string(//input[@name='address']/@value)")) <= LONGEST
    for target in trouble.xpath(".//a/@href"):
        assert page.xpath("//*[@id=$id]", id=target[1:])
    if field == "address":
        (box,) = page.xpath("//input[@aria-invalid='true']")
        assert "trouble" in box.get("aria-describedby")
    assert newcomer.signups() == []


def test_a_form_stays_open_for_twelve_hours(newcomer: Newcomer) -> None:
    fields = newcomer.form()
    newcomer.pass_time(12 * HOUR - MINUTE)
    assert newcomer.post("/subscribe", fields).status_code == 200
    newcomer.pass_time(MINUTE)
    assert newcomer.post("/subscribe", fields).status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": BASE}, 200),
        ({"origin": "null"}, 200),
        ({"origin": "null", "sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "none"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": f"{BASE}.evil.example"}, 403),
        ({"origin": f"https://evil.example/{BASE}"}, 403),
        ({"origin": "https://[::1"}, 403),  # no address at all
        ({"origin": "https://", "host": ""}, 403),
        ({"origin": "null", "sec_fetch_site": "cross-site"}, 403),
        ({"origin": BASE, "sec_fetch_site": "same-site"}, 403),
    ],
)
def test_only_forms_of_our_own_pages_are_followed(
    newcomer: Newcomer, headers: dict[str, str], status: int
) -> None:
    answer = newcomer.post("/subscribe", newcomer.form(), **headers)
    assert answer.status_code == status
    assert len(newcomer.signups()) == (status == 200)


def test_whoever_hangs_up_in_the_middle_of_a_form_is_no_error_of_ours(newcomer: Newcomer) -> None:
    begun: Message = {"type": "http.request", "body": b"form=", "more_body": True}
    heard = iter([begun, {"type": "http.disconnect"}])
    told: list[Message] = []

    async def receive() -> Message:
        return next(heard)

    async def send(message: Message) -> None:
        told.append(message)

    path = "/subscribe"
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    newcomer.visitor.portal.call(newcomer.visitor.app, {**scope, "headers": []}, receive, send)
    assert [one["status"] for one in told if "status" in one] == [400]


def test_a_body_that_no_form_of_ours_can_have_is_not_read(newcomer: Newcomer) -> None:
    assert newcomer.post("/subscribe", b"a=" + b"x" * 40_000).status_code == 413
    assert newcomer.post("/subscribe", b"&".join([b"a=1"] * 5_000)).status_code == 422
    assert newcomer.post("/subscribe", b"\xff\x00%%%", content_type="multipart/form-data").status_code == 422


def test_ten_sign_ups_an_hour_come_from_one_network_whatever_the_addresses(newcomer: Newcomer) -> None:
    fields = newcomer.form()

    def asked(host: str) -> int:
        return newcomer.post("/subscribe", fields, host=host).status_code

    assert [asked(f"192.0.2.{n}") for n in range(12)] == [200] * 10 + [429] * 2
    assert [asked(f"2001:db8:1:{n}::1") for n in range(12)] == [200] * 10 + [429] * 2
    assert asked("192.0.3.1") == asked("2001:db8:2::1") == 200
    refused = newcomer.post("/subscribe", fields, host="192.0.2.1")
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert "Trop d'inscriptions depuis votre réseau" in main_text(refused.text)
    newcomer.pass_time(HOUR)
    assert asked("192.0.2.1") == 200


def test_nine_mailboxes_are_not_bombed_by_a_thousand_forms(bomber: Newcomer) -> None:
    """From fifty networks, all within a day, spelt in many ways."""
    fields = {
        n: bomber.form(f"victim{n % 9}{'+' if n % 2 else ''}{'x' * (n % 5 if n % 2 else 0)}@exemple.fr")
        for n in range(90)
    }
    answers = Counter[int]()
    for number in range(1_000):
        host = f"198.51.{number % 50}.7"
        answers[bomber.post("/subscribe", fields[number % 90], host=host).status_code] += 1
        if number % 50 == 49:
            bomber.pass_time(HOUR / 2)
            bomber.judge()
    letters = [letter.due_at for letter in bomber.store.letters]  # type: ignore[attr-defined]
    assert set(answers) == {200}
    assert len(letters) <= 27
    assert len(bomber.store.asked) == answers[200]  # type: ignore[attr-defined]


def test_the_answer_tells_nothing_of_an_address(newcomer: Newcomer) -> None:
    """Whether it is unknown, waits, is subscribed, wants nothing of us or cannot exist: the same to the byte."""
    newcomer.confirmed("confirmed@exemple.fr")
    newcomer.waiting("waiting@exemple.fr")
    newcomer.post(newcomer.never_path(newcomer.waiting("refusing@exemple.fr")))
    kinds = [
        "confirmed@exemple.fr",
        "waiting@exemple.fr",
        "refusing@exemple.fr",
        "n@new.fr",
        "x@nowhere.invalid",
    ]
    answers = [newcomer.sign_up(address, host=f"10.{n}.0.1") for n, address in enumerate(kinds)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


@pytest.mark.parametrize("path", ["/subscribe", "/en/subscribe"])
def test_without_mail_the_page_says_so_and_offers_the_feeds(path: str) -> None:
    with visiting(site(MemoryStore())) as visitor:
        page = visitor.ask(path)
        assert page.status_code == 200
        assert html.fromstring(page.text).xpath("//main//a[contains(@href, '/feeds')]")
        assert not html.fromstring(page.text).xpath("//form")
        assert visitor.ask("/unsubscribe/x", "POST").status_code == 404


def test_the_form_can_be_used_without_a_mouse_or_a_program(newcomer: Newcomer) -> None:
    page = html.fromstring(
        newcomer.visitor.ask("/subscribe?prefecture=69&cadence=weekly&address=x@y.fr").text
    )
    assert not page.xpath("//script|//@style|//*[@onclick or @tabindex > 0]")
    for box in page.xpath("//form//input[@type != 'hidden']|//form//select"):
        labelled = box.xpath("ancestor::label") or page.xpath("//label[@for=$id]", id=box.get("id", ""))
        assert labelled, box.get("name")
    for name in ("prefecture", "category", "motif", "severity", "cadence", "language"):
        assert page.xpath("//fieldset[legend]//input[@name=$name]", name=name)
    assert page.xpath("//input[@name='prefecture' and @value='69' and @checked]")
    assert page.xpath("//input[@name='cadence' and @value='weekly' and @checked]")
    assert page.xpath("string(//input[@name='address']/@value)") == ""
    offered = set(page.xpath("//input[@name='prefecture']/@value"))
    assert offered == set(VOCABULARY.prefectures)
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))


@pytest.mark.parametrize("path", ["/subscribe", "/en/subscribe"])
def test_the_form_is_kept_by_nobody(newcomer: Newcomer, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = newcomer.visitor.ask(path, method)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
