"""The sweep that beat rings: an ordinary one at once, one over very many commitments as a job that people can watch."""

from __future__ import annotations

import datetime as dt

from tracker import followup
from tracker.jobs import asking
from tracker.jobs.working import work
from tracker.models import Job
from tracker.models.days import ministry_day
from tracker.models.vocabulary import JobKind, JobState, Reason

MANY = 50_000
"""A full sweep over more commitments than this is shown as a job: it takes seconds and more."""


def sweep(now: dt.datetime, *, insist: bool = False) -> followup.Swept:
    """One sweep for the ministry's day at this moment.

    An ordinary minute pays nothing for jobs. A full sweep over `MANY` commitments is put down first, and done here and
    now; one that somebody has stopped is put off for an hour, unless the caller would `insist`. A job whose worker was
    killed is taken over at once.
    """
    swept = followup.sweep(ministry_day(now), now, at_most=MANY)
    if swept.ran or not swept.full:
        return swept
    if not insist and Job.objects.sweep_put_off_until(now):
        return swept
    job = Job.objects.moving().filter(kind=JobKind.SWEEP).first() or asking.ask(JobKind.SWEEP, {}, by=None, now=now)
    work(job.pk, now)
    return _came_of(Job.objects.only("state", "report").get(pk=job.pk))


def _came_of(job: Job) -> followup.Swept:
    raised, cleared = (_by_reason(job.report.get(name, {})) for name in ("raised", "cleared"))
    return followup.Swept(job.state == JobState.DONE, True, raised, cleared)


def _by_reason(numbers: dict[str, int]) -> dict[Reason, int]:
    return {Reason(reason): number for reason, number in numbers.items()}
