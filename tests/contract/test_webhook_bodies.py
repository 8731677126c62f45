"""What web-hooks and chats say: the same as the API and the pages, in bytes that suit all who get them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifiers.render.chat import ChatRenderer
from notifiers.render.webhook import WebhookRenderer
from tests.fakes.alerts import BASE, SEEN, VOCABULARY, alert, poisoned, verdict
from tests.fakes.outgoing import Desk, desk
from watcher.core.alerts import Alert, AlertState
from watcher.core.outbox import MessageKind
from watcher.core.posting import LARGEST_BODY
from watcher.core.subscriptions import Choices, Way
from watcher.core.verdict import Fact
from watcher.core.webhooks import numbered
from watcher.web.api_shapes import alert_shape

HOOK, CHAT = WebhookRenderer(VOCABULARY, BASE), ChatRenderer(VOCABULARY, BASE)
ADDRESS = "https://hooks.example.fr/\nwhsec_MDEyMw=="


@pytest.fixture
def letters(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def hook(letters: Desk, *alerts: Alert) -> bytes:
    return HOOK(letters.claimed(Way.WEBHOOK, ADDRESS), alerts, None)


@pytest.mark.parametrize("microseconds", [0, 1, 120_000])
def test_a_web_hook_tells_what_the_api_tells(letters: Desk, microseconds: int) -> None:
    seen = SEEN + timedelta(microseconds=microseconds)
    one = alert(
        3,
        updated_at=seen,
        corrects="9" * 24,
        verdict=verdict(facts=(Fact("Phrase.", links=("https://a.fr",)),)),
    )
    told = json.loads(numbered(hook(letters, one), 7))

    assert list(told) == ["sequence", "type", "timestamp", "data"]
    assert told["sequence"] == 7
    assert told["timestamp"] == told["data"]["updated_at"]
    assert told["data"] == json.loads(alert_shape(one, VOCABULARY, BASE).model_dump_json())


@pytest.mark.parametrize(
    ("state", "corrects", "told"),
    [
        (AlertState.VERIFIED, None, "alert.published"),
        (AlertState.UNVERIFIED, None, "alert.published"),
        (AlertState.VERIFIED, "9" * 24, "alert.corrected"),
        (AlertState.CORRECTED, None, "alert.corrected"),
        (AlertState.RETRACTED, "9" * 24, "alert.retracted"),
    ],
)
def test_its_type_says_what_happened(
    letters: Desk, state: AlertState, corrects: str | None, told: str
) -> None:
    assert json.loads(hook(letters, alert(state=state, corrects=corrects)))["type"] == told


def test_nothing_of_the_receiver_is_in_it(letters: Desk) -> None:
    english = letters.claimed(
        Way.WEBHOOK, "https://other.example/\nwhsec_YWJj", choices=Choices(language="en")
    )

    assert HOOK(english, [alert()], None) == hook(letters, alert())


def test_however_long_an_alert_is_its_body_is_not(letters: Desk) -> None:
    facts = tuple(Fact("a" * 5_000, links=(f"https://a.fr/{'b' * 500}",)) for _ in range(500))
    body = hook(letters, alert(verdict=verdict(facts=facts)))

    assert LARGEST_BODY // 3 < len(numbered(body, 10**9)) <= LARGEST_BODY
    assert json.loads(body)["data"]["facts"]


@pytest.mark.parametrize("text", ["\x00", "\u2028", "\ud800", "]]>", '"}', "\\", "<script>", "x" * 1_000_000])
def test_no_text_breaks_either(letters: Desk, text: str) -> None:
    poison = replace(poisoned(1, text), prefecture="15")
    told = json.loads(hook(letters, poison))
    said = CHAT(letters.claimed(Way.CHAT, "tgram://a/b"), [poison], None).decode()

    assert told["data"]["id"] == poison.id
    assert len(said) < 8_000
    assert not {"\x00", "\u2028", "\ud800"} & set(said)


def test_a_challenge_has_no_content_before_it_is_sent(letters: Desk) -> None:
    asked = letters.claimed(Way.WEBHOOK, ADDRESS, kind=MessageKind.CHALLENGE, alerts=())

    assert HOOK(asked, [], None) == b""


def test_a_chat_tells_each_alert_in_a_line_with_its_links(letters: Desk) -> None:
    french = letters.claimed(Way.CHAT, "tgram://a/b")
    said = CHAT(french, [alert(), alert(1)], None).decode().split("\n\n")

    assert len(said) == 3
    line, official, ours = said[0].split("\n")
    assert line.startswith("Cantal (15) : ")
    assert official == "Page officielle : https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous"
    assert ours == f"Détails : {BASE}/alerts/{alert().id}"
    assert "non officiel" in said[2]


def test_a_chat_speaks_english_where_it_was_asked_to(letters: Desk) -> None:
    english = letters.claimed(Way.CHAT, "tgram://a/b", choices=Choices(language="en"))
    said = CHAT(english, [alert()], None).decode()

    assert "Official page: " in said
    assert "Unofficial" in said
