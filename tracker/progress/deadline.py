"""The last day of a commitment is moved: with a reason, and the old day kept."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import rights, standing
from tracker.models import Commitment, DeadlineStep, Submission
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, keep, lock
from tracker.models.vocabulary import Precision, Review, SubmissionKind
from tracker.outbox import announce
from tracker.progress import waiting


@transaction.atomic
def extend_deadline(
    commitment_id: int,
    *,
    to: dt.date,
    reason: str,
    by: User,
    version: int,
    now: dt.datetime,
    brought_forward: bool = False,
) -> Commitment:
    """Move the last day to `to`; answers the commitment as it is now.

    The old day stays in a `DeadlineStep`; the words of the deadline and why they were read so stay on the commitment,
    for they are the text's. An extension goes forward; an earlier day is taken only where `brought_forward` says that
    it is meant, so that a mistyped year shortens nothing. Follow-ups about the old day close in the same transaction.
    Where the unit wants a second person, nothing changes but the version, and the step waits as a `Submission`.

    Raises StaleError where `version` is not the current one, ForbiddenError where `by` may not, and RefusedError for
    an empty reason, a commitment that is closed, rejected or has no day (a day that was not read is an amendment of
    the reading), a day that has passed, that lies before the commitment's first day or in the wrong direction, or
    while another step waits for acceptance.
    """
    if not reason.strip():
        raise RefusedError(_("Say why the day is moved."))
    commitment = lock(commitment_id, version)
    rights.demand(by, rights.Action.EXTEND, commitment)
    waiting.refuse_while_one_waits(commitment)
    before = _checked_day(commitment, to, brought_forward, ministry_day(now))
    if waiting.needs_a_second_person(commitment):
        said = {"to_day": to, "brought_forward": brought_forward, "note": reason.strip()}
        waiting.submit(commitment, by=by, now=now, kind=SubmissionKind.EXTENSION, **said)
        return commitment
    _carry_out(commitment, before, to, reason.strip(), by, now)
    return commitment


def carry_out_submitted(commitment: Commitment, submission: Submission, now: dt.datetime) -> None:
    """Let a submitted extension take effect on a locked commitment, in its author's name; raises RefusedError where
    the move is not possible any more."""
    to = submission.to_day or ministry_day(now)
    before = _checked_day(commitment, to, submission.brought_forward, ministry_day(now))
    _carry_out(commitment, before, to, submission.note, submission.by, now, submission)


def _carry_out(
    commitment: Commitment,
    before: dt.date,
    to: dt.date,
    reason: str,
    by: User,
    now: dt.datetime,
    submission: Submission | None = None,
) -> None:
    DeadlineStep.objects.create(
        commitment=commitment,
        from_day=before,
        from_precision=commitment.due_precision,
        to_day=to,
        reason=reason,
        by=by,
        at=now,
        submission=submission,
    )
    commitment.due_on, commitment.due_precision = to, Precision.DAY
    keep(commitment, ["due_on", "due_precision"])
    announce.deadline_changed([commitment.pk], now)
    standing.clear_of([commitment.pk], ministry_day(now), now)


def _checked_day(commitment: Commitment, to: dt.date, brought_forward: bool, today: dt.date) -> dt.date:
    """The last day as it stands; raises RefusedError where it can't be moved to this one."""
    if commitment.review == Review.REJECTED:
        raise RefusedError(_("The reading was rejected, so there is no day to move."))
    if not commitment.is_open:
        raise RefusedError(_("The commitment is closed: open it again before you move its day."))
    if commitment.due_on is None:
        raise RefusedError(
            _("There is no last day to move. A day that the text gives is added by correcting the reading.")
        )
    if to < today:
        raise RefusedError(_("The new day has already passed."))
    if commitment.starts_on and to < commitment.starts_on:
        raise RefusedError(_("The new day lies before the commitment's first day."))
    if brought_forward and to >= commitment.due_on:
        raise RefusedError(_("A day is brought forward to one before %(day)s.") % {"day": _written(commitment.due_on)})
    if not brought_forward and to <= commitment.due_on:
        raise RefusedError(
            _("An extension goes beyond %(day)s. For an earlier day, say that it is brought forward.")
            % {"day": _written(commitment.due_on)}
        )
    return commitment.due_on


def _written(day: dt.date) -> str:
    return date_format(day, "DATE_FORMAT")
