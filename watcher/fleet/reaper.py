"""Gives back the jobs of workers that are gone, and forgets those that ended."""

from __future__ import annotations

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

STALLED = 40.0  # seconds without a heartbeat, of which there is one every ten
KEPT = 24  # hours that a job is kept which failed for good


async def reap(app: App, after: float = STALLED) -> int:
    """How many were given back, of workers without a sign of life for so many seconds."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=after))
    for job in stalled:
        await give_back(app, job)
    return len(stalled)


async def give_back(app: App, job: Job) -> None:
    """Let another worker take a job that was begun."""
    try:
        await app.job_manager.retry_job(job)
    except (
        ConnectorException
    ):  # the same was ordered meanwhile, or somebody was faster: this one is not needed
        await _drop(app, job)


async def _drop(app: App, job: Job) -> None:
    try:
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    except ConnectorException:  # it ended by itself
        return


async def forget(app: App) -> None:
    await app.job_manager.delete_old_jobs(
        KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )
