"""Filters that more than one list offers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from tracker.models import FollowUpRule
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Reason


def today() -> dt.date:
    """The ministry's day; the admin reads the clock here."""
    return ministry_day(timezone.now())


def soon() -> int:
    """How many days ahead counts as due soon, as the follow-up rule says."""
    return FollowUpRule.objects.filter(reason=Reason.DUE_SOON).values_list("days", flat=True).first() or 0


class StandingFilter(DropdownFilter):
    """How a commitment stands today: computed, never stored."""

    title = _("standing today")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What may be asked for."""
        return [
            ("overdue", _("overdue")),
            ("due_soon", _("due soon")),
            ("pending", _("confirmed and pending")),
            ("open", _("open, reviewed or not")),
            ("awaiting", _("awaiting a date")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that stand so."""
        assert isinstance(queryset, CommitmentQuerySet)  # noqa: S101  (for the type checker: the list is of commitments)
        asked = self.value()
        if asked == "overdue":
            return queryset.overdue(today())
        if asked == "due_soon":
            return queryset.due_soon(today(), soon())
        if asked == "pending":
            return queryset.pending()
        if asked == "open":
            return queryset.open()
        if asked == "awaiting":
            return queryset.open().filter(awaiting_date=True)
        return queryset
