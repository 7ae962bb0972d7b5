"""Follow-ups, open first; one leads to its commitment, where what is to be done can be done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from tracker import rights
from tracker.admin import badges
from tracker.admin.access import LookOnly
from tracker.models import FollowUp, Obligor


@admin.register(FollowUp)
class FollowUpAdmin(LookOnly):
    """The flags of the commitments that the user may know of."""

    list_display = ("reason_badge", "about", "who", "due", "raised", "state_badge")
    list_display_links = None
    list_filter = (
        ("reason", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("commitment__due_on", RangeDateFilter),
        ("commitment__obligors__party", AutocompleteSelectFilter),
        ("commitment__unit", AutocompleteSelectFilter),
        ("commitment__officer", AutocompleteSelectFilter),
    )
    search_fields = ("commitment__title", "commitment__text__instrument__title")
    ordering = ("-state", "commitment__due_on", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        """With their commitments and who must act."""
        sides = Prefetch("commitment__obligors", Obligor.objects.select_related("party"))
        return rights.followups(request.user).select_related("commitment").prefetch_related(sides)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A flag has no page: its commitment has."""
        found = self.get_object(request, object_id)
        if not isinstance(found, FollowUp):
            raise Http404
        return redirect("admin:tracker_commitment_change", found.commitment_id)

    @display(description=_("Reason"), ordering="reason", label=badges.REASON)
    def reason_badge(self, row: FollowUp) -> tuple[str, str]:
        """The reason as a badge."""
        return row.reason, row.get_reason_display()

    @display(description=_("State"), ordering="state", label=badges.STATE)
    def state_badge(self, row: FollowUp) -> tuple[str, str]:
        """The state as a badge."""
        return row.state, row.get_state_display()

    @display(description=_("Commitment"), ordering="commitment__title")
    def about(self, row: FollowUp) -> SafeString:
        """The commitment, as a link."""
        address = reverse("admin:tracker_commitment_change", args=[row.commitment_id])
        return format_html('<a class="promise" href="{}">{}</a>', address, Truncator(row.commitment.title).chars(120))

    @display(description=_("Who"))
    def who(self, row: FollowUp) -> str:
        """The obligors."""
        return ", ".join(side.party.code for side in row.commitment.obligors.all()) or "–"

    @display(description=_("Raised"), ordering="raised_on")
    def raised(self, row: FollowUp) -> str:
        """The day on which it was raised."""
        return date_format(row.raised_on, "SHORT_DATE_FORMAT")

    @display(description=_("Due"), ordering="commitment__due_on")
    def due(self, row: FollowUp) -> str:
        """The last day of the commitment."""
        return date_format(row.commitment.due_on, "SHORT_DATE_FORMAT") if row.commitment.due_on else "–"
