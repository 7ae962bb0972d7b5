"""Steps on the rows that were selected in the list: say what, look at what will change and what not, do it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import bulk, rights
from tracker.admin import kept_files
from tracker.admin.orders import FORMS, TITLES, OrderForm
from tracker.models import Commitment
from tracker.models.edits import RefusedError

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

_PAGE = "admin/tracker/commitment/bulk.html"
Action = Callable[[Any, HttpRequest, QuerySet[Commitment]], HttpResponse]


class BulkPages:
    """One page for each action of `tracker.bulk`."""

    def __init__(self, desk: LookOnly) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """An address for each action."""
        view = self.desk.admin_site.admin_view
        return [
            path(f"bulk/{name}/", view(partial(self.order, action=name)), name=f"tracker_commitment_bulk_{name}")
            for name in FORMS
        ]

    def actions(self, request: HttpRequest) -> dict[str, tuple[Action, str, Any]]:
        """The actions of the list as Django's admin takes them, for those who may act."""
        if not rights.may_act(request.user):
            return {}
        return {name: (self._begun(name), name, TITLES[name]) for name in FORMS}

    def order(self, request: HttpRequest, action: str) -> HttpResponse:
        """An order that was filled in: what will come of it, or, once that was seen, what came of it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not rights.may_act(request.user):
            raise PermissionDenied
        by = _actor(request)
        form = FORMS[action](request.POST, request.FILES, by=by)
        if not form.is_valid():
            return self._page(request, action, form=form, http=422)
        order = bulk.Order(action, form.params(), form.cleaned_data["seen"])
        try:
            if "do" in request.POST:
                return self._page(request, action, outcome=bulk.apply(order, by=by, now=timezone.now()))
            return self._planned(request, action, form, bulk.plan(order, by=by, now=timezone.now()))
        except RefusedError as error:
            return self._page(request, action, form=form, refusal=str(error), http=422)

    def _begun(self, name: str) -> Action:
        """The action of the list: the rows that were selected, with the versions of now, go into its form."""

        def begin(_desk: Any, request: HttpRequest, chosen: QuerySet[Commitment]) -> HttpResponse:
            seen = list(chosen.order_by("pk").values_list("pk", "version")[: bulk.MOST + 1])
            form = FORMS[name](initial={"seen": _written(dict(seen))}, by=_actor(request))
            if len(seen) > bulk.MOST:
                refusal = _("Choose at most %(most)s commitments at a time.") % {"most": bulk.MOST}
                return self._page(request, name, refusal=refusal, http=422)
            return self._page(request, name, form=form, chosen=len(seen))

        begin.__name__ = name
        return begin

    def _planned(self, request: HttpRequest, action: str, form: OrderForm, plan: bulk.Plan) -> HttpResponse:
        """The preview; it sends back what was typed, for the rows that would change, and the sum of a chosen file."""
        again = {name: value for name, value in request.POST.items() if name in form.fields}
        again["seen"] = _written(plan.order.seen)
        if form.file and plan.changes:
            again["kept_file"] = kept_files.keep(form.file, _actor(request))
        return self._page(request, action, plan=plan, kept=list(again.items()), file=form.file)

    def _page(self, request: HttpRequest, action: str, *, http: int = 200, **shown: Any) -> HttpResponse:
        context = {
            **self.desk.admin_site.each_context(request),
            "title": TITLES[action],
            "opts": Commitment._meta,
            "action_address": f"admin:tracker_commitment_bulk_{action}",
            **shown,
        }
        return TemplateResponse(request, _PAGE, context, status=http)


def _written(seen: Any) -> str:
    return " ".join(f"{pk}:{version}" for pk, version in seen.items())


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user
