"""The list of commitments; from it to the page of one, on which staff decide and record."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from tracker import rights
from tracker.admin import badges, lists
from tracker.admin.access import LookOnly
from tracker.admin.bulk_page import BulkPages
from tracker.admin.commitment_page import CommitmentPage
from tracker.admin.sheets import SheetPages
from tracker.models import Addressee, Commitment, Obligor
from tracker.models.commitment_lists import CommitmentQuerySet, due_soon, overdue


@admin.register(Commitment)
class CommitmentAdmin(lists.InPages, LookOnly):
    """Commitments of the leading texts, as far as the user may know of them."""

    list_display = ("promise", "force_badge", "who", "due", "standing", "review_badge", "status_badge")
    list_filter = (
        lists.StandingFilter,
        ("status", ChoicesDropdownFilter),
        ("review", ChoicesDropdownFilter),
        ("force", ChoicesDropdownFilter),
        ("due_on", RangeDateFilter),
        ("obligors__party", lists.ChosenFilter),
        ("text__instrument", lists.ChosenFilter),
        ("unit", lists.ChosenFilter),
        ("officer", lists.ChosenFilter),
    )
    search_fields = ("searchable__words",)
    search_help_text = _("Words of the commitment, the instrument's title, a clause")
    ordering = ("due_on", "pk")
    list_before_template = "admin/tracker/commitment/tools.html"

    def get_queryset(self, request: HttpRequest) -> CommitmentQuerySet:
        """What the user may know of; in the list, of the leading texts only."""
        known = Commitment.objects.for_user(request.user)
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith("tracker_commitment_export"):
            return known.with_quote().filter(counted=True)
        return known.filter(counted=True) if name.endswith("_changelist") else known.for_lists()

    def get_rows(self, request: HttpRequest) -> CommitmentQuerySet:
        """Commitments with their words, who acts, and how each stands today; in one query."""
        on = lists.today()
        return (
            Commitment.objects.with_quote()
            .annotate(
                late=ExpressionWrapper(overdue(on), BooleanField()),
                soon=ExpressionWrapper(due_soon(on, lists.soon()), BooleanField()),
                acting=_codes(Obligor),
                asked=_codes(Addressee),
            )
            .only("force", "due_on", "due_text", "due_rule", "awaiting_date", "review", "status", "title", "version")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Those in whose words, title, clause or instrument's title all that was typed stands."""
        assert isinstance(queryset, CommitmentQuerySet)  # noqa: S101  (for the type checker)
        return queryset.matching(lists.parts(search_term)), False

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the steps, before those of the admin."""
        pages = (SheetPages(self), BulkPages(self), CommitmentPage(self))
        return [*(address for page in pages for address in page.urls()), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What may be done to the rows that are selected."""
        return BulkPages(self).actions(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with what may be done with all of it."""
        shown = {**(extra_context or {}), "may_act": rights.may_act(request.user)}
        answer: HttpResponse = super().changelist_view(request, shown)
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of one commitment."""
        return CommitmentPage(self).show(request, object_id)

    @display(description=_("Commitment"))
    def promise(self, row: Any) -> str:
        """Its words, shortened."""
        return Truncator(row.words).chars(150)

    @display(description=_("Force"), ordering="force", label=badges.FORCE)
    def force_badge(self, row: Commitment) -> tuple[str, str]:
        """The force as a badge."""
        return row.force, row.get_force_display()

    @display(description=_("Who"))
    def who(self, row: Any) -> str:
        """The obligors, and whom they ask or help."""
        acting, asked = ", ".join(row.acting), ", ".join(row.asked)
        return f"{acting} → {asked}" if asked else acting or "–"

    @display(description=_("Due"), ordering="due_on")
    def due(self, row: Commitment) -> str:
        """The last day, or the words."""
        if row.due_on:
            return date_format(row.due_on, "SHORT_DATE_FORMAT")
        return Truncator(row.due_text or row.due_rule).chars(40) or "–"

    @display(description=_("Today"), label=badges.STANDING)
    def standing(self, row: Any) -> tuple[str, Any] | None:
        """Overdue, due soon or awaiting a date."""
        if row.late:
            return "overdue", _("overdue")
        if row.soon:
            return "due_soon", _("due soon")
        return ("awaiting", _("awaiting a date")) if row.awaiting_date else None

    @display(description=_("Review"), ordering="review", label=badges.REVIEW)
    def review_badge(self, row: Commitment) -> tuple[str, str]:
        """The review as a badge."""
        return row.review, row.get_review_display()

    @display(description=_("Status"), ordering="status", label=badges.STATUS)
    def status_badge(self, row: Commitment) -> tuple[str, str]:
        """The status as a badge."""
        return row.status, row.get_status_display()


def _codes(side: type[Model]) -> ArraySubquery:
    """The codes of the parties on one side of a commitment, in their order."""
    own = side._base_manager.filter(commitment=OuterRef("pk")).order_by("position")
    return ArraySubquery(own.values("party__code"))
