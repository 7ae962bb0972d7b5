"""Records that are edited in a form of the admin: an edit of what somebody changed meanwhile is refused, with both
versions, and what was typed stays.

These records have no version: the form bears the values that its reader saw, signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tracker.history.timeline import in_words

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A field that somebody changed: what the reader saw, and what it is now, in words."""

    label: str
    seen: str
    current: str


class SeenForm(forms.ModelForm):
    """The form of a record. `seen` is what it holds as the form is made, to be sent back with the form; `stale` are the
    fields that somebody changed since, empty where nobody did."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stale: list[Line] = []
        self.seen = self.data.get("seen") or self._signed(_values(self.instance)) if self.instance.pk else ""

    def clean(self) -> Any:
        """What was entered; a ValidationError where the record is not what it was. Its row stays locked until the
        transaction ends, so that of two who save at once the second is told."""
        cleaned = super().clean()
        if self.instance.pk:
            self._compare()
        return cleaned

    def _compare(self) -> None:
        model = type(self.instance)
        current = _values(model._base_manager.select_for_update(of=("self",)).get(pk=self.instance.pk))
        try:
            seen: Values = signing.loads(self.data.get("seen", ""), salt=self._salt)
        except signing.BadSignature as error:
            self.seen = self._signed(current)
            raise ValidationError(
                _("Nothing tells what you saw of this record. Look at it, and send it again.")
            ) from error
        if seen == current:
            return
        self.seen = self._signed(current)
        self.stale = _lines(model, seen, current)
        raise ValidationError(_("Somebody changed this record meanwhile. What you typed is kept."))

    def _signed(self, values: Values) -> str:
        return signing.dumps(values, salt=self._salt, compress=True)

    @property
    def _salt(self) -> str:
        return f"tracker.seen.{self.instance._meta.label_lower}.{self.instance.pk}"


class RefusesStale:
    """For a ModelAdmin whose records several people edit."""

    form: Any = SeenForm
    change_form_before_template = "admin/tracker/seen.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The form; 409 where what it would save is stale."""
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]
        if getattr(context["adminform"].form, "stale", None):
            page.status_code = 409
        return page


def _values(record: models.Model) -> Values:
    """Every column of a record, as it can be sent and compared."""
    return {field.attname: _plain(field.value_from_object(record)) for field in record._meta.concrete_fields}


def _plain(value: Any) -> Any:
    """What JSON gives back as it was: days, times and the like as words."""
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _lines(model: type[models.Model], seen: Values, current: Values) -> list[Line]:
    """The fields that differ, in words."""
    fields = [field for field in model._meta.concrete_fields if seen.get(field.attname) != current.get(field.attname)]
    told = [[_told(field, values) for values in (seen, current)] for field in fields]
    return [Line(str(field.verbose_name), *pair) for field, pair in zip(fields, told, strict=True)]


def _told(field: models.Field[Any, Any], values: Mapping[str, Any]) -> str:
    value = values.get(field.attname)
    if value is None or not field.related_model:
        return in_words(field, value, {})
    related: Any = field.related_model
    found = related._base_manager.filter(pk=value).first()
    return in_words(field, value, {(related._meta.label_lower, str(value)): str(found)} if found else {})
