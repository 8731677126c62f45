"""What people are told of what is kept of them, and what they agree to."""

from __future__ import annotations

import hashlib

import pytest
from lxml import html

from tests.integration.web.visitor import Visitor
from watcher.core.signups import APART, CONFIRM_FOR, PER_DAY, SILENCE
from watcher.locale import speeches
from watcher.web.subscribe_routes import CONSENT

# One line for each version of the consent: whoever changes the text adds a version, so that what a
# subscriber agreed to can be shown years later from the history of the catalogue.
CONSENTS = {"1": {"fr": "733d0a33a0a884f8", "en": "0fa9f537e728977b"}}


def text(page: str) -> str:
    return " ".join(html.fromstring(page).xpath("//main")[0].text_content().split())


def test_the_text_that_people_agree_to_does_not_change_under_its_version() -> None:
    shown = {code: speech.say("subscribe.consent") for code, speech in speeches().items()}
    known = {code: hashlib.sha256(text.encode()).hexdigest()[:16] for code, text in shown.items()}
    assert CONSENTS[CONSENT] == known


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/about/privacy",
            ["48 heures", "chiffrée", "RGPD", "accord", "effacée tout de suite", "rectification"],
        ),
        (
            "/en/about/privacy",
            ["48 hours", "encrypted", "GDPR", "consent", "erased at once", "rectification"],
        ),
    ],
)
def test_people_learn_what_is_kept_why_how_long_and_their_rights(
    visitor: Visitor, path: str, told: list[str]
) -> None:
    page = visitor.ask(path).text
    assert [words for words in told if words not in text(page)] == []
    assert html.fromstring(page).xpath("//main//a[starts-with(@href, 'https://www.cnil.fr/')]")
    (kept,) = html.fromstring(page).xpath("//main//dl")
    assert len(kept.findall(".//dt")) * 2 == len(kept.findall(".//dd")) == 16


def test_the_figures_that_people_are_told_are_those_that_hold() -> None:
    assert (CONFIRM_FOR.total_seconds() / 3600, PER_DAY) == (48, 3)
    assert (APART.total_seconds() / 60, SILENCE.days) == (10, 7)
    limits = speeches()["fr"].say("subscribe.asked_limits")
    assert "dix minutes et trois fois par jour" in limits
    assert "une semaine" in limits
