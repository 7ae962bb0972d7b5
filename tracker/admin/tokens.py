"""Tokens of the API: who has one and until when, and how to end it. The token itself is stored nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from knox.models import AuthToken

from tracker import rights
from tracker.admin.access import LookOnly

admin.site.unregister(AuthToken)


@admin.register(AuthToken)
class TokenAdmin(LookOnly):
    """Administrators see every token and may end it; others get theirs from the API and end it there."""

    list_display = ("user", "created", "expiry")
    list_select_related = ("user",)
    fields = ("user", "created", "expiry")
    search_fields = ("user__username",)
    ordering = ("-created",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return super().has_view_permission(request) and rights.may_administer(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators: a deleted token opens nothing any more."""
        return self.has_view_permission(request)
