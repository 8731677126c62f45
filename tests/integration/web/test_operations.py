"""What machines that keep the service alive are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.fakes.alerts import SEEN, alert, verdict
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState
from watcher.core.page import Outcome
from watcher.core.state import Problem, ProblemKind


def figures(visitor: Visitor) -> dict[str, dict[tuple[str, ...], float]]:
    families = text_string_to_metric_families(visitor.ask("/metrics").text)
    return {f.name: {tuple(s.labels.values()): s.value for s in f.samples} for f in families}


def test_a_living_process_says_so_without_its_database(store: MemoryStore) -> None:
    store.fails = True
    with visiting(site(store, health=lambda: ["la base ne répond pas"])) as visitor:
        assert (visitor.ask("/healthz").status_code, visitor.ask("/healthz").text) == (200, "ok\n")
        assert visitor.ask("/healthz", "HEAD").status_code == 200


def test_readiness_is_refused_with_its_reasons() -> None:
    reasons: list[str] = ["la base ne répond pas", "schéma en retard"]
    with visiting(site(MemoryStore(), health=lambda: reasons)) as visitor:
        answer = visitor.ask("/readyz")
        assert (answer.status_code, answer.text) == (503, "la base ne répond pas\nschéma en retard\n")
        assert answer.headers["cache-control"] == "no-store"
        reasons.clear()
        assert visitor.ask("/readyz").status_code == 200


def test_a_check_that_fails_is_a_reason_and_tells_no_secret() -> None:
    def health() -> list[str]:
        raise ConnectionError("postgresql://user:secret@host/db")

    with visiting(site(MemoryStore(), health=health)) as visitor:
        answer = visitor.ask("/readyz")
        assert (answer.status_code, answer.text) == (503, "la vérification a échoué : ConnectionError\n")


def test_the_age_of_the_last_success_is_that_of_the_oldest_page(visitor: Visitor, store: MemoryStore) -> None:
    old = replace(store.known["15-sejour"], last_read_at=SEEN - timedelta(hours=5))
    store.known["15-sejour"] = old
    store.known["69-sejour"] = replace(old, last_read_at=None)
    ages = figures(visitor)["vigie_last_success_age_seconds"]
    assert ages == {("15",): 18_000.0, ("2A",): 300.0, ("69",): float("inf")}


def test_pages_problems_and_alerts_are_counted(visitor: Visitor, store: MemoryStore) -> None:
    store.known["15-sejour"] = replace(store.known["15-sejour"], outcome=Outcome.BLOCKED)
    del store.known["69-sejour"]
    store.troubles.append(Problem("15-sejour", ProblemKind.BLOCKED, SEEN, "HTTP 403"))
    store.held += [
        alert(5, state=AlertState.UNVERIFIED, verdict=verdict(categories=("fee",))),
        alert(6, detected_at=SEEN - timedelta(days=31)),
        alert(7, verdict=verdict(categories=())),
    ]
    told = figures(visitor)
    assert told["vigie_sources"] == {("15",): 2, ("2A",): 2, ("69",): 2, ("974",): 0}
    assert told["vigie_sources_stale"][("69",)] == 1
    assert told["vigie_sources_by_outcome"] == {("blocked",): 1, ("never",): 1, ("unchanged",): 4}
    assert told["vigie_open_problems"] == {("blocked",): 1}
    assert told["vigie_alerts_30_days"] == {
        ("anef_integration", "verified"): 1,
        ("fee", "unverified"): 1,
        ("none", "verified"): 1,
        ("rdv_modality", "verified"): 2,
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/robots.txt", "/favicon.ico"])
def test_every_answer_is_protected_and_sets_no_cookie(visitor: Visitor, path: str) -> None:
    headers = visitor.ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in headers
    assert "set-cookie" not in headers


def test_robots_may_read_all_but_what_is_for_machines(visitor: Visitor) -> None:
    rules = visitor.ask("/robots.txt").text.splitlines()
    assert rules[0] == "User-agent: *"
    assert "Disallow: /" not in rules
    assert "Disallow: /metrics" in rules
