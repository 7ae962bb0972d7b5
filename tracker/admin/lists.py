"""Pages, words to search and filters, for every list that may grow long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, DropdownFilter
from unfold.contrib.filters.forms import AutocompleteDropdownForm
from unfold.views import ChangeList

from tracker.admin.access import LookOnly
from tracker.models import FollowUpRule
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.days import ministry_day
from tracker.models.pages import Pages


def today() -> dt.date:
    """The ministry's day; the admin reads the clock here."""
    return ministry_day(timezone.now())


def soon() -> int:
    """How many days ahead counts as due soon, as the follow-up rule says."""
    return FollowUpRule.objects.due_soon_days()


def parts(search: str) -> list[str]:
    """What was typed into the search, part by part; quotation marks keep a phrase together."""
    quoted = ("'", '"')
    return [
        unescape_string_literal(part) if part[0] in quoted and part[0] == part[-1] and len(part) > 1 else part
        for part in smart_split(search)
    ]


class _PagedList(ChangeList):
    """A list that shows records as its pages read them, also where all of them fit on one."""

    def get_results(self, request: HttpRequest) -> None:
        """The records to show."""
        super().get_results(request)
        if not self.multi_page or (self.show_all and self.can_show_all):
            self.result_list = self.paginator.all()


class InPages(LookOnly):
    """A list whose pages cost the same, however long it is."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list as Django keeps it."""
        return _PagedList

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, *args: Any, **kwargs: Any
    ) -> Paginator[Any]:
        """Pages of the records that were found."""
        rows = self.get_rows(request)
        if isinstance(self.list_select_related, Sequence):
            rows = rows.select_related(*self.list_select_related)
        return Pages(queryset, per_page, *args, rows=rows, **kwargs)

    def get_rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The records with all that the list shows; which of them, `get_queryset` and the filters have said.

        An annotation by which the list can be sorted belongs in both.
        """
        known: QuerySet[Any] = self.get_queryset(request)
        return known


class _Chosen(forms.ModelChoiceField):
    """The record that a filter names. The filter itself has looked whether it makes sense; asking again is in vain."""

    def clean(self, value: Any) -> Any:
        """As it is."""
        return value


class _ChosenForm(AutocompleteDropdownForm):
    field = _Chosen


class ChosenFilter(AutocompleteSelectFilter):
    """A filter for one record of many, found by typing; one query where it is used, none where it is not."""

    form_class = _ChosenForm


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
