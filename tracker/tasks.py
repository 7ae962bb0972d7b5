"""What Celery may ring for. A task is a doorbell: it may be lost, doubled or late, and nothing is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial

from celery import Task, shared_task
from django.conf import settings
from django.utils import timezone

from tracker import followup, intake, jobs, reminding
from tracker.bell import bell
from tracker.history import chain
from tracker.outbox import keeping, relay


@shared_task
def seal() -> None:
    """Put the entries of the history that wait into its chain. Rung by beat, every minute."""
    chain.seal()


# The very first sweep of a large installation may take longer than any other task; it is shown as a job.
@shared_task(time_limit=1800)
def sweep() -> None:
    """Flag what must be flagged today, and ring for what waits. Rung by beat; its schedule is in the settings."""
    run_sweep(timezone.now())
    ring(intake.waiting())
    jobs.forget(timezone.now())
    ring_jobs(jobs.to_do(timezone.now()))


@shared_task(time_limit=1800)
def remind() -> None:
    """Tell people what is owed to them. Rung by beat, every five minutes; a mail goes out once a day."""
    now = timezone.now()
    run_sweep(now)
    reminding.remind(now)


@shared_task
def deliver() -> None:
    """Send what is owed to the outside and due. Rung by beat, every ten seconds; it ends when the next ring is due, so
    that a long queue does not keep the worker from what else there is."""
    relay.deliver(timezone.now(), seconds=settings.OUTBOX_SECONDS)


@shared_task
def forget() -> None:
    """Empty what was sent so long ago that nobody reads it again. Rung by beat, every night; a night that is missed is
    made up for by the next."""
    keeping.forget(timezone.now())


# Longer than the longest that a document may take to read (`ingest.child`).
@shared_task(time_limit=400)
def read_upload(upload_id: int) -> None:
    """Read what somebody has brought in. Rung when it comes, and by every sweep until it is read."""
    intake.read(upload_id, now=timezone.now())


# A worker stays with a job for a few minutes (`jobs.working.SECONDS`), and until the end with one that can't be left.
@shared_task(time_limit=1800)
def work_on(job_id: int) -> None:
    """Work on a job. Rung when it is asked for, when a worker leaves it to others, and by every sweep until it ends."""
    if jobs.work(job_id, timezone.now()):
        ring_jobs([job_id])


def ring(upload_ids: Iterable[int]) -> None:
    """Tell the workers that there is something to read. Where nobody can be told, the next sweep tries again."""
    _ring(read_upload, upload_ids)


def ring_jobs(job_ids: Iterable[int]) -> None:
    """Tell the workers of jobs. Where nobody can be told, the next sweep tries again."""
    _ring(work_on, job_ids)


def _ring(task: Task, ids: Iterable[int]) -> None:
    for each in ids:
        if not bell.ring(partial(task.apply_async, (each,), queue="ingest", expires=60)):
            return


def run_sweep(now: dt.datetime, *, insist: bool = False) -> followup.Swept:
    """One sweep for the ministry's day at this moment; `insist`, also where somebody has stopped a full one of late."""
    return jobs.sweep(now, insist=insist)
