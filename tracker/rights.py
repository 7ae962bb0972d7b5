"""What a user may see and do: one table. Pages, admin, API, bulk and the steps themselves ask here, so that no face
has rules of its own.

Whose a record is follows from the unit that answers for it: a commitment's own unit, or else its instrument's. The
lists of what a user may know of (`CommitmentQuerySet.for_user`, `instruments`, `texts`, …) are the same rule in SQL;
a test holds them equal to `Action.SEE`.
"""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tracker.models import Commitment, Evidence, FollowUp, Instrument, Person, Submission, Text, Unit
from tracker.models.commitment_lists import known_to
from tracker.models.edits import ForbiddenError
from tracker.models.vocabulary import PersonRole

User = AbstractBaseUser | AnonymousUser


class Action(StrEnum):
    """What may be done to a record, or (ingest, manage) at all."""

    SEE = "see"
    REVIEW = "review"  # confirm, amend, reject a reading; choose the text that leads
    RECORD = "record"  # a status, with note and evidence
    ACCEPT = "accept"  # what another person submitted; never one's own
    EXTEND = "extend"  # move a deadline
    ASSIGN = "assign"  # to a unit and an officer
    HAND_OVER = "hand_over"  # what somebody else answers for; one's own may always be handed to a colleague
    FILE = "file"  # title, themes, relations, notes
    ATTEND = "attend"  # acknowledge, put off, give to somebody, comment on a follow-up
    INGEST = "ingest"  # add instruments and texts
    MANAGE = "manage"  # units, people, parties, themes, rules


class Whose(StrEnum):
    """Whose a record is, seen from a user."""

    OWN = "own"  # the user's unit answers for it
    NOBODYS = "nobodys"  # no unit does
    OTHERS = "others"  # another unit does


_ALL = frozenset(Whose)
_NEAR = frozenset({Whose.OWN, Whose.NOBODYS})
_DESK = {
    Action.SEE: _NEAR,
    Action.REVIEW: _NEAR,
    Action.RECORD: _NEAR,
    Action.ACCEPT: _NEAR,
    Action.EXTEND: _NEAR,
    Action.ASSIGN: _NEAR,
    Action.FILE: _NEAR,
    Action.ATTEND: _NEAR,
    Action.INGEST: _NEAR,
}

TABLE: dict[PersonRole, dict[Action, frozenset[Whose]]] = {
    PersonRole.READER: {Action.SEE: _NEAR},
    PersonRole.DESK_OFFICER: _DESK,
    PersonRole.HEAD_OF_UNIT: {**_DESK, Action.HAND_OVER: _NEAR},
    PersonRole.AUDITOR: {Action.SEE: _ALL},
    # Administrators accept anywhere too, so that a unit of one person is not stuck; their own submissions they can't.
    PersonRole.ADMINISTRATOR: dict.fromkeys(Action, _ALL),
}
"""Role → action → whose records it may be done to. What is not here may not be done."""


def may(user: User, action: Action, about: Commitment | Instrument | None = None) -> bool:
    """Whether a user may do it to this record; with None, whether to any at all.

    Superusers count as administrators; a user who is nobody in the tracker counts as a reader of no unit; one who is
    not signed in, or deactivated, may nothing.
    """
    if about is None:
        return bool(_reach(user, action))
    return in_unit(user, action, about.unit if isinstance(about, Instrument) else about.answering_unit)


def demand(user: User, action: Action, about: Commitment | Instrument | None = None) -> None:
    """Raise ForbiddenError, in words for the user, unless `may`. Every step begins so."""
    if not may(user, action, about):
        raise ForbiddenError(_("You may not do this to this record: it is with another unit, or your role only looks."))


def in_unit(user: User, action: Action, unit: Unit | None) -> bool:
    """Whether a user may do it to the records that this unit answers for; None stands for no unit."""
    return whose(user, unit) in _reach(user, action)


def whose(user: User, unit: Unit | None) -> Whose:
    """Whose the records are that a unit (or none) answers for, seen from a user."""
    if unit is None:
        return Whose.NOBODYS
    person = person_of(user)
    return Whose.OWN if person and person.unit_id == unit.pk else Whose.OTHERS


def instruments(user: User) -> QuerySet[Instrument]:
    """The instruments that a user may know of: of the user's unit or of none, or holding a commitment of theirs."""
    if sees_all(user):
        return Instrument.objects.all()
    if not _at_work(user):
        return Instrument.objects.none()
    person = person_of(user)
    ours = Q(unit__isnull=True) | Q(unit=person.unit_id if person else None)
    holding = Commitment.objects.for_user(user).values("text__instrument")
    return Instrument.objects.filter(ours | Q(pk__in=holding))


def texts(user: User) -> QuerySet[Text]:
    """The texts of those instruments."""
    known = Text.objects.all()
    return known if sees_all(user) else known.filter(instrument__in=instruments(user))


def followups(user: User) -> QuerySet[FollowUp]:
    """The follow-ups of the commitments that a user may know of."""
    return FollowUp.objects.filter(known_to(user, "commitment__"))


def people(action: Action, unit: Unit | None) -> QuerySet[Person]:
    """Those at work who may do it to the records that this unit (or none) answers for."""
    allowed = Q(user__is_superuser=True)
    for role, acts in TABLE.items():
        reach = acts.get(action, frozenset())
        if unit is None:
            allowed |= Q(role=role) if Whose.NOBODYS in reach else Q()
        else:
            allowed |= Q(role=role) if Whose.OTHERS in reach else Q()
            allowed |= Q(role=role, unit=unit) if Whose.OWN in reach else Q()
    return Person.objects.filter(allowed, user__is_active=True)


def evidence(user: User) -> QuerySet[Evidence]:
    """The evidence, in the record or still submitted, of the commitments that a user may know of."""
    known = Evidence.objects.all()
    if sees_all(user):
        return known
    theirs = Commitment.objects.for_user(user)
    return known.filter(Q(step__commitment__in=theirs) | Q(submission__commitment__in=theirs))


def submissions(user: User) -> QuerySet[Submission]:
    """The submissions about the commitments that a user may know of."""
    return Submission.objects.filter(known_to(user, "commitment__"))


def sees_all(user: User) -> bool:
    """Whether records of every unit are open to a user: superusers, administrators, auditors."""
    return Whose.OTHERS in _reach(user, Action.SEE)


def may_act(user: User) -> bool:
    """Whether a user may review readings, record status and add instruments; readers and auditors only look."""
    return may(user, Action.RECORD)


def may_administer(user: User) -> bool:
    """Whether a user may change units, people, parties, themes and rules."""
    return may(user, Action.MANAGE)


def person_of(user: User) -> Person | None:
    """What the tracker knows of a user; asked of the database once for each request."""
    return getattr(user, "person", None) if user.is_authenticated else None


def _reach(user: User, action: Action) -> frozenset[Whose]:
    if not _at_work(user):
        return frozenset()
    return TABLE[_role(user)].get(action, frozenset())


def _role(user: User) -> PersonRole:
    if getattr(user, "is_superuser", False):
        return PersonRole.ADMINISTRATOR
    person = person_of(user)
    return PersonRole(person.role) if person else PersonRole.READER


def _at_work(user: User) -> bool:
    return bool(user.is_authenticated and user.is_active)
