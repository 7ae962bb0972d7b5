"""The page of one commitment and its steps: each calls the step, and shows what it answers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import Truncator

from tracker import filing, review, rights
from tracker.admin import acts, followup_page, lists, steps
from tracker.history.timeline import Entry, timeline
from tracker.models import Commitment, Evidence
from tracker.models.edits import RefusedError, StaleError
from tracker.models.vocabulary import Review
from tracker.pieces import paragraphs

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

_AROUND = 600
"""How many characters before and after a commitment its page shows where it stands in no clause."""
_HISTORY = 100
"""How many of the latest entries of its history a page shows."""


class CommitmentPage:
    """Shows one commitment, and takes the steps that are sent from its page."""

    def __init__(self, desk: LookOnly) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """An address for each act."""
        view = self.desk.admin_site.admin_view
        return [
            path(f"<int:pk>/{act.name}/", view(partial(self.take, act=act)), name=f"tracker_commitment_{act.name}")
            for act in acts.ACTS
        ]

    def show(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as it is."""
        return self._page(request, self._found(request, object_id))

    def take(self, request: HttpRequest, pk: int, act: acts.Act) -> HttpResponse:
        """Take a step: back to the page where it was taken, or the page again with why not and with what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = self._found(request, str(pk))
        if not rights.may_act(request.user):
            raise PermissionDenied
        by = _actor(request)
        form = act.form(request.POST, request.FILES, commitment=found, by=by)
        try:
            if form.asks_version and request.POST.get("version") != str(found.version):
                raise StaleError(_number(request.POST.get("version")), found)
            if form.is_valid():
                messages.success(request, act.do(pk, dict(form.cleaned_data), by, timezone.now()))
                return redirect("admin:tracker_commitment_change", pk)
        except StaleError as error:
            current = self._found(request, str(pk))
            kept = steps.again(form, current)
            return self._page(request, current, act.name, kept, refusal=error, seen=request.POST, http=409)
        except RefusedError as error:
            return self._page(request, found, act.name, form, refusal=error, http=422)
        return self._page(request, found, act.name, form, http=422)

    def _found(self, request: HttpRequest, object_id: str) -> Commitment:
        found = self.desk.get_object(request, object_id)
        if not isinstance(found, Commitment):
            raise Http404
        return found

    def _page(
        self,
        request: HttpRequest,
        found: Commitment,
        act: str = "",
        sent: steps.StepForm | None = None,
        *,
        refusal: RefusedError | None = None,
        seen: Any = None,
        http: int = 200,
    ) -> HttpResponse:
        by = _actor(request)
        forms = _forms(found, by)
        if sent is not None:
            forms[act] = sent
        context = {
            **self.desk.admin_site.each_context(request),
            **_told(found, by),
            "title": Truncator(found.title).chars(70),
            "opts": Commitment._meta,
            "original": found,
            "commitment": found,
            "forms": forms,
            "taken": act,
            "refusal": refusal,
            "differences": steps.differences(seen, found) if seen is not None else [],
        }
        return TemplateResponse(request, "admin/tracker/commitment/page.html", context, status=http)


def _told(found: Commitment, by: User) -> dict[str, Any]:
    """What the page tells of a commitment."""
    decisions = review.DECISIONS[Review(found.review)]
    proofs = Prefetch("proofs", Evidence.objects.select_related("file").defer("file__content"))
    waiting = found.submissions.pending().select_related("by", "obligor__party").prefetch_related(proofs).first()
    recorded = found.steps.select_related(
        "by", "obligor__party", "by_instrument", "by_commitment", "submission__decided_by"
    )
    return {
        "paragraphs": _in_place(found),
        "overdue": Commitment.objects.overdue(lists.today()).filter(pk=found.pk).exists(),
        "steps": recorded.prefetch_related(proofs).order_by("-at", "-pk"),
        "moves": found.deadline_steps.select_related("by").order_by("-at", "-pk"),
        "waiting": waiting,
        "may_accept": waiting and waiting.by_id != by.pk and rights.may(by, rights.Action.ACCEPT, found),
        "may_withdraw": waiting and waiting.by_id == by.pk,
        "related": filing.related(found, by),
        "themes": found.themes.all(),
        "notes": found.notes.select_related("by"),
        "followups": followup_page.panel(found, by),
        "history": [entry for entry in timeline(found, _HISTORY) if _says_something(entry)],
        "may_act": rights.may(by, rights.Action.RECORD, found),
        "may_confirm": Review.CONFIRMED in decisions,
        "may_reject": Review.REJECTED in decisions,
        "may_extend": found.is_open and found.due_on and found.review != Review.REJECTED,
    }


def _says_something(entry: Entry) -> bool:
    """Every step raises the version; where nothing else changed, the step's own entry tells what was done."""
    return entry.action != "update" or any(change.column != "version" for change in entry.changes)


def _forms(found: Commitment, by: User) -> dict[str, steps.StepForm]:
    """An empty form for every act, by its name."""
    filled: dict[str, dict[str, Any]] = {
        "status": {"on": lists.today().isoformat()},
        "title": {"title": found.title},
        "themes": {"themes": list(found.themes.all())},
        "charge": {"unit": found.unit_id, "officer": found.officer_id},
    }
    return {act.name: act.form(commitment=found, by=by, initial=filled.get(act.name, {})) for act in acts.ACTS}


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
