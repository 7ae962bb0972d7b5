"""What units keep for themselves: themes, hand-overs, and what waits for a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from tracker import assignment, rights
from tracker.admin.access import KeptByAdministrators
from tracker.admin.lists import InPages
from tracker.admin.seen import RefusesStale
from tracker.admin.steps import words_field
from tracker.admin.told import TellsHistory
from tracker.models import HandOver, Person, Submission, Theme
from tracker.models.edits import RefusedError


@admin.register(Theme)
class ThemeAdmin(RefusesStale, TellsHistory, KeptByAdministrators):
    """What commitments are about: two levels, with the goals where they fit."""

    list_display = ("code", "name_en", "name_kk", "name_ru", "parent", "sdg")
    list_select_related = ("parent",)
    search_fields = ("code", "name_en", "name_kk", "name_ru")
    ordering = ("code",)


@admin.register(Submission)
class SubmissionAdmin(InPages):
    """Steps that wait, or waited, for a second person; one leads to its commitment, where it is decided."""

    list_display = ("about", "what", "by", "at", "asked", "state_badge")
    list_display_links = None
    list_filter = (("state", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter))
    search_fields = ("commitment__title", "note")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """Those about commitments that the user may know of."""
        return rights.submissions(request.user).select_related("commitment", "by", "asked__user")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A submission is decided on the page of its commitment."""
        found = self.get_object(request, object_id)
        if not isinstance(found, Submission):
            raise Http404
        return redirect("admin:tracker_commitment_change", found.commitment_id)

    @display(description=gettext_lazy("Commitment"))
    def about(self, row: Submission) -> SafeString:
        """The commitment, as a link."""
        address = reverse("admin:tracker_commitment_change", args=[row.commitment_id])
        return format_html('<a class="promise" href="{}">{}</a>', address, Truncator(row.commitment.title).chars(120))

    @display(description=gettext_lazy("State"), ordering="state")
    def state_badge(self, row: Submission) -> str:
        """Whether it waits, or what became of it."""
        return row.get_state_display()

    @display(description=gettext_lazy("What"))
    def what(self, row: Submission) -> str:
        """The status, or the day."""
        return row.get_to_status_display() if row.to_status else date_format(row.to_day or "", "SHORT_DATE_FORMAT")


class HandOverForm(forms.Form):
    """Who gives, who takes, and why."""

    from_person = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who hands over"), widget=UnfoldAdminSelectWidget
    )
    to_person = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Who takes over"), widget=UnfoldAdminSelectWidget
    )
    reason = words_field(gettext_lazy("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.select_related("user", "unit").order_by("user__last_name", "user__username")
        self.fields["from_person"].queryset = people  # type: ignore[attr-defined]
        self.fields["to_person"].queryset = people.filter(user__is_active=True)  # type: ignore[attr-defined]


@admin.register(HandOver)
class HandOverAdmin(InPages):
    """Hand-overs there were; adding one gives everything open that one person answers for to another."""

    list_display = ("from_person", "to_person", "reason", "by", "at", "how_many")
    list_select_related = ("from_person__user", "to_person__user", "by")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HandOver]:
        """Those of one's unit; all of them for who sees everything."""
        known = HandOver.objects.all()
        if rights.sees_all(request.user):
            return known
        person = rights.person_of(request.user)
        unit = person.unit_id if person else None
        return known.filter(Q(from_person__unit=unit) | Q(to_person__unit=unit)) if unit else known.none()

    def get_rows(self, request: HttpRequest) -> QuerySet[HandOver]:
        """With the number of commitments that went over, counted for the rows of the page alone."""
        gone: QuerySet[Any] = HandOver.commitments.through._default_manager.filter(handover=OuterRef("pk"))
        number = gone.order_by().values("handover").annotate(number=Count("*")).values("number")
        return HandOver.objects.annotate(number=Coalesce(Subquery(number), 0))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may act; whose items may be handed to whom, the step says."""
        return self.has_view_permission(request) and rights.may_act(request.user)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Hand everything open from one person to another."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        own = rights.person_of(request.user)
        form = HandOverForm(request.POST or None, initial={"from_person": own.pk if own else None})
        refusal = ""
        if form.is_valid():
            try:
                return self._handed_over(request, form.cleaned_data)
            except RefusedError as error:
                refusal = str(error)
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Hand over"),
            "opts": self.model._meta,
            "form": form,
            "refusal": refusal,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/tracker/handover.html", shown, status=status)

    def _handed_over(self, request: HttpRequest, given: dict[str, Any]) -> HttpResponse:
        assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
        done = assignment.hand_over(**given, by=request.user, now=timezone.now())
        number = done.commitments.count()
        told = ngettext("%(n)s commitment was handed over.", "%(n)s commitments were handed over.", number)
        messages.success(request, told % {"n": number})
        return redirect("admin:tracker_handover_changelist")

    @display(description=gettext_lazy("Commitments"))
    def how_many(self, row: Any) -> int:
        """How many went over."""
        return int(row.number)
