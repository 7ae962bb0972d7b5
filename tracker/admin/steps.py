"""The forms of the steps that staff take on one commitment. Each bears the version that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanWidget,
)

from tracker import progress, rights
from tracker.admin.intake import FilesField
from tracker.models import Commitment, Person, Relation, StatusStep, Theme, Unit
from tracker.models.vocabulary import RelationKind, Status

_SEEN = ("title", "status", "review", "force", "due_on", "unit", "officer")


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


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day, chosen in the browser's own calendar."""
    widget = UnfoldAdminTextInputWidget(attrs={"type": "date"})
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


def words_field(label: Any, **kwargs: Any) -> forms.CharField:
    """Some lines of text."""
    return forms.CharField(label=label, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), **kwargs)


def found_by_typing(model: type[Any], field: str, label: Any, *, required: bool = False) -> forms.ModelChoiceField[Any]:
    """A record that is found by typing some of its words; `field` of `model` points to such records."""
    pointing = model._meta.get_field(field)
    widget = AutocompleteSelect(pointing, admin.site, attrs={"data-width": "100%"})
    everything = pointing.related_model._default_manager.all()
    return forms.ModelChoiceField(everything, label=label, required=required, widget=widget)


class StepForm(forms.Form):
    """A step on a commitment, as it was when the page was made, for a person."""

    asks_version = True
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, commitment: Commitment, by: User, **kwargs: Any) -> None:
        initial = {"version": commitment.version, **kwargs.pop("initial", {})}
        super().__init__(data, files, initial=initial, auto_id=f"{type(self).__name__}-%s", **kwargs)
        self.commitment, self.by = commitment, by

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
    on = day_field(_("On"))
    note = words_field(_("Note"))
    evidence = forms.URLField(
        label=_("Evidence (web address)"), required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )
    evidence_files = FilesField(label=_("Evidence (files)"), required=False)
    evidence_until = day_field(_("Evidence valid until, where it expires"), required=False)
    by_instrument = found_by_typing(StatusStep, "by_instrument", _("Waived or superseded by the instrument"))
    by_commitment = found_by_typing(StatusStep, "by_commitment", _("Superseded by the commitment"))

    def __init__(self, data: Any = None, files: Any = None, *, commitment: Commitment, by: User, **kwargs: Any) -> None:
        super().__init__(data, files, commitment=commitment, by=by, **kwargs)
        sides = list(commitment.obligors.all())
        everyone = [("", _("all who must act"))]
        self.fields["obligor"].choices = everyone + [(side.pk, str(side.party)) for side in sides]  # type: ignore[attr-defined]
        held_now = {commitment.status, *(side.status for side in sides)}
        offered = {status for held in held_now for status in progress.next_statuses(held)}
        self.fields["to"].widget.choices = [each for each in Status.choices if each[0] in offered]
        self.fields["by_instrument"].queryset = rights.instruments(by)  # type: ignore[attr-defined]
        self.fields["by_commitment"].queryset = _known(by)  # type: ignore[attr-defined]


class ExtensionForm(StepForm):
    """A new last day, and why."""

    to = day_field(_("New last day"))
    reason = words_field(_("Why the day is moved"))
    brought_forward = forms.BooleanField(
        label=_("It is brought forward, not extended"), required=False, widget=UnfoldBooleanWidget
    )


class TitleForm(StepForm):
    """A short name."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))


class ThemesForm(StepForm):
    """What it is about."""

    themes = forms.ModelMultipleChoiceField(
        Theme.objects.select_related("parent"),
        label=_("Themes"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8, "class": "desk-many"}),
    )


class RelationForm(StepForm):
    """How it relates to another commitment."""

    kind = forms.ChoiceField(label=_("This commitment"), choices=RelationKind, widget=UnfoldAdminSelectWidget)
    target = found_by_typing(Relation, "target", _("Other commitment"), required=True)

    def __init__(self, data: Any = None, files: Any = None, *, commitment: Commitment, by: User, **kwargs: Any) -> None:
        super().__init__(data, files, commitment=commitment, by=by, **kwargs)
        self.fields["target"].queryset = _known(by)  # type: ignore[attr-defined]


class EndRelationForm(StepForm):
    """Which relation is taken back."""

    relation_id = forms.IntegerField(widget=forms.HiddenInput)


class NoteForm(StepForm):
    """A note for colleagues; it overwrites nothing, so no version is asked."""

    asks_version = False
    words = words_field(_("Note"))


class SubmissionForm(StepForm):
    """Which submission is accepted or withdrawn."""

    submission_id = forms.IntegerField(widget=forms.HiddenInput)


class SendBackForm(SubmissionForm):
    """Which submission is sent back, and why."""

    reason = words_field(_("Why it is sent back"))


class ChargeForm(StepForm):
    """Who answers for it."""

    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit"), required=False, widget=UnfoldAdminSelectWidget)
    officer = forms.ModelChoiceField(
        Person.objects.select_related("user"), label=_("Officer"), required=False, widget=UnfoldAdminSelectWidget
    )


def _known(by: User) -> Any:
    return Commitment.objects.for_user(by).select_related("unit", "text__instrument__unit").defer("text__body")


def differences(posted: Any, current: Commitment) -> list[Difference]:
    """What the person saw, as the posted page tells, beside what is there now."""
    names = [(name, str(Commitment._meta.get_field(name).verbose_name)) for name in _SEEN]  # type: ignore[union-attr]
    return [Difference(label, posted.get(f"seen_{name}", ""), shown(current, name)) for name, label in names]


def shown(commitment: Commitment, name: str) -> str:
    """A field in words, as the page says it."""
    if name == "due_on":
        return date_format(commitment.due_on, "DATE_FORMAT") if commitment.due_on else "–"
    if name in ("unit", "officer", "title"):
        return str(getattr(commitment, name) or "–")
    return str(getattr(commitment, f"get_{name}_display")())


def again(form: StepForm, commitment: Commitment) -> StepForm:
    """The same form with everything typed, ready to be sent against the commitment as it is now."""
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    data["version"] = str(commitment.version)
    files: MultiValueDict[str, Any] = MultiValueDict()  # a browser does not keep chosen files
    return type(form)(data, files, commitment=commitment, by=form.by)
