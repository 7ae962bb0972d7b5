"""The page of one follow-up, what may be done about it there, and the panel of them on the page of a commitment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import attending, rights
from tracker.admin import flag_words, lists
from tracker.admin.followup_forms import AttendForm, CommentForm, GiveForm, SnoozeForm, by_name
from tracker.models import Commitment, FollowUp, FollowUpComment, Person, Reminder
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import FollowUpState, Reason

if TYPE_CHECKING:
    from tracker.admin.access import LookOnly

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its name in addresses, its form, and the step; it answers with a sentence for whoever acts."""

    name: str
    form: type[AttendForm]
    do: Callable[[int, Given, User, dt.datetime], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A follow-up as a page shows it: why it is there, what people did about it, and the forms of the acts."""

    flag: FollowUp
    why: str
    how: str
    put_off: bool
    forms: dict[str, AttendForm]


def _acknowledge(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    attending.acknowledge(pk, **given, by=by, now=now)
    return _("Acknowledged: nobody else is told that it waits.")


def _snooze(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    told = attending.snooze(pk, **given, by=by, now=now)
    return _("Put off until %(day)s.") % {"day": date_format(told.snoozed_until or now, "DATE_FORMAT")}


def _wake(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    attending.wake(pk, **given, by=by, now=now)
    return _("It is to be looked at again.")


def _give(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    told = attending.assign(pk, **given, by=by, now=now)
    if told.assigned_to is None:
        return _("It is with whom the rule tells.")
    return _("Given to %(person)s.") % {"person": told.assigned_to}


def _comment(pk: int, given: Given, by: User, now: dt.datetime) -> str:
    attending.comment(pk, words=given["words"], by=by, now=now)
    return _("The comment is kept.")


ACTS = (
    Act("acknowledge", AttendForm, _acknowledge),
    Act("snooze", SnoozeForm, _snooze),
    Act("wake", AttendForm, _wake),
    Act("give", GiveForm, _give),
    Act("comment", CommentForm, _comment),
)


class FollowUpPage:
    """Shows one follow-up, and takes what is sent from its page or from that of its commitment."""

    def __init__(self, desk: LookOnly) -> None:
        self.desk = desk

    def urls(self) -> list[URLPattern]:
        """An address for each act."""
        view = self.desk.admin_site.admin_view
        return [
            path(f"<int:pk>/{act.name}/", view(partial(self.take, act=act)), name=f"tracker_followup_{act.name}")
            for act in ACTS
        ]

    def show(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page as it is."""
        return self._page(request, self._found(request, object_id))

    def take(self, request: HttpRequest, pk: int, act: Act) -> HttpResponse:
        """Do it: back to the page where it was done, or the flag's page with why not and with what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = self._found(request, str(pk))
        if not rights.may_act(request.user):
            raise PermissionDenied
        by = _actor(request)
        form = act.form(request.POST, followup=found, takers=_takers(found.commitment))
        if not form.is_valid():
            return self._page(request, found, act.name, form, http=422)
        try:
            messages.success(request, act.do(pk, dict(form.cleaned_data), by, timezone.now()))
        except attending.StaleFollowUpError as error:
            found = self._found(request, str(pk))
            return self._page(request, found, act.name, _again(form, found), refusal=error, http=409)
        except RefusedError as error:
            return self._page(request, found, act.name, form, refusal=error, http=422)
        return redirect(_back(request, found))

    def _found(self, request: HttpRequest, object_id: str) -> FollowUp:
        about = ("rule__unit", "rule__party", "rule__theme", "commitment__unit", "commitment__text__instrument__unit")
        known = self.desk.get_queryset(request).select_related(*about, "acknowledged_by", "assigned_to__user")
        known = known.defer("commitment__text__body")
        found = known.filter(pk=object_id).first() if object_id.isdecimal() and len(object_id) < 19 else None
        if not isinstance(found, FollowUp):
            raise Http404
        return found

    def _page(
        self,
        request: HttpRequest,
        found: FollowUp,
        act: str = "",
        sent: AttendForm | None = None,
        *,
        refusal: RefusedError | None = None,
        http: int = 200,
    ) -> HttpResponse:
        by = _actor(request)
        shown = _shown(found, _takers(found.commitment))
        if sent is not None:
            shown.forms[act] = sent
        context = {
            **self.desk.admin_site.each_context(request),
            "title": found.get_reason_display(),
            "opts": FollowUp._meta,
            "original": found,
            "shown": shown,
            "flag": found,
            "commitment": found.commitment,
            "occasion": flag_words.OCCASION[Reason(found.reason)],
            "days": flag_words.days(found.rule),
            "narrowed": flag_words.narrowed(found.rule),
            "comments": FollowUpComment.objects.filter(followup=found).select_related("by"),
            "rungs": found.escalations.all(),
            "reminders": _sent(found),
            "may_attend": found.state == FollowUpState.OPEN and rights.may(by, rights.Action.ATTEND, found.commitment),
            "taken": act,
            "refusal": refusal,
        }
        return TemplateResponse(request, "admin/tracker/followup/page.html", context, status=http)


def panel(commitment: Commitment, by: User) -> dict[str, Any]:
    """The follow-ups of a commitment for its page: the open ones with their acts, and those that are closed."""
    said = Prefetch("comments", FollowUpComment.objects.select_related("by"))
    flags = commitment.followups.select_related("rule", "acknowledged_by", "assigned_to__user").prefetch_related(said)
    waiting = [flag for flag in flags if flag.state == FollowUpState.OPEN]
    may = bool(waiting) and rights.may(by, rights.Action.ATTEND, commitment)
    takers = _takers(commitment) if may else []
    return {
        "open": [_shown(flag, takers) for flag in waiting],
        "closed": [flag for flag in flags if flag.state == FollowUpState.CLOSED],
        "may_attend": may,
    }


def _shown(flag: FollowUp, takers: list[Person]) -> Shown:
    return Shown(
        flag,
        str(flag_words.WHY[Reason(flag.reason)]),
        attending.in_words(flag),
        flag.snoozed_until is not None and flag.snoozed_until > lists.today(),
        {act.name: act.form(followup=flag, takers=takers, initial={"to": flag.assigned_to_id}) for act in ACTS},
    )


def _takers(commitment: Commitment) -> list[Person]:
    return list(by_name(rights.people(rights.Action.ATTEND, commitment.answering_unit)))


def _sent(flag: FollowUp) -> Any:
    """The reminders of a follow-up, with the mail that each went with."""
    return Reminder.objects.filter(followup=flag).select_related("recipient__user", "digest__mail").order_by("pk")


def _again(form: AttendForm, current: FollowUp) -> AttendForm:
    """The same form with everything typed, ready to be sent about the follow-up as it is now."""
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    data["version"] = str(current.version)
    return type(form)(data, followup=current, takers=form.takers)


def _back(request: HttpRequest, flag: FollowUp) -> str:
    if request.POST.get("back") == "commitment":
        return reverse("admin:tracker_commitment_change", args=[flag.commitment_id]) + "#followups"
    return reverse("admin:tracker_followup_change", args=[flag.pk])


def _actor(request: HttpRequest) -> User:
    """The person who acts; the admin lets nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user
