"""Units, people and the users behind them."""

from __future__ import annotations

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from tracker.admin.access import ForSuperusers, KeptByAdministrators
from tracker.admin.seen import RefusesStale
from tracker.admin.told import TellsHistory
from tracker.models import Person, Unit


@admin.register(Unit)
class UnitAdmin(RefusesStale, TellsHistory, KeptByAdministrators):
    """Departments, divisions and desks."""

    list_display = ("code", "name_en", "name_kk", "name_ru", "second_person")
    search_fields = ("code", "name_en", "name_kk", "name_ru")
    ordering = ("code",)


@admin.register(Person)
class PersonAdmin(RefusesStale, TellsHistory, KeptByAdministrators):
    """The unit, the role and the language of a user."""

    list_display = ("name", "unit", "role", "language")
    list_filter = (("role", ChoicesDropdownFilter),)
    list_select_related = ("user", "unit")
    search_fields = ("user__username", "user__first_name", "user__last_name")
    autocomplete_fields = ("user", "unit")
    ordering = ("user__last_name", "user__username")

    def told_of(self, record: Any) -> User:
        """What the tracker knows of a user is told with the user."""
        return record.user  # type: ignore[no-any-return]

    @display(description=_("Name"), ordering="user__last_name")
    def name(self, row: Person) -> str:
        """The user's name."""
        return str(row)


for model in (User, Group, AccessAttempt, AccessFailureLog, AccessLog):
    admin.site.unregister(model)


_DECIDE_NOTHING = {"groups", "user_permissions"}
"""Django's own permissions, which nobody asks here: `tracker.rights` goes by the role of a person."""


@admin.register(User)
class AccountAdmin(ForSuperusers, UserAdmin):
    """Accounts; only superusers see them, because whoever may change them may become one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    fieldsets = tuple(
        (title, {**options, "fields": tuple(name for name in options["fields"] if name not in _DECIDE_NOTHING)})
        for title, options in UserAdmin.fieldsets or ()
    )
    filter_horizontal = ()
    list_filter = ("is_staff", "is_superuser", "is_active")


@admin.register(Group)
class AccountGroupAdmin(ForSuperusers, GroupAdmin):
    """Groups of accounts."""


@admin.register(AccessAttempt, AccessFailureLog, AccessLog)
class AttemptAdmin(ForSuperusers):
    """Attempts to sign in; a deleted attempt unlocks whom it locked out."""

    list_display = ("attempt_time", "username", "ip_address")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
