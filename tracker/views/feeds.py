"""The feeds: a person's list of them, and the addresses that programs read without signing in."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker import feeds, rights
from tracker.api.filters import CommitmentFilters
from tracker.feeds.calendar import calendar, listed
from tracker.feeds.changes import changes
from tracker.history import acting
from tracker.models import Commitment, Feed
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.days import ministry_day
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import FeedKind

_ADDRESS = {FeedKind.CALENDAR: "feed-calendar", FeedKind.CHANGES: "feed-changes"}


class FeedForm(forms.Form):
    """What a new feed is to give."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FeedKind.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    query = forms.CharField(
        label=gettext_lazy("Filter"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("as in the API: force=obligation&party=KAZ; empty for everything that you may see"),
    )

    def clean_query(self) -> str:
        """A filter that the list of commitments knows; anything else would silently give everything."""
        query: str = self.cleaned_data["query"].strip().removeprefix("?")
        given = QueryDict(query)
        known = CommitmentFilters.base_filters
        if strange := sorted(set(given) - set(known)):
            raise forms.ValidationError(
                _("There is no filter %(strange)s. There are: %(known)s.")
                % {"strange": ", ".join(strange), "known": ", ".join(sorted(known))}
            )
        wrong = CommitmentFilters(given, Commitment.objects.none()).form
        if not wrong.is_valid():
            raise forms.ValidationError([f"{name}: {' '.join(errors)}" for name, errors in wrong.errors.items()])
        return query


@login_required(login_url="login")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """A person's feeds, and a form for a new one; the new one's address is shown once, on the answer itself."""
    person, address = rights.person_of(request.user), ""
    form = FeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and person and form.is_valid():
        wanted = form.cleaned_data
        try:
            feed, secret = feeds.make(
                person, FeedKind(wanted["kind"]), wanted["name"], wanted["query"], now=timezone.now()
            )
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            address = request.build_absolute_uri(reverse(_ADDRESS[FeedKind(feed.kind)], args=[secret]))
            form = FeedForm()
    theirs = Feed.objects.filter(person=person, revoked_at__isnull=True) if person else Feed.objects.none()
    context = {"form": form, "feeds": theirs.order_by("pk"), "address": address, "person": person}
    return render(request, "tracker/feeds.html", context)


@login_required(login_url="login")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one's own feed answer no more."""
    feed = get_object_or_404(Feed, pk=pk, person__user=request.user)
    feeds.revoke(feed, now=timezone.now())
    messages.success(request, _("The address of “%(name)s” no longer answers.") % {"name": feed.name})
    return redirect("feeds")


@require_safe
def deadlines(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar that a secret opens."""
    feed = _opened(secret, FeedKind.CALENDAR)
    with translation.override(feed.person.language):
        body = calendar(feed.name, listed(_visible(feed), ministry_day(timezone.now())))
    return _private(body, "text/calendar; charset=utf-8")


@require_safe
def what_changed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed of changes that a secret opens."""
    feed = _opened(secret, FeedKind.CHANGES)
    with translation.override(feed.person.language):
        body = changes(feed.name, _visible(feed), request.build_absolute_uri())
    return _private(body, "application/atom+xml; charset=utf-8")


def _opened(secret: str, kind: FeedKind) -> Feed:
    """The feed, its use noted; 404 for whatever opens nothing, without a word why."""
    feed = feeds.opened(secret, kind)
    if feed is None:
        raise Http404
    with acting(feed.person.user, reason="feed"):
        feed.used(ministry_day(timezone.now()))
    return feed


def _visible(feed: Feed) -> CommitmentQuerySet:
    """What the feed's person may see now, cut by the filter."""
    visible = Commitment.objects.for_user(feed.person.user)
    return CommitmentFilters(QueryDict(feed.query), visible).qs if feed.query else visible


def _private(body: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
