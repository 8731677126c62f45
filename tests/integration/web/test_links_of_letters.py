"""What the links of our letters do: nothing when they are looked at, and what they say when they are followed."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from tests.integration.web.newcomer import ANA, Newcomer
from tests.integration.web.test_signing_up import main_text
from watcher.core.outbox import MessageKind
from watcher.core.ports_outgoing import Purpose
from watcher.core.subscriptions import Cadence, EndReason

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ONE_CLICK = b"List-Unsubscribe=One-Click"
MULTIPART = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
)


def test_a_click_and_a_button_make_a_subscription(newcomer: Newcomer) -> None:
    signup = newcomer.waiting(ANA, ("prefecture", "15"), ("cadence", "weekly"))
    path = newcomer.confirm_path(signup)

    shown = newcomer.visitor.ask(path)
    assert shown.status_code == 200
    assert "Cantal (15)" in main_text(shown.text)
    assert html.fromstring(shown.text).xpath("//form[@method='post']/@action") == [path]
    newcomer.pass_time(HOUR)
    done = newcomer.post(path)
    assert done.status_code == 200
    assert "lundi matin" in main_text(done.text)

    subscription = newcomer.subscribed()
    assert subscription is not None
    assert subscription.choices == signup.choices
    assert (subscription.asked_at, subscription.confirmed_at) == (signup.asked_at, newcomer.clock.now())
    assert subscription.consent == "1-fr"
    assert newcomer.vault.open(subscription.recipient, subscription.id) == ANA


def test_a_confirmation_serves_once_and_for_two_days(newcomer: Newcomer) -> None:
    first = newcomer.waiting()
    path = newcomer.confirm_path(first)
    assert newcomer.post(path).status_code == 200
    assert newcomer.post(path).status_code == newcomer.visitor.ask(path).status_code == 404
    late = newcomer.confirm_path(newcomer.waiting("bob@exemple.fr"))
    newcomer.pass_time(2 * DAY)
    assert newcomer.visitor.ask(late).status_code == newcomer.post(late).status_code == 404
    assert newcomer.subscribed("bob@exemple.fr") is None


def test_who_signs_up_again_keeps_one_subscription_with_the_new_choices(newcomer: Newcomer) -> None:
    before = newcomer.confirmed(ANA, ("prefecture", "15"))
    newcomer.pass_time(HOUR)
    after = newcomer.confirmed("Ana@Exemple.FR", ("prefecture", "69"))
    assert after.id == before.id
    assert after.choices.interest.prefectures == {"69"}
    assert newcomer.vault.open(after.recipient, after.id).lower() == ANA
    assert len(newcomer.store.subscriptions()) == 1


def test_a_confirmation_that_was_cut_short_is_healed_by_the_next_click(newcomer: Newcomer) -> None:
    signup = newcomer.waiting()
    path = newcomer.confirm_path(signup)
    there = newcomer.confirmed("other@exemple.fr")  # a neighbour must not be touched by it
    would_be = newcomer.vault.seal(ANA, _future_id(newcomer, signup.id))
    newcomer.store.reseal(signup.id, would_be)
    assert newcomer.post(path).status_code == 200
    made = newcomer.subscribed()
    assert made is not None
    assert newcomer.vault.open(made.recipient, made.id) == ANA
    assert newcomer.subscribed("other@exemple.fr") == there


def _future_id(newcomer: Newcomer, signup: str) -> str:
    from watcher.subscribe import _subscription_of

    return _subscription_of(signup)


def test_looking_at_links_changes_nothing(newcomer: Newcomer) -> None:
    """Mail scanners open every link of every letter."""
    subscription = newcomer.confirmed()
    signup = newcomer.waiting("bob@exemple.fr")
    paths = [
        newcomer.confirm_path(signup),
        newcomer.never_path(signup),
        newcomer.unsubscribe_path(subscription),
        newcomer.manage_path(subscription),
        f"{newcomer.manage_path(subscription)}/data",
    ]
    for path in [*paths, *(f"/en{path}" for path in paths)]:
        for method in ("GET", "HEAD", "GET"):
            answer = newcomer.visitor.ask(path, method)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-robots-tag"] == "noindex"
            assert "set-cookie" not in answer.headers
            assert "http" not in "".join(
                html.fromstring(answer.text or "-").xpath("//script/@src|//img/@src")
            )
    for method in ("GET", "HEAD"):
        assert newcomer.visitor.ask(newcomer.link_path(subscription), method).status_code == 405
    assert newcomer.subscribed() == subscription
    assert newcomer.signups("bob@exemple.fr") == [signup]
    assert newcomer.subscribed("bob@exemple.fr") is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [(ONE_CLICK, "application/x-www-form-urlencoded"), MULTIPART],
)
def test_mail_programs_unsubscribe_with_one_click(newcomer: Newcomer, body: bytes, kind: str) -> None:
    subscription = newcomer.confirmed()
    path = newcomer.unsubscribe_path(subscription)
    for headers in ({}, {"origin": "https://mail.example", "sec_fetch_site": "cross-site"}):
        answer = newcomer.post(path, body, content_type=kind, **headers)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "location" not in answer.headers
    ended = newcomer.store.subscription(subscription.id)
    assert ended is not None
    assert ended.ended_reason is EndReason.ONE_CLICK
    assert ended.recipient.erased
    assert newcomer.subscribed() is None


def test_the_button_unsubscribes_too_and_can_be_pressed_again(newcomer: Newcomer) -> None:
    subscription = newcomer.confirmed()
    path = newcomer.unsubscribe_path(subscription)
    assert newcomer.post(path, sec_fetch_site="cross-site").status_code == 403
    assert newcomer.subscribed() is not None
    for _ in range(2):
        answer = newcomer.post(path)
        assert answer.status_code == 200
        assert "Plus rien ne vous sera envoyé" in main_text(answer.text)
    ended = newcomer.store.subscription(subscription.id)
    assert ended is not None
    assert ended.ended_reason is EndReason.UNSUBSCRIBED
    assert "Plus rien ne vous sera envoyé" in main_text(newcomer.visitor.ask(path).text)


def test_a_stolen_database_tells_no_address_and_opens_no_link(newcomer: Newcomer, tmp_path: Path) -> None:
    signup = newcomer.waiting("bob@exemple.fr")
    subscription = newcomer.confirmed("Ana+vigie@exemple.fr")
    newcomer.post(newcomer.link_path(subscription))
    newcomer.post(newcomer.never_path(newcomer.waiting("eve@exemple.fr")))
    paths = [
        newcomer.confirm_path(signup),
        newcomer.never_path(signup),
        newcomer.unsubscribe_path(subscription),
        newcomer.manage_path(subscription),
    ]
    secrets = [path.rpartition(".")[2] for path in paths]
    secrets += ["exemple.fr", "bob@", "vigie@", "eve@", "192.0.2", (tmp_path / "vigie.key").read_text()[9:73]]
    stolen = b"".join(file.read_bytes() for file in tmp_path.glob("vigie.db*")).lower()
    assert [secret for secret in secrets if secret.lower().encode() in stolen] == []


def test_a_link_to_unsubscribe_is_good_for_years(newcomer: Newcomer) -> None:
    path = newcomer.unsubscribe_path(newcomer.confirmed())
    newcomer.pass_time(3000 * DAY)
    assert newcomer.post(path, ONE_CLICK).status_code == 200
    assert newcomer.subscribed() is None


def test_forged_links_do_nothing_and_links_of_one_kind_nothing_of_another(newcomer: Newcomer) -> None:
    subscription, signup = newcomer.confirmed(), newcomer.waiting("bob@exemple.fr")
    tokens = ["x", "0" * 65, "%0a", newcomer.vault.token(Purpose.BOUNCE, subscription.id)]
    for kind in ("confirm", "never", "unsubscribe", "manage-link", "manage"):
        for purpose in Purpose:
            for subject in (subscription.id, signup.id):
                if purpose != (Purpose.UNSUBSCRIBE if kind == "manage-link" else kind):
                    tokens.append(newcomer.vault.token(purpose, subject))
        for token in tokens:
            assert newcomer.post(f"/{kind}/{token}", ONE_CLICK).status_code == 404, (kind, token)
            assert newcomer.visitor.ask(f"/{kind}/{token}").status_code in {404, 405}
        tokens = tokens[:4]
    assert newcomer.subscribed() == subscription
    assert newcomer.signups("bob@exemple.fr") == [signup]


def test_who_holds_a_link_to_leave_can_ask_for_one_to_choose(newcomer: Newcomer) -> None:
    subscription = newcomer.confirmed()
    newcomer.pass_time(HOUR)
    page = html.fromstring(newcomer.visitor.ask(newcomer.unsubscribe_path(subscription)).text)
    assert newcomer.link_path(subscription) in page.xpath("//form/@action")
    for _ in range(5):
        assert newcomer.post(newcomer.link_path(subscription)).status_code == 200
    assert _letters(newcomer, MessageKind.MANAGEMENT) == 1
    newcomer.pass_time(11 * MINUTE)
    newcomer.post(newcomer.link_path(subscription))
    assert _letters(newcomer, MessageKind.MANAGEMENT) == 2
    newcomer.store.end(subscription.id, EndReason.UNSUBSCRIBED, newcomer.clock.now())
    newcomer.pass_time(DAY)
    newcomer.post(newcomer.link_path(subscription))
    assert _letters(newcomer, MessageKind.MANAGEMENT) == 2


def _letters(newcomer: Newcomer, kind: MessageKind) -> int:
    held = getattr(newcomer.store, "letters", None)
    return sum(one.kind is kind for one in (newcomer.outbox.messages() if held is None else held))


def test_choices_are_shown_and_changed(newcomer: Newcomer) -> None:
    subscription = newcomer.confirmed(ANA, ("prefecture", "974"), ("neutral", "1"))
    path = newcomer.manage_path(subscription)
    page = html.fromstring(newcomer.visitor.ask(path).text)
    assert ANA in page.text_content()
    assert page.xpath("//input[@name='prefecture' and @checked]/@value") == ["974"]
    assert page.xpath("//select[@name='zone']/option[@selected]/@value") == ["Indian/Reunion"]
    assert page.xpath("//input[@name='neutral' and @checked]")

    saved = newcomer.post(
        path, [("do", "save"), ("category", "fee"), ("cadence", "daily"), ("language", "en")]
    )
    assert saved.status_code == 200
    assert "C'est enregistré" in main_text(saved.text)
    changed = newcomer.subscribed()
    assert changed is not None
    assert changed.id == subscription.id
    assert changed.choices.interest.categories == {"fee"}
    assert changed.choices.interest.prefectures == frozenset()
    assert (changed.choices.cadence, changed.choices.language) == (Cadence.DAILY, "en")

    refused = newcomer.post(path, [("do", "save"), ("cadence", "hourly")])
    assert refused.status_code == 422
    assert "hourly" in main_text(refused.text)
    assert newcomer.post(path, [("do", "save")], sec_fetch_site="cross-site").status_code == 403
    assert newcomer.subscribed() == changed


def test_people_take_their_data_with_them(newcomer: Newcomer) -> None:
    subscription = newcomer.confirmed(ANA, ("prefecture", "15"))
    answer = newcomer.visitor.ask(f"{newcomer.manage_path(subscription)}/data")
    assert answer.headers["content-type"] == "application/json"
    assert "attachment" in answer.headers["content-disposition"]
    data = json.loads(answer.text)
    assert data["subscription"]["address"] == ANA
    assert data["subscription"]["choices"]["prefecture"] == ["15"]
    assert data["subscription"]["consent"] == "1-fr"
    assert len(data["letters"]) == 1


def test_people_leave_and_are_forgotten(newcomer: Newcomer) -> None:
    subscription = newcomer.confirmed()
    path = newcomer.manage_path(subscription)
    assert "Plus rien ne vous sera envoyé" in main_text(newcomer.post(path, [("do", "leave")]).text)
    ended = newcomer.store.subscription(subscription.id)
    assert ended is not None
    assert ended.recipient.erased
    assert newcomer.visitor.ask(path).status_code == newcomer.post(path, [("do", "save")]).status_code == 404
    assert newcomer.visitor.ask(f"{path}/data").status_code == 404


def test_a_link_to_choices_is_good_for_half_an_hour(newcomer: Newcomer) -> None:
    path = newcomer.manage_path(newcomer.confirmed())
    newcomer.pass_time(30 * MINUTE)
    for answer in (newcomer.visitor.ask(path), newcomer.post(path, [("do", "leave")])):
        assert answer.status_code == 404
        assert ANA not in answer.text
    assert newcomer.subscribed() is not None


def test_who_never_wants_to_hear_of_us_is_never_written_to(newcomer: Newcomer) -> None:
    signup = newcomer.waiting()
    path = newcomer.never_path(signup)
    assert newcomer.visitor.ask(path).status_code == 200
    assert newcomer.post(path).status_code == 200
    assert newcomer.post(newcomer.confirm_path(signup)).status_code in {200, 404}
    before = _letters(newcomer, MessageKind.CONFIRMATION)
    for day in range(1, 12):
        newcomer.pass_time(DAY)
        newcomer.sign_up("ana+again@exemple.fr", host=f"192.0.{day}.1")
        newcomer.judge()
    assert _letters(newcomer, MessageKind.CONFIRMATION) == before


def test_refusing_a_new_letter_ends_the_subscription_that_was_there(newcomer: Newcomer) -> None:
    subscription = newcomer.confirmed()
    newcomer.pass_time(HOUR)
    assert newcomer.post(newcomer.never_path(newcomer.waiting())).status_code == 200
    ended = newcomer.store.subscription(subscription.id)
    assert ended is not None
    assert ended.ended_reason is EndReason.NEVER
