"""One page for operators: what the watch finds, the last sweeps, the queues, the outbox, and what failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import broker, rights
from tracker.admin.rules import SweepAdmin
from tracker.models import Job, OutboxItem, Sweep, Upload
from tracker.models.uploads import UploadState
from tracker.models.vocabulary import JobState, OutboxState
from tracker.watch import watch

_LATEST = 10


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue by name, and how many doorbells lie in it; None where Redis does not answer."""

    name: str
    length: int | None


class Operations(SweepAdmin):
    """The sweeps' list, with the operators' page beside it."""

    def get_urls(self) -> list[URLPattern]:
        """The page stands before the list's own addresses."""
        page = path("operations/", self.admin_site.admin_view(self.operations), name="tracker_operations")
        return [page, *super().get_urls()]

    def operations(self, request: HttpRequest) -> HttpResponse:
        """Everything at a glance; ten queries, whatever the numbers."""
        if not rights.may_administer(request.user):
            raise PermissionDenied
        seen = broker.look()
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Operations"),
            "found": watch(timezone.now(), look=lambda: seen),
            "queues": queues(seen),
            "sweeps": Sweep.objects.order_by("-pk")[:_LATEST],
            "outbox": [
                (OutboxState(state).label, number)
                for state, number in OutboxItem.objects.order_by().values_list("state").annotate(Count("pk"))
            ],
            "uploads": Upload.objects.for_lists().filter(state=UploadState.FAILED).order_by("-pk")[:_LATEST],
            "jobs": Job.objects.filter(state__in=(JobState.FAILED, JobState.RUNNING, JobState.WAITING))
            .defer("file")
            .order_by("-pk")[:_LATEST],
        }
        return TemplateResponse(request, "admin/tracker/operations.html", context)


def queues(seen: broker.Look) -> list[Queue]:
    """How many doorbells lie in each queue."""
    return [Queue(name, seen.lengths.get(name)) for name in broker.QUEUES]


admin.site.unregister(Sweep)
admin.site.register(Sweep, Operations)
