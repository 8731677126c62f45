"""Leases of processes that were killed are free at the next start; those of the living are respected."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.watch import HOUR, NEWS, START
from watcher.bootstrap import open_store
from watcher.owners import owner
from watcher.settings import Settings

HERE = owner().partition("/")[0]
HOLDER = """
import sys
from datetime import datetime, timedelta
from watcher.bootstrap import open_app, open_tools
from watcher.settings import Settings
with open_app(Settings(database=sys.argv[1])) as app, open_tools(app) as tools:
    now = datetime.fromisoformat(sys.argv[2])
    app.store.claim(sys.argv[3], tools.owner, now, now + timedelta(hours=1))
    app.store.lease_platform("ide", tools.owner, now, now + timedelta(hours=1))
    print(tools.owner, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(database=f"sqlite:///{tmp_path}/vigie.db")
    with open_store(settings) as store:
        store.register([NEWS], START)
    return settings


def holder(settings: Settings) -> subprocess.Popen[str]:
    """A process that holds a source and a platform until it ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, settings.database, START.isoformat(), NEWS.id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_living_process_keeps_its_leases_and_a_killed_one_loses_them(settings: Settings) -> None:
    with holder(settings) as process:
        assert process.stdout
        owner = process.stdout.readline().strip()
        with open_store(settings) as store:
            assert store.lease_owners() == {owner}
            assert store.claim(NEWS.id, "me", START, START + HOUR) is None
            assert store.lease_platform("ide", "me", START, START + HOUR) is None
        process.kill()
        process.wait()

    with open_store(settings) as store:
        assert store.lease_owners() == set()
        assert store.due(START) == [NEWS.id]


@pytest.mark.parametrize(
    "holder",
    [
        pytest.param("another-machine/1/1", id="another machine"),
        pytest.param("somebody", id="no process at all"),
        pytest.param(f"{HERE}/x/1", id="no number"),
    ],
)
def test_of_owners_that_are_not_of_this_machine_nothing_is_assumed(settings: Settings, holder: str) -> None:
    with open_store(settings) as store:
        store.claim(NEWS.id, holder, START, START + timedelta(minutes=20))
    with open_store(settings) as store:
        assert store.lease_owners() == {holder}
        assert store.due(START) == []


def test_a_process_number_that_was_given_to_another_process_frees_the_lease(settings: Settings) -> None:
    with open_store(settings) as store:
        store.claim(NEWS.id, f"{HERE}/{os.getpid()}/12", START, START + HOUR)
    with open_store(settings) as store:
        assert store.lease_owners() == set()
