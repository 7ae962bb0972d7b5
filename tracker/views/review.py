"""The page on which readings are reviewed, by keyboard or by buttons, and the steps that are sent from it.

With the page's script a step answers with JSON and the page stays; without it, with a redirect to the same place.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tracker import intake, marking, review, rights, tasks, undoing
from tracker.models import Commitment, Text
from tracker.models.commitment_lists import CommitmentQuerySet
from tracker.models.edits import ForbiddenError, RefusedError, StaleError
from tracker.models.vocabulary import Review
from tracker.views import review_cards as cards

_signed_in = login_required(login_url="login")


@_signed_in
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A text with every commitment marked in its place, and a card for each."""
    return _page(request, pk)


@_signed_in
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark words as a commitment that was missed."""
    text = get_object_or_404(rights.texts(request.user), pk=pk)
    words = request.POST.get("words", "")
    try:
        start, end = _number(request, "start"), _number(request, "end")
        if not end:
            start, end = marking.place_of(words, text)
        made = marking.add(pk, start=start, end=end, words=words, by=_actor(request), now=timezone.now())
    except RefusedError as error:
        if _by_script(request):
            return JsonResponse({"error": str(error)}, status=_status(error))
        return _page(request, pk, status=_status(error), refusal=str(error))
    return _there(request, pk, made.pk, reload=True)


@_signed_in
@require_POST
def step(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """One decision on one commitment; 409 with both versions where it was changed meanwhile, 422 where refused."""
    found = get_object_or_404(_rows(request).select_related("text"), pk=pk)
    try:
        at, reload = _STEPS[act](request, found)
    except RefusedError as error:
        return _refused(request, found, error)
    return _there(request, found.text_id, at, reload=reload)


@_signed_in
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the text read again by the parser of today; what would change is shown when it is read."""
    text = get_object_or_404(rights.texts(request.user).select_related("instrument__unit", "source"), pk=pk)
    try:
        upload = intake.read_again(text, by=_actor(request), now=timezone.now())
    except RefusedError as error:
        return _page(request, pk, status=_status(error), refusal=str(error))
    tasks.ring([upload.pk])
    return redirect("reading-again", upload.pk)


def _confirm(request: HttpRequest, found: Commitment) -> tuple[int, bool]:
    review.confirm(found.pk, by=_actor(request), version=_number(request, "version"), now=timezone.now())
    return found.pk, False


def _reject(request: HttpRequest, found: Commitment) -> tuple[int, bool]:
    review.reject(found.pk, by=_actor(request), version=_number(request, "version"), now=timezone.now())
    return found.pk, False


def _undo(request: HttpRequest, found: Commitment) -> tuple[int, bool]:
    back = undoing.undo(found.pk, by=_actor(request), version=_number(request, "version"), now=timezone.now())
    return found.pk, (back.start, back.end) != (found.start, found.end)


def _amend(request: HttpRequest, found: Commitment) -> tuple[int, bool]:
    form = cards.AmendForm(request.POST)
    if not form.is_valid():
        raise RefusedError(
            " ".join(f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        )
    version = _number(request, "version")
    if version != found.version:
        raise StaleError(version, found)
    changes = form.changes(found)
    if changes:
        review.amend(found.pk, changes=changes, by=_actor(request), version=version, now=timezone.now())
    else:
        review.confirm(found.pk, by=_actor(request), version=version, now=timezone.now())
    return found.pk, False


def _split(request: HttpRequest, found: Commitment) -> tuple[int, bool]:
    by, version = _actor(request), _number(request, "version")
    at = _number(request, "at")
    if not at:
        at, _end = marking.place_of(request.POST.get("words", ""), found.text, (found.start, found.end))
    _first, second = marking.split(found.pk, at=at, by=by, version=version, now=timezone.now())
    return second.pk, True


def _merge(request: HttpRequest, found: Commitment) -> tuple[int, bool]:
    other = get_object_or_404(_rows(request), pk=_number(request, "other"))
    marking.merge(
        found.pk,
        other.pk,
        by=_actor(request),
        version=_number(request, "version"),
        others_version=_number(request, "others_version"),
        now=timezone.now(),
    )
    return found.pk, True


_STEPS: dict[str, Callable[[HttpRequest, Commitment], tuple[int, bool]]] = {
    "confirm": _confirm,
    "reject": _reject,
    "undo": _undo,
    "amend": _amend,
    "split": _split,
    "merge": _merge,
}
"""Each answers where to go on, and whether marks have moved in the text, so that it must be shown anew."""

ACTS = tuple(_STEPS)
"""The steps that have an address."""


def _page(request: HttpRequest, pk: int, *, status: int = 200, refusal: str = "", card: Any = None) -> HttpResponse:
    known = (
        rights.texts(request.user).select_related("instrument__unit").prefetch_related("instrument__standings__party")
    )
    text = get_object_or_404(known, pk=pk)
    rows = list(_rows(request).filter(text=text).order_by("start", "-end"))
    every = [card if card and card.row.pk == row.pk else _card(request, row, text) for row in rows]
    gone = _rows(request).filter(text__instrument=text.instrument_id, second_looks__settled_at__isnull=True)
    context = {
        "text": text,
        "instrument": text.instrument,
        "lines": list(cards.lines(text, rows)),
        "cards": every,
        "following": _following(rows),
        "progress": cards.progress(rows),
        "coverage": f"{text.coverage:.0%}",
        "elsewhere": list(gone.filter(second_looks__isnull=False).exclude(text=text).distinct())
        if text.current
        else [],
        "may_act": text.current and rights.may(request.user, rights.Action.REVIEW, text.instrument),
        "refusal": refusal,
        "parties": list(dict.fromkeys(each.party for each in text.instrument.standings.all())),
    }
    return render(request, "tracker/review.html", context, status=status)


def _card(request: HttpRequest, row: Commitment, text: Text | None = None, posted: Any = None) -> cards.Card:
    """The card of a commitment, as this person may use it."""
    may = (text or row.text).current and rights.may(request.user, rights.Action.REVIEW, row)
    return cards.card(row, posted, may=may)


def _rows(request: HttpRequest) -> CommitmentQuerySet:
    known = Commitment.objects.for_user(request.user).for_lists()
    return known.select_related("clause", "unit", "text__instrument__unit", "reviewed_by").prefetch_related(
        "second_looks"
    )


def _following(rows: list[Commitment]) -> dict[int, Commitment]:
    """The commitment after each, with which it can be made one."""
    standing = [row for row in rows if row.review != Review.REJECTED]
    return {row.pk: after for row, after in itertools.pairwise(standing)}


def _there(request: HttpRequest, text_id: int, at: int, *, reload: bool) -> HttpResponse:
    """Where a step leads: the card as it is now, or the page at that card."""
    address = f"{reverse('review', args=[text_id])}#n-{at}"
    if not _by_script(request):
        return redirect(address)
    if reload:
        return JsonResponse({"go": address, "at": at})
    return _answered(request, _card(request, _rows(request).get(pk=at)), 200)


def _answered(request: HttpRequest, card: cards.Card, status: int) -> HttpResponse:
    rows = list(_rows(request).filter(text=card.row.text_id).order_by("start", "-end"))
    context = {"card": card, "text": card.row.text, "following": _following(rows)}
    answer = {
        "at": card.row.pk,
        "card": render_to_string("tracker/review_card.html", context, request),
        "force": card.row.force,
        "review": card.row.review,
        "progress": cards.progress(rows),
        "error": card.refusal,
    }
    return JsonResponse(answer, status=status)


def _refused(request: HttpRequest, found: Commitment, error: RefusedError) -> HttpResponse:
    """The card with why not, both versions where it is stale, and everything that was typed."""
    row = _rows(request).get(pk=found.pk)
    typed = request.POST if "force" in request.POST else None
    card = _card(request, row, posted=typed)
    card.refusal, card.opened = str(error), typed is not None
    if isinstance(error, StaleError):
        card.differences = cards.differences(request.POST, row)
    if _by_script(request):
        return _answered(request, card, _status(error))
    return _page(request, row.text_id, status=_status(error), card=card)


def _status(error: RefusedError) -> int:
    if isinstance(error, StaleError):
        return 409
    return 403 if isinstance(error, ForbiddenError) else 422


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def _actor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
