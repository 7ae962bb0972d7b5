"""The second person: accept what somebody else submitted, or send it back. Its author can only withdraw it."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import rights
from tracker.models import Commitment, Submission
from tracker.models.edits import ForbiddenError, RefusedError, keep, lock
from tracker.models.submissions import SubmissionQuerySet
from tracker.models.vocabulary import SubmissionKind, SubmissionState
from tracker.progress import deadline, status

_CARRY_OUT = {
    SubmissionKind.STATUS: status.carry_out_submitted,
    SubmissionKind.EXTENSION: deadline.carry_out_submitted,
}


def to_accept(user: User) -> SubmissionQuerySet:
    """What waits and this user may accept, which is never what the user submitted; the oldest first.

    It may be accepted by whoever may act on the commitment; `asked` says whose list it is on in the first place.
    """
    waiting = Submission.objects.pending().exclude(by=user).order_by("at", "pk")
    if not rights.may(user, rights.Action.ACCEPT):
        return waiting.none()
    known = waiting.filter(commitment__in=Commitment.objects.for_user(user))
    return known.select_related("commitment__text__instrument", "by", "obligor__party").defer("commitment__text__body")


@transaction.atomic
def accept(submission_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """Let a submitted step take effect, in its author's name; answers the commitment as it is now.

    Raises StaleError where `version` is not the commitment's current one, ForbiddenError for the author and for those
    who may not accept for this unit, and RefusedError where it was decided already, or can't be done any more.
    """
    submission, commitment = _locked(submission_id, version)
    _demand_another(submission, commitment, by)
    _decide(submission, SubmissionState.ACCEPTED, by, now)
    _CARRY_OUT[SubmissionKind(submission.kind)](commitment, submission, now)
    return commitment


@transaction.atomic
def send_back(submission_id: int, *, reason: str, by: User, version: int, now: dt.datetime) -> Commitment:
    """Do not accept a submitted step, and say why; the commitment stays as it is. Raises as `accept`, and RefusedError
    without a reason."""
    if not reason.strip():
        raise RefusedError(_("Say why it is sent back."))
    submission, commitment = _locked(submission_id, version)
    _demand_another(submission, commitment, by)
    _decide(submission, SubmissionState.REJECTED, by, now, reason.strip())
    keep(commitment, [])
    return commitment


@transaction.atomic
def withdraw(submission_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """Take back a step that one submitted oneself; the commitment stays as it is. Raises StaleError, ForbiddenError
    for anybody else, and RefusedError where it was decided already."""
    submission, commitment = _locked(submission_id, version)
    if submission.by_id != by.pk:
        raise ForbiddenError(_("Only its author withdraws a submission; others accept it or send it back."))
    _decide(submission, SubmissionState.WITHDRAWN, by, now)
    keep(commitment, [])
    return commitment


def _locked(submission_id: int, version: int) -> tuple[Submission, Commitment]:
    """The submission, and its commitment locked: that lock keeps two people from deciding at once."""
    found = Submission.objects.filter(pk=submission_id).first()
    if found is None:
        raise RefusedError(_("There is no such submission."))
    commitment = lock(found.commitment_id, version)
    found.refresh_from_db()
    if found.state != SubmissionState.PENDING:
        raise RefusedError(_("This was decided already."))
    return found, commitment


def _demand_another(submission: Submission, commitment: Commitment, by: User) -> None:
    rights.demand(by, rights.Action.ACCEPT, commitment)
    if submission.by_id == by.pk:
        raise ForbiddenError(_("You submitted this yourself; another person of the unit must decide."))


def _decide(submission: Submission, state: SubmissionState, by: User, now: dt.datetime, why: str = "") -> None:
    submission.state, submission.decided_by, submission.decided_at = state, by, now
    submission.decided_why = why
    submission.save(update_fields=["state", "decided_by", "decided_at", "decided_why"])
