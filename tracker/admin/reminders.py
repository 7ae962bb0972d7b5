"""The calendar and the ladder, which administrators set; and who was told what, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter
from unfold.decorators import display

from tracker import rights
from tracker.admin.access import KeptByAdministrators, LookOnly
from tracker.admin.seen import RefusesStale, SeenForm
from tracker.models import CalendarDay, Digest, EscalationRung, Reminder


class OnceForm(SeenForm):
    """The form of what may be there once for a unit, and once for all others; `field` names it there."""

    field: str
    taken: Any

    def clean(self) -> Any:
        """What was entered; an error at the field where the unit has it already."""
        cleaned = super().clean()
        given = {name: self.cleaned_data.get(name) for name in (self.field, "unit")}
        others = type(self.instance)._base_manager.exclude(pk=self.instance.pk)
        if given[self.field] is not None and others.filter(**given).exists():
            self.add_error(self.field, self.taken)
        return cleaned


class CalendarDayForm(OnceForm):
    """A day is once in the calendar."""

    field, taken = "on", _("This day is in the calendar already.")


class EscalationRungForm(OnceForm):
    """A rung is once in a ladder."""

    field, taken = "level", _("The ladder has this rung already.")


class SetByAdministrators(RefusesStale, KeptByAdministrators):
    """Nothing points to these records, so administrators may delete them, too."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return self.has_change_permission(request, obj)


@admin.register(CalendarDay)
class CalendarDayAdmin(SetByAdministrators):
    """Holidays, and days off that are worked: nobody is written to on a day that is not worked."""

    form = CalendarDayForm
    list_display = ("on", "name", "works", "unit")
    list_filter = (("on", RangeDateFilter), ("unit", AutocompleteSelectFilter))
    list_select_related = ("unit",)
    search_fields = ("name",)
    autocomplete_fields = ("unit",)
    ordering = ("-on", "unit")


@admin.register(EscalationRung)
class EscalationRungAdmin(SetByAdministrators):
    """Whom else a follow-up is told to when nobody acknowledges it, and after how many days."""

    form = EscalationRungForm
    list_display = ("level", "after_days", "tells", "unit")
    list_filter = (("unit", AutocompleteSelectFilter),)
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    ordering = ("unit", "level")


@admin.register(Reminder)
class ReminderAdmin(LookOnly):
    """The ledger: who was told of which follow-up, of those that the user may know of."""

    list_display = ("day", "about", "reason", "recipient", "offset", "level")
    list_display_links = None
    list_filter = (("digest__on", RangeDateFilter), ("recipient", AutocompleteSelectFilter))
    search_fields = ("followup__commitment__title",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        """Those about commitments that the user may know of."""
        known = Reminder.objects.filter(followup__in=rights.followups(request.user))
        return known.select_related("digest", "followup__commitment", "recipient__user")

    @display(description=_("Day"), ordering="digest__on")
    def day(self, row: Reminder) -> str:
        """The day of the mail."""
        return date_format(row.digest.on, "SHORT_DATE_FORMAT")

    @display(description=_("Commitment"), ordering="followup__commitment__title")
    def about(self, row: Reminder) -> SafeString:
        """The commitment, as a link."""
        commitment = row.followup.commitment
        address = reverse("admin:tracker_commitment_change", args=[commitment.pk])
        return format_html('<a class="promise" href="{}">{}</a>', address, Truncator(commitment.title).chars(120))

    @display(description=_("Reason"), ordering="followup__reason")
    def reason(self, row: Reminder) -> str:
        """The reason of the follow-up."""
        return row.followup.get_reason_display()


@admin.register(Digest)
class DigestAdmin(LookOnly):
    """The days' mails: one's own; administrators and auditors see everybody's. What became of each is in the outbox."""

    list_display = ("on", "person", "lines", "sent")
    list_display_links = None
    list_filter = (("on", RangeDateFilter), ("person", AutocompleteSelectFilter))
    ordering = ("-on", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        """With the number of follow-ups in each."""
        known = Digest.objects.select_related("person__user", "mail").annotate(number=Count("reminders"))
        return known if rights.sees_all(request.user) else known.filter(person__user=request.user.pk)

    @display(description=_("Follow-ups"), ordering="number")
    def lines(self, row: Any) -> int:
        """How many reminders the mail holds."""
        return int(row.number)

    @display(description=_("Mail"))
    def sent(self, row: Digest) -> str:
        """What became of the mail."""
        return row.mail.get_state_display() if row.mail else "–"
