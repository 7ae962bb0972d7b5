"""The forms of what staff do about follow-ups: to one, with the version that was seen, and to many at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from tracker import rights
from tracker.admin.orders import OrderForm
from tracker.admin.steps import day_field, words_field
from tracker.models import FollowUp, Person

_NOBODY = _("whom the rule tells")


class AttendForm(forms.Form):
    """An act on a follow-up, as it was when the page was made."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, followup: FollowUp, takers: list[Person], **kwargs: Any) -> None:
        initial = {"version": followup.version, **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, auto_id=f"{type(self).__name__}-{followup.pk}-%s", **kwargs)
        self.takers = takers


class SnoozeForm(AttendForm):
    """Until when, and why."""

    until = day_field(_("Put off until"))
    reason = words_field(_("Why it is put off"), max_length=4000)


class GiveForm(AttendForm):
    """To whom. `takers` are those who may take it."""

    to = forms.ModelChoiceField(
        Person.objects.select_related("user"),
        label=_("Give to"),
        required=False,
        empty_label=_NOBODY,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked for once, also where a page shows several such forms; whoever else is sent, the step refuses.
        self.fields["to"].choices = [("", _NOBODY), *((each.pk, str(each)) for each in self.takers)]  # type: ignore[attr-defined]


class CommentForm(AttendForm):
    """What is said; it overwrites nothing."""

    words = words_field(_("Comment"), max_length=4000)


class AcknowledgeOrder(OrderForm):
    """Nothing but the rows is asked."""


class SnoozeOrder(OrderForm):
    """The same day for all, for the same reason."""

    until = day_field(_("Put off until"))
    reason = words_field(_("Why they are put off"), max_length=4000)


class GiveOrder(OrderForm):
    """The same person for all; which of them the person may take, each row says."""

    to = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Give to"),
        required=False,
        empty_label=_NOBODY,
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        own = rights.person_of(by)
        unit = None if rights.sees_all(by) else own.unit if own else None
        self.fields["to"].queryset = by_name(rights.people(rights.Action.ATTEND, unit))  # type: ignore[attr-defined]


def by_name(people: Any) -> Any:
    """People in the order of a list, with what they are called by."""
    return people.select_related("user").order_by("user__last_name", "user__first_name", "user__username")


ORDERS: dict[str, type[OrderForm]] = {
    "acknowledge": AcknowledgeOrder,
    "snooze": SnoozeOrder,
    "assign": GiveOrder,
}
"""The form of each action of `tracker.attending_many`."""

TITLES = {
    "acknowledge": _("Acknowledge"),
    "snooze": _("Put off"),
    "assign": _("Give to somebody"),
}
