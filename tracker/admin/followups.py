"""Follow-ups, open first: what is to be looked at, why, and what people have done about it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateFilter
from unfold.decorators import display

from tracker import rights
from tracker.admin import badges, lists
from tracker.admin.access import LookOnly
from tracker.admin.followup_bulk import FollowUpOrders
from tracker.admin.followup_page import FollowUpPage
from tracker.models import Commitment, Escalation, FollowUp, Obligor
from tracker.models.followups import FollowUpQuerySet


class WithFilter(DropdownFilter):
    """With whom the open ones are."""

    title = _("with whom")
    parameter_name = "with"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What may be asked for."""
        return [("me", _("mine")), ("given", _("given to somebody")), ("nobody", _("nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that are with them; nobody's are those that neither are given to a person nor have an officer."""
        assert isinstance(queryset, FollowUpQuerySet)  # noqa: S101  (for the type checker: the list is of follow-ups)
        person = rights.person_of(request.user)
        if self.value() == "me":
            return queryset.of(person) if person else queryset.none()
        if self.value() == "given":
            return queryset.open().filter(assigned_to__isnull=False)
        if self.value() == "nobody":
            return queryset.open().filter(assigned_to__isnull=True, commitment__officer__isnull=True)
        return queryset


class AttendedFilter(DropdownFilter):
    """What people have done about the open ones."""

    title = _("attended to")
    parameter_name = "attended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What may be asked for."""
        return [
            ("not", _("not acknowledged")),
            ("acknowledged", _("acknowledged")),
            ("put_off", _("put off")),
            ("climbed", _("on the ladder")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows to which that was done."""
        assert isinstance(queryset, FollowUpQuerySet)  # noqa: S101  (for the type checker: the list is of follow-ups)
        if self.value() == "not":
            return queryset.unacknowledged()
        if self.value() == "acknowledged":
            return queryset.open().filter(acknowledged_at__isnull=False)
        if self.value() == "put_off":
            return queryset.put_off(lists.today())
        if self.value() == "climbed":
            return queryset.unacknowledged().filter(Exists(Escalation.objects.filter(followup=OuterRef("pk"))))
        return queryset


@admin.register(FollowUp)
class FollowUpAdmin(lists.InPages, LookOnly):
    """The flags of the commitments that the user may know of."""

    list_display = (
        "reason_badge",
        "about",
        "who",
        "due",
        "raised",
        "rule",
        "rung",
        "acknowledged",
        "put_off",
        "given_to",
        "state_badge",
    )
    list_filter = (
        WithFilter,
        AttendedFilter,
        ("reason", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("commitment__due_on", RangeDateFilter),
        ("commitment__obligors__party", lists.ChosenFilter),
        ("commitment__unit", lists.ChosenFilter),
        ("commitment__officer", lists.ChosenFilter),
    )
    search_fields = ("commitment__searchable__words",)
    search_help_text = _("Words of the commitment, the instrument's title, a clause")
    ordering = ("-state", "occasion", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        """Those that the user may know of; a list that fits on one page shows them as they come."""
        return _told(rights.followups(request.user))

    def get_rows(self, request: HttpRequest) -> QuerySet[FollowUp]:
        """With all that the list shows."""
        return _told(FollowUp.objects.all())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[FollowUp], search_term: str
    ) -> tuple[QuerySet[FollowUp], bool]:
        """Those of the commitments that the same words find in their list; where no word is asked for, all."""
        words = lists.parts(search_term)
        return queryset.filter(commitment__in=Commitment.objects.matching(words)) if words else queryset, False

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the acts, before those of the admin."""
        return [*FollowUpOrders(self).urls(), *FollowUpPage(self).urls(), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What may be done to the rows that are selected."""
        return FollowUpOrders(self).actions(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of one follow-up."""
        return FollowUpPage(self).show(request, object_id)

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

    @display(description=_("Rung"))
    def rung(self, row: FollowUp) -> str:
        """The highest rung of the ladder that it has climbed."""
        return str(max((each.level for each in row.escalations.all()), default="–"))

    @display(description=_("Acknowledged by"), ordering="acknowledged_at")
    def acknowledged(self, row: FollowUp) -> str:
        """Who has said that they act."""
        who = row.acknowledged_by
        return who.get_full_name() or who.get_username() if who else "–"

    @display(description=_("Put off until"), ordering="snoozed_until")
    def put_off(self, row: FollowUp) -> str:
        """The day on which it is to be looked at again."""
        return date_format(row.snoozed_until, "SHORT_DATE_FORMAT") if row.snoozed_until else "–"

    @display(description=_("Given to"))
    def given_to(self, row: FollowUp) -> str:
        """To whom it was given."""
        return str(row.assigned_to or "–")


def _told(known: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """With who must act, the rungs they climbed, and who has done something about them."""
    sides = Prefetch("commitment__obligors", Obligor.objects.select_related("party"))
    beside = known.select_related("commitment", "rule", "acknowledged_by", "assigned_to__user")
    return beside.prefetch_related(sides, "escalations")
