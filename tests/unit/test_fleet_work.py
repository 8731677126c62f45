"""How far one job goes."""

from __future__ import annotations

from collections.abc import Iterator

from procrastinate.jobs import Job

from tests.fakes.watch import NEWS
from watcher.beats import Beats
from watcher.core.catalogue import Source
from watcher.fleet.orders import polling, sending
from watcher.fleet.work import PAGES, AtWork, Batch
from watcher.postroom import STILL


def endless() -> Iterator[Source]:
    while True:
        yield NEWS


def test_a_job_polls_so_many_pages_and_says_that_there_are_more() -> None:
    batch = Batch(endless())

    assert len(list(batch)) == PAGES
    assert batch.cut


def test_a_job_that_found_all_that_is_due_says_so() -> None:
    batch = Batch(iter([NEWS] * (PAGES - 1)))

    assert len(list(batch)) == PAGES - 1
    assert not batch.cut


def test_a_job_at_work_is_named_until_it_ends() -> None:
    at, job = AtWork(), job_of(7)
    at.begin("poll:ide", job)
    assert (at.names, at.jobs) == (["poll:ide"], [job])

    at.end(job)
    assert (at.names, at.jobs) == ([], [])


def test_a_job_that_gets_on_with_nothing_stands_still() -> None:
    seconds = [0.0]
    beats = Beats(lambda: seconds[0])
    at = AtWork(_starts=Beats(lambda: seconds[0]))
    at.begin("poll:ide", job_of(1))
    at.begin("send:mail", job_of(2))
    seconds[0] = STILL + 1

    beats.beat("ide")

    assert at.still(beats) == ["send:mail"]


def test_the_pace_of_one_way_is_kept_by_a_lock_and_the_pace_of_a_platform_by_its_lease() -> None:
    assert sending("mail", paced=True).lock == "send:mail"
    assert sending("mail", paced=False).lock is None
    assert polling("ide").lock is None


def job_of(number: int) -> Job:
    return Job(id=number, queue="q", task_name="t", lock=None, queueing_lock=None)
