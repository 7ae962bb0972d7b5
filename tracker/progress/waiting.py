"""Steps that a second person must accept: putting one down, and finding that one waits already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from tracker.models import Commitment, Person, Submission
from tracker.models.edits import RefusedError, keep


def needs_a_second_person(commitment: Commitment) -> bool:
    """Whether the unit that answers for it wants steps accepted by somebody else."""
    unit = commitment.answering_unit
    return unit is not None and unit.second_person


def refuse_while_one_waits(commitment: Commitment) -> None:
    """Raise RefusedError where a submission waits: it would be decided about a commitment that has changed."""
    pending = commitment.submissions.pending().select_related("by").first()
    if pending:
        raise RefusedError(
            _("A step by %(who)s waits for acceptance. Accept it, send it back or withdraw it first.")
            % {"who": pending.by.get_full_name() or pending.by.get_username()}
        )


def submit(commitment: Commitment, *, by: User, now: dt.datetime, **said: Any) -> Submission:
    """Put a step down for acceptance; `said` are the columns of its kind. The commitment (locked) stays as it is, but
    for its version: a page that does not show the submission is stale."""
    submission = Submission.objects.create(commitment=commitment, by=by, at=now, asked=_asked(commitment, by), **said)
    keep(commitment, [])
    return submission


def _asked(commitment: Commitment, by: User) -> Person | None:
    """The officer, unless it is the author's own step; then whoever may accept finds it in the unit's list."""
    officer = commitment.officer
    return officer if officer and officer.user_id != by.pk else None
