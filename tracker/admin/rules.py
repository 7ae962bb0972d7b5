"""What staff set and what the machine reports: parties, periods, runs of the sweep."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from tracker import rights
from tracker.admin import badges, flag_words, lists
from tracker.admin.access import KeptByAdministrators
from tracker.admin.lists import InPages
from tracker.admin.rule_form import RuleForm
from tracker.admin.seen import RefusesStale
from tracker.admin.told import TellsHistory
from tracker.models import Commitment, FollowUpRule, Party, Sweep
from tracker.standing.preview import preview


@admin.register(Party)
class PartyAdmin(RefusesStale, TellsHistory, KeptByAdministrators):
    """States and organisations, by code and by name in three languages."""

    list_display = ("code", "sort", "name_en", "name_kk", "name_ru")
    list_filter = (("sort", ChoicesDropdownFilter),)
    search_fields = ("code", "name_en", "name_kk", "name_ru")
    ordering = ("code",)


@admin.register(FollowUpRule)
class FollowUpRuleAdmin(RefusesStale, TellsHistory, KeptByAdministrators):
    """When a reason to look arises, for which commitments, and who is told. Periods differ between ministries and
    change, so they are set here; what a change would raise and close today is shown before it is saved."""

    form = RuleForm
    change_form_after_template = "admin/tracker/followuprule/tried.html"
    list_display = ("reason_badge", "name", "when", "only", "tells", "escalates", "enabled")
    list_select_related = ("unit", "party", "theme")
    list_filter = (("reason", ChoicesDropdownFilter), "enabled")
    autocomplete_fields = ("party",)
    ordering = ("reason", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: FollowUpRule | None = None) -> tuple[str, ...]:
        """What a rule has raised was raised for its reason: then that stays."""
        return ("reason",) if obj and obj.followups.exists() else ()

    def has_delete_permission(self, request: HttpRequest, obj: FollowUpRule | None = None) -> bool:
        """Administrators, where the rule has never raised a flag; one that has can be switched off."""
        if not (self.has_view_permission(request) and rights.may_administer(request.user)):
            return False
        return obj is None or not obj.followups.exists()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form; where that was asked, with what the rule would do today, saved or not."""
        form = context["adminform"].form
        if getattr(form, "tried", False) and not form.errors:
            found = preview(form.instance, lists.today())
            known = Commitment.objects.for_user(request.user).only("title").in_bulk(found.examples)
            context |= {"tried": found, "examples": [known[pk] for pk in found.examples if pk in known]}
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=_("Reason"), ordering="reason", label=badges.REASON)
    def reason_badge(self, row: FollowUpRule) -> tuple[str, str]:
        """The reason as a badge."""
        return row.reason, row.get_reason_display()

    @display(description=_("Days"))
    def when(self, row: FollowUpRule) -> str:
        """Its days in words."""
        return flag_words.days(row)

    @display(description=_("It is for"))
    def only(self, row: FollowUpRule) -> str:
        """What it is limited to."""
        return flag_words.narrowed(row)


@admin.register(Sweep)
class SweepAdmin(InPages):
    """Finished runs of the sweep, the newest first."""

    list_display = ("finished_at", "on", "raised", "cleared", "seconds")
    ordering = ("-finished_at",)

    @display(description=_("Seconds"))
    def seconds(self, row: Sweep) -> str:
        """How long it took."""
        return f"{(row.finished_at - row.started_at).total_seconds():.2f}"
