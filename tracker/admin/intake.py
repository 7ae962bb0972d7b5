"""Bringing documents in: files or pasted text are kept at once and read in the background; the page tells how far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from tracker import intake, rights, tasks
from tracker.admin.access import LookOnly
from tracker.admin.lists import InPages
from tracker.ingest.faults import told_anew
from tracker.models import Instrument, Text, Upload
from tracker.models.uploads import UploadState
from tracker.models.vocabulary import TextStanding

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SHOWN = 40
"""So many of the latest uploads the page tells about; the others are in the list of uploads."""

_STATES: dict[str, str] = {
    UploadState.WAITING: "info",
    UploadState.READING: "info",
    UploadState.ASKS: "warning",
    UploadState.DONE: "success",
    UploadState.FAILED: "danger",
}


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """No uploaded file, one or more, each checked by itself."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files."""
        each = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in each]


class IntakeForm(forms.Form):
    """Files or pasted text, and what is known of them."""

    documents = FilesField(label=gettext_lazy("Files"), required=False, allow_empty_file=True, max_length=255)
    pasted = forms.CharField(
        label=gettext_lazy("Or paste the text"),
        required=False,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )
    called = forms.CharField(
        label=gettext_lazy("What the pasted text is called"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        choices=TextStanding,
        initial=TextStanding.PRESS_COPY,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    signed_on = forms.DateField(
        label=gettext_lazy("Day of signature, where the text names none"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        """At least one document."""
        cleaned = super().clean() or {}
        if not cleaned.get("documents") and not cleaned.get("pasted", "").strip() and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste a text."))
        return cleaned


def files(desk: LookOnly, request: HttpRequest) -> HttpResponse:
    """The page on which documents are brought in; below, what became of those of late.

    With `?instrument=ID` they are further texts of it, with `?replaces=ID` a better version of that text.
    """
    if not desk.has_add_permission(request):
        raise PermissionDenied
    if request.GET.get("part") == "uploads":
        return TemplateResponse(request, "admin/tracker/instrument/uploads.html", _latest(request))
    sent = request.method == "POST"
    form = IntakeForm(request.POST, request.FILES) if sent else IntakeForm()
    instrument, replaces = _about(request)
    refused: list[str] = []
    if form.is_valid():
        refused = _bring(request, form.cleaned_data, instrument, replaces)
        if not refused:
            return redirect(request.get_full_path())
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Add instruments"),
        "opts": Instrument._meta,
        "form": form,
        "refused": refused,
        "instrument": instrument,
        "replaces": replaces,
        **_latest(request),
    }
    status = 422 if form.is_bound and (not form.is_valid() or refused) else 200
    return TemplateResponse(request, "admin/tracker/instrument/files.html", context, status=status)


def _about(request: HttpRequest) -> tuple[Instrument | None, Text | None]:
    """Whose text it is, and which text it is a better version of, as the address says."""
    asked = {name: request.GET.get(name, "") for name in ("instrument", "replaces")}
    if not any(asked.values()):
        return None, None
    text = _one(rights.texts(request.user).select_related("instrument__unit").defer("body"), asked["replaces"])
    instrument = _one(rights.instruments(request.user), asked["instrument"])
    if not text and not instrument:
        raise Http404
    return instrument, text


def _one(known: QuerySet[Any], pk: str) -> Any:
    return known.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None


def _bring(
    request: HttpRequest, told: dict[str, Any], instrument: Instrument | None, replaces: Text | None
) -> list[str]:
    """Keep each document; why some were refused, which does not touch the others."""
    documents = [(file.name or "", file) for file in told["documents"]]
    if told["pasted"].strip():
        documents.append((told["called"] or _("Pasted text"), told["pasted"]))
    refused = []
    for name, document in documents:
        try:
            upload = intake.bring(
                _bytes(document),
                name,
                by=_actor(request),
                now=timezone.now(),
                instrument=instrument,
                replaces=replaces,
                standing=TextStanding(told["standing"] or TextStanding.PRESS_COPY),
                signed_on=told["signed_on"],
            )
        except intake.RefusedError as error:
            refused.append(f"{name}: {error}")
        else:
            tasks.ring([upload.pk] if upload.is_moving else [])
    return refused


def _bytes(document: UploadedFile | str) -> bytes:
    """The bytes; of a file that is too large only so many that this is seen, never all of them in memory."""
    if isinstance(document, str):
        return document.encode("utf-8", "replace")
    return bytes(document.read(intake.LARGEST + 1))


def _latest(request: HttpRequest) -> dict[str, Any]:
    """What became of the latest uploads, and whether anything is still to come."""
    latest = list(intake.uploads(request.user).order_by("-pk")[:_SHOWN])
    about = {each.text.instrument_id for each in latest if each.text}
    # What another unit has brought in is told to be here, and no more than that.
    mine = set(rights.instruments(request.user).filter(pk__in=about).values_list("pk", flat=True)) if about else set()
    rows = [(each, bool(each.text and each.text.instrument_id in mine)) for each in latest]
    return {"uploads": rows, "moving": sum(1 for each in latest if each.is_moving)}


@admin.register(Upload)
class UploadAdmin(InPages):
    """Everything that was brought in, and what came of it."""

    list_display = ("name", "state_badge", "outcome", "by", "at")
    list_filter = ("state", "ending")
    search_fields = ("name", "sha256")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        """Those that the user may know of."""
        return intake.uploads(request.user)

    def get_rows(self, request: HttpRequest) -> QuerySet[Upload]:
        """With who brought it in; the list shows nothing of the texts that came of it."""
        return Upload.objects.select_related("by").defer("content", "reading")

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the steps, before those of the admin."""
        view = self.admin_site.admin_view
        ours = [
            path("<int:pk>/retry/", view(self.retry), name="tracker_upload_retry"),
            path("<int:pk>/answer/", view(self.answer), name="tracker_upload_answer"),
        ]
        return [*ours, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To where documents are brought in, or to the page that shows what replacing a text would change."""
        found = self.get_object(request, object_id)
        if not isinstance(found, Upload):
            raise Http404
        if found.state == UploadState.ASKS and found.replaces_id:
            return redirect("reading-again", found.pk)
        return redirect("admin:tracker_instrument_add")

    def retry(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let it be read again."""
        return self._take(request, lambda by: intake.retry(pk, by=by, now=timezone.now()))

    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what to do with it."""
        choice = request.POST.get("choice", "")
        if request.method == "POST" and choice not in list(intake.Choice):
            raise Http404
        return self._take(request, lambda by: intake.answer(pk, intake.Choice(choice), by=by, now=timezone.now()))

    def _take(self, request: HttpRequest, step: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            upload: Upload = step(_actor(request))
        except intake.RefusedError as error:
            messages.error(request, str(error))
            return redirect("admin:tracker_instrument_add")
        tasks.ring([upload.pk] if upload.is_moving else [])
        if upload.state == UploadState.ASKS and upload.replaces_id:
            return redirect("reading-again", upload.pk)
        return redirect("admin:tracker_instrument_add")

    @display(description=gettext_lazy("State"), ordering="state", label=_STATES)
    def state_badge(self, row: Upload) -> tuple[str, StrOrPromise]:
        """The state as a badge."""
        return row.state, row.get_state_display()

    @display(description=gettext_lazy("What came of it"))
    def outcome(self, row: Upload) -> str:
        """How it ended, or why it did not."""
        return told_anew(row.fault, row.error) or (str(row.get_ending_display()) if row.ending else "–")


def _actor(request: HttpRequest) -> User:
    """Who acts; admin pages are for signed-in users only."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
