"""What a user may see and do. Pages, admin, API and downloads ask here, so that no face has rules of its own.

Which commitments a user may know of is `CommitmentQuerySet.for_user`; everything else follows from it.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet

from tracker.models import Commitment, FollowUp, Instrument, Person, Text
from tracker.models.vocabulary import PersonRole

User = AbstractBaseUser | AnonymousUser

_ACTING = (PersonRole.DESK_OFFICER, PersonRole.HEAD_OF_UNIT, PersonRole.ADMINISTRATOR)


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
    known = FollowUp.objects.all()
    return known if sees_all(user) else known.filter(commitment__in=Commitment.objects.for_user(user))


def sees_all(user: User) -> bool:
    """Whether records of every unit are open to a user: superusers, administrators, auditors."""
    person = person_of(user)
    return _at_work(user) and bool(getattr(user, "is_superuser", False) or (person and person.sees_all))


def may_act(user: User) -> bool:
    """Whether a user may review readings, record status and add instruments; readers and auditors only look."""
    person = person_of(user)
    return _at_work(user) and bool(getattr(user, "is_superuser", False) or (person and person.role in _ACTING))


def may_administer(user: User) -> bool:
    """Whether a user may change units, people, parties and rules."""
    person = person_of(user)
    administers = person is not None and person.role == PersonRole.ADMINISTRATOR
    return _at_work(user) and bool(getattr(user, "is_superuser", False) or administers)


def person_of(user: User) -> Person | None:
    """What the tracker knows of a user; asked of the database once for each request."""
    return getattr(user, "person", None) if user.is_authenticated else None


def _at_work(user: User) -> bool:
    return bool(user.is_authenticated and user.is_active)
