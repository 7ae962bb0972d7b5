"""The private addresses of calendars and readers: who has which, and how to end one. The key is stored nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tracker import feeds, rights
from tracker.admin.access import LookOnly
from tracker.models import Feed


@admin.register(Feed)
class FeedAdmin(LookOnly):
    """Administrators see every feed and may revoke it; everybody has their own on a page of theirs."""

    list_display = ("name", "person", "kind", "query", "made_at", "used_on", "revoked_at")
    list_select_related = ("person__user",)
    list_filter = ("kind",)
    fields = ("name", "person", "kind", "query", "made_at", "used_on", "revoked_at")
    search_fields = ("name", "person__user__username", "person__user__last_name")
    ordering = ("-pk",)
    actions = ("revoke",)  # type: ignore[assignment]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return super().has_view_permission(request) and rights.may_administer(request.user)

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Feed]) -> None:
        """Let the addresses of the selected feeds answer no more."""
        for feed in rows:
            feeds.revoke(feed, now=timezone.now())
        number = len(rows)
        told = ngettext("%(number)s feed answers no more.", "%(number)s feeds answer no more.", number)
        messages.success(request, told % {"number": number})
