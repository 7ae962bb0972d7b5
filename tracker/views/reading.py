"""The page on which an instrument is read, with every commitment highlighted in its place."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import rights
from tracker.models import Commitment, Instrument, Text
from tracker.models.days import ministry_day
from tracker.models.vocabulary import Review
from tracker.pieces import paragraphs


@login_required(login_url="login")
@require_safe
def instrument(request: HttpRequest, pk: int) -> HttpResponse:
    """One text of an instrument: the leading one, or that of `?text=ID`. Rejected readings are not shown."""
    found = get_object_or_404(rights.instruments(request.user).prefetch_related("standings__party", "texts"), pk=pk)
    text = _chosen(found, request.GET.get("text", ""))
    late = Commitment.objects.overdue(ministry_day(timezone.now())).filter(pk=OuterRef("pk"))
    known = Commitment.objects.for_user(request.user).filter(text=text).exclude(review=Review.REJECTED)
    commitments = list(known.for_lists().annotate(overdue=Exists(late)).order_by("start", "-end"))
    context = {
        "instrument": found,
        "text": text,
        "texts": [each for each in found.texts.all() if each.current],
        "paragraphs": paragraphs(text.body, commitments, text.clauses.order_by("position")) if text else [],
        "commitments": commitments,
        "may_act": rights.may_act(request.user),
    }
    return render(request, "tracker/reading.html", context)


@login_required(login_url="login")
@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """The place of a commitment in its text."""
    known = Commitment.objects.for_user(request.user).select_related("text").defer("text__body")
    found = get_object_or_404(known, pk=pk)
    page = reverse("instrument", args=[found.text.instrument_id])
    return redirect(f"{page}?text={found.text_id}#c-{found.pk}")


def _chosen(found: Instrument, wanted: str) -> Text | None:
    texts = list(found.texts.all())
    if wanted:
        for text in texts:
            if str(text.pk) == wanted:
                return text
        raise Http404
    return next((text for text in texts if text.leading), texts[0] if texts else None)
