"""Long work: how far it is, what came of it, a way to stop it, and the file that an export made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Length, Substr
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import localize
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from tracker import jobs, rights, tasks
from tracker.admin.access import LookOnly
from tracker.models import Job, Text
from tracker.models.vocabulary import JobKind, JobState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SLICE = 1_000_000
"""Bytes of a file that are in memory at a time while somebody downloads it."""

_STATES: dict[str, str] = {
    JobState.WAITING: "info",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.CANCELLED: "warning",
    JobState.FAILED: "danger",
}
# What an administrator may ask for on the list of jobs; imports and exports are asked for where they are.
_ASKED: dict[str, tuple[JobKind, dict[str, Any]]] = {
    "sweep": (JobKind.SWEEP, {}),
    "read": (JobKind.REREADING, {"apply": True}),
    "try": (JobKind.REREADING, {"apply": False}),
}


@admin.register(Job)
class JobAdmin(LookOnly):
    """One's own jobs, the newest first; administrators see all."""

    list_display = ("kind", "state_badge", "progress", "asked_by", "asked_at", "ended_at")
    list_filter = (("kind", ChoicesDropdownFilter), ("state", ChoicesDropdownFilter))
    ordering = ("-pk",)
    list_before_template = "admin/tracker/job/tools.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Those that the user may know of."""
        return jobs.known(request.user)

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the steps and of the file, before those of the admin."""
        view = self.admin_site.admin_view
        asked = [path(f"{name}/", view(partial(self.ask, name=name)), name=f"tracker_job_{name}") for name in _ASKED]
        ours = [
            path("<int:pk>/cancel/", view(self.cancel), name="tracker_job_cancel"),
            path("<int:pk>/carry-out/", view(self.carry_out), name="tracker_job_carry_out"),
            path("<int:pk>/file/", view(self.file), name="tracker_job_file"),
        ]
        return [*asked, *ours, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, and for administrators what may be asked for."""
        shown = {**(extra_context or {}), "administers": rights.may_administer(request.user)}
        return super().changelist_view(request, shown)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a job; `?part=progress` is the piece of it that moves."""
        known = jobs.known(request.user).defer(None).defer("wanted", "file").annotate(size=Length("file"))
        job = known.filter(pk=int(object_id)).first() if object_id.isdecimal() and len(object_id) < 19 else None
        if job is None:
            raise Http404
        mine = job.asked_by_id == request.user.pk
        # While it moves the report is not there yet; what was asked for is, but may be as long as a file.
        trial = job.kind == JobKind.IMPORT and jobs.known(request.user).filter(pk=job.pk, wanted__trial=True).exists()
        shown = {"job": job, "mine": mine, "told": _told(job), "trial": trial or job.report.get("trial", False)}
        if request.GET.get("part") == "progress":
            return TemplateResponse(request, "admin/tracker/job/progress.html", shown)
        texts = _texts(request, job)
        shown |= {**self.admin_site.each_context(request), "title": str(job.get_kind_display()), "opts": Job._meta}
        return TemplateResponse(request, "admin/tracker/job/page.html", {**shown, "texts": texts})

    def ask(self, request: HttpRequest, name: str) -> HttpResponse:
        """Put down what an administrator asks for."""
        kind, wanted = _ASKED[name]
        return self._take(request, lambda by: jobs.ask(kind, wanted, by=by, now=timezone.now()))

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask a job to stop."""
        return self._take(request, lambda by: jobs.cancel(pk, by=by, now=timezone.now()), pk)

    def carry_out(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have done what a trial has shown."""
        return self._take(request, lambda by: jobs.carry_out(pk, by=by, now=timezone.now()), pk)

    def file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The file of an export; for whoever asked for it alone, whose rights it was made by."""
        mine = Job.objects.filter(pk=pk, asked_by=_actor(request), file__isnull=False)
        found = mine.values_list("file_name", Length("file")).first()
        if found is None:
            raise Http404
        name, size = found
        answer = StreamingHttpResponse(_slices(pk, size), content_type="application/octet-stream")
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        answer["Content-Length"] = str(size)
        return answer

    def _take(self, request: HttpRequest, step: Callable[[User], Job], pk: int | None = None) -> HttpResponse:
        """Do it, ring, and show the job; where it is refused, say why."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        by = _actor(request)
        if pk is not None and not jobs.known(by).filter(pk=pk).exists():
            raise Http404
        try:
            job = step(by)
        except jobs.RefusedError as error:
            messages.error(request, str(error))
            return redirect("admin:tracker_job_change", pk) if pk else redirect("admin:tracker_job_changelist")
        if job.state == JobState.WAITING:
            tasks.ring_jobs([job.pk])
        return redirect("admin:tracker_job_change", job.pk)

    @display(description=_("State"), ordering="state", label=_STATES)
    def state_badge(self, row: Job) -> tuple[str, StrOrPromise]:
        """The state as a badge."""
        return row.state, row.get_state_display()

    @display(description=_("Progress"))
    def progress(self, row: Job) -> str:
        """How much is done, of how much where that is known."""
        return f"{localize(row.done)} / {localize(row.total)}" if row.total is not None else localize(row.done)


def _told(job: Job) -> dict[str, Any]:
    """How far a job is, and what came of it by reason or fate, in words."""
    running_sweep = job.kind == JobKind.SWEEP and job.state == JobState.RUNNING
    told: dict[str, Any] = {"done": jobs.raised_so_far(job) if running_sweep else job.done}
    told["carried_out"] = not job.report.get("trial", False)
    if job.kind == JobKind.SWEEP and job.state == JobState.CANCELLED:
        told["put_off_until"] = Job.objects.sweep_put_off_until(timezone.now())
    return told


def _texts(request: HttpRequest, job: Job) -> list[tuple[Text | None, dict[str, Any]]]:
    """The lines of a report of texts, each with its text where the user may know of it."""
    if job.kind != JobKind.REREADING:
        return []
    lines = job.report.get("lines", [])
    known = rights.texts(request.user).select_related("instrument").defer("body")
    found = known.in_bulk([line["text"] for line in lines])
    return [(found.get(line["text"]), line) for line in lines]


def _slices(pk: int, size: int) -> Iterator[bytes]:
    """A file, slice by slice; each is asked of the database when it is sent."""
    for first in range(1, size + 1, SLICE):
        part = Substr("file", first, SLICE, output_field=BinaryField())
        yield bytes(Job.objects.filter(pk=pk).values_list(part, flat=True).get() or b"")


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker: admin pages are for signed-in users)
    return request.user
