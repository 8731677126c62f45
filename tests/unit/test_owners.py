"""Who holds leases, and whether it still lives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.fakes.processes import until
from watcher.owners import is_dead, owner


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    """A process that says who it is."""
    program = "from watcher.owners import owner; print(owner(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        yield running
        running.kill()


def said(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_a_process_that_runs_is_alive_and_so_is_a_part_of_it() -> None:
    assert not is_dead(owner())
    assert not is_dead(f"{owner()}/3")


def test_one_of_another_machine_is_never_said_to_be_dead() -> None:
    assert not is_dead("elsewhere/1/1")


def test_another_process_of_the_same_number_does_not_live_for_it() -> None:
    machine = owner().partition("/")[0]

    assert is_dead(f"{machine}/{os.getpid()}/1")


def test_one_that_was_killed_is_dead_before_its_parent_has_looked(child: subprocess.Popen[str]) -> None:
    name = said(child)
    assert not is_dead(name)

    os.kill(child.pid, 9)

    until(lambda: is_dead(name), 10, "its end")
