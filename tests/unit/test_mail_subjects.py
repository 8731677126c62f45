"""The subject of a mail says where and what, in as much as a locked screen shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.alerts import LANGUAGES, PREFECTURES, alert
from watcher.core.alerts import AlertState
from watcher.core.mail_subject import harmless, subject

TEXTS = {"one_place": "{place} : {told}", "many": "{places} : {count} annonces"}
PLACES = {code: f"{place.name} ({code})" for code, place in PREFECTURES.items()}


def of(*codes: str, places: dict[str, str] = PLACES, **told: Any) -> str:
    alerts = [alert(n, prefecture=code, **told) for n, code in enumerate(codes)]
    return subject(alerts, places, LANGUAGES["fr"], TEXTS)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("15",), "Cantal (15) : rendez-vous en ligne pour les motifs hors ANEF"),
        (("69", "15"), "Rhône (69), Cantal (15) : 2 annonces"),
        (("15", "15"), "Cantal (15) : 2 annonces"),
        (("15", "69", "15", "69"), "Cantal (15), Rhône (69) : 4 annonces"),
        (("2A", "974", "69"), "Corse-du-Sud (2A), La Réunion (974), Rhône (69) : 3 annonces"),
        (("2A", "974", "69", "15"), "Corse-du-Sud (2A), La Réunion (974)… : 4 annonces"),
    ],
)
def test_places_stand_first_each_once_in_the_order_of_the_alerts(codes: tuple[str, ...], said: str) -> None:
    assert of(*codes) == said


def test_what_was_taken_back_is_marked() -> None:
    assert of("15", state=AlertState.RETRACTED) != of("15")


@pytest.mark.parametrize(
    ("length", "ending"), [(35, ", Rhône (69) : 2 annonces"), (36, "… : 2 annonces")], ids=["60", "61"]
)
def test_a_place_for_which_there_is_no_room_is_left_out(length: int, ending: str) -> None:
    assert of("15", "69", places=PLACES | {"15": "x" * length}) == "x" * length + ending


def test_the_first_place_is_named_however_long_it_is_and_cut_at_a_word() -> None:
    long = "Territoire " * 9
    for codes in (("15",), ("15", "69")):
        said = of(*codes, places=PLACES | {"15": long})
        assert said == "Territoire Territoire Territoire Territoire Territoire…"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("=?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("Cantal\r\nBcc:\u202e a\u200b@b.example ", "Cantal Bcc: a@b.example"),
        ("a =\u200b? b", "a = ? b"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
    ],
)
def test_a_subject_is_one_line_that_no_program_decodes(text: str, said: str) -> None:
    assert harmless(text) == said
