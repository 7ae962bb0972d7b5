"""Who may open and change what in the admin. Django's own permissions are not asked: `tracker.rights` decides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import ModelAdmin

from tracker import rights


class LookOnly(ModelAdmin):
    """Open to all staff, changed by nobody here: what changes, changes by a step."""

    actions = None
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Staff see it in the menu."""
        return bool(self.admin_site.has_permission(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff may look; which rows, `get_queryset` says."""
        return bool(self.admin_site.has_permission(request))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class ForSuperusers(ModelAdmin):
    """Accounts and what leads to them: whoever may change an account may become it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return self._superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return self._superuser(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return self._superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return self._superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers; who acted can be deactivated but not deleted, which the database holds."""
        return self._superuser(request)

    def _superuser(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.has_permission(request) and getattr(request.user, "is_superuser", False))


class KeptByAdministrators(LookOnly):
    """Staff look, administrators add and change; nothing is deleted, because records point to it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return self.has_view_permission(request) and rights.may_administer(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return self.has_view_permission(request) and rights.may_administer(request.user)
