"""The lists of commitments that pages, API, numbers and follow-ups ask for, each defined once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Substr, Upper

from tracker.models.vocabulary import ACCEPTED_REVIEWS, OPEN_STATUSES, Review

if TYPE_CHECKING:
    from tracker.models.commitments import Commitment  # noqa: F401  (named in the string below)

COUNTED = Q(counted=True)
"""Read in the leading text of its instrument."""

OPEN = COUNTED & ~Q(review=Review.REJECTED) & Q(status__in=OPEN_STATUSES)
"""Something is still to be done. Not reviewed yet is no excuse for a missed day: only a rejected reading is out."""


def overdue(on: dt.date) -> Q:
    """Open, and the last day lies before `on`. What has no day is never overdue."""
    return OPEN & Q(due_on__lt=on)


def due_soon(on: dt.date, days: int) -> Q:
    """Open, and the last day is `on` or one of the `days` after it."""
    return OPEN & Q(due_on__range=(on, on + dt.timedelta(days=days)))


def known_to(user: AbstractBaseUser | AnonymousUser, path: str = "") -> Q:
    """Which commitments a user may know of, as `CommitmentQuerySet.for_user` says.

    `path` leads to the commitment from what is asked for, such as `commitment__` from a follow-up: one join then, where
    a list of commitments to look it up in would be a second way to every row.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(**{f"{path}pk__in": ()})
    person = getattr(user, "person", None)
    if getattr(user, "is_superuser", False) or (person and person.sees_all):
        return Q()
    unit, instruments = f"{path}unit", f"{path}text__instrument__unit"
    unassigned = Q(**{f"{unit}__isnull": True, f"{instruments}__isnull": True})
    if not person or not person.unit_id:
        return unassigned
    theirs = Q(**{unit: person.unit_id}) | Q(**{f"{unit}__isnull": True, instruments: person.unit_id})
    return theirs | unassigned


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Commitments by what is to be done about them; days are passed in, the clock is never read here."""

    def counted(self) -> Self:
        """Those that lists and numbers speak of: read in a leading text and not rejected."""
        return self.filter(COUNTED).exclude(review=Review.REJECTED)

    def open(self) -> Self:
        """Those with something still to be done, reviewed or not."""
        return self.filter(OPEN)

    def pending(self) -> Self:
        """Those that a person accepted, with something still to be done."""
        return self.filter(OPEN, review__in=ACCEPTED_REVIEWS)

    def proposed(self) -> Self:
        """Those whose reading nobody has reviewed, open or not; shown apart from the pending."""
        return self.filter(COUNTED, review=Review.PROPOSED)

    def overdue(self, on: dt.date) -> Self:
        """Open ones whose last day lies before `on`. Those without a day are never among them."""
        return self.filter(overdue(on))

    def due_soon(self, on: dt.date, days: int) -> Self:
        """Open ones whose last day is `on` or one of the `days` after it."""
        return self.filter(due_soon(on, days))

    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those that a user may know of; the one rule for admin, pages, API and exports.

        Administrators, auditors and superusers: all. Everybody else: those of their unit and those of no unit, where
        a commitment without a unit of its own has its instrument's. Nobody who is not signed in, or deactivated.
        """
        return self.filter(known_to(user))

    def matching(self, parts: Iterable[str]) -> Self:
        """Those in whose title, exact words, clause or instrument's title each of these parts of words stands."""
        found = self
        for part in parts:
            found = found.filter(searchable__words__contains=Upper(Value(part)))
        return found

    def with_quote(self) -> Self:
        """Adds `words`: the exact words, cut out by the database, so that a list need not fetch whole texts."""
        return self.annotate(words=Substr("text__body", F("start") + 1, F("end") - F("start")))

    def for_lists(self) -> Self:
        """Everything that a list shows, in a constant number of queries and without the texts themselves."""
        return (
            self.with_quote()
            .select_related("clause", "unit", "officer__user", "text__instrument")
            .defer("text__body")
            .prefetch_related(self._sides("obligors"), self._sides("addressees"))
        )

    def _sides(self, name: str) -> models.Prefetch[str, Any, str]:
        """The parties of one side with what is kept of them, in one query; in their order, not in that of the texts."""
        side: Any = self.model._meta.get_field(name).related_model
        return models.Prefetch(name, side._default_manager.select_related("party").order_by("position"))
