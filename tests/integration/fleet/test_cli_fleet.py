"""`vigie fleet`: what it asks for, and what it tells."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.fakes.command_line import Ran, Vigie
from watcher.bootstrap import open_app
from watcher.clock import SystemClock
from watcher.core.state import PlatformState
from watcher.fleet import orders, schema
from watcher.settings import Settings

MINUTE = timedelta(minutes=1)


@pytest.fixture
def vigie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Vigie:
    return Vigie(tmp_path, capsys)


@pytest.fixture
def fleet(vigie: Vigie, database: str) -> Vigie:
    vigie._everywhere[1] = vigie.database = database
    return vigie


@pytest.mark.parametrize("action", ["worker", "status"])
def test_one_file_is_no_database_for_a_fleet(vigie: Vigie, action: str) -> None:
    ran = vigie("fleet", action)

    assert (ran.status, ran.out) == (2, "")
    assert "la flotte demande PostgreSQL" in ran.error
    assert "vigie serve" in ran.error


@pytest.mark.parametrize("numbers", [("0", "0"), ("-1", "3")])
def test_a_worker_that_would_do_nothing_is_refused(fleet: Vigie, numbers: tuple[str, str]) -> None:
    ran = fleet("fleet", "worker", "--polls", numbers[0], "--sends", numbers[1])

    assert ran.status == 2
    assert "--polls et --sends" in ran.error


def test_an_account_that_may_not_make_the_queue_s_tables_is_told_so(fleet: Vigie) -> None:
    fleet("fleet", "status")  # makes our own
    with psycopg.connect(orders.address_of(fleet.database)) as owner:
        owner.execute("CREATE ROLE guest LOGIN")
        owner.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest")
        owner.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO guest")

    ran = fleet("--database", fleet.database.replace("postgres@", "guest@"), "fleet", "worker")

    assert ran.status == 2
    _greeting, told = ran.err.splitlines()
    assert "ce compte n'a pas tous les droits" in told


def test_without_workers_the_status_says_so(fleet: Vigie) -> None:
    ran = fleet("fleet", "status")

    assert ran.status == 1
    assert ran.out.startswith("aucun ouvrier n'est là")


def test_the_status_names_who_is_there_what_waits_and_who_speaks_to_whom(fleet: Vigie) -> None:
    busy(fleet)

    ran = fleet("fleet", "status")
    told = as_json(fleet("fleet", "status", "--json"))

    assert ran.status == 0
    for part in (
        "ouvrier here/1/1, depuis",
        "relevés 8 ; poll:ide",
        "vérifications de chaque minute : here/1/1",
        "pages à relever :",
        "plateforme ide : interrogée par here/1/1/7",
        "plateforme police : freinée jusqu'à",
    ):
        assert part in ran.out
    assert [worker["worker"] for worker in told["workers"]] == ["here/1/1"]
    assert told["duties"] == {"upkeep": "here/1/1"}
    assert {row["name"]: row["holder"] for row in told["platforms"]} == {"ide": "here/1/1/7", "police": None}
    assert told["stalled_jobs"] == 0
    assert told["due_pages"] > 0


def as_json(ran: Ran) -> Any:
    return json.loads(ran.out)


def busy(fleet: Vigie) -> None:
    schema.upgrade(orders.address_of(fleet.database))
    with open_app(Settings(database=fleet.database)) as app:
        now = SystemClock().now()
        app.store.lease_duty("worker:here/1/1", "here/1/1", now, now + MINUTE, "relevés 8 ; poll:ide")
        app.store.lease_duty("upkeep", "here/1/1", now, now + MINUTE)
        app.store.lease_platform("ide", "here/1/1/7", now, now + MINUTE)
        braked = PlatformState("police", braked_until=now + 30 * MINUTE, brakes=1)
        app.store.save_platform(braked, (), ())
