"""The forms of the steps that staff take on many commitments at once: the parameters of each order, and its rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminURLInputWidget, UnfoldBooleanWidget

from tracker import progress, rights
from tracker.admin import kept_files
from tracker.admin.steps import day_field, found_by_typing, words_field
from tracker.models import Commitment, Person, StatusStep, Unit
from tracker.models.evidence import LARGEST_FILE
from tracker.models.vocabulary import Status


class OrderForm(forms.Form):
    """The rows of an order: `number:version` of each, as the person saw them. Without fields of its own, an order needs
    no more than that."""

    seen = forms.CharField(widget=forms.HiddenInput)
    file: progress.File | None = None

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_seen(self) -> dict[int, int]:
        """The numbers and versions."""
        pairs = [pair.partition(":") for pair in self.cleaned_data["seen"].split()]
        if not all(pk.isdecimal() and version.isdecimal() and len(pk + version) < 28 for pk, _colon, version in pairs):
            raise forms.ValidationError(_("Choose the commitments again."))
        return {int(pk): int(version) for pk, _colon, version in pairs}

    def params(self) -> dict[str, Any]:
        """What the order says beside its rows."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class StatusOrder(OrderForm):
    """The same status for all, with the same note and evidence. `file` is the file among it: chosen now, or kept since
    the preview under the sum that `kept_file` tells."""

    to = forms.ChoiceField(label=_("Status"), choices=Status, widget=UnfoldAdminSelectWidget)
    on = day_field(_("On"))
    note = words_field(_("Note"))
    evidence = forms.URLField(
        label=_("Evidence (web address)"), required=False, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )
    evidence_file = forms.FileField(label=_("Evidence (file)"), required=False, max_length=255, widget=forms.FileInput)
    kept_file = forms.CharField(required=False, widget=forms.HiddenInput)
    by_instrument = found_by_typing(StatusStep, "by_instrument", _("Waived or superseded by the instrument"))
    by_commitment = found_by_typing(StatusStep, "by_commitment", _("Superseded by the commitment"))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        known = Commitment.objects.for_user(by).select_related("unit", "text__instrument__unit").defer("text__body")
        self.fields["by_instrument"].queryset = rights.instruments(by)  # type: ignore[attr-defined]
        self.fields["by_commitment"].queryset = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """With `file`, where one was chosen."""
        cleaned = super().clean() or {}
        chosen, sha256 = cleaned.get("evidence_file"), cleaned.get("kept_file")
        if chosen and chosen.size > LARGEST_FILE:
            self.add_error("evidence_file", _("The file is larger than 25 MB."))
        elif chosen:
            self.file = progress.File(chosen.name or "", chosen.read())
        elif sha256 and (held := kept_files.kept(sha256, self.by)):
            self.file = held
        elif sha256:
            self.add_error("evidence_file", _("The file is not kept any longer. Choose it again."))
        return cleaned

    def params(self) -> dict[str, Any]:
        """The link and the file are evidence, both."""
        said = super().params()
        link = said.pop("evidence")
        del said["evidence_file"], said["kept_file"]
        return {**said, "evidence": [piece for piece in (link, self.file) if piece]}


class ExtensionOrder(OrderForm):
    """The same new last day for all, for the same reason."""

    to = day_field(_("New last day"))
    reason = words_field(_("Why the day is moved"))
    brought_forward = forms.BooleanField(
        label=_("It is brought forward, not extended"), required=False, widget=UnfoldBooleanWidget
    )


class UnitOrder(OrderForm):
    """The unit that answers for them; empty for that of their instrument."""

    unit = forms.ModelChoiceField(Unit.objects.all(), label=_("Unit"), required=False, widget=UnfoldAdminSelectWidget)


class OfficerOrder(OrderForm):
    """The officer who answers for them; empty for nobody."""

    officer = forms.ModelChoiceField(
        Person.objects.select_related("user", "unit"),
        label=_("Officer"),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


FORMS: dict[str, type[OrderForm]] = {
    "status": StatusOrder,
    "extension": ExtensionOrder,
    "unit": UnitOrder,
    "officer": OfficerOrder,
    "confirm": OrderForm,
    "reject": OrderForm,
}
"""The form of each action of `tracker.bulk`."""

TITLES = {
    "status": _("Record a status"),
    "extension": _("Extend the deadline"),
    "unit": _("Give to a unit"),
    "officer": _("Give to an officer"),
    "confirm": _("Confirm the readings"),
    "reject": _("Reject the readings"),
}
