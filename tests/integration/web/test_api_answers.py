"""What the API says of itself, of what is read, and to who asks wrongly or too often."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.alerts import BASE, SEEN, StillClock, alert
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.page import Outcome
from watcher.core.state import Problem, ProblemKind, SourceState

ROOT = "/api/v1"
PATHS = [ROOT, f"{ROOT}/alerts", f"{ROOT}/alerts/{0:024x}"]
PATHS += [f"{ROOT}/{name}" for name in ("prefectures", "sources", "coverage", "openapi.json")]


def ask_from(visitor: Visitor, host: str, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(visitor.app, raise_app_exceptions=False, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(method, path, headers=named)

    return visitor.portal.call(ask)


def error(answer: httpx.Response) -> tuple[int, str, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (set(body), set(body["error"])) == ({"error"}, {"code", "message"})
    return answer.status_code, body["error"]["code"], body["error"]["message"]


@pytest.mark.parametrize("path", [ROOT, f"{ROOT}/"])
def test_the_beginning_leads_to_every_resource(visitor: Visitor, path: str) -> None:
    told = visitor.ask(path).json()
    assert list(told["resources"]) == ["alerts", "prefectures", "sources", "coverage"]
    for address in (*told["resources"].values(), told["openapi"]):
        assert visitor.ask(address.removeprefix(BASE)).status_code == 200
    assert "non officiel" in told["notice"]


def test_prefectures_tell_what_is_watched_and_when_it_was_read(visitor: Visitor) -> None:
    told = {one["code"]: one for one in visitor.ask(f"{ROOT}/prefectures").json()["prefectures"]}
    assert told["15"] == {
        "code": "15",
        "name": "Cantal",
        "timezone": "Europe/Paris",
        "sources": 2,
        "last_read_at": "2025-09-10T07:07:30Z",
    }
    assert told["974"]["timezone"] == "Indian/Reunion"
    assert (told["974"]["sources"], told["974"]["last_read_at"]) == (0, None)


def test_sources_and_coverage_tell_what_cannot_be_read(visitor: Visitor, store: MemoryStore) -> None:
    old = SEEN - timedelta(days=3)
    store.known["15-sejour"] = SourceState("15-sejour", SEEN, Outcome.BLOCKED, SEEN, old)
    del store.known["69-sejour"]
    store.troubles += [
        Problem("15-sejour", ProblemKind.BLOCKED, old, "HTTP\u202e 403"),
        Problem("platform:ide", ProblemKind.PLATFORM, SEEN, "6 pages"),
    ]
    told = {one["id"]: one for one in visitor.ask(f"{ROOT}/sources").json()["sources"]}
    blocked = {
        "subject": "15-sejour",
        "kind": "blocked",
        "since": "2025-09-07T07:12:30Z",
        "evidence": "HTTP 403",
    }
    assert told["15-sejour"] == {
        "id": "15-sejour",
        "prefecture": "15",
        "url": "https://www.cantal.gouv.fr/Sejour",
        "kind": "page",
        "last_read_at": "2025-09-07T07:12:30Z",
        "outcome": "blocked",
        "stale": True,
        "problems": [blocked],
    }
    assert (told["69-sejour"]["outcome"], told["69-actualites"]["outcome"]) == (None, "unchanged")
    assert visitor.ask(f"{ROOT}/coverage").json() == {
        "prefectures": 4,
        "prefectures_stale": 2,
        "sources": 6,
        "sources_stale": 2,
        "problems": 1,
        "last_read_at": "2025-09-10T07:07:30Z",
        "stale": [
            {"source": "15-sejour", "prefecture": "15", "last_read_at": "2025-09-07T07:12:30Z"},
            {"source": "69-sejour", "prefecture": "69", "last_read_at": None},
        ],
        "incidents": [
            {
                "subject": "platform:ide",
                "kind": "platform",
                "since": "2025-09-10T07:12:30Z",
                "evidence": "6 pages",
            }
        ],
    }


def test_the_description_names_what_is_known_here(visitor: Visitor) -> None:
    document = visitor.ask(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {*PATHS[:2], f"{ROOT}/alerts/{{alert_id}}", *PATHS[3:6]}
    assert {method for path in document["paths"].values() for method in path} == {"get"}
    parameters = {p["name"]: p["schema"] for p in document["paths"][f"{ROOT}/alerts"]["get"]["parameters"]}
    assert parameters["prefecture"]["enum"] == ["15", "2A", "69", "974"]
    assert parameters["motif"]["enum"] == ["etudiant", "hors_anef", "salarie"]
    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"]) == (1, 200)
    refusals = {path: set(told["get"]["responses"]) for path, told in document["paths"].items()}
    assert refusals[f"{ROOT}/alerts"] == {"200", "422", "429", "default"}
    assert refusals[f"{ROOT}/alerts/{{alert_id}}"] == {"200", "404", "429", "default"}
    assert "HTTPValidationError" not in json.dumps(document)


@pytest.mark.parametrize("path", PATHS)
def test_who_has_an_answer_is_not_sent_it_again(visitor: Visitor, path: str) -> None:
    first = visitor.ask(path)
    again = visitor.ask(path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert again.headers["access-control-allow-origin"] == first.headers["access-control-allow-origin"] == "*"
    head = visitor.ask(path, "HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_a_new_alert_is_another_answer(visitor: Visitor, store: MemoryStore) -> None:
    tag = visitor.ask(f"{ROOT}/alerts").headers["etag"]
    store.held.append(alert(9))
    assert visitor.ask(f"{ROOT}/alerts", if_none_match=tag).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v2",
        "/api/v1/rules",
        "/api/v1/alerts/",
        "/api/%0a",
        "/api/v1/alerts/a/b",
        "/api//",
    ],
)
def test_an_unknown_path_is_a_french_error(visitor: Visitor, path: str) -> None:
    assert error(visitor.ask(path)) == (404, "not_found", "Cette ressource n'existe pas.")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(visitor: Visitor, method: str) -> None:
    answer = visitor.ask(f"{ROOT}/alerts", method)
    assert error(answer)[:2] == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "« limit » : valeur attendue, un entier de 1 à 200"),
        ("limit=201", "« limit »"),
        ("limit=dix", "« limit »"),
        ("limit=", "« limit »"),
        ("prefecture=99", "« prefecture »"),
        ("prefecture=", "« prefecture »"),
        ("category=weather", "« category » : valeur attendue, l'une de anef_integration, "),
        ("motif=tourisme", "« motif »"),
        ("state=secret", "« state » : valeur attendue, l'un de unverified, verified"),
        ("since=hier", "« since »"),
        ("since=", "« since »"),
        ("since=2025-09-10T07:00:00+02:00", "« since »"),
        ("since=0001-01-01T00:00:00%2B14:00", "« since »"),
        ("cursor=", "« cursor »"),
        ("cursor=%00", "« cursor »"),
        ("cursor=zzzzzzzzzzzzzza", "« cursor »"),
        ("departement=69", "Paramètre inconnu : « departement »"),
        ("prefecture=15&prefecture=69", "« prefecture » : une seule valeur"),
    ],
)
def test_a_slip_of_the_pen_is_not_an_empty_answer(visitor: Visitor, query: str, said: str) -> None:
    status, code, message = error(visitor.ask(f"{ROOT}/alerts?{query}"))
    assert (status, code) == (422, "invalid_parameter")
    assert said in message


def test_a_failure_of_ours_is_an_error_too_and_tells_no_secret(store: MemoryStore) -> None:
    store.fails = True
    with visiting(site(store)) as visitor:
        answer = visitor.ask(f"{ROOT}/alerts")
    assert error(answer)[:2] == (500, "internal_error")
    assert "database" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-security-policy" in answer.headers


def test_pages_of_other_sites_may_ask_with_a_tag(visitor: Visitor) -> None:
    asked = {"origin": "https://other.example", "access_control_request_method": "GET"}
    answer = visitor.ask(f"{ROOT}/alerts", "OPTIONS", **asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert visitor.ask(f"{ROOT}/alerts", **asked).status_code == 200


def test_two_fresh_clients_get_the_same_answer_and_no_cookie(visitor: Visitor) -> None:
    for path in PATHS:
        one = ask_from(visitor, "192.0.2.1", path, user_agent="A")
        other = ask_from(visitor, "192.0.2.2", path, user_agent="B", cookie="id=1")
        assert (one.content, dict(one.headers)) == (other.content, dict(other.headers))
        assert "set-cookie" not in one.headers


def test_who_asks_too_often_is_told_when_to_come_back(store: MemoryStore) -> None:
    clock = StillClock()
    with visiting(site(store, clock=clock)) as visitor:
        answers = [ask_from(visitor, "192.0.2.1", f"{ROOT}/coverage") for _ in range(121)]
        assert [a.status_code for a in answers] == [200] * 120 + [429]
        assert answers[0].headers["ratelimit-policy"] == '"client";q=120;w=60'
        assert answers[0].headers["ratelimit"] == '"client";r=119;t=60'
        clock.time += timedelta(seconds=18)
        refused = ask_from(visitor, "192.0.2.1", f"{ROOT}/alerts")
        expected = (429, "too_many_requests", "Trop de requêtes : réessayez dans 42 secondes.")
        assert error(refused) == expected
        assert (refused.headers["retry-after"], refused.headers["ratelimit"]) == ("42", '"client";r=0;t=42')
        assert refused.headers["access-control-allow-origin"] == "*"
        assert ask_from(visitor, "192.0.2.2", f"{ROOT}/alerts").status_code == 200
        assert ask_from(visitor, "192.0.2.1", "/").status_code == 200
        clock.time += timedelta(seconds=42)
        assert ask_from(visitor, "192.0.2.1", f"{ROOT}/alerts").status_code == 200


def test_what_a_client_says_of_its_address_is_not_believed(visitor: Visitor) -> None:
    last: Any = None
    for number in range(121):
        last = visitor.ask(
            f"{ROOT}/x", x_forwarded_for=f"192.0.2.{number}", forwarded=f"for=192.0.2.{number}"
        )
    assert last.status_code == 429


def test_behind_a_proxy_path_every_address_carries_it(store: MemoryStore) -> None:
    with visiting(site(store, base_url="https://example.org/vigie/")) as visitor:
        page = visitor.ask(f"{ROOT}/alerts?limit=1").json()
        assert page["next"].startswith("https://example.org/vigie/api/v1/alerts?limit=1&cursor=")
        assert page["alerts"][0]["page"].startswith("https://example.org/vigie/alerts/")
        assert visitor.ask(f"{ROOT}/openapi.json").json()["servers"] == [{"url": "/vigie"}]


NAMES = st.sampled_from(["prefecture", "category", "motif", "state", "since", "limit", "cursor"]) | st.text()
VALUES = (
    st.text()
    | st.sampled_from(
        ["15", "fee", "salarie", "verified", "9" * 400, "f" * 14 + "a", "9999-12-31T23:59:59-23:59"]
    )
    | st.datetimes().map(str)
    | st.integers().map(str)
    | st.from_regex(r"[0-9a-f]{14}[0-9A-Za-z_-]{1,64}", fullmatch=True)
)


def test_no_question_is_a_failure_of_ours(visitor: Visitor) -> None:
    """Each question comes from another network, so that none is refused for coming too often."""
    networks = iter(range(1, 1 << 16))

    @settings(max_examples=600, deadline=None)
    @given(
        st.sampled_from(PATHS) | st.text(max_size=20).map(lambda text: f"{ROOT}/{text}"),
        st.lists(st.tuples(NAMES, VALUES), max_size=4),
    )
    def ask(path: str, query: list[tuple[str, str]]) -> None:
        named = quote(path, errors="replace").replace(".", "%2E")
        asked = f"{named}?{urlencode(query, errors='replace')}"
        answer = ask_from(visitor, f"2001:db8:{next(networks):x}::1", asked)
        assert answer.status_code in {200, 404, 422}
        assert answer.json()

    ask()
