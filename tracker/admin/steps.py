"""The forms of the steps that staff take on one commitment. Each bears the version that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from tracker import progress
from tracker.models import Commitment, Person, Unit
from tracker.models.vocabulary import Status

_SEEN = ("status", "review", "force", "due_on", "unit", "officer")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a field was when the person saw it, and what it is now."""

    name: str
    seen: str
    current: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.seen != self.current


class StepForm(forms.Form):
    """A step on a commitment, as it was when the page was made."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, commitment: Commitment, **kwargs: Any) -> None:
        initial = {"version": commitment.version, **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, auto_id=f"{type(self).__name__}-%s", **kwargs)
        self.commitment = commitment

    @property
    def seen(self) -> list[tuple[str, str]]:
        """The hidden fields that tell what the person saw."""
        return [(f"seen_{name}", shown(self.commitment, name)) for name in _SEEN]


class DecisionForm(StepForm):
    """Confirm or reject: nothing but the version is asked."""


class StatusForm(StepForm):
    """What became of the promise, on which day, and how one knows."""

    to = forms.ChoiceField(label=_("Status"), choices=Status, widget=UnfoldAdminSelectWidget)
    obligor = forms.TypedChoiceField(
        label=_("About"), required=False, coerce=int, empty_value=None, widget=UnfoldAdminSelectWidget
    )
    on = forms.DateField(
        label=_("On"),
        input_formats=["%Y-%m-%d"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )
    note = forms.CharField(label=_("Note"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    evidence = forms.URLField(
        label=_("Evidence (web address)"), required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )

    def __init__(self, data: Any = None, *, commitment: Commitment, **kwargs: Any) -> None:
        super().__init__(data, commitment=commitment, **kwargs)
        sides = list(commitment.obligors.all())
        everyone = [("", _("all who must act"))]
        self.fields["obligor"].choices = everyone + [(side.pk, str(side.party)) for side in sides]  # type: ignore[attr-defined]
        held_now = {commitment.status, *(side.status for side in sides)}
        offered = {status for held in held_now for status in progress.next_statuses(held)}
        self.fields["to"].widget.choices = [each for each in Status.choices if each[0] in offered]


class ChargeForm(StepForm):
    """Who answers for it."""

    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit"), required=False, widget=UnfoldAdminSelectWidget)
    officer = forms.ModelChoiceField(
        Person.objects.select_related("user"), label=_("Officer"), required=False, widget=UnfoldAdminSelectWidget
    )


def differences(posted: Any, current: Commitment) -> list[Difference]:
    """What the person saw, as the posted page tells, beside what is there now."""
    names = [(name, str(Commitment._meta.get_field(name).verbose_name)) for name in _SEEN]  # type: ignore[union-attr]
    return [Difference(label, posted.get(f"seen_{name}", ""), shown(current, name)) for name, label in names]


def shown(commitment: Commitment, name: str) -> str:
    """A field in words, as the page says it."""
    if name == "due_on":
        return date_format(commitment.due_on, "DATE_FORMAT") if commitment.due_on else "–"
    if name in ("unit", "officer"):
        return str(getattr(commitment, name) or "–")
    return str(getattr(commitment, f"get_{name}_display")())


def again(form: StepForm, version: int) -> StepForm:
    """The same form with everything typed, ready to be sent against the version of now."""
    data = {**form.data.dict(), "version": str(version)} if isinstance(form.data, QueryDict) else form.data
    return type(form)(data, commitment=form.commitment)
