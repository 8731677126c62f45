"""The alerts, as programs read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fakes.alerts import BASE, SEEN, SENTENCE, alert, verdict
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor
from watcher.core.alerts import AlertState
from watcher.core.verdict import Fact, PartialDate

ALERTS = "/api/v1/alerts"


def told(visitor: Visitor, path: str) -> Any:
    answer = visitor.ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()


def ids(visitor: Visitor, query: str = "") -> list[int]:
    return [int(one["id"], 16) for one in told(visitor, ALERTS + query)["alerts"]]


def test_an_alert_says_what_was_understood_and_where_it_stands(visitor: Visitor, store: MemoryStore) -> None:
    fact = Fact(SENTENCE, "depot", ("hors_anef",), None, "rdv_en_ligne", PartialDate("2025-10"))
    linked = replace(fact, links=("https://www.cantal.gouv.fr/rdv", "javascript:alert(1)"))
    store.held[0] = alert(0, verdict=verdict(facts=(linked,)), corrects=f"{2:024x}")
    assert told(visitor, f"{ALERTS}/{0:024x}") == {
        "id": f"{0:024x}",
        "prefecture": "15",
        "source": "15-actualites",
        "kind": "added",
        "state": "verified",
        "title": "Prise de rendez-vous en ligne pour les motifs absents de l'ANEF",
        "summary_fr": "Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF",
        "summary_en": "Cantal (15): from 1 October 2025, online appointments for grounds not on ANEF",
        "categories": ["rdv_modality", "filing_channel"],
        "motifs": ["hors_anef"],
        "channel_before": None,
        "channel_after": "rdv_en_ligne",
        "effective_from": "2025-10-01",
        "effective_to": None,
        "confidence": 0.9,
        "facts": [
            {
                "sentence": SENTENCE,
                "operation": "depot",
                "motifs": ["hors_anef"],
                "channel_before": None,
                "channel_after": "rdv_en_ligne",
                "effective_from": "2025-10",
                "effective_to": None,
                "territory": None,
                "regime": None,
                "links": ["https://www.cantal.gouv.fr/rdv"],
                "certainty": "announced",
            }
        ],
        "url": "https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous",
        "page": f"{BASE}/alerts/{0:024x}",
        "published": "2025-09-10",
        "detected_at": "2025-09-10T07:12:30Z",
        "updated_at": "2025-09-10T07:12:30Z",
        "corrects": f"{2:024x}",
        "reviewed": False,
        "historical": False,
    }


def test_what_is_of_the_past_is_told_on_demand_and_marked(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], historical=True)
    assert ids(visitor) == [2, 1]
    assert ids(visitor, "?historical=only") == [0]
    assert ids(visitor, "?historical=all") == [2, 1, 0]
    assert told(visitor, f"{ALERTS}/{0:024x}")["historical"] is True
    assert visitor.ask(f"{ALERTS}?historical=yes").status_code == 422


def test_the_list_tells_the_newest_first_in_the_same_words(visitor: Visitor) -> None:
    listed = told(visitor, ALERTS)
    assert [int(one["id"], 16) for one in listed["alerts"]] == [2, 1, 0]
    assert (listed["cursor"], listed["next"]) == (None, None)
    assert listed["alerts"][0] == told(visitor, f"{ALERTS}/{2:024x}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?prefecture=69", [1]),
        ("?prefecture=2a", []),
        ("?category=anef_integration", [1]),
        ("?motif=hors_anef", [2, 0]),
        ("?state=unverified", []),
        ("?state=verified&motif=salarie&prefecture=69", [1]),
        ("?since=2025-09-10T07:13:30Z", [2, 1]),
        ("?since=2025-09-10T09:13:30%2B02:00", [2, 1]),
        ("?since=2025-09-10", [2, 1, 0]),
        ("?since=2025-09-11", []),
        ("?since=0001-01-01T00:00:00Z", [2, 1, 0]),
        ("?limit=1", [2]),
        ("?limit=200", [2, 1, 0]),
    ],
)
def test_filters_keep_what_they_name(visitor: Visitor, query: str, expected: list[int]) -> None:
    assert ids(visitor, query) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_following_next_gives_every_alert_once(visitor: Visitor, store: MemoryStore, limit: int) -> None:
    """Several of them were seen in the same moment."""
    moments = [SEEN + timedelta(microseconds=number // 3) for number in range(20)]
    store.held[:] = [alert(number, detected_at=at) for number, at in enumerate(moments)]
    store.held += [alert(number + 100, detected_at=at, prefecture="69") for number, at in enumerate(moments)]
    address, seen = f"{ALERTS}?limit={limit}&prefecture=15", []
    while address:
        page = told(visitor, address)
        seen += [one["id"] for one in page["alerts"]]
        address = (page["next"] or "").removeprefix(BASE)
    assert seen == [one.id for one in store.alerts(prefecture="15")]
    assert len(set(seen)) == 20


def test_news_do_not_disturb_who_is_reading_on(visitor: Visitor, store: MemoryStore) -> None:
    first = told(visitor, f"{ALERTS}?limit=2")
    store.held += [alert(7), alert(8)]
    assert ids(visitor, f"?limit=2&cursor={first['cursor']}") == [0]


def test_what_was_found_after_a_moment_can_be_reconciled(visitor: Visitor, store: MemoryStore) -> None:
    last = told(visitor, ALERTS)["alerts"][0]["detected_at"]
    store.held.append(alert(9))
    assert ids(visitor, f"?since={last}") == [9, 2]


def test_an_unverified_alert_says_so(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], state=AlertState.UNVERIFIED)
    assert told(visitor, f"{ALERTS}/{0:024x}")["state"] == "unverified"
    assert ids(visitor, "?state=unverified") == [0]


def test_an_address_that_is_no_web_page_is_not_told(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], address="javascript:alert(1)", published=None)
    one = told(visitor, f"{ALERTS}/{0:024x}")
    assert (one["url"], one["published"]) == (None, None)


def test_no_text_breaks_the_answer(visitor: Visitor, store: MemoryStore) -> None:
    text = "a\ud800\u202e\x00\u2028</script>"
    hostile = verdict(
        categories=(text,),
        motifs=(text,),
        channel_after=text,
        facts=(Fact(text, text, (text,), links=(text,)),),
    )
    store.held[0] = alert(0, title=text, summary=text, address=text, verdict=hostile)
    answer = visitor.ask(f"{ALERTS}/{0:024x}")
    assert answer.status_code == 200
    assert not {"\ud800", "\u202e", "\x00", "\u2028"} & set(answer.text)
    assert answer.json()["title"] == "a </script>"


@pytest.mark.parametrize("name", ["x", "%00", "..%2f..%2fetc", f"{0:024x}%0a", "%ff", "é" * 99, "9" * 24])
def test_an_alert_that_does_not_exist_is_not_found(visitor: Visitor, name: str) -> None:
    answer = visitor.ask(f"{ALERTS}/{name}")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_times_are_exact_and_say_their_zone(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], detected_at=SEEN + timedelta(microseconds=7))
    said = told(visitor, f"{ALERTS}/{0:024x}")["detected_at"]
    assert datetime.fromisoformat(said) == SEEN + timedelta(microseconds=7)
