"""Where to file, as programs read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.alerts import BASE
from tests.fakes.held_rules import BOOKING, CANTAL, STUDENT, HeldRules
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting

RULES = "/api/v1/rules"


@pytest.fixture
def rules() -> HeldRules:
    return HeldRules()


@pytest.fixture
def program(store: MemoryStore, rules: HeldRules) -> Iterator[Visitor]:
    with visiting(site(store, rules=rules)) as visitor:
        yield visitor


def told(program: Visitor, query: str) -> Any:
    answer = program.ask(f"{RULES}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()


def test_an_answer_tells_its_rule_and_what_held_before(program: Visitor) -> None:
    body = told(program, "prefecture=15&motif=salarie")
    assert (body["on"], body["as_known"], body["cursor"], body["next"]) == ("2025-09-10", None, None, None)
    (one,) = body["rules"]
    assert (one["answer"], one["page"]) == ("channel", f"{BASE}/rules/15/salarie")
    assert [before["channel"] for before in one["previous"]] == ["courrier"]
    assert one["rule"] == {
        "id": "15-salarie-rdv_en_ligne",
        "territory": "15",
        "motif": "salarie",
        "operation": None,
        "regime": None,
        "channel": "rdv_en_ligne",
        "url": BOOKING,
        "valid_from": "2025-09-01",
        "valid_to": None,
        "seen_on": None,
        "evidence": [
            {
                "sentence": "Un rendez-vous se prend en ligne.",
                "url": "https://www.cantal.gouv.fr/Actualites",
                "alert": f"{0:024x}",
            }
        ],
        "checked_on": "2025-09-09",
        "known_from": "2025-06-01T00:00:00Z",
        "known_to": None,
        "note_fr": None,
        "note_en": None,
    }


def test_another_day_may_have_another_answer(program: Visitor) -> None:
    (one,) = told(program, "prefecture=15&motif=salarie&on=2025-08-31")["rules"]
    assert one["rule"]["channel"] == "courrier"


def test_what_was_known_at_a_moment_stays_what_was_known(program: Visitor, rules: HeldRules) -> None:
    changed = datetime(2025, 9, 5, tzinfo=UTC)
    rules.hold(replace(CANTAL, known_to=changed), replace(CANTAL, channel="email", known_from=changed))
    asked = "prefecture=15&motif=salarie"
    channels = [
        told(program, asked + more)["rules"][0]["rule"]["channel"]
        for more in ("", "&as_known=2025-09-04", "&as_known=2025-09-05T00:00:00Z")
    ]
    assert channels == ["email", "rdv_en_ligne", "email"]
    assert told(program, f"{asked}&as_known=2024-01-01")["rules"][0]["answer"] == "unknown"


def test_what_is_unknown_has_no_rule(program: Visitor, rules: HeldRules) -> None:
    rules.hold(STUDENT)
    (one,) = told(program, "prefecture=15&motif=salarie")["rules"]
    assert (one["answer"], one["rule"], one["variants"]) == ("unknown", None, [])


def test_an_operation_has_its_own_answer(program: Visitor) -> None:
    (one,) = told(program, "prefecture=69&motif=salarie")["rules"]
    assert (one["answer"], [other["operation"] for other in one["variants"]]) == ("local", ["renouvellement"])
    (one,) = told(program, "prefecture=69&motif=salarie&operation=renouvellement")["rules"]
    assert (one["answer"], one["rule"]["channel"]) == ("channel", "courrier")


def test_following_the_cursor_tells_everything_once(program: Visitor) -> None:
    found, path = [], f"{RULES}?limit=3"
    while path:
        body = program.ask(path).json()
        found += [(one["prefecture"], one["motif"]) for one in body["rules"]]
        path = (body["next"] or "").removeprefix(BASE)
    assert found == [(code, motif) for code in ("15", "2A", "69", "974") for motif in ("salarie", "etudiant")]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("prefecture=99", "« prefecture »"),
        ("motif=x", "« motif »"),
        ("operation=x", "« operation »"),
        ("regime=x", "« regime »"),
        ("on=20250910", "« on »"),
        ("on=2025-02-30", "« on »"),
        ("as_known=hier", "« as_known »"),
        ("limit=0", "« limit »"),
        ("cursor=x", "« cursor »"),
        ("cursor=15.rien", "« cursor »"),
        ("motif=salarie&motif=etudiant", "une seule valeur"),
        ("category=fee", "Paramètres admis : prefecture, motif, operation, regime, on, as_known"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_french(program: Visitor, query: str, said: str) -> None:
    answer = program.ask(f"{RULES}?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_parameter")
    assert said in answer.json()["error"]["message"]


def test_the_parameters_of_alerts_stay_theirs(program: Visitor) -> None:
    message = program.ask("/api/v1/alerts?on=2025-09-10").json()["error"]["message"]
    assert "Paramètres admis : prefecture, category, motif, state" in message


def test_answers_are_counted_kept_and_described_like_all_others(program: Visitor) -> None:
    first = program.ask(RULES)
    assert program.ask(RULES, if_none_match=first.headers["etag"]).status_code == 304
    assert first.headers["ratelimit"].startswith('"client";r=')
    document = program.ask("/api/v1/openapi.json").json()
    parameters = {one["name"]: one["schema"] for one in document["paths"][RULES]["get"]["parameters"]}
    assert list(parameters) == [
        "prefecture",
        "motif",
        "operation",
        "regime",
        "on",
        "as_known",
        "limit",
        "cursor",
    ]
    assert parameters["prefecture"]["enum"] == ["15", "2A", "69", "974"]
    assert program.ask("/api/v1").json()["resources"]["rules"] == f"{BASE}{RULES}"


def test_a_site_without_rules_does_not_offer_them(visitor: Visitor) -> None:
    assert visitor.ask(RULES).status_code == 404
    assert "rules" not in visitor.ask("/api/v1").json()["resources"]
