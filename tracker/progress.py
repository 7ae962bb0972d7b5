"""What became of a promise: the only place where a stored status changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.models import Commitment, Obligor, Person, StatusStep, Unit, standing
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError, StaleError, keep, lock
from tracker.models.vocabulary import OPEN_STATUSES, Review, Status

__all__ = ["TRANSITIONS", "RefusedError", "StaleError", "assign", "next_statuses", "record_status", "rolled_up"]

TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.NOT_STARTED: (
        Status.NOT_STARTED,
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.PARTLY_FULFILLED,
        Status.NOT_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    Status.IN_PROGRESS: (
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.PARTLY_FULFILLED,
        Status.NOT_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    Status.PARTLY_FULFILLED: (
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.NOT_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    Status.NOT_FULFILLED: (
        Status.IN_PROGRESS,
        Status.FULFILLED,
        Status.PARTLY_FULFILLED,
        Status.SUPERSEDED,
        Status.WAIVED,
    ),
    # A closed promise is opened again by saying that it is in progress, with a note that says why.
    Status.FULFILLED: (Status.IN_PROGRESS,),
    Status.SUPERSEDED: (Status.IN_PROGRESS,),
    Status.WAIVED: (Status.IN_PROGRESS,),
}
"""Where a status may go. One that may go to itself takes news: it stays, and the clock of its silence starts anew."""

_EXCUSED = (Status.SUPERSEDED, Status.WAIVED)
_is_web_address = URLValidator(schemes=["http", "https"])


def next_statuses(status: str) -> tuple[Status, ...]:
    """What a status may be changed to, for forms."""
    return TRANSITIONS[Status(status)]


def rolled_up(statuses: Iterable[str]) -> Status:
    """The status of a commitment whose obligors have these (at least one).

    Obligors that were excused (waived, superseded) count only where all were. Then: the status that all share; or
    else in progress while any side is open; or else partly fulfilled.
    """
    sides = {Status(status) for status in statuses}
    sides = sides - set(_EXCUSED) or sides
    if len(sides) == 1:
        return sides.pop()
    if sides <= set(_EXCUSED):
        return Status.SUPERSEDED
    return Status.IN_PROGRESS if sides & set(OPEN_STATUSES) else Status.PARTLY_FULFILLED


@transaction.atomic
def record_status(
    commitment_id: int,
    *,
    to: str,
    on: dt.date,
    note: str,
    by: User,
    version: int,
    now: dt.datetime,
    evidence: str = "",
    obligor: int | None = None,
) -> Commitment:
    """Record that on a day the status became `to`, or stayed and there is news; answers the commitment as it is now.

    `obligor` is the id of the one obligor that it is about; without it the step speaks for all who were not excused.
    `evidence` is a web address. Follow-ups that no longer hold are closed in the same transaction: who has acted is
    left alone. Raises StaleError where `version` is not the current one, and RefusedError for a move that is not in
    `TRANSITIONS`, a day to come, an empty note, an address that is none, or a rejected reading.
    """
    _check_the_entry(to, on, note, evidence, today := ministry_day(now))
    commitment = lock(commitment_id, version)
    if commitment.review == Review.REJECTED:
        raise RefusedError(_("The reading was rejected, so there is no promise to report on."))
    sides = list(commitment.obligors.all())
    side = _named(sides, obligor)
    before = side.status if side else commitment.status
    _check_the_move(before, to)
    _move(sides, side, Status(to))
    after = rolled_up(each.status for each in sides) if sides else Status(to)
    if after != commitment.status:
        commitment.status, commitment.status_on = after, on
    commitment.last_evidence_on = max(on, commitment.last_evidence_on or on)
    keep(commitment, ["status", "status_on", "last_evidence_on"])
    StatusStep.objects.create(
        commitment=commitment,
        obligor=side,
        from_status=before,
        to_status=to,
        on=on,
        note=note.strip(),
        evidence=evidence,
        by=by,
        at=now,
    )
    standing.clear_what_does_not(today, now, only=[commitment.pk])
    return commitment


@transaction.atomic
def assign(commitment_id: int, *, unit: Unit | None, officer: Person | None, version: int) -> Commitment:
    """Give a commitment to a unit and an officer (or to none); raises StaleError, and RefusedError for an officer
    of another unit."""
    commitment = lock(commitment_id, version)
    if unit and officer and officer.unit_id != unit.pk:
        raise RefusedError(_("%(officer)s is not of this unit.") % {"officer": officer})
    commitment.unit, commitment.officer = unit, officer
    keep(commitment, ["unit", "officer"])
    return commitment


def _check_the_entry(to: str, on: dt.date, note: str, evidence: str, today: dt.date) -> None:
    if to not in Status.values:
        raise RefusedError(_("There is no status %(status)s.") % {"status": to})
    if on > today:
        raise RefusedError(_("The day of a step can't lie ahead."))
    if not note.strip():
        raise RefusedError(_("Say in a note what happened."))
    if evidence:
        try:
            _is_web_address(evidence)
        except ValidationError as error:
            raise RefusedError(_("Evidence is a web address that begins with http:// or https://.")) from error


def _check_the_move(before: str, to: str) -> None:
    if Status(to) not in next_statuses(before):
        raise RefusedError(
            _("A promise that is %(before)s can't become %(to)s.")
            % {"before": Status(before).label, "to": Status(to).label}
        )


def _named(sides: Sequence[Obligor], obligor: int | None) -> Obligor | None:
    if obligor is None:
        return None
    for side in sides:
        if side.pk == obligor:
            return side
    raise RefusedError(_("That party is not an obligor of this commitment."))


def _move(sides: Sequence[Obligor], side: Obligor | None, to: Status) -> None:
    """Set the status of one side, or of all; those excused earlier stay so, unless nobody else is left."""
    moving = [side] if side else list(sides)
    if not side and to not in _EXCUSED:
        moving = [each for each in sides if each.status not in _EXCUSED] or moving
    for each in moving:
        each.status = to
    Obligor.objects.bulk_update(moving, ["status"])
