"""Spreadsheets of commitments: out with the filters of the list, in with a trial that shows every row first."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from tracker import jobs, rights, spreadsheets, tasks
from tracker.admin import lists
from tracker.models import Commitment, Job
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import JobKind

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

_PAGE = "admin/tracker/commitment/sheet.html"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TRIED_FOR = 3600
"""Seconds for which what a trial has shown can be carried out."""
_LONGEST_FORM = 4_000_000
MOST_IN_XLSX = 200_000
"""Rows of one XLSX file."""
XLSX_AT_ONCE = 10_000
"""Rows of an XLSX file that is written while it is downloaded; a longer one is a job, for it would take a thread of the
server for minutes."""
TRIED_AT_ONCE = 500
"""Rows of a file that are tried while the page waits, for each may take all its steps; more of them are a job, which
shows what will change and from which it is carried out."""
IMPORT_AT_ONCE = 200
"""Rows of an import that are carried out while the page waits; more of them are a job."""


class SheetPages:
    """The downloads of the list of commitments, and the page on which a spreadsheet is imported."""

    def __init__(self, desk: LookOnly) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """An address for each."""
        view = self.desk.admin_site.admin_view
        return [
            path("export.csv", view(self.as_csv), name="tracker_commitment_export_csv"),
            path("export.xlsx", view(self.as_xlsx), name="tracker_commitment_export_xlsx"),
            path("import/", view(self.take), name="tracker_commitment_import"),
        ]

    def as_csv(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows with these filters, as CSV."""
        if (chosen := self._chosen(request)) is None:
            return redirect("admin:tracker_commitment_changelist")
        answer = StreamingHttpResponse(spreadsheets.as_csv(chosen), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_name("csv"))
        return answer

    def as_xlsx(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows with these filters, as XLSX."""
        if (chosen := self._chosen(request)) is None:
            return redirect("admin:tracker_commitment_changelist")
        if (number := chosen.count()) > MOST_IN_XLSX:
            remedy = _("That is more than %(most)s rows for one XLSX file. Filter the list, or export it as CSV.")
            messages.error(request, remedy % {"most": localize(MOST_IN_XLSX)})
            return redirect(f"{reverse('admin:tracker_commitment_changelist')}?{request.GET.urlencode()}")
        if number > XLSX_AT_ONCE:
            return self._later(request, chosen, number)
        answer = StreamingHttpResponse(spreadsheets.as_xlsx(chosen), content_type=_XLSX)
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=_name("xlsx"))
        return answer

    def _later(self, request: HttpRequest, chosen: CommitmentQuerySet, number: int) -> HttpResponse:
        """A long file as a job, when the person says so."""
        refusal = ""
        if request.method == "POST":
            try:
                wanted = {"keys": list(chosen.values_list("pk", flat=True))}
                return _begun(jobs.ask(JobKind.EXPORT, wanted, by=_actor(request), now=timezone.now()))
            except RefusedError as error:
                refusal = str(error)
        context = {**self.desk.admin_site.each_context(request), "opts": Commitment._meta, "rows": number}
        context |= {"title": _("Export to XLSX"), "refusal": refusal}
        return TemplateResponse(request, "admin/tracker/job/export.html", context, status=422 if refusal else 200)

    def take(self, request: HttpRequest) -> HttpResponse:
        """Upload, look at what would change, carry it out."""
        if not rights.may_act(request.user):
            raise PermissionDenied
        if request.method == "GET":
            return self._page(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "POST"])
        try:
            return self._done(request) if "orders" in request.POST else self._tried(request)
        except RefusedError as error:
            return self._page(request, refusal=str(error), http=422)

    def _tried(self, request: HttpRequest) -> HttpResponse:
        upload = request.FILES.get("sheet")
        if upload is None:
            raise RefusedError(_("Choose a file."))
        if (upload.size or 0) > spreadsheets.LARGEST:
            raise RefusedError(
                _("The file is larger than %(megabytes)s MB.") % {"megabytes": spreadsheets.LARGEST // 1_000_000}
            )
        sheet, name = spreadsheets.read(upload.read()), upload.name or ""
        if len(sheet.rows) > TRIED_AT_ONCE:
            return _begun(jobs.ask(JobKind.IMPORT, jobs.trial_of(sheet, name), by=_actor(request), now=timezone.now()))
        report = spreadsheets.try_out(sheet, by=_actor(request), now=timezone.now())
        return self._page(request, report=report, name=name, orders=_sealed(request, report, name))

    def _done(self, request: HttpRequest) -> HttpResponse:
        name, orders = _opened(request)
        if len(orders) > IMPORT_AT_ONCE:
            wanted = {"name": name, "orders": [list(astuple(order)) for order in orders]}
            return _begun(jobs.ask(JobKind.IMPORT, wanted, by=_actor(request), now=timezone.now()))
        report = spreadsheets.carry_out(orders, name, by=_actor(request), now=timezone.now())
        messages.info(request, _("%(changed)s changed, %(refused)s refused.") % _counts(report))
        return self._page(request, report=report, name=name, done=True)

    def _chosen(self, request: HttpRequest) -> CommitmentQuerySet | None:
        """What the list shows with the filters of the address, on all its pages; None where a filter makes no sense."""
        try:
            chosen = self.desk.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return None
        assert isinstance(chosen, CommitmentQuerySet)  # noqa: S101  (for the type checker)
        return chosen

    def _page(self, request: HttpRequest, *, http: int = 200, **shown: object) -> HttpResponse:
        context = {
            **self.desk.admin_site.each_context(request),
            "title": _("Import a spreadsheet"),
            "opts": Commitment._meta,
            "columns": spreadsheets.COLUMNS,
            "most": spreadsheets.MOST_ROWS,
            **shown,
        }
        return TemplateResponse(request, _PAGE, context, status=http)


def _sealed(request: HttpRequest, report: spreadsheets.Report, name: str) -> str:
    """The orders of a trial, signed for this person: what is carried out is what was shown; no file is kept."""
    rows = [[order.number, order.commitment_id, order.version, order.wanted] for order in report.orders]
    sealed = signing.dumps([name, rows], salt=_salt(request), compress=True) if rows else ""
    if len(sealed) > _LONGEST_FORM:
        raise RefusedError(_("The file changes too much at once. Import it in parts."))
    return sealed


def _opened(request: HttpRequest) -> tuple[str, list[spreadsheets.Order]]:
    try:
        name, rows = signing.loads(request.POST["orders"], salt=_salt(request), max_age=_TRIED_FOR)
    except signing.BadSignature as error:
        raise RefusedError(_("This was tried too long ago. Choose the file again.")) from error
    return name, [spreadsheets.Order(*row) for row in rows]


def _salt(request: HttpRequest) -> str:
    return f"tracker.import.{request.user.pk}"


def _begun(job: Job) -> HttpResponse:
    """Ring for a job, and show it."""
    tasks.ring_jobs([job.pk])
    return redirect("admin:tracker_job_change", job.pk)


def _counts(report: spreadsheets.Report) -> dict[str, int]:
    return {"changed": report.changed, "refused": report.refused}


def _name(suffix: str) -> str:
    return f"commitments-{lists.today().isoformat()}.{suffix}"


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user
