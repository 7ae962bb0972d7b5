"""Who answers for what: give a commitment to a unit and an officer; hand everything open from one person to another."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tracker import rights
from tracker.history import because
from tracker.models import Commitment, HandOver, Person, Submission, Unit
from tracker.models.edits import ForbiddenError, RefusedError, keep, lock
from tracker.models.vocabulary import OPEN_STATUSES, PersonRole, Review

_ACTING = (PersonRole.DESK_OFFICER, PersonRole.HEAD_OF_UNIT, PersonRole.ADMINISTRATOR)


@transaction.atomic
def assign(
    commitment_id: int, *, unit: Unit | None, officer: Person | None, version: int, by: User | None = None
) -> Commitment:
    """Give a commitment to a unit and an officer (or to none); without `by` a command does it.

    Raises StaleError, ForbiddenError where `by` may not (where the unit wants a second person for every step, only its
    head or an administrator takes a commitment out of it, or else that would be the way round the second person), and
    RefusedError for an officer of another unit.
    """
    commitment = lock(commitment_id, version)
    before = commitment.answering_unit
    if by:
        rights.demand(by, rights.Action.ASSIGN, commitment)
    if unit and officer and officer.unit_id != unit.pk:
        raise RefusedError(_("%(officer)s is not of this unit.") % {"officer": officer})
    commitment.unit, commitment.officer = unit, officer
    leaves = before is not None and before.second_person and commitment.answering_unit != before
    if by and leaves and not rights.in_unit(by, rights.Action.HAND_OVER, before):
        raise ForbiddenError(_("Its unit has steps accepted by a second person, so only the head gives it away."))
    keep(commitment, ["unit", "officer"])
    return commitment


@transaction.atomic
def hand_over(from_person: Person, to_person: Person, *, by: User, reason: str, now: dt.datetime) -> HandOver:
    """Everything open that one person answers for goes to another, in one step and a constant number of statements.

    That is: open commitments (follow-ups and reminders go by a commitment's officer, so those to come go along), and
    submissions that the person was asked to accept; one that the new person submitted goes to nobody in particular,
    for its author can't accept it. Officers hand over what is theirs to a colleague of the unit; what is another's, or
    goes to another unit, is handed over by the head of the unit that gives, or an administrator, and the commitments
    then belong to the new person's unit. Every version is raised: a page from before is stale.

    Raises ForbiddenError where `by` may not, RefusedError without a reason, to the same person, to one who may not act
    or is not at work, or to one without a unit where the commitments would have to change theirs.
    """
    _check_the_people(from_person, to_person, reason)
    moving = _lock_what_moves(from_person)
    units: set[Unit | None] = {unit for each in moving if (unit := each.answering_unit)}
    units = units or {from_person.unit}
    elsewhere = {unit.pk for unit in units if unit} - {to_person.unit_id}
    _check_who_does_it(by, from_person, units, crosses=bool(elsewhere))
    if elsewhere and moving and to_person.unit is None:
        raise RefusedError(_("%(person)s belongs to no unit.") % {"person": to_person})
    crossing = [each.pk for each in moving if (unit := each.answering_unit) and unit.pk in elsewhere]
    handed = HandOver(from_person=from_person, to_person=to_person, reason=reason.strip(), by=by, at=now)
    with because(handed.reason):  # the history of each commitment says why its officer is another
        handed.submissions = _pass_on_submissions(from_person, to_person)
        handed.save()
        handed.commitments.set([each.pk for each in moving])
        given = Commitment.objects.filter(pk__in=[each.pk for each in moving])
        given.filter(pk__in=crossing).update(unit=to_person.unit)
        given.update(officer=to_person, version=F("version") + 1)
    return handed


def _check_the_people(from_person: Person, to_person: Person, reason: str) -> None:
    if not reason.strip():
        raise RefusedError(_("Say why the items are handed over."))
    if from_person.pk == to_person.pk:
        raise RefusedError(_("Choose another person."))
    if not to_person.user.is_active or to_person.role not in _ACTING:
        raise RefusedError(
            _("%(person)s can't take items over: the role only looks, or the account is closed.")
            % {"person": to_person}
        )


def _check_who_does_it(by: User, from_person: Person, units: set[Unit | None], *, crosses: bool) -> None:
    """Heads and administrators hand over what their units answer for; others only their own, within the unit."""
    leads = all(rights.in_unit(by, rights.Action.HAND_OVER, unit) for unit in units)
    own = by.pk == from_person.user_id and rights.may(by, rights.Action.ASSIGN)
    if crosses and not leads:
        raise ForbiddenError(_("Only the head of the unit or an administrator hands items to another unit."))
    if not leads and not own:
        raise ForbiddenError(_("Only the head of the unit or an administrator hands over what another answers for."))


def _lock_what_moves(person: Person) -> list[Commitment]:
    """The open commitments of a person, locked in one order, so that two hand-overs never wait for each other."""
    open_ones = person.commitments.filter(status__in=OPEN_STATUSES).exclude(review=Review.REJECTED)
    known = open_ones.select_related("unit", "text__instrument__unit").defer("text__body")
    return list(known.select_for_update(of=("self",)).order_by("pk"))


def _pass_on_submissions(from_person: Person, to_person: Person) -> int:
    asked = Submission.objects.pending().filter(asked=from_person)
    theirs = Q(by=to_person.user_id)
    return asked.filter(theirs).update(asked=None) + asked.exclude(theirs).update(asked=to_person)
