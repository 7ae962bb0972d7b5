"""What staff set and what the machine reports: parties, periods, runs of the sweep."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from tracker.admin import badges
from tracker.admin.access import KeptByAdministrators, LookOnly
from tracker.models import FollowUpRule, Party, Sweep


@admin.register(Party)
class PartyAdmin(KeptByAdministrators):
    """States and organisations, by code and by name in three languages."""

    list_display = ("code", "sort", "name_en", "name_kk", "name_ru")
    list_filter = (("sort", ChoicesDropdownFilter),)
    search_fields = ("code", "name_en", "name_kk", "name_ru")
    ordering = ("code",)


@admin.register(FollowUpRule)
class FollowUpRuleAdmin(KeptByAdministrators):
    """When a reason to look arises. Periods differ between ministries and change, so they are set here."""

    list_display = ("reason_badge", "days", "enabled")
    fields = ("reason", "days", "enabled")
    readonly_fields = ("reason",)
    ordering = ("reason",)

    def has_add_permission(self, request: HttpRequest, obj: FollowUpRule | None = None) -> bool:
        """Every reason has its rule already."""
        return False

    @display(description=_("Reason"), ordering="reason", label=badges.REASON)
    def reason_badge(self, row: FollowUpRule) -> tuple[str, str]:
        """The reason as a badge."""
        return row.reason, row.get_reason_display()


@admin.register(Sweep)
class SweepAdmin(LookOnly):
    """Finished runs of the sweep, the newest first."""

    list_display = ("finished_at", "on", "raised", "cleared", "seconds")
    ordering = ("-finished_at",)

    @display(description=_("Seconds"))
    def seconds(self, row: Sweep) -> str:
        """How long it took."""
        return f"{(row.finished_at - row.started_at).total_seconds():.2f}"
