"""Acts on the follow-ups that were selected in the list: say what, look at what will change and what not, do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

from tracker import attending_many, rights
from tracker.admin.followup_forms import ORDERS, TITLES
from tracker.models import FollowUp
from tracker.models.edits import RefusedError

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

Action = Callable[[Any, HttpRequest, QuerySet[FollowUp]], HttpResponse]


class FollowUpOrders:
    """One page for each action of `tracker.attending_many`."""

    def __init__(self, desk: LookOnly) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """An address for each action."""
        view = self.desk.admin_site.admin_view
        return [
            path(f"bulk/{name}/", view(partial(self.order, action=name)), name=f"tracker_followup_bulk_{name}")
            for name in ORDERS
        ]

    def actions(self, request: HttpRequest) -> dict[str, tuple[Action, str, Any]]:
        """The actions of the list as Django's admin takes them, for those who may act."""
        if not rights.may_act(request.user):
            return {}
        return {name: (self._begun(name), name, TITLES[name]) for name in ORDERS}

    def order(self, request: HttpRequest, action: str) -> HttpResponse:
        """An order that was filled in: what will come of it, or, once that was seen, what came of it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not rights.may_act(request.user):
            raise PermissionDenied
        by = _actor(request)
        form = ORDERS[action](request.POST, by=by)
        if not form.is_valid():
            return self._page(request, action, form=form, http=422)
        order = attending_many.Order(action, form.params(), form.cleaned_data["seen"])
        try:
            if "do" in request.POST:
                return self._page(request, action, outcome=attending_many.apply(order, by=by, now=timezone.now()))
            plan = attending_many.plan(order, by=by, now=timezone.now())
        except RefusedError as error:
            return self._page(request, action, form=form, refusal=str(error), http=422)
        again = {name: value for name, value in request.POST.items() if name in form.fields}
        return self._page(request, action, plan=plan, kept=[*(again | {"seen": _written(plan.order.seen)}).items()])

    def _begun(self, name: str) -> Action:
        """The action of the list: the rows that were selected, with the versions of now, go into its form."""

        def begin(_desk: Any, request: HttpRequest, chosen: QuerySet[FollowUp]) -> HttpResponse:
            seen = dict(_versions(chosen)[: attending_many.MOST + 1])
            if len(seen) > attending_many.MOST:
                refusal = _("Choose at most %(most)s follow-ups at a time.") % {"most": attending_many.MOST}
                return self._page(request, name, refusal=refusal, http=422)
            form = ORDERS[name](initial={"seen": _written(seen)}, by=_actor(request))
            return self._page(request, name, form=form, chosen=len(seen))

        begin.__name__ = name
        return begin

    def _page(self, request: HttpRequest, action: str, *, http: int = 200, **shown: Any) -> HttpResponse:
        context = {
            **self.desk.admin_site.each_context(request),
            "title": TITLES[action],
            "opts": FollowUp._meta,
            "action_address": f"admin:tracker_followup_bulk_{action}",
            **shown,
        }
        return TemplateResponse(request, "admin/tracker/followup/bulk.html", context, status=http)


def _versions(chosen: QuerySet[FollowUp]) -> QuerySet[FollowUp, tuple[int, int]]:
    return chosen.select_related(None).prefetch_related(None).order_by("pk").values_list("pk", "version")


def _written(seen: Mapping[int, int]) -> str:
    return " ".join(f"{pk}:{version}" for pk, version in seen.items())


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user
