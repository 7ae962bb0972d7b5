"""The page of one commitment and its steps: each calls the step, and shows what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tracker import progress, review, rights
from tracker.admin import lists, steps
from tracker.models import Commitment
from tracker.models.edits import RefusedError, StaleError
from tracker.models.vocabulary import Review
from tracker.pieces import paragraphs

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

_AROUND = 600
"""How many characters before and after a commitment its page shows where it stands in no clause."""


class CommitmentPage:
    """Shows one commitment, and takes the steps that are sent from its page."""

    def __init__(self, desk: LookOnly) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """An address for each step."""
        view = self.desk.admin_site.admin_view
        return [
            path("<int:pk>/confirm/", view(self.confirm), name="tracker_commitment_confirm"),
            path("<int:pk>/reject/", view(self.reject), name="tracker_commitment_reject"),
            path("<int:pk>/status/", view(self.status), name="tracker_commitment_status"),
            path("<int:pk>/charge/", view(self.charge), name="tracker_commitment_charge"),
        ]

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The reading stands."""

        def step(form: steps.StepForm) -> str:
            review.confirm(pk, by=_actor(request), version=form.cleaned_data["version"], now=timezone.now())
            return _("The reading is confirmed.")

        return self._take(request, pk, steps.DecisionForm, step)

    def reject(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The words are no commitment."""

        def step(form: steps.StepForm) -> str:
            review.reject(pk, by=_actor(request), version=form.cleaned_data["version"], now=timezone.now())
            return _("The reading is rejected. It stays on record and leaves every list.")

        return self._take(request, pk, steps.DecisionForm, step)

    def status(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What became of the promise."""

        def step(form: steps.StepForm) -> str:
            told = progress.record_status(pk, **form.cleaned_data, by=_actor(request), now=timezone.now())
            return _("Recorded. The commitment is now: %(status)s.") % {"status": told.get_status_display()}

        return self._take(request, pk, steps.StatusForm, step)

    def charge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who answers for it."""

        def step(form: steps.StepForm) -> str:
            progress.assign(pk, **form.cleaned_data)
            return _("The unit and the officer are set.")

        return self._take(request, pk, steps.ChargeForm, step)

    def show(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as it is."""
        return self._page(request, self._found(request, object_id))

    def _take(
        self, request: HttpRequest, pk: int, kind: type[steps.StepForm], step: Callable[[steps.StepForm], str]
    ) -> HttpResponse:
        """Take a step: back to the page where it was taken, or the page again with why not and with what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = self._found(request, str(pk))
        if not rights.may_act(request.user):
            raise PermissionDenied
        form = kind(request.POST, commitment=found)
        try:
            if request.POST.get("version") != str(found.version):
                raise StaleError(_number(request.POST.get("version")), found)
            if form.is_valid():
                messages.success(request, step(form))
                return redirect("admin:tracker_commitment_change", pk)
        except StaleError as error:
            current = self._found(request, str(pk))
            kept = steps.again(kind(request.POST, commitment=current), error.current.version)
            return self._page(request, current, kept, refusal=error, seen=request.POST, http=409)
        except RefusedError as error:
            return self._page(request, found, form, refusal=error, http=422)
        return self._page(request, found, form, http=422)

    def _found(self, request: HttpRequest, object_id: str) -> Commitment:
        found = self.desk.get_object(request, object_id)
        if not isinstance(found, Commitment):
            raise Http404
        return found

    def _page(
        self,
        request: HttpRequest,
        found: Commitment,
        sent: steps.StepForm | None = None,
        *,
        refusal: RefusedError | None = None,
        seen: Any = None,
        http: int = 200,
    ) -> HttpResponse:
        forms = _forms(found)
        if sent is not None:
            forms[type(sent).__name__] = sent
        decisions = review.DECISIONS[Review(found.review)]
        context = {
            **self.desk.admin_site.each_context(request),
            "title": Truncator(found.title).chars(70),
            "opts": Commitment._meta,
            "original": found,
            "commitment": found,
            "paragraphs": _in_place(found),
            "overdue": Commitment.objects.overdue(lists.today()).filter(pk=found.pk).exists(),
            "steps": found.steps.select_related("by", "obligor__party").order_by("-at", "-pk"),
            "followups": found.followups.all(),
            "may_act": rights.may_act(request.user),
            "may_confirm": Review.CONFIRMED in decisions,
            "may_reject": Review.REJECTED in decisions,
            "forms": forms,
            "refusal": refusal,
            "differences": steps.differences(seen, found) if seen is not None else [],
        }
        return TemplateResponse(request, "admin/tracker/commitment/page.html", context, status=http)


def _forms(found: Commitment) -> dict[str, steps.StepForm]:
    return {
        "DecisionForm": steps.DecisionForm(commitment=found),
        "StatusForm": steps.StatusForm(commitment=found, initial={"on": lists.today().isoformat()}),
        "ChargeForm": steps.ChargeForm(commitment=found, initial={"unit": found.unit_id, "officer": found.officer_id}),
    }


def _in_place(found: Commitment) -> Any:
    """The clause around a commitment, or the text near it, in pieces with the commitment marked."""
    body = found.text.body
    if found.clause:
        first, last = min(found.clause.start, found.start), max(found.clause.end, found.end)
    else:
        first = body.rfind("\n", 0, max(0, found.start - _AROUND)) + 1
        last = body.find("\n", found.end + _AROUND)
        last = len(body) if last < 0 else last
    return paragraphs(body[first:last], [_Here(found, first)], [])


class _Here:
    """A commitment seen from the start of an excerpt."""

    def __init__(self, found: Commitment, first: int) -> None:
        self.pk, self.force, self.review = found.pk, found.force, found.review
        self.start, self.end = found.start - first, found.end - first


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 10 else 0


def _actor(request: HttpRequest) -> User:
    """The person who acts; the admin lets nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user
