"""Taking back what was decided about a reading, step by step, as long as nothing else has happened to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker import marking, review, standing
from tracker.models import Commitment, ReviewStep, SecondLook
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, keep, lock
from tracker.models.rereadings import ReviewAct
from tracker.models.vocabulary import Review
from tracker.outbox import announce

__all__ = ["RefusedError", "last_step", "undo"]


def last_step(commitment: Commitment) -> ReviewStep | None:
    """The step that `undo` would take back: the last that was not taken back yet."""
    done = ReviewStep.objects.filter(commitment=commitment, undone_by__isnull=True)
    return done.exclude(act=ReviewAct.UNDONE).order_by("-pk").first()


@transaction.atomic
def undo(commitment_id: int, *, by: User, version: int, now: dt.datetime) -> Commitment:
    """Restore what a commitment was before its last review step: review state, values, words, sides.

    Raises StaleError, ForbiddenError, and RefusedError where there is nothing to take back or something else (a
    status, a unit, a new reading) has happened since.
    """
    commitment = review.locked(commitment_id, version, by)
    step = last_step(commitment)
    if step is None:
        raise RefusedError(_("There is nothing to take back."))
    if commitment.version != ReviewStep.objects.filter(commitment=commitment).order_by("-pk")[0].version:
        raise RefusedError(_("Something else was recorded since; take this back by a new decision."))
    _undo_the_other(step, by, now)
    before = review.snapshot(commitment, [name for name in step.before if name != "looks"])
    if step.act == ReviewAct.ADDED:
        _decided(commitment, {"review": Review.REJECTED, "reviewed_by_id": by.pk, "reviewed_at": now})
    else:
        _decided(commitment, step.before)
    SecondLook.objects.filter(pk__in=step.before.get("looks", [])).update(settled_at=None, settled_by=None)
    review.record(commitment, ReviewAct.UNDONE, before, by, now, undoes=step)
    if "due_on" in before and before["due_on"] != commitment.due_on:
        announce.deadline_changed([commitment.pk], now)
    standing.clear_of([commitment.pk], ministry_day(now), now)
    return commitment


def _undo_the_other(step: ReviewStep, by: User, now: dt.datetime) -> None:
    """A split's second part goes, a merge's second part comes back; neither once it was changed by itself."""
    if step.act not in (ReviewAct.SPLIT, ReviewAct.MERGED):
        return
    if step.other_id is None or step.others_version is None:
        raise RefusedError(_("Something else was recorded since; take this back by a new decision."))
    other = lock(step.other_id, step.others_version)
    gone = {"review": Review.REJECTED, "reviewed_by_id": by.pk, "reviewed_at": now}
    _decided(other, gone if step.act == ReviewAct.SPLIT else step.others_before)


def _decided(commitment: Commitment, values: dict[str, Any]) -> None:
    """Write these columns and sides, as a review step keeps them."""
    columns = {name: value for name, value in values.items() if name not in review.SIDES and name != "looks"}
    for name, value in columns.items():
        setattr(commitment, name, Commitment._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
    if "start" in columns:
        commitment.clause_id = marking.clause_at(commitment.text, commitment.start, commitment.end)
        columns["clause"] = None
    review.check(commitment, [])
    keep(commitment, [Commitment._meta.get_field(name).name for name in columns])
    for name in review.SIDES:
        if name in values:
            review.set_sides(commitment, name, values[name])
