"""Asking for long work and stopping it: who may, and what is kept of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tracker import rights
from tracker.jobs import backends
from tracker.models import Job
from tracker.models.edits import RefusedError
from tracker.models.jobs import JobQuerySet
from tracker.models.vocabulary import JobKind, JobState
from tracker.rights import Action

MOST = 5
"""Jobs of one person that have not ended; a sixth must wait."""

_NEEDS = {
    JobKind.SWEEP: Action.MANAGE,
    JobKind.REREADING: Action.MANAGE,
    JobKind.IMPORT: Action.RECORD,
    JobKind.EXPORT: Action.SEE,
}
_ONE_AT_A_TIME = (JobKind.SWEEP, JobKind.REREADING)


def known(user: AbstractBaseUser | AnonymousUser) -> JobQuerySet:
    """The jobs that a user may know of and stop: their own, and all for administrators."""
    jobs = Job.objects.for_lists()
    if rights.may_administer(user):
        return jobs
    return jobs.filter(asked_by=user.pk) if user.is_authenticated else jobs.none()


def ask(kind: JobKind, wanted: dict[str, Any], *, by: User | None, now: dt.datetime) -> Job:
    """Put a job down to be done; a doorbell is the caller's. `wanted` is what its kind reads (see `kinds`).

    Without `by` the system itself asks. Raises ForbiddenError, and RefusedError where it is at work already or the
    person has too many that have not ended.
    """
    if by:
        rights.demand(by, _NEEDS[kind])
        moving = Job.objects.moving()
        if kind in _ONE_AT_A_TIME and moving.filter(kind=kind).exists():
            raise RefusedError(_("This is at work already."))
        if moving.filter(asked_by=by).count() >= MOST:
            raise RefusedError(_("You have %(most)s jobs that have not ended. Wait, or stop one.") % {"most": MOST})
    language = (translation.get_language() or "en")[:2]
    return Job.objects.create(kind=kind, wanted={**wanted, "language": language}, asked_by=by, asked_at=now)


def carry_out(job_id: int, *, by: User, now: dt.datetime) -> Job:
    """Put down what a trial has shown to be done; a doorbell is the caller's.

    Raises RefusedError where the user has no such trial that has ended, where it is too long ago, or where no row would
    change. A row that somebody changed since is refused when it is carried out.
    """
    mine = Job.objects.filter(pk=job_id, asked_by=by, kind=JobKind.IMPORT, state=JobState.DONE).defer("file")
    trial = mine.first()
    if trial is None or not trial.report.get("trial"):
        raise RefusedError(_("There is no such job."))
    if not trial.wanted:
        raise RefusedError(_("This was tried too long ago. Choose the file again."))
    if not trial.report["orders"]:
        raise RefusedError(_("No row would change."))
    return ask(JobKind.IMPORT, {"name": trial.report["name"], "orders": trial.report["orders"]}, by=by, now=now)


def cancel(job_id: int, *, by: User, now: dt.datetime) -> Job:
    """Ask a job to stop: one that waits ends at once, one at work between two portions, a sweep in its statement.

    What its finished portions did stays. Raises RefusedError where the user knows of no such job, or it has ended.
    """
    job = _asked_to_stop(job_id, by, now)
    if job.state == JobState.RUNNING and job.kind == JobKind.SWEEP:
        backends.interrupt(job)  # after the commit, so that whoever is interrupted reads why
    return job


@transaction.atomic
def _asked_to_stop(job_id: int, by: User, now: dt.datetime) -> Job:
    job = known(by).select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise RefusedError(_("There is no such job."))
    if not job.is_moving:
        raise RefusedError(_("It has ended already."))
    job.cancel_asked_at, job.cancel_asked_by = now, by
    if job.state == JobState.WAITING:
        job.state, job.ended_at = JobState.CANCELLED, now
    job.save(update_fields=["cancel_asked_at", "cancel_asked_by", "state", "ended_at"])
    return job
