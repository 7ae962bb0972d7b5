"""Adding instruments: several files at once, each stored wholly or not at all, each with its own answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import ingest, rights
from tracker.models import Instrument

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

_LARGEST = 25_000_000
"""Bytes of one file; a treaty with its annexes has a few million."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: an instrument, or why not."""

    name: str
    instrument: Instrument | None = None
    ending: ingest.Ending | None = None
    error: str = ""

    @property
    def added(self) -> bool:
        """Whether something was added, and not only found again."""
        return self.ending in (ingest.Ending.STORED, ingest.Ending.ATTACHED)


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One uploaded file or more, each checked by itself."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files; at least one."""
        each = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in each]


class FilesForm(forms.Form):
    """The files to add."""

    documents = FilesField(label=gettext_lazy("Files"), allow_empty_file=True, max_length=255)


def files(desk: LookOnly, request: HttpRequest) -> HttpResponse:
    """The page on which files are chosen, and what came of those that were sent."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    form = FilesForm(request.POST or None, request.FILES or None)
    outcomes = [_store(one, request.user) for one in form.cleaned_data["documents"]] if form.is_valid() else []
    refused = sum(1 for outcome in outcomes if outcome.error)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Add instruments from files"),
        "opts": Instrument._meta,
        "form": form,
        "outcomes": outcomes,
        "refused": refused,
    }
    status = 422 if form.is_bound and (not form.is_valid() or refused) else 200
    return TemplateResponse(request, "admin/tracker/instrument/files.html", context, status=status)


def _store(file: UploadedFile, by: Any) -> Outcome:
    """Store one file; what is wrong with it does not touch the others."""
    name = file.name or ""
    if (file.size or 0) > _LARGEST:
        error = _("The file is larger than %(megabytes)s MB.") % {"megabytes": _LARGEST // 1_000_000}
        return Outcome(name, error=error)
    try:
        stored = ingest.ingest(file.read(), name, now=timezone.now(), by=by)
    except ingest.RefusedError as error:
        return Outcome(name, error=str(error))
    # Files that another unit has brought in are told to be here, and no more than that.
    mine = rights.instruments(by).filter(pk=stored.instrument.pk).first()
    return Outcome(name, mine, stored.ending)
