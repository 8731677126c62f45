"""Pages and the API after what reviewers decided."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any, cast

import pytest

from tests.fakes.following import REVIEWER, Following
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState
from watcher.core.decisions import Action
from watcher.core.verdict import PartialDate

NOVEMBER = PartialDate("2026-11-01")


@pytest.fixture
def visitor(watch: Following) -> Iterator[Visitor]:
    with visiting(site(cast(MemoryStore, watch.world.store))) as visitor:
        yield visitor


def page(visitor: Visitor, path: str) -> str:
    answer = visitor.ask(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\u00a0", " ")


def told(visitor: Visitor, alert: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.ask(f"/api/v1/alerts/{alert}").json()
    return found


def test_a_page_says_that_a_person_read_it(watch: Following, visitor: Visitor) -> None:
    found = watch.find()
    assert "attend la relecture" in page(visitor, f"/alerts/{found.id}")
    assert told(visitor, found.id)["reviewed"] is False
    watch.decide(Action.VERIFY, found)

    assert "Relue par une personne." in page(visitor, f"/alerts/{found.id}")
    assert "Read by a person." in page(visitor, f"/en/alerts/{found.id}")
    now = told(visitor, found.id)
    assert (now["id"], now["state"], now["reviewed"]) == (found.id, "verified", True)


def test_the_pages_of_a_correction_and_of_what_it_corrects_lead_to_each_other(
    watch: Following, visitor: Visitor
) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    notice = watch.correct(found, effective_from=NOVEMBER).notice

    first, second = page(visitor, f"/alerts/{found.id}"), page(visitor, f"/alerts/{notice}")
    assert "ne vous y fiez plus, lisez le rectificatif" in first
    assert f'href="/alerts/{notice}"' in first
    assert f'href="/alerts/{found.id}"' in second
    assert "à compter du 1er novembre 2026 (et non : à compter du 1er octobre 2026)" in second
    assert "from 1 November 2026 (not: from 1 October 2026)" in page(visitor, f"/en/alerts/{notice}")
    assert (told(visitor, found.id)["state"], told(visitor, notice)["corrects"]) == ("corrected", found.id)


def test_the_page_of_the_first_leads_to_all_that_was_said_since(watch: Following, visitor: Visitor) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    retraction = watch.decide(Action.RETRACT, found)
    restored = watch.undo(retraction)

    first = page(visitor, f"/alerts/{found.id}")
    assert first.index(f"/alerts/{restored.notice}") < first.index(f"/alerts/{retraction.notice}")
    assert "Rétabli :" in first
    assert "elle vaut de nouveau" in page(visitor, f"/alerts/{restored.notice}")


def test_what_was_corrected_counts_once(watch: Following) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    watch.correct(found, effective_from=NOVEMBER)
    assert watch.world.store.counts(found.detected_at) == {"15": 1}


def test_no_page_says_who_decided(watch: Following, visitor: Visitor) -> None:
    found = watch.find(state=AlertState.VERIFIED)
    notice = watch.correct(found, effective_from=NOVEMBER, note=f"seen by {REVIEWER}").notice

    paths = ["/", "/alerts", f"/alerts/{found.id}", f"/alerts/{notice}", "/prefectures/15", "/api/v1/alerts"]
    assert not any(REVIEWER in page(visitor, path) for path in paths)
