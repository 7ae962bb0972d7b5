"""The filters of each list. One that is not known is refused with what would be right, never ignored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from tracker.models import Commitment, FollowUp, Instrument, Party
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.days import ministry_day
from tracker.models.vocabulary import FollowUpState, Force, Kind, PartySort, Reason, Review, Status

_PAGING = {"page", "page_size", "format"}


def today() -> dt.date:
    """The ministry's day; the API reads the clock here."""
    return ministry_day(timezone.now())


def refuse_unknown(request: Request, known: set[str]) -> None:
    """400 for a parameter that the list does not have, so that a mistyped filter never returns everything."""
    strange = sorted(set(request.query_params) - known - _PAGING)
    if strange:
        known_here = ", ".join(sorted(known | {"page_size"}))
        remedy = format_lazy(_("There is no such filter. There are: {known}."), known=known_here)
        raise ValidationError({name: [remedy] for name in strange})


def one_of(choices: type[TextChoices], **kwargs: Any) -> filters.MultipleChoiceFilter:
    """One or more words of a vocabulary, given by repeating the parameter."""
    remedy = format_lazy(_("%(value)s is not known. Give one of: {known}."), known=", ".join(choices.values))
    # Not distinct: a column of the record itself doubles nothing, and leaving out doubles would read the whole table.
    return filters.MultipleChoiceFilter(
        choices=[(value, value) for value in choices.values],
        error_messages={"invalid_choice": remedy},
        distinct=False,
        **kwargs,
    )


def by_code(**kwargs: Any) -> filters.ModelChoiceFilter:
    """A party by its code."""
    remedy = _("No party has this code. The codes are listed at /api/v1/parties/.")
    return filters.ModelChoiceFilter(
        queryset=Party.objects.all(), to_field_name="code", error_messages={"invalid_choice": remedy}, **kwargs
    )


def by_day(**kwargs: Any) -> filters.DateFilter:
    """A day in ISO 8601."""
    remedy = _("Give a day as YYYY-MM-DD.")
    return filters.DateFilter(input_formats=["%Y-%m-%d"], error_messages={"invalid": remedy}, **kwargs)


def yes_or_no(**kwargs: Any) -> filters.ChoiceFilter:
    """Whether something is so."""
    return filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        error_messages={"invalid_choice": _("Give true or false.")},
        **kwargs,
    )


def by_id(**kwargs: Any) -> filters.NumberFilter:
    """A record by its id."""
    return filters.NumberFilter(min_value=1, max_value=2**63 - 1, decimal_places=0, **kwargs)


class CommitmentFilters(filters.FilterSet):
    """Filters of the list of commitments."""

    party = by_code(method="filter_party", label="obligor or addressee, by code")
    obligor = by_code(method="filter_obligor", label="obligor, by code")
    status = one_of(Status)
    review = one_of(Review)
    force = one_of(Force)
    due_after = by_day(field_name="due_on", lookup_expr="gte", label="last day on this day or later")
    due_before = by_day(field_name="due_on", lookup_expr="lte", label="last day on this day or earlier")
    overdue = yes_or_no(method="filter_overdue")
    instrument = by_id(field_name="text__instrument_id", label="instrument, by id")
    ordering = filters.OrderingFilter(
        fields=["due_on", "status_on", "last_evidence_on", "id"],
        error_messages={
            "invalid_choice": _(
                "%(value)s is no ordering. Give due_on, status_on, last_evidence_on or id, with - before it to reverse."
            )
        },
    )

    class Meta:
        model = Commitment
        fields: list[str] = []

    def filter_party(self, queryset: CommitmentQuerySet, name: str, value: Party) -> QuerySet[Commitment]:
        """Those in which the party must act, or is asked or helped."""
        involved = Q(pk__in=value.obligations.values("commitment")) | Q(pk__in=value.requests.values("commitment"))
        return queryset.filter(involved)

    def filter_obligor(self, queryset: CommitmentQuerySet, name: str, value: Party) -> QuerySet[Commitment]:
        """Those in which the party must act."""
        return queryset.filter(pk__in=value.obligations.values("commitment"))

    def filter_overdue(self, queryset: CommitmentQuerySet, name: str, value: str) -> QuerySet[Commitment]:
        """Those overdue today, or all others."""
        if value == "true":
            return queryset.overdue(today())
        return queryset.exclude(pk__in=Commitment.objects.overdue(today()))


class InstrumentFilters(filters.FilterSet):
    """Filters of the list of instruments."""

    party = by_code(method="filter_party", label="party to the instrument, by code")
    kind = one_of(Kind)
    signed_after = by_day(field_name="signed_on", lookup_expr="gte")
    signed_before = by_day(field_name="signed_on", lookup_expr="lte")

    class Meta:
        model = Instrument
        fields: list[str] = []

    def filter_party(self, queryset: QuerySet[Instrument], name: str, value: Party) -> QuerySet[Instrument]:
        """Those to which it is a party."""
        return queryset.filter(pk__in=value.standings.values("instrument"))


class FollowUpFilters(filters.FilterSet):
    """Filters of the list of follow-ups."""

    reason = one_of(Reason)
    state = one_of(FollowUpState)
    party = by_code(method="filter_party", label="obligor of the commitment, by code")
    instrument = by_id(field_name="commitment__text__instrument_id", label="instrument, by id")
    rule = by_id(field_name="rule_id", label="rule that raised it, by id")
    assigned_to = by_id(field_name="assigned_to_id", label="person to whom it was given, by id")
    acknowledged = yes_or_no(method="filter_acknowledged", label="whether somebody has said that they act")
    snoozed = yes_or_no(method="filter_snoozed", label="whether it is open and put off to a day after today")
    raised_after = by_day(field_name="raised_on", lookup_expr="gte", label="raised on this day or later")
    raised_before = by_day(field_name="raised_on", lookup_expr="lte", label="raised on this day or earlier")

    class Meta:
        model = FollowUp
        fields: list[str] = []

    def filter_party(self, queryset: QuerySet[FollowUp], name: str, value: Party) -> QuerySet[FollowUp]:
        """Those about a commitment in which the party must act."""
        return queryset.filter(commitment__in=value.obligations.values("commitment"))

    def filter_acknowledged(self, queryset: QuerySet[FollowUp], name: str, value: str) -> QuerySet[FollowUp]:
        """Those that were acknowledged, or all others."""
        return queryset.filter(acknowledged_at__isnull=value == "false")

    def filter_snoozed(self, queryset: QuerySet[FollowUp], name: str, value: str) -> QuerySet[FollowUp]:
        """Those that are put off, or all others."""
        off = FollowUp.objects.put_off(today())
        return queryset.filter(pk__in=off) if value == "true" else queryset.exclude(pk__in=off)


class PartyFilters(filters.FilterSet):
    """Filters of the list of parties."""

    sort = one_of(PartySort)

    class Meta:
        model = Party
        fields: list[str] = []
